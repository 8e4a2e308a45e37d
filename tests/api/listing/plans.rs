//! How the databases go about lists: by an index and in its order, however large the archive. Each statement that a request sends is
//! handed to the database again, to be explained.

use serde_json::{Value, json};

use crate::make;
use crate::support::{Client, Person, TestApp};

/// The statements of a request that hold one of these words, without what was bound.
async fn statements_with(app: &TestApp, client: Client<'_>, path: &str, words: &[&str]) -> Vec<String> {
    app.services.listen();
    client.get(path).await.expect(200);
    let heard = app.services.heard();
    let chosen = heard.iter().filter(|text| words.iter().any(|word| text.contains(word)));
    chosen
        .map(|text| text.split(" -- binds:").next().unwrap_or_default().to_owned())
        .collect()
}

/// Those about the tables of articles that readers are answered from.
async fn statements(app: &TestApp, path: &str) -> Vec<String> {
    statements_with(app, app.anon(), path, &["shelves", "editions"]).await
}

/// Those of somebody's request that hold a word.
pub(super) async fn statements_of(app: &TestApp, person: Person, path: &str, word: &str) -> Vec<String> {
    statements_with(app, app.person(person), path, &[word]).await
}

async fn newsroom(app: &TestApp) {
    let world = make::section(app, "World").await;
    make::section(app, "Sport").await;
    for name in ["Ferries", "Storms"] {
        make::tag(app, name).await;
    }
    make::contributor(app, "Ansa Kivi", "person").await;
    make::draft(app, "One").set("section_id", world.id()).published().await;
}

/// What is wrong with a plan, if anything.
fn flaw(plan: &[String]) -> Option<&String> {
    plan.iter().find(|step| {
        let step = step.to_ascii_lowercase();
        // SQLite: `SCAN shelves`; what is scanned after a union is the union, and rows of values are scanned. PostgreSQL: `Seq Scan on shelves`.
        let is_made = ["walked", "counted", "values clause", "constant row"]
            .iter()
            .any(|name| step.contains(name));
        let scan = step.starts_with("scan ") && !is_made;
        scan || step.contains("seq scan") || step.contains("temp b-tree") || step.contains("sort  (")
    })
}

