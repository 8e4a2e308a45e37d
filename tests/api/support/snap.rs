//! Whole answers as snapshots, with what differs from run to run replaced by what it must look like.

use copydesk::domain::time::Timestamp;
use insta::Settings;
use serde_json::Value;
use uuid::Uuid;

/// Compares an answer with `tests/api/snapshots/<name>.snap`.
#[track_caller]
pub(crate) fn snap(name: &str, answer: &Value) {
    let mut answer = answer.clone();
    let mut short_ids = Vec::new();
    find_short_ids(&answer, &mut short_ids);
    redact("", &mut answer, &short_ids);
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_json_snapshot!(name, answer));
}

fn find_short_ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("short_id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| find_short_ids(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| find_short_ids(item, found)),
        _ => {}
    }
}

fn redact(name: &str, value: &mut Value, short_ids: &[String]) {
    match value {
        Value::Object(fields) => fields
            .iter_mut()
            .for_each(|(name, field)| redact(name, field, short_ids)),
        Value::Array(items) => items.iter_mut().for_each(|item| redact(name, item, short_ids)),
        Value::String(text) => *text = stand_in(name, text, short_ids),
        _ => {}
    }
}

fn stand_in(name: &str, text: &str, short_ids: &[String]) -> String {
    if let Ok(id) = Uuid::try_parse(text) {
        assert_eq!(id.get_version_num(), 7, "`{name}` is not a UUIDv7: {text}");
        return "[id]".to_owned();
    }
    if Timestamp::parse(text).is_ok_and(|moment| moment.to_string() == text) {
        return "[time]".to_owned();
    }
    match name {
        "next_cursor" => return "[cursor]".to_owned(),
        "id" if text.len() == 10 => return "[block]".to_owned(),
        _ => {}
    }
    short_ids
        .iter()
        .fold(text.to_owned(), |text, id| text.replace(id.as_str(), "[short_id]"))
}
