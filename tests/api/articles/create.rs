//! New articles.

use std::collections::BTreeSet;

use copydesk::domain::slug::Slug;
use serde_json::{Value, json};

use crate::make::{self, paragraph};
use crate::support::{TestApp, snap};

const ARTICLES: &str = "/api/v1/editor/articles";

#[actix_web::test]
async fn a_wire_story_is_kept_whole() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await;
    let made = app.editor().post(ARTICLES).json(&story.body).await.expect(201);
    snap("wire_story_draft", made.json());

    let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
    assert_eq!((read.json(), read.etag(), made.etag()), (made.json(), "\"1\"", "\"1\""));
}

#[actix_web::test]
async fn only_the_headline_must_be_given() {
    let app = TestApp::start().await;
    let made = app
        .editor()
        .post(ARTICLES)
        .json(&json!({"headline": "Lighthouse lit again"}))
        .await
        .expect(201);
    snap("bare_draft", made.json());
    assert_eq!(
        made.header("Location").unwrap(),
        format!("{ARTICLES}/{}", made["id"].as_str().unwrap())
    );
    assert_eq!(made.header("Cache-Control"), Some("private, no-store"));
}

#[actix_web::test]
async fn text_is_trimmed_and_composed() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "  Cafe\u{301} opens ")
        .set("deck", "one\r\ntwo ")
        .ready()
        .await;
    assert_eq!(
        (&made.json["headline"], &made.json["deck"]),
        (&json!("Caf\u{e9} opens"), &json!("one\ntwo"))
    );
}

#[actix_web::test]
async fn a_slug_is_made_from_the_headline_and_numbered_where_it_is_taken() {
    let app = TestApp::start().await;
    for slug in ["harbour-reopens", "harbour-reopens-2", "harbour-reopens-3"] {
        assert_eq!(make::draft(&app, "Harbour reopens").ready().await.slug(), slug);
    }
    let other_language = make::draft(&app, "Harbour reopens")
        .set("locale", "pt-BR")
        .ready()
        .await;
    assert_eq!(other_language.slug(), "harbour-reopens", "each language has its own");
    assert_eq!(
        make::draft(&app, "!!!").ready().await.slug(),
        "news",
        "nothing to spell"
    );
}

/// Whatever the script and however often: a slug is valid, fits, and is had once in a language.
#[actix_web::test]
async fn articles_of_one_headline_differ_by_slug_in_each_language() {
    let app = TestApp::start().await;
    let long = "breakwater ".repeat(20);
    for headline in ["Гавань відкрито м’яко", "港が再開した", "🚢🚢", "…", long.trim()]
    {
        let mut slugs = BTreeSet::new();
        for number in 0..12 {
            for locale in ["en", "uk"] {
                let made = make::draft(&app, headline).set("locale", locale).ready().await;
                assert!(Slug::parse(made.slug()).is_ok(), "{headline} {number}: {}", made.slug());
                assert!(slugs.insert((locale, made.slug().to_owned())), "{headline} {number}");
            }
        }
        let of = |wanted: &str| {
            let own = slugs.iter().filter(|(locale, _)| *locale == wanted);
            own.map(|(_, slug)| slug.clone()).collect::<Vec<_>>()
        };
        assert_eq!(of("en"), of("uk"), "{headline}: each language counts for itself");
    }
}

#[actix_web::test]
async fn ids_are_given_to_blocks_that_have_none() {
    let app = TestApp::start().await;
    let own = json!({"type": "paragraph", "id": "lead", "text": [{"text": "One."}]});
    let made = make::draft(&app, "Blocks")
        .set("body", json!([own, paragraph("Two.")]))
        .ready()
        .await;
    assert_eq!(made.json["body"][0]["id"], "lead");
    assert_eq!(made.json["body"][1]["id"].as_str().unwrap().len(), 10);
}

