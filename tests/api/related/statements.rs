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

#[actix_web::test]
async fn thirty_links_cost_one_statement_more_than_none_and_one_to_read_what_was_not_read_yet() {
    let app = TestApp::with(|config| config.delivery.cache_mb = 0).await;
    let mut targets = Vec::new();
    for number in 0..30 {
        targets.push(make::draft(&app, &format!("Target {number}")).published().await);
    }
    let (none, one, thirty) = (
        linking(&app, &[]).await,
        linking(&app, &targets[..1]).await,
        linking(&app, &targets).await,
    );
    for form in ["blocks", "html", "markdown", "text", "none"] {
        let query = format!("?body={form}&include=related,backlinks");
        let of = async |story: &Made| cost(&app, &format!("{}{query}", story.public_path())).await;
        // Nothing is known of the first three.
        let new = form == "blocks";
        let (bare, few, many) = (of(&none).await, of(&one).await, of(&thirty).await);
        assert!(
            bare > 0 && many <= bare + 1 + u64::from(new),
            "{form}: {many} with thirty, {bare} with none"
        );
        assert_eq!(few, many, "{form}: one costs as much as thirty");
    }
    // What was made of editions is not read again.
    let again = cost(&app, &format!("{}?include=related,backlinks", none.public_path())).await;
    let (few, many) = (
        cost(&app, &one.public_path()).await,
        cost(&app, &thirty.public_path()).await,
    );
    assert!(few == many && many <= again, "{few}, {many} and {again}");
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
