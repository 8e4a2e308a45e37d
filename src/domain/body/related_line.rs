//! Lines of text that are related links.

use super::block::Block;
use super::prose::Paragraph;
use super::related::RelatedArticle;
use super::span::{Span, plain};
use super::{Body, each_block_mut};
use crate::domain::id::ArticleId;
use crate::domain::related::{Related, RelatedKind, Target};
use crate::domain::web::WebUrl;

impl Body {
    /// Makes blocks of lines such as "Related article: …", as they stand in agencies' texts and as we write them in Markdown:
    /// words before a link that leads to an article of ours, or to what a link in `known` leads to. A line that was a
    /// paragraph in `before` is a writer's and stays one, and so does one that leads to the article `own` itself.
    pub fn find_related_lines(&mut self, known: &Related, before: &Self, own: Option<ArticleId>) {
        let mut kept: Vec<&Paragraph> = Vec::new();
        each_paragraph(&before.0, &mut kept);
        each_block_mut(&mut self.0, &mut |block| {
            let Block::Paragraph(paragraph) = block else {
                return;
            };
            let is_kept = |one: &&Paragraph| one.text == paragraph.text || (one.id.is_some() && one.id == paragraph.id);
            if kept.iter().any(is_kept) {
                return;
            }
            let found = related_line(&paragraph.text, known);
            if let Some(mut found) = found.filter(|found| found.article_id.is_none() || found.article_id != own) {
                found.id = paragraph.id.take();
                *block = found.into();
            }
        });
    }
}

fn each_paragraph<'a>(blocks: &'a [Block], found: &mut Vec<&'a Paragraph>) {
    for block in blocks {
        if let Block::Paragraph(paragraph) = block {
            found.push(paragraph);
        }
        each_paragraph(block.children(), found);
    }
}

/// Words that newsrooms and agencies put before a link to another story, besides our own.
const LEAD_INS: &[&str] = &[
    "related",
    "related story",
    "read more",
    "read also",
    "see also",
    "also read",
];

/// The block that a line of text is.
fn related_line(text: &[Span], known: &Related) -> Option<RelatedArticle> {
    let at = text.iter().position(|span| span.link.is_some())?;
    let (before, rest) = text.split_at_checked(at)?;
    let lead_in = plain(before);
    let words = lead_in.trim().strip_suffix([':', '：'])?.trim().to_lowercase();
    let link = rest.first()?.link.as_ref()?;
    let leads_there = |span: &Span| span.link.as_ref() == Some(link) || span.text.trim().is_empty();
    if !rest.iter().all(leads_there) || plain(rest).trim().is_empty() {
        return None;
    }
    let elsewhere = link.url.as_ref().and_then(|url| WebUrl::parse(url.as_str()).ok());
    let target = link
        .article_id
        .map(Target::Article)
        .or(elsewhere.map(Target::Elsewhere))?;
    let is_kind = |kind: RelatedKind| kind.lead_in().to_lowercase() == words;
    let found = known.0.iter().find(|one| one.target == target && is_kind(one.kind));
    let is_usual = is_kind(RelatedKind::Related) || LEAD_INS.contains(&words.as_str());
    match (found, link.article_id) {
        (Some(link), _) => Some(RelatedArticle::make(Some(link.id), None, None, None, false, None)),
        (None, Some(id)) if is_usual => Some(RelatedArticle::make(None, Some(id), None, None, false, None)),
        (None, _) => None,
    }
}
