//! Many writers at once.

use std::collections::HashSet;

use futures_util::future::join_all;
use serde_json::json;

use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn of_a_hundred_changes_of_one_revision_one_is_made() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let made = make::draft(&app, "Contested").ready().await;
    let calls = (0..100).map(|number| {
        let call = app
            .editor()
            .patch(made.path())
            .if_match(1)
            .json(&json!({"deck": format!("Version {number}.")}));
        async { call.await }
    });
    let replies = join_all(calls).await;

    let won: Vec<_> = replies.iter().filter(|reply| reply.status() == 200).collect();
    let lost: Vec<_> = replies.iter().filter(|reply| reply.status() == 412).collect();
    assert_eq!((won.len(), lost.len()), (1, 99));
    for reply in &lost {
        assert_eq!(reply["current"]["revision"], 2);
    }
    assert_eq!(&made.again(&app).await.json, won[0].json());
}

#[actix_web::test]
async fn no_change_is_lost_when_everybody_tries_again() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let made = make::draft(&app, "Counted")
        .set("custom", json!({"n": 0}))
        .ready()
        .await;
    join_all((0..16).map(|_| async {
        loop {
            let seen = app.editor().get(made.path()).await.expect(200);
            let next = json!({"custom": {"n": seen["custom"]["n"].as_u64().unwrap() + 1}});
            let call = app
                .editor()
                .patch(made.path())
                .header("If-Match", seen.etag())
                .json(&next);
            match call.await.status() {
                200 => break,
                status => assert_eq!(status, 412),
            }
        }
    }))
    .await;
    let after = made.again(&app).await.json;
    assert_eq!((&after["custom"]["n"], &after["revision"]), (&json!(16), &json!(17)));
}

#[actix_web::test]
async fn twenty_articles_of_one_headline_get_twenty_slugs() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let calls = (0..20).map(|_| {
        let call = app
            .editor()
            .post("/api/v1/editor/articles")
            .json(&json!({"headline": "Same words"}));
        async { call.await }
    });
    let replies = join_all(calls).await;
    let statuses: Vec<_> = replies.iter().map(crate::support::Reply::status).collect();
    assert_eq!(statuses, [201; 20]);
    let slugs: HashSet<_> = replies.iter().map(|reply| reply["slug"].to_string()).collect();
    assert_eq!(slugs.len(), 20, "{slugs:?}");
}

#[actix_web::test]
async fn of_thirty_publishers_of_one_revision_one_publishes() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let made = make::draft(&app, "Published once").ready().await;
    let calls = (0..30).map(|_| {
        let call = app.editor().post(made.action("publish")).if_match(1);
        async { call.await.status() }
    });
    let mut statuses = join_all(calls).await;
    statuses.sort_unstable();
    assert_eq!((statuses[0], &statuses[1..]), (200, [412; 29].as_slice()));
    let all = app.anon().get("/api/v1/articles?count=true").await.expect(200);
    assert_eq!((all["total"].as_u64(), all.items().len()), (Some(1), 1));
}

#[actix_web::test]
async fn thirty_articles_are_published_at_once() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let mut drafts = Vec::new();
    for number in 0..30 {
        drafts.push(make::draft(&app, &format!("Story {number}")).ready().await);
    }
    let calls = drafts.iter().map(|draft| {
        let call = app.editor().post(draft.action("publish")).if_match(1);
        async { call.await.expect(200) }
    });
    join_all(calls).await;
    let all = app
        .anon()
        .get("/api/v1/articles?count=true&limit=100")
        .await
        .expect(200);
    assert_eq!((all["total"].as_u64(), all.items().len()), (Some(30), 30));
}

