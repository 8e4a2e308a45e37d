//! What no handler takes: a path with another method, or no path at all.

use std::sync::OnceLock;

use actix_web::dev::ResourceDef;
use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse};

use super::codes::Code;
use super::middleware::is_preflight;
use super::openapi;
use super::problem::Problem;

/// Each path and the methods it takes, from the document.
fn table() -> &'static [(ResourceDef, String)] {
    static TABLE: OnceLock<Vec<(ResourceDef, String)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let paths = openapi::methods().into_iter();
        paths
            .map(|(path, methods)| (ResourceDef::new(path), allow(&methods)))
            .collect()
    })
}

fn allow(has: &[&str]) -> String {
    let known = ["get", "head", "post", "put", "patch", "delete"];
    // HEAD goes wherever GET goes.
    let takes = |method: &str| {
        has.iter()
            .any(|one| *one == if method == "head" { "get" } else { method })
    };
    let methods: Vec<_> = known
        .into_iter()
        .filter(|method| takes(method))
        .map(str::to_uppercase)
        .collect();
    format!("{}, OPTIONS", methods.join(", "))
}

/// The default service.
pub(super) async fn fallback(req: HttpRequest) -> Result<HttpResponse, Problem> {
    let path = req.match_info().as_str();
    if path == "*" && req.method() == Method::OPTIONS {
        // The server as a whole (RFC 9110 §9.3.7).
        return Ok(options(&allow(&["get", "post", "put", "patch", "delete"])));
    }
    let Some((_, methods)) = table().iter().find(|(resource, _)| resource.is_match(path)) else {
        // Who is let ask is told by the answer itself that nothing is there, which a page can read.
        return if is_preflight(req.method(), req.headers()) {
            Ok(HttpResponse::NoContent().finish())
        } else {
            Err(Problem::plain(Code::NotFound))
        };
    };
    if req.method() == Method::OPTIONS {
        return Ok(options(methods));
    }
    Err(Problem::plain(Code::MethodNotAllowed).with_allow(methods.clone()))
}

fn options(methods: &str) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ALLOW, methods))
        .finish()
}
