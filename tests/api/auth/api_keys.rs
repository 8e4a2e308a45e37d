//! API keys: what programs of integrators ask with.

use copydesk::domain::account::Email;
use copydesk::services::accounts::{api_keys, users};
use serde_json::{Value, json};

use super::{GUARDED, same};
use crate::make;
use crate::support::database::user_id;
use crate::support::{Call, Client, Person, Reply, TestApp};

const KEYS: &str = "/api/v1/auth/api-keys";

pub(crate) async fn make_key(client: Client<'_>, scopes: &[&str]) -> Reply {
    let body = json!({"name": "Results desk", "scopes": scopes});
    client.post(KEYS).json(&body).await.expect(201)
}

pub(super) fn key(reply: &Reply) -> &str {
    reply["key"].as_str().unwrap()
}

fn path(reply: &Reply) -> String {
    format!("{KEYS}/{}", reply["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_key_is_shown_once_and_works() {
    let app = TestApp::start().await;
    let made = make_key(app.editor(), &["articles:write"]).await;
    assert_eq!(made["scopes"], json!(["articles:read", "articles:write"]));
    assert_eq!(made["user_id"], user_id(Person::Editor).to_string());
    assert_eq!(made.header("Location"), Some(path(&made).as_str()));
    assert_eq!(made.header("Cache-Control"), Some("private, no-store"));
    assert!(key(&made).starts_with("cdk_") && key(&made).len() == 72);

    let one = app.editor().get(path(&made)).await.expect(200);
    let page = app.editor().get(KEYS).await.expect(200);
    assert_eq!(&page.items()[0], one.json());
    let secret: String = key(&made).chars().skip(30).take(30).collect();
    for text in [one.text(), page.text()] {
        assert!(!text.contains(&secret) && !text.contains("cdk_"), "{text}");
    }
    let kept = app
        .database
        .texts("select name || scopes || digest as what from api_keys")
        .concat();
    assert!(
        kept.contains("articles:read articles:write") && !kept.contains(&secret),
        "{kept}"
    );

    let asking = app.bearer(key(&made));
    let article = asking
        .post(GUARDED)
        .json(&json!({"headline": "Counted"}))
        .await
        .expect(201);
    assert_eq!(article["created_by"], made["user_id"]);
    let entry = app
        .admin()
        .get("/api/v1/editor/audit?type=article&limit=1")
        .await
        .expect(200);
    assert_eq!(entry.items()[0]["origin"]["token_id"], made["id"]);
    let entry = app.admin().get("/api/v1/editor/audit?type=api_key").await.expect(200);
    assert_eq!(entry.column("action"), ["create"]);
    assert!(!entry.text().contains("cdk_"));
}

#[actix_web::test]
async fn a_key_is_for_no_more_than_the_role_of_its_maker() {
    let app = TestApp::start().await;
    let body = |scopes: Value| json!({"name": "Desk", "scopes": scopes});
    for (client, body, at, rule) in [
        (
            app.contributor(),
            body(json!(["articles:read", "articles:publish"])),
            "/scopes/1",
            "not_allowed",
        ),
        (
            app.contributor(),
            body(json!(["taxonomy:write"])),
            "/scopes/0",
            "not_allowed",
        ),
        (app.editor(), body(json!(["audit:read"])), "/scopes/0", "not_allowed"),
        (
            app.editor(),
            body(json!(["articles:delete"])),
            "/scopes/0",
            "not_allowed",
        ),
        (app.admin(), body(json!([])), "/scopes", "too_short"),
        (app.admin(), body(json!(["everything"])), "/scopes/0", "not_allowed"),
        (app.admin(), json!({"scopes": ["media:read"]}), "/name", "required"),
        (app.admin(), json!({"name": "Desk"}), "/scopes", "required"),
        (
            app.admin(),
            json!({"name": "Desk", "scopes": ["media:read"], "expires_at": "2026-01-01T00:00:00Z"}),
            "/expires_at",
            "out_of_range",
        ),
        (
            app.admin(),
            json!({"name": "Desk", "scopes": ["media:read"], "key": "cdk_mine"}),
            "/key",
            "unknown",
        ),
    ] {
        let refused = client.post(KEYS).json(&body).await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(at.to_owned(), rule.to_owned())], "{body}");
    }
    assert!(app.admin().get(KEYS).await.expect(200).items().is_empty());

    let made = make_key(app.editor(), &["taxonomy:write"]).await;
    let tag = |name: &str| {
        let call = app.bearer(key(&made)).post("/api/v1/editor/tags");
        call.json(&json!({ "name": name }))
    };
    tag("Harbours").await.expect(201);
    app.database
        .damage("update users set role = 'contributor' where role = 'editor'");
    tag("Ports").await.refused(403, "forbidden");
}

