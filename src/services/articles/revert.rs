//! Going back to an older revision, which is a step forward: nothing is overwritten.

use std::collections::HashSet;

use super::keep::save;
use super::read::{ArticleView, shown};
use super::revisions::kept;
use super::{check, translations};
use crate::domain::access::Action;
use crate::domain::article::{Article, Content};
use crate::domain::contributor::Contributor;
use crate::domain::id::{ArticleId, MediaId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::{Edited, Target};
use crate::domain::revision::{RevisionReason, Snapshot, Why};
use crate::domain::section::Section;
use crate::domain::tag::Tag;
use crate::services::{Basis, Ctx, Error, Refusal, media_uses, related};
use crate::store::media_use::Holder;
use crate::store::{self, DbConn, TaxonRows as _};

/// Puts what an older revision holds in the place of what is there, as a new revision. What it names and is no longer there is
/// left out, and told; so is its slug where another has it by now. The group of translations stays, and so does an embargo.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Stale`, `InTrash`; `Invalid` for a revision that is not there; `TranslationTaken`.
pub async fn revert(ctx: &Ctx, id: ArticleId, basis: Basis, number: i32) -> Result<ArticleView, Error> {
    let ctx = ctx.clone();
    let store = ctx.app.store.clone();
    store
        .write(move |tx| {
            store::hold::pages(tx)?;
            let before = check::held(&ctx, tx, id, &basis, Action::EditArticle, &[])?;
            if before.deleted_at.is_some() {
                return Err(Refusal::InTrash.into());
            }
            let missing = || Flaw::new(Rule::UnknownReference, "is no revision of this article").at("/revision");
            let older = kept(tx, id, number)?.ok_or_else(|| Invalids::from(missing()))?;
            let (mut article, mut left_out) = put_back(&ctx, tx, &before, older.snapshot)?;
            let edited = Edited {
                before: &before.content.related,
                related: true,
                body: false,
                after: None,
            };
            let place = |at| format!("/related/{at}");
            let (_, flaws) = related::settled(&ctx, tx, &mut article, Some(id), edited, place)?;
            flaws.into_result()?;
            slug(tx, &before, &mut article, &mut left_out)?;
            if article.content.locale != before.content.locale {
                translations::only_one(&ctx, tx, &article)?;
            }
            if article != before {
                article.touch(ctx.actor.id, ctx.now);
                let why = Why {
                    source: Some(number),
                    ..Why::from(RevisionReason::Revert)
                };
                save(tx, &before, &article, why)?;
            }
            Ok(shown(&ctx, tx, article)?.leaving_out(left_out))
        })
        .await
}

/// The article with what an older revision holds, as far as that can still stand, and what cannot.
fn put_back(ctx: &Ctx, tx: &mut DbConn, before: &Article, older: Snapshot) -> Result<(Article, Invalids), Error> {
    let mut article = before.clone();
    (article.content, article.slug) = (older.content, older.slug);
    let content = &mut article.content;
    // A promise to somebody outside, which is not taken back with a text.
    content.embargo_until = before.content.embargo_until;
    let mut left_out = Invalids::default();
    taxa(tx, content, &mut left_out)?;
    let media = media_uses::unfit(tx, Some(Holder::Article(before.id)), &content.media())?;
    if !media.0.is_empty() {
        let places = content.media();
        let lost = |place: &str| media.0.iter().any(|flaw| flaw.pointer == format!("{place}/media_id"));
        let lost: HashSet<MediaId> = places
            .iter()
            .filter(|place| lost(&place.pointer))
            .map(|place| place.media_id)
            .collect();
        content.lead_media.take_if(|lead| lost.contains(&lead.media_id));
        content.body.drop_media(|id, _| !lost.contains(&id));
        // What stood under a picture that went is a paragraph now.
        content.body.name_blocks(ctx.app.ids.as_ref());
        left_out = left_out.and(media);
    }
    links(tx, content, &mut left_out)?;
    Ok((article, left_out))
}

/// Drops a section, contributors and tags that are not there.
fn taxa(tx: &mut DbConn, content: &mut Content, left_out: &mut Invalids) -> Result<(), Error> {
    let mut gone = |what: &str, pointer: String| {
        let flaw = Flaw::new(Rule::UnknownReference, format!("no {what} has this id any more"));
        left_out.add(flaw.at(pointer));
    };
    if let Some(id) = content.section_id {
        if Section::by_id(tx, id)?.is_none() {
            gone("section", "/section_id".to_owned());
            content.section_id = None;
        }
    }
    let credits = &mut content.byline.contributors.0;
    let wanted: Vec<_> = credits.iter().map(|credit| credit.contributor_id).collect();
    let found = Contributor::by_ids(tx, &wanted)?;
    let is_there = |id| found.iter().any(|one| one.id == id);
    for (at, _) in wanted.iter().enumerate().filter(|(_, id)| !is_there(**id)) {
        gone("contributor", format!("/byline/contributors/{at}/contributor_id"));
    }
    credits.retain(|credit| is_there(credit.contributor_id));
    let tags = &mut content.tag_ids.0;
    let found = Tag::by_ids(tx, tags)?;
    let is_there = |id| found.iter().any(|tag| tag.id == id);
    for (at, _) in tags.iter().enumerate().filter(|(_, id)| !is_there(**id)) {
        gone("tag", format!("/tag_ids/{at}"));
    }
    tags.retain(|id| is_there(*id));
    Ok(())
}

/// Drops links in the text to articles that are not there, and has related links to those say what they were called.
fn links(tx: &mut DbConn, content: &mut Content, left_out: &mut Invalids) -> Result<(), Error> {
    let linked = content.body.article_links();
    let mut named: Vec<ArticleId> = linked.iter().map(|(_, id)| *id).collect();
    named.extend(content.related.articles());
    let there: HashSet<ArticleId> = store::article::existing(tx, &named, None)?.into_iter().collect();
    named.retain(|id| !there.contains(id));
    let buried = store::related::buried(tx, &named)?;
    let flaw = || Flaw::new(Rule::UnknownReference, "no article has this id any more");
    for (pointer, _) in linked.into_iter().filter(|(_, id)| !there.contains(id)) {
        left_out.add(flaw().at(pointer));
    }
    content.body.change_links(|link| {
        let leads = link.article_id.is_none_or(|id| there.contains(&id));
        leads.then_some(link)
    });
    let mut at = 0;
    content.related.0.retain_mut(|link| {
        let position = at;
        at += 1;
        let Some(id) = link.target.article().filter(|id| !there.contains(id)) else {
            return true;
        };
        match buried.get(&id) {
            Some(headline) => link.target = Target::Deleted(headline.clone()),
            None => left_out.add(flaw().at(format!("/related/{position}/article_id"))),
        }
        buried.contains_key(&id)
    });
    content.tell_targets();
    Ok(())
}

/// Keeps the slug of the older revision where nobody else has it by now.
fn slug(tx: &mut DbConn, before: &Article, article: &mut Article, left_out: &mut Invalids) -> Result<(), Error> {
    let locale = article.content.locale.clone();
    if article.slug == before.slug && locale == before.content.locale {
        return Ok(());
    }
    store::hold::slug(tx, &locale, &article.slug)?;
    if store::article::slug_taken(tx, &locale, &article.slug, Some(article.id))? {
        left_out.add(Flaw::new(Rule::Duplicate, "belongs to another by now").at("/slug"));
        article.slug = check::made_slug(tx, &locale, &before.slug, Some(article.id))?;
    }
    Ok(())
}
