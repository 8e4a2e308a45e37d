//! Stories that an article could link to: the live ones that are most like it.
//!
//! What is read is bounded whatever the size of the archive: a term that many stories have tells none of them apart, so it is
//! given up as soon as it has shown that it is one.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::article::Article;
use crate::domain::edition::Summary;
use crate::domain::id::{ArticleId, TagId};
use crate::domain::related::RelatedArticleCard;
use crate::domain::tag::TagCard;
use crate::domain::terms::{Words, terms};
use crate::domain::text::Deck;
use crate::services::{Ctx, Error};
use crate::store::{self, DbConn};

/// Suggestions that are given.
const GIVEN: usize = 10;
/// Stories that are looked at closely.
const CLOSELY: usize = 60;
/// Stories that may have a term, or a tag, for it to be of use.
const RARE: usize = 1_500;
/// How rare a term is, is measured against an archive of this size. A real size would have to be counted each time, and would change
/// no order.
const ARCHIVE: f64 = 100_000.0;
/// Words that are told as a reason.
const REASONS: usize = 5;
/// What a like text, like tags and the same section are worth of a score.
const TEXT: f64 = 0.7;
const TAGS: f64 = 0.2;
const SECTION: f64 = 0.1;

/// A story that is like another, and why.
#[derive(Debug, Clone)]
pub struct Suggestion {
    /// From 0 to 1.
    pub score: f64,
    /// Words that both have, those that tell most first.
    pub words: Vec<String>,
    /// Tags that both have.
    pub tags: Vec<TagCard>,
    pub same_section: bool,
    pub article: RelatedArticleCard,
}

/// What two stories have in common as far as their words go.
#[derive(Debug, Default)]
struct Likeness {
    score: f64,
    words: Vec<(f64, usize)>,
}

/// The live stories that are most like an article, the most like first: never itself, and never one that it links to already.
///
/// # Errors
/// `NotFound`.
pub async fn suggestions(ctx: &Ctx, id: ArticleId) -> Result<Vec<Suggestion>, Error> {
    ctx.read(move |ctx, conn| {
        let article = crate::services::articles::seen(ctx, conn, id)?;
        let known: HashSet<ArticleId> = article.content.related.articles().chain([id]).collect();
        let (names, mut like) = alike(conn, &article)?;
        like.retain(|id, _| !known.contains(id));
        let mut best: Vec<(ArticleId, Likeness)> = like.into_iter().collect();
        best.sort_by(|(a, one), (b, other)| other.score.total_cmp(&one.score).then_with(|| b.cmp(a)));
        best.truncate(CLOSELY);
        let ids: Vec<ArticleId> = best.iter().map(|(id, _)| *id).collect();
        let summaries = store::edition::live_summaries(conn, &ids)?;
        let mut like: HashMap<ArticleId, Likeness> = best.into_iter().collect();
        let mut found: Vec<Suggestion> = summaries
            .into_iter()
            .filter_map(|summary| Some(judged(ctx, &article, &names, like.remove(&summary.id)?, summary)))
            .collect();
        found.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then_with(|| b.article.id.cmp(&a.article.id))
        });
        found.truncate(GIVEN);
        Ok(found)
    })
    .await
}

/// The terms of an article, and the live stories that share some of them or a tag.
fn alike(conn: &mut DbConn, article: &Article) -> Result<(Vec<String>, HashMap<ArticleId, Likeness>), Error> {
    let content = &article.content;
    let own = terms(Words {
        locale: &content.locale,
        headline: content.headline.as_str(),
        deck: content.deck.as_ref().map_or("", Deck::as_str),
        body: &content.body.plain_text(),
    });
    let mut like: HashMap<ArticleId, Likeness> = HashMap::new();
    let mut whole = 0.0;
    for (at, term) in own.iter().enumerate() {
        let having = store::terms::having(conn, &term.word, RARE + 1)?;
        if having.len() > RARE {
            continue;
        }
        let rarity = rarity(having.len());
        whole += term.weight * term.weight * rarity;
        for (id, weight) in having {
            let worth = term.weight * weight * rarity;
            let one = like.entry(id).or_default();
            one.score += worth;
            one.words.push((worth, at));
        }
    }
    for one in like.values_mut() {
        one.score = if whole > 0.0 { (one.score / whole).min(1.0) } else { 0.0 };
    }
    for tag in &content.tag_ids.0 {
        let tagged = store::terms::tagged(conn, *tag, RARE + 1)?;
        for id in tagged.into_iter().take(RARE) {
            like.entry(id).or_default();
        }
    }
    Ok((own.into_iter().map(|term| term.word).collect(), like))
}

/// How much a term tells that so many stories have.
fn rarity(stories: usize) -> f64 {
    let stories = u32::try_from(stories).unwrap_or(u32::MAX).max(1);
    (ARCHIVE / f64::from(stories)).ln_1p()
}

/// The whole judgement of one story.
fn judged(ctx: &Ctx, article: &Article, names: &[String], like: Likeness, mut summary: Summary) -> Suggestion {
    let own: BTreeSet<TagId> = article.content.tag_ids.0.iter().copied().collect();
    let tags: Vec<TagCard> = summary
        .tags
        .iter()
        .filter(|tag| own.contains(&tag.id))
        .cloned()
        .collect();
    let section = summary.section.as_ref().map(|card| card.id);
    let same_section = section.is_some() && section == article.content.section_id;
    let shared = if own.is_empty() {
        0.0
    } else {
        count(tags.len()) / count(own.len())
    };
    let score = TEXT * like.score + TAGS * shared + if same_section { SECTION } else { 0.0 };
    let mut words = like.words;
    words.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let words = words
        .into_iter()
        .take(REASONS)
        .filter_map(|(_, at)| names.get(at).cloned());
    summary.canonical_url = ctx.app.site.canonical(&summary.path);
    if let Some(lead) = &mut summary.lead_media {
        lead.resolve(&ctx.app.addresses, None);
    }
    Suggestion {
        score: (score * 1000.0).round() / 1000.0,
        words: words.collect(),
        tags,
        same_section,
        article: summary.into(),
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}
