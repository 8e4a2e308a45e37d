//! What an article of schema.org is made of.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::time::Timestamp;

/// What sort of article it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) enum NewsArticleType {
    NewsArticle,
    OpinionNewsArticle,
    AnalysisNewsArticle,
    /// A work of which no more is known.
    CreativeWork,
}

/// Who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) enum PartyType {
    Person,
    Organization,
    NewsMediaOrganization,
}

/// A person or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Party {
    #[serde(rename = "@type")]
    pub(super) kind: PartyType,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) url: Option<String>,
}

/// The page that shows the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct WebPage {
    #[serde(rename = "@type")]
    #[schema(examples("WebPage"))]
    pub(super) kind: &'static str,
    #[serde(rename = "@id")]
    pub(super) id: String,
}

/// A picture or a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MediaObject {
    #[serde(rename = "@type")]
    pub(super) kind: MediaObjectType,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) name: Option<String>,
    pub(super) url: String,
    pub(super) content_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Pixels, required = false)]
    pub(super) width: Option<Pixels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Pixels, required = false)]
    pub(super) height: Option<Pixels>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) caption: Option<String>,
    /// What somebody who does not see it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) credit_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) copyright_notice: Option<String>,
}

/// A length in pixels: schema.org has no bare number for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pixels {
    #[serde(rename = "@type")]
    #[schema(examples("QuantitativeValue"))]
    kind: &'static str,
    value: u32,
    /// Of UN/CEFACT: pixels.
    #[schema(examples("E37"))]
    unit_code: &'static str,
}

impl Pixels {
    pub(super) fn new(value: u32) -> Self {
        Self {
            kind: "QuantitativeValue",
            value,
            unit_code: "E37",
        }
    }
}

/// What a media is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(super) enum MediaObjectType {
    ImageObject,
    VideoObject,
}

/// A work that the article links to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct LinkedWork {
    #[serde(rename = "@type")]
    pub(super) kind: NewsArticleType,
    pub(super) name: String,
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Party, required = false)]
    pub(super) publisher: Option<Party>,
}

/// A public note on the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionComment {
    #[serde(rename = "@type")]
    #[schema(examples("CorrectionComment"))]
    pub(super) kind: &'static str,
    /// What sort of note it is.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) date_published: Timestamp,
    pub(super) date_modified: Timestamp,
}
