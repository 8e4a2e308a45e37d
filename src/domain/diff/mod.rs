//! What is other in one revision of an article than in another: by field, by block, and by word.

mod blocks;
mod words;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

pub use blocks::{BlockChange, BlockChangeKind};
pub use words::{WordRun, WordRunKind, Words};

use super::revision::{ArticleField, Snapshot};

/// A field that is other in one revision than in another. Of a body, `blocks` tell.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FieldChange {
    pub field: ArticleField,
    /// What it was; null where it was empty.
    #[schema(required = true)]
    pub from: Value,
    /// What it is; null where it is empty.
    #[schema(required = true)]
    pub to: Value,
    /// Of a text: its words, in the order of both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub words: Vec<WordRun>,
}

/// All that is other in one revision than in another.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    pub fields: Vec<FieldChange>,
    pub blocks: Vec<BlockChange>,
}

impl Diff {
    /// # Errors
    /// What cannot be written as JSON, which nothing of an article is.
    pub fn new(from: &Snapshot, to: &Snapshot) -> serde_json::Result<Self> {
        let mut words = Words::default();
        let (mut before, mut after) = (fields(from)?, fields(to)?);
        let mut changes = Vec::new();
        for field in ArticleField::ALL.iter().filter(|field| **field != ArticleField::Body) {
            let (from, to) = (taken(&mut before, *field), taken(&mut after, *field));
            if from != to {
                let words = match (from.as_str(), to.as_str()) {
                    (Some(from), Some(to)) if field.is_prose() => words.between(from, to),
                    _ => Vec::new(),
                };
                let field = *field;
                changes.push(FieldChange { field, from, to, words });
            }
        }
        Ok(Self {
            fields: changes,
            blocks: blocks::changes(from.content.body.blocks(), to.content.body.blocks(), &mut words),
        })
    }
}

fn fields(snapshot: &Snapshot) -> serde_json::Result<Map<String, Value>> {
    match serde_json::to_value(snapshot)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn taken(fields: &mut Map<String, Value>, field: ArticleField) -> Value {
    fields.remove(field.as_str()).unwrap_or(Value::Null)
}
