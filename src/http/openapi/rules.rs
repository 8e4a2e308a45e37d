//! What an operation has because of where it stands, its method and its answers.

use actix_web::http::StatusCode;
use serde_json::{Value, json};

use super::parts::{header_refs, name};
use super::{members, set};
use crate::http::examples::example;
use crate::http::extract::MOST;

/// One operation and what decides about it.
struct Place<'a> {
    path: &'a str,
    method: &'a str,
    has_body: bool,
    /// Whether it can be asked for the past.
    looks_back: bool,
}

impl Place<'_> {
    fn is_api(&self) -> bool {
        self.path.starts_with("/api/") || self.path == "/openapi.json"
    }

    /// What anyone may keep for a while and nobody can change.
    fn is_common(&self) -> bool {
        self.is_built_in() || self.path == "/.well-known/jwks.json"
    }

    /// What comes with the binary.
    fn is_built_in(&self) -> bool {
        self.path == "/openapi.json" || self.path.starts_with("/docs")
    }

    fn is_editor(&self) -> bool {
        self.path.starts_with("/api/v1/editor/")
    }

    /// What somebody with a login does with their own account.
    fn is_account(&self) -> bool {
        let needs_none = ["login", "refresh", "reset"];
        let rest = self.path.strip_prefix("/api/v1/auth/");
        rest.is_some_and(|rest| !needs_none.contains(&rest))
    }

    fn is_auth(&self) -> bool {
        self.path.starts_with("/api/v1/auth/")
    }

    fn is_delivery(&self) -> bool {
        let is_public = self.path.starts_with("/api/v1/") && !self.is_editor() && !self.is_auth() && !self.is_preview();
        is_public || self.is_bytes() || self.is_outlet()
    }

    /// A story that is not public, for whoever has its token.
    fn is_preview(&self) -> bool {
        self.path.starts_with("/api/v1/preview/")
    }

    /// What editors hand out for an article, and is no part of it.
    fn is_handed_out(&self) -> bool {
        self.path.contains("/preview-tokens")
    }

    /// What is new and what there is, for programs.
    fn is_outlet(&self) -> bool {
        self.path.starts_with("/feeds/") || self.path.starts_with("/sitemap") || self.path == "/robots.txt"
    }

    /// What answers to readers are counted of that are not kept ready.
    fn is_told_to_readers(&self) -> bool {
        self.is_delivery() && !self.is_bytes() && self.path != "/robots.txt"
    }

    /// Whether it counts as a change.
    fn is_write(&self) -> bool {
        (self.is_editor() || self.is_account()) && self.method != "get"
    }

    /// The bytes of media.
    fn is_bytes(&self) -> bool {
        self.path.starts_with("/media/")
    }

    /// A file that comes in parts, by a protocol that has its own words for where it stands.
    fn is_upload(&self) -> bool {
        self.path == "/api/v1/editor/media/uploads" || self.path.starts_with("/api/v1/editor/uploads/")
    }

    /// Whether the answer has an `ETag` that a GET can be asked against.
    fn is_conditional(&self) -> bool {
        let is_told =
            self.is_preview() || self.is_editor() || self.is_account() || self.is_delivery() || self.is_common();
        self.method == "get" && is_told && !self.is_upload()
    }

    /// Whether the answer can be asked against its date. A list has none: it changes when an item leaves it.
    fn has_date(&self) -> bool {
        self.path == "/api/v1/articles/{article}"
    }

    /// A verb on something that is there; some take a body that says how (`merge`), most take none.
    fn is_action(&self) -> bool {
        self.path.contains("/actions/")
    }

    /// Whether it changes something that a client must have read before.
    fn needs_match(&self) -> bool {
        // A related link and a correction are part of their article, so that adding one changes what is there.
        let adds = self.method == "post" && (self.path.ends_with("/related") || self.path.ends_with("/corrections"));
        // Who is at an article is no part of it.
        let acts = self.is_action() && !self.path.ends_with("lock");
        let changes = matches!(self.method, "patch" | "put" | "delete") || acts || adds;
        self.is_editor() && changes && !self.is_upload() && !self.is_handed_out()
    }

    /// Whether the answer names the state that it tells of. A batch tells of many.
    fn has_tag(&self, status: &str) -> bool {
        let is_asked = self.is_account() || self.is_handed_out();
        let has_state = if is_asked {
            self.method == "get"
        } else {
            self.is_editor() || self.is_preview()
        };
        has_state && matches!(status, "200" | "201" | "304") && !self.path.ends_with("/batch")
    }

    /// Whether it is done once, however often it is asked for under one key.
    fn takes_key(&self) -> bool {
        self.is_editor() && self.method != "get" && !self.path.starts_with("/api/v1/editor/uploads/")
    }

    /// Whether it heeds `Prefer`: where the body of a story is converted.
    fn takes_preference(&self) -> bool {
        matches!(
            (self.method, self.path),
            ("post", "/api/v1/editor/articles") | ("patch", "/api/v1/editor/articles/{id}")
        )
    }

    /// Whether it refuses a body that says something, as an action without one does.
    fn takes_nothing(&self) -> bool {
        self.is_action()
            || self.path.ends_with("/validate")
            || (self.is_account() && self.method == "post" && !self.has_body)
    }

    /// The statuses of the problems that it can answer with.
    fn problems(&self) -> Vec<u16> {
        let mut all = vec![400, 414, 431, 500, 503];
        let mut also = |when: bool, statuses: &[u16]| {
            if when {
                all.extend_from_slice(statuses);
            }
        };
        also(self.is_api(), &[406]);
        // A bad token is refused wherever one is sent.
        also(true, &[401]);
        also(self.is_editor() || self.is_account() || self.looks_back, &[403]);
        // Who asks too often is told so: readers of what is not ready, who changes something, who tries passwords.
        also(self.is_told_to_readers() || self.is_write(), &[429]);
        also(self.path.contains('{'), &[404]);
        also(self.has_body || self.takes_nothing(), &[413, 415, 422]);
        also(self.needs_match(), &[412, 428]);
        also(self.takes_key(), &[409, 422]);
        also((self.is_editor() || self.is_auth()) && self.method != "get", &[507]);
        all
    }

    fn security(&self) -> Value {
        match () {
            () if self.is_editor() || self.is_account() => json!([{ "bearer": [] }]),
            () if self.is_delivery() || self.is_preview() => json!([{}, { "bearer": [] }]),
            () => json!([]),
        }
    }
}

