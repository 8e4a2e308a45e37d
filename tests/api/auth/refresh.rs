//! Prolonging a session: each token once, and its use again is theft.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{GUARDED, LOGIN, log_in, same};
use crate::support::database::user_id;
use crate::support::{PASSWORD, Person, Reply, TestApp};

const REFRESH: &str = "/api/v1/auth/refresh";

async fn refresh(app: &TestApp, token: &str) -> Reply {
    app.anon().post(REFRESH).json(&json!({ "refresh_token": token })).await
}

fn token(reply: &Reply) -> String {
    reply["refresh_token"].as_str().unwrap().to_owned()
}

fn access(reply: &Reply) -> &str {
    reply["access_token"].as_str().unwrap()
}

/// Actions of the audit on sessions, the last first, with whether somebody is named.
async fn written_down(app: &TestApp) -> Vec<(String, bool)> {
    let page = app.admin().get("/api/v1/editor/audit?type=session").await.expect(200);
    let one = |entry: &Value| {
        (
            entry["action"].as_str().unwrap().to_owned(),
            entry["actor_id"].is_string(),
        )
    };
    page.items().iter().map(one).collect()
}

#[actix_web::test]
async fn each_use_gives_another_token_and_both_access_tokens_work() {
    let app = TestApp::start().await;
    let first = log_in(&app, Person::Editor).await;
    assert_eq!(first["refresh_expires_in"], 8 * 3600);
    app.clock.advance(600);
    let second = refresh(&app, &token(&first)).await.expect(200);
    assert_eq!(second.header("Cache-Control"), Some("private, no-store"));
    assert_ne!(token(&first), token(&second));
    for reply in [&first, &second] {
        assert!(token(reply).starts_with("cdr_"));
        app.bearer(access(reply)).get(GUARDED).await.expect(200);
    }
    let third = refresh(&app, &token(&second)).await.expect(200);
    assert!(token(&third) != token(&first) && token(&third) != token(&second));
    // Nothing that prolongs a session is in the database.
    let kept = "select token || coalesce(previous_token, '') as what from sessions";
    for kept in app.database.texts(kept) {
        assert!([&first, &second, &third].iter().all(|one| !kept.contains(&token(one))));
    }
    assert_eq!(written_down(&app).await, [("log_in".to_owned(), true)]);
}

#[actix_web::test]
async fn within_ten_seconds_a_token_gives_the_same_again() {
    let app = TestApp::start().await;
    let first = log_in(&app, Person::Editor).await;
    let second = refresh(&app, &token(&first)).await.expect(200);
    app.clock.advance(10);
    let again = refresh(&app, &token(&first)).await.expect(200);
    assert_eq!(token(&again), token(&second));
    app.bearer(access(&again)).get(GUARDED).await.expect(200);
    refresh(&app, &token(&second)).await.expect(200);
}

#[actix_web::test]
async fn later_use_of_an_old_token_ends_the_session_and_is_written_down() {
    for generations in 1..4 {
        let app = TestApp::start().await;
        let (stolen, other) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
        let mut last = refresh(&app, &token(&stolen)).await.expect(200);
        for _ in 1..generations {
            last = refresh(&app, &token(&last)).await.expect(200);
        }
        app.clock.advance(11);
        app.bearer(access(&last)).get(GUARDED).await.expect(200);
        for _ in 0..2 {
            refresh(&app, &token(&stolen)).await.refused(401, "unauthenticated");
        }
        refresh(&app, &token(&last)).await.refused(401, "unauthenticated");
        for reply in [&stolen, &last] {
            app.bearer(access(reply)).get(GUARDED).await.expect(401);
        }
        refresh(&app, &token(&other)).await.expect(200);
        let log_in = ("log_in".to_owned(), true);
        let expected = [("reuse".to_owned(), false), log_in.clone(), log_in];
        assert_eq!(written_down(&app).await, expected, "{generations} generations");
    }
}

#[actix_web::test]
async fn twenty_at_once_are_given_one_successor() {
    let app = TestApp::start().await;
    let first = log_in(&app, Person::Editor).await;
    let all = join_all(std::iter::repeat_n(token(&first), 20).map(async |token| refresh(&app, &token).await)).await;
    let successor = token(&all[0]);
    for reply in all {
        assert_eq!(token(&reply.expect(200)), successor);
    }
    refresh(&app, &successor).await.expect(200);
}

#[actix_web::test]
async fn a_session_that_nobody_prolongs_ends_after_eight_hours() {
    let app = TestApp::start().await;
    let (kept, left) = (log_in(&app, Person::Editor).await, log_in(&app, Person::Editor).await);
    app.clock.advance(8 * 3600 - 1);
    let kept = refresh(&app, &token(&kept)).await.expect(200);
    app.clock.advance(1);
    refresh(&app, &token(&left)).await.refused(401, "unauthenticated");
    refresh(&app, &token(&kept)).await.expect(200);
}

