//! Bodies: as blocks, as Markdown and as HTML, in and out.

use serde_json::{Value, json};

use crate::make::{self, paragraph};
use crate::support::{Person, TestApp, snap};

const ARTICLES: &str = "/api/v1/editor/articles";

/// One block of each kind.
fn every_block() -> Value {
    let text = |text: &str| json!([{"text": text}]);
    let cell = |text: &str| json!({"text": [{"text": text}]});
    json!([
        {"type": "heading", "id": "h", "level": 2, "text": text("A long wait")},
        {"type": "paragraph", "id": "p", "text": [
            {"text": "The ferry "}, {"text": "Kestrel", "marks": ["em"]}, {"text": " left, "},
            {"text": "the operator said", "marks": ["strong"], "link": {"url": "https://ferries.example/a?b=1&c=2"}},
            {"text": ".\nIt was full."},
        ]},
        {"type": "quote", "id": "q", "text": text("We slept in the terminal.\n\nAll of us."),
            "attribution": "Mirel Dahn, a passenger", "url": "https://wire.example/quotes"},
        {"type": "pull_quote", "id": "pq", "text": text("Nine days is a long time.")},
        {"type": "list", "id": "l", "ordered": true, "items": [
            {"text": text("Port Aldous"), "list": {"ordered": false, "items": [{"text": text("North quay")}]}},
            {"text": text("The Islands")},
        ]},
        {"type": "embed", "id": "e", "provider": "youtube", "url": "https://www.youtube.com/watch?v=x", "title": "The ferry leaves"},
        {"type": "table", "id": "t", "header": [cell("Day"), cell("Crossings")],
            "rows": [[cell("Monday"), cell("4")]], "caption": "Crossings a day"},
        {"type": "fact_box", "id": "f", "title": "The strait", "blocks": [
            {"type": "paragraph", "id": "fp", "text": text("Eleven miles <wide>.")},
        ]},
        {"type": "code", "id": "c", "language": "sql", "text": "select count(*)\n  from crossings;"},
        {"type": "divider", "id": "d"},
    ])
}

#[actix_web::test]
async fn every_block_is_kept_and_shown_in_every_form() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails")
        .set("body", every_block())
        .published()
        .await;
    assert_eq!(story.json["body"], every_block());
    for path in [story.path(), story.public_path()] {
        let shown = |form: &'static str| {
            let call = app.editor().get(format!("{path}?body={form}"));
            async move { call.await.expect(200).json().clone() }
        };
        let blocks = app.editor().get(&path).await.expect(200);
        assert_eq!(blocks.json(), &shown("blocks").await);
        let forms = json!({
            "html": shown("html").await["body_html"], "markdown": shown("markdown").await["body_markdown"],
            "text": shown("text").await["body_text"],
        });
        snap("body_in_every_form", &forms);
        let none = shown("none").await;
        for field in ["body", "body_html", "body_markdown", "body_text"] {
            assert!(none.get(field).is_none(), "{field}");
            assert_eq!(
                shown("html").await.get(field).is_some(),
                field == "body_html",
                "{field}"
            );
        }
        app.editor()
            .get(format!("{path}?body=pdf"))
            .await
            .refused(400, "invalid_parameter");
    }
}

#[actix_web::test]
async fn what_goes_out_as_html_or_markdown_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").published().await;
    let hidden = make::draft(&app, "Not yet").ready().await;
    let mut body = every_block();
    let link = |id: &str| json!({"text": "a timetable", "link": {"article_id": id}});
    let links = json!([link(target.id()), {"text": " and "}, link(hidden.id())]);
    body.as_array_mut()
        .unwrap()
        .push(json!({"type": "paragraph", "id": "links", "text": links}));
    let story = make::draft(&app, "Ferry sails").set("body", body.clone()).ready().await;
    for form in ["html", "markdown"] {
        let field = format!("body_{form}");
        let shown = app
            .editor()
            .get(format!("{}?body={form}", story.path()))
            .await
            .expect(200);
        let again = story
            .patch(&app, json!({ field.as_str(): shown[field.as_str()] }))
            .await;
        assert_eq!(again.json["body"], body, "{form}");
        assert_eq!(again.json["warnings"], json!([]), "{form}");
        assert_eq!(
            again.revision(),
            story.revision(),
            "nothing was changed by way of {form}"
        );
        let copy = json!({"headline": "A copy", field.as_str(): shown[field.as_str()]});
        let copy = app.editor().post(ARTICLES).json(&copy).await.expect(201);
        assert_eq!(without_ids(&copy["body"]), without_ids(&body), "{form}");
    }
}

