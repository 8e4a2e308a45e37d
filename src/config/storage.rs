//! Where the bytes of media are kept.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Secret;

/// The store of media.
#[derive(Debug, Clone)]
pub struct StorageConfig {
    /// Unless set, a folder in the data folder.
    pub url: Option<StorageUrl>,
    /// Of an S3-compatible store that is not Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    pub access_key_id: Option<String>,
    pub secret_access_key: Option<Secret>,
    /// Whether the bucket stands in the path, not before the host.
    pub path_style: bool,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            url: None,
            endpoint: None,
            region: "us-east-1".to_owned(),
            access_key_id: None,
            secret_access_key: None,
            path_style: true,
        }
    }
}

impl StorageConfig {
    /// Where the bytes are, with the data folder in `data`.
    pub fn place(&self, data: &Path) -> StorageUrl {
        let usual = || StorageUrl::Folder(data.join("media"));
        self.url.clone().unwrap_or_else(usual)
    }

    /// The first key that does not go with the others, and why.
    pub(super) fn misfit(&self) -> Option<(&'static str, &'static str)> {
        let of_bucket = [
            ("storage.access_key_id", self.access_key_id.is_some()),
            ("storage.secret_access_key", self.secret_access_key.is_some()),
            ("storage.endpoint", self.endpoint.is_some()),
        ];
        if let Some(StorageUrl::S3 { .. }) = self.url {
            let needed = of_bucket.into_iter().take(2).find(|(_, set)| !set);
            return needed.map(|(key, _)| (key, "it must be set where `storage.url` begins with `s3://`"));
        }
        let idle = of_bucket.into_iter().find(|(_, set)| *set);
        idle.map(|(key, _)| (key, "it is only for a `storage.url` that begins with `s3://`"))
    }
}

/// A folder, or a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageUrl {
    /// Relative to the working directory unless absolute.
    Folder(PathBuf),
    /// Keys begin with `prefix`.
    S3 { bucket: String, prefix: String },
}

impl StorageUrl {
    pub(super) const ACCEPTS: &'static str = "`file:PATH`, `s3://BUCKET` or `s3://BUCKET/PREFIX`";

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("it holds a control character".to_owned());
        }
        if let Some(path) = text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err("it names no folder".to_owned()),
                path => Ok(Self::Folder(PathBuf::from(path))),
            };
        }
        let Some(place) = text.strip_prefix("s3://") else {
            return Err("its scheme is not known".to_owned());
        };
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if bucket.is_empty() || !bucket.chars().all(plain) {
            return Err("it does not name a bucket".to_owned());
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let sound = |segment: &str| !matches!(segment, "" | "." | "..") && segment.chars().all(plain);
        if !prefix.is_empty() && !prefix.split('/').all(sound) {
            return Err("its prefix holds what cannot stand in a key".to_owned());
        }
        Ok(Self::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        })
    }
}

impl fmt::Display for StorageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "file:{}", path.display()),
            Self::S3 { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Self::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_a_folder_or_a_bucket() {
        for text in ["file:/srv/media", "s3://news", "s3://news/desk/media"] {
            assert_eq!(StorageUrl::parse(text).map(|url| url.to_string()), Ok(text.to_owned()));
        }
        assert_eq!(StorageUrl::parse("file:///srv"), Ok(StorageUrl::Folder("/srv".into())));
        for wrong in [
            "",
            "media",
            "ftp://x",
            "s3://",
            "s3:///x",
            "s3://a/../b",
            "s3://a b",
            "file:",
            "s3://a//b",
        ] {
            assert!(StorageUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
