//! What editors do with sections, contributors and tags, in the same way with each. What differs is told by [`Kind`].

use std::collections::HashMap;

use super::reading::{by_slug, cursor};
use crate::domain::access::Action;
use crate::domain::audit::{AuditAction, Deed};
use crate::domain::change::Change;
use crate::domain::id::{ArticleId, UserId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{Limit, Page, Place};
use crate::domain::slug::Slug;
use crate::domain::taxon::{Stamp, Taxon};
use crate::services::error::slug_race;
use crate::services::slugs::numbered;
use crate::services::{Basis, Ctx, Current, Error, Refusal, Use, audit};
use crate::store::{self, Constraint, DbConn, StoreError, TaxonRows};

/// How many uses a refusal to delete names.
pub(super) const USES_SHOWN: usize = 20;

/// What one kind has of its own.
pub trait Kind: TaxonRows {
    /// What cursors of its list are bound to.
    const LIST: &'static str;
    /// What tells that its slug is taken.
    const SLUG: Constraint;

    /// What must hold of it besides a free slug.
    fn check(&self, _: &mut DbConn) -> Result<(), Error> {
        Ok(())
    }

    /// Remembers which media it shows.
    fn remember_media(&self, _: &mut DbConn) -> Result<(), StoreError> {
        Ok(())
    }

    /// Forgets which media one shows that goes.
    fn forget_media(_: &mut DbConn, _: Self::Id) -> Result<(), StoreError> {
        Ok(())
    }

    /// After a change: live pages that name it show it as it is now.
    fn refresh_pages(&self, before: &Self, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error>;

    /// The first of what refers to it.
    fn uses(tx: &mut DbConn, id: Self::Id) -> Result<Vec<Use>, Error>;

    /// How many articles name each of `ids`: working copies outside the trash (with `own_of` only those of this user), and
    /// live ones.
    fn count(conn: &mut DbConn, ids: &[Self::Id], own_of: Option<UserId>) -> Result<Counts<Self::Id>, StoreError>;
}

/// Numbers of articles by what they name, working copies and live ones.
pub type Counts<Id> = (HashMap<Id, i64>, HashMap<Id, i64>);

/// One of a kind, and how many articles name it.
#[derive(Debug, Clone)]
pub struct Counted<T> {
    pub one: T,
    /// Working copies outside the trash, as far as the caller may know of them.
    pub working: i64,
    pub live: i64,
}

/// A page, by slug.
///
/// # Errors
/// `BadCursor`.
pub async fn list<T: Kind>(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<Counted<T>>, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    let from = cursor(T::LIST, after.as_deref())?.map(Place::after);
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let rows = T::list(conn, from, limit.get() + 1)?;
        let page = Page::cut(rows, limit, T::LIST, by_slug);
        let ids: Vec<_> = page.items.iter().map(Taxon::id).collect();
        let counts = T::count(conn, &ids, ctx.own_only())?;
        Ok(page.map(|one| with_counts(one, &counts)))
    };
    ctx.read(read).await
}

/// # Errors
/// `NotFound`.
pub async fn read<T: Kind>(ctx: &Ctx, id: T::Id) -> Result<Counted<T>, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    let read = move |ctx: &Ctx, conn: &mut DbConn| {
        let one = T::by_id(conn, id)?.ok_or(Refusal::NotFound)?;
        counted(conn, one, ctx.own_only())
    };
    ctx.read(read).await
}

/// Makes one; only the name must be given.
///
/// # Errors
/// `Forbidden`, `Invalid`, `SlugTaken`.
pub async fn create<T: Kind>(ctx: &Ctx, patch: T::Patch) -> Result<Counted<T>, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    let (name, slug) = T::asked(&patch);
    let Change::Set(name) = name.clone() else {
        return Err(Invalids::from(Flaw::new(Rule::Required, "`name` is missing").at("/name")).into());
    };
    let slug = slug.clone();
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let slug = match slug {
            Change::Set(slug) => slug,
            Change::Keep => {
                let wanted = Slug::from_text(name.as_str(), T::NOUN);
                numbered(&wanted, |slug| Ok(T::slug_taken(tx, slug, None)?))?
            }
        };
        let mut one = T::new(ctx.app.ids.uuid(), name, slug, Stamp::new(ctx.actor.id, ctx.now));
        one.apply(patch);
        check(tx, &one)?;
        T::insert(tx, &one).map_err(|error| slug_race(error, T::SLUG, one.slug()))?;
        one.remember_media(tx)?;
        record(ctx, tx, AuditAction::Create, &one, Vec::new())?;
        counted(tx, one, ctx.own_only())
    };
    ctx.write_holding(store::hold::names, write).await
}

