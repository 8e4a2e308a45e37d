//! Answers are sent in the coding that the client takes, and say the same in each.

use serde_json::json;

use crate::make::{self, paragraph};
use crate::support::TestApp;

async fn long_story(app: &TestApp) -> make::Made {
    let text = "The ferry left Port Aldous with every seat taken. ".repeat(60);
    let body: Vec<_> = (0..40).map(|number| paragraph(&format!("{number}: {text}"))).collect();
    make::draft(app, "Ferry sails")
        .set("body", json!(body))
        .published()
        .await
}

#[actix_web::test]
async fn every_coding_says_the_same_and_has_a_tag_of_its_own() {
    for megabytes in [64, 0] {
        let app = TestApp::with(|config| config.delivery.cache_mb = megabytes).await;
        let story = long_story(&app).await;
        for path in [
            story.public_path(),
            "/feeds/all.rss".to_owned(),
            "/api/v1/articles".to_owned(),
            "/openapi.json".to_owned(),
            "/docs".to_owned(),
            "/docs/files/swagger-ui-bundle.js".to_owned(),
        ] {
            let plain = app.anon().get(&path).await.expect(200);
            assert!(
                plain.header("Vary").unwrap_or_default().contains("Accept-Encoding"),
                "{path}"
            );
            let mut tags = vec![plain.etag().to_owned()];
            for coding in ["gzip", "br", "zstd"] {
                for _ in 0..2 {
                    let reply = app.anon().get(&path).header("Accept-Encoding", coding).await;
                    assert_eq!(reply.header("Content-Encoding"), Some(coding), "{path}");
                    assert_eq!(reply.decoded(), plain.body(), "{path} {coding}");
                    assert!(reply.body().len() < plain.body().len(), "{path} {coding}");
                    for name in [
                        "Cache-Control",
                        "Surrogate-Key",
                        "Content-Type",
                        "Last-Modified",
                        "Vary",
                    ] {
                        assert_eq!(reply.header(name), plain.header(name), "{path} {coding}: {name}");
                    }
                    tags.push(reply.etag().to_owned());
                }
            }
            tags.dedup();
            assert_eq!(tags.len(), 4, "{tags:?}");
            // Whichever of them the client has and takes, it has the page; what it takes no more is no use to it.
            for (at, tag) in tags.iter().enumerate() {
                let own = ["identity", "gzip", "br", "zstd"][at];
                for coding in ["identity", "gzip", "br, zstd;q=0.5", "gzip;q=0.2, br;q=0.1"] {
                    let held = app
                        .anon()
                        .get(&path)
                        .header("If-None-Match", tag)
                        .header("Accept-Encoding", coding);
                    let reply = held.await;
                    // As they are they are sent to everybody for whom there is nothing else.
                    let takes = own == "identity" || coding.contains(own);
                    assert_eq!(reply.status(), if takes { 304 } else { 200 }, "{path} {coding} {own}");
                    assert_eq!(reply.etag() == tag, takes, "{path} {coding} {own}");
                }
            }
            let all = tags.join(", ");
            let reply = app
                .anon()
                .get(&path)
                .header("If-None-Match", all)
                .header("Accept-Encoding", "gzip");
            assert_eq!(reply.await.expect(304).etag(), tags[1]);
            let head = app.anon().call("HEAD", &path).header("Accept-Encoding", "gzip").await;
            assert_eq!(
                (head.status(), head.header("Content-Encoding"), head.body().len()),
                (200, Some("gzip"), 0)
            );
        }
    }
}

#[actix_web::test]
async fn the_client_says_which_coding_it_likes_best() {
    let app = TestApp::start().await;
    let story = long_story(&app).await;
    for (accept, expected) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip;q=1, br;q=0.5", Some("gzip")),
        ("zstd, gzip;q=0.9", Some("zstd")),
        ("deflate", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("identity, br;q=0.1", None),
        ("", None),
        ("\u{fffd}", None),
    ] {
        let reply = app
            .anon()
            .get(story.public_path())
            .header("Accept-Encoding", accept)
            .await;
        assert_eq!(
            (reply.status(), reply.header("Content-Encoding")),
            (200, expected),
            "{accept}"
        );
    }
}

#[actix_web::test]
async fn a_few_bytes_are_sent_as_they_are() {
    let app = TestApp::start().await;
    let reply = app
        .anon()
        .get("/api/v1/articles")
        .header("Accept-Encoding", "br")
        .await
        .expect(200);
    assert_eq!(reply.header("Content-Encoding"), None);
}
