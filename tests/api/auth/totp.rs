//! Second factors.

use copydesk::domain::account::Email;
use copydesk::services::accounts::totp;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use super::{GUARDED, LOGIN, log_in, same};
use crate::support::{PASSWORD, Person, Reply, TestApp};

const TOTP: &str = "/api/v1/auth/totp";

/// The program on somebody's telephone.
fn program(begun: &Reply) -> Totp {
    let secret = Secret::try_from_base32(begun["secret"].as_str().unwrap()).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

fn code(app: &TestApp, program: &Totp) -> String {
    let now = u64::try_from(app.clock.seconds()).unwrap();
    program.generate(now).to_string()
}

async fn begin(app: &TestApp) -> Reply {
    let body = json!({ "current_password": PASSWORD });
    app.editor().post(TOTP).json(&body).await.expect(200)
}

async fn confirm(app: &TestApp, code: &str) -> Reply {
    app.editor()
        .post(format!("{TOTP}/confirm"))
        .json(&json!({ "code": code }))
        .await
}

/// With its program, and its recovery codes.
async fn enabled(app: &TestApp) -> (Totp, Vec<String>) {
    let program = program(&begin(app).await);
    let confirmed = confirm(app, &code(app, &program)).await.expect(200);
    let codes = confirmed["recovery_codes"].as_array().unwrap().iter();
    let codes = codes.map(|code| code.as_str().unwrap().to_owned()).collect();
    app.clock.advance(30);
    (program, codes)
}

async fn login(app: &TestApp, password: &str, code: Option<&str>) -> Reply {
    let mut body = json!({"email": Person::Editor.email(), "password": password});
    if let Some(code) = code {
        body["code"] = json!(code);
    }
    app.anon().post(LOGIN).json(&body).await
}

/// The code of the problem that only a second factor provokes.
pub(crate) async fn provoked(app: &TestApp) -> String {
    enabled(app).await;
    login(app, PASSWORD, None).await.code().to_owned()
}

#[actix_web::test]
async fn a_login_needs_the_code_of_the_moment_once() {
    let app = TestApp::start().await;
    let before = log_in(&app, Person::Editor).await;
    let (program, _) = enabled(&app).await;
    let first = code(&app, &program);
    login(&app, PASSWORD, None).await.refused(401, "second_factor_needed");
    let wrong = login(&app, "not the one that it is", Some(&first))
        .await
        .refused(401, "unauthenticated");
    for bad in ["000000", "", "12345", "１２３４５６", "abcdef", &"1".repeat(64)] {
        let refused = login(&app, PASSWORD, Some(bad)).await.refused(401, "unauthenticated");
        assert_eq!(same(refused.json()), same(wrong.json()), "{bad}");
    }
    let tokens = login(&app, PASSWORD, Some(&format!("{} {}", &first[..3], &first[3..]))).await;
    let token = tokens.expect(200)["access_token"].as_str().unwrap().to_owned();
    app.bearer(&token).get(GUARDED).await.expect(200);
    login(&app, PASSWORD, Some(&first))
        .await
        .refused(401, "unauthenticated");
    // Half a minute early or late, and no further; none that is older than one that was taken.
    app.clock.advance(30);
    let next = code(&app, &program);
    app.clock.advance(30);
    login(&app, PASSWORD, Some(&next)).await.expect(200);
    app.clock.advance(30);
    let late = code(&app, &program);
    app.clock.advance(60);
    login(&app, PASSWORD, Some(&late)).await.refused(401, "unauthenticated");
    // A session that there was goes on, and is prolonged without.
    let body = json!({"refresh_token": before["refresh_token"]});
    app.anon().post("/api/v1/auth/refresh").json(&body).await.expect(200);
    // Nobody else's logins need one, nor is one told apart from an account that is not there.
    log_in(&app, Person::Contributor).await;
    let body = json!({"email": "nobody@newsroom.example", "password": PASSWORD, "code": "123456"});
    let refused = app.anon().post(LOGIN).json(&body).await.refused(401, "unauthenticated");
    assert_eq!(same(refused.json()), same(wrong.json()));
}

#[actix_web::test]
async fn a_recovery_code_stands_for_it_once() {
    let app = TestApp::start().await;
    let (_, codes) = enabled(&app).await;
    assert_eq!(codes.len(), 10);
    let state = async || app.editor().get(TOTP).await.expect(200);
    assert_eq!(state().await["recovery_codes_left"], 10);
    let typed = codes[3].to_lowercase().replace('-', "");
    login(&app, PASSWORD, Some(&typed)).await.expect(200);
    login(&app, PASSWORD, Some(&codes[3]))
        .await
        .refused(401, "unauthenticated");
    assert_eq!(state().await["recovery_codes_left"], 9);
    let all = codes[4..9].iter().map(|code| login(&app, PASSWORD, Some(code)));
    for reply in futures_util::future::join_all(all).await {
        reply.expect(200);
    }
    let same_one = (0..4).map(|_| login(&app, PASSWORD, Some(&codes[0])));
    let same_one = futures_util::future::join_all(same_one).await;
    let taken = same_one.iter().filter(|reply| reply.status() == 200).count();
    assert_eq!((taken, &state().await["recovery_codes_left"]), (1, &json!(3)));
    let audit = app.admin().get("/api/v1/editor/audit?type=user").await.expect(200);
    let actions = audit.column("action");
    assert_eq!(actions.iter().filter(|one| **one == "use_recovery_code").count(), 7);
    assert!(actions.contains(&"enable_totp"), "{actions:?}");
    // Nothing of it is in the database.
    let kept = app.database.texts("select recovery as what from totps").concat();
    assert!(!codes.iter().any(|code| kept.contains(code.as_str())));
    assert!(!codes.iter().any(|code| kept.contains(&code.replace('-', ""))));
    assert_eq!(
        kept.matches('"').count(),
        2 * 3,
        "digests of those that are left: {kept}"
    );
}

#[actix_web::test]
async fn it_counts_once_it_is_confirmed_and_until_it_is_removed() {
    let app = TestApp::start().await;
    let state = async || app.editor().get(TOTP).await.expect(200);
    let off = json!({"enabled": false, "enabled_at": null, "recovery_codes_left": 0});
    assert_eq!(state().await.json(), &off);
    let refused = confirm(&app, "123456").await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [("/code".to_owned(), "not_allowed".to_owned())]);
    let first = begin(&app).await;
    assert_eq!(first.header("Cache-Control"), Some("private, no-store"));
    let uri = first["uri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/") && uri.contains("editor%40newsroom.example"),
        "{uri}"
    );
    login(&app, PASSWORD, None).await.expect(200);
    let second = begin(&app).await;
    confirm(&app, &code(&app, &program(&first)))
        .await
        .refused(422, "invalid_body");
    confirm(&app, &code(&app, &program(&second))).await.expect(200);
    assert_eq!(state().await["enabled"], json!(true));
    confirm(&app, &code(&app, &program(&second)))
        .await
        .refused(422, "invalid_body");

    let remove = |body: Value| app.editor().post(format!("{TOTP}/remove")).json(&body);
    let wrong = json!({"current_password": "not the one that it is"});
    for call in [app.editor().post(TOTP).json(&wrong), remove(wrong.clone())] {
        let refused = call.await.refused(422, "invalid_body");
        let at = ("/current_password".to_owned(), "not_allowed".to_owned());
        assert_eq!(refused.flaws(), [at]);
    }
    let right = json!({ "current_password": PASSWORD });
    let refused = app.editor().post(TOTP).json(&right).await.refused(422, "invalid_body");
    assert_eq!(refused.flaws(), [(String::new(), "not_allowed".to_owned())]);
    login(&app, PASSWORD, None).await.refused(401, "second_factor_needed");
    remove(right.clone()).await.expect(204);
    remove(right).await.expect(204);
    login(&app, PASSWORD, None).await.expect(200);
    assert_eq!(state().await.json(), &off);
}

