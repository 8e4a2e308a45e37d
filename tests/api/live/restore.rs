//! What is not put back, and where nothing is put.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::json;

use super::backup::{command, names};
use super::ended::{json_of, log_in, send};
use super::process::{Server, copydesk, failed, make_user, succeeded};
use crate::support::database::{Database, Folder};

fn damage(file: &Path, statements: &str) {
    let mut conn = SqliteConnection::establish(&file.display().to_string()).unwrap();
    conn.batch_execute(statements).unwrap();
}

/// A database with a user, and a folder with a copy of it; `None` on PostgreSQL.
fn copied() -> Option<(Database, Folder, PathBuf)> {
    let database = Database::empty();
    if database.is_postgres() {
        return None;
    }
    succeeded(&make_user(&database));
    let folder = Folder::new();
    let copy = folder.path().join("copy.sqlite");
    succeeded(&backup(&database, &copy));
    Some((database, folder, copy))
}

fn backup(database: &Database, to: &Path) -> Output {
    let arguments = ["backup", "--to", &to.display().to_string()];
    copydesk(database, &arguments).output().unwrap()
}

fn restore(place: &Path, from: &Path, more: &[&str]) -> Output {
    let from = from.display().to_string();
    let arguments = [&["restore", "--from", &from], more].concat();
    command(place, &arguments).output().unwrap()
}

/// Refused for this reason, and nothing but empty locks is left behind.
#[track_caller]
fn refused(folder: &Folder, from: &Path, more: &[&str], why: &str) {
    let place = folder.path().join("place");
    let told = failed(&restore(&place, from, more));
    assert!(told.contains(why), "{told}");
    if place.exists() {
        assert_eq!(names(&place, "partial") + names(&place, "keys"), 0);
        assert!(!place.join("copydesk.sqlite").exists());
    }
}

#[test]
fn what_is_no_whole_copy_of_ours_is_not_put_back() {
    let Some((_database, folder, copy)) = copied() else {
        return;
    };
    let whole = std::fs::read(&copy).unwrap();
    for file in [copy.clone(), folder.path().join("copy.sqlite.media")] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let mut bent = whole.clone();
    // Pages of tables and indexes, all but the first.
    for byte in bent.iter_mut().skip(4096).step_by(512) {
        *byte = !*byte;
    }
    let torn = whole[..whole.len() / 2].to_vec();
    let other = folder.path().join("other");
    let asked: &[&str] = &["--without-manifest"];
    for (bytes, why) in [
        (torn, "malformed"),
        (bent, "malformed"),
        (Vec::new(), "nothing in it"),
        (b"not a database".to_vec(), "not a database of this program"),
    ] {
        std::fs::write(&other, bytes).unwrap();
        refused(&folder, &other, asked, why);
    }
    refused(&folder, &folder.path().join("none"), asked, "there is no database");
    // What SQLite sees only when it is asked to look.
    for (statements, why) in [
        (
            "create index broken on users (name) where 0; pragma writable_schema = on;
             update sqlite_schema set sql = 'CREATE INDEX broken on users (name)' where name = 'broken'",
            "index broken",
        ),
        (
            "pragma foreign_keys = off;
             insert into sessions (id, user_id, created_at, last_used_at, expires_at, token)
             values (randomblob(16), randomblob(16), 0, 0, 0, '')",
            "1 rows of sessions refer to what is not there",
        ),
        (
            "insert into schema_migrations (name) values ('2999-01-01-000000_from_the_future')",
            "2999-01-01-000000_from_the_future",
        ),
    ] {
        std::fs::write(&other, &whole).unwrap();
        damage(&other, statements);
        refused(&folder, &other, asked, why);
    }
    std::fs::remove_file(&other).unwrap();
    damage(&other, "pragma application_id = 0x4364736b");
    refused(&folder, &other, asked, "no newsroom");
    std::fs::write(&other, &whole).unwrap();
    refused(&folder, &other, &[], "other.media is not there");
    // It is the content that each was refused for.
    succeeded(&restore(&folder.path().join("place"), &other, asked));
}

#[test]
fn one_bit_that_is_another_is_seen() {
    let Some((_database, folder, copy)) = copied() else {
        return;
    };
    let whole = std::fs::read(&copy).unwrap();
    for _ in 0..8 {
        let place =
            usize::try_from(uuid::Uuid::new_v5(&uuid::Uuid::now_v7(), b"place").as_u128() % (whole.len() as u128));
        let mut bytes = whole.clone();
        bytes[place.unwrap()] ^= 4;
        std::fs::write(&copy, bytes).unwrap();
        refused(&folder, &copy, &[], "copy.sqlite.media says");
    }
    std::fs::write(&copy, whole).unwrap();
    let place = folder.path().join("place");
    succeeded(&restore(&place, &copy, &[]));
    assert!(!place.join("keys").exists(), "keys are put back, or made by a server");
}

