//! An article in the forms of others.

mod asked;

use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::samples::{read_json, samples};
use crate::support::{Reply, TestApp};

const JSON_LD: &str = "application/ld+json";
const NINJS: &str = "application/vnd.iptc.ninjs+json";
const HTML: &str = "text/html";
/// What breaks out where something is not escaped.
const ODD: &str = "Ferry & <fog> \"ten\" ]]> </script><b onload=x>";

/// A story with everything: the agency's, republished, corrected, with a picture and with links.
async fn everything(app: &TestApp) -> (Made, Made) {
    let target = make::draft(app, "Timetable").set("kind", "opinion").published().await;
    let hidden = make::draft(app, "Hidden until it is ready").ready().await;
    let said = json!({"alt": "A pier.", "caption": ODD, "credit": "Northlight Pictures", "creator": "Ansa Kivi", "copyright": "2026 N"});
    let picture = make::picture(app, said).await;
    let story = make::wire_story(app).await;
    let contributors = story.body["byline"]["contributors"].clone();
    let story = story
        .set("headline", ODD)
        .set("deck", "At \"noon\"\n& <b> later.")
        .set("lead_media", json!({"media_id": picture.id()}))
        .set("byline", json!({"contributors": contributors, "override": "By our staff & <agencies>"}))
        .set(
            "related",
            json!([
                {"article_id": target.id(), "kind": "background"},
                {"article_id": hidden.id()},
                {"url": "https://harbour.example/n?a=1&b=2", "title": "Notice <12>", "source": "Port Office", "kind": "source"},
            ]),
        );
    let story = story.published().await;
    app.clock.advance(60);
    let note = app.editor().post(format!("{}/corrections", story.path()));
    let note = note
        .if_match(story.revision())
        .json(&json!({"kind": "editors_note", "text": "The day was <wrong>."}));
    note.await.expect(201);
    (story, target)
}

async fn form(app: &TestApp, article: &Made, format: &str) -> Reply {
    let path = format!("{}?format={format}", article.public_path());
    app.anon().get(path).await.expect(200)
}

async fn address(app: &TestApp, article: &Made) -> Value {
    app.anon().get(article.public_path()).await.expect(200)["canonical_url"].clone()
}

#[actix_web::test]
async fn search_engines_read_the_whole_of_it() {
    let app = TestApp::start().await;
    let (story, target) = everything(&app).await;
    let reply = form(&app, &story, "jsonld").await;
    assert!(!reply.text().contains('<'), "it can stand in a script element");
    let (url, other) = (address(&app, &story).await, address(&app, &target).await);
    let mut told = reply.json().clone();
    let image = told["image"].take();
    let expected = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": format!("urn:uuid:{}", story.id()),
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": ODD,
        "alternativeHeadline": "Ferry resumes",
        "description": "The first ferry in nine days left Port Aldous on Monday.",
        "image": null,
        "datePublished": "2026-02-16T09:30:00.000Z",
        "dateModified": "2026-02-16T09:31:00.000Z",
        "author": [{"@type": "Organization", "name": "Meridian Wire"}],
        "contributor": [{"@type": "Person", "name": "Ansa Kivi"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "Copydesk", "url": "http://127.0.0.1:8080/"},
        "sourceOrganization": {"@type": "Organization", "name": "Meridian Wire"},
        "creditText": "Meridian Wire",
        "dateline": "PORT ALDOUS, Feb 16 (Meridian Wire)",
        "articleSection": "World",
        "keywords": ["Winter storm", "Ferries"],
        "inLanguage": "en",
        "wordCount": told["wordCount"],
        "isBasedOn": ["https://wire.example/2026/02/16/ferry", "https://harbour.example/n?a=1&b=2"],
        "citation": [
            {"@type": "OpinionNewsArticle", "name": "Timetable", "url": other},
            {
                "@type": "CreativeWork", "name": "Notice <12>", "url": "https://harbour.example/n?a=1&b=2",
                "publisher": {"@type": "Organization", "name": "Port Office"},
            },
        ],
        "correction": [{
            "@type": "CorrectionComment", "name": "Editor\u{2019}s note", "text": "The day was <wrong>.",
            "datePublished": "2026-02-16T09:31:00.000Z", "dateModified": "2026-02-16T09:31:00.000Z",
        }],
    });
    assert_eq!(told, expected);
    let src = image["contentUrl"].as_str().unwrap();
    assert!(src.starts_with("http://127.0.0.1:8080/media/") && src.contains(".jpg?v="));
    assert_eq!(
        (&image["caption"], &image["creditText"]),
        (&json!(ODD), &json!("Northlight Pictures"))
    );
    assert_eq!(
        (&image["width"]["value"], &image["height"]["value"]),
        (&json!(600), &json!(400))
    );
}

