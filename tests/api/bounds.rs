//! Input that aims past the bounds.

use std::sync::Arc;

use actix_web::body::to_bytes;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::{HttpResponse, web};
use serde_json::{Value, json};

use crate::make;
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

#[actix_web::test]
async fn what_would_be_dear_to_take_is_refused_before_it_is_taken() {
    let app = TestApp::start().await;
    let names: serde_json::Map<_, _> = (0..30_000).map(|name| (name.to_string(), json!(1))).collect();
    for (field, value, flaw) in [
        ("custom", json!(names), "too_long"),
        ("custom", json!({"a": {"b": "x".repeat(70_000)}}), "too_long"),
        ("body_markdown", json!("<".repeat(100_001)), "too_many"),
        ("body_markdown", json!("&#".repeat(100_001)), "too_many"),
        ("body_html", json!("&amp;".repeat(100_001)), "too_many"),
    ] {
        let call = app
            .editor()
            .post(ARTICLES)
            .json(&json!({"headline": "x", field: value}));
        let refused = call.await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(format!("/{field}"), flaw.to_owned())]);
    }
}

#[actix_web::test]
async fn a_cursor_with_a_letter_changed_is_refused_by_every_list() {
    let app = TestApp::start().await;
    for name in ["Delta", "Alpha"] {
        for kind in ["tags", "contributors", "sections"] {
            make::one(&app, kind, name).await;
        }
        make::draft(&app, name).published().await;
    }
    for list in ["tags", "contributors", "sections", "articles"] {
        for path in [format!("/api/v1/{list}"), format!("/api/v1/editor/{list}")] {
            let page = app.editor().get(format!("{path}?limit=1")).await.expect(200);
            let cursor = page["next_cursor"].as_str().expect("a second page").to_owned();
            app.editor().get(format!("{path}?cursor={cursor}")).await.expect(200);
            // The list, the key, the name and the mark.
            for at in (0..cursor.len()).step_by(7) {
                let mut changed = cursor.clone();
                let other = if cursor.as_bytes()[at] == b'x' { "y" } else { "x" };
                changed.replace_range(at..=at, other);
                let refused = app.editor().get(format!("{path}?cursor={changed}")).await.expect(400);
                assert!(["bad_cursor", "cursor_mismatch"].contains(&refused.code()), "{changed}");
            }
        }
    }
}

async fn boom() -> HttpResponse {
    panic!("on purpose")
}

#[actix_web::test]
async fn a_panic_costs_one_request() {
    let app = TestApp::start().await;
    let mounted = copydesk::http::application(Arc::clone(&app.services)).route("/boom", web::get().to(boom));
    let service = init_service(mounted).await;
    for _ in 0..3 {
        let lost = try_call_service(&service, TestRequest::get().uri("/boom").to_request()).await;
        let answer = lost.expect_err("the request is lost inside").error_response();
        assert_eq!(answer.status(), 500);
        assert_eq!(
            answer.headers().get("Content-Type").unwrap(),
            "application/problem+json"
        );
        let id = answer
            .headers()
            .get("X-Request-Id")
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let problem: Value = serde_json::from_slice(&to_bytes(answer.into_body()).await.unwrap()).unwrap();
        assert_eq!(
            (&problem["code"], &problem["request_id"]),
            (&json!("internal"), &json!(id))
        );
        let next = TestRequest::get().uri("/api/v1/articles").to_request();
        assert_eq!(try_call_service(&service, next).await.unwrap().status(), 200);
    }
}
