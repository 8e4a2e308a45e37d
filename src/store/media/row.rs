//! A media as a row.

use diesel::prelude::*;

use super::super::error::{Result, StoreError};
use super::super::schema::media;
use super::super::types::{from_json, to_json};
use crate::domain::id::{MediaId, UserId};
use crate::domain::media::{Description, File, Media, MediaKind, MediaType};
use crate::domain::text::{AltText, Caption, CreditLine, Filename, Headline, UsageTerms};
use crate::domain::time::Timestamp;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = media, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(super) struct MediaRow {
    pub(super) id: MediaId,
    kind: MediaKind,
    mime: MediaType,
    sha256: String,
    bytes: i64,
    width: Option<i32>,
    height: Option<i32>,
    duration_ms: Option<i64>,
    renders: bool,
    animated: bool,
    placeholder: Option<String>,
    extracted: String,
    filename: Filename,
    headline: Option<Headline>,
    alt: Option<AltText>,
    caption: Option<Caption>,
    credit: Option<CreditLine>,
    creator: Option<CreditLine>,
    copyright: Option<CreditLine>,
    source: Option<CreditLine>,
    usage_terms: Option<UsageTerms>,
    rights_expire_at: Option<Timestamp>,
    taken_at: Option<Timestamp>,
    location: Option<String>,
    focal_point: Option<String>,
    revision: i32,
    created_at: Timestamp,
    created_by: UserId,
    updated_at: Timestamp,
    updated_by: UserId,
    deleted_at: Option<Timestamp>,
}

impl MediaRow {
    pub(super) fn of(media: &Media) -> Result<Self> {
        let (file, said) = (&media.file, media.description.clone());
        Ok(Self {
            id: media.id,
            kind: file.mime.kind(),
            mime: file.mime,
            sha256: file.sha256.clone(),
            bytes: number(file.bytes)?,
            width: file.width.map(number).transpose()?,
            height: file.height.map(number).transpose()?,
            duration_ms: file.duration_ms.map(number).transpose()?,
            renders: file.renders,
            animated: file.animated,
            placeholder: file.placeholder.as_ref().map(to_json).transpose()?,
            extracted: to_json(&file.extracted)?,
            filename: media.filename.clone(),
            headline: said.headline,
            alt: said.alt,
            caption: said.caption,
            credit: said.credit,
            creator: said.creator,
            copyright: said.copyright,
            source: said.source,
            usage_terms: said.usage_terms,
            rights_expire_at: said.rights_expire_at,
            taken_at: said.taken_at,
            location: said.location.as_ref().map(to_json).transpose()?,
            focal_point: said.focal_point.as_ref().map(to_json).transpose()?,
            revision: media.revision,
            created_at: media.created_at,
            created_by: media.created_by,
            updated_at: media.updated_at,
            updated_by: media.updated_by,
            deleted_at: media.deleted_at,
        })
    }

    pub(super) fn whole(self) -> Result<Media> {
        let file = File {
            mime: self.mime,
            sha256: self.sha256,
            bytes: number(self.bytes)?,
            width: self.width.map(number).transpose()?,
            height: self.height.map(number).transpose()?,
            duration_ms: self.duration_ms.map(number).transpose()?,
            renders: self.renders,
            animated: self.animated,
            placeholder: self.placeholder.as_deref().map(from_json).transpose()?,
            extracted: from_json(&self.extracted)?,
        };
        let description = Description {
            headline: self.headline,
            alt: self.alt,
            caption: self.caption,
            credit: self.credit,
            creator: self.creator,
            copyright: self.copyright,
            source: self.source,
            usage_terms: self.usage_terms,
            rights_expire_at: self.rights_expire_at,
            taken_at: self.taken_at,
            location: self.location.as_deref().map(from_json).transpose()?,
            focal_point: self.focal_point.as_deref().map(from_json).transpose()?,
        };
        Ok(Media {
            id: self.id,
            file,
            filename: self.filename,
            description,
            revision: self.revision,
            created_at: self.created_at,
            created_by: self.created_by,
            updated_at: self.updated_at,
            updated_by: self.updated_by,
            deleted_at: self.deleted_at,
        })
    }
}

/// The same number as the other side counts it.
fn number<A, B: TryFrom<A>>(number: A) -> Result<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    B::try_from(number).map_err(StoreError::broken)
}
