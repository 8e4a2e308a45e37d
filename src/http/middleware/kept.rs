//! Answers to readers: from those that are kept ready, or made once for all who ask for the same.

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};

use super::{limits, negotiate};
use crate::http::delivery;
use crate::http::problem::Problem;
use crate::http::ready::{self, key};
use crate::http::routes::named_article;
use crate::services::App;
use crate::services::delivery::{Ready, Turn};

/// How long who got no place waits for the database to say whether what is kept holds: whoever is to be refused is refused soon.
const PATIENCE: Duration = Duration::from_millis(250);

/// What is sent where the database has to be asked whether it holds still, and nothing else.
pub(super) async fn still(req: &ServiceRequest, app: &App) -> Option<HttpResponse> {
    let key = key(req.head(), req.match_info().as_str())?;
    let kept = tokio::time::timeout(PATIENCE, app.answers().still(&key));
    let kept = kept.await.ok()??;
    negotiate::check(req.match_info().as_str(), req.query_string(), req.headers()).ok()?;
    ready::at_once(req, &kept)
}

/// The answer of the handler, or that of whoever asked for the same.
pub(super) async fn serve(req: ServiceRequest, next: Next<BoxBody>, app: &App) -> Result<ServiceResponse, Error> {
    let turn = match key(req.head(), req.match_info().as_str()) {
        // Where the database cannot say which version holds, the handler will meet the same.
        Some(key) => app.answers().turn(&key).await.unwrap_or(Turn::Pass),
        None => Turn::Pass,
    };
    let maker = match turn {
        Turn::Answer(kept) => {
            let answer = ready::sent(&req, &kept).await;
            return Ok(req.into_response(answer));
        }
        Turn::Pass => None,
        Turn::Make(maker) => Some(maker),
    };
    if let Err(wait) = limits::miss(&req, app) {
        return Ok(req.error_response(Problem::from(wait)));
    }
    let response = match named_article(req.match_info().as_str()) {
        Some(name) => {
            let name = name.to_owned();
            delivery::page(req, name).await
        }
        None => next.call(req).await?,
    };
    let made = response.request().extensions_mut().remove::<Arc<Ready>>();
    match (made, maker) {
        (Some(made), maker) => {
            let made = match maker {
                Some(maker) if made.by_the_clock => {
                    maker.pass();
                    made
                }
                Some(maker) => maker.keep(made),
                None => made,
            };
            let answer = ready::sent(response.request(), &made).await;
            Ok(response.into_response(answer))
        }
        (None, Some(maker)) if is_told_to_all(response.status()) => {
            maker.pass();
            Ok(response)
        }
        (None, _) => Ok(response),
    }
}

/// Whether whoever asks the same is told the same, until something changes.
fn is_told_to_all(status: StatusCode) -> bool {
    !status.is_server_error() && !matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}