/// Applies a merge patch; live pages that name it are issued anew with its new name. A patch that changes nothing leaves
/// the revision where it is.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `Invalid`, `SlugTaken`.
pub async fn edit<T: Kind>(ctx: &Ctx, id: T::Id, basis: Basis, patch: T::Patch) -> Result<Counted<T>, Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let before: T = held(ctx, tx, id, &basis)?;
        let mut one = before.clone();
        one.apply(patch);
        if one == before {
            return counted(tx, one, ctx.own_only());
        }
        check(tx, &one)?;
        one.stamp_mut().touch(ctx.actor.id, ctx.now);
        let written =
            T::update(tx, &one, before.stamp().revision).map_err(|error| slug_race(error, T::SLUG, one.slug()))?;
        if !written {
            return Err(Refusal::Stale(current(&before)).into());
        }
        one.remember_media(tx)?;
        one.refresh_pages(&before, ctx, tx)?;
        record(ctx, tx, AuditAction::Edit, &one, one.changed_since(&before))?;
        counted(tx, one, ctx.own_only())
    };
    ctx.write_holding(store::hold::names, write).await
}

/// Deletes one that nothing refers to.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InUse` with the first of what refers to it.
pub async fn delete<T: Kind>(ctx: &Ctx, id: T::Id, basis: Basis) -> Result<(), Error> {
    let write = move |ctx: &Ctx, tx: &mut DbConn| {
        let one = held::<T>(ctx, tx, id, &basis)?;
        let uses = T::uses(tx, id)?;
        if !uses.is_empty() {
            return Err(Refusal::InUse(uses).into());
        }
        T::forget_media(tx, id)?;
        T::delete(tx, id)?;
        record(ctx, tx, AuditAction::Delete, &one, Vec::new())
    };
    ctx.write_holding(store::hold::names, write).await
}

/// Writes down what was done to one.
fn record<T: Kind>(
    ctx: &Ctx,
    tx: &mut DbConn,
    action: AuditAction,
    one: &T,
    changed: Vec<&'static str>,
) -> Result<(), Error> {
    let deed = deed(action, one).at_revision(one.stamp().revision).changing(changed);
    Ok(audit::record(ctx, tx, &deed)?)
}

pub(super) fn deed<T: Kind>(action: AuditAction, one: &T) -> Deed {
    let (kind, id) = one.audited();
    Deed::new(action, kind, id, one.name().as_str())
}

/// Held for writing, when the caller may change it and has seen its current revision. Names are held by then.
pub(super) fn held<T: Kind>(ctx: &Ctx, tx: &mut DbConn, id: T::Id, basis: &Basis) -> Result<T, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    let one = T::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    if basis.admits(one.stamp().revision) {
        Ok(one)
    } else {
        Err(Refusal::Stale(current(&one)).into())
    }
}

/// One with its numbers.
pub(super) fn counted<T: Kind>(conn: &mut DbConn, one: T, own_of: Option<UserId>) -> Result<Counted<T>, Error> {
    let counts = T::count(conn, &[one.id()], own_of)?;
    Ok(with_counts(one, &counts))
}

/// Articles as uses.
pub(super) fn article_uses(articles: Vec<(ArticleId, String)>) -> Vec<Use> {
    let named = articles.into_iter().map(|(id, name)| Use {
        kind: "article",
        id: id.0,
        name,
    });
    named.collect()
}

fn with_counts<T: Kind>(one: T, (working, live): &Counts<T::Id>) -> Counted<T> {
    let of = |counts: &HashMap<T::Id, i64>| counts.get(&one.id()).copied().unwrap_or(0);
    let (working, live) = (of(working), of(live));
    Counted { one, working, live }
}

fn check<T: Kind>(tx: &mut DbConn, one: &T) -> Result<(), Error> {
    if T::slug_taken(tx, one.slug(), Some(one.id()))? {
        return Err(Refusal::SlugTaken(one.slug().clone()).into());
    }
    one.check(tx)
}

fn current<T: Kind>(one: &T) -> Current {
    let stamp = one.stamp();
    Current {
        revision: stamp.revision,
        updated_at: stamp.updated_at,
        updated_by: stamp.updated_by,
        changed: None,
    }
}
