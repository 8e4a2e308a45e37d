//! Merging one tag into another, and one contributor into another.

use std::future::IntoFuture as _;

use futures_util::future::{join, join_all};
use serde_json::{Value, json};

use crate::make::{self, Made, Story};
use crate::support::{Person, TestApp, database};

const EDITORS: &str = "/api/v1/editor/articles";

/// The kinds that can be merged.
const KINDS: [&str; 2] = ["tags", "contributors"];

/// One that goes and one that stays.
async fn two(app: &TestApp, kind: &str) -> (Made, Made) {
    (make::one(app, kind, "Goes").await, make::one(app, kind, "Stays").await)
}

/// A story that names these, as tags or as authors.
fn naming<'a>(app: &'a TestApp, kind: &str, headline: &str, named: &[&Made]) -> Story<'a> {
    let mut story = make::draft(app, headline);
    let change = change(kind, named);
    for (field, value) in change.as_object().unwrap() {
        story.body[field] = value.clone();
    }
    story
}

fn change(kind: &str, named: &[&Made]) -> Value {
    let ids = named.iter().map(|made| made.id());
    if kind == "tags" {
        return json!({"tag_ids": ids.collect::<Vec<_>>()});
    }
    let credits: Vec<Value> = ids.map(|id| json!({"contributor_id": id})).collect();
    json!({"byline": {"contributors": credits}})
}