#[actix_web::test]
async fn every_list_walks_an_index_in_its_order() {
    let app = TestApp::start().await;
    newsroom(&app).await;
    for filter in [
        "",
        "section=world",
        "tag=ferries",
        "contributor=ansa-kivi",
        "kind=news",
        "locale=en",
        "section=world&kind=news&locale=en",
        "tag=ferries&contributor=ansa-kivi&section=world&kind=news&kind=live",
        "tag=ferries&published_after=2020-01-01T00:00:00Z&published_before=2030-01-01T00:00:00Z",
    ] {
        // Bounded by one moment and sorted by another, it is either walked or sorted.
        let sorts = if filter.contains("published_after") { 2 } else { 4 };
        for sort in ["-published_at", "published_at", "-updated_at", "updated_at"]
            .iter()
            .take(sorts)
        {
            let first = format!("/api/v1/articles?{filter}&sort={sort}&limit=1");
            // A cursor is only given where there is a next page; the place is part of the statement's text.
            for path in [first.clone(), format!("{first}&count=true&include=related")] {
                let sent = statements(&app, &path).await;
                assert!(!sent.is_empty(), "{path}");
                for text in sent {
                    let plan = app.database.plan(&text);
                    assert_eq!(flaw(&plan), None, "{path}\n{text}\n{}", plan.join("\n"));
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_page_from_a_cursor_enters_the_index_at_its_place() {
    let app = TestApp::start().await;
    newsroom(&app).await;
    make::draft(&app, "Two").published().await;
    make::draft(&app, "Three").published().await;
    for sort in ["-published_at", "published_at", "-updated_at", "updated_at"] {
        let list = format!("/api/v1/articles?kind=news&sort={sort}&limit=1");
        let mut page = app.anon().get(&list).await.expect(200);
        for cursor in ["next_cursor", "previous_cursor"] {
            let path = format!("{list}&cursor={}", page[cursor].as_str().unwrap());
            let listing = statements_with(&app, app.anon(), &path, &["shelves"]).await;
            assert!(!listing.is_empty(), "{path}");
            for text in listing {
                let plan = app.database.plan(&text);
                assert_eq!(flaw(&plan), None, "{path}\n{text}\n{}", plan.join("\n"));
                let by = sort.trim_start_matches('-');
                let bounded = plan.iter().any(|step| {
                    // SQLite tells the bounds of the search, PostgreSQL the condition of the index.
                    step.contains(&format!("({by},article_id)")) || step.contains("Index Cond") && step.contains("ROW(")
                });
                assert!(bounded, "{path}\n{text}\n{}", plan.join("\n"));
            }
            page = app.anon().get(&path).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn several_values_and_the_latest_of_each_are_walked_side_by_side() {
    let app = TestApp::start().await;
    newsroom(&app).await;
    for path in [
        "/api/v1/articles?tag=ferries&tag=storms&limit=2",
        "/api/v1/articles?section=world&section=sport&kind=news&limit=2",
        "/api/v1/tags?latest=3",
        "/api/v1/sections?latest=3",
        "/api/v1/contributors?latest=3",
    ] {
        for text in statements(&app, path).await {
            let plan = app.database.plan(&text);
            // What was walked of each, a page at most, is put in order where several are brought together.
            let several = text.contains("union all");
            let put_in_order = |at: usize| {
                let sorts = plan[at].contains("TEMP B-TREE") || plan[at].contains("Sort  (");
                several && sorts && (plan[at].contains("Sort") || plan[at - 1].contains("SCAN walked"))
            };
            let within = (0..plan.len()).filter(|at| !put_in_order(*at));
            let within: Vec<String> = within.map(|at| plan[at].clone()).collect();
            assert_eq!(flaw(&within), None, "{path}\n{text}\n{}", plan.join("\n"));
        }
    }
}

#[actix_web::test]
async fn articles_that_are_named_are_looked_up_one_by_one() {
    let app = TestApp::start().await;
    let one = make::draft(&app, "One").published().await;
    let two = make::draft(&app, "Two").published().await;
    let path = format!("/api/v1/articles?ids={},{}&kind=news", one.id(), two.id());
    let listing = statements_with(&app, app.anon(), &path, &["shelves"]).await;
    assert!(!listing.is_empty());
    for text in listing {
        let plan = app.database.plan(&text);
        let looked_up = plan.iter().any(|step| step.contains("shelves_article_id"));
        assert!(looked_up, "{text}\n{}", plan.join("\n"));
        assert!(
            !plan.iter().any(|step| step.contains("Seq Scan")),
            "{text}\n{}",
            plan.join("\n")
        );
    }
}

#[actix_web::test]
async fn where_a_page_leads_is_looked_up_one_by_one() {
    let app = TestApp::with(|config| config.delivery.cache_mb = 0).await;
    let mut targets = Vec::new();
    for title in ["One", "Two", "Three"] {
        targets.push(make::draft(&app, title).published().await);
    }
    let links = targets.iter().map(|target| json!({"article_id": target.id()}));
    let links = Value::Array(links.collect());
    let story = make::draft(&app, "Leads on").set("related", links).published().await;
    let path = story.public_path();
    let page = app.anon().get(&path).await.expect(200);
    let at = page["published_at"].as_str().unwrap();
    let [kept, gone, then] = [
        "select editions.id from",
        "select editions.article_id, editions.id from",
        "live_from",
    ];
    let of = async |path: &str, what| statements_with(&app, app.editor(), path, &[what]).await;
    let kept = of(&path, kept).await;
    let then = of(&format!("{path}?as_of={at}"), then).await;
    targets.remove(0).again(&app).await.act(&app, "unpublish").await;
    let gone = of(&path, gone).await;
    for sent in [kept, gone, then] {
        assert!(!sent.is_empty());
        for text in sent {
            let plan = app.database.plan(&text);
            assert_eq!(flaw(&plan), None, "{text}\n{}", plan.join("\n"));
        }
    }
}
