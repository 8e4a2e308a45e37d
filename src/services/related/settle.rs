//! What every write of links asks the store, and how links and body come together.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::domain::article::{Article, Content};
use crate::domain::body::Body;
use crate::domain::id::{ArticleId, ShortId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::{Edited, Related, RelatedChange, RelatedItem, RelatedKind, Target};
use crate::domain::web::WebUrl;
use crate::services::{Ctx, Error};
use crate::store::{self, DbConn};

/// Most articles from which links with a direction may lead to one article.
const MOST_ON_A_WAY: usize = 2_000;

/// Checks the links of an article that was changed, and brings links and body together. `own` is the article, where it was there
/// before; `place` says where the link of a number stood in what was sent. The flaws are answered with those of the rest.
pub(in crate::services) fn settled(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &mut Article,
    own: Option<ArticleId>,
    edited: Edited<'_>,
    place: impl Fn(usize) -> String,
) -> Result<(Vec<RelatedChange>, Invalids), Error> {
    if !edited.related && !edited.body {
        return Ok((Vec::new(), Invalids::default()));
    }
    if edited.body {
        own_pages(ctx, tx, &mut article.content.body, &article.content.related)?;
    }
    let mut flaws = Invalids::default();
    if edited.related {
        for mut flaw in article.content.related.check(own, "").0 {
            let number = flaw.pointer.strip_prefix('/').and_then(|number| number.parse().ok());
            flaw.pointer = number.map_or_else(|| place(0), &place);
            flaws.add(flaw);
        }
    }
    let flaws = flaws.and(unfit(ctx, tx, article, own, &edited, &place)?);
    let changes = match article.content.settle_related(edited, ctx.app.ids.as_ref()) {
        Ok(changes) => changes,
        Err(more) => return Ok((Vec::new(), flaws.and(more))),
    };
    let flaws = flaws.and(circles(tx, article, edited.before, &place)?);
    Ok((changes, flaws))
}

/// Articles that are named and that the caller knows none of, and those that a lost link is said to lead to though they are there.
fn unfit(
    ctx: &Ctx,
    tx: &mut DbConn,
    article: &Article,
    own: Option<ArticleId>,
    edited: &Edited<'_>,
    place: impl Fn(usize) -> String,
) -> Result<Invalids, Error> {
    let known: HashSet<ArticleId> = edited.before.articles().collect();
    let mut named: Vec<(String, ArticleId, bool)> = Vec::new();
    if edited.related {
        let links = article.content.related.0.iter().enumerate();
        // A link to the article itself is told of already.
        let others = links.filter(|(_, link)| link.target.article() != own);
        named.extend(others.filter_map(|(at, link)| Some((place(at), link.target.article()?, false))));
    }
    if edited.body {
        named.extend(named_in_body(article));
    }
    named.retain(|(_, id, is_lost)| *is_lost || !known.contains(id));
    let ids: Vec<ArticleId> = named.iter().map(|(_, id, _)| *id).collect();
    let there = store::article::existing(tx, &ids, ctx.own_only())?;
    let there: HashSet<ArticleId> = there.into_iter().collect();
    let mut flaws = Invalids::default();
    for (pointer, id, is_lost) in named {
        let flaw = match (is_lost, there.contains(&id)) {
            // What is gone may be named by who read the body before; what is there is another target.
            (true, true) => Flaw::new(
                Rule::NotAllowed,
                "the link leads elsewhere; another target is another link",
            ),
            (false, false) => Flaw::new(Rule::UnknownReference, "no article has this id"),
            (false, true) if Some(id) == own => Flaw::new(Rule::NotAllowed, "an article cannot link to itself"),
            (true, false) | (false, true) => continue,
        };
        flaws.add(flaw.at(pointer));
    }
    Ok(flaws)
}

/// Articles that blocks name, each with its place, and whether the link of the block lost its target.
fn named_in_body(article: &Article) -> impl Iterator<Item = (String, ArticleId, bool)> {
    article.content.body.links().into_iter().filter_map(|place| {
        let id = place.target.as_ref().and_then(Target::article)?;
        let link = place.link_id.and_then(|id| article.content.related.get(id));
        let is_lost = link.is_some_and(|link| matches!(link.target, Target::Deleted(_)));
        Some((format!("{}{}", place.pointer, place.field), id, is_lost))
    })
}

/// Links of kinds that have a direction, from which a way leads back to where they stand.
fn circles(
    tx: &mut DbConn,
    article: &Article,
    before: &Related,
    place: impl Fn(usize) -> String,
) -> Result<Invalids, Error> {
    let mut flaws = Invalids::default();
    let was = |target: &Target, kind| {
        let mut links = before.0.iter();
        links.any(|link| link.target == *target && link.kind == kind)
    };
    let links = article.content.related.0.iter().enumerate();
    let new: Vec<(usize, ArticleId, RelatedKind)> = links
        .filter(|(_, link)| link.kind.is_directed() && !was(&link.target, link.kind))
        .filter_map(|(at, link)| Some((at, link.target.article()?, link.kind)))
        .collect();
    if !new.is_empty() {
        store::hold::directions(tx)?;
    }
    let mut leading: HashMap<&str, Option<BTreeSet<ArticleId>>> = HashMap::new();
    for (at, target, kind) in new {
        let known = leading.contains_key(kind.as_str());
        if !known {
            leading.insert(kind.as_str(), leading_to(tx, article.id, kind)?);
        }
        let message = match leading.get(kind.as_str()) {
            Some(Some(all)) if all.contains(&target) => {
                format!("a way of `{}` links leads back from there", kind.as_str())
            }
            Some(Some(_)) => continue,
            Some(None) | None => format!(
                "more than {MOST_ON_A_WAY} articles lead here by `{}` links",
                kind.as_str()
            ),
        };
        flaws.add(Flaw::new(Rule::NotAllowed, message).at(place(at)));
    }
    Ok(flaws)
}

/// The articles from which links of a kind lead to one, over however many, itself among them; `None` where they are too many to
/// walk through while others wait to write.
fn leading_to(tx: &mut DbConn, to: ArticleId, kind: RelatedKind) -> Result<Option<BTreeSet<ArticleId>>, Error> {
    let mut seen = BTreeSet::from([to]);
    let mut edge = vec![to];
    while !edge.is_empty() {
        let before = store::related::before(tx, &edge, kind, MOST_ON_A_WAY)?;
        edge = before.into_iter().filter(|id| seen.insert(*id)).collect();
        if seen.len() > MOST_ON_A_WAY {
            return Ok(None);
        }
    }
    Ok(Some(seen))
}

/// For a body that came in another form than blocks: lines that are related links become blocks, and blocks go whose links
/// or articles the caller knows none of, as other links do; how many went is answered.
pub(in crate::services) fn own_related(
    ctx: &Ctx,
    tx: &mut DbConn,
    body: &mut Body,
    before: &Content,
    own: Option<ArticleId>,
) -> Result<usize, Error> {
    let known = &before.related;
    body.find_related_lines(known, &before.body, own);
    own_pages(ctx, tx, body, known)?;
    let named: BTreeSet<ArticleId> = body
        .links()
        .iter()
        .filter_map(|place| place.target.as_ref().and_then(Target::article))
        .collect();
    let named: Vec<ArticleId> = named.into_iter().collect();
    let mut there: HashSet<ArticleId> = store::article::existing(tx, &named, ctx.own_only())?
        .into_iter()
        .collect();
    there.extend(known.articles());
    Ok(body.drop_related(|place| {
        let is_there = place.link_id.is_some_and(|id| known.get(id).is_some());
        match &place.target {
            Some(Target::Article(id)) if Some(*id) == own => false,
            _ if is_there => true,
            Some(Target::Article(id)) => there.contains(id),
            Some(Target::Elsewhere(_)) => place.title.is_some(),
            Some(Target::Deleted(_)) | None => false,
        }
    }))
}

/// Blocks that lead to an address of ours lead to the article that is there, unless their link is kept as one to a page elsewhere.
fn own_pages(ctx: &Ctx, tx: &mut DbConn, body: &mut Body, related: &Related) -> Result<(), Error> {
    let places = body.links();
    let urls = places
        .iter()
        .filter_map(|place| place.target.as_ref().and_then(Target::url));
    let found = articles_at(ctx, tx, urls)?;
    if !found.is_empty() {
        let stays = |id| related.get(id).is_some_and(|link| link.target.url().is_some());
        body.own_pages(stays, |url| at(ctx, &found, url));
    }
    Ok(())
}

/// Has new links that are given by an address of ours lead to the article that is there: they follow it, and show at it.
pub(in crate::services) fn own_items(ctx: &Ctx, tx: &mut DbConn, items: &mut [RelatedItem]) -> Result<(), Error> {
    let found = articles_at(ctx, tx, items.iter().filter_map(RelatedItem::page))?;
    for item in items {
        if let Some(id) = item.page().and_then(|url| at(ctx, &found, url)) {
            item.lead_to(id);
        }
    }
    Ok(())
}

fn at(ctx: &Ctx, found: &HashMap<ShortId, ArticleId>, url: &WebUrl) -> Option<ArticleId> {
    found.get(&ctx.app.site.short_id(url.as_str())?).copied()
}

/// The articles of ours that stand at these addresses, as far as the caller may know of them.
fn articles_at<'a>(
    ctx: &Ctx,
    tx: &mut DbConn,
    urls: impl Iterator<Item = &'a WebUrl>,
) -> Result<HashMap<ShortId, ArticleId>, Error> {
    let short_ids: HashSet<ShortId> = urls.filter_map(|url| ctx.app.site.short_id(url.as_str())).collect();
    let short_ids: Vec<ShortId> = short_ids.into_iter().collect();
    let found = store::article::by_short_ids(tx, &short_ids, ctx.own_only())?;
    Ok(found.into_iter().collect())
}
