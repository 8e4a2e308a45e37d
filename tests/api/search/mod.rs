//! What readers find by its words. What is found is told here by headlines, in the order of the answer, so that either database
//! is held to the same ones.

mod any;
mod follows;
mod forms;
mod narrowed;
mod pages;
mod ranked;

use serde_json::{Value, json};

use crate::make::{self, Made, Story, paragraph};
use crate::support::{Reply, TestApp};

/// The address that asks this, with other parameters behind it.
pub(crate) fn address(typed: &str, more: &str) -> String {
    let typed: String = form_urlencoded::byte_serialize(typed.as_bytes()).collect();
    format!("/api/v1/search?q={typed}{more}")
}

async fn search(app: &TestApp, typed: &str, more: &str) -> Reply {
    app.anon().get(address(typed, more)).await.expect(200)
}

fn headlines(reply: &Reply) -> Vec<String> {
    let items = reply.items().iter();
    items
        .map(|item| item["headline"].as_str().unwrap().to_owned())
        .collect()
}

/// The headlines of what is found.
async fn found(app: &TestApp, typed: &str) -> Vec<String> {
    found_with(app, typed, "").await
}

async fn found_with(app: &TestApp, typed: &str, more: &str) -> Vec<String> {
    headlines(&search(app, typed, more).await)
}

/// A story with one paragraph.
fn story<'a>(app: &'a TestApp, headline: &str, text: &str) -> Story<'a> {
    make::draft(app, headline).set("body", json!([paragraph(text)]))
}

/// Publishes a story a minute after the last one.
async fn publish(app: &TestApp, story: Story<'_>) -> Made {
    app.clock.advance(60);
    story.published().await
}

/// A text of pieces with what is marked in brackets.
fn shown(pieces: &Value) -> String {
    let one = |piece: &Value| {
        let text = piece["text"].as_str().unwrap();
        if piece["match"] == true {
            format!("[{text}]")
        } else {
            text.to_owned()
        }
    };
    pieces.as_array().unwrap().iter().map(one).collect()
}
