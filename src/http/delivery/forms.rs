//! The forms of an article, and which one a client wants.

use actix_web::http::header::{HeaderValue, VARY};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};

use super::cacheable;
use super::keys::Keys;
use crate::domain::form::PageForm;
use crate::domain::time::Timestamp;
use crate::http::codes::Code;
use crate::http::conditional::{PRIVATE, Validators, respond};
use crate::http::etag::strong_etag;
use crate::http::extract::{Given, Reader};
use crate::http::middleware::preferred;
use crate::http::problem::Problem;

/// What a query says of the form.
pub(super) enum AskedForm {
    Named(PageForm),
    /// By parameters that JSON alone has.
    Json,
    /// By `Accept`.
    Negotiated,
}

impl AskedForm {
    pub(super) fn read(given: &mut Given) -> Self {
        let named = given.one("format", PageForm::parse);
        let of_json: Vec<&str> = ["body", "include"].into_iter().filter(|name| given.has(name)).collect();
        match named {
            Some(PageForm::Json) => {}
            Some(form) => {
                for name in of_json {
                    given.refuse_given(name, &format!("is for `format=json` and not for `{}`", form.as_str()));
                }
            }
            None if of_json.is_empty() => return Self::Negotiated,
            None => return Self::Json,
        }
        named.map_or(Self::Json, Self::Named)
    }

    /// The form that it comes in.
    ///
    /// # Errors
    /// `NotAcceptable` where the client takes none.
    pub(super) fn settled(self, req: &HttpRequest) -> Result<PageForm, Problem> {
        let offers: &[PageForm] = match self {
            Self::Named(form) => return Ok(form),
            Self::Json => &[PageForm::Json],
            Self::Negotiated => PageForm::ALL,
        };
        let found = preferred(req.headers(), offers, PageForm::media_type);
        found.ok_or_else(|| match self {
            Self::Json => Problem::new(
                Code::NotAcceptable,
                "`body` and `include` are for JSON, which you do not take; `format=html` is the page as HTML.",
            ),
            _ => Problem::plain(Code::NotAcceptable),
        })
    }
}

/// Says that another client may be answered otherwise; of what is cacheable that is said by its route.
pub(super) fn varied(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    response
}

/// An article in a form that is not JSON of this API.
pub(super) async fn formed(
    reader: &Reader,
    req: &HttpRequest,
    name: String,
    form: PageForm,
    as_of: Option<Timestamp>,
) -> Result<HttpResponse, Problem> {
    let found = reader.article_form(name, form, as_of).await?;
    let media_type = content_type(form);
    if as_of.is_some() {
        let bytes = Bytes::from(found.text);
        let validators = Validators {
            etag: strong_etag(&bytes),
            last_modified: None,
        };
        return Ok(varied(respond(req, bytes, media_type, &validators, PRIVATE, None)));
    }
    let (since, keys) = (found.article.since, Keys::page(&found.article));
    Ok(cacheable(req, reader, found.text, media_type, since, keys))
}

fn content_type(form: PageForm) -> &'static str {
    match form {
        PageForm::Html => "text/html; charset=utf-8",
        other => other.media_type(),
    }
}
