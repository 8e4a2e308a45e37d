//! What a news item of ninjs is made of.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::time::Timestamp;

/// Which standard the item follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NinjsStandard {
    #[schema(examples("ninjs"))]
    pub(super) name: &'static str,
    #[schema(examples("3.1"))]
    pub(super) version: &'static str,
    #[schema(examples("http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"))]
    pub(super) schema: &'static str,
}

/// Words of the item, and what they are for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NinjsText {
    #[schema(examples("main"))]
    pub(super) role: &'static str,
    #[schema(examples("text/plain"))]
    pub(super) content_type: &'static str,
    pub(super) value: String,
}

/// The text of the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NinjsBody {
    #[schema(examples("main"))]
    pub(super) role: &'static str,
    #[schema(examples("text/html"))]
    pub(super) content_type: &'static str,
    pub(super) word_count: usize,
    pub(super) value: String,
}

/// Somebody or something that the item is by, from or about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NinjsConcept {
    pub(super) name: String,
    /// How it belongs to the item: the role of a contributor, `dateline`, `section`, `about`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) rel: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) literal: Option<String>,
}

/// Who supplied the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NinjsSource {
    pub(super) name: String,
    /// What it did: `distributor` with the sort of supplier behind a colon, or `credit`.
    pub(super) role: String,
}

/// Another name of the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct NinjsAltId {
    #[schema(examples("short_id"))]
    pub(super) role: &'static str,
    pub(super) value: String,
}

/// Where a form of the item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NinjsRendition {
    #[schema(examples("web"))]
    pub(super) name: String,
    pub(super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) content_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u32, required = false)]
    pub(super) width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u32, required = false)]
    pub(super) height: Option<u32>,
}

/// The lead media, or what the item links to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NinjsAssociation {
    /// `lead`, or `related-` and the place in the list.
    #[schema(examples("lead"))]
    pub(super) name: String,
    #[schema(examples("lead"))]
    pub(super) rel: &'static str,
    pub(super) uri: String,
    /// What it is; absent for a page elsewhere.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) kind: Option<&'static str>,
    #[schema(examples("partial"))]
    pub(super) representation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Timestamp, required = false)]
    pub(super) version_created: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required = false)]
    pub(super) copyright_notice: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) headlines: Vec<NinjsText>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) descriptions: Vec<NinjsText>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) info_sources: Vec<NinjsSource>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) renditions: Vec<NinjsRendition>,
}
