//! Which form of an answer the client takes.

use actix_web::http::header::{ACCEPT, HeaderMap};

use crate::http::codes::Code;
use crate::http::problem::Problem;
use crate::http::routes::named_article;
use crate::http::view::trimmed::TRIMMED;

const JSON: &str = "application/json";
const LIST: &str = "/api/v1/articles";

/// Whether the client takes JSON, where that is all there is. A list of articles with some of their fields has a type of its own.
pub(in crate::http) fn check(path: &str, query: &str, headers: &HeaderMap) -> Result<(), Problem> {
    if (!path.starts_with("/api/") && path != "/openapi.json") || named_article(path).is_some() {
        return Ok(());
    }
    let offers: &[&'static str] = match path {
        LIST if query.split('&').any(|pair| pair.starts_with("fields=")) => &[TRIMMED, JSON],
        _ => &[JSON],
    };
    match preferred(headers, offers, |form| form) {
        Some(_) => Ok(()),
        None => Err(Problem::plain(Code::NotAcceptable)),
    }
}

/// Which of the offers the client takes most gladly; of several the first. One that sends no `Accept` takes all.
pub(in crate::http) fn preferred<T: Copy>(
    headers: &HeaderMap,
    offers: &[T],
    media_type: impl Fn(T) -> &'static str,
) -> Option<T> {
    let lines: Vec<&str> = headers
        .get_all(ACCEPT)
        .map(|line| line.to_str().unwrap_or_default())
        .collect();
    // What most clients send.
    if matches!(lines.as_slice(), [] | ["" | "*/*"]) {
        return offers.first().copied();
    }
    let accept = lines.join(",").to_ascii_lowercase();
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(range).collect();
    // What nobody can read counts as not sent.
    if ranges.is_empty() {
        return offers.first().copied();
    }
    let mut best = None;
    for offer in offers {
        let wanted = quality(&ranges, media_type(*offer));
        if wanted > best.map_or(0.0, |(most, _)| most) {
            best = Some((wanted, *offer));
        }
    }
    best.map(|(_, offer)| offer)
}

/// One of what a client takes.
struct Range<'a> {
    /// In lower case.
    name: &'a str,
    /// Whether it is of types without parameters, as all of ours are.
    is_plain: bool,
    quality: f32,
}

/// How gladly a media type is taken, 0 where it is not: the most precise range that names it decides (RFC 9110 §12.5.1). A range with
/// parameters is of what has them; but who asks for our type with some, such as `charset`, and for nothing that has none, is not refused for it.
fn quality(ranges: &[Range<'_>], media_type: &str) -> f32 {
    let kind = media_type.split('/').next().unwrap_or_default();
    let find = |wanted: &str| ranges.iter().find(|range| range.name == wanted && range.is_plain);
    let with_parameters = || {
        let named = ranges.iter().filter(|range| range.name == media_type);
        named.max_by(|one, other| one.quality.total_cmp(&other.quality))
    };
    let found = find(media_type)
        .or_else(|| with_parameters().filter(|range| range.quality > 0.0))
        .or_else(|| find(&format!("{kind}/*")))
        .or_else(|| find("*/*"));
    found.map_or(0.0, |range| range.quality)
}

/// `None` where it cannot be read.
fn range(one: &str) -> Option<Range<'_>> {
    let mut parts = one.split(';').map(str::trim);
    let name = parts.next().filter(|range| range.contains('/'))?;
    let (mut is_plain, mut quality) = (true, 1.0);
    for part in parts {
        if let Some(text) = part.strip_prefix("q=") {
            quality = text.trim().parse().ok()?;
            break;
        }
        is_plain &= part.is_empty();
    }
    (0.0..=1.0).contains(&quality).then_some(Range {
        name,
        is_plain,
        quality,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const FORMS: &[&str] = &[JSON, "application/ld+json", "text/html"];

    fn chosen(accept: &str, offers: &[&'static str]) -> Option<&'static str> {
        let request = TestRequest::get().insert_header((ACCEPT, accept)).to_http_request();
        preferred(request.headers(), offers, |form| form)
    }

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
            ("application/json;version=2;q=0, application/json", true),
            ("application/json;version=2;q=0, */*", true),
            ("application/json;version=2;q=0", false),
        ] {
            assert_eq!(chosen(accept, &[JSON]).is_some(), takes, "{accept}");
        }
    }

    #[test]
    fn some_fields_of_a_list_have_a_type_of_their_own() {
        let takes = |path: &str, query: &str, accept: &str| {
            let request = TestRequest::get().insert_header((ACCEPT, accept)).to_http_request();
            check(path, query, request.headers()).is_ok()
        };
        assert!(takes(LIST, "limit=3&fields=id", TRIMMED) && takes(LIST, "fields=id", JSON));
        assert!(!takes(LIST, "limit=3", TRIMMED) && !takes("/api/v1/tags", "fields=id", TRIMMED));
        assert!(!takes(LIST, "fields=id", "text/html"));
    }

    #[test]
    fn of_several_forms_the_best_liked_is_taken() {
        for (accept, form) in [
            ("*/*", Some(JSON)),
            ("", Some(JSON)),
            ("application/*", Some(JSON)),
            ("text/*", Some("text/html")),
            ("Application/LD+JSON", Some("application/ld+json")),
            (
                "text/html;q=0.5, application/ld+json;q=0.8",
                Some("application/ld+json"),
            ),
            ("text/html, application/json;q=0.9", Some("text/html")),
            ("text/html;q=0.9, application/json;q=0.9", Some(JSON)),
            ("text/html,application/xml;q=0.9,*/*;q=0.8", Some("text/html")),
            ("application/json;q=0, application/*;q=0.1", Some("application/ld+json")),
            ("*/*, application/json;q=0.2", Some("application/ld+json")),
            ("text/html;q=x", Some(JSON)),
            ("text/html;q=nan, garbage", Some(JSON)),
            ("application/json;q=x, text/html;q=0.1", Some("text/html")),
            ("image/*", None),
            ("text/html;level=1;q=0.3, text/html;q=0.7, */*;q=0.5", Some("text/html")),
            (
                "application/ld+json;profile=\"x\";q=0.9, */*;q=0.8",
                Some("application/ld+json"),
            ),
        ] {
            assert_eq!(chosen(accept, FORMS), form, "{accept}");
        }
    }
}
