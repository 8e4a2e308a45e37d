//! What every write of an article asks the store.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::access::{Action, Subject};
use crate::domain::article::{Article, ArticlePatch, Content};
use crate::domain::body::{Body, Link, WarningCode};
use crate::domain::change::Change;
use crate::domain::contributor::Contributor;
use crate::domain::id::{ArticleId, MediaId, ShortId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::locale::Locale;
use crate::domain::media::{MediaCard, MediaKind};
use crate::domain::revision::ArticleField;
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::tag::Tag;
use crate::domain::workflow::{Move, Status};
use crate::services::bodies::Incoming;
use crate::services::slugs::numbered;
use crate::services::{Basis, ChangedFields, Ctx, Current, Error, Refusal, media_uses, related};
use crate::store::media_use::Holder;
use crate::store::{self, DbConn, StoreError, TaxonRows as _};

/// Whether the caller's key is for a change of this article. Whoever changes what goes live by itself says what readers see.
pub(super) fn editable(ctx: &Ctx, article: &Article) -> Result<(), Error> {
    if article.goes_live_as_it_is() {
        ctx.may_use(Action::MoveArticle(Move::Schedule))?;
    }
    Ok(())
}

/// The article, held for writing, when the caller may do this to it.
pub(super) fn opened(ctx: &Ctx, tx: &mut DbConn, id: ArticleId, action: Action) -> Result<Article, Error> {
    ctx.may_use(action)?;
    let article = store::article::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    ctx.may(action, Some(subject(&article)))?;
    Ok(article)
}

/// The same, when the caller has seen its current revision too. `yours` are the fields that the caller would change.
pub(in crate::services) fn held(
    ctx: &Ctx,
    tx: &mut DbConn,
    id: ArticleId,
    basis: &Basis,
    action: Action,
    yours: &[ArticleField],
) -> Result<Article, Error> {
    let article = opened(ctx, tx, id, action)?;
    if action == Action::EditArticle {
        editable(ctx, &article)?;
    }
    if basis.admits(article.revision) {
        return Ok(article);
    }
    let theirs = changed_since(tx, &article, basis)?;
    Err(stale(&article, theirs.as_deref(), yours))
}

/// The article, held for a move that is possible, and where that leads.
pub(super) fn moving(
    ctx: &Ctx,
    tx: &mut DbConn,
    id: ArticleId,
    basis: &Basis,
    step: Move,
) -> Result<(Article, Status), Error> {
    let article = held(ctx, tx, id, basis, Action::MoveArticle(step), &[])?;
    if article.deleted_at.is_some() {
        return Err(Refusal::InTrash.into());
    }
    let from = article.status;
    let waits = article.schedule.is_some();
    let possible = |step: &Move| *step != Move::Unschedule || waits;
    let to = from.step(step, article.was_live()).filter(|_| possible(&step));
    let allowed = || from.moves(ctx.actor.role).into_iter().filter(possible).collect();
    let to = to.ok_or_else(|| Refusal::MoveNotAllowed {
        from,
        step,
        allowed: allowed(),
    })?;
    Ok((article, to))
}

/// The fields that changed since the caller read the article; `None` where that cannot be told.
pub(super) fn changed_since(
    tx: &mut DbConn,
    article: &Article,
    basis: &Basis,
) -> Result<Option<Vec<ArticleField>>, Error> {
    let Some(read) = basis.older_than(article.revision) else {
        return Ok(None);
    };
    Ok(store::revision::changed_after(tx, article.id, read)?)
}

/// The refusal of a write by somebody who has not seen what others changed.
pub(super) fn stale(article: &Article, theirs: Option<&[ArticleField]>, yours: &[ArticleField]) -> Error {
    let changed = theirs.map(|theirs| {
        let (also_yours, not_yours) = theirs.iter().partition(|field| yours.contains(field));
        ChangedFields { also_yours, not_yours }
    });
    let current = current(article);
    Refusal::Stale(Current { changed, ..current }).into()
}

pub(super) fn subject(article: &Article) -> Subject {
    Subject {
        created_by: article.created_by,
        status: article.status,
    }
}

pub(super) fn current(article: &Article) -> Current {
    Current {
        revision: article.revision,
        updated_at: article.updated_at,
        updated_by: Some(article.updated_by),
        changed: None,
    }
}

pub(super) fn slug_race(error: StoreError, slug: &Slug) -> Error {
    crate::services::error::slug_race(error, store::Constraint::ArticleSlug, slug)
}

/// A slug that was asked for by name: it is had as it is, or not at all.
pub(super) fn own_slug(tx: &mut DbConn, locale: &Locale, wanted: Slug, own: Option<ArticleId>) -> Result<Slug, Error> {
    store::hold::slug(tx, locale, &wanted)?;
    if store::article::slug_taken(tx, locale, &wanted, own)? {
        return Err(Refusal::SlugTaken(wanted).into());
    }
    Ok(wanted)
}

/// A slug that is made: the wanted one, or with the first number behind it that nobody has in this language.
pub(super) fn made_slug(
    tx: &mut DbConn,
    locale: &Locale,
    wanted: &Slug,
    own: Option<ArticleId>,
) -> Result<Slug, Error> {
    store::hold::slug(tx, locale, wanted)?;
    numbered(wanted, |slug| Ok(store::article::slug_taken(tx, locale, slug, own)?))
}

/// The slug that is made for a new article.
pub(super) fn slug_for(tx: &mut DbConn, content: &Content) -> Result<Slug, Error> {
    let wanted = Slug::from_text(content.headline.as_str(), content.kind.as_str());
    made_slug(tx, &content.locale, &wanted, None)
}

/// References to things that are not there, each at its place, after `flaws`, which were found before. What the article
/// linked to already is not asked after again: a change of the deck must not fail for a link that went dead.
pub(super) fn references(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &Article,
    linked: &BTreeSet<ArticleId>,
    mut flaws: Invalids,
) -> Result<(), Error> {
    let missing = |what: &str| Flaw::new(Rule::UnknownReference, format!("no {what} has this id"));
    let content = &article.content;
    if let Some(id) = content.section_id {
        if Section::by_id(tx, id)?.is_none() {
            flaws.add(missing("section").at("/section_id"));
        }
    }
    let wanted: Vec<_> = content
        .byline
        .contributors
        .0
        .iter()
        .map(|credit| credit.contributor_id)
        .collect();
    let found = Contributor::by_ids(tx, &wanted)?;
    for (at, id) in wanted.iter().enumerate() {
        if !found.iter().any(|contributor| contributor.id == *id) {
            flaws.add(missing("contributor").at(format!("/byline/contributors/{at}/contributor_id")));
        }
    }
    let found = Tag::by_ids(tx, &content.tag_ids.0)?;
    for (at, id) in content.tag_ids.0.iter().enumerate() {
        if !found.iter().any(|tag| tag.id == *id) {
            flaws.add(missing("tag").at(format!("/tag_ids/{at}")));
        }
    }
    let flaws_of_media = media_uses::unfit(tx, Some(Holder::Article(article.id)), &content.media())?;
    let mut flaws = flaws.and(flaws_of_media);
    // Who may not see an article must not learn by a link whether it is there.
    let own_of = ctx.own_only();
    let links = content.body.article_links();
    let targets: Vec<_> = content.body.linked_articles().into_iter().collect();
    let existing: HashSet<_> = store::article::existing(tx, &targets, own_of)?.into_iter().collect();
    for (pointer, id) in links {
        if id != article.id && !linked.contains(&id) && !existing.contains(&id) {
            flaws.add(missing("article").at(pointer));
        }
    }
    Ok(flaws.into_result()?)
}

/// Has what a patch says by addresses be said by ids: links that are given by an address of ours and, in a body that came in another
/// form than blocks, links, media and related links. What the writer knows none of goes, and is told. `before` is what the
/// patch changes, `own` the article, where it was there.
pub(super) fn own_names(
    ctx: &Ctx,
    tx: &mut DbConn,
    patch: &mut ArticlePatch,
    incoming: &mut Incoming,
    before: &Content,
    own: Option<ArticleId>,
) -> Result<(), Error> {
    if let (true, Change::Set(body)) = (incoming.warnings.is_some(), &mut patch.body) {
        let lost = own_links(ctx, tx, body, &before.body.linked_articles())?;
        incoming.lost(WarningCode::LinkDropped, "data-article-id", lost);
        let lost = own_media(tx, body, own)?;
        incoming.lost(WarningCode::ElementDropped, "data-media-id", lost);
        let lost = related::own_related(ctx, tx, body, before, own)?;
        incoming.lost(WarningCode::LinkDropped, "data-link-id", lost);
    }
    if let Change::Set(items) = &mut patch.related {
        related::own_items(ctx, tx, &mut items.0)?;
    }
    Ok(())
}

/// For a body that came in another form than blocks: links that lead to an article of this site by its address become links
/// by its id, so that they follow it. (One with a query or a fragment says more than that, and stays as it is.) Links by
/// ids that the caller knows nobody by go, as other links do that lead nowhere; how many is answered. `linked` are those
/// that the article had before.
fn own_links(ctx: &Ctx, tx: &mut DbConn, body: &mut Body, linked: &BTreeSet<ArticleId>) -> Result<usize, Error> {
    let (site, own_of) = (&ctx.app.site, ctx.own_only());
    let urls = body.link_urls().into_iter();
    let short_ids: HashSet<ShortId> = urls.filter_map(|url| site.short_id(url)).collect();
    let short_ids: Vec<ShortId> = short_ids.into_iter().collect();
    let found = store::article::by_short_ids(tx, &short_ids, own_of)?;
    let found: HashMap<ShortId, ArticleId> = found.into_iter().collect();
    let named: Vec<ArticleId> = body.linked_articles().into_iter().collect();
    let mut known: HashSet<ArticleId> = store::article::existing(tx, &named, own_of)?.into_iter().collect();
    known.extend(linked);
    let lost = Cell::new(0);
    body.change_links(|link| match (&link.article_id, &link.url) {
        (Some(id), _) if known.contains(id) => Some(link),
        (Some(_), _) => {
            lost.set(lost.get() + 1);
            None
        }
        (None, url) => {
            let article = url.as_ref().and_then(|url| found.get(&site.short_id(url.as_str())?));
            Some(article.map_or(link, |id| Link::to_article(*id)))
        }
    });
    Ok(lost.get())
}

/// For a body that came in another form than blocks: media that there are none of, or of another kind than their place is
/// for, go, as pictures from elsewhere do; how many is answered. Words that are a media's own are left to it. `holder` is
/// the article, where it was there before.
fn own_media(tx: &mut DbConn, body: &mut Body, holder: Option<ArticleId>) -> Result<usize, Error> {
    let places = body.media();
    let found = media_uses::shown_at(tx, &places)?;
    let before = match holder {
        Some(id) => store::media_use::of(tx, Holder::Article(id))?,
        None => BTreeSet::new(),
    };
    let fits = |id: MediaId, kind: MediaKind| {
        let found = found.iter().find(|one| one.id == id);
        found.is_some_and(|one| one.file.mime.kind() == kind && (one.deleted_at.is_none() || before.contains(&id)))
    };
    let lost = body.drop_media(fits);
    let cards: HashMap<MediaId, MediaCard> = found.iter().map(|one| (one.id, MediaCard::from(one))).collect();
    body.forget_inherited(|id| cards.get(&id));
    Ok(lost)
}
