//! Where the bytes of media are kept.

use super::super::Overrides;
use super::{Folder, from_env, from_file, keys_of};

const S3: (&str, &str) = ("COPYDESK_STORAGE_URL", "s3://news/desk");
const ID: (&str, &str) = ("COPYDESK_STORAGE_ACCESS_KEY_ID", "desk");
const SECRET: (&str, &str) = ("COPYDESK_STORAGE_SECRET_ACCESS_KEY", "hunter2");
const ENDPOINT: (&str, &str) = ("COPYDESK_STORAGE_ENDPOINT", "http://127.0.0.1:9000");

#[test]
fn a_bucket_needs_a_key_and_a_folder_takes_none() {
    for (env, key) in [
        (vec![S3], "storage.access_key_id"),
        (vec![S3, SECRET], "storage.access_key_id"),
        (vec![S3, ID, ENDPOINT], "storage.secret_access_key"),
        (vec![ENDPOINT], "storage.endpoint"),
        (vec![ID, SECRET], "storage.access_key_id"),
        (
            vec![("COPYDESK_STORAGE_URL", "file:/srv/media"), SECRET],
            "storage.secret_access_key",
        ),
        (vec![("COPYDESK_STORAGE_URL", "s4://news"), ID, SECRET], "storage.url"),
    ] {
        assert_eq!(keys_of(&from_env(&env).unwrap_err()), [key], "{env:?}");
    }
    for env in [vec![], vec![S3, ID, SECRET], vec![S3, ID, SECRET, ENDPOINT]] {
        assert!(from_env(&env).is_ok(), "{env:?}");
    }
}

#[test]
fn the_secret_of_the_store_never_shows() {
    let loaded = Folder::new().load(&[S3, ID, SECRET], &Overrides::default()).unwrap();
    for text in [loaded.in_force(), format!("{loaded:?}")] {
        assert!(!text.contains("hunter2") && text.contains("***"), "{text}");
    }
    for (name, value) in [
        (SECRET.0, "hunter2\nhunter2"),
        (ENDPOINT.0, "https://desk:hunter2@s3.example"),
        (S3.0, "s3://desk:hunter2@news"),
    ] {
        let error = from_env(&[(name, value)]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
}

#[test]
fn yes_and_no_are_words_of_the_file_too() {
    let config = from_file("[media]\nallow_svg = true\nrequire_credit = 'false'\n").unwrap();
    assert!(config.media.allow_svg && !config.media.require_credit);
    for bad in ["[media]\nallow_svg = 1", "[media]\nallow_svg = 'yes'", "listen = true"] {
        assert!(from_file(bad).is_err(), "{bad}");
    }
}
