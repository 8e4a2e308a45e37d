//! Bodies in chunks that do not come to their end.

use std::io::{Read as _, Write as _};

use super::process::{Server, copydesk, make_user, succeeded};
use crate::support::database::Database;

const CHUNKED: &str =
    "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn whoever_stops_within_a_chunked_body_is_hung_up_on() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let mut command = copydesk(&database, &["serve"]);
    command.env("COPYDESK_HTTP_BODY_IDLE_SECONDS", "1");
    let server = Server::start(command);
    // Refused unread, not found, answered, and read until it stops; all at once, since each takes a while.
    let asked = [
        ("POST /api/v1/editor/articles", "", "401"),
        ("POST /api/v1/editor/articles", "5\r\n{}", "401"),
        ("POST /nowhere", "", "404"),
        ("GET /api/v1/articles", "ffffffffffffffff\r\n{}", "200"),
        ("POST /api/v1/auth/login", "ffffffffffffffff\r\n{}", "400"),
    ];
    let sent = asked.map(|(line, begun, status)| {
        let mut stream = server.connect();
        write!(stream, "{line} {CHUNKED}{begun}").unwrap();
        (line, status, stream)
    });
    for (line, status, mut stream) in sent {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it hangs up");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{line}: {answer}");
    }
}

#[test]
fn a_chunked_body_that_is_whole_leaves_its_connection_open() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    let mut stream = server.connect();
    write!(stream, "POST /api/v1/auth/login {CHUNKED}2\r\n{{}}\r\n0\r\n\r\n").unwrap();
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 422");
    stream
        .write_all(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(
        rest.contains("HTTP/1.1 200 ") && rest.contains("User-agent"),
        "the next request is answered: {rest}"
    );
}
