//! Two who change one article: who comes second learns what the first one did, and loses nothing.

use serde_json::{Value, json};

use super::history;
use crate::make::{self, Made, paragraph};
use crate::support::{Reply, TestApp};

/// A patch on a revision, whatever is there by now.
async fn patch_on(app: &TestApp, article: &Made, revision: i64, query: &str, patch: &Value) -> Reply {
    let call = app.editor().patch(format!("{}{query}", article.path()));
    call.if_match(revision).json(patch).await
}

/// An article at revision 3, of which revision 2 changed deck and body, and 3 the kicker.
async fn contested(app: &TestApp) -> Made {
    let made = make::draft(app, "Ferry sails").ready().await;
    let made = made
        .patch(app, json!({"deck": "At last.", "body": [paragraph("New.")]}))
        .await;
    made.patch(app, json!({"kicker": "Transport"})).await
}

#[actix_web::test]
async fn a_stale_patch_is_told_what_others_changed() {
    let app = TestApp::start().await;
    let made = contested(&app).await;
    for (revision, patch, also_yours, not_yours) in [
        (
            1,
            json!({"deck": "Mine.", "headline": "Mine"}),
            vec!["deck"],
            vec!["body", "kicker"],
        ),
        (
            1,
            json!({"body_markdown": "Mine."}),
            vec!["body"],
            vec!["deck", "kicker"],
        ),
        (1, json!({"headline": "Mine"}), vec![], vec!["deck", "body", "kicker"]),
        (2, json!({"kicker": "Mine", "slug": "mine"}), vec!["kicker"], vec![]),
    ] {
        let refused = patch_on(&app, &made, revision, "", &patch).await;
        let refused = refused.refused(412, "stale_revision");
        let current = &refused["current"];
        assert_eq!(
            current["changed"],
            json!({"also_yours": also_yours, "not_yours": not_yours}),
            "{patch}"
        );
        assert_eq!(
            (&current["revision"], &current["updated_by"]),
            (&json!(3), &made.json["updated_by"])
        );
    }
    assert_eq!(made.again(&app).await.json, made.json);
}

#[actix_web::test]
async fn moves_and_links_are_told_too() {
    let app = TestApp::start().await;
    let made = contested(&app).await.act(&app, "publish").await;
    for call in [
        app.editor().post(made.action("unpublish")),
        app.editor().delete(made.path()),
        app.editor().post(made.action("revert")).json(&json!({"revision": 1})),
    ] {
        let refused = call.if_match(3).await.refused(412, "stale_revision");
        assert_eq!(
            refused["current"]["changed"],
            json!({"also_yours": [], "not_yours": ["status"]})
        );
    }
    let call = app.editor().call("PUT", format!("{}/related", made.path())).if_match(1);
    let refused = call.json(&json!({"items": []})).await.refused(412, "stale_revision");
    let changed = json!({"also_yours": ["body"], "not_yours": ["deck", "kicker", "status"]});
    assert_eq!(refused["current"]["changed"], changed);
}

#[actix_web::test]
async fn what_was_never_a_revision_tells_nothing() {
    let app = TestApp::start().await;
    let made = contested(&app).await;
    for tag in ["\"99\"", "\"0\"", "\"abc\"", "W/\"2\""] {
        let call = app.editor().patch(made.path()).header("If-Match", tag);
        let refused = call
            .json(&json!({"deck": "Mine."}))
            .await
            .refused(412, "stale_revision");
        assert!(refused["current"]["changed"].is_null(), "{tag}");
    }
}

#[actix_web::test]
async fn a_patch_of_other_fields_is_merged_where_that_is_asked() {
    let app = TestApp::start().await;
    let made = contested(&app).await;
    let mine = json!({"headline": "Mine", "custom": {"page": 3}});
    patch_on(&app, &made, 1, "", &mine).await.refused(412, "stale_revision");
    let merged = patch_on(&app, &made, 1, "?merge=true", &mine).await.expect(200);
    assert_eq!(merged.etag(), "\"4\"");
    for (field, expected) in [("headline", "Mine"), ("deck", "At last."), ("kicker", "Transport")] {
        assert_eq!(merged[field], expected, "{field}");
    }
    let last = history(&app, &made).await.pop().unwrap();
    assert_eq!(last["changed"], json!(["headline", "custom"]));
}

#[actix_web::test]
async fn a_merge_never_writes_over_what_others_wrote() {
    let app = TestApp::start().await;
    let made = contested(&app).await;
    for patch in [
        json!({"deck": "Mine."}),
        json!({"headline": "Mine", "kicker": null}),
        json!({"body_html": "<p>Mine.</p>"}),
        // The same words as theirs are theirs.
        json!({"deck": "At last."}),
    ] {
        let refused = patch_on(&app, &made, 1, "?merge=true", &patch).await;
        refused.refused(412, "stale_revision");
    }
    // What was never read cannot be merged with.
    let call = app.editor().patch(format!("{}?merge=true", made.path()));
    let call = call.header("If-Match", "\"99\"").json(&json!({"headline": "Mine"}));
    call.await.refused(412, "stale_revision");
    assert_eq!(made.again(&app).await.json, made.json);
}

/// Links follow the body, so a patch of the body reaches further than it says.
#[actix_web::test]
async fn a_merge_looks_at_what_a_patch_brings_about() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Storm closes the strait").ready().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let link = json!({"url": "https://harbour.example/12", "title": "Notice 12"});
    let call = app.editor().post(format!("{}/related", made.path())).if_match(1);
    call.json(&link).await.expect(201);

    let block = json!({"type": "related_article", "article_id": target.id()});
    let body = json!({"body": [paragraph("Words."), block]});
    let refused = patch_on(&app, &made, 1, "?merge=true", &body).await;
    let refused = refused.refused(412, "stale_revision");
    assert_eq!(
        refused["current"]["changed"],
        json!({"also_yours": ["related"], "not_yours": []})
    );
    let body = json!({"body": [paragraph("Words.")]});
    patch_on(&app, &made, 1, "?merge=true", &body).await.expect(200);
}

#[actix_web::test]
async fn autosaves_that_were_folded_are_told_with_all_that_they_changed() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    for (revision, patch) in [
        (1, json!({"deck": "A"})),
        (2, json!({"kicker": "B"})),
        (3, json!({"deck": "C"})),
    ] {
        patch_on(&app, &made, revision, "?autosave=true", &patch)
            .await
            .expect(200);
    }
    let refused = patch_on(&app, &made, 3, "?merge=true", &json!({"kicker": "Mine"})).await;
    let refused = refused.refused(412, "stale_revision");
    assert_eq!(
        refused["current"]["changed"],
        json!({"also_yours": ["kicker"], "not_yours": ["deck"]}),
        "revision 3 is not there any more, so more may be told than changed since"
    );
}

/// An article that was there before revisions were kept: what happened up to then nobody wrote down.
#[actix_web::test]
async fn what_changed_before_revisions_were_kept_is_not_told_and_never_merged() {
    let app = TestApp::start().await;
    let made = contested(&app).await;
    app.database.damage("delete from revisions where revision < 3");
    app.database.damage("update revisions set first = 1, changed = '[]'");
    let mine = json!({"deck": "Mine."});
    for query in ["", "?merge=true"] {
        let refused = patch_on(&app, &made, 2, query, &mine)
            .await
            .refused(412, "stale_revision");
        assert!(refused["current"]["changed"].is_null());
    }
    let later = made.patch(&app, json!({"kicker": "Later"})).await;
    patch_on(&app, &later, 3, "?merge=true", &mine).await.expect(200);
}
