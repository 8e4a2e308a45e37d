//! The keys that sign access tokens: Ed25519, kept in the data folder for the owner's eyes only.
//!
//! `signing.pem` signs. What it replaced stands in `former/`, named by when that was, and goes on verifying until its tokens have ended.
//! `root.pem` is the first key of all: what follows from a key and is to outlive it (refresh tokens, previews, addresses of media) follows from that;
//! while nothing was replaced, `signing.pem` is it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::domain::time::Timestamp;

const SIGNING: &str = "signing.pem";
const ROOT: &str = "root.pem";
const FORMER: &str = "former";
/// Held by whoever makes a key.
const LOCK: &str = "lock";
/// What the name of a key ends with that is not in its place yet.
const FRESH: &str = "new";

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot use the key file {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{0} does not hold an Ed25519 key in PKCS#8 PEM")]
    Form(String),
    #[error("the system gives no random numbers")]
    Random,
    #[error("the key is configured as `auth.signing_key`; configure another one in its place")]
    Configured,
    #[error("the key cannot be used to sign")]
    Unusable(#[source] jsonwebtoken::errors::Error),
}

/// A key pair and the name that tokens call it by.
pub(super) struct Key {
    /// The thumbprint of the public key (RFC 7638), so that a name never means two keys.
    pub(super) kid: String,
    /// The public key, base64url.
    pub(super) public: String,
    pub(super) pem: String,
}

impl Key {
    fn from_pem(pem: &str, origin: &str) -> Result<Self, KeyError> {
        let signing = SigningKey::from_pkcs8_pem(pem).map_err(|_reason| KeyError::Form(origin.to_owned()))?;
        Self::from_signing(&signing, origin)
    }

    fn from_signing(signing: &SigningKey, origin: &str) -> Result<Self, KeyError> {
        let public = URL_SAFE_NO_PAD.encode(signing.verifying_key().as_bytes());
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{public}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical.as_bytes()));
        let pem = signing
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|_reason| KeyError::Form(origin.to_owned()))?;
        Ok(Self {
            kid,
            public,
            pem: pem.to_string(),
        })
    }

    fn generate() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|_reason| KeyError::Random)?;
        Self::from_signing(&SigningKey::from_bytes(&seed), "the new key")
    }
}

/// All keys of an installation.
pub(super) struct Keys {
    /// What signs.
    pub(super) signing: Key,
    /// What signed before, and the second at which it was replaced; the last one first.
    pub(super) former: Vec<(Key, i64)>,
    /// What follows from a key follows from this one.
    pub(super) root: Key,
}

/// The configured key, or those in the data folder, where one is made when there is none.
pub(super) fn load(config: &Config) -> Result<Keys, KeyError> {
    if let Some(pem) = &config.auth.signing_key {
        let read = || Key::from_pem(pem.expose(), "auth.signing_key");
        return Ok(Keys {
            signing: read()?,
            former: Vec::new(),
            root: read()?,
        });
    }
    let folder = folder(config);
    let path = folder.join(SIGNING);
    let read = || read(&path)?.map_or_else(|| make(&folder, &path), Ok);
    let signing = read()?;
    let root = self::read(&folder.join(ROOT))?.map_or_else(read, Ok)?;
    let mut former = former(&folder)?;
    former.retain(|(key, _)| key.kid != signing.kid);
    Ok(Keys { signing, former, root })
}

fn folder(config: &Config) -> PathBuf {
    config.data.join("keys")
}