/// Where nobody is named, what the byline says; then who supplied it; then who publishes it.
#[actix_web::test]
async fn an_author_is_always_told() {
    let app = TestApp::start().await;
    let agency = json!({"name": "Meridian Wire", "category": "wires"});
    for (byline, distributor, author, kind) in [
        (json!({"override": "Staff"}), agency.clone(), "Staff", "Organization"),
        (json!({}), agency, "Meridian Wire", "Organization"),
        (json!({}), Value::Null, "Copydesk", "NewsMediaOrganization"),
    ] {
        let story = make::draft(&app, "Ferry sails")
            .set("byline", byline)
            .set("distributor", distributor);
        let told = form(&app, &story.set("kind", "analysis").published().await, "jsonld").await;
        assert_eq!(told["@type"], "AnalysisNewsArticle");
        assert_eq!(
            (&told["author"][0]["name"], &told["author"][0]["@type"]),
            (&json!(author), &json!(kind))
        );
    }
}

#[actix_web::test]
async fn other_newsrooms_read_what_the_standard_says() {
    let app = TestApp::start().await;
    let (story, target) = everything(&app).await;
    let plain = make::draft(&app, "Plain").published().await;
    let reply = form(&app, &story, "ninjs").await;
    assert_eq!(reply["uri"], json!(format!("urn:uuid:{}", story.id())));
    assert_eq!(reply["by"], "By our staff & <agencies>");
    assert_eq!(
        (&reply["organisations"][0]["name"], &reply["people"][0]["name"]),
        (&json!("Meridian Wire"), &json!("Ansa Kivi"))
    );
    let rels: Vec<&Value> = reply["associations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["rel"])
        .collect();
    assert_eq!(rels, ["lead", "background", "source"]);
    assert_eq!(
        reply["associations"][1]["uri"],
        json!(format!("urn:uuid:{}", target.id()))
    );
    let notes = reply["descriptions"].as_array().unwrap();
    assert!(
        notes.iter().any(|one| one["role"] == "correction"
            && one["value"] == "Editor\u{2019}s note (2026-02-16): The day was <wrong>.")
    );
    let html = reply["bodies"][0]["value"].as_str().unwrap();
    assert!(html.starts_with("<p data-block-id=\"p1\">"), "{html}");
    // What the supplier allows stays inside.
    assert!(!reply.text().contains("30 days"));

    let Some(file) = samples("ninjs/schema/ninjs-schema_3.1.json") else {
        return;
    };
    let mut schema = read_json(&file);
    // The one part that is elsewhere, which nothing of ours uses.
    schema["$defs"]["ninjsType"]["properties"]["places"]["items"]["properties"]["geoJSON"] = json!(false);
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    for item in [reply, form(&app, &plain, "ninjs").await] {
        let errors: Vec<String> = validator
            .iter_errors(item.json())
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut odd = form(&app, &plain, "ninjs").await.json().clone();
    odd["pubStatus"] = json!("live");
    assert!(!validator.is_valid(&odd), "the schema sees what is wrong");
}

/// Each element with its class, its attributes and all words within.
fn elements(html: &str) -> Vec<(String, String, Vec<String>, String)> {
    use html5ever::tendril::TendrilSink as _;
    let dom = html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut found = Vec::new();
    walk(&dom.document, &mut found);
    found
}

fn walk(node: &Handle, found: &mut Vec<(String, String, Vec<String>, String)>) -> String {
    let at = found.len();
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attrs = attrs.borrow();
        let class = attrs.iter().find(|one| &*one.name.local == "class");
        let class = class.map(|one| one.value.to_string()).unwrap_or_default();
        let names = attrs.iter().map(|one| one.name.local.to_string()).collect();
        found.push((name.local.to_string(), class, names, String::new()));
    }
    let mut text = match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => String::new(),
    };
    for child in node.children.borrow().iter() {
        text.push_str(&walk(child, found));
    }
    if let NodeData::Element { .. } = &node.data {
        found[at].3.clone_from(&text);
    }
    text
}

