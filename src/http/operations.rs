//! The routes, for requests that come within another one: each is answered as if it had been sent by itself.

use std::rc::Rc;
use std::sync::Arc;

use actix_http::Request;
use actix_service::{IntoServiceFactory as _, Service as _, ServiceFactory as _};
use actix_web::HttpResponse;
use actix_web::dev::AppConfig;
use futures_util::future::LocalBoxFuture;
use tokio::sync::OnceCell;

use super::codes::Code;
use super::problem::Problem;
use crate::services::App;

type Routed = Rc<dyn Fn(Request) -> LocalBoxFuture<'static, HttpResponse>>;

/// Made by the first request that needs it, once for each worker: most never do.
pub(super) struct Operations {
    app: Arc<App>,
    routed: OnceCell<Routed>,
}

/// That a request came within another.
pub(super) struct Within;

impl Operations {
    pub(super) fn new(app: Arc<App>) -> Self {
        Self {
            app,
            routed: OnceCell::new(),
        }
    }

    pub(super) async fn answer(&self, request: Request) -> Result<HttpResponse, Problem> {
        let routed = self.routed.get_or_try_init(|| routed(Arc::clone(&self.app))).await?;
        Ok(routed(request).await)
    }
}

fn routed(app: Arc<App>) -> LocalBoxFuture<'static, Result<Routed, Problem>> {
    Box::pin(async move {
        let factory = super::application(app).into_factory();
        let service = factory.new_service(AppConfig::default()).await;
        let service = Rc::new(service.map_err(|()| Problem::plain(Code::Internal))?);
        let routed: Routed = Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                match service.call(request).await {
                    Ok(response) => response.into_parts().1,
                    Err(error) => error.error_response(),
                }
            })
        });
        Ok(routed)
    })
}
