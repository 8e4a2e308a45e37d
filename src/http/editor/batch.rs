//! Several operations in one request.

use std::convert::Infallible;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_http::Request;
use actix_web::body::to_bytes;
use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError as _, post, web};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::domain::access::Actor;
use crate::domain::audit::Origin;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::http::codes::Code;
use crate::http::conditional::json;
use crate::http::extract::{Body, Editor, Query};
use crate::http::middleware::{OperationKey, REQUEST_ID, request_id_of};
use crate::http::operations::{Operations, Within};
use crate::http::problem::{Problem, invalid_body};
use crate::http::view::batch::{BatchIn, BatchResult, BatchResults, OperationIn, RefusedOperation};
use crate::services::Unit;
use crate::services::accounts::By;

/// Most operations of one request.
const MOST: usize = 100;
/// After so many bytes of answers no operation is begun: each may answer a whole article.
const MOST_TOLD: usize = 8 * 1024 * 1024;
const LONGEST_PATH: usize = 2048;
const LONGEST_TAG: usize = 256;
const METHODS: [&str; 4] = ["POST", "PUT", "PATCH", "DELETE"];
const PREFER: header::HeaderName = header::HeaderName::from_static("prefer");
const SURFACE: &str = "/api/v1/editor/";

/// Do several things
///
/// Each operation is answered as if it had been sent by itself, in its order. With `atomic` all are done or none: the first that is
/// refused ends it, and `refused` tells of it. Otherwise each is done by itself, whatever becomes of the others. With an
/// `Idempotency-Key` a request that was cut off can be sent again: what was done is not done again, and the rest is done.
#[utoipa::path(
    tag = "editor batch",
    request_body = BatchIn,
    params(("Prefer" = Option<String>, Header, description = "That of each operation.")),
    responses(
        (status = 200, description = "What became of each; of an atomic one, all were done.", body = BatchResults),
        (status = 422, description = "An operation is no operation, or one of an atomic batch was refused; nothing was done."),
    )
)]
#[post("/api/v1/editor/batch")]
pub(super) async fn run_batch(
    editor: Editor,
    req: HttpRequest,
    _: Query<()>,
    body: Body<BatchIn>,
) -> Result<HttpResponse, Problem> {
    if req.extensions().get::<Within>().is_some() {
        return Err(Problem::new(
            Code::BadRequest,
            "A batch cannot be an operation of another.",
        ));
    }
    let BatchIn { atomic, operations } = body.0;
    check(&operations).into_result().map_err(invalid_body)?;
    let batch = Batch::new(&editor, &req)?;
    let results = if atomic {
        together(&editor, &batch, operations).await?
    } else {
        each(&editor, &batch, operations).await?
    };
    let results = json(&BatchResults { results })?;
    Ok(HttpResponse::Ok().content_type("application/json").body(results))
}

/// What operations have from the request that they came in.
struct Batch {
    routes: Rc<Operations>,
    headers: HeaderMap,
    request_id: String,
    /// Known by now: looking them up again would take a connection that others, who wait for this one, may have.
    actor: Actor,
    by: Option<By>,
    origin: Origin,
}

/// How an operation is bound to others.
enum Bond {
    None,
    Unit(Unit),
    Key(OperationKey),
}

