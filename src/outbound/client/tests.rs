use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::*;

const AGENT: &str = "copydesk/1 (+https://example.org)";
const ANYWHERE: Limits = Limits {
    timeout: Duration::from_secs(10),
    redirects: 5,
    allow_private: true,
};

/// Answers every request by its method and path, and keeps what was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let Some(request) = read_head(&mut stream).await else {
                    continue;
                };
                let line = request.split(" HTTP/1.1").next().expect("a line").to_owned();
                log.lock().expect("the log").push(request);
                let head = format!("HTTP/1.1 {}\r\ncontent-length: 0\r\n\r\n", answer(&line));
                // The client may have gone.
                let _ = stream.write_all(head.as_bytes()).await;
            }
        });
        Self { address, asked }
    }

    fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().expect("a URL")
    }

    fn asked(&self) -> Vec<String> {
        let asked = self.asked.lock().expect("the log");
        asked
            .iter()
            .map(|head| head.split(" HTTP/1.1").next().expect("a line").to_owned())
            .collect()
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

async fn silent() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    (listener, url.parse().expect("a URL"))
}

fn client(limits: Limits) -> Client {
    Client::new(limits, AGENT).expect("a client")
}

async fn code(client: &Client, url: &str) -> &'static str {
    let url = url.parse().expect("a URL");
    client.probe(&url).await.expect_err("no answer").code()
}

/// Whether anybody ever connected.
async fn was_touched(listener: &TcpListener) -> bool {
    // Connections on loopback are in the queue before `connect` returns.
    timeout(Duration::from_millis(50), listener.accept()).await.is_ok()
}

#[tokio::test]
async fn a_status_is_an_answer() {
    let server = Server::start(|line| line.replace("HEAD /", "")).await;
    for status in [200, 204, 300, 301, 304, 401, 410, 429, 500, 503] {
        let url = server.url(&format!("/{status}"));
        let answer = client(ANYWHERE).probe(&url).await.expect("an answer");
        assert_eq!(answer, Answer { status, url });
    }
    assert_eq!(server.asked().len(), 10);
}

#[tokio::test]
async fn what_is_refused_to_head_is_asked_with_get() {
    let server = Server::start(|line| match line.split_once(" /") {
        Some((_, "gone")) => "404 Not Found".to_owned(),
        Some(("GET", _)) => "200 OK".to_owned(),
        _ => line.replace("HEAD /", ""),
    })
    .await;
    for status in [400, 403, 404, 405, 501] {
        let url = server.url(&format!("/{status}"));
        assert_eq!(client(ANYWHERE).probe(&url).await.expect("an answer").status, 200);
    }
    let gone = client(ANYWHERE).probe(&server.url("/gone")).await.expect("an answer");
    assert_eq!(gone.status, 404);
    assert_eq!(server.asked().len(), 12);
    assert_eq!(server.asked()[10..], ["HEAD /gone", "GET /gone"]);
}

#[tokio::test]
async fn a_body_is_not_waited_for() {
    let (listener, url) = silent().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await.expect("HEAD");
        let refusal = b"HTTP/1.1 405 No\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(refusal).await.expect("written");
        let (mut stream, _) = listener.accept().await.expect("a connection");
        assert!(read_head(&mut stream).await.expect("GET").starts_with("GET / "));
        let endless = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n";
        stream.write_all(endless).await.expect("written");
        while stream.write_all(&[b'x'; 8 * 1024]).await.is_ok() {}
    });
    assert_eq!(client(ANYWHERE).probe(&url).await.expect("an answer").status, 200);
    timeout(Duration::from_secs(5), server)
        .await
        .expect("the connection was closed")
        .expect("no panic");
}

