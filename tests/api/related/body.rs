//! Links and the blocks that show them are of one mind, whichever was written.

use serde_json::{Value, json};

use super::{add, links, pair};
use crate::make::{self, Made, paragraph};
use crate::support::{Reply, TestApp};

const NOBODY: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";

fn block(target: &Made) -> Value {
    json!({"type": "related_article", "article_id": target.id()})
}

fn body_of(article: &Value) -> &Vec<Value> {
    article["body"].as_array().unwrap()
}

fn changes(of: &Value) -> Vec<&str> {
    let all = of.as_array().into_iter().flatten();
    all.map(|one| one["change"].as_str().unwrap()).collect()
}

async fn remove(app: &TestApp, story: &Made) -> Reply {
    let id = story.json["related"][0]["id"].as_str().unwrap();
    let call = app.editor().delete(format!("{}/related/{id}", story.path()));
    call.if_match(story.revision()).await.expect(200)
}

#[actix_web::test]
async fn a_block_without_a_link_makes_one_that_shows_everywhere() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Storm closes the strait").published().await;
    let body =
        json!([paragraph("One."), block(&target), {"type": "fact_box", "title": "Box", "blocks": [block(&target)]}]);
    let story = make::draft(&app, "Ferry sails").set("body", body).ready().await;
    let link = &story.json["related"][0];
    assert_eq!(
        story.json["related"].as_array().unwrap().len(),
        1,
        "two blocks, one link"
    );
    assert_eq!((&link["placement"], &link["kind"]), (&json!("both"), &json!("related")));
    assert_eq!(changes(&story.json["related_changes"]), ["link_added"]);
    let blocks = body_of(&story.json);
    assert_eq!(blocks[1]["link_id"], link["id"]);
    assert_eq!(blocks[1]["article_id"], target.id(), "a block says where it leads");
    assert_eq!(blocks[2]["blocks"][0]["link_id"], link["id"]);

    // The same body again changes nothing.
    let same = story.patch(&app, json!({"body": blocks})).await;
    assert_eq!(same.revision(), story.revision());

    let page = json!({"type": "related_article", "url": "https://harbour.example/12", "title": "Notice 12"});
    let more = story.patch(&app, json!({"body": [paragraph("One."), page]})).await;
    let related = &more.json["related"];
    assert_eq!(
        (&related[0]["placement"], &related[1]["placement"], &related[1]["label"]),
        (&json!("list"), &json!("both"), &json!("Notice 12")),
        "the first stays in the list"
    );
    assert_eq!(
        changes(&more.json["related_changes"]),
        ["link_added", "placement_changed"]
    );
}

#[actix_web::test]
async fn a_link_that_goes_takes_its_blocks_with_it() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").published().await;
    let other = make::draft(&app, "Other").published().await;
    let body =
        json!([paragraph("One."), block(&target), {"type": "fact_box", "title": "Box", "blocks": [block(&target)]}]);
    let story = make::draft(&app, "Story").set("body", body).ready().await;
    let removed = remove(&app, &story).await;
    assert_eq!(removed.items().len(), 0);
    assert_eq!(changes(&removed["changes"]), ["block_removed", "block_removed"]);
    assert!(removed["changes"][0]["block_id"].is_string());
    let now = story.again(&app).await;
    assert_eq!(body_of(&now.json).len(), 2);
    assert_eq!(now.json["body"][1]["blocks"], json!([]));

    // A list in mid-body loses the one, and goes with the last.
    let ids = add(&app, &now, &json!({"article_id": target.id()})).await.expect(201);
    let now = now.again(&app).await;
    let both = add(&app, &now, &json!({"article_id": other.id()})).await.expect(201);
    let now = now.again(&app).await;
    let list = json!({"type": "related_list", "title": "More", "link_ids": both.column("id")});
    let now = now.patch(&app, json!({"body": [paragraph("One."), list]})).await;
    assert_eq!(now.json["related"][0]["placement"], "both");
    remove(&app, &now).await;
    let now = now.again(&app).await;
    assert_eq!(now.json["body"][1]["link_ids"], json!([both.column("id")[1]]));
    remove(&app, &now).await;
    let now = now.again(&app).await;
    assert_eq!(body_of(&now.json).len(), 1);
    assert_eq!(ids.items().len(), 1);
}

