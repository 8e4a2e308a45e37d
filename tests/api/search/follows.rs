//! What is searched is what is live, and nothing else.

use serde_json::{Value, json};

use super::address;
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

/// The articles that are found by a word, in the order of their ids.
async fn found(app: &TestApp, word: &str) -> Vec<String> {
    let reply = app.anon().get(address(word, "&limit=100")).await.expect(200);
    let items = reply.items().iter();
    let mut all: Vec<String> = items.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

fn ids(articles: &[&Made]) -> Vec<String> {
    let mut all: Vec<String> = articles.iter().map(|one| one.id().to_owned()).collect();
    all.sort();
    all
}

/// How many rows there are; on SQLite the index must be sound and hold as many.
fn count(app: &TestApp) -> usize {
    let rows = app.database.texts("select top as what from searched").len();
    if !app.database.is_postgres() {
        app.database
            .damage("insert into search_words (search_words) values ('integrity-check')");
        let words = app.database.texts("select '' as what from search_words_docsize");
        assert_eq!(words.len(), rows);
    }
    rows
}

fn story<'a>(app: &'a TestApp, contributor: &Made) -> make::Story<'a> {
    make::draft(app, "Lighthouse relit")
        .set("deck", "The keeper's ladder was mended.")
        .set(
            "byline",
            json!({"contributors": [{"contributor_id": contributor.id(), "role": "photographer"}]}),
        )
        .set("internal_note", "Whisper of a scandal")
        .set(
            "body",
            json!([
                paragraph("Nobody had climbed it since the storm."),
                paragraph("A gull watched.")
            ]),
        )
}

#[actix_web::test]
async fn a_live_article_is_found_by_its_words_and_a_draft_by_none() {
    let app = TestApp::start().await;
    let keeper = make::contributor(&app, "Ansa Kivi", "person").await;
    let draft = story(&app, &keeper).ready().await;
    let words = ["lighthouse", "ladder", "kivi", "climbed", "gull"];
    for word in words {
        assert_eq!(found(&app, word).await, Vec::<String>::new(), "{word}");
    }
    let live = draft.act(&app, "publish").await;
    for word in words {
        assert_eq!(found(&app, word).await, ids(&[&live]), "{word}");
    }
    for word in ["scandal", "photographer", "paragraph", "stormgull"] {
        assert_eq!(
            found(&app, word).await,
            Vec::<String>::new(),
            "{word} is not what readers read"
        );
    }
    assert_eq!(count(&app), 1);
}

#[actix_web::test]
async fn a_new_edition_is_found_by_its_own_words_once_it_is_live() {
    let app = TestApp::start().await;
    let keeper = make::contributor(&app, "Ansa Kivi", "person").await;
    let live = story(&app, &keeper).published().await;
    let change = json!({"headline": "Beacon relit", "deck": null, "body": [paragraph("A heron watched.")]});
    let changed = live.patch(&app, change).await;
    assert_eq!(
        found(&app, "heron").await,
        Vec::<String>::new(),
        "not before it is published"
    );
    changed.act(&app, "publish").await;
    for word in ["beacon", "heron", "relit"] {
        assert_eq!(found(&app, word).await, ids(&[&live]), "{word}");
    }
    for word in ["lighthouse", "ladder", "gull"] {
        assert_eq!(found(&app, word).await, Vec::<String>::new(), "{word}");
    }
    assert_eq!(count(&app), 1);
}

#[actix_web::test]
async fn what_is_taken_down_or_thrown_away_is_not_found() {
    let app = TestApp::start().await;
    let keeper = make::contributor(&app, "Ansa Kivi", "person").await;
    let other = make::draft(&app, "A lighthouse elsewhere").published().await;
    let live = story(&app, &keeper).published().await;
    let down = live.act(&app, "unpublish").await;
    assert_eq!((found(&app, "lighthouse").await, count(&app)), (ids(&[&other]), 1));
    let back = down.act(&app, "publish").await;
    assert_eq!(
        (found(&app, "lighthouse").await, count(&app)),
        (ids(&[&other, &live]), 2)
    );
    let trashed = back.trash(&app).await;
    assert_eq!((found(&app, "lighthouse").await, count(&app)), (ids(&[&other]), 1));
    trashed.act(&app, "restore").await;
    assert_eq!((found(&app, "lighthouse").await, count(&app)), (ids(&[&other]), 1));
}

