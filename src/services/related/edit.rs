//! A change of the links of an article.

use super::settle::{own_items, settled};
use super::view::{LinkView, targets, views};
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::change::Change;
use crate::domain::id::{ArticleId, BlockId, RelatedLinkId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::{
    Edited, ListPlace, Placement, Related, RelatedChange, RelatedItem, RelatedItems, RelatedKind, RelatedLink,
    RelatedNew, RelatedPatch, Target,
};
use crate::domain::revision::{ArticleField, RevisionReason};
use crate::services::articles::check::held;
use crate::services::articles::keep::save;
use crate::services::{Basis, Ctx, Error, Refusal};
use crate::store::{self, DbConn};

/// The links of an article at a revision.
#[derive(Debug)]
pub struct ArticleLinks {
    pub links: Vec<LinkView>,
    pub revision: i32,
    /// What a write changed beside what it was asked for.
    pub changes: Vec<RelatedChange>,
    /// The link that was added.
    pub added: Option<RelatedLinkId>,
    /// The link back that was written at the target.
    pub back: Option<LinkBack>,
}

/// A link back, and the revision that its article has with it.
#[derive(Debug, Clone, Copy)]
pub struct LinkBack {
    pub article_id: ArticleId,
    pub link_id: RelatedLinkId,
    pub revision: i32,
}

/// The links of an article, in their order.
///
/// # Errors
/// `NotFound`.
pub async fn list(ctx: &Ctx, id: ArticleId) -> Result<ArticleLinks, Error> {
    ctx.read(move |ctx, conn| {
        let article = crate::services::articles::seen(ctx, conn, id)?;
        shown(ctx, conn, &article)
    })
    .await
}

/// One link of an article, with its place and the revision of the article.
///
/// # Errors
/// `NotFound`.
pub async fn read(ctx: &Ctx, id: ArticleId, link: RelatedLinkId) -> Result<(usize, LinkView, i32), Error> {
    let all = list(ctx, id).await?;
    let found = all.links.into_iter().enumerate().find(|(_, view)| view.link.id == link);
    let (position, view) = found.ok_or(Refusal::NotFound)?;
    Ok((position, view, all.revision))
}

/// Puts a whole list in the place of the one that is there.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`, `Invalid`.
pub async fn replace(ctx: &Ctx, id: ArticleId, basis: Basis, items: RelatedItems) -> Result<ArticleLinks, Error> {
    let change = move |ctx: &Ctx, tx: &mut DbConn, related: &mut Related| {
        let mut items = items;
        own_items(ctx, tx, &mut items.0)?;
        *related = related.replaced(items, "/items", ctx.app.ids.as_ref())?;
        Ok(None)
    };
    write(ctx, id, basis, None, |at| format!("/items/{at}"), change).await
}

/// Adds a link. With `reciprocal` the target gets one back, where it has none, which moves its revision too.
///
/// # Errors
/// As [`replace`].
pub async fn add(ctx: &Ctx, id: ArticleId, basis: Basis, new: RelatedNew) -> Result<ArticleLinks, Error> {
    let field = if new.url == Change::Keep { "/article_id" } else { "/url" };
    let back = matches!(new.reciprocal, Change::Set(true))
        .then(|| back_of(&new))
        .transpose()?;
    let after = after_block(&new.after_block);
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        if let Some((target, _)) = back {
            // Two who link to each other in the same moment wait for each other the same way round.
            let mut both = [id, target];
            both.sort();
            for one in both {
                store::article::for_update(tx, one)?;
            }
        }
        let change = move |ctx: &Ctx, tx: &mut DbConn, related: &mut Related| {
            let place = match new.position {
                Change::Set(place) => place,
                Change::Keep => ListPlace::End,
            };
            let mut item = RelatedItem::from(new);
            own_items(ctx, tx, std::slice::from_mut(&mut item))?;
            Ok(Some(related.add(item, place, ctx.app.ids.as_ref())?))
        };
        let mut links = written(ctx, tx, id, &basis, after.as_ref(), |_| field.to_owned(), change)?;
        if let Some((target, kind)) = back {
            links.back = link_back(ctx, tx, target, id, kind)?;
        }
        Ok(links)
    })
    .await
}

/// Changes a link, or moves it.
///
/// # Errors
/// As [`replace`]; `NotFound` where the article has no such link.
pub async fn patch(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    link: RelatedLinkId,
    patch: RelatedPatch,
) -> Result<ArticleLinks, Error> {
    let after = after_block(&patch.after_block);
    let change = move |_: &Ctx, _: &mut DbConn, related: &mut Related| {
        related.get(link).ok_or(Refusal::NotFound)?;
        related.patch(link, patch)?;
        Ok(None)
    };
    write(ctx, id, basis, after, |_| "/kind".to_owned(), change).await
}

