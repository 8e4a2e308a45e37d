//! What is other in one revision than in another.

use serde_json::json;

use crate::make::{self, paragraph};
use crate::support::TestApp;

fn block(id: &str, text: &str) -> serde_json::Value {
    json!({"type": "paragraph", "id": id, "text": [{"text": text}]})
}

#[actix_web::test]
async fn revisions_are_compared_by_field_by_block_and_by_word() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Ferries").await;
    let before = json!([
        block("a", "The ferry sails."),
        block("b", "It was closed."),
        block("c", "Nine days."),
        block("d", "Stays.")
    ]);
    let after = json!([
        block("c", "Nine long days."),
        block("a", "The ferry sails."),
        block("e", "Added."),
        block("d", "Stays.")
    ]);
    let made = make::draft(&app, "Ferry resumes").set("body", before).ready().await;
    let change =
        json!({"headline": "Ferry service resumes", "kicker": "Transport", "tag_ids": [tag.id()], "body": after});
    let made = made.patch(&app, change).await.act(&app, "publish").await;

    let path = format!("{}/diff", made.path());
    let diff = app.editor().get(format!("{path}?from=1&to=2")).await.expect(200);
    let word = |kind: &str, text: &str| json!({"kind": kind, "text": text});
    assert_eq!(
        diff["fields"],
        json!([
            {"field": "headline", "from": "Ferry resumes", "to": "Ferry service resumes",
             "words": [word("same", "Ferry "), word("added", "service "), word("same", "resumes")]},
            {"field": "kicker", "from": null, "to": "Transport"},
            {"field": "tag_ids", "from": [], "to": [tag.id()]},
        ])
    );
    assert_eq!(
        diff["blocks"],
        json!([
            {"id": "c", "changes": ["moved", "changed"], "from_position": 2, "to_position": 0,
             "from": block("c", "Nine days."), "to": block("c", "Nine long days."),
             "words": [word("same", "Nine "), word("added", "long "), word("same", "days.")]},
            {"id": "b", "changes": ["removed"], "from_position": 1, "to_position": null,
             "from": block("b", "It was closed.")},
            {"id": "e", "changes": ["added"], "from_position": null, "to_position": 2,
             "to": block("e", "Added.")},
        ])
    );
    let newest = app.editor().get(format!("{path}?from=1")).await.expect(200);
    assert_eq!((&newest["to"], &newest["blocks"]), (&json!(3), &diff["blocks"]));
    let same = app.editor().get(format!("{path}?from=2&to=3")).await.expect(200);
    assert_eq!((&same["fields"], &same["blocks"]), (&json!([]), &json!([])));
}

#[actix_web::test]
async fn only_revisions_can_be_compared() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    for (query, parameter, rule) in [
        ("", "from", "required"),
        ("?from=2", "from", "unknown_reference"),
        ("?from=1&to=2", "to", "unknown_reference"),
        ("?from=0", "from", "malformed"),
        ("?from=1&to=x", "to", "malformed"),
    ] {
        let path = format!("{}/diff{query}", made.path());
        let refused = app.editor().get(path).await.refused(400, "invalid_parameter");
        assert_eq!(refused.flaws(), [(parameter.to_owned(), rule.to_owned())], "{query}");
    }
}

/// Texts without a word in common are told as a whole, however long they are.
#[actix_web::test]
async fn long_texts_that_are_all_new_are_told_as_a_whole() {
    let app = TestApp::start().await;
    let text = |word: &str| vec![paragraph(&word.repeat(4000)); 20];
    let made = make::draft(&app, "Ferry sails").set("body", text("a b ")).ready().await;
    let made = made.patch(&app, json!({"body": text("c d ")})).await;
    let diff = app
        .editor()
        .get(format!("{}/diff?from=1", made.path()))
        .await
        .expect(200);
    let changes: Vec<_> = diff["blocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["changes"][0].as_str())
        .collect();
    assert_eq!(
        changes.len(),
        20,
        "blocks that stand in the place of others keep their ids: {changes:?}"
    );
}
