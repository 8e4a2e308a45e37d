//! The names under which caches keep an answer, so that they can drop it with what it shows.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::domain::edition::{SectionCard, Summary};
use crate::domain::id::{ArticleId, MediaId};
use crate::domain::media::PublicMediaUse;
use crate::domain::printed::Printed;
use crate::domain::related::{RelatedArticleCard, RelatedCard};
use crate::domain::slug::Slug;
use crate::domain::text::hex;
use crate::services::delivery::PublishedArticle;

/// Bytes of the header. Clients and proxies take heads of 8 to 16 KiB in all.
const MOST: usize = 4096;

/// What is forgotten with any of a kind, and the names that begin with one of that kind.
const OF_KINDS: [(&str, &[&str]); 5] = [
    (
        "articles",
        &["article:", "backlinks:", "link:", "slug:", "translations:"],
    ),
    ("contributors", &["contributor:"]),
    ("media", &["media:"]),
    ("sections", &["section:"]),
    ("tags", &["tag:"]),
];

/// The names of one answer, each with a blank behind it, in any order and some of them several times.
#[derive(Debug, Default)]
pub(super) struct Keys(String);

impl Keys {
    /// What changes with all of a kind.
    pub(super) fn of(names: &[&str]) -> Self {
        let mut keys = Self::default();
        for name in names {
            keys.all(name);
        }
        keys
    }

    /// A list of the articles of these sections, with these tags, by these contributors. Which they are, and what stands below them, may
    /// change without one of the articles that it shows, of which there may be none.
    pub(super) fn of_list(sections: &[Slug], tags: &[Slug], contributors: &[Slug]) -> Self {
        let mut keys = Self::of(&["articles"]);
        for (kind, asked) in [("sections", sections), ("tags", tags), ("contributors", contributors)] {
            if !asked.is_empty() {
                keys.all(kind);
            }
        }
        keys
    }

    pub(super) fn name(&mut self, kind: &str, id: &str) {
        for piece in [kind, ":", id, " "] {
            self.0.push_str(piece);
        }
    }

    pub(super) fn id(&mut self, kind: &str, id: Uuid) {
        let mut letters = Uuid::encode_buffer();
        self.name(kind, id.hyphenated().encode_lower(&mut letters));
    }

    /// The same, besides.
    pub(super) fn all(&mut self, name: &str) {
        self.0.push_str(name);
        self.0.push(' ');
    }

    /// What shows this article as lists do.
    pub(super) fn summary(&mut self, summary: &Printed<Summary>) {
        self.0.push_str(summary.beside(|summary| Self::of_summary(summary).0));
    }

    fn of_summary(summary: &Summary) -> Self {
        let mut keys = Self::of_article(summary.id, summary.section.as_ref(), summary.lead_media.as_ref());
        for entry in &summary.byline.contributors {
            keys.id("contributor", entry.id.0);
        }
        for tag in &summary.tags {
            keys.id("tag", tag.id.0);
        }
        keys
    }

    fn of_article(id: ArticleId, section: Option<&SectionCard>, lead: Option<&PublicMediaUse>) -> Self {
        let mut keys = Self::default();
        keys.id("article", id.0);
        keys.section(section);
        if let Some(lead) = lead {
            keys.media(lead.media_id);
        }
        keys
    }

    /// What shows these links.
    pub(super) fn related(&mut self, cards: Option<&[RelatedCard]>) {
        let articles = cards.into_iter().flatten().filter_map(|card| card.article.as_ref());
        articles.for_each(|card| self.card(card));
    }

    /// What shows of an article what a link to it does.
    pub(super) fn card(&mut self, card: &Printed<RelatedArticleCard>) {
        let names =
            |card: &RelatedArticleCard| Self::of_article(card.id, card.section.as_ref(), card.lead_media.as_ref()).0;
        self.0.push_str(card.beside(names));
    }

    pub(super) fn media(&mut self, id: MediaId) {
        self.id("media", id.0);
    }

    /// What leads to an article. Not by its id: the article may never have been published, and an id tells when it was begun.
    pub(super) fn link(&mut self, id: ArticleId) {
        let mut letters = Uuid::encode_buffer();
        let letters = id.0.hyphenated().encode_lower(&mut letters);
        let digest = Sha256::new_with_prefix("link ").chain_update(letters).finalize();
        self.name("link", &hex(digest.get(..8).unwrap_or(&digest)));
    }

    /// The page of an article.
    pub(super) fn page(article: &PublishedArticle) -> Self {
        // Bytes; what most have takes no more.
        let mut keys = Self(String::with_capacity(2048));
        keys.summary(&article.summary);
        keys.id("translations", article.translation_group.0);
        article.translations.iter().for_each(|one| keys.id("article", one.id.0));
        if let Some(slug) = &article.asked_by {
            keys.name("slug", slug.as_str());
        }
        article.media.iter().for_each(|id| keys.media(*id));
        article.linked.iter().for_each(|id| keys.link(*id));
        keys.related(article.related.as_deref());
        if let Some(backlinks) = &article.backlinks {
            keys.id("backlinks", article.summary.id.0);
            for one in backlinks {
                keys.card(&one.article);
            }
        }
        keys
    }

    fn section(&mut self, card: Option<&SectionCard>) {
        let Some(card) = card else { return };
        card.ancestors.iter().for_each(|step| self.id("section", step.id.0));
        self.id("section", card.id.0);
    }

    /// As the header has them. Where that were more than a head should hold, the kinds alone: whatever forgets one of a kind forgets the
    /// kind, too.
    pub(super) fn line(self) -> String {
        let mut names: Vec<&str> = self.0.split_terminator(' ').collect();
        sort(&mut names);
        let length: usize = names.iter().map(|name| name.len() + 1).sum();
        if length > MOST {
            names = names.into_iter().map(kind).collect();
            sort(&mut names);
        }
        names.join(" ")
    }
}

fn sort(names: &mut Vec<&str>) {
    names.sort_unstable();
    names.dedup();
}

fn kind(name: &str) -> &str {
    let found = OF_KINDS
        .iter()
        .find(|(_, begins)| begins.iter().any(|start| name.starts_with(start)));
    found.map_or(name, |(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_names_become_those_of_their_kinds() {
        let mut keys = Keys::of(&["site"]);
        (0..99).for_each(|number| keys.name("tag", &format!("{number:036}")));
        let line = keys.line();
        assert!(line.len() <= MOST && line.matches("tag:").count() == 99, "{line}");
        let mut keys = Keys::of(&["site", "sections"]);
        for kind in [
            "article",
            "backlinks",
            "link",
            "slug",
            "translations",
            "contributor",
            "media",
            "section",
            "tag",
        ] {
            (0..12).for_each(|number| keys.name(kind, &format!("{number:036}")));
        }
        assert_eq!(keys.line(), "articles contributors media sections site tags");
    }
}
