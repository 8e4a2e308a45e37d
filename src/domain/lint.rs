//! What an editor should look at before a story is published, and what keeps it from being published.

use std::collections::HashSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::article::Content;
use super::body::{Block, MediaAt};
use super::id::ArticleId;
use super::invalid::{Flaw, Invalid, Invalids, Rule, words};
use super::media::{Media, MediaKind};
use super::related::Target;
use super::time::Timestamp;

words! {
    /// What was found.
    LintCode {
        /// There is nothing to read.
        EmptyBody = "empty_body",
        /// An embargo has not ended.
        Embargo = "embargo",
        /// Nobody is named.
        MissingByline = "missing_byline",
        /// A picture says nothing to who does not see it.
        MissingAlt = "missing_alt",
        /// Nobody is named beside a picture.
        MissingCredit = "missing_credit",
        /// Readers would see nothing of a picture.
        NoRenditions = "no_renditions",
        /// The rights to a media have ended.
        ExpiredRights = "expired_rights",
        /// The headline is longer than the newsroom wants them.
        HeadlineTooLong = "headline_too_long",
        /// A heading is more than one level below the one before.
        HeadingSkipped = "heading_skipped",
        /// A link leads to an article that readers do not have.
        UnresolvedLink = "unresolved_link",
    }
}

words! {
    /// How much a finding matters.
    Severity {
        /// It keeps the story from being published.
        Error = "error",
        Warning = "warning",
    }
}

/// Something that an editor should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    pub code: LintCode,
    pub severity: Severity,
    /// Where, as a JSON pointer into the article.
    #[schema(examples("/body/3/alt"))]
    pub pointer: String,
    /// A sentence for a person; it may change, the code does not.
    pub message: String,
}

/// What a newsroom wants of its stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What keeps a story from being published, besides what always does.
    pub blocks: Vec<LintCode>,
    /// Most characters of a headline.
    pub headline: usize,
}

/// What a story is looked at with.
pub struct Seen<'a> {
    pub content: &'a Content,
    /// The media that it names.
    pub media: &'a [Media],
    /// Those of the articles that it leads to which readers have.
    pub live: &'a HashSet<ArticleId>,
    /// When it is to be published.
    pub at: Timestamp,
}

/// The findings so far, and the policy that they are judged by.
struct Findings<'a> {
    policy: &'a Policy,
    found: Vec<Finding>,
}

impl LintCode {
    /// Whether nothing with it can be published, whatever a newsroom wants.
    fn always_blocks(self) -> bool {
        matches!(self, Self::EmptyBody | Self::Embargo | Self::NoRenditions)
    }

    fn rule(self) -> Rule {
        match self {
            Self::EmptyBody | Self::MissingByline | Self::MissingAlt | Self::MissingCredit => Rule::Required,
            Self::Embargo => Rule::OutOfRange,
            Self::NoRenditions | Self::ExpiredRights | Self::HeadingSkipped => Rule::NotAllowed,
            Self::HeadlineTooLong => Rule::TooLong,
            Self::UnresolvedLink => Rule::UnknownReference,
        }
    }
}

impl Findings<'_> {
    fn add(&mut self, code: LintCode, pointer: impl Into<String>, message: impl Into<String>) {
        let blocks = code.always_blocks() || self.policy.blocks.contains(&code);
        self.found.push(Finding {
            code,
            severity: if blocks { Severity::Error } else { Severity::Warning },
            pointer: pointer.into(),
            message: message.into(),
        });
    }

    fn text(&mut self, content: &Content, at: Timestamp) {
        if content.body.is_empty() {
            self.add(LintCode::EmptyBody, "/body", "a story without text cannot be published");
        }
        if let Some(end) = content.embargo_until.filter(|end| at < *end) {
            let message = format!("an embargo holds until {end}");
            self.add(LintCode::Embargo, "/embargo_until", message);
        }
        let characters = content.headline.as_str().chars().count();
        if characters > self.policy.headline {
            let message = format!(
                "has {characters} characters; {} are wanted at most",
                self.policy.headline
            );
            self.add(LintCode::HeadlineTooLong, "/headline", message);
        }
        if content.byline.contributors.0.is_empty() && content.byline.r#override.is_none() {
            self.add(LintCode::MissingByline, "/byline", "nobody is named");
        }
    }

    /// `above` is the level of what stands above these blocks.
    fn headings(&mut self, blocks: &[Block], at: &str, mut above: u8) {
        for (number, block) in blocks.iter().enumerate() {
            let here = format!("{at}/{number}");
            if let Block::Heading(heading) = block {
                let level = heading.level.get();
                if level > above + 1 {
                    let message = format!("is of level {level}, under one of level {above}");
                    self.add(LintCode::HeadingSkipped, format!("{here}/level"), message);
                }
                above = level;
            }
            self.headings(block.children(), &format!("{here}/blocks"), above);
        }
    }

    fn media(&mut self, place: &MediaAt, media: &Media, at: Timestamp) {
        let (said, mime) = (&media.description, media.file.mime);
        let is_picture = mime.kind() == MediaKind::Image;
        if is_picture && place.credit.is_none() && said.credit.is_none() {
            let message = "the picture has no credit, neither here nor of its own";
            self.add(LintCode::MissingCredit, format!("{}/credit", place.pointer), message);
        }
        if is_picture && place.alt.is_none() && said.alt.is_none() {
            let message = "the picture has no alternative text, neither here nor of its own";
            self.add(LintCode::MissingAlt, format!("{}/alt", place.pointer), message);
        }
        if is_picture && !media.file.renders {
            let message = format!(
                "no renditions are made of this {}; readers would see nothing",
                mime.as_str()
            );
            self.add(LintCode::NoRenditions, format!("{}/media_id", place.pointer), message);
        }
        if let Some(end) = said.rights_expire_at.filter(|end| *end <= at) {
            let message = format!("the rights to it expired at {end}");
            self.add(LintCode::ExpiredRights, format!("{}/media_id", place.pointer), message);
        }
    }

    fn links(&mut self, content: &Content, live: &HashSet<ArticleId>) {
        let message = "readers do not have the article that it leads to";
        for (pointer, id) in content.body.article_links() {
            if !live.contains(&id) {
                self.add(LintCode::UnresolvedLink, pointer, message);
            }
        }
        for (at, link) in content.related.0.iter().enumerate() {
            let leads = match &link.target {
                Target::Article(id) => live.contains(id),
                Target::Elsewhere(_) => true,
                Target::Deleted(_) => false,
            };
            if !leads {
                self.add(LintCode::UnresolvedLink, format!("/related/{at}"), message);
            }
        }
    }
}

/// Everything about a story that an editor should look at.
pub fn findings(seen: &Seen<'_>, policy: &Policy) -> Vec<Finding> {
    let mut all = Findings {
        policy,
        found: Vec::new(),
    };
    let content = seen.content;
    all.text(content, seen.at);
    for place in content.media() {
        if let Some(media) = seen.media.iter().find(|one| one.id == place.media_id) {
            all.media(&place, media, seen.at);
        }
    }
    // The headline is the level above.
    all.headings(content.body.blocks(), "/body", 1);
    all.links(content, seen.live);
    all.found
}

/// Those that keep a story from being published, as refusals.
pub fn blocking(findings: &[Finding]) -> Invalids {
    let errors = findings.iter().filter(|one| one.severity == Severity::Error);
    let refusal = |one: &Finding| Flaw::new(one.code.rule(), one.message.clone()).at(one.pointer.clone());
    Invalids(errors.map(refusal).collect::<Vec<Invalid>>())
}
