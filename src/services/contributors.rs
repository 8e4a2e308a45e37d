//! Contributors: the people and organisations that bylines name.

use super::editions::reissue;
use super::reading::cursor;
use super::sections::USES_SHOWN;
use crate::domain::access::Action;
use crate::domain::change::Change;
use crate::domain::contributor::{Contributor, ContributorKind, ContributorPatch};
use crate::domain::id::ContributorId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByWord, Limit, Page};
use crate::domain::slug::Slug;
use crate::services::articles::Basis;
use crate::services::error::slug_race;
use crate::services::slugs::numbered;
use crate::services::{Ctx, Current, Error, Refusal, Use};
use crate::store::{self, Constraint, DbConn};

/// A page of contributors, by slug.
pub async fn list(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<Contributor>, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    let after: Option<ByWord> = cursor("contributors", after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let read = move |conn: &mut DbConn| {
        let rows = store::contributor::list(conn, after, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, "contributors", |one| {
            ByWord(one.slug.as_str().to_owned())
        }))
    };
    ctx.app.store.read(read).await
}

/// # Errors
/// `NotFound`.
pub async fn read(ctx: &Ctx, id: ContributorId) -> Result<Contributor, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    ctx.app
        .store
        .read(move |conn| store::contributor::by_id(conn, id)?.ok_or_else(|| Refusal::NotFound.into()))
        .await
}

/// Makes a contributor; only the name must be given.
///
/// # Errors
/// `Forbidden`, `Invalid`, `SlugTaken`.
pub async fn create(ctx: &Ctx, patch: ContributorPatch) -> Result<Contributor, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    let Change::Set(name) = patch.name.clone() else {
        return Err(Invalids::from(Flaw::new(Rule::Required, "`name` is missing").at("/name")).into());
    };
    let mut contributor = Contributor {
        id: ContributorId(ctx.app.ids.uuid()),
        slug: Slug::from_text(name.as_str(), "contributor"),
        name,
        kind: ContributorKind::Person,
        bio: None,
        url: None,
        revision: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        updated_by: Some(ctx.actor.id),
    };
    let made = patch.slug == Change::Keep;
    apply(patch, &mut contributor);
    let write = move |tx: &mut DbConn| {
        store::hold::names(tx)?;
        if made {
            contributor.slug = numbered(&contributor.slug, |slug| {
                Ok(store::contributor::slug_taken(tx, slug, None)?)
            })?;
        }
        free_slug(tx, &contributor)?;
        store::contributor::insert(tx, &contributor)
            .map_err(|error| slug_race(error, Constraint::ContributorSlug, &contributor.slug))?;
        Ok(contributor)
    };
    ctx.app.store.write(write).await
}

/// Applies a merge patch; live pages that name the contributor are issued anew with the new name.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `Invalid`, `SlugTaken`.
pub async fn edit(
    ctx: &Ctx,
    id: ContributorId,
    basis: impl Basis,
    patch: ContributorPatch,
) -> Result<Contributor, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            let before = held(&ctx, tx, id, &basis)?;
            let mut contributor = before.clone();
            apply(patch, &mut contributor);
            if contributor == before {
                return Ok(contributor);
            }
            free_slug(tx, &contributor)?;
            contributor.revision += 1;
            contributor.updated_at = ctx.now;
            contributor.updated_by = Some(ctx.actor.id);
            let written = store::contributor::update(tx, &contributor, before.revision)
                .map_err(|error| slug_race(error, Constraint::ContributorSlug, &contributor.slug))?;
            if !written {
                return Err(Refusal::Stale(current(&before)).into());
            }
            let face = |one: &Contributor| (one.name.clone(), one.slug.clone(), one.kind, one.url.clone());
            if face(&contributor) != face(&before) {
                refresh_pages(&ctx, tx, &contributor)?;
            }
            Ok(contributor)
        })
        .await
}

/// Deletes a contributor whom no article names.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InUse` with the first articles that name them.
pub async fn delete(ctx: &Ctx, id: ContributorId, basis: impl Basis) -> Result<(), Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            held(&ctx, tx, id, &basis)?;
            let articles = store::article::using_contributor(tx, id, USES_SHOWN)?;
            if !articles.is_empty() {
                let uses = articles.into_iter().map(|(id, name)| Use {
                    kind: "article",
                    id: id.0,
                    name,
                });
                return Err(Refusal::InUse(uses.collect()).into());
            }
            store::contributor::delete(tx, id)?;
            Ok(())
        })
        .await
}

fn held(ctx: &Ctx, tx: &mut DbConn, id: ContributorId, basis: &impl Basis) -> Result<Contributor, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    store::hold::names(tx)?;
    let contributor = store::contributor::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    if basis.admits(contributor.revision) {
        Ok(contributor)
    } else {
        Err(Refusal::Stale(current(&contributor)).into())
    }
}

/// Pages show who made them, so a new name reaches all that name the contributor.
fn refresh_pages(ctx: &Ctx, tx: &mut DbConn, contributor: &Contributor) -> Result<(), Error> {
    for mut edition in store::edition::live_showing_contributor(tx, contributor.id)? {
        if edition.summary.byline.rename(contributor) {
            reissue(ctx, tx, edition)?;
        }
    }
    Ok(())
}

fn current(contributor: &Contributor) -> Current {
    Current {
        revision: contributor.revision,
        updated_at: contributor.updated_at,
        updated_by: contributor.updated_by,
    }
}

fn apply(patch: ContributorPatch, contributor: &mut Contributor) {
    patch.name.apply(&mut contributor.name);
    patch.slug.apply(&mut contributor.slug);
    patch.kind.apply(&mut contributor.kind);
    patch.bio.apply(&mut contributor.bio);
    patch.url.apply(&mut contributor.url);
}

fn free_slug(tx: &mut DbConn, contributor: &Contributor) -> Result<(), Error> {
    if store::contributor::slug_taken(tx, &contributor.slug, Some(contributor.id))? {
        return Err(Refusal::SlugTaken(contributor.slug.clone()).into());
    }
    Ok(())
}
