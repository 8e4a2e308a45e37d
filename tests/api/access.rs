//! Who may do what: every operation of the document, asked by every kind of caller, against one reviewed table.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::document::{Operation, operations};
use crate::support::{Client, PASSWORD, Person, TestApp};

/// Who asks. The table's columns, in this order.
#[derive(Debug, Clone, Copy)]
enum Caller {
    Nobody,
    /// With a token that is not ours.
    Forger,
    /// A contributor, of somebody else's article.
    Stranger,
    /// The contributor whose article it is.
    Author,
    Editor,
    Admin,
}

const CALLERS: [Caller; 6] = [
    Caller::Nobody,
    Caller::Forger,
    Caller::Stranger,
    Caller::Author,
    Caller::Editor,
    Caller::Admin,
];

const ANYONE: [u16; 6] = [200, 401, 200, 200, 200, 200];
const KNOWN: [u16; 6] = [401, 401, 200, 200, 200, 200];
const AUTHOR_OR_EDITOR: [u16; 6] = [401, 401, 404, 200, 200, 200];
const EDITOR_OF_ARTICLES: [u16; 6] = [401, 401, 404, 403, 200, 200];
const EDITOR_CREATES: [u16; 6] = [401, 401, 403, 403, 201, 201];
const EDITOR_CHANGES: [u16; 6] = [401, 401, 403, 403, 200, 200];
const EDITOR_DELETES: [u16; 6] = [401, 401, 403, 403, 204, 204];

/// What each caller is answered. Articles are the author's drafts, but for what only another state allows.
const TABLE: &[(&str, [u16; 6])] = &[
    ("list_articles", ANYONE),
    ("get_article", ANYONE),
    ("list_related", ANYONE),
    ("list_backlinks", ANYONE),
    ("resolve_path", ANYONE),
    ("list_sections", ANYONE),
    ("get_section", ANYONE),
    ("list_contributors", ANYONE),
    ("get_contributor", ANYONE),
    ("list_tags", ANYONE),
    ("get_tag", ANYONE),
    ("list_working_copies", KNOWN),
    ("create_article", [401, 401, 201, 201, 201, 201]),
    ("get_working_copy", AUTHOR_OR_EDITOR),
    ("patch_article", AUTHOR_OR_EDITOR),
    ("trash_article", AUTHOR_OR_EDITOR),
    ("restore_article", AUTHOR_OR_EDITOR),
    ("list_related_links", AUTHOR_OR_EDITOR),
    ("replace_related_links", AUTHOR_OR_EDITOR),
    ("add_related_link", [401, 401, 404, 201, 201, 201]),
    ("get_related_link", AUTHOR_OR_EDITOR),
    ("patch_related_link", AUTHOR_OR_EDITOR),
    ("remove_related_link", AUTHOR_OR_EDITOR),
    ("list_referrers", AUTHOR_OR_EDITOR),
    ("suggest_related", AUTHOR_OR_EDITOR),
    ("list_translations", AUTHOR_OR_EDITOR),
    ("create_translation", [401, 401, 404, 201, 201, 201]),
    ("list_revisions", AUTHOR_OR_EDITOR),
    ("get_revision", AUTHOR_OR_EDITOR),
    ("diff_revisions", AUTHOR_OR_EDITOR),
    ("revert_article", AUTHOR_OR_EDITOR),
    ("publish_article", EDITOR_OF_ARTICLES),
    ("unpublish_article", EDITOR_OF_ARTICLES),
    ("retract_article", EDITOR_OF_ARTICLES),
    ("upload_media", [401, 401, 201, 201, 201, 201]),
    ("list_media", KNOWN),
    ("get_editor_media", KNOWN),
    ("patch_media", [401, 401, 403, 200, 200, 200]),
    ("replace_media_file", [401, 401, 403, 200, 200, 200]),
    ("trash_media", [401, 401, 403, 200, 200, 200]),
    ("restore_media", [401, 401, 403, 200, 200, 200]),
    ("list_media_usages", KNOWN),
    ("begin_upload", [401, 401, 201, 201, 201, 201]),
    ("get_upload", [401, 401, 404, 200, 404, 404]),
    ("send_upload_part", [401, 401, 404, 204, 404, 404]),
    ("cancel_upload", [401, 401, 404, 204, 404, 404]),
    ("report_rights_expiring", KNOWN),
    ("report_unused_media", KNOWN),
    ("report_missing_alt", KNOWN),
    ("report_broken_links", KNOWN),
    // Of a picture that no reader sees.
    ("get_media_bytes", [404, 401, 404, 404, 404, 404]),
    ("list_editor_sections", KNOWN),
    ("create_section", EDITOR_CREATES),
    ("get_editor_section", KNOWN),
    ("patch_section", EDITOR_CHANGES),
    ("delete_section", EDITOR_DELETES),
    ("list_editor_contributors", KNOWN),
    ("create_contributor", EDITOR_CREATES),
    ("get_editor_contributor", KNOWN),
    ("patch_contributor", EDITOR_CHANGES),
    ("delete_contributor", EDITOR_DELETES),
    ("merge_contributor", EDITOR_CHANGES),
    ("list_editor_tags", KNOWN),
    ("create_tag", EDITOR_CREATES),
    ("get_editor_tag", KNOWN),
    ("patch_tag", EDITOR_CHANGES),
    ("delete_tag", EDITOR_DELETES),
    ("merge_tag", EDITOR_CHANGES),
    ("login", ANYONE),
    ("get_jwks", ANYONE),
    ("get_liveness", ANYONE),
    ("get_readiness", ANYONE),
    ("get_openapi", ANYONE),
    ("show_docs", ANYONE),
    ("show_errors", ANYONE),
    ("get_docs_file", ANYONE),
];

