//! Holds answers against the OpenAPI document: the status is documented, so are the media type and the headers, and the
//! body is what its schema says and nothing besides.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use actix_web::http::header::HeaderMap;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::document::{Operation, document, find, resolve};

const PROBLEM: &str = "application/problem+json";
/// Headers that clients act on: an answer that has one documents it.
const TOLD: &[&str] = &[
    "ETag",
    "Location",
    "Last-Modified",
    "Surrogate-Key",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
    "Idempotency-Replayed",
    "RateLimit",
    "RateLimit-Policy",
];
/// Headers that may be documented and absent.
const OPTIONAL: &[&str] = &[
    "Last-Modified",
    "Preference-Applied",
    "Surrogate-Key",
    "Content-Disposition",
    "Content-Location",
    "Content-Range",
    "Idempotency-Replayed",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
];

/// A request and its answer.
pub(super) struct Exchange<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) asked: &'a [(String, Vec<u8>)],
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Ends the test where the answer is not as documented. The body as JSON, or null where it is none.
#[track_caller]
pub(super) fn check(exchange: &Exchange<'_>) -> Value {
    match exchange.hold() {
        Ok(json) => json,
        Err(why) => panic!(
            "{} {} answered {} against the document: {why}\n{}",
            exchange.method,
            exchange.path,
            exchange.status,
            String::from_utf8_lossy(exchange.body)
        ),
    }
}

impl Exchange<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn media(&self) -> Option<&str> {
        self.header("Content-Type")
            .map(|kind| kind.split(';').next().unwrap_or_default().trim())
    }

    fn hold(&self) -> Result<Value, String> {
        if self.header("X-Request-Id").is_none_or(str::is_empty) {
            return Err("it has no X-Request-Id".to_owned());
        }
        // Node, for one, takes a head of 16 KiB in all.
        if self.header("Surrogate-Key").is_some_and(|keys| keys.len() > 4096) {
            return Err("its Surrogate-Key is too long for a head".to_owned());
        }
        match find(self.method, self.path) {
            Ok(operation) => self.documented(operation),
            Err(path_is_known) => self.undocumented(path_is_known),
        }
    }

    /// An answer to what the document does not know.
    fn undocumented(&self, path_is_known: bool) -> Result<Value, String> {
        let sent = |wanted: &str| self.asked.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let with_token = sent("authorization");
        let is_preflight = self.method == "OPTIONS" && sent("access-control-request-method");
        match self.status {
            204 if self.method == "OPTIONS" && path_is_known || is_preflight => Ok(Value::Null),
            405 if path_is_known && self.header("Allow").is_some() => self.problem(),
            404 if !path_is_known => self.problem(),
            401 if with_token => self.problem(),
            406 => self.problem(),
            _ => Err("there is no such operation".to_owned()),
        }
    }

    fn problem(&self) -> Result<Value, String> {
        if self.media() != Some(PROBLEM) {
            return Err(format!("it is {:?}, not a problem", self.media()));
        }
        let json = self.json()?;
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        valid(&schema, &json)?;
        self.is_of_this_request(&json)?;
        Ok(json)
    }

    fn documented(&self, operation: Operation) -> Result<Value, String> {
        let answer = operation.answer(self.status).ok_or("this status is not documented")?;
        self.headers_are(answer)?;
        let content = answer["content"].as_object();
        if self.method == "HEAD" || content.is_none() {
            return if self.body.is_empty() {
                Ok(Value::Null)
            } else {
                Err("there should be no body".to_owned())
            };
        }
        let media = self.media().ok_or("it has no Content-Type")?;
        if self.status >= 400 && media != PROBLEM {
            return Err(format!("it is {media}, not a problem"));
        }
        let kind = content
            .and_then(|content| content.get(media))
            .ok_or(format!("{media} is not documented"))?;
        if !media.ends_with("json") {
            return Ok(Value::Null);
        }
        let json = self.json()?;
        valid(&kind["schema"], &json)?;
        if self.status >= 400 {
            self.is_of_this_request(&json)?;
        }
        Ok(json)
    }

    fn headers_are(&self, answer: &'static Value) -> Result<(), String> {
        let documented = answer["headers"].as_object();
        for (name, header) in documented.into_iter().flatten() {
            let optional = OPTIONAL.contains(&name.as_str()) && resolve(header)["required"] != true;
            if !optional && self.header(name).is_none() {
                return Err(format!("the header {name} is documented and not there"));
            }
        }
        for name in TOLD {
            if self.header(name).is_some() && documented.is_none_or(|all| !all.contains_key(*name)) {
                return Err(format!("the header {name} is there and not documented"));
            }
        }
        Ok(())
    }

    fn json(&self) -> Result<Value, String> {
        serde_json::from_slice(self.body).map_err(|why| format!("the body is not JSON: {why}"))
    }

    fn is_of_this_request(&self, problem: &Value) -> Result<(), String> {
        let expected = [
            ("status", json!(self.status)),
            ("request_id", json!(self.header("X-Request-Id"))),
            ("instance", json!(self.path)),
            (
                "type",
                json!(format!("/docs/errors#{}", problem["code"].as_str().unwrap_or_default())),
            ),
        ];
        let wrong = expected.into_iter().find(|(name, value)| problem[*name] != *value);
        wrong.map_or(Ok(()), |(name, value)| Err(format!("`{name}` should be {value}")))
    }
}

