//! What is new, in three forms that say the same.

use serde_json::json;

use crate::make;
use crate::support::TestApp;

/// A story of each feed, as far as all forms tell it: id, address, title, text, authors, categories.
type Told = (String, String, String, String, Vec<String>, Vec<String>);

async fn rss(app: &TestApp, name: &str) -> rss::Channel {
    let reply = app.anon().get(format!("/feeds/{name}.rss")).await.expect(200);
    assert_eq!(reply.header("Content-Type"), Some("application/rss+xml; charset=utf-8"));
    rss::Channel::read_from(reply.body()).unwrap()
}

async fn atom(app: &TestApp, name: &str) -> atom_syndication::Feed {
    let reply = app.anon().get(format!("/feeds/{name}.atom")).await.expect(200);
    assert_eq!(
        reply.header("Content-Type"),
        Some("application/atom+xml; charset=utf-8")
    );
    atom_syndication::Feed::read_from(reply.body()).unwrap()
}

fn of_rss(item: &rss::Item) -> Told {
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (
        item.guid().unwrap().value().to_owned(),
        owned(item.link()),
        owned(item.title()),
        owned(item.content()),
        item.dublin_core_ext()
            .map(|dc| dc.creators().to_vec())
            .unwrap_or_default(),
        item.categories().iter().map(|one| one.name().to_owned()).collect(),
    )
}

fn of_atom(entry: &atom_syndication::Entry) -> Told {
    (
        entry.id().to_owned(),
        entry.links()[0].href().to_owned(),
        entry.title().as_str().to_owned(),
        entry
            .content()
            .and_then(|content| content.value())
            .unwrap_or_default()
            .to_owned(),
        entry.authors().iter().map(|author| author.name().to_owned()).collect(),
        entry.categories().iter().map(|one| one.term().to_owned()).collect(),
    )
}

fn of_json(item: &serde_json::Value) -> Told {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &serde_json::Value, of: &dyn Fn(&serde_json::Value) -> String| {
        value.as_array().into_iter().flatten().map(of).collect()
    };
    (
        text(&item["id"]),
        text(&item["url"]),
        text(&item["title"]),
        text(&item["content_html"]),
        list(&item["authors"], &|author| text(&author["name"])),
        list(&item["tags"], &text),
    )
}

#[actix_web::test]
async fn all_forms_tell_the_same_of_every_story() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").published().await;
    app.clock.advance(60);
    let world = make::section(&app, "World").await;
    let wire = make::contributor(&app, "Meridian Wire & Co. <wire>", "organisation").await;
    let picture = make::picture(&app, json!({"alt": "A pier.", "credit": "Northlight Pictures"})).await;
    let story = make::draft(&app, "Ferry & <fog>: \u{1f6a2} ]]> sails")
        .set("deck", "At \"noon\" & later.")
        .set("section_id", world.id())
        .set("tag_ids", json!([make::tag(&app, "Ferries & ships").await.id()]))
        .set("byline", json!({"contributors": [{"contributor_id": wire.id()}]}))
        .set("lead_media", json!({"media_id": picture.id()}))
        .set(
            "body",
            json!([
                {"type": "paragraph", "text": [
                    {"text": "See "}, {"text": "the timetable", "link": {"article_id": target.id()}}, {"text": " ]]> & <b>"},
                ]},
                {"type": "image", "media_id": picture.id()},
            ]),
        )
        .published()
        .await;
    let note = app
        .editor()
        .post(format!("{}/corrections", story.path()))
        .if_match(story.revision());
    note.json(&json!({"kind": "correction", "text": "The day was <wrong>."}))
        .await
        .expect(201);

    let channel = rss(&app, "all").await;
    let feed = atom(&app, "all").await;
    let json = app.anon().get("/feeds/all.json").await.expect(200);
    let told: Vec<Told> = channel.items().iter().map(of_rss).collect();
    assert_eq!(told, feed.entries().iter().map(of_atom).collect::<Vec<_>>());
    assert_eq!(told, json.items().iter().map(of_json).collect::<Vec<_>>());

    let (id, url, title, html, authors, categories) = &told[0];
    let live = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(id, &format!("urn:uuid:{}", story.id()));
    assert_eq!(
        (url.as_str(), title.as_str()),
        (
            live["canonical_url"].as_str().unwrap(),
            "Ferry & <fog>: \u{1f6a2} ]]> sails"
        )
    );
    assert_eq!(
        (authors, categories),
        (
            &vec!["Meridian Wire & Co. <wire>".to_owned()],
            &vec!["World".to_owned(), "Ferries & ships".to_owned()]
        )
    );
    let address = app.anon().get(target.public_path()).await.expect(200)["canonical_url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(html.contains(&format!("<a href=\"{address}\" ")), "{html}");
    assert!(html.contains(">the timetable</a> ]]&gt; &amp; &lt;b&gt;</p>"), "{html}");
    assert!(
        html.contains("src=\"http://") && !html.contains("src=\"/"),
        "whole addresses only: {html}"
    );
    assert!(
        html.ends_with("<aside><p>Correction (2026-02-16): The day was &lt;wrong>.</p></aside>"),
        "{html}"
    );
    let media = &channel.items()[0].extensions()["media"]["content"][0];
    assert!(media.attrs["url"].starts_with("http://") && media.attrs["url"].contains(picture.id()));
    assert_eq!(media.children["credit"][0].value(), Some("Northlight Pictures"));
    assert_eq!(told[1].2, "Timetable");
}

