//! How a form is asked for, and what is kept of it.

use serde_json::json;

use super::{HTML, JSON_LD, NINJS, everything, form};
use crate::make;
use crate::support::TestApp;

const JSON: &str = "application/json";
const FORMATS: [(&str, &str); 4] = [("json", JSON), ("jsonld", JSON_LD), ("ninjs", NINJS), ("html", HTML)];

fn kind(content_type: Option<&str>) -> &str {
    content_type.and_then(|it| it.split(';').next()).unwrap_or_default()
}

#[actix_web::test]
async fn accept_chooses_and_format_wins() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let path = story.public_path();
    for (accept, query, expected) in [
        ("*/*", "", JSON),
        ("application/*", "", JSON),
        ("application/ld+json", "", JSON_LD),
        ("application/vnd.iptc.ninjs+json", "", NINJS),
        ("text/html", "", HTML),
        ("text/html;q=0.5, application/ld+json;q=0.9, */*;q=0.1", "", JSON_LD),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", HTML),
        ("text/html", "?format=ninjs", NINJS),
        ("image/png", "?format=json", JSON),
        ("application/json", "?format=html", HTML),
        // What JSON alone has is asked of it.
        ("text/html, */*;q=0.1", "?body=html", JSON),
        ("application/ld+json, */*;q=0.1", "?include=related", JSON),
    ] {
        let reply = app.anon().get(format!("{path}{query}")).header("Accept", accept).await;
        let reply = reply.expect(200);
        assert_eq!(kind(reply.header("Content-Type")), expected, "{accept} {query}");
        assert_eq!(
            reply.header("Vary"),
            Some("Accept, Accept-Encoding"),
            "{accept} {query}"
        );
    }
    for (accept, query) in [
        ("image/png", ""),
        ("text/html;q=0", ""),
        ("text/html", "?body=html"),
        ("application/ld+json", "?include=related"),
    ] {
        let call = app.anon().get(format!("{path}{query}")).header("Accept", accept);
        let refused = call.await.refused(406, "not_acceptable");
        let names = refused["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("`format=html`"));
        assert_eq!(names, !query.is_empty(), "{accept} {query}");
    }
    // Nothing else of an article has other forms.
    let call = app.anon().get(format!("{path}/related")).header("Accept", HTML);
    call.await.refused(406, "not_acceptable");
}

#[actix_web::test]
async fn what_a_form_does_not_have_is_refused_by_name() {
    let app = TestApp::start().await;
    let path = make::draft(&app, "Ferry sails").published().await.public_path();
    for (query, wrong) in [
        ("format=html&body=text", vec!["body"]),
        ("format=jsonld&include=related", vec!["include"]),
        ("format=ninjs&include=backlinks&body=none", vec!["body", "include"]),
        ("format=pdf", vec!["format"]),
        ("format=html&format=json", vec!["format"]),
    ] {
        let reply = app.anon().get(format!("{path}?{query}")).await;
        let reply = reply.refused(400, "invalid_parameter");
        let names: Vec<String> = reply.flaws().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, wrong, "{query}");
    }
    let both = app.anon().get(format!("{path}?format=json&body=text&include=related"));
    assert_eq!(both.await.expect(200)["body_text"], "The harbour was quiet on Monday.");
}

#[actix_web::test]
async fn each_form_is_cached_under_what_it_shows() {
    let app = TestApp::start().await;
    let (story, target) = everything(&app).await;
    let short = format!("/api/v1/articles/{}", story.short_id());
    for (format, _) in FORMATS {
        let path = format!("{short}?format={format}");
        let reply = app.anon().get(&path).await.expect(200);
        let fresh = app.anon().get(&path).header("If-None-Match", reply.etag()).await;
        assert_eq!(fresh.expect(304).header("Vary"), Some("Accept, Accept-Encoding"));
        let head = app.anon().call("HEAD", &path).await.expect(200);
        assert_eq!((head.etag(), head.body().len()), (reply.etag(), 0), "{format}");
        let keys: Vec<&str> = reply.header("Surrogate-Key").unwrap().split(' ').collect();
        let own = format!("article:{}", story.id());
        assert!(keys.contains(&own.as_str()), "{format}: {keys:?}");
        let shows = keys.contains(&format!("article:{}", target.id()).as_str());
        assert_eq!(shows, format != "json", "{format}: {keys:?}");
        assert!(!keys.iter().any(|key| key.contains("Hidden")), "{keys:?}");
        assert!(
            reply
                .header("Cache-Control")
                .is_some_and(|it| it.starts_with("public, max-age="))
        );
    }
}

#[actix_web::test]
async fn a_link_to_what_is_not_live_is_in_no_form() {
    let app = TestApp::start().await;
    let (story, target) = everything(&app).await;
    for (format, _) in FORMATS.into_iter().skip(1) {
        let before = form(&app, &story, format).await.text();
        assert!(before.contains("Timetable") && !before.contains("Hidden"), "{format}");
    }
    target.again(&app).await.act(&app, "unpublish").await;
    for (format, _) in FORMATS.into_iter().skip(1) {
        let after = form(&app, &story, format).await;
        assert!(!after.text().contains("Timetable"), "{format}");
        assert!(
            !after.header("Surrogate-Key").unwrap().contains(target.id()),
            "{format}"
        );
    }
}

#[actix_web::test]
async fn what_is_not_live_has_no_form() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "A draft").ready().await;
    let gone = make::draft(&app, "Gone").published().await.act(&app, "unpublish").await;
    for (format, media_type) in FORMATS {
        let at = |path: String| app.anon().get(format!("{path}?format={format}"));
        at(draft.public_path()).await.refused(404, "not_found");
        at(gone.public_path()).await.refused(410, "gone");
        let negotiated = app.anon().get(draft.public_path()).header("Accept", media_type);
        negotiated.await.refused(404, "not_found");
    }
}

/// What readers were answered then, to the byte.
#[actix_web::test]
async fn every_form_is_told_of_the_past() {
    let app = TestApp::start().await;
    let (story, target) = everything(&app).await;
    let mut before = Vec::new();
    for (format, _) in FORMATS {
        before.push(form(&app, &story, format).await.text());
    }
    let then = "2026-02-16T09:31:00.000Z";
    app.clock.advance(60);
    target.again(&app).await.act(&app, "unpublish").await;
    let changed = story
        .again(&app)
        .await
        .patch(&app, json!({"headline": "Another one"}))
        .await;
    changed.act(&app, "publish").await;
    for ((format, _), told) in FORMATS.into_iter().zip(before) {
        let path = format!("{}?format={format}&as_of={then}", story.public_path());
        let reply = app.editor().get(&path).await.expect(200);
        assert_eq!(reply.text(), told, "{format}");
        assert_eq!(
            (reply.header("Cache-Control"), reply.header("Vary")),
            (Some("private, no-store"), Some("Accept"))
        );
        assert_ne!(form(&app, &story, format).await.text(), told, "{format}");
        app.anon().get(&path).await.refused(401, "unauthenticated");
    }
}
