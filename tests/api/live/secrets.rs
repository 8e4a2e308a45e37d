//! Secrets, and where they must not be.

use std::io::Read as _;

use serde_json::{Value, json};

use super::ended::{json_of, log_in, send};
use super::process::{Server, copydesk, make_user, run, succeeded, wait_for};
use crate::support::PASSWORD;
use crate::support::database::Database;

/// Sets another password by a code, and returns both.
fn reset(server: &Server, database: &Database) -> (String, &'static str) {
    let email = "desk@newsroom.example";
    let offered = succeeded(&run(database, &["user", "reset-code", "--email", email]));
    let (code, new) = (
        offered.split('\t').next().unwrap().to_owned(),
        "cormorants over the strait",
    );
    let body = json!({"email": email, "code": code, "new_password": new}).to_string();
    let answer = send(server, "POST /api/v1/auth/reset HTTP/1.1", &body);
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    (code, new)
}

/// Uses a server in every way that has a secret, and returns those.
fn secrets(server: &Server, database: &Database) -> Vec<String> {
    let token = log_in(server);
    let post = |path: &str, body: Value| {
        let head = format!("POST {path} HTTP/1.1\r\nAuthorization: Bearer {token}");
        send(server, &head, &body.to_string())
    };
    let text = |answer: &str, field: &str| {
        json_of(answer)[field]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"))
            .to_owned()
    };
    let login = post(
        "/api/v1/auth/login",
        json!({"email": "desk@newsroom.example", "password": PASSWORD}),
    );
    let refreshed = text(&login, "refresh_token");
    post("/api/v1/auth/refresh", json!({ "refresh_token": refreshed }));
    let key = text(
        &post(
            "/api/v1/auth/api-keys",
            json!({"name": "Desk", "scopes": ["articles:read"]}),
        ),
        "key",
    );
    server.ask(&format!(
        "GET /api/v1/editor/articles HTTP/1.1\r\nAuthorization: Bearer {key}"
    ));
    let article = text(
        &post("/api/v1/editor/articles", json!({"headline": "Secret plans"})),
        "id",
    );
    let preview = text(
        &post(&format!("/api/v1/editor/articles/{article}/preview-tokens"), json!({})),
        "token",
    );
    for cut in [0, 1] {
        server.ask(&format!(
            "GET /api/v1/preview/{} HTTP/1.1",
            &preview[..preview.len() - cut]
        ));
    }
    let secret = text(
        &post("/api/v1/auth/totp", json!({ "current_password": PASSWORD })),
        "secret",
    );
    let (code, new) = reset(server, database);
    let signature = token.rsplit('.').next().unwrap().to_owned();
    let plain = [PASSWORD, new, "desk@newsroom.example", "Secret plans"].map(str::to_owned);
    [token, signature, refreshed, key, preview, secret, code]
        .into_iter()
        .chain(plain)
        .collect()
}

#[test]
fn neither_passwords_nor_tokens_nor_bodies_are_logged() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let mut command = copydesk(&database, &["serve"]);
    command.env("COPYDESK_LOG_LEVEL", "trace");
    let mut server = Server::start(command);
    let secrets = secrets(&server, &database);
    server.signal("-TERM");
    let mut log = String::new();
    server.log.read_to_string(&mut log).unwrap();
    let entry = |line: &str| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
    let requests: Vec<_> = log
        .lines()
        .map(entry)
        .filter(|entry| entry["message"] == "request")
        .collect();
    assert_eq!(requests.len(), 11, "{log}");
    for name in ["request_id", "route", "status", "duration_ms", "method"] {
        assert!(requests.iter().all(|entry| entry.get(name).is_some()), "{name}: {log}");
    }
    for secret in secrets {
        assert!(secret.len() > 11 && !log.contains(&secret), "the log has {secret}");
    }
}

/// Who looks for those that guess passwords finds from where, and at whose; what they tried is in no log.
#[test]
fn a_login_that_is_refused_is_told_to_who_runs_the_server() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let mut server = Server::start(copydesk(&database, &["serve"]));
    for (email, is_known) in [("desk@newsroom.example", true), ("nobody@newsroom.example", false)] {
        let body = json!({"email": email, "password": "not the one that it is"}).to_string();
        let answer = send(&server, "POST /api/v1/auth/login HTTP/1.1", &body);
        assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
        let told = wait_for(&mut server.log, "A login was refused");
        assert_eq!(told["address"], "127.0.0.1", "{told}");
        assert_eq!(told["user.id"].is_string(), is_known, "{told}");
        assert!(!told.to_string().contains("not the one"), "{told}");
    }
}
