//! A change of a working copy.

use super::check::{self, Basis};
use super::read::{ArticleView, shown};
use super::translations;
use crate::domain::access::Action;
use crate::domain::article::ArticlePatch;
use crate::domain::change::Change;
use crate::domain::id::ArticleId;
use crate::domain::related::Edited;
use crate::services::bodies::{self, Handling};
use crate::services::related;
use crate::services::{Ctx, Error, Refusal};
use crate::store;

/// Applies a merge patch. A patch that changes nothing leaves the revision where it is. A body that came as Markdown or HTML
/// becomes blocks; `handling` says what happens when that loses something.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `Invalid` with every flaw of the values, `SlugTaken` for a slug that was
/// given and is taken, `TranslationTaken`.
pub async fn edit(
    ctx: &Ctx,
    id: ArticleId,
    basis: impl Basis,
    mut patch: ArticlePatch,
    handling: Handling,
) -> Result<ArticleView, Error> {
    let mut incoming = bodies::incoming(&mut patch, &ctx.app.site.url, handling).await?;
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let before = check::held(&ctx, tx, id, &basis, Action::EditArticle)?;
            if before.deleted_at.is_some() {
                return Err(Refusal::InTrash.into());
            }
            let mut article = before.clone();
            check::own_names(&ctx, tx, &mut patch, &mut incoming, &before.content, Some(id))?;
            let edited = Edited {
                before: &before.content.related,
                related: patch.related != Change::Keep,
                body: patch.body != Change::Keep,
                after: None,
            };
            let (slug, group) = (patch.slug.clone(), patch.translation_group);
            let applied = article.content.apply(patch, ctx.app.ids.as_ref());
            if let Change::Set(slug) = slug {
                article.slug = slug;
            }
            let flaws = incoming.flaws.and(applied.err().unwrap_or_default());
            let (group, flaws) = translations::group_after(&ctx, tx, group, Some(&before), flaws)?;
            article.translation_group = group;
            let place = |at| format!("/related/{at}");
            let (changes, more) = related::settled(&ctx, tx, &mut article, Some(id), edited, place)?;
            let flaws = flaws.and(more);
            if flaws.0.is_empty() && article == before {
                return Ok(shown(&ctx, tx, article)?.warning(incoming.warnings));
            }
            check::references(&ctx, tx, &article, &before.content.body.linked_articles(), flaws)?;
            let locale = article.content.locale.clone();
            if article.slug != before.slug {
                article.slug = check::own_slug(tx, &locale, article.slug, Some(id))?;
            } else if locale != before.content.locale {
                article.slug = check::made_slug(tx, &locale, &article.slug, Some(id))?;
            }
            if (group, &locale) != (before.translation_group, &before.content.locale) {
                translations::only_one(&ctx, tx, &article)?;
            }
            article.touch(ctx.actor.id, ctx.now);
            check::save(tx, &article, before.revision)?;
            Ok(shown(&ctx, tx, article)?.warning(incoming.warnings).related(changes))
        })
        .await
}
