//! The table of problem codes. Clients branch on them, so the list is closed; docs/ERRORS.md and `/docs/errors` show it.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

macro_rules! codes {
    ($($variant:ident $word:tt $status:ident, $title:literal, $help:literal;)+) => {
        /// What went wrong, for programs to branch on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
        pub enum Code { $(#[doc = $help] #[serde(rename = $word)] $variant),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// The same for every problem with this code.
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What the client can do about it.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help),+ }
            }
        }
    };
}

codes! {
    BadJson "bad_json" BAD_REQUEST, "The body is not JSON",
        "Send well-formed JSON in UTF-8, at most 32 levels deep. `detail` gives the line and the column.";
    BadRequest "bad_request" BAD_REQUEST, "The request is malformed",
        "Mend what `detail` names: a header of the wrong form, or a body that stopped arriving.";
    InvalidParameter "invalid_parameter" BAD_REQUEST, "A parameter has a wrong value",
        "Correct the query parameters that `errors` names.";
    UnknownParameter "unknown_parameter" BAD_REQUEST, "There is no such parameter",
        "Leave out the query parameters that `errors` names, or spell them as the document of the API does.";
    BadCursor "bad_cursor" BAD_REQUEST, "The cursor is not one of ours",
        "Take `next_cursor` from the page before as it stands, or start again without a cursor.";
    CursorMismatch "cursor_mismatch" BAD_REQUEST, "The cursor belongs to another list",
        "Use a cursor with the very filters and order of the page that gave it.";
    Unauthenticated "unauthenticated" UNAUTHORIZED, "A valid access token is needed",
        "Log in and send one `Authorization: Bearer` header with the access token, or with an API key.";
    SecondFactorNeeded "second_factor_needed" UNAUTHORIZED, "A second factor is needed",
        "Log in again with the code of this moment, or one of the recovery codes, as `code` besides the password.";
    Forbidden "forbidden" FORBIDDEN, "Not allowed for this account",
        "Ask somebody whose role allows it; or, where `detail` names a scope, take an API key that has it.";
    NotFound "not_found" NOT_FOUND, "There is nothing here",
        "Check the address. What is not for you to see is answered like this too.";
    MethodNotAllowed "method_not_allowed" METHOD_NOT_ALLOWED, "Not with this method",
        "Use one of the methods in the `Allow` header.";
    NotAcceptable "not_acceptable" NOT_ACCEPTABLE, "Not served in a form that you take",
        "Accept `application/json` or, for an article, one of the media types that the document of the API names; or send no `Accept` header.";
    SlugTaken "slug_taken" CONFLICT, "The slug belongs to another",
        "Choose another slug, or leave it out to have one made.";
    TranslationTaken "translation_taken" CONFLICT, "Another article of the group has the language",
        "Write in the article that `uses` names, or choose another language. It may be in the trash.";
    InUse "in_use" CONFLICT, "Still in use",
        "First change what `uses` lists.";
    MoveNotAllowed "move_not_allowed" CONFLICT, "Not possible in this state",
        "Do one of the moves that `allowed` lists.";
    ArticleInTrash "article_in_trash" CONFLICT, "The article is in the trash",
        "What is in the trash cannot be edited or published.";
    Locked "locked" CONFLICT, "Somebody else is at the article",
        "Ask who `lock` names, wait until it expires, or send `take_over`.";
    MediaInTrash "media_in_trash" CONFLICT, "The media is in the trash",
        "Take it out of the trash, then change it.";
    OffsetMismatch "offset_mismatch" CONFLICT, "The upload stands elsewhere",
        "Go on from `Upload-Offset`.";
    KeyInFlight "key_in_flight" CONFLICT, "The request with this key is still being answered",
        "Ask again after the seconds in `Retry-After`; what it is answered is what you get.";
    Gone "gone" GONE, "It is no longer published",
        "Take it down from wherever it is shown.";
    StaleRevision "stale_revision" PRECONDITION_FAILED, "It has changed since you read it",
        "Read it again, merge, and send its new `ETag` as `If-Match`. `current` says who changed it, when and which fields.";
    ProtocolVersion "protocol_version" PRECONDITION_FAILED, "Another version of the protocol is spoken here",
        "Send the version that `detail` names.";
    TooLarge "too_large" PAYLOAD_TOO_LARGE, "The body is too large",
        "Send less; `detail` gives the limit.";
    AddressTooLong "address_too_long" URI_TOO_LONG, "The address is too long",
        "Ask with fewer or shorter parameters; `detail` gives the limit.";
    UnsupportedMediaType "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE, "The body has the wrong media type",
        "Send `Content-Type: application/json`, in UTF-8 and not compressed; or, as media, a file of a type that is taken.";
    RangeNotSatisfiable "range_not_satisfiable" RANGE_NOT_SATISFIABLE, "The parts are not there",
        "Ask for bytes below the length that `Content-Range` gives.";
    InvalidBody "invalid_body" UNPROCESSABLE_ENTITY, "The body has wrong values",
        "Correct the fields that `errors` names; it names all of them.";
    KeyReused "key_reused" UNPROCESSABLE_ENTITY, "The key was used for another request",
        "Take a new `Idempotency-Key` for each thing that you want done, and the same one only to ask for it again.";
    MediaRefused "media_refused" UNPROCESSABLE_ENTITY, "The file cannot be taken",
        "`detail` says what is broken, or which limit is exceeded; send another file.";
    BatchRefused "batch_refused" UNPROCESSABLE_ENTITY, "One operation was refused, so none was done",
        "Mend the operation that `refused` tells of, and send all of them again.";
    BatchTooHeavy "batch_too_heavy" UNPROCESSABLE_ENTITY, "It takes too long to be done as one",
        "Nothing was done. Send fewer operations at once, or have each stand by itself.";
    DependencyFailed "dependency_failed" FAILED_DEPENDENCY, "What it refers to is not there",
        "Look at the result that it refers to, which was refused or has no id or ETag; then send what was not done again.";
    NotReady "not_ready" UNPROCESSABLE_ENTITY, "Not ready to be published",
        "Fill in what `errors` names, then publish again.";
    PreconditionRequired "precondition_required" PRECONDITION_REQUIRED, "If-Match is needed",
        "Send the `ETag` of what you read as `If-Match`, so that nobody's change is overwritten unseen.";
    HeadTooLarge "head_too_large" REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large",
        "Send fewer or shorter headers; `detail` gives the limit.";
    RateLimited "rate_limited" TOO_MANY_REQUESTS, "Asked too often",
        "Ask again after the seconds in `Retry-After`; `RateLimit-Policy` says how often is not too often.";
    Internal "internal" INTERNAL_SERVER_ERROR, "Something broke on our side",
        "Try again later; give `request_id` to whoever runs the server, whose log has the cause.";
    StorageFull "storage_full" INSUFFICIENT_STORAGE, "There is no room left",
        "Tell whoever runs the server; nothing of what was sent is kept. Reading goes on.";
    Overloaded "overloaded" SERVICE_UNAVAILABLE, "Too busy at the moment",
        "Try again after the seconds in `Retry-After`.";
}

/// docs/ERRORS.md.
pub fn reference() -> String {
    let mut text = String::from(
        "# Problems\n\nEvery failure is answered as `application/problem+json` (RFC 9457). Branch on `code`: the list \
         is closed. `title` belongs to the code, `detail` is about this one request and may be worded anew. This file \
         is written from the table in the source.\n\n| code | status | meaning | what to do |\n|---|---|---|---|\n",
    );
    for code in Code::ALL {
        let (word, status, title, help) = (code.as_str(), code.status().as_u16(), code.title(), code.help());
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{word}` | {status} | {title} | {help} |");
    }
    text
}
