//! A generated newsroom: it is what the API would have written, and the same again.

use serde_json::{Value, json};

use super::process::{failed, run, succeeded};
use crate::support::TestApp;
use crate::support::database::Database;

/// Tables with rows of one article, and how each names it.
const TABLES: [(&str, &str); 14] = [
    ("revisions", "article_id"),
    ("editions", "article_id"),
    ("article_contributors", "article_id"),
    ("article_tags", "article_id"),
    ("bodies", "article_id"),
    ("related_links", "article_id"),
    ("searched", "article_id"),
    ("article_terms", "article_id"),
    ("media_uses", "article_id"),
    ("media_uses", "edition_id"),
    ("edition_contributors", "edition_id"),
    ("edition_tags", "edition_id"),
    ("edition_links", "edition_id"),
    ("edition_related", "edition_id"),
];

fn generated(articles: &str, seed: &str) -> Database {
    let database = Database::empty();
    succeeded(&run(&database, &["generate", "--articles", articles, "--seed", seed]));
    database
}

fn number(database: &Database, query: &str) -> usize {
    let found = database.texts(&format!("select cast(({query}) as text) as what"));
    found[0].parse().expect("a number")
}

/// How many rows each table has of an article; its log by the articles' own id, too.
fn rows(database: &Database, id: &str) -> Vec<usize> {
    let own = if database.is_postgres() {
        format!("'{id}'")
    } else {
        format!("x'{}'", id.replace('-', ""))
    };
    let of_table = TABLES.iter().map(|(table, column)| match *column {
        "article_id" => format!("select count(*) from {table} where article_id = {own}"),
        _ => {
            format!("select count(*) from {table} where {column} in (select id from editions where article_id = {own})")
        }
    });
    let audit = format!("select count(*) from audit where subject = '{id}'");
    of_table.chain([audit]).map(|query| number(database, &query)).collect()
}

/// What would have to be sent for an article to be written again.
fn sent_again(article: &Value) -> Value {
    let mut again = json!({});
    for field in [
        "kind",
        "locale",
        "headline",
        "deck",
        "kicker",
        "byline",
        "distributor",
        "dateline",
        "section_id",
        "tag_ids",
        "original_url",
        "body",
    ] {
        again[field] = article[field].clone();
    }
    again["dateline"].as_object_mut().unwrap().remove("rendered");
    again["lead_media"] = json!({"media_id": article["lead_media"]["media_id"]});
    let credits = article["byline"]["contributors"].as_array().unwrap().iter();
    let credit = |one: &Value| json!({"contributor_id": one["contributor_id"], "role": one["role"]});
    again["byline"] = json!({"contributors": credits.map(credit).collect::<Vec<_>>()});
    let links = article["related"].as_array().unwrap().iter();
    let link =
        |one: &Value| json!({"article_id": one["article_id"], "kind": one["kind"], "placement": one["placement"]});
    again["related"] = links.map(link).collect();
    for block in again["body"].as_array_mut().unwrap() {
        if block["type"] == "related_article" {
            *block = json!({"type": "related_article", "article_id": article["related"][0]["article_id"]});
        }
    }
    again
}

#[actix_web::test]
async fn a_generated_newsroom_is_what_the_api_would_have_written() {
    let app = TestApp::over(generated("30", "7")).await;
    let (readers, desk) = (app.anon(), app.first_user());
    let list = readers.get("/api/v1/articles?limit=100&count=true").await.expect(200);
    assert_eq!(list["total"], 30);
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let page = readers
            .get(format!("/api/v1/articles/{id}?include=related"))
            .await
            .expect(200);
        let blocks = page["body"].as_array().unwrap();
        assert!((10..=25).contains(&blocks.len()), "{} blocks", blocks.len());
        let path = format!("/api/v1/editor/articles/{id}");
        let copy = desk.get(&path).await.expect(200);
        assert_eq!((&copy["revision"], &copy["live_revision"]), (&json!(2), &json!(2)));
        let found = desk.post(format!("{path}/validate")).await.expect(200);
        assert_eq!(found["findings"], json!([]), "{}", item["headline"]);
    }
    let database = &app.database;
    assert_eq!(number(database, "select count(*) from searched"), 30);
    for (word, stories) in [("lanternwick", 15), ("quillwater", 1)] {
        let found = readers.get(format!("/api/v1/search?q={word}")).await.expect(200);
        assert_eq!(found["total"], json!({"value": stories, "relation": "exact"}), "{word}");
    }

    // The last one, again by hand.
    let id = list["items"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/editor/articles/{id}");
    let copy = desk.get(&path).await.expect(200);
    assert_eq!(copy["related"].as_array().unwrap().len(), 3);
    let mut again = sent_again(copy.json());
    // One of a group has the language already.
    again.as_object_mut().unwrap().remove("translation_group");
    let made = desk.post("/api/v1/editor/articles").json(&again).await.expect(201);
    let made = made["id"].as_str().unwrap();
    let publish = desk.post(format!("/api/v1/editor/articles/{made}/actions/publish"));
    publish.if_match(1).await.expect(200);
    assert_eq!(rows(database, id), rows(database, made));

    desk.patch(&path)
        .if_match(2)
        .json(&json!({"deck": "Another."}))
        .await
        .expect(200);
    desk.post(format!("{path}/actions/publish"))
        .if_match(3)
        .await
        .expect(200);
    assert_eq!(
        readers.get(format!("/api/v1/articles/{id}")).await.expect(200)["deck"],
        "Another."
    );
}

#[test]
fn the_same_arguments_make_the_same_newsroom() {
    let pages = |database: &Database| {
        let what = if database.is_postgres() {
            "e.summary || b.body"
        } else {
            "hex(e.summary) || hex(b.body)"
        };
        database.texts(&format!(
            "select {what} as what from editions e
             join bodies b on b.article_id = e.article_id and b.number = e.body_number order by e.path"
        ))
    };
    let (one, other) = (generated("6", "3"), generated("6", "4"));
    assert_eq!(pages(&one), pages(&generated("6", "3")));
    assert_ne!(pages(&one), pages(&other));
}

#[test]
fn only_an_empty_database_is_filled() {
    let database = generated("1", "1");
    for arguments in [&["generate", "--articles", "1"][..], &["demo"]] {
        let told = failed(&run(&database, arguments));
        assert!(told.contains("not empty"), "{told}");
    }
}

#[test]
fn a_database_of_an_older_version_is_left_as_it_is() {
    let database = generated("1", "1");
    database.damage("delete from schema_migrations where name >= '2026-11-28-000600'");
    let told = failed(&run(&database, &["generate", "--articles", "1"]));
    assert!(told.contains("not empty"), "{told}");
    let newest = database.texts("select max(name) as what from schema_migrations");
    assert!(newest[0].starts_with("2026-11-28-0005"), "{newest:?}");
}

#[test]
fn one_that_was_stopped_says_so() {
    let database = generated("1", "1");
    database.damage("update settings set value = 'begun' where key = 'generated'");
    let told = failed(&run(&database, &["generate", "--articles", "1"]));
    assert!(told.contains("was stopped"), "{told}");
    assert!(database.folder().join("generated-login.json").exists());
}
