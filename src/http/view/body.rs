//! The body of an article, in the field that its form has.

use crate::domain::body::ShownBlocks;
use crate::services::ShownBody;

/// One of its fields is there, or none.
#[derive(Debug, Default)]
pub(crate) struct BodyFields {
    pub(crate) body: Option<ShownBlocks>,
    pub(crate) body_html: Option<String>,
    pub(crate) body_markdown: Option<String>,
    pub(crate) body_text: Option<String>,
}

impl From<ShownBody> for BodyFields {
    fn from(shown: ShownBody) -> Self {
        let mut fields = Self::default();
        match shown {
            ShownBody::Blocks(blocks) => fields.body = Some(blocks),
            ShownBody::Html(text) => fields.body_html = Some(text),
            ShownBody::Markdown(text) => fields.body_markdown = Some(text),
            ShownBody::Text(text) => fields.body_text = Some(text),
            ShownBody::Absent => {}
        }
        fields
    }
}

/// Declares an answer that shows a body: a summary, which clients know by the name behind `as`, the body in whichever form, and what else is
/// given.
macro_rules! with_body {
    ($(#[$outer:meta])* $name:ident of $(#[$how:meta])* $summary:ty as $schema:ident { $($(#[$inner:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        $(#[$outer])*
        pub(crate) struct $name {
            $(#[$how])*
            #[serde(flatten)]
            #[schema(value_type = $schema)]
            pub(crate) summary: $summary,
            $($(#[$inner])* $field: $kind,)*
            /// The blocks; there unless `body=` asks for another form.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = crate::domain::body::Body, required = false)]
            body: Option<crate::domain::body::ShownBlocks>,
            /// The body as HTML; with `body=html`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = String, required = false)]
            body_html: Option<String>,
            /// The body as Markdown; with `body=markdown`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = String, required = false)]
            body_markdown: Option<String>,
            /// The body as plain text; with `body=text`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = String, required = false)]
            body_text: Option<String>,
        }

        impl $name {
            fn with(summary: $summary, body: crate::services::ShownBody $(, $field: $kind)*) -> Self {
                let $crate::http::view::body::BodyFields { body, body_html, body_markdown, body_text } = body.into();
                Self { summary, body, body_html, body_markdown, body_text $(, $field)* }
            }
        }
    };
}
pub(crate) use with_body;