#[actix_web::test]
async fn one_that_was_begun_lapses_and_its_code_is_not_guessed() {
    let app = TestApp::with(|config| config.limits.guesses = 3).await;
    let begun = begin(&app).await;
    app.clock.advance(600);
    confirm(&app, &code(&app, &program(&begun)))
        .await
        .refused(422, "invalid_body");
    let begun = begin(&app).await;
    let guess = |code: String| {
        let call = app.editor().post(format!("{TOTP}/confirm")).from("203.0.113.9");
        call.json(&json!({ "code": code }))
    };
    for _ in 0..3 {
        guess("000000".to_owned()).await.refused(422, "invalid_body");
    }
    let right = code(&app, &program(&begun));
    guess(right.clone()).await.refused(429, "rate_limited");
    confirm(&app, &right).await.expect(200);
}

#[actix_web::test]
async fn who_lost_all_is_helped_from_the_command_line_and_a_key_by_nobody() {
    let app = TestApp::start().await;
    let made = super::api_keys::make_key(app.editor(), &["articles:read"]).await;
    enabled(&app).await;
    // A key needs none, and does nothing to it.
    let key = app.bearer(super::api_keys::key(&made));
    key.get(GUARDED).await.expect(200);
    key.get(TOTP).await.refused(403, "forbidden");
    let email = || Email::parse(&Person::Editor.email()).unwrap();
    for was_on in [true, false] {
        let removed = totp::remove_by_command(&app.services, email()).await.unwrap();
        assert_eq!(removed, was_on);
    }
    login(&app, PASSWORD, None).await.expect(200);
    let audit = app
        .admin()
        .get("/api/v1/editor/audit?action=disable_totp")
        .await
        .expect(200);
    assert_eq!(audit.column("via"), ["command"]);
}

#[actix_web::test]
async fn codes_are_not_guessed_by_who_knows_the_password() {
    let app = TestApp::with(|config| config.limits.guesses = 3).await;
    let (program, _) = enabled(&app).await;
    let reader = "203.0.113.9";
    let login = |code: Option<&str>| {
        let body = json!({"email": Person::Editor.email(), "password": PASSWORD, "code": code});
        app.anon().post(LOGIN).json(&body).from(reader)
    };
    // To be asked for a code is no success that makes a new beginning.
    login(None).await.refused(401, "second_factor_needed");
    login(Some("000000")).await.refused(401, "unauthenticated");
    login(None).await.refused(401, "second_factor_needed");
    login(Some(&code(&app, &program))).await.refused(429, "rate_limited");
}
