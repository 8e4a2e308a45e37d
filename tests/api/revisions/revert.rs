//! Going back.

use serde_json::{Value, json};

use super::{history, revert, revision, written};
use crate::make::{self, Made, paragraph};
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn an_older_revision_comes_back_as_a_new_one() {
    let app = TestApp::start().await;
    let first = make::wire_story(&app).await.ready().await;
    let change =
        json!({"headline": "Another", "deck": null, "body": [paragraph("New.")], "tag_ids": [], "slug": "another"});
    let second = first.patch(&app, change).await;
    let reply = revert(&app, &second, 1).await.expect(200);
    assert_eq!((reply.etag(), &reply["left_out"]), ("\"3\"", &json!([])));
    let third = Made::article(reply.json());
    assert_eq!(written(&third), written(&first));
    let last = history(&app, &third).await.pop().unwrap();
    assert_eq!(
        (&last["reason"], &last["source_revision"]),
        (&json!("revert"), &json!(1))
    );
    assert_eq!(
        revision(&app, &third, 2).await.expect(200)["article"],
        written(&second),
        "nothing is overwritten"
    );

    let again = revert(&app, &third, 1).await.expect(200);
    assert_eq!(again.etag(), "\"3\"", "what is there already makes no revision");
}

#[actix_web::test]
async fn a_live_page_stays_until_it_is_published_again() {
    let app = TestApp::start().await;
    let first = make::draft(&app, "First").ready().await;
    let live = first
        .patch(&app, json!({"headline": "Second"}))
        .await
        .act(&app, "publish")
        .await;
    let reply = revert(&app, &live, 1).await.expect(200);
    assert_eq!(
        (&reply["headline"], &reply["has_unpublished_changes"]),
        (&json!("First"), &json!(true))
    );
    assert_eq!(
        app.anon().get(first.public_path()).await.expect(200)["headline"],
        "Second"
    );
}

#[actix_web::test]
async fn what_is_no_longer_there_is_left_out_and_told() {
    let app = TestApp::start().await;
    let (kept, gone) = (make::tag(&app, "Kept").await, make::tag(&app, "Gone").await);
    let agency = make::contributor(&app, "Meridian Wire", "organisation").await;
    let section = make::section(&app, "World").await;
    let photo = make::photo(&app, Person::Editor).await;
    let (linked, related) = (
        make::draft(&app, "Linked in the text").ready().await,
        make::draft(&app, "Related").ready().await,
    );
    let first = make::draft(&app, "Ferry sails")
        .set("tag_ids", json!([gone.id(), kept.id()]))
        .set("byline", json!({"contributors": [{"contributor_id": agency.id()}]}))
        .set("section_id", section.id())
        .set("lead_media", json!({"media_id": photo.id()}))
        .set("related", json!([{"article_id": related.id(), "placement": "both"}]))
        .set(
            "body",
            json!([
                {"type": "paragraph", "id": "p1", "text": [{"text": "A link", "link": {"article_id": linked.id()}}]},
                {"type": "image", "id": "i1", "media_id": photo.id(), "caption": "Under the picture."},
            ]),
        )
        .ready()
        .await;
    let empty = json!({
        "tag_ids": [], "byline": {"contributors": []}, "section_id": null, "lead_media": null, "related": [],
        "body": [paragraph("New.")],
    });
    let second = first.patch(&app, empty).await;
    for one in [&gone, &agency, &section] {
        app.editor()
            .delete(one.path())
            .if_match(one.revision())
            .await
            .expect(204);
    }
    photo.trash(&app).await;
    for one in [&linked, &related] {
        app.admin()
            .delete(format!("{}?permanent=true", one.path()))
            .if_match(1)
            .await
            .expect(204);
    }

    let back = revert(&app, &second, 1).await.expect(200);
    let left_out: Vec<&str> = back["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        left_out,
        [
            "/section_id",
            "/byline/contributors/0/contributor_id",
            "/tag_ids/0",
            "/lead_media/media_id",
            "/body/1/media_id",
            "/body/0/text/0/link/article_id",
        ]
    );
    assert_eq!(back["tag_ids"], json!([kept.id()]));
    assert_eq!((&back["section_id"], &back["lead_media"]), (&Value::Null, &Value::Null));
    assert_eq!(back["body"][0]["text"], json!([{"text": "A link"}]));
    assert_eq!(back["body"][1]["text"], json!([{"text": "Under the picture."}]));
    let link = &back["related"][0];
    assert_eq!(
        (&link["label"], &link["hidden_because"]),
        (&json!("Related"), &json!("target_deleted"))
    );
}