#[actix_web::test]
async fn browsers_read_a_fragment_that_holds_nothing_but_ours() {
    let app = TestApp::start().await;
    let (story, _) = everything(&app).await;
    let reply = form(&app, &story, "html").await;
    assert_eq!(reply.header("Content-Type"), Some("text/html; charset=utf-8"));
    let policy = reply.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let found = elements(&reply.text());
    let words = |name: &str, class: &str| -> Vec<String> {
        let those = found.iter().filter(|one| one.0 == name && one.1 == class);
        those.map(|one| one.3.trim().to_owned()).collect()
    };
    for (name, class, expected) in [
        ("p", "kicker", "Transport"),
        ("h1", "headline", ODD),
        ("p", "deck", "At \"noon\"& <b> later."),
        ("p", "byline", "By our staff & <agencies>"),
        ("p", "dateline", "PORT ALDOUS, Feb 16 (Meridian Wire)"),
        (
            "aside",
            "correction",
            "Editor\u{2019}s note (2026-02-16): The day was <wrong>.",
        ),
        ("p", "original", "https://wire.example/2026/02/16/ferry"),
        ("p", "distributor", "Meridian Wire"),
    ] {
        assert_eq!(words(name, class), [expected], "{class}");
    }
    assert!(words("figure", "lead")[0].starts_with(ODD));
    let related = &words("aside", "related")[0];
    assert_eq!(related, "Timetable\nNotice <12> Port Office");
    assert!(words("div", "body")[0].contains("A long wait"));
    let ours =
        "html head body article header p h1 time figure img figcaption small div a h2 strong em aside ul li footer br";
    for (name, _, attributes, _) in &found {
        assert!(ours.split(' ').any(|one| one == name), "<{name}>");
        let runs = attributes
            .iter()
            .find(|name| name.starts_with("on") || *name == "style");
        assert_eq!(runs, None, "<{name}>");
    }
}

#[actix_web::test]
async fn a_film_can_open_a_story() {
    let app = TestApp::start().await;
    let film = make::film(&app).await;
    let film = film
        .patch(&app, json!({"credit": "Northlight", "alt": "The harbour."}))
        .await;
    let story = make::draft(&app, "Ferry sails").set("lead_media", json!({"media_id": film.id()}));
    let story = story.published().await;
    let told = form(&app, &story, "jsonld").await;
    assert_eq!(
        (&told["video"]["@type"], &told["image"]),
        (&json!("VideoObject"), &Value::Null)
    );
    let src = told["video"]["contentUrl"].as_str().unwrap();
    assert!(src.starts_with("http://127.0.0.1:8080/media/"), "{src}");
    assert_eq!(form(&app, &story, "ninjs").await["associations"][0]["type"], "video");
    let found = elements(&form(&app, &story, "html").await.text());
    assert!(found.iter().any(|one| one.0 == "video"));
}
