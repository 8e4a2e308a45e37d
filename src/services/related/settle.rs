//! What every write of links asks the store, and how links and body come together.

use std::collections::{BTreeSet, HashSet};

use crate::domain::article::Article;
use crate::domain::body::Body;
use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::{Edited, Related, RelatedChange, RelatedKind, Target};
use crate::services::{Ctx, Error};
use crate::store::{self, DbConn};

/// What there was before a write.
pub(in crate::services) struct Before<'a> {
    pub(in crate::services) related: &'a Related,
    /// `None` for an article that is being made.
    pub(in crate::services) article: Option<ArticleId>,
}

/// Checks the links of an article that was changed, and brings links and body together. `place` says where the link of a
/// number stood in what was sent. The flaws are answered with those of the rest.
pub(in crate::services) fn settled(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &mut Article,
    before: &Before<'_>,
    edited: Edited<'_>,
    place: impl Fn(usize) -> String,
) -> Result<(Vec<RelatedChange>, Invalids), Error> {
    if !edited.related && !edited.body {
        return Ok((Vec::new(), Invalids::default()));
    }
    let mut flaws = Invalids::default();
    if edited.related {
        for mut flaw in article.content.related.check(before.article, "").0 {
            let number = flaw.pointer.strip_prefix('/').and_then(|number| number.parse().ok());
            flaw.pointer = number.map_or_else(|| place(0), &place);
            flaws.add(flaw);
        }
    }
    for (pointer, id) in strangers(article, before, &edited, &place) {
        if store::article::existing(tx, &[id], ctx.own_only())?.is_empty() {
            flaws.add(Flaw::new(Rule::UnknownReference, "no article has this id").at(pointer));
        } else if Some(id) == before.article {
            flaws.add(Flaw::new(Rule::NotAllowed, "an article cannot link to itself").at(pointer));
        }
    }
    let changes = match article.content.settle_related(edited, ctx.app.ids.as_ref()) {
        Ok(changes) => changes,
        Err(more) => return Ok((Vec::new(), flaws.and(more))),
    };
    let flaws = flaws.and(circles(tx, article, before, &place)?);
    Ok((changes, flaws))
}

/// Articles that are named and were not linked to before, each with its place.
fn strangers(
    article: &Article,
    before: &Before<'_>,
    edited: &Edited<'_>,
    place: impl Fn(usize) -> String,
) -> Vec<(String, ArticleId)> {
    let known: HashSet<ArticleId> = before.related.articles().collect();
    let mut found = Vec::new();
    if edited.related {
        let links = article.content.related.0.iter().enumerate();
        // A link to the article itself is told of already.
        let others = links.filter(|(_, link)| link.target.article() != before.article);
        found.extend(others.filter_map(|(at, link)| Some((place(at), link.target.article()?))));
    }
    if edited.body {
        let places = article.content.body.links().into_iter();
        // What a block of a lost link says it led to is not asked for.
        let is_lost = |id| {
            let link = article.content.related.get(id);
            link.is_some_and(|link| matches!(link.target, Target::Deleted(_)))
        };
        found.extend(
            places
                .filter(|one| !one.link_id.is_some_and(is_lost))
                .filter_map(|one| {
                    let id = one.target.as_ref().and_then(Target::article)?;
                    Some((format!("{}{}", one.pointer, one.field), id))
                }),
        );
    }
    found.retain(|(_, id)| !known.contains(id));
    found
}

/// Links of kinds that have a direction, from which a way leads back to where they stand.
fn circles(
    tx: &mut DbConn,
    article: &Article,
    before: &Before<'_>,
    place: impl Fn(usize) -> String,
) -> Result<Invalids, Error> {
    let mut flaws = Invalids::default();
    let was = |target: &Target, kind| {
        let mut links = before.related.0.iter();
        links.any(|link| link.target == *target && link.kind == kind)
    };
    let mut held = false;
    for (at, link) in article.content.related.0.iter().enumerate() {
        let Some(target) = link.target.article().filter(|_| link.kind.is_directed()) else {
            continue;
        };
        if was(&link.target, link.kind) {
            continue;
        }
        if !held {
            store::hold::directions(tx)?;
            held = true;
        }
        if leads_back(tx, target, article.id, link.kind)? {
            let message = format!("a way of `{}` links leads back from there", link.kind.as_str());
            flaws.add(Flaw::new(Rule::NotAllowed, message).at(place(at)));
        }
    }
    Ok(flaws)
}

/// Whether links of a kind lead from one article to another, over however many.
fn leads_back(tx: &mut DbConn, from: ArticleId, to: ArticleId, kind: RelatedKind) -> Result<bool, Error> {
    let mut seen = BTreeSet::from([from]);
    let mut edge = vec![from];
    while !edge.is_empty() {
        if edge.contains(&to) {
            return Ok(true);
        }
        let next = store::related::next(tx, &edge, kind)?;
        edge = next.into_iter().filter(|id| seen.insert(*id)).collect();
    }
    Ok(false)
}

/// For a body that came in another form than blocks: lines that are related links become blocks, and blocks go whose links
/// or articles the caller knows none of, as other links do; how many went is answered.
pub(in crate::services) fn own_related(
    ctx: &Ctx,
    tx: &mut DbConn,
    body: &mut Body,
    before: &Related,
) -> Result<usize, Error> {
    body.find_related_lines(before);
    let named: BTreeSet<ArticleId> = body
        .links()
        .iter()
        .filter_map(|place| place.target.as_ref().and_then(Target::article))
        .collect();
    let named: Vec<ArticleId> = named.into_iter().collect();
    let mut known: HashSet<ArticleId> = store::article::existing(tx, &named, ctx.own_only())?
        .into_iter()
        .collect();
    known.extend(before.articles());
    Ok(body.drop_related(|place| {
        let is_there = place.link_id.is_some_and(|id| before.get(id).is_some());
        match &place.target {
            _ if is_there => true,
            Some(Target::Article(id)) => known.contains(id),
            Some(Target::Elsewhere(_)) => place.title.is_some(),
            Some(Target::Deleted(_)) | None => false,
        }
    }))
}
