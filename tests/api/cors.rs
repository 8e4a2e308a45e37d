//! Pages of other sites: what a browser lets them send and read.

use serde_json::json;

use crate::make;
use crate::support::document::{document, operations};
use crate::support::{Call, Reply, TestApp};

const ARTICLES: &str = "/api/v1/editor/articles";
const DESK: &str = "https://desk.example";
const OTHER: &str = "https://other.example";

async fn app(any: bool, origins: &[&str]) -> TestApp {
    let origins = origins.iter().map(|one| (*one).to_owned()).collect();
    TestApp::with(|config| {
        config.http.cors.any = any;
        config.http.cors.origins = origins;
    })
    .await
}

fn preflight<'a>(app: &'a TestApp, path: &str, origin: &str) -> Call<'a> {
    let call = app.anon().call("OPTIONS", path).header("Origin", origin);
    call.header("Access-Control-Request-Method", "PATCH")
        .header("Access-Control-Request-Headers", "authorization,content-type,if-match")
}

fn reader(reply: &Reply) -> Option<&str> {
    reply.header("Access-Control-Allow-Origin")
}

fn names<'a>(reply: &'a Reply, header: &str) -> Vec<&'a str> {
    let list = reply.header(header).unwrap_or_default();
    list.split(", ").filter(|name| !name.is_empty()).collect()
}

/// Whether another origin may be answered otherwise.
fn varies(reply: &Reply) -> bool {
    reply.headers().get_all("Vary").any(|value| value == "Origin")
}

#[actix_web::test]
async fn pages_of_any_site_read_what_is_public_and_nothing_else() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    for path in [
        "/api/v1/articles",
        &story.public_path(),
        "/api/v1/articles/never",
        "/api/v1/nothing",
        "/feeds/all.rss",
        "/media/none",
        "/openapi.json",
    ] {
        for origin in [None, Some(OTHER), Some("null")] {
            let call = app.anon().get(path);
            let reply = match origin {
                Some(origin) => call.header("Origin", origin),
                None => call,
            }
            .await;
            // Always the same, so that a cache between keeps it once.
            assert_eq!((reader(&reply), varies(&reply)), (Some("*"), false), "{path}");
            assert!(
                names(&reply, "Access-Control-Expose-Headers").contains(&"ETag"),
                "{path}"
            );
        }
    }
    let fresh = app.anon().get(story.public_path()).await.expect(200);
    let again = app
        .anon()
        .get(story.public_path())
        .header("If-None-Match", fresh.etag());
    assert_eq!(reader(&again.await.expect(304)), Some("*"));
    for path in [ARTICLES, "/api/v1/auth/login"] {
        let refused = app.editor().get(path).header("Origin", OTHER).await;
        assert_eq!((reader(&refused), refused.header("Vary")), (None, None), "{path}");
        let asked = preflight(&app, path, OTHER).await.expect(204);
        assert_eq!(reader(&asked), None, "{path}");
        assert!(names(&asked, "Access-Control-Allow-Headers").is_empty(), "{path}");
    }
    let asked = preflight(&app, "/api/v1/articles", OTHER).await.expect(204);
    assert_eq!(reader(&asked), Some("*"));
    let sent = names(&asked, "Access-Control-Allow-Headers");
    assert!(
        sent.contains(&"If-None-Match") && !sent.contains(&"Authorization"),
        "{sent:?}"
    );
    for reply in [fresh, asked] {
        assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    }
}