/// The key in a file; `None` where there is no file.
fn read(path: &Path) -> Result<Option<Key>, KeyError> {
    match fs::read_to_string(path) {
        Ok(pem) => Key::from_pem(&pem, &path.display().to_string()).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(KeyError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The keys that were replaced, the last one first.
fn former(folder: &Path) -> Result<Vec<(Key, i64)>, KeyError> {
    let folder = folder.join(FORMER);
    let failed = |source| KeyError::File {
        path: folder.clone(),
        source,
    };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(source)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let since = name.to_str().and_then(|name| name.split_once('.')?.0.parse().ok());
        if let (Some(since), Some(key)) = (since, read(&entry.path())?) {
            found.push((key, since));
        }
    }
    found.sort_by_key(|(_, since)| std::cmp::Reverse(*since));
    Ok(found)
}

/// Puts a new key in the place of the one that signs, which goes on verifying; with `all`, nothing of before holds. Returns its name. A crash on the way leaves
/// one of the two signing, and it can be done again.
pub fn rotate_keys(config: &Config, now: Timestamp, all: bool) -> Result<String, KeyError> {
    if config.auth.signing_key.is_some() {
        return Err(KeyError::Configured);
    }
    // There is one from now on.
    load(config)?;
    let folder = folder(config);
    let path = folder.join(SIGNING);
    let failed = |source| KeyError::File {
        path: path.clone(),
        source,
    };
    // Of two at once the second replaces what the first put there.
    let held = lock(&folder).map_err(failed)?;
    let before = read(&path)?.ok_or_else(|| failed(std::io::ErrorKind::NotFound.into()))?;
    tidy(&folder).map_err(failed)?;
    let (new, fresh) = written(&folder)?;
    let (root, former) = (folder.join(ROOT), folder.join(FORMER));
    if !all {
        linked(&path, &root).map_err(failed)?;
        fs::create_dir_all(&former).map_err(failed)?;
        let name = format!("{}.{}.pem", now.seconds(), before.kid);
        linked(&path, &former.join(name)).map_err(failed)?;
        sync(&former).map_err(failed)?;
        // On the disk before the key goes that they are names of.
        sync(&folder).map_err(failed)?;
    }
    fs::rename(&fresh, &path).map_err(failed)?;
    if all {
        let gone = [fs::remove_file(&root), fs::remove_dir_all(&former)];
        for done in gone {
            done.or_else(|error| {
                if error.kind() == std::io::ErrorKind::NotFound {
                    Ok(())
                } else {
                    Err(error)
                }
            })
            .map_err(failed)?;
        }
    }
    sync(&folder).map_err(failed)?;
    drop(held);
    Ok(new.kid)
}

/// Has the folder for itself until the file is dropped, which nobody else on the machine can open.
fn lock(folder: &Path) -> std::io::Result<fs::File> {
    let held = private().append(true).create(true).open(folder.join(LOCK))?;
    held.lock()?;
    Ok(held)
}

/// Removes the new keys of those who crashed. Whoever makes one holds the folder.
fn tidy(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|ending| ending == FRESH) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Gives a file a second name, unless that is taken.
fn linked(path: &Path, name: &Path) -> std::io::Result<()> {
    match fs::hard_link(path, name) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        done => done,
    }
}

fn sync(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// A new key, and the file that it is in.
fn written(folder: &Path) -> Result<(Key, PathBuf), KeyError> {
    let key = Key::generate()?;
    let path = folder.join(format!("signing.{}.{FRESH}", key.kid));
    private_file(&path, &key.pem).map_err(|source| KeyError::File {
        path: path.clone(),
        source,
    })?;
    Ok((key, path))
}

/// Makes the key file. Of two servers that start at once one makes it and both use it.
fn make(folder: &Path, path: &Path) -> Result<Key, KeyError> {
    let failed = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let _held = lock(folder).map_err(failed)?;
    let (key, fresh) = written(folder)?;
    // A hard link fails where the name exists, so it never replaces a key that has signed something.
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh).map_err(failed)?;
    match linked {
        Ok(()) => {
            sync(folder).map_err(failed)?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let pem = fs::read_to_string(path).map_err(failed)?;
            Key::from_pem(&pem, &path.display().to_string())
        }
        Err(source) => Err(failed(source)),
    }
}

/// Makes files for their owner's eyes only.
fn private() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file that only its owner can read, and waits until the disk has it.
fn private_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = private().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
