//! What is kept ready is sent before the request is routed: no handler is asked, and nothing is remembered of it.
//!
//! Most requests of readers are of this kind. What is around a handler is a task of some kilobytes, which is made for the others alone.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Instant;

use actix_http::{Request, Response};
use actix_service::{Service, Transform};
use actix_web::body::BoxBody;
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::http::Method;
use actix_web::{Error, HttpResponse};
use futures_util::future::{Either, FutureExt as _, LocalBoxFuture};

use super::cors::Grant;
use super::{answer, headers, is_https, log, negotiate, request_id, size, upgrades};
use crate::http::drain::Drain;
use crate::http::ready::{self, key};
use crate::http::server::AtWork;
use crate::services::App;

/// Around the routes.
pub(in crate::http) struct AtOnce {
    app: Arc<App>,
    /// `None` where there is no server.
    drain: Option<Arc<Drain>>,
}

pub(in crate::http) struct Readers<S> {
    app: Arc<App>,
    drain: Option<Arc<Drain>>,
    routes: S,
}

impl AtOnce {
    pub(in crate::http) fn new(app: Arc<App>, drain: Option<Arc<Drain>>) -> Self {
        Self { app, drain }
    }
}

impl<S> Transform<S, Request> for AtOnce
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Transform = Readers<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, routes: S) -> Self::Future {
        ready(Ok(Readers {
            app: Arc::clone(&self.app),
            drain: self.drain.clone(),
            routes,
        }))
    }
}

type Answered = Result<Response<BoxBody>, Error>;

impl<S> Service<Request> for Readers<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = Response<BoxBody>;
    type Error = Error;
    type Future = Either<Ready<Answered>, LocalBoxFuture<'static, Answered>>;

    actix_service::forward_ready!(routes);

    fn call(&self, mut req: Request) -> Self::Future {
        // A body that nobody reads is for whoever looks after those.
        let kept = matches!(req.payload(), Payload::None).then(|| self.kept(&req));
        if let Some(answer) = kept.flatten() {
            return Either::Left(ready(Ok(answer.into())));
        }
        let routed = self.routes.call(req);
        Either::Right(Box::pin(routed.map(|answer| answer.map(Response::from))))
    }
}

impl<S> Readers<S> {
    /// The answer, where it is there and holds, and nobody has to be asked for anything.
    fn kept(&self, req: &Request) -> Option<HttpResponse> {
        let started = Instant::now();
        let (asked, path) = (req.head(), req.path());
        // Letters that are spelt otherwise are for the router.
        let key = key(asked, path).filter(|_| !path.contains('%'))?;
        let kept = self.app.answers().at_once(&key)?;
        let query = asked.uri.query().unwrap_or_default();
        // Who is to be refused, or to hang up, is told so by whom others are, too.
        if upgrades(asked) || size::check(asked).is_some() || negotiate::check(path, query, asked.headers()).is_err() {
            return None;
        }
        let mut response = ready::at_once(req, &kept)?;
        let (status, config) = (response.status(), &self.app.config().http);
        let request_id = request_id::of(asked.headers(), &self.app);
        let connection = req.conn_data();
        let https = is_https(connection, asked, &self.app);
        headers::dress(response.headers_mut(), path, status, &request_id, https);
        Grant::of(asked, path, &config.cors).dress(response.headers_mut());
        if asked.method == Method::HEAD {
            response = answer::without_body(response);
        }
        log(
            &asked.method,
            || Cow::Borrowed(&*kept.route),
            status.as_u16(),
            &request_id,
            started,
        );
        drop(connection.map(AtWork::begin));
        Some(match &self.drain {
            Some(drain) => drain.end(response),
            None => response,
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_service::fn_service;
    use actix_web::error::ErrorImATeapot;
    use actix_web::http::header::AUTHORIZATION;
    use actix_web::test::TestRequest;

    use super::*;
    use crate::config::Config;
    use crate::services::delivery::{Head, Ready as Kept, Turn};
    use crate::services::{RandomIds, SystemClock};

    const PATH: &str = "/api/v1/site";

    #[actix_web::test]
    async fn what_is_kept_needs_no_route_and_all_else_does() {
        let folder = std::env::temp_dir().join(format!("copydesk-at-once-{}", std::process::id()));
        let config = Config::for_testing(&folder);
        let app = Arc::new(App::open(config, Arc::new(SystemClock), Arc::new(RandomIds::default())).unwrap());
        let Ok(Turn::Make(maker)) = app.answers().turn(PATH).await else {
            panic!("somebody keeps it already")
        };
        maker.keep(Arc::new(Kept::new("{}".into(), "\"tag\"".to_owned(), Head::new())));
        let routes = fn_service(|_: Request| ready(Err::<ServiceResponse, _>(ErrorImATeapot("routed"))));
        let readers = AtOnce::new(Arc::clone(&app), None);
        let readers = readers.new_transform(routes).await.unwrap();
        let is_at_once = async |asked: TestRequest, has_body: bool| {
            let mut asked = asked.to_request();
            if !has_body {
                asked.take_payload();
            }
            readers.call(asked).await.is_ok()
        };
        assert!(is_at_once(TestRequest::with_uri(PATH), false).await);
        assert!(is_at_once(TestRequest::with_uri(PATH).method(Method::HEAD), false).await);
        for (asked, has_body) in [
            (TestRequest::with_uri(PATH), true),
            (TestRequest::with_uri(PATH).method(Method::POST), false),
            (
                TestRequest::with_uri(PATH).insert_header((AUTHORIZATION, "Bearer x")),
                false,
            ),
            (TestRequest::with_uri(PATH).insert_header(("Accept", "text/csv")), false),
            (
                TestRequest::with_uri(PATH).insert_header(("X-Long", "x".repeat(33_000))),
                false,
            ),
            (TestRequest::with_uri("/api/v1/%73ite"), false),
            (TestRequest::with_uri("/api/v1/site?x=1"), false),
            (TestRequest::with_uri("/api/v1/articles"), false),
        ] {
            assert!(!is_at_once(asked, has_body).await);
        }
        app.close();
        drop((readers, app));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
