//! Where handlers are registered: one list, from which the server serves and the document is collected.

use std::borrow::Cow;

use actix_web::dev::HttpServiceFactory;
use actix_web::{HttpRequest, web};
use utoipa::openapi::{Components, OpenApi};
use utoipa_actix_web::OpenApiFactory;

/// Where pages of articles are. Their path tells them from all others, without the regular expression that the framework would run.
pub(super) const ARTICLE: &str = "/api/v1/articles/{article}";

/// The name of the article whose page is there. Of pages there are several forms.
pub(super) fn named_article(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/api/v1/articles/")?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// The route that a request takes, as it is registered.
pub(super) fn route(req: &HttpRequest) -> Option<Cow<'static, str>> {
    match named_article(req.match_info().as_str()) {
        Some(_) => Some(Cow::Borrowed(ARTICLE)),
        None => req.match_pattern().map(Cow::Owned),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::openapi::methods;

    #[test]
    fn pages_of_articles_are_where_they_are_registered() {
        assert_eq!(named_article(ARTICLE), Some("{article}"));
        assert!(methods().iter().any(|(path, has)| *path == ARTICLE && *has == ["get"]));
        for other in [
            "/api/v1/articles",
            "/api/v1/articles/",
            "/api/v1/articles/a/related",
            "/api/v1/editor/articles/a",
        ] {
            assert_eq!(named_article(other), None, "{other}");
        }
    }
}
