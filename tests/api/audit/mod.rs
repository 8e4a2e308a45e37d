//! Who did what: written down once and for good.

mod itself;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::access::{request, state_for, subject};
use crate::make;
use crate::support::database::user_id;
use crate::support::document::operations;
use crate::support::{Person, Reply, TestApp};

const AUDIT: &str = "/api/v1/editor/audit";
/// What writes and is nothing that somebody would ask about later: looking a story over, saying that one is at it, beginning a
/// file of which nothing is there yet. A batch is its operations.
const NOT_WRITTEN_DOWN: [&str; 4] = ["validate_article", "lock_article", "unlock_article", "begin_upload"];

/// What an operation is written down as.
fn action_of(operation: &str) -> &str {
    match operation {
        "run_batch" | "upload_media" => "create",
        "create_preview_token" => "share",
        "delete_preview_token" => "unshare",
        "correct_article" | "patch_correction" | "remove_correction" => "correct",
        "replace_related_links" | "add_related_link" | "remove_related_link" | "replace_media_file" => "edit",
        other => match other.split('_').next() {
            Some("patch") => "edit",
            Some(verb) => verb,
            None => other,
        },
    }
}

/// What was done, the last first, as action, type and name.
fn told(page: &Reply) -> Vec<[String; 3]> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |entry: &Value| {
        let subject = &entry["subject"];
        [text(&entry["action"]), text(&subject["type"]), text(&subject["name"])]
    };
    page.items().iter().map(one).collect()
}

async fn newest(app: &TestApp, query: &str) -> Reply {
    app.admin().get(format!("{AUDIT}{query}")).await.expect(200)
}

fn count(app: &TestApp) -> i64 {
    let counted = app.database.texts("select cast(count(*) as text) as what from audit");
    counted[0].parse().unwrap()
}

#[actix_web::test]
async fn every_write_is_written_down_with_who_and_from_where() {
    let app = TestApp::start().await;
    let mut tried = 0;
    for operation in operations() {
        let id = operation.id();
        if !operation.path.starts_with("/api/v1/editor/")
            || operation.path.contains("/editor/uploads/")
            || operation.method == "get"
            || NOT_WRITTEN_DOWN.contains(&id)
        {
            continue;
        }
        let subject = subject(&app, operation.path, state_for(id)).await;
        // What is as it is asked to be is left alone.
        match (id, &subject) {
            ("revert_article", Some(draft)) => drop(draft.patch(&app, json!({"deck": "Changed."})).await),
            ("restore_media", Some(photo)) => drop(photo.trash(&app).await),
            _ => {}
        }
        let call = request(&app, app.editor(), &operation, subject.as_ref()).await;
        let before = count(&app);
        let reply = call.header("X-Request-Id", format!("of-{id}")).await;
        assert!((200..300).contains(&reply.status()), "{id}: {}", reply.text());
        assert_eq!(count(&app), before + 1, "{id} leaves one entry");
        let entry = newest(&app, "?limit=1").await.items()[0].clone();
        assert_eq!(entry["action"], action_of(id), "{id}");
        if let (Some(about), false) = (&subject, id.starts_with("create_")) {
            assert_eq!(entry["subject"]["id"], about.id(), "{id}");
        }
        // What is merged is gone; the answer is what it is merged into.
        let revision = reply.json().get("revision").filter(|_| !id.starts_with("merge_"));
        if let Some(revision) = revision {
            assert_eq!(&entry["revision"], revision, "{id}");
        }
        assert_eq!(entry["actor_id"], user_id(Person::Editor).to_string(), "{id}");
        assert_eq!(entry["via"], "http", "{id}");
        assert_eq!(entry["origin"]["request_id"], format!("of-{id}"), "{id}");
        assert!(entry["origin"]["token_id"].is_string(), "{id}");
        tried += 1;
    }
    assert!(tried >= 35, "{tried} operations write");
}