#[actix_web::test]
async fn a_placement_moves_blocks_and_blocks_move_a_placement() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({})).await;
    let id = story.json["related"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("{}/related/{id}", story.path());
    let first = story.json["body"][0]["id"].clone();
    let story = story
        .patch(&app, json!({"body": [story.json["body"][0], paragraph("Two.")]}))
        .await;
    // Into the body, behind a block.
    let call = app.editor().patch(&path).if_match(story.revision());
    let inline = call
        .json(&json!({"placement": "inline", "after_block": first}))
        .await
        .expect(200);
    assert_eq!(changes(&inline["changes"]), ["block_added"]);
    let story = story.again(&app).await;
    assert_eq!(story.json["body"][1]["link_id"], json!(id));
    assert_eq!(story.json["body"][1]["id"], inline["changes"][0]["block_id"]);
    // And out of it again.
    let call = app.editor().patch(&path).if_match(story.revision());
    let listed = call.json(&json!({"placement": "list"})).await.expect(200);
    assert_eq!(changes(&listed["changes"]), ["block_removed"]);
    let story = story.again(&app).await;
    assert_eq!(body_of(&story.json).len(), 2);

    // A body without the block: a link that showed there only goes, one that showed in the list too stays there.
    let body = json!([paragraph("One."), {"type": "related_article", "link_id": id}]);
    let story = story.patch(&app, json!({ "body": body })).await;
    assert_eq!(story.json["related"][0]["placement"], "both");
    let call = app.editor().patch(&path).if_match(story.revision());
    call.json(&json!({"placement": "inline"})).await.expect(200);
    let story = story.again(&app).await;
    let bare = story.patch(&app, json!({"body": [paragraph("One.")]})).await;
    assert_eq!(bare.json["related"], json!([]));
    assert_eq!(changes(&bare.json["related_changes"]), ["link_removed"]);

    // Cut here and pasted there, the block makes its link anew.
    let again = bare
        .patch(&app, json!({"body": [paragraph("One."), story.json["body"][1]]}))
        .await;
    assert_eq!(again.json["related"][0]["article_id"], target.id());
    assert_eq!(again.json["body"][1]["link_id"], again.json["related"][0]["id"]);
}

#[actix_web::test]
async fn what_a_block_names_must_be_there() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({})).await;
    let other = make::draft(&app, "Other").ready().await;
    let id = story.json["related"][0]["id"].clone();
    for (block, pointer, code) in [
        (json!({"link_id": NOBODY}), "/body/0/link_id", "unknown_reference"),
        (json!({"article_id": NOBODY}), "/body/0/article_id", "unknown_reference"),
        (json!({"article_id": story.id()}), "/body/0/article_id", "not_allowed"),
        (
            json!({"link_id": id, "article_id": other.id()}),
            "/body/0/link_id",
            "not_allowed",
        ),
        (json!({}), "/body/0", "malformed"),
        (json!({"url": "https://a.example/"}), "/body/0/title", "required"),
        (
            json!({"type": "related_list", "link_ids": []}),
            "/body/0/link_ids",
            "too_short",
        ),
        (
            json!({"type": "related_list", "link_ids": [id, id]}),
            "/body/0/link_ids",
            "duplicate",
        ),
        (
            json!({"type": "related_list", "link_ids": [id, NOBODY]}),
            "/body/0/link_ids/1",
            "unknown_reference",
        ),
    ] {
        let mut block = block;
        if block.get("type").is_none() {
            block["type"] = json!("related_article");
        }
        let call = app.editor().patch(story.path()).if_match(story.revision());
        let reply = call.json(&json!({"body": [block]})).await.refused(422, "invalid_body");
        assert_eq!(reply.flaws(), [(pointer.to_owned(), code.to_owned())], "{block}");
    }
    assert_eq!(links(&app, &story).await.items()[0]["article_id"], target.id());
}

