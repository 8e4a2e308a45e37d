//! Running text: words with marks and links.

use deserr::{Deserr, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::id::ArticleId;
use crate::domain::invalid::{Flaw, Invalids, Rule, read_by_parse, refuse, words};
use crate::domain::text::{Shape, clean, composed};
use crate::domain::web::LinkUrl;

words! {
    /// How words stand out.
    #[derive(PartialOrd, Ord)]
    Mark {
        Code = "code",
        Em = "em",
        Strike = "strike",
        Strong = "strong",
        Sub = "sub",
        Sup = "sup",
        Underline = "underline",
    }
}

/// Words that look alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub struct Span {
    /// A line feed breaks the line.
    #[deserr(from(SpanText) = SpanText::into_string)]
    #[schema(max_length = 20_000, examples("The first ferry in nine days left on Monday."))]
    pub text: String,
    /// Absent when there is none.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Absent when there is none.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Link, required = false)]
    pub link: Option<Link>,
}

/// Where words lead: an address, or an article of this newsroom by its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields, validate = Link::check -> Invalids)]
pub struct Link {
    /// The address. With `article_id` it is filled in by delivery and follows the article.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = LinkUrl, required = false)]
    pub url: Option<LinkUrl>,
    /// An article of this newsroom; give either this or `url`.
    #[deserr(default)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = ArticleId, required = false)]
    pub article_id: Option<ArticleId>,
}

impl Link {
    pub fn to(url: LinkUrl) -> Self {
        Self {
            url: Some(url),
            article_id: None,
        }
    }

    pub fn to_article(id: ArticleId) -> Self {
        Self {
            url: None,
            article_id: Some(id),
        }
    }

    pub(super) fn resolved(id: ArticleId, url: String) -> Self {
        Self {
            url: Some(LinkUrl::trusted(url)),
            article_id: Some(id),
        }
    }

    fn check(self, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        match (&self.url, &self.article_id) {
            (Some(_), None) | (None, Some(_)) => Ok(self),
            _ => refuse(Flaw::new(Rule::Malformed, "needs either `url` or `article_id`"), at),
        }
    }
}

/// The text of a span as it is read: cleaned, but not trimmed, since blanks part words of neighbouring spans.
pub(super) struct SpanText(String);

impl SpanText {
    fn parse(text: &str) -> Result<Self, Flaw> {
        clean(text, Shape::Prose).map(Self)
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

read_by_parse!(SpanText);

impl Span {
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            marks: Vec::new(),
            link: None,
        }
    }
}

/// The words of a text without marks and links.
pub fn plain(spans: &[Span]) -> String {
    spans.iter().map(|span| span.text.as_str()).collect()
}

/// One form for one text: marks in order and once, no empty span, neighbours that look alike joined, in normal form C
/// across the joint too.
pub fn tidy(spans: Vec<Span>) -> Vec<Span> {
    let mut tidied: Vec<Span> = Vec::with_capacity(spans.len());
    let mut joined = false;
    for mut span in spans {
        span.marks.sort_unstable();
        span.marks.dedup();
        match tidied.last_mut() {
            _ if span.text.is_empty() => {}
            Some(last) if last.marks == span.marks && last.link == span.link => {
                last.text.push_str(&span.text);
                joined = true;
            }
            _ => tidied.push(span),
        }
    }
    if joined {
        for span in &mut tidied {
            composed(&mut span.text);
        }
    }
    tidied
}
