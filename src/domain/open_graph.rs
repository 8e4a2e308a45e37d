//! What social networks and messengers show of a story that is shared, by the Open Graph protocol.

use oxilangtag::LanguageTag;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;
use utoipa::ToSchema;

use super::byline::ContributorRole;
use super::edition::Summary;
use super::invalid::words;
use super::locale::Locale;
use super::media::{MediaType, PublicMediaUse, RenditionFormat};
use super::permalink::Site;
use super::text::{AltText, Deck, Name, SeoDescription, SeoTitle};
use super::time::Timestamp;

words! {
    /// What the page is of.
    OpenGraphType {
        Article = "article",
    }
}

/// What a page says of itself in `<meta>` (`og:…` and `article:…`), with whole addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenGraph {
    /// The `seo_title`, or else the headline.
    #[schema(examples("Strait ferry resumes after storm"))]
    pub title: String,
    /// The `seo_description`, or else the deck, or else how the story begins: one line, cut at a word. Null where there are no
    /// words.
    #[schema(
        max_length = 320,
        examples("The first ferry in nine days left Port Aldous on Monday.")
    )]
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: OpenGraphType,
    /// The canonical address.
    #[schema(examples("https://news.example/2026/02/16/ferry-service-resumes-7gk2m9qx"))]
    pub url: String,
    #[schema(examples("The Strait Courier"))]
    pub site_name: String,
    /// The language with its territory, where it names one: `pt_BR`.
    #[schema(examples("en"))]
    pub locale: String,
    /// The lead photograph; null where the story opens with none.
    pub image: Option<OpenGraphImage>,
    /// When the article first went live.
    pub published_time: Timestamp,
    pub modified_time: Timestamp,
    pub section: Option<Name>,
    pub tags: Vec<Name>,
    /// Who wrote it: authors and reporters of the byline, or else all that it names, or else what it says, or else who
    /// supplied the story.
    pub authors: Vec<OpenGraphAuthor>,
}

/// A picture for a shared story: a JPEG, 1,200 pixels wide or a little more where it is large enough.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenGraphImage {
    #[schema(examples("https://news.example/media/019c63f0-5a16-7077-92e3-4f5a6b7c8d9e/1280.jpg?v=8d2f0a4c6b1e3579"))]
    pub url: String,
    /// In pixels.
    #[schema(minimum = 1)]
    pub width: u32,
    #[schema(minimum = 1)]
    pub height: u32,
    pub alt: Option<AltText>,
    #[serde(rename = "type")]
    pub mime: MediaType,
}

/// Who wrote a story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenGraphAuthor {
    #[schema(examples("Meridian Wire"))]
    pub name: String,
    /// A page about them elsewhere.
    pub url: Option<String>,
}

impl OpenGraph {
    /// Of an article whose addresses are filled in; `opening` is how its text begins.
    pub fn new(site: &Site, article: &Summary, opening: Option<&str>) -> Self {
        let title = article.seo_title.as_ref().map(SeoTitle::as_str);
        let said = article.seo_description.as_ref().map(SeoDescription::as_str);
        let deck = || article.deck.as_ref().map(Deck::as_str);
        let description = said.or_else(deck).or(opening).map(line);
        Self {
            title: title.unwrap_or(article.headline.as_str()).to_owned(),
            description: description.filter(|text| !text.is_empty()),
            kind: OpenGraphType::Article,
            url: article.canonical_url.clone(),
            site_name: site.name.clone(),
            locale: territory(&article.locale),
            image: article.lead_media.as_ref().and_then(|lead| image(site, lead)),
            published_time: article.first_published_at,
            modified_time: article.updated_at,
            section: article.section.as_ref().map(|section| section.name.clone()),
            tags: article.tags.iter().map(|tag| tag.name.clone()).collect(),
            authors: authors(article),
        }
    }

    /// Whether a description needs the text of the story.
    pub fn needs_opening(article: &Summary) -> bool {
        article.seo_description.is_none() && article.deck.is_none()
    }
}

