//! What sections have of their own: they form a tree, and pages name a section with those above it.

use std::collections::HashSet;

use super::reading::below;
use super::taxonomy::{Counts, Kind, USES_SHOWN, article_uses};
use crate::domain::edition::section_card;
use crate::domain::id::{SectionId, UserId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::section::{MAX_DEPTH, Section, chain};
use crate::services::editions::reissue;
use crate::services::{Ctx, Error, Use};
use crate::store::{self, Constraint, DbConn, StoreError};

impl Kind for Section {
    const LIST: &'static str = "sections";
    const SLUG: Constraint = Constraint::SectionSlug;

    /// A parent that is there, no circle, not too deep.
    fn check(&self, tx: &mut DbConn) -> Result<(), Error> {
        let Some(parent_id) = self.parent_id else {
            return Ok(());
        };
        let refuse = |rule, message: &str| Err(Invalids::from(Flaw::new(rule, message).at("/parent_id")).into());
        let all = store::section::all(tx)?;
        if !all.iter().any(|other| other.id == parent_id) {
            return refuse(Rule::UnknownReference, "no section has this id");
        }
        if below(&all, HashSet::from([self.id])).contains(&parent_id) || parent_id == self.id {
            return refuse(Rule::NotAllowed, "a section cannot be below itself");
        }
        let depth_above = chain(&all, parent_id).len();
        if depth_above + height(&all, self.id) > MAX_DEPTH {
            return refuse(Rule::OutOfRange, &format!("sections nest at most {MAX_DEPTH} deep"));
        }
        Ok(())
    }

    /// Pages show the names of their section and of those above it, so a new name reaches all below. Where addresses name
    /// the section, its own pages move with its slug.
    fn refresh_pages(&self, before: &Self, ctx: &Ctx, tx: &mut DbConn) -> Result<(), Error> {
        let face = |one: &Self| (one.name.clone(), one.slug.clone(), one.parent_id);
        if face(self) == face(before) {
            return Ok(());
        }
        let all = store::section::all(tx)?;
        for section in below(&all, HashSet::from([self.id])) {
            let card = section_card(&chain(&all, section));
            for mut edition in store::edition::live_showing_section(tx, &[section])? {
                if edition.summary.rename_section(card.as_ref(), &ctx.app.site) {
                    reissue(ctx, tx, edition)?;
                }
            }
        }
        Ok(())
    }

    fn uses(tx: &mut DbConn, id: SectionId) -> Result<Vec<Use>, Error> {
        let all = store::section::all(tx)?;
        let children = all.iter().filter(|section| section.parent_id == Some(id));
        let mut uses: Vec<Use> = children
            .map(|child| Use {
                kind: "section",
                id: child.id.0,
                name: child.name.as_str().to_owned(),
            })
            .collect();
        uses.extend(article_uses(store::article::using_section(tx, id, USES_SHOWN)?));
        uses.truncate(USES_SHOWN);
        Ok(uses)
    }

    fn count(conn: &mut DbConn, ids: &[SectionId], own_of: Option<UserId>) -> Result<Counts<SectionId>, StoreError> {
        let working = store::count::working_in_sections(conn, ids, own_of)?;
        Ok((working, store::count::live_in_sections(conn, ids)?))
    }
}

/// How many levels a section and those below it take.
fn height(all: &[Section], id: SectionId) -> usize {
    let children = all.iter().filter(|section| section.parent_id == Some(id));
    1 + children.map(|child| height(all, child.id)).max().unwrap_or(0)
}
