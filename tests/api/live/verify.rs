//! Looking whether all is what it was.

use std::path::PathBuf;

use super::ended::{log_in, send};
use super::process::{Server, copydesk, failed, make_user, run, succeeded};
use crate::support::database::Database;

/// All files below a folder.
fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| if path.is_dir() { files(path) } else { vec![path] })
        .collect()
}

#[test]
fn what_is_not_what_it_was_is_named() {
    let database = Database::empty();
    let told = failed(&run(&database, &["verify"]));
    assert!(told.contains("there is no database"), "{told}");
    succeeded(&make_user(&database));
    let server = Server::start(copydesk(&database, &["serve"]));
    let token = log_in(&server);
    let head = format!("POST /api/v1/editor/media HTTP/1.1\r\nAuthorization: Bearer {token}");
    let body = "%PDF-1.4 of a test";
    let answer = send(&server, &head, body);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");

    let told = succeeded(&run(&database, &["verify"]));
    assert!(told.contains("All files of media"), "{told}");
    assert!(
        told.contains(if database.is_postgres() {
            "tools of its own"
        } else {
            "nothing wrong"
        }),
        "{told}"
    );
    let kept = files(database.folder().join("media"));
    let [kept] = kept.as_slice() else {
        panic!("{kept:?}");
    };
    // The same length, so that only reading it tells.
    std::fs::remove_file(kept).unwrap();
    std::fs::write(kept, "x".repeat(body.len())).unwrap();
    let output = run(&database, &["verify"]);
    let told = failed(&output);
    assert!(told.contains("1 files of media are missing or changed"), "{told}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("changed: "),
        "it is named"
    );
    if database.is_postgres() {
        return;
    }
    database.damage(
        "create index broken on users (name) where 0; pragma writable_schema = on;
         update sqlite_schema set sql = 'CREATE INDEX broken on users (name)' where name = 'broken'",
    );
    let output = run(&database, &["verify"]);
    let told = failed(&output);
    assert!(told.contains("the database is damaged"), "{told}");
    let named = String::from_utf8_lossy(&output.stdout);
    assert!(named.contains("database: ") && named.contains("broken"), "{named}");
}
