//! Domain values as columns. Nothing above the store hears of SQL, so the mapping is all here.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::query_builder::QueryId;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::{Binary, SqlOrd, SqlType, Text, Timestamptz};
use diesel::sqlite::{Sqlite, SqliteValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::{Result, StoreError};
use crate::domain::account::{Email, Role};
use crate::domain::article::ArticleKind;
use crate::domain::audit::{AuditAction, AuditedKind, Via};
use crate::domain::byline::ContributorRole;
use crate::domain::contributor::ContributorKind;
use crate::domain::id::{
    ApiKeyId, ArticleId, AuditId, ContributorId, EditionId, MediaId, PreviewTokenId, RelatedLinkId, SectionId,
    SessionId, ShelfId, ShortId, TagId, TotpId, TranslationGroup, UploadId, UserId,
};
use crate::domain::locale::Locale;
use crate::domain::media::{MediaKind, MediaType};
use crate::domain::related::{Placement, RelatedKind};
use crate::domain::revision::RevisionReason;
use crate::domain::schedule::{DueKind, TimeZone};
use crate::domain::slug::Slug;
use crate::domain::text::{
    AltText, Bio, BylineOverride, Caption, CorrectionText, CreditLine, Deck, Description, Filename, Headline,
    InternalNote, Kicker, LinkLabel, LinkSource, LinkTitle, Name, RevisionNote, SeoDescription, SeoTitle,
    ShortHeadline, UsageTerms,
};
use crate::domain::time::Timestamp;
use crate::domain::web::WebUrl;
use crate::domain::workflow::Status;

/// An identifier: 16 bytes on SQLite, `uuid` on PostgreSQL. Both sort them by their bytes.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(sqlite_type(name = "Binary"), postgres_type(oid = 2950, array_oid = 2951))]
pub struct Uid;

/// A moment: microseconds since 1970 on SQLite, `timestamptz` on PostgreSQL.
#[derive(SqlType, QueryId, Debug, Clone, Copy)]
#[diesel(sqlite_type(name = "Long"), postgres_type(oid = 1184, array_oid = 1185))]
pub struct Instant;

impl SqlOrd for Uid {}
impl SqlOrd for Instant {}

/// Microseconds from 1970, where we count from, to 2000, where PostgreSQL does.
const EPOCH_OF_POSTGRES: i64 = 946_684_800_000_000;

/// Has Diesel's derives work on a type that must not know of Diesel.
macro_rules! column {
    ($sql:ty, $name:ident) => {
        const _: () = {
            #[derive(AsExpression, FromSqlRow)]
            #[diesel(foreign_derive, sql_type = $sql)]
            #[expect(dead_code, reason = "it only names the type to the derives")]
            struct Foreign($name);
        };
    };
}

macro_rules! ids {
    ($($name:ident),+) => {$(
        column!(Uid, $name);

        impl ToSql<Uid, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.0.as_bytes(), out)
            }
        }

        impl ToSql<Uid, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <Uuid as ToSql<diesel::sql_types::Uuid, Pg>>::to_sql(&self.0, out)
            }
        }

        impl FromSql<Uid, Sqlite> for $name {
            fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(value.read_blob())?))
            }
        }

        impl FromSql<Uid, Pg> for $name {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                <Uuid as FromSql<diesel::sql_types::Uuid, Pg>>::from_sql(value).map(Self)
            }
        }
    )+};
}

macro_rules! write_text {
    ($name:ident) => {
        column!(Text, $name);

        impl ToSql<Text, Sqlite> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                <str as ToSql<Text, Sqlite>>::to_sql(self.as_str(), out)
            }
        }

        impl ToSql<Text, Pg> for $name {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                <str as ToSql<Text, Pg>>::to_sql(self.as_str(), out)
            }
        }
    };
}

/// Free text: checked when it was written, and under rules that may have been others then, so not checked again.
macro_rules! texts {
    ($($name:ident),+ $(,)?) => {$(
        write_text!($name);

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                String::from_sql(value).map(Self::trusted)
            }
        }
    )+};
}

/// Words of closed lists, and short ids: a stored one that cannot be parsed is a fault.
macro_rules! words {
    ($($name:ident),+ $(,)?) => {$(
        write_text!($name);

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Self::parse(&String::from_sql(value)?).map_err(|flaw| flaw.message.into())
            }
        }
    )+};
}

ids!(
    ApiKeyId,
    PreviewTokenId,
    TotpId,
    ArticleId,
    AuditId,
    EditionId,
    SectionId,
    SessionId,
    ShelfId,
    ContributorId,
    TagId,
    MediaId,
    UploadId,
    UserId,
    RelatedLinkId,
    TranslationGroup
);
texts!(
    Slug,
    Locale,
    Email,
    WebUrl,
    Headline,
    LinkLabel,
    LinkSource,
    LinkTitle,
    ShortHeadline,
    SeoTitle,
    SeoDescription,
    Deck,
    Kicker,
    InternalNote,
    CorrectionText,
    RevisionNote,
    BylineOverride,
    Name,
    Bio,
    Description,
    AltText,
    Caption,
    CreditLine,
    Filename,
    UsageTerms,
    TimeZone,
);
words!(
    Status,
    ArticleKind,
    ContributorKind,
    ContributorRole,
    Role,
    ShortId,
    MediaKind,
    MediaType,
    RelatedKind,
    Placement,
    RevisionReason,
    DueKind,
    AuditAction,
    AuditedKind,
    Via
);
column!(Instant, Timestamp);

impl ToSql<Instant, Sqlite> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.micros());
        Ok(serialize::IsNull::No)
    }
}

impl ToSql<Instant, Pg> for Timestamp {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let since_2000 = PgTimestamp(self.micros() - EPOCH_OF_POSTGRES);
        <PgTimestamp as ToSql<Timestamptz, Pg>>::to_sql(&since_2000, &mut out.reborrow())
    }
}

impl FromSql<Instant, Sqlite> for Timestamp {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        moment(value.read_long())
    }
}

impl FromSql<Instant, Pg> for Timestamp {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let PgTimestamp(since_2000) = FromSql::<Timestamptz, Pg>::from_sql(value)?;
        moment(since_2000.saturating_add(EPOCH_OF_POSTGRES))
    }
}

fn moment(micros: i64) -> deserialize::Result<Timestamp> {
    Timestamp::from_micros(micros)
        .ok_or_else(|| format!("{micros} microseconds are outside the years 0 to 9999").into())
}

/// A document for a text column. Text on PostgreSQL too: `jsonb` reorders keys and rewrites numbers, and what was
/// written must come back byte for byte, the same from both databases. Nothing is searched inside documents.
pub(super) fn to_json<T: Serialize + ?Sized>(document: &T) -> Result<String> {
    serde_json::to_string(document).map_err(StoreError::broken)
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(StoreError::broken)
}
