//! The rules of configuration by example.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::keys::KEYS;
use super::load::load_in;
use super::*;

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
    for key in KEYS {
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
    };
    let loaded = Folder::new().load(&[], &flags).unwrap();
    let set = loaded
        .in_force()
        .lines()
        .filter(|line| line.contains("# from flag"))
        .count();
    assert_eq!(set, KEYS.iter().filter(|key| key.flag.is_some()).count());
    assert_eq!(set, 5);
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
        ("[storage]\nbucket = 'x'", "storage", None),
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
         accepted: a whole number from 1 to 500",
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
fn database_addresses_are_read_by_their_scheme_alone() {
    let sqlite = |path: &str| Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
    for (text, expected) in [
        ("sqlite:news.sqlite", sqlite("news.sqlite")),
        ("sqlite://news.sqlite", sqlite("news.sqlite")),
        ("sqlite:/var/news.sqlite", sqlite("/var/news.sqlite")),
        ("sqlite:///var/news.sqlite", sqlite("/var/news.sqlite")),
        (
            "postgres://u:p@h/db",
            Ok(DatabaseUrl::Postgres("postgres://u:p@h/db".to_owned())),
        ),
        (
            "postgresql:///db?host=/run",
            Ok(DatabaseUrl::Postgres("postgresql:///db?host=/run".to_owned())),
        ),
    ] {
        assert_eq!(DatabaseUrl::parse(text), expected, "{text}");
    }
    for text in [
        "",
        "news",
        "news.sqlite",
        "postgre://h/db",
        "Postgres://h/db",
        "postgres:h/db",
        "postgres://",
        "mysql://h/db",
        "sqlite3:news",
        "sqlite:",
        "sqlite://",
        "sqlite::memory:",
        "sqlite:news?mode=rwc",
        "sqlite:file:news",
        "file:news",
        "host=h dbname=news",
        "sqlite:a\0b",
    ] {
        let error = from_env(&[("DATABASE_URL", text), ("COPYDESK_LISTEN", "x")]).unwrap_err();
        if !text.is_empty() {
            assert_eq!(keys_of(&error), ["listen", "database.url"], "{text}");
            assert!(error.to_string().contains(DatabaseUrl::ACCEPTS), "{text}");
        }
        assert!(DatabaseUrl::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_password_never_shows() {
    for url in [
        "postgres://desk:hunter2@db.example:5432/news",
        "postgres://desk:hunter2/hunter2@db.example/news",
        "postgres://desk:hunter2@hunter2@db.example/news?sslmode=require",
        "postgres://desk@db.example/news?sslmode=require&password=hunter2",
        "postgres://db.example/news?pass%77ord=hunter2&sslPassword=hunter2",
    ] {
        let loaded = Folder::new()
            .load(&[("DATABASE_URL", url)], &Overrides::default())
            .unwrap();
        for text in [loaded.in_force(), format!("{loaded:?}")] {
            assert!(!text.contains("hunter2"), "{text}");
            assert!(text.contains("db.example"), "{text}");
        }
    }
    for url in [
        "postgre://desk:hunter2@db.example/news",
        "desk:hunter2@db.example/news",
        "host=db.example password=hunter2",
        "host=db.example password=hunter2:x",
        "hunter2@db.example",
        "postgres:desk:hunter2@db.example",
        "postgres://desk:hunter2\n@db.example",
    ] {
        let error = from_env(&[("DATABASE_URL", url)]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    let error = from_env(&[("COPYDESK_SITE_URL", "https://desk:hunter2@news.example")]).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let flags = Overrides {
        database_url: Some("postgres://u:hunter2@h/db".to_owned()),
        ..Overrides::default()
    };
    assert!(!format!("{flags:?}").contains("hunter2"));
}

#[test]
fn a_signing_key_is_taken_whole_and_never_shows() {
    let pem = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n";
    let loaded = Folder::new()
        .load(&[("COPYDESK_AUTH_SIGNING_KEY", pem)], &Overrides::default())
        .unwrap();
    assert_eq!(loaded.config.auth.signing_key.as_ref().unwrap().expose(), pem);
    for text in [
        loaded.in_force(),
        format!("{loaded:?}"),
        loaded.config.auth.signing_key.unwrap().to_string(),
    ] {
        assert!(!text.contains("hunter2") && text.contains("***"), "{text}");
    }
    for bad in [
        "hunter2",
        "-----BEGIN PRIVATE KEY-----hunter2",
        "-----BEGIN EC PRIVATE KEY-----\nhunter2",
    ] {
        let error = from_env(&[("COPYDESK_AUTH_SIGNING_KEY", bad)]).unwrap_err();
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let error = from_file("[auth]\nsigning_key = ['hunter2']").unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn a_permalink_keeps_the_short_id_at_its_end() {
    for good in [
        "/{short_id}",
        "/{year}/{month}/{day}/{slug}-{short_id}",
        "/{locale}/news/{section}/{slug}.{short_id}",
    ] {
        assert_eq!(values::permalink(good), Ok(good.to_owned()));
    }
    for (what, bad) in [
        ("empty", ""),
        ("no slash in front", "{year}/{short_id}"),
        ("no short id", "/{slug}"),
        ("short id not at the end", "/{short_id}/{slug}"),
        ("something after it", "/{short_id}/"),
        ("short id twice", "/{short_id}/{short_id}"),
        ("unknown placeholder", "/{author}/{short_id}"),
        ("empty placeholder", "/{}/{short_id}"),
        ("not closed", "/{year/{short_id}"),
        ("closed twice", "/{year}}/{short_id}"),
        ("parameters", "/a?b={short_id}"),
        ("space", "/a b/{short_id}"),
        ("not ASCII", "/é/{short_id}"),
        ("empty segment", "//{short_id}"),
        ("way up", "/../{short_id}"),
    ] {
        assert!(values::permalink(bad).is_err(), "{what}");
    }
}

#[test]
fn the_address_of_the_site_is_a_plain_web_address_without_a_slash_at_its_end() {
    for (text, expected) in [
        ("https://news.example", "https://news.example"),
        ("https://news.example/", "https://news.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://example.org/news/", "https://example.org/news"),
    ] {
        assert_eq!(values::site_url(text).as_deref(), Ok(expected));
    }
    for bad in [
        "",
        "news.example",
        "ftp://news.example",
        "https://",
        "https://u@news.example",
        "https://n.example/?a",
        "https://n.example/#a",
        "javascript:alert(1)",
    ] {
        assert!(values::site_url(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_level_is_a_level_or_a_list_by_target() {
    for good in [
        "info",
        "off",
        "warn,copydesk=debug",
        "info,copydesk::http=trace,actix_server=warn",
    ] {
        assert_eq!(values::log_level(good).as_deref(), Ok(good));
    }
    for bad in [
        "",
        "inof",
        "INFO",
        "copydesk",
        "copydesk=",
        "=info",
        "info,",
        "info, warn",
        "[span]=info",
    ] {
        assert!(values::log_level(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_locale_is_a_language_tag_in_its_usual_spelling() {
    assert_eq!(values::locale("pt-br").as_deref(), Ok("pt-BR"));
    assert!(values::locale("english please").is_err());
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
    for key in KEYS {
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
    let config = Config::for_testing(Path::new("/tmp/x"));
    assert_eq!(
        config.database.url,
        DatabaseUrl::Sqlite(PathBuf::from("/tmp/x/copydesk.sqlite"))
    );
    assert_eq!((config.data, config.listen.port()), (PathBuf::from("/tmp/x"), 0));
}
