//! Links that lead readers nowhere, and asking the pages elsewhere that links lead to.

use std::collections::HashMap;
use std::time::Duration;

use url::Url;

use super::view::{LinkView, targets, views};
use crate::domain::access::Action;
use crate::domain::id::{ArticleId, RelatedLinkId};
use crate::domain::page::{BadCursor, ByWord, Limit, Page};
use crate::domain::related::Related;
use crate::domain::text::Headline;
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;
use crate::outbound::{Answer, Client, Limits, ProbeError, probe_all};
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, Refusal};
use crate::store::link_check::LinkCheck;
use crate::store::{self, DbConn};

/// By what name pages are asked.
const AGENT: &str = concat!("Copydesk/", env!("CARGO_PKG_VERSION"), " (link check)");
/// Hosts that are asked at once, each for one page at a time.
const HOSTS: usize = 8;
/// Between two pages of one host.
const PAUSE: Duration = Duration::from_secs(1);
/// What is written of an address that nothing answers at, or that was not asked because it is not public.
const UNREACHABLE: &str = "unreachable";
/// Pages of one host that are asked in one run: a silent host must not keep the others waiting.
const OF_ONE_HOST: usize = 50;
/// Pages whose answers are written down together: what was learnt before an interruption stays.
const TOGETHER: usize = 64;

/// A link that leads readers nowhere, and where it stands.
#[derive(Debug)]
pub struct BrokenLink {
    pub article_id: ArticleId,
    pub headline: Headline,
    pub status: Status,
    pub position: usize,
    pub link: LinkView,
    /// What the page elsewhere answered last.
    pub check: Option<LinkCheck>,
}

/// A page of links that lead readers nowhere, from working copies outside the trash, the newest links first. Contributors see
/// those in their own articles.
///
/// # Errors
/// `BadCursor`.
pub async fn broken(ctx: &Ctx, limit: Option<Limit>, after: Option<String>) -> Result<Page<BrokenLink>, Error> {
    ctx.may(Action::ReadArticle, None)?;
    let of = "broken links";
    let after: Option<ByWord> = cursor(of, after.as_deref())?;
    let before = after.map(|ByWord(id)| RelatedLinkId::parse(&id));
    let before = before
        .transpose()
        .map_err(|_flaw| Refusal::BadCursor(BadCursor::Malformed))?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        let rows = store::link_check::broken(conn, ctx.own_only(), before, limit.get() + 1)?;
        let page = Page::cut(rows, limit, of, |one| ByWord(one.link.id.to_string()));
        let links = Related(page.items.iter().map(|one| one.link.clone()).collect());
        let targets = targets(ctx, conn, std::iter::once(&links))?;
        let mut views = views(ctx, &links, &targets).into_iter();
        let with_views = page.items.into_iter().zip(views.by_ref());
        let items = with_views.map(|(one, link)| BrokenLink {
            article_id: one.article_id,
            headline: one.headline,
            status: one.status,
            position: usize::try_from(one.position).unwrap_or_default(),
            link,
            check: one.check,
        });
        Ok(Page {
            items: items.collect(),
            next_cursor: page.next_cursor,
            previous_cursor: None,
            total: page.total,
        })
    })
    .await
}

/// What became of a check of pages elsewhere.
#[derive(Debug, Default)]
pub struct Checked {
    pub asked: usize,
    /// Those that failed, with what they answered.
    pub failed: Vec<(WebUrl, String)>,
}

/// Asks pages elsewhere that related links lead to, `most` of them, those first that were never asked or longest ago, and writes
/// down what they answer. Politely: one page of a host at a time, with a pause, and no page is read.
///
/// # Errors
/// When the database fails.
pub async fn check_pages(app: &App, most: usize) -> Result<Checked, Error> {
    let limits = Limits {
        allow_private: app.config().outbound.allow_private,
        ..Limits::default()
    };
    let client = Client::new(limits, AGENT).map_err(|why| Error::Broken(why.into()))?;
    // More than are asked, since of one host not all are.
    let looked_at = most.saturating_mul(OF_ONE_HOST);
    let read = move |conn: &mut DbConn| store::link_check::due(conn, looked_at).map_err(Error::from);
    let mut due = spread(app.store.read(read).await?);
    due.truncate(most);
    let mut checked = Checked::default();
    for some in due.chunks(TOGETHER) {
        let now = app.now();
        let urls = some.iter().filter_map(|url| Url::parse(url.as_str()).ok()).collect();
        let mut answers = Vec::new();
        probe_all(&client, urls, HOSTS, PAUSE, |url, answer| answers.push((url, answer))).await;
        let checks: Vec<LinkCheck> = some.iter().map(|url| told(url, &answers, now)).collect();
        checked.asked += checks.len();
        checked.failed.extend(checks.iter().filter_map(failure));
        let write = move |tx: &mut DbConn| {
            for check in &checks {
                store::link_check::put(tx, check)?;
            }
            Ok::<(), Error>(())
        };
        app.store.write(write).await?;
    }
    Ok(checked)
}

/// The same pages, hosts taking turns, and of one host no more than are asked in a run.
fn spread(due: Vec<WebUrl>) -> Vec<WebUrl> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut turns: Vec<(usize, WebUrl)> = Vec::with_capacity(due.len());
    for url in due {
        let host = Url::parse(url.as_str())
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let turn = taken.entry(host.unwrap_or_default()).or_default();
        turns.push((*turn, url));
        *turn += 1;
    }
    turns.retain(|(turn, _)| *turn < OF_ONE_HOST);
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, url)| url).collect()
}

/// What an address answered. One that is no address of the web any more was not asked at all.
fn told(url: &WebUrl, answers: &[(Url, Result<Answer, ProbeError>)], now: Timestamp) -> LinkCheck {
    let own = Url::parse(url.as_str()).ok();
    let found = answers.iter().find(|(asked, _)| Some(asked) == own.as_ref());
    let (status, failure) = match found {
        Some((_, Ok(answer))) => (Some(i32::from(answer.status)), None),
        // What the inner names of a network are is not for who writes links to learn.
        Some((_, Err(ProbeError::Forbidden))) => (None, Some(UNREACHABLE)),
        Some((_, Err(why))) => (None, Some(why.code())),
        None => (None, Some(ProbeError::Malformed.code())),
    };
    LinkCheck {
        url: url.clone(),
        status,
        failure: failure.map(str::to_owned),
        checked_at: now,
    }
}

/// What to tell of a page that is not to be had.
fn failure(check: &LinkCheck) -> Option<(WebUrl, String)> {
    let status = check.status.filter(|status| *status >= store::link_check::FAILED);
    let words = status.map(|status| status.to_string()).or(check.failure.clone())?;
    Some((check.url.clone(), words))
}