fn without_ids(body: &Value) -> Value {
    let mut bare = body.clone();
    for block in bare.as_array_mut().unwrap() {
        block.as_object_mut().unwrap().remove("id");
        if let Some(inner) = block.get("blocks") {
            block["blocks"] = without_ids(inner);
        }
    }
    bare
}

#[actix_web::test]
async fn what_a_conversion_drops_is_told_or_with_strict_handling_refused() {
    let app = TestApp::start().await;
    let body = json!({"headline": "Pasted", "body_html": "<p onclick='x()'>Kept</p>\n<script>gone()</script>"});
    let made = app.editor().post(ARTICLES).json(&body).await.expect(201);
    assert_eq!(without_ids(&made["body"]), json!([paragraph("Kept")]));
    snap("conversion_warnings", &made["warnings"]);
    assert!(made.header("Preference-Applied").is_none());
    let read = app.editor().get(made.header("Location").unwrap()).await.expect(200);
    assert!(
        read.json().get("warnings").is_none(),
        "a later answer has nothing to warn of"
    );

    for handling in ["respond-async, handling=strict", "handling=lenient"] {
        let strict = handling.ends_with("strict");
        let call = app.editor().post(ARTICLES).header("Prefer", handling).json(&body).await;
        if strict {
            let refused = call.refused(422, "invalid_body");
            let at = |code: &str| ("/body_html".to_owned(), code.to_owned());
            assert_eq!(refused.flaws(), [at("not_allowed"), at("not_allowed")]);
        } else {
            assert_eq!(call.expect(201).header("Preference-Applied"), Some("handling=lenient"));
        }
        let patch = app
            .editor()
            .patch(made.header("Location").unwrap())
            .if_match(1)
            .header("Prefer", handling);
        let patched = patch.json(&json!({"body_markdown": "<input> words"})).await;
        assert_eq!(patched.status(), if strict { 422 } else { 200 });
    }
    let clean = json!({"headline": "Clean", "body_markdown": "*Words*"});
    let made = app
        .editor()
        .post(ARTICLES)
        .header("Prefer", "handling=strict")
        .json(&clean)
        .await
        .expect(201);
    assert_eq!(made.header("Preference-Applied"), Some("handling=strict"));
    assert_eq!(made["warnings"], json!([]));
}

#[actix_web::test]
async fn blocks_keep_their_ids_through_every_change() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails")
        .set(
            "body",
            json!([paragraph("One."), paragraph("Two."), paragraph("Three.")]),
        )
        .published()
        .await;
    let ids = |body: &Value| -> Vec<String> {
        let ids = body
            .as_array()
            .unwrap()
            .iter()
            .map(|block| block["id"].as_str().unwrap().to_owned());
        ids.collect()
    };
    let first = ids(&story.json["body"]);
    let read = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(ids(&read["body"]), first);
    let changed = story
        .patch(
            &app,
            json!({"body_markdown": "One.\n\nTwo, mended.\n\nThree.\n\nFour."}),
        )
        .await;
    assert_eq!(ids(&changed.json["body"])[..3], first[..]);
    let moved = changed
        .patch(&app, json!({"body": [paragraph("Three."), paragraph("One.")]}))
        .await;
    assert_eq!(ids(&moved.json["body"]), [first[2].clone(), first[0].clone()]);
    let named = moved
        .patch(
            &app,
            json!({"body": [{"type": "paragraph", "id": "mine", "text": [{"text": "Three."}]}]}),
        )
        .await;
    assert_eq!(ids(&named.json["body"]), ["mine"]);
    let live = named.act(&app, "publish").await;
    assert_eq!(ids(&live.json["body"]), ["mine"]);
}

