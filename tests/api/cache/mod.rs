//! Answers that are kept ready: when they hold, and how they are sent.

mod codings;
mod model;

use actix_web::http::header::HeaderMap;
use futures_util::future::join_all;

use crate::make;
use crate::support::TestApp;

/// Looks that a request costs, but for the question which version holds, which PostgreSQL is asked every time here.
async fn cost(app: &TestApp, path: &str) -> usize {
    app.services.listen();
    app.anon().get(path).await.expect(200);
    let heard = app.services.heard();
    let asks =
        |text: &&String| text.contains(" FROM ") && !text.contains("content_version") || text.contains("from shelves");
    heard.iter().filter(asks).count()
}

#[actix_web::test]
async fn what_was_answered_once_costs_nothing_until_something_changes() {
    let app = TestApp::start().await;
    let section = make::section(&app, "World").await;
    let story = make::draft(&app, "Ferry sails")
        .set("section_id", section.id())
        .published()
        .await;
    for path in [
        story.public_path(),
        format!("{}?body=html&include=related,backlinks", story.public_path()),
        "/api/v1/articles?section=world&limit=5".to_owned(),
        "/api/v1/sections?latest=3".to_owned(),
        "/api/v1/site".to_owned(),
        "/feeds/all.rss".to_owned(),
        format!("/api/v1/resolve?path={}", story.json["path"].as_str().unwrap_or("/")),
    ] {
        if path.ends_with("path=/") {
            continue;
        }
        let first = app.anon().get(&path).await.expect(200);
        assert_eq!(cost(&app, &path).await, 0, "{path}");
        let again = app.anon().get(&path).await.expect(200);
        assert_eq!(first.body(), again.body(), "{path}");
        for name in [
            "ETag",
            "Cache-Control",
            "Surrogate-Key",
            "Content-Type",
            "Last-Modified",
            "Vary",
            "X-Content-Type-Options",
        ] {
            assert_eq!(first.header(name), again.header(name), "{path}: {name}");
        }
        assert_ne!(first.header("X-Request-Id"), again.header("X-Request-Id"), "{path}");
    }
    let path = story.public_path();
    // What readers cannot see makes nothing old.
    story.patch(&app, serde_json::json!({"headline": "Ferry sinks"})).await;
    assert_eq!(cost(&app, &path).await, 0);
    let before = app.anon().get(&path).await.expect(200);
    story.again(&app).await.act(&app, "publish").await;
    let after = app.anon().get(&path).await.expect(200);
    assert_eq!(after["headline"], "Ferry sinks");
    assert_ne!(before.etag(), after.etag());
    story.again(&app).await.act(&app, "unpublish").await;
    app.anon().get(&path).await.refused(410, "gone");
}

#[actix_web::test]
async fn what_did_not_change_keeps_its_tag_when_something_else_does() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let before = app.anon().get(story.public_path()).await.expect(200);
    make::draft(&app, "Another").published().await;
    let after = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(before.etag(), after.etag());
    let held = app
        .anon()
        .get(story.public_path())
        .header("If-None-Match", before.etag());
    held.await.expect(304);
}

#[actix_web::test]
async fn parameters_in_another_order_ask_for_the_same() {
    let app = TestApp::start().await;
    make::draft(&app, "Ferry sails").published().await;
    cost(&app, "/api/v1/articles?kind=news&limit=5&count=true").await;
    assert_eq!(cost(&app, "/api/v1/articles?limit=5&count=true&kind=news").await, 0);
    assert_eq!(cost(&app, "/api/v1/articles?limit=5&count=%74rue&kind=news").await, 0);
    assert!(cost(&app, "/api/v1/articles?limit=6&count=true&kind=news").await > 0);
    // What is wrong is told each time.
    for _ in 0..2 {
        let reply = app.anon().get("/api/v1/articles?limit=0").await;
        reply.refused(400, "invalid_parameter");
    }
}

