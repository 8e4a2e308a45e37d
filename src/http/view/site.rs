//! The site itself.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::id::SectionId;
use crate::domain::section::Section;
use crate::domain::slug::Slug;
use crate::domain::text::{Description, Name};
use crate::services::delivery::PublishedSite;

/// What a front end puts around every page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Site)]
pub(crate) struct SiteView {
    #[schema(examples("The Strait Courier"))]
    name: String,
    /// Where its pages are, without a slash at the end.
    #[schema(examples("https://news.example"))]
    url: String,
    /// The language of articles that name none.
    #[schema(examples("en"))]
    locale: String,
    /// The path of an article's page.
    #[schema(examples("/{year}/{month}/{day}/{slug}-{short_id}"))]
    permalink: String,
    /// The sections that stand in no other, each with those below it.
    sections: Vec<SectionNode>,
    /// The version of the program that answers.
    #[schema(examples("0.1.0"))]
    version: &'static str,
}

/// A section and those below it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SectionNode {
    id: SectionId,
    slug: Slug,
    name: Name,
    description: Option<Description>,
    #[schema(no_recursion)]
    children: Vec<SectionNode>,
}

impl From<PublishedSite> for SiteView {
    fn from(found: PublishedSite) -> Self {
        let site = found.site;
        Self {
            name: site.name,
            url: site.url,
            locale: site.locale.as_str().to_owned(),
            permalink: site.permalink,
            sections: below(&found.sections, None),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// The sections below one. They are a tree of bounded depth; the store lets no circle close.
fn below(all: &[Section], parent: Option<SectionId>) -> Vec<SectionNode> {
    let children = all.iter().filter(|section| section.parent_id == parent);
    let node = |section: &Section| SectionNode {
        id: section.id,
        slug: section.slug.clone(),
        name: section.name.clone(),
        description: section.description.clone(),
        children: below(all, Some(section.id)),
    };
    children.map(node).collect()
}
