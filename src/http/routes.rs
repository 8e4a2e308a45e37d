//! Where handlers are registered: one list, from which the server serves and the document is collected.

use actix_web::dev::HttpServiceFactory;
use actix_web::web;
use utoipa::openapi::{Components, OpenApi};
use utoipa_actix_web::OpenApiFactory;

/// Takes handlers. Each worker of the server registers all of them, and collecting their schemas takes megabytes: so the
/// server leaves the document out, and the document the server.
pub(super) enum Routes<'a> {
    Served(&'a mut web::ServiceConfig),
    Told(&'a mut OpenApi),
}

impl Routes<'_> {
    pub(super) fn service<H: HttpServiceFactory + OpenApiFactory + 'static>(&mut self, handler: H) -> &mut Self {
        match self {
            Self::Served(config) => {
                config.service(handler);
            }
            Self::Told(document) => {
                let mut schemas = Vec::new();
                handler.schemas(&mut schemas);
                document.paths.merge(handler.paths());
                let components = document.components.get_or_insert_with(Components::new);
                components.schemas.extend(schemas);
            }
        }
        self
    }
}
