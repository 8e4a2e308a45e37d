//! Where the bytes of media are kept: a folder always, and an S3-compatible store where `COPYDESK_TEST_S3` names one, as
//! `http://127.0.0.1:9000/bucket`, opened by the key below. Where it names none, these tests say so and pass.

mod crash;
mod full;
mod memory;

use std::path::{Path, PathBuf};
use std::process::Command;

use actix_web::web::Bytes;
use copydesk::config::{Config, Secret, StorageUrl};
use copydesk::domain::id::UploadId;
use copydesk::storage::{Blobs, Key, Owner, Spool};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const KEY_ID: &str = "copydesk";
const SECRET: &str = "copydesk-test";
const VERSION: &str = "0011223344556677";

/// A folder of its own for a test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("copydesk-storage-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A place for bytes, and the folder that the test has beside it.
struct Place {
    name: &'static str,
    blobs: Blobs,
    folder: Folder,
}

/// Each place that there is, new and empty.
fn places() -> Vec<Place> {
    let mut places = vec![Folder::new()]
        .into_iter()
        .map(|folder| Place {
            name: "disk",
            blobs: Blobs::open(&Config::for_testing(&folder.0)).unwrap(),
            folder,
        })
        .collect::<Vec<_>>();
    match std::env::var("COPYDESK_TEST_S3") {
        Ok(address) => places.push(bucket(&address, SECRET)),
        Err(_) => eprintln!("skipped on S3: COPYDESK_TEST_S3 does not name a store"),
    }
    places
}

/// Has the application keep media in a store of its own on S3, where there is one.
pub(crate) fn on_s3(config: &mut Config) -> bool {
    let Ok(address) = std::env::var("COPYDESK_TEST_S3") else {
        eprintln!("skipped on S3: COPYDESK_TEST_S3 does not name a store");
        return false;
    };
    configure(config, &address, SECRET);
    true
}

fn configure(config: &mut Config, address: &str, secret: &str) {
    let (endpoint, bucket) = address.rsplit_once('/').expect("an address with a bucket");
    config.storage.url = Some(StorageUrl::S3 {
        bucket: bucket.to_owned(),
        prefix: format!("tests/{}", Uuid::now_v7()),
    });
    config.storage.endpoint = Some(endpoint.to_owned());
    config.storage.access_key_id = Some(KEY_ID.to_owned());
    config.storage.secret_access_key = Some(Secret::new(secret));
}

