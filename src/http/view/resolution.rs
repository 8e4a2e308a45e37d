//! What stands at an address of the site.

use serde::Serialize;
use utoipa::ToSchema;

use super::published::ArticleView;
use crate::domain::correction::Retraction;
use crate::domain::id::ArticleId;
use crate::domain::printed::Object;
use crate::services::delivery::Resolution;

/// What stands at an address; `type` says which.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(
    as = Resolution,
    discriminator(property_name = "type", mapping(
        ("article" = "#/components/schemas/ResolvedArticle"),
        ("redirect" = "#/components/schemas/ResolvedRedirect"),
        ("gone" = "#/components/schemas/ResolvedGone"),
    ))
)]
pub(crate) enum ResolutionView {
    Article(Box<ResolvedArticle>),
    Redirect(ResolvedRedirect),
    Gone(ResolvedGone),
}

/// Declares the one value that the `type` of a member has.
macro_rules! tags {
    ($($name:ident = $word:tt;)+) => {$(
        #[derive(Debug, Serialize, ToSchema)]
        pub(crate) enum $name {
            #[serde(rename = $word)]
            Is,
        }
    )+};
}

tags! {
    ArticleTag = "article";
    RedirectTag = "redirect";
    GoneTag = "gone";
}

/// A live article, at its own address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolvedArticle {
    #[serde(rename = "type")]
    #[schema(inline)]
    kind: ArticleTag,
    pub(crate) article: ArticleView,
}

/// A live article that is found elsewhere now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolvedRedirect {
    #[serde(rename = "type")]
    #[schema(inline)]
    kind: RedirectTag,
    pub(crate) article_id: ArticleId,
    /// The article's path within the site.
    #[schema(examples("/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    location: String,
    /// Its whole address.
    #[schema(examples("https://news.example/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    url: String,
}

/// An article that was live once and is not now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResolvedGone {
    #[serde(rename = "type")]
    #[schema(inline)]
    kind: GoneTag,
    pub(crate) article_id: ArticleId,
    /// What is told of it, where it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Retraction, required = false)]
    retraction: Option<Retraction>,
}

impl ResolutionView {
    /// Writes its JSON: as it is serialized, but an article as its page is written.
    pub(crate) fn write(&self, sheet: &mut Vec<u8>) -> serde_json::Result<()> {
        let Self::Article(found) = self else {
            return serde_json::to_writer(sheet, self);
        };
        let mut answer = Object::new(sheet);
        answer.value("type", &found.kind)?;
        answer.member("article", |sheet| found.article.write(sheet))?;
        answer.end();
        Ok(())
    }
}

impl From<Resolution> for ResolutionView {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Article(article) => Self::Article(Box::new(ResolvedArticle {
                kind: ArticleTag::Is,
                article: ArticleView::from(*article),
            })),
            Resolution::Redirect { article_id, path, url } => Self::Redirect(ResolvedRedirect {
                kind: RedirectTag::Is,
                article_id,
                location: path,
                url,
            }),
            Resolution::Gone(article_id, retraction) => Self::Gone(ResolvedGone {
                kind: GoneTag::Is,
                article_id,
                retraction,
            }),
        }
    }
}