/// What the author and an editor are answered in each state of the author's article.
const STATES: &[(&str, &str, u16, u16)] = &[
    ("draft", "get_working_copy", 200, 200),
    ("draft", "patch_article", 200, 200),
    ("draft", "trash_article", 200, 200),
    ("draft", "publish_article", 403, 200),
    ("draft", "unpublish_article", 403, 409),
    ("draft", "restore_article", 200, 200),
    ("draft", "retract_article", 403, 409),
    ("published", "get_working_copy", 200, 200),
    ("published", "patch_article", 403, 200),
    ("published", "trash_article", 403, 200),
    ("published", "publish_article", 403, 200),
    ("published", "unpublish_article", 403, 200),
    ("published", "restore_article", 403, 200),
    ("published", "retract_article", 403, 200),
    ("published", "list_revisions", 200, 200),
    ("published", "revert_article", 403, 200),
    ("published", "list_related_links", 200, 200),
    ("published", "add_related_link", 403, 201),
    ("published", "list_referrers", 200, 200),
    ("published", "list_translations", 200, 200),
    ("published", "create_translation", 201, 201),
    ("unpublished", "get_working_copy", 200, 200),
    ("unpublished", "patch_article", 403, 200),
    ("unpublished", "trash_article", 403, 200),
    ("unpublished", "publish_article", 403, 200),
    ("unpublished", "unpublish_article", 403, 409),
    ("unpublished", "restore_article", 403, 200),
    ("unpublished", "retract_article", 403, 200),
    ("retracted", "get_working_copy", 200, 200),
    ("retracted", "patch_article", 403, 200),
    ("retracted", "publish_article", 403, 200),
    ("retracted", "unpublish_article", 403, 409),
    ("retracted", "retract_article", 403, 409),
    ("trashed draft", "get_working_copy", 200, 200),
    ("trashed draft", "patch_article", 409, 409),
    ("trashed draft", "trash_article", 200, 200),
    ("trashed draft", "publish_article", 403, 409),
    ("trashed draft", "unpublish_article", 403, 409),
    ("trashed draft", "restore_article", 200, 200),
    ("trashed draft", "retract_article", 403, 409),
    ("trashed draft", "get_revision", 200, 200),
    ("trashed draft", "revert_article", 409, 409),
    ("trashed draft", "list_related_links", 200, 200),
    ("trashed draft", "replace_related_links", 409, 409),
    ("trashed draft", "add_related_link", 409, 409),
    ("trashed draft", "patch_related_link", 409, 409),
    ("trashed draft", "remove_related_link", 409, 409),
    ("trashed draft", "list_translations", 200, 200),
    ("trashed draft", "create_translation", 409, 409),
    ("trashed after publishing", "get_working_copy", 200, 200),
    ("trashed after publishing", "patch_article", 403, 409),
    ("trashed after publishing", "trash_article", 403, 200),
    ("trashed after publishing", "publish_article", 403, 409),
    ("trashed after publishing", "unpublish_article", 403, 409),
    ("trashed after publishing", "restore_article", 403, 200),
];

