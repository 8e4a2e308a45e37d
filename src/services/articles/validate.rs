//! What an editor should look at before a story is published.

use std::collections::HashSet;

use super::read::seen;
use crate::domain::article::Article;
use crate::domain::id::ArticleId;
use crate::domain::lint::{Finding, LintCode, Policy, Seen, blocking, findings};
use crate::domain::media::Media;
use crate::domain::time::Timestamp;
use crate::services::{Ctx, Error, Refusal, media_uses};
use crate::store::{self, DbConn};

/// What was found in an article.
#[derive(Debug, Clone)]
pub struct Validation {
    /// Of which revision.
    pub revision: i32,
    pub findings: Vec<Finding>,
}

/// Everything about an article that an editor should look at, were it published now.
///
/// # Errors
/// `NotFound`, `InTrash`.
pub async fn validate(ctx: &Ctx, id: ArticleId) -> Result<Validation, Error> {
    ctx.read(move |ctx, conn| {
        let article = seen(ctx, conn, id)?;
        if article.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let (findings, _) = looked_at(ctx, conn, &article, ctx.now)?;
        let revision = article.revision;
        Ok(Validation { revision, findings })
    })
    .await
}

/// The media that the article shows, when nothing keeps it from being published at a moment.
///
/// # Errors
/// `NotReady`.
pub(super) fn ready(ctx: &Ctx, tx: &mut DbConn, article: &Article, at: Timestamp) -> Result<Vec<Media>, Error> {
    let (found, media) = looked_at(ctx, tx, article, at)?;
    blocking(&found).into_result().map_err(Refusal::NotReady)?;
    Ok(media)
}

fn looked_at(
    ctx: &Ctx,
    conn: &mut DbConn,
    article: &Article,
    at: Timestamp,
) -> Result<(Vec<Finding>, Vec<Media>), Error> {
    let content = &article.content;
    let media = media_uses::shown_at(conn, &content.media())?;
    let mut led_to = content.body.linked_articles();
    led_to.extend(content.related.articles());
    let led_to: Vec<ArticleId> = led_to.into_iter().collect();
    let live = match led_to[..] {
        [] => Vec::new(),
        _ => store::edition::live_paths(conn, &led_to)?,
    };
    let mut live: HashSet<ArticleId> = live.into_iter().map(|(id, _)| id).collect();
    // A link to itself leads there when it is published.
    live.insert(article.id);
    let seen = Seen {
        content,
        media: &media,
        live: &live,
        at,
    };
    let found = findings(&seen, &policy(ctx));
    Ok((found, media))
}

fn policy(ctx: &Ctx) -> Policy {
    let config = &ctx.app.config;
    let words = config
        .publish
        .block
        .iter()
        .filter_map(|word| LintCode::parse(word).ok());
    let mut blocks: Vec<LintCode> = words.collect();
    blocks.extend(config.media.require_credit.then_some(LintCode::MissingCredit));
    blocks.extend(config.media.require_rights.then_some(LintCode::ExpiredRights));
    Policy {
        blocks,
        headline: config.publish.headline_characters,
    }
}
