//! Requests that are sent before the ones before them are answered (RFC 9112 §9.3.2).

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
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

/// It logs no requests: nobody reads of so many.
fn start(database: &Database) -> Server {
    let mut command = copydesk(database, &["serve"]);
    command.env("COPYDESK_LOG_LEVEL", "info,copydesk::http::middleware=warn");
    Server::start(command)
}

fn connect(server: &Server) -> TcpStream {
    let stream = server.connect();
    stream.set_read_timeout(Some(IN_TIME)).unwrap();
    stream
}

/// Of the methods, and of a body that comes in parts.
const KINDS: [&str; 4] = ["GET", "HEAD", "POST", "PARTS"];

fn request(kind: &str, path: &str) -> String {
    // One whose body is read: a connection ends with the answer to what nobody reads.
    let login = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    match kind {
        "POST" => format!("{login}Content-Length: 2\r\n\r\n{{}}"),
        "PARTS" => format!("{login}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n1;x\r\n}}\r\n0\r\n\r\n"),
        _ => format!("{kind} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    }
}

/// Some of what follows each other, every two of them among it.
fn sequences() -> impl Iterator<Item = [&'static str; 4]> {
    let count = KINDS.len();
    (0..count * count).map(move |at| [at / count, at % count, at / count, (at + 1) % count].map(|kind| KINDS[kind]))
}

#[test]
fn each_of_several_requests_is_answered_as_if_it_came_alone() {
    let database = Database::empty();
    let server = start(&database);
    // Kept ready, made anew each time, long, and not there.
    for path in ["/api/v1/site", "/health/live", "/openapi.json", "/nowhere"] {
        let alone: HashMap<&str, _> = KINDS
            .iter()
            .map(|kind| {
                let mut stream = connect(&server);
                stream.write_all(request(kind, path).as_bytes()).unwrap();
                (*kind, answer(&mut stream, kind))
            })
            .collect();
        for (number, sent) in sequences().enumerate() {
            let all: String = sent.iter().map(|kind| request(kind, path)).collect();
            let mut stream = connect(&server);
            // At once, or cut somewhere.
            let (first, rest) = all.split_at(number * 37 % all.len());
            stream.write_all(first.as_bytes()).unwrap();
            stream.write_all(rest.as_bytes()).unwrap();
            // Who sends no more is answered still.
            stream.shutdown(Shutdown::Write).unwrap();
            let told = sent.map(|kind| answer(&mut stream, kind));
            assert_eq!(told, sent.map(|kind| alone[kind]), "{path} {sent:?}");
            assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        }
    }
}

#[test]
fn behind_the_last_answer_of_a_connection_nothing_is_done() {
    let database = Database::empty();
    let server = start(&database);
    for path in ["/api/v1/site", "/openapi.json", "/docs/files/swagger-ui-bundle.js"] {
        for last in [
            "HTTP/1.1\r\nHost: localhost\r\nConnection: close",
            "HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade",
            "HTTP/1.0",
        ] {
            let mut stream = connect(&server);
            let behind = request("POST", path);
            let all = format!("GET {path} {last}\r\n\r\n{behind}{behind}");
            stream.write_all(all.as_bytes()).unwrap();
            let (status, _) = answer(&mut stream, "GET");
            assert_eq!(status, 200);
            let mut rest = Vec::new();
            // What was not heard may make the end a hard one.
            let _ = stream.read_to_end(&mut rest);
            assert_eq!(String::from_utf8_lossy(&rest), "", "{path} {last}");
        }
    }
}

#[test]
fn a_version_and_the_end_of_a_connection_are_those_of_each_request() {
    let database = Database::empty();
    let server = start(&database);
    let mut stream = connect(&server);
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
    let server = start(&database);
    for path in ["/api/v1/site", "/api/v1/site", "/health/live", "/nowhere"] {
        let mut stream = connect(&server);
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
    let server = start(&database);
    let mut stream = connect(&server);
    write!(stream, "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (line, fields) = head(&mut stream);
    assert!(line.starts_with("HTTP/1.1 204"), "{line}");
    assert!(
        fields.contains("allow: get, head, post, put, patch, delete, options\r\n"),
        "{fields}"
    );
}
