//! What stands at an address of the site.

use std::sync::Arc;

use super::articles::{PublishedArticle, Wanted, resolved};
use super::{Delivery, Places};
use crate::domain::correction::Retraction;
use crate::domain::id::ArticleId;
use crate::domain::permalink::Address;
use crate::domain::time::Moment;
use crate::services::{Error, Refusal};
use crate::store::PublicConn;
use crate::store::public::{self, Found, LiveEdition};

/// What stands there.
#[derive(Debug)]
pub enum Resolution {
    Article(Box<PublishedArticle>),
    /// The article is found elsewhere now.
    Redirect {
        article_id: ArticleId,
        path: String,
        url: String,
    },
    /// There was an article, and none is live now.
    Gone(ArticleId, Option<Retraction>),
}

impl Delivery {
    /// What stands at an address: a path, or a whole address of the site. An article comes as `wanted` says.
    ///
    /// # Errors
    /// `Parameter` for what is no address of the site; `NotFound` where there was never an article.
    pub async fn resolve(&self, address: &str, wanted: Wanted) -> Result<Resolution, Error> {
        let places = Arc::clone(&self.places);
        let address = places
            .site
            .read_address(address)
            .map_err(|flaw| Refusal::Parameter(flaw.at("path")))?;
        self.store.read(move |conn| at(conn, &address, &places, wanted)).await
    }
}

/// A live article at its own path costs one look-up. Elsewhere, what the newsroom wrote down goes before what the end of the
/// path says.
fn at(conn: &mut PublicConn, address: &Address, places: &Places, wanted: Wanted) -> Result<Resolution, Error> {
    let mut found = match address.short_id() {
        Some(short_id) => public::edition_by_short_id(conn, &short_id, Moment::Now)?,
        None => None,
    };
    let stands = |edition: &LiveEdition| address.is(&edition.path);
    if !matches!(&found, Some(Found::Live(edition)) if stands(edition)) {
        if let Some(article) = public::redirected(conn, &address.forms())? {
            found = public::edition_by_article(conn, article, Moment::Now)?;
        }
    }
    match found {
        Some(Found::Live(edition)) if stands(&edition) => {
            let article = resolved(conn, &edition, places, wanted, Moment::Now)?;
            Ok(Resolution::Article(Box::new(article)))
        }
        Some(Found::Live(edition)) => Ok(Resolution::Redirect {
            article_id: edition.article,
            url: places.site.canonical(&edition.path),
            path: edition.path,
        }),
        Some(Found::Gone(article)) => {
            let retraction = public::retraction(conn, article, Moment::Now)?;
            Ok(Resolution::Gone(article, retraction))
        }
        None => Err(Refusal::NotFound.into()),
    }
}
