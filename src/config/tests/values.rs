//! What each kind of value may be.

use std::path::PathBuf;

use super::super::cors::CorsConfig;
use super::super::{DatabaseUrl, values};
use super::{from_env, keys_of};

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
fn an_origin_is_to_the_letter_what_a_browser_sends() {
    for (text, any, origins) in [
        ("*", true, &[][..]),
        ("", false, &[]),
        (
            "https://desk.example, http://localhost:4321,*",
            true,
            &["https://desk.example", "http://localhost:4321"],
        ),
        ("https://[::1]:8443", false, &["https://[::1]:8443"]),
        (
            "https://xn--bcher-kva.example",
            false,
            &["https://xn--bcher-kva.example"],
        ),
    ] {
        let read = CorsConfig::parse(text).unwrap();
        assert_eq!(
            (read.any, read.origins),
            (any, origins.iter().map(|one| (*one).to_owned()).collect())
        );
    }
    for bad in [
        "desk.example",
        "https://desk.example/",
        "https://desk.example/editor",
        "https://desk.example:443",
        "https://Desk.example",
        "https://bücher.example",
        "https://*.example",
        "https://u@desk.example",
        "null",
        "file:///desk",
    ] {
        let error = from_env(&[("COPYDESK_HTTP_CORS_ORIGINS", &format!("https://good.example,{bad}"))]).unwrap_err();
        assert_eq!(keys_of(&error), ["http.cors_origins"], "{bad}");
        let told = error.problems[0].message.split_once(": ").unwrap().1.to_owned();
        assert!(told.starts_with(&format!("`{bad}` is no origin")), "{told}");
    }
}

#[test]
fn a_login_is_not_left_alone_longer_than_it_lasts() {
    const IDLE: &str = "COPYDESK_AUTH_SESSION_IDLE_SECONDS";
    const WHOLE: &str = "COPYDESK_AUTH_SESSION_SECONDS";
    let refused = from_env(&[(IDLE, "3601"), (WHOLE, "3600")]).unwrap_err();
    assert_eq!(keys_of(&refused), ["auth.session_idle_seconds"]);
    // The one that is not given counts as well: eight hours.
    assert!(from_env(&[(WHOLE, "3600")]).is_err());
    assert!(from_env(&[(IDLE, "3600"), (WHOLE, "3600")]).is_ok());
}
