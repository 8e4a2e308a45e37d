//! Who may ask, and what cannot be asked.

use serde_json::json;

use crate::make;
use crate::support::{START, TestApp};

#[actix_web::test]
async fn only_callers_with_a_login_ask_for_the_past() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let by_slug = format!("/api/v1/articles/{}", story.slug());
    for path in [story.public_path(), by_slug, "/api/v1/articles".to_owned()] {
        for query in [
            format!("as_of={START}"),
            "as_of=2999-01-01T00:00:00Z".to_owned(),
            "as_of=".to_owned(),
            "as_of=yesterday".to_owned(),
            format!("as_of={START}&limt=3"),
        ] {
            let target = format!("{path}?{query}");
            let refused = app.anon().get(&target).await.refused(401, "unauthenticated");
            assert_eq!(refused.header("WWW-Authenticate"), Some("Bearer"));
            assert_eq!(refused.header("Cache-Control"), Some("no-store"));
            app.bearer("forged").get(&target).await.refused(401, "unauthenticated");
        }
        let target = format!("{path}?as_of={START}");
        for client in [app.contributor(), app.editor(), app.admin()] {
            client.get(&target).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn what_is_no_moment_or_is_to_come_cannot_be_asked() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    for path in [story.public_path(), "/api/v1/articles".to_owned()] {
        for (moment, rule) in [
            ("2026-02-16T09:30:00.001Z", "out_of_range"),
            ("2026-02-16T10:30:00.001%2B01:00", "out_of_range"),
            ("9999-12-31T23:59:59Z", "out_of_range"),
            ("yesterday", "malformed"),
            ("2026-02-16", "malformed"),
            ("", "malformed"),
        ] {
            let target = format!("{path}?as_of={moment}");
            let refused = app.editor().get(&target).await.refused(400, "invalid_parameter");
            assert_eq!(refused.flaws(), [("as_of".to_owned(), rule.to_owned())], "{target}");
        }
        let now = format!("{path}?as_of=2026-02-16T10:30:00%2B01:00");
        app.editor().get(now).await.expect(200);
        let twice = format!("{path}?as_of={START}&as_of={START}");
        app.editor().get(twice).await.refused(400, "invalid_parameter");
    }
    for path in ["related?", "backlinks?"] {
        let target = format!("{}/{path}as_of={START}", story.public_path());
        app.editor().get(target).await.refused(400, "unknown_parameter");
    }
    let resolve = format!("/api/v1/resolve?path=/x&as_of={START}");
    app.editor().get(resolve).await.refused(400, "unknown_parameter");
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_moment() {
    let app = TestApp::start().await;
    for number in 0..4 {
        app.clock.advance(1);
        make::draft(&app, &format!("Story {number}")).published().await;
    }
    let then = "2026-02-16T09:30:04Z";
    app.clock.advance(1);
    let list = |moment: &str, cursor: &str| format!("/api/v1/articles?limit=2{moment}{cursor}");
    let as_of = format!("&as_of={then}");
    let cursor_of = async |moment: &str| {
        let page = app.editor().get(list(moment, "")).await.expect(200);
        format!("&cursor={}", page["next_cursor"].as_str().unwrap())
    };
    let (now, past) = (cursor_of("").await, cursor_of(&as_of).await);
    app.editor().get(list(&as_of, &past)).await.expect(200);
    let offset = "&as_of=2026-02-16T11:30:04.000%2B02:00";
    app.editor().get(list(offset, &past)).await.expect(200);
    for (moment, cursor) in [
        ("", &past),
        (as_of.as_str(), &now),
        ("&as_of=2026-02-16T09:30:03Z", &past),
    ] {
        let refused = app.editor().get(list(moment, cursor)).await;
        refused.refused(400, "cursor_mismatch");
    }
}

#[actix_web::test]
async fn what_waits_for_its_time_is_at_no_moment_before_it() {
    let app = TestApp::start().await;
    let due = "2026-02-16T10:00:00.000Z";
    let story = make::draft(&app, "Ferry sails")
        .set("embargo_until", due)
        .set("slug", "ferry-sails")
        .ready()
        .await;
    let call = app.editor().post(story.action("schedule")).if_match(story.revision());
    call.json(&json!({ "publish_at": due })).await.expect(200);
    let names = [story.id(), story.short_id(), "ferry-sails"];
    let hidden = async |moment: &str| {
        for name in names {
            let page = format!("/api/v1/articles/{name}?as_of={moment}");
            app.editor().get(page).await.refused(404, "not_found");
        }
        let list = app.editor().get(format!("/api/v1/articles?as_of={moment}")).await;
        assert!(list.expect(200).items().is_empty(), "{moment}");
    };
    hidden(START).await;
    app.clock.set("2026-02-16T10:00:07Z");
    hidden(due).await;
    copydesk::services::articles::run_due(&app.services).await;
    for moment in [START, due, "2026-02-16T10:00:06.999Z"] {
        hidden(moment).await;
    }
    for name in names {
        let page = format!("/api/v1/articles/{name}?as_of=2026-02-16T10:00:07Z");
        app.editor().get(page).await.expect(200);
    }
}
