//! Links as editors write them.

use serde_json::{Value, json};

use super::{add, links, pair};
use crate::make::{self, Made};
use crate::support::TestApp;

const NOBODY: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";

#[actix_web::test]
async fn a_list_is_written_read_and_put_in_another_order() {
    let app = TestApp::start().await;
    let (first, second) = (
        make::draft(&app, "First").ready().await,
        make::draft(&app, "Second").published().await,
    );
    let story = make::draft(&app, "Story").ready().await;
    let path = format!("{}/related", story.path());
    let items = json!({"items": [
        {"article_id": first.id(), "kind": "background"},
        {"article_id": second.id(), "label_override": "Read this"},
        {"url": "https://harbour.example/12", "title": "Notice 12", "source": "Harbour", "kind": "source"},
    ]});
    let put = app
        .editor()
        .call("PUT", &path)
        .if_match(1)
        .json(&items)
        .await
        .expect(200);
    assert_eq!((put.etag(), &put["revision"]), ("\"2\"", &json!(2)));
    let labels: Vec<_> = put.column("label").iter().map(|label| (*label).to_owned()).collect();
    assert_eq!(labels, ["First", "Read this", "Notice 12"]);
    assert_eq!(put.column("visibility"), ["hidden", "visible", "visible"]);
    assert_eq!(put.items()[0]["hidden_because"], "target_draft");
    assert_eq!(put.items()[1]["href"], second.json["canonical_url"]);
    assert_eq!(
        put.items()[1]["target"],
        json!({"headline": "Second", "status": "published"})
    );
    assert_eq!(put.items()[2]["href"], "https://harbour.example/12");

    let got = links(&app, &story).await;
    assert_eq!(got.items(), put.items());
    assert_eq!(got.etag(), "\"2\"");
    let whole = story.again(&app).await;
    assert_eq!(whole.json["related"], json!(put.items()), "the article shows the same");

    let ids: Vec<Value> = put.items().iter().rev().map(|item| json!({"id": item["id"]})).collect();
    let turned = app
        .editor()
        .call("PUT", &path)
        .if_match(2)
        .json(&json!({"items": ids}))
        .await
        .expect(200);
    assert_eq!(
        turned.column("label"),
        ["Notice 12", "Read this", "First"],
        "they keep what is not said again"
    );
    assert_eq!(turned.items()[1]["id"], put.items()[1]["id"]);
    let same = app
        .editor()
        .call("PUT", &path)
        .if_match(3)
        .json(&json!({"items": ids}))
        .await
        .expect(200);
    assert_eq!(same["revision"], 3, "nothing changed");

    // One that says the same is the same link.
    let said = json!({"items": [{"article_id": second.id()}]});
    let adopted = app
        .editor()
        .call("PUT", &path)
        .if_match(3)
        .json(&said)
        .await
        .expect(200);
    assert_eq!(adopted.column("id"), [put.items()[1]["id"].as_str().unwrap()]);
    assert_eq!(adopted.column("label"), ["Read this"]);
}

