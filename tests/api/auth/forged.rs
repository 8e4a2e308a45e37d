//! Tokens that are almost ours.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::database::user_id;
use crate::support::{Person, Signer, claims, encode};

/// Each with what is wrong with it.
pub(super) fn all(signer: &Signer, now: i64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    headers(signer, now, &mut all);
    identities(signer, now, &mut all);
    times(signer, now, &mut all);
    other_keys(signer, now, &mut all);
    texts(signer, now, &mut all);
    all
}

fn headers(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let claims = claims(Person::Admin, now);
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
    for (what, header) in [
        ("header twice alg", twice.as_str()),
        ("header []", "[]"),
        ("header 1", "1"),
        ("header nothing", ""),
    ] {
        all.push((what.to_owned(), signer.sign_text(header, &claims.to_string())));
    }
}

fn identities(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let none = Value::Null;
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
        ("jti", json!("")),
        ("jti", json!(7)),
        ("jti", none.clone()),
        ("sid", json!("")),
        ("sid", json!(7)),
        ("sid", json!("019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f")),
        ("sid", json!("00000000-0000-0000-0000-000000000000")),
        // Of somebody else.
        ("sid", json!(user_id(Person::Editor))),
        ("sid", json!([user_id(Person::Admin)])),
        ("sid", none.clone()),
        ("sub", json!(user_id(Person::Editor))),
        ("role", json!("owner")),
        ("role", json!("")),
        ("role", json!(["admin"])),
        ("role", none.clone()),
        ("scope", json!("all")),
        ("admin", json!(true)),
        ("", json!(1)),
    ] {
        all.push((format!("claim {name} {value}"), with_claim(signer, now, name, &value)));
    }
    let header = signer.header().to_string();
    let claims = claims(Person::Admin, now).to_string();
    let twice = claims.replacen(
        '{',
        &format!(r#"{{"sub":"{}","#, "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"),
        1,
    );
    for (what, claims) in [
        ("claims twice sub", twice.as_str()),
        ("claims []", "[]"),
        ("claims text", "\"x\""),
        ("claims nothing", ""),
    ] {
        all.push((what.to_owned(), signer.sign_text(&header, claims)));
    }
}

fn times(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let none = Value::Null;
    for (name, value) in [
        ("exp", json!(now - 5)),
        ("exp", json!(now - 1000)),
        ("exp", json!(now + 901)),
        ("exp", json!(now + 100_000_000)),
        ("exp", json!(now)),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(f64::MAX)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!((now + 900).to_string())),
        ("exp", none.clone()),
        ("iat", json!(now + 6)),
        ("iat", json!(now + 3600)),
        ("iat", json!(now - 3600)),
        ("iat", json!(i64::MIN)),
        ("iat", json!("now")),
        ("iat", none.clone()),
        ("nbf", json!(now + 3600)),
    ] {
        all.push((format!("claim {name} {value}"), with_claim(signer, now, name, &value)));
    }
}

/// A token that is ours but for one claim; null leaves the claim out.
fn with_claim(signer: &Signer, now: i64, name: &str, value: &Value) -> String {
    let mut claims = claims(Person::Admin, now);
    match value {
        Value::Null => drop(claims.as_object_mut().unwrap().shift_remove(name)),
        value => claims[name] = value.clone(),
    }
    signer.sign(&signer.header(), &claims)
}

/// The public key as a shared secret, and keys of others.
fn other_keys(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    use base64::Engine as _;
    let claims = claims(Person::Admin, now);
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
    all.push((
        "another key".to_owned(),
        format!("{message}.{}", encode(signature.to_bytes())),
    ));
    all.push((
        "a signature of zeros".to_owned(),
        format!("{message}.{}", encode([0; 64])),
    ));
    all.push(("no signature".to_owned(), format!("{message}.")));
    all.push(("two parts".to_owned(), message));
}

/// A good token, cut and bent.
fn texts(signer: &Signer, now: i64, all: &mut Vec<(String, String)>) {
    let good = signer.sign(&signer.header(), &claims(Person::Admin, now));
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
        (
            "over four KiB",
            signer.sign(&signer.header(), &json!({"iss": "x".repeat(5000)})),
        ),
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
        all.push((
            format!("bent at {at}"),
            format!("{}{letter}{}", &good[..at], &good[at + 1..]),
        ));
    }
}
