//! How often somebody may ask, and who they are held to be.

use copydesk::config::{Config, LimitsConfig, Networks};
use serde_json::{Value, json};

use crate::make;
use crate::support::{Call, PASSWORD, Person, Reply, TestApp};

const LOGIN: &str = "/api/v1/auth/login";
const SECTIONS: &str = "/api/v1/editor/sections";
const PROXY: &str = "10.0.0.1";
const READER: &str = "203.0.113.9";
const OTHER: &str = "203.0.113.10";

fn behind_a_proxy(config: &mut Config) {
    config.http.trusted_proxies = Networks::parse("10.0.0.0/8").unwrap();
}

fn limited(configure: impl Fn(&mut LimitsConfig)) -> impl FnOnce(&mut Config) {
    move |config| {
        configure(&mut config.limits);
        behind_a_proxy(config);
    }
}

fn log_in<'a>(app: &'a TestApp, email: &str, password: &str) -> Call<'a> {
    let call = app.anon().post(LOGIN);
    call.json(&json!({"email": email, "password": password})).from(READER)
}

/// The first answer that is not `status`, of not many.
async fn until_limited(call: Call<'_>, status: u16) -> (usize, Reply) {
    for number in 0..50 {
        let reply = call.clone().await;
        if reply.status() != status {
            return (number, reply.refused(429, "rate_limited"));
        }
    }
    panic!("nothing is limited");
}

fn seconds(reply: &Reply) -> u64 {
    reply.header("Retry-After").unwrap().parse().unwrap()
}

#[actix_web::test]
async fn the_audit_log_names_the_address_that_a_trusted_proxy_tells() {
    let app = TestApp::with(behind_a_proxy).await;
    let forwarded = format!("1.2.3.4, {READER}");
    for (peer, header, expected) in [
        (PROXY, "X-Forwarded-For", READER),
        ("::ffff:10.0.0.1", "X-Forwarded-For", READER),
        (OTHER, "X-Forwarded-For", OTHER),
        (PROXY, "X-Real-IP", PROXY),
    ] {
        let name = format!("By {peer} {header}");
        let call = app.admin().post(SECTIONS).json(&json!({"name": name}));
        call.from(peer).header(header, &forwarded).await.expect(201);
        let log = app.admin().get("/api/v1/editor/audit?limit=1").await.expect(200);
        assert_eq!(log.items()[0]["origin"]["address"], json!(expected), "{name}");
    }
}