impl Caller {
    fn client(self, app: &TestApp) -> Client<'_> {
        match self {
            Self::Nobody => app.anon(),
            Self::Forger => app.bearer("eyJhbGciOiJub25lIn0.e30."),
            Self::Stranger => app.person(Person::Stranger),
            Self::Author => app.contributor(),
            Self::Editor => app.editor(),
            Self::Admin => app.admin(),
        }
    }
}

#[actix_web::test]
async fn every_operation_answers_every_caller_as_the_table_says() {
    let app = TestApp::start().await;
    for operation in operations() {
        let id = operation.id();
        let row = TABLE.iter().find(|(name, _)| *name == id);
        let (_, expected) = row.unwrap_or_else(|| panic!("`{id}` is in the document and not in the table"));
        let state = match id {
            "get_article" | "list_related" | "list_backlinks" | "resolve_path" | "unpublish_article"
            | "retract_article" => "published",
            "restore_article" => "trashed draft",
            _ => "draft",
        };
        let mut told = Vec::new();
        for caller in CALLERS {
            let subject = subject(&app, operation.path, state).await;
            told.push(call(&app, caller.client(&app), &operation, subject.as_ref()).await);
        }
        assert_eq!(told, expected, "{id} for {CALLERS:?}");
    }
}

#[test]
fn the_table_has_no_row_without_an_operation() {
    let all: Vec<_> = operations().iter().map(Operation::id).collect();
    for (name, _) in TABLE {
        assert!(all.contains(name), "`{name}` is not in the document");
    }
}

#[actix_web::test]
async fn what_an_author_may_do_depends_on_the_state_of_the_article() {
    let app = TestApp::start().await;
    let operations = operations();
    for (state, id, author, editor) in STATES {
        let operation = operations.iter().find(|one| one.id() == *id).unwrap();
        for (caller, expected) in [
            (Caller::Author, author),
            (Caller::Editor, editor),
            (Caller::Stranger, &404),
        ] {
            let subject = subject(&app, operation.path, state).await;
            let told = call(&app, caller.client(&app), operation, subject.as_ref()).await;
            assert_eq!(told, *expected, "{id} of a {state} article by {caller:?}");
        }
    }
}

#[actix_web::test]
async fn a_denied_request_changes_nothing() {
    let app = TestApp::start().await;
    for operation in operations()
        .iter()
        .filter(|one| one.path.contains("/editor/") && one.method != "get")
    {
        let Some(subject) = subject(&app, operation.path, "published").await else {
            continue;
        };
        for caller in [Caller::Nobody, Caller::Forger, Caller::Stranger] {
            call(&app, caller.client(&app), operation, Some(&subject)).await;
            assert_eq!(
                subject.again(&app).await.json,
                subject.json,
                "{} by {caller:?}",
                operation.id()
            );
        }
    }
}

