//! What is answered for which moment.

use serde_json::json;

use crate::make::{self, Made};
use crate::support::{Reply, START, TestApp};

async fn page(app: &TestApp, name: &str, at: &str) -> Reply {
    let path = format!("/api/v1/articles/{name}?as_of={at}");
    app.contributor().get(path).await
}

/// The headline that readers saw at a moment.
async fn headline(app: &TestApp, story: &Made, at: &str) -> String {
    let reply = page(app, story.id(), at).await.expect(200);
    reply["headline"].as_str().unwrap().to_owned()
}

async fn again(app: &TestApp, story: &Made, headline: &str) {
    let story = story.again(app).await.patch(app, json!({"headline": headline})).await;
    story.act(app, "publish").await;
}

async fn listed(app: &TestApp, query: &str, at: &str) -> Vec<String> {
    let path = format!("/api/v1/articles?as_of={at}{query}");
    let list = app.editor().get(path).await.expect(200);
    list.column("headline").into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn an_edition_is_seen_from_its_first_moment_until_the_next_one() {
    let app = TestApp::start().await;
    app.clock.set("2026-02-16T10:00:00.500Z");
    let story = make::draft(&app, "First").published().await;
    app.clock.set("2026-02-16T11:00:00.500Z");
    again(&app, &story, "Second").await;
    app.clock.set("2026-02-16T12:00:00.500Z");
    story.again(&app).await.act(&app, "unpublish").await;
    app.clock.set("2026-02-16T13:00:00.500Z");

    for (at, seen) in [
        ("2026-02-16T10:00:00.500Z", "First"),
        ("2026-02-16T11:00:00.499Z", "First"),
        ("2026-02-16T11:00:00.500Z", "Second"),
        ("2026-02-16T12:00:00.499Z", "Second"),
    ] {
        assert_eq!(headline(&app, &story, at).await, seen, "{at}");
        assert_eq!(listed(&app, "", at).await, [seen], "{at}");
    }
    for at in ["2026-02-16T10:00:00.499Z", START, "0000-01-01T00:00:00Z"] {
        for name in [story.id(), story.short_id(), story.slug(), "no-such-thing"] {
            page(&app, name, at).await.refused(404, "not_found");
        }
        assert!(listed(&app, "", at).await.is_empty(), "{at}");
    }
    for at in ["2026-02-16T12:00:00.500Z", "2026-02-16T13:00:00.500Z"] {
        for name in [story.id(), story.short_id(), story.slug()] {
            page(&app, name, at).await.refused(410, "gone");
        }
        assert!(listed(&app, "", at).await.is_empty(), "{at}");
    }
}

#[actix_web::test]
async fn an_answer_is_the_one_that_readers_had_and_nobody_keeps_it() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.published().await;
    let list = "/api/v1/articles?count=true";
    let (had, had_list) = (
        app.anon().get(story.public_path()).await.expect(200),
        app.anon().get(list).await.expect(200),
    );
    app.clock.advance(60);
    again(&app, &story, "Another").await;
    for (had, path) in [
        (&had, format!("{}?as_of={START}", story.public_path())),
        (&had_list, format!("{list}&as_of={START}")),
    ] {
        let past = app.editor().get(&path).await.expect(200);
        assert_eq!((past.body(), past.etag()), (had.body(), had.etag()));
        assert_eq!(past.header("Cache-Control"), Some("private, no-store"));
        for name in ["Surrogate-Key", "Last-Modified"] {
            assert_eq!(past.header(name), None, "{path}");
        }
        let unchanged = app.editor().get(&path).header("If-None-Match", had.etag()).await;
        assert_eq!(unchanged.expect(304).header("Cache-Control"), Some("private, no-store"));
    }
    let now = app.anon().get(story.public_path()).await.expect(200);
    assert_ne!(now.etag(), had.etag());
}

#[actix_web::test]
async fn a_slug_is_whose_it_was() {
    let app = TestApp::start().await;
    let one = make::draft(&app, "One").set("slug", "ferry").published().await;
    app.clock.set("2026-02-16T10:00:00Z");
    one.again(&app).await.patch(&app, json!({"slug": "old-ferry"})).await;
    one.again(&app).await.act(&app, "publish").await;
    app.clock.set("2026-02-16T11:00:00Z");
    let two = make::draft(&app, "Two").set("slug", "ferry").published().await;
    app.clock.set("2026-02-16T12:00:00Z");
    for (slug, at, of) in [
        ("ferry", START, &one),
        ("ferry", "2026-02-16T10:30:00Z", &one),
        ("ferry", "2026-02-16T11:00:00Z", &two),
        ("old-ferry", "2026-02-16T10:00:00Z", &one),
    ] {
        assert_eq!(page(&app, slug, at).await.expect(200)["id"], of.id(), "{slug} at {at}");
    }
    page(&app, "old-ferry", START).await.refused(404, "not_found");
}