#[actix_web::test]
async fn an_address_of_our_own_becomes_a_link_to_the_article() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").published().await;
    let hidden = make::draft(&app, "A colleague's").ready().await;
    let url = target.json["canonical_url"].as_str().unwrap().to_owned();
    let path = url.strip_prefix("http://localhost").unwrap_or(&url).to_owned();
    let short = |made: &make::Made| made.short_id().to_owned();
    let html = format!(
        "<p><a href='{url}'>a</a> <a href='{url}#part'>b</a> <a href='/x-{}'>c</a> <a href='https://a.example/-{}'>d</a></p>",
        short(&hidden),
        short(&target),
    );
    let story = app
        .person(Person::Contributor)
        .post(ARTICLES)
        .json(&json!({"headline": "Ferry", "body_html": html}))
        .await
        .expect(201);
    let links: Vec<Value> = story["body"][0]["text"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|span| span.get("link").cloned())
        .collect();
    assert_eq!(links[0], json!({"article_id": target.id()}), "{path}");
    assert!(links[1]["url"].as_str().unwrap().ends_with("#part"));
    assert!(
        links[2].get("article_id").is_none(),
        "an author learns nothing of a colleague's draft"
    );
    assert!(links[3].get("article_id").is_none(), "another site's");
}

#[actix_web::test]
async fn a_link_by_an_id_that_nobody_knows_goes_and_is_told() {
    let app = TestApp::start().await;
    let hidden = make::draft(&app, "A colleague's").ready().await;
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    for id in [nobody, hidden.id()] {
        let html = format!("<p><a data-article-id=\"{id}\">words</a></p>");
        let body = json!({"headline": "Pasted", "body_html": html});
        let author = app.person(Person::Contributor);
        let made = author.post(ARTICLES).json(&body).await.expect(201);
        assert_eq!(made["body"][0]["text"], json!([{"text": "words"}]));
        assert_eq!(made["warnings"][0]["code"], "link_dropped");
        let strict = author
            .post(ARTICLES)
            .header("Prefer", "handling=strict")
            .json(&body)
            .await;
        let refused = strict.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [("/body_html".to_owned(), "not_allowed".to_owned())]);
    }
}

#[actix_web::test]
async fn a_form_that_shows_addresses_is_always_sent() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").published().await;
    let link = json!({"text": "x", "link": {"article_id": target.id()}});
    let story = make::draft(&app, "Ferry sails")
        .set("body", json!([{"type": "paragraph", "text": [link]}]))
        .ready()
        .await;
    let ask = |form: &str| {
        app.editor()
            .get(format!("{}?body={form}", story.path()))
            .header("If-None-Match", "\"1\"")
    };
    let before = ask("html").await.expect(200)["body_html"].clone();
    target
        .patch(&app, json!({"slug": "moved"}))
        .await
        .act(&app, "publish")
        .await;
    assert_ne!(ask("html").await.expect(200)["body_html"], before);
    ask("markdown").await.expect(200);
    ask("blocks").await.expect(304);
    ask("text").await.expect(304);
}

#[actix_web::test]
async fn a_link_within_the_site_does_not_say_that_it_leaves() {
    let app = TestApp::start().await;
    let html = "<p><a href='/tags/ferries?page=2'>ours</a> <a href='https://a.example/'>theirs</a></p>";
    let body = json!({"headline": "Links", "body_html": html});
    let made = app.editor().post(ARTICLES).json(&body).await.expect(201);
    let path = format!("{}?body=html", made.header("Location").unwrap());
    let shown = app.editor().get(path).await.expect(200)["body_html"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(shown.matches(" rel=\"external noopener\"").count(), 1, "{shown}");
    assert!(shown.contains("page=2\">ours"), "{shown}");
}
