//! A body in chunks that was not read to its end when its request was answered.
//!
//! The framework reads on over the rest of such a body, so that the connection can be used again, for as long as that takes and
//! without a clock: whoever sends a head and no more kept a connection for ever. It ends connections whose body somebody still
//! holds; so the answer holds it, and is the last. Bodies that say their length are ended by the framework itself.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpResponse};
use futures_util::Stream;

use super::answer::holding;
use crate::http::drain::last;

/// Most pieces of a rest that are read past: they are there already, and somebody may send that much and be let stay.
const PIECES: usize = 16;

/// A body, and whether all of it has come.
struct Coming {
    body: Payload,
    is_whole: bool,
}

impl Coming {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, PayloadError>>> {
        let next = Pin::new(&mut self.body).poll_next(context);
        self.is_whole |= matches!(next, Poll::Ready(None));
        next
    }

    /// Whether nothing more comes but what is there.
    fn ends(&mut self) -> bool {
        let mut context = Context::from_waker(Waker::noop());
        for _ in 0..PIECES {
            if self.is_whole || !matches!(self.poll(&mut context), Poll::Ready(None | Some(Ok(_)))) {
                break;
            }
        }
        self.is_whole
    }
}

type Shared = Rc<RefCell<Coming>>;

/// What the handler reads; the other hand on the body is kept here.
struct Read(Shared);

impl Stream for Read {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll(context)
    }
}

/// The body of one request, if it comes in chunks.
pub(super) struct Unread(Option<Shared>);

impl Unread {
    pub(super) fn of(req: &mut ServiceRequest) -> Self {
        let (head, body) = req.parts();
        if matches!(body, Payload::None) || !head.headers().contains_key(header::TRANSFER_ENCODING) {
            return Self(None);
        }
        let body = req.take_payload();
        let coming = Rc::new(RefCell::new(Coming { body, is_whole: false }));
        let read = Read(Rc::clone(&coming));
        req.set_payload(Payload::Stream {
            payload: Box::pin(read),
        });
        Self(Some(coming))
    }

    /// Has the connection end with the answer, where the body did not end before.
    pub(super) fn end(self, response: HttpResponse) -> HttpResponse {
        match self.0 {
            Some(coming) if !coming.borrow_mut().ends() => holding(last(response), coming),
            _ => response,
        }
    }
}
