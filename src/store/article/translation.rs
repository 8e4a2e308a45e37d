//! Which articles say the same in other languages.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::super::conn::{DbConn, on_backend};
use super::super::error::Result;
use super::super::schema::{articles, editions};
use super::list::without_bodies;
use super::row::ArticleRow;
use super::rows;
use crate::domain::article::Article;
use crate::domain::id::{ArticleId, TranslationGroup, UserId};
use crate::domain::locale::Locale;
use crate::domain::page::ByWord;
use crate::domain::text::Headline;

/// The article that has a language in a group.
#[derive(Debug, Queryable)]
pub struct Rival {
    pub id: ArticleId,
    pub headline: Headline,
    pub created_by: UserId,
}

/// Another article of the group in this language, in its working copy (in the trash too) or where readers see it.
pub fn rival(conn: &mut DbConn, group: TranslationGroup, locale: &Locale, except: ArticleId) -> Result<Option<Rival>> {
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::translation_group.eq(group))
        .filter(editions::locale.eq(locale))
        .select(editions::article_id);
    let working = articles::translation_group.eq(group).and(articles::locale.eq(locale));
    let query = articles::table
        .filter(working.or(articles::id.eq_any(live)))
        .filter(articles::id.ne(except))
        .select((articles::id, articles::headline, articles::created_by));
    Ok(on_backend!(conn, |c| query.first(c).optional())?)
}

/// Whether an article but this one has the group, in its working copy or where readers see it. With `own_of`, the working
/// copies of this user only.
pub fn group_exists(
    conn: &mut DbConn,
    group: TranslationGroup,
    except: Option<ArticleId>,
    own_of: Option<UserId>,
) -> Result<bool> {
    // The nil id is nobody's.
    let except = except.unwrap_or(ArticleId(uuid::Uuid::nil()));
    let live = editions::table
        .filter(editions::live_until.is_null())
        .filter(editions::translation_group.eq(group))
        .filter(editions::article_id.ne(except));
    Ok(on_backend!(conn, |c| {
        let mut working = articles::table
            .filter(articles::translation_group.eq(group))
            .filter(articles::id.ne(except))
            .into_boxed::<Db>();
        if let Some(user) = own_of {
            working = working.filter(articles::created_by.eq(user));
        }
        diesel::select(exists(working).or(exists(live))).get_result(c)
    })?)
}

/// A page of the other articles of an article's group but those in the trash, by language and without the bodies. With
/// `own_of`, those of this user only.
pub fn translations(
    conn: &mut DbConn,
    of: &Article,
    own_of: Option<UserId>,
    after: Option<ByWord>,
    limit: usize,
) -> Result<Vec<Article>> {
    // No tag is empty, so every tag comes after the empty one.
    let after = after.map_or_else(String::new, |ByWord(locale)| locale);
    let found = on_backend!(conn, |c| {
        let mut query = articles::table
            .filter(articles::translation_group.eq(of.translation_group))
            .filter(articles::id.ne(of.id))
            .filter(articles::deleted_at.is_null())
            .filter(articles::locale.gt(after))
            .into_boxed::<Db>();
        if let Some(user) = own_of {
            query = query.filter(articles::created_by.eq(user));
        }
        query
            .order(articles::locale)
            .limit(rows(limit))
            .select(ArticleRow::as_select())
            .load(c)
    })?;
    without_bodies(conn, found)
}
