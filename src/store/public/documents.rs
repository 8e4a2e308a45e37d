//! What editions say, by their ids. Lists and links tell of ids alone: an edition never changes, and what was made of it may be there still.

use std::collections::HashMap;

use diesel::prelude::*;
use serde_json::value::RawValue;

use crate::domain::edition::Summary;
use crate::domain::id::EditionId;
use crate::domain::media::MediaCard;
use crate::store::among::Among as _;
use crate::store::body;
use crate::store::conn::{PublicConn, on_backend};
use crate::store::error::{Result, StoreError};
use crate::store::packed::Document;
use crate::store::schema::{bodies, editions};
use crate::store::types::from_json;

/// The body of an edition.
#[derive(Debug, Clone)]
pub struct KeptBody {
    /// The blocks as they were written at publish.
    pub blocks: Box<RawValue>,
    /// What they show of each media.
    pub media: Vec<MediaCard>,
}

impl KeptBody {
    fn read(blocks: Document, media: &str) -> Result<Self> {
        Ok(Self {
            blocks: RawValue::from_string(blocks.0).map_err(StoreError::broken)?,
            media: from_json(media)?,
        })
    }
}

/// Everything of these editions but their bodies.
pub fn summaries(conn: &mut PublicConn, of: &[EditionId]) -> Result<HashMap<EditionId, Summary>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let query = editions::table
        .filter(editions::id.among(of))
        .select((editions::id, editions::summary));
    let found: Vec<(EditionId, Document)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    found
        .iter()
        .map(|(id, summary)| Ok((*id, from_json(summary)?)))
        .collect()
}

/// All of these editions.
pub fn documents(conn: &mut PublicConn, of: &[EditionId]) -> Result<HashMap<EditionId, (Summary, KeptBody)>> {
    if of.is_empty() {
        return Ok(HashMap::new());
    }
    let query = editions::table
        .left_join(body::of_editions!())
        .filter(editions::id.among(of))
        .select((
            editions::id,
            editions::summary,
            bodies::body.nullable().assume_not_null(),
            editions::media,
        ));
    let found: Vec<(EditionId, Document, Document, String)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    let read = |(id, summary, blocks, media): (EditionId, Document, Document, String)| {
        Ok((id, (from_json(&summary)?, KeptBody::read(blocks, &media)?)))
    };
    found.into_iter().map(read).collect()
}

/// How many bytes the bodies of editions have, as they are kept.
pub fn body_bytes(conn: &mut PublicConn, of: &[EditionId]) -> Result<HashMap<EditionId, i32>> {
    let query = editions::table
        .left_join(body::of_editions!())
        .filter(editions::id.among(of))
        .select((editions::id, bodies::bytes.nullable().assume_not_null()));
    let found: Vec<(EditionId, i32)> = on_backend!(&mut conn.0, |c| query.load(c))?;
    Ok(found.into_iter().collect())
}
