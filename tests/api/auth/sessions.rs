//! One's own sessions: listed, and ended.

use copydesk::domain::account::{Email, Password};
use copydesk::services::accounts::{sessions, users};
use serde_json::{Value, json};

use super::{GUARDED, LOGIN, log_in};
use crate::support::{PASSWORD, Person, Reply, TestApp};

const SESSIONS: &str = "/api/v1/auth/sessions";
const CHANGE: &str = "/api/v1/auth/password";
const OTHER: &str = "cormorants over the strait";

fn access(login: &Reply) -> &str {
    login["access_token"].as_str().unwrap()
}

/// Whether the access token and the refresh token of a login work.
async fn works(app: &TestApp, login: &Reply) -> [bool; 2] {
    let reads = app.bearer(access(login)).get(GUARDED).await.status() == 200;
    let refresh = app.anon().post("/api/v1/auth/refresh");
    let body = json!({"refresh_token": login["refresh_token"]});
    [reads, refresh.json(&body).await.status() == 200]
}

async fn current(app: &TestApp, login: &Reply) -> String {
    let page = app.bearer(access(login)).get(SESSIONS).await.expect(200);
    let own = page.items().iter().find(|one| one["current"] == true).unwrap();
    own["id"].as_str().unwrap().to_owned()
}

async fn actions(app: &TestApp, query: &str) -> Vec<String> {
    let page = app
        .admin()
        .get(format!("/api/v1/editor/audit?{query}"))
        .await
        .expect(200);
    page.column("action").into_iter().map(str::to_owned).collect()
}

#[actix_web::test]
async fn logging_out_ends_the_access_token_at_once_and_everywhere() {
    let app = TestApp::start().await;
    let other = app.beside(|_| {}).await;
    let (gone, stays) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
    let token = access(&gone).to_owned();
    assert_eq!(other.get_as(&token, GUARDED).await, 200);
    app.bearer(&token).post("/api/v1/auth/logout").await.expect(204);
    assert_eq!(other.get_as(&token, GUARDED).await, 401);
    app.bearer(&token).get("/api/v1/articles").await.expect(401);
    app.bearer(&token).post("/api/v1/auth/logout").await.expect(401);
    assert_eq!(works(&app, &gone).await, [false, false]);
    assert_eq!(works(&app, &stays).await, [true, true]);
    let entries = app
        .admin()
        .get("/api/v1/editor/audit?type=session&limit=1")
        .await
        .expect(200);
    let entry = &entries.items()[0];
    assert_eq!((&entry["action"], &entry["via"]), (&json!("log_out"), &json!("http")));
    assert!(!entries.text().contains("agent"));
}

