//! The rules of configuration by example.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::keys::KEYS;
use super::load::load_in;
use super::*;

mod secrets;
mod storage;
mod values;

/// A folder of its own for each test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("copydesk-config-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn with(file: &str) -> Self {
        let folder = Self::new();
        fs::write(folder.0.join("copydesk.toml"), file).unwrap();
        folder
    }

    fn load(&self, env: &[(&str, &str)], flags: &Overrides) -> Result<Loaded, ConfigError> {
        load_in(
            &self.0,
            flags,
            env.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn from_file(file: &str) -> Result<Config, ConfigError> {
    Folder::with(file)
        .load(&[], &Overrides::default())
        .map(|loaded| loaded.config)
}

fn from_env(env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Folder::new()
        .load(env, &Overrides::default())
        .map(|loaded| loaded.config)
}

fn keys_of(error: &ConfigError) -> Vec<&str> {
    error.problems.iter().map(|problem| problem.key.as_str()).collect()
}

#[test]
fn without_any_source_the_defaults_are_in_force() {
    let config = from_env(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(
        config.database.url,
        DatabaseUrl::Sqlite(PathBuf::from("copydesk-data/copydesk.sqlite"))
    );
    assert_eq!(config.database.busy_timeout, Duration::from_secs(5));
    assert_eq!(config.http.max_json_bytes, 2_097_152);
    assert!(config.auth.signing_key.is_none());
}

#[test]
fn a_default_is_a_value_that_its_own_key_accepts() {
    let defaults = Config::default();
    for key in KEYS.iter() {
        let default = (key.show)(&defaults);
        let mut config = Config::default();
        if !default.is_empty() {
            assert_eq!((key.set)(&mut config, &default, &key.accepts), Ok(()), "{}", key.name);
            assert_eq!((key.show)(&config), default, "{}", key.name);
        }
    }
}

#[test]
fn the_environment_wins_over_the_file_and_a_flag_over_both() {
    let folder = Folder::with("data = 'file'\nlisten = '127.0.0.1:1'\n[site]\nname = 'File'\nlocale = 'fr'\n");
    let flags = Overrides {
        listen: Some("127.0.0.1:3".to_owned()),
        ..Overrides::default()
    };
    let env = [("COPYDESK_LISTEN", "127.0.0.1:2"), ("COPYDESK_SITE_NAME", "Env")];
    let loaded = folder.load(&env, &flags).unwrap();
    assert_eq!(loaded.config.listen.port(), 3);
    assert_eq!(loaded.config.site.name, "Env");
    assert_eq!(loaded.config.site.locale, "fr");
    let text = loaded.in_force();
    let from = |key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .unwrap()
            .split_once("# from ")
            .unwrap()
            .1
    };
    assert_eq!(from("listen"), "flag --listen");
    assert_eq!(from("site.name"), "env COPYDESK_SITE_NAME");
    assert_eq!(
        from("site.locale"),
        format!("file {}", folder.0.join("copydesk.toml").display())
    );
    assert_eq!(from("site.url"), "default");
    assert_eq!(loaded.file, Some(folder.0.join("copydesk.toml")));
}

#[test]
fn every_flag_reaches_its_key() {
    let flags = Overrides {
        config: None,
        data: Some("d".to_owned()),
        listen: Some("[::1]:1".to_owned()),
        database_url: Some("sqlite:x".to_owned()),
        log_format: Some("json".to_owned()),
        log_level: Some("debug".to_owned()),
        tls_cert: Some("chain.pem".to_owned()),
        tls_key: Some("key.pem".to_owned()),
    };
    let loaded = Folder::new().load(&[], &flags).unwrap();
    let set = loaded
        .in_force()
        .lines()
        .filter(|line| line.contains("# from flag"))
        .count();
    assert_eq!(set, KEYS.iter().filter(|key| key.flag.is_some()).count());
    assert_eq!(set, 7);
}

#[test]
fn the_database_follows_the_data_folder_unless_it_is_named() {
    let data = ("COPYDESK_DATA", "/srv/news");
    let config = from_env(&[data]).unwrap();
    assert_eq!(
        config.database.url,
        DatabaseUrl::Sqlite(PathBuf::from("/srv/news/copydesk.sqlite"))
    );
    let config = from_env(&[data, ("DATABASE_URL", "sqlite:other.sqlite")]).unwrap();
    assert_eq!(config.database.url, DatabaseUrl::Sqlite(PathBuf::from("other.sqlite")));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    assert_eq!(from_env(&[("COPYDESK_SITE_NAME", "")]).unwrap().site.name, "Copydesk");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let folder = Folder::new();
    let missing = folder.0.join("missing.toml");
    let error = folder
        .load(&[("COPYDESK_CONFIG", missing.to_str().unwrap())], &Overrides::default())
        .unwrap_err();
    assert_eq!(error.problems[0].origin, Origin::Env("COPYDESK_CONFIG".to_owned()));
    let flags = Overrides {
        config: Some(missing),
        ..Overrides::default()
    };
    assert_eq!(
        folder.load(&[], &flags).unwrap_err().problems[0].origin,
        Origin::Flag("--config")
    );
}

#[test]
fn a_named_file_is_read_in_place_of_the_usual_one() {
    let folder = Folder::with("site.name = 'Usual'");
    let named = folder.0.join("named.toml");
    fs::write(&named, "site.name = 'Named'").unwrap();
    let flags = Overrides {
        config: Some(named),
        ..Overrides::default()
    };
    assert_eq!(folder.load(&[], &flags).unwrap().config.site.name, "Named");
}

#[test]
fn an_unknown_key_of_the_file_is_refused_by_name() {
    for (file, key, hint) in [
        ("listne = 'x'", "listne", Some("listen")),
        ("[site]\nnmae = 'x'", "site.nmae", Some("site.name")),
        ("[sites]\nname = 'x'", "sites", Some("site")),
        ("[warehouse]\nbucket = 'x'", "warehouse", None),
        ("config = 'x'", "config", None),
    ] {
        let error = from_file(file).unwrap_err();
        assert_eq!(keys_of(&error), [key], "{file}");
        let expected = hint.map_or("no such key".to_owned(), |hint| {
            format!("no such key; did you mean {hint}?")
        });
        assert_eq!(error.problems[0].message, expected, "{file}");
    }
}

#[test]
fn an_unknown_variable_of_ours_is_refused_by_name_and_others_are_not() {
    for (name, hint) in [
        ("COPYDESK_LISTNE", Some("COPYDESK_LISTEN")),
        ("COPYDESK_DATABASE_URL", Some("DATABASE_URL")),
        ("COPYDESK_CONFG", Some("COPYDESK_CONFIG")),
        ("COPYDESK_BUCKET", None),
        ("COPYDESK_", None),
        ("COPYDESK_PORT", None),
    ] {
        let error = from_env(&[(name, "1")]).unwrap_err();
        assert_eq!(keys_of(&error), [name]);
        assert_eq!(
            error.problems[0]
                .message
                .split_once("did you mean ")
                .map(|(_, rest)| rest.trim_end_matches('?')),
            hint
        );
    }
    let ignored = [
        ("COPYDESK_SAMPLES", "x"),
        ("COPYDESK_TEST_DATABASE_URL", "x"),
        ("HOME", "/root"),
        ("COPYDESKS", "x"),
        ("COPYDESK_SERVICE_HOST", "10.0.0.1"),
        ("COPYDESK_SERVICE_PORT_HTTP", "80"),
        ("COPYDESK_PORT", "tcp://10.0.0.1:80"),
        ("COPYDESK_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("COPYDESK_DB_PORT_5432_TCP", "tcp://10.0.0.1:5432"),
    ];
    from_env(&ignored).unwrap();
}

#[test]
fn all_problems_are_told_at_once_each_with_its_key_origin_value_and_what_is_accepted() {
    let folder =
        Folder::with("colour = 'red'\n[http]\nhead_seconds = 5.5\nworkers = -1\n[site]\nurl = 'news.example'\n");
    let flags = Overrides {
        listen: Some("here".to_owned()),
        ..Overrides::default()
    };
    let env = [
        ("COPYDESK_DATABASE_CONNECTIONS", "501"),
        ("COPYDESK_LOG_FORMAT", "jsno"),
    ];
    let error = folder.load(&env, &flags).unwrap_err();
    assert_eq!(
        keys_of(&error),
        [
            "colour",
            "http.head_seconds",
            "http.workers",
            "site.url",
            "database.connections",
            "log.format",
            "listen"
        ]
    );
    let text = error.to_string();
    assert!(text.starts_with("the configuration has 7 problems:\n"), "{text}");
    for line in [
        "  database.connections (env COPYDESK_DATABASE_CONNECTIONS): \"501\": it is out of bounds; \
         accepted: a whole number from 0 to 500",
        "  log.format (env COPYDESK_LOG_FORMAT): \"jsno\": it is not one of the formats; \
         accepted: `auto`, `human` or `json`",
        "  listen (flag --listen): \"here\": it is not an address and a port; \
         accepted: an IP address and a port, such as `127.0.0.1:8080` or `[::1]:8080`",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\nnot in\n{text}");
    }
    assert!(
        text.contains("a float cannot be taken; accepted: a whole number from 1 to 600"),
        "{text}"
    );
}

#[test]
fn a_file_that_is_not_toml_is_told_by_line_and_not_quoted() {
    let error = from_file("listen = '127.0.0.1:1'\n[auth]\nsigning_key = hunter2 hunter2\n").unwrap_err();
    let text = error.to_string();
    assert!(text.contains("line 3 is not TOML"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn keys_variables_and_flags_are_unique_and_spelled_alike() {
    for (at, key) in KEYS.iter().enumerate() {
        let spelled = format!("COPYDESK_{}", key.name.replace('.', "_").to_uppercase());
        assert!(key.env == spelled || key.name == "database.url", "{}", key.name);
        assert!(
            KEYS.iter()
                .skip(at + 1)
                .all(|other| other.name != key.name && other.env != key.env),
            "{}",
            key.name
        );
    }
}

#[test]
fn the_reference_names_every_key_and_shows_no_secret() {
    let page = reference();
    for key in KEYS.iter() {
        assert!(
            page.contains(&format!("### `{}`", key.name)) && page.contains(key.env),
            "{}",
            key.name
        );
    }
    assert!(!page.contains("\n\n\n") && page.ends_with('\n'));
}

#[test]
fn a_test_configuration_stays_inside_its_folder() {
    let config = Config::for_testing(Path::new("/srv/news"));
    assert_eq!(
        config.database.url,
        DatabaseUrl::Sqlite(PathBuf::from("/srv/news/copydesk.sqlite"))
    );
    assert_eq!((config.data, config.listen.port()), (PathBuf::from("/srv/news"), 0));
}

#[test]
fn the_pool_is_as_large_as_was_asked_for_or_as_fits() {
    let of = |connections, url: &str| DatabaseConfig {
        connections,
        url: DatabaseUrl::parse(url).unwrap(),
        ..DatabaseConfig::default()
    };
    for url in ["sqlite:a", "postgres://a/b"] {
        assert_eq!(of(1, url).pool_size(), 1);
        assert_eq!(of(500, url).pool_size(), 500);
    }
    assert_eq!(of(0, "postgres://a/b").pool_size(), 8);
    let cores = u32::try_from(std::thread::available_parallelism().unwrap().get()).unwrap();
    assert_eq!(of(0, "sqlite:a").pool_size(), (2 * cores).max(4));
}

#[test]
fn readers_of_a_file_have_half_of_the_pool_or_more_for_themselves() {
    for (connections, shares) in [(1, (1, None)), (2, (1, Some(1))), (5, (2, Some(3))), (8, (4, Some(4)))] {
        let of = |url| DatabaseConfig {
            connections,
            url: DatabaseUrl::parse(url).unwrap(),
            ..DatabaseConfig::default()
        };
        assert_eq!(of("sqlite:a").shares(), shares);
        assert_eq!(of("postgres://a/b").shares(), (connections, None));
    }
}