#[actix_web::test]
async fn browsers_are_held_to_https_where_a_trusted_proxy_took_it() {
    let app = TestApp::with(behind_a_proxy).await;
    let story = make::draft(&app, "Ferry sails").published().await;
    for path in [story.public_path(), "/nowhere".to_owned(), LOGIN.to_owned()] {
        for (peer, proto, expected) in [
            (PROXY, "https", Some("max-age=31536000")),
            (PROXY, "http", None),
            (READER, "https", None),
        ] {
            // The second is answered from what is kept.
            for _ in 0..2 {
                let reply = app
                    .anon()
                    .get(&path)
                    .from(peer)
                    .header("X-Forwarded-Proto", proto)
                    .await;
                assert_eq!(
                    reply.header("Strict-Transport-Security"),
                    expected,
                    "{path} {peer} {proto}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn passwords_that_are_tried_are_delayed_alike_for_everybody() {
    let app = TestApp::with(limited(|limits| limits.guesses = 3)).await;
    for email in [Person::Editor.email(), "nobody@newsroom.example".to_owned()] {
        let (tried, refusal) = until_limited(log_in(&app, &email, "not the one that it is"), 401).await;
        assert_eq!(tried, 3, "{email}");
        assert!((50..=60).contains(&seconds(&refusal)), "{}", seconds(&refusal));
        assert_eq!(refusal.header("RateLimit-Policy"), Some("\"account\";q=3"));
        // Nothing is looked at meanwhile, however it is written, and whatever else is sent along.
        log_in(&app, &email, PASSWORD).await.refused(429, "rate_limited");
        let spelled = format!(" {} ", email.to_uppercase());
        let again = log_in(&app, &spelled, PASSWORD).header("X-Forwarded-For", OTHER);
        again
            .header("Forwarded", format!("for={OTHER}"))
            .await
            .refused(429, "rate_limited");
    }
    // Others get in, and so does who is at another address.
    log_in(&app, &Person::Admin.email(), PASSWORD).await.expect(200);
    let elsewhere = log_in(&app, &Person::Editor.email(), PASSWORD).from(OTHER);
    elsewhere.await.expect(200);
}

#[actix_web::test]
async fn the_right_password_makes_good_what_was_wrong_before() {
    let app = TestApp::with(limited(|limits| limits.guesses = 3)).await;
    for _ in 0..4 {
        for _ in 0..2 {
            log_in(&app, &Person::Editor.email(), "not the one that it is")
                .await
                .expect(401);
        }
        log_in(&app, &Person::Editor.email(), PASSWORD).await.expect(200);
    }
}

#[actix_web::test]
async fn an_address_logs_in_so_often_whomever_it_tries() {
    let app = TestApp::with(limited(|limits| limits.logins = 3)).await;
    for number in 0..3 {
        log_in(&app, &format!("nobody{number}@newsroom.example"), PASSWORD)
            .from("2001:db8::1")
            .await
            .expect(401);
    }
    let editor = || log_in(&app, &Person::Editor.email(), PASSWORD);
    let refusal = editor().from("2001:db8::2:1").await.refused(429, "rate_limited");
    assert_eq!(refusal.header("RateLimit-Policy"), Some("\"logins\";q=3;w=60"));
    assert!((15..=20).contains(&seconds(&refusal)));
    editor().from("2001:db8:0:1::1").await.expect(200);
}

#[actix_web::test]
async fn a_try_that_nobody_looked_at_does_not_count() {
    let app = TestApp::with(limited(|limits| limits.guesses = 3)).await;
    app.database.damage("alter table users rename to lost_users");
    for _ in 0..5 {
        log_in(&app, &Person::Editor.email(), PASSWORD)
            .await
            .refused(500, "internal");
    }
    app.database.damage("alter table lost_users rename to users");
    log_in(&app, &Person::Editor.email(), PASSWORD).await.expect(200);
}

#[actix_web::test]
async fn whoever_tries_codes_keeps_nobody_from_using_theirs() {
    let few = limited(|limits| (limits.guesses, limits.logins) = (1, 3));
    let app = TestApp::with(few).await;
    let email = Person::Editor.email();
    let offered = app.admin().post("/api/v1/auth/reset-codes");
    let code = offered.json(&json!({ "email": email })).await.expect(200)["code"].clone();
    let redeem = |code: &Value, from: &str| {
        let body = json!({"email": email, "code": code, "new_password": "cormorants over the strait"});
        app.anon().post("/api/v1/auth/reset").json(&body).from(from)
    };
    for number in 0..60 {
        let from = format!("203.0.113.{}", 100 + number % 20);
        redeem(&json!("7GK2M-9QX0T-4BVN8-R3HCE"), &from).await.expect(401);
    }
    redeem(&code, READER).await.expect(204);
    // An address tries so many a minute, of whatever.
    let refused = until_limited(redeem(&code, OTHER), 401).await;
    assert_eq!(refused.0, 3);
}

#[actix_web::test]
async fn the_password_of_a_session_is_not_guessed_at_either() {
    let app = TestApp::with(limited(|limits| limits.guesses = 3)).await;
    let body = json!({"current_password": "not the one that it is", "new_password": "cormorants over the strait"});
    let call = app.editor().post("/api/v1/auth/password").json(&body).from(READER);
    assert_eq!(until_limited(call, 422).await.0, 3);
    // It is one account, wherever its password is tried.
    log_in(&app, &Person::Editor.email(), PASSWORD)
        .await
        .refused(429, "rate_limited");
}

#[actix_web::test]
async fn readers_are_counted_for_what_is_not_kept_ready() {
    let app = TestApp::with(limited(|limits| limits.misses = 5)).await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let get = |path: &str| app.anon().get(path).from(READER);
    for _ in 0..50 {
        get(&story.public_path()).await.expect(200);
    }
    let mut number = 0;
    let refusal = loop {
        let reply = get(&format!("/api/v1/articles?limit={}", number + 1)).await;
        if reply.status() != 200 {
            break reply.refused(429, "rate_limited");
        }
        number += 1;
        assert!(number < 50, "nothing is limited");
    };
    assert!(seconds(&refusal) <= 2);
    assert_eq!(refusal.header("RateLimit-Policy"), Some("\"misses\";q=5;w=10"));
    assert!(refusal.header("RateLimit").unwrap().starts_with("\"misses\";r=0;t="));
    assert_eq!(refusal.header("Cache-Control"), Some("no-store"));
    let kept = get(&story.public_path()).await.expect(200);
    assert_eq!(kept.header("RateLimit"), None, "it is for all");
    // Whoever they say they are.
    for path in ["/api/v1/articles/none", "/feeds/all.rss", "/api/v1/sections"] {
        get(path)
            .header("X-Forwarded-For", OTHER)
            .await
            .refused(429, "rate_limited");
    }
    app.anon()
        .get("/api/v1/articles?limit=99")
        .from(OTHER)
        .await
        .expect(200);
    let behind = app.anon().get("/api/v1/articles?limit=98").from(PROXY);
    behind.header("X-Forwarded-For", OTHER).await.expect(200);
    let behind = app.anon().get("/api/v1/articles?limit=97").from(PROXY);
    behind
        .header("X-Forwarded-For", READER)
        .await
        .refused(429, "rate_limited");
    get("/health/ready").await.expect(200);
    app.editor().get(SECTIONS).from(READER).await.expect(200);
}

#[actix_web::test]
async fn searches_have_a_limit_of_their_own() {
    let app = TestApp::with(limited(|limits| limits.searches = 1)).await;
    let mut refused = 0;
    for number in 0..20 {
        let reply = app
            .anon()
            .get(format!("/api/v1/search?q=ferry{number}"))
            .from(READER)
            .await;
        if reply.status() == 429 {
            assert_eq!(seconds(&reply), 1);
            refused += 1;
        }
    }
    assert!(refused > 0, "nothing is limited");
    app.anon().get("/api/v1/articles").from(READER).await.expect(200);
}

#[actix_web::test]
async fn a_user_changes_so_much_and_is_told_what_is_left() {
    let app = TestApp::with(limited(|limits| limits.writes = 3)).await;
    let write = |name: &str| app.admin().post(SECTIONS).json(&json!({"name": name}));
    let first = write("One").await.expect(201);
    assert_eq!(first.header("RateLimit"), Some("\"writes\";r=2"));
    assert_eq!(first.header("RateLimit-Policy"), Some("\"writes\";q=3;w=5"));
    let (_, refusal) = until_limited(write("One"), 201).await;
    assert!(seconds(&refusal) <= 2);
    app.admin().get(SECTIONS).await.expect(200);
    let body = json!({"name": "Two"});
    app.person(Person::Editor).post(SECTIONS).json(&body).await.expect(201);
}

#[actix_web::test]
async fn a_batch_is_one_change() {
    let app = TestApp::with(limited(|limits| limits.writes = 2)).await;
    let operations: Vec<Value> = (0..10)
        .map(|number| json!({"method": "POST", "path": SECTIONS, "body": {"name": format!("No {number}")}}))
        .collect();
    let body = json!({"atomic": false, "operations": operations});
    let done = app.admin().post("/api/v1/editor/batch").json(&body).await.expect(200);
    let statuses: Vec<_> = done["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(statuses, [201; 10], "{}", done.text());
}

#[actix_web::test]
async fn who_comes_when_all_places_are_taken_is_told_to_come_again() {
    let app = TestApp::with(|config| config.http.max_at_work = 1).await;
    let story = make::draft(&app, "Ferry sails").published().await;
    app.anon().get(story.public_path()).await.expect(200);
    // As a request holds it that is worked on.
    let place = app.services.throttle().at_work.enter().unwrap();
    let refused = app.anon().get("/api/v1/sections").await.refused(503, "overloaded");
    assert_eq!(refused.header("Retry-After"), Some("1"));
    app.anon().get(story.public_path()).await.expect(200);
    app.anon().get("/health/ready").await.expect(200);
    drop(place);
    app.anon().get("/api/v1/sections").await.expect(200);

    // What was written since, which no reader sees, makes nobody work.
    make::draft(&app, "Ferry waits").ready().await;
    let place = app.services.throttle().at_work.enter().unwrap();
    app.anon().get(story.public_path()).await.expect(200);
    app.anon().get(story.path()).await.refused(503, "overloaded");
    drop(place);
    // What readers do see has to be made.
    app.editor().get(story.path()).await.expect(200);
    make::draft(&app, "Ferry sinks").published().await;
    let place = app.services.throttle().at_work.enter().unwrap();
    app.anon().get(story.public_path()).await.refused(503, "overloaded");
    drop(place);
}

/// The code that who asks too often is told.
pub(crate) async fn provoked() -> String {
    let app = TestApp::with(limited(|limits| limits.searches = 1)).await;
    let (_, refusal) = until_limited(app.anon().get("/api/v1/search?q=").from(READER), 400).await;
    refusal.code().to_owned()
}