#[actix_web::test]
async fn a_new_name_is_found_wherever_a_live_page_shows_it() {
    let app = TestApp::start().await;
    let keeper = make::contributor(&app, "Ansa Kivi", "person").await;
    let live = story(&app, &keeper).published().await;
    let override_text = json!({"override": "From our watchman", "contributors": [{"contributor_id": keeper.id()}]});
    let overridden = make::draft(&app, "Overridden")
        .set("byline", override_text)
        .published()
        .await;
    let draft = story(&app, &keeper).by(Person::Contributor).ready().await;
    assert_eq!(found(&app, "watchman").await, ids(&[&overridden]));
    keeper.patch(&app, json!({"name": "Ansa Halla"})).await;
    assert_eq!(found(&app, "kivi").await, Vec::<String>::new());
    assert_eq!(found(&app, "halla").await, ids(&[&live, &overridden]));
    draft.act(&app, "publish").await;
    assert_eq!((found(&app, "halla").await.len(), count(&app)), (3, 3));
}

/// The most words that a body can hold would be more than PostgreSQL indexes, and so would be all places of one.
#[actix_web::test]
async fn the_longest_body_is_published_and_found_by_how_it_begins() {
    let app = TestApp::start().await;
    let letters: Vec<char> = ('\u{400}'..='\u{44f}').collect();
    let mut number = 0;
    let mut block = || {
        let mut text = String::new();
        while text.chars().count() < 19_990 {
            let (a, b, c) = (number / 6400 % 80, number / 80 % 80, number % 80);
            text.extend([letters[a], '-', letters[b], letters[c], ' ']);
            number += 1;
        }
        paragraph(&text)
    };
    let mut body: Vec<Value> = (0..25).map(|_| block()).collect();
    body.insert(0, paragraph("Firstword"));
    body.push(paragraph("Lastword"));
    let live = make::draft(&app, "Long").set("body", body).published().await;
    assert_eq!(found(&app, "firstword").await, ids(&[&live]));
    assert_eq!(found(&app, "lastword").await, Vec::<String>::new());
    app.anon().get(live.public_path()).await.expect(200);
    let words = "gannet gull ".repeat(1600);
    let body: Vec<Value> = (0..5).map(|_| paragraph(&words)).collect();
    let live = make::draft(&app, "Often").set("body", body).published().await;
    for word in ["gull", "gulls", "gan*", "\"gannet gull\""] {
        assert_eq!(found(&app, word).await, ids(&[&live]), "{word}");
    }
}

#[actix_web::test]
async fn an_article_is_found_by_its_tags_as_they_are_called_now() {
    let app = TestApp::start().await;
    let tag = make::tag(&app, "Ferries").await;
    let story = make::draft(&app, "Plain").set("tag_ids", json!([tag.id()]));
    let live = story.published().await;
    assert_eq!(found(&app, "ferries").await, ids(&[&live]));
    tag.patch(&app, json!({"name": "Crossings"})).await;
    assert_eq!(found(&app, "crossings").await, ids(&[&live]));
    assert_eq!(found(&app, "ferries").await, Vec::<String>::new());
    let tag = tag.again(&app).await;
    tag.merge(&app, &make::tag(&app, "Ports").await).await;
    assert_eq!(found(&app, "ports").await, ids(&[&live]));
    assert_eq!((found(&app, "crossings").await, count(&app)), (Vec::new(), 1));
}

#[actix_web::test]
async fn a_live_article_is_found_by_what_stands_under_its_pictures() {
    let app = TestApp::start().await;
    let said = json!({"caption": "The Kestrel leaves.", "credit": "Northlight Pictures"});
    let (lead, picture) = (make::picture(&app, said.clone()).await, make::picture(&app, said).await);
    let live = make::draft(&app, "Ferry sails")
        .set(
            "lead_media",
            json!({"media_id": lead.id(), "caption": "A gannet watches."}),
        )
        .set(
            "body",
            json!([paragraph("x"), {"type": "image", "media_id": picture.id()}]),
        )
        .published()
        .await;
    for word in ["gannet", "kestrel"] {
        assert_eq!(found(&app, word).await, ids(&[&live]), "{word}");
    }
    picture.patch(&app, json!({"caption": "The Petrel leaves."})).await;
    assert_eq!(
        (found(&app, "kestrel").await.len(), found(&app, "petrel").await.len()),
        (0, 1)
    );
}
