//! The document of the API. Paths and schemas come from the handlers themselves; what follows by rule from a path, a
//! method or a status is added here once, so that the attributes on handlers stay short and no operation can lack it.

mod parts;
mod rules;
mod schemas;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use utoipa::OpenApi;

use super::problem::Told;
use super::routes::Routes;
use crate::domain::body::BodyFormat;
use crate::domain::form::PageForm;
use crate::domain::related::{Include, ListInclude};
use crate::domain::schedule::GoesLive;
use crate::domain::search::{Facet, SearchSort};
use crate::domain::shelf::{ArticleSort, ListedField};

/// The document as it is served: the one that the repository keeps, which a test holds to what `pretty` makes. A server that
/// made it at its start would take tens of megabytes for it.
pub(super) const SERVED: &str = include_str!("../../../openapi/openapi.json");

/// The document, for who walks it. Built once.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(build)
}

/// The document as the repository keeps it.
pub fn pretty() -> String {
    serde_json::to_string_pretty(document()).unwrap_or_default() + "\n"
}

/// Each path of the document, and the methods that it has.
pub(super) fn methods() -> Vec<(&'static str, Vec<&'static str>)> {
    /// What stands under a method is skipped, not kept.
    #[derive(Default, Deserialize)]
    struct Paths {
        #[serde(borrow)]
        paths: BTreeMap<&'static str, BTreeMap<&'static str, &'static RawValue>>,
    }
    let document: Paths = serde_json::from_str(SERVED).unwrap_or_default();
    let paths = document.paths.into_iter();
    paths
        .map(|(path, methods)| (path, methods.into_keys().collect()))
        .collect()
}

/// What no handler names itself.
#[derive(OpenApi)]
#[openapi(components(schemas(
    Told,
    ArticleSort,
    BodyFormat,
    GoesLive,
    Include,
    ListedField,
    ListInclude,
    PageForm,
    SearchSort,
    Facet
)))]
struct Common;

fn build() -> Value {
    let mut collected = Common::openapi();
    super::register(&mut Routes::Told(&mut collected));
    // A document that cannot be written would be a bug of the library; the test of the document sees the null.
    let mut document = serde_json::to_value(&collected).unwrap_or_default();
    head(&mut document);
    parts::add(&mut document);
    rules::apply(&mut document);
    schemas::close(&mut document);
    sort(&mut document);
    document
}

fn head(document: &mut Value) {
    set(
        document,
        "info",
        json!({
            "title": "Copydesk",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A headless CMS for newsrooms.",
            "description": "Two surfaces under `/api/v1`: **delivery** serves published editions to anyone, **editor** holds \
                the working copies behind a bearer token.\n\nEvery failure is `application/problem+json` with a `code` of a \
                closed list (see `/docs/errors`). Lists are paged by opaque cursors. Changes need `If-Match` with the `ETag` \
                of what was read. HEAD works wherever GET does.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        }),
    );
    set(document, "servers", json!([{ "url": "/" }]));
    set(
        document,
        "tags",
        json!([
            { "name": "delivery", "description": "What readers may read: published editions, cacheable." },
            { "name": "editor articles", "description": "Working copies: write, publish, take down." },
            { "name": "editor related links", "description": "What articles link to, and what links to them." },
            { "name": "editor sections", "description": "The sections of the site." },
            { "name": "editor contributors", "description": "The people and organisations that bylines name." },
            { "name": "editor tags", "description": "The labels of articles." },
            { "name": "editor media", "description": "Pictures, videos, sounds and documents: upload, describe, replace." },
            { "name": "editor audit", "description": "Who did what, when and from where." },
            { "name": "editor batch", "description": "Several operations in one request." },
            { "name": "editor reports", "description": "What wants an editor's eye." },
            { "name": "media", "description": "The bytes of media." },
            { "name": "previews", "description": "Articles before they are published, for whoever has a token." },
            { "name": "accounts", "description": "Logging in and out, one's own sessions and password, and the keys that tokens are checked with." },
            { "name": "operations", "description": "Health, and this document." },
        ]),
    );
}

/// Sets a member of an object; anything else is left alone.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(object) = object.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

/// The members of an object within an object, made where they are missing.
fn members<'a>(object: &'a mut Value, name: &str) -> Option<&'a mut serde_json::Map<String, Value>> {
    object
        .as_object_mut()?
        .entry(name)
        .or_insert_with(|| json!({}))
        .as_object_mut()
}

/// Schemas in the order of their names: the order in which handlers name them says nothing.
fn sort(document: &mut Value) {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        schemas.sort_keys();
    }
}
