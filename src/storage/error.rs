//! What goes wrong with stored bytes.

use std::error::Error;
use std::io;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, StorageError>;

/// Why bytes were not kept or not found.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("there is no room left for media")]
    Full,
    #[error("the store of media failed")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenStorageError {
    #[error("cannot use the folder {path}")]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot use the store of media as it is configured")]
    Store(#[from] object_store::Error),
}

impl StorageError {
    pub(super) fn broken(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error = error.into();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error.as_ref());
        while let Some(one) = cause {
            let io = one.downcast_ref::<io::Error>();
            if io.is_some_and(is_full) || is_full_remotely(one) {
                return Self::Full;
            }
            // What an I/O error holds is not its source, but what its source would be the source of.
            cause = match io.and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => one.source(),
            };
        }
        Self::Broken(error)
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What the client of an S3-compatible store makes of an answer that tells of a lack of room.
#[derive(Debug, thiserror::Error)]
#[error("the store has no room left")]
pub(super) struct NoRoom;

fn is_full_remotely(error: &(dyn Error + 'static)) -> bool {
    error.is::<NoRoom>()
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        Self::broken(error)
    }
}

impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        Self::broken(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_wherever_it_hides_among_the_causes() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let wrapped = object_store::Error::Generic {
            store: "x",
            source: Box::new(io::Error::other(full())),
        };
        for error in [
            StorageError::from(full()),
            StorageError::from(wrapped),
            StorageError::broken(NoRoom),
        ] {
            assert!(matches!(error, StorageError::Full), "{error:?}");
        }
        let other = StorageError::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(matches!(other, StorageError::Broken(_)));
    }
}
