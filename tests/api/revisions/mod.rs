//! Revisions: what an article was is kept, told apart, and put back.

mod bodies;
mod conflicts;
mod diff;
mod history;
mod revert;

use serde_json::{Value, json};

use crate::make::Made;
use crate::support::{Call, Reply, TestApp};

fn revision<'a>(app: &'a TestApp, of: &Made, number: i64) -> Call<'a> {
    app.editor().get(format!("{}/revisions/{number}", of.path()))
}

/// All revisions of an article, the oldest first.
async fn history(app: &TestApp, of: &Made) -> Vec<Value> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{}/revisions?limit=100{cursor}", of.path());
        let page = app.editor().get(path).await.expect(200);
        found.extend(page.items().to_vec());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    found.reverse();
    found
}

async fn revert(app: &TestApp, article: &Made, to: i64) -> Reply {
    let call = app.editor().post(article.action("revert")).if_match(article.revision());
    call.json(&json!({ "revision": to })).await
}

/// The fields that a revision keeps as an editor sees them.
const KEPT: &[&str] = &[
    "slug",
    "translation_group",
    "kind",
    "locale",
    "headline",
    "short_headline",
    "seo_title",
    "seo_description",
    "deck",
    "kicker",
    "original_url",
    "section_id",
    "tag_ids",
    "lead_media",
    "body",
    "internal_note",
    "embargo_until",
    "custom",
    "distributor",
];

fn pick(value: &Value, fields: &[&str]) -> Value {
    fields.iter().map(|field| (*field, value[*field].clone())).collect()
}

/// What was written of an article, as a revision keeps it.
fn written(article: &Made) -> Value {
    let mut written = pick(&article.json, KEPT);
    let all = |value: &Value, fields: &[&str]| -> Value {
        let items = value.as_array().into_iter().flatten();
        items.map(|one| pick(one, fields)).collect()
    };
    let byline = &article.json["byline"];
    written["byline"] = json!({
        "contributors": all(&byline["contributors"], &["contributor_id", "role"]), "override": byline["override"],
    });
    written["dateline"] = match &article.json["dateline"] {
        Value::Null => Value::Null,
        line => pick(line, &["city", "country", "date", "source", "text"]),
    };
    let link = [
        "id",
        "kind",
        "placement",
        "article_id",
        "url",
        "title",
        "source",
        "label_override",
    ];
    written["related"] = all(&article.json["related"], &link);
    for link in written["related"].as_array_mut().into_iter().flatten() {
        link["deleted_headline"] = Value::Null;
    }
    written
}
