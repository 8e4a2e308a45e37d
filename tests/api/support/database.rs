//! A fresh database for each test, copied from one that was migrated once and holds one user of each kind.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use copydesk::config::{Config, DatabaseUrl};
use copydesk::domain::account::{Email, Password, Role};
use copydesk::domain::text::Name;
use copydesk::services::App;
use copydesk::services::accounts::users;
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel::sqlite::SqliteConnection;
use uuid::Uuid;

use super::clock::TestClock;
use super::ids::CountingIds;

/// Everybody's password.
pub(crate) const PASSWORD: &str = "kestrels over the strait";

/// Gives everybody a session that does not end by itself, as if they had logged in. It has the id of whose it is.
pub(super) fn sessions(is_postgres: bool) -> String {
    let end = if is_postgres {
        "timestamptz '2999-01-01 00:00:00Z'"
    } else {
        "32472144000000000"
    };
    format!(
        "insert into sessions (id, user_id, created_at, last_used_at, expires_at, token)
         select id, id, created_at, {end}, {end}, '' from users where id not in (select id from sessions)"
    )
}

/// Runs statements beside the application.
fn attempt(address: &str, is_postgres: bool, statements: &str) -> Result<(), String> {
    let done = if is_postgres {
        PgConnection::establish(address)
            .expect("a connection")
            .batch_execute(statements)
    } else {
        let mut conn = SqliteConnection::establish(address).expect("a connection");
        conn.batch_execute("pragma busy_timeout = 5000")
            .and_then(|()| conn.batch_execute(statements))
    };
    done.map_err(|why| why.to_string())
}

/// Who can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Person {
    Contributor,
    /// A second contributor, to whom nothing belongs.
    Stranger,
    Editor,
    Admin,
    /// Shut out.
    Disabled,
}

impl Person {
    pub(crate) const ALL: [Self; 5] = [
        Self::Contributor,
        Self::Stranger,
        Self::Editor,
        Self::Admin,
        Self::Disabled,
    ];

    pub(crate) fn email(self) -> String {
        format!("{self:?}@newsroom.example").to_lowercase()
    }

    pub(crate) fn role(self) -> Role {
        match self {
            Self::Contributor | Self::Stranger => Role::Contributor,
            Self::Editor | Self::Disabled => Role::Editor,
            Self::Admin => Role::Admin,
        }
    }
}

/// The address of the PostgreSQL server to test on, if it is to be PostgreSQL. Its database is the one from which others
/// are made and dropped.
pub(crate) fn server() -> Option<String> {
    std::env::var("COPYDESK_TEST_DATABASE_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The address of another database on the same server.
fn beside(url: &str, name: &str) -> String {
    let (address, parameters) = url
        .split_once('?')
        .map_or((url, String::new()), |(a, p)| (a, format!("?{p}")));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |at| authority + at);
    format!("{}/{name}{parameters}", &address[..end])
}

/// A folder that goes when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "copydesk-test-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is the system's to remove.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// What every test's database begins as.
pub(super) struct Template {
    /// The file, on SQLite.
    bytes: Vec<u8>,
    /// The signing key.
    pub(super) key: String,
    ids: Vec<(Person, Uuid)>,
}

impl Template {
    pub(super) fn get() -> &'static Self {
        static TEMPLATE: OnceLock<Template> = OnceLock::new();
        TEMPLATE.get_or_init(|| {
            // A test is in a runtime already, and one cannot wait within another.
            let made = std::thread::spawn(|| actix_web::rt::System::new().block_on(Self::make()));
            made.join().expect("the template is made")
        })
    }

    async fn make() -> Self {
        let folder = Folder::new();
        let mut config = Config::for_testing(folder.path());
        let server = Server::get();
        if let Some(server) = server {
            config.database.url = server.create(&server.template, "template0");
        }
        let clock = Arc::new(TestClock::at("2026-01-01T00:00:00Z"));
        let app = App::open(config, clock, Arc::new(CountingIds::default()));
        let app = Arc::new(app.expect("the template opens"));
        let mut ids = Vec::new();
        for person in Person::ALL {
            let email = Email::parse(&person.email()).expect("an address");
            let name = Name::parse(&format!("{person:?} Example")).expect("a name");
            let password = Password::choose(PASSWORD.to_owned()).expect("a password");
            let made = users::create(&app, email.clone(), name, person.role(), password)
                .await
                .expect("a user");
            if person == Person::Disabled {
                users::set_disabled(&app, email, true)
                    .await
                    .expect("a user is shut out");
            }
            ids.push((person, made.id.0));
        }
        app.close();
        drop(app);
        let address = server.map_or_else(
            || folder.path().join("copydesk.sqlite").display().to_string(),
            |server| beside(&server.url, &server.template),
        );
        attempt(&address, server.is_some(), &sessions(server.is_some())).expect("sessions begin");
        let read = |name: &str| std::fs::read(folder.path().join(name));
        let key = String::from_utf8(read("keys/signing.pem").expect("a key")).expect("a key in text");
        let bytes = if let Some(server) = Server::get() {
            server.seal();
            Vec::new()
        } else {
            read("copydesk.sqlite").expect("a database")
        };
        Self { bytes, key, ids }
    }

    pub(super) fn id(&self, person: Person) -> Uuid {
        self.ids
            .iter()
            .find(|(one, _)| *one == person)
            .map(|(_, id)| *id)
            .expect("a user")
    }
}

