//! What is kept is what would be answered: a newsroom in which much happens is asked through an application that keeps its answers,
//! through one that keeps what it made of editions, and through one that keeps nothing; after every change all of them say the same.

use serde_json::json;

use crate::make::{self, Made};
use crate::support::{Beside, Dice, TestApp};

struct Newsroom {
    sections: Vec<Made>,
    tags: Vec<Made>,
    people: Vec<Made>,
    pictures: Vec<Made>,
    articles: Vec<Made>,
}

async fn newsroom(app: &TestApp) -> Newsroom {
    let world = make::section(app, "World").await;
    let strait = make::subsection(app, "The Strait", &world).await;
    let mut made = Newsroom {
        sections: vec![world, strait],
        tags: vec![make::tag(app, "Ferries").await, make::tag(app, "Storms").await],
        people: vec![make::contributor(app, "Ansa Kivi", "person").await],
        pictures: vec![make::picture(app, json!({"alt": "A pier.", "credit": "Northlight Pictures"})).await],
        articles: Vec::new(),
    };
    for number in 0..4 {
        let mut story = make::draft(app, &format!("Story {number}"))
            .set("section_id", made.sections[number % 2].id())
            .set("tag_ids", json!([made.tags[0].id()]))
            .set(
                "lead_media",
                json!({"media_id": made.pictures[0].id(), "alt": "A pier.", "credit": "Northlight"}),
            )
            .set(
                "byline",
                json!({"contributors": [{"contributor_id": made.people[0].id(), "role": "author"}]}),
            );
        if let Some(before) = made.articles.last() {
            let linked = json!([{"text": "Before", "link": {"article_id": before.id()}}, {"text": " it."}]);
            let picture = json!({"type": "image", "media_id": made.pictures[0].id()});
            story = story
                .set("related", json!([{"article_id": before.id(), "placement": "both"}]))
                .set("body", json!([{"type": "paragraph", "text": linked}, picture]));
        }
        made.articles.push(story.published().await);
    }
    made
}

/// Something that readers may see the result of.
async fn change(app: &TestApp, dice: &mut Dice, made: &mut Newsroom, step: usize) -> String {
    let at = dice.below(made.articles.len());
    let status = made.articles[at].again(app).await;
    let live = status.json["status"] == "published";
    let what = dice.below(9);
    match what {
        0 if live => made.articles[at] = status.act(app, "unpublish").await,
        0 => made.articles[at] = status.act(app, "publish").await,
        1 => {
            let change =
                json!({"headline": format!("Story {at} in step {step}"), "slug": format!("story-{at}-{step}")});
            made.articles[at] = status.patch(app, change).await.act(app, "publish").await;
        }
        2 => {
            let section = dice.pick(&made.sections).unwrap();
            let section = section.again(app).await;
            section.patch(app, json!({"name": format!("Section {step}")})).await;
        }
        3..=5 => rename(app, made, what, step).await,
        6 => made.tags.push(make::tag(app, &format!("Tag {step}")).await),
        7 if live => {
            let path = format!("{}/corrections", status.path());
            let body = json!({"kind": "correction", "text": format!("It was wrong before step {step}.")});
            app.editor()
                .post(path)
                .if_match(status.revision())
                .json(&body)
                .await
                .expect(201);
        }
        _ => {
            let story = make::draft(app, &format!("New in step {step}"));
            made.articles.push(
                story
                    .set("related", json!([{"article_id": made.articles[0].id()}]))
                    .published()
                    .await,
            );
        }
    }
    format!("step {step}, change {what}")
}

/// A name that pages show becomes another.
async fn rename(app: &TestApp, made: &Newsroom, what: usize, step: usize) {
    let (thing, change) = match what {
        3 => (&made.tags[0], json!({"slug": format!("tag-{step}")})),
        4 => {
            let avatar = made.pictures[0].id();
            (
                &made.people[0],
                json!({"name": format!("Ansa {step}"), "avatar_media_id": avatar}),
            )
        }
        _ => (&made.pictures[0], json!({"alt": format!("A pier in step {step}.")})),
    };
    thing.again(app).await.patch(app, change).await;
}

async fn compare(app: &TestApp, fresh: &Beside, paths: &[String], after: &str) {
    for path in paths {
        let kept = app.anon().get(path).await;
        let (status, headers, body) = fresh.get(path).await;
        assert_eq!(kept.status(), status, "{path} after {after}");
        if status == 200 {
            assert_eq!(kept.text(), String::from_utf8_lossy(&body), "{path} after {after}");
            for name in ["etag", "surrogate-key", "last-modified", "cache-control"] {
                let told = headers.get(name).and_then(|value| value.to_str().ok());
                assert_eq!(kept.header(name), told, "{path} after {after}: {name}");
            }
        }
    }
}

#[actix_web::test]
async fn after_every_change_what_is_kept_is_what_would_be_answered() {
    for seed in 0..2 {
        let app = TestApp::start().await;
        let fresh = app
            .beside(|config| (config.delivery.cache_mb, config.delivery.editions_mb) = (0, 0))
            .await;
        // Keeps what it makes of editions, and no answers.
        let made_of = app.beside(|config| config.delivery.cache_mb = 0).await;
        let mut dice = Dice::of(seed);
        let mut made = newsroom(&app).await;
        let mut paths: Vec<String> = [
            "articles?include=related&count=true",
            "articles?sort=updated_at",
            "sections?latest=2",
            "tags?latest=2",
            "search?q=story&limit=5",
            "articles?fields=headline,related&include=related",
            "contributors?latest=2",
            "site",
        ]
        .map(|path| format!("/api/v1/{path}"))
        .into();
        paths.extend([
            "/feeds/all.json".to_owned(),
            "/feeds/all.rss".to_owned(),
            format!("/api/v1/media/{}", made.pictures[0].id()),
        ]);
        for article in &made.articles {
            paths.push(article.public_path());
            paths.push(format!("{}?include=related,backlinks", article.public_path()));
            for query in [
                "body=html",
                "body=markdown",
                "format=jsonld",
                "format=ninjs",
                "format=html",
            ] {
                paths.push(format!("{}?{query}", article.public_path()));
            }
            let page = app.anon().get(article.public_path()).await.expect(200);
            paths.push(format!("/api/v1/resolve?path={}", page["path"].as_str().unwrap()));
            paths.push(format!("/api/v1/articles/{}", article.slug()));
            paths.push(format!("{}/backlinks", article.public_path()));
            paths.push(format!("{}/related", article.public_path()));
        }
        for step in 0..30 {
            app.clock.advance(1);
            let after = change(&app, &mut dice, &mut made, step).await;
            let after = format!("{after} of seed {seed}");
            compare(&app, &fresh, &paths, &after).await;
            compare(&app, &made_of, &paths, &format!("{after}, made of editions")).await;
        }
    }
}
