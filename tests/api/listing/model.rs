//! What a list shows is what its filters say of the articles themselves: a newsroom in which much happens is asked at random, and
//! each answer is held against all of its articles, looked through one by one.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Dice, TestApp};

const LIST: &str = "/api/v1/articles";

struct Newsroom {
    sections: Vec<Made>,
    tags: Vec<Made>,
    contributors: Vec<Made>,
    articles: Vec<Made>,
}

async fn newsroom(app: &TestApp, dice: &mut Dice) -> Newsroom {
    let world = make::section(app, "World").await;
    let europe = make::subsection(app, "Europe", &world).await;
    let north = make::subsection(app, "North", &europe).await;
    let sport = make::section(app, "Sport").await;
    let mut made = Newsroom {
        sections: vec![world, europe, north, sport],
        tags: Vec::new(),
        contributors: Vec::new(),
        articles: Vec::new(),
    };
    for name in ["Ferries", "Harbours", "Storms"] {
        made.tags.push(make::tag(app, name).await);
    }
    for name in ["Ansa Kivi", "Meridian Wire"] {
        made.contributors
            .push(make::contributor(app, name, "organisation").await);
    }
    for number in 0..24 {
        let article = write(app, dice, &made, number).await;
        made.articles.push(article);
        // Some share their moment.
        app.clock.advance(dice.pick(&[0, 1, 2]).unwrap());
    }
    stir(app, dice, &mut made).await;
    made
}

async fn write(app: &TestApp, dice: &mut Dice, made: &Newsroom, number: usize) -> Made {
    let kind = dice.pick(&["news", "opinion", "live"]).unwrap();
    let locale = dice.pick(&["en", "fr", "pt-BR"]).unwrap();
    let mut story = make::draft(app, &format!("Story {number}"))
        .set("kind", kind)
        .set("locale", locale);
    if !dice.one_in(5) {
        story = story.set("section_id", dice.pick(&made.sections).unwrap().id());
    }
    let tags: Vec<&str> = made.tags.iter().filter(|_| dice.one_in(2)).map(Made::id).collect();
    let named = made.contributors.iter().filter(|_| dice.one_in(2));
    let named: Vec<Value> = named
        .map(|one| json!({"contributor_id": one.id(), "role": "author"}))
        .collect();
    let mut related: Vec<&str> = made.articles.iter().filter(|_| dice.one_in(6)).map(Made::id).collect();
    related.truncate(4);
    let related: Vec<Value> = related.iter().map(|id| json!({"article_id": id})).collect();
    story
        .set("tag_ids", json!(tags))
        .set("byline", json!({"contributors": named}))
        .set("related", related)
        .published()
        .await
}

/// Some are taken down, some come back, some are changed, and a section moves.
async fn stir(app: &TestApp, dice: &mut Dice, made: &mut Newsroom) {
    for article in &mut made.articles {
        app.clock.advance(1);
        let fate = dice.below(16);
        if fate < 4 {
            *article = article.act(app, "unpublish").await;
            if dice.one_in(2) {
                *article = article.act(app, "publish").await;
            }
        } else if fate < 7 {
            let section = dice.pick(&made.sections).unwrap();
            let change = json!({"section_id": section.id(), "tag_ids": [made.tags[0].id()]});
            *article = article.patch(app, change).await.act(app, "publish").await;
        }
    }
    let (sport, europe) = (made.sections[3].clone(), &mut made.sections[1]);
    *europe = europe.patch(app, json!({"parent_id": sport.id()})).await;
}

/// One value of a filter, and what it says of an article.
type Value1 = (String, Box<dyn Fn(&Value) -> bool>);

fn value(dice: &mut Dice, made: &Newsroom, name: &str) -> Value1 {
    let has = |list: &'static [&'static str], field: &'static str, wanted: String| -> Box<dyn Fn(&Value) -> bool> {
        Box::new(move |item: &Value| {
            let found = list.iter().fold(item, |at, step| &at[*step]);
            found.as_array().into_iter().flatten().any(|one| one[field] == wanted)
        })
    };
    match name {
        "section" => {
            let slug = dice.pick(&made.sections).unwrap().slug().to_owned();
            let above = has(&["section", "ancestors"], "slug", slug.clone());
            let own = slug.clone();
            (
                slug,
                Box::new(move |item| item["section"]["slug"] == own || above(item)),
            )
        }
        "tag" => {
            let slug = dice.pick(&made.tags).unwrap().slug().to_owned();
            (slug.clone(), has(&["tags"], "slug", slug))
        }
        "contributor" => {
            let slug = dice.pick(&made.contributors).unwrap().slug().to_owned();
            (slug.clone(), has(&["byline", "contributors"], "slug", slug))
        }
        "related_to" => {
            let id = dice.pick(&made.articles).unwrap().id().to_owned();
            let wanted = id.clone();
            let leads = move |item: &Value| {
                let cards = item["related"].as_array().into_iter().flatten();
                cards
                    .filter_map(|card| card["article"]["id"].as_str())
                    .any(|to| to == wanted)
            };
            (id, Box::new(leads))
        }
        "ids" => {
            let id = dice.pick(&made.articles).unwrap().id().to_owned();
            (id.clone(), Box::new(move |item| item["id"] == id))
        }
        _ => value_of_its_own(dice, made, name),
    }
}

