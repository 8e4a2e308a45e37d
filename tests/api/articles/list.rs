//! Lists of articles, for readers and for editors.

use std::collections::BTreeSet;

use crate::make::{self, Made};
use crate::support::{Person, TestApp, database};

const READERS: &str = "/api/v1/articles";
const EDITORS: &str = "/api/v1/editor/articles";

/// Headlines that a list shows.
async fn shown(app: &TestApp, path: &str, query: &str) -> Vec<String> {
    let reply = app.editor().get(format!("{path}?{query}")).await.expect(200);
    reply.column("headline").into_iter().map(str::to_owned).collect()
}

async fn five(app: &TestApp) -> Vec<Made> {
    let world = make::section(app, "World").await;
    let strait = make::subsection(app, "The Strait", &world).await;
    let sport = make::section(app, "Sport").await;
    let mut made = Vec::new();
    for (headline, kind, locale, section) in [
        ("One", "news", "en", Some(&world)),
        ("Two", "opinion", "en", Some(&strait)),
        ("Three", "news", "pt-BR", Some(&sport)),
        ("Four", "live", "en", None),
        ("Five", "news", "en", Some(&strait)),
    ] {
        let mut story = make::draft(app, headline).set("kind", kind).set("locale", locale);
        if let Some(section) = section {
            story = story.set("section_id", section.id());
        }
        made.push(story.published().await);
        app.clock.advance(60);
    }
    made
}

#[actix_web::test]
async fn filters_hold_together_and_a_repeated_one_means_any_of_its_values() {
    let app = TestApp::start().await;
    five(&app).await;
    for (query, expected) in [
        ("", "Five Four Three Two One"),
        ("kind=news", "Five Three One"),
        ("kind=news&kind=live", "Five Four Three One"),
        ("locale=pt-BR", "Three"),
        ("locale=pt-br", "Three"),
        ("locale=en&locale=pt-BR&kind=news", "Five Three One"),
        ("section=world", "Five Two One"),
        ("section=the-strait", "Five Two"),
        ("section=world&section=sport&kind=news", "Five Three One"),
        ("kind=obituary", ""),
        ("published_after=2026-02-16T09:32:00Z", "Five Four"),
        ("published_before=2026-02-16T09:32:00Z", "Two One"),
        (
            "published_after=2026-02-16T10:30:30%2B01:00&published_before=2026-02-16T09:33:00Z",
            "Three Two",
        ),
        ("limit=2", "Five Four"),
    ] {
        assert_eq!(shown(&app, READERS, query).await.join(" "), expected, "{query}");
    }
}

#[actix_web::test]
async fn a_total_is_told_only_when_it_is_asked_for() {
    let app = TestApp::start().await;
    five(&app).await;
    for path in [READERS, EDITORS] {
        let counted = app
            .editor()
            .get(format!("{path}?count=true&kind=news&limit=1"))
            .await
            .expect(200);
        assert_eq!(counted["total"], 3, "{path}");
        for query in ["", "?count=false"] {
            let reply = app.editor().get(format!("{path}{query}")).await.expect(200);
            assert!(reply.json().get("total").is_none(), "{path}");
        }
    }
}

#[actix_web::test]
async fn pages_hold_every_article_once_even_at_one_moment() {
    let app = TestApp::start().await;
    for number in 0..23 {
        make::draft(&app, &format!("At once {number}")).published().await;
    }
    for path in [READERS, EDITORS] {
        let mut seen = BTreeSet::new();
        let mut query = "limit=5".to_owned();
        let mut pages = 0;
        loop {
            let page = app.editor().get(format!("{path}?{query}")).await.expect(200);
            pages += 1;
            for id in page.column("id") {
                assert!(seen.insert(id.to_owned()), "{id} came twice");
            }
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            query = format!("limit=5&cursor={cursor}");
        }
        assert_eq!((pages, seen.len()), (5, 23), "{path}");
    }
}

#[actix_web::test]
async fn an_article_published_meanwhile_moves_no_other_from_its_page() {
    let app = TestApp::start().await;
    five(&app).await;
    let first = app.anon().get(format!("{READERS}?limit=2")).await.expect(200);
    make::draft(&app, "Six").published().await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(
        shown(&app, READERS, &format!("limit=2&cursor={cursor}")).await,
        ["Three", "Two"]
    );
}

#[actix_web::test]
async fn a_cursor_serves_its_own_list_only() {
    let app = TestApp::start().await;
    five(&app).await;
    for path in [READERS, EDITORS] {
        let first = app.editor().get(format!("{path}?limit=1&kind=news")).await.expect(200);
        let cursor = first["next_cursor"].as_str().unwrap().to_owned();
        app.editor()
            .get(format!("{path}?limit=3&kind=news&cursor={cursor}"))
            .await
            .expect(200);
        for query in ["", "&kind=live", "&kind=news&locale=en"] {
            let call = app.editor().get(format!("{path}?limit=1{query}&cursor={cursor}"));
            call.await.refused(400, "cursor_mismatch");
        }
        for cursor in ["", "x", "%00", "W10", "bnVsbA", &"A".repeat(2000), &cursor[1..]] {
            let refusal = app
                .editor()
                .get(format!("{path}?kind=news&cursor={cursor}"))
                .await
                .expect(400);
            assert!(
                ["bad_cursor", "invalid_parameter"].contains(&refusal.code()),
                "{cursor}: {}",
                refusal.text()
            );
        }
    }
    let public = app.anon().get(format!("{READERS}?limit=1")).await.expect(200);
    let call = app.editor().get(format!(
        "{EDITORS}?limit=1&cursor={}",
        public["next_cursor"].as_str().unwrap()
    ));
    call.await.refused(400, "cursor_mismatch");
}

