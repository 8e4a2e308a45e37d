//! Gathering a configuration: defaults, then the file, then the environment, then flags; what comes later wins.

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Config;
use super::database::DatabaseUrl;
use super::keys::{self, CONFIG_ENV, CONFIG_FILE, CONFIG_FLAG, KEYS, Key};
use super::problem::{ConfigError, Origin, Problem};
use super::suggest::nearest;

/// What the command line says. Absent flags leave the other sources alone.
#[derive(Clone, Default)]
pub struct Overrides {
    /// `--config`: the file to read.
    pub config: Option<PathBuf>,
    pub data: Option<String>,
    pub listen: Option<String>,
    pub database_url: Option<String>,
    pub log_format: Option<String>,
    pub log_level: Option<String>,
    pub tls_cert: Option<String>,
    pub tls_key: Option<String>,
}

impl Overrides {
    /// Each flag that was given, and its value.
    fn given(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let flags = [
            ("--data", &self.data),
            ("--listen", &self.listen),
            ("--database-url", &self.database_url),
            ("--log-format", &self.log_format),
            ("--log-level", &self.log_level),
            ("--tls-cert", &self.tls_cert),
            ("--tls-key", &self.tls_key),
        ];
        flags
            .into_iter()
            .filter_map(|(flag, value)| Some((flag, value.as_deref()?)))
    }
}

impl fmt::Debug for Overrides {
    /// Names the flags only: the database's address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.given().map(|(flag, _)| flag)).finish()
    }
}

/// A configuration that was read and found good, and where each value came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    pub config: Config,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    origins: BTreeMap<&'static str, Origin>,
}

impl Loaded {
    /// What is in force: one `key = value   # from origin` a line, in the order of the reference, secrets masked. The
    /// values are written as TOML, so that the text can become a file.
    pub fn in_force(&self) -> String {
        let width = KEYS
            .iter()
            .map(|key| line(key, &self.config).chars().count())
            .max()
            .unwrap_or_default()
            .min(60);
        let lines = KEYS.iter().map(|key| {
            let origin = self.origins.get(key.name).unwrap_or(&Origin::Default);
            format!("{:width$}   # from {origin}\n", line(key, &self.config))
        });
        lines.collect()
    }
}

fn line(key: &Key, config: &Config) -> String {
    let value = (key.show)(config);
    match value.parse::<u64>() {
        _ if value.is_empty() => format!("# {} is not set", key.name),
        Ok(number) if key.accepts.is_number() => format!("{} = {number}", key.name),
        _ => format!("{} = {value:?}", key.name),
    }
}

impl Config {
    /// Reads the configuration from all its sources: the file `--config` or `COPYDESK_CONFIG` names, or else
    /// `copydesk.toml` in the working directory if it is there; then `env`; then `overrides`.
    ///
    /// The error holds every problem of every source, so that one start is enough to see them all.
    pub fn load(overrides: &Overrides, env: impl Iterator<Item = (String, String)>) -> Result<Loaded, ConfigError> {
        load_in(Path::new(""), overrides, env)
    }
}

/// The environment of this process, as [`Config::load`] takes it. What is not Unicode is kept with `U+FFFD` in its place,
/// so that a broken value is refused as a value and a broken foreign variable harms nobody.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().map(|(name, value)| {
        (
            name.to_string_lossy().into_owned(),
            value.to_string_lossy().into_owned(),
        )
    })
}

/// [`Config::load`] with the folder in which `copydesk.toml` is looked for.
pub(super) fn load_in(
    folder: &Path,
    overrides: &Overrides,
    env: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let mut loading = Loading::default();
    // Sorted, so that problems come in the same order on each start.
    let env: BTreeMap<String, String> = env.collect();
    let named = match (&overrides.config, env.get(CONFIG_ENV).filter(|path| !path.is_empty())) {
        (Some(path), _) => Some((path.clone(), Origin::Flag(CONFIG_FLAG))),
        (None, Some(path)) => Some((PathBuf::from(path), Origin::Env(CONFIG_ENV.to_owned()))),
        (None, None) => None,
    };
    loading.file(named, &folder.join(CONFIG_FILE));
    for (name, value) in &env {
        loading.variable(name, value);
    }
    for (flag, value) in overrides.given() {
        if let Some(key) = KEYS.iter().find(|key| key.flag == Some(flag)) {
            loading.set(key, value, Origin::Flag(flag));
        }
    }
    loading.finish()
}

/// A configuration on its way.
#[derive(Default)]
struct Loading {
    config: Config,
    file: Option<PathBuf>,
    origins: BTreeMap<&'static str, Origin>,
    problems: Vec<Problem>,
}

impl Loading {
    fn set(&mut self, key: &'static Key, text: &str, origin: Origin) {
        match (key.set)(&mut self.config, text, &key.accepts) {
            Ok(()) => drop(self.origins.insert(key.name, origin)),
            Err(why) => {
                let shown = key.mask.map_or_else(|| text.to_owned(), |mask| mask(text));
                self.refuse(key.name, origin, format!("{shown:?}: {why}; accepted: {}", key.accepts));
            }
        }
    }

    fn refuse(&mut self, key: impl Into<String>, origin: Origin, message: impl Into<String>) {
        let (key, message) = (key.into(), message.into());
        self.problems.push(Problem { key, origin, message });
    }

