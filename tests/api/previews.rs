//! Articles that somebody without a login sees before they are published.

use copydesk::domain::account::Email;
use copydesk::services::accounts::users;
use copydesk::services::articles::forget_previews;
use serde_json::{Value, json};

use crate::auth::api_keys::make_key;
use crate::auth::same;
use crate::make::{self, Made};
use crate::support::{Person, Reply, TestApp};

fn shares(article: &Made) -> String {
    format!("{}/preview-tokens", article.path())
}

async fn share(app: &TestApp, article: &Made, body: Value) -> Reply {
    app.editor().post(shares(article)).json(&body).await.expect(201)
}

fn link(shared: &Reply) -> String {
    format!("/api/v1/preview/{}", shared["token"].as_str().unwrap())
}

/// Nothing tells why.
async fn is_nothing(app: &TestApp, link: &str) {
    let unknown = app.anon().get("/api/v1/preview/cdp_x").await.refused(404, "not_found");
    let refused = app.anon().get(link).await.refused(404, "not_found");
    assert_eq!(same(refused.json()), same(unknown.json()));
}

/// A story that shows and links to something of every kind, among it what is not public.
async fn rich(app: &TestApp) -> Made {
    let live = make::draft(app, "Storm closes the strait")
        .ready()
        .await
        .act(app, "publish")
        .await;
    let hidden = make::draft(app, "The next one").ready().await;
    let (lead, inside) = (
        make::photo(app, Person::Editor).await,
        make::photo(app, Person::Editor).await,
    );
    let mut story = make::wire_story(app).await;
    let blocks = story.body["body"].as_array_mut().unwrap();
    blocks.push(json!({"type": "image", "media_id": inside.id()}));
    let linked = |to: &Made| json!({"text": "before", "link": {"article_id": to.id()}});
    blocks.push(json!({"type": "paragraph", "text": [linked(&live), linked(&hidden)]}));
    let related = json!([{"article_id": live.id()}, {"article_id": hidden.id()}, {"url": "https://harbour.example/notices/12", "title": "Notice 12"}]);
    let story = story
        .set("lead_media", json!({"media_id": lead.id()}))
        .set("related", related);
    story.ready().await
}

/// What is signed, and when it was, are other on a page that is live.
fn but_for_times(page: &Value) -> Value {
    let text = page.to_string().replace("&amp;", "&");
    let mut parts = text.split("&expires=");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (_, rest) = part.split_once("&signature=").unwrap();
        plain.push_str(&rest[32..]);
    }
    let mut page: Value = serde_json::from_str(&plain).unwrap();
    for field in ["first_published_at", "published_at", "updated_at"] {
        page[field] = Value::Null;
    }
    page
}

#[actix_web::test]
async fn a_preview_is_the_page_that_readers_get_once_it_is_live() {
    let app = TestApp::start().await;
    let story = rich(&app).await;
    let shared = share(&app, &story, json!({})).await;
    let mut before = Vec::new();
    let queries = [
        "",
        "?include=related,backlinks",
        "?body=html",
        "?body=markdown&include=related",
        "?body=text",
        "?body=none",
    ];
    for query in queries {
        before.push(app.anon().get(format!("{}{query}", link(&shared))).await.expect(200));
    }
    for reply in &before {
        assert_eq!(reply.header("Cache-Control"), Some("private, no-store"));
        assert_eq!(reply.header("X-Robots-Tag"), Some("noindex"));
        assert_eq!(reply.header("Surrogate-Key"), None);
        assert!(
            !reply.text().contains("Second source") && !reply.text().contains("The next one"),
            "{}",
            reply.text()
        );
    }
    app.anon().get(story.public_path()).await.refused(404, "not_found");
    story.act(&app, "publish").await;
    for (query, before) in queries.iter().zip(&before) {
        let after = app
            .anon()
            .get(format!("{}{query}", story.public_path()))
            .await
            .expect(200);
        assert_eq!(but_for_times(before.json()), but_for_times(after.json()), "{query}");
    }
}