#[actix_web::test]
async fn what_was_refused_or_changed_nothing_is_not_written_down() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").set("deck", "At noon.").ready().await;
    let before = count(&app);
    let patch = |revision, deck: &str| {
        let call = app.editor().patch(story.path()).if_match(revision);
        call.json(&json!({"deck": deck}))
    };
    patch(7, "At one.").await.expect(412);
    patch(1, "At noon.").await.expect(200);
    app.contributor()
        .patch(story.path())
        .if_match(1)
        .json(&json!({"deck": "x"}))
        .await
        .expect(404);
    assert_eq!(count(&app), before);
    for _ in 0..2 {
        let call = patch(1, "At one.").header("Idempotency-Key", "k-1");
        call.await.expect(200);
    }
    assert_eq!(count(&app), before + 1);
    let refused = json!({"atomic": true, "operations": [
        {"method": "PATCH", "path": story.path(), "if_match": "\"2\"", "body": {"deck": "At two."}},
        {"method": "PATCH", "path": story.path(), "if_match": "\"2\"", "body": {"deck": "At three."}},
    ]});
    app.editor()
        .post("/api/v1/editor/batch")
        .json(&refused)
        .await
        .expect(422);
    assert_eq!(count(&app), before + 1);
}

#[actix_web::test]
async fn an_article_tells_its_story() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").by(Person::Contributor).ready().await;
    let story = story
        .patch(&app, json!({"headline": "Ferry sails again", "deck": "At noon."}))
        .await;
    let story = story
        .act(&app, "publish")
        .await
        .act(&app, "unpublish")
        .await
        .trash(&app)
        .await;
    let path = format!("{}/audit", story.path());
    let page = app.editor().get(&path).await.expect(200);
    let actions = ["trash", "unpublish", "publish", "edit", "create"];
    let names = ["Ferry sails again"; 4].into_iter().chain(["Ferry sails"]);
    let expected: Vec<[String; 3]> = actions
        .iter()
        .zip(names)
        .map(|(action, name)| [(*action).to_owned(), "article".to_owned(), name.to_owned()])
        .collect();
    assert_eq!(told(&page), expected);
    assert_eq!(page.items()[3]["changed"], json!(["headline", "deck"]));
    assert_eq!(page.items()[3]["revision"], 2);
    assert_eq!(page.items()[4]["actor_id"], user_id(Person::Contributor).to_string());
    assert!(
        page.items().iter().all(|entry| entry.get("origin").is_none()),
        "not for editors"
    );
    app.contributor().get(&path).await.refused(403, "forbidden");
    app.person(Person::Stranger).get(&path).await.refused(404, "not_found");

    let first = app.editor().get(format!("{path}?limit=2")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = app
        .editor()
        .get(format!("{path}?limit=3&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!([told(&first), told(&next)].concat(), expected);

    // It outlives what it is about.
    app.admin()
        .delete(format!("{}?permanent=true", story.path()))
        .if_match(story.revision())
        .await
        .expect(204);
    app.editor().get(&path).await.expect(404);
    let left = newest(&app, &format!("?subject={}", story.id())).await;
    assert_eq!(told(&left)[0], ["delete", "article", "Ferry sails again"]);
    assert_eq!(told(&left)[1..], expected[..]);
}

#[actix_web::test]
async fn autosaves_that_become_one_are_written_down_once() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    for revision in 1..=5 {
        let call = app
            .editor()
            .patch(format!("{}?autosave=true", story.path()))
            .if_match(revision);
        call.json(&json!({"deck": format!("Draft {revision}.")}))
            .await
            .expect(200);
        app.clock.advance(10);
    }
    let save = app
        .editor()
        .patch(format!("{}?autosave=true", story.path()))
        .if_match(6);
    let embargo = json!({"deck": "Draft 6.", "embargo_until": "2026-03-01T06:00:00Z"});
    save.json(&embargo).await.expect(200);
    let page = app.editor().get(format!("{}/audit", story.path())).await.expect(200);
    let seen: Vec<_> = page
        .items()
        .iter()
        .map(|entry| (&entry["revision"], &entry["changed"]))
        .collect();
    let (embargo, deck, none) = (json!(["embargo_until"]), json!(["deck"]), json!([]));
    assert_eq!(seen, [(&json!(7), &embargo), (&json!(2), &deck), (&json!(1), &none)]);
}

#[actix_web::test]
async fn it_is_searched_by_who_what_and_when() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Ferries").await;
    app.clock.advance(60);
    let other = make::tag(&app, "Ships").await;
    app.admin()
        .patch(tag.path())
        .if_match(1)
        .json(&json!({"description": "All that floats."}))
        .await
        .expect(200);
    app.clock.advance(60);
    other.merge(&app, &tag).await;
    let merged = newest(&app, "?action=merge&type=tag").await;
    assert_eq!(told(&merged), [["merge", "tag", "Ships"]]);
    assert_eq!(merged.items()[0]["merged_into"], tag.id());
    let admins = newest(&app, &format!("?actor={}", user_id(Person::Admin))).await;
    assert_eq!(told(&admins), [["edit", "tag", "Ferries"]]);
    assert_eq!(admins.items()[0]["changed"], json!(["description"]));
    let within = newest(&app, "?from=2026-02-16T09:31:00Z&to=2026-02-16T09:32:00Z").await;
    assert_eq!(told(&within), [["edit", "tag", "Ferries"], ["create", "tag", "Ships"]]);
    let many = newest(&app, "?action=create&action=edit&limit=2").await;
    let cursor = many["next_cursor"].as_str().unwrap();
    app.admin()
        .get(format!("{AUDIT}?limit=2&cursor={cursor}"))
        .await
        .refused(400, "cursor_mismatch");
    app.admin()
        .get(format!("{AUDIT}?type=ship"))
        .await
        .refused(400, "invalid_parameter");
}