#[tokio::test]
async fn the_client_says_who_it_is_and_nothing_else() {
    let server = Server::start(|_| "200 OK\r\nset-cookie: a=b".to_owned()).await;
    let client = client(ANYWHERE);
    for _ in 0..2 {
        client.probe(&server.url("/a?b=c#d")).await.expect("an answer");
    }
    let host = server.address;
    let request = format!("HEAD /a?b=c HTTP/1.1\r\nuser-agent: {AGENT}\r\naccept: */*\r\nhost: {host}\r\n\r\n");
    assert_eq!(*server.asked.lock().expect("the log"), [request.clone(), request]);
    assert!(Client::new(ANYWHERE, "a\r\nb: c").is_err());
}

#[tokio::test]
async fn redirects_are_followed() {
    let other = Server::start(|_| "200 OK".to_owned()).await;
    let elsewhere = other.url("/there#here");
    let server = Server::start(move |line| match line {
        "HEAD /a/1" => "303 See Other\r\nlocation: 2?q".to_owned(),
        "HEAD /a/2?q" => "302 Found\r\nlocation: /b/\u{e9}".to_owned(),
        "HEAD /b/%C3%A9" => "405 No".to_owned(),
        "GET /b/%C3%A9" => "307 Temporary\r\nlocation: ../c".to_owned(),
        "HEAD /c" => "204 No Content".to_owned(),
        _ => format!("308 Permanent\r\nlocation: {elsewhere}"),
    })
    .await;
    // As many as the longest way here takes.
    let limits = Limits {
        redirects: 3,
        ..ANYWHERE
    };
    let relative = client(limits).probe(&server.url("/a/1")).await.expect("an answer");
    assert_eq!((relative.status, relative.url), (204, server.url("/c")));
    let absolute = client(limits).probe(&server.url("/x#part")).await.expect("an answer");
    assert_eq!((absolute.status, absolute.url), (200, other.url("/there#here")));
    assert_eq!(
        server.asked(),
        [
            "HEAD /a/1",
            "HEAD /a/2?q",
            "HEAD /b/%C3%A9",
            "GET /b/%C3%A9",
            "HEAD /c",
            "HEAD /x"
        ]
    );
}

#[tokio::test]
async fn the_part_of_a_page_survives_a_redirect() {
    let server = Server::start(|line| match line {
        "HEAD /old" => "301 Moved\r\nlocation: /new".to_owned(),
        _ => "200 OK".to_owned(),
    })
    .await;
    let answer = client(ANYWHERE).probe(&server.url("/old#part")).await;
    assert_eq!(answer.expect("an answer").url, server.url("/new#part"));
}

#[tokio::test]
async fn a_loop_of_redirects_ends() {
    let server = Server::start(|_| "302 Found\r\nlocation: /".to_owned()).await;
    for (redirects, requests) in [(5, 6), (0, 7)] {
        let limits = Limits { redirects, ..ANYWHERE };
        assert_eq!(
            code(&client(limits), server.url("/").as_str()).await,
            "too_many_redirects"
        );
        assert_eq!(server.asked().len(), requests);
    }
}

#[tokio::test]
async fn only_plain_addresses_of_the_web_are_asked_for_even_after_a_redirect() {
    for url in [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "mailto:a@b",
        "http://user@127.0.0.1/",
        "http://:password@127.0.0.1/",
        "http://127.0.0.1:0/",
        "https://127.0.0.1:0/",
    ] {
        let server = Server::start(move |_| format!("302 Found\r\nlocation: {url}")).await;
        assert_eq!(code(&client(ANYWHERE), url).await, "malformed", "{url}");
        let redirected = server.url("/");
        assert_eq!(code(&client(ANYWHERE), redirected.as_str()).await, "malformed", "{url}");
    }
    for location in ["http://[", "http://a b/", "//:80"] {
        let server = Server::start(move |_| format!("302 Found\r\nlocation: {location}")).await;
        let redirected = server.url("/");
        assert_eq!(
            code(&client(ANYWHERE), redirected.as_str()).await,
            "malformed",
            "{location}"
        );
    }
}

