//! The bounds of a body, each named where it is broken.

use serde_json::{Value, json};

use crate::support::TestApp;

const ARTICLES: &str = "/api/v1/editor/articles";

#[actix_web::test]
async fn a_bound_that_is_broken_is_named_at_its_place() {
    let app = TestApp::start().await;
    let words = |length: usize| json!([{"text": "x".repeat(length)}]);
    let list = |levels: usize| {
        let item = |below: Option<Value>| match below {
            Some(items) => json!({"text": words(1), "list": {"items": items}}),
            None => json!({"text": words(1)}),
        };
        let items = (0..levels).fold(None, |below, _| Some(json!([item(below)])));
        json!({"type": "list", "items": items})
    };
    let boxed = |block: Value| json!({"type": "fact_box", "title": "F", "blocks": [block]});
    let cells = |count: usize| Value::Array(vec![json!({"text": words(1)}); count]);
    let divider = json!({"type": "divider"});
    let link = |url: &str| json!([{"type": "paragraph", "text": [{"text": "x", "link": {"url": url}}]}]);
    for (what, field, value, pointer, rule) in [
        (
            "too many blocks",
            "body",
            Value::Array(vec![divider.clone(); 2001]),
            "/body",
            "too_many",
        ),
        (
            "counted within boxes too",
            "body",
            json!([{"type": "fact_box", "title": "F", "blocks": vec![divider.clone(); 2000]}]),
            "/body",
            "too_many",
        ),
        (
            "too long a block",
            "body",
            json!([divider, {"type": "paragraph", "text": words(20_001)}]),
            "/body/1",
            "too_long",
        ),
        (
            "too long a table",
            "body",
            json!([{"type": "table", "rows": [[{"text": words(10_001)}, {"text": words(10_000)}]]}]),
            "/body/0",
            "too_long",
        ),
        (
            "too much in all",
            "body",
            Value::Array(vec![json!({"type": "paragraph", "text": words(20_000)}); 53]),
            "/body",
            "too_long",
        ),
        ("too deep a list", "body", json!([list(4)]), "/body/0", "out_of_range"),
        (
            "too deep in a box",
            "body",
            json!([boxed(list(3))]),
            "/body/0/blocks/0",
            "out_of_range",
        ),
        (
            "too deep boxes",
            "body",
            json!([boxed(boxed(boxed(json!({"type": "divider"}))))]),
            "/body/0/blocks/0/blocks/0/blocks/0",
            "out_of_range",
        ),
        (
            "two blocks of one id",
            "body",
            json!([{"type": "divider", "id": "a"}, boxed(json!({"type": "divider", "id": "a"}))]),
            "/body/1/blocks/0",
            "duplicate",
        ),
        (
            "no items",
            "body",
            json!([{"type": "list", "items": []}]),
            "/body/0/items",
            "too_short",
        ),
        (
            "no cells",
            "body",
            json!([{"type": "table", "rows": []}]),
            "/body/0/rows",
            "too_short",
        ),
        (
            "ragged rows",
            "body",
            json!([{"type": "table", "rows": [cells(2), cells(1)]}]),
            "/body/0/rows",
            "malformed",
        ),
        (
            "too many columns",
            "body",
            json!([{"type": "table", "rows": [cells(51)]}]),
            "/body/0/rows",
            "too_many",
        ),
        (
            "a stranger's host",
            "body",
            json!([{"type": "embed", "provider": "youtube", "url": "https://youtube.example/"}]),
            "/body/0/url",
            "not_allowed",
        ),
        (
            "a script",
            "body",
            link("javascript:alert(1)"),
            "/body/0/text/0/link/url",
            "not_allowed",
        ),
        (
            "data",
            "body",
            link("data:text/html,x"),
            "/body/0/text/0/link/url",
            "not_allowed",
        ),
        (
            "a tab",
            "body",
            link("java\tscript:alert(1)"),
            "/body/0/text/0/link/url",
            "control_character",
        ),
        (
            "no host",
            "body",
            link("https://"),
            "/body/0/text/0/link/url",
            "malformed",
        ),
        (
            "a broken host",
            "body",
            link("https://a b.example/"),
            "/body/0/text/0/link/url",
            "malformed",
        ),
        (
            "a file",
            "body",
            link("file:///etc/passwd"),
            "/body/0/text/0/link/url",
            "not_allowed",
        ),
        (
            "too much Markdown",
            "body_markdown",
            json!("x".repeat(1024 * 1024 + 1)),
            "/body_markdown",
            "too_long",
        ),
        (
            "too much HTML",
            "body_html",
            json!("x".repeat(1024 * 1024 + 1)),
            "/body_html",
            "too_long",
        ),
        (
            "too deep HTML",
            "body_html",
            json!("<div>".repeat(80)),
            "/body_html",
            "out_of_range",
        ),
        (
            "HTML of too many blocks",
            "body_html",
            json!("<hr>".repeat(2001)),
            "/body_html",
            "too_many",
        ),
        (
            "Markdown of a long paragraph",
            "body_markdown",
            json!("x".repeat(20_001)),
            "/body_markdown",
            "too_long",
        ),
    ] {
        let refused = app
            .editor()
            .post(ARTICLES)
            .json(&json!({"headline": "Long", field: value}))
            .await;
        assert_eq!(
            refused.refused(422, "invalid_body").flaws(),
            [(pointer.to_owned(), rule.to_owned())],
            "{what}"
        );
    }
    for (one, other) in [
        ("body", "body_html"),
        ("body", "body_markdown"),
        ("body_markdown", "body_html"),
    ] {
        let body = json!({"headline": "Twice", one: if one == "body" { json!([]) } else { json!("x") }, other: "y"});
        let refused = app
            .editor()
            .post(ARTICLES)
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(format!("/{other}"), "duplicate".to_owned())]);
    }
}
