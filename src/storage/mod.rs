//! Where the bytes of media are kept: a folder of this machine, or an S3-compatible store. Whatever is said to be kept is
//! durable.

mod client;
mod disk;
mod error;
mod key;
mod open;
mod read;
mod spool;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use object_store::{MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutPayload};
use tokio::io::AsyncReadExt as _;

pub use error::{OpenStorageError, Result, StorageError};
pub use key::{Key, Owner};
pub use spool::Spool;

use disk::Disk;

use crate::config::{Config, StorageUrl};
use crate::domain::time::Timestamp;

/// How much of a file is in memory at once while it is kept; an S3 store takes no smaller parts.
const PART: usize = 8 * 1024 * 1024;
/// How long a store that was found in order counts as in order.
const CHECKED: Duration = Duration::from_secs(10);
/// How long a store may take to be found in order.
const PATIENCE: Duration = Duration::from_secs(10);
/// Where what is about to be removed is set aside.
const ASIDE: &str = "aside";

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where all keys begin within a bucket.
    prefix: object_store::path::Path,
    /// How files get into the folder, where the store is one of this machine.
    disk: Option<Disk>,
    spool: PathBuf,
    /// When bytes could last be kept.
    checked: Arc<Mutex<Option<Instant>>>,
}

/// Something that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub key: Key,
    pub bytes: u64,
    pub modified: Timestamp,
}

impl Blobs {
    /// Opens the store; a folder is made if there is none.
    pub fn open(config: &Config) -> std::result::Result<Self, OpenStorageError> {
        let spool = config.data.join("spool");
        open::folder(&spool)?;
        let (store, prefix, disk) = match config.storage.place(&config.data) {
            StorageUrl::Folder(folder) => {
                let disk = Disk::open(&folder)?;
                (open::local(&disk)?, String::new(), Some(disk))
            }
            StorageUrl::S3 { bucket, prefix } => (open::s3(&config.storage, &bucket)?, prefix, None),
        };
        Ok(Self {
            store,
            prefix: object_store::path::Path::from(prefix),
            disk,
            spool,
            checked: Arc::default(),
        })
    }

    /// Whether bytes can be kept now. Where they can, that holds for ten seconds, so that being asked often costs little.
    ///
    /// # Errors
    /// `Full` where there is no room; what is kept can be read still.
    pub async fn check(&self) -> Result<()> {
        let recent = |at: &Instant| at.elapsed() < CHECKED;
        let known = *self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_some_and(recent) {
            return Ok(());
        }
        match self.disk.clone() {
            Some(disk) => spool::blocking(move || disk.probe()).await?,
            None => self.probe().await?,
        }
        *self.checked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    async fn probe(&self) -> Result<()> {
        let at = self.under("probe");
        let put = tokio::time::timeout(PATIENCE, self.store.put(&at, PutPayload::new()));
        put.await.map_err(StorageError::broken)??;
        Ok(())
    }

    /// A place on this machine for bytes on their way.
    pub async fn spool(&self) -> Result<Spool> {
        Spool::create(&self.spool).await
    }

    /// Keeps a whole file. When there is one of the same length under the key already, which has the same bytes then, nothing
    /// is left to do.
    pub async fn keep(&self, key: &Key, spool: &Spool) -> Result<()> {
        sound(key)?;
        if let Some(disk) = self.disk.clone() {
            let (key, from) = (key.clone(), spool.path().to_owned());
            return Ok(spool::blocking(move || disk.keep(&key, &from)).await?);
        }
        if self.size(key).await? == Some(spool.length()) {
            return Ok(());
        }
        let mut file = tokio::fs::File::from_std(spool.reopen().await?);
        let at = self.at(key);
        if spool.length() <= PART as u64 {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).await?;
            self.store.put(&at, PutPayload::from(bytes)).await?;
            return Ok(());
        }
        let mut upload = self.store.put_multipart(&at).await?;
        let sent = send(upload.as_mut(), &mut file).await;
        if sent.is_err() {
            // What is left of it is swept later where this fails too.
            let _ = upload.abort().await;
        }
        sent
    }

