//! The last look at an answer: failures of the framework become problems too, and HEAD loses its body.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, ResponseError as _};

use super::Asked;
use crate::http::problem::{MEDIA_TYPE, Problem};
use crate::http::server::AtWork;

pub(super) fn as_problem(response: HttpResponse, asked: &Asked) -> HttpResponse {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let told = response.error().and_then(|error| error.as_error::<Problem>());
    let problem = match told {
        Some(problem) => problem.clone(),
        // Written by a handler itself, and whole.
        None if is_problem(&response) => return response,
        None => Problem::of_status(status),
    };
    problem.of(&asked.request_id, &asked.raw_path).error_response()
}

fn is_problem(response: &HttpResponse) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with(MEDIA_TYPE))
}

/// The answer to HEAD: the size of what GET would send, and none of it.
pub(super) fn without_body(response: HttpResponse) -> HttpResponse {
    if response.status() == StatusCode::NOT_MODIFIED || response.status() == StatusCode::NO_CONTENT {
        return response;
    }
    response.map_body(|_, body| BoxBody::new(Unsent(body.size())))
}

/// Has the request be at work until a body that comes in pieces has come. One that is there is with the framework at once.
pub(super) fn at_work(response: HttpResponse, at_work: Option<AtWork>) -> HttpResponse {
    response.map_body(|_, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => BoxBody::new(Holding { body, _held: at_work }),
    })
}

/// Has the answer hold something until it is sent or given up.
pub(super) fn holding<T: Unpin + 'static>(response: HttpResponse, held: T) -> HttpResponse {
    response.map_body(|_, body| BoxBody::new(Holding { body, _held: held }))
}

struct Holding<T> {
    body: BoxBody,
    _held: T,
}

impl<T: Unpin> MessageBody for Holding<T> {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

struct Unsent(BodySize);

impl MessageBody for Unsent {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}
