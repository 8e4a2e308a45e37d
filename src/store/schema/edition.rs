//! What readers are answered from.

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::packed::Packed;
    use crate::store::types::{Instant, Uid};

    editions (id) {
        id -> Uid,
        article_id -> Uid,
        revision -> Integer,
        short_id -> Text,
        slug -> Text,
        locale -> Text,
        kind -> Text,
        section_id -> Nullable<Uid>,
        path -> Text,
        published_at -> Instant,
        live_from -> Instant,
        live_until -> Nullable<Instant>,
        translation_group -> Uid,
        media -> Text,
        updated_at -> Instant,
        body_number -> Integer,
        summary -> Packed,
    }
}

diesel::table! {
    use crate::store::types::{Instant, Uid};

    shelves (shelf, published_at, article_id) {
        shelf -> Uid,
        published_at -> Instant,
        article_id -> Uid,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::store::types::Uid;

    edition_contributors (edition_id, contributor_id) {
        edition_id -> Uid,
        contributor_id -> Uid,
    }
}

diesel::table! {
    use crate::store::types::Uid;

    edition_tags (edition_id, tag_id) {
        edition_id -> Uid,
        tag_id -> Uid,
    }
}

diesel::table! {
    use crate::store::types::Uid;

    edition_links (edition_id, target_article_id) {
        edition_id -> Uid,
        target_article_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::Uid;

    edition_related (edition_id, position) {
        edition_id -> Uid,
        position -> Integer,
        link -> Uid,
        kind -> Text,
        placement -> Text,
        target_article_id -> Nullable<Uid>,
        url -> Nullable<Text>,
        title -> Nullable<Text>,
        source -> Nullable<Text>,
        label_override -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{Instant, Uid};

    redirects (path) {
        path -> Text,
        article_id -> Uid,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::store::types::{Instant, Uid};

    searched (id) {
        id -> BigInt,
        article_id -> Uid,
        published_at -> Instant,
        top -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::store::types::Uid;

    article_terms (term, article_id) {
        term -> Text,
        article_id -> Uid,
        weight -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{Instant, Uid};

    retractions (article_id) {
        article_id -> Uid,
        notice -> Nullable<Text>,
        retracted_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Integer};

    content_version (id) {
        id -> Integer,
        version -> BigInt,
    }
}
