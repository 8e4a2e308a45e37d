//! A command that waits for another process.

use std::fs::File;
use std::io::BufReader;
use std::process::Stdio;

use diesel::prelude::*;

use super::process::{copydesk, wait_for};
use crate::support::database::Database;

/// What another process holds while it migrates.
enum Held {
    Lock(#[expect(dead_code, reason = "holds the lock until it is dropped")] File),
    Session(#[expect(dead_code, reason = "holds the lock until it ends")] PgConnection),
}

fn hold(database: &Database) -> Held {
    if database.is_postgres() {
        let mut conn = PgConnection::establish(&database.address()).unwrap();
        let key = i64::from_be_bytes(*b"Copydesk");
        diesel::sql_query(format!("select pg_advisory_lock({key})"))
            .execute(&mut conn)
            .unwrap();
        return Held::Session(conn);
    }
    let lock = File::create(database.folder().join("copydesk.sqlite.lock")).unwrap();
    lock.lock().unwrap();
    Held::Lock(lock)
}

#[test]
fn a_command_says_what_it_waits_for() {
    let database = Database::empty();
    let held = hold(&database);
    let mut command = copydesk(&database, &["migrate"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let told = wait_for(&mut log, "Waiting for another process");
    assert_eq!(told["level"], "WARN");
    drop(held);
    assert!(child.wait().unwrap().success());
}