    fn variable(&mut self, name: &str, value: &str) {
        if let Some(key) = keys::by_env(name) {
            // Empty means not set: that is what `${NAME:-}` in a compose file leaves.
            if !value.is_empty() {
                self.set(key, value, Origin::Env(name.to_owned()));
            }
        } else if let Some(rest) = name.strip_prefix("COPYDESK_") {
            if name == CONFIG_ENV || is_for_tests(rest) || is_injected(rest, value) {
                return;
            }
            let short = |env: &'static str| env.strip_prefix("COPYDESK_").unwrap_or(env);
            let hint = nearest(rest, KEYS.iter().map(|key| short(key.env)).chain([short(CONFIG_ENV)]));
            let known = hint.map(|hint| {
                KEYS.iter()
                    .map(|key| key.env)
                    .find(|env| short(env) == hint)
                    .unwrap_or(CONFIG_ENV)
            });
            self.refuse(
                name,
                Origin::Env(name.to_owned()),
                unknown("environment variable", known),
            );
        }
    }

    fn file(&mut self, named: Option<(PathBuf, Origin)>, usual: &Path) {
        let (path, chosen_by) = match named {
            Some((path, origin)) => (path, Some(origin)),
            None => (usual.to_owned(), None),
        };
        let text = match (std::fs::read_to_string(&path), chosen_by) {
            (Ok(text), _) => text,
            (Err(why), None) if why.kind() == ErrorKind::NotFound => return,
            (Err(why), chosen_by) => {
                let origin = chosen_by.unwrap_or_else(|| Origin::File(path.clone()));
                return self.refuse(
                    "config",
                    origin,
                    format!("{:?} cannot be read: {why}", path.display().to_string()),
                );
            }
        };
        match text.parse::<toml::Table>() {
            Ok(table) => self.table(&path, "", &table),
            Err(why) => {
                // Only the message: the error's own `Display` quotes the line, which may hold a secret.
                let line = why.span().map_or(1, |span| {
                    text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1
                });
                let message = format!("line {line} is not TOML: {}", why.message());
                self.refuse("config", Origin::File(path.clone()), message);
            }
        }
        self.file = Some(path);
    }

    /// Sets what `table` holds; `prefix` is the way to it, with a dot at its end, or empty.
    fn table(&mut self, path: &Path, prefix: &str, table: &toml::Table) {
        for (name, value) in table {
            let name = format!("{prefix}{name}");
            let origin = Origin::File(path.to_owned());
            let inner = format!("{name}.");
            match (keys::by_name(&name), value) {
                (Some(key), toml::Value::String(text)) => self.set(key, text, origin),
                (Some(key), toml::Value::Integer(number)) => self.set(key, &number.to_string(), origin),
                (Some(key), toml::Value::Boolean(yes)) if key.accepts.is_yes_no() => {
                    self.set(key, &yes.to_string(), origin);
                }
                (Some(key), _) => {
                    let message = format!("{} cannot be taken; accepted: {}", a(value), key.accepts);
                    self.refuse(name, origin, message);
                }
                (None, toml::Value::Table(table)) if KEYS.iter().any(|key| key.name.starts_with(&inner)) => {
                    self.table(path, &inner, table);
                }
                (None, _) if KEYS.iter().any(|key| key.name.starts_with(&inner)) => {
                    self.refuse(
                        name,
                        origin,
                        format!("{} cannot be taken; accepted: a table of keys", a(value)),
                    );
                }
                (None, _) => {
                    let sections = KEYS.iter().filter_map(|key| Some(key.name.split_once('.')?.0));
                    let hint = nearest(&name, KEYS.iter().map(|key| key.name).chain(sections));
                    self.refuse(name, origin, unknown("key", hint));
                }
            }
        }
    }

    fn finish(mut self) -> Result<Loaded, ConfigError> {
        // What was refused may be the very part that is missing.
        let misfits = [
            self.config.storage.misfit(),
            self.config.auth.misfit(),
            self.config.http.misfit(),
        ];
        let misfits = misfits.into_iter().flatten().filter(|_| self.problems.is_empty());
        for (key, why) in misfits.collect::<Vec<_>>() {
            let origin = self.origins.get(key).cloned().unwrap_or(Origin::Default);
            self.refuse(key, origin, why);
        }
        if !self.problems.is_empty() {
            return Err(ConfigError {
                problems: self.problems,
            });
        }
        if !self.origins.contains_key("database.url") {
            self.config.database.url = DatabaseUrl::inside(&self.config.data);
        }
        Ok(Loaded {
            config: self.config,
            file: self.file,
            origins: self.origins,
        })
    }
}

fn unknown(what: &str, hint: Option<&str>) -> String {
    match hint {
        Some(hint) => format!("no such {what}; did you mean {hint}?"),
        None => format!("no such {what}"),
    }
}

/// The type of a value with its article.
fn a(value: &toml::Value) -> String {
    let article = if value.type_str().starts_with(['a', 'i']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {}", value.type_str())
}

/// Variables that only the tests read.
fn is_for_tests(rest: &str) -> bool {
    rest == "SAMPLES" || rest.starts_with("TEST_")
}

/// Whether Kubernetes or Docker links put this variable there: both do so for every service whose name begins with
/// `copydesk`, and a start must not fail for it.
fn is_injected(rest: &str, value: &str) -> bool {
    let rest = format!("_{rest}");
    rest.ends_with("_SERVICE_HOST")
        || rest.contains("_SERVICE_PORT")
        || (rest.ends_with("_PORT") && value.contains("://"))
        || rest
            .split_once("_PORT_")
            .is_some_and(|(_, port)| port.contains("_TCP") || port.contains("_UDP"))
}
