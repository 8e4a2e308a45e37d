//! The database: its address, and how many may ask it at once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::secret::MASK;

/// Connections to PostgreSQL, which works elsewhere.
const TO_SERVER: u32 = 8;
/// Connections to a file for each core: reading is work for the core more than waiting. And how many it is at least, so that one
/// slow question does not stop all others.
const FOR_CORE: u32 = 2;
const TO_FILE: u32 = 4;

/// Where articles are kept, and how many may ask at once.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    pub url: DatabaseUrl,
    /// Connections that read on SQLite (one writer is added), the whole pool on PostgreSQL; 0 is [what fits](Self::pool_size).
    pub connections: u32,
    /// How long a request waits for its turn, and SQLite for a lock that another process holds.
    pub busy_timeout: Duration,
    /// How long what other processes publish may go unseen on PostgreSQL.
    pub version_patience: Duration,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::inside(Path::new("copydesk-data")),
            connections: 0,
            busy_timeout: Duration::from_secs(5),
            version_patience: Duration::from_millis(250),
        }
    }
}

impl DatabaseConfig {
    /// How many connections there are, as they were asked for or as this machine has cores.
    pub fn pool_size(&self) -> u32 {
        match (self.connections, &self.url) {
            (0, DatabaseUrl::Postgres(_)) => TO_SERVER,
            (0, DatabaseUrl::Sqlite(_)) => {
                let cores = thread::available_parallelism().ok();
                let cores = cores.and_then(|cores| u32::try_from(cores.get()).ok()).unwrap_or(1);
                cores.saturating_mul(FOR_CORE).max(TO_FILE)
            }
            (given, _) => given,
        }
    }

    /// How many of them are the desk's, and how many are for readers alone: a slow question of an editor is none of a reader's business. `None`
    /// where all share all: on PostgreSQL, and where there is one.
    pub fn shares(&self) -> (u32, Option<u32>) {
        match (self.pool_size(), &self.url) {
            (all, DatabaseUrl::Sqlite(_)) if all > 1 => (all / 2, Some(all - all / 2)),
            (all, _) => (all, None),
        }
    }
}

/// Which database, and where. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file, relative to the working directory unless absolute.
    Sqlite(PathBuf),
    /// The address as libpq takes it, password included.
    Postgres(String),
}

impl DatabaseUrl {
    /// The forms that are accepted, for problems and the reference.
    pub(super) const ACCEPTS: &'static str =
        "`postgres://USER@HOST/NAME`, `postgresql://USER@HOST/NAME`, `sqlite:PATH` or `sqlite://PATH`";

    /// The SQLite file a data folder has unless another database is named.
    pub fn inside(data: &Path) -> Self {
        Self::Sqlite(data.join("copydesk.sqlite"))
    }

    /// Reads an address. Only the schemes written out here are known, so a mistyped one never becomes a file's name. The
    /// error says what is wrong and never repeats the address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(char::is_control) {
            return Err("it holds a control character");
        }
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err("it has no scheme");
        };
        match scheme {
            "sqlite" => sqlite_path(rest.strip_prefix("//").unwrap_or(rest)).map(Self::Sqlite),
            "postgres" | "postgresql" => match rest.strip_prefix("//") {
                None => Err("`//` is missing after the scheme"),
                Some("") => Err("it names no host"),
                Some(_) => Ok(Self::Postgres(text.to_owned())),
            },
            _ => Err("its scheme is not known"),
        }
    }

    /// `text`, which may be wrong, without what may be a password.
    pub(super) fn masked(text: &str) -> String {
        if let Ok(url) = Self::parse(text) {
            return url.to_string();
        }
        // Nothing is known about where a wrong address keeps its password, so no more than a scheme or one word is shown.
        let plain = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || "+-._/".contains(c));
        match text.split_once(':') {
            Some((scheme, _)) if plain(scheme) => format!("{scheme}:{MASK}"),
            None if plain(text) => text.to_owned(),
            _ => MASK.to_owned(),
        }
    }
}

fn sqlite_path(path: &str) -> Result<PathBuf, &'static str> {
    if path.is_empty() {
        return Err("it names no file");
    }
    // Each connection would see a database of its own.
    if path.contains(":memory:") {
        return Err("a database in memory cannot be shared by connections; name a file");
    }
    // SQLite would read these as an address with parameters, not as a file's name.
    if path.starts_with("file:") || path.contains(['?', '#']) {
        return Err("it holds more than a path; parameters are not taken");
    }
    Ok(PathBuf::from(path))
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(&without_password(url)),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A PostgreSQL address with its password masked, in the authority as well as among the parameters.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    // The last `@` of all: a password may hold a raw `/`, `?` or `@`, and masking too much is better than too little.
    let (user, place) = match rest.rsplit_once('@') {
        Some((login, place)) => match login.split_once(':') {
            Some((user, _)) => (format!("{user}:{MASK}@"), place),
            None => (format!("{login}@"), place),
        },
        None => (String::new(), rest),
    };
    let (host, parameters) = match place.split_once('?') {
        Some((host, query)) => (host, format!("?{}", masked_parameters(query))),
        None => (place, String::new()),
    };
    format!("{scheme}://{user}{host}{parameters}")
}

fn masked_parameters(query: &str) -> String {
    let masked = query.split('&').map(|pair| match pair.split_once('=') {
        // `%` because libpq takes encoded names too.
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") || name.contains('%') => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    });
    masked.collect::<Vec<_>>().join("&")
}