fn valid(schema: &Value, json: &Value) -> Result<(), String> {
    let errors: Vec<String> = compile(&closed(schema, Place::Whole))
        .iter_errors(json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(errors.join("\n"))
    }
}

/// A validator of a schema that may refer to the document's own. It is compiled once for all that ask for it.
pub(crate) fn compile(schema: &Value) -> Arc<Validator> {
    static COMPONENTS: LazyLock<Value> = LazyLock::new(components);
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let made = compiled.entry(schema.to_string()).or_insert_with(|| {
        let root = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [schema],
            "components": *COMPONENTS,
        });
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        let validator = options.build(&root);
        Arc::new(validator.unwrap_or_else(|why| panic!("the document's schema cannot be used: {why}")))
    });
    Arc::clone(made)
}

/// A validator of an answer that is a schema of the document, by its name.
pub(crate) fn strict(name: &str) -> Arc<Validator> {
    compile(&json!({ "$ref": format!("#/components/schemas/{name}") }))
}

/// Where a schema stands: for a whole object, or for the part of one.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Whole,
    Part,
}

/// Each schema twice: closed, as what an answer may be, and open, as what an answer may be made of.
fn components() -> Value {
    let schemas = document()["components"]["schemas"].as_object().expect("schemas");
    let all = |place| {
        schemas
            .iter()
            .map(|(name, schema)| (name.clone(), closed(schema, place)))
            .collect::<Map<_, _>>()
    };
    json!({ "schemas": all(Place::Whole), "parts": all(Place::Part) })
}

/// The schema, with every object in it closed: a field that the document does not name must not be there.
fn closed(schema: &Value, place: Place) -> Value {
    let Value::Object(fields) = schema else {
        return schema.clone();
    };
    let joined = fields.contains_key("allOf") || fields.contains_key("properties");
    let mut made = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "$ref" if place == Place::Part => {
                json!(
                    value
                        .as_str()
                        .unwrap_or_default()
                        .replace("/components/schemas/", "/components/parts/")
                )
            }
            "allOf" => list(value, Place::Part),
            "oneOf" | "anyOf" => list(value, if joined { Place::Part } else { place }),
            "properties" => members(value),
            "items" | "additionalProperties" => closed(value, Place::Whole),
            _ => value.clone(),
        };
        made.insert(name.clone(), value);
    }
    if place == Place::Whole && joined && !fields.contains_key("additionalProperties") {
        made.insert("unevaluatedProperties".to_owned(), json!(false));
    }
    Value::Object(made)
}

fn list(schemas: &Value, place: Place) -> Value {
    schemas
        .as_array()
        .into_iter()
        .flatten()
        .map(|schema| closed(schema, place))
        .collect()
}

fn members(properties: &Value) -> Value {
    let all = properties.as_object().into_iter().flatten();
    Value::Object(
        all.map(|(name, schema)| (name.clone(), closed(schema, Place::Whole)))
            .collect(),
    )
}
