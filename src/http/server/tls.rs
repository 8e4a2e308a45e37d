//! Certificates: read, looked over, and read anew when they were renewed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_mins(1);

/// What connections are encrypted with.
pub struct Tls {
    chain: PathBuf,
    key: PathBuf,
    now: RwLock<Read>,
}

/// What was read from both files, and what it was read from.
#[derive(Clone)]
struct Read {
    config: Arc<ServerConfig>,
    digest: [u8; 32],
}

impl Tls {
    /// Reads a chain of certificates and its key, both PEM. What is wrong with them is told for whoever runs the server.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, String> {
        let read = read(chain, key, None)?.ok_or("nothing was read")?;
        if is_open(key) {
            tracing::warn!(file = %key.display(), "everybody on this machine can read the key of the certificate");
        }
        Ok(Self {
            chain: chain.to_owned(),
            key: key.to_owned(),
            now: RwLock::new(read),
        })
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner).config)
    }

    /// Takes what is in the files now, if it is another; connections that there are keep theirs. What is wrong is logged and changes nothing.
    fn renew(&self) {
        let digest = self.now.read().unwrap_or_else(PoisonError::into_inner).digest;
        match read(&self.chain, &self.key, Some(digest)) {
            Ok(None) => {}
            Ok(Some(read)) => {
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = read;
                tracing::info!("the certificate was read anew");
            }
            Err(why) => tracing::error!("the certificate was not read anew: {why}"),
        }
    }

    /// Reads them anew each minute and on SIGHUP, for as long as the server is there.
    pub(super) fn follow(self: Arc<Self>) -> io::Result<impl Future<Output = ()>> {
        #[cfg(unix)]
        let mut told = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
        Ok(async move {
            loop {
                #[cfg(unix)]
                let _ = tokio::time::timeout(EVERY, told.recv()).await;
                #[cfg(not(unix))]
                tokio::time::sleep(EVERY).await;
                let tls = Arc::clone(&self);
                let _ = tokio::task::spawn_blocking(move || tls.renew()).await;
            }
        })
    }
}

/// `None` where it is what it was.
fn read(chain: &Path, key: &Path, before: Option<[u8; 32]>) -> Result<Option<Read>, String> {
    let file = |path: &Path| std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()));
    let (chain_pem, key_pem) = (file(chain)?, file(key)?);
    let digest = Sha256::new()
        .chain_update(&chain_pem)
        .chain_update(&key_pem)
        .finalize()
        .into();
    if before == Some(digest) {
        return Ok(None);
    }
    let certificates = CertificateDer::pem_slice_iter(&chain_pem).collect::<Result<Vec<_>, _>>();
    let certificates = certificates.map_err(|error| format!("{} is not PEM: {error}", chain.display()))?;
    if certificates.is_empty() {
        return Err(format!("{} holds no certificate", chain.display()));
    }
    let private = PrivateKeyDer::from_pem_slice(&key_pem).map_err(|error| match error {
        PemError::NoItemsFound => format!("{} holds no private key", key.display()),
        error => format!("{} is not PEM: {error}", key.display()),
    })?;
    let refused = |error: rustls::Error| match error {
        rustls::Error::InconsistentKeys(_) => {
            format!(
                "the key in {} is not that of the certificate in {}",
                key.display(),
                chain.display()
            )
        }
        error => format!("{} and {} cannot be used: {error}", chain.display(), key.display()),
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(refused)?;
    // The bounds of connections are those of HTTP/1.1.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(Read {
        config: Arc::new(config),
        digest,
    }))
}

/// Whether those can read it who are neither its owner nor of its group.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}