#[actix_web::test]
async fn a_wrong_parameter_is_refused_by_name() {
    let app = TestApp::start().await;
    for (path, query, code, name, rule) in [
        (READERS, "limit=0", "invalid_parameter", "limit", "out_of_range"),
        (READERS, "limit=101", "invalid_parameter", "limit", "out_of_range"),
        (READERS, "limit=-1", "invalid_parameter", "limit", "out_of_range"),
        (READERS, "limit=1e3", "invalid_parameter", "limit", "out_of_range"),
        (
            READERS,
            "limit=9223372036854775808",
            "invalid_parameter",
            "limit",
            "out_of_range",
        ),
        (READERS, "limit=", "invalid_parameter", "limit", "out_of_range"),
        (READERS, "limit=1&limit=2", "invalid_parameter", "limit", "duplicate"),
        (READERS, "count=yes", "invalid_parameter", "count", "not_allowed"),
        (READERS, "kind=gossip", "invalid_parameter", "kind", "not_allowed"),
        (
            READERS,
            "locale=english+language",
            "invalid_parameter",
            "locale",
            "malformed",
        ),
        (
            READERS,
            "section=Wor%00ld",
            "invalid_parameter",
            "section",
            "control_character",
        ),
        (READERS, "section=%ff", "invalid_parameter", "section", "malformed"),
        (READERS, "section=Nope!", "invalid_parameter", "section", "malformed"),
        (
            READERS,
            "section=none",
            "invalid_parameter",
            "section",
            "unknown_reference",
        ),
        (
            READERS,
            "published_after=yesterday",
            "invalid_parameter",
            "published_after",
            "malformed",
        ),
        (
            READERS,
            "published_before=2026-02-16",
            "invalid_parameter",
            "published_before",
            "malformed",
        ),
        (READERS, "status=draft", "unknown_parameter", "status", "unknown"),
        (READERS, "trashed=true", "unknown_parameter", "trashed", "unknown"),
        (READERS, "created_by=me", "unknown_parameter", "created_by", "unknown"),
        (READERS, "Limit=3", "unknown_parameter", "Limit", "unknown"),
        (EDITORS, "status=live", "invalid_parameter", "status", "not_allowed"),
        (EDITORS, "created_by=me", "invalid_parameter", "created_by", "malformed"),
        (EDITORS, "trashed=1", "invalid_parameter", "trashed", "not_allowed"),
        (
            EDITORS,
            "section=none",
            "invalid_parameter",
            "section",
            "unknown_reference",
        ),
        (
            EDITORS,
            "published_after=2026-02-16T00:00:00Z",
            "unknown_parameter",
            "published_after",
            "unknown",
        ),
    ] {
        let refusal = app.editor().get(format!("{path}?{query}")).await.expect(400);
        let expected = (code, vec![(name.to_owned(), rule.to_owned())]);
        assert_eq!((refusal.code(), refusal.flaws()), expected, "{path}?{query}");
    }
}

#[actix_web::test]
async fn editors_see_every_article_and_filter_by_state_and_author() {
    let app = TestApp::start().await;
    let draft = make::draft(&app, "Draft").by(Person::Contributor).ready().await;
    app.clock.advance(1);
    make::draft(&app, "Live").published().await;
    app.clock.advance(1);
    make::draft(&app, "Down").published().await.act(&app, "unpublish").await;
    app.clock.advance(1);
    make::draft(&app, "Binned").ready().await.trash(&app).await;

    let author = database::user_id(Person::Contributor);
    let editor = database::user_id(Person::Editor);
    for (query, expected) in [
        (String::new(), "Down Live Draft"),
        ("trashed=true".to_owned(), "Binned"),
        ("trashed=false".to_owned(), "Down Live Draft"),
        ("status=draft".to_owned(), "Draft"),
        ("status=published&status=unpublished".to_owned(), "Down Live"),
        (format!("created_by={author}"), "Draft"),
        (format!("created_by={author}&created_by={editor}"), "Down Live Draft"),
        (format!("created_by={author}&status=published"), ""),
    ] {
        assert_eq!(shown(&app, EDITORS, &query).await.join(" "), expected, "{query}");
    }
    app.clock.advance(1);
    draft.patch(&app, serde_json::json!({"deck": "Touched."})).await;
    assert_eq!(
        shown(&app, EDITORS, "").await,
        ["Draft", "Down", "Live"],
        "the latest changed first"
    );
}

#[actix_web::test]
async fn contributors_see_their_own_articles_only() {
    let app = TestApp::start().await;
    make::draft(&app, "Mine").by(Person::Contributor).ready().await;
    make::draft(&app, "Theirs").by(Person::Stranger).ready().await;
    make::draft(&app, "Desk").ready().await;
    let stranger = database::user_id(Person::Stranger);
    for (query, expected) in [("", vec!["Mine"]), (&format!("created_by={stranger}"), vec![])] {
        let reply = app
            .contributor()
            .get(format!("{EDITORS}?count=true&{query}"))
            .await
            .expect(200);
        assert_eq!(
            (reply.column("headline"), reply["total"].as_u64()),
            (expected.clone(), Some(expected.len() as u64))
        );
    }
}
