//! Lists with those fields only that were asked for.

use std::collections::BTreeSet;

use serde_json::json;

use crate::make;
use crate::support::TestApp;
use crate::support::document::document;

fn names(value: &serde_json::Value) -> BTreeSet<&str> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

#[actix_web::test]
async fn the_fields_that_were_asked_for_come_as_they_are_and_no_others() {
    let app = TestApp::start().await;
    let target = make::draft(&app, "Timetable").published().await;
    make::wire_story(&app)
        .await
        .set("related", json!([{"article_id": target.id()}]))
        .published()
        .await;
    let list = "/api/v1/articles?include=related&count=true";
    let whole = app.anon().get(list).await.expect(200);
    assert_eq!(whole.header("Content-Type"), Some("application/json"));
    for field in document()["components"]["schemas"]["ListedField"]["enum"]
        .as_array()
        .unwrap()
    {
        let field = field.as_str().unwrap();
        let page = app
            .anon()
            .get(format!("{list}&fields={field},headline"))
            .await
            .expect(200);
        assert_eq!(
            page.header("Content-Type"),
            Some("application/vnd.copydesk.trimmed+json")
        );
        assert_eq!(page["total"], 2);
        for (item, all) in page.items().iter().zip(whole.items()) {
            assert_eq!(names(item), BTreeSet::from(["id", "headline", field]));
            for name in names(item) {
                assert_eq!(item[name], all[name]);
            }
        }
        assert_eq!(page.header("Surrogate-Key"), whole.header("Surrogate-Key"));
    }
}

#[test]
fn every_field_of_a_listed_article_can_be_asked_for() {
    let schemas = &document()["components"]["schemas"];
    let mut fields = names(&schemas["ArticleSummary"]["properties"]);
    fields.insert("related");
    assert_eq!(fields, names(&schemas["TrimmedArticle"]["properties"]));
    let listed = schemas["ListedField"]["enum"].as_array().unwrap();
    assert_eq!(fields, listed.iter().filter_map(|field| field.as_str()).collect());
}

#[actix_web::test]
async fn a_field_that_does_not_exist_is_told_with_those_that_do() {
    let app = TestApp::start().await;
    for wrong in ["body", "headline,", "", "Headline", "headline,internal_note"] {
        let reply = app.anon().get(format!("/api/v1/articles?fields={wrong}")).await;
        let reply = reply.refused(400, "invalid_parameter");
        assert_eq!(
            reply.flaws(),
            [("fields".to_owned(), "not_allowed".to_owned())],
            "{wrong}"
        );
    }
}
