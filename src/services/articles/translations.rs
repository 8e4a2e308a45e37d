//! Articles that say the same in other languages.

use super::check::{self, subject};
use super::create::{draft, keep};
use super::read::{ArticleView, seen, shown_page};
use crate::domain::access::Action;
use crate::domain::article::Article;
use crate::domain::change::Change;
use crate::domain::id::{ArticleId, TranslationGroup};
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::locale::Locale;
use crate::domain::page::{ByWord, Limit, Page};
use crate::domain::text::Headline;
use crate::services::reading::cursor;
use crate::services::{Ctx, Error, Refusal, Use};
use crate::store::{self, DbConn};

/// A page of an article's translations, by language. Contributors see their own.
///
/// # Errors
/// `NotFound`, `BadCursor`.
pub async fn translations(
    ctx: &Ctx,
    id: ArticleId,
    limit: Option<Limit>,
    after: Option<String>,
) -> Result<Page<ArticleView>, Error> {
    let of = format!("translations {id}");
    let after: Option<ByWord> = cursor(&of, after.as_deref())?;
    let limit = limit.unwrap_or(Limit::DEFAULT);
    ctx.read(move |ctx, conn| {
        let article = seen(ctx, conn, id)?;
        let rows = store::article::translations(conn, &article, ctx.own_only(), after, limit.get() + 1)?;
        let page = Page::cut(rows, limit, &of, |one| ByWord(one.content.locale.as_str().to_owned()));
        let sections = store::section::all(conn)?;
        shown_page(ctx, conn, page, &sections)
    })
    .await
}

/// Makes a draft in another language with all that a writer wrote but the note among editors, for a translator to write
/// over.
///
/// # Errors
/// `NotFound`, `InTrash`, `TranslationTaken`.
pub async fn translate(
    ctx: &Ctx,
    id: ArticleId,
    locale: Locale,
    headline: Change<Headline>,
) -> Result<ArticleView, Error> {
    ctx.may(Action::CreateArticle, None)?;
    ctx.write_holding(store::hold::pages, move |ctx, tx| {
        let from = store::article::for_update(tx, id)?.ok_or(Refusal::NotFound)?;
        ctx.may(Action::ReadArticle, Some(subject(&from)))?;
        if from.deleted_at.is_some() {
            return Err(Refusal::InTrash.into());
        }
        let mut content = from.content;
        content.locale = locale;
        content.internal_note = None;
        content.renew_links(ctx.app.ids.as_ref());
        headline.apply(&mut content.headline);
        let slug = check::slug_for(tx, &content)?;
        let article = draft(ctx, tx, content, slug, from.translation_group)?;
        only_one(ctx, tx, &article)?;
        keep(ctx, tx, article)
    })
    .await
}

/// The group that a patch puts an article in, with the flaws so far and that of a group that the caller knows nobody in.
pub(super) fn group_after(
    ctx: &Ctx,
    tx: &mut DbConn,
    wanted: Change<Option<TranslationGroup>>,
    now: Option<&Article>,
    mut flaws: Invalids,
) -> Result<(TranslationGroup, Invalids), Error> {
    let of_its_own = || TranslationGroup(ctx.app.ids.uuid());
    let group = match (wanted, now) {
        (Change::Keep, Some(article)) => article.translation_group,
        (Change::Keep | Change::Set(None), None) => of_its_own(),
        (Change::Set(None), Some(article)) => {
            // Who is alone has nobody to leave.
            let (group, id) = (article.translation_group, Some(article.id));
            let shared = store::article::group_exists(tx, group, id, None)?;
            if shared { of_its_own() } else { group }
        }
        (Change::Set(Some(group)), _) => {
            let is_new = now.is_none_or(|article| article.translation_group != group);
            if is_new && !store::article::group_exists(tx, group, None, ctx.own_only())? {
                let flaw = Flaw::new(Rule::UnknownReference, "no article has this group");
                flaws.add(flaw.at("/translation_group"));
            }
            group
        }
    };
    Ok((group, flaws))
}

/// That an article is the only one of its language in its group.
///
/// # Errors
/// `TranslationTaken`.
pub(super) fn only_one(ctx: &Ctx, tx: &mut DbConn, article: &Article) -> Result<(), Error> {
    let group = article.translation_group;
    store::hold::translations(tx, group)?;
    let Some(other) = store::article::rival(tx, group, &article.content.locale, article.id)? else {
        return Ok(());
    };
    // Who may not see the other is told that there is one, and nothing of it.
    let known = ctx.own_only().is_none_or(|own| own == other.created_by);
    let uses = known.then(|| Use {
        kind: "article",
        id: other.id.0,
        name: other.headline.as_str().to_owned(),
    });
    Err(Refusal::TranslationTaken(uses.into_iter().collect()).into())
}
