//! Processes that die: what they said is kept is there and whole, what they did not say so of is not there by half.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use actix_web::web::Bytes;
use copydesk::config::Config;
use copydesk::domain::time::Timestamp;
use copydesk::storage::{Blobs, Key};

use super::{Folder, alone, files, is_alone, pattern, sha256, spooled};

const FOLDER: &str = "COPYDESK_TEST_FOLDER";

/// Keeps files for as long as it is let, and says the hash of each when it is kept.
async fn keep_without_end() {
    let blobs = Blobs::open(&Config::for_testing(std::env::var_os(FOLDER).unwrap().as_ref())).unwrap();
    for number in 0_u32.. {
        let mut bytes = pattern(400_000);
        bytes.extend(number.to_be_bytes());
        let hash = sha256(&bytes);
        if number % 2 == 0 {
            let (spool, key) = spooled(&blobs, &bytes).await;
            blobs.keep(&key, &spool).await.unwrap();
        } else {
            blobs.put(&Key::original(&hash), Bytes::from(bytes)).await.unwrap();
        }
        eprintln!("kept {hash}");
    }
}

#[actix_web::test]
async fn a_process_that_is_killed_leaves_whole_files_only() {
    if is_alone() {
        return keep_without_end().await;
    }
    let folder = Folder::new();
    let blobs = Blobs::open(&Config::for_testing(&folder.0)).unwrap();
    let mut said = Vec::new();
    for kill in 0..10 {
        let mut child = alone("storage::crash::a_process_that_is_killed_leaves_whole_files_only")
            .env(FOLDER, &folder.0)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let kept = lines.filter_map(|line| line.strip_prefix("kept ").map(str::to_owned));
        said.extend(kept.take(3 + kill));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(said.len(), 75);
    let found = blobs.list("").await.unwrap();
    for hash in &said {
        assert!(
            found.iter().any(|entry| entry.key == Key::original(hash)),
            "{hash} is lost"
        );
    }
    for entry in &found {
        let bytes = blobs.load(&entry.key).await.unwrap();
        assert_eq!(entry.key, Key::original(&sha256(&bytes)), "a half file");
    }
}

#[actix_web::test]
async fn what_a_killed_process_left_half_is_not_found_and_swept_when_it_is_old() {
    let folder = Folder::new();
    let blobs = Blobs::open(&Config::for_testing(&folder.0)).unwrap();
    let (spool, key) = spooled(&blobs, b"whole").await;
    blobs.keep(&key, &spool).await.unwrap();
    drop(spool);
    for half in ["spool/half", "media/tmp/half"] {
        std::fs::write(folder.0.join(half), b"hal").unwrap();
    }
    assert_eq!(blobs.list("").await.unwrap().len(), 1);
    let long_ago = Timestamp::parse("2020-01-01T00:00:00Z").unwrap();
    assert_eq!(blobs.sweep(long_ago).await.unwrap(), 0);
    assert_eq!(files(&folder.0).len(), 3);
    let far_ahead = Timestamp::parse("9999-01-01T00:00:00Z").unwrap();
    assert_eq!(blobs.sweep(far_ahead).await.unwrap(), 2);
    assert_eq!(blobs.load(&key).await.unwrap(), "whole");
}

#[actix_web::test]
async fn bytes_are_private_until_they_are_served() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    let blobs = Blobs::open(&Config::for_testing(&folder.0)).unwrap();
    let (spool, key) = spooled(&blobs, b"draft").await;
    blobs.keep(&key, &spool).await.unwrap();
    blobs
        .put(&Key::original(&sha256(b"x")), Bytes::from_static(b"x"))
        .await
        .unwrap();
    let all = files(&folder.0);
    assert_eq!(all.len(), 3);
    for path in all {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}
