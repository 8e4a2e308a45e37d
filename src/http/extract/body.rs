//! The body: JSON of bounded size and depth, every flaw of which is told.

use actix_web::dev::Payload;
use actix_web::http::{Method, header};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use deserr::{
    DeserializeError as _, Deserr, ErrorKind, IntoValue, Map as _, MergeWithError as _, Value, ValueKind,
    ValuePointerRef,
};
use futures_util::future::LocalBoxFuture;

use super::context::still;
use super::pace::Pace;
use super::value;
use crate::config::HttpConfig;
use crate::domain::invalid::{Flaw, Invalids, Rule, shown};
use crate::http::codes::Code;
use crate::http::problem::{Problem, invalid_body};
use crate::services::{App, Unit};

/// A body that was read as `T`.
pub(crate) struct Body<T>(pub T);

impl<T: Deserr<Invalids> + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            check_type(&req)?;
            let text = receive(&req, &mut payload).await?;
            read(&text).map(Self)
        })
    }
}

/// Nothing, or an empty object: an action that takes no values must not swallow some and act without them.
pub(crate) struct NoBody;

/// What an object without fields is read as.
#[derive(Default)]
struct Nothing;

impl Deserr<Invalids> for Nothing {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let Value::Map(fields) = value else {
            let error = ErrorKind::IncorrectValueKind {
                actual: value,
                accepted: &[ValueKind::Map],
            };
            return Err(deserr::take_cf_content(Invalids::error(None, error, at)));
        };
        let unknown = |all, (key, _): (String, V)| {
            let key = shown(&key);
            let flaw = Flaw::new(Rule::Unknown, format!("`{key}` is not taken here"));
            let here = ValuePointerRef::Key { key: &key, prev: &at };
            Some(deserr::take_cf_content(Invalids::merge(all, flaw, here)))
        };
        fields.into_iter().fold(None, unknown).map_or(Ok(Self), Err)
    }
}

impl FromRequest for NoBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = MaybeBody::<Nothing>::from_request(req, payload);
        Box::pin(async move { read.await.map(|_nothing| Self) })
    }
}

/// A body that was read as `T`, or what stands for none.
pub(crate) struct MaybeBody<T>(pub T);

impl<T: Deserr<Invalids> + Default + 'static> FromRequest for MaybeBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let text = receive(&req, &mut payload).await?;
            if text.is_empty() {
                return Ok(Self(T::default()));
            }
            check_type(&req)?;
            read(&text).map(Self)
        })
    }
}

async fn receive(req: &HttpRequest, payload: &mut Payload) -> Result<String, Problem> {
    let config = match req.app_data::<std::sync::Arc<App>>() {
        Some(app) => app.config().http.clone(),
        None => HttpConfig::default(),
    };
    let announced = req
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > config.max_json_bytes as u64) {
        return Err(too_large(&config));
    }
    let bytes = collect(req, payload, &config).await?;
    if let Some(unit) = req.extensions().get::<Unit>() {
        unit.asked(&bytes);
    }
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let before = error.utf8_error().valid_up_to();
        Problem::new(Code::BadJson, format!("The body is not UTF-8 at byte {}.", before + 1))
    })
}

async fn collect(req: &HttpRequest, payload: &mut Payload, config: &HttpConfig) -> Result<BytesMut, Problem> {
    let mut pace = Pace::start(req, config);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = pace.next(payload).await? {
        if bytes.len() + chunk.len() > config.max_json_bytes {
            return Err(too_large(config));
        }
        bytes.extend_from_slice(&chunk);
    }
    still(req, &pace.waited()).await?;
    Ok(bytes)
}

fn too_large(config: &HttpConfig) -> Problem {
    Problem::new(
        Code::TooLarge,
        format!("At most {} bytes are taken.", config.max_json_bytes),
    )
    .closing()
}

fn check_type(req: &HttpRequest) -> Result<(), Problem> {
    let text = |name| {
        req.headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase())
    };
    let coded = text(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    let given = text(header::CONTENT_TYPE).unwrap_or_default();
    if !coded && is_json(&given, req.method() == Method::PATCH) {
        return Ok(());
    }
    Err(Problem::plain(Code::UnsupportedMediaType))
}

/// `given` in lower case.
fn is_json(given: &str, patch: bool) -> bool {
    let mut parts = given.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let kind_fits = kind == "application/json" || (patch && kind == "application/merge-patch+json");
    kind_fits && parts.all(|part| matches!(part, "" | "charset=utf-8" | "charset=\"utf-8\""))
}

fn read<T: Deserr<Invalids>>(text: &str) -> Result<T, Problem> {
    let value = value::parse(text).map_err(|error| {
        let message = error.to_string();
        let what = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(what, _)| what);
        let detail = format!("Not JSON at line {}, column {}: {what}.", error.line(), error.column());
        Problem::new(Code::BadJson, detail)
    })?;
    deserr::deserialize(value).map_err(invalid_body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_in_utf_8_is_taken() {
        for (given, patch, fits) in [
            ("application/json", false, true),
            ("application/json; charset=utf-8", false, true),
            ("application/json;charset=\"utf-8\"", false, true),
            ("application/json; charset=latin1", false, false),
            ("application/merge-patch+json", false, false),
            ("application/merge-patch+json", true, true),
            ("text/plain", true, false),
            ("", false, false),
        ] {
            assert_eq!(is_json(given, patch), fits, "{given}");
        }
    }

    #[test]
    fn bad_json_is_told_with_its_place() {
        let problem = read::<bool>("{\n  \"a\": 1,\n}")
            .err()
            .map(|problem| problem.to_string());
        assert_eq!(
            problem.as_deref(),
            Some("bad_json: Not JSON at line 3, column 1: trailing comma.")
        );
        let deep = "[".repeat(40);
        assert_eq!(
            read::<bool>(&deep).err().map(|problem| problem.code()),
            Some(Code::BadJson)
        );
        assert_eq!(
            read::<bool>("7").err().map(|problem| problem.code()),
            Some(Code::InvalidBody)
        );
    }
}
