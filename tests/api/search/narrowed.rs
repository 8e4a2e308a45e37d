//! The filters of a search, and what its matches are counted by.

use serde_json::json;

use super::{found_with, publish, search, story};
use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn filters_are_those_of_the_list() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let strait = make::subsection(&app, "The Strait", &world).await;
    let (birds, boats) = (make::tag(&app, "Birds").await, make::tag(&app, "Boats").await);
    let (ansa, wire) = (
        make::contributor(&app, "Ansa Kivi", "person").await,
        make::contributor(&app, "Meridian Wire", "organisation").await,
    );
    let by = |one: &make::Made| json!({"contributors": [{"contributor_id": one.id()}]});
    let one = story(&app, "One", "gannet").set("section_id", world.id());
    publish(&app, one.set("tag_ids", json!([birds.id()])).set("byline", by(&ansa))).await;
    let two = story(&app, "Two", "gannet").set("section_id", strait.id());
    let two = two
        .set("tag_ids", json!([birds.id(), boats.id()]))
        .set("byline", by(&wire));
    publish(&app, two.set("kind", "opinion")).await;
    publish(
        &app,
        story(&app, "Three", "gannet")
            .set("locale", "pt-BR")
            .set("kind", "press_release"),
    )
    .await;
    publish(&app, story(&app, "Other", "petrel").set("section_id", world.id())).await;
    for (more, expected) in [
        ("", vec!["Three", "Two", "One"]),
        ("&section=world", vec!["Two", "One"]),
        ("&section=the-strait", vec!["Two"]),
        ("&section=the-strait&section=world", vec!["Two", "One"]),
        ("&tag=birds", vec!["Two", "One"]),
        ("&tag=boats", vec!["Two"]),
        ("&tag=birds&tag=boats&kind=news", vec!["One"]),
        ("&contributor=ansa-kivi", vec!["One"]),
        ("&contributor=ansa-kivi&contributor=meridian-wire", vec!["Two", "One"]),
        ("&kind=opinion", vec!["Two"]),
        ("&kind=press_release", vec!["Three"]),
        ("&kind=feature", vec![]),
        ("&locale=pt-BR", vec!["Three"]),
        ("&locale=pt", vec![]),
        ("&published_after=2026-02-16T09:31:00Z", vec!["Three", "Two"]),
        ("&published_before=2026-02-16T09:32:00Z", vec!["One"]),
        (
            "&published_after=2026-02-16T09:31:00Z&published_before=2026-02-16T09:33:00Z",
            vec!["Two"],
        ),
        ("&published_after=2026-02-16T09:33:00Z", vec![]),
        ("&published_before=0001-01-01T00:00:00Z", vec![]),
        ("&published_after=9999-12-31T23:59:59Z", vec![]),
    ] {
        assert_eq!(found_with(&app, "gannet", more).await, expected, "{more}");
        let sorted = found_with(&app, "gannet", &format!("{more}&sort=-published_at")).await;
        assert_eq!(sorted, expected, "{more}");
        // The list has the same ones, and what has other words.
        let list = app
            .anon()
            .get(format!("/api/v1/articles?limit=100{more}"))
            .await
            .expect(200);
        let listed = list.items().iter().map(|item| item["headline"].as_str().unwrap());
        assert_eq!(
            listed.filter(|one| *one != "Other").collect::<Vec<_>>(),
            expected,
            "{more}"
        );
    }
    // A section that moves takes its stories along.
    strait.patch(&app, json!({"parent_id": null})).await;
    assert_eq!(found_with(&app, "gannet", "&section=world").await, ["One"]);
}

#[actix_web::test]
async fn matches_are_counted_by_what_was_asked_for() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    let strait = make::subsection(&app, "The Strait", &world).await;
    let (birds, boats) = (make::tag(&app, "Birds").await, make::tag(&app, "Boats").await);
    let first = story(&app, "One", "gannet").set("section_id", world.id());
    publish(&app, first.set("tag_ids", json!([birds.id()]))).await;
    app.clock.set("2026-03-01T00:00:00Z");
    let second = story(&app, "Two", "gannet")
        .set("section_id", strait.id())
        .set("kind", "opinion");
    publish(&app, second.set("tag_ids", json!([birds.id(), boats.id()]))).await;
    publish(&app, story(&app, "Other", "petrel").set("section_id", strait.id())).await;
    let reply = search(&app, "gannet", "&facets=section,tag&facets=kind,month").await;
    assert_eq!(
        reply["facets"],
        json!({
            "section": [
                {"id": world.id(), "slug": "world", "name": "World", "count": 2},
                {"id": strait.id(), "slug": "the-strait", "name": "The Strait", "count": 1},
            ],
            "kind": [{"kind": "news", "count": 1}, {"kind": "opinion", "count": 1}],
            "tag": [
                {"id": birds.id(), "slug": "birds", "name": "Birds", "count": 2},
                {"id": boats.id(), "slug": "boats", "name": "Boats", "count": 1},
            ],
            "month": [{"month": "2026-03", "count": 1}, {"month": "2026-02", "count": 1}],
        })
    );
    let some = search(&app, "gannet", "&facets=month&tag=boats").await;
    assert_eq!(some["facets"], json!({"month": [{"month": "2026-03", "count": 1}]}));
    assert!(search(&app, "gannet", "").await.json().get("facets").is_none());
    let none = search(&app, "heron", "&facets=section,kind,tag,month").await;
    assert_eq!(
        none["facets"],
        json!({"section": [], "kind": [], "tag": [], "month": []})
    );
}