#[actix_web::test]
async fn a_section_brings_those_below_it_and_what_is_taken_down_is_gone() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let strait = make::subsection(&app, "The Strait", &world).await;
    let within = make::draft(&app, "Within")
        .set("section_id", strait.id())
        .published()
        .await;
    make::draft(&app, "Elsewhere").published().await;
    let titles = |channel: &rss::Channel| -> Vec<String> {
        channel
            .items()
            .iter()
            .filter_map(|item| item.title().map(str::to_owned))
            .collect()
    };
    assert_eq!(titles(&rss(&app, "world").await), ["Within"]);
    assert_eq!(rss(&app, "world").await.title(), "World | Copydesk");
    within.act(&app, "unpublish").await;
    assert!(rss(&app, "the-strait").await.items().is_empty());
    assert!(atom(&app, "the-strait").await.entries().is_empty());
    for unknown in ["nowhere.rss", "all.xml", "all", "world.RSS", ".rss", "no%20slug.atom"] {
        app.anon()
            .get(format!("/feeds/{unknown}"))
            .await
            .refused(404, "not_found");
    }
}

#[actix_web::test]
async fn the_last_fifty_come_in_a_fixed_number_of_statements() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    for number in 0..60 {
        make::draft(&app, &format!("Story {number}"))
            .set("section_id", world.id())
            .published()
            .await;
        app.clock.advance(1);
    }
    let before = app.services.statements();
    let channel = rss(&app, "world").await;
    let sent = app.services.statements() - before;
    assert_eq!(channel.items().len(), 50);
    assert_eq!(channel.items()[0].title(), Some("Story 59"));
    assert!(sent <= 8, "{sent} statements");
    let reply = app.anon().get("/feeds/world.rss").await.expect(200);
    let fresh = app.anon().get("/feeds/world.rss").header("If-None-Match", reply.etag());
    fresh.await.expect(304);
    assert!(
        reply
            .header("Surrogate-Key")
            .is_some_and(|keys| keys.contains("articles"))
    );
}

/// A title may hold what XML cannot, since JSON can.
#[actix_web::test]
async fn nothing_that_was_written_breaks_a_feed() {
    let app = TestApp::start().await;
    for title in ["a\u{fffe}b", "\u{10ffff}", "<![CDATA[x]]>", "&amp;", "]]>"] {
        let made = app
            .editor()
            .post("/api/v1/editor/articles")
            .json(&json!({"headline": title}))
            .await;
        if made.status() == 201 {
            let story = make::draft(&app, title).published().await;
            assert!(
                !rss(&app, "all").await.items().is_empty() && !atom(&app, "all").await.entries().is_empty(),
                "{title}"
            );
            drop(story);
        }
    }
}
