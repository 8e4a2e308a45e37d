//! What becomes of links when their targets come and go.

use serde_json::json;

use super::{links, pair};
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn an_article_that_others_link_to_can_go_and_come_back() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({"placement": "both", "kind": "background"})).await;
    let referrer = |reply: &serde_json::Value| {
        let one = &reply["referrers"][0];
        assert_eq!(reply["referrers"].as_array().unwrap().len(), 1, "{reply}");
        assert_eq!(
            (&one["article_id"], &one["kind"]),
            (&json!(story.id()), &json!("background"))
        );
        assert_eq!(
            (&one["headline"], &one["placement"]),
            (&json!("Ferry sails"), &json!("both"))
        );
    };
    let mut now = target;
    for (verb, reason) in [
        ("unpublish", "target_unpublished"),
        ("retract", "target_retracted"),
        ("trash", "target_in_trash"),
    ] {
        now = if verb == "trash" {
            now.trash(&app).await
        } else {
            now.act(&app, verb).await
        };
        referrer(&now.json);
        let link = &links(&app, &story).await.items()[0].clone();
        assert_eq!(
            (&link["visibility"], &link["hidden_because"]),
            (&json!("hidden"), &json!(reason))
        );
        assert_eq!(link["label"], "Storm closes the strait", "editors are told what it was");
        assert!(link["href"].is_null());
        now = match verb {
            "trash" => now.act(&app, "restore").await.act(&app, "publish").await,
            _ => now.act(&app, "publish").await,
        };
        assert!(now.json.get("referrers").is_none());
        assert_eq!(links(&app, &story).await.column("visibility"), ["visible"]);
    }
    assert_eq!(
        story.again(&app).await.revision(),
        story.revision(),
        "nobody touched the story"
    );
    let back = app.editor().get(format!("{}/backlinks", now.path())).await.expect(200);
    assert_eq!(back.items()[0]["article_id"], story.id());
    assert_eq!(back.items()[0]["status"], "draft", "working copies are told of");
}

#[actix_web::test]
async fn deleting_for_good_leaves_a_link_that_says_what_it_led_to() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({"placement": "both"})).await;
    let story = story.act(&app, "publish").await;
    // What is kept of its edition is from before.
    app.anon().get(story.public_path()).await.expect(200);
    let path = format!("{}?permanent=true", target.path());
    app.editor()
        .delete(&path)
        .if_match(target.revision())
        .await
        .refused(403, "forbidden");
    app.admin()
        .delete(&path)
        .if_match(7)
        .await
        .refused(412, "stale_revision");
    app.admin().delete(&path).if_match(target.revision()).await.expect(204);
    app.editor().get(target.path()).await.refused(404, "not_found");
    app.anon().get(target.public_path()).await.refused(404, "not_found");
    let link = &links(&app, &story).await.items()[0].clone();
    assert_eq!(link["hidden_because"], "target_deleted");
    assert_eq!(link["label"], "Storm closes the strait");
    assert!(link["article_id"].is_null() && link["url"].is_null());
    for query in ["include=related", "body=html", "body=text"] {
        let page = app
            .anon()
            .get(format!("{}?{query}", story.public_path()))
            .await
            .expect(200);
        assert!(!page.text().contains("Storm closes"), "{}", page.text());
    }
    // It stays where it is while the rest is edited, and goes when an editor removes it.
    let id = link["id"].clone();
    let change = json!({"items": [{"url": "https://harbour.example/12", "title": "Notice 12"}, {"id": id}]});
    let call = app.editor().call("PUT", format!("{}/related", story.path()));
    let put = call.if_match(story.revision()).json(&change).await.expect(200);
    assert_eq!(put.column("label"), ["Notice 12", "Storm closes the strait"]);
    let story = story.again(&app).await.act(&app, "publish").await;
    let call = app
        .editor()
        .delete(format!("{}/related/{}", story.path(), id.as_str().unwrap()));
    let left = call.if_match(story.revision()).await.expect(200);
    assert_eq!(left.column("label"), ["Notice 12"]);
}

#[actix_web::test]
async fn deleting_for_good_leaves_nothing_of_an_article_in_any_state() {
    let app = TestApp::start().await;
    for verbs in [
        vec![],
        vec!["publish"],
        vec!["publish", "unpublish"],
        vec!["publish", "retract"],
    ] {
        let other = make::draft(&app, "Other").published().await;
        let body = json!([paragraph("One."), {"type": "related_article", "article_id": other.id()}]);
        let mut story = make::draft(&app, "Goes").set("body", body).ready().await;
        for verb in &verbs {
            story = story.act(&app, verb).await;
        }
        if verbs.is_empty() {
            story = story.trash(&app).await;
        }
        let path = format!("{}?permanent=true", story.path());
        app.admin().delete(path).if_match(story.revision()).await.expect(204);
        app.editor().get(story.path()).await.refused(404, "not_found");
        app.anon().get(story.public_path()).await.refused(404, "not_found");
        let back = app
            .editor()
            .get(format!("{}/backlinks", other.path()))
            .await
            .expect(200);
        assert_eq!(back.items().len(), 0);
        // Its slug is free again.
        let next = make::draft(&app, "Goes").published().await;
        assert_eq!(next.slug(), "goes");
        let path = format!("{}?permanent=true", next.path());
        app.admin().delete(path).if_match(next.revision()).await.expect(204);
    }
}

