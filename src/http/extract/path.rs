//! What the path names.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::domain::id::{ApiKeyId, ArticleId, ContributorId, MediaId, SectionId, SessionId, TagId, UploadId, UserId};
use crate::http::codes::Code;
use crate::http::problem::Problem;

/// What a segment of a path can name.
pub(crate) trait FromPath: Sized {
    fn from_path(segment: &str) -> Option<Self>;
}

macro_rules! from_path {
    ($($name:ty),+ $(,)?) => {$(
        impl FromPath for $name {
            fn from_path(segment: &str) -> Option<Self> {
                Self::parse(segment).ok()
            }
        }
    )+};
}

from_path!(
    ApiKeyId,
    ArticleId,
    SectionId,
    ContributorId,
    MediaId,
    TagId,
    UploadId,
    UserId,
    SessionId
);

/// The first parameter of the path. One that cannot be an id is answered like one that is not there, so that nobody
/// learns the difference.
pub(crate) struct PathId<T>(pub T);

impl<T: FromPath> FromRequest for PathId<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = req
            .match_info()
            .iter()
            .next()
            .and_then(|(_, segment)| T::from_path(segment));
        ready(id.map(Self).ok_or_else(|| Problem::plain(Code::NotFound)))
    }
}
