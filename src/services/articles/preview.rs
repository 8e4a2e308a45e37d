//! Letting somebody without a login see a story as readers would, before it is published.
//!
//! A token is the id of its row and a mark that only we can make of that, so nothing secret is kept, and a link can be looked up again by
//! whoever made it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use uuid::Uuid;

use super::check;
use super::publish::{frozen, older};
use super::read::seen;
use super::standing;
use crate::domain::access::{Action, Actor};
use crate::domain::article::Article;
use crate::domain::audit::{AuditAction, AuditedKind, Deed, Origin, Via};
use crate::domain::edition::Edition;
use crate::domain::id::{ApiKeyId, ArticleId, PreviewTokenId};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::page::{ByTime, Limit, Page};
use crate::domain::preview::{Lifetime, PreviewToken};
use crate::domain::time::Timestamp;
use crate::services::delivery::{PublishedArticle, Wanted};
use crate::services::reading::cursor;
use crate::services::{App, Ctx, Error, Refusal, audit, media_uses};
use crate::store::{self, DbConn};

/// Tells people, and what looks for secrets in the wrong places, what it is.
const PREFIX: &str = "cdp_";
const ID_BYTES: usize = 16;
const MARK_BYTES: usize = 32;
const LETTERS: usize = (ID_BYTES + MARK_BYTES) / 3 * 4;

/// What makes and knows tokens, with a key that all nodes have.
#[derive(Clone)]
pub(in crate::services) struct PreviewTokens(Hmac<Sha256>);

impl PreviewTokens {
    /// From a secret of the installation; tokens tell nothing of it.
    pub(in crate::services) fn new(secret: &[u8]) -> Self {
        Self(Hmac::new(&Sha512::digest(secret)))
    }

    fn keyed(&self, id: PreviewTokenId) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(id.0.as_bytes());
        mac
    }

    fn write(&self, id: PreviewTokenId) -> String {
        let mark = self.keyed(id).finalize().into_bytes();
        let bytes: Vec<u8> = id.0.as_bytes().iter().chain(&mark).copied().collect();
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The id in a token that we wrote.
    fn read(&self, text: &str) -> Option<PreviewTokenId> {
        let text = text.strip_prefix(PREFIX).filter(|text| text.len() == LETTERS)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, mark) = bytes.split_first_chunk::<ID_BYTES>()?;
        let id = PreviewTokenId(Uuid::from_bytes(*id));
        self.keyed(id).verify_slice(mark).ok().map(|()| id)
    }
}

/// What somebody is given to see an article with.
#[derive(Debug)]
pub struct Preview {
    pub token: PreviewToken,
    /// What is sent.
    pub text: String,
}

impl App {
    fn preview(&self, token: PreviewToken) -> Preview {
        Preview {
            text: self.previews.write(token.id),
            token,
        }
    }
}

/// Lets whoever has the token see the article: as it is at each time or, with `revision`, as it was then.
///
/// # Errors
/// `NotFound`; `InTrash`; `Invalid` for a revision that is not there, and where there are [`PreviewToken::MOST`] already.
pub async fn share(
    ctx: &Ctx,
    id: ArticleId,
    revision: Option<i32>,
    lifetime: Lifetime,
    with: Option<ApiKeyId>,
) -> Result<Preview, Error> {
    let token = ctx
        .write(move |ctx, tx| {
            let article = check::opened(ctx, tx, id, Action::PreviewArticle)?;
            if article.deleted_at.is_some() {
                return Err(Refusal::InTrash.into());
            }
            if let Some(number) = revision {
                if store::revision::by_number(tx, id, number)?.is_none() {
                    let flaw = Flaw::new(Rule::UnknownReference, "is no revision of this article");
                    return Err(Invalids::from(flaw.at("/revision")).into());
                }
            }
            let most = i64::try_from(PreviewToken::MOST).unwrap_or(i64::MAX);
            if store::preview::count(tx, id, ctx.now)? >= most {
                let flaw = Flaw::new(
                    Rule::TooMany,
                    format!("would be more than {most} previews; take one back first"),
                );
                return Err(Invalids::from(flaw.at("")).into());
            }
            // One that was made with a key ends with that.
            let key = with.map(|id| store::api_key::with_user(tx, id)).transpose()?.flatten();
            let end = key.and_then(|(key, _)| key.expires_at).unwrap_or(Timestamp::LAST);
            let token = PreviewToken {
                id: PreviewTokenId(ctx.app.ids.uuid()),
                article_id: id,
                revision,
                created_by: ctx.actor.id,
                api_key_id: with,
                created_at: ctx.now,
                expires_at: lifetime.from(ctx.now).min(end),
            };
            store::preview::insert(tx, &token)?;
            audit::record(ctx, tx, &deed(AuditAction::Share, &article))?;
            Ok(token)
        })
        .await?;
    Ok(ctx.app.preview(token))
}

fn deed(action: AuditAction, article: &Article) -> Deed {
    Deed::new(
        action,
        AuditedKind::Article,
        article.id.0,
        article.content.headline.as_str(),
    )
}

