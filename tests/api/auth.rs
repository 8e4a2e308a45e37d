//! Logging in, and the tokens that are taken and not taken.

pub(crate) mod api_keys;
mod forged;
mod refresh;
mod reset;
mod rotation;
mod scopes;
mod sessions;
pub(crate) mod totp;

use serde_json::{Value, json};

use crate::make;
use crate::support::{PASSWORD, Person, Reply, TestApp, claims, snap};

const LOGIN: &str = "/api/v1/auth/login";
/// What only somebody with a token may read.
const GUARDED: &str = "/api/v1/editor/articles";

#[actix_web::test]
async fn a_login_gives_a_token_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let body = json!({"email": " Editor@Newsroom.Example ", "password": PASSWORD});
    let login = app.anon().post(LOGIN).json(&body).await.expect(200);
    assert_eq!(
        (&login["token_type"], &login["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    assert_eq!(login.header("Cache-Control"), Some("private, no-store"));
    let token = login["access_token"].as_str().unwrap().to_owned();

    let parts: Vec<_> = token.split('.').map(decode).collect();
    assert_eq!(parts[0], app.signer.header());
    let claims = claims(Person::Editor, app.clock.seconds());
    let names = |claims: &Value| claims.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&parts[1]), names(&claims));
    for name in ["iss", "aud", "sub", "iat", "exp", "role"] {
        assert_eq!(parts[1][name], claims[name], "{name}");
    }

    app.bearer(&token).get(GUARDED).await.expect(200);
    app.clock.advance(899);
    app.bearer(&token).get(GUARDED).await.expect(200);
    app.clock.advance(6);
    app.bearer(&token).get(GUARDED).await.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn every_failed_login_is_told_in_the_same_words() {
    let app = TestApp::start().await;
    let mut told = Vec::new();
    for (what, email, password) in [
        ("wrong password", Person::Editor.email(), "kestrels under the strait"),
        (
            "password in other case",
            Person::Editor.email(),
            "Kestrels over the strait",
        ),
        ("no password", Person::Editor.email(), ""),
        ("unknown user", "nobody@newsroom.example".to_owned(), PASSWORD),
        ("no address", String::new(), PASSWORD),
        ("not an address", "editor".to_owned(), PASSWORD),
        ("disabled user", Person::Disabled.email(), PASSWORD),
    ] {
        let reply = app
            .anon()
            .post(LOGIN)
            .json(&json!({"email": email, "password": password}))
            .await;
        assert_eq!(reply.status(), 401, "{what}");
        told.push(same(reply.json()));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
    snap("login_refused", &told[0]);
}

#[actix_web::test]
async fn a_login_is_a_body_like_any_other() {
    let app = TestApp::start().await;
    for (body, flaws) in [
        (json!({}), vec![("/email", "required"), ("/password", "required")]),
        (
            json!({"email": "a@b.example", "password": 7}),
            vec![("/password", "wrong_type")],
        ),
        (
            json!({"email": "a@b.example", "password": "x", "otp": "1"}),
            vec![("/otp", "unknown")],
        ),
        (
            json!({"email": "a@b.example", "password": "x".repeat(1025)}),
            vec![("/password", "too_long")],
        ),
    ] {
        let mut told = app
            .anon()
            .post(LOGIN)
            .json(&body)
            .await
            .refused(422, "invalid_body")
            .flaws();
        told.sort();
        let flaws: Vec<_> = flaws
            .into_iter()
            .map(|(at, rule)| (at.to_owned(), rule.to_owned()))
            .collect();
        assert_eq!(told, flaws);
    }
}

#[actix_web::test]
async fn a_bad_token_is_refused_even_where_none_is_needed() {
    let app = TestApp::start().await;
    let body = json!({"email": Person::Editor.email(), "password": PASSWORD});
    app.bearer("worn.out.token")
        .post(LOGIN)
        .json(&body)
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn the_public_key_is_published_and_the_private_one_is_not() {
    let app = TestApp::start().await;
    let keys = app.anon().get("/.well-known/jwks.json").await.expect(200);
    let key = keys["keys"][0].as_object().unwrap();
    assert_eq!(key.keys().collect::<Vec<_>>(), ["kty", "crv", "use", "alg", "kid", "x"]);
    let file = app.database.folder().join("keys/signing.pem");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(file).unwrap().permissions());
    assert!(mode & 0o777 != 0, "the key is kept in the data folder");
}

#[actix_web::test]
async fn a_token_of_a_disabled_account_is_not_taken() {
    let app = TestApp::start().await;
    app.person(Person::Disabled)
        .get(GUARDED)
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn what_an_account_may_do_is_looked_up_and_not_read_from_the_token() {
    let app = TestApp::start().await;
    let mut claims = claims(Person::Contributor, app.clock.seconds());
    claims["role"] = json!("admin");
    let token = app.signer.sign(&app.signer.header(), &claims);
    let reply = app
        .bearer(&token)
        .post("/api/v1/editor/sections")
        .json(&json!({"name": "Mine now"}))
        .await;
    assert!(matches!(reply.status(), 401 | 403), "{}", reply.text());
}

#[actix_web::test]
async fn no_token_but_our_own_is_taken_and_every_refusal_reads_the_same() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Public").published().await;
    let refused = same(app.anon().get(GUARDED).await.refused(401, "unauthenticated").json());
    let mut tried = 0;
    for (what, token) in forged::all(&app.signer, app.clock.seconds()) {
        tried += 1;
        for path in [
            GUARDED,
            "/api/v1/articles",
            &live.public_path(),
            "/api/v1/sections",
            "/.well-known/jwks.json",
        ] {
            let reply = app.bearer(&token).get(path).await;
            assert_eq!(
                (reply.status(), same(reply.json())),
                (401, refused.clone()),
                "{what} on {path}"
            );
        }
    }
    assert!(tried >= 120, "{tried} tokens are too few");
}

#[actix_web::test]
async fn a_header_that_is_no_bearer_token_is_refused_everywhere() {
    let app = TestApp::start().await;
    let good = app
        .signer
        .sign(&app.signer.header(), &claims(Person::Editor, app.clock.seconds()));
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Basic ZWRpdG9yOng=",
        &good,
        &format!("Token {good}"),
        &format!("Bearer {good} x"),
    ] {
        for path in [GUARDED, "/api/v1/articles", "/api/v1/nowhere"] {
            let reply = app.anon().get(path).header("Authorization", header).await;
            reply.refused(401, "unauthenticated");
        }
    }
    let twice = app
        .bearer(&good)
        .get(GUARDED)
        .header("Authorization", format!("Bearer {good}"));
    twice.await.refused(401, "unauthenticated");
    app.anon()
        .get(GUARDED)
        .header("Authorization", format!("bearer {good}"))
        .await
        .expect(200);
}

/// A session of somebody, begun as they would.
async fn log_in(app: &TestApp, person: Person) -> Reply {
    let body = json!({"email": person.email(), "password": PASSWORD});
    app.anon().post(LOGIN).json(&body).await.expect(200)
}

/// A problem without what belongs to one request.
pub(crate) fn same(problem: &Value) -> Value {
    let mut problem = problem.clone();
    problem["request_id"] = json!("[request]");
    problem["instance"] = json!("[path]");
    problem
}

fn decode(part: &str) -> Value {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(part)
        .unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}
