//! Articles that say the same in several languages.

mod readers;

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Call, Client, Person, TestApp};

const NOBODY: &str = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";

fn group(article: &Made) -> &str {
    article.json["translation_group"].as_str().unwrap()
}

fn begin<'a>(client: &Client<'a>, article: &Made, body: &Value) -> Call<'a> {
    client.post(format!("{}/translations", article.path())).json(body)
}

async fn translation(app: &TestApp, article: &Made, locale: &str) -> Made {
    let made = begin(&app.editor(), article, &json!({"locale": locale}))
        .await
        .expect(201);
    Made::article(made.json())
}

/// What an article's page says of its translations: languages and headlines.
async fn shown(app: &TestApp, article: &Made) -> Vec<String> {
    let page = app.anon().get(article.public_path()).await.expect(200);
    let all = page["translations"].as_array().unwrap().iter();
    all.map(|one| {
        format!(
            "{} {}",
            one["locale"].as_str().unwrap(),
            one["headline"].as_str().unwrap()
        )
    })
    .collect()
}

/// A conflict that names the article in the way.
async fn taken(call: Call<'_>, by: &Made) {
    let refusal = call.await.refused(409, "translation_taken");
    let other = json!([{"type": "article", "id": by.id(), "name": by.json["headline"]}]);
    assert_eq!(refusal["uses"], other);
}

#[actix_web::test]
async fn a_translation_begins_with_everything_that_was_written() {
    let app = TestApp::start().await;
    let story = make::wire_story(&app).await.published().await;
    app.clock.advance(60);
    let body = json!({"locale": "FR", "headline": "Le ferry reprend la mer"});
    let made = begin(&app.admin(), &story, &body).await.expect(201);
    assert_eq!(
        made.header("Location").unwrap(),
        format!("/api/v1/editor/articles/{}", made["id"].as_str().unwrap())
    );
    let own = [
        "id",
        "short_id",
        "locale",
        "status",
        "revision",
        "live_revision",
        "has_unpublished_changes",
        "headline",
        "slug",
        "canonical_url",
        "internal_note",
        "first_published_at",
        "published_at",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
    ];
    for (field, value) in story.json.as_object().unwrap() {
        if !own.contains(&field.as_str()) {
            assert_eq!(&made[field], value, "{field} is copied");
        }
    }
    let told = |names: &[&str]| names.iter().map(|name| made[*name].clone()).collect::<Vec<_>>();
    assert_eq!(
        told(&[
            "locale",
            "status",
            "revision",
            "live_revision",
            "internal_note",
            "published_at",
            "canonical_url"
        ]),
        [
            json!("fr"),
            json!("draft"),
            json!(1),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null
        ]
    );
    assert_eq!(
        told(&["headline", "slug"]),
        ["Le ferry reprend la mer", "le-ferry-reprend-la-mer"]
    );
    assert_eq!(made["created_at"], "2026-02-16T09:31:00.000Z");
    assert_ne!(made["short_id"], story.json["short_id"]);
    assert_eq!(
        story.again(&app).await.json,
        story.json,
        "the article itself is left alone"
    );
}

#[actix_web::test]
async fn a_translation_keeps_the_headline_unless_another_is_given() {
    let app = TestApp::start().await;
    make::draft(&app, "Ferry sails").set("locale", "nl").ready().await;
    let story = make::draft(&app, "Ferry sails").ready().await;
    let dutch = translation(&app, &story, "nl").await;
    assert_eq!(
        (&dutch.json["headline"], dutch.slug()),
        (&json!("Ferry sails"), "ferry-sails-2")
    );
}