/// Publishing, taking down and throwing away race; whatever wins, no answer is a fault and the end is of one piece.
#[actix_web::test]
async fn a_race_of_publish_unpublish_and_trash_ends_in_one_state() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    for round in 0..10 {
        let live = make::draft(&app, &format!("Raced {round}")).published().await;
        let revision = live.revision();
        let calls = [
            app.editor().post(live.action("publish")).if_match(revision),
            app.editor().post(live.action("unpublish")).if_match(revision),
            app.editor().delete(live.path()).if_match(revision),
            app.editor()
                .patch(live.path())
                .if_match(revision)
                .json(&json!({"deck": "x"})),
        ];
        let statuses = join_all(calls.map(|call| async { call.await.status() })).await;
        assert!(
            statuses.iter().all(|status| matches!(status, 200 | 409 | 412)),
            "{statuses:?}"
        );
        let after = live.again(&app).await.json;
        let expected = if after["live_revision"].is_null() { 410 } else { 200 };
        app.anon().get(live.public_path()).await.expect(expected);
    }
}

#[actix_web::test]
async fn of_ten_translations_into_one_language_one_is_made() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let story = make::draft(&app, "Translated once").ready().await;
    let calls = (0..10).map(|_| {
        let path = format!("{}/translations", story.path());
        let call = app.editor().post(path).json(&json!({"locale": "fr"}));
        async { call.await }
    });
    let replies = join_all(calls).await;
    let (won, lost): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status() == 201);
    assert_eq!((won.len(), lost.len()), (1, 9));
    for reply in lost {
        assert_eq!((reply.status(), reply.code()), (409, "translation_taken"));
        assert_eq!(reply["uses"][0]["id"], won[0]["id"], "it is told who was first");
    }
}

/// Joining by a patch, by a change of language and by a new article: whoever comes first has the language.
#[actix_web::test]
async fn of_all_ways_into_a_group_one_gets_the_language() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    for round in 0..8 {
        let story = make::draft(&app, &format!("English {round}")).ready().await;
        let group = &story.json["translation_group"];
        let french = make::draft(&app, &format!("French {round}"))
            .set("locale", "fr")
            .ready()
            .await;
        let german = make::draft(&app, &format!("German {round}")).set("locale", "de");
        let german = german.set("translation_group", group.clone()).ready().await;
        let new = json!({"headline": "New", "locale": "fr", "translation_group": group});
        let calls = [
            app.editor()
                .patch(french.path())
                .if_match(1)
                .json(&json!({"translation_group": group})),
            app.editor()
                .patch(german.path())
                .if_match(1)
                .json(&json!({"locale": "fr"})),
            app.editor().post("/api/v1/editor/articles").json(&new),
            app.editor()
                .post(format!("{}/translations", story.path()))
                .json(&json!({"locale": "fr"})),
        ];
        let mut statuses = join_all(calls.map(|call| async { call.await.status() })).await;
        statuses.sort_unstable();
        assert!(matches!(statuses[..], [200 | 201, 409, 409, 409]), "{statuses:?}");
    }
}

/// Renaming issues live pages anew; what is taken down in the same moment must stay down.
#[actix_web::test]
async fn a_page_that_is_taken_down_while_its_section_is_renamed_stays_down() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    let section = make::section(&app, "World").await;
    let mut live = Vec::new();
    for number in 0..12 {
        let story = make::draft(&app, &format!("Story {number}")).set("section_id", section.id());
        live.push(story.published().await);
    }
    let rename = section.patch(&app, json!({"name": "Abroad"}));
    let down = join_all(live.iter().map(|story| story.act(&app, "unpublish")));
    futures_util::future::join(rename, down).await;
    for story in &live {
        app.anon().get(story.public_path()).await.refused(410, "gone");
    }
}

#[actix_web::test]
async fn two_moves_at_once_do_not_close_a_circle_of_sections() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    for round in 0..10 {
        let a = make::section(&app, &format!("A {round}")).await;
        let b = make::section(&app, &format!("B {round}")).await;
        let below = |what: &make::Made, parent: &make::Made| {
            app.editor()
                .patch(what.path())
                .if_match(1)
                .json(&json!({"parent_id": parent.id()}))
        };
        let (one, two) = (below(&a, &b), below(&b, &a));
        let (one, two) = futures_util::future::join(async { one.await }, async { two.await }).await;
        let mut statuses = [one.status(), two.status()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 422]);
    }
    app.anon().get("/api/v1/sections").await.expect(200);
}