fn bucket(address: &str, secret: &str) -> Place {
    let folder = Folder::new();
    let mut config = Config::for_testing(&folder.0);
    configure(&mut config, address, secret);
    Place {
        name: "S3",
        blobs: Blobs::open(&config).unwrap(),
        folder,
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that no two places of a file have alike.
fn pattern(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from((at / 251 + at) % 256).unwrap())
        .collect()
}

async fn spooled(blobs: &Blobs, bytes: &[u8]) -> (Spool, Key) {
    let mut spool = blobs.spool().await.unwrap();
    for chunk in bytes.chunks(50_000) {
        spool.write(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    let (length, hash) = spool.finish().await.unwrap();
    assert_eq!((length, hash.as_str()), (bytes.len() as u64, sha256(bytes).as_str()));
    (spool, Key::original(&hash))
}

async fn read(blobs: &Blobs, key: &Key, range: std::ops::Range<u64>) -> Vec<u8> {
    let pieces: Vec<Bytes> = blobs.read(key, range).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// All files of a folder, however deep.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[actix_web::test]
async fn what_is_kept_is_read_in_any_part() {
    for Place { name, blobs, folder } in places() {
        let bytes = pattern(700_001);
        let (spool, key) = spooled(&blobs, &bytes).await;
        assert_eq!(blobs.size(&key).await.unwrap(), None, "{name}");
        blobs.keep(&key, &spool).await.unwrap();
        drop(spool);
        assert_eq!(
            files(&folder.0.join("spool")),
            Vec::<PathBuf>::new(),
            "{name}: the spool is gone"
        );
        assert_eq!(blobs.size(&key).await.unwrap(), Some(700_001), "{name}");
        assert_eq!(blobs.load(&key).await.unwrap(), bytes, "{name}");
        for range in [
            0..1,
            0..700_001,
            1..700_000,
            700_000..700_001,
            262_143..262_145,
            5..5,
            0..0,
        ] {
            let (from, to) = (
                usize::try_from(range.start).unwrap(),
                usize::try_from(range.end).unwrap(),
            );
            assert_eq!(
                read(&blobs, &key, range).await,
                &bytes[from..to],
                "{name}: {from}..{to}"
            );
        }
    }
}

#[actix_web::test]
async fn more_than_there_is_cannot_be_read() {
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        let key = Key::original(&sha256(b"abc"));
        assert!(blobs.read(&key, 0..3).await.is_err(), "{name}: nothing is there");
        assert!(blobs.load(&key).await.is_err(), "{name}");
        blobs.put(&key, Bytes::from_static(b"abc")).await.unwrap();
        for range in [0..4, 2..4, 3..4, 9..10] {
            let whole = match blobs.read(&key, range.clone()).await {
                Ok(pieces) => pieces.try_collect::<Vec<Bytes>>().await.is_ok(),
                Err(_) => false,
            };
            assert!(!whole, "{name}: {range:?}");
        }
    }
}

#[actix_web::test]
async fn the_same_bytes_are_kept_once_and_other_bytes_replace() {
    for Place { name, blobs, folder } in places() {
        let (spool, key) = spooled(&blobs, b"one photograph").await;
        for _ in 0..3 {
            blobs.keep(&key, &spool).await.unwrap();
        }
        assert_eq!(blobs.list("").await.unwrap().len(), 1, "{name}");
        let rendition = Key::rendition(&sha256(b"one photograph"), VERSION, "640.webp");
        for bytes in ["first", "second and longer", ""] {
            blobs.put(&rendition, Bytes::from(bytes)).await.unwrap();
            assert_eq!(blobs.load(&rendition).await.unwrap(), bytes, "{name}");
        }
        // Fewer bytes than a name promises are what a broken disk leaves; the whole file mends it.
        blobs.put(&key, Bytes::from_static(b"one ph")).await.unwrap();
        blobs.keep(&key, &spool).await.unwrap();
        assert_eq!(blobs.load(&key).await.unwrap(), "one photograph", "{name}");
        if name == "disk" {
            assert_eq!(files(&folder.0.join("media/tmp")), Vec::<PathBuf>::new());
        }
    }
}

#[actix_web::test]
async fn many_at_once_keep_the_same_bytes() {
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        let bytes = pattern(300_000);
        let (spool, key) = spooled(&blobs, &bytes).await;
        let all = futures_util::future::join_all((0..16).map(|_| blobs.keep(&key, &spool)));
        assert!(all.await.iter().all(Result::is_ok), "{name}");
        assert_eq!(blobs.load(&key).await.unwrap(), bytes, "{name}");
    }
}

/// Two parts of one upload that come at once: who is overtaken keeps a part while the other removes them all.
#[actix_web::test]
async fn what_is_removed_while_it_is_kept_fails_for_nobody() {
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        let upload = UploadId(Uuid::now_v7());
        let (first, second) = (spooled(&blobs, b"one").await.0, spooled(&blobs, b"other").await.0);
        let keys = [Key::part(upload, &sha256(b"one")), Key::part(upload, &sha256(b"other"))];
        for round in 0..60 {
            let (kept, other, removed) =
                futures_util::join!(blobs.keep(&keys[0], &first), blobs.keep(&keys[1], &second), async {
                    for key in &keys {
                        blobs.remove(key).await?;
                    }
                    blobs.list(&Key::parts_of(upload)).await
                });
            kept.and(other)
                .and(removed.map(drop))
                .unwrap_or_else(|why| panic!("{name}, round {round}: {why:?}"));
        }
    }
}

#[actix_web::test]
async fn what_is_kept_is_listed_by_what_it_belongs_to_and_removed() {
    for Place { name, blobs, folder } in places() {
        let upload = UploadId(Uuid::now_v7());
        let hash = sha256(b"x");
        let keys = [
            Key::original(&hash),
            Key::rendition(&hash, VERSION, "160.webp"),
            Key::rendition(&hash, VERSION, "160-16x9.jpg"),
            Key::part(upload, &hash),
        ];
        for key in &keys {
            blobs.put(key, Bytes::from_static(b"xyz")).await.unwrap();
        }
        let all = blobs.list("").await.unwrap();
        assert_eq!(all.len(), keys.len(), "{name}");
        for entry in &all {
            assert!(keys.contains(&entry.key) && entry.bytes == 3, "{name}: {entry:?}");
            assert!(entry.modified.seconds() > 1_600_000_000, "{name}");
        }
        let parts = blobs.list(&Key::parts_of(upload)).await.unwrap();
        assert_eq!(
            parts.iter().map(|part| part.key.owner()).collect::<Vec<_>>(),
            [Owner::Upload(upload)]
        );
        for key in &keys {
            blobs.remove(key).await.unwrap();
            blobs.remove(key).await.unwrap();
            assert_eq!(blobs.size(key).await.unwrap(), None, "{name}");
        }
        assert_eq!(blobs.list("").await.unwrap(), [], "{name}");
        if name == "disk" {
            let left = std::fs::read_dir(folder.0.join("media")).unwrap();
            assert_eq!(left.count(), 1, "no folder is left but that of temporary files");
        }
    }
}

#[actix_web::test]
async fn what_is_set_aside_is_not_found_until_it_is_put_back() {
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        let key = Key::original(&sha256(b"x"));
        blobs.put(&key, Bytes::from_static(b"xyz")).await.unwrap();
        blobs.set_aside(&key).await.unwrap();
        assert_eq!(blobs.size(&key).await.unwrap(), None, "{name}");
        assert_eq!(blobs.aside().await.unwrap(), std::slice::from_ref(&key), "{name}");
        blobs.put_back(&key).await.unwrap();
        assert_eq!(blobs.load(&key).await.unwrap(), "xyz", "{name}");
        blobs.set_aside(&key).await.unwrap();
        blobs.drop_aside(&key).await.unwrap();
        assert_eq!(
            (blobs.size(&key).await.unwrap(), blobs.aside().await.unwrap()),
            (None, vec![]),
            "{name}"
        );
    }
}