#[actix_web::test]
async fn however_it_is_asked_for_it_is_the_same() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let path = story.public_path();
    let first = app.anon().get(&path).await.expect(200);
    // Spelt otherwise, with a body that nobody reads, and as a request for the head alone.
    let spelt = path.replacen("articles", "%61rticles", 1);
    assert_eq!(app.anon().get(&spelt).await.expect(200).body(), first.body());
    let reply = app.anon().get(&path).bytes("{}").await.expect(200);
    assert_eq!(reply.body(), first.body());
    let head = app.anon().get(&path).with_method("HEAD").await.expect(200);
    assert_eq!((head.body().len(), head.etag()), (0, first.etag()));
    // What is kept is for nobody whose request is refused.
    let list = "/api/v1/articles";
    app.anon().get(list).await.expect(200);
    let reply = app.anon().get(list).header("Accept", "text/csv").await;
    reply.refused(406, "not_acceptable");
    let reply = app.anon().get(&path).header("X-Long", "x".repeat(33_000)).await;
    reply.refused(431, "head_too_large");
    app.anon().post(&path).await.refused(405, "method_not_allowed");
}

#[actix_web::test]
async fn who_asks_at_once_for_the_same_is_answered_by_one_look() {
    let app = TestApp::start().await;
    for number in 0..3 {
        make::draft(&app, &format!("Story {number}")).published().await;
    }
    let path = "/api/v1/articles?limit=2&include=related";
    app.services.listen();
    let asked = (0..32).map(|_| async { app.anon().get(path).await.expect(200) });
    let replies = join_all(asked).await;
    let heard = app.services.heard();
    let lists = heard.iter().filter(|text| text.contains("from shelves")).count();
    assert_eq!(lists, 1);
    assert!(replies.iter().all(|reply| reply.body() == replies[0].body()));
    // What is nowhere is nobody's to wait for.
    let asked = (0..32).map(|_| async { app.anon().get("/api/v1/articles/nowhere").await });
    assert!(join_all(asked).await.iter().all(|reply| reply.status() == 404));
}

#[actix_web::test]
async fn whoever_shows_a_token_is_known_by_it_first() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let path = story.public_path();
    app.anon().get(&path).await.expect(200);
    app.bearer("forged").get(&path).await.refused(401, "unauthenticated");
    app.editor().get(&path).await.expect(200);
}

#[actix_web::test]
async fn what_another_process_publishes_is_seen_at_the_next_request() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let other = app.beside(|_| {}).await;
    for headline in ["Ferry sinks", "Ferry salvaged"] {
        let (status, _, before) = other.get(&story.public_path()).await;
        assert_eq!(status, 200);
        let changed = story
            .again(&app)
            .await
            .patch(&app, serde_json::json!({"headline": headline}))
            .await;
        changed.act(&app, "publish").await;
        let (_, _, after) = other.get(&story.public_path()).await;
        assert_ne!(before, after);
        assert!(String::from_utf8_lossy(&after).contains(headline));
    }
}

#[actix_web::test]
async fn each_route_says_for_how_long_it_may_be_kept() {
    let keep = "article 30 600 60, list 5 5, feed 300 3600 86400";
    let app = TestApp::with(|config| config.delivery.own = copydesk::config::kept_as(keep).unwrap()).await;
    let story = make::draft(&app, "Ferry sails").published().await;
    for (path, expected) in [
        (
            story.public_path(),
            "public, max-age=30, s-maxage=600, stale-while-revalidate=60",
        ),
        (
            "/api/v1/articles".to_owned(),
            "public, max-age=5, stale-while-revalidate=5",
        ),
        (
            "/feeds/all.atom".to_owned(),
            "public, max-age=300, s-maxage=3600, stale-while-revalidate=86400",
        ),
        (
            "/api/v1/tags".to_owned(),
            "public, max-age=30, stale-while-revalidate=300",
        ),
    ] {
        for _ in 0..2 {
            let reply = app.anon().get(&path).await.expect(200);
            assert_eq!(reply.header("Cache-Control"), Some(expected), "{path}");
        }
    }
}

#[actix_web::test]
async fn names_for_caches_stay_within_what_a_head_holds() {
    let app = TestApp::start().await;
    let section = make::section(&app, "World").await;
    let stories = (0..95).map(|number| {
        make::draft(&app, &format!("Story {number}"))
            .set("section_id", section.id())
            .published()
    });
    join_all(stories).await;
    let page = app.anon().get("/api/v1/articles?limit=50").await.expect(200);
    let keys = page.header("Surrogate-Key").unwrap_or_default();
    assert_eq!(keys.matches("article:").count(), 50, "{keys}");
    // Kinds are forgotten with each of theirs.
    let page = app.anon().get("/api/v1/articles?limit=100").await.expect(200);
    assert_eq!(page.header("Surrogate-Key"), Some("articles sections"));
}

