//! Keys of the store of media.

use super::Key;
use crate::config::secret::{MASK, Secret};
use crate::config::storage::StorageUrl;
use crate::config::values::{self, Accepts};

pub(super) static KEYS: &[Key] = &[
    Key {
        name: "storage.url",
        env: "COPYDESK_STORAGE_URL",
        flag: None,
        doc: "Where the bytes of media are kept. Unless set, the folder `media` in the data folder.",
        accepts: Accepts::Text(StorageUrl::ACCEPTS),
        mask: Some(values::masked_login),
        set: |c, text, _| {
            c.storage.url = Some(StorageUrl::parse(text)?);
            Ok(())
        },
        show: |c| c.storage.url.as_ref().map(ToString::to_string).unwrap_or_default(),
    },
    Key {
        name: "storage.endpoint",
        env: "COPYDESK_STORAGE_ENDPOINT",
        flag: None,
        doc: "The address of an S3-compatible store that is not Amazon's.",
        accepts: Accepts::Text("an http or https address without a user, `?` or `#`"),
        mask: Some(values::masked_login),
        set: |c, text, _| values::site_url(text).map(|url| c.storage.endpoint = Some(url)),
        show: |c| c.storage.endpoint.clone().unwrap_or_default(),
    },
    Key {
        name: "storage.region",
        env: "COPYDESK_STORAGE_REGION",
        flag: None,
        doc: "The region of the store, as requests to it are signed for.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: None,
        set: |c, text, _| values::line(text).map(|region| c.storage.region = region),
        show: |c| c.storage.region.clone(),
    },
    Key {
        name: "storage.access_key_id",
        env: "COPYDESK_STORAGE_ACCESS_KEY_ID",
        flag: None,
        doc: "Who asks the store. Needed for `s3://`.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: None,
        set: |c, text, _| values::line(text).map(|id| c.storage.access_key_id = Some(id)),
        show: |c| c.storage.access_key_id.clone().unwrap_or_default(),
    },
    Key {
        name: "storage.secret_access_key",
        env: "COPYDESK_STORAGE_SECRET_ACCESS_KEY",
        flag: None,
        doc: "The secret that requests to the store are signed with. Needed for `s3://`, and never shown.",
        accepts: Accepts::Text("a line of 1 to 200 characters"),
        mask: Some(|_| MASK.to_owned()),
        set: |c, text, _| {
            c.storage.secret_access_key = Some(Secret::new(values::line(text)?));
            Ok(())
        },
        show: |c| {
            c.storage
                .secret_access_key
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default()
        },
    },
    Key {
        name: "storage.path_style",
        env: "COPYDESK_STORAGE_PATH_STYLE",
        flag: None,
        doc: "Whether the bucket stands in the path (`true`, as most S3-compatible stores want it) or before the host.",
        accepts: Accepts::Word(values::YES_NO),
        mask: None,
        set: |c, text, _| values::yes_no(text).map(|yes| c.storage.path_style = yes),
        show: |c| c.storage.path_style.to_string(),
    },
];