#[actix_web::test]
async fn pictures_of_a_preview_are_found_though_no_page_shows_them() {
    let app = TestApp::start().await;
    let story = rich(&app).await;
    let page = app
        .anon()
        .get(link(&share(&app, &story, json!({})).await))
        .await
        .expect(200);
    let inside = page["body"]
        .as_array()
        .unwrap()
        .iter()
        .find(|block| block["type"] == "image")
        .unwrap();
    for media in [&page["lead_media"]["media"], &inside["media"]] {
        let src = media["src"].as_str().unwrap();
        app.anon().get(src).await.expect(200);
        let (plain, _) = src.split_once("&expires=").unwrap();
        app.anon().get(plain).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn a_preview_follows_the_working_copy_or_shows_one_revision() {
    let app = TestApp::start().await;
    let first = make::wire_story(&app).await.ready().await;
    let second = first.patch(&app, json!({"headline": "Second thoughts"})).await;
    let follows = share(&app, &second, json!({})).await;
    let pinned = share(&app, &second, json!({"revision": 1})).await;
    assert_eq!((&follows["revision"], &pinned["revision"]), (&Value::Null, &json!(1)));
    let headline = async |shared: &Reply| app.anon().get(link(shared)).await.expect(200)["headline"].clone();
    assert_eq!(headline(&follows).await, "Second thoughts");
    assert_eq!(headline(&pinned).await, first.json["headline"]);
    let page = app.anon().get(link(&follows)).await;
    let again = app.anon().get(link(&follows)).header("If-None-Match", page.etag());
    assert_eq!(again.await.status(), 304);
    let third = second.patch(&app, json!({"headline": "Third time"})).await;
    assert_eq!(headline(&follows).await, "Third time");
    assert_eq!(headline(&pinned).await, first.json["headline"]);
    // What is live is nobody's preview.
    third
        .act(&app, "publish")
        .await
        .patch(&app, json!({"headline": "Fourth"}))
        .await;
    assert_eq!(headline(&follows).await, "Fourth");
    let public = app.anon().get(first.public_path()).await.expect(200);
    assert_eq!(public["headline"], "Third time");
    for (body, at, rule) in [
        (json!({"revision": 99}), "/revision", "unknown_reference"),
        (json!({"revision": "1"}), "/revision", "wrong_type"),
        (json!({"expires_in": 3599}), "/expires_in", "out_of_range"),
        (json!({"expires_in": 2_592_001}), "/expires_in", "out_of_range"),
        (json!({"token": "cdp_mine"}), "/token", "unknown"),
    ] {
        let refused = app
            .editor()
            .post(shares(&first))
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(at.to_owned(), rule.to_owned())], "{body}");
    }
}

#[actix_web::test]
async fn a_preview_ends() {
    let app = TestApp::start().await;
    let other = app.beside(|_| {}).await;
    let story = make::draft(&app, "Ferries").ready().await;
    let (short, gone, week) = (
        share(&app, &story, json!({"expires_in": 3600})).await,
        share(&app, &story, json!({"expires_in": 2_592_000})).await,
        share(&app, &story, Value::Object(serde_json::Map::new())).await,
    );
    app.clock.advance(3599);
    for shared in [&short, &gone, &week] {
        assert_eq!(other.get(&link(shared)).await.0, 200);
    }
    app.clock.advance(1);
    is_nothing(&app, &link(&short)).await;
    let own = format!("{}/{}", shares(&story), gone["id"].as_str().unwrap());
    app.editor().delete(&own).await.expect(204);
    is_nothing(&app, &link(&gone)).await;
    assert_eq!(other.get(&link(&gone)).await.0, 404);
    app.editor().delete(&own).await.refused(404, "not_found");
    let page = app.editor().get(shares(&story)).await.expect(200);
    assert_eq!(page.items(), [week.json().clone()]);

    let trashed = story.trash(&app).await;
    is_nothing(&app, &link(&week)).await;
    app.editor().post(shares(&story)).await.refused(409, "article_in_trash");
    trashed.act(&app, "restore").await;
    app.anon().get(link(&week)).await.expect(200);
    let whose = || Email::parse(&Person::Editor.email()).unwrap();
    users::set_disabled(&app.services, whose(), true).await.unwrap();
    is_nothing(&app, &link(&week)).await;
    users::set_disabled(&app.services, whose(), false).await.unwrap();
    app.anon().get(link(&week)).await.expect(200);
    app.clock.advance(7 * 24 * 3600);
    is_nothing(&app, &link(&week)).await;
}

