//! Pages of what is found, what they cost, and how caches know them.

use super::{address, found_with, headlines, publish, search, story};
use crate::make;
use crate::support::TestApp;
use serde_json::json;

#[actix_web::test]
async fn pages_follow_each_other_in_either_order() {
    let app = TestApp::start().await;
    for number in 0..7 {
        publish(&app, story(&app, &format!("Gannet {number}"), "x")).await;
    }
    for more in ["", "&sort=-published_at"] {
        let whole = found_with(&app, "gannet", more).await;
        let mut seen = Vec::new();
        let mut next = String::new();
        for pages in 1.. {
            let page = search(&app, "gannet", &format!("{more}&limit=3{next}")).await;
            seen.extend(headlines(&page));
            assert_eq!(page["total"], json!({"value": 7, "relation": "exact"}));
            let Some(cursor) = page["next_cursor"].as_str() else {
                assert_eq!(pages, 3);
                break;
            };
            next = format!("&cursor={cursor}");
        }
        assert_eq!(seen, whole, "{more}");
    }
}

#[actix_web::test]
async fn what_comes_or_goes_between_two_pages_neither_hides_nor_repeats_another() {
    let app = TestApp::start().await;
    let mut all = Vec::new();
    for number in 0..6 {
        all.push(publish(&app, story(&app, &format!("Gannet {number}"), "x")).await);
    }
    for more in ["", "&sort=-published_at"] {
        let first = search(&app, "gannet", &format!("{more}&limit=2")).await;
        assert_eq!(headlines(&first), ["Gannet 5", "Gannet 4"]);
        let cursor = first["next_cursor"].as_str().unwrap().to_owned();
        let new = publish(&app, story(&app, "Gannet new", "x")).await;
        let second = found_with(&app, "gannet", &format!("{more}&limit=2&cursor={cursor}")).await;
        assert_eq!(second, ["Gannet 3", "Gannet 2"]);
        // The one that was shown last goes.
        new.act(&app, "unpublish").await;
        let gone = all[4].again(&app).await.act(&app, "unpublish").await;
        let second = found_with(&app, "gannet", &format!("{more}&limit=2&cursor={cursor}")).await;
        assert_eq!(second, ["Gannet 3", "Gannet 2"]);
        gone.act(&app, "publish").await;
        let back = all[4].again(&app).await;
        // It is the newest now; so that the second round begins like the first, all are published anew.
        for one in [&all[0], &all[1], &all[2], &all[3], &back, &all[5]] {
            let down = one.again(&app).await.act(&app, "unpublish").await;
            app.clock.advance(60);
            down.act(&app, "publish").await;
        }
    }
}

#[actix_web::test]
async fn a_cursor_serves_its_own_search_only() {
    let app = TestApp::start().await;
    for number in 0..3 {
        publish(&app, story(&app, &format!("Gannet {number}"), "x")).await;
    }
    let page = search(&app, "gannet", "&limit=1").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    for (typed, more) in [
        ("gannets", ""),
        ("gannet", "&kind=news"),
        ("gannet", "&sort=-published_at"),
    ] {
        let other = app.anon().get(address(typed, &format!("{more}&cursor={cursor}"))).await;
        other.refused(400, "cursor_mismatch");
    }
    let other = app.anon().get(format!("/api/v1/articles?cursor={cursor}")).await;
    other.refused(400, "cursor_mismatch");
    app.anon()
        .get(address("gannet", "&cursor=x"))
        .await
        .refused(400, "bad_cursor");
    // The size of the page is not what it is bound to, and counting is not.
    search(&app, "gannet", &format!("&limit=2&facets=kind&cursor={cursor}")).await;
}

#[actix_web::test]
async fn a_story_that_was_found_is_not_read_again() {
    let app = TestApp::with(|config| config.delivery.cache_mb = 0).await;
    publish(&app, story(&app, "Petrel", "A bird of the sea.")).await;
    let mut costs = Vec::new();
    for typed in ["petrel", "bird", "sea"] {
        let before = app.services.statements();
        search(&app, typed, "").await;
        costs.push(app.services.statements() - before);
    }
    assert!(costs[0] > costs[1] && costs[1] == costs[2], "{costs:?}");
}

#[actix_web::test]
async fn ten_stories_cost_as_many_statements_as_one() {
    let app = TestApp::with(|config| (config.delivery.cache_mb, config.delivery.editions_mb) = (0, 0)).await;
    let (one, other) = (make::tag(&app, "One").await, make::tag(&app, "Other").await);
    let world = make::section(&app, "World").await;
    for number in 0..10 {
        let tags = if number == 0 {
            json!([one.id(), other.id()])
        } else {
            json!([one.id()])
        };
        let word = if number == 0 { "Petrel" } else { "Gannet" };
        let story = story(&app, &format!("{word} {number}"), "A bird of the sea.");
        publish(&app, story.set("tag_ids", tags).set("section_id", world.id())).await;
    }
    for more in [
        "",
        "&facets=section,kind,tag,month",
        "&section=world&tag=one",
        "&sort=-published_at",
    ] {
        let mut costs = Vec::new();
        for typed in ["petrel", "gannet", "bird"] {
            let before = app.services.statements();
            search(&app, typed, more).await;
            costs.push(app.services.statements() - before);
        }
        assert!(
            costs.iter().all(|cost| *cost == costs[0] && *cost <= 10),
            "{more}: {costs:?}"
        );
    }
}

#[actix_web::test]
async fn caches_know_what_an_answer_shows() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Birds").await;
    let live = publish(&app, story(&app, "Gannet", "x").set("tag_ids", json!([tag.id()]))).await;
    let reply = search(&app, "gannet", "&facets=tag").await;
    let keys: Vec<&str> = reply.header("Surrogate-Key").unwrap().split(' ').collect();
    for key in [
        "articles".to_owned(),
        format!("article:{}", live.id()),
        format!("tag:{}", tag.id()),
    ] {
        assert!(keys.contains(&key.as_str()), "{key}: {keys:?}");
    }
    let again = app.anon().get(address("gannet", "&facets=tag"));
    again.header("If-None-Match", reply.etag()).await.expect(304);
    let nothing = search(&app, "petrel", "").await;
    assert_eq!(nothing.header("Surrogate-Key"), Some("articles"));
    assert_eq!(
        nothing.json(),
        &json!({"items": [], "next_cursor": null, "total": {"value": 0, "relation": "exact"}})
    );
}
