//! Working copies and what belongs to them.

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
        embargo_until -> Nullable<Instant>,
        publish_at -> Nullable<Instant>,
        unpublish_at -> Nullable<Instant>,
        time_zone -> Nullable<Text>,
        scheduled_revision -> Nullable<Integer>,
        scheduled_by -> Nullable<Uid>,
        schedule_failure -> Nullable<Text>,
        moved_at -> Nullable<Instant>,
        corrections -> Text,
        locked_by -> Nullable<Uid>,
        locked_at -> Nullable<Instant>,
        lock_expires_at -> Nullable<Instant>,
        body_number -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::Integer;
    use crate::store::packed::Packed;
    use crate::store::types::Uid;

    bodies (article_id, number) {
        article_id -> Uid,
        number -> Integer,
        bytes -> Integer,
        body -> Packed,
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
    use crate::store::types::Instant;

    link_checks (url) {
        url -> Text,
        status -> Nullable<Integer>,
        failure -> Nullable<Text>,
        checked_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::packed::Packed;
    use crate::store::types::{Instant, Uid};

    revisions (article_id, revision) {
        article_id -> Uid,
        revision -> Integer,
        first -> Integer,
        begun_at -> Instant,
        reason -> Text,
        status -> Text,
        changed -> Text,
        note -> Nullable<Text>,
        source -> Nullable<Integer>,
        snapshot -> Nullable<Text>,
        same_as -> Nullable<Integer>,
        created_at -> Instant,
        created_by -> Uid,
        content -> Nullable<Packed>,
        body_number -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{Instant, Uid};

    deleted_articles (id) {
        id -> Uid,
        headline -> Text,
        deleted_at -> Instant,
        deleted_by -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    jobs (article_id, kind) {
        article_id -> Uid,
        kind -> Text,
        due_at -> Instant,
        attempts -> Integer,
        wait_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable};
    use crate::store::types::{Instant, Uid};

    preview_tokens (id) {
        id -> Uid,
        article_id -> Uid,
        revision -> Nullable<Integer>,
        created_by -> Uid,
        api_key_id -> Nullable<Uid>,
        created_at -> Instant,
        expires_at -> Instant,
    }
}