#[actix_web::test]
async fn logging_out_everywhere_ends_the_sessions_of_one() {
    let app = TestApp::start().await;
    let (one, two) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
    let foreign = log_in(&app, Person::Stranger).await;
    app.bearer(access(&one))
        .post("/api/v1/auth/logout-all")
        .await
        .expect(204);
    for login in [&one, &two] {
        assert_eq!(works(&app, login).await, [false, false]);
    }
    assert_eq!(works(&app, &foreign).await, [true, true]);
    app.contributor().get(GUARDED).await.expect(200);
    assert_eq!(actions(&app, "type=user&limit=1").await, ["log_out"]);
    app.editor()
        .post("/api/v1/auth/logout-all")
        .json(&json!({"but": 1}))
        .await
        .expect(401);
    let noise = app.admin().post("/api/v1/auth/logout-all").json(&json!({"but": 1}));
    noise.await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn sessions_are_listed_the_last_used_first() {
    let app = TestApp::start().await;
    app.database.damage("delete from sessions");
    let mut all = Vec::new();
    for number in 0..5 {
        app.clock.advance(1);
        let call = app
            .anon()
            .post(LOGIN)
            .header("User-Agent", format!("{number}{}", "é".repeat(300)));
        let body = json!({"email": Person::Editor.email(), "password": PASSWORD});
        all.push(call.json(&body).await.expect(200));
    }
    log_in(&app, Person::Stranger).await;
    app.clock.advance(1);
    let refreshed = app.anon().post("/api/v1/auth/refresh");
    let refreshed = refreshed
        .json(&json!({"refresh_token": all[1]["refresh_token"]}))
        .await
        .expect(200);
    let editor = app.bearer(access(&refreshed));
    let page = editor.get(SESSIONS).await.expect(200);
    let agents: Vec<_> = page
        .column("user_agent")
        .iter()
        .map(|agent| agent[..1].to_owned())
        .collect();
    assert_eq!(agents, ["1", "4", "3", "2", "0"]);
    assert!(
        page.column("user_agent")
            .iter()
            .all(|agent| agent.chars().count() == 200)
    );
    let marks: Vec<&Value> = page.items().iter().map(|one| &one["current"]).collect();
    assert_eq!(marks, [true, false, false, false, false]);
    editor
        .get(SESSIONS)
        .header("If-None-Match", page.etag())
        .await
        .expect(304);
    let (mut walked, mut query) = (Vec::new(), "?limit=2".to_owned());
    loop {
        let part = editor.get(format!("{SESSIONS}{query}")).await.expect(200);
        walked.extend(part.items().to_vec());
        match part["next_cursor"].as_str() {
            Some(cursor) => query = format!("?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(walked, page.items());
    app.clock.advance(8 * 3600 - 1);
    let late = log_in(&app, Person::Editor).await;
    let left = app.bearer(access(&late)).get(SESSIONS).await.expect(200);
    assert_eq!(left.items().len(), 2, "the others have ended");
}

#[actix_web::test]
async fn one_ends_sessions_of_ones_own_only() {
    let app = TestApp::start().await;
    let (one, two) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
    let path = format!("{SESSIONS}/{}", current(&app, &two).await);
    for foreign in [app.admin(), app.contributor()] {
        foreign.delete(&path).await.refused(404, "not_found");
    }
    assert!(works(&app, &two).await[0]);
    app.bearer(access(&one)).delete(&path).await.expect(204);
    assert_eq!(works(&app, &two).await, [false, false]);
    for gone in [
        &path,
        &format!("{SESSIONS}/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f"),
        &format!("{SESSIONS}/x"),
    ] {
        app.bearer(access(&one)).delete(gone).await.refused(404, "not_found");
    }
    assert_eq!(actions(&app, "type=session").await, ["end_session", "log_in", "log_in"]);
}

#[actix_web::test]
async fn another_password_ends_all_sessions_and_begins_one() {
    let app = TestApp::start().await;
    let (one, two) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
    let body = |current: &str, new: &str| json!({"current_password": current, "new_password": new});
    let asked = |body: Value| app.bearer(access(&one)).post(CHANGE).json(&body);
    for (current, new, at, rule) in [
        (OTHER, OTHER, "/current_password", "not_allowed"),
        (PASSWORD, "short", "/new_password", "too_short"),
        (PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "/new_password", "not_allowed"),
    ] {
        let refused = asked(body(current, new)).await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(at.to_owned(), rule.to_owned())]);
    }
    assert!(actions(&app, "action=set_password").await.is_empty());
    let new = asked(body(PASSWORD, OTHER)).await.expect(200);
    assert_eq!(new.header("Cache-Control"), Some("private, no-store"));
    // Whoever has tokens of before is out, those of the session that asked too.
    for login in [&one, &two] {
        assert_eq!(works(&app, login).await, [false, false]);
    }
    assert_eq!(works(&app, &new).await, [true, true]);
    for (password, status) in [(PASSWORD, 401), (OTHER, 200)] {
        let body = json!({"email": Person::Editor.email(), "password": password});
        app.anon().post(LOGIN).json(&body).await.expect(status);
    }
    assert_eq!(actions(&app, "action=set_password&action=end_session").await.len(), 2);
}

#[actix_web::test]
async fn the_command_line_ends_sessions_with_what_it_does() {
    let app = TestApp::start().await;
    let email = || Email::parse(&Person::Editor.email()).unwrap();
    let first = log_in(&app, Person::Editor).await;
    let password = Password::choose(PASSWORD.to_owned()).unwrap();
    users::set_password(&app.services, email(), password).await.unwrap();
    assert_eq!(works(&app, &first).await, [false, false]);
    let second = log_in(&app, Person::Editor).await;
    for disabled in [true, false] {
        users::set_disabled(&app.services, email(), disabled).await.unwrap();
        assert_eq!(
            works(&app, &second).await,
            [false, false],
            "also once the account is enabled again"
        );
    }
    let page = app
        .admin()
        .get("/api/v1/editor/audit?action=end_session")
        .await
        .expect(200);
    assert_eq!(page.column("via"), ["command", "command"]);
}

#[actix_web::test]
async fn who_asks_is_looked_up_in_one_statement() {
    let app = TestApp::start().await;
    let editor = app.editor();
    editor.get(GUARDED).await.expect(200);
    app.services.listen();
    editor.get(GUARDED).await.expect(200);
    let heard = app.services.heard();
    let asking = heard
        .iter()
        .filter(|one| one.contains("users") || one.contains("sessions"));
    let asking: Vec<_> = asking.filter(|one| one.to_lowercase().starts_with("select")).collect();
    assert_eq!(asking.len(), 1, "{heard:#?}");
    assert!(asking[0].contains("users") && asking[0].contains("sessions"));
}

#[actix_web::test]
async fn sessions_are_forgotten_a_week_after_their_end() {
    let app = TestApp::start().await;
    let count = || {
        app.database
            .texts("select cast(count(*) as text) as what from sessions")[0]
            .clone()
    };
    app.database.damage("delete from sessions");
    log_in(&app, Person::Editor).await;
    app.clock.advance(12 * 3600 + 7 * 24 * 3600 - 1);
    sessions::forget(&app.services).await;
    assert_eq!(count(), "1");
    app.clock.advance(1);
    sessions::forget(&app.services).await;
    assert_eq!(count(), "0");
}

#[actix_web::test]
async fn nobody_has_more_than_a_hundred_sessions() {
    let app = TestApp::start().await;
    log_in(&app, Person::Editor).await;
    let columns = "user_id, created_at, last_used_at, expires_at, token";
    let id = if app.database.is_postgres() {
        "gen_random_uuid()"
    } else {
        "randomblob(16)"
    };
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 99)";
    let own = "token <> '' limit 1";
    app.database.damage(&format!(
        "insert into sessions (id, {columns}) {many} select {id}, {columns} from (select {columns} from sessions where {own}) s, n"
    ));
    app.clock.advance(1);
    let last = log_in(&app, Person::Editor).await;
    let living = app
        .bearer(access(&last))
        .get(format!("{SESSIONS}?limit=100"))
        .await
        .expect(200);
    assert_eq!((living.items().len(), &living["next_cursor"]), (100, &Value::Null));
    assert!(works(&app, &last).await[0]);
}

#[actix_web::test]
async fn a_hash_of_a_lower_cost_is_made_anew_at_the_next_login() {
    let app = TestApp::start().await;
    let hash = || {
        app.database
            .texts("select password_hash as what from users where email = 'editor@newsroom.example'")
            .concat()
    };
    let before = hash();
    log_in(&app, Person::Editor).await;
    assert_eq!(hash(), before, "what has the cost of today stays");
    // Of the same password, at a cost that is long past.
    let salt = b"sixteen bytes of";
    let mut out = [0; 32];
    let params = argon2::Params::new(64, 1, 1, Some(32)).unwrap();
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(PASSWORD.as_bytes(), salt, &mut out)
        .unwrap();
    let text = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD_NO_PAD, bytes);
    let weak = format!("$argon2id$v=19$m=64,t=1,p=1${}${}", text(salt), text(&out));
    app.database.damage(&format!(
        "update users set password_hash = '{weak}' where email = 'editor@newsroom.example'"
    ));
    log_in(&app, Person::Editor).await;
    assert!(hash().starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && hash() != before);
    log_in(&app, Person::Editor).await;
}
