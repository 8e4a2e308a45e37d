//! What must never show, in good values and in bad ones.

use super::super::Overrides;
use super::{Folder, from_env, from_file};

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
