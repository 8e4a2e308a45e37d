//! What stands at an address, and how addresses that were left lead on. Here tests speak SQL: what was written down about
//! old addresses, and addresses from elsewhere.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Call, TestApp};

/// Asks what stands at an address, written as a client writes a parameter.
fn resolve<'a>(app: &'a TestApp, address: &str) -> Call<'a> {
    let coded: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
    app.anon().get(format!("/api/v1/resolve?path={coded}"))
}

async fn path(app: &TestApp, article: &Made) -> String {
    let read = app.anon().get(article.public_path()).await.expect(200);
    read["path"].as_str().unwrap().to_owned()
}

/// What the answer says in place of the article.
fn redirect(article: &Made, path: &str) -> Value {
    let url = format!("http://127.0.0.1:8080{path}");
    json!({"type": "redirect", "article_id": article.id(), "location": path, "url": url})
}

async fn slug(article: Made, app: &TestApp, slug: &str) -> Made {
    article
        .patch(app, json!({"slug": slug}))
        .await
        .act(app, "publish")
        .await
}

/// Old addresses that are written down, in the order of their bytes.
fn written_down(app: &TestApp) -> Vec<String> {
    app.database.texts("select path as what from redirects order by path")
}

#[actix_web::test]
async fn a_live_article_stands_at_its_address_whole() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.published().await;
    let page = app.anon().get(story.public_path()).await.expect(200);
    let found = resolve(&app, &path(&app, &story).await).await.expect(200);
    assert_eq!(found.json(), &json!({"type": "article", "article": page.json()}));
    assert_eq!(found.header("Surrogate-Key"), page.header("Surrogate-Key"));
    assert_eq!(found.header("Cache-Control"), page.header("Cache-Control"));
    let again = resolve(&app, &path(&app, &story).await).header("If-None-Match", found.etag());
    again.await.expect(304);
}

#[actix_web::test]
async fn every_address_that_an_article_had_leads_to_where_it_is_now() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "First").published().await;
    let first = path(&app, &story).await;
    let story = slug(story, &app, "second").await;
    let second = path(&app, &story).await;
    let story = slug(story, &app, "third").await;
    let third = path(&app, &story).await;

    for old in [&first, &second] {
        let found = resolve(&app, old).await.expect(200);
        assert_eq!(found.json(), &redirect(&story, &third), "{old}");
        assert_eq!(
            found.header("Surrogate-Key"),
            Some(format!("article:{}", story.id()).as_str())
        );
    }
    assert_eq!(written_down(&app), [first.clone(), second.clone()]);

    let story = slug(story, &app, "first").await;
    assert_eq!(resolve(&app, &first).await.expect(200)["type"], "article");
    for old in [&second, &third] {
        assert_eq!(
            resolve(&app, old).await.expect(200).json(),
            &redirect(&story, &first),
            "{old}"
        );
    }
    assert_eq!(
        written_down(&app),
        [second, third],
        "what is in use again leads nowhere else"
    );
}

#[actix_web::test]
async fn an_article_that_went_live_again_elsewhere_is_found_by_its_old_address() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Before").published().await;
    let before = path(&app, &story).await;
    let down = story.act(&app, "unpublish").await;
    assert_eq!(
        resolve(&app, &before).await.expect(200).json(),
        &json!({"type": "gone", "article_id": story.id()})
    );

    let back = slug(down, &app, "after").await;
    let after = path(&app, &back).await;
    assert_eq!(
        resolve(&app, &before).await.expect(200).json(),
        &redirect(&back, &after)
    );
    assert_eq!(written_down(&app), std::slice::from_ref(&before));

    back.trash(&app).await;
    for old in [&before, &after] {
        let gone = resolve(&app, old).await.expect(200);
        assert_eq!(gone.json(), &json!({"type": "gone", "article_id": story.id()}), "{old}");
        assert_eq!(
            gone.header("Surrogate-Key"),
            Some(format!("article:{}", story.id()).as_str())
        );
    }
}

#[actix_web::test]
async fn a_wrong_path_with_the_right_short_id_leads_to_the_article() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Right words").published().await;
    let (right, id) = (path(&app, &story).await, story.short_id());
    for wrong in [
        format!("/2026/02/16/wrong-words-{id}"),
        format!("/1999/01/01/right-words-{id}"),
        format!("/world/right-words-{id}"),
        format!("/{id}"),
        format!("/caf%C3%A9-{id}"),
        format!("/caf\u{e9} au lait-{id}"),
        format!("/2026/02/16/RIGHT-words-{id}"),
        format!("{right}/"),
        format!("http://127.0.0.1:8080{right}/"),
        format!("http://127.0.0.1:8080/x-{id}?utm_source=x"),
    ] {
        assert_eq!(
            resolve(&app, &wrong).await.expect(200).json(),
            &redirect(&story, &right),
            "{wrong}"
        );
    }
    for same in [
        format!("{right}?utm_source=letter#comments"),
        format!("http://127.0.0.1:8080{right}"),
        format!("HTTP://127.0.0.1:8080{right}#top"),
    ] {
        assert_eq!(resolve(&app, &same).await.expect(200)["type"], "article", "{same}");
    }
}