/// The id of one of the users.
pub(crate) fn user_id(person: Person) -> Uuid {
    Template::get().id(person)
}

/// A test's own database.
pub(crate) struct Database {
    folder: Folder,
    /// The database's name, on PostgreSQL.
    name: Option<String>,
}

impl Database {
    pub(super) fn fresh(template: &Template) -> Self {
        let folder = Folder::new();
        let keys = folder.path().join("keys");
        std::fs::create_dir(&keys).expect("a folder for keys");
        std::fs::write(keys.join("signing.pem"), &template.key).expect("the key");
        let Some(server) = Server::get() else {
            std::fs::write(folder.path().join("copydesk.sqlite"), &template.bytes).expect("the database");
            return Self { folder, name: None };
        };
        let name = server.new_name();
        server.create(&name, &server.template);
        Self {
            folder,
            name: Some(name),
        }
    }

    /// An empty one, without any table; on SQLite without any file.
    pub(crate) fn empty() -> Self {
        let name = Server::get().map(|server| {
            let name = server.new_name();
            server.create(&name, "template0");
            name
        });
        Self {
            folder: Folder::new(),
            name,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::parse(&self.address()).expect("an address")
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.name.is_some()
    }

    /// As an operator would write it.
    pub(crate) fn address(&self) -> String {
        match (&self.name, Server::get()) {
            (Some(name), Some(server)) => beside(&server.url, name),
            _ => format!("sqlite:{}", self.file().display()),
        }
    }

    /// The file of a SQLite database.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("copydesk.sqlite")
    }

    /// The texts that a query finds in its one column, named `what`.
    pub(crate) fn texts(&self, query: &str) -> Vec<String> {
        let found: QueryResult<Vec<Described>> = if self.name.is_some() {
            let mut conn = PgConnection::establish(&self.address()).expect("a connection");
            diesel::sql_query(query).load(&mut conn)
        } else {
            let mut conn = SqliteConnection::establish(&self.file().display().to_string()).expect("a connection");
            diesel::sql_query(query).load(&mut conn)
        };
        found.expect("the query runs").into_iter().map(|one| one.what).collect()
    }

    /// Runs statements beside the application: for damage, and for looking at the schema.
    pub(crate) fn damage(&self, statements: &str) {
        self.attempt(statements).expect("the statements run");
    }

    /// The same, for what the database may refuse.
    pub(crate) fn attempt(&self, statements: &str) -> Result<(), String> {
        match &self.name {
            Some(_) => attempt(&self.address(), true, statements),
            None => attempt(&self.file().display().to_string(), false, statements),
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Some(server)) = (&self.name, Server::get()) {
            server.run(&format!("drop database if exists {name} with (force)"));
        }
    }
}

/// The PostgreSQL server, for making and dropping databases.
struct Server {
    url: String,
    run: u32,
    template: String,
    /// Holds this run's lock as long as the process lives.
    conn: Mutex<PgConnection>,
}

/// A text of a query, whatever it says.
#[derive(QueryableByName, Debug, PartialEq)]
pub(crate) struct Described {
    #[diesel(sql_type = Text)]
    pub(crate) what: String,
}

#[derive(QueryableByName)]
struct DatabaseName {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Server {
    fn get() -> Option<&'static Self> {
        static SERVER: OnceLock<Option<Server>> = OnceLock::new();
        SERVER.get_or_init(|| server().map(Self::connect)).as_ref()
    }

    /// Each run of the suite has a number and a lock with it; databases of a run whose lock is free are left-overs.
    fn connect(url: String) -> Self {
        let mut conn = PgConnection::establish(&url).expect("COPYDESK_TEST_DATABASE_URL leads to a server");
        let run = u32::from_be_bytes(Uuid::now_v7().as_bytes()[12..].try_into().unwrap_or_default());
        lock(&mut conn, run);
        let left = "select datname as name from pg_database where datname like 'copydesk\\_test\\_%'";
        for DatabaseName { name } in diesel::sql_query(left).load(&mut conn).expect("names of databases") {
            let of = name.split('_').nth(2).and_then(|run| u32::from_str_radix(run, 16).ok());
            if of.is_some_and(|of| of != run && lock(&mut conn, of)) {
                // Another run may be dropping it in the same moment.
                let _ = conn.batch_execute(&format!("drop database if exists {name} with (force)"));
            }
        }
        Self {
            url,
            run,
            template: format!("copydesk_test_{run:08x}_template"),
            conn: Mutex::new(conn),
        }
    }

    fn new_name(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        format!(
            "copydesk_test_{:08x}_{}",
            self.run,
            COUNT.fetch_add(1, Ordering::Relaxed)
        )
    }

    fn create(&self, name: &str, template: &str) -> DatabaseUrl {
        self.run(&format!("create database {name} template {template} encoding 'UTF8'"));
        DatabaseUrl::parse(&beside(&self.url, name)).expect("an address")
    }

    /// A database can be copied only while nobody is connected to it.
    fn seal(&self) {
        let name = &self.template;
        self.run(&format!("alter database {name} allow_connections false"));
        self.run(&format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
        ));
    }

    fn run(&self, statement: &str) {
        let mut conn = self.conn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        conn.batch_execute(statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

fn lock(conn: &mut PgConnection, run: u32) -> bool {
    let query = diesel::sql_query("select pg_try_advisory_lock($1) as locked").bind::<BigInt, _>(i64::from(run));
    query.get_result::<Locked>(conn).is_ok_and(|answer| answer.locked)
}
