//! Lists of working copies in an archive of any size: ranges of an index, and the same whichever way they are found.

use super::plans::statements_of;
use crate::make;
use crate::support::{Person, TestApp};

const LIST: &str = "/api/v1/editor/articles";

#[actix_web::test]
async fn a_list_of_working_copies_is_a_range_of_an_index() {
    let app = TestApp::start().await;
    let world = make::section(&app, "World").await;
    make::draft(&app, "One").set("section_id", world.id()).ready().await;
    for (person, filter, index) in [
        (Person::Editor, "", "articles_desk"),
        (Person::Editor, "status=draft", "articles_desk_status"),
        (
            Person::Editor,
            "status=draft&status=unpublished",
            "articles_desk_status",
        ),
        (Person::Editor, "kind=news", "articles_desk_kind"),
        (Person::Editor, "locale=en", "articles_desk_locale"),
        (Person::Editor, "section=world", "articles_desk_section"),
        (Person::Editor, "trashed=true", "articles_trash"),
        (Person::Contributor, "", "articles_desk_created_by"),
    ] {
        let path = format!("{LIST}?{filter}&count=true");
        let sent = statements_of(&app, person, &path, "deleted_at").await;
        assert_eq!(sent.len(), 2, "a page and how many there are: {sent:?}");
        for text in sent {
            let plan = app.database.plan(&text);
            let told = format!("{path}\n{text}\n{}", plan.join("\n"));
            let named = |step: &String| step.split_whitespace().any(|word| is_of(word, index, &text));
            // PostgreSQL chooses by what there is, which is next to nothing.
            assert!(app.database.is_postgres() || plan.iter().any(named), "{told}");
            // Nothing is read but by an index; the articles of the page, which are few, are put in order once more.
            let scan = plan.iter().find(|step| {
                let all = step.starts_with("SCAN ") && !step.contains("INDEX");
                all || step.contains("Seq Scan")
            });
            assert_eq!(scan, None, "{told}");
        }
    }
}

/// Whether a word of a plan is the index that a list goes by. How many there are in all is told by any that tells the trash, and how many
/// there are in the trash by the one that tells since when.
fn is_of(word: &str, index: &str, statement: &str) -> bool {
    match index {
        "articles_desk" if statement.contains("COUNT(") => word.starts_with("articles_desk"),
        "articles_trash" if statement.contains("COUNT(") => word == "articles_deleted_at",
        _ => word == index,
    }
}

/// Articles that are not there have the tag and name the contributor, more than are gone through one by one.
fn crowd(app: &TestApp, tag: &str, contributor: &str) {
    let id = |text: &str| text.replace('-', "");
    let numbers =
        "with recursive numbers(number) as (select 1 union all select number + 1 from numbers where number < 20001)";
    app.database.damage(&format!(
        "pragma foreign_keys = off;
         insert into article_tags (article_id, position, tag_id)
         {numbers} select randomblob(16), 0, x'{}' from numbers;
         insert into article_contributors (article_id, position, contributor_id, role)
         {numbers} select randomblob(16), 0, x'{}', 'author' from numbers;",
        id(tag),
        id(contributor)
    ));
}

#[actix_web::test]
async fn what_many_articles_have_is_found_as_what_few_have() {
    let app = TestApp::start().await;
    if app.database.is_postgres() {
        // It has one way, whatever there is.
        return;
    }
    let tag = make::tag(&app, "Ferries").await;
    let other = make::tag(&app, "Storms").await;
    let writer = make::contributor(&app, "Ansa Kivi", "person").await;
    for number in 0..12 {
        let mut story = make::draft(&app, &format!("Story {number}"));
        if number % 2 == 0 {
            story = story.set("tag_ids", serde_json::json!([tag.id(), other.id()]));
        }
        if number % 3 == 0 {
            let credits =
                serde_json::json!([{"contributor_id": writer.id()}, {"contributor_id": writer.id(), "role": "editor"}]);
            story = story.set("byline", serde_json::json!({"contributors": credits}));
        }
        let made = story.ready().await;
        if number == 6 {
            app.editor()
                .delete(made.path())
                .if_match(made.revision())
                .await
                .expect(200);
        }
    }
    let pages = async || {
        let mut told = Vec::new();
        for filter in [
            "tag=ferries",
            "tag=ferries&tag=storms",
            "contributor=ansa-kivi",
            "tag=ferries&contributor=ansa-kivi",
            "tag=ferries&trashed=true",
            "tag=ferries&status=draft",
        ] {
            let first = app
                .editor()
                .get(format!("{LIST}?{filter}&limit=2&count=true"))
                .await
                .expect(200);
            told.push(first.json().clone());
            if let Some(cursor) = first["next_cursor"].as_str() {
                let next = format!("{LIST}?{filter}&limit=2&cursor={cursor}");
                told.push(app.editor().get(next).await.expect(200).json().clone());
            }
        }
        told
    };
    let of_few = pages().await;
    assert_eq!(of_few[0]["total"], 5);
    crowd(&app, tag.id(), writer.id());
    let path = format!("{LIST}?tag=ferries&contributor=ansa-kivi");
    let sent = statements_of(&app, Person::Editor, &path, "EXISTS").await;
    assert_eq!(sent.len(), 1, "the other way is gone");
    let plan = app.database.plan(&sent[0]);
    assert!(plan.iter().any(|step| step.contains("articles_desk")), "{plan:?}");
    assert_eq!(pages().await, of_few);
}

#[actix_web::test]
async fn links_that_lead_nowhere_are_found_from_where_they_lead() {
    let app = TestApp::start().await;
    for person in [Person::Editor, Person::Contributor] {
        let hidden = make::draft(&app, "Not live").by(person).ready().await;
        let related = serde_json::json!([{"article_id": hidden.id()}]);
        make::draft(&app, "Leads there")
            .by(person)
            .set("related", related)
            .ready()
            .await;
        let path = "/api/v1/editor/reports/broken-links?limit=2";
        let sent = statements_of(&app, person, path, "related_links").await;
        assert_eq!(sent.len(), 4, "{sent:?}");
        for text in sent {
            let plan = app.database.plan(&text);
            // What was deleted has an index that has nothing else; pages that were asked are few.
            let few = ["related_links_deleted", "articles_not_live", "link_checks"];
            let whole = plan.iter().find(|step| {
                let all = step.starts_with("SCAN ") && !few.iter().any(|name| step.contains(name));
                all || step.contains("Seq Scan on related_links")
            });
            assert_eq!(whole, None, "{text}\n{}", plan.join("\n"));
        }
    }
    // However it goes about so few: the index by address can be entered by an address that failed.
    let failed = "select id from related_links where url = (select url from link_checks limit 1)";
    let plan = app.database.plan(failed).join("\n");
    let (_, entered) = plan.split_once("related_links_url").unwrap_or_default();
    assert!(
        entered.contains("(url=?)") || entered.contains("Index Cond: (url"),
        "{plan}"
    );
}
