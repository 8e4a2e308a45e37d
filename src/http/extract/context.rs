//! Who asks.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::pace::Waited;
use crate::domain::access::Actor;
use crate::domain::audit::{Origin, Via};
use crate::domain::id::{ApiKeyId, SessionId};
use crate::http::client;
use crate::http::codes::Code;
use crate::http::problem::Problem;
use crate::services::accounts::By;
use crate::services::{self, App, Ctx, Delivery, Unit};

/// Somebody with a login. Without a good token the handler is not reached.
pub(crate) struct Editor(pub Ctx);

impl Deref for Editor {
    type Target = Ctx;

    fn deref(&self) -> &Ctx {
        &self.0
    }
}

/// The session of the token that was sent. API keys have none, and so may not do what asks for it.
pub(crate) struct OwnSession(pub SessionId);

/// The API key that was sent, if it was one.
pub(crate) struct WithKey(pub Option<ApiKeyId>);

/// Anybody. All that can be reached from here is what is published.
pub(crate) struct Reader(pub Delivery);

impl Deref for Reader {
    type Target = Delivery;

    fn deref(&self) -> &Delivery {
        &self.0
    }
}

/// Checks the token of a request that carries one, before it is routed: a bad token is never read as anonymous, and the
/// extractors below need not wait.
pub(in crate::http) async fn authenticate(
    req: &ServiceRequest,
    app: &Arc<App>,
    request_id: &str,
) -> Result<(), Problem> {
    if let Some(token) = token(req.headers())? {
        let known = services::accounts::authenticate(app, &token).await?;
        let origin = Origin {
            via: Via::Http,
            address: address_of(req.request()),
            token_id: Some(known.token),
            request_id: Some(request_id.to_owned()),
        };
        let mut extensions = req.extensions_mut();
        extensions.insert(known.actor);
        extensions.insert(known.by);
        extensions.insert(origin);
    }
    Ok(())
}

/// Asks again, after a body that was waited for, whether whoever sent its head may still do so: a login that ended meanwhile must not
/// have written what it began.
pub(in crate::http) async fn still(req: &HttpRequest, waited: &Waited) -> Result<(), Problem> {
    let before = {
        let known = req.extensions();
        known.get::<Actor>().copied().zip(known.get::<By>().copied())
    };
    let Some(before) = before.filter(|_| waited.get()) else {
        return Ok(());
    };
    // Within a batch there is no header, and the body is there.
    let Some(token) = token(req.headers())? else {
        return Ok(());
    };
    let now = services::accounts::authenticate(app_of(req)?, &token).await?;
    if (now.actor, now.by) == before {
        Ok(())
    } else {
        Err(Problem::plain(Code::Unauthenticated))
    }
}

/// The address of who asks.
pub(in crate::http) fn address_of(req: &HttpRequest) -> Option<String> {
    let app = app_of(req).ok()?;
    client::of(req.head(), &app.config().http.trusted_proxies).map(|client| client.address.to_string())
}

/// `None` where there is no `Authorization` header at all.
fn token(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut sent = headers.get_all(AUTHORIZATION);
    let Some(first) = sent.next() else {
        return Ok(None);
    };
    let token = first
        .to_str()
        .ok()
        .filter(|_| sent.next().is_none())
        .and_then(|text| text.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim().to_owned()))
        }
        _ => Err(Problem::plain(Code::Unauthenticated)),
    }
}

pub(in crate::http) fn app_of(req: &HttpRequest) -> Result<&Arc<App>, Problem> {
    req.app_data::<Arc<App>>().ok_or_else(|| Problem::plain(Code::Internal))
}

impl FromRequest for Editor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = req.extensions();
        let unit = extensions.get::<Unit>().cloned();
        let known = extensions
            .get::<Actor>()
            .copied()
            .zip(extensions.get::<Origin>().cloned());
        let known = known.ok_or_else(|| Problem::plain(Code::Unauthenticated));
        let ctx = known.and_then(|(actor, origin)| Ok(Ctx::new(Arc::clone(app_of(req)?), actor, origin)));
        ready(ctx.map(|ctx| Self(ctx.within(unit))))
    }
}

impl FromRequest for OwnSession {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match req.extensions().get::<By>().copied() {
            Some(By::Session(session)) => Ok(Self(session)),
            Some(By::ApiKey(_)) => Err(Problem::new(Code::Forbidden, "An API key is not for this. Log in.")),
            None => Err(Problem::plain(Code::Unauthenticated)),
        })
    }
}

impl FromRequest for WithKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(match req.extensions().get::<By>().copied() {
            Some(By::ApiKey(id)) => Some(id),
            Some(By::Session(_)) | None => None,
        })))
    }
}

impl FromRequest for Reader {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        // A header that nobody has checked must not pass for none.
        if req.headers().contains_key(AUTHORIZATION) && req.extensions().get::<Actor>().is_none() {
            return ready(Err(Problem::plain(Code::Unauthenticated)));
        }
        ready(app_of(req).map(|app| Self(app.delivery())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn one_bearer_header_is_taken() {
        for (lines, expected) in [
            (&[][..], Ok(None)),
            (&["Bearer abc"], Ok(Some("abc".to_owned()))),
            (&["bearer abc"], Ok(Some("abc".to_owned()))),
            (&["Bearer abc", "Bearer abc"], Err(())),
            (&["Basic abc"], Err(())),
            (&["Bearer"], Err(())),
            (&["Bearer "], Err(())),
            (&[""], Err(())),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(HeaderName::from_static("authorization"), HeaderValue::from_static(line));
            }
            assert_eq!(token(&headers).map_err(drop), expected, "{lines:?}");
        }
    }
}
