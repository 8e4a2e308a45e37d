//! A disk that is full: a small file system in memory, where this process may mount one.

use std::path::Path;
use std::process::Command;

use actix_web::web::Bytes;
use copydesk::config::{Config, StorageUrl};
use copydesk::storage::{Blobs, Key, StorageError};

use super::{Folder, files, pattern, sha256, spooled};

/// Two megabytes in memory, taken down when dropped.
struct Small(Folder);

impl Small {
    fn mount() -> Option<Self> {
        let folder = Folder::new();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(&folder.0);
        if mount.output().is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        eprintln!("skipped: a small file system cannot be mounted here");
        None
    }

    fn path(&self) -> &Path {
        &self.0.0
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).output();
    }
}

#[actix_web::test]
async fn a_full_disk_of_media_is_told_and_leaves_no_half_file() {
    let Some(small) = Small::mount() else { return };
    let data = Folder::new();
    let mut config = Config::for_testing(&data.0);
    config.storage.url = Some(StorageUrl::Folder(small.path().to_owned()));
    let blobs = Blobs::open(&config).unwrap();
    let kept = pattern(1_000_000);
    let (spool, key) = spooled(&blobs, &kept).await;
    blobs.keep(&key, &spool).await.unwrap();
    let large = pattern(1_500_000);
    let (spool, too_large) = spooled(&blobs, &large).await;
    let rendition = Key::rendition(&sha256(b"x"), "0011223344556677", "640.webp");
    for outcome in [
        blobs.keep(&too_large, &spool).await,
        blobs.put(&rendition, Bytes::from(large.clone())).await,
    ] {
        assert!(matches!(outcome, Err(StorageError::Full)), "{outcome:?}");
    }
    assert_eq!(blobs.size(&too_large).await.unwrap(), None);
    assert_eq!(files(small.path()).len(), 1, "only what was kept is there");
    assert_eq!(blobs.load(&key).await.unwrap(), kept);
    blobs.remove(&key).await.unwrap();
    blobs.keep(&too_large, &spool).await.unwrap();
    assert_eq!(blobs.load(&too_large).await.unwrap(), large);
}

#[actix_web::test]
async fn a_full_disk_is_told_while_bytes_arrive() {
    let Some(small) = Small::mount() else { return };
    let blobs = Blobs::open(&Config::for_testing(small.path())).unwrap();
    let mut spool = blobs.spool().await.unwrap();
    let chunk = Bytes::from(pattern(100_000));
    let mut outcome = Ok(());
    for _ in 0..40 {
        outcome = spool.write(chunk.clone()).await;
        if outcome.is_err() {
            break;
        }
    }
    assert!(matches!(outcome, Err(StorageError::Full)), "{outcome:?}");
    assert!(spool.finish().await.is_err(), "what is not whole has no hash");
    drop(spool);
    let (spool, key) = spooled(&blobs, &pattern(1_000_000)).await;
    blobs.keep(&key, &spool).await.unwrap();
}
