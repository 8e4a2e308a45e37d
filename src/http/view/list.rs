//! The envelope of every list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::page::Page;

/// Declares the page of a kind of item; a name for each keeps generated clients readable.
macro_rules! pages {
    ($($(#[$doc:meta])* $name:ident of $item:ty;)+) => {$(
        $crate::http::view::list::page! { $(#[$doc])* $name of $item { } }
    )+};
}

/// The same for lists that are walked both ways.
macro_rules! both_ways {
    ($($(#[$doc:meta])* $name:ident of $item:ty;)+) => {$(
        $crate::http::view::list::page! { $(#[$doc])* $name of $item {
            /// Hand it back as `cursor` for the page before; null on the first one.
            pub(crate) previous_cursor: Option<String>,
        } }
    )+};
}

macro_rules! page {
    ($(#[$doc:meta])* $name:ident of $item:ty { $($(#[$about:meta])* pub(crate) $own:ident: $kind:ty,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub(crate) struct $name {
            pub(crate) items: Vec<$item>,
            /// Hand it back as `cursor` for the next page; null on the last one.
            pub(crate) next_cursor: Option<String>,
            $($(#[$about])* pub(crate) $own: $kind,)?
            /// How many there are in all; only with `count=true`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(value_type = i64, required = false)]
            pub(crate) total: Option<i64>,
        }

        impl<T> From<Page<T>> for $name where $item: From<T> {
            fn from(page: Page<T>) -> Self {
                let page = page.map(<$item>::from);
                Self { items: page.items, next_cursor: page.next_cursor, $($own: page.$own,)? total: page.total }
            }
        }
    };
}
use page;

both_ways! {
    /// A page of live articles.
    ArticlePage of super::published::ListedArticleView;
    /// A page of sections.
    SectionPage of super::taxonomy::SectionView;
    /// A page of contributors.
    ContributorPage of super::taxonomy::ContributorView;
    /// A page of tags.
    TagPage of super::taxonomy::TagView;
}

pages! {
    /// A page of related links.
    RelatedCardPage of crate::domain::related::RelatedCard;
    /// A page of what links to an article.
    BacklinkPage of super::related::BacklinkView;
    /// A page of links that lead readers nowhere.
    BrokenLinkPage of super::related::BrokenLinkView;
    /// A page of what links to an article from working copies.
    ReferrerPage of super::related::Referrer;
    /// A page of working copies, without their bodies.
    WorkingCopyPage of super::article::WorkingCopySummary;
    /// A page of the revisions of an article.
    RevisionPage of super::revision::RevisionSummary;
    /// A page of what was done.
    AuditEntryPage of super::audit::AuditEntryView;
    /// A page of what is done by itself.
    ScheduledMovePage of super::schedule::ScheduledMoveView;
    /// A page of sections with their revisions.
    EditorSectionPage of super::taxonomy::EditorSection;
    /// A page of contributors with their revisions.
    EditorContributorPage of super::taxonomy::EditorContributor;
    /// A page of media.
    MediaPage of super::media::MediaSummary;
    /// A page of API keys.
    ApiKeyPage of super::api_key::ApiKeyView;
    /// A page of previews.
    PreviewTokenPage of super::preview::PreviewTokenView;
    /// A page of sessions.
    SessionPage of super::account::SessionView;
    /// A page of tags with their revisions.
    EditorTagPage of super::taxonomy::EditorTag;
}
