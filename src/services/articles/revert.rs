//! Going back to an older revision, which is a step forward: nothing is overwritten.

use super::keep::save;
use super::read::{ArticleView, shown};
use super::revisions::kept;
use super::{check, standing, translations};
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::Edited;
use crate::domain::revision::{RevisionReason, Snapshot, Why};
use crate::services::{Basis, Ctx, Error, Refusal, related};
use crate::store::{self, DbConn};

/// Puts what an older revision holds in the place of what is there, as a new revision. What it names and is no longer there is
/// left out, and told; so is its slug where another has it by now. The group of translations stays, and so does an embargo.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`; `Invalid` for a revision that is not there; `TranslationTaken`.
pub async fn revert(ctx: &Ctx, id: ArticleId, basis: Basis, number: i32) -> Result<ArticleView, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let before = check::held(ctx, tx, id, &basis, Action::EditArticle, &[])?;
        if before.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let missing = || Flaw::new(Rule::UnknownReference, "is no revision of this article").at("/revision");
        let older = kept(tx, id, number)?.ok_or_else(|| Invalids::from(missing()))?;
        let (mut article, mut left_out) = put_back(ctx, tx, &before, older.snapshot)?;
        let edited = Edited {
            before: &before.content.related,
            related: true,
            body: false,
            after: None,
        };
        let place = |at| format!("/related/{at}");
        let (_, flaws) = related::settled(ctx, tx, &mut article, Some(id), edited, place)?;
        flaws.into_result()?;
        slug(tx, &before, &mut article, &mut left_out)?;
        if article.content.locale != before.content.locale {
            translations::only_one(ctx, tx, &article)?;
        }
        if article != before {
            article.touch(ctx.actor.id, ctx.now);
            let why = Why {
                source: Some(number),
                ..Why::from(RevisionReason::Revert)
            };
            save(ctx, tx, &before, &article, why)?;
        }
        Ok(shown(ctx, tx, article)?.leaving_out(left_out))
    })
    .await
}

/// The article with what an older revision holds, as far as that can still stand, and what cannot.
fn put_back(ctx: &Ctx, tx: &mut DbConn, before: &Article, older: Snapshot) -> Result<(Article, Invalids), Error> {
    let mut article = before.clone();
    (article.content, article.slug) = (older.content, older.slug);
    // A promise to somebody outside, which is not taken back with a text.
    article.content.embargo_until = before.content.embargo_until;
    let left_out = standing::named(ctx, tx, before.id, &mut article.content)?;
    let left_out = left_out.and(standing::links(tx, &mut article.content)?);
    Ok((article, left_out))
}

/// Keeps the slug of the older revision where nobody else has it by now.
fn slug(tx: &mut DbConn, before: &Article, article: &mut Article, left_out: &mut Invalids) -> Result<(), Error> {
    let locale = article.content.locale.clone();
    if article.slug == before.slug && locale == before.content.locale {
        return Ok(());
    }
    store::hold::slug(tx, &locale, &article.slug)?;
    if store::article::slug_taken(tx, &locale, &article.slug, Some(article.id))? {
        left_out.add(Flaw::new(Rule::Duplicate, "belongs to another by now").at("/slug"));
        article.slug = check::made_slug(tx, &locale, &before.slug, Some(article.id))?;
    }
    Ok(())
}
