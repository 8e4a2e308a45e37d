//! Another password for who forgot theirs.

use copydesk::domain::account::{Email, Password};
use copydesk::services::accounts::{reset, users};
use serde_json::{Value, json};

use super::{GUARDED, LOGIN, log_in, same};
use crate::support::{PASSWORD, Person, Reply, TestApp};

const CODES: &str = "/api/v1/auth/reset-codes";
const RESET: &str = "/api/v1/auth/reset";
const OTHER: &str = "cormorants over the strait";

async fn code_of(app: &TestApp, person: Person) -> String {
    let made = app
        .admin()
        .post(CODES)
        .json(&json!({"email": person.email()}))
        .await
        .expect(200);
    assert_eq!(made.header("Cache-Control"), Some("private, no-store"));
    made["code"].as_str().unwrap().to_owned()
}

async fn redeem(app: &TestApp, email: &str, code: &str) -> Reply {
    let body = json!({"email": email, "code": code, "new_password": OTHER});
    app.anon().post(RESET).json(&body).await
}

async fn logs_in(app: &TestApp, person: Person, password: &str) -> u16 {
    let body = json!({"email": person.email(), "password": password});
    app.anon().post(LOGIN).json(&body).await.status()
}

#[actix_web::test]
async fn a_code_sets_another_password_once_and_ends_all_sessions() {
    let app = TestApp::start().await;
    let session = log_in(&app, Person::Editor).await;
    let code = code_of(&app, Person::Editor).await;
    let kept = app
        .database
        .texts("select digest as what from password_resets")
        .concat();
    assert!(!kept.contains(&code) && kept.len() == 64);
    assert_eq!(
        logs_in(&app, Person::Editor, PASSWORD).await,
        200,
        "until it is used nothing is other"
    );
    let typed = code.to_lowercase().replace('-', " ");
    redeem(&app, &Person::Editor.email(), &typed).await.expect(204);
    assert_eq!(logs_in(&app, Person::Editor, PASSWORD).await, 401);
    assert_eq!(logs_in(&app, Person::Editor, OTHER).await, 200);
    let token = session["access_token"].as_str().unwrap();
    app.bearer(token).get(GUARDED).await.refused(401, "unauthenticated");
    redeem(&app, &Person::Editor.email(), &code)
        .await
        .refused(401, "unauthenticated");
    let audit = app
        .admin()
        .get("/api/v1/editor/audit?type=user&limit=2")
        .await
        .expect(200);
    assert_eq!(audit.column("action"), ["set_password", "offer_reset"]);
    assert!(!audit.text().contains(&code));
}

#[actix_web::test]
async fn whatever_is_wrong_with_a_code_is_refused_alike() {
    let app = TestApp::start().await;
    let first = code_of(&app, Person::Editor).await;
    let code = code_of(&app, Person::Editor).await;
    let theirs = code_of(&app, Person::Stranger).await;
    let email = Person::Editor.email();
    let mut told: Vec<Value> = Vec::new();
    for (email, code) in [
        (email.as_str(), first.as_str()),
        (&email, &theirs),
        (&email, ""),
        (&email, "7GK2M-9QX0T-4BVN8-R3HCE"),
        ("nobody@newsroom.example", &code),
        (&Person::Admin.email(), &code),
        ("editor", &code),
    ] {
        told.push(same(
            redeem(&app, email, code).await.refused(401, "unauthenticated").json(),
        ));
    }
    app.clock.advance(3600);
    told.push(same(
        redeem(&app, &email, &code).await.refused(401, "unauthenticated").json(),
    ));
    let code = code_of(&app, Person::Editor).await;
    let parsed = || Email::parse(&email).unwrap();
    users::set_disabled(&app.services, parsed(), true).await.unwrap();
    told.push(same(
        redeem(&app, &email, &code).await.refused(401, "unauthenticated").json(),
    ));
    users::set_disabled(&app.services, parsed(), false).await.unwrap();
    told.push(same(
        redeem(&app, &email, &code).await.refused(401, "unauthenticated").json(),
    ));
    let code = code_of(&app, Person::Editor).await;
    // A password that was set meanwhile takes the code along.
    let password = Password::choose(PASSWORD.to_owned()).unwrap();
    users::set_password(&app.services, parsed(), password).await.unwrap();
    told.push(same(
        redeem(&app, &email, &code).await.refused(401, "unauthenticated").json(),
    ));
    told.dedup();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(logs_in(&app, Person::Editor, PASSWORD).await, 200);
}

#[actix_web::test]
async fn codes_are_an_administrators_to_make_for_who_may_log_in() {
    let app = TestApp::start().await;
    for email in ["nobody@newsroom.example".to_owned(), Person::Disabled.email()] {
        let refused = app.admin().post(CODES).json(&json!({"email": email})).await;
        let refused = refused.refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [("/email".to_owned(), "unknown_reference".to_owned())]);
    }
    let weak = json!({"email": Person::Editor.email(), "code": "x", "new_password": "passwordpassword"});
    let refused = app.anon().post(RESET).json(&weak).await.refused(422, "invalid_body");
    assert_eq!(
        refused.flaws(),
        [("/new_password".to_owned(), "not_allowed".to_owned())]
    );
    let email = Email::parse(&Person::Stranger.email()).unwrap();
    let by_command = reset::make_code_by_command(&app.services, email).await.unwrap();
    redeem(&app, &Person::Stranger.email(), &by_command.code)
        .await
        .expect(204);
    let audit = app
        .admin()
        .get("/api/v1/editor/audit?action=offer_reset")
        .await
        .expect(200);
    assert_eq!(audit.column("via"), ["command"]);
}

#[actix_web::test]
async fn of_five_who_use_a_code_at_once_one_does() {
    let app = TestApp::start().await;
    let code = code_of(&app, Person::Editor).await;
    let email = Person::Editor.email();
    let all = (0..5).map(|_| redeem(&app, &email, &code));
    let all = futures_util::future::join_all(all).await;
    let done = all.iter().filter(|reply| reply.status() == 204).count();
    assert_eq!(done, 1, "{:?}", all.iter().map(Reply::status).collect::<Vec<_>>());
}