    /// Keeps bytes, in the place of what was there.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> Result<()> {
        sound(key)?;
        if let Some(disk) = self.disk.clone() {
            let key = key.clone();
            return Ok(spool::blocking(move || disk.put(&key, &bytes)).await?);
        }
        self.store.put(&self.at(key), PutPayload::from(bytes)).await?;
        Ok(())
    }

    /// How many bytes are kept under a key; `None` where nothing is.
    pub async fn size(&self, key: &Key) -> Result<Option<u64>> {
        match self.store.head(&self.at(key)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A part of what is kept, in pieces. The range is within it; an end before the range's own is an error.
    pub async fn read(&self, key: &Key, range: Range<u64>) -> Result<BoxStream<'static, Result<Bytes>>> {
        read::range(&*self.store, &self.at(key), range).await
    }

    /// All that is kept under a key.
    pub async fn load(&self, key: &Key) -> Result<Bytes> {
        Ok(self.store.get(&self.at(key)).await?.bytes().await?)
    }

    /// Removes what is kept; nothing to do where nothing is.
    pub async fn remove(&self, key: &Key) -> Result<()> {
        gone(self.store.delete(&self.at(key)).await)
    }

    /// Everything whose key begins with these segments; what is not ours is left out.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Entry>> {
        let under = self.under(prefix);
        let mut all = self.store.list(Some(&under));
        let mut found = Vec::new();
        while let Some(meta) = all.try_next().await? {
            found.extend(self.entry(&meta));
        }
        Ok(found)
    }

    /// Sets aside what is about to be removed, so that it is not found any more and can still be put back.
    pub async fn set_aside(&self, key: &Key) -> Result<()> {
        let (from, to) = (self.at(key), self.under(&format!("{ASIDE}/{key}")));
        gone(self.store.rename(&from, &to).await)
    }

    /// Puts back what was set aside, unless something is there again.
    pub async fn put_back(&self, key: &Key) -> Result<()> {
        let (from, to) = (self.under(&format!("{ASIDE}/{key}")), self.at(key));
        if self.size(key).await?.is_some() {
            return gone(self.store.delete(&from).await);
        }
        gone(self.store.rename(&from, &to).await)
    }

    /// Removes what was set aside.
    pub async fn drop_aside(&self, key: &Key) -> Result<()> {
        gone(self.store.delete(&self.under(&format!("{ASIDE}/{key}"))).await)
    }

    /// What a crash left set aside: it is put back, to be judged anew.
    pub async fn aside(&self) -> Result<Vec<Key>> {
        let under = self.under(ASIDE);
        let all: Vec<ObjectMeta> = self.store.list(Some(&under)).try_collect().await?;
        let key = |meta: ObjectMeta| Key::parse(meta.location.as_ref().rsplit_once(&format!("{ASIDE}/"))?.1);
        Ok(all.into_iter().filter_map(key).collect())
    }

    /// Removes files of this machine that a process left half written, and that are older than `before`. How many there
    /// were.
    pub async fn sweep(&self, before: Timestamp) -> Result<u64> {
        let (spool, disk) = (self.spool.clone(), self.disk.clone());
        let sweep = move || {
            let half = disk
                .as_ref()
                .map_or(Ok(0), |disk| spool::sweep(disk.temporary(), before))?;
            Ok(half + spool::sweep(&spool, before)?)
        };
        Ok(spool::blocking(sweep).await?)
    }

    fn at(&self, key: &Key) -> object_store::path::Path {
        self.under(&key.to_string())
    }

    fn under(&self, segments: &str) -> object_store::path::Path {
        let own = segments.split('/').filter(|segment| !segment.is_empty());
        let all = self.prefix.parts().chain(own.map(object_store::path::PathPart::from));
        all.collect()
    }

    fn entry(&self, meta: &ObjectMeta) -> Option<Entry> {
        let segments: Vec<_> = meta.location.prefix_match(&self.prefix)?.collect();
        let text = segments.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("/");
        Some(Entry {
            key: Key::parse(&text)?,
            bytes: meta.size,
            modified: Timestamp::from_micros(meta.last_modified.timestamp_micros())?,
        })
    }
}

async fn send(upload: &mut dyn MultipartUpload, file: &mut tokio::fs::File) -> Result<()> {
    loop {
        let mut part = Vec::with_capacity(PART);
        (&mut *file).take(PART as u64).read_to_end(&mut part).await?;
        if part.is_empty() {
            break;
        }
        upload.put_part(PutPayload::from(part)).await?;
    }
    upload.complete().await?;
    Ok(())
}

/// Bytes are written under names of ours only.
fn sound(key: &Key) -> Result<()> {
    let own = key.is_sound().then_some(());
    own.ok_or_else(|| StorageError::broken("a name that no bytes have"))
}

/// What is not there need not be removed.
fn gone(outcome: object_store::Result<()>) -> Result<()> {
    match outcome {
        Err(object_store::Error::NotFound { .. }) => Ok(()),
        other => Ok(other?),
    }
}