impl Batch {
    fn new(editor: &Editor, req: &HttpRequest) -> Result<Self, Problem> {
        let routes = req.app_data::<Rc<Operations>>();
        let routes = routes.ok_or_else(|| Problem::plain(Code::Internal))?;
        let request_id = request_id_of(req);
        let mut headers = HeaderMap::new();
        for preference in req.headers().get_all("Prefer") {
            headers.append(PREFER, preference.clone());
        }
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            headers.insert(REQUEST_ID, value);
        }
        Ok(Self {
            routes: Rc::clone(routes),
            headers,
            request_id,
            actor: editor.actor,
            by: req.extensions().get::<By>().copied(),
            origin: editor.origin().clone(),
        })
    }

    /// Has the operation answered; `before` is what became of those before it.
    async fn run(&self, operation: OperationIn, before: &[BatchResult], bond: Bond) -> Result<BatchResult, Problem> {
        if told(before) > MOST_TOLD {
            let why = format!("The answers of a batch have at most {MOST_TOLD} bytes together; send fewer operations.");
            return self.untried(Problem::new(Code::TooLarge, why), &operation.path);
        }
        let (path, tag) = match referring(&operation, before) {
            Ok(found) => found,
            Err(why) => return self.untried(Problem::new(Code::DependencyFailed, why), &operation.path),
        };
        let request = self.request(operation, path, tag, bond)?;
        let (head, body) = self.routes.answer(request).await?.into_parts();
        let body = to_bytes(body).await.map_err(|_why| Problem::plain(Code::Internal))?;
        let text = |name| Some(head.headers().get(name)?.to_str().ok()?.to_owned());
        Ok(BatchResult {
            status: head.status().as_u16(),
            etag: text(header::ETAG),
            location: text(header::LOCATION),
            body: raw(&body),
        })
    }

    /// The request as the server would have made it of what a client sent.
    fn request(
        &self,
        operation: OperationIn,
        path: String,
        tag: Option<String>,
        bond: Bond,
    ) -> Result<Request, Problem> {
        let broken = || Problem::plain(Code::Internal);
        let bytes = operation.body.map(|body| web::Bytes::from(body.to_string()));
        let mut request = Request::with_payload(bytes.map_or(Payload::None, Payload::from));
        let head = request.head_mut();
        head.method = Method::from_bytes(operation.method.as_bytes()).unwrap_or_default();
        head.uri = Uri::try_from(path).map_err(|_why| broken())?;
        head.headers = self.headers.clone();
        if let Some(tag) = tag {
            let tag = HeaderValue::from_str(&tag).map_err(|_why| broken())?;
            head.headers.insert(header::IF_MATCH, tag);
        }
        request.extensions_mut().insert(Within);
        request.extensions_mut().insert(self.actor);
        if let Some(by) = self.by {
            request.extensions_mut().insert(by);
        }
        request.extensions_mut().insert(self.origin.clone());
        match bond {
            Bond::None => {}
            Bond::Unit(unit) => drop(request.extensions_mut().insert(unit)),
            Bond::Key(key) => drop(request.extensions_mut().insert(key)),
        }
        Ok(request)
    }

    /// What is said of an operation that was not tried.
    fn untried(&self, problem: Problem, path: &str) -> Result<BatchResult, Problem> {
        let problem = problem.of(&self.request_id, path);
        Ok(BatchResult {
            status: problem.status_code().as_u16(),
            etag: None,
            location: None,
            body: raw(&json(problem.told())?),
        })
    }
}

fn raw(json: &[u8]) -> Option<Box<RawValue>> {
    serde_json::from_slice(json).ok()
}

/// Bytes of what was answered so far.
fn told(results: &[BatchResult]) -> usize {
    let bodies = results.iter().filter_map(|result| result.body.as_ref());
    bodies.map(|body| body.get().len()).sum()
}

/// All, or none.
async fn together(editor: &Editor, batch: &Batch, operations: Vec<OperationIn>) -> Result<Vec<BatchResult>, Problem> {
    // With a key the transaction is not over yet when they are done: it takes the answer with it.
    let (unit, is_own) = match editor.unit() {
        Some(unit) => (unit.clone(), false),
        None => (Unit::of_operations(editor.app()), true),
    };
    unit.hold_all().await?;
    let most = Duration::from_millis(editor.config().http.batch_ms.into());
    let done = in_one(batch, &unit, operations, most).await;
    // Otherwise whoever has the answer ends it.
    if is_own {
        match &done {
            Ok(_) => unit.commit().await?,
            Err(_) => drop(unit.give_up().await?),
        }
    }
    done
}