#[actix_web::test]
async fn a_session_ends_after_twelve_hours_and_its_access_tokens_with_it() {
    let app = TestApp::start().await;
    let mut last = log_in(&app, Person::Editor).await;
    app.clock.advance(7 * 3600);
    last = refresh(&app, &token(&last)).await.expect(200);
    assert_eq!(last["refresh_expires_in"], 5 * 3600);
    app.clock.advance(5 * 3600 - 60);
    last = refresh(&app, &token(&last)).await.expect(200);
    assert_eq!(
        (&last["expires_in"], &last["refresh_expires_in"]),
        (&json!(60), &json!(60))
    );
    app.clock.advance(59);
    app.bearer(access(&last)).get(GUARDED).await.expect(200);
    app.clock.advance(1);
    app.bearer(access(&last)).get(GUARDED).await.expect(401);
    refresh(&app, &token(&last)).await.refused(401, "unauthenticated");
}

#[actix_web::test]
async fn every_refused_refresh_is_told_in_the_same_bytes() {
    let app = TestApp::start().await;
    let revoked = log_in(&app, Person::Editor).await;
    app.bearer(access(&revoked))
        .post("/api/v1/auth/logout")
        .await
        .expect(204);
    let reused = log_in(&app, Person::Editor).await;
    refresh(&app, &token(&reused)).await.expect(200);
    let disabled = log_in(&app, Person::Stranger).await;
    let shut_out = "update users set disabled_at = created_at where email = 'stranger@newsroom.example'";
    app.database.damage(shut_out);
    let unknown = log_in(&app, Person::Contributor).await;
    let id = user_id(Person::Contributor);
    let id = if app.database.is_postgres() {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.simple())
    };
    app.database
        .damage(&format!("delete from sessions where user_id = {id}"));
    app.clock.advance(11);
    let expired = log_in(&app, Person::Admin).await;
    let reply = refresh(&app, &token(&reused)).await;
    let mut told = vec![("reused", bytes(&reply))];
    let good = token(&expired);
    app.clock.advance(8 * 3600);
    for (what, token) in [
        ("revoked", token(&revoked)),
        ("reused again", token(&reused)),
        ("disabled", token(&disabled)),
        ("unknown", token(&unknown)),
        ("expired", good.clone()),
        ("empty", String::new()),
        ("no prefix", good["cdr_".len()..].to_owned()),
        ("cut", good[..good.len() - 1].to_owned()),
        ("an access token", access(&expired).to_owned()),
        ("made up", format!("cdr_{}", "A".repeat(86))),
        ("long", format!("cdr_{}", "A".repeat(100_000))),
    ] {
        told.push((what, bytes(&refresh(&app, &token).await)));
    }
    for (what, bytes) in &told {
        assert_eq!(*bytes, told[0].1, "{what}");
    }
}

/// An answer without what belongs to one request.
fn bytes(reply: &Reply) -> (u16, String, Vec<String>) {
    let names = reply.headers().iter().filter(|(name, _)| *name != "x-request-id");
    let mut headers: Vec<String> = names.map(|(name, value)| format!("{name}: {value:?}")).collect();
    // In memory they have no order.
    headers.sort();
    (reply.status(), same(reply.json()).to_string(), headers)
}

#[actix_web::test]
async fn a_token_that_somebody_made_up_ends_nobodys_session() {
    let app = TestApp::start().await;
    let login = log_in(&app, Person::Editor).await;
    let good = token(&login);
    // The session's id as it was, and another secret.
    for at in [30, 50, 70, 80] {
        let letter = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
        let bent = format!("{}{letter}{}", &good[..at], &good[at + 1..]);
        refresh(&app, &bent).await.refused(401, "unauthenticated");
    }
    refresh(&app, &good).await.expect(200);
}

#[actix_web::test]
async fn a_refresh_is_a_body_like_any_other() {
    let app = TestApp::start().await;
    for (body, at, rule) in [
        (json!({}), "/refresh_token", "required"),
        (json!({"refresh_token": 7}), "/refresh_token", "wrong_type"),
        (json!({"refresh_token": "x", "scope": "all"}), "/scope", "unknown"),
    ] {
        let refused = app.anon().post(REFRESH).json(&body).await.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(at.to_owned(), rule.to_owned())]);
    }
    let body = json!({"email": Person::Editor.email(), "password": PASSWORD});
    app.anon().post(LOGIN).json(&body).await.expect(200);
}
