//! Articles in the forms of others: schema.org, ninjs, HTML.

use std::sync::Arc;

use super::articles::PublishedArticle;
use super::{Delivery, Includes, Places, Wanted};
use crate::domain::body::BodyFormat;
use crate::domain::form::PageForm;
use crate::domain::time::Timestamp;
use crate::exchange::{Page, html, json_ld, ninjs};
use crate::services::{Error, ShownBody};

/// An article in one of the forms.
#[derive(Debug)]
pub struct FormedArticle {
    pub text: String,
    /// What it was made from.
    pub article: PublishedArticle,
}

impl Delivery {
    /// The live article of this name, in a form that is not JSON of this API; with `as_of` as it was then. It has its related links with it, and
    /// whole addresses: what is read elsewhere has no host of its own to add.
    ///
    /// # Errors
    /// Those of [`Delivery::article`].
    pub async fn article_form(
        &self,
        name: String,
        form: PageForm,
        as_of: Option<Timestamp>,
    ) -> Result<FormedArticle, Error> {
        let places = Arc::clone(&self.absolute);
        let wanted = Wanted {
            // Search engines read the body on the page.
            format: if form == PageForm::JsonLd {
                BodyFormat::None
            } else {
                BodyFormat::Html
            },
            include: Includes {
                related: true,
                backlinks: false,
            },
        };
        let at = Arc::clone(&places);
        let make = move |article| Self::formed(article, form, &places);
        self.article_at(at, name, wanted, as_of, make).await?
    }

    fn formed(article: PublishedArticle, form: PageForm, places: &Places) -> Result<FormedArticle, Error> {
        let page = Page {
            summary: &article.summary,
            html: match &article.body {
                ShownBody::Html(html) => html,
                _ => "",
            },
            related: article.related.as_deref().unwrap_or_default(),
            site: &places.site,
        };
        let text = match form {
            PageForm::JsonLd => json_ld::write(&page)?,
            PageForm::Ninjs => ninjs::write(&page)?,
            PageForm::Json | PageForm::Html => html::page(&page),
        };
        Ok(FormedArticle { text, article })
    }
}