#[actix_web::test]
async fn links_are_added_at_a_place_changed_moved_and_removed() {
    let app = TestApp::start().await;
    let mut story = make::draft(&app, "Story").ready().await;
    let mut added: Vec<String> = Vec::new();
    let places = |added: &[String]| {
        [
            json!("end"),
            json!("start"),
            json!({"after": added.first()}),
            json!({"before": added.get(1)}),
        ]
    };
    for (number, expected) in [vec![0], vec![1, 0], vec![1, 0, 2], vec![3, 1, 0, 2]]
        .iter()
        .enumerate()
    {
        let target = make::draft(&app, &format!("Target {number}")).ready().await;
        let link = json!({"article_id": target.id(), "position": places(&added)[number]});
        let reply = add(&app, &story, &link).await.expect(201);
        let order: Vec<String> = expected.iter().map(|n| format!("Target {n}")).collect();
        assert_eq!(reply.column("label"), order);
        let location = reply.header("Location").unwrap().to_owned();
        let id = location.rsplit('/').next().unwrap().to_owned();
        let one = app.editor().get(&location).await.expect(200);
        assert_eq!((&one["id"], one.etag()), (&json!(id), reply.etag()), "{location}");
        added.push(id);
        story = story.again(&app).await;
    }
    let at = |id: &str| format!("{}/related/{id}", story.path());
    let change = json!({"kind": "follow_up", "label_override": "Later", "position": "end"});
    let moved = app
        .editor()
        .patch(at(&added[3]))
        .if_match(story.revision())
        .json(&change)
        .await
        .expect(200);
    assert_eq!(moved.column("label"), ["Target 1", "Target 0", "Target 2", "Later"]);
    assert_eq!(moved.items()[3]["kind"], "follow_up");
    let cleared = app
        .editor()
        .patch(at(&added[3]))
        .if_match(story.revision() + 1)
        .json(&json!({"label_override": null}))
        .await
        .expect(200);
    assert_eq!(cleared.column("label")[3], "Target 3");
    let removed = app
        .editor()
        .delete(at(&added[0]))
        .if_match(story.revision() + 2)
        .await
        .expect(200);
    assert_eq!(removed.column("label"), ["Target 1", "Target 2", "Target 3"]);
    for method in ["PATCH", "DELETE"] {
        let call = app.editor().call(method, at(&added[0])).if_match(story.revision() + 3);
        call.json(&json!({})).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn every_write_asks_for_the_revision_that_it_is_based_on() {
    let app = TestApp::start().await;
    let (_, story) = pair(&app, json!({})).await;
    let id = story.json["related"][0]["id"].as_str().unwrap();
    let one = format!("{}/related/{id}", story.path());
    let all = format!("{}/related", story.path());
    let link = json!({"url": "https://harbour.example/12", "title": "Notice 12"});
    for (method, path, body) in [
        ("PUT", &all, json!({"items": []})),
        ("POST", &all, link),
        ("PATCH", &one, json!({"kind": "background"})),
        ("DELETE", &one, json!({})),
    ] {
        let call = || app.editor().call(method, path).json(&body);
        call().await.refused(428, "precondition_required");
        call().if_match(7).await.refused(412, "stale_revision");
    }
    assert_eq!(story.again(&app).await.json, story.json, "a refusal changes nothing");
}

#[actix_web::test]
async fn what_no_list_may_hold_is_refused_with_its_place() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({})).await;
    let known = story.json["related"][0]["id"].as_str().unwrap().to_owned();
    let to = |id: &str| json!({"article_id": id});
    let page = json!({"url": "https://harbour.example/12", "title": "Notice 12"});
    for (items, pointer, code) in [
        (json!([to(NOBODY)]), "/items/0", "unknown_reference"),
        (json!([{"id": NOBODY}]), "/items/0/id", "unknown_reference"),
        (json!([{"id": known}, {"id": known}]), "/items/1/id", "duplicate"),
        (json!([to(target.id()), to(target.id())]), "/items/1", "duplicate"),
        (json!([page, page]), "/items/1", "duplicate"),
        (json!([to(story.id())]), "/items/0", "not_allowed"),
        (json!([{"kind": "related"}]), "/items/0", "required"),
        (
            json!([{"url": "https://harbour.example/12"}]),
            "/items/0/title",
            "required",
        ),
        (
            json!([{"url": "ftp://harbour.example/12", "title": "x"}]),
            "/items/0/url",
            "not_allowed",
        ),
        (
            json!([{"article_id": target.id(), "url": "https://a.example/"}]),
            "/items/0",
            "malformed",
        ),
        (
            json!([{"article_id": target.id(), "title": "x"}]),
            "/items/0/title",
            "not_allowed",
        ),
        (
            json!([{"article_id": target.id(), "source": "x"}]),
            "/items/0/source",
            "not_allowed",
        ),
        (
            json!([{"id": known, "url": "https://a.example/"}]),
            "/items/0",
            "not_allowed",
        ),
        (json!([{"id": known, "kind": "cousin"}]), "/items/0/kind", "not_allowed"),
        (
            json!([{"id": known, "label_override": ""}]),
            "/items/0/label_override",
            "too_short",
        ),
        (
            json!([{"id": known, "visibility": "visible"}]),
            "/items/0/visibility",
            "unknown",
        ),
    ] {
        let call = app.editor().call("PUT", format!("{}/related", story.path()));
        let reply = call
            .if_match(1)
            .json(&json!({ "items": items }))
            .await
            .refused(422, "invalid_body");
        assert_eq!(reply.flaws(), [(pointer.to_owned(), code.to_owned())], "{items}");
        // The article's own patch takes the same list.
        let call = app.editor().patch(story.path()).if_match(1);
        let reply = call
            .json(&json!({ "related": items }))
            .await
            .refused(422, "invalid_body");
        assert_eq!(
            reply.flaws(),
            [(pointer.replace("/items", "/related"), code.to_owned())],
            "{items}"
        );
    }
    let many: Vec<Value> = (0..201)
        .map(|n| json!({"url": format!("https://a.example/{n}"), "title": "x"}))
        .collect();
    let call = app.editor().call("PUT", format!("{}/related", story.path()));
    let reply = call
        .if_match(1)
        .json(&json!({"items": many}))
        .await
        .refused(422, "invalid_body");
    assert_eq!(reply.flaws(), [("/items".to_owned(), "too_many".to_owned())]);
    for (link, pointer, code) in [
        (to(NOBODY), "/article_id", "unknown_reference"),
        (to(story.id()), "/article_id", "not_allowed"),
        (to(target.id()), "/article_id", "duplicate"),
        (json!({}), "", "required"),
        (
            json!({"url": "https://a.example/", "title": "x", "position": "middle"}),
            "/position",
            "malformed",
        ),
        (
            json!({"url": "https://a.example/", "title": "x", "position": {"after": NOBODY}}),
            "/position/after",
            "unknown_reference",
        ),
        (
            json!({"url": "https://a.example/", "title": "x", "reciprocal": true}),
            "/reciprocal",
            "not_allowed",
        ),
        (
            json!({"article_id": target.id(), "kind": "series", "reciprocal": true}),
            "/reciprocal",
            "not_allowed",
        ),
        (
            json!({"url": "https://a.example/", "title": "x", "placement": "both", "after_block": "none"}),
            "/after_block",
            "unknown_reference",
        ),
    ] {
        let reply = add(&app, &story, &link).await.refused(422, "invalid_body");
        assert_eq!(reply.flaws(), [(pointer.to_owned(), code.to_owned())], "{link}");
    }
    assert_eq!(story.again(&app).await.json, story.json, "a refusal changes nothing");
}

