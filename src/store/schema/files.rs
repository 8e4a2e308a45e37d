//! Media, and what shows them.

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
