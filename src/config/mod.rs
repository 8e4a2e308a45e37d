//! What an operator can decide: read from a file, the environment and flags, checked whole, and shown back.
//!
//! One table, `keys::KEYS`, says what can be set. Reading, `copydesk config` and `docs/CONFIG.md` all follow it, so
//! that none of them can know a key the others do not. To add a key: a documented field here with its default, and a
//! row in the table.

mod cors;
mod database;
mod delivery;
mod keys;
mod limits;
mod load;
mod media;
mod networks;
mod outlets;
mod problem;
mod reference;
mod secret;
mod storage;
mod suggest;
#[cfg(test)]
mod tests;
mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use cors::CorsConfig;
pub use database::{DatabaseConfig, DatabaseUrl};
pub use delivery::{Answered, DeliveryConfig, keep as kept_as};
pub use limits::LimitsConfig;
pub use load::{Loaded, Overrides, environment};
pub use media::MediaConfig;
pub use networks::Networks;
pub use outlets::OutletsConfig;
pub use problem::{ConfigError, Origin, Problem};
pub use reference::reference;
pub use secret::Secret;
pub use storage::{StorageConfig, StorageUrl};

/// What no answer is kept longer than.
const SECONDS_A_YEAR: u64 = 31_536_000;

/// Everything that can be configured, checked. The rest of the program takes it as given.
#[derive(Debug, Clone)]
pub struct Config {
    /// The folder that holds what must be kept: the database (SQLite), media and keys.
    pub data: PathBuf,
    /// Where HTTP is served.
    pub listen: SocketAddr,
    pub database: DatabaseConfig,
    pub site: SiteConfig,
    pub auth: AuthConfig,
    pub http: HttpConfig,
    pub limits: LimitsConfig,
    pub delivery: DeliveryConfig,
    pub media: MediaConfig,
    pub storage: StorageConfig,
    pub outbound: OutboundConfig,
    pub trash: TrashConfig,
    pub publish: PublishConfig,
    pub outlets: OutletsConfig,
    pub log: LogConfig,
}

/// What stories have to be to be published.
#[derive(Debug, Clone)]
pub struct PublishConfig {
    /// Codes of findings that keep an article from being published.
    pub block: Vec<String>,
    /// Most characters of a headline.
    pub headline_characters: usize,
}

impl Default for PublishConfig {
    fn default() -> Self {
        Self {
            block: Vec::new(),
            headline_characters: 110,
        }
    }
}

/// Articles in the trash.
#[derive(Debug, Clone)]
pub struct TrashConfig {
    /// Days that they stay there; 0 is for ever.
    pub keep_days: u32,
}

impl Default for TrashConfig {
    fn default() -> Self {
        Self { keep_days: 30 }
    }
}

/// Requests to addresses that people typed.
#[derive(Debug, Clone, Default)]
pub struct OutboundConfig {
    /// Whether addresses of networks that are not public may be asked.
    pub allow_private: bool,
}

impl Config {
    /// A configuration for tests: everything under `data`, a free port of the loopback, a small pool, a quiet log.
    pub fn for_testing(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database: DatabaseConfig {
                url: DatabaseUrl::inside(data),
                connections: 2,
                version_patience: Duration::ZERO,
                ..DatabaseConfig::default()
            },
            http: HttpConfig {
                workers: 1,
                ..HttpConfig::default()
            },
            log: LogConfig {
                level: "warn".to_owned(),
                ..LogConfig::default()
            },
            ..Self::default()
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let data = PathBuf::from("copydesk-data");
        Self {
            database: DatabaseConfig {
                url: DatabaseUrl::inside(&data),
                ..DatabaseConfig::default()
            },
            data,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            site: SiteConfig::default(),
            auth: AuthConfig::default(),
            http: HttpConfig::default(),
            limits: LimitsConfig::default(),
            delivery: DeliveryConfig::default(),
            media: MediaConfig::default(),
            outbound: OutboundConfig::default(),
            trash: TrashConfig::default(),
            publish: PublishConfig::default(),
            outlets: OutletsConfig::default(),
            storage: StorageConfig::default(),
            log: LogConfig::default(),
        }
    }
}

/// The publication: its name and the addresses its articles get.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    pub name: String,
    /// The public address of the site, http or https, without a slash at the end.
    pub url: String,
    /// The language tag (BCP 47) of articles that name none.
    pub locale: String,
    /// The path of an article's page. Begins with `/`, ends with `{short_id}`.
    pub permalink: String,
}

