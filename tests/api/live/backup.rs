//! Copies of the database that are made while others write, and put back.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use super::ended::{json_of, log_in, send};
use super::process::{Server, copydesk, failed, make_user, succeeded};
use crate::support::database::{Database, Folder};

pub(super) fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .args(arguments)
        .env("COPYDESK_DATA", data)
        .env("COPYDESK_LOG_FORMAT", "json");
    command
}

/// How many names in a folder have this in them.
pub(super) fn names(folder: &Path, part: &str) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains(part))
        .count()
}

/// The headlines in a copy.
fn headlines(file: &Path) -> Vec<String> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        headline: String,
    }
    let mut conn = diesel::SqliteConnection::establish(&file.display().to_string()).unwrap();
    let rows: Vec<Row> = diesel::sql_query("select headline from articles")
        .load(&mut conn)
        .unwrap();
    rows.into_iter().map(|row| row.headline).collect()
}

/// Makes three copies while somebody writes, and puts each in a place of its own.
fn copies(database: &Database, folder: &Folder, written: &std::sync::Mutex<Vec<String>>) {
    let mut least = 0;
    for round in 0..3 {
        // Something new each time.
        while written.lock().unwrap().len() < least + 5 {
            std::thread::yield_now();
        }
        let before = written.lock().unwrap().clone();
        let copy = folder.path().join(format!("copy-{round}.sqlite"));
        let name = copy.display().to_string();
        let told = succeeded(&copydesk(database, &["backup", "--to", &name]).output().unwrap());
        assert!(told.contains("is whole"), "{told}");
        assert_eq!(names(folder.path(), ".partial"), 0);
        let place: PathBuf = folder.path().join(format!("restored-{round}"));
        let told = succeeded(&command(&place, &["restore", "--from", &name]).output().unwrap());
        assert!(told.contains("All files of media"), "{told}");
        let there = headlines(&place.join("copydesk.sqlite"));
        let lost: Vec<_> = before.iter().filter(|headline| !there.contains(headline)).collect();
        assert!(lost.is_empty(), "{lost:?}");
        // Neither is written over.
        for arguments in [["backup", "--to", &name], ["restore", "--from", &name]] {
            let told = failed(&command(&place, &arguments).output().unwrap());
            assert!(told.contains("is there already"), "{told}");
        }
        least = before.len();
    }
}

#[test]
fn a_copy_has_all_that_was_acknowledged_before_it_began() {
    let database = Database::empty();
    if database.is_postgres() {
        let told = failed(&copydesk(&database, &["backup", "--to", "x"]).output().unwrap());
        assert!(told.contains("pg_dump"), "{told}");
        return;
    }
    succeeded(&make_user(&database));
    let mut serve = copydesk(&database, &["serve"]);
    // As many as come while the copies are made.
    serve.env("COPYDESK_LIMITS_WRITES", "0");
    let server = Arc::new(Server::start(serve));
    let token = log_in(&server);
    let done = Arc::new(AtomicBool::new(false));
    let written = Arc::new(std::sync::Mutex::new(Vec::new()));
    let writer = {
        let (server, done, written) = (Arc::clone(&server), Arc::clone(&done), Arc::clone(&written));
        std::thread::spawn(move || {
            let head = format!("POST /api/v1/editor/articles HTTP/1.1\r\nAuthorization: Bearer {token}");
            let mut number = 0;
            while !done.load(Ordering::Relaxed) {
                let headline = format!("Story {number}");
                let answer = send(&server, &head, &json!({"headline": headline}).to_string());
                assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
                written.lock().unwrap().push(headline);
                number += 1;
            }
        })
    };
    let folder = Folder::new();
    copies(&database, &folder, &written);
    done.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    let restored = Server::start({
        let mut serve = command(&folder.path().join("restored-2"), &["serve"]);
        serve.env("COPYDESK_LISTEN", "127.0.0.1:0");
        serve
    });
    let login = json_of(&send(
        &restored,
        "POST /api/v1/auth/login HTTP/1.1",
        &json!({"email": "desk@newsroom.example", "password": crate::support::PASSWORD}).to_string(),
    ));
    assert!(login["access_token"].is_string(), "{login}");
}
