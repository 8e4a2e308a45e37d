//! The site itself, as front ends need it.

use serde_json::json;

use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn a_front_end_learns_what_it_puts_around_every_page() {
    let app = TestApp::with(|config| config.site.name = "The Strait Courier".to_owned()).await;
    let world = make::section(&app, "World").await;
    let strait = make::subsection(&app, "The Strait", &world).await;
    make::section(&app, "Culture").await;
    let site = app.anon().get("/api/v1/site").await.expect(200);
    assert_eq!(site["name"], "The Strait Courier");
    assert_eq!(site["permalink"], "/{year}/{month}/{day}/{slug}-{short_id}");
    let names: Vec<_> = site["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["Culture", "World"]);
    let below =
        json!([{"id": strait.id(), "slug": "the-strait", "name": "The Strait", "description": null, "children": []}]);
    assert_eq!(site["sections"][1]["children"], below);
    let again = app.anon().get("/api/v1/site").header("If-None-Match", site.etag());
    again.await.expect(304);
}
