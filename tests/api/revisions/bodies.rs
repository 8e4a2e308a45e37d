//! The blocks of a story are kept once, as long as something has them.

use serde_json::json;

use crate::make::{self, Made, paragraph};
use crate::support::TestApp;

async fn autosave(app: &TestApp, article: &Made, text: &str) -> Made {
    let call = app.editor().patch(format!("{}?autosave=true", article.path()));
    let reply = call
        .if_match(article.revision())
        .json(&json!({"body": [paragraph(text)]}));
    Made::article(reply.await.expect(200).json())
}

#[actix_web::test]
async fn blocks_go_with_the_last_that_has_them() {
    let app = TestApp::start().await;
    let kept = || {
        app.database
            .texts("select cast(number as text) as what from bodies order by number")
    };
    let mut made = make::draft(&app, "Ferry sails").ready().await;
    assert_eq!(kept(), ["1"], "the working copy and its revision have the same");
    for text in ["A", "At", "At last"] {
        made = autosave(&app, &made, text).await;
    }
    assert_eq!(kept(), ["1", "4"], "what was folded into another went");
    let mut made = made.act(&app, "publish").await;
    assert_eq!(kept(), ["1", "4"], "the edition has what the working copy has");
    for text in ["The ferry", "The ferry sails"] {
        made = autosave(&app, &made, text).await;
    }
    assert_eq!(kept(), ["1", "4", "6"]);
    let page = app.anon().get(made.public_path()).await.expect(200);
    assert_eq!(page["body"][0]["text"][0]["text"], "At last");
    let first = super::revision(&app, &made, 1).await.expect(200);
    assert_eq!(
        first["article"]["body"][0]["text"][0]["text"],
        "The harbour was quiet on Monday."
    );
    let made = made.patch(&app, json!({"deck": "Other words, the same blocks"})).await;
    assert_eq!(kept(), ["1", "4", "6"]);
    super::revert(&app, &made, 1).await.expect(200);
    assert_eq!(kept(), ["1", "4", "6"], "what is put back was there");
}

/// A database that lost some is a fault that is told, and never a story less.
#[actix_web::test]
async fn blocks_that_are_missing_are_a_fault() {
    let app = TestApp::start().await;
    let section = make::section(&app, "World").await;
    let story = make::draft(&app, "Ferry sails").set("section_id", section.id());
    let story = story.published().await;
    app.database.damage("delete from bodies");
    app.anon().get(story.public_path()).await.refused(500, "internal");
    app.editor().get(story.path()).await.refused(500, "internal");
    super::revision(&app, &story, 1).await.refused(500, "internal");
    let call = app.editor().patch(section.path()).if_match(section.revision());
    call.json(&json!({"name": "Abroad"})).await.refused(500, "internal");
    let listed = app.anon().get("/api/v1/articles").await.expect(200);
    assert_eq!(listed.items().len(), 1, "lists show no blocks");
}
