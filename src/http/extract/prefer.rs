//! What a client would rather have (RFC 7240).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use crate::http::problem::Problem;
use crate::services::Handling;

const PREFER: HeaderName = HeaderName::from_static("prefer");
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// `Prefer: handling=strict` or `handling=lenient`. Other preferences are for others; RFC 7240 has them ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefer(Option<Handling>);

impl Prefer {
    fn read(headers: &HeaderMap) -> Self {
        let mut handling = None;
        for line in headers.get_all(PREFER).filter_map(|line| line.to_str().ok()) {
            for one in line.split(',') {
                let preference = one.split(';').next().unwrap_or_default();
                let Some((name, value)) = preference.split_once('=') else {
                    continue;
                };
                if !name.trim().eq_ignore_ascii_case("handling") || handling.is_some() {
                    continue;
                }
                handling = match value.trim().trim_matches('"').to_ascii_lowercase().as_str() {
                    "strict" => Some(Handling::Strict),
                    "lenient" => Some(Handling::Lenient),
                    _ => None,
                };
            }
        }
        Self(handling)
    }

    pub(crate) fn handling(self) -> Handling {
        self.0.unwrap_or_default()
    }

    /// Tells in the answer which preference was honoured.
    pub(crate) fn applied(self, mut response: HttpResponse) -> HttpResponse {
        let told = match self.0 {
            Some(Handling::Strict) => "handling=strict",
            Some(Handling::Lenient) => "handling=lenient",
            None => return response,
        };
        response.headers_mut().insert(APPLIED, HeaderValue::from_static(told));
        response
    }
}

impl FromRequest for Prefer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::read(req.headers())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_handling_is_heard_and_the_first_word_counts() {
        for (lines, expected) in [
            (&[][..], None),
            (&["handling=strict"], Some(Handling::Strict)),
            (&["respond-async, Handling = \"lenient\"; x=1"], Some(Handling::Lenient)),
            (&["handling=lenient", "handling=strict"], Some(Handling::Lenient)),
            (&["handling=maybe"], None),
            (&["handling"], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(PREFER, HeaderValue::from_static(line));
            }
            assert_eq!(Prefer::read(&headers), Prefer(expected), "{lines:?}");
        }
    }
}