impl Default for SiteConfig {
    fn default() -> Self {
        Self {
            name: "Copydesk".to_owned(),
            url: "http://127.0.0.1:8080".to_owned(),
            locale: "en".to_owned(),
            permalink: "/{year}/{month}/{day}/{slug}-{short_id}".to_owned(),
        }
    }
}

/// What access tokens say, and how long they are good for.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// The `iss` of every token.
    pub issuer: String,
    /// The `aud` of every token.
    pub audience: String,
    /// How long an access token is good for, in seconds.
    pub access_token_seconds: u32,
    /// How long a session lasts that nobody prolongs, in seconds.
    pub session_idle_seconds: u32,
    /// How long a session lasts at most, in seconds.
    pub session_seconds: u32,
    /// An Ed25519 key, PKCS#8 PEM. Without it the keys live in the data folder.
    pub signing_key: Option<Secret>,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            issuer: "copydesk".to_owned(),
            audience: "copydesk-editor".to_owned(),
            access_token_seconds: 900,
            session_idle_seconds: 8 * 60 * 60,
            session_seconds: 12 * 60 * 60,
            signing_key: None,
        }
    }
}

impl AuthConfig {
    /// What cannot be together: the key, and why.
    fn misfit(&self) -> Option<(&'static str, &'static str)> {
        (self.session_idle_seconds > self.session_seconds).then_some((
            "auth.session_idle_seconds",
            "it must not be more than `auth.session_seconds`",
        ))
    }
}

/// The limits of the HTTP server.
#[derive(Debug, Clone)]
pub struct HttpConfig {
    /// Worker threads; 0 is one for each core.
    pub workers: usize,
    /// Requests that are worked on at once.
    pub max_at_work: usize,
    /// Largest JSON body, in bytes.
    pub max_json_bytes: usize,
    /// How long a stopping server waits for answers on their way, in seconds.
    pub shutdown_seconds: u16,
    /// How long one request may take, in seconds.
    pub handler_seconds: u16,
    /// How long operations that stand or fall together may keep others from writing.
    pub batch_ms: u16,
    /// How long a client may take to send a request's head, in seconds.
    pub head_seconds: u16,
    /// How long a client may pause within a body, in seconds.
    pub body_idle_seconds: u16,
    /// How long a client may take nothing of its answer, in seconds.
    pub answer_idle_seconds: u16,
    /// A chain of certificates, for https.
    pub tls_cert: Option<PathBuf>,
    /// Its key.
    pub tls_key: Option<PathBuf>,
    pub cors: CorsConfig,
    /// Whose word is taken for who asks, and by what.
    pub trusted_proxies: Networks,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            workers: 0,
            max_at_work: 512,
            max_json_bytes: 2 * 1024 * 1024,
            shutdown_seconds: 30,
            handler_seconds: 15,
            batch_ms: 2000,
            head_seconds: 5,
            body_idle_seconds: 30,
            answer_idle_seconds: 30,
            tls_cert: None,
            tls_key: None,
            cors: CorsConfig::default(),
            trusted_proxies: Networks::default(),
        }
    }
}

impl HttpConfig {
    /// What addresses of this server begin with.
    pub fn scheme(&self) -> &'static str {
        if self.tls_cert.is_some() { "https" } else { "http" }
    }

    /// The key that is set without the other, and why it is refused.
    fn misfit(&self) -> Option<(&'static str, &'static str)> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(_), None) => Some(("http.tls_cert", "`http.tls_key` must be set with it")),
            (None, Some(_)) => Some(("http.tls_key", "`http.tls_cert` must be set with it")),
            _ => None,
        }
    }
}

/// What is logged, and how it looks.
#[derive(Debug, Clone)]
pub struct LogConfig {
    pub format: LogFormat,
    /// Levels by target: `info`, or `warn,copydesk=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Auto,
            level: "info".to_owned(),
        }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, JSON otherwise.
    Auto,
    Human,
    Json,
}

impl LogFormat {
    /// The words of the configuration, in the order they are named to the reader.
    const WORDS: &'static [&'static str] = &["auto", "human", "json"];

    fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "human" => Some(Self::Human),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Human => "human",
            Self::Json => "json",
        }
    }
}
