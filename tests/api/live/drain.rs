//! A server that is told to stop while clients come and go.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::process::{Server, copydesk, make_user, succeeded, wait_for};
use crate::support::database::Database;

const LIVE: &str = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// The head of an answer, and whether its body came whole.
fn answer(stream: &mut BufReader<TcpStream>) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(stream.read_line(&mut head).expect("a line") > 0, "it hung up: {head}");
    }
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    let mut body = vec![0; length.expect("a length").parse().expect("a number")];
    stream.read_exact(&mut body).expect("the whole body");
    head.to_lowercase()
}

#[test]
fn whoever_comes_while_a_server_stops_is_answered_and_sent_away() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let mut server = Server::start(copydesk(&database, &["serve"]));
    let mut kept = BufReader::new(server.connect());
    kept.get_mut().write_all(LIVE.as_bytes()).unwrap();
    let first = answer(&mut kept);
    assert!(
        first.starts_with("http/1.1 200") && !first.contains("connection: close"),
        "{first}"
    );

    // Somebody always comes, so that it takes a while.
    let (done, address) = (Arc::new(AtomicBool::new(false)), server.address.clone());
    let coming = {
        let done = Arc::clone(&done);
        std::thread::spawn(move || {
            let mut answered = 0;
            while !done.load(Ordering::Relaxed) {
                let mut stream = BufReader::new(TcpStream::connect(&address).expect("it accepts"));
                stream.get_mut().write_all(LIVE.as_bytes()).unwrap();
                assert!(answer(&mut stream).starts_with("http/1.1 200"));
                answered += 1;
            }
            answered
        })
    };
    // This one was begun before.
    let mut begun = BufReader::new(server.connect());
    let login = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json";
    write!(
        begun.get_mut(),
        "{login}\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    .unwrap();
    let mut first = String::new();
    begun.read_line(&mut first).expect("it waits for the body");
    assert!(first.starts_with("HTTP/1.1 100"), "{first}");
    begun.read_line(&mut first).expect("an empty line");

    server.signal("-TERM");
    wait_for(&mut server.log, "stopping");
    kept.get_mut().write_all(LIVE.as_bytes()).unwrap();
    let second = answer(&mut kept);
    assert!(
        second.starts_with("http/1.1 200") && second.contains("connection: close"),
        "{second}"
    );
    let mut rest = String::new();
    kept.read_to_string(&mut rest).expect("it hangs up");
    begun.get_mut().write_all(b"{}").unwrap();
    let late = answer(&mut begun);
    assert!(
        late.starts_with("http/1.1 422") && late.contains("connection: close"),
        "{late}"
    );
    begun.read_to_string(&mut rest).expect("it hangs up");
    let ready = server.ask("GET /health/ready HTTP/1.1");
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    done.store(true, Ordering::Relaxed);
    assert!(coming.join().expect("all were answered") > 0);
    assert_eq!(server.ended(), Some(0));
}