/// A story and its body from before what it links to was deleted for good.
async fn bereft(app: &TestApp) -> (Made, serde_json::Value) {
    let (target, story) = pair(app, json!({"placement": "both"})).await;
    let story = story.act(app, "publish").await;
    let path = format!("{}?permanent=true", target.path());
    app.admin().delete(path).if_match(target.revision()).await.expect(204);
    let body = story.json["body"].clone();
    (story, body)
}

#[actix_web::test]
async fn a_body_that_shows_a_lost_link_can_be_sent_back() {
    let app = TestApp::start().await;
    let (story, before) = bereft(&app).await;
    let now = story.again(&app).await;
    let block = &now.json["body"][1];
    assert_eq!(block["link_id"], now.json["related"][0]["id"]);
    assert!(block.get("article_id").is_none(), "it leads nowhere: {block}");
    // As it is read now, and as it was read before.
    for body in [&now.json["body"], &before] {
        let same = now.patch(&app, json!({ "body": body })).await;
        assert_eq!(same.revision(), now.revision(), "nothing changed");
        assert_eq!(same.json["body"], now.json["body"]);
    }
    // What is there, or elsewhere, is another target.
    let other = make::draft(&app, "Other").ready().await;
    let id = &now.json["related"][0]["id"];
    for target in [
        json!({"article_id": other.id()}),
        json!({"url": "https://harbour.example/12"}),
    ] {
        let mut block = target;
        block["type"] = json!("related_article");
        block["link_id"] = id.clone();
        let call = app.editor().patch(now.path()).if_match(now.revision());
        let reply = call.json(&json!({"body": [block]})).await.refused(422, "invalid_body");
        assert_eq!(
            reply.flaws(),
            [("/body/0/link_id".to_owned(), "not_allowed".to_owned())]
        );
    }
}

#[actix_web::test]
async fn readers_get_no_block_of_a_lost_link() {
    let app = TestApp::start().await;
    let (story, _) = bereft(&app).await;
    // Deleted after the publish, and before the next one.
    for round in 0..2 {
        let page = app.anon().get(story.public_path()).await.expect(200);
        assert_eq!(page["body"].as_array().unwrap().len(), 1, "{round}: {}", page["body"]);
        let changed = story.again(&app).await.patch(&app, json!({"deck": "Later."})).await;
        changed.act(&app, "publish").await;
    }
}

#[actix_web::test]
async fn a_lost_link_tells_a_contributor_nothing() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Public words").published().await;
    let own = make::draft(&app, "Own").by(Person::Contributor);
    let own = own.set("related", json!([{"article_id": target.id()}])).ready().await;
    let target = target
        .act(&app, "unpublish")
        .await
        .patch(&app, json!({"headline": "Secret words"}))
        .await;
    let path = format!("{}?permanent=true", target.path());
    app.admin().delete(path).if_match(target.revision()).await.expect(204);
    for path in [
        format!("{}/related", own.path()),
        own.path(),
        "/api/v1/editor/reports/broken-links".to_owned(),
    ] {
        let seen = app.contributor().get(path).await.expect(200);
        assert!(
            !seen.text().contains("Secret") && seen.text().contains("target_deleted"),
            "{}",
            seen.text()
        );
    }
    assert_eq!(
        links(&app, &own).await.column("label"),
        ["Secret words"],
        "an editor is told"
    );
}

#[actix_web::test]
async fn readers_are_not_told_that_nothing_changed_when_a_link_is_lost() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({"placement": "both"})).await;
    let story = story.act(&app, "publish").await;
    app.clock.advance(60);
    let path = format!("{}?permanent=true", target.path());
    app.admin().delete(path).if_match(target.revision()).await.expect(204);
    let page = app.anon().get(story.public_path()).await.expect(200);
    assert!(
        page.header("Last-Modified").is_none(),
        "what it shows has changed since it was published"
    );
}

#[actix_web::test]
async fn a_page_of_links_goes_on_where_it_stood_when_one_before_is_deleted() {
    let app = TestApp::start().await;
    let mut targets = Vec::new();
    for number in 0..4 {
        targets.push(make::draft(&app, &format!("Target {number}")).published().await);
    }
    let related: Vec<_> = targets.iter().map(|one| json!({"article_id": one.id()})).collect();
    let story = make::draft(&app, "Story").set("related", related).published().await;
    let path = format!("{}/related?limit=2", story.public_path());
    let first = app.anon().get(&path).await.expect(200);
    let gone = format!("{}?permanent=true", targets[0].path());
    app.admin()
        .delete(gone)
        .if_match(targets[0].revision())
        .await
        .expect(204);
    let next = format!("{path}&cursor={}", first["next_cursor"].as_str().unwrap());
    assert_eq!(
        app.anon().get(next).await.expect(200).column("label"),
        ["Target 2", "Target 3"]
    );
}

#[actix_web::test]
async fn a_page_that_readers_have_is_a_referrer_whatever_its_working_copy_says() {
    let app = TestApp::start().await;
    let (target, story) = pair(&app, json!({})).await;
    let story = story
        .act(&app, "publish")
        .await
        .patch(&app, json!({"related": []}))
        .await;
    let down = target.act(&app, "unpublish").await;
    assert_eq!(down.json["referrers"][0]["article_id"], story.id());
}
