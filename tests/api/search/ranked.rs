//! What comes first, and which of a common word's stories are looked at.

use super::{found, found_with, publish, search, story};
use crate::make;
use crate::support::TestApp;
use serde_json::json;

#[actix_web::test]
async fn the_headline_counts_before_the_body_and_the_new_before_the_old() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Lighthouse").await;
    publish(&app, story(&app, "Old lighthouse", "x")).await;
    app.clock.set("2026-04-01T00:00:00Z");
    publish(&app, story(&app, "In the body", "A lighthouse.")).await;
    publish(&app, story(&app, "Lighthouse", "x")).await;
    publish(&app, story(&app, "Lighthouses", "x")).await;
    publish(&app, story(&app, "Tagged", "x").set("tag_ids", json!([tag.id()]))).await;
    publish(&app, story(&app, "In the deck", "x").set("deck", "The lighthouse.")).await;
    publish(&app, story(&app, "Later in the body", "The lighthouse.")).await;
    let order = [
        "Lighthouse",
        "Lighthouses",
        "Old lighthouse",
        "Tagged",
        "In the deck",
        "Later in the body",
        "In the body",
    ];
    assert_eq!(found(&app, "lighthouse").await, order);
    let newest = found_with(&app, "lighthouse", "&sort=-published_at").await;
    assert_eq!(newest[0], "Later in the body");
    assert_eq!(newest[6], "Old lighthouse");
}

#[actix_web::test]
async fn an_answer_stays_the_same_while_time_passes() {
    let app = TestApp::start().await;
    publish(&app, story(&app, "Lighthouse", "x")).await;
    let before = search(&app, "lighthouse", "").await;
    app.clock.advance(100 * 86_400);
    let after = search(&app, "lighthouse", "").await;
    assert_eq!((before.etag(), before.text()), (after.etag(), after.text()));
}

/// A word that more stories have than are looked at: the newest of them are, and older ones with it in the headline.
#[actix_web::test]
async fn of_a_common_word_the_newest_are_looked_at_and_headlines_of_old() {
    let app = TestApp::start().await;
    publish(&app, story(&app, "An old gannet", "x")).await;
    for number in 0..305 {
        let headline = format!("Story {number}");
        story(&app, &headline, "A gannet watched.").published().await;
    }
    let reply = search(&app, "gannet", "&limit=100&facets=month,kind").await;
    assert_eq!(reply["total"], json!({"value": 301, "relation": "at_least"}));
    assert_eq!(super::headlines(&reply)[0], "An old gannet");
    assert_eq!(reply["facets"]["kind"], json!([{"kind": "news", "count": 301}]));
    assert_eq!(reply["facets"]["month"], json!([{"month": "2026-02", "count": 301}]));
    for typed in ["gannets", "gann*", "\"gannet\"", "gannet -storm"] {
        assert_eq!(found_with(&app, typed, "&limit=1").await, ["An old gannet"], "{typed}");
    }
    // Pages end where what was looked at ends; the newest first has no end but the last.
    for (more, expected) in [("", 301), ("&sort=-published_at", 306)] {
        let mut seen = std::collections::HashSet::new();
        let mut next = String::new();
        loop {
            let page = search(&app, "gannet", &format!("&limit=100{more}{next}")).await;
            for item in page.items() {
                assert!(seen.insert(item["id"].to_string()), "{} came twice", item["headline"]);
            }
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), expected, "{more}");
    }
}

#[actix_web::test]
async fn what_is_published_in_one_moment_is_found_once_each() {
    let app = TestApp::start().await;
    for number in 0..12 {
        story(&app, &format!("Gannet {number}"), "x").published().await;
    }
    let newest = found_with(&app, "gannet", "&sort=-published_at").await;
    let expected: Vec<String> = (0..12).rev().map(|number| format!("Gannet {number}")).collect();
    assert_eq!(newest, expected);
    assert_eq!(found(&app, "gannet").await.len(), 12);
    let narrow = "&published_after=2026-02-16T09:29:59.999Z&published_before=2026-02-16T09:30:00.001Z";
    assert_eq!(found_with(&app, "gannet", narrow).await.len(), 12);
    assert_eq!(
        found_with(&app, "gannet", "&published_before=2026-02-16T09:30:00Z")
            .await
            .len(),
        0
    );
    assert_eq!(
        found_with(&app, "gannet", "&published_after=2026-02-16T09:30:00Z")
            .await
            .len(),
        0
    );
}
