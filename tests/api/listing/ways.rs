//! Cursors both ways, and what is named one by one.

use crate::make;
use crate::support::TestApp;

#[actix_web::test]
async fn sections_contributors_and_tags_are_walked_both_ways() {
    let app = TestApp::start().await;
    for kind in make::KINDS {
        for name in ["Echo", "Alpha", "Delta", "Bravo", "Charlie"] {
            make::one(&app, kind, name).await;
        }
        let list = format!("/api/v1/{kind}?limit=2");
        let first = app.anon().get(&list).await.expect(200);
        assert_eq!(first.column("slug"), ["alpha", "bravo"]);
        assert!(first["previous_cursor"].is_null());
        let turn = async |cursor: &serde_json::Value| {
            let cursor = cursor.as_str().unwrap();
            app.anon().get(format!("{list}&cursor={cursor}")).await.expect(200)
        };
        let second = turn(&first["next_cursor"]).await;
        assert_eq!(second.column("slug"), ["charlie", "delta"]);
        let third = turn(&second["next_cursor"]).await;
        assert_eq!(third.column("slug"), ["echo"]);
        assert!(third["next_cursor"].is_null());
        assert_eq!(turn(&third["previous_cursor"]).await.json(), second.json());
        assert_eq!(turn(&second["previous_cursor"]).await.json(), first.json());
    }
}

#[actix_web::test]
async fn a_cursor_serves_neither_another_order_nor_another_filter() {
    let app = TestApp::start().await;
    for number in 0..3 {
        make::draft(&app, &format!("Story {number}")).published().await;
    }
    let page = app
        .anon()
        .get("/api/v1/articles?limit=1&sort=published_at")
        .await
        .expect(200);
    let cursor = page["next_cursor"].as_str().unwrap();
    for query in [
        "sort=-published_at",
        "sort=updated_at",
        "sort=published_at&kind=news",
        "kind=news",
    ] {
        let reply = app
            .anon()
            .get(format!("/api/v1/articles?limit=1&{query}&cursor={cursor}"))
            .await;
        reply.refused(400, "cursor_mismatch");
    }
    // How long the page is, and what of it is shown, are no part of the list.
    let path = format!("/api/v1/articles?limit=2&sort=published_at&fields=headline&count=true&cursor={cursor}");
    assert_eq!(
        app.anon().get(path).await.expect(200).column("headline"),
        ["Story 1", "Story 2"]
    );
}

#[actix_web::test]
async fn articles_that_readers_cannot_see_are_not_listed_by_their_ids_nor_by_what_leads_to_them() {
    let app = TestApp::start().await;
    let hidden = make::draft(&app, "Hidden").ready().await;
    let live = make::draft(&app, "Live")
        .set("related", serde_json::json!([{"article_id": hidden.id()}]))
        .published()
        .await;
    let ids = format!("/api/v1/articles?ids={},{}", live.id(), hidden.id());
    assert_eq!(app.anon().get(ids).await.expect(200).column("headline"), ["Live"]);
    let leading = format!("/api/v1/articles?related_to={}&count=true", hidden.id());
    let reply = app.anon().get(&leading).await.expect(200);
    assert_eq!((reply.items().len(), &reply["total"]), (0, &0.into()));
    hidden.act(&app, "publish").await;
    assert_eq!(app.anon().get(&leading).await.expect(200).column("headline"), ["Live"]);
}

#[actix_web::test]
async fn too_many_ids_and_what_is_none_are_refused_by_name() {
    let app = TestApp::start().await;
    let id = |number: usize| format!("019c63f0-5a10-7c3e-8b1f-0a2b3c4d{number:04x}");
    for name in ["ids", "related_to"] {
        let list = |count: usize| {
            let ids: Vec<String> = (0..count).map(id).collect();
            format!("/api/v1/articles?{name}={}", ids.join(","))
        };
        app.anon().get(list(100)).await.expect(200);
        for (path, rule) in [
            (list(101), "too_many"),
            (format!("/api/v1/articles?{name}=7gk2m9qx"), "malformed"),
            (format!("/api/v1/articles?{name}="), "malformed"),
        ] {
            let reply = app.anon().get(path).await.refused(400, "invalid_parameter");
            assert_eq!(reply.flaws(), [(name.to_owned(), rule.to_owned())]);
        }
    }
    let reply = app
        .anon()
        .get("/api/v1/articles?sort=headline")
        .await
        .refused(400, "invalid_parameter");
    assert_eq!(reply.flaws(), [("sort".to_owned(), "not_allowed".to_owned())]);
}

#[actix_web::test]
async fn a_filter_given_again_counts_once_and_has_a_bound() {
    let app = TestApp::start().await;
    make::draft(&app, "Ferry sails").published().await;
    let given = |name: &str, value: &dyn Fn(usize) -> String, times: usize| {
        let pairs: Vec<String> = (0..times).map(|number| format!("{name}={}", value(number))).collect();
        pairs.join("&")
    };
    for base in ["/api/v1/articles?", "/api/v1/search?q=ferry&"] {
        for (name, value, times) in [
            ("kind", "news", 100),
            ("locale", "en", 100),
            ("kind", "news&locale=en&kind=live", 50),
        ] {
            let query = given(name, &|_| value.to_owned(), times);
            let page = app.anon().get(format!("{base}{query}")).await.expect(200);
            assert_eq!(page.items().len(), 1, "{base}{name}");
            let more = app.anon().get(format!("{base}{query}&{name}=news")).await;
            let refused = more.refused(400, "invalid_parameter");
            assert_eq!(refused.flaws()[0], (name.to_owned(), "too_many".to_owned()));
        }
        for (name, begin) in [
            ("tag", "t"),
            ("section", "s"),
            ("contributor", "c"),
            ("locale", "en-x-"),
        ] {
            let query = given(name, &|number| format!("{begin}{number}"), 101);
            let reply = app.anon().get(format!("{base}{query}")).await;
            let reply = reply.refused(400, "invalid_parameter");
            assert_eq!(reply.flaws(), [(name.to_owned(), "too_many".to_owned())]);
        }
    }
}
