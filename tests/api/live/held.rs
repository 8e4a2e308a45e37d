//! Connections that somebody holds for nothing are ended in time.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::process::{Server, copydesk};
use crate::support::database::Database;

/// Longer than any bound that is set here, and shorter than a connection rests.
const IN_TIME: Duration = Duration::from_secs(8);
const HELLO: &str = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server that waits for a second each.
fn start(database: &Database) -> Server {
    let mut command = copydesk(database, &["serve"]);
    for name in ["HEAD", "BODY_IDLE", "ANSWER_IDLE"] {
        command.env(format!("COPYDESK_HTTP_{name}_SECONDS"), "1");
    }
    Server::start(command)
}

/// Reads one answer, and not beyond.
fn answer(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("an answer");
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).unwrap();
    let length = head.to_ascii_lowercase();
    let length = length.split("content-length: ").nth(1).expect("a length");
    let mut body = vec![0; length.split("\r\n").next().unwrap().parse().unwrap()];
    stream.read_exact(&mut body).expect("a body");
    head + &String::from_utf8(body).unwrap()
}

/// Sends a byte now and then until the server hangs up; tells what came before that.
fn dribble(stream: &mut TcpStream) -> String {
    let began = Instant::now();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    let (mut read, mut some) = (Vec::new(), [0; 1000]);
    loop {
        assert!(
            began.elapsed() < IN_TIME,
            "it is held: {}",
            String::from_utf8_lossy(&read)
        );
        // Whether it is taken is told by what comes.
        let _ = stream.write_all(b"a");
        match stream.read(&mut some) {
            Ok(0) => return String::from_utf8(read).unwrap(),
            Ok(count) => read.extend_from_slice(&some[..count]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                return String::from_utf8(read).unwrap();
            }
        }
    }
}

#[test]
fn a_head_that_comes_slowly_is_cut_whichever_it_is() {
    let database = Database::empty();
    let server = start(&database);
    for served in 0..3 {
        let mut stream = server.connect();
        for _ in 0..served {
            stream.write_all(HELLO.as_bytes()).unwrap();
            assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
        }
        stream.write_all(b"GET /health/live HTTP/1.1\r\nX-A: ").unwrap();
        let told = dribble(&mut stream);
        let expected = if served == 0 { "HTTP/1.1 408 " } else { "" };
        assert!(told.starts_with(expected) && told.is_empty() == (served > 0), "{told}");
    }
    // One that was sent in the same breath as another.
    let mut stream = server.connect();
    write!(stream, "{HELLO}GET /health/live HTTP/1.1\r\nX-A: ").unwrap();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
    assert_eq!(dribble(&mut stream), "");
}

#[test]
fn a_connection_that_rests_is_kept_longer_than_a_head_may_take() {
    let database = Database::empty();
    let server = start(&database);
    let mut stream = server.connect();
    stream.write_all(HELLO.as_bytes()).unwrap();
    answer(&mut stream);
    // A head that is cut meanwhile tells that the time has passed.
    let mut other = server.connect();
    other.write_all(HELLO.as_bytes()).unwrap();
    answer(&mut other);
    other.write_all(b"GET ").unwrap();
    dribble(&mut other);
    stream.write_all(HELLO.as_bytes()).unwrap();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_body_that_does_not_come_after_its_answer_ends_the_connection() {
    let database = Database::empty();
    let server = start(&database);
    for (line, size, status) in [
        ("POST /nowhere", "100000", 404),
        ("POST /api/v1/editor/articles", "100000", 401),
        ("GET /api/v1/articles", "100000", 200),
        ("POST /api/v1/auth/login", "ffffffffffffffff", 400),
    ] {
        for goes_on in [false, true] {
            let began = Instant::now();
            let mut stream = server.connect();
            let head = "Host: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
            write!(stream, "{line} HTTP/1.1\r\n{head}\r\n\r\n{size}\r\n{{}}").unwrap();
            let told = answer(&mut stream);
            assert!(told.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {told}");
            let mut rest = String::new();
            if goes_on {
                rest = dribble(&mut stream);
            } else {
                stream.read_to_string(&mut rest).unwrap();
            }
            assert!(rest.is_empty() && began.elapsed() < IN_TIME, "{line}: {rest}");
        }
    }
}

#[test]
fn a_reader_that_does_not_read_is_hung_up_on() {
    let database = Database::empty();
    let server = start(&database);
    let mut stream = server.connect();
    stream.set_write_timeout(Some(IN_TIME)).unwrap();
    let ask = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(16);
    // The buffers fill; then nothing more is taken from us until the server has had enough.
    let error = loop {
        if let Err(error) = stream.write_all(ask.as_bytes()) {
            break error;
        }
    };
    assert!(
        matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
        "{error}"
    );
}

#[test]
fn a_reader_that_reads_slowly_gets_all_of_it() {
    let database = Database::empty();
    let server = start(&database);
    let mut stream = server.connect();
    let rounds = 30;
    for _ in 0..rounds {
        write!(stream, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    // For longer in all than nothing may be taken.
    let (began, mut count) = (Instant::now(), 0);
    let other = server.connect();
    other.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    while count < rounds {
        if began.elapsed() < Duration::from_millis(2500) {
            // Nothing comes there; it is the pause.
            let _ = (&other).read(&mut [0]);
        }
        assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
        count += 1;
    }
}

#[test]
fn a_head_beyond_its_bounds_is_a_problem() {
    let database = Database::empty();
    let server = start(&database);
    for (head, status, code) in [
        (
            format!("GET /health/live HTTP/1.1\r\nX-A: {}", "a".repeat(33 * 1024)),
            431,
            "head_too_large",
        ),
        (
            format!("GET /health/live?{} HTTP/1.1", "a".repeat(9 * 1024)),
            414,
            "address_too_long",
        ),
    ] {
        let told = server.ask(&head);
        assert!(
            told.starts_with(&format!("HTTP/1.1 {status} ")) && told.contains(&format!("\"code\":\"{code}\"")),
            "{told}"
        );
    }
    for head in [
        format!("GET /health/live HTTP/1.1\r\nX-A: {}", "a".repeat(31 * 1024)),
        format!("GET /health/live?{} HTTP/1.1", "a".repeat(7 * 1024)),
    ] {
        let told = server.ask(&head);
        assert!(
            !told.starts_with("HTTP/1.1 4") || told.contains("unknown_parameter"),
            "{told}"
        );
    }
}
