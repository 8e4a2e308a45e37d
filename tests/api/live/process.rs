//! The binary as a process, and what it says.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use serde_json::Value;

use crate::support::PASSWORD;
use crate::support::database::Database;

const EDITOR: [&str; 6] = [
    "--email",
    "desk@newsroom.example",
    "--name",
    "The Desk",
    "--role",
    "editor",
];

/// The binary over a database of its own, with nothing of this process's environment.
pub(super) fn copydesk(database: &Database, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", database.address())
        .env("COPYDESK_DATA", database.folder())
        .env("COPYDESK_LISTEN", "127.0.0.1:0")
        .current_dir(database.folder())
        .stdin(Stdio::null());
    command
}

pub(super) fn run(database: &Database, arguments: &[&str]) -> Output {
    copydesk(database, arguments).output().expect("the binary runs")
}

pub(super) fn run_with_password(database: &Database, arguments: &[&str], password: &str) -> Output {
    let mut command = copydesk(database, arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{password}").expect("the password is read");
    child.wait_with_output().unwrap()
}

pub(super) fn make_user(database: &Database) -> Output {
    run_with_password(
        database,
        &[&["user", "create", "--password-stdin"], EDITOR.as_slice()].concat(),
        PASSWORD,
    )
}

#[track_caller]
pub(super) fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it complained of.
#[track_caller]
pub(super) fn failed(output: &Output) -> String {
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server that is stopped when it is dropped.
pub(super) struct Server {
    child: Child,
    pub(super) log: BufReader<ChildStderr>,
    pub(super) address: String,
}

impl Server {
    pub(super) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let serving = wait_for(&mut log, "Serving");
        let address = serving["address"].as_str().expect("an address").to_owned();
        Self { child, log, address }
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it accepts");
        stream
            .set_read_timeout(Some(std::time::Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// The whole answer to one request on a connection of its own.
    pub(super) fn ask(&self, head: &str) -> String {
        let mut stream = self.connect();
        write!(stream, "{head}\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    pub(super) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Its exit code, once it has ended.
    pub(super) fn ended(mut self) -> Option<i32> {
        let mut rest = String::new();
        // To its end, so that it is never held up by a full pipe.
        let _ = self.log.read_to_string(&mut rest);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The log line with this message; those before it are passed over.
pub(super) fn wait_for(log: &mut BufReader<ChildStderr>, message: &str) -> Value {
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        assert!(
            log.read_line(&mut line).unwrap() > 0,
            "it ended before it said `{message}`:\n{seen}"
        );
        let entry: Value = serde_json::from_str(&line).unwrap_or_default();
        if entry["message"].as_str().is_some_and(|text| text.contains(message)) {
            return entry;
        }
        seen.push_str(&line);
    }
}