async fn in_one(
    batch: &Batch,
    unit: &Unit,
    operations: Vec<OperationIn>,
    most: Duration,
) -> Result<Vec<BatchResult>, Problem> {
    let began = Instant::now();
    let mut results = Vec::with_capacity(operations.len());
    for (at, operation) in operations.into_iter().enumerate() {
        if began.elapsed() > most {
            return Err(Problem::plain(Code::BatchTooHeavy));
        }
        let result = batch.run(operation, &results, Bond::Unit(unit.clone())).await?;
        match result.status {
            200..=299 => results.push(result),
            500.. => {
                let status = StatusCode::from_u16(result.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                return Err(Problem::of_status(status));
            }
            _ => {
                let refused = RefusedOperation { operation: at, result };
                return Err(Problem::plain(Code::BatchRefused).with_refused(refused));
            }
        }
    }
    Ok(results)
}

/// Each by itself.
async fn each(editor: &Editor, batch: &Batch, operations: Vec<OperationIn>) -> Result<Vec<BatchResult>, Problem> {
    if let Some(unit) = editor.unit() {
        unit.divide().await?;
    }
    let key = editor.unit().and_then(Unit::key);
    let mut results = Vec::with_capacity(operations.len());
    for (at, operation) in operations.into_iter().enumerate() {
        let bond = key.map_or(Bond::None, |key| Bond::Key(OperationKey(key.of_operation(at))));
        let result = batch.run(operation, &results, bond).await?;
        if is_in_flight(&result) {
            // The same batch is being done elsewhere. What follows is not to come before it.
            return Err(Problem::plain(Code::KeyInFlight));
        }
        results.push(result);
    }
    Ok(results)
}

fn is_in_flight(result: &BatchResult) -> bool {
    #[derive(Deserialize)]
    struct Coded {
        code: String,
    }
    let coded = |body: &RawValue| serde_json::from_str::<Coded>(body.get()).ok();
    let code = result.body.as_deref().filter(|_| result.status == 409).and_then(coded);
    code.is_some_and(|told| told.code == Code::KeyInFlight.as_str())
}

/// Every flaw of what is to be done.
fn check(operations: &[OperationIn]) -> Invalids {
    let mut flaws = Invalids::default();
    if operations.is_empty() || operations.len() > MOST {
        let message = format!("has {} operations; 1 to {MOST} are taken", operations.len());
        flaws.add(Flaw::new(Rule::OutOfRange, message).at("/operations"));
    }
    for (at, operation) in operations.iter().enumerate().take(MOST) {
        let mut add = |field: &str, rule, message: &str| {
            flaws.add(Flaw::new(rule, message).at(format!("/operations/{at}/{field}")));
        };
        if !METHODS.contains(&operation.method.as_str()) {
            add("method", Rule::NotAllowed, "is not POST, PUT, PATCH or DELETE");
        }
        let (path, tag) = (
            operation.path.as_str(),
            operation.if_match.as_deref().unwrap_or_default(),
        );
        let Ok(plain) = Reference::replaced(path, |_| Ok::<_, Infallible>("0".to_owned()));
        if path.len() > LONGEST_PATH {
            add("path", Rule::TooLong, &format!("is longer than {LONGEST_PATH} bytes"));
        } else if !plain.starts_with(SURFACE) || plain.contains(['{', '}']) || Uri::try_from(plain).is_err() {
            add("path", Rule::Malformed, &format!("is not a path below {SURFACE}"));
        }
        if Reference::all(path).any(|place| place >= at) {
            add(
                "path",
                Rule::UnknownReference,
                "names an operation that does not come before",
            );
        }
        if tag.len() > LONGEST_TAG || HeaderValue::from_str(tag).is_err() {
            add(
                "if_match",
                Rule::Malformed,
                &format!("is not an ETag of at most {LONGEST_TAG} characters"),
            );
        }
        if Reference::of(tag).is_some_and(|place| place >= at) {
            add(
                "if_match",
                Rule::UnknownReference,
                "names an operation that does not come before",
            );
        }
    }
    flaws
}

/// Path and `If-Match` of an operation, with what it refers to in its place, or why there is nothing to be put there.
fn referring(operation: &OperationIn, before: &[BatchResult]) -> Result<(String, Option<String>), String> {
    let done = |place: usize| {
        let result = before.get(place).filter(|result| (200..300).contains(&result.status));
        result.ok_or_else(|| format!("The operation at {place} was refused."))
    };
    let id = |place| made(done(place)?).ok_or_else(|| format!("The answer to the operation at {place} has no id."));
    let path = Reference::replaced(&operation.path, id)?;
    let tag = match operation.if_match.as_deref() {
        Some(tag) => Some(match Reference::of(tag) {
            Some(place) => {
                let etag = done(place)?.etag.clone();
                etag.ok_or_else(|| format!("The answer to the operation at {place} has no ETag."))?
            }
            None => tag.to_owned(),
        }),
        None => None,
    };
    Ok((path, tag))
}

/// The id of what an operation led to: where it made something, that stands at the end of its address.
fn made(result: &BatchResult) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    if let Some(location) = &result.location {
        return location.rsplit('/').next().map(str::to_owned);
    }
    let named = serde_json::from_str::<Named>(result.body.as_ref()?.get());
    named.ok().map(|named| named.id)
}

/// `{3}`: what the operation at a place led to.
struct Reference;

impl Reference {
    fn of(text: &str) -> Option<usize> {
        let digits = text.strip_prefix('{')?.strip_suffix('}')?;
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    }

    fn all(path: &str) -> impl Iterator<Item = usize> {
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        path.split('/').filter_map(Self::of)
    }

    /// The path with each reference replaced.
    fn replaced<E>(path: &str, by: impl Fn(usize) -> Result<String, E>) -> Result<String, E> {
        let (segments, query) = match path.split_once('?') {
            Some((segments, query)) => (segments, Some(query)),
            None => (path, None),
        };
        let segments = segments.split('/').map(|segment| match Self::of(segment) {
            Some(place) => by(place),
            None => Ok(segment.to_owned()),
        });
        let mut replaced = segments.collect::<Result<Vec<_>, E>>()?.join("/");
        if let Some(query) = query {
            replaced.push('?');
            replaced.push_str(query);
        }
        Ok(replaced)
    }
}
