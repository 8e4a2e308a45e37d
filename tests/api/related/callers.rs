//! Links and those who may not see all of them.

use serde_json::json;

use super::add;
use crate::make;
use crate::support::{Person, TestApp};

#[actix_web::test]
async fn a_link_tells_a_contributor_nothing_of_what_is_not_theirs_to_see() {
    let app = TestApp::start().await;
    let secret = make::draft(&app, "Secret of another").ready().await;
    let own = make::draft(&app, "Own").by(Person::Contributor).ready().await;
    let contributor = app.contributor();
    let path = format!("{}/related", own.path());
    let link = json!({"article_id": secret.id()});
    let call = contributor.post(&path).if_match(1).json(&link);
    let reply = call.await.refused(422, "invalid_body");
    assert_eq!(
        reply.flaws(),
        [("/article_id".to_owned(), "unknown_reference".to_owned())]
    );
    // An editor may link there; the contributor sees that there is a link, and not to what.
    add(&app, &own, &link).await.expect(201);
    let seen = contributor.get(&path).await.expect(200);
    assert!(!seen.text().contains("Secret"), "{}", seen.text());
    assert!(seen.items()[0]["label"].is_null() && seen.items()[0]["target"].is_null());
    for form in ["html", "markdown", "text", "blocks"] {
        let seen = contributor.get(format!("{}?body={form}", own.path())).await.expect(200);
        assert!(!seen.text().contains("Secret"), "{}", seen.text());
    }
    // What is live anybody may know of, but not change.
    let secret = secret.act(&app, "publish").await;
    assert_eq!(
        contributor.get(&path).await.expect(200).column("label"),
        ["Secret of another"]
    );
    let link = json!({"article_id": secret.id(), "kind": "background", "reciprocal": true});
    let call = contributor
        .post(&path)
        .if_match(own.again(&app).await.revision())
        .json(&link);
    let reply = call.await.refused(422, "invalid_body");
    assert_eq!(reply.flaws(), [("/reciprocal".to_owned(), "not_allowed".to_owned())]);
    let referrers = contributor.get(format!("{}/backlinks", secret.path())).await;
    referrers.refused(404, "not_found");
}