pub(super) fn apply(document: &mut Value) {
    let Some(paths) = members(document, "paths") else {
        return;
    };
    for (path, item) in paths.iter_mut() {
        let Some(operations) = item.as_object_mut() else {
            continue;
        };
        for (method, operation) in operations.iter_mut() {
            let has_body = operation.get("requestBody").is_some();
            let parameters = operation.get("parameters").and_then(Value::as_array);
            let looks_back = parameters.is_some_and(|all| all.iter().any(|one| one["name"] == "as_of"));
            let place = Place {
                path,
                method,
                has_body,
                looks_back,
            };
            decorate(operation, &place);
        }
    }
}

/// Whether a body may be left out, which the handler says by an `Option`; what it holds where it is there is told without that.
fn can_be_absent(body: &mut Value) -> bool {
    let Some(schema) = body.pointer_mut("/content/application~1json/schema") else {
        return false;
    };
    let nothing = json!({"type": "null"});
    let kinds = schema.get("oneOf").and_then(Value::as_array);
    let given = kinds.filter(|kinds| kinds.contains(&nothing));
    let given = given
        .and_then(|kinds| kinds.iter().find(|kind| **kind != nothing))
        .cloned();
    let Some(given) = given else {
        return false;
    };
    *schema = given;
    true
}

fn decorate(operation: &mut Value, place: &Place<'_>) {
    set(operation, "security", place.security());
    if let Some(body) = operation.get_mut("requestBody") {
        let needed = !can_be_absent(body);
        set(body, "required", json!(needed));
        add_examples(body);
    }
    bound_lists(operation);
    if place.needs_match() {
        add_parameter(operation, "IfMatch");
    }
    if place.takes_key() {
        add_parameter(operation, "IdempotencyKey");
    }
    if place.is_conditional() {
        add_parameter(operation, "IfNoneMatch");
    }
    if place.has_date() {
        add_parameter(operation, "IfModifiedSince");
    }
    let Some(responses) = members(operation, "responses") else {
        return;
    };
    for (status, response) in responses.iter_mut() {
        if status.starts_with('2') || status.starts_with('3') {
            describe(response, status);
            add_headers(response, &success_headers(place, status));
            add_examples(response);
        } else if let Some(name) = status.parse().ok().and_then(name) {
            *response = shared(&name, response.get("description"));
        }
    }
    for status in place.problems() {
        if let Some(name) = name(status) {
            responses
                .entry(status.to_string())
                .or_insert_with(|| shared(&name, None));
        }
    }
    if place.is_conditional() {
        let headers = header_refs(&success_headers(place, "304"));
        let unchanged = json!({ "description": "The client has it already.", "headers": headers });
        responses.entry("304").or_insert(unchanged);
    }
    responses.sort_keys();
}

