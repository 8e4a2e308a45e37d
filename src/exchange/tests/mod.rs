//! What goes out comes back, and what comes in is kept or told.

mod any;
mod reading;
mod shown;
mod trips;

use super::{Converted, html, markdown};
use crate::domain::body::Body;

/// The site of these tests.
const SITE: &str = "https://news.example";

fn from_html(text: &str) -> Converted {
    html::read(text, SITE).unwrap_or_else(|flaws| panic!("{text}: {flaws:?}"))
}

fn from_markdown(text: &str) -> Converted {
    markdown::read(text, SITE).unwrap_or_else(|flaws| panic!("{text}: {flaws:?}"))
}

/// The blocks as JSON without their ids.
fn bare(body: &Body) -> serde_json::Value {
    fn forget(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                if fields.contains_key("type") {
                    fields.shift_remove("id");
                }
                fields.values_mut().for_each(forget);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut written = serde_json::to_value(body).unwrap();
    forget(&mut written);
    written
}
