//! https by the server itself.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::process::{Server, copydesk, failed, succeeded, wait_for};
use crate::support::database::Database;

const NAME: &str = "desk.newsroom.example";

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(vec![NAME.to_owned()]).unwrap()
}

struct Files {
    chain: PathBuf,
    key: PathBuf,
}

impl Files {
    fn of(database: &Database, made: &CertifiedKey<KeyPair>) -> Self {
        let files = Self {
            chain: database.folder().join("chain.pem"),
            key: database.folder().join("key.pem"),
        };
        files.write(made);
        std::fs::set_permissions(&files.key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        files
    }

    fn write(&self, made: &CertifiedKey<KeyPair>) {
        std::fs::write(&self.chain, made.cert.pem()).unwrap();
        std::fs::write(&self.key, made.signing_key.serialize_pem()).unwrap();
    }

    fn command(&self, database: &Database, what: &str) -> Command {
        let (chain, key) = (self.chain.display().to_string(), self.key.display().to_string());
        let mut command = copydesk(database, &[what, "--tls-cert", &chain, "--tls-key", &key]);
        command.env("COPYDESK_HTTP_HEAD_SECONDS", "1");
        command
    }
}

/// A client that knows this certificate and no other.
fn connect(server: &Server, known: &CertificateDer<'_>, protocol: &str) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(known.clone().into_owned()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.as_bytes().to_vec()];
    let client = ClientConnection::new(Arc::new(config), NAME.try_into().unwrap()).unwrap();
    StreamOwned::new(client, server.connect())
}

fn ask(server: &Server, known: &CertificateDer<'_>) -> std::io::Result<String> {
    let mut stream = connect(server, known, "http/1.1");
    write!(
        stream,
        "GET /api/v1/articles HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    assert_eq!(stream.conn.alpn_protocol(), Some(b"http/1.1".as_slice()));
    Ok(answer)
}

#[test]
fn https_is_served_and_a_renewed_certificate_is_taken() {
    let database = Database::empty();
    let (first, second) = (certificate(), certificate());
    let files = Files::of(&database, &first);
    let mut server = Server::start(files.command(&database, "serve"));
    let answer = ask(&server, first.cert.der()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age=31536000\r\n"),
        "{answer}"
    );
    let mut health = files.command(&database, "health");
    succeeded(&health.env("COPYDESK_LISTEN", &server.address).output().unwrap());
    assert!(ask(&server, second.cert.der()).is_err(), "it is another");
    let mut stream = connect(&server, first.cert.der(), "h2");
    assert!(stream.write_all(b"PRI").and_then(|()| stream.flush()).is_err() || stream.read(&mut [0]).is_err());

    // A key that does not fit leaves the one before.
    std::fs::write(&files.key, second.signing_key.serialize_pem()).unwrap();
    server.signal("-HUP");
    let told = wait_for(&mut server.log, "not read anew");
    assert!(told["message"].as_str().unwrap().contains("is not that of"), "{told}");
    ask(&server, first.cert.der()).unwrap();
    files.write(&second);
    server.signal("-HUP");
    wait_for(&mut server.log, "was read anew");
    ask(&server, second.cert.der()).unwrap();
    assert!(ask(&server, first.cert.der()).is_err(), "it is renewed");
    server.signal("-TERM");
    assert_eq!(server.ended(), Some(0));
}

#[test]
fn who_does_not_greet_is_hung_up_on() {
    let database = Database::empty();
    let made = certificate();
    let server = Server::start(Files::of(&database, &made).command(&database, "serve"));
    for sent in [&b""[..], b"\x16\x03\x01", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"] {
        let mut stream = server.connect();
        stream.write_all(sent).unwrap();
        let mut told = Vec::new();
        // An alert at most, and then the end.
        let _ = stream.read_to_end(&mut told);
        assert!(!told.starts_with(b"HTTP"));
    }
    let mut stream = connect(&server, made.cert.der(), "http/1.1");
    stream
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
        .unwrap();
    let mut some = [0; 12];
    stream.read_exact(&mut some).unwrap();
    stream.write_all(b"GET /health/live HTTP/1.1\r\nX-A: ").unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).expect("it says goodbye");
    assert_eq!(rest.matches("HTTP/1.1").count(), 0, "{rest}");
}

#[test]
fn what_cannot_be_served_with_is_told_at_the_start() {
    let database = Database::empty();
    let (one, other) = (certificate(), certificate());
    let files = Files::of(&database, &one);
    let refused = |said: &str| {
        let told = failed(&files.command(&database, "serve").output().unwrap());
        assert!(told.contains(said), "{said}: {told}");
    };
    std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
    refused("is not that of the certificate");
    std::fs::write(&files.key, "").unwrap();
    refused("holds no private key");
    files.write(&one);
    std::fs::write(&files.chain, one.signing_key.serialize_pem()).unwrap();
    refused("holds no certificate");
    std::fs::remove_file(&files.chain).unwrap();
    refused("cannot read");
    let chain = files.chain.display().to_string();
    let told = failed(&copydesk(&database, &["serve", "--tls-cert", &chain]).output().unwrap());
    assert!(
        told.contains("http.tls_cert") && told.contains("http.tls_key"),
        "{told}"
    );
    files.write(&one);
    std::fs::set_permissions(&files.key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let mut command = files.command(&database, "serve");
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut log = std::io::BufReader::new(child.stderr.take().unwrap());
    wait_for(&mut log, "can read the key");
    child.kill().unwrap();
    child.wait().unwrap();
}