#[actix_web::test]
async fn a_translation_is_refused_for_what_it_lacks() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Told once").ready().await;
    for (body, pointer, rule) in [
        (json!({}), "/locale", "required"),
        (json!({"locale": null}), "/locale", "wrong_type"),
        (json!({"locale": "fr_FR"}), "/locale", "malformed"),
        (json!({"locale": "i-unknown"}), "/locale", "malformed"),
        (json!({"locale": "en-abcdefghi"}), "/locale", "malformed"),
        (json!({"locale": "de-1901-1901"}), "/locale", "malformed"),
        (
            json!({"locale": format!("x-{}", "a-".repeat(20))}),
            "/locale",
            "malformed",
        ),
        (json!({"locale": "fr", "headline": null}), "/headline", "wrong_type"),
        (json!({"locale": "fr", "headline": ""}), "/headline", "too_short"),
        (json!({"locale": "fr", "slug": "x"}), "/slug", "unknown"),
    ] {
        let refusal = begin(&app.editor(), &story, &body).await.refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), [(pointer.to_owned(), rule.to_owned())], "{body}");
    }
    for locale in ["i-klingon", "x-desk", "zh-yue", "sr-Latn"] {
        translation(&app, &story, locale).await;
    }
    let trashed = story.trash(&app).await;
    begin(&app.editor(), &trashed, &json!({"locale": "fr"}))
        .await
        .refused(409, "article_in_trash");
}

#[actix_web::test]
async fn a_language_is_had_once_in_a_group() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "English").ready().await;
    let french = translation(&app, &story, "fr").await;
    let french = french.patch(&app, json!({"headline": "Français"})).await;
    for locale in ["fr", "FR"] {
        taken(begin(&app.editor(), &story, &json!({"locale": locale})), &french).await;
    }
    taken(begin(&app.editor(), &french, &json!({"locale": "en"})), &story).await;
    taken(begin(&app.editor(), &story, &json!({"locale": "en"})), &story).await;

    let change = |article: &Made, change: Value| {
        app.editor()
            .patch(article.path())
            .if_match(article.revision())
            .json(&change)
    };
    taken(change(&french, json!({"locale": "en"})), &story).await;
    let other = make::draft(&app, "Another").ready().await;
    taken(change(&other, json!({"translation_group": group(&story)})), &story).await;
    let new = json!({"headline": "New", "locale": "fr", "translation_group": group(&story)});
    taken(app.editor().post("/api/v1/editor/articles").json(&new), &french).await;
    taken(
        change(&other, json!({"translation_group": group(&story), "locale": "fr"})),
        &french,
    )
    .await;

    let trashed = french.trash(&app).await;
    taken(begin(&app.editor(), &story, &json!({"locale": "fr"})), &trashed).await;
    let german = other
        .patch(&app, json!({"translation_group": group(&story), "locale": "de"}))
        .await;
    assert_eq!(group(&german), group(&story));
    begin(&app.editor(), &german, &json!({"locale": "de-AT"}))
        .await
        .expect(201);
}

/// What readers see counts until it is replaced.
#[actix_web::test]
async fn a_language_is_free_when_neither_editors_nor_readers_see_it_any_more() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "English").published().await;
    let french = translation(&app, &story, "fr").await.act(&app, "publish").await;
    let left = french.patch(&app, json!({"translation_group": null})).await;
    taken(begin(&app.editor(), &story, &json!({"locale": "fr"})), &left).await;
    let back = left.patch(&app, json!({"translation_group": group(&story)})).await;
    let left = back
        .patch(&app, json!({"translation_group": null}))
        .await
        .act(&app, "publish")
        .await;
    assert_ne!(group(&left), group(&story));
    assert_eq!(shown(&app, &story).await, Vec::<String>::new());
    translation(&app, &story, "fr").await;
}

#[actix_web::test]
async fn an_article_is_alone_until_it_joins_another_and_again_when_it_leaves() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "English").ready().await;
    let french = make::draft(&app, "Français").set("locale", "fr").ready().await;
    assert_ne!(group(&story), group(&french));
    assert_ne!(group(&story), story.id(), "the group does not tell of an article");

    let alone = french.patch(&app, json!({"translation_group": null})).await;
    assert_eq!(alone.revision(), french.revision(), "there was nobody to leave");
    let joined = french.patch(&app, json!({"translation_group": group(&story)})).await;
    assert_eq!(group(&joined), group(&story));
    let same = joined.patch(&app, json!({"translation_group": group(&story)})).await;
    assert_eq!(same.revision(), joined.revision());
    let left = joined.patch(&app, json!({"translation_group": null})).await;
    assert!(![group(&story), group(&french)].contains(&group(&left)));
    let made = make::draft(&app, "Deutsch")
        .set("locale", "de")
        .set("translation_group", group(&story));
    assert_eq!(group(&made.ready().await), group(&story));
}

