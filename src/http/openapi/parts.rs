//! What operations share: the security scheme, parameters, headers, and the problem of each status.

use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members;
use crate::http::codes::Code;
use crate::http::problem::{MEDIA_TYPE, Problem};

pub(super) fn add(document: &mut Value) {
    let Some(components) = members(document, "components") else {
        return;
    };
    let mut put = |name: &str, value: Value| drop(components.insert(name.to_owned(), value));
    put(
        "securitySchemes",
        json!({ "bearer": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "The access token of `POST /api/v1/auth/login` or `…/auth/refresh`, or an API key (`cdk_…`).",
        }}),
    );
    put(
        "parameters",
        json!({
            "IfMatch": {
                "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" }, "example": "\"7\"",
                "description": "The `ETag` of what the change is based on.",
            },
            "IdempotencyKey": {
                "name": "Idempotency-Key", "in": "header", "required": false,
                "schema": { "type": "string", "pattern": "^(\"[!#-~]{1,255}\"|[!#-~]{1,255})$" },
                "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
                "description": "A name that you give to what you want done, so that it is done once however often you ask: for 24 \
                    hours the same request is answered what it was answered first. A request that was refused leaves it free. At \
                    most 255 characters, in quotes or without.",
            },
            "IfNoneMatch": {
                "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
                "description": "An `ETag` that the client has; 304 when it still holds.",
            },
            "IfModifiedSince": {
                "name": "If-Modified-Since", "in": "header", "required": false, "schema": { "type": "string" },
                "description": "The `Last-Modified` of what the client has; only without `If-None-Match`.",
            },
        }),
    );
    put("headers", headers());
    put("responses", Value::Object(problems()));
}

fn headers() -> Value {
    let header = |description: &str, example: &str| json!({ "description": description, "schema": { "type": "string" }, "example": example });
    json!({
        "X-Request-Id": header("The name of this request, the client's own or a new one.", "019c63f0-5a10-7c3e"),
        "ETag": header("Names this state of the resource.", "\"7\""),
        "Cache-Control": header("How long the answer may be kept, and by whom.", "public, max-age=30"),
        "Last-Modified": header("When it last changed; absent where the page shows links to other articles, or was ever translated.", "Mon, 16 Feb 2026 09:30:00 GMT"),
        "Vary": header("Which headers of the request decide about the form.", "Accept, Accept-Encoding"),
        "Surrogate-Key": header("Names by which a cache can forget the answer.", "article:019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f section:019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e70"),
        "Location": header("Where the new resource is.", "/api/v1/editor/articles/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"),
        "Preference-Applied": header("Which preference of `Prefer` was honoured; absent where none was sent.", "handling=strict"),
        "Idempotency-Replayed": header("`true` where the answer is that of an earlier request with this key; absent otherwise.", "true"),
        "Accept-Ranges": header("That parts of the bytes can be asked for.", "bytes"),
        "Content-Range": header("Which part of the bytes it is, or how many there are.", "bytes 0-99/1000"),
        "Content-Disposition": header("That the bytes are a download, and its name; absent where they are shown.", "attachment; filename*=UTF-8''report.pdf"),
        "Content-Location": header("The media that the file became; absent while parts are missing.", "/api/v1/editor/media/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"),
        "Tus-Resumable": header("The version of the protocol.", "1.0.0"),
        "Upload-Offset": header("Where the next part begins.", "8388608"),
        "Upload-Length": header("Bytes of the whole file.", "20971520"),
        "Upload-Expires": header("Until when the parts are kept.", "Tue, 17 Feb 2026 09:30:00 GMT"),
        "X-Robots-Tag": header("That search engines keep away.", "noindex"),
        "Retry-After": { "description": "Seconds to wait before another try.", "required": true, "schema": { "type": "string" }, "example": "1" },
        "RateLimit": header("What is left, and after how many seconds there is more; absent where there is no limit.", "\"writes\";r=99"),
        "RateLimit-Policy": header("How often somebody may ask: so many (`q`) in so many seconds (`w`).", "\"writes\";q=100;w=5"),
        "WWW-Authenticate": header("How to authenticate.", "Bearer"),
    })
}

