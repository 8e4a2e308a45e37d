//! Links that lead readers nowhere.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use copydesk::services::related::check_pages;
use serde_json::{Value, json};

use crate::make;
use crate::support::{Person, Reply, TestApp};

/// A server of pages: `/404` answers 404, and so on. It ends with the test's process.
struct Pages {
    address: String,
    asked: Arc<AtomicUsize>,
}

impl Pages {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            for conn in listener.incoming() {
                let Ok(mut conn) = conn else { continue };
                counted.fetch_add(1, Ordering::SeqCst);
                let mut head = [0; 2048];
                let read = conn.read(&mut head).unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let status: u16 = head.split(['/', ' ']).find_map(|part| part.parse().ok()).unwrap_or(200);
                let _ = write!(
                    conn,
                    "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        Self { address, asked }
    }

    fn page(&self, name: &str) -> Value {
        json!({"url": format!("{}/{name}", self.address), "title": name})
    }
}

async fn report(app: &TestApp, query: &str) -> Reply {
    let path = format!("/api/v1/editor/reports/broken-links{query}");
    app.editor().get(path).await.expect(200)
}

fn titles(reply: &Reply) -> Vec<&str> {
    let items = reply.items().iter();
    items.map(|item| item["link"]["label"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn pages_that_failed_are_reported_until_they_answer() {
    let app = TestApp::with(|config| config.outbound.allow_private = true).await;
    let pages = Pages::start();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = json!({"url": format!("http://{closed}/"), "title": "nobody"});
    let related = json!([pages.page("200"), pages.page("404"), pages.page("503"), nobody]);
    let story = make::draft(&app, "Story").set("related", related).ready().await;
    let trashed = make::draft(&app, "Trashed").set("related", json!([pages.page("410")]));
    trashed.ready().await.trash(&app).await;
    assert_eq!(report(&app, "").await.items().len(), 0, "nobody asked yet");

    let checked = check_pages(&app.services, 100).await.unwrap();
    assert_eq!((checked.asked, checked.failed.len()), (4, 3), "the trash is left alone");
    let found = report(&app, "").await;
    assert_eq!(titles(&found), ["nobody", "503", "404"]);
    let one = &found.items()[2];
    assert_eq!(
        (&one["article_id"], &one["headline"]),
        (&json!(story.id()), &json!("Story"))
    );
    assert_eq!(
        (&one["link"]["position"], &one["answer"]["status"]),
        (&json!(1), &json!(404))
    );
    assert_eq!(found.items()[0]["answer"]["failure"], "unreachable");
    assert_eq!(
        one["link"]["visibility"], "visible",
        "readers are shown the link all the same"
    );

    // Those that were asked longest ago come first, and what answers again is no longer reported.
    app.clock.advance(60);
    let change = json!({"related": [pages.page("200"), pages.page("204")]});
    story.patch(&app, change).await;
    let checked = check_pages(&app.services, 1).await.unwrap();
    assert_eq!((checked.asked, checked.failed.len()), (1, 0));
    assert_eq!(report(&app, "").await.items().len(), 0);
}

#[actix_web::test]
async fn addresses_that_are_not_public_are_not_asked() {
    let app = TestApp::start().await;
    let pages = Pages::start();
    make::draft(&app, "Story")
        .set("related", json!([pages.page("200")]))
        .ready()
        .await;
    let checked = check_pages(&app.services, 100).await.unwrap();
    assert_eq!(checked.failed[0].1, "unreachable");
    assert_eq!(pages.asked.load(Ordering::SeqCst), 0, "no connection was made");
    assert_eq!(report(&app, "").await.items()[0]["answer"]["failure"], "unreachable");
}

#[actix_web::test]
async fn links_to_what_is_not_live_are_reported_with_the_reason() {
    let app = TestApp::start().await;
    let live = make::draft(&app, "Live").published().await;
    let draft = make::draft(&app, "Draft").ready().await;
    let down = make::draft(&app, "Down").published().await.act(&app, "unpublish").await;
    let retracted = make::draft(&app, "Retracted")
        .published()
        .await
        .act(&app, "retract")
        .await;
    let trashed = make::draft(&app, "Trashed").published().await.trash(&app).await;
    let deleted = make::draft(&app, "Deleted").ready().await;
    let to = |one: &make::Made| json!({"article_id": one.id()});
    let related = [&live, &draft, &down, &retracted, &trashed, &deleted].map(to);
    make::draft(&app, "Story")
        .by(Person::Editor)
        .set("related", json!(related))
        .ready()
        .await;
    let path = format!("{}?permanent=true", deleted.path());
    app.admin().delete(path).if_match(1).await.expect(204);
    let found = report(&app, "").await;
    let reasons: Vec<_> = found
        .items()
        .iter()
        .map(|item| item["link"]["hidden_because"].as_str().unwrap())
        .collect();
    let expected = [
        "target_deleted",
        "target_in_trash",
        "target_retracted",
        "target_unpublished",
        "target_draft",
    ];
    assert_eq!(reasons, expected);
    assert_eq!(titles(&found)[0], "Deleted");

    let (mut seen, mut query) = (0, "?limit=2".to_owned());
    loop {
        let page = report(&app, &query).await;
        seen += page.items().len();
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(seen, 5);
    let own = app
        .contributor()
        .get("/api/v1/editor/reports/broken-links")
        .await
        .expect(200);
    assert_eq!(own.items().len(), 0, "contributors see their own");
}
