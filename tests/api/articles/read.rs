//! Reading one article, as readers do.

use serde_json::json;

use crate::make;
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn an_article_is_read_by_id_short_id_or_slug() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Found three ways").published().await;
    let by_id = app
        .anon()
        .get(format!("/api/v1/articles/{}", live.id()))
        .await
        .expect(200);
    let escaped = live.slug().replacen('f', "%66", 1);
    for name in [live.short_id(), live.slug(), &escaped] {
        let reply = app.anon().get(format!("/api/v1/articles/{name}")).await.expect(200);
        assert_eq!((reply.json(), reply.etag()), (by_id.json(), by_id.etag()), "{name}");
    }
}

#[actix_web::test]
async fn a_slug_of_two_languages_leads_to_the_one_of_the_site() {
    let app = TestApp::start().await;
    make::draft(&app, "Carnaval").set("locale", "pt-BR").published().await;
    let english = make::draft(&app, "Carnaval").published().await;
    let read = app.anon().get("/api/v1/articles/carnaval").await.expect(200);
    assert_eq!(read["id"], english.id());
    english.act(&app, "unpublish").await;
    assert_eq!(
        app.anon().get("/api/v1/articles/carnaval").await.expect(200)["locale"],
        "pt-BR"
    );
}

#[actix_web::test]
async fn what_was_never_published_is_not_found_under_any_name() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Secret").ready().await;
    let id = draft.id();
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    for name in [
        id,
        draft.short_id(),
        draft.slug(),
        &id.to_uppercase(),
        nobody,
        "zzzzzzzz",
        "no-such-slug",
        "%00",
        "%ff",
        "a%2fb",
        "%20",
    ] {
        app.anon()
            .get(format!("/api/v1/articles/{name}"))
            .await
            .refused(404, "not_found");
    }
}

#[actix_web::test]
async fn an_answer_the_client_has_is_not_sent_again() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Cached").published().await;
    let first = app.anon().get(live.public_path()).await.expect(200);
    assert_eq!(
        first.header("Cache-Control"),
        Some("public, max-age=30, stale-while-revalidate=300")
    );
    assert_eq!(first.header("Last-Modified"), Some("Mon, 16 Feb 2026 09:30:00 GMT"));
    assert!(
        first
            .header("Surrogate-Key")
            .unwrap()
            .contains(&format!("article:{}", live.id()))
    );

    for (name, value, status) in [
        ("If-None-Match", first.etag(), 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", "\"another\"", 200),
        ("If-Modified-Since", "Mon, 16 Feb 2026 09:30:00 GMT", 304),
        ("If-Modified-Since", "Mon, 16 Feb 2026 09:29:59 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ] {
        let reply = app
            .anon()
            .get(live.public_path())
            .header(name, value)
            .await
            .expect(status);
        assert_eq!(reply.etag(), first.etag(), "{name}: {value}");
        assert_eq!(reply.body().is_empty(), status == 304, "{name}: {value}");
    }
    let working = app.editor().get(live.path()).await.expect(200);
    app.editor()
        .get(live.path())
        .header("If-None-Match", working.etag())
        .await
        .expect(304);
}

#[actix_web::test]
async fn head_answers_as_get_without_the_body() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Headed").published().await;
    for path in [
        live.public_path(),
        "/api/v1/articles".to_owned(),
        "/health/live".to_owned(),
    ] {
        let get = app.anon().get(&path).await.expect(200);
        let head = app.anon().call("HEAD", &path).await.expect(200);
        assert!(head.body().is_empty());
        for name in ["Content-Type", "ETag", "Cache-Control", "Last-Modified"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {path}");
        }
    }
    app.anon().call("HEAD", "/api/v1/articles/none").await.expect(404);
}

#[actix_web::test]
async fn a_token_changes_nothing_for_readers() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "For all").published().await;
    let draft = make::draft(&app, "Not yet").ready().await;
    let anonymous = app.anon().get(live.public_path()).await.expect(200);
    for person in [Person::Contributor, Person::Editor, Person::Admin] {
        let reply = app.person(person).get(live.public_path()).await.expect(200);
        assert_eq!((reply.body(), reply.etag()), (anonymous.body(), anonymous.etag()));
        app.person(person)
            .get(draft.public_path())
            .await
            .refused(404, "not_found");
    }
}

