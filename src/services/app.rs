//! The application: what use cases work with. Only they reach its parts.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::accounts::{Hashers, KeyUses, RefreshTokens, Tokens, TotpSecrets};
use super::articles::PreviewTokens;
use super::delivery::{Answers, Delivery};
use super::error::Error;
use super::media::{Making, Pictures, Pool, Signer};
use super::unit::KeysInFlight;
use crate::config::Config;
use crate::domain::id::IdSource;
use crate::domain::locale::Locale;
use crate::domain::media::{Addresses, Ratio};
use crate::domain::permalink::Site;
use crate::domain::text::hex;
use crate::domain::time::{Clock, Timestamp};
use crate::imaging::Limits;
use crate::limits::Throttle;
use crate::storage::{Blobs, OpenStorageError, StorageError};
use crate::store::{DbConn, OpenError, Store, StoreError};

/// Why the application does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("cannot open the database")]
    Store(#[from] OpenError),
    #[error("cannot load the signing keys")]
    Keys(#[from] super::accounts::KeyError),
    #[error("cannot start the threads that hash passwords")]
    Threads(#[source] std::io::Error),
    #[error("cannot open the store of media")]
    Storage(#[from] OpenStorageError),
    #[error("`site.locale` {0}")]
    Locale(String),
}

pub struct App {
    pub(in crate::services) config: Arc<Config>,
    pub(in crate::services) store: Store,
    pub(in crate::services) site: Arc<Site>,
    pub(in crate::services) clock: Arc<dyn Clock>,
    pub(in crate::services) ids: Arc<dyn IdSource>,
    pub(in crate::services) tokens: Tokens,
    pub(in crate::services) refresh: RefreshTokens,
    pub(in crate::services) key_uses: KeyUses,
    pub(in crate::services) previews: PreviewTokens,
    pub(in crate::services) totps: TotpSecrets,
    pub(in crate::services) hashers: Hashers,
    pub(in crate::services) blobs: Blobs,
    pub(in crate::services) addresses: Addresses,
    pub(in crate::services) signer: Signer,
    pub(in crate::services) pool: Pool,
    pub(in crate::services) pictures: Pictures,
    pub(in crate::services) making: Making,
    pub(in crate::services) keys_in_flight: KeysInFlight,
    /// Who may hold everybody up, one at a time.
    pub(in crate::services) batches: Arc<Semaphore>,
    delivery: Delivery,
    answers: Answers,
    throttle: Throttle,
}

impl App {
    /// Migrates the database where that is due, loads or makes the signing key, and is ready to serve.
    pub fn open(config: Config, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Result<Self, StartError> {
        for name in Store::migrate(&config.database)? {
            tracing::info!(migration = name, "Migrated the database");
        }
        Self::open_migrated(config, clock, ids)
    }

    /// The same over a database that is known to be current.
    pub fn open_migrated(config: Config, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Result<Self, StartError> {
        let locale = Locale::parse(&config.site.locale).map_err(|flaw| StartError::Locale(flaw.message))?;
        let site = Arc::new(Site {
            name: config.site.name.clone(),
            url: config.site.url.trim_end_matches('/').to_owned(),
            permalink: config.site.permalink.clone(),
            locale,
        });
        let store = Store::open(&config.database)?;
        let tokens = Tokens::load(&config)?;
        let refresh = RefreshTokens::new(&tokens.secret_for("refresh")?);
        let previews = PreviewTokens::new(&tokens.secret_for("previews")?);
        let totps = TotpSecrets::new(&tokens.secret_for("totp")?);
        let hashers = Hashers::start().map_err(StartError::Threads)?;
        let blobs = Blobs::open(&config)?;
        let addresses = Addresses {
            base: config.media.url.clone(),
            widths: config.media.widths.clone(),
        };
        let signer = Signer::new(&tokens.secret_for("media addresses")?);
        let (pool, pictures) = (Pool::new(&config.media), Pictures::new(&config.media));
        let making = Making::new(config.media.queue);
        let config = Arc::new(config);
        let delivery = Delivery::new(
            store.public(),
            &site,
            addresses.clone(),
            config.delivery.clone(),
            config.outlets.clone(),
            Arc::clone(&clock),
        );
        let answers = Answers::new(store.public(), config.delivery.cache_mb);
        let throttle = Throttle::new(&config.limits, config.http.max_at_work);
        Ok(Self {
            config,
            store,
            site,
            clock,
            ids,
            tokens,
            refresh,
            key_uses: KeyUses::default(),
            previews,
            totps,
            hashers,
            blobs,
            addresses,
            signer,
            pool,
            pictures,
            making,
            keys_in_flight: KeysInFlight::default(),
            batches: Arc::new(Semaphore::new(1)),
            delivery,
            answers,
            throttle,
        })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What pictures may be.
    pub(in crate::services) fn limits(&self) -> Limits {
        let media = &self.config.media;
        let ratios = media.ratios.iter().map(|(width, height)| Ratio {
            width: *width,
            height: *height,
        });
        Limits {
            pixels: media.max_pixels,
            frames: media.max_frames,
            memory: self.pool.memory(),
            narrowest: media.widths.iter().copied().min().unwrap_or(u32::MAX),
            widest: media.widths.iter().copied().max().unwrap_or(u32::MAX),
            ratios: ratios.collect(),
        }
    }

    /// Has `some` forget what is over, a portion at a time so that others may write in between, until it says that none is left. A fault is
    /// logged, and met again the next time.
    pub(in crate::services) async fn forget<F>(&self, what: &str, some: F)
    where
        F: Fn(&mut DbConn) -> Result<bool, StoreError> + Copy + Send + 'static,
    {
        loop {
            match self.store.write(move |tx| some(tx).map_err(Error::from)).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(fault) => {
                    tracing::error!(error = ?fault, what, "What is over cannot be forgotten");
                    return;
                }
            }
        }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn new_request_id(&self) -> String {
        self.ids.uuid().to_string()
    }

    /// A password that nobody has to remember: 128 random bits.
    pub fn new_secret(&self) -> String {
        hex(&self.ids.random())
    }

    /// What delivery works with: the editions side, and nothing that leads to working copies.
    pub fn delivery(&self) -> Delivery {
        self.delivery.clone()
    }

    /// How often somebody may ask.
    pub fn throttle(&self) -> &Throttle {
        &self.throttle
    }

    /// What readers are answered without asking again.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Statements that were sent to the database so far by what reads.
    pub fn statements(&self) -> u64 {
        self.store.statements()
    }

    /// Begins to keep the same statements, for tests of what the database makes of them.
    pub fn listen(&self) {
        self.store.listen();
    }

    /// The statements that were sent since [`listen`](Self::listen), which ends with it.
    pub fn heard(&self) -> Vec<String> {
        self.store.heard()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }

    /// Whether the bytes of media can be kept. That there is no room is no reason to send readers elsewhere.
    pub async fn ping_storage(&self) -> Result<(), StorageError> {
        match self.blobs.check().await {
            Err(StorageError::Full) => Ok(()),
            found => found,
        }
    }

    /// The public halves of the signing keys, as a JSON Web Key Set (RFC 7517).
    pub fn jwks(&self) -> serde_json::Value {
        self.tokens.jwks(self.now())
    }

    /// Takes the signing keys that there are now, should somebody have replaced one.
    pub fn look_for_keys(&self) {
        self.tokens.look(&self.config);
    }

    /// Brings all writes into the database file; nothing can be written afterwards.
    pub fn close(&self) {
        self.store.close();
    }
}
