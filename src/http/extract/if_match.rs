//! On which state a change was based.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, IF_MATCH};
use actix_web::{FromRequest, HttpRequest};

use crate::http::codes::Code;
use crate::http::etag::{Tags, revision_of};
use crate::http::problem::Problem;
use crate::services::Basis;

/// The revisions on which the client bases a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IfMatch(Vec<i32>);

impl IfMatch {
    pub(crate) fn basis(self) -> Basis {
        Basis::Read(self.0)
    }

    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let malformed = || Problem::new(Code::BadRequest, "`If-Match` is not an ETag in quotes, such as \"7\".");
        match Tags::of(headers, &IF_MATCH).ok().ok_or_else(malformed)? {
            None => Err(Problem::plain(Code::PreconditionRequired)),
            Some(Tags::Any) => Err(Problem::new(
                Code::PreconditionRequired,
                "`If-Match: *` would overwrite whatever is there; send the ETag of what you read.",
            )),
            // Weak tags never match (RFC 9110 §13.1.1), and what is no tag of ours matches nothing.
            Some(Tags::List(tags)) => Ok(Self(tags.iter().filter_map(revision_of).collect())),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::read(req.headers()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn read(lines: &[&'static str]) -> Result<[bool; 2], Code> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_MATCH, HeaderValue::from_static(line));
        }
        IfMatch::read(&headers)
            .map(|tags| [7, 8].map(|revision| tags.0.contains(&revision)))
            .map_err(|problem| problem.code())
    }

    #[test]
    fn a_change_names_the_revision_it_was_made_on() {
        assert_eq!(read(&["\"7\""]), Ok([true, false]));
        assert_eq!(read(&["\"7\", \"8\""]), Ok([true, true]));
        assert_eq!(read(&["\"7\"", "\"8\""]), Ok([true, true]));
        assert_eq!(read(&["W/\"7\""]), Ok([false, false]));
        assert_eq!(read(&["\"07\""]), Ok([false, false]));
        assert_eq!(read(&[]), Err(Code::PreconditionRequired));
        assert_eq!(read(&["*"]), Err(Code::PreconditionRequired));
        assert_eq!(read(&["7"]), Err(Code::BadRequest));
        assert_eq!(read(&[""]), Err(Code::BadRequest));
    }
}
