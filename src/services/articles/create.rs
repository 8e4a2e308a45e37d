//! A new article.

use std::collections::BTreeSet;

use super::keep::insert;
use super::read::{ArticleView, shown};
use super::{check, translations};
use crate::domain::access::Action;
use crate::domain::article::{Article, ArticlePatch, Content};
use crate::domain::change::Change;
use crate::domain::correction::Corrections;
use crate::domain::id::{ArticleId, ShortId, TranslationGroup};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::Edited;
use crate::domain::revision::RevisionReason;
use crate::domain::slug::Slug;
use crate::domain::workflow::Status;
use crate::services::bodies::{self, Handling};
use crate::services::related;
use crate::services::{Ctx, Error};
use crate::store::{self, DbConn};

/// Makes a draft. Creating is patching an empty article: only the headline must be given. A body that came as Markdown or
/// HTML becomes blocks; `handling` says what happens when that loses something.
///
/// # Errors
/// `Invalid` with every flaw of the values; `Forbidden`; `SlugTaken` for a slug that was given and is taken;
/// `TranslationTaken`.
pub async fn create(ctx: &Ctx, mut patch: ArticlePatch, handling: Handling) -> Result<ArticleView, Error> {
    ctx.may(Action::CreateArticle, None)?;
    let Change::Set(headline) = patch.headline.clone() else {
        return Err(Invalids::from(Flaw::new(Rule::Required, "`headline` is missing").at("/headline")).into());
    };
    let mut incoming = bodies::incoming(&mut patch, &ctx.app.site.url, handling).await?;
    let nothing = Content::new(headline, ctx.app.site.locale.clone());
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        check::own_names(ctx, tx, &mut patch, &mut incoming, &nothing, None)?;
        let edited = Edited {
            before: &nothing.related,
            related: patch.related != Change::Keep,
            body: patch.body != Change::Keep,
            after: None,
        };
        let (slug, group) = (patch.slug.clone(), patch.translation_group);
        let mut content = nothing.clone();
        let applied = content.apply(patch, ctx.app.ids.as_ref());
        let flaws = incoming.flaws.and(applied.err().unwrap_or_default());
        let slug = match slug {
            Change::Set(slug) => check::own_slug(tx, &content.locale, slug, None)?,
            Change::Keep => check::slug_for(tx, &content)?,
        };
        let joins = matches!(group, Change::Set(Some(_)));
        let (group, flaws) = translations::group_after(ctx, tx, group, None, flaws)?;
        let mut article = draft(ctx, tx, content, slug, group)?;
        let place = |at| format!("/related/{at}");
        let (changes, more) = related::settled(ctx, tx, &mut article, None, edited, place)?;
        let flaws = flaws.and(more);
        check::references(ctx, tx, &article, &BTreeSet::new(), flaws)?;
        if joins {
            translations::only_one(ctx, tx, &article)?;
        }
        Ok(keep(ctx, tx, article)?.warning(incoming.warnings).related(changes))
    })
    .await
}

/// A draft that the caller makes now.
pub(super) fn draft(
    ctx: &Ctx,
    tx: &mut DbConn,
    content: Content,
    slug: Slug,
    translation_group: TranslationGroup,
) -> Result<Article, Error> {
    Ok(Article {
        id: ArticleId(ctx.app.ids.uuid()),
        short_id: free_short_id(ctx, tx)?,
        status: Status::Draft,
        revision: 1,
        live_revision: None,
        translation_group,
        slug,
        word_count: content.body.word_count(),
        content,
        first_published_at: None,
        published_at: None,
        created_at: ctx.now,
        created_by: ctx.actor.id,
        updated_at: ctx.now,
        updated_by: ctx.actor.id,
        deleted_at: None,
        schedule: None,
        schedule_failure: None,
        moved_at: None,
        corrections: Corrections::default(),
        lock: None,
    })
}

/// A short id that no article has. Among a million articles one in a million that is drawn is taken.
fn free_short_id(ctx: &Ctx, tx: &mut DbConn) -> Result<ShortId, Error> {
    loop {
        let drawn = ShortId::new(ctx.app.ids.random());
        if store::article::by_short_ids(tx, std::slice::from_ref(&drawn), None)?.is_empty() {
            return Ok(drawn);
        }
    }
}

/// Writes a new article.
pub(super) fn keep(ctx: &Ctx, tx: &mut DbConn, article: Article) -> Result<ArticleView, Error> {
    insert(ctx, tx, &article, RevisionReason::Edit)?;
    shown(ctx, tx, article)
}