#[actix_web::test]
async fn what_was_saved_by_itself_stays_while_a_preview_shows_it() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferries").ready().await;
    let save = async |before: &Made, deck: &str| {
        let call = app.editor().patch(format!("{}?autosave=true", before.path()));
        let reply = call.if_match(before.revision()).json(&json!({ "deck": deck })).await;
        Made::article(reply.expect(200).json())
    };
    let first = save(&story, "One").await;
    let pinned = share(&app, &first, json!({"revision": first.revision(), "expires_in": 3600})).await;
    let mut last = first;
    for deck in ["One by", "One by one"] {
        last = save(&last, deck).await;
        let page = app.anon().get(link(&pinned)).await.expect(200);
        assert_eq!(page["deck"], "One", "after {deck}");
    }
    let numbers = |history: Reply| history.column("revision").len();
    let history = format!("{}/revisions", story.path());
    assert_eq!(numbers(app.editor().get(&history).await.expect(200)), 3);
}

#[actix_web::test]
async fn a_preview_that_was_made_with_a_key_ends_with_it() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferries").ready().await;
    let body = json!({"name": "Short", "scopes": ["articles:write"], "expires_at": "2026-02-16T10:00:00Z"});
    app.clock.set("2026-02-16T09:59:59Z");
    let short = app.editor().post("/api/v1/auth/api-keys").json(&body).await.expect(201);
    let long = make_key(app.editor(), &["articles:write"]).await;
    let mut links = Vec::new();
    for made in [&short, &long] {
        let asking = app.bearer(made["key"].as_str().unwrap());
        links.push(link(&asking.post(shares(&story)).await.expect(201)));
    }
    let own = link(&share(&app, &story, json!({})).await);
    for link in links.iter().chain([&own]) {
        app.anon().get(link).await.expect(200);
    }
    app.clock.advance(1);
    is_nothing(&app, &links[0]).await;
    app.anon().get(&links[1]).await.expect(200);
    let key = format!("/api/v1/auth/api-keys/{}", long["id"].as_str().unwrap());
    app.editor().delete(key).await.expect(204);
    is_nothing(&app, &links[1]).await;
    app.anon().get(&own).await.expect(200);
    let another = make_key(app.editor(), &["articles:write"]).await;
    let theirs = app.bearer(another["key"].as_str().unwrap()).get(shares(&story));
    assert!(theirs.await.expect(200).items().is_empty(), "a key is shown its own");
    let listed = app.editor().get(shares(&story)).await.expect(200);
    assert!(!listed.text().contains(&links[1][16..]));
}

#[actix_web::test]
async fn whoever_may_not_see_an_article_any_more_shares_it_no_more() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferries").ready().await;
    let shared = share(&app, &story, json!({})).await;
    let theirs = make::draft(&app, "Mine").by(Person::Contributor).ready().await;
    let own = app.contributor().post(shares(&theirs)).await.expect(201);
    for path in [
        shares(&theirs),
        format!("{}/{}", shares(&theirs), own["id"].as_str().unwrap()),
    ] {
        let call = app.person(Person::Stranger);
        let call = if path.ends_with("tokens") {
            call.post(path)
        } else {
            call.delete(path)
        };
        call.await.refused(404, "not_found");
    }
    // A preview of one article is not taken back by way of another.
    let crossed = format!("{}/{}", shares(&story), own["id"].as_str().unwrap());
    app.editor().delete(crossed).await.refused(404, "not_found");
    app.anon().get(link(&own)).await.expect(200);
    let by_admin = app.admin().post(shares(&story)).await.expect(201);
    app.anon().get(link(&by_admin)).await.expect(200);
    app.database.damage("update users set role = 'contributor'");
    is_nothing(&app, &link(&by_admin)).await;
    // Of their own articles they still may.
    for still in [&shared, &own] {
        app.anon().get(link(still)).await.expect(200);
    }
}

