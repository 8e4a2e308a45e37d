//! Logging in, and the tokens that are taken and not taken.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::make;
use crate::support::{PASSWORD, Person, Signer, TestApp, encode, snap};

const LOGIN: &str = "/api/v1/auth/login";
/// What only somebody with a token may read.
const GUARDED: &str = "/api/v1/editor/articles";

#[actix_web::test]
async fn a_login_gives_a_token_for_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let body = json!({"email": " Editor@Newsroom.Example ", "password": PASSWORD});
    let login = app.anon().post(LOGIN).json(&body).await.expect(200);
    assert_eq!((&login["token_type"], &login["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!(login.header("Cache-Control"), Some("private, no-store"));
    let token = login["access_token"].as_str().unwrap().to_owned();

    let parts: Vec<_> = token.split('.').map(decode).collect();
    assert_eq!(parts[0], app.signer.header());
    let claims = app.signer.claims(Person::Editor, app.clock.seconds());
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
        ("password in other case", Person::Editor.email(), "Kestrels over the strait"),
        ("no password", Person::Editor.email(), ""),
        ("unknown user", "nobody@newsroom.example".to_owned(), PASSWORD),
        ("no address", String::new(), PASSWORD),
        ("not an address", "editor".to_owned(), PASSWORD),
        ("disabled user", Person::Disabled.email(), PASSWORD),
    ] {
        let reply = app.anon().post(LOGIN).json(&json!({"email": email, "password": password})).await;
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
        (json!({"email": "a@b.example", "password": 7}), vec![("/password", "wrong_type")]),
        (json!({"email": "a@b.example", "password": "x", "otp": "1"}), vec![("/otp", "unknown")]),
        (json!({"email": "a@b.example", "password": "x".repeat(1025)}), vec![("/password", "too_long")]),
    ] {
        let mut told = app.anon().post(LOGIN).json(&body).await.refused(422, "invalid_body").flaws();
        told.sort();
        let flaws: Vec<_> = flaws.into_iter().map(|(at, rule)| (at.to_owned(), rule.to_owned())).collect();
        assert_eq!(told, flaws);
    }
}

#[actix_web::test]
async fn an_old_token_does_not_keep_anybody_from_logging_in() {
    let app = TestApp::start().await;
    let body = json!({"email": Person::Editor.email(), "password": PASSWORD});
    app.bearer("worn.out.token").post(LOGIN).json(&body).await.expect(200);
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
    app.person(Person::Disabled).get(GUARDED).await.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn what_an_account_may_do_is_looked_up_and_not_read_from_the_token() {
    let app = TestApp::start().await;
    let mut claims = app.signer.claims(Person::Contributor, app.clock.seconds());
    claims["role"] = json!("admin");
    let token = app.signer.sign(&app.signer.header(), &claims);
    let reply = app.bearer(&token).post("/api/v1/editor/sections").json(&json!({"name": "Mine now"})).await;
    assert!(matches!(reply.status(), 401 | 403), "{}", reply.text());
}

#[actix_web::test]
async fn no_token_but_our_own_is_taken_and_every_refusal_reads_the_same() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Public").published().await;
    let refused = same(app.anon().get(GUARDED).await.refused(401, "unauthenticated").json());
    let mut tried = 0;
    for (what, token) in forged(&app.signer, app.clock.seconds()) {
        tried += 1;
        for path in [GUARDED, "/api/v1/articles", &live.public_path(), "/api/v1/sections", "/.well-known/jwks.json"] {
            let reply = app.bearer(&token).get(path).await;
            assert_eq!((reply.status(), same(reply.json())), (401, refused.clone()), "{what} on {path}");
        }
    }
    assert!(tried >= 120, "{tried} tokens are too few");
}

#[actix_web::test]
async fn a_header_that_is_no_bearer_token_is_refused_everywhere() {
    let app = TestApp::start().await;
    let good = app.signer.sign(&app.signer.header(), &app.signer.claims(Person::Editor, app.clock.seconds()));
    for header in ["", "Bearer", "Bearer ", "Basic ZWRpdG9yOng=", &good, &format!("Token {good}"), &format!("Bearer {good} x")] {
        for path in [GUARDED, "/api/v1/articles", "/api/v1/nowhere"] {
            let reply = app.anon().get(path).header("Authorization", header).await;
            reply.refused(401, "unauthenticated");
        }
    }
    let twice = app.bearer(&good).get(GUARDED).header("Authorization", format!("Bearer {good}"));
    twice.await.refused(401, "unauthenticated");
    app.anon().get(GUARDED).header("Authorization", format!("bearer {good}")).await.expect(200);
}

/// A problem without what belongs to one request.
fn same(problem: &Value) -> Value {
    let mut problem = problem.clone();
    problem["request_id"] = json!("[request]");
    problem["instance"] = json!("[path]");
    problem
}

fn decode(part: &str) -> Value {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap_or_default();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Tokens that are almost ours.
fn forged(signer: &Signer, now: i64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    headers(signer, now, &mut all);
    claims(signer, now, &mut all);
    other_keys(signer, now, &mut all);
    texts(signer, now, &mut all);
    all
}

fn headers(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let claims = signer.claims(Person::Admin, now);
    let none = Value::Null;
    for (name, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("eddsa")),
        ("alg", json!("Ed25519")),
        ("alg", json!(["EdDSA"])),
        ("alg", none.clone()),
        ("typ", json!("JWT")),
        ("typ", json!("application/at+jwt")),
        ("typ", json!("AT+JWT")),
        ("typ", json!("")),
        ("typ", none.clone()),
        ("kid", json!("another")),
        ("kid", json!("")),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("' or 1=1 --")),
        ("kid", json!([signer.jwk["kid"]])),
        ("kid", none.clone()),
        ("crit", json!(["exp"])),
        ("crit", json!(["b64"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("jwk", signer.jwk.clone()),
        ("jku", json!("https://keys.example/jwks.json")),
        ("x5u", json!("https://keys.example/cert.pem")),
        ("x5c", json!(["AAAA"])),
        ("cty", json!("JWT")),
        ("zip", json!("DEF")),
    ] {
        let mut header = signer.header();
        match &value {
            Value::Null => drop(header.as_object_mut().unwrap().shift_remove(name)),
            value => header[name] = value.clone(),
        }
        all.push((format!("header {name} {value}"), signer.sign(&header, &claims)));
    }
    let kid = signer.jwk["kid"].as_str().unwrap();
    let twice = format!(r#"{{"typ":"at+jwt","alg":"none","alg":"EdDSA","kid":"{kid}"}}"#);
    for (what, header) in [("header twice alg", twice.as_str()), ("header []", "[]"), ("header 1", "1"), ("header nothing", "")] {
        all.push((what.to_owned(), signer.sign_text(header, &claims.to_string())));
    }
}

fn claims(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let none = Value::Null;
    let far = json!(u64::MAX);
    for (name, value) in [
        ("iss", json!("someone-else")),
        ("iss", json!("Copydesk")),
        ("iss", json!(["copydesk"])),
        ("iss", json!(["copydesk", "someone-else"])),
        ("iss", none.clone()),
        ("aud", json!("someone-else")),
        ("aud", json!(["copydesk-editor"])),
        ("aud", json!(["someone-else", "copydesk-editor"])),
        ("aud", none.clone()),
        ("sub", json!("019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f")),
        ("sub", json!("admin@newsroom.example")),
        ("sub", json!(1)),
        ("sub", none.clone()),
        ("exp", json!(now - 5)),
        ("exp", json!(now - 1000)),
        ("exp", json!(now + 901)),
        ("exp", json!(now + 100_000_000)),
        ("exp", json!(now)),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(f64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", far.clone()),
        ("exp", json!((now + 900).to_string())),
        ("exp", none.clone()),
        ("iat", json!(now + 6)),
        ("iat", json!(now + 3600)),
        ("iat", json!(now - 3600)),
        ("iat", json!(i64::MIN)),
        ("iat", json!("now")),
        ("iat", none.clone()),
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", none.clone()),
        ("role", json!("owner")),
        ("role", json!("")),
        ("role", json!(["admin"])),
        ("role", none.clone()),
        ("nbf", json!(now + 3600)),
        ("scope", json!("all")),
        ("admin", json!(true)),
        ("", json!(1)),
    ] {
        let mut claims = signer.claims(Person::Admin, now);
        match &value {
            Value::Null => drop(claims.as_object_mut().unwrap().shift_remove(name)),
            value => claims[name] = value.clone(),
        }
        all.push((format!("claim {name} {value}"), signer.sign(&signer.header(), &claims)));
    }
    let header = signer.header().to_string();
    let claims = signer.claims(Person::Admin, now).to_string();
    let twice = claims.replacen('{', &format!(r#"{{"sub":"{}","#, "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"), 1);
    for (what, claims) in [("claims twice sub", twice.as_str()), ("claims []", "[]"), ("claims text", "\"x\""), ("claims nothing", "")] {
        all.push((what.to_owned(), signer.sign_text(&header, claims)));
    }
}

/// The public key as a shared secret, and keys of others.
fn other_keys(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    use base64::Engine as _;
    let claims = signer.claims(Person::Admin, now);
    let public = signer.jwk["x"].as_str().unwrap();
    let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(public).unwrap();
    let jwk = signer.jwk.to_string();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        for secret in [raw.as_slice(), public.as_bytes(), jwk.as_bytes(), b""] {
            let mut header = Header::new(algorithm);
            header.typ = Some("at+jwt".to_owned());
            header.kid = signer.jwk["kid"].as_str().map(str::to_owned);
            let token = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap();
            all.push((format!("{algorithm:?} with the public key"), token));
        }
    }
    let other = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let message = format!("{}.{}", encode(signer.header().to_string()), encode(claims.to_string()));
    let signature = ed25519_dalek::Signer::sign(&other, message.as_bytes());
    all.push(("another key".to_owned(), format!("{message}.{}", encode(signature.to_bytes()))));
    all.push(("a signature of zeros".to_owned(), format!("{message}.{}", encode([0; 64]))));
    all.push(("no signature".to_owned(), format!("{message}.")));
    all.push(("two parts".to_owned(), message));
}

/// A good token, cut and bent.
fn texts(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let good = signer.sign(&signer.header(), &signer.claims(Person::Admin, now));
    let parts: Vec<&str> = good.split('.').collect();
    for (what, token) in [
        ("a dot behind", format!("{good}.")),
        ("a dot before", format!(".{good}")),
        ("padded", format!("{good}==")),
        ("twice", format!("{good}.{good}")),
        ("parts swapped", format!("{}.{}.{}", parts[1], parts[0], parts[2])),
        ("a fourth part", format!("{good}.AAAA")),
        ("a blank within", good.replacen('.', ". ", 1)),
        ("quoted", format!("\"{good}\"")),
        ("over four KiB", signer.sign(&signer.header(), &json!({"iss": "x".repeat(5000)}))),
        ("five KiB of A", "A".repeat(5000)),
        ("dots", "..".to_owned()),
        ("JSON", r#"{"alg":"none"}"#.to_owned()),
    ] {
        all.push((what.to_owned(), token));
    }
    for cut in (0..good.len()).step_by(23).skip(1) {
        all.push((format!("cut at {cut}"), good[..cut].to_owned()));
    }
    // The last letter of a part may carry bits that mean nothing; those before it all count.
    for at in (0..good.len()).step_by(11).filter(|at| good.as_bytes()[*at] != b'.') {
        if good[at + 1..].starts_with('.') || at + 1 == good.len() {
            continue;
        }
        let letter = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
        all.push((format!("bent at {at}"), format!("{}{letter}{}", &good[..at], &good[at + 1..])));
    }
}