#[tokio::test]
async fn odd_characters_are_no_reason_not_to_ask() {
    let server = Server::start(|_| "200 OK".to_owned()).await;
    for path in [
        "/a|b",
        "/a^b`c",
        "/{a}",
        "/a?b={c}|d^e`f\\g",
        "/a?b=\"c\"&d='e'",
        "/\u{e9}?\u{e9}",
        "/[a]?[b]",
        "//a//b",
    ] {
        let answer = client(ANYWHERE).probe(&server.url(path)).await;
        assert_eq!(answer.expect(path).status, 200);
    }
}

#[tokio::test]
async fn what_is_not_public_is_never_connected_to() {
    let (canary, url) = silent().await;
    let port = url.port().expect("a port");
    let client = client(Limits::default());
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.01",
        "0.0.0.0",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[::1]",
        "[::]",
        "localhost",
        "LOCALHOST",
        "127.0.0.1.",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            assert_eq!(code(&client, &url).await, "forbidden", "{url}");
        }
    }
    assert!(!was_touched(&canary).await);
}

#[tokio::test]
async fn a_redirect_to_what_is_not_public_is_not_followed() {
    // One address counts as public, so that there is a server to send the client on.
    let allowed: Allowed = |address| address == IpAddr::from([127, 0, 0, 1]);
    let (canary, url) = silent().await;
    let port = url.port().expect("a port");
    for host in ["0.0.0.0", "0", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254"] {
        let server = Server::start(move |line| match line {
            "HEAD /1" => "302 Found\r\nlocation: /2".to_owned(),
            _ => format!("302 Found\r\nlocation: http://{host}:{port}/"),
        })
        .await;
        let client = Client::allowing(allowed, Limits::default(), AGENT).expect("a client");
        assert_eq!(code(&client, server.url("/1").as_str()).await, "forbidden", "{host}");
        assert_eq!(server.asked(), ["HEAD /1", "HEAD /2"]);
    }
    assert!(!was_touched(&canary).await);
    // The canary does sing when somebody comes.
    let hasty = Limits {
        timeout: Duration::from_millis(50),
        ..ANYWHERE
    };
    assert_eq!(
        code(&client(hasty), &format!("http://0.0.0.0:{port}/")).await,
        "timeout"
    );
    assert!(was_touched(&canary).await);
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_waited_for_longer_than_allowed() {
    let (_listener, url) = silent().await;
    let start = Instant::now();
    assert_eq!(code(&client(ANYWHERE), url.as_str()).await, "timeout");
    assert!(start.elapsed() <= ANYWHERE.timeout + Duration::from_millis(5));
}

#[tokio::test]
async fn the_limit_is_for_all_redirects_together() {
    let server = Server::start(|_| "302 Found\r\nlocation: /".to_owned()).await;
    let limits = Limits {
        timeout: Duration::from_millis(100),
        redirects: usize::MAX - 1,
        ..ANYWHERE
    };
    assert_eq!(code(&client(limits), server.url("/").as_str()).await, "timeout");
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let (listener, url) = silent().await;
    drop(listener);
    assert_eq!(code(&client(ANYWHERE), url.as_str()).await, "unreachable");
}

#[tokio::test]
async fn what_does_not_speak_the_protocol_is_unreachable() {
    for (scheme, told) in [
        ("https", "HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("http", "220 mail\r\n"),
        ("http", ""),
    ] {
        let (listener, url) = silent().await;
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            stream.write_all(told.as_bytes()).await.expect("written");
        });
        let url = url.as_str().replace("http:", &format!("{scheme}:"));
        assert_eq!(code(&client(ANYWHERE), &url).await, "unreachable", "{url} {told}");
    }
}

#[tokio::test]
async fn a_head_is_read_only_up_to_a_limit() {
    let server = Server::start(|line| match line {
        "HEAD /long" => format!("200 OK\r\na: {}", "x".repeat(LONGEST_HEAD / 2)),
        _ => format!("200 OK\r\na: {}", "x".repeat(4 * LONGEST_HEAD)),
    })
    .await;
    let long = client(ANYWHERE).probe(&server.url("/long")).await;
    assert_eq!(long.expect("an answer").status, 200);
    assert_eq!(
        code(&client(ANYWHERE), server.url("/longer").as_str()).await,
        "unreachable"
    );
}
