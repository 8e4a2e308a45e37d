//! The list of revisions, and what each keeps.

use serde_json::{Value, json};

use super::{history, revision, written};
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

/// Number, reason and changed fields of each.
fn told(history: &[Value]) -> Vec<(i64, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |revision: &Value| {
        let changed: Vec<String> = revision["changed"].as_array().unwrap().iter().map(text).collect();
        let number = revision["revision"].as_i64().unwrap();
        (number, text(&revision["reason"]), changed.join(" "))
    };
    history.iter().map(one).collect()
}

fn expected(all: &[(i64, &str, &str)]) -> Vec<(i64, String, String)> {
    let own = |(number, reason, changed): &(i64, &str, &str)| (*number, (*reason).to_owned(), (*changed).to_owned());
    all.iter().map(own).collect()
}

#[actix_web::test]
async fn each_write_makes_a_revision_that_says_what_it_was_for() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let made = made
        .patch(&app, json!({"deck": "At last.", "kicker": "Transport"}))
        .await;
    let made = made.patch(&app, json!({"deck": "At last."})).await;
    let made = made.act(&app, "publish").await.act(&app, "publish").await;
    let made = made
        .patch(&app, json!({"slug": "ferry-at-last", "body": [paragraph("New.")]}))
        .await;
    let made = made.act(&app, "publish").await.act(&app, "unpublish").await;
    let made = made
        .act(&app, "retract")
        .await
        .trash(&app)
        .await
        .act(&app, "restore")
        .await;

    let history = history(&app, &made).await;
    assert_eq!(
        told(&history),
        expected(&[
            (1, "edit", ""),
            (2, "edit", "deck kicker"),
            (3, "publish", "status"),
            (4, "edit", "body slug"),
            (5, "publish", ""),
            (6, "unpublish", "status"),
            (7, "retract", "status"),
            (8, "trash", "deleted_at"),
            (9, "restore", "deleted_at"),
        ])
    );
    let statuses: Vec<_> = history.iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(
        statuses,
        [
            "draft",
            "draft",
            "published",
            "published",
            "published",
            "unpublished",
            "retracted",
            "retracted",
            "retracted"
        ]
    );
}

#[actix_web::test]
async fn a_revision_keeps_all_that_was_written() {
    let app = TestApp::start().await;
    let photo = make::photo(&app, Person::Editor).await;
    let target = make::draft(&app, "Storm closes the strait").ready().await;
    let story = make::wire_story(&app).await;
    let related = json!([
        {"article_id": target.id(), "kind": "background", "placement": "both", "label_override": "Nine days"},
        {"url": "https://harbour.example/12", "title": "Notice 12", "source": "Harbour authority"},
    ]);
    let lead = json!({"media_id": photo.id(), "caption": "At last."});
    let first = story.set("related", related).set("lead_media", lead).ready().await;
    let second = first
        .patch(
            &app,
            json!({"related": [], "body": [], "byline": {"contributors": []}, "tag_ids": []}),
        )
        .await;
    let third = second.trash(&app).await;

    for state in [&first, &second, &third] {
        let kept = revision(&app, state, state.revision()).await.expect(200);
        assert_eq!(kept["article"], written(state), "revision {}", state.revision());
        assert_eq!(kept["created_by"], state.json["updated_by"]);
        assert_eq!(kept["created_at"], state.json["updated_at"]);
    }
}

#[actix_web::test]
async fn links_and_merges_are_revisions_too() {
    let app = TestApp::start().await;
    let (tag, other) = (make::tag(&app, "Ferry").await, make::tag(&app, "Ferries").await);
    let story = make::draft(&app, "Ferry sails")
        .set("tag_ids", json!([tag.id()]))
        .ready()
        .await;
    let target = make::draft(&app, "Storm closes the strait").ready().await;
    let link = json!({"article_id": target.id(), "reciprocal": true});
    let call = app.editor().post(format!("{}/related", story.path())).if_match(1);
    call.json(&link).await.expect(201);
    tag.merge(&app, &other).await;

    let history = history(&app, &story).await;
    assert_eq!(
        told(&history),
        expected(&[(1, "edit", ""), (2, "edit", "related"), (3, "merge", "tag_ids")])
    );
    let back = super::history(&app, &target).await;
    assert_eq!(told(&back), expected(&[(1, "edit", ""), (2, "edit", "related")]));
}

async fn autosave(app: &TestApp, by: Person, article: &Made, deck: &str) -> Made {
    let call = app.person(by).patch(format!("{}?autosave=true", article.path()));
    let reply = call.if_match(article.revision()).json(&json!({ "deck": deck })).await;
    Made::article(reply.expect(200).json())
}

