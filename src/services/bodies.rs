//! Bodies in the forms that clients write and read.

use super::Error;
use crate::domain::article::ArticlePatch;
use crate::domain::body::{Body, BodyFormat, ShownBlocks, Warning, WarningCode, Warnings};
use crate::domain::change::Change;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::exchange::{self, html, markdown};

/// Text of more bytes than this is converted off the worker thread: other requests must not wait for it.
const AT_ONCE: usize = 16 * 1024;

/// How a conversion that cannot keep everything ends (RFC 7240 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Handling {
    /// With warnings.
    #[default]
    Lenient,
    /// With a refusal.
    Strict,
}

/// A body in the form that it was asked for.
#[derive(Debug, Clone)]
pub enum ShownBody {
    /// The blocks, as JSON.
    Blocks(ShownBlocks),
    Html(String),
    Markdown(String),
    Text(String),
    Absent,
}

impl ShownBody {
    /// Links to articles and media need their addresses filled in before. `site` is the address of the newsroom's own site.
    pub(super) fn new(body: &Body, format: BodyFormat, site: &str) -> Result<Self, Error> {
        Ok(match format {
            BodyFormat::Blocks => Self::Blocks(ShownBlocks::AsWritten(serde_json::value::to_raw_value(body)?)),
            BodyFormat::Html => Self::Html(html::write(body, site)),
            BodyFormat::Markdown => Self::Markdown(markdown::write(body)),
            BodyFormat::Text => Self::Text(body.plain_text()),
            BodyFormat::None => Self::Absent,
        })
    }
}

/// What became of a body that came as Markdown or HTML.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    /// What could not be kept; `None` where there was no such body, or where it is refused.
    pub(super) warnings: Option<Vec<Warning>>,
    /// What is refused.
    pub(super) flaws: Invalids,
    handling: Handling,
    pointer: &'static str,
}

impl Incoming {
    /// Tells of what named articles or media that the writer knows none of, and which went.
    pub(super) fn lost(&mut self, code: WarningCode, name: &str, count: usize) {
        let mut lost = Warnings::default();
        for _ in 0..count {
            lost.add(code, name, self.pointer, 1, 0);
        }
        match (&mut self.warnings, self.handling) {
            (_, Handling::Strict) => self.flaws = std::mem::take(&mut self.flaws).and(lost.refused()),
            (Some(warnings), Handling::Lenient) => warnings.extend(lost.0),
            (None, Handling::Lenient) => {}
        }
    }
}

/// Puts blocks in the place of Markdown or HTML.
pub(super) async fn incoming(patch: &mut ArticlePatch, site: &str, handling: Handling) -> Result<Incoming, Error> {
    let (markdown, html) = (
        std::mem::take(&mut patch.body_markdown),
        std::mem::take(&mut patch.body_html),
    );
    let blocks = patch.body != Change::Keep;
    let pointer = if html == Change::Keep {
        markdown::POINTER
    } else {
        html::POINTER
    };
    let site = site.to_owned();
    let converted = match (markdown, html) {
        (Change::Keep, Change::Keep) => return Ok(Incoming::default()),
        (Change::Set(_), Change::Set(_)) => Err(one_only(html::POINTER).into()),
        (Change::Set(_), _) if blocks => Err(one_only(markdown::POINTER).into()),
        (_, Change::Set(_)) if blocks => Err(one_only(html::POINTER).into()),
        (Change::Set(text), _) => aside(text.as_str().len(), move || markdown::read(text.as_str(), &site)).await?,
        (_, Change::Set(text)) => aside(text.as_str().len(), move || html::read(text.as_str(), &site)).await?,
    };
    let mut incoming = Incoming {
        handling,
        pointer,
        ..Incoming::default()
    };
    match converted {
        Ok(converted) if handling == Handling::Strict && !converted.warnings.0.is_empty() => {
            incoming.flaws = converted.warnings.refused();
        }
        Ok(converted) => {
            patch.body = Change::Set(converted.body);
            incoming.warnings = Some(converted.warnings.0);
        }
        Err(flaws) => incoming.flaws = flaws,
    }
    Ok(incoming)
}

fn one_only(pointer: &str) -> crate::domain::invalid::Invalid {
    Flaw::new(
        Rule::Duplicate,
        "give one of `body`, `body_markdown` and `body_html`, not several",
    )
    .at(pointer)
}

async fn aside(
    bytes: usize,
    convert: impl FnOnce() -> exchange::Result + Send + 'static,
) -> Result<exchange::Result, Error> {
    if bytes <= AT_ONCE {
        return Ok(convert());
    }
    let converted = tokio::task::spawn_blocking(convert).await;
    converted.map_err(|why| Error::Broken(why.into()))
}
