//! The forms in which readers get an article.

use super::invalid::words;

words! {
    /// The form of an article's page.
    PageForm {
        /// What this API has.
        Json = "json",
        /// What search engines read: `NewsArticle` of schema.org.
        JsonLd = "jsonld",
        /// What other newsrooms read: ninjs of the IPTC.
        Ninjs = "ninjs",
        /// What browsers show: a fragment without styles or scripts.
        Html = "html",
    }
}

impl PageForm {
    /// How a client names it in `Accept`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonLd => "application/ld+json",
            Self::Ninjs => "application/vnd.iptc.ninjs+json",
            Self::Html => "text/html",
        }
    }
}
