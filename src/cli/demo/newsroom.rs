//! Reads `newsroom.json` and makes what it says. Bodies there are those of the API; a value `@key` stands for the id
//! of what was made under that key, and `@key's translations` for the group that an article's translations share.

use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::Value;

use super::super::{Failure, told};
use crate::domain::contributor::Contributor;
use crate::domain::invalid::Invalids;
use crate::domain::section::Section;
use crate::domain::tag::Tag;
use crate::domain::text::Filename;
use crate::domain::time::Timestamp;
use crate::services::media::{Incoming, Uploaded};
use crate::services::{Basis, Ctx, Handling, articles, media, taxonomy};

#[derive(Deserialize)]
struct Newsroom {
    sections: Vec<Entry>,
    contributors: Vec<Entry>,
    tags: Vec<Entry>,
    media: Vec<Photo>,
    articles: Vec<Story>,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
    body: Value,
}

/// The pictures that `media` names, drawn by `examples/pictures.rs`.
pub(in crate::cli) const PICTURES: &[(&str, &[u8])] = &[
    ("breakwater.jpg", include_bytes!("pictures/breakwater.jpg")),
    ("ferry.jpg", include_bytes!("pictures/ferry.jpg")),
    ("islands.jpg", include_bytes!("pictures/islands.jpg")),
    ("storm.jpg", include_bytes!("pictures/storm.jpg")),
];

#[derive(Deserialize)]
struct Photo {
    key: String,
    /// One of [`PICTURES`].
    file: String,
    body: Value,
}

#[derive(Deserialize)]
struct Story {
    key: String,
    /// When it was published; a story without stays a draft.
    published_at: Option<String>,
    body: Value,
}

/// Makes everything in the order of the file, so that what is referred to comes first.
pub(super) async fn make(ctx: &Ctx) -> Result<(), Failure> {
    let newsroom: Newsroom = serde_json::from_str(include_str!("newsroom.json"))?;
    let mut ids = HashMap::new();
    for Entry { key, body } in newsroom.sections {
        let made = taxonomy::create::<Section>(ctx, read(body, &ids)?)
            .await
            .map_err(told)?;
        ids.insert(key, made.one.id.to_string());
    }
    for Entry { key, body } in newsroom.contributors {
        let made = taxonomy::create::<Contributor>(ctx, read(body, &ids)?)
            .await
            .map_err(told)?;
        ids.insert(key, made.one.id.to_string());
    }
    for Entry { key, body } in newsroom.tags {
        let made = taxonomy::create::<Tag>(ctx, read(body, &ids)?).await.map_err(told)?;
        ids.insert(key, made.one.id.to_string());
    }
    for photo in newsroom.media {
        let id = upload(ctx, &photo, &ids).await?;
        ids.insert(photo.key, id);
    }
    for story in newsroom.articles {
        write(ctx, story, &mut ids).await?;
    }
    Ok(())
}

async fn upload(ctx: &Ctx, photo: &Photo, ids: &HashMap<String, String>) -> Result<String, Failure> {
    let picture = PICTURES.iter().find(|(name, _)| *name == photo.file);
    let (name, bytes) = picture.ok_or_else(|| format!("there is no picture {}", photo.file))?;
    let mut incoming = Incoming::begin(ctx).await.map_err(told)?;
    incoming.write(Bytes::from_static(bytes)).await.map_err(told)?;
    let received = incoming.finish().await.map_err(told)?;
    let with = Uploaded {
        filename: Filename::parse(name).ok(),
        patch: read(photo.body.clone(), ids)?,
        duplicate: false,
    };
    let made = media::upload(ctx, received, with).await.map_err(told)?;
    Ok(made.view.media.id.to_string())
}

async fn write(ctx: &Ctx, story: Story, ids: &mut HashMap<String, String>) -> Result<(), Failure> {
    let Story {
        key,
        published_at,
        body,
    } = story;
    let mut then = ctx.clone();
    if let Some(moment) = &published_at {
        then = then.dated(Timestamp::parse(moment).map_err(|flaw| flaw.message)?);
    }
    let made = articles::create(&then, read(body, ids)?, Handling::Strict)
        .await
        .map_err(told)?
        .article;
    ids.insert(format!("{key}'s translations"), made.translation_group.to_string());
    ids.insert(key, made.id.to_string());
    if published_at.is_some() {
        let basis = Basis::Read(vec![made.revision]);
        articles::publish(&then, made.id, basis).await.map_err(told)?;
    }
    Ok(())
}

fn read<T: deserr::Deserr<Invalids>>(mut body: Value, ids: &HashMap<String, String>) -> Result<T, Failure> {
    refer(&mut body, ids);
    deserr::deserialize(body).map_err(|flaws: Invalids| format!("newsroom.json: {flaws:?}").into())
}

/// Puts ids in the place of keys.
fn refer(value: &mut Value, ids: &HashMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(id) = text.strip_prefix('@').and_then(|key| ids.get(key)) {
                text.clone_from(id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, ids)),
        Value::Object(fields) => fields.values_mut().for_each(|field| refer(field, ids)),
        _ => {}
    }
}