/// What an operation is about: a fresh one for each call.
async fn subject(app: &TestApp, path: &str, state: &str) -> Option<Made> {
    if let Some(kind) = make::KINDS.into_iter().find(|kind| path.contains(kind)) {
        return Some(make::one(app, kind, &unique(kind)).await);
    }
    if path.contains("/editor/uploads/") {
        return Some(make::upload(app, Person::Contributor).await);
    }
    if path.contains("/media/") {
        return Some(make::photo(app, Person::Contributor).await);
    }
    if !path.contains("{id}") && !path.contains("{article}") && !path.ends_with("/resolve") {
        return None;
    }
    let mut draft = make::draft(app, "The author's own").by(Person::Contributor);
    if path.contains("{link}") {
        let link = json!({"url": "https://harbour.example/notices/12", "title": "Notice 12"});
        draft = draft.set("related", json!([link]));
    }
    let draft = draft.ready().await;
    Some(match state {
        "published" => draft.act(app, "publish").await,
        "unpublished" => draft.act(app, "publish").await.act(app, "unpublish").await,
        "retracted" => draft.act(app, "publish").await.act(app, "retract").await,
        "trashed draft" => draft.trash(app).await,
        "trashed after publishing" => draft.act(app, "publish").await.trash(app).await,
        _ => draft,
    })
}

fn unique(what: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("A {what} {}", COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn call(app: &TestApp, client: Client<'_>, operation: &Operation, subject: Option<&Made>) -> u16 {
    let mut path = operation
        .path
        .replace("{file}", "start.js")
        .replace("{name}", "160.webp")
        .replace("{revision}", "1");
    if let Some(subject) = subject {
        path = path.replace("{id}", subject.id()).replace("{article}", subject.id());
        if path.contains("{slug}") {
            path = path.replace("{slug}", subject.slug());
        }
        if let Some(link) = subject.json["related"][0]["id"].as_str() {
            path = path.replace("{link}", link);
        }
        if operation.id() == "resolve_path" {
            path = format!(
                "{path}?path={}",
                subject.json["canonical_url"].as_str().expect("an address")
            );
        }
    }
    if operation.id() == "diff_revisions" {
        path += "?from=1";
    }
    assert!(!path.contains('{'), "{path}: what is to be put there?");
    let mut call = client.call(&operation.method.to_uppercase(), path);
    if !operation
        .parameters("header")
        .iter()
        .all(|one| one["name"] != "If-Match")
    {
        call = call.if_match(subject.expect("something to change").again(app).await.revision());
    }
    call = match operation.id() {
        "upload_media" | "replace_media_file" => call.header("Content-Type", "image/png").bytes(make::png()),
        "begin_upload" => call.header("Tus-Resumable", "1.0.0").header("Upload-Length", "1000"),
        "send_upload_part" => call
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", "0")
            .header("Content-Type", "application/offset+octet-stream")
            .bytes("part"),
        id if operation.body.get("requestBody").is_some() => call.json(&body(app, id).await),
        _ => call,
    };
    call.await.status()
}

async fn body(app: &TestApp, id: &str) -> Value {
    match id {
        "login" => json!({"email": Person::Editor.email(), "password": PASSWORD}),
        "create_article" => json!({"headline": "New"}),
        "create_translation" => json!({"locale": "fr"}),
        "create_section" | "create_contributor" | "create_tag" => json!({"name": unique("new one")}),
        "merge_contributor" => json!({"into": make::contributor(app, "Who stays", "person").await.id()}),
        "merge_tag" => json!({"into": make::tag(app, "What stays").await.id()}),
        "patch_article" => json!({"deck": "Changed."}),
        "revert_article" => json!({"revision": 1}),
        "replace_related_links" => json!({"items": []}),
        "add_related_link" => json!({"url": "https://harbour.example/notices/13", "title": "Notice 13"}),
        "patch_related_link" => json!({"label_override": "Changed."}),
        "patch_media" => json!({"caption": "Changed."}),
        "patch_section" | "patch_tag" => json!({"description": "Changed."}),
        "patch_contributor" => json!({"bio": "Changed."}),
        other => panic!("`{other}` takes a body that this test does not know"),
    }
}