#[actix_web::test]
async fn every_form_comes_back_as_it_was() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Storm & \"strait\"").published().await;
    let draft = make::draft(&app, "A draft").ready().await;
    let related = json!([
        {"article_id": target.id(), "label_override": "Nine <days>", "placement": "both"},
        {"article_id": draft.id(), "kind": "background", "placement": "inline"},
        {"url": "https://harbour.example/12?a=1&b=2", "title": "Notice 12", "kind": "source", "placement": "both"},
    ]);
    let story = make::draft(&app, "Story").set("related", related).ready().await;
    let ids: Vec<&Value> = story.json["related"]
        .as_array()
        .unwrap()
        .iter()
        .map(|link| &link["id"])
        .collect();
    let mut body = body_of(&story.json).clone();
    body[1]["show_image"] = json!(true);
    body.push(json!({"type": "related_list", "title": "More", "link_ids": ids}));
    let story = story.patch(&app, json!({ "body": body })).await;
    for (form, field) in [("html", "body_html"), ("markdown", "body_markdown")] {
        let shown = app
            .editor()
            .get(format!("{}?body={form}", story.path()))
            .await
            .expect(200);
        let call = app.editor().patch(story.path()).if_match(story.revision());
        let back = call.json(&json!({field: shown[field]})).await.expect(200);
        assert_eq!(back["body"], story.json["body"], "{}", shown[field].as_str().unwrap());
        assert_eq!(back["warnings"], json!([]), "{form}");
        assert_eq!(back["related"], story.json["related"], "{form}");
        assert_eq!(back["revision"], story.revision(), "{form}");
    }
}

#[actix_web::test]
async fn a_line_of_an_agency_becomes_a_link() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Storm closes the strait").published().await;
    let address = target.json["canonical_url"].as_str().unwrap();
    for (field, text) in [
        (
            "body_html",
            format!("<p>One.</p><p>Related article: <a href=\"{address}\">Storm</a></p><p>Two.</p>"),
        ),
        (
            "body_html",
            format!("<p>One.</p><p><b>Read more:</b> <a href=\"{address}\"><i>Storm</i></a></p>"),
        ),
        (
            "body_markdown",
            format!("One.\n\nRelated article: [Storm]({address})\n\nTwo."),
        ),
        ("body_markdown", format!("One.\n\n**Related:** [Storm]({address})")),
    ] {
        let story = make::draft(&app, "Ferry sails").set("body", Value::Null);
        let mut wanted = story.body.clone();
        wanted.as_object_mut().unwrap().remove("body");
        wanted[field] = json!(text);
        let made = app
            .editor()
            .post("/api/v1/editor/articles")
            .json(&wanted)
            .await
            .expect(201);
        assert_eq!(made["body"][1]["type"], "related_article", "{text}");
        assert_eq!(made["related"][0]["article_id"], target.id(), "{text}");
        assert_eq!(made["related"][0]["placement"], "both");
    }
    // A line that says more, or leads elsewhere, is text.
    for text in [
        format!("<p>Related article: <a href=\"{address}\">Storm</a> and more</p>"),
        "<p>Related article: <a href=\"https://elsewhere.example/\">Storm</a></p>".to_owned(),
        format!("<p>Source: <a href=\"{address}\">Storm</a></p>"),
        "<p>Related article: none</p>".to_owned(),
    ] {
        let wanted = json!({"headline": "Plain", "body_html": text});
        let made = app
            .editor()
            .post("/api/v1/editor/articles")
            .json(&wanted)
            .await
            .expect(201);
        assert_eq!(made["body"][0]["type"], "paragraph", "{text}");
        assert_eq!(made["related"], json!([]));
    }
}
