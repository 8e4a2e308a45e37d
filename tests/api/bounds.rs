//! Input that aims past the bounds.

use serde_json::json;

use crate::support::TestApp;

const ARTICLES: &str = "/api/v1/editor/articles";

/// The JSON library takes such an object for a text that it parses again, past all bounds.
#[actix_web::test]
async fn names_of_the_json_library_are_refused_wherever_they_stand() {
    let app = TestApp::start().await;
    let name = "$serde_json::private::RawValue";
    let escaped = name.replace('$', "\\u0024");
    for body in [
        format!(r#"{{"headline": "x", "custom": {{"x": {{"{name}": "[[[1]]]"}}}}}}"#),
        format!(r#"{{"headline": "x", "custom": {{"o": {{"a": 1, "{escaped}": "{{]"}}}}}}"#),
        format!(r#"{{"{name}": "{{\"headline\": \"smuggled\"}}"}}"#),
    ] {
        let call = app
            .editor()
            .post(ARTICLES)
            .header("Content-Type", "application/json")
            .bytes(body);
        call.await.refused(400, "bad_json");
    }
    app.editor().get(ARTICLES).await.expect(200);
}

#[actix_web::test]
async fn a_time_at_the_end_of_the_calendar_is_refused_and_not_a_fault() {
    let app = TestApp::start().await;
    for time in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00%2B01:00"] {
        let call = app.anon().get(format!("/api/v1/articles?published_after={time}"));
        call.await.refused(400, "invalid_parameter");
    }
}

#[actix_web::test]
async fn what_a_refusal_repeats_is_cut() {
    let app = TestApp::start().await;
    let mut body = serde_json::Map::new();
    body.insert("k".repeat(100_000), json!(1));
    let refused = app
        .editor()
        .post(ARTICLES)
        .json(&json!(body))
        .await
        .refused(422, "invalid_body");
    assert!(refused.json().to_string().len() < 2000);
}
