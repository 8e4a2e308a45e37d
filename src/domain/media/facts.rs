//! What a file says of itself.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::invalid::Invalids;
use crate::domain::text::{AltText, Caption, City, CreditLine, Headline, UsageTerms};
use crate::domain::time::Timestamp;

/// Where a picture was taken, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Place {
    #[deserr(default)]
    #[schema(required, default = json!(null))]
    pub city: Option<City>,
    /// A province, state or region.
    #[deserr(default)]
    #[schema(required, default = json!(null))]
    pub state: Option<City>,
    #[deserr(default)]
    #[schema(required, default = json!(null))]
    pub country: Option<City>,
}

/// What IPTC, XMP and EXIF say, settled into one voice: each text within the bounds of its field, none of it junk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    pub headline: Option<Headline>,
    pub alt: Option<AltText>,
    pub caption: Option<Caption>,
    pub credit: Option<CreditLine>,
    pub creator: Option<CreditLine>,
    pub copyright: Option<CreditLine>,
    pub source: Option<CreditLine>,
    pub usage_terms: Option<UsageTerms>,
    pub taken_at: Option<Timestamp>,
    pub location: Option<Place>,
}