/// A reference to the shared problem, with the words of the handler where it has any of its own.
fn shared(name: &str, description: Option<&Value>) -> Value {
    let mut response = json!({ "$ref": format!("#/components/responses/{name}") });
    if let Some(words) = description.filter(|words| words.as_str().is_some_and(|words| !words.is_empty())) {
        set(&mut response, "description", words.clone());
    }
    response
}

fn success_headers(place: &Place<'_>, status: &str) -> Vec<&'static str> {
    let mut names = vec!["X-Request-Id"];
    if place.is_upload() {
        names.extend(upload_headers(place, status));
    } else if place.is_delivery() && matches!(status, "200" | "206" | "304") {
        names.extend(["ETag", "Cache-Control", "Surrogate-Key"]);
        if place.is_bytes() {
            names.extend(["Accept-Ranges", "Content-Disposition"]);
        }
        if status == "206" {
            names.push("Content-Range");
        }
        // A list of the past has one form.
        let varies = place.has_date() || !place.is_bytes() && !place.looks_back;
        names.extend(varies.then_some("Vary"));
        names.extend(place.has_date().then_some("Last-Modified"));
    } else if place.is_built_in() {
        names.extend(["ETag", "Cache-Control", "Vary"]);
    } else if place.has_tag(status) || place.is_common() {
        names.extend(["ETag", "Cache-Control"]);
    } else if place.is_api() {
        names.push("Cache-Control");
    }
    if place.is_preview() {
        names.push("X-Robots-Tag");
    }
    if status == "308" {
        names.extend(["Cache-Control", "Surrogate-Key"]);
    }
    if matches!(status, "201" | "308") {
        names.push("Location");
    }
    if place.takes_preference() {
        names.push("Preference-Applied");
    }
    if place.takes_key() {
        names.push("Idempotency-Replayed");
    }
    if place.is_write() {
        names.extend(["RateLimit", "RateLimit-Policy"]);
    }
    names
}

fn upload_headers(place: &Place<'_>, status: &str) -> Vec<&'static str> {
    let mut names = vec!["Tus-Resumable", "Cache-Control"];
    if place.method != "delete" {
        names.extend(["Upload-Offset", "Upload-Length", "Upload-Expires"]);
    }
    if status == "204" && place.method == "patch" {
        names.push("Content-Location");
    }
    names
}

fn add_headers(response: &mut Value, names: &[&str]) {
    let Value::Object(refs) = header_refs(names) else {
        return;
    };
    if let Some(headers) = members(response, "headers") {
        for (name, reference) in refs {
            headers.entry(name).or_insert(reference);
        }
    }
}

/// A list of values is bounded wherever there is one and has one at least, and no cursor is empty.
fn bound_lists(operation: &mut Value) {
    let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let is_cursor = parameter.get("name") == Some(&json!("cursor"));
        let schema = parameter.get_mut("schema");
        if is_cursor {
            if let Some(schema) = schema {
                set(schema, "minLength", json!(1));
            }
            continue;
        }
        if let Some(schema) = schema.filter(|schema| schema.get("type") == Some(&json!("array"))) {
            set(schema, "minItems", json!(1));
            set(schema, "maxItems", json!(MOST));
        }
    }
}

fn add_parameter(operation: &mut Value, name: &str) {
    let reference = json!({ "$ref": format!("#/components/parameters/{name}") });
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(parameters) => parameters.push(reference),
        None => set(operation, "parameters", json!([reference])),
    }
}

/// Gives an answer the words of its status where the handler has none; the document must have some.
fn describe(response: &mut Value, status: &str) {
    if response
        .get("description")
        .and_then(Value::as_str)
        .is_none_or(str::is_empty)
    {
        let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
        set(
            response,
            "description",
            json!(status.and_then(|status| status.canonical_reason()).unwrap_or("Done")),
        );
    }
}

/// Shows each media type by the example of its schema.
fn add_examples(holder: &mut Value) {
    let Some(content) = holder.get_mut("content").and_then(Value::as_object_mut) else {
        return;
    };
    for media in content.values_mut() {
        let schema = media
            .pointer("/schema/$ref")
            .and_then(Value::as_str)
            .and_then(|path| path.rsplit('/').next());
        if let Some(value) = schema.and_then(example) {
            set(media, "example", value);
        }
    }
}
