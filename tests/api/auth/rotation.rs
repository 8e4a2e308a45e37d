//! Another key to sign with, while the server runs.

use copydesk::config::{Config, Secret};
use copydesk::domain::time::Timestamp;
use copydesk::services::accounts::{KeyError, rotate_keys};
use serde_json::{Value, json};

use super::{GUARDED, decode, log_in};
use crate::make;
use crate::support::{Person, Reply, TestApp};

fn rotate(app: &TestApp, all: bool) -> String {
    let mut config = Config::for_testing(app.database.folder());
    config.database.url = app.database.url();
    let now = Timestamp::from_micros(app.clock.seconds() * 1_000_000).unwrap();
    rotate_keys(&config, now, all).unwrap()
}

fn access(login: &Reply) -> &str {
    login["access_token"].as_str().unwrap()
}

fn kid(login: &Reply) -> Value {
    decode(access(login).split('.').next().unwrap())["kid"].clone()
}

async fn published(app: &TestApp) -> Vec<String> {
    let keys = app.anon().get("/.well-known/jwks.json").await.expect(200);
    let all = keys["keys"].as_array().unwrap().iter();
    all.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

async fn refresh(app: &TestApp, login: &Reply) -> u16 {
    let body = json!({"refresh_token": login["refresh_token"]});
    app.anon().post("/api/v1/auth/refresh").json(&body).await.status()
}

#[actix_web::test]
async fn what_the_last_key_signed_is_good_until_it_ends() {
    let app = TestApp::start().await;
    let first = log_in(&app, Person::Editor).await;
    let story = make::draft(&app, "Ferries").ready().await;
    let shared = app
        .editor()
        .post(format!("{}/preview-tokens", story.path()))
        .await
        .expect(201);
    let preview = format!("/api/v1/preview/{}", shared["token"].as_str().unwrap());
    let other = app.beside(|_| {}).await;
    let folder = app.database.folder().join("keys");
    let left = folder.join("signing.of-one-who-crashed.new");
    std::fs::write(&left, "half of a ke").unwrap();
    let new = rotate(&app, false);
    assert!(!left.exists(), "what a crash left is gone");
    app.services.look_for_keys();
    let second = log_in(&app, Person::Editor).await;
    assert_eq!(kid(&second), new);
    assert_eq!(
        published(&app).await,
        [new.clone(), kid(&first).as_str().unwrap().to_owned()]
    );
    for login in [&first, &second] {
        app.bearer(access(login)).get(GUARDED).await.expect(200);
        assert_eq!(other.get_as(access(&first), GUARDED).await, 200);
    }
    // One that has not looked yet looks when it is sent a name that it does not know; one that starts later knows both.
    assert_eq!(other.get_as(access(&second), GUARDED).await, 200);
    let later = app.beside(|_| {}).await;
    assert_eq!(later.get_as(access(&second), GUARDED).await, 200);
    assert_eq!(later.get_as(access(&first), GUARDED).await, 200);
    // What follows from a key outlives it.
    assert_eq!(later.get(&preview).await.0, 200);
    assert_eq!(refresh(&app, &first).await, 200);

    app.clock.advance(1);
    // A third one: the first is still known, and at last it is not.
    let third = rotate(&app, false);
    app.services.look_for_keys();
    assert_eq!(
        published(&app).await,
        [third.clone(), new, kid(&first).as_str().unwrap().to_owned()]
    );
    app.clock.advance(900 + 118);
    assert_eq!(published(&app).await.len(), 3);
    app.clock.advance(2);
    assert_eq!(published(&app).await, [third]);
    assert_eq!(other.get(&preview).await.0, 200);
}

#[actix_web::test]
async fn after_a_theft_nothing_of_before_holds() {
    let app = TestApp::start().await;
    let login = log_in(&app, Person::Editor).await;
    let story = make::draft(&app, "Ferries").ready().await;
    let shared = app
        .editor()
        .post(format!("{}/preview-tokens", story.path()))
        .await
        .expect(201);
    let preview = format!("/api/v1/preview/{}", shared["token"].as_str().unwrap());
    rotate(&app, false);
    let new = rotate(&app, true);
    app.services.look_for_keys();
    app.bearer(access(&login))
        .get(GUARDED)
        .await
        .refused(401, "unauthenticated");
    assert_eq!(published(&app).await, [new]);
    let restarted = app.beside(|_| {}).await;
    assert_eq!(restarted.get_as(access(&login), GUARDED).await, 401);
    assert_eq!(restarted.get(&preview).await.0, 404);
    let files = std::fs::read_dir(app.database.folder().join("keys")).unwrap();
    let mut names: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["lock", "signing.pem"]);
}

#[actix_web::test]
async fn a_configured_key_is_replaced_where_it_is_configured() {
    let app = TestApp::start().await;
    let mut config = Config::for_testing(app.database.folder());
    let pem = std::fs::read_to_string(app.database.folder().join("keys/signing.pem")).unwrap();
    config.auth.signing_key = Some(Secret::new(pem));
    let now = Timestamp::from_micros(0).unwrap();
    assert!(matches!(rotate_keys(&config, now, false), Err(KeyError::Configured)));
    assert!(!app.database.folder().join("keys/root.pem").exists());
}
