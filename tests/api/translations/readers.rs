//! What readers are told of translations.

use serde_json::json;

use super::{group, shown, translation};
use crate::make::{self, paragraph};
use crate::support::{Reply, TestApp};

#[actix_web::test]
async fn a_page_names_its_live_translations_and_nothing_else() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry").published().await;
    assert_eq!(shown(&app, &story).await, Vec::<String>::new());
    let german = translation(&app, &story, "de")
        .await
        .patch(&app, json!({"headline": "Fähre"}))
        .await;
    let french = translation(&app, &story, "fr").await;
    translation(&app, &story, "nl").await;
    assert_eq!(
        shown(&app, &story).await,
        Vec::<String>::new(),
        "drafts are not told of"
    );

    let french = french.act(&app, "publish").await;
    let german = german.act(&app, "publish").await;
    assert_eq!(shown(&app, &story).await, ["de Fähre", "fr Ferry"]);
    assert_eq!(shown(&app, &german).await, ["en Ferry", "fr Ferry"]);
    let page = app.anon().get(story.public_path()).await.expect(200);
    let german_page = app.anon().get(german.public_path()).await.expect(200);
    let expected = json!({
        "id": german.id(), "locale": "de", "headline": "Fähre",
        "path": german_page["path"], "canonical_url": german_page["canonical_url"],
    });
    assert_eq!(page["translations"][0], expected);

    let german = german
        .patch(&app, json!({"headline": "Fähre fährt wieder", "slug": "faehre"}))
        .await;
    assert_eq!(
        shown(&app, &story).await,
        ["de Fähre", "fr Ferry"],
        "not before it is published"
    );
    german.act(&app, "publish").await;
    assert_eq!(shown(&app, &story).await, ["de Fähre fährt wieder", "fr Ferry"]);
    french.act(&app, "unpublish").await;
    german.again(&app).await.trash(&app).await;
    assert_eq!(shown(&app, &story).await, Vec::<String>::new());
}

/// A date that stays while translations come and go would have caches keep what is no longer so.
#[actix_web::test]
async fn a_page_has_a_date_until_it_was_ever_translated() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Dated").published().await;
    let first = app.anon().get(story.public_path()).await.expect(200);
    let date = first.header("Last-Modified").unwrap().to_owned();
    let draft = translation(&app, &story, "fr").await;
    let with_draft = app.anon().get(story.public_path()).await.expect(200);
    assert_eq!(
        (with_draft.header("Last-Modified"), with_draft.etag()),
        (Some(date.as_str()), first.etag())
    );

    let live = draft.act(&app, "publish").await;
    for what in ["translated", "no longer translated"] {
        let now = app
            .anon()
            .get(story.public_path())
            .header("If-Modified-Since", &date)
            .await
            .expect(200);
        assert_eq!(now.header("Last-Modified"), None, "{what}");
        if what == "translated" {
            assert_ne!(now.etag(), first.etag());
            live.act(&app, "unpublish").await;
        }
    }
}

#[actix_web::test]
async fn caches_are_told_what_to_forget_when_a_translation_comes_or_goes() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Keyed").published().await;
    let keys = |reply: &Reply| {
        let all = reply.header("Surrogate-Key").unwrap().split(' ');
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    let of_group = format!("translations:{}", group(&story));
    let before = keys(&app.anon().get(story.public_path()).await.expect(200));
    assert!(before.contains(&of_group), "before there is a translation");
    let french = translation(&app, &story, "fr").await.act(&app, "publish").await;
    for article in [&story, &french] {
        let page = app.anon().get(article.public_path()).await.expect(200);
        let address = page["path"].as_str().unwrap();
        let resolved = app
            .anon()
            .get(format!("/api/v1/resolve?path={address}"))
            .await
            .expect(200);
        for keys in [keys(&page), keys(&resolved)] {
            assert!(keys.contains(&of_group));
            assert!(
                keys.contains(&format!("article:{}", story.id())) && keys.contains(&format!("article:{}", french.id()))
            );
        }
    }
}

#[actix_web::test]
async fn lists_take_languages_in_any_case_and_several_at_once() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Listed").published().await;
    for locale in ["pt-BR", "zh-Hant-TW", "fr"] {
        translation(&app, &story, locale).await.act(&app, "publish").await;
    }
    for (query, expected) in [
        ("locale=en", vec!["en"]),
        ("locale=PT-br", vec!["pt-BR"]),
        ("locale=zh-hant-tw&locale=FR", vec!["fr", "zh-Hant-TW"]),
        ("locale=fr&locale=fr", vec!["fr"]),
        ("locale=pt", vec![]),
        ("locale=x-none&locale=En", vec!["en"]),
    ] {
        for list in ["/api/v1/articles", "/api/v1/editor/articles"] {
            let reply = app.editor().get(format!("{list}?count=true&{query}")).await.expect(200);
            let mut found = reply.column("locale");
            found.sort_unstable();
            assert_eq!(
                (&found, reply["total"].as_u64()),
                (&expected, Some(expected.len() as u64)),
                "{list}?{query}"
            );
        }
    }
    for wrong in ["", "en_US", "i-unknown", "e"] {
        let refusal = app.anon().get(format!("/api/v1/articles?locale={wrong}")).await;
        let flaws = refusal.refused(400, "invalid_parameter").flaws();
        assert_eq!(flaws, [("locale".to_owned(), "malformed".to_owned())], "{wrong}");
    }
}

#[actix_web::test]
async fn a_translation_is_an_article_of_its_own() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Apart").published().await;
    let french = translation(&app, &story, "fr").await;
    let french = french
        .patch(&app, json!({"body": [paragraph("En français.")]}))
        .await
        .act(&app, "publish")
        .await;
    let body = app.anon().get(story.public_path()).await.expect(200)["body"][0]["text"].clone();
    assert_eq!(body, json!([{"text": "The harbour was quiet on Monday."}]));
    story.act(&app, "unpublish").await;
    app.anon().get(french.public_path()).await.expect(200);
}
