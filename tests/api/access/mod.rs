//! Who may do what: every operation of the document, asked by every kind of caller, against one reviewed table.

mod scopes;
mod table;

use serde_json::{Value, json};

use crate::auth::api_keys::make_key;
use crate::make::{self, Made};
use crate::support::database::user_id;
use crate::support::document::{Operation, operations};
use crate::support::{Call, Client, PASSWORD, Person, TestApp};

use table::{STATES, TABLE};

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
    let shared = TestApp::start().await;
    for operation in operations() {
        let id = operation.id();
        // What ends the sessions of callers is asked in a newsroom of its own.
        let own = if operation.path.starts_with("/api/v1/auth/") {
            Some(TestApp::start().await)
        } else {
            None
        };
        let app = own.as_ref().unwrap_or(&shared);
        let row = TABLE.iter().find(|(name, _)| *name == id);
        let (_, expected) = row.unwrap_or_else(|| panic!("`{id}` is in the document and not in the table"));
        let state = state_for(id);
        let mut told = Vec::new();
        for caller in CALLERS {
            let subject = subject(app, operation.path, state).await;
            told.push(call(app, caller.client(app), &operation, subject.as_ref()).await);
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

/// The state in which an article allows the operation.
pub(crate) fn state_for(operation: &str) -> &'static str {
    match operation {
        "get_article" | "list_related" | "list_backlinks" | "resolve_path" | "get_sitemap_file"
        | "unpublish_article" | "retract_article" => "published",
        "restore_article" => "trashed draft",
        "reject_article" => "in review",
        "unschedule_article" => "scheduled",
        _ => "draft",
    }
}

/// What an operation is about: a fresh one for each call.
pub(crate) async fn subject(app: &TestApp, path: &str, state: &str) -> Option<Made> {
    if let Some(kind) = make::KINDS.into_iter().find(|kind| path.contains(kind)) {
        return Some(make::one(app, kind, &unique(kind)).await);
    }
    if path.contains("/editor/uploads/") {
        return Some(make::upload(app, Person::Contributor).await);
    }
    if path.contains("/media/") {
        return Some(make::photo(app, Person::Contributor).await);
    }
    if path.contains("/auth/") {
        return None;
    }
    let has_story =
        |path: &str| path.ends_with("/resolve") || path.starts_with("/sitemaps/") || path.contains("/preview/");
    if !path.contains("{id}") && !path.contains("{article}") && !has_story(path) {
        return None;
    }
    let mut draft = make::draft(app, "The author's own").by(Person::Contributor);
    if path.contains("{link}") {
        let link = json!({"url": "https://harbour.example/notices/12", "title": "Notice 12"});
        draft = draft.set("related", json!([link]));
    }
    let mut draft = draft.ready().await;
    if path.contains("{correction}") {
        let call = app.editor().post(format!("{}/corrections", draft.path())).if_match(1);
        call.json(&json!({"text": "Wrong day."})).await.expect(201);
        draft = draft.again(app).await;
    }
    Some(match state {
        "published" => draft.act(app, "publish").await,
        "unpublished" => draft.act(app, "publish").await.act(app, "unpublish").await,
        "in review" => draft.act(app, "submit").await,
        "scheduled" => {
            let call = app.editor().post(draft.action("schedule")).if_match(draft.revision());
            Made::article(call.json(&times()).await.expect(200).json())
        }
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
    request(app, client, operation, subject).await.await.status()
}

/// The path with the names of what was handed out for this: a key, or a preview.
async fn handed_out(app: &TestApp, mut path: String, subject: Option<&Made>) -> String {
    if path.contains("/auth/api-keys/{id}") {
        let made = make_key(app.contributor(), &["articles:read"]).await;
        path = path.replace("{id}", made["id"].as_str().expect("an id"));
    }
    if path.contains("{token}") || path.contains("{preview}") {
        let shared = format!("{}/preview-tokens", subject.expect("an article").path());
        let shared = app.editor().post(shared).await.expect(201);
        path = path.replace("{token}", shared["token"].as_str().expect("a token"));
        path = path.replace("{preview}", shared["id"].as_str().expect("an id"));
    }
    path
}

/// What somebody who may do it all sends.
pub(crate) async fn request<'a>(
    app: &TestApp,
    client: Client<'a>,
    operation: &Operation,
    subject: Option<&Made>,
) -> Call<'a> {
    let mut path = operation
        .path
        .replace(
            "/auth/sessions/{id}",
            &format!("/auth/sessions/{}", user_id(Person::Contributor)),
        )
        .replace("/sitemaps/{file}", "/sitemaps/2026-02.xml")
        .replace("{file}", "start.js")
        .replace("{name}", "160.webp")
        .replace("{feed}", "all.rss")
        .replace("{revision}", "1");
    path = handed_out(app, path, subject).await;
    if let Some(subject) = subject {
        path = path.replace("{id}", subject.id()).replace("{article}", subject.id());
        if path.contains("{slug}") {
            path = path.replace("{slug}", subject.slug());
        }
        if let Some(link) = subject.json["related"][0]["id"].as_str() {
            path = path.replace("{link}", link);
        }
        if let Some(correction) = subject.json["corrections"][0]["id"].as_str() {
            path = path.replace("{correction}", correction);
        }
        if operation.id() == "resolve_path" {
            path = format!(
                "{path}?path={}",
                subject.json["canonical_url"].as_str().expect("an address")
            );
        }
    }
    match operation.id() {
        "diff_revisions" => path += "?from=1",
        "search_articles" => path += "?q=ferry",
        _ => {}
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
    match operation.id() {
        "upload_media" | "replace_media_file" => call.header("Content-Type", "image/png").bytes(make::png()),
        "begin_upload" => call.header("Tus-Resumable", "1.0.0").header("Upload-Length", "1000"),
        "send_upload_part" => call
            .header("Tus-Resumable", "1.0.0")
            .header("Upload-Offset", "0")
            .header("Content-Type", "application/offset+octet-stream")
            .bytes("part"),
        id if operation.body.get("requestBody").is_some() => call.json(&body(app, id).await),
        _ => call,
    }
}

/// A time that has not come when tests begin.
fn times() -> Value {
    json!({"publish_at": "2026-03-01T06:00:00Z"})
}

async fn body(app: &TestApp, id: &str) -> Value {
    match id {
        "login" => json!({"email": Person::Editor.email(), "password": PASSWORD}),
        "refresh_tokens" => {
            let login = app.anon().post("/api/v1/auth/login");
            let login = login.json(&json!({"email": Person::Editor.email(), "password": PASSWORD}));
            json!({"refresh_token": login.await.expect(200)["refresh_token"]})
        }
        "create_reset_code" => json!({"email": Person::Editor.email()}),
        "reset_password" => {
            // Of none of the callers, whose sessions it would end.
            let email = format!("{}@newsroom.example", unique("one").replace(' ', "-"));
            make::user(app, &email).await;
            let code = app
                .admin()
                .post("/api/v1/auth/reset-codes")
                .json(&json!({"email": email}));
            let code = code.await.expect(200);
            json!({"email": email, "code": code["code"], "new_password": "cormorants over the strait"})
        }
        "change_password" => json!({"current_password": PASSWORD, "new_password": "cormorants over the strait"}),
        "begin_totp" | "remove_totp" => json!({ "current_password": PASSWORD }),
        "confirm_totp" => json!({"code": "287082"}),
        "create_api_key" => json!({"name": "Results desk", "scopes": ["articles:read"]}),
        "create_article" => json!({"headline": "New"}),
        "run_batch" => {
            let create = json!({"method": "POST", "path": "/api/v1/editor/articles", "body": {"headline": "New"}});
            json!({"atomic": true, "operations": [create]})
        }
        "create_preview_token" => json!({"expires_in": 3600}),
        "create_translation" => json!({"locale": "fr"}),
        "create_section" | "create_contributor" | "create_tag" => json!({"name": unique("new one")}),
        "merge_contributor" => json!({"into": make::contributor(app, "Who stays", "person").await.id()}),
        "merge_tag" => json!({"into": make::tag(app, "What stays").await.id()}),
        "patch_article" => json!({"deck": "Changed."}),
        "revert_article" => json!({"revision": 1}),
        "lock_article" => json!({"take_over": true}),
        "correct_article" | "patch_correction" => json!({"text": "Another day."}),
        "retract_article" => json!({"notice": "Forged."}),
        "reject_article" => json!({"note": "Needs a second source."}),
        "schedule_article" => times(),
        "replace_related_links" => {
            json!({"items": [{"url": "https://harbour.example/notices/14", "title": "Notice 14"}]})
        }
        "add_related_link" => json!({"url": "https://harbour.example/notices/13", "title": "Notice 13"}),
        "patch_related_link" => json!({"label_override": "Changed."}),
        "patch_media" => json!({"caption": "Changed."}),
        "patch_section" | "patch_tag" => json!({"description": "Changed."}),
        "patch_contributor" => json!({"bio": "Changed."}),
        other => panic!("`{other}` takes a body that this test does not know"),
    }
}
