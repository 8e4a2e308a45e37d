//! Whether the client takes JSON.

use actix_web::http::header::{ACCEPT, HeaderMap};

use crate::http::codes::Code;
use crate::http::problem::Problem;

pub(super) fn check(path: &str, headers: &HeaderMap) -> Result<(), Problem> {
    if !path.starts_with("/api/") && path != "/openapi.json" {
        return Ok(());
    }
    let mut lines = Vec::new();
    for line in headers.get_all(ACCEPT) {
        lines.push(line.to_str().unwrap_or_default());
    }
    let accept = lines.join(",").to_ascii_lowercase();
    if accept.trim().is_empty() || takes_json(&accept) {
        Ok(())
    } else {
        Err(Problem::plain(Code::NotAcceptable))
    }
}

/// The most precise range that names JSON decides (RFC 9110 §12.5.1). `accept` in lower case.
fn takes_json(accept: &str) -> bool {
    ["application/json", "application/*", "*/*"]
        .into_iter()
        .find_map(|range| accept.split(',').find_map(|one| wanted(one, range)))
        .unwrap_or(false)
}

/// Whether `one` is about `range`, and if so, whether it is wanted.
fn wanted(one: &str, range: &str) -> Option<bool> {
    let mut parts = one.split(';').map(str::trim);
    if parts.next() != Some(range) {
        return None;
    }
    let quality = parts.find_map(|part| part.strip_prefix("q="));
    Some(quality.is_none_or(|q| q.trim().parse::<f32>().is_ok_and(|q| q > 0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_taken_by_name_or_by_range() {
        for (accept, takes) in [
            ("application/json", true),
            ("text/html, */*;q=0.1", true),
            ("application/*", true),
            ("application/json;q=0, */*", false),
            ("application/json; charset=utf-8; q=0.5", true),
            ("text/html", false),
            ("application/xml;q=1", false),
            ("*/*;q=0.000", false),
        ] {
            assert_eq!(takes_json(accept), takes, "{accept}");
        }
    }
}
