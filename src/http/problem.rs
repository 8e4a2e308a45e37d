//! How failure is told: RFC 9457. Handlers return `Result<_, Problem>` and use `?`; the middleware fills in which
//! request it was.

mod about;
mod limited;

use std::fmt;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::about::{locked, not_allowed, stale, used};
use super::codes::Code;
use super::view::batch::RefusedOperation;
use crate::domain::correction::Retraction;
use crate::domain::id::UserId;
use crate::domain::invalid::{Invalid, Invalids};
use crate::domain::lock::Lock;
use crate::domain::page::BadCursor;
use crate::domain::revision::ArticleField;
use crate::domain::time::Timestamp;
use crate::domain::workflow::Move;
use crate::limits::Wait;
use crate::services::{Error, Refusal};

pub(super) use self::limited::tell_left;

pub(super) const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request failed. Boxed, since every handler returns one or nothing.
#[derive(Debug, Clone)]
pub(crate) struct Problem(Box<Told>);

/// A failure (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Told {
    /// Where the code is explained.
    #[serde(rename = "type")]
    #[schema(format = UriReference)]
    kind: String,
    /// The same for every problem with this code.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time, for a person.
    detail: String,
    /// The path that was asked for.
    instance: String,
    code: Code,
    /// Also in the `X-Request-Id` header and in the server's log.
    request_id: String,
    /// Every value that was refused; empty where no single value is to blame.
    errors: Vec<Invalid>,
    /// With `stale_revision`: what is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = CurrentRevision, required = false)]
    current: Option<CurrentRevision>,
    /// With `in_use`: what uses it. With `translation_taken`: the article that has the language, unless it is hidden from you.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Usage>, required = false)]
    uses: Option<Vec<Usage>>,
    /// With `move_not_allowed`: the moves that you can make now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Move>, required = false)]
    allowed: Option<Vec<Move>>,
    /// With `locked`: who is at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Lock, required = false)]
    lock: Option<Lock>,
    /// With `gone`: what is told of an article that was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Retraction, required = false)]
    retraction: Option<Retraction>,
    /// With `batch_refused`: the operation that was, and what it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = RefusedOperation, required = false)]
    refused: Option<RefusedOperation>,
    #[serde(skip)]
    allow: Option<String>,
    /// Where an upload stands.
    #[serde(skip)]
    offset: Option<u64>,
    #[serde(skip)]
    content_range: Option<String>,
    /// For how long to wait, and why.
    #[serde(skip)]
    wait: Option<Wait>,
    #[serde(skip)]
    close: bool,
}

/// The revision that is in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CurrentRevision {
    revision: i32,
    updated_at: Timestamp,
    /// Null where the program itself changed it.
    updated_by: Option<UserId>,
    /// Of an article: the fields that others changed since the revision that was sent; absent where that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = FieldsChanged, required = false)]
    changed: Option<FieldsChanged>,
}

/// The fields that others changed since a caller read an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldsChanged {
    /// Those that the request would change too.
    also_yours: Vec<ArticleField>,
    /// Those that it would not. A patch that touches none of them, and brings about no change of them, is taken with `merge=true`.
    not_yours: Vec<ArticleField>,
}

/// Something that uses the resource.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Usage {
    #[serde(rename = "type")]
    #[schema(examples("article"))]
    kind: &'static str,
    id: Uuid,
    name: String,
}

