//! What an API key lets its program do, where the operation alone does not tell.

use copydesk::domain::scope::Scope;
use serde_json::{Value, json};

use super::api_keys::{key, make_key};
use crate::make::{self, Made};
use crate::support::{Reply, TestApp};

#[actix_web::test]
async fn to_say_what_readers_see_takes_the_scope_for_it_whatever_the_operation() {
    let app = TestApp::start().await;
    let (writes, publishes) = (
        make_key(app.admin(), &["articles:write"]).await,
        make_key(app.admin(), &["articles:write", "articles:publish"]).await,
    );
    let live = make::draft(&app, "Live").ready().await.act(&app, "publish").await;
    let waits = make::draft(&app, "Waits").ready().await;
    let times = json!({"publish_at": "2026-03-01T06:00:00Z"});
    let set = app.editor().post(waits.action("schedule")).if_match(waits.revision());
    let waits = Made::article(set.json(&times).await.expect(200).json());
    let edit = async |made: &Reply, goes_live: &str| {
        let now = waits.again(&app).await;
        let path = format!("{}{goes_live}", now.path());
        let call = app.bearer(key(made)).patch(path).if_match(now.revision());
        // Something else each time.
        call.json(&json!({"deck": format!("Slipped into {}.", now.revision())}))
            .await
    };
    // What is there at the time goes live.
    edit(&writes, "").await.refused(403, "forbidden");
    edit(&writes, "?goes_live=scheduled").await.refused(403, "forbidden");
    edit(&publishes, "?goes_live=scheduled").await.expect(200);
    // One revision does, whatever is written after it.
    edit(&writes, "").await.expect(200);
    edit(&writes, "?goes_live=latest").await.refused(403, "forbidden");
    edit(&publishes, "?goes_live=latest").await.expect(200);
    edit(&writes, "").await.refused(403, "forbidden");
    for (made, status) in [(&writes, 403), (&publishes, 200)] {
        let call = app.bearer(key(made)).delete(live.path());
        call.if_match(live.revision()).await.expect(status);
    }
    app.anon().get(live.public_path()).await.refused(410, "gone");
    // A draft is a writer's to throw away, and for good nobody's without the scope for that.
    let draft = make::draft(&app, "Draft").ready().await;
    let gone = app
        .bearer(key(&writes))
        .delete(draft.path())
        .if_match(draft.revision())
        .await
        .expect(200);
    let draft = Made::article(gone.json());
    let for_good = format!("{}?permanent=true", draft.path());
    let all_others: Vec<_> = Scope::WORDS
        .iter()
        .copied()
        .filter(|word| *word != "articles:delete")
        .collect();
    let others = make_key(app.admin(), &all_others).await;
    let refused = app
        .bearer(key(&others))
        .delete(&for_good)
        .if_match(draft.revision())
        .await;
    assert_eq!(
        refused.refused(403, "forbidden")["detail"],
        "The API key has no scope `articles:delete`."
    );
    let deletes = make_key(app.admin(), &["articles:delete"]).await;
    app.bearer(key(&deletes))
        .delete(&for_good)
        .if_match(draft.revision())
        .await
        .expect(204);
}

#[actix_web::test]
async fn the_past_of_articles_is_for_keys_that_read_articles() {
    let app = TestApp::start().await;
    let past = "/api/v1/articles?as_of=2026-02-16T09:00:00Z";
    let (media, articles) = (
        make_key(app.admin(), &["media:read"]).await,
        make_key(app.admin(), &["articles:read"]).await,
    );
    let refused = app.bearer(key(&media)).get(past).await.refused(403, "forbidden");
    assert_eq!(refused["detail"], "The API key has no scope `articles:read`.");
    app.bearer(key(&articles)).get(past).await.expect(200);
    app.bearer(key(&media)).get("/api/v1/articles").await.expect(200);
    app.anon().get(past).await.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_batch_is_for_no_more_than_its_key() {
    let app = TestApp::start().await;
    let create = |path: &str, body: Value| json!({"method": "POST", "path": path, "body": body});
    let operations = json!([
        create("/api/v1/editor/articles", json!({"headline": "In a batch"})),
        create("/api/v1/editor/tags", json!({"name": "Beyond"})),
    ]);
    let ask = async |made: &Reply, atomic: bool, name: &str| {
        let call = app
            .bearer(key(made))
            .post("/api/v1/editor/batch")
            .header("Idempotency-Key", name);
        call.json(&json!({"atomic": atomic, "operations": operations})).await
    };
    let writes = make_key(app.editor(), &["articles:write"]).await;
    ask(&writes, true, "whole").await.refused(422, "batch_refused");
    let each = ask(&writes, false, "each").await.expect(200);
    let statuses: Vec<_> = each["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, [&json!(201), &json!(403)]);
    // Another key of the same maker is given none of these answers, neither of the batch nor of its operations.
    let reads = make_key(app.editor(), &["media:read"]).await;
    ask(&reads, false, "each").await.refused(422, "key_reused");
    app.database.damage("delete from idempotency_keys where key = 'each'");
    let other = ask(&reads, false, "each").await.expect(200);
    assert!(!other.text().contains("In a batch"), "{}", other.text());
}
