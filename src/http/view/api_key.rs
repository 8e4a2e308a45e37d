//! API keys, as they are asked for and shown.

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::api_key::ApiKey;
use crate::domain::id::{ApiKeyId, UserId};
use crate::domain::invalid::Invalids;
use crate::domain::scope::Scope;
use crate::domain::text::Name;
use crate::domain::time::Timestamp;
use crate::services::accounts::api_keys::NewApiKey;

/// What a key is to be.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct ApiKeyIn {
    /// What it is for, for whoever looks at the list.
    name: Name,
    /// What it may be used for, of what the role of its maker may do. To change a thing brings to read it.
    #[schema(min_items = 1, max_items = 9)]
    scopes: Vec<Scope>,
    /// Its end, in the future; null is until it is taken back.
    #[deserr(default)]
    expires_at: Option<Timestamp>,
}

impl From<ApiKeyIn> for NewApiKey {
    fn from(body: ApiKeyIn) -> Self {
        Self {
            name: body.name,
            scopes: body.scopes,
            expires_at: body.expires_at,
        }
    }
}

/// An API key, without what is secret of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub(crate) struct ApiKeyView {
    pub(crate) id: ApiKeyId,
    /// Who made it, and who it acts for.
    user_id: UserId,
    name: Name,
    /// What it may be used for, and no more than what the role of `user_id` may do at the time.
    scopes: Vec<Scope>,
    created_at: Timestamp,
    /// Its end; null is until it is taken back.
    expires_at: Option<Timestamp>,
    /// When it was used last, to a minute.
    last_used_at: Option<Timestamp>,
    /// When it was taken back.
    revoked_at: Option<Timestamp>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            scopes: key.scopes.list(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// A new API key, with what is secret of it.
#[derive(Serialize, ToSchema)]
#[schema(as = NewApiKey)]
pub(crate) struct NewApiKeyView {
    #[serde(flatten)]
    pub(crate) about: ApiKeyView,
    /// Send it as `Authorization: Bearer …`. It is shown this once.
    #[schema(examples("cdk_AZxj8FoQfD6LHworPE1eb0tlcHQgYnkgdGhlIGhhcmJvdXIgbWFzdGVyOiBub2IhMjK8"))]
    pub(crate) key: String,
}