#[actix_web::test]
async fn nothing_that_was_written_is_in_it() {
    let app = TestApp::start().await;
    let marked = "Zweimastschoner";
    let story = make::draft(&app, "Ferry sails").ready().await;
    let story = story
        .patch(
            &app,
            json!({"deck": marked, "internal_note": marked, "custom": {marked: marked}}),
        )
        .await;
    let act = async |verb: &str, body: Value| {
        let revision = story.again(&app).await.revision();
        let call = app.editor().post(story.action(verb)).if_match(revision);
        call.json(&body).await.expect(200);
    };
    act("submit", json!({})).await;
    act("reject", json!({"note": marked})).await;
    act("publish", json!({})).await;
    let call = app.editor().post(format!("{}/corrections", story.path()));
    let revision = story.again(&app).await.revision();
    call.if_match(revision).json(&json!({"text": marked})).await.expect(201);
    act("retract", json!({"notice": marked})).await;
    let person = make::contributor(&app, "Ilse Maren", "person").await;
    person.patch(&app, json!({"bio": marked})).await;
    let tag = make::tag(&app, "Ferries").await;
    tag.patch(&app, json!({"description": marked})).await;
    let photo = make::photo(&app, Person::Editor).await;
    photo
        .patch(&app, json!({"caption": marked, "usage_terms": marked}))
        .await;
    let page = newest(&app, "?limit=100").await;
    assert!(
        page.items().len() >= 6 && !page.text().contains(marked),
        "{}",
        page.text()
    );
}

#[actix_web::test]
async fn the_database_itself_keeps_it_as_it_is() {
    let app = TestApp::start().await;
    make::tag(&app, "Ferries").await;
    let before = newest(&app, "").await.text();
    let replacing = if app.database.is_postgres() {
        "truncate audit"
    } else {
        "insert or replace into audit select * from audit"
    };
    for statement in ["update audit set action = 'edit'", "delete from audit", replacing] {
        let refused = app.database.attempt(statement).unwrap_err();
        assert!(refused.contains("audit is never"), "{refused}");
    }
    assert_eq!(newest(&app, "").await.text(), before);
}

/// Many writes in one moment: the pages hold each once.
#[actix_web::test]
async fn pages_hold_each_entry_once() {
    let app = TestApp::start().await;
    join_all((0..30).map(|number| {
        let app = &app;
        async move { make::tag(app, &format!("Tag {number}")).await }
    }))
    .await;
    let (mut seen, mut query) = (Vec::new(), "?type=tag&limit=7".to_owned());
    loop {
        let page = newest(&app, &query).await;
        seen.extend(page.column("id").into_iter().map(str::to_owned));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("?type=tag&limit=7&cursor={cursor}");
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (30, 30));
}