#[actix_web::test]
async fn links_lead_where_they_led() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").set("slug", "target").published().await;
    let story = make::draft(&app, "Story")
        .set("related", json!([{"article_id": target.id()}]))
        .set(
            "body",
            json!([{"type": "paragraph", "text": [{"text": "x", "link": {"article_id": target.id()}}]}]),
        )
        .published()
        .await;
    let path = |of: &Made| format!("{}?include=related,backlinks", of.public_path());
    let then = [
        app.anon().get(path(&story)).await.expect(200),
        app.anon().get(path(&target)).await.expect(200),
    ];
    app.clock.advance(60);
    again(&app, &target, "Renamed").await;
    let target = target.again(&app).await.patch(&app, json!({"slug": "moved"})).await;
    let target = target.act(&app, "publish").await;
    again(&app, &story, "Story, again").await;
    app.clock.advance(60);
    target.act(&app, "unpublish").await;
    for (then, of) in then.iter().zip([&story, &target]) {
        let past = app
            .editor()
            .get(format!("{}&as_of={START}", path(of)))
            .await
            .expect(200);
        assert_eq!((past.text(), past.etag()), (then.text(), then.etag()));
    }
    let between = app
        .editor()
        .get(format!("{}&as_of=2026-02-16T09:31:00Z", path(&story)))
        .await;
    let between = between.expect(200);
    assert_eq!(between["related"][0]["label"], "Renamed");
    assert_eq!(
        between["body"][0]["text"][0]["link"]["url"],
        between["related"][0]["url"]
    );
    let after = page(&app, story.id(), "2026-02-16T09:32:00Z").await.expect(200);
    assert!(after["body"][0]["text"][0].get("link").is_none(), "{}", after.text());
}

#[actix_web::test]
async fn a_retraction_is_told_from_its_moment_on() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    app.clock.set("2026-02-16T10:00:00Z");
    story.again(&app).await.act(&app, "unpublish").await;
    app.clock.set("2026-02-16T11:00:00Z");
    let down = story.again(&app).await;
    let call = app.editor().post(down.action("retract")).if_match(down.revision());
    call.json(&json!({"notice": "There was no ferry."})).await.expect(200);
    app.clock.set("2026-02-16T12:00:00Z");
    page(&app, story.id(), "2026-02-16T09:59:59.999Z").await.expect(200);
    let before = page(&app, story.id(), "2026-02-16T10:59:59.999Z").await;
    assert!(before.refused(410, "gone").json().get("retraction").is_none());
    let told = page(&app, story.id(), "2026-02-16T11:00:00Z")
        .await
        .refused(410, "gone");
    let expected = json!({"notice": "There was no ferry.", "retracted_at": "2026-02-16T11:00:00.000Z"});
    assert_eq!(told["retraction"], expected);
}

/// Who waited for another to write may have read the clock before.
#[actix_web::test]
async fn no_moment_has_two_editions_when_the_clock_goes_back() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Ferries").await;
    app.clock.set("2026-02-16T10:00:00Z");
    let story = make::draft(&app, "First").set("tag_ids", json!([tag.id()]));
    let story = story.published().await;
    app.clock.set("2026-02-16T09:50:00Z");
    again(&app, &story, "Second").await;
    app.clock.set("2026-02-16T09:55:00Z");
    story.again(&app).await.act(&app, "unpublish").await;
    app.clock.set("2026-02-16T09:40:00Z");
    again(&app, &story, "Third").await;
    app.clock.set("2026-02-16T11:00:00Z");
    again(&app, &story, "Fourth").await;
    for at in [START, "2026-02-16T09:40:00Z", "2026-02-16T09:59:59.999Z"] {
        page(&app, story.id(), at).await.refused(404, "not_found");
        assert!(listed(&app, "&tag=ferries", at).await.is_empty(), "{at}");
    }
    for (at, seen) in [
        ("2026-02-16T10:00:00Z", "Third"),
        ("2026-02-16T10:59:59.999Z", "Third"),
        ("2026-02-16T11:00:00Z", "Fourth"),
    ] {
        assert_eq!(listed(&app, "&tag=ferries", at).await, [seen], "{at}");
        assert_eq!(headline(&app, &story, at).await, seen, "{at}");
    }
}

#[actix_web::test]
async fn a_story_that_is_deleted_for_good_is_gone_from_the_past_too() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let call = app.admin().delete(format!("{}?permanent=true", story.path()));
    call.if_match(story.revision()).await.expect(204);
    app.clock.advance(60);
    page(&app, story.id(), START).await.refused(404, "not_found");
    assert!(listed(&app, "", START).await.is_empty());
}

/// The past costs as many statements as the present.
#[actix_web::test]
async fn the_past_costs_no_statement_more() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").published().await;
    let story = make::draft(&app, "Story").set("related", json!([{"article_id": target.id()}]));
    let story = story.published().await;
    app.clock.advance(60);
    for path in [
        format!("{}?include=related,backlinks", story.public_path()),
        format!("/api/v1/articles/{}?", story.slug()),
        "/api/v1/articles?count=true&include=related".to_owned(),
    ] {
        let cost = async |query: &str| {
            let before = app.services.statements();
            app.editor().get(format!("{path}{query}")).await.expect(200);
            app.services.statements() - before
        };
        let (now, past) = (cost("").await, cost(&format!("&as_of={START}")).await);
        assert!(past <= now, "{path}: {past} for {now}");
    }
}
