//! What links cost: a fixed number of statements, however many links there are.

use serde_json::json;

use super::add;
use crate::make::{self, Made};
use crate::support::TestApp;

/// A live story with so many links to live stories, each other one in the body too.
async fn linking(app: &TestApp, targets: &[Made]) -> Made {
    let placement = |at: usize| if at.is_multiple_of(2) { "list" } else { "both" };
    let links = targets.iter().enumerate();
    let links: Vec<_> = links
        .map(|(at, target)| json!({"article_id": target.id(), "placement": placement(at)}))
        .collect();
    let story = make::draft(app, &format!("With {} links", targets.len()));
    story.set("related", links).published().await
}

async fn cost(app: &TestApp, path: &str) -> u64 {
    let before = app.services.statements();
    if path.contains("/editor/") {
        app.editor().get(path).await.expect(200);
    } else {
        app.anon().get(path).await.expect(200);
    }
    app.services.statements() - before
}

/// Live stories with no, one and thirty links.
async fn stories(app: &TestApp) -> [Made; 3] {
    let mut targets = Vec::new();
    for number in 0..30 {
        targets.push(make::draft(app, &format!("Target {number}")).published().await);
    }
    [
        linking(app, &[]).await,
        linking(app, &targets[..1]).await,
        linking(app, &targets).await,
    ]
}

#[actix_web::test]
async fn what_was_made_of_editions_is_not_read_again() {
    let app = TestApp::with(|config| config.delivery.cache_mb = 0).await;
    let [none, one, thirty] = stories(&app).await;
    let of = async |story: &Made| cost(&app, &format!("{}?include=related", story.public_path())).await;
    let new = [of(&none).await, of(&one).await, of(&thirty).await];
    let known = [of(&none).await, of(&one).await, of(&thirty).await];
    assert!(
        known.iter().zip(&new).all(|(known, new)| known < new),
        "{known:?}, {new:?}"
    );
    assert_eq!((known[1], known[2]), (known[0] + 1, known[0] + 1));
    let list = async || cost(&app, "/api/v1/articles?include=related").await;
    assert!(list().await >= list().await);
}

#[actix_web::test]
async fn thirty_links_cost_two_statements_more_than_none() {
    let app = TestApp::with(|config| (config.delivery.cache_mb, config.delivery.editions_mb) = (0, 0)).await;
    let [none, one, thirty] = stories(&app).await;
    for form in ["blocks", "html", "markdown", "text", "none"] {
        let query = format!("?body={form}&include=related,backlinks");
        let of = async |story: &Made| cost(&app, &format!("{}{query}", story.public_path())).await;
        let (bare, few, many) = (of(&none).await, of(&one).await, of(&thirty).await);
        // What they are, and what is shown of them.
        assert!(
            bare > 0 && many <= bare + 2,
            "{form}: {many} with thirty, {bare} with none"
        );
        assert_eq!(few, many, "{form}: one costs as much as thirty");
    }
    let list = |limit: usize| format!("/api/v1/articles?include=related&limit={limit}");
    assert_eq!(cost(&app, &list(1)).await, cost(&app, &list(33)).await);

    // For editors two: one for what the targets are, one for what readers see of them.
    let of = async |story: &Made| cost(&app, &format!("{}?body=html", story.path())).await;
    let (bare, few, many) = (of(&none).await, of(&one).await, of(&thirty).await);
    assert!(many <= bare + 2, "{many} with thirty, {bare} with none");
    assert_eq!(few, many);
    let list = |limit: usize| format!("/api/v1/editor/articles?limit={limit}");
    assert_eq!(cost(&app, &list(3)).await, cost(&app, &list(33)).await);

    // A link that is added costs the same whether there are thirty before it or one.
    let link = json!({"url": "https://harbour.example/12", "title": "Notice 12"});
    let mut costs = Vec::new();
    for story in [&one, &thirty] {
        let before = app.services.statements();
        add(&app, story, &link).await.expect(201);
        costs.push(app.services.statements() - before);
    }
    assert_eq!(costs[0], costs[1]);
}
