//! What is shown of an article that is shared.

use serde_json::value::RawValue;

use super::Places;
use crate::domain::body::{Block, plain};
use crate::domain::edition::Summary;
use crate::domain::open_graph::OpenGraph;
use crate::domain::text::SeoDescription;
use crate::services::Error;

impl Places {
    /// Of an article whose addresses are filled in. The text is looked at only where nothing else describes it.
    pub(super) fn open_graph(&self, summary: &Summary, body: &RawValue) -> Result<OpenGraph, Error> {
        let needed = OpenGraph::needs_opening(summary).then(|| opening(body));
        Ok(OpenGraph::new(&self.site, summary, needed.transpose()?.as_deref()))
    }
}

/// Paragraphs until there are words enough; the blocks behind them are not read.
fn opening(body: &RawValue) -> Result<String, Error> {
    let blocks: Vec<&RawValue> = serde_json::from_str(body.get())?;
    let mut text = String::new();
    for block in blocks {
        if let Block::Paragraph(paragraph) = serde_json::from_str(block.get())? {
            text.push_str(&plain(&paragraph.text));
            text.push(' ');
        }
        if text.chars().count() > SeoDescription::MAX {
            break;
        }
    }
    Ok(text)
}