/// Removes a link, with the blocks that show it.
///
/// # Errors
/// As [`patch`].
pub async fn remove(ctx: &Ctx, id: ArticleId, basis: Basis, link: RelatedLinkId) -> Result<ArticleLinks, Error> {
    let change = move |_: &Ctx, _: &mut DbConn, related: &mut Related| {
        related.get(link).ok_or(Refusal::NotFound)?;
        related.0.retain(|one| one.id != link);
        Ok(None)
    };
    write(ctx, id, basis, None, |_| String::new(), change).await
}

fn after_block(wanted: &Change<BlockId>) -> Option<BlockId> {
    match wanted {
        Change::Set(id) => Some(id.clone()),
        Change::Keep => None,
    }
}

async fn write(
    ctx: &Ctx,
    id: ArticleId,
    basis: Basis,
    after: Option<BlockId>,
    place: impl Fn(usize) -> String + Send + 'static,
    change: impl FnOnce(&Ctx, &mut DbConn, &mut Related) -> Result<Option<RelatedLinkId>, Error> + Send + 'static,
) -> Result<ArticleLinks, Error> {
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        written(ctx, tx, id, &basis, after.as_ref(), place, change)
    })
    .await
}

/// One change of links, with what follows for the body. A change that changes nothing leaves the revision.
fn written(
    ctx: &Ctx,
    tx: &mut DbConn,
    id: ArticleId,
    basis: &Basis,
    after: Option<&BlockId>,
    place: impl Fn(usize) -> String,
    change: impl FnOnce(&Ctx, &mut DbConn, &mut Related) -> Result<Option<RelatedLinkId>, Error>,
) -> Result<ArticleLinks, Error> {
    let yours = [ArticleField::Related, ArticleField::Body];
    let before = held(ctx, tx, id, basis, Action::EditArticle, &yours)?;
    if before.deleted_at.is_some() {
        return Err(Refusal::InTrash.into());
    }
    let mut article = before.clone();
    let added = change(ctx, tx, &mut article.content.related)?;
    let edited = Edited {
        before: &before.content.related,
        related: true,
        body: false,
        after,
    };
    let (changes, flaws) = settled(ctx, tx, &mut article, Some(id), edited, place)?;
    flaws.into_result()?;
    if article != before {
        article.touch(ctx.actor.id, ctx.now);
        save(ctx, tx, &before, &article, RevisionReason::Edit)?;
    }
    let links = shown(ctx, tx, &article)?;
    Ok(ArticleLinks {
        changes,
        added,
        ..links
    })
}

fn shown(ctx: &Ctx, conn: &mut DbConn, article: &Article) -> Result<ArticleLinks, Error> {
    let related = &article.content.related;
    let targets = targets(ctx, conn, std::iter::once(related))?;
    Ok(ArticleLinks {
        links: views(ctx, related, &targets),
        revision: article.revision,
        changes: Vec::new(),
        added: None,
        back: None,
    })
}

/// The article that a link back would stand in, and its kind.
fn back_of(new: &RelatedNew) -> Result<(ArticleId, RelatedKind), Invalids> {
    let kind = match new.kind {
        Change::Set(kind) => kind,
        Change::Keep => RelatedKind::Related,
    };
    let refuse = |message: &str| Flaw::new(Rule::NotAllowed, message).at("/reciprocal");
    let back = kind.back();
    let back = back.ok_or_else(|| refuse("a link of this kind has a direction, and none back"))?;
    match new.article_id {
        Change::Set(id) => Ok((id, back)),
        Change::Keep => Err(refuse("a page elsewhere cannot link back").into()),
    }
}

/// Writes the link back, where there is none yet.
fn link_back(
    ctx: &Ctx,
    tx: &mut DbConn,
    from: ArticleId,
    to: ArticleId,
    kind: RelatedKind,
) -> Result<Option<LinkBack>, Error> {
    let refuse = |rule, message: &str| Invalids::from(Flaw::new(rule, message).at("/reciprocal"));
    let held = held(ctx, tx, from, &Basis::Any, Action::EditArticle, &[]);
    let before = match held {
        Err(Error::Refused(Refusal::NotFound | Refusal::Forbidden)) => {
            return Err(refuse(Rule::NotAllowed, "the target is not yours to change").into());
        }
        other => other?,
    };
    if before.deleted_at.is_some() {
        return Err(refuse(Rule::NotAllowed, "the target is in the trash, where nothing is changed").into());
    }
    let mut article = before.clone();
    let related = &mut article.content.related;
    if related.0.iter().any(|link| link.target == Target::Article(to)) {
        return Ok(None);
    }
    if related.0.len() >= Related::MAX {
        return Err(refuse(Rule::TooMany, "the target has as many links as an article may have").into());
    }
    let link_id = RelatedLinkId(ctx.app.ids.uuid());
    related.0.push(RelatedLink {
        id: link_id,
        kind,
        placement: Placement::List,
        target: Target::Article(to),
        title: None,
        source: None,
        label_override: None,
    });
    article.touch(ctx.actor.id, ctx.now);
    save(ctx, tx, &before, &article, RevisionReason::Edit)?;
    Ok(Some(LinkBack {
        article_id: from,
        link_id,
        revision: article.revision,
    }))
}
