//! Media over HTTP.

mod bytes;
mod edit;
mod parts;
mod samples;
mod upload;

use serde_json::json;

use crate::make;
use crate::support::{Call, Person, TestApp};

/// Calls that meet the problems that only media have.
pub(crate) async fn provocations(app: &TestApp) -> Vec<Call<'_>> {
    let picture = make::photo(app, Person::Editor).await;
    let binned = make::photo(app, Person::Editor).await.trash(app).await;
    let begun = make::upload(app, Person::Contributor).await;
    let upload = || app.editor().post("/api/v1/editor/media");
    let original = picture.json["original_url"].as_str().unwrap();
    vec![
        upload().header("Content-Type", "image/png").bytes(&make::png()[..100]),
        app.editor()
            .patch(binned.path())
            .if_match(binned.revision())
            .json(&json!({"caption": "x"})),
        app.contributor()
            .patch(begun.path())
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", "7")
            .header("Content-Type", "application/offset+octet-stream"),
        app.contributor().patch(begun.path()).header("Tus-Resumable", "0.1.0"),
        app.anon().get(original).header("Range", "bytes=9999999-"),
    ]
}
