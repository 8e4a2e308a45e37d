//! A login that ends while a request of it is under way.

use std::io::{Read as _, Write as _};

use serde_json::{Value, json};

use super::process::{Server, copydesk, make_user, succeeded};
use crate::support::PASSWORD;
use crate::support::database::Database;

/// What a request with a body is answered.
pub(super) fn send(server: &Server, head: &str, body: &str) -> String {
    let mut stream = server.connect();
    let length = body.len();
    write!(stream, "{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

pub(super) fn json_of(answer: &str) -> Value {
    serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap()
}

pub(super) fn log_in(server: &Server) -> String {
    let login = json!({"email": "desk@newsroom.example", "password": PASSWORD}).to_string();
    let tokens = json_of(&send(server, "POST /api/v1/auth/login HTTP/1.1", &login));
    tokens["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_begun_before_a_logout_is_not_done_after_it() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let server = Server::start(copydesk(&database, &["serve"]));
    for (path, kind, body) in [
        (
            "auth/api-keys",
            "application/json",
            json!({"name": "Outlives", "scopes": ["articles:read"]}).to_string(),
        ),
        (
            "editor/articles",
            "application/json",
            json!({"headline": "Too late"}).to_string(),
        ),
        (
            "editor/media",
            "application/octet-stream",
            "%PDF-1.4 of whoever was logged out".to_owned(),
        ),
    ] {
        for ends in [true, false] {
            let token = log_in(&server);
            let mut stream = server.connect();
            let head = format!("POST /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}");
            let rest = format!(
                "Content-Type: {kind}\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: {}",
                body.len()
            );
            write!(stream, "{head}\r\n{rest}\r\n\r\n").unwrap();
            let mut first = [0; 12];
            stream.read_exact(&mut first).expect("it waits for the body");
            assert_eq!(&first, b"HTTP/1.1 100", "{path}");
            if ends {
                let out = format!("POST /api/v1/auth/logout-all HTTP/1.1\r\nAuthorization: Bearer {token}");
                assert!(server.ask(&out).starts_with("HTTP/1.1 204"), "{path}");
            }
            stream.write_all(body.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            // What a logout does not stop would have been taken.
            let status = if ends { "HTTP/1.1 401" } else { "HTTP/1.1 201" };
            assert!(answer.contains(status), "{path}: {answer}");
        }
    }
    for table in ["api_keys", "articles", "media"] {
        let count = database.texts(&format!("select cast(count(*) as text) as what from {table}"));
        assert_eq!(count, ["1"], "{table}");
    }
}
