//! Sections: the tree that a site is ordered by.

use std::collections::HashSet;

use super::reading::{below, cursor};
use crate::domain::access::Action;
use crate::domain::change::Change;
use crate::domain::edition::section_card;
use crate::domain::id::SectionId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByWord, Limit, Page};
use crate::domain::section::{MAX_DEPTH, Section, SectionPatch, chain};
use crate::domain::slug::Slug;
use crate::services::articles::Basis;
use crate::services::editions::reissue;
use crate::services::error::slug_race;
use crate::services::slugs::numbered;
use crate::services::{Ctx, Current, Error, Refusal, Use};
use crate::store::{self, Constraint, DbConn};

/// How many uses a refusal to delete names.
pub(super) const USES_SHOWN: usize = 20;

/// A page of sections, by slug.
pub async fn list(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<Section>, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    let after: Option<ByWord> = cursor("sections", after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    let read = move |conn: &mut DbConn| {
        let rows = store::section::list(conn, after, limit.get() + 1)?;
        Ok(Page::cut(rows, limit, "sections", |section| {
            ByWord(section.slug.as_str().to_owned())
        }))
    };
    ctx.app.store.read(read).await
}

/// # Errors
/// `NotFound`.
pub async fn read(ctx: &Ctx, id: SectionId) -> Result<Section, Error> {
    ctx.may(Action::ReadTaxonomy, None)?;
    ctx.app
        .store
        .read(move |conn| store::section::by_id(conn, id)?.ok_or_else(|| Refusal::NotFound.into()))
        .await
}

/// Makes a section; only the name must be given.
///
/// # Errors
/// `Forbidden`, `Invalid`, `SlugTaken`.
pub async fn create(ctx: &Ctx, patch: SectionPatch) -> Result<Section, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    let Change::Set(name) = patch.name.clone() else {
        return Err(Invalids::from(Flaw::new(Rule::Required, "`name` is missing").at("/name")).into());
    };
    let mut section = Section {
        id: SectionId(ctx.app.ids.uuid()),
        slug: Slug::from_text(name.as_str(), "section"),
        name,
        description: None,
        parent_id: None,
        position: 0,
        revision: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        updated_by: Some(ctx.actor.id),
    };
    let made = patch.slug == Change::Keep;
    apply(patch, &mut section);
    let write = move |tx: &mut DbConn| {
        store::hold::names(tx)?;
        if made {
            section.slug = numbered(&section.slug, |slug| Ok(store::section::slug_taken(tx, slug, None)?))?;
        }
        check(tx, &section)?;
        store::section::insert(tx, &section)
            .map_err(|error| slug_race(error, Constraint::SectionSlug, &section.slug))?;
        Ok(section)
    };
    ctx.app.store.write(write).await
}

/// Applies a merge patch; live pages that name the section are issued anew with its new name.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `Invalid`, `SlugTaken`.
pub async fn edit(ctx: &Ctx, id: SectionId, basis: impl Basis, patch: SectionPatch) -> Result<Section, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            let before = held(&ctx, tx, id, &basis)?;
            let mut section = before.clone();
            apply(patch, &mut section);
            if section == before {
                return Ok(section);
            }
            check(tx, &section)?;
            section.revision += 1;
            section.updated_at = ctx.now;
            section.updated_by = Some(ctx.actor.id);
            let written = store::section::update(tx, &section, before.revision)
                .map_err(|error| slug_race(error, Constraint::SectionSlug, &section.slug))?;
            if !written {
                return Err(Refusal::Stale(current(&before)).into());
            }
            let face = |one: &Section| (one.name.clone(), one.slug.clone(), one.parent_id);
            if face(&section) != face(&before) {
                refresh_pages(&ctx, tx, id)?;
            }
            Ok(section)
        })
        .await
}

/// Deletes a section that nothing refers to.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InUse` with the first articles or sections that use it.
pub async fn delete(ctx: &Ctx, id: SectionId, basis: impl Basis) -> Result<(), Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            held(&ctx, tx, id, &basis)?;
            let all = store::section::all(tx)?;
            let children = all.iter().filter(|section| section.parent_id == Some(id));
            let mut uses: Vec<Use> = children
                .map(|child| Use {
                    kind: "section",
                    id: child.id.0,
                    name: child.name.as_str().to_owned(),
                })
                .collect();
            let articles = store::article::using_section(tx, id, USES_SHOWN)?;
            uses.extend(articles.into_iter().map(|(id, name)| Use {
                kind: "article",
                id: id.0,
                name,
            }));
            uses.truncate(USES_SHOWN);
            if !uses.is_empty() {
                return Err(Refusal::InUse(uses).into());
            }
            store::section::delete(tx, id)?;
            Ok(())
        })
        .await
}

fn held(ctx: &Ctx, tx: &mut DbConn, id: SectionId, basis: &impl Basis) -> Result<Section, Error> {
    ctx.may(Action::EditTaxonomy, None)?;
    store::hold::names(tx)?;
    let section = store::section::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
    if basis.admits(section.revision) {
        Ok(section)
    } else {
        Err(Refusal::Stale(current(&section)).into())
    }
}

fn current(section: &Section) -> Current {
    Current {
        revision: section.revision,
        updated_at: section.updated_at,
        updated_by: section.updated_by,
    }
}

fn apply(patch: SectionPatch, section: &mut Section) {
    patch.name.apply(&mut section.name);
    patch.slug.apply(&mut section.slug);
    patch.description.apply(&mut section.description);
    patch.parent_id.apply(&mut section.parent_id);
    if let Change::Set(position) = patch.position {
        section.position = position.0;
    }
}

/// A free slug, a parent that is there, no circle, not too deep.
fn check(tx: &mut DbConn, section: &Section) -> Result<(), Error> {
    if store::section::slug_taken(tx, &section.slug, Some(section.id))? {
        return Err(Refusal::SlugTaken(section.slug.clone()).into());
    }
    let Some(parent_id) = section.parent_id else {
        return Ok(());
    };
    let refuse = |rule, message: &str| Err(Invalids::from(Flaw::new(rule, message).at("/parent_id")).into());
    let all = store::section::all(tx)?;
    if !all.iter().any(|other| other.id == parent_id) {
        return refuse(Rule::UnknownReference, "no section has this id");
    }
    if below(&all, HashSet::from([section.id])).contains(&parent_id) || parent_id == section.id {
        return refuse(Rule::NotAllowed, "a section cannot be below itself");
    }
    let depth_above = chain(&all, parent_id).len();
    if depth_above + height(&all, section.id) > MAX_DEPTH {
        return refuse(Rule::OutOfRange, &format!("sections nest at most {MAX_DEPTH} deep"));
    }
    Ok(())
}

/// How many levels a section and those below it take.
fn height(all: &[Section], id: SectionId) -> usize {
    let children = all.iter().filter(|section| section.parent_id == Some(id));
    1 + children.map(|child| height(all, child.id)).max().unwrap_or(0)
}

/// Pages show the names of their section and of those above it, so a new name reaches all below. Where addresses name the
/// section, its own pages move with its slug.
fn refresh_pages(ctx: &Ctx, tx: &mut DbConn, id: SectionId) -> Result<(), Error> {
    let all = store::section::all(tx)?;
    for section in below(&all, HashSet::from([id])) {
        let card = section_card(&chain(&all, section));
        for mut edition in store::edition::live_showing_section(tx, &[section])? {
            if edition.summary.rename_section(card.as_ref(), &ctx.app.site) {
                reissue(ctx, tx, edition)?;
            }
        }
    }
    Ok(())
}