/// The same of a filter that takes words of a list, or moments.
fn value_of_its_own(dice: &mut Dice, made: &Newsroom, name: &str) -> Value1 {
    match name {
        "kind" | "locale" => {
            let words: &[&str] = if name == "kind" {
                &["news", "opinion", "live"]
            } else {
                &["en", "fr", "pt-BR"]
            };
            let word = dice.pick(words).unwrap();
            let name = name.to_owned();
            (word.to_owned(), Box::new(move |item| item[&name] == word))
        }
        "published_after" | "published_before" => {
            let at = dice.pick(&made.articles).unwrap().json["published_at"].clone();
            let text = at.as_str().unwrap_or("2026-02-16T09:30:05.000Z").to_owned();
            let (after, bound) = (name == "published_after", text.clone());
            let within = move |item: &Value| {
                let at = item["published_at"].as_str().unwrap();
                if after {
                    at > bound.as_str()
                } else {
                    at < bound.as_str()
                }
            };
            (text, Box::new(within))
        }
        other => panic!("{other}"),
    }
}

const FILTERS: [&str; 9] = [
    "section",
    "tag",
    "contributor",
    "kind",
    "locale",
    "related_to",
    "ids",
    "published_after",
    "published_before",
];

/// A query, and the ids that it must find, in their order.
fn query(dice: &mut Dice, made: &Newsroom, all: &[Value]) -> (String, Vec<String>) {
    let mut parts = Vec::new();
    let mut left: Vec<&Value> = all.iter().collect();
    for name in FILTERS {
        if !dice.one_in(4) {
            continue;
        }
        let several = if name.starts_with("published") {
            1
        } else {
            1 + dice.below(3)
        };
        let values: Vec<Value1> = (0..several).map(|_| value(dice, made, name)).collect();
        left.retain(|item| values.iter().any(|(_, lets)| lets(item)));
        parts.extend(values.iter().map(|(text, _)| format!("{name}={text}")));
    }
    let sort = dice
        .pick(&["", "-published_at", "published_at", "-updated_at", "updated_at"])
        .unwrap();
    let by = if sort.ends_with("updated_at") {
        "updated_at"
    } else {
        "published_at"
    };
    let key = |item: &&Value| {
        (
            item[by].as_str().unwrap().to_owned(),
            item["id"].as_str().unwrap().to_owned(),
        )
    };
    if sort.is_empty() || sort.starts_with('-') {
        left.sort_by_key(|item| Reverse(key(item)));
    } else {
        left.sort_by_key(key);
    }
    if !sort.is_empty() {
        parts.push(format!("sort={sort}"));
    }
    let ids = left.iter().map(|item| item["id"].as_str().unwrap().to_owned());
    (parts.join("&"), ids.collect())
}

/// All pages from the first to the last, and back; the ids in the order of the list.
async fn walk(app: &TestApp, query: &str, limit: usize) -> Vec<String> {
    let (mut pages, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app
            .anon()
            .get(format!("{LIST}?{query}&limit={limit}{cursor}"))
            .await
            .expect(200);
        let next = page["next_cursor"].as_str().map(str::to_owned);
        pages.push(page);
        match next {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    for at in (1..pages.len()).rev() {
        let back = pages[at]["previous_cursor"].as_str().unwrap();
        let page = app
            .anon()
            .get(format!("{LIST}?{query}&limit={limit}&cursor={back}"))
            .await
            .expect(200);
        assert_eq!(page.json(), pages[at - 1].json(), "{query} back from {at}");
    }
    let ids = pages.iter().flat_map(|page| page.column("id"));
    ids.map(str::to_owned).collect()
}

#[actix_web::test]
async fn lists_show_what_their_filters_say_of_each_article() {
    let mut hidden = 0;
    for seed in 0..3 {
        let app = TestApp::start().await;
        let mut dice = Dice::of(seed);
        let made = newsroom(&app, &mut dice).await;
        let all = app
            .anon()
            .get(format!("{LIST}?limit=100&include=related"))
            .await
            .expect(200);
        hidden += made.articles.len() - all.items().len();
        let mut found = 0;
        for _ in 0..80 {
            let (query, expected) = query(&mut dice, &made, all.items());
            let counted = app
                .anon()
                .get(format!("{LIST}?{query}&limit=100&count=true"))
                .await
                .expect(200);
            assert_eq!(counted.column("id"), expected, "seed {seed}: {query}");
            assert_eq!(counted["total"], expected.len(), "seed {seed}: {query}");
            assert_eq!(
                walk(&app, &query, 1 + dice.below(6)).await,
                expected,
                "seed {seed}: {query}"
            );
            found += expected.len();
        }
        assert!(found > 100, "seed {seed} asks for nothing: {found}");
    }
    assert!(hidden > 0);
}