#[actix_web::test]
async fn a_wrong_value_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    let long = |length: usize| json!("x".repeat(length));
    let block = |text: Value| json!([{"type": "paragraph", "text": text}]);
    let link = |link: Value| block(json!([{"text": "x", "link": link}]));
    let twice = json!({"contributors": [{"contributor_id": nobody}, {"contributor_id": nobody}]});
    let same_id = json!([{"type": "paragraph", "id": "a", "text": []}, {"type": "paragraph", "id": "a", "text": []}]);
    for (field, value, pointer, rule) in [
        ("headline", json!("  "), "/headline", "too_short"),
        ("headline", long(301), "/headline", "too_long"),
        ("headline", json!("a\u{0}b"), "/headline", "control_character"),
        ("headline", json!("a\nb"), "/headline", "control_character"),
        ("headline", json!(7), "/headline", "wrong_type"),
        ("headline", json!(null), "/headline", "wrong_type"),
        ("deck", long(1001), "/deck", "too_long"),
        ("deck", json!("a\u{1b}b"), "/deck", "control_character"),
        ("kind", json!("gossip"), "/kind", "not_allowed"),
        ("locale", json!("en_US"), "/locale", "malformed"),
        ("slug", json!("Not A Slug"), "/slug", "malformed"),
        ("slug", json!("a".repeat(81)), "/slug", "too_long"),
        (
            "original_url",
            json!("javascript:alert(1)"),
            "/original_url",
            "not_allowed",
        ),
        ("original_url", json!("not an address"), "/original_url", "malformed"),
        ("section_id", json!(nobody), "/section_id", "unknown_reference"),
        ("section_id", json!("world"), "/section_id", "malformed"),
        ("section_id", json!(nobody.to_uppercase()), "/section_id", "malformed"),
        (
            "byline",
            json!({"contributors": [{"contributor_id": nobody}]}),
            "/byline/contributors/0/contributor_id",
            "unknown_reference",
        ),
        ("byline", twice, "/byline/contributors", "duplicate"),
        (
            "byline",
            json!({"contributors": [{}]}),
            "/byline/contributors/0/contributor_id",
            "required",
        ),
        (
            "distributor",
            json!({"category": "wires"}),
            "/distributor/name",
            "required",
        ),
        (
            "distributor",
            json!({"name": "M", "category": "spies"}),
            "/distributor/category",
            "not_allowed",
        ),
        ("dateline", json!({"country": "kr"}), "/dateline/country", "malformed"),
        ("dateline", json!({"date": "2026-02-30"}), "/dateline/date", "malformed"),
        ("custom", json!([]), "/custom", "wrong_type"),
        ("custom", json!({"a": "x".repeat(16 * 1024)}), "/custom", "too_long"),
        ("custom", json!({"a": "\u{0}"}), "/custom/a", "control_character"),
        ("body", json!("text"), "/body", "wrong_type"),
        ("body", json!([{"text": []}]), "/body/0/type", "required"),
        ("body", json!([{"type": "marquee"}]), "/body/0/type", "not_allowed"),
        ("body", json!([{"type": "paragraph"}]), "/body/0/text", "required"),
        (
            "body",
            json!([{"type": "heading", "level": 1, "text": []}]),
            "/body/0/level",
            "out_of_range",
        ),
        (
            "body",
            json!([{"type": "paragraph", "id": "a b", "text": []}]),
            "/body/0/id",
            "malformed",
        ),
        ("body", same_id, "/body/1", "duplicate"),
        (
            "body",
            block(json!([{"text": "x".repeat(20_001)}])),
            "/body/0",
            "too_long",
        ),
        (
            "body",
            block(json!([{"text": "x", "marks": ["blink"]}])),
            "/body/0/text/0/marks/0",
            "not_allowed",
        ),
        (
            "body",
            link(json!({"url": "data:text/html,x"})),
            "/body/0/text/0/link/url",
            "not_allowed",
        ),
        (
            "body",
            link(json!({"article_id": nobody})),
            "/body/0/text/0/link/article_id",
            "unknown_reference",
        ),
        ("body", link(json!({})), "/body/0/text/0/link", "malformed"),
        ("status", json!("published"), "/status", "unknown"),
        ("revision", json!(9), "/revision", "unknown"),
        ("created_by", json!(nobody), "/created_by", "unknown"),
    ] {
        let what = format!("{field}: {}", value.to_string().chars().take(80).collect::<String>());
        let body = make::draft(&app, "A good headline").set(field, value).body;
        let refusal = app
            .editor()
            .post(ARTICLES)
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(pointer.to_owned(), rule.to_owned())], "{what}");
    }
    let all = app.editor().get(format!("{ARTICLES}?count=true")).await.expect(200);
    assert_eq!(all["total"], 0, "a refused article is not made");
}

#[actix_web::test]
async fn an_article_without_a_headline_is_not_made() {
    let app = TestApp::start().await;
    let refusal = app
        .editor()
        .post(ARTICLES)
        .json(&json!({}))
        .await
        .refused(422, "invalid_body");
    assert_eq!(refusal.flaws(), [("/headline".to_owned(), "required".to_owned())]);
}

#[actix_web::test]
async fn neither_ids_nor_times_can_be_set_by_a_writer() {
    let app = TestApp::start().await;
    let made = make::wire_story(&app).await.ready().await;
    let body = make::draft(&app, "Server-owned").body;
    let mine: Vec<String> = body.as_object().unwrap().keys().cloned().collect();
    let writable = [
        "kind",
        "locale",
        "translation_group",
        "headline",
        "short_headline",
        "seo_title",
        "seo_description",
        "deck",
        "kicker",
        "slug",
        "original_url",
        "byline",
        "distributor",
        "dateline",
        "section_id",
        "tag_ids",
        "lead_media",
        "body",
        "related",
        "internal_note",
        "embargo_until",
        "custom",
    ];
    for (field, value) in made
        .json
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| !writable.contains(&name.as_str()))
    {
        assert!(!mine.contains(field), "{field}");
        let mut body = body.clone();
        body[field] = value.clone();
        let refusal = app
            .editor()
            .post(ARTICLES)
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(format!("/{field}"), "unknown".to_owned())]);
    }
}

#[actix_web::test]
async fn a_short_id_that_is_taken_is_drawn_again() {
    // Two applications that are asked for the same draw the same.
    let (one, other) = (TestApp::start().await, TestApp::start().await);
    make::draft(&one, "One").ready().await;
    let drawn = make::draft(&one, "Two").ready().await;
    let first = make::draft(&other, "One").ready().await;
    let taken = format!("update articles set short_id = '{}'", drawn.short_id());
    other.database.damage(&taken);
    let second = make::draft(&other, "Two").published().await;
    assert_ne!(second.short_id(), drawn.short_id());
    let found = other
        .anon()
        .get(format!("/api/v1/articles/{}", second.short_id()))
        .await;
    assert_eq!(found.expect(200)["id"], second.id());
    let first = other.editor().get(first.path()).await.expect(200);
    assert_eq!(first["short_id"], drawn.short_id());
}