#[actix_web::test]
async fn a_page_that_is_named_uses_all_of_it() {
    let app = app(true, &[DESK]).await;
    for path in [
        ARTICLES,
        "/api/v1/auth/login",
        "/api/v1/articles",
        "/api/v1/editor/media/uploads",
    ] {
        let asked = preflight(&app, path, DESK).await.expect(204);
        let told = reader(&asked).is_some_and(|told| told == DESK || told == "*");
        assert!(told && asked.header("Vary") == Some("Origin"), "{path}");
        assert!(
            names(&asked, "Access-Control-Allow-Headers").contains(&"Authorization"),
            "{path}"
        );
        assert!(
            names(&asked, "Access-Control-Allow-Methods").contains(&"PATCH"),
            "{path}"
        );
        assert!(asked.header("Access-Control-Max-Age").is_some(), "{path}");
    }
    let made = app.editor().post(ARTICLES).header("Origin", DESK);
    let made = made.json(&json!({"headline": "Ferry sails"})).await.expect(201);
    let article = format!("{ARTICLES}/{}", made["id"].as_str().unwrap());
    let stale = app.editor().patch(&article).if_match(9).header("Origin", DESK);
    for reply in [
        made,
        stale.json(&json!({})).await.refused(412, "stale_revision"),
        app.anon()
            .get(ARTICLES)
            .header("Origin", DESK)
            .await
            .refused(401, "unauthenticated"),
        app.bearer("bad")
            .get(ARTICLES)
            .header("Origin", DESK)
            .await
            .refused(401, "unauthenticated"),
        app.editor()
            .get(format!("{ARTICLES}/none"))
            .header("Origin", DESK)
            .await
            .refused(404, "not_found"),
    ] {
        assert_eq!((reader(&reply), reply.header("Vary")), (Some(DESK), Some("Origin")));
        assert!(names(&reply, "Access-Control-Expose-Headers").contains(&"Location"));
        assert_eq!(reply.header("Access-Control-Allow-Credentials"), None);
    }
    // Only to the letter.
    for origin in [
        OTHER,
        "http://desk.example",
        "https://desk.example:8443",
        "https://DESK.example",
        "null",
    ] {
        let reply = app.editor().get(&article).header("Origin", origin).await.expect(200);
        assert_eq!(
            (reader(&reply), reply.header("Vary")),
            (None, Some("Origin")),
            "{origin}"
        );
    }
}

#[actix_web::test]
async fn without_the_star_what_is_public_is_for_the_named_too() {
    let listed = app(false, &[DESK, OTHER]).await;
    for (origin, told) in [
        (DESK, Some(DESK)),
        (OTHER, Some(OTHER)),
        ("https://third.example", None),
    ] {
        let reply = listed
            .anon()
            .get("/api/v1/articles")
            .header("Origin", origin)
            .await
            .expect(200);
        assert_eq!((reader(&reply), varies(&reply)), (told, true), "{origin}");
    }
    let none = app(false, &[]).await;
    let reply = none
        .anon()
        .get("/api/v1/articles")
        .header("Origin", DESK)
        .await
        .expect(200);
    assert_eq!((reader(&reply), varies(&reply)), (None, false));
}

/// A browser asks first; were it refused there, the page would not learn why.
#[actix_web::test]
async fn a_page_learns_that_nothing_is_there() {
    let app = app(false, &[DESK]).await;
    let asked = preflight(&app, "/api/v1/editor/nothing", DESK).await.expect(204);
    assert_eq!((reader(&asked), asked.header("Allow")), (Some(DESK), None));
    let reply = app
        .editor()
        .patch("/api/v1/editor/nothing")
        .header("Origin", DESK)
        .await;
    assert_eq!(reader(&reply.refused(404, "not_found")), Some(DESK));
    app.anon()
        .call("OPTIONS", "/api/v1/editor/nothing")
        .await
        .refused(404, "not_found");
}

#[actix_web::test]
async fn every_header_of_the_document_can_be_sent_and_read() {
    let app = app(false, &[DESK]).await;
    let asked = preflight(&app, ARTICLES, DESK).await.expect(204);
    let allowed = names(&asked, "Access-Control-Allow-Headers");
    for operation in operations() {
        for parameter in operation.parameters("header") {
            let name = parameter["name"].as_str().unwrap();
            // A browser lets pages send it as it is.
            assert!(
                name == "Accept" || allowed.contains(&name),
                "{}: {name}",
                operation.id()
            );
        }
    }
    let mut read = Vec::new();
    let replies = [
        app.editor().get(ARTICLES).header("Origin", DESK).await.expect(200),
        app.anon()
            .get("/api/v1/articles")
            .header("Origin", DESK)
            .await
            .expect(200),
    ];
    for reply in &replies {
        read.extend(names(reply, "Access-Control-Expose-Headers"));
    }
    for name in document()["components"]["headers"].as_object().unwrap().keys() {
        // The first two are always read; the others are for caches and for search engines.
        let known = [
            "Cache-Control",
            "Last-Modified",
            "Surrogate-Key",
            "Vary",
            "X-Robots-Tag",
        ]
        .contains(&name.as_str());
        assert!(known || read.contains(&name.as_str()), "{name} cannot be read");
    }
}