#[actix_web::test]
async fn sharing_changes_nothing_that_is_public_and_is_written_down() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferries").ready().await;
    let public = [
        "/api/v1/articles",
        "/api/v1/search?q=ferries",
        "/feeds/all.rss",
        "/sitemap.xml",
    ];
    let mut before = Vec::new();
    for path in public {
        before.push(app.anon().get(path).await.expect(200).text());
    }
    let shared = share(&app, &story, json!({})).await;
    app.anon().get(link(&shared)).await.expect(200);
    for (path, before) in public.iter().zip(&before) {
        assert_eq!(&app.anon().get(*path).await.text(), before, "{path}");
    }
    let own = format!("{}/{}", shares(&story), shared["id"].as_str().unwrap());
    app.editor().delete(own).await.expect(204);
    let audit = app.editor().get(format!("{}/audit", story.path())).await.expect(200);
    assert_eq!(audit.column("action"), ["unshare", "share", "create"]);
    assert!(!audit.text().contains("cdp_"));
    assert_eq!(story.again(&app).await.json, story.json);
}

#[actix_web::test]
async fn what_is_gone_of_a_revision_is_left_out_of_its_preview() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.ready().await;
    let plain = story.patch(&app, json!({"section_id": null, "tag_ids": []})).await;
    let section = format!("/api/v1/editor/sections/{}", story.json["section_id"].as_str().unwrap());
    app.editor().delete(section).if_match(1).await.expect(204);
    let pinned = share(&app, &plain, json!({"revision": 1})).await;
    let page = app.anon().get(link(&pinned)).await.expect(200);
    assert_eq!(
        (&page["section"], page["tags"].as_array().unwrap().len()),
        (&Value::Null, 2)
    );
}

#[actix_web::test]
async fn previews_are_bounded_and_forgotten() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferries").ready().await;
    share(&app, &story, json!({"expires_in": 3600})).await;
    let columns = "article_id, created_by, created_at, expires_at";
    let id = if app.database.is_postgres() {
        "gen_random_uuid()"
    } else {
        "randomblob(16)"
    };
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 99)";
    app.database.damage(&format!(
        "insert into preview_tokens (id, {columns}) {many} select {id}, {columns} from preview_tokens, n"
    ));
    let refused = app.editor().post(shares(&story)).await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [(String::new(), "too_many".to_owned())]);
    let page = app
        .editor()
        .get(format!("{}?limit=60", shares(&story)))
        .await
        .expect(200);
    let rest = format!(
        "{}?limit=60&cursor={}",
        shares(&story),
        page["next_cursor"].as_str().unwrap()
    );
    assert_eq!(app.editor().get(rest).await.expect(200).items().len(), 40);
    let count = || {
        app.database
            .texts("select cast(count(*) as text) as what from preview_tokens")
            .concat()
    };
    // More of one moment than are forgotten at once.
    let more = many.replace("99", "11");
    app.database.damage(&format!(
        "insert into preview_tokens (id, {columns}) {more} select {id}, {columns} from preview_tokens, n"
    ));
    app.clock.advance(3600 + 7 * 24 * 3600 - 1);
    forget_previews(&app.services).await;
    assert_eq!(count(), "1200");
    app.clock.advance(1);
    forget_previews(&app.services).await;
    assert_eq!(count(), "0");
}
