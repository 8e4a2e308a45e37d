//! Reads `newsroom.json` and makes what it says. Bodies there are those of the API; a value `@key` stands for the id
//! of what was made under that key, and `@key's translations` for the group that an article's translations share.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::{Failure, told};
use crate::domain::contributor::Contributor;
use crate::domain::invalid::Invalids;
use crate::domain::section::Section;
use crate::domain::tag::Tag;
use crate::domain::time::Timestamp;
use crate::services::{Ctx, Handling, articles, taxonomy};

#[derive(Deserialize)]
struct Newsroom {
    sections: Vec<Entry>,
    contributors: Vec<Entry>,
    tags: Vec<Entry>,
    articles: Vec<Story>,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
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
    for Story {
        key,
        published_at,
        body,
    } in newsroom.articles
    {
        let mut then = ctx.clone();
        if let Some(moment) = &published_at {
            then.now = Timestamp::parse(moment).map_err(|flaw| flaw.message)?;
        }
        let made = articles::create(&then, read(body, &ids)?, Handling::Strict)
            .await
            .map_err(told)?
            .article;
        ids.insert(format!("{key}'s translations"), made.translation_group.to_string());
        ids.insert(key, made.id.to_string());
        if published_at.is_some() {
            let revision = made.revision;
            articles::publish(&then, made.id, move |current| current == revision)
                .await
                .map_err(told)?;
        }
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