/// The name of the shared answer for a status. Methods are for all paths to refuse, and what an operation refers to is for the results of a
/// batch: neither is an answer of an operation of the document.
pub(super) fn name(status: u16) -> Option<String> {
    let known = Code::ALL.iter().any(|code| code.status().as_u16() == status);
    let reason = StatusCode::from_u16(status).ok()?.canonical_reason()?;
    (known && ![405, 424].contains(&status)).then(|| reason.replace(' ', ""))
}

fn problems() -> Map<String, Value> {
    let mut all = Map::new();
    for code in Code::ALL {
        let status = code.status().as_u16();
        if let Some(name) = name(status).filter(|name| !all.contains_key(name)) {
            all.insert(name, problem(status));
        }
    }
    all
}

fn problem(status: u16) -> Value {
    let codes: Vec<_> = Code::ALL
        .iter()
        .copied()
        .filter(|code| code.status().as_u16() == status)
        .collect();
    let examples: Map<_, _> = codes
        .iter()
        .map(|code| (code.as_str().to_owned(), json!({ "value": example(*code) })))
        .collect();
    let told: Vec<_> = codes
        .iter()
        .map(|code| format!("`{}`: {}.", code.as_str(), code.title()))
        .collect();
    let mut headers = vec!["X-Request-Id", "Cache-Control"];
    match status {
        401 => headers.push("WWW-Authenticate"),
        416 => headers.push("Content-Range"),
        429 => headers.extend(["Retry-After", "RateLimit", "RateLimit-Policy"]),
        503 => headers.push("Retry-After"),
        _ => {}
    }
    let mut headers = header_refs(&headers);
    if status == 409 {
        let about = "With `key_in_flight`: seconds to wait before another try.";
        let wait = json!({ "description": about, "schema": { "type": "string" }, "example": "1" });
        super::set(&mut headers, "Retry-After", wait);
    }
    json!({
        "description": told.join(" "),
        "headers": headers,
        "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" }, "examples": examples } },
    })
}

pub(super) fn header_refs(names: &[&str]) -> Value {
    let refs = names.iter().map(|name| {
        (
            (*name).to_owned(),
            json!({ "$ref": format!("#/components/headers/{name}") }),
        )
    });
    Value::Object(refs.collect())
}

fn example(code: Code) -> Value {
    let problem = Problem::plain(code).of("019c63f0-5a10-7c3e", "/api/v1/editor/articles");
    let mut value = serde_json::to_value(problem.told()).unwrap_or_default();
    let mut put = |name: &str, part: Value| super::set(&mut value, name, part);
    let wrong =
        |pointer: &str, code: &str, message: &str| json!([{ "pointer": pointer, "code": code, "message": message }]);
    let id = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    match code {
        Code::InvalidBody => put(
            "errors",
            wrong("/headline", "too_long", "has 312 characters; at most 200 are allowed"),
        ),
        Code::NotReady => put("errors", wrong("/byline", "required", "nobody is named")),
        Code::InvalidParameter => put(
            "errors",
            wrong("limit", "out_of_range", "must be a whole number from 1 to 100"),
        ),
        Code::UnknownParameter => put(
            "errors",
            wrong("limt", "unknown", "is not a parameter here; there is limit"),
        ),
        Code::StaleRevision => put(
            "current",
            json!({ "revision": 8, "updated_at": "2026-02-16T09:30:00.000Z", "updated_by": id }),
        ),
        Code::TranslationTaken => put(
            "uses",
            json!([{ "type": "article", "id": id, "name": "Le ferry reprend la mer" }]),
        ),
        Code::InUse => put(
            "uses",
            json!([{ "type": "article", "id": id, "name": "Ferry sails again" }]),
        ),
        Code::MoveNotAllowed => put("allowed", json!(["publish"])),
        Code::BadJson => put("detail", json!("Not JSON at line 3, column 1: trailing comma.")),
        _ => {}
    }
    value
}
