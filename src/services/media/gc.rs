//! The clean-up of bytes that nothing in the database speaks of: what a crash, an upload that was given up or an older
//! version of a rendition left behind.

use std::collections::HashSet;

use crate::domain::id::UploadId;
use crate::domain::time::Timestamp;
use crate::services::{App, Error};
use crate::storage::{Entry, Key, Owner};
use crate::store::{self, DbConn};

/// What is younger may belong to something that is about to be written.
pub const LEAST_AGE: i64 = 24 * 60 * 60;
/// How many are looked up at once.
const BATCH: usize = 500;

/// What a clean-up found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Everything that is kept.
    pub seen: u64,
    /// Names of what nothing speaks of, and is old enough.
    pub orphans: Vec<String>,
    /// Their bytes, all together.
    pub bytes: u64,
}

/// Finds what nothing speaks of and is older than [`LEAST_AGE`]; removes it when `remove`.
///
/// # Errors
/// `Broken` where the store does not answer.
pub async fn clean(app: &App, remove: bool) -> Result<Cleaned, Error> {
    let before = app.now().plus_seconds(-LEAST_AGE);
    // What a clean-up that was cut off set aside is judged anew.
    for key in app.blobs.aside().await? {
        app.blobs.put_back(&key).await?;
    }
    if remove {
        let now = app.now();
        let forget = move |tx: &mut DbConn| store::upload::delete_expired(tx, now).map_err(Error::from);
        app.store.write(forget).await?;
        app.blobs.sweep(before).await?;
    }
    let all = app.blobs.list("").await?;
    let mut cleaned = Cleaned {
        seen: all.len() as u64,
        ..Cleaned::default()
    };
    for batch in all.chunks(BATCH) {
        for orphan in orphans(app, batch, before).await? {
            if remove && !taken_away(app, orphan).await? {
                continue;
            }
            cleaned.bytes += orphan.bytes;
            cleaned.orphans.push(orphan.key.to_string());
        }
    }
    Ok(cleaned)
}

/// Where the bytes with this SHA-256 are kept, within the store of media.
pub fn kept_at(sha256: &str) -> String {
    Key::original(sha256).to_string()
}

/// Those of a batch that are old, and that nothing speaks of.
async fn orphans<'a>(app: &App, batch: &'a [Entry], before: Timestamp) -> Result<Vec<&'a Entry>, Error> {
    let old: Vec<&Entry> = batch.iter().filter(|entry| entry.modified < before).collect();
    let known = known(app, &old).await?;
    Ok(old.into_iter().filter(|entry| !known.contains(&entry.key)).collect())
}

/// Those that something speaks of.
async fn known(app: &App, entries: &[&Entry]) -> Result<HashSet<Key>, Error> {
    let (mut files, mut rendered, mut uploads) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries {
        match entry.key.owner() {
            Owner::File(sha256) => files.push(sha256.to_owned()),
            Owner::Renditions { of, .. } => rendered.push(of.to_owned()),
            Owner::Upload(id) => uploads.push(id),
        }
    }
    let read = move |conn: &mut DbConn| {
        let files: HashSet<String> = store::media::known_bytes(conn, &files)?.into_iter().collect();
        let rendered = store::media::with_hashes(conn, &rendered)?;
        let versions: HashSet<(String, String)> = rendered
            .iter()
            .map(|media| (media.file.sha256.clone(), media.version()))
            .collect();
        let uploads: HashSet<UploadId> = store::upload::open(conn, &uploads)?.into_iter().collect();
        Ok::<_, Error>((files, versions, uploads))
    };
    let (files, versions, uploads) = app.store.read(read).await?;
    let is_known = |entry: &&&Entry| match entry.key.owner() {
        Owner::File(sha256) => files.contains(sha256),
        // Others were made for an older version, and are made again should it come back.
        Owner::Renditions { of, version } => versions.contains(&(of.to_owned(), version.to_owned())),
        Owner::Upload(id) => uploads.contains(&id),
    };
    Ok(entries.iter().filter(is_known).map(|entry| entry.key.clone()).collect())
}

/// Removes one, unless somebody came to speak of it. It is set aside first: an upload of the same bytes that looks for them
/// after it is in the database puts them back, and one that was in the database before is seen here.
async fn taken_away(app: &App, orphan: &Entry) -> Result<bool, Error> {
    app.blobs.set_aside(&orphan.key).await?;
    if known(app, &[orphan]).await?.contains(&orphan.key) {
        app.blobs.put_back(&orphan.key).await?;
        return Ok(false);
    }
    app.blobs.drop_aside(&orphan.key).await?;
    Ok(true)
}