#[test]
fn a_database_that_is_served_is_not_replaced() {
    let Some((database, folder, copy)) = copied() else {
        return;
    };
    let server = Server::start(copydesk(&database, &["serve"]));
    let token = log_in(&server);
    for names in [&["", "-wal"][..], &["", "-wal", "-shm"]] {
        let moved = |name: &str, back: bool| {
            let there = database.folder().join(format!("copydesk.sqlite{name}"));
            let away = folder.path().join(format!("moved{name}"));
            let (from, to) = if back { (away, there) } else { (there, away) };
            std::fs::rename(from, to).unwrap();
        };
        for name in names {
            moved(name, false);
        }
        let told = failed(&restore(database.folder(), &copy, &[]));
        assert!(told.contains("stop the server first"), "{told}");
        assert!(!database.file().exists());
        for name in names {
            moved(name, true);
        }
    }
    let head = format!("POST /api/v1/editor/articles HTTP/1.1\r\nAuthorization: Bearer {token}");
    let answer = send(&server, &head, &json!({"headline": "Goes on"}).to_string());
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    // Neither is a database that is in use a copy.
    refused(&folder, &database.file(), &["--without-manifest"], "and no copy");
    server.signal("-TERM");
    assert_eq!(server.ended(), Some(0));
    for ending in ["-wal", "-shm", "-journal"] {
        let place = Folder::new();
        let left = place.path().join(format!("copydesk.sqlite{ending}"));
        std::fs::write(&left, "").unwrap();
        let told = failed(&restore(place.path(), &copy, &[]));
        assert!(told.contains(ending) && told.contains("was not closed"), "{told}");
    }
}

#[test]
fn a_copy_is_written_over_nothing() {
    let Some((database, folder, _)) = copied() else {
        return;
    };
    let at = |name: &str| folder.path().join(name);
    for (there, why) in [
        ("new.sqlite.media", "is there already"),
        ("new.sqlite-wal", "was not closed"),
        ("new.sqlite-journal", "was not closed"),
    ] {
        std::os::unix::fs::symlink(at("victim"), at(there)).unwrap();
        let told = failed(&backup(&database, &at("new.sqlite")));
        assert!(told.contains(there) && told.contains(why), "{told}");
        assert!(!at("victim").exists() && !at("new.sqlite").exists());
        std::fs::remove_file(at(there)).unwrap();
    }
    std::fs::write(at("new.sqlite.partial"), "somebody's").unwrap();
    let ran: Vec<_> = (0..4)
        .map(|_| {
            let arguments = ["backup", "--to", &at("new.sqlite").display().to_string()];
            let mut command = copydesk(&database, &arguments);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<_> = ran.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let (won, lost): (Vec<_>, Vec<_>) = ended.iter().partition(|output| output.status.success());
    assert_eq!(won.len(), 1, "one of them is whole");
    for output in lost {
        assert!(failed(output).contains("is there already"));
    }
    assert_eq!(std::fs::read(at("new.sqlite.partial")).unwrap(), b"somebody's");
    assert_eq!(names(folder.path(), ".partial"), 1);
    succeeded(&restore(&at("place"), &at("new.sqlite"), &[]));
    let before = names(folder.path(), "");
    let bad = folder.path().join(std::ffi::OsStr::from_bytes(b"x\xff.sqlite"));
    let mut command = copydesk(&database, &["backup", "--to"]);
    let told = failed(&command.arg(&bad).output().unwrap());
    assert!(told.contains("not UTF-8"), "{told}");
    assert_eq!(names(folder.path(), ""), before);
    succeeded(&backup(&database, Path::new("file:q?mode=rwc")));
    assert!(database.folder().join("file:q?mode=rwc").exists());
}

#[test]
fn answers_that_are_kept_are_in_no_copy() {
    let Some((database, folder, _)) = copied() else {
        return;
    };
    let server = Server::start(copydesk(&database, &["serve"]));
    let token = log_in(&server);
    let head = |path: &str| {
        format!(
            "POST /api/v1/editor/{path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: k-{}",
            path.len()
        )
    };
    let article = json_of(&send(
        &server,
        &head("articles"),
        &json!({"headline": "Shown"}).to_string(),
    ));
    let path = format!("articles/{}/preview-tokens", article["id"].as_str().unwrap());
    let answer = send(&server, &head(&path), "{}");
    let secret = answer
        .split("cdp_")
        .nth(1)
        .expect("a token")
        .split(['"', '\\'])
        .next()
        .unwrap();
    let has = |file: &Path| {
        let bytes = std::fs::read(file).unwrap();
        bytes.windows(secret.len()).any(|part| part == secret.as_bytes())
    };
    let copy = folder.path().join("later.sqlite");
    succeeded(&backup(&database, &copy));
    server.signal("-TERM");
    assert_eq!(server.ended(), Some(0));
    assert!(has(&database.file()), "it is kept");
    assert!(!has(&copy));
}
