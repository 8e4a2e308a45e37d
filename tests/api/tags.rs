//! Tags of articles, and lists by what articles name.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::TestApp;

const READERS: &str = "/api/v1/articles";
const EDITORS: &str = "/api/v1/editor/articles";

fn names(tags: &Value) -> Vec<&str> {
    tags.as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect()
}

async fn some(app: &TestApp, count: usize) -> Vec<Made> {
    let mut made = Vec::new();
    for number in 0..count {
        made.push(make::tag(app, &format!("Tag {number}")).await);
    }
    made
}

fn ids(tags: &[&Made]) -> Value {
    tags.iter().map(|tag| tag.id()).collect()
}

#[actix_web::test]
async fn an_article_lists_its_tags_in_an_order_of_its_own() {
    let app = TestApp::start().await;
    let tags = some(&app, 3).await;
    let draft = make::draft(&app, "Labelled")
        .set("tag_ids", ids(&[&tags[2], &tags[0]]))
        .ready()
        .await;
    assert_eq!(draft.json["tag_ids"], ids(&[&tags[2], &tags[0]]));
    assert_eq!(names(&draft.json["tags"]), ["Tag 2", "Tag 0"]);

    let turned = ids(&[&tags[0], &tags[1], &tags[2]]);
    let draft = draft.patch(&app, json!({"tag_ids": turned})).await;
    assert_eq!((draft.revision(), &draft.json["tag_ids"]), (2, &turned));
    let same = draft.patch(&app, json!({"tag_ids": turned})).await;
    assert_eq!(same.revision(), 2, "a patch that changes nothing");
    let draft = draft.patch(&app, json!({"deck": "Kept."})).await;
    assert_eq!(draft.json["tag_ids"], turned);

    tags[1].patch(&app, json!({"name": "Renamed"})).await;
    let listed = app.editor().get(EDITORS).await.expect(200);
    assert_eq!(names(&listed.items()[0]["tags"]), ["Tag 0", "Renamed", "Tag 2"]);
    assert_eq!(draft.again(&app).await.revision(), 3);
    let bare = draft.patch(&app, json!({"tag_ids": []})).await;
    assert_eq!((&bare.json["tag_ids"], &bare.json["tags"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn a_wrong_list_of_tags_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let tags = some(&app, 51).await;
    let all: Vec<&Made> = tags.iter().collect();
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    let one = tags[0].id();
    for (what, value, at, rule) in [
        (
            "one that is not there",
            json!([one, nobody]),
            "/tag_ids/1",
            "unknown_reference",
        ),
        ("a slug", json!(["tag-0"]), "/tag_ids/0", "malformed"),
        ("a number", json!([one, 7]), "/tag_ids/1", "wrong_type"),
        ("one twice", json!([one, one]), "/tag_ids", "duplicate"),
        ("too many", ids(&all), "/tag_ids", "too_many"),
        ("null", json!(null), "/tag_ids", "wrong_type"),
        ("no list", json!(one), "/tag_ids", "wrong_type"),
    ] {
        let body = json!({"headline": "Refused", "tag_ids": value});
        let refusal = app
            .editor()
            .post(EDITORS)
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(at.to_owned(), rule.to_owned())], "{what}");
    }
    let draft = make::draft(&app, "Full").set("tag_ids", ids(&all[1..])).ready().await;
    assert_eq!(draft.json["tags"].as_array().unwrap().len(), 50);
}

#[actix_web::test]
async fn readers_see_the_tags_of_what_was_published() {
    let app = TestApp::start().await;
    let tags = some(&app, 2).await;
    let story = make::draft(&app, "Labelled")
        .set("tag_ids", ids(&[&tags[0]]))
        .published()
        .await;
    story.patch(&app, json!({"tag_ids": ids(&[&tags[1]])})).await;

    let page = app.anon().get(story.public_path()).await.expect(200);
    let list = app.anon().get(READERS).await.expect(200);
    let key = format!("tag:{}", tags[0].id());
    for (reply, article) in [(&page, page.json()), (&list, &list.items()[0])] {
        let shown = json!([{"id": tags[0].id(), "slug": "tag-0", "name": "Tag 0"}]);
        assert_eq!(article["tags"], shown);
        assert!(reply.header("Surrogate-Key").unwrap().split(' ').any(|one| one == key));
    }
    // The page shows the one, the working copy names the other: neither can go.
    for tag in &tags {
        let call = app.editor().delete(tag.path()).if_match(1);
        let refusal = call.await.refused(409, "in_use");
        assert_eq!(refusal["uses"][0]["id"], story.id());
    }
}

/// What was published before there were tags is read as having none.
#[actix_web::test]
async fn an_edition_from_before_there_were_tags_is_still_read() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Old").published().await;
    let page = app.anon().get(story.public_path()).await.expect(200);
    let (id, short_id, slug, path) = (&page["id"], &page["short_id"], &page["slug"], &page["path"]);
    app.database.damage(&format!(
        r#"update editions set summary = '{{"id":{id},"short_id":{short_id},"kind":"news","locale":"en","headline":"Old","deck":null,
        "byline":{{"text":"","overridden":false,"contributors":[]}},"slug":{slug},"path":{path},"custom":{{}},"word_count":0,
        "reading_minutes":1,"first_published_at":"2026-01-01T00:00:00.000Z","published_at":"2026-01-01T00:00:00.000Z",
        "updated_at":"2026-01-01T00:00:00.000Z"}}'"#
    ));
    let page = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!((&page["headline"], &page["tags"]), (&json!("Old"), &json!([])));
    app.anon().get(READERS).await.expect(200);
}

