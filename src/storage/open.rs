//! Opening the store as it is configured.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::{ClientOptions, ObjectStore, RetryConfig};

use super::client::Connector;
use super::disk::Disk;
use super::error::OpenStorageError;
use crate::config::StorageConfig;

/// How long a store that does not answer is asked again.
const RETRIES: Duration = Duration::from_secs(10);

/// Makes a folder for the owner's eyes, where there is none.
pub(super) fn folder(path: &Path) -> Result<(), OpenStorageError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|source| OpenStorageError::Folder {
        path: path.to_owned(),
        source,
    })
}

/// What is in the folder of `disk`. Writing to it is the disk's own affair.
pub(super) fn local(disk: &Disk) -> Result<Arc<dyn ObjectStore>, OpenStorageError> {
    let local = LocalFileSystem::new_with_prefix(disk.root())?;
    Ok(Arc::new(local.with_fsync(true).with_automatic_cleanup(true)))
}

pub(super) fn s3(config: &StorageConfig, bucket: &str) -> Result<Arc<dyn ObjectStore>, OpenStorageError> {
    let plain = config
        .endpoint
        .as_deref()
        .is_some_and(|endpoint| endpoint.starts_with("http://"));
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&config.region)
        .with_virtual_hosted_style_request(!config.path_style)
        .with_client_options(ClientOptions::new().with_allow_http(plain))
        .with_http_connector(Connector)
        .with_retry(RetryConfig {
            retry_timeout: RETRIES,
            ..RetryConfig::default()
        });
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    if let Some(id) = &config.access_key_id {
        builder = builder.with_access_key_id(id);
    }
    if let Some(secret) = &config.secret_access_key {
        builder = builder.with_secret_access_key(secret.expose());
    }
    Ok(Arc::new(builder.build()?))
}
