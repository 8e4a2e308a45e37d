//! The real binary: its commands, a socket, signals.

mod backup;
mod chunks;
mod drain;
mod ended;
mod generate;
mod held;
mod pipelined;
mod process;
mod restore;
mod secrets;
mod tls;
mod verify;
mod waiting;

use std::io::{BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::database::Database;
use crate::support::{PASSWORD, TestApp};
use process::{Server, copydesk, failed, make_user, run, run_with_password, succeeded, wait_for};

#[test]
fn a_server_answers_is_well_and_stops_when_it_is_told() {
    let database = Database::empty();
    let server = Server::start(copydesk(&database, &["serve"]));
    let dated = database.texts("select value as what from settings where key = 'pages_made'");
    assert_eq!(dated.len(), 1, "it is remembered since when pages are as they are");
    for path in ["/health/live", "/health/ready", "/api/v1/articles", "/openapi.json"] {
        let answer = server.ask(&format!("GET {path} HTTP/1.1"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{path}: {answer}");
    }
    let well = copydesk(&database, &["health"])
        .env("COPYDESK_LISTEN", &server.address)
        .output()
        .unwrap();
    succeeded(&well);
    server.signal("-TERM");
    assert_eq!(server.ended(), Some(0));
    failed(
        &copydesk(&database, &["health"])
            .env("COPYDESK_LISTEN", "127.0.0.1:1")
            .output()
            .unwrap(),
    );
}

#[test]
fn a_request_in_flight_is_answered_before_a_server_stops() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(copydesk(&database, &["serve"]));
        let body = json!({"email": "desk@newsroom.example", "password": PASSWORD}).to_string();
        let mut stream = server.connect();
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue";
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n", body.len()).unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).expect("it has read the head");
        assert_eq!(&first, b"HTTP/1.1 100");

        server.signal(signal);
        wait_for(&mut server.log, "stopping");
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(
            answer.contains("HTTP/1.1 200 ") && answer.contains("access_token"),
            "{answer}"
        );
        assert_eq!(server.ended(), Some(0), "{signal}");
    }
    if database.file().exists() {
        let wal = database.folder().join("copydesk.sqlite-wal");
        assert!(
            std::fs::metadata(wal).map_or(0, |file| file.len()) == 0,
            "all is in the database file"
        );
    }
}

#[test]
fn what_was_written_is_there_after_a_restart() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let listed = succeeded(&run(&database, &["user", "list"]));
    assert!(
        listed.contains("desk@newsroom.example") && listed.contains("editor"),
        "{listed}"
    );
    let server = Server::start(copydesk(&database, &["serve"]));
    let keys = server.ask("GET /.well-known/jwks.json HTTP/1.1");
    drop(server);
    let again = Server::start(copydesk(&database, &["serve"]));
    let body = |answer: &str| answer.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned();
    assert_eq!(
        body(&keys),
        body(&again.ask("GET /.well-known/jwks.json HTTP/1.1")),
        "keys are made once"
    );
    let mode =
        |path: &Path| std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o777;
    assert_eq!(mode(&database.folder().join("keys/signing.pem")), 0o600);
}