/// The slugs that an article shows, for editors or for readers.
fn slugs(kind: &str, article: &Value) -> Vec<String> {
    let list = if kind == "tags" {
        &article["tags"]
    } else {
        &article["byline"]["contributors"]
    };
    let all = list.as_array().unwrap().iter();
    all.map(|one| one["slug"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn every_article_names_the_one_that_stays_in_the_first_of_their_places() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let (goes, stays) = two(&app, kind).await;
        let other = make::one(&app, kind, "Other").await;
        let third = make::one(&app, kind, "Third").await;
        for (before, after) in [
            (vec![&goes], "stays"),
            (vec![&other, &goes, &third], "other stays third"),
            (vec![&goes, &other, &stays], "stays other"),
            (vec![&stays, &other, &goes], "stays other"),
            (vec![&other, &stays], "other stays"),
        ] {
            naming(&app, kind, after, &before).published().await;
        }
        let merged = goes.merge(&app, &stays).await;

        assert_eq!(merged.json["id"], stays.id(), "{kind}");
        assert_eq!(merged.json, stays.again(&app).await.json);
        assert_eq!(
            (&merged.json["revision"], &merged.json["article_count"]),
            (&json!(1), &json!(5))
        );
        app.editor().get(goes.path()).await.refused(404, "not_found");
        app.anon().get(goes.public_path()).await.refused(404, "not_found");
        for path in ["/api/v1/articles", EDITORS] {
            let filter = if kind == "tags" { "tag" } else { "contributor" };
            let list = app.editor().get(format!("{path}?{filter}=stays")).await.expect(200);
            assert_eq!(list.items().len(), 5, "{path} of {kind}");
            for article in list.items() {
                let expected = article["headline"].as_str().unwrap();
                assert_eq!(slugs(kind, article).join(" "), expected, "{path} of {kind}");
            }
        }
    }
}

#[actix_web::test]
async fn a_merge_moves_the_revision_of_what_it_changes_and_keeps_what_is_live_as_it_is() {
    let app = TestApp::start().await;
    for kind in KINDS {
        let (goes, stays) = two(&app, kind).await;
        let story = |headline: &str| naming(&app, kind, headline, &[&goes]);
        let draft = story("Draft").by(Person::Contributor).ready().await;
        let live = story("Live").published().await;
        let changed = story("Changed").published().await;
        let changed = changed.patch(&app, json!({"headline": "Not yet for readers"})).await;
        let taken_down = story("Down").published().await.act(&app, "unpublish").await;
        let trashed = story("Binned").ready().await.trash(&app).await;
        let dropped = story("Dropped").published().await.patch(&app, change(kind, &[])).await;
        let added = naming(&app, kind, "Added", &[]).published().await;
        let added = added.patch(&app, change(kind, &[&goes])).await;
        let untouched = naming(&app, kind, "Untouched", &[&stays]).published().await;
        app.clock.advance(60);
        let admin = app.admin().post(goes.action("merge")).if_match(1);
        admin.json(&json!({"into": stays.id()})).await.expect(200);

        for (what, before, moves, shown) in [
            ("draft", &draft, true, None),
            ("live", &live, true, Some("stays")),
            ("changed", &changed, true, Some("stays")),
            ("taken down", &taken_down, true, None),
            ("trashed", &trashed, true, None),
            ("dropped since", &dropped, false, Some("stays")),
            ("added since", &added, true, Some("")),
            ("untouched", &untouched, false, Some("stays")),
        ] {
            let after = before.again(&app).await;
            let by_admin = json!(database::user_id(Person::Admin));
            assert_eq!(after.revision(), before.revision() + i64::from(moves), "{kind}: {what}");
            assert_eq!(after.json["updated_by"] == by_admin, moves, "{kind}: {what}");
            assert_eq!(
                after.json["updated_at"] != before.json["updated_at"],
                moves,
                "{kind}: {what}"
            );
            for same in [
                "status",
                "has_unpublished_changes",
                "headline",
                "body",
                "word_count",
                "created_by",
                "deleted_at",
            ] {
                assert_eq!(after.json[same], before.json[same], "{kind}: {what}: {same}");
            }
            let stale = app.editor().patch(before.path()).if_match(before.revision());
            let status = stale.json(&json!({})).await.status();
            assert_eq!(status == 412, moves, "{kind}: {what}: {status}");
            let Some(shown) = shown else { continue };
            let page = app.anon().get(before.public_path()).await.expect(200);
            assert_eq!(slugs(kind, page.json()).join(" "), shown, "{kind}: {what}");
        }
        let now = live.again(&app).await;
        assert_eq!(now.json["live_revision"], now.json["revision"], "{kind}");
        assert_eq!(
            changed.again(&app).await.json["live_revision"],
            changed.json["live_revision"],
            "{kind}"
        );
        let again = now.act(&app, "publish").await;
        assert_eq!(again.json, now.json, "there is nothing to publish");
    }
}

#[actix_web::test]
async fn a_contributor_is_merged_role_by_role() {
    let app = TestApp::start().await;
    let (goes, stays) = two(&app, "contributors").await;
    let credit = |who: &Made, role: &str| json!({"contributor_id": who.id(), "role": role});
    let credits = json!([
        credit(&stays, "photographer"),
        credit(&goes, "author"),
        credit(&goes, "photographer"),
        credit(&stays, "editor"),
        credit(&goes, "editor"),
    ]);
    let plain = make::draft(&app, "Plain").set("byline", json!({"contributors": credits}));
    let plain = plain.published().await;
    let worded = make::draft(&app, "Worded").set("byline", json!({"contributors": credits, "override": "By our own"}));
    let worded = worded.published().await;
    goes.merge(&app, &stays).await;

    for (story, text) in [(&plain, "By Stays"), (&worded, "By our own")] {
        let page = app.anon().get(story.public_path()).await.expect(200);
        for byline in [&page["byline"], &story.again(&app).await.json["byline"]] {
            let roles: Vec<_> = byline["contributors"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["role"])
                .collect();
            assert_eq!(roles, ["photographer", "author", "editor"]);
            assert_eq!(byline["text"], text);
        }
    }
}

#[actix_web::test]
async fn what_cannot_be_merged_is_refused_and_stays_as_it_was() {
    let app = TestApp::start().await;
    let nobody = "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f";
    for kind in KINDS {
        let (goes, stays) = two(&app, kind).await;
        let story = naming(&app, kind, "Named", &[&goes]).published().await;
        let stranger = if kind == "tags" {
            make::contributor(&app, "Stranger", "person").await
        } else {
            make::tag(&app, "Stranger").await
        };
        for (what, body, at, rule) in [
            ("into itself", json!({"into": goes.id()}), "/into", "not_allowed"),
            ("into nobody", json!({"into": nobody}), "/into", "unknown_reference"),
            (
                "into another kind",
                json!({"into": stranger.id()}),
                "/into",
                "unknown_reference",
            ),
            ("into a slug", json!({"into": stays.slug()}), "/into", "malformed"),
            ("into null", json!({"into": null}), "/into", "wrong_type"),
            ("into nothing", json!({}), "/into", "required"),
            (
                "with more",
                json!({"into": stays.id(), "force": true}),
                "/force",
                "unknown",
            ),
        ] {
            let call = app.editor().post(goes.action("merge")).if_match(1).json(&body);
            let refusal = call.await.refused(422, "invalid_body");
            assert_eq!(refusal.flaws(), [(at.to_owned(), rule.to_owned())], "{kind} {what}");
        }
        let into = json!({"into": stays.id()});
        let merge = |person| app.person(person).post(goes.action("merge")).json(&into);
        merge(Person::Editor).await.refused(428, "precondition_required");
        let stale = merge(Person::Editor).if_match(2).await.refused(412, "stale_revision");
        assert_eq!(stale["current"]["revision"], 1);
        merge(Person::Contributor).if_match(1).await.refused(403, "forbidden");
        let gone = app.editor().post(goes.action("merge").replace(goes.id(), nobody));
        gone.if_match(1).json(&into).await.refused(404, "not_found");

        for made in [&goes, &stays, &story] {
            let kept = made.again(&app).await;
            assert_eq!(kept.json["revision"], made.json["revision"], "{kind}");
        }
        goes.merge(&app, &stays).await;
        merge(Person::Editor).if_match(1).await.refused(404, "not_found");
    }
}

/// Writers of articles and a merge of what the articles name wait for each other, and none fails.
#[actix_web::test]
async fn a_merge_while_articles_are_written_loses_no_change() {
    let app = TestApp::with(|config| config.database.connections = 8).await;
    for (round, kind) in KINDS.into_iter().cycle().take(8).enumerate() {
        let goes = make::one(&app, kind, &format!("Goes {round}")).await;
        let stays = make::one(&app, kind, &format!("Stays {round}")).await;
        let mut stories = Vec::new();
        for number in 0..16 {
            stories.push(naming(&app, kind, &format!("Raced {number}"), &[&goes]).ready().await);
        }
        let write = |story: &Made, publish: bool| {
            let call = if publish {
                app.editor().post(story.action("publish"))
            } else {
                app.editor().patch(story.path()).json(&json!({"deck": "Written."}))
            };
            let call = call.if_match(1).into_future();
            async { call.await.status() }
        };
        let before = stories.iter().take(4).map(|story| write(story, false));
        let after = stories
            .iter()
            .enumerate()
            .skip(4)
            .map(|(at, story)| write(story, at % 2 == 0));
        let merge = app.editor().post(goes.action("merge")).if_match(1);
        let merge = merge.json(&json!({"into": stays.id()})).into_future();
        let (before, (merged, after)) = join(join_all(before), join(merge, join_all(after))).await;

        merged.expect(200);
        for (story, status) in stories.iter().zip(before.into_iter().chain(after)) {
            assert!(matches!(status, 200 | 412), "{kind}: {status}");
            let now = story.again(&app).await;
            assert_eq!(slugs(kind, &now.json), [stays.slug()], "{kind}");
            assert_eq!(now.revision(), 2 + i64::from(status == 200), "{kind}");
            if now.json["live_revision"].is_number() {
                let page = app.anon().get(story.public_path()).await.expect(200);
                assert_eq!(slugs(kind, page.json()), [stays.slug()], "{kind}");
            }
        }
    }
}
