//! Requests that are sent before the ones before them are answered (RFC 9112 §9.3.2).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::process::{Server, copydesk};
use crate::support::database::Database;

/// Longer than any answer takes.
const IN_TIME: Duration = Duration::from_secs(10);

/// Reads the head of an answer and not beyond: its status line, and its fields in lower case.
fn head(stream: &mut TcpStream) -> (String, String) {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("an answer");
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).unwrap();
    let (line, fields) = head.split_once("\r\n").unwrap();
    (line.to_owned(), fields.to_ascii_lowercase())
}

/// Reads an answer to a request with this method: its status, and how many bytes it says and has.
fn answer(stream: &mut TcpStream, method: &str) -> (u16, usize) {
    let (line, fields) = head(stream);
    let length = fields.split("content-length: ").nth(1).expect("a length");
    let length = length.split("\r\n").next().unwrap().parse().unwrap();
    let mut body = vec![0; if method == "HEAD" { 0 } else { length }];
    stream.read_exact(&mut body).expect("a body");
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    (status, length)
}

fn request(method: &str, path: &str) -> String {
    match method {
        // One whose body is read: a connection ends with the answer to what nobody reads.
        "POST" => "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}".to_owned(),
        _ => format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    }
}

#[test]
fn each_of_several_requests_is_answered_as_if_it_came_alone() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    let methods = ["GET", "HEAD", "POST"];
    // Kept ready, made anew each time, and not there.
    for path in ["/api/v1/site", "/health/live", "/nowhere"] {
        let alone = methods.map(|method| {
            let mut stream = server.connect();
            stream.set_read_timeout(Some(IN_TIME)).unwrap();
            stream.write_all(request(method, path).as_bytes()).unwrap();
            answer(&mut stream, method)
        });
        for sent in 0..27 {
            let sent = [sent / 9, sent / 3 % 3, sent % 3];
            let all: String = sent.iter().map(|at| request(methods[*at], path)).collect();
            let mut stream = server.connect();
            stream.set_read_timeout(Some(IN_TIME)).unwrap();
            stream.write_all(all.as_bytes()).unwrap();
            let told = sent.map(|at| answer(&mut stream, methods[at]));
            assert_eq!(
                told,
                sent.map(|at| alone[at]),
                "{path} {:?}",
                sent.map(|at| methods[at])
            );
        }
    }
}

#[test]
fn a_version_and_the_end_of_a_connection_are_those_of_each_request() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    let mut stream = server.connect();
    stream.set_read_timeout(Some(IN_TIME)).unwrap();
    let last = "GET /health/live HTTP/1.0\r\nConnection: close\r\n\r\n";
    write!(stream, "{}{last}", request("HEAD", "/health/live")).unwrap();
    let (line, fields) = head(&mut stream);
    assert!(
        line.starts_with("HTTP/1.1 200") && !fields.contains("connection:"),
        "{line} {fields}"
    );
    let (line, _) = head(&mut stream);
    assert!(line.starts_with("HTTP/1.0 200"), "{line}");
    let mut body = String::new();
    stream.read_to_string(&mut body).unwrap();
    assert!(!body.is_empty());
}

#[test]
fn who_wants_to_upgrade_is_answered_and_told_that_the_connection_ends() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    for path in ["/api/v1/site", "/api/v1/site", "/health/live", "/nowhere"] {
        let mut stream = server.connect();
        stream.set_read_timeout(Some(IN_TIME)).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\n\r\n"
        )
        .unwrap();
        let (_, fields) = head(&mut stream);
        assert!(
            fields.contains("connection: close\r\n") && !fields.contains("upgrade"),
            "{fields}"
        );
        let mut body = String::new();
        stream.read_to_string(&mut body).unwrap();
        assert!(!body.is_empty(), "{path}");
    }
}

#[test]
fn the_server_as_a_whole_says_what_it_takes() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    let mut stream = server.connect();
    stream.set_read_timeout(Some(IN_TIME)).unwrap();
    write!(stream, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (line, fields) = head(&mut stream);
    assert!(line.starts_with("HTTP/1.1 204"), "{line}");
    assert!(
        fields.contains("allow: get, head, post, put, patch, delete, options\r\n"),
        "{fields}"
    );
}
