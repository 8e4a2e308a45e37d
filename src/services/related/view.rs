//! Links with what stands at their ends now.

use std::collections::{BTreeSet, HashMap};

use crate::domain::id::ArticleId;
use crate::domain::printed::Printed;
use crate::domain::related::{HiddenBecause, Related, RelatedArticleCard, RelatedCard, RelatedLink, Target};
use crate::domain::text::Headline;
use crate::domain::workflow::Status;
use crate::services::{Ctx, Error};
use crate::store::related::TargetState;
use crate::store::{self, DbConn};

/// A link as editors see it.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkView {
    pub link: RelatedLink,
    /// The words that it has, or would have; `None` where the caller may not know what the target is called.
    pub label: Option<String>,
    /// Where it leads, while readers see it.
    pub url: Option<String>,
    /// Why readers do not see it; `None` where they do.
    pub hidden_because: Option<HiddenBecause>,
    /// The article that it leads to, where the caller may know of it.
    pub target: Option<TargetView>,
}

/// What an editor is told of a target.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetView {
    pub headline: Headline,
    pub status: Status,
}

/// What stands at the ends of some links.
#[derive(Debug, Default)]
pub(in crate::services) struct Targets {
    states: HashMap<ArticleId, TargetState>,
    live: HashMap<ArticleId, Printed<RelatedArticleCard>>,
}

/// What these links lead to: two statements, or none where there are no links.
pub(in crate::services) fn targets<'a>(
    ctx: &Ctx,
    conn: &mut DbConn,
    of: impl Iterator<Item = &'a Related>,
) -> Result<Targets, Error> {
    let ids: BTreeSet<ArticleId> = of.flat_map(Related::articles).collect();
    let ids: Vec<ArticleId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Targets::default());
    }
    let states = store::related::targets(conn, &ids)?;
    let live = store::edition::live_summaries(conn, &ids)?;
    let addressed = live.into_iter().map(|mut summary| {
        summary.canonical_url = ctx.app.site.canonical(&summary.path);
        if let Some(lead) = &mut summary.lead_media {
            lead.resolve(&ctx.app.addresses, None);
        }
        (summary.id, RelatedArticleCard::from(summary).into())
    });
    Ok(Targets {
        live: addressed.collect(),
        states,
    })
}

/// The links with what they lead to, in their order.
pub(in crate::services) fn views(ctx: &Ctx, related: &Related, targets: &Targets) -> Vec<LinkView> {
    related.0.iter().map(|link| targets.view(ctx, link)).collect()
}

impl Targets {
    fn view(&self, ctx: &Ctx, link: &RelatedLink) -> LinkView {
        let article = link.target.article();
        let live = article.and_then(|id| self.live.get(&id));
        let state = article.and_then(|id| self.states.get(&id));
        // Who may not see an article must not learn by a link what it is called.
        let known = state.filter(|state| {
            let own = ctx.own_only().is_none_or(|own| own == state.created_by);
            own || live.is_some()
        });
        let headline = live.map(|card| &card.headline).or(known.map(|state| &state.headline));
        let elsewhere = link.target.url().map(|url| url.as_str().to_owned());
        LinkView {
            label: Self::label(ctx, link, headline),
            url: live.map(|card| card.canonical_url.clone()).or(elsewhere),
            hidden_because: match &link.target {
                Target::Elsewhere(_) => None,
                Target::Deleted(_) => Some(HiddenBecause::Deleted),
                Target::Article(_) => live.is_none().then(|| reason(state)),
            },
            target: known.map(|state| TargetView {
                headline: headline.unwrap_or(&state.headline).clone(),
                status: state.status,
            }),
            link: link.clone(),
        }
    }

    /// What a deleted article was called is told to nobody who might not have seen it: whose it was is not known any more.
    fn label(ctx: &Ctx, link: &RelatedLink, headline: Option<&Headline>) -> Option<String> {
        if matches!(link.target, Target::Deleted(_)) && ctx.own_only().is_some() {
            return link.label_override.as_ref().map(|label| label.as_str().to_owned());
        }
        link.label(headline)
    }

    /// The link as an editor's text shows it: where readers do not see it, its words lead nowhere.
    pub(in crate::services) fn card(&self, ctx: &Ctx, link: &RelatedLink) -> RelatedCard {
        let article = link.target.article().and_then(|id| self.live.get(&id)).cloned();
        link.card(article).unwrap_or_else(|| RelatedCard {
            id: link.id,
            kind: link.kind,
            placement: link.placement,
            label: self.view(ctx, link).label.unwrap_or_default(),
            url: String::new(),
            source: link.source.clone(),
            article: None,
        })
    }
}

/// Why readers do not see an article.
fn reason(state: Option<&TargetState>) -> HiddenBecause {
    match state {
        None => HiddenBecause::Deleted,
        Some(state) if state.deleted_at.is_some() => HiddenBecause::Trash,
        Some(state) => match state.status {
            Status::Draft | Status::InReview | Status::Scheduled => HiddenBecause::Draft,
            Status::Retracted => HiddenBecause::Retracted,
            Status::Published | Status::Unpublished => HiddenBecause::Unpublished,
        },
    }
}
