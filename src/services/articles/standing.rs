//! What can still stand of something that was written earlier: what it names may be gone.

use std::collections::HashSet;

use crate::domain::article::Content;
use crate::domain::contributor::Contributor;
use crate::domain::id::{ArticleId, MediaId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::related::Target;
use crate::domain::section::Section;
use crate::domain::tag::Tag;
use crate::services::{Ctx, Error, media_uses};
use crate::store::media_use::Holder;
use crate::store::{self, DbConn, TaxonRows as _};

/// Drops the taxa that an older content of an article names and that are no longer there, and the media that are not or are in
/// the trash, and tells it.
pub(super) fn named(ctx: &Ctx, tx: &mut DbConn, own: ArticleId, content: &mut Content) -> Result<Invalids, Error> {
    let mut left_out = Invalids::default();
    taxa(tx, content, &mut left_out)?;
    let media = media_uses::unfit(tx, Some(Holder::Article(own)), &content.media())?;
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
    Ok(left_out)
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
pub(super) fn links(tx: &mut DbConn, content: &mut Content) -> Result<Invalids, Error> {
    let mut left_out = Invalids::default();
    let linked = content.body.article_links();
    let mut named: Vec<ArticleId> = linked.iter().map(|(_, id)| *id).collect();
    named.extend(content.related.articles());
    let there: HashSet<ArticleId> = store::article::existing(tx, &named, None)?.into_iter().collect();
    named.retain(|id| !there.contains(id));
    if named.is_empty() {
        return Ok(left_out);
    }
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
    Ok(left_out)
}