#[actix_web::test]
async fn kinds_with_a_direction_close_no_circle() {
    let app = TestApp::start().await;
    for kind in ["update_of", "series", "translation"] {
        let mut chain: Vec<Made> = Vec::new();
        for number in 0..3 {
            let mut story = make::draft(&app, &format!("{kind} {number}"));
            if let Some(last) = chain.last() {
                story = story.set("related", json!([{"article_id": last.id(), "kind": kind}]));
            }
            chain.push(story.ready().await);
        }
        let back = json!({"article_id": chain[2].id(), "kind": kind});
        let reply = add(&app, &chain[0], &back).await.refused(422, "invalid_body");
        assert_eq!(
            reply.flaws(),
            [("/article_id".to_owned(), "not_allowed".to_owned())],
            "{kind}"
        );
        // Another kind may lead back, and does not become one that may not.
        let other = json!({"article_id": chain[2].id(), "kind": "related"});
        let reply = add(&app, &chain[0], &other).await.expect(201);
        let path = reply.header("Location").unwrap().to_owned();
        let call = app.editor().patch(path).if_match(2).json(&json!({"kind": kind}));
        let reply = call.await.refused(422, "invalid_body");
        assert_eq!(
            reply.flaws(),
            [("/kind".to_owned(), "not_allowed".to_owned())],
            "{kind}"
        );
    }
}

/// However many links of one article lead to another that is on the way.
#[actix_web::test]
async fn a_circle_is_found_among_many_links() {
    let app = TestApp::start().await;
    let mut parts: Vec<Made> = Vec::new();
    for number in 0..66 {
        let earlier: Vec<Value> = parts
            .iter()
            .map(|one| json!({"article_id": one.id(), "kind": "series"}))
            .collect();
        parts.push(
            make::draft(&app, &format!("Part {number}"))
                .set("related", earlier)
                .ready()
                .await,
        );
    }
    let last = json!([{"article_id": parts[65].id(), "kind": "series"}]);
    let after = make::draft(&app, "After").set("related", last).ready().await;
    let back = json!({"article_id": after.id(), "kind": "series"});
    let reply = add(&app, &parts[0], &back).await.refused(422, "invalid_body");
    assert_eq!(reply.flaws(), [("/article_id".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn a_reciprocal_link_is_written_at_both_ends() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Target").published().await;
    let story = make::draft(&app, "Story").ready().await;
    let link = json!({"article_id": target.id(), "kind": "background", "reciprocal": true});
    let reply = add(&app, &story, &link).await.expect(201);
    let back = links(&app, &target).await;
    assert_eq!(reply["link_back"]["link_id"], back.items()[0]["id"]);
    assert_eq!(reply["link_back"]["revision"], back["revision"]);
    assert_eq!(
        (&back.items()[0]["kind"], &back.items()[0]["article_id"]),
        (&json!("follow_up"), &json!(story.id()))
    );
    let now = target.again(&app).await;
    assert_eq!(
        now.json["has_unpublished_changes"], true,
        "readers see it with the next publish"
    );
    // One that leads back already is not doubled.
    let link = json!({"article_id": story.id(), "kind": "related", "reciprocal": true});
    let reply = add(&app, &now, &link).await.expect(201);
    assert!(reply["link_back"].is_null());
    assert_eq!(links(&app, &story).await.items().len(), 1);

    let gone = make::draft(&app, "Gone").ready().await.trash(&app).await;
    let link = json!({"article_id": gone.id(), "reciprocal": true});
    let reply = add(&app, &story.again(&app).await, &link)
        .await
        .refused(422, "invalid_body");
    assert_eq!(reply.flaws(), [("/reciprocal".to_owned(), "not_allowed".to_owned())]);
    assert_eq!(links(&app, &story).await.items().len(), 1, "neither end was written");
}

#[actix_web::test]
async fn a_translation_has_links_of_its_own() {
    let app = TestApp::start().await;
    let (_, story) = pair(&app, json!({"placement": "both"})).await;
    let path = format!("{}/translations", story.path());
    let reply = app.editor().post(path).json(&json!({"locale": "fr"})).await.expect(201);
    let (old, new) = (&story.json["related"][0], &reply["related"][0]);
    assert_ne!(old["id"], new["id"]);
    assert_eq!(old["article_id"], new["article_id"]);
    assert_eq!(reply["body"].as_array().unwrap().last().unwrap()["link_id"], new["id"]);
}
