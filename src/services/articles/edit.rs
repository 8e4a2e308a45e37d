//! A change of a working copy.

use super::check;
use super::keep::save;
use super::read::{ArticleView, shown};
use super::translations;
use crate::domain::access::Action;
use crate::domain::article::{Article, ArticlePatch};
use crate::domain::change::Change;
use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::Edited;
use crate::domain::revision::{ArticleField, RevisionReason};
use crate::domain::schedule::GoesLive;
use crate::domain::workflow::Move;
use crate::services::bodies::{self, Handling};
use crate::services::related;
use crate::services::{Basis, Ctx, Error, Refusal};
use crate::store::{self, DbConn};

/// How a change is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Saving {
    /// What happens when a body that came as Markdown or HTML loses something.
    pub handling: Handling,
    /// Whether a change of fields that nobody else changed since the caller read the article is taken all the same.
    pub merge: bool,
    /// Whether a program saves while somebody writes on.
    pub autosave: bool,
    /// What goes live at the time of an article that has one; as it was set, unless said.
    pub goes_live: Option<GoesLive>,
}

/// Applies a merge patch. A patch that changes nothing leaves the revision where it is. A body that came as Markdown or HTML
/// becomes blocks.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `Invalid` with every flaw of the values, `SlugTaken` for a slug that was
/// given and is taken, `TranslationTaken`.
pub async fn edit(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    mut patch: ArticlePatch,
    saving: Saving,
) -> Result<ArticleView, Error> {
    let mut incoming = bodies::incoming(&mut patch, &ctx.app.site.url, saving.handling).await?;
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let before = check::opened(ctx, tx, id, Action::EditArticle)?;
        check::editable(ctx, &before)?;
        let apart = Apart::of(tx, &before, &basis, &patch, saving.merge)?;
        if before.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let mut article = before.clone();
        check::own_names(ctx, tx, &mut patch, &mut incoming, &before.content, Some(id))?;
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
        let (group, flaws) = translations::group_after(ctx, tx, group, Some(&before), flaws)?;
        article.translation_group = group;
        let place = |at| format!("/related/{at}");
        let (changes, more) = related::settled(ctx, tx, &mut article, Some(id), edited, place)?;
        let mut flaws = flaws.and(more);
        if saving.goes_live.is_some() {
            ctx.may_use(Action::MoveArticle(Move::Schedule))?;
        }
        goes_live(&before, &mut article, saving.goes_live)?;
        flaws = flaws.and(embargoed(&article));
        if flaws.0.is_empty() && article == before {
            return Ok(shown(ctx, tx, article)?.warning(incoming.warnings));
        }
        check::references(ctx, tx, &article, &before.content.body.linked_articles(), flaws)?;
        named(ctx, tx, &before, &mut article)?;
        apart.check(&before, &article)?;
        article.touch(ctx.actor.id, ctx.now);
        let reason = if saving.autosave {
            RevisionReason::Autosave
        } else {
            RevisionReason::Edit
        };
        save(ctx, tx, &before, &article, reason)?;
        Ok(shown(ctx, tx, article)?.warning(incoming.warnings).related(changes))
    })
    .await
}

/// That the article has a slug of its own in its language, and its language in its group, where the change is about those.
fn named(ctx: &Ctx, tx: &mut DbConn, before: &Article, article: &mut Article) -> Result<(), Error> {
    let locale = article.content.locale.clone();
    if article.slug != before.slug {
        article.slug = check::own_slug(tx, &locale, article.slug.clone(), Some(article.id))?;
    } else if locale != before.content.locale {
        article.slug = check::made_slug(tx, &locale, &article.slug, Some(article.id))?;
    }
    if (article.translation_group, &locale) != (before.translation_group, &before.content.locale) {
        translations::only_one(ctx, tx, article)?;
    }
    Ok(())
}

/// Which revision of an article with a time goes live then.
///
/// # Errors
/// `Parameter` where the article does not go live by itself.
fn goes_live(before: &Article, article: &mut Article, wanted: Option<GoesLive>) -> Result<(), Error> {
    let Some(wanted) = wanted else {
        return Ok(());
    };
    let times = article.schedule.as_mut().filter(|times| times.publish_at.is_some());
    let Some(times) = times else {
        let flaw = Flaw::new(Rule::NotAllowed, "is for articles that go live at a time that was set");
        return Err(Refusal::Parameter(flaw.at("goes_live")).into());
    };
    times.revision = match wanted {
        GoesLive::Latest => None,
        GoesLive::Scheduled => times.revision.or(Some(before.revision)),
    };
    Ok(())
}

/// That no embargo ends after the time at which the article goes live.
fn embargoed(article: &Article) -> Invalids {
    let at = article.schedule.as_ref().and_then(|times| times.publish_at);
    let ends = article.content.embargo_until;
    let flaw = || {
        Flaw::new(
            Rule::OutOfRange,
            "is later than the time at which the article goes live; set that anew",
        )
    };
    match at.zip(ends) {
        Some((at, ends)) if at < ends => flaw().at("/embargo_until").into(),
        _ => Invalids::default(),
    }
}

/// What others changed since the caller read the article, which the caller's change stays apart from.
struct Apart {
    theirs: Vec<ArticleField>,
    yours: Vec<ArticleField>,
}

impl Apart {
    /// # Errors
    /// `Stale`, unless the caller has seen the current revision or `merge` brings together what does not touch.
    fn of(tx: &mut DbConn, article: &Article, basis: &Basis, patch: &ArticlePatch, merge: bool) -> Result<Self, Error> {
        let yours = patch.fields();
        if basis.admits(article.revision) {
            return Ok(Self {
                theirs: Vec::new(),
                yours,
            });
        }
        let theirs = check::changed_since(tx, article, basis)?;
        match theirs {
            Some(theirs) if merge => {
                let apart = Self { theirs, yours };
                apart.none_of(article, &apart.yours)?;
                Ok(apart)
            }
            theirs => Err(check::stale(article, theirs.as_deref(), &yours)),
        }
    }

    /// A change can reach further than what was written: links follow a body.
    fn check(&self, before: &Article, article: &Article) -> Result<(), Error> {
        self.none_of(before, &article.changed_since(before))
    }

    fn none_of(&self, current: &Article, changed: &[ArticleField]) -> Result<(), Error> {
        if self.theirs.iter().any(|field| changed.contains(field)) {
            let all: Vec<ArticleField> = self.yours.iter().chain(changed).copied().collect();
            return Err(check::stale(current, Some(&self.theirs), &all));
        }
        Ok(())
    }
}