#[actix_web::test]
async fn every_answer_carries_the_headers_of_its_surface() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Dressed").published().await;
    for (path, resource_policy) in [
        (live.public_path(), "cross-origin"),
        (live.path(), "same-origin"),
        ("/api/v1/articles/none".to_owned(), "cross-origin"),
        ("/nowhere".to_owned(), "same-origin"),
        ("/health/live".to_owned(), "same-origin"),
    ] {
        let reply = app.editor().get(&path).await;
        for (name, value) in [
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Cross-Origin-Resource-Policy", resource_policy),
        ] {
            assert_eq!(reply.header(name), Some(value), "{name} of {path}");
        }
        assert!(reply.header("Server").is_none());
    }
    assert_eq!(
        app.editor().get(live.path()).await.expect(200).header("Cache-Control"),
        Some("private, no-store")
    );
}

#[actix_web::test]
async fn the_permalink_follows_the_configuration() {
    let app = TestApp::with(|config| {
        config.site.url = "https://news.example".to_owned();
        config.site.permalink = "/{locale}/{section}/{year}/{slug}-{short_id}".to_owned();
    })
    .await;
    let world = make::section(&app, "World").await;
    let live = make::draft(&app, "Placed")
        .set("section_id", world.id())
        .published()
        .await;
    let read = app.anon().get(live.public_path()).await.expect(200);
    let path = format!("/en/world/2026/placed-{}", live.short_id());
    assert_eq!(read["path"], path.as_str());
    assert_eq!(read["canonical_url"], format!("https://news.example{path}"));
    assert_eq!(live.json["canonical_url"], read["canonical_url"]);
}

/// A date that stays while the page changes would have caches keep what is no longer so.
#[actix_web::test]
async fn a_page_that_changes_through_what_it_shows_is_sent_again() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").ready().await;
    let link = json!([{"type": "paragraph", "text": [{"text": "See", "link": {"article_id": target.id()}}]}]);
    let story = make::wire_story(&app).await.set("body", link).published().await;
    let wire = make::contributor(&app, "Meridian Wire", "organisation").await;
    for what in ["its agency is renamed", "what it links to goes live"] {
        let before = app.anon().get(story.public_path()).await.expect(200);
        let date = before.header("Last-Modified").map(str::to_owned);
        app.clock.advance(60);
        if what.starts_with("its agency") {
            wire.patch(&app, json!({"name": "Meridian News"})).await;
        } else {
            target.act(&app, "publish").await;
        }
        let again = app
            .anon()
            .get(story.public_path())
            .header("If-None-Match", before.etag());
        again.await.expect(200);
        if let Some(date) = date {
            let again = app
                .anon()
                .get(story.public_path())
                .header("If-Modified-Since", date)
                .await;
            assert_eq!(again.status(), 200, "{what}, and the date says nothing changed");
        }
    }
}

/// A slug that two languages have leads to one of them, and to the other once that is gone: an older page.
#[actix_web::test]
async fn a_date_does_not_tell_what_a_slug_leads_to() {
    let app = TestApp::start().await;
    let same = |locale: &str| make::draft(&app, "Same").set("slug", "same").set("locale", locale);
    same("fr").published().await;
    app.clock.advance(100);
    let preferred = same("en").published().await;
    let asked = app.anon().get("/api/v1/articles/same").await.expect(200);
    assert_eq!(asked["locale"], "en");
    assert!(asked.header("Last-Modified").is_none());
    assert!(
        asked
            .header("Surrogate-Key")
            .unwrap()
            .split(' ')
            .any(|key| key == "slug:same")
    );
    let by_id = app.anon().get(preferred.public_path()).await.expect(200);
    let date = by_id.header("Last-Modified").unwrap().to_owned();
    preferred.act(&app, "unpublish").await;
    let again = app
        .anon()
        .get("/api/v1/articles/same")
        .header("If-Modified-Since", date)
        .await
        .expect(200);
    assert_eq!(again["locale"], "fr");
}