#[actix_web::test]
async fn a_page_is_dated_anew_when_the_configuration_makes_another_of_it() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Dated").published().await;
    let path = live.public_path();
    let before = app.anon().get(&path).await.expect(200);
    let date = |answer: &(u16, HeaderMap, Vec<u8>)| answer.1.get("Last-Modified").cloned().unwrap();
    let first = before.header("Last-Modified").unwrap();
    app.clock.advance(60);
    // Nothing that pages show is another.
    let same = app.beside(|config| config.delivery.cache_mb = 0).await;
    assert_eq!(date(&same.get(&path).await), first);
    let other = app
        .beside(|config| config.site.url = "https://other.example".to_owned())
        .await;
    let page = other.get(&path).await;
    assert_eq!(date(&page), "Mon, 16 Feb 2026 09:31:00 GMT");
    assert_ne!(page.1.get("ETag").unwrap(), before.etag());
    let form = other.get(&format!("{path}?format=jsonld")).await;
    assert_eq!(date(&form), date(&page), "other forms are dated anew, too");
    // It is remembered.
    app.clock.advance(60);
    let again = app
        .beside(|config| config.site.url = "https://other.example".to_owned())
        .await;
    assert_eq!(date(&again.get(&path).await), date(&page));
}

#[actix_web::test]
async fn a_list_has_the_kinds_that_its_filters_are_of() {
    let app = TestApp::start().await;
    make::section(&app, "World").await;
    make::tag(&app, "Birds").await;
    make::contributor(&app, "Ada Quill", "person").await;
    for (filter, keys) in [
        ("limit=3", "articles"),
        ("section=world", "articles sections"),
        ("tag=birds&kind=news", "articles tags"),
        (
            "contributor=ada-quill&section=world&tag=birds",
            "articles contributors sections tags",
        ),
    ] {
        for path in [
            format!("/api/v1/articles?{filter}"),
            format!("/api/v1/search?q=ferry&{filter}"),
        ] {
            let empty = app.anon().get(&path).await.expect(200);
            assert_eq!(empty.header("Surrogate-Key"), Some(keys), "{path}");
        }
    }
}

#[actix_web::test]
async fn what_a_client_accepts_of_json_makes_no_other_answer() {
    let app = TestApp::start().await;
    make::draft(&app, "Ferry sails").published().await;
    let path = "/api/v1/articles?fields=headline";
    let first = app.anon().get(path).await.expect(200);
    let trimmed = first.header("Content-Type").unwrap_or_default().to_owned();
    app.services.listen();
    for accept in ["application/json, text/plain, */*", "application/*", trimmed.as_str()] {
        let reply = app.anon().get(path).header("Accept", accept).await.expect(200);
        assert_eq!(reply.body(), first.body());
    }
    let heard = app.services.heard();
    assert!(!heard.iter().any(|text| text.contains("from shelves")), "{heard:?}");
    // What is kept is nothing for whoever takes no JSON.
    let refused = app.anon().get(path).header("Accept", "text/html").await;
    refused.refused(406, "not_acceptable");
    let refused = app.anon().get("/api/v1/articles").header("Accept", trimmed).await;
    refused.refused(406, "not_acceptable");
}

#[actix_web::test]
async fn an_address_in_another_spelling_is_the_same_address() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let path = story.public_path();
    let spelt = path.replace("/articles/", "/%61rticles/");
    for (path, accept) in [
        (&spelt, "text/html"),
        (&spelt, "application/json"),
        (&path, "text/html"),
        (&path, "*/*"),
    ] {
        let reply = app.anon().get(path).header("Accept", accept).await;
        let kind = reply.header("Content-Type").unwrap_or_default();
        let expected = if accept == "text/html" {
            "text/html"
        } else {
            "application/json"
        };
        assert_eq!(
            (reply.status(), kind.starts_with(expected)),
            (200, true),
            "{path} {accept} {kind}"
        );
    }
    assert_eq!(cost(&app, &spelt).await, 0);
}