/// Five live articles with their tags and contributors.
async fn five(app: &TestApp) {
    for (headline, tags, contributors) in [
        ("One", &["Storm"][..], &["Ansa Kivi"][..]),
        ("Two", &["Storm", "Ferries"], &["Ansa Kivi", "Bo Lind"]),
        ("Three", &["Ferries"], &[]),
        ("Four", &[], &["Bo Lind"]),
        ("Five", &["Ferries", "Storm"], &["Ansa Kivi"]),
    ] {
        let mut story = make::draft(app, headline);
        let (mut tag_ids, mut credits) = (Vec::new(), Vec::new());
        for name in tags {
            tag_ids.push(make::tag(app, name).await.id().to_owned());
        }
        for name in contributors {
            let who = make::contributor(app, name, "person").await;
            // In two roles, and still in a list once.
            credits.push(json!({"contributor_id": who.id()}));
            credits.push(json!({"contributor_id": who.id(), "role": "photographer"}));
        }
        story.body["tag_ids"] = json!(tag_ids);
        story.body["byline"] = json!({"contributors": credits});
        story.published().await;
        app.clock.advance(60);
    }
    make::tag(app, "Unused").await;
}

#[actix_web::test]
async fn lists_are_filtered_by_tag_and_by_contributor() {
    let app = TestApp::start().await;
    five(&app).await;
    for (query, expected) in [
        ("tag=storm", "Five Two One"),
        ("tag=ferries", "Five Three Two"),
        ("tag=storm&tag=ferries", "Five Three Two One"),
        ("tag=unused", ""),
        ("tag=unused&tag=storm", "Five Two One"),
        ("contributor=ansa-kivi", "Five Two One"),
        ("contributor=bo-lind", "Four Two"),
        ("contributor=bo-lind&contributor=ansa-kivi", "Five Four Two One"),
        ("tag=ferries&contributor=ansa-kivi", "Five Two"),
        ("tag=ferries&contributor=bo-lind&kind=opinion", ""),
    ] {
        for path in [READERS, EDITORS] {
            let reply = app.editor().get(format!("{path}?count=true&{query}")).await.expect(200);
            let shown = reply.column("headline");
            assert_eq!(shown.join(" "), expected, "{path}?{query}");
            assert_eq!(reply["total"], shown.len(), "{path}?{query}");
        }
    }
    for query in [
        "tag=none",
        "tag=storm&tag=none",
        "contributor=none",
        "tag=ansa-kivi",
        "contributor=storm",
    ] {
        for path in [READERS, EDITORS] {
            let refusal = app
                .editor()
                .get(format!("{path}?{query}"))
                .await
                .refused(400, "invalid_parameter");
            let name = query.split('=').next().unwrap().to_owned();
            assert_eq!(
                refusal.flaws(),
                [(name, "unknown_reference".to_owned())],
                "{path}?{query}"
            );
        }
    }
    for (name, value) in [("tag", "Storm"), ("contributor", "%00")] {
        let call = app.anon().get(format!("{READERS}?{name}={value}"));
        call.await.refused(400, "invalid_parameter");
    }
}

#[actix_web::test]
async fn a_filtered_list_pages_through_with_a_cursor_of_its_own() {
    let app = TestApp::start().await;
    five(&app).await;
    for path in [READERS, EDITORS] {
        for (filter, expected) in [
            ("tag=storm&tag=ferries", vec!["Five", "Three", "Two", "One"]),
            ("contributor=ansa-kivi", vec!["Five", "Two", "One"]),
        ] {
            let (mut seen, mut next) = (Vec::new(), String::new());
            loop {
                let page = app
                    .editor()
                    .get(format!("{path}?limit=1&{filter}{next}"))
                    .await
                    .expect(200);
                seen.extend(page.column("headline").into_iter().map(str::to_owned));
                let Some(cursor) = page["next_cursor"].as_str() else {
                    break;
                };
                next = format!("&cursor={cursor}");
                for other in ["", "tag=storm", "tag=ferries&tag=storm", "contributor=bo-lind"] {
                    let call = app.editor().get(format!("{path}?{other}{next}"));
                    call.await.refused(400, "cursor_mismatch");
                }
            }
            assert_eq!(seen, expected, "{path}?{filter}");
        }
    }
}
