//! How many articles name a section, a contributor or a tag: what editors and what readers are told.

use serde_json::json;

use crate::make::{self, Made};
use crate::support::{Person, TestApp};

/// What a story names in these tests.
struct Names {
    world: Made,
    strait: Made,
    wire: Made,
    ferries: Made,
}

impl Names {
    async fn make(app: &TestApp) -> Self {
        let world = make::section(app, "World").await;
        Self {
            strait: make::subsection(app, "The Strait", &world).await,
            wire: make::contributor(app, "Meridian Wire", "organisation").await,
            ferries: make::tag(app, "Ferries").await,
            world,
        }
    }

    /// A story that names the lower section, the contributor in two roles, and the tag.
    fn story<'a>(&self, app: &'a TestApp, headline: &str) -> make::Story<'a> {
        make::draft(app, headline)
            .set("section_id", self.strait.id())
            .set("tag_ids", json!([self.ferries.id()]))
            .set(
                "byline",
                json!({"contributors": [
                    {"contributor_id": self.wire.id()}, {"contributor_id": self.wire.id(), "role": "editor"},
                ]}),
            )
    }

    /// Holds the numbers that somebody is told of each, one by one and in a list.
    async fn hold(&self, app: &TestApp, person: Person, when: &str, working: i64, live: i64) {
        for (made, expected) in [
            (&self.world, (0, 0)),
            (&self.strait, (working, live)),
            (&self.wire, (working, live)),
            (&self.ferries, (working, live)),
        ] {
            let one = app.person(person).get(made.path()).await.expect(200);
            let told = (
                one["article_count"].as_i64().unwrap(),
                one["live_count"].as_i64().unwrap(),
            );
            assert_eq!(told, expected, "{when}: {}", made.slug());
            let (collection, _) = made
                .path()
                .rsplit_once('/')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .unwrap();
            let all = app.person(person).get(collection).await.expect(200);
            let listed = all.items().iter().find(|item| item["id"] == made.id()).unwrap();
            assert_eq!(listed, one.json(), "{when}");
        }
        for made in [&self.world, &self.strait, &self.ferries] {
            let one = app.anon().get(made.public_path()).await.expect(200);
            assert_eq!(one["article_count"], live, "{when}: {} for readers", made.slug());
            let kind = if made.path().contains("tags") { "tag" } else { "section" };
            let list = app
                .anon()
                .get(format!("/api/v1/articles?count=true&{kind}={}", made.slug()))
                .await;
            assert_eq!(list["total"], one["article_count"], "{when}: as the list says");
        }
    }
}

#[actix_web::test]
async fn numbers_follow_what_becomes_of_an_article() {
    let app = TestApp::start().await;
    let names = Names::make(&app).await;
    names.hold(&app, Person::Editor, "at first", 0, 0).await;
    let story = names.story(&app, "Counted").ready().await;
    names.hold(&app, Person::Editor, "a draft", 1, 0).await;
    let story = story.act(&app, "publish").await;
    names.hold(&app, Person::Editor, "live", 1, 1).await;
    let second = names.story(&app, "Second").published().await;
    names.hold(&app, Person::Editor, "another", 2, 2).await;
    let change = json!({"section_id": null, "tag_ids": [], "byline": {"contributors": []}});
    let story = story.patch(&app, change).await;
    names
        .hold(&app, Person::Editor, "changed, and not published", 1, 2)
        .await;
    let story = story.act(&app, "publish").await;
    names.hold(&app, Person::Editor, "published again", 1, 1).await;
    story.trash(&app).await;
    let second = second.act(&app, "unpublish").await;
    names.hold(&app, Person::Editor, "taken down", 1, 0).await;
    let second = second.trash(&app).await;
    names.hold(&app, Person::Editor, "in the trash", 0, 0).await;
    second.act(&app, "restore").await;
    names.hold(&app, Person::Editor, "restored", 1, 0).await;
}

#[actix_web::test]
async fn an_author_is_told_of_no_drafts_but_their_own() {
    let app = TestApp::start().await;
    let names = Names::make(&app).await;
    names.story(&app, "Theirs").by(Person::Stranger).ready().await;
    names.story(&app, "Mine").by(Person::Contributor).ready().await;
    names.story(&app, "The desk's").published().await;
    names.hold(&app, Person::Editor, "an editor", 3, 1).await;
    names.hold(&app, Person::Contributor, "an author", 1, 1).await;
}

#[actix_web::test]
async fn a_section_counts_the_sections_below_it_for_readers() {
    let app = TestApp::start().await;
    let names = Names::make(&app).await;
    let port = make::subsection(&app, "Port", &names.strait).await;
    for (headline, section) in [
        ("One", &names.world),
        ("Two", &names.strait),
        ("Three", &port),
        ("Four", &port),
    ] {
        make::draft(&app, headline)
            .set("section_id", section.id())
            .published()
            .await;
    }
    for (section, count) in [(&names.world, 4), (&names.strait, 3), (&port, 2)] {
        let one = app.anon().get(section.public_path()).await.expect(200);
        assert_eq!(one["article_count"], count, "{}", section.slug());
    }
    let page = app.anon().get("/api/v1/sections?limit=1").await.expect(200);
    assert_eq!(
        (&page.items()[0]["slug"], &page.items()[0]["article_count"]),
        (&json!("port"), &json!(2))
    );
}

/// Caches that are told that the list of articles changed drop what counts them.
#[actix_web::test]
async fn what_counts_articles_is_kept_under_their_name_too() {
    let app = TestApp::start().await;
    let names = Names::make(&app).await;
    for path in [
        "/api/v1/sections".to_owned(),
        "/api/v1/tags".to_owned(),
        names.world.public_path(),
        names.ferries.public_path(),
    ] {
        let reply = app.anon().get(&path).await.expect(200);
        let keys = reply.header("Surrogate-Key").unwrap();
        assert!(keys.split(' ').any(|key| key == "articles"), "{path}: {keys}");
    }
}
