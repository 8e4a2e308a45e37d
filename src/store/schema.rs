//! The tables as Diesel sees them, on both databases. Written by hand after `migrations/`.

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{Instant, Uid};

    users (id) {
        id -> Uid,
        email -> Text,
        name -> Text,
        role -> Text,
        password_hash -> Text,
        created_at -> Instant,
        disabled_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    sections (id) {
        id -> Uid,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        parent_id -> Nullable<Uid>,
        position -> Integer,
        revision -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    contributors (id) {
        id -> Uid,
        slug -> Text,
        name -> Text,
        kind -> Text,
        bio -> Nullable<Text>,
        url -> Nullable<Text>,
        revision -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Nullable<Uid>,
        avatar_media_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    tags (id) {
        id -> Uid,
        slug -> Text,
        name -> Text,
        description -> Nullable<Text>,
        revision -> Integer,
        created_at -> Instant,
        updated_at -> Instant,
        updated_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    articles (id) {
        id -> Uid,
        short_id -> Text,
        revision -> Integer,
        live_revision -> Nullable<Integer>,
        kind -> Text,
        locale -> Text,
        slug -> Text,
        headline -> Text,
        short_headline -> Nullable<Text>,
        seo_title -> Nullable<Text>,
        seo_description -> Nullable<Text>,
        deck -> Nullable<Text>,
        kicker -> Nullable<Text>,
        original_url -> Nullable<Text>,
        byline_override -> Nullable<Text>,
        distributor -> Nullable<Text>,
        dateline -> Nullable<Text>,
        section_id -> Nullable<Uid>,
        body -> Text,
        word_count -> Integer,
        internal_note -> Nullable<Text>,
        custom -> Text,
        first_published_at -> Nullable<Instant>,
        published_at -> Nullable<Instant>,
        created_at -> Instant,
        created_by -> Uid,
        updated_at -> Instant,
        updated_by -> Uid,
        deleted_at -> Nullable<Instant>,
        translation_group -> Uid,
        lead_media -> Nullable<Text>,
        status -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Text};
    use crate::store::types::Uid;

    article_contributors (article_id, position) {
        article_id -> Uid,
        position -> Integer,
        contributor_id -> Uid,
        role -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::Integer;
    use crate::store::types::Uid;

    article_tags (article_id, position) {
        article_id -> Uid,
        position -> Integer,
        tag_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
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
        summary -> Text,
        body -> Text,
        translation_group -> Uid,
        media -> Text,
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
    use crate::store::types::Uid;

    search_texts (id) {
        id -> BigInt,
        article_id -> Uid,
        locale -> Text,
        headline -> Text,
        deck -> Text,
        byline -> Text,
        tags -> Text,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    media (id) {
        id -> Uid,
        kind -> Text,
        mime -> Text,
        sha256 -> Text,
        bytes -> BigInt,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        duration_ms -> Nullable<BigInt>,
        renders -> Bool,
        animated -> Bool,
        placeholder -> Nullable<Text>,
        extracted -> Text,
        filename -> Text,
        headline -> Nullable<Text>,
        alt -> Nullable<Text>,
        caption -> Nullable<Text>,
        credit -> Nullable<Text>,
        creator -> Nullable<Text>,
        copyright -> Nullable<Text>,
        source -> Nullable<Text>,
        usage_terms -> Nullable<Text>,
        rights_expire_at -> Nullable<Instant>,
        taken_at -> Nullable<Instant>,
        location -> Nullable<Text>,
        focal_point -> Nullable<Text>,
        revision -> Integer,
        created_at -> Instant,
        created_by -> Uid,
        updated_at -> Instant,
        updated_by -> Uid,
        deleted_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{Instant, Uid};

    media_files (sha256, media_id) {
        sha256 -> Text,
        media_id -> Uid,
        mime -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::Nullable;
    use crate::store::types::Uid;

    media_uses (media_id, article_id, edition_id, contributor_id) {
        media_id -> Uid,
        article_id -> Nullable<Uid>,
        edition_id -> Nullable<Uid>,
        contributor_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;

    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    uploads (id) {
        id -> Uid,
        length -> BigInt,
        received -> BigInt,
        parts -> Text,
        filename -> Nullable<Text>,
        fields -> Text,
        media_id -> Nullable<Uid>,
        created_by -> Uid,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::Uid;

    related_links (id) {
        id -> Uid,
        article_id -> Uid,
        position -> Integer,
        kind -> Text,
        placement -> Text,
        target_article_id -> Nullable<Uid>,
        url -> Nullable<Text>,
        deleted_headline -> Nullable<Text>,
        title -> Nullable<Text>,
        source -> Nullable<Text>,
        label_override -> Nullable<Text>,
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
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::Instant;

    link_checks (url) {
        url -> Text,
        status -> Nullable<Integer>,
        failure -> Nullable<Text>,
        checked_at -> Instant,
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

diesel::allow_tables_to_appear_in_same_query!(
    articles,
    article_contributors,
    article_tags,
    article_terms,
    contributors,
    editions,
    edition_contributors,
    edition_links,
    edition_related,
    edition_tags,
    media,
    media_files,
    media_uses,
    related_links,
    link_checks,
    sections,
    tags,
    users,
);
