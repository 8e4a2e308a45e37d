//! What an operator asks: is it alive, can it serve.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::conditional::json;
use super::drain::Drain;
use super::extract::{Query, app_of};
use super::problem::Problem;
use super::routes::Routes;

pub(super) fn routes(routes: &mut Routes<'_>) {
    routes.service(get_liveness).service(get_readiness);
}

/// That all is well.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    #[schema(examples("ok"))]
    status: &'static str,
}

fn well() -> Result<HttpResponse, Problem> {
    let body = json(&Health { status: "ok" })?;
    Ok(HttpResponse::Ok()
        .insert_header(("Cache-Control", "no-store"))
        .content_type("application/json")
        .body(body))
}

/// Ask whether the process is alive
///
/// It answers as long as the process does, whatever the database does.
#[utoipa::path(tag = "operations", responses((status = 200, description = "It is.", body = Health)))]
#[get("/health/live")]
async fn get_liveness(_: Query<()>) -> Result<HttpResponse, Problem> {
    well()
}

/// Ask whether requests can be served
///
/// 503 while the database, or the store of media, does not answer, and when the server is about to stop.
#[utoipa::path(tag = "operations", responses((status = 200, description = "They can.", body = Health)))]
#[get("/health/ready")]
async fn get_readiness(req: HttpRequest, _: Query<()>) -> Result<HttpResponse, Problem> {
    let app = Arc::clone(app_of(&req)?);
    let overloaded = || Problem::from(crate::services::Error::from(crate::services::Refusal::Overloaded));
    if req.app_data::<Arc<Drain>>().is_some_and(|drain| drain.is_on()) {
        return Err(overloaded());
    }
    app.ping().await.map_err(|error| {
        tracing::warn!(%error, "The database does not answer");
        overloaded()
    })?;
    app.ping_storage().await.map_err(|error| {
        tracing::warn!(%error, "The store of media does not answer");
        overloaded()
    })?;
    well()
}
