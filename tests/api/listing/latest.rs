//! Sections, contributors and tags with their latest stories.

use serde_json::json;

use crate::make::{self, Made};
use crate::support::TestApp;

async fn newsroom(app: &TestApp) -> Vec<Made> {
    let world = make::section(app, "World").await;
    let strait = make::subsection(app, "The Strait", &world).await;
    make::section(app, "Quiet").await;
    let tag = make::tag(app, "Ferries").await;
    let agency = make::contributor(app, "Meridian Wire", "organisation").await;
    let mut stories = Vec::new();
    for number in 0..12 {
        app.clock.advance(60);
        let section = if number % 2 == 0 { &world } else { &strait };
        let story = make::draft(app, &format!("Story {number}"))
            .set("section_id", section.id())
            .set("tag_ids", json!([tag.id()]))
            .set(
                "byline",
                json!({"contributors": [{"contributor_id": agency.id(), "role": "author"}]}),
            );
        stories.push(story.published().await);
    }
    stories
}

fn headlines(stories: &serde_json::Value) -> Vec<&str> {
    let stories = stories.as_array().into_iter().flatten();
    stories.filter_map(|story| story["headline"].as_str()).collect()
}

#[actix_web::test]
async fn the_latest_stories_come_with_each_as_the_list_shows_them() {
    let app = TestApp::start().await;
    newsroom(&app).await;
    for (path, name, filter) in [
        ("/api/v1/sections", "world", "section"),
        ("/api/v1/sections", "the-strait", "section"),
        ("/api/v1/sections", "quiet", "section"),
        ("/api/v1/tags", "ferries", "tag"),
        ("/api/v1/contributors", "meridian-wire", "contributor"),
    ] {
        let listed = app
            .anon()
            .get(format!("/api/v1/articles?{filter}={name}&limit=3"))
            .await
            .expect(200);
        let one = app.anon().get(format!("{path}/{name}?latest=3")).await.expect(200);
        assert_eq!(one["latest"], listed["items"], "{path}/{name}");
        let page = app.anon().get(format!("{path}?latest=3&count=true")).await.expect(200);
        let found = page.items().iter().find(|item| item["slug"] == name).unwrap();
        assert_eq!(found["latest"], listed["items"], "{path}");
        assert_eq!(page["total"], page.items().len());
        for key in listed.column("id") {
            assert!(
                one.header("Surrogate-Key").unwrap().contains(&format!("article:{key}")),
                "{path}"
            );
            assert!(
                page.header("Surrogate-Key")
                    .unwrap()
                    .contains(&format!("article:{key}")),
                "{path}"
            );
        }
        let bare = app.anon().get(path).await.expect(200);
        assert!(bare.items().iter().all(|item| item.get("latest").is_none()), "{path}");
    }
    let strait = app.anon().get("/api/v1/sections/the-strait?latest=2").await.expect(200);
    assert_eq!(headlines(&strait["latest"]), ["Story 11", "Story 9"]);
    let world = app.anon().get("/api/v1/sections/world?latest=2").await.expect(200);
    assert_eq!(headlines(&world["latest"]), ["Story 11", "Story 10"]);
}

#[actix_web::test]
async fn what_is_taken_down_is_among_the_latest_no_more() {
    let app = TestApp::start().await;
    let stories = newsroom(&app).await;
    stories[11].act(&app, "unpublish").await;
    let tag = app.anon().get("/api/v1/tags/ferries?latest=1").await.expect(200);
    assert_eq!(headlines(&tag["latest"]), ["Story 10"]);
}

#[actix_web::test]
async fn the_latest_of_all_cost_one_statement_and_one_to_read_what_was_not_read_yet() {
    let app = TestApp::with(|config| config.delivery.cache_mb = 0).await;
    newsroom(&app).await;
    for path in ["/api/v1/sections", "/api/v1/tags", "/api/v1/contributors"] {
        let cost = async |query: &str| {
            let before = app.services.statements();
            app.anon().get(format!("{path}?{query}")).await.expect(200);
            app.services.statements() - before
        };
        let bare = cost("").await;
        let first = cost("latest=10").await;
        assert!(
            (bare + 1..=bare + 2).contains(&first),
            "{path}: {first}, {bare} without"
        );
        assert_eq!(cost("latest=1&limit=1").await, bare + 1, "{path}");
        assert_eq!(cost("latest=10").await, bare + 1, "{path}");
    }
}

#[actix_web::test]
async fn how_many_is_a_number_from_1_to_10() {
    let app = TestApp::start().await;
    make::section(&app, "World").await;
    for path in [
        "/api/v1/sections",
        "/api/v1/sections/world",
        "/api/v1/tags",
        "/api/v1/contributors",
    ] {
        for wrong in ["0", "11", "", "all"] {
            let reply = app.anon().get(format!("{path}?latest={wrong}")).await;
            let reply = reply.refused(400, "invalid_parameter");
            assert_eq!(reply.flaws(), [("latest".to_owned(), "out_of_range".to_owned())]);
        }
    }
}
