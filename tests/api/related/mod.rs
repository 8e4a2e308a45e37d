//! Related links: one link, shown in the list, in the body and at its target, and lost by nobody but an editor.

mod body;
mod broken;
mod callers;
mod edit;
mod lines;
mod model;
mod readers;
mod statements;
mod suggestions;
mod targets;
mod together;

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::{Call, Reply, TestApp};

/// The links of an article, as editors have them.
async fn links(app: &TestApp, of: &Made) -> Reply {
    app.editor().get(format!("{}/related", of.path())).await.expect(200)
}

fn add<'a>(app: &'a TestApp, to: &Made, link: &Value) -> Call<'a> {
    let call = app.editor().post(format!("{}/related", to.path()));
    call.if_match(to.revision()).json(link)
}

/// A live article, and a story that links to it with what is given besides.
async fn pair(app: &TestApp, link: Value) -> (Made, Made) {
    let target = make::draft(app, "Storm closes the strait").published().await;
    let mut link = link;
    link["article_id"] = json!(target.id());
    let story = make::draft(app, "Ferry sails")
        .set("related", json!([link]))
        .ready()
        .await;
    (target, story)
}