#[actix_web::test]
async fn no_name_leads_out_of_the_folder() {
    for Place { name, blobs, folder } in places() {
        let hash = sha256(b"x");
        for key in [
            Key::original("../../../evil"),
            Key::original(&std::env::temp_dir().join("evil").to_string_lossy()),
            Key::original(""),
            Key::original(&hash.to_uppercase()),
            Key::rendition(&hash, "..", "evil"),
            Key::rendition(&hash, VERSION, "../evil"),
            Key::rendition(&hash, VERSION, ".."),
            Key::rendition(&hash, VERSION, ""),
            Key::rendition(&hash, VERSION, "a\0b"),
            Key::part(UploadId(Uuid::nil()), "../evil"),
        ] {
            assert!(
                blobs.put(&key, Bytes::from_static(b"evil")).await.is_err(),
                "{name}: {key}"
            );
            let (spool, _) = spooled(&blobs, b"evil").await;
            assert!(blobs.keep(&key, &spool).await.is_err(), "{name}: {key}");
            assert!(blobs.load(&key).await.is_err(), "{name}: {key}");
        }
        for prefix in ["..", "../..", "/", "originals/../.."] {
            assert_eq!(blobs.list(prefix).await.unwrap(), [], "{name}: {prefix}");
        }
        if name == "disk" {
            assert_eq!(files(&folder.0), Vec::<PathBuf>::new());
        }
    }
}

#[actix_web::test]
async fn a_place_that_takes_bytes_is_told_from_one_that_does_not() {
    for Place {
        name,
        blobs,
        folder: _folder,
    } in places()
    {
        assert!(blobs.check().await.is_ok(), "{name}");
        assert_eq!(blobs.list("").await.unwrap(), [], "{name}: nothing is left of it");
    }
    let Place { blobs, folder, .. } = places().remove(0);
    std::fs::remove_dir_all(folder.0.join("media")).unwrap();
    assert!(blobs.check().await.is_err());
    if let Ok(address) = std::env::var("COPYDESK_TEST_S3") {
        assert!(bucket(&address, "not the secret").blobs.check().await.is_err());
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert!(
        bucket(&format!("http://{nobody}/bucket"), SECRET)
            .blobs
            .check()
            .await
            .is_err()
    );
}

/// This very test binary, running one test in a process of its own.
fn alone(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command.env("COPYDESK_TEST_ALONE", "1");
    command
}

fn is_alone() -> bool {
    std::env::var_os("COPYDESK_TEST_ALONE").is_some()
}