#[test]
fn nobody_is_invented_on_the_first_start() {
    let database = Database::empty();
    let mut command = copydesk(&database, &["serve"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    wait_for(&mut log, "Serving");
    child.kill().unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(
        said.contains("copydesk user create") && said.contains("--role admin"),
        "{said}"
    );
    assert_eq!(succeeded(&run(&database, &["user", "list"])).trim(), "");
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    let database = Database::empty();
    let told = failed(
        &copydesk(&database, &["serve"])
            .env("COPYDESK_LISTNE", "127.0.0.1:1")
            .output()
            .unwrap(),
    );
    assert!(
        told.contains("COPYDESK_LISTNE") && told.contains("COPYDESK_LISTEN"),
        "{told}"
    );
    let told = failed(
        &copydesk(&database, &["serve"])
            .env("COPYDESK_HTTP_WORKERS", "many")
            .output()
            .unwrap(),
    );
    assert!(told.contains("http.workers") && told.contains("many"), "{told}");
    std::fs::write(
        database.folder().join("copydesk.toml"),
        "listen = \"127.0.0.1:0\"\ncolour = \"red\"\n",
    )
    .unwrap();
    let told = failed(&run(&database, &["serve"]));
    assert!(told.contains("colour"), "{told}");
}

#[test]
fn the_configuration_in_force_is_shown_without_secrets() {
    let database = Database::empty();
    let mut command = copydesk(&database, &["config"]);
    let output = command
        .env("DATABASE_URL", "postgres://desk:hunter2hunter2@db.example/news")
        .output()
        .unwrap();
    let shown = succeeded(&output);
    assert!(shown.contains("db.example") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn an_address_belongs_to_one_user() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let told = failed(&make_user(&database));
    assert!(told.contains("another user"), "{told}");
    for weak in ["short", "aaaaaaaaaaaaaaaaaaaa", ""] {
        let arguments = [
            "user",
            "set-password",
            "--email",
            "desk@newsroom.example",
            "--password-stdin",
        ];
        failed(&run_with_password(&database, &arguments, weak));
    }
    let told = failed(&run(
        &database,
        &["user", "disable", "--email", "nobody@newsroom.example"],
    ));
    assert!(told.contains("no such user"), "{told}");
}

#[test]
fn a_dry_run_says_what_would_be_done_and_does_nothing() {
    let database = Database::empty();
    for _ in 0..2 {
        let told = succeeded(&run(&database, &["migrate", "--dry-run"]));
        assert!(told.contains("foundation would be applied"), "{told}");
    }
    assert!(!database.file().exists());
    let told = succeeded(&run(&database, &["migrate"]));
    assert!(told.contains("foundation was applied"), "{told}");
    // What is done after the migrations is told, too.
    database.damage("delete from settings where key = 'packed bodies'");
    for (arguments, said) in [
        (&["migrate", "--dry-run"][..], "step `packed bodies` would be applied\n"),
        (&["migrate"], "step `packed bodies` was applied\n"),
    ] {
        assert_eq!(succeeded(&run(&database, arguments)), said);
    }
    for arguments in [&["migrate"][..], &["migrate", "--dry-run"]] {
        let told = succeeded(&run(&database, arguments));
        assert!(told.contains("up to date"), "{told}");
    }
}

#[test]
fn a_newer_schema_is_refused_and_left_as_it_is() {
    let database = Database::empty();
    succeeded(&run(&database, &["migrate"]));
    database.damage("insert into schema_migrations (name) values ('2999-01-01-000000_from_the_future')");
    let before = std::fs::read(database.file()).ok();
    for arguments in [
        &["serve"][..],
        &["migrate"],
        &["migrate", "--dry-run"],
        &["demo"],
        &["user", "list"],
    ] {
        let told = failed(&run(&database, arguments));
        assert!(
            told.contains("2999-01-01-000000_from_the_future"),
            "{arguments:?}: {told}"
        );
    }
    assert!(std::fs::read(database.file()).ok() == before, "the file is unchanged");
}

/// On SQLite only: PostgreSQL has no file to mistake.
#[test]
fn a_file_of_another_program_is_refused_and_left_as_it_is() {
    let database = Database::empty();
    if !database.address().starts_with("sqlite:") {
        return;
    }
    for bytes in [&b"not a database"[..], b"SQLite format 3\0 of somebody else"] {
        std::fs::write(database.file(), bytes).unwrap();
        for arguments in [&["serve"][..], &["demo"], &["migrate"]] {
            let told = failed(&run(&database, arguments));
            assert!(told.contains("copydesk.sqlite"), "{arguments:?}: {told}");
        }
        assert_eq!(std::fs::read(database.file()).unwrap(), bytes);
    }
}

#[test]
fn a_demo_is_filled_once_and_can_be_logged_in_to() {
    let database = Database::empty();
    for _ in 0..2 {
        let server = Server::start(copydesk(&database, &["demo"]));
        let answer = server.ask("GET /api/v1/articles?count=true HTTP/1.1");
        let page: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        assert!((10..30).contains(&page["total"].as_u64().unwrap()), "{}", page["total"]);
        let newest = page["items"][0]["published_at"].as_str().unwrap();
        assert!(
            newest.starts_with("2026-02-20"),
            "its stories have days of their own: {newest}"
        );
        let login = std::fs::read_to_string(database.folder().join("demo-login.json")).unwrap();
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nContent-Type: application/json\r\nConnection: close\r\nHost: x";
        let mut stream = server.connect();
        write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{login}", login.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("access_token"), "{answer}");
        server.signal("-TERM");
        assert_eq!(server.ended(), Some(0));
    }
}

#[test]
fn a_demo_says_where_it_is_also_where_any_port_will_do() {
    let database = Database::empty();
    let mut command = copydesk(&database, &["demo"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let address = wait_for(&mut log, "Serving")["address"].as_str().unwrap().to_owned();
    child.kill().unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(said.contains(&format!("http://{address}/docs")), "{said}");
}

#[test]
fn a_demo_does_not_fill_what_is_somebody_elses() {
    let database = Database::empty();
    succeeded(&make_user(&database));
    let told = failed(&run(&database, &["demo"]));
    assert!(told.contains("not empty"), "{told}");
    let server = Server::start(copydesk(&database, &["serve"]));
    assert!(
        server
            .ask("GET /api/v1/articles?count=true HTTP/1.1")
            .contains("\"total\":0")
    );
}

#[test]
fn the_commands_that_generate_need_no_configuration() {
    let database = Database::empty();
    let told = succeeded(
        &copydesk(&database, &["openapi", "--output", "-"])
            .env("COPYDESK_NONSENSE", "1")
            .output()
            .unwrap(),
    );
    assert_eq!(told.trim_end(), copydesk::http::pretty().trim_end());
}

#[actix_web::test]
async fn what_the_application_keeps_the_binary_reads() {
    let app = TestApp::start().await;
    let live = crate::make::draft(&app, "Kept for the binary").published().await;
    let server = Server::start(copydesk(&app.database, &["serve"]));
    let answer = server.ask(&format!("GET {} HTTP/1.1", live.public_path()));
    assert!(answer.contains("Kept for the binary"), "{answer}");
}
