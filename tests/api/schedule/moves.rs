//! From draft to review and back.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Person, TestApp};

async fn act(app: &TestApp, by: Person, article: &Made, verb: &str, body: Option<Value>) -> crate::support::Reply {
    let call = app.person(by).post(article.action(verb)).if_match(article.revision());
    match body {
        Some(body) => call.json(&body).await,
        None => call.await,
    }
}

#[actix_web::test]
async fn an_author_hands_in_and_an_editor_sends_back_or_publishes() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").by(Person::Contributor).ready().await;
    let submitted = act(&app, Person::Contributor, &made, "submit", None).await.expect(200);
    assert_eq!((&submitted["status"], submitted.etag()), (&json!("in_review"), "\"2\""));
    let submitted = Made::article(submitted.json());

    let call = app
        .contributor()
        .patch(made.path())
        .if_match(2)
        .json(&json!({"deck": "More."}));
    call.await.refused(403, "forbidden");
    let note = json!({"note": "Needs a second source."});
    act(&app, Person::Contributor, &submitted, "reject", Some(note.clone()))
        .await
        .refused(403, "forbidden");
    let back = act(&app, Person::Editor, &submitted, "reject", Some(note))
        .await
        .expect(200);
    assert_eq!(back["status"], "draft");
    let path = format!("{}/revisions/3", made.path());
    let revision = app.contributor().get(path).await.expect(200);
    assert_eq!(
        (&revision["reason"], &revision["note"]),
        (&json!("reject"), &json!("Needs a second source."))
    );

    let again = act(&app, Person::Contributor, &Made::article(back.json()), "submit", None)
        .await
        .expect(200);
    let live = act(&app, Person::Editor, &Made::article(again.json()), "publish", None)
        .await
        .expect(200);
    assert_eq!(live["status"], "published");
}

#[actix_web::test]
async fn a_move_that_is_not_possible_tells_those_that_are() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Ferry sails").by(Person::Contributor).ready().await;
    let review = make::draft(&app, "Handed in")
        .by(Person::Contributor)
        .ready()
        .await
        .act(&app, "submit")
        .await;
    let live = make::draft(&app, "Live").published().await;
    let note = json!({"note": "x"});
    for (who, article, verb, body, allowed) in [
        (
            Person::Editor,
            &draft,
            "reject",
            Some(&note),
            json!(["submit", "schedule", "publish"]),
        ),
        (Person::Contributor, &review, "submit", None, json!([])),
        (
            Person::Editor,
            &review,
            "submit",
            None,
            json!(["reject", "schedule", "publish"]),
        ),
        (
            Person::Editor,
            &review,
            "unschedule",
            None,
            json!(["reject", "schedule", "publish"]),
        ),
        (
            Person::Editor,
            &live,
            "submit",
            None,
            json!(["schedule", "publish", "unpublish", "retract"]),
        ),
    ] {
        let refused = act(&app, who, article, verb, body.cloned())
            .await
            .refused(409, "move_not_allowed");
        assert_eq!(refused["allowed"], allowed, "{verb} of {}", article.json["status"]);
        assert_eq!(article.again(&app).await.json, article.json);
    }
}

#[actix_web::test]
async fn a_rejection_needs_its_reason() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").ready().await.act(&app, "submit").await;
    for (body, rule) in [
        (json!({}), "required"),
        (json!({"note": " "}), "too_short"),
        (json!({"note": 7}), "wrong_type"),
    ] {
        let refused = act(&app, Person::Editor, &made, "reject", Some(body))
            .await
            .refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [("/note".to_owned(), rule.to_owned())]);
    }
}

#[actix_web::test]
async fn who_waits_for_a_review_is_listed() {
    let app = TestApp::start().await;
    make::draft(&app, "Draft").ready().await;
    let made = make::draft(&app, "Handed in").ready().await.act(&app, "submit").await;
    let page = app
        .editor()
        .get("/api/v1/editor/articles?status=in_review")
        .await
        .expect(200);
    assert_eq!(page.items().len(), 1);
    assert_eq!(page.items()[0]["id"], made.json["id"]);
}
