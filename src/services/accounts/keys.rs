//! The keys that sign access tokens: Ed25519, made once, kept in the data folder for the owner's eyes only.

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

/// The configured key, or the one in the data folder, which is made when there is none.
pub(super) fn load(config: &Config) -> Result<Key, KeyError> {
    if let Some(pem) = &config.auth.signing_key {
        return Key::from_pem(pem.expose(), "auth.signing_key");
    }
    let folder = config.data.join("keys");
    let path = folder.join("signing.pem");
    match fs::read_to_string(&path) {
        Ok(pem) => Key::from_pem(&pem, &path.display().to_string()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(&folder, &path),
        Err(source) => Err(KeyError::File { path, source }),
    }
}

/// Makes the key file. Of two servers that start at once one makes it and both use it.
fn make(folder: &Path, path: &Path) -> Result<Key, KeyError> {
    let failed = |source| KeyError::File {
        path: path.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let key = Key::generate()?;
    let fresh = folder.join(format!("signing.{}.new", key.kid));
    private_file(&fresh, &key.pem).map_err(failed)?;
    // A hard link fails where the name exists, so it never replaces a key that has signed something.
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh).map_err(failed)?;
    match linked {
        Ok(()) => {
            fs::File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(failed)?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let pem = fs::read_to_string(path).map_err(failed)?;
            Key::from_pem(&pem, &path.display().to_string())
        }
        Err(source) => Err(failed(source)),
    }
}

/// Writes a file that only its owner can read, and waits until the disk has it.
fn private_file(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