#[actix_web::test]
async fn autosaves_of_one_editor_within_five_minutes_are_one_revision() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let mut made = autosave(&app, Person::Editor, &made, "A").await;
    for deck in ["At", "At l", "At last"] {
        app.clock.advance(99);
        made = autosave(&app, Person::Editor, &made, deck).await;
    }
    assert_eq!(
        made.revision(),
        5,
        "each has a revision of its own, so that nobody writes over it unseen"
    );
    app.clock.advance(3);
    made = autosave(&app, Person::Editor, &made, "Five minutes after the first").await;
    made = autosave(&app, Person::Admin, &made, "Somebody else").await;
    made = made.patch(&app, json!({"deck": "No autosave"})).await;
    made = autosave(&app, Person::Editor, &made, "After that").await;
    let made = made.act(&app, "publish").await;

    let history = history(&app, &made).await;
    let spans: Vec<(i64, i64)> = history
        .iter()
        .map(|one| {
            (
                one["first_revision"].as_i64().unwrap(),
                one["revision"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        spans,
        [(1, 1), (2, 5), (6, 6), (7, 7), (8, 8), (9, 9), (10, 10)],
        "no gap"
    );
    assert_eq!(revision(&app, &made, 5).await.expect(200)["article"]["deck"], "At last");
    revision(&app, &made, 3).await.refused(404, "not_found");
}

#[actix_web::test]
async fn an_autosave_that_readers_see_stays() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let made = autosave(&app, Person::Editor, &made, "First")
        .await
        .act(&app, "publish")
        .await;
    let made = autosave(&app, Person::Editor, &made, "Second").await;
    let made = autosave(&app, Person::Editor, &made, "Third").await;
    let live = made.json["live_revision"].as_i64().unwrap();
    assert_eq!(
        revision(&app, &made, live).await.expect(200)["article"]["deck"],
        "First"
    );
    assert_eq!(revision(&app, &made, 2).await.expect(200)["article"]["deck"], "First");
}

#[actix_web::test]
async fn revisions_are_paged() {
    let app = TestApp::start().await;
    let mut made = make::draft(&app, "Ferry sails").ready().await;
    for number in 0..6 {
        made = made.patch(&app, json!({"deck": format!("Version {number}.")})).await;
    }
    let path = format!("{}/revisions?limit=3", made.path());
    let first = app.editor().get(&path).await.expect(200);
    let numbers = |page: &[Value]| -> Vec<i64> { page.iter().map(|one| one["revision"].as_i64().unwrap()).collect() };
    assert_eq!(numbers(first.items()), [7, 6, 5]);
    let next = first["next_cursor"].as_str().unwrap();
    let second = app.editor().get(format!("{path}&cursor={next}")).await.expect(200);
    assert_eq!(numbers(second.items()), [4, 3, 2]);
    let other = make::draft(&app, "Another").ready().await;
    let foreign = format!("{}/revisions?cursor={next}", other.path());
    app.editor().get(foreign).await.refused(400, "cursor_mismatch");
}

#[actix_web::test]
async fn what_is_no_revision_is_not_found() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    for name in ["0", "2", "-1", "01", "1.0", "+1", "2147483648", "x"] {
        let path = format!("{}/revisions/{name}", made.path());
        app.editor().get(path).await.refused(404, "not_found");
    }
}

#[actix_web::test]
async fn revisions_go_with_their_article() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await;
    let path = format!("{}?permanent=true", made.path());
    app.admin().delete(path).if_match(1).await.expect(204);
    revision(&app, &made, 1).await.refused(404, "not_found");
}

/// Deleting an article for good changes links to it without a revision; what is published then is kept as it was published.
#[actix_web::test]
async fn a_revision_is_what_was_published_after_a_target_is_gone() {
    let app = TestApp::start().await;
    let gone = make::draft(&app, "Gone").ready().await;
    let story = make::draft(&app, "Leads")
        .set("related", json!([{"article_id": gone.id()}]))
        .ready()
        .await;
    app.admin()
        .delete(format!("{}?permanent=true", gone.path()))
        .if_match(1)
        .await
        .expect(204);
    let live = story.act(&app, "publish").await;
    let kept = revision(&app, &live, 2).await.expect(200);
    assert_eq!(kept["article"]["related"][0]["deleted_headline"], "Gone");
    assert_eq!(
        revision(&app, &live, 1).await.expect(200)["article"]["related"][0]["article_id"],
        gone.json["id"]
    );
}
