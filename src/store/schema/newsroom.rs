//! Who works here, and what articles name.

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
    use diesel::sql_types::Text;

    settings (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    idempotency_keys (user_id, key) {
        user_id -> Uid,
        key -> Text,
        fingerprint -> Text,
        status -> Nullable<Integer>,
        headers -> Text,
        body -> Text,
        created_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{Integer, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    audit (id) {
        id -> Uid,
        done_at -> Instant,
        actor_id -> Nullable<Uid>,
        via -> Text,
        address -> Nullable<Text>,
        jti -> Nullable<Text>,
        request -> Nullable<Text>,
        action -> Text,
        subject_type -> Text,
        subject -> Text,
        subject_name -> Text,
        revision -> Nullable<Integer>,
        changed -> Text,
        merged_into -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{Instant, Uid};

    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        created_at -> Instant,
        last_used_at -> Instant,
        expires_at -> Instant,
        revoked_at -> Nullable<Instant>,
        token -> Text,
        rotated_at -> Nullable<Instant>,
        previous_token -> Nullable<Text>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{Nullable, Text};
    use crate::store::types::{Instant, Uid};

    api_keys (id) {
        id -> Uid,
        user_id -> Uid,
        name -> Text,
        scopes -> Text,
        digest -> Text,
        created_at -> Instant,
        expires_at -> Nullable<Instant>,
        last_used_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use crate::store::types::{Instant, Uid};

    password_resets (user_id) {
        user_id -> Uid,
        digest -> Text,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::store::types::{Instant, Uid};

    totps (user_id) {
        user_id -> Uid,
        id -> Uid,
        created_at -> Instant,
        confirmed_at -> Nullable<Instant>,
        last_step -> BigInt,
        recovery -> Text,
    }
}
