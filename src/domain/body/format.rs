//! The forms that a body is read in and shown in, besides its blocks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Body;
use crate::domain::invalid::{Flaw, Rule, read_by_parse, words};

words! {
    /// The form of a body in an answer.
    #[derive(Default)]
    BodyFormat {
        /// As blocks, in `body`.
        #[default]
        Blocks = "blocks",
        /// As HTML, in `body_html`.
        Html = "html",
        /// As Markdown, in `body_markdown`.
        Markdown = "markdown",
        /// As plain text, in `body_text`.
        Text = "text",
        /// Not at all.
        None = "none",
    }
}

/// Declares a text that is turned into blocks: bounded here, looked into where it is turned.
macro_rules! sources {
    ($($(#[$doc:meta])* $name:ident, $example:tt;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(max_length = 1_048_576, examples($example))]
        pub struct $name(String);

        impl $name {
            pub fn parse(text: &str) -> Result<Self, Flaw> {
                if text.len() > Body::MAX_BYTES {
                    let message = format!("is {} bytes; at most {} are allowed", text.len(), Body::MAX_BYTES);
                    return Err(Flaw::new(Rule::TooLong, message));
                }
                Ok(Self(text.to_owned()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        read_by_parse!($name);
    )+};
}

sources! {
    /// A body as Markdown: CommonMark with the tables and the strikethrough of GitHub's flavour; at most 1 MiB.
    MarkdownText, "The first ferry in *nine days* left on Monday.";
    /// A body as HTML, a fragment or a whole page; at most 1 MiB.
    HtmlText, "<p>The first ferry in <em>nine days</em> left on Monday.</p>";
}