#[actix_web::test]
async fn a_slug_that_another_has_by_now_is_not_taken_back() {
    let app = TestApp::start().await;
    let first = make::draft(&app, "Ferry sails").ready().await;
    let second = first.patch(&app, json!({"slug": "moved"})).await;
    make::draft(&app, "Ferry sails").ready().await;
    let back = revert(&app, &second, 1).await.expect(200);
    assert_eq!(
        (&back["slug"], &back["left_out"][0]["pointer"]),
        (&json!("moved"), &json!("/slug"))
    );
}

#[actix_web::test]
async fn reverting_asks_what_every_write_asks() {
    let app = TestApp::start().await;
    let made = make::draft(&app, "Ferry sails").by(Person::Contributor).ready().await;
    let path = made.action("revert");
    let call = app.editor().post(&path).json(&json!({"revision": 1}));
    call.await.refused(428, "precondition_required");
    for (body, pointer, rule) in [
        (json!({}), "/revision", "required"),
        (json!({"revision": 2}), "/revision", "unknown_reference"),
        (json!({"revision": "1"}), "/revision", "wrong_type"),
        (json!({"revision": 1, "x": 1}), "/x", "unknown"),
    ] {
        let refused = app
            .editor()
            .post(&path)
            .if_match(1)
            .json(&body)
            .await
            .refused(422, "invalid_body");
        assert_eq!(refused.flaws(), [(pointer.to_owned(), rule.to_owned())], "{body}");
    }
    let trashed = made.trash(&app).await;
    revert(&app, &trashed, 1).await.refused(409, "article_in_trash");
}

/// A change out of many, told by a number.
fn change(number: u64, links: &[Made], photos: &[Made], people: &[Made]) -> Value {
    let pick = |all: &[Made]| all[usize::try_from(number / 8).unwrap() % all.len()].id().to_owned();
    match number % 8 {
        0 => {
            json!({"body": [paragraph(&format!("Text {number}")), {"type": "related_article", "article_id": pick(links)}]})
        }
        1 => json!({"related": [{"article_id": pick(links), "kind": "background"}]}),
        2 => json!({"related": []}),
        3 => json!({"byline": {"contributors": [{"contributor_id": pick(people), "role": "editor"}]}}),
        4 => json!({"lead_media": {"media_id": pick(photos), "caption": format!("Caption {number}")}}),
        5 => json!({"lead_media": null, "body": [{"type": "image", "media_id": pick(photos)}, paragraph("Under it.")]}),
        6 => json!({"headline": format!("Headline {number}"), "custom": {"n": number}, "deck": null}),
        _ => {
            json!({"byline": {"contributors": [], "override": format!("By {number}")}, "body_markdown": format!("# {number}")})
        }
    }
}

#[actix_web::test]
async fn after_thirty_changes_the_first_revision_comes_back_to_the_letter() {
    let app = TestApp::start().await;
    let mut links = Vec::new();
    for headline in ["One", "Two", "Three"] {
        links.push(make::draft(&app, headline).published().await);
    }
    let photos = [
        make::photo(&app, Person::Editor).await,
        make::photo(&app, Person::Editor).await,
    ];
    let people = [
        make::contributor(&app, "Ansa Kivi", "person").await,
        make::contributor(&app, "Meridian Wire", "organisation").await,
    ];
    for seed in 0_u64..8 {
        let first = make::wire_story(&app)
            .await
            .set("headline", format!("Story {seed}"))
            .set("lead_media", json!({"media_id": photos[0].id(), "alt": "A ferry."}))
            .set(
                "related",
                json!([
                    {"article_id": links[0].id(), "placement": "both"},
                    {"url": "https://harbour.example/12", "title": "Notice 12"},
                    {"article_id": links[1].id(), "kind": "update_of"},
                ]),
            )
            .ready()
            .await;
        let mut random = seed;
        let mut now = first.clone();
        for _ in 0..30 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            now = now.patch(&app, change(random >> 40, &links, &photos, &people)).await;
        }
        let back = Made::article(revert(&app, &now, 1).await.expect(200).json());
        assert_eq!(written(&back), written(&first), "seed {seed}");
    }
}