impl Problem {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Told {
            kind: format!("/docs/errors#{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: detail.into(),
            instance: String::new(),
            code,
            request_id: String::new(),
            errors: Vec::new(),
            current: None,
            uses: None,
            allowed: None,
            lock: None,
            retraction: None,
            refused: None,
            allow: None,
            offset: None,
            content_range: None,
            wait: None,
            close: false,
        }))
    }

    /// A problem for which the title says it all.
    pub(crate) fn plain(code: Code) -> Self {
        Self::new(code, format!("{}.", code.title()))
    }

    /// With the refused values.
    pub(crate) fn with_errors(mut self, errors: Invalids) -> Self {
        self.0.errors = errors.0;
        self
    }

    /// With the operation for which nothing was done.
    pub(super) fn with_refused(mut self, refused: RefusedOperation) -> Self {
        self.0.refused = Some(refused);
        self
    }

    /// With the methods for the `Allow` header.
    pub(super) fn with_allow(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Ends the connection too: what is left of the body on it cannot be told from a next request.
    pub(super) fn closing(mut self) -> Self {
        self.0.close = true;
        self
    }

    /// With the request it answers.
    pub(super) fn of(mut self, request_id: &str, path: &str) -> Self {
        request_id.clone_into(&mut self.0.request_id);
        path.clone_into(&mut self.0.instance);
        self
    }

    /// The problem that stands for a bare status, as the framework gives it.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let code = Code::ALL.iter().copied().find(|code| code.status() == status);
        let otherwise = if status.is_server_error() {
            Code::Internal
        } else {
            Code::BadRequest
        };
        Self::plain(code.unwrap_or(otherwise))
    }

    /// What goes into the body.
    pub(super) fn told(&self) -> &Told {
        &self.0
    }

    /// With how many bytes there are, for the `Content-Range` header.
    pub(super) fn with_content_range(mut self, range: String) -> Self {
        self.0.content_range = Some(range);
        self
    }

    #[cfg(test)]
    pub(super) fn code(&self) -> Code {
        self.0.code
    }

    #[cfg(test)]
    pub(super) fn errors(&self) -> &[Invalid] {
        &self.0.errors
    }

    /// Logs what broke, once and with its causes; the client learns only that something did.
    fn broken(error: &(dyn std::error::Error + 'static)) -> Self {
        let causes: Vec<_> = std::iter::successors(error.source(), |one| (*one).source())
            .map(ToString::to_string)
            .collect();
        tracing::error!(error = %error, causes = ?causes, "a request broke");
        Self::plain(Code::Internal)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.0.code.status());
        response
            .content_type(MEDIA_TYPE)
            .insert_header((header::CACHE_CONTROL, "no-store"));
        match self.0.code {
            Code::Unauthenticated | Code::SecondFactorNeeded => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            Code::Overloaded | Code::KeyInFlight => drop(response.insert_header((header::RETRY_AFTER, "1"))),
            _ => {}
        }
        if let Some(methods) = &self.0.allow {
            response.insert_header((header::ALLOW, methods.as_str()));
        }
        if let Some(stands) = self.0.offset {
            response.insert_header(("Upload-Offset", stands.to_string()));
        }
        if let Some(range) = &self.0.content_range {
            response.insert_header((header::CONTENT_RANGE, range.as_str()));
        }
        if self.0.close {
            response.force_close();
        }
        let mut response = response.body(serde_json::to_vec(&self.0).unwrap_or_default());
        if let Some(wait) = self.0.wait {
            limited::tell_wait(response.headers_mut(), wait);
        }
        response
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Broken(cause) => Self::broken(cause.as_ref()),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound => Self::plain(Code::NotFound),
            Refusal::Gone(retraction) => {
                let mut problem = Self::plain(Code::Gone);
                problem.0.retraction = retraction;
                problem
            }
            Refusal::Unauthenticated => Self::plain(Code::Unauthenticated),
            Refusal::SecondFactor => Self::plain(Code::SecondFactorNeeded),
            Refusal::Forbidden => Self::plain(Code::Forbidden),
            Refusal::OutOfScope(scope) => Self::new(Code::Forbidden, scope.lacking()),
            Refusal::Invalid(errors) => invalid_body(errors),
            Refusal::NotReady(errors) => Self::new(
                Code::NotReady,
                counted(errors.0.len(), "thing is", "things are", "missing"),
            )
            .with_errors(errors),
            Refusal::Parameter(invalid) => {
                let detail = format!("`{}` {}.", invalid.pointer, invalid.message);
                Self::new(Code::InvalidParameter, detail).with_errors(invalid.into())
            }
            Refusal::BadCursor(BadCursor::Malformed) => Self::plain(Code::BadCursor),
            Refusal::BadCursor(BadCursor::Mismatch) => Self::plain(Code::CursorMismatch),
            Refusal::Stale(current) => stale(current),
            Refusal::SlugTaken(slug) => Self::new(
                Code::SlugTaken,
                format!("The slug `{}` belongs to another.", slug.as_str()),
            ),
            Refusal::TranslationTaken(uses) => used(Code::TranslationTaken, uses),
            Refusal::InUse(uses) => used(Code::InUse, uses),
            Refusal::MoveNotAllowed { from, step, allowed } => not_allowed(from, step, &allowed),
            Refusal::InTrash => Self::plain(Code::ArticleInTrash),
            Refusal::Locked(lock) => locked(lock),
            Refusal::KeyInFlight => Self::plain(Code::KeyInFlight),
            Refusal::KeyReused => Self::plain(Code::KeyReused),
            // Who has the answer gives it in the place of this.
            Refusal::Answered => Self::plain(Code::Internal),
            Refusal::MediaInTrash => Self::plain(Code::MediaInTrash),
            Refusal::UnsupportedMedia => Self::new(Code::UnsupportedMediaType, UNSUPPORTED_MEDIA),
            Refusal::MediaTooLarge { most } => Self::new(
                Code::TooLarge,
                format!("Files of this kind may have at most {most} bytes."),
            ),
            Refusal::MediaRefused(why) => Self::new(Code::MediaRefused, why),
            Refusal::StorageFull => Self::plain(Code::StorageFull),
            Refusal::OffsetMismatch(stands) => {
                let mut problem = Self::new(Code::OffsetMismatch, format!("The upload stands at {stands}."));
                problem.0.offset = Some(stands);
                problem
            }
            Refusal::WrongKind { wanted, found } => {
                let (wanted, found) = (wanted.as_str(), found.as_str());
                let detail = format!("The media is of the kind {wanted}, the file of the kind {found}.");
                Self::new(Code::MediaRefused, detail)
            }
            Refusal::Overloaded => Self::plain(Code::Overloaded),
        }
    }
}

const UNSUPPORTED_MEDIA: &str =
    "The bytes are not those of a JPEG, PNG, WebP, AVIF, GIF, MP4, WebM, MP3, OGG, WAV or PDF.";

/// The problem of a body that was read but whose values are refused.
pub(super) fn invalid_body(errors: Invalids) -> Problem {
    Problem::new(
        Code::InvalidBody,
        counted(errors.0.len(), "value is", "values are", "refused"),
    )
    .with_errors(errors)
}

fn counted(number: usize, one: &str, many: &str, what: &str) -> String {
    format!(
        "{number} {} {what}; `errors` says which and why.",
        if number == 1 { one } else { many }
    )
}
