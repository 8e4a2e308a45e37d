//! Moves, and what happens at a time that was set: once, never early, and to nobody's surprise.

mod due;
mod embargo;
mod failures;
mod moves;
mod times;
mod trash;

use copydesk::services::articles;
use serde_json::{Value, json};

use crate::make::Made;
use crate::support::{Reply, TestApp};

/// What the worker does all the time.
pub(crate) async fn run_due(app: &TestApp) {
    articles::run_due(&app.services).await;
}

pub(crate) async fn schedule(app: &TestApp, article: &Made, times: &Value) -> Reply {
    let call = app
        .editor()
        .post(article.action("schedule"))
        .if_match(article.revision());
    call.json(times).await
}

/// With its time set.
async fn scheduled(app: &TestApp, article: &Made, at: &str) -> Made {
    let reply = schedule(app, article, &json!({ "publish_at": at })).await;
    Made::article(reply.expect(200).json())
}

async fn is_live(app: &TestApp, article: &Made) -> bool {
    app.anon().get(article.public_path()).await.status() == 200
}