#[actix_web::test]
async fn what_a_key_lacks_is_named() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Ferries").ready().await;
    let made = make_key(app.admin(), &["articles:write"]).await;
    let refused = app.bearer(key(&made)).post(draft.action("publish")).if_match(1).await;
    let refused = refused.refused(403, "forbidden");
    assert_eq!(refused["detail"], "The API key has no scope `articles:publish`.");
    let reads = make_key(app.admin(), &["media:read"]).await;
    let refused = app.bearer(key(&reads)).get(draft.path()).await;
    let refused = refused.refused(403, "forbidden");
    assert_eq!(refused["detail"], "The API key has no scope `articles:read`.");
    // The same of what is not there, and of what its maker may not know of: such a key tells nothing of what there is.
    let missing = draft.path().replace(draft.id(), "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f");
    app.bearer(key(&reads)).get(missing).await.refused(403, "forbidden");
    for (scope, status) in [("media:read", 403), ("articles:write", 404)] {
        let made = make_key(app.person(Person::Stranger), &[scope]).await;
        app.bearer(key(&made)).get(draft.path()).await.expect(status);
    }
}

#[actix_web::test]
async fn a_key_that_ended_works_nowhere_and_every_refusal_reads_the_same() {
    let app = TestApp::start().await;
    let other = app.beside(|_| {}).await;
    let (stays, gone) = (
        make_key(app.editor(), &["articles:read"]).await,
        make_key(app.editor(), &["articles:read"]).await,
    );
    let body = json!({"name": "Short", "scopes": ["articles:read"], "expires_at": "2026-02-16T10:00:00Z"});
    app.clock.set("2026-02-16T09:59:59Z");
    let short = app.editor().post(KEYS).json(&body).await.expect(201);
    assert_eq!(other.get_as(key(&gone), GUARDED).await, 200);
    app.bearer(key(&short)).get(GUARDED).await.expect(200);
    app.clock.set("2026-02-16T10:00:00Z");
    app.editor().delete(path(&gone)).await.expect(204);
    app.editor().delete(path(&gone)).await.expect(204);
    assert_eq!(other.get_as(key(&gone), GUARDED).await, 401);

    // One of ours but for the secret: an id that there is, with the bytes of another key.
    let mixed = format!("{}{}", &key(&stays)[..26], &key(&gone)[26..]);
    let unknown = app
        .bearer("eyJhbGciOiJub25lIn0.e30.")
        .get(GUARDED)
        .await
        .refused(401, "unauthenticated");
    for bad in [key(&gone), key(&short), &mixed, "cdk_", "cdk_x", &key(&stays)[..71]] {
        let refused = app.bearer(bad).get(GUARDED).await.refused(401, "unauthenticated");
        assert_eq!(same(refused.json()), same(unknown.json()), "{bad}");
        // Where none is needed as well.
        app.bearer(bad)
            .get("/api/v1/articles")
            .await
            .refused(401, "unauthenticated");
    }
    app.bearer(key(&stays)).get(GUARDED).await.expect(200);
    let revoked = app.editor().get(path(&gone)).await.expect(200);
    assert_eq!(revoked["revoked_at"], "2026-02-16T10:00:00.000Z");
    let audit = app.admin().get("/api/v1/editor/audit?action=revoke").await.expect(200);
    assert_eq!(audit.items().len(), 1, "what did nothing is not written down");

    users::set_disabled(&app.services, Email::parse(&Person::Editor.email()).unwrap(), true)
        .await
        .unwrap();
    app.bearer(key(&stays))
        .get(GUARDED)
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn keys_of_others_are_an_administrators_to_see() {
    let app = TestApp::start().await;
    let made = make_key(app.contributor(), &["articles:read"]).await;
    app.clock.advance(1);
    let newer = make_key(app.editor(), &["articles:read"]).await;
    for (client, seen) in [
        (app.contributor(), vec![&made["id"]]),
        (app.editor(), vec![&newer["id"]]),
        (app.person(Person::Stranger), vec![]),
        (app.admin(), vec![&newer["id"], &made["id"]]),
    ] {
        let page = client.get(KEYS).await.expect(200);
        assert_eq!(page.items().iter().map(|one| &one["id"]).collect::<Vec<_>>(), seen);
    }
    for foreign in [app.editor(), app.person(Person::Stranger)] {
        foreign.get(path(&made)).await.refused(404, "not_found");
        foreign.delete(path(&made)).await.refused(404, "not_found");
    }
    let first = app.admin().get(format!("{KEYS}?limit=1")).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app
        .admin()
        .get(format!("{KEYS}?limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(
        (second.column("id"), &second["next_cursor"]),
        (vec![made["id"].as_str().unwrap()], &Value::Null)
    );
    let list = format!("{KEYS}?cursor={cursor}");
    app.editor().get(list).await.refused(400, "cursor_mismatch");
    app.admin().delete(path(&made)).await.expect(204);
    app.bearer(key(&made))
        .get(GUARDED)
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn a_key_looks_after_nobodys_account() {
    let app = TestApp::start().await;
    let made = make_key(
        app.admin(),
        &["audit:read", "articles:delete", "taxonomy:write", "media:write"],
    )
    .await;
    let asking = app.bearer(key(&made));
    let new = json!({"name": "More", "scopes": ["media:read"]});
    let password =
        json!({"current_password": "kestrels over the strait", "new_password": "cormorants over the strait"});
    for call in [
        asking.get(KEYS),
        asking.get(path(&made)),
        asking.delete(path(&made)),
        asking.post(KEYS).json(&new),
        asking.get("/api/v1/auth/sessions"),
        asking.post("/api/v1/auth/logout"),
        asking.post("/api/v1/auth/logout-all"),
        asking.post("/api/v1/auth/password").json(&password),
    ] {
        let refused = call.await.refused(403, "forbidden");
        assert_eq!(refused["detail"], "An API key is not for this. Log in.");
    }
    asking.get("/api/v1/editor/audit").await.expect(200);
}

fn ask<'a>(client: &Client<'a>) -> Call<'a> {
    let call = client.post(GUARDED).header("Idempotency-Key", "once");
    call.json(&json!({"headline": "Secret plans"}))
}

#[actix_web::test]
async fn an_answer_that_is_kept_for_one_key_is_not_given_to_another() {
    let app = TestApp::start().await;
    let (writes, reads) = (
        make_key(app.editor(), &["articles:write"]).await,
        make_key(app.editor(), &["media:read"]).await,
    );
    let first = ask(&app.bearer(key(&writes))).await.expect(201);
    let again = ask(&app.bearer(key(&writes))).await.expect(201);
    assert_eq!(first["id"], again["id"]);
    ask(&app.bearer(key(&reads))).await.refused(403, "forbidden");
    let another = make_key(app.editor(), &["articles:write"]).await;
    for other in [app.bearer(key(&another)), app.editor()] {
        ask(&other).await.refused(422, "key_reused");
    }
}

#[actix_web::test]
async fn when_a_key_was_used_is_written_by_and_by() {
    let app = TestApp::start().await;
    let made = make_key(app.editor(), &["articles:read"]).await;
    let used = async || app.editor().get(path(&made)).await.expect(200)["last_used_at"].clone();
    api_keys::write_uses(&app.services).await;
    assert_eq!(used().await, Value::Null);
    app.clock.set("2026-02-20T08:00:00Z");
    app.bearer(key(&made)).get(GUARDED).await.expect(200);
    api_keys::write_uses(&app.services).await;
    assert_eq!(used().await, "2026-02-20T08:00:00.000Z");
    // Another process may know of a later use.
    let later = if app.database.is_postgres() {
        "'2026-02-21T08:00:00Z'"
    } else {
        "1771660800000000"
    };
    app.database
        .damage(&format!("update api_keys set last_used_at = {later}"));
    app.bearer(key(&made)).get(GUARDED).await.expect(200);
    api_keys::write_uses(&app.services).await;
    assert_eq!(used().await, "2026-02-21T08:00:00.000Z");
}

#[actix_web::test]
async fn nobody_has_more_than_a_hundred_that_work() {
    let app = TestApp::start().await;
    let first = make_key(app.editor(), &["articles:read"]).await;
    let columns = "user_id, name, scopes, digest, created_at";
    let id = if app.database.is_postgres() {
        "gen_random_uuid()"
    } else {
        "randomblob(16)"
    };
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 99)";
    app.database.damage(&format!(
        "insert into api_keys (id, {columns}) {many} select {id}, {columns} from api_keys, n"
    ));
    let body = json!({"name": "One more", "scopes": ["articles:read"]});
    let refused = app.editor().post(KEYS).json(&body).await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [(String::new(), "too_many".to_owned())]);
    app.editor().delete(path(&first)).await.expect(204);
    app.editor().post(KEYS).json(&body).await.expect(201);
    // Those that were taken back stay, and so are bounded too.
    app.database.damage("update api_keys set revoked_at = created_at");
    let rest = many.replace("99", "899");
    app.database.damage(&format!(
        "insert into api_keys (id, {columns}, revoked_at) {rest} select {id}, {columns}, created_at from (select * from api_keys limit 1) k, n"
    ));
    let refused = app.editor().post(KEYS).json(&body).await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [(String::new(), "too_many".to_owned())]);
}