/// A page of the previews of an article that work, the newest first. Who asks by a key is shown those that were made with it: what a key that
/// leaked brought along ends with the key.
///
/// # Errors
/// `NotFound`, `BadCursor`.
pub async fn shares(
    ctx: &Ctx,
    id: ArticleId,
    with: Option<ApiKeyId>,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<Preview>, Error> {
    let of = format!("previews of {id}");
    let before: Option<ByTime> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        let article = seen(ctx, conn, id)?;
        ctx.may(Action::PreviewArticle, Some(check::subject(&article)))?;
        let rows = store::preview::list(conn, id, with, ctx.now, before, limit.get() + 1)?;
        let page = Page::cut(rows, limit, &of, |token: &PreviewToken| ByTime {
            at: token.created_at,
            id: token.id.0,
        });
        Ok(page.map(|token| ctx.app.preview(token)))
    })
    .await
}

/// Takes a preview of an article back.
///
/// # Errors
/// `NotFound`, also for one that has ended.
pub async fn unshare(ctx: &Ctx, id: ArticleId, token: PreviewTokenId) -> Result<(), Error> {
    ctx.write(move |ctx, tx| {
        let article = check::opened(ctx, tx, id, Action::PreviewArticle)?;
        if !store::preview::remove(tx, id, token, ctx.now)? {
            return Err(Refusal::NotFound.into());
        }
        Ok(audit::record(ctx, tx, &deed(AuditAction::Unshare, &article))?)
    })
    .await
}

/// What `make` makes of the article of a token, as readers would see it had it gone live when it was last changed.
///
/// # Errors
/// `NotFound` for every token that is not good: not ours, ended, taken back; of somebody who is disabled or may no more do this, or of
/// a key that ended; of an article in the trash.
pub async fn preview<T: Send + 'static>(
    app: &Arc<App>,
    text: &str,
    wanted: Wanted,
    make: impl FnOnce(PublishedArticle) -> T + Send + 'static,
) -> Result<T, Error> {
    let id = app.previews.read(text).ok_or(Refusal::NotFound)?;
    let own = Arc::clone(app);
    let edition = app.store.read(move |conn| shown_by(&own, conn, id)).await?;
    app.delivery()
        .unpublished(edition, app.signer.clone(), wanted, make)
        .await
}

fn shown_by(app: &Arc<App>, conn: &mut DbConn, id: PreviewTokenId) -> Result<Edition, Error> {
    let (token, user) = store::preview::with_user(conn, id)?.ok_or(Refusal::NotFound)?;
    if !token.works(app.now()) || user.disabled_at.is_some() {
        return Err(Refusal::NotFound.into());
    }
    if let Some(id) = token.api_key_id {
        let key = store::api_key::with_user(conn, id)?.filter(|(key, _)| key.works(app.now()));
        key.ok_or(Refusal::NotFound)?;
    }
    // What whoever made it may not see any more, nobody sees by it.
    let ctx = Ctx::new(
        Arc::clone(app),
        Actor::person(user.id, user.role),
        Origin::of(Via::Http),
    );
    let article = store::article::by_id(conn, token.article_id)?.filter(|one| one.deleted_at.is_none());
    let article = article.ok_or(Refusal::NotFound)?;
    ctx.may(Action::PreviewArticle, Some(check::subject(&article)))
        .map_err(|_denied| Refusal::NotFound)?;
    let mut shown = match token.revision {
        None => article,
        Some(number) => older(conn, &article, number)?.ok_or(Refusal::NotFound)?,
    };
    // What it names and is not there any more is left out, whatever publishing would say to that.
    standing::named(&ctx, conn, shown.id, &mut shown.content)?;
    let media = media_uses::shown_at(conn, &shown.content.media())?;
    let then = shown.updated_at;
    frozen(&ctx, conn, &shown, media, then)
}

/// Forgets previews that ended long ago. A fault is logged, and met again the next time.
pub async fn forget_previews(app: &Arc<App>) {
    let until = app.now().plus_seconds(-PreviewToken::KEPT_DAYS * 24 * 60 * 60);
    app.forget("previews", move |tx| store::preview::forget(tx, until))
        .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_who_wrote_it_and_nobody_else() {
        let (ours, others) = (PreviewTokens::new(b"ours"), PreviewTokens::new(b"others"));
        let id = PreviewTokenId(Uuid::from_u128(7));
        let text = ours.write(id);
        assert_eq!((ours.read(&text), others.read(&text)), (Some(id), None));
        let letters: Vec<char> = text.chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let other = if *letter == 'A' { 'B' } else { 'A' };
            let bent: String = letters
                .iter()
                .enumerate()
                .map(|(i, c)| if i == at { other } else { *c })
                .collect();
            assert_eq!(ours.read(&bent), None, "bent at {at}");
        }
        for wrong in [
            format!("{text}A"),
            format!("{text}="),
            text.replace("cdp_", ""),
            String::new(),
        ] {
            assert_eq!(ours.read(&wrong), None, "{wrong}");
        }
    }
}
