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
        .set("deck", "At \"noon\" & <b> later.")
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
        html.ends_with("<aside><p>Correction (2026-02-16): The day was &lt;wrong&gt;.</p></aside>"),
        "{html}"
    );
    let media = &channel.items()[0].extensions()["media"]["content"][0];
    assert!(media.attrs["url"].starts_with("http://") && media.attrs["url"].contains(picture.id()));
    assert_eq!(media.children["credit"][0].value(), Some("Northlight Pictures"));
    assert_eq!(told[1].2, "Timetable");
    // A reader takes it for HTML.
    assert_eq!(
        channel.items()[0].description(),
        Some("At \"noon\" &amp; &lt;b&gt; later.")
    );
    assert_eq!(
        feed.entries()[0].summary().map(atom_syndication::Text::as_str),
        Some("At \"noon\" & <b> later.")
    );
    let reply = app.anon().get("/feeds/world.rss").await.expect(200);
    let keys: Vec<&str> = reply.header("Surrogate-Key").unwrap().split(' ').collect();
    let named = [
        "articles".to_owned(),
        "sections".to_owned(),
        format!("section:{}", world.id()),
        format!("article:{}", story.id()),
        format!("media:{}", picture.id()),
        format!("contributor:{}", wire.id()),
    ];
    for key in named {
        assert!(keys.contains(&key.as_str()), "{key} is not in {keys:?}");
    }
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
    let app = TestApp::with(|config| (config.delivery.cache_mb, config.delivery.editions_mb) = (0, 0)).await;
    let world = make::section(&app, "World").await;
    let quiet = make::section(&app, "Quiet").await;
    let other = make::draft(&app, "Elsewhere").published().await;
    make::draft(&app, "Alone")
        .set("section_id", quiet.id())
        .set("related", json!([{"article_id": other.id(), "placement": "both"}]))
        .published()
        .await;
    let target = make::draft(&app, "Background").published().await;
    for number in 0..60 {
        let placement = if number % 2 == 0 { "both" } else { "list" };
        make::draft(&app, &format!("Story {number}"))
            .set("section_id", world.id())
            .set("related", json!([{"article_id": target.id(), "placement": placement}]))
            .published()
            .await;
        app.clock.advance(1);
    }
    let sent = async |name: &str| {
        let before = app.services.statements();
        let channel = rss(&app, name).await;
        (channel, app.services.statements() - before)
    };
    let (many, statements) = sent("world").await;
    assert_eq!((many.items().len(), many.items()[0].title()), (50, Some("Story 59")));
    let (one, few) = sent("quiet").await;
    assert_eq!((one.items().len(), few), (1, statements));
    let reply = app.anon().get("/feeds/world.rss").await.expect(200);
    let fresh = app.anon().get("/feeds/world.rss").header("If-None-Match", reply.etag());
    fresh.await.expect(304);
    assert!(
        reply
            .header("Surrogate-Key")
            .is_some_and(|keys| keys.contains("articles"))
    );
}

/// JSON can hold what XML cannot.
#[actix_web::test]
async fn what_no_xml_can_hold_is_left_out() {
    let app = TestApp::start().await;
    let odd = "a\u{fffe}b\u{ffff}c";
    let story = make::draft(&app, odd)
        .set("deck", odd)
        .set("byline", json!({"override": odd}));
    story.set("body", json!([make::paragraph(odd)])).published().await;
    for form in ["rss", "atom"] {
        let text = app.anon().get(format!("/feeds/all.{form}")).await.expect(200).text();
        assert!(
            !text.contains(['\u{fffe}', '\u{ffff}']) && text.matches("abc").count() >= 4,
            "{text}"
        );
    }
}

/// A feed does not grow without end: what follows comes with its summary.
#[actix_web::test]
async fn long_stories_come_with_their_summaries() {
    let app = TestApp::start().await;
    let text = "A long story. ".repeat(60);
    let long: Vec<_> = (0..1000).map(|_| make::paragraph(&text)).collect();
    for number in 0..4 {
        let story = make::draft(&app, &format!("Long {number}")).set("deck", "In short.");
        story.set("body", json!(long)).published().await;
        app.clock.advance(1);
    }
    let channel = rss(&app, "all").await;
    let whole: Vec<bool> = channel.items().iter().map(|item| item.content().is_some()).collect();
    assert_eq!(whole, [true, true, false, false]);
    assert_eq!(channel.items()[3].description(), Some("In short."));
    let json = app.anon().get("/feeds/all.json").await.expect(200);
    assert_eq!(json.items()[3]["content_text"], "In short.");
}