#[actix_web::test]
async fn an_address_where_there_was_never_an_article_is_not_found() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Secret").ready().await;
    let live = make::draft(&app, "Live").published().await;
    let right = path(&app, &live).await;
    for nowhere in [
        "/".to_owned(),
        "/about".to_owned(),
        "/zzzzzzzz".to_owned(),
        "/%2e%2e/%00".to_owned(),
        right.to_uppercase(),
        format!("{right}/comments"),
        format!("{right}%00"),
        format!("/2026/02/16/secret-{}", draft.short_id()),
        format!("/{}", "x".repeat(2047)),
        format!("/{}", live.slug()),
        format!("/{}", live.id()),
    ] {
        resolve(&app, &nowhere).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn what_is_no_address_of_the_site_is_refused() {
    let app = TestApp::start().await;
    for (query, rule) in [
        ("", "required"),
        ("path=", "malformed"),
        ("path=a-7gk2m9qx", "malformed"),
        ("path=%2F%2Fother.example%2Fa", "malformed"),
        ("path=/a//b", "malformed"),
        ("path=/a/../b", "malformed"),
        ("path=/./a", "malformed"),
        ("path=javascript:alert(1)", "malformed"),
        ("path=https://other.example/a-7gk2m9qx", "not_allowed"),
        ("path=http://127.0.0.1:8081/a", "not_allowed"),
        ("path=/%00", "control_character"),
        ("path=/a%0Ab", "control_character"),
        ("path=/%ff", "malformed"),
        ("path=/a&path=/b", "duplicate"),
        (&format!("path=/{}", "x".repeat(2048)), "too_long"),
    ] {
        let refusal = app.anon().get(format!("/api/v1/resolve?{query}")).await;
        let refusal = refusal.refused(400, "invalid_parameter");
        assert_eq!(refusal.flaws(), [("path".to_owned(), rule.to_owned())], "{query}");
    }
    app.anon()
        .get("/api/v1/resolve?path=/a&follow=true")
        .await
        .refused(400, "unknown_parameter");
}

/// An importer will write such rows; the end of their paths says nothing.
#[actix_web::test]
async fn an_address_from_elsewhere_leads_to_its_article_and_goes_before_what_its_end_says() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Moved here").published().await;
    let other = make::draft(&app, "Another").published().await;
    let named_like_another = format!("/old/{}", other.short_id());
    for address in ["/archive/2009/story.html", &named_like_another] {
        let id = if app.database.is_postgres() {
            format!("'{}'::uuid, now()", story.id())
        } else {
            format!("x'{}', 0", story.id().replace('-', ""))
        };
        app.database.damage(&format!(
            "insert into redirects (path, article_id, created_at) values ('{address}', {id})"
        ));
        let right = path(&app, &story).await;
        for given in [
            address.to_owned(),
            format!("{address}/"),
            format!("http://127.0.0.1:8080{address}"),
        ] {
            assert_eq!(
                resolve(&app, &given).await.expect(200).json(),
                &redirect(&story, &right),
                "{given}"
            );
        }
    }
    assert_eq!(
        resolve(&app, &path(&app, &other).await).await.expect(200)["type"],
        "article"
    );
    story.act(&app, "unpublish").await;
    assert_eq!(
        resolve(&app, "/archive/2009/story.html").await.expect(200)["type"],
        "gone"
    );
}

#[actix_web::test]
async fn a_page_moves_with_the_section_that_its_address_names() {
    let app = TestApp::with(|config| config.site.permalink = "/{locale}/{section}/{slug}-{short_id}".to_owned()).await;
    let world = make::section(&app, "World").await;
    let strait = make::subsection(&app, "Strait", &world).await;
    let within = make::draft(&app, "Within")
        .set("section_id", world.id())
        .published()
        .await;
    let below = make::draft(&app, "Below")
        .set("section_id", strait.id())
        .published()
        .await;
    let (old, untouched) = (path(&app, &within).await, path(&app, &below).await);
    app.clock.advance(60);

    let world = world.patch(&app, json!({"name": "The World"})).await;
    assert_eq!(path(&app, &within).await, old, "a new name is no new address");
    world.patch(&app, json!({"slug": "abroad"})).await;
    let new = path(&app, &within).await;
    assert_eq!(new, format!("/en/abroad/within-{}", within.short_id()));
    assert_eq!(
        path(&app, &below).await,
        untouched,
        "an address names the section itself, not those above"
    );
    assert_eq!(resolve(&app, &old).await.expect(200).json(), &redirect(&within, &new));
    let shown = within.again(&app).await;
    assert_eq!(shown.json["canonical_url"], format!("http://127.0.0.1:8080{new}"));
    assert_eq!(written_down(&app), std::slice::from_ref(&old));

    let french = within
        .patch(&app, json!({"locale": "fr"}))
        .await
        .act(&app, "publish")
        .await;
    let moved = format!("/fr/abroad/within-{}", within.short_id());
    for left in [&old, &new] {
        assert_eq!(
            resolve(&app, left).await.expect(200).json(),
            &redirect(&french, &moved),
            "{left}"
        );
    }
}

#[actix_web::test]
async fn a_new_name_of_a_section_moves_no_page_whose_address_does_not_name_it() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let story = make::draft(&app, "Steady")
        .set("section_id", world.id())
        .published()
        .await;
    let before = path(&app, &story).await;
    world.patch(&app, json!({"slug": "abroad"})).await;
    assert_eq!(path(&app, &story).await, before);
    assert_eq!(written_down(&app), Vec::<String>::new());
}

#[actix_web::test]
async fn a_site_in_a_folder_is_asked_with_and_without_it() {
    let app = TestApp::with(|config| config.site.url = "https://example.com/news".to_owned()).await;
    let story = make::draft(&app, "Foldered").published().await;
    let right = path(&app, &story).await;
    for same in [
        right.clone(),
        format!("/news{right}"),
        format!("https://example.com/news{right}"),
    ] {
        assert_eq!(resolve(&app, &same).await.expect(200)["type"], "article", "{same}");
    }
    let found = resolve(&app, &format!("/news/x-{}", story.short_id()))
        .await
        .expect(200);
    assert_eq!(found["url"], format!("https://example.com/news{right}"));
}