#[actix_web::test]
async fn a_group_that_nobody_is_in_is_not_joined() {
    let app = TestApp::start().await;
    let own = make::draft(&app, "Own").by(Person::Contributor).ready().await;
    let hidden = make::draft(&app, "Hidden").set("locale", "fr").ready().await;
    let live = make::draft(&app, "Live").set("locale", "de").published().await;
    let join = |person: Person, group: &str| {
        app.person(person)
            .patch(own.path())
            .if_match(own.revision())
            .json(&json!({"translation_group": group}))
    };
    let told = |rule: &str| [("/translation_group".to_owned(), rule.to_owned())];
    for wrong in ["english", &NOBODY.to_uppercase(), ""] {
        let refusal = join(Person::Editor, wrong).await.refused(422, "invalid_body");
        assert_eq!(refusal.flaws(), told("malformed"), "{wrong}");
    }
    let missing = join(Person::Editor, NOBODY).await.refused(422, "invalid_body");
    assert_eq!(missing.flaws(), told("unknown_reference"));
    let secret = join(Person::Contributor, group(&hidden))
        .await
        .refused(422, "invalid_body");
    assert_eq!(
        secret.flaws(),
        told("unknown_reference"),
        "who may not see it is told what is told of nothing"
    );
    let new = json!({"headline": "New", "kind": "gossip", "translation_group": NOBODY});
    app.editor()
        .post("/api/v1/editor/articles")
        .json(&new)
        .await
        .refused(422, "invalid_body");
    join(Person::Contributor, group(&live)).await.expect(200);
    let own = own.again(&app).await;
    own.patch(&app, json!({"translation_group": group(&hidden)})).await;
}

#[actix_web::test]
async fn a_conflict_tells_an_author_nothing_of_a_colleagues_draft() {
    let app = TestApp::start().await;
    let own = make::draft(&app, "Own").by(Person::Contributor).ready().await;
    translation(&app, &own, "fr").await;
    let refusal = begin(&app.contributor(), &own, &json!({"locale": "fr"})).await;
    assert_eq!(refusal.refused(409, "translation_taken")["uses"], json!([]));
    let list = app
        .contributor()
        .get(format!("{}/translations", own.path()))
        .await
        .expect(200);
    assert!(list.items().is_empty());
}

#[actix_web::test]
async fn the_translations_of_an_article_are_listed_by_language() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "English").by(Person::Contributor).ready().await;
    let path = format!("{}/translations", story.path());
    for locale in ["pt-BR", "ar", "fr"] {
        translation(&app, &story, locale).await;
    }
    begin(&app.contributor(), &story, &json!({"locale": "uk"}))
        .await
        .expect(201);
    translation(&app, &story, "de").await.trash(&app).await;
    make::draft(&app, "Alone").set("locale", "nl").ready().await;

    let all = app.editor().get(&path).await.expect(200);
    assert_eq!(all.column("locale"), ["ar", "fr", "pt-BR", "uk"]);
    assert!(
        all.items()
            .iter()
            .all(|one| one.get("body").is_none() && one["translation_group"] == group(&story))
    );
    assert!(all["next_cursor"].is_null());
    assert_eq!(app.contributor().get(&path).await.expect(200).column("locale"), ["uk"]);

    let first = app.editor().get(format!("{path}?limit=3")).await.expect(200);
    let next = first["next_cursor"].as_str().unwrap();
    let second = app
        .editor()
        .get(format!("{path}?limit=3&cursor={next}"))
        .await
        .expect(200);
    assert_eq!(
        (first.column("locale"), second.column("locale")),
        (vec!["ar", "fr", "pt-BR"], vec!["uk"])
    );
    let other = Made::article(&all.items()[0]);
    app.editor()
        .get(format!("{}/translations?cursor={next}", other.path()))
        .await
        .refused(400, "cursor_mismatch");
    let seen_from_there = app
        .editor()
        .get(format!("{}/translations", other.path()))
        .await
        .expect(200);
    assert_eq!(seen_from_there.column("locale"), ["en", "fr", "pt-BR", "uk"]);
}