/// In one line, cut at a word where it is too long.
fn line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SeoDescription::MAX {
        return line;
    }
    let mut left = SeoDescription::MAX - 1;
    let fits = line.graphemes(true).take_while(|sign| {
        let size = sign.chars().count();
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    });
    let start: String = fits.collect();
    // Between words it ends as it is; scripts without blanks have no word to cut at.
    let whole = line.strip_prefix(&start).is_some_and(|rest| rest.starts_with(' '));
    let at_word = start.rsplit_once(' ').filter(|_| !whole);
    let words = at_word.map_or(start.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end_matches([',', ';', ':', '.', '-', '–', '—', ' ']))
}

/// As the protocol has it: the language and, behind a `_`, the territory.
fn territory(locale: &Locale) -> String {
    let tag = LanguageTag::parse(locale.as_str()).ok();
    let found = tag
        .as_ref()
        .and_then(|tag| Some(format!("{}_{}", tag.primary_language(), tag.region()?)));
    let language = || tag.as_ref().map(|tag| tag.primary_language().to_owned());
    found.or_else(language).unwrap_or_else(|| locale.as_str().to_owned())
}

/// The smallest JPEG that is wide enough, or else the widest.
fn image(site: &Site, lead: &PublicMediaUse) -> Option<OpenGraphImage> {
    const WIDE: u32 = 1200;
    let jpegs = lead.media.renditions.iter();
    let jpegs = jpegs.filter(|one| one.format == RenditionFormat::Jpeg);
    let enough = jpegs
        .clone()
        .filter(|one| one.width >= WIDE)
        .min_by_key(|one| one.width);
    let chosen = enough.or_else(|| jpegs.max_by_key(|one| one.width))?;
    let url = if chosen.url.starts_with('/') {
        site.canonical(&chosen.url)
    } else {
        chosen.url.clone()
    };
    Some(OpenGraphImage {
        url,
        width: chosen.width,
        height: chosen.height,
        alt: lead.alt.clone(),
        mime: MediaType::Jpeg,
    })
}

fn authors(article: &Summary) -> Vec<OpenGraphAuthor> {
    let named = |name: &str| OpenGraphAuthor {
        name: name.to_owned(),
        url: None,
    };
    let byline = &article.byline;
    let writes = |role| matches!(role, ContributorRole::Author | ContributorRole::Reporter);
    let has_writers = byline.contributors.iter().any(|entry| writes(entry.role));
    let shown = byline
        .contributors
        .iter()
        .filter(|entry| !has_writers || writes(entry.role));
    let entries: Vec<OpenGraphAuthor> = shown
        .map(|entry| OpenGraphAuthor {
            name: entry.name.as_str().to_owned(),
            url: entry.url.as_ref().map(|url| url.as_str().to_owned()),
        })
        .collect();
    if !entries.is_empty() {
        return entries;
    }
    let supplier = || article.distributor.as_ref().map(|one| named(one.name.as_str()));
    byline
        .text
        .as_deref()
        .map(named)
        .or_else(supplier)
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_one_line_that_ends_at_a_word() {
        assert_eq!(line("  At\nnoon,\t later. "), "At noon, later.");
        let cut = line(&"The ferry sails, ".repeat(40));
        assert!(
            cut.ends_with("ferry…") && cut.chars().count() <= SeoDescription::MAX,
            "{cut}"
        );
        let exact = "x".repeat(SeoDescription::MAX);
        assert_eq!(line(&exact), exact);
        let unbroken = line(&"渡".repeat(400));
        assert_eq!(unbroken.chars().count(), SeoDescription::MAX);
        // What is read as one sign is not torn.
        let family = "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(80);
        assert!(line(&family).ends_with("\u{1f467}…"));
    }

    #[test]
    fn a_language_is_told_with_its_territory() {
        for (tag, told) in [
            ("en", "en"),
            ("pt-BR", "pt_BR"),
            ("zh-Hant-TW", "zh_TW"),
            ("sr-Latn", "sr"),
            ("es-419", "es_419"),
        ] {
            assert_eq!(territory(&Locale::trusted(tag.to_owned())), told);
        }
    }
}
