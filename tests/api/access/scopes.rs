//! What an API key may do: every operation of the editor surface, with every scope but its own, and with no other.

use copydesk::domain::scope::{Scope, Scopes};

use super::{call, state_for, subject};
use crate::auth::api_keys::make_key;
use crate::support::TestApp;
use crate::support::document::operations;

use Scope::{
    PublishArticles, ReadArticles, ReadAudit, ReadMedia, ReadTaxonomy, WriteArticles, WriteMedia, WriteTaxonomy,
};

/// The reviewed table: what an operation asks of a key.
const TABLE: &[(Scope, &[&str])] = &[
    (
        ReadArticles,
        &[
            "list_working_copies",
            "get_working_copy",
            "list_article_audit",
            "list_related_links",
            "get_related_link",
            "list_referrers",
            "suggest_related",
            "list_translations",
            "list_revisions",
            "get_revision",
            "diff_revisions",
            "validate_article",
            "list_corrections",
            "list_schedule",
            "report_broken_links",
        ],
    ),
    (
        WriteArticles,
        &[
            "create_article",
            "patch_article",
            "trash_article",
            "restore_article",
            "replace_related_links",
            "add_related_link",
            "patch_related_link",
            "remove_related_link",
            "create_translation",
            "revert_article",
            "lock_article",
            "unlock_article",
            "submit_article",
            "list_preview_tokens",
            "create_preview_token",
            "delete_preview_token",
        ],
    ),
    (
        PublishArticles,
        &[
            "correct_article",
            "patch_correction",
            "remove_correction",
            "reject_article",
            "schedule_article",
            "unschedule_article",
            "publish_article",
            "unpublish_article",
            "retract_article",
        ],
    ),
    (
        ReadMedia,
        &[
            "list_media",
            "get_editor_media",
            "list_media_usages",
            "report_rights_expiring",
            "report_unused_media",
            "report_missing_alt",
        ],
    ),
    (
        WriteMedia,
        &[
            "upload_media",
            "patch_media",
            "replace_media_file",
            "trash_media",
            "restore_media",
            "begin_upload",
            "get_upload",
            "send_upload_part",
            "cancel_upload",
        ],
    ),
    (
        ReadTaxonomy,
        &[
            "list_editor_sections",
            "get_editor_section",
            "list_editor_contributors",
            "get_editor_contributor",
            "list_editor_tags",
            "get_editor_tag",
        ],
    ),
    (
        WriteTaxonomy,
        &[
            "create_section",
            "patch_section",
            "delete_section",
            "create_contributor",
            "patch_contributor",
            "delete_contributor",
            "merge_contributor",
            "create_tag",
            "patch_tag",
            "delete_tag",
            "merge_tag",
        ],
    ),
    (ReadAudit, &["list_audit"]),
];
/// What has no scope of its own: a batch asks for those of its operations.
const OTHERS: &[&str] = &["run_batch"];

fn needed(operation: &str) -> Option<Scope> {
    let row = TABLE.iter().find(|(_, operations)| operations.contains(&operation));
    row.map(|(scope, _)| *scope)
}

async fn key(app: &TestApp, scopes: &[Scope]) -> String {
    let words: Vec<_> = scopes.iter().copied().map(Scope::as_str).collect();
    let made = make_key(app.admin(), &words).await;
    made["key"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn every_operation_asks_a_key_for_its_scope_and_no_other() {
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for (scope, operations_of) in TABLE {
        let others: Vec<_> = Scope::ALL
            .iter()
            .copied()
            .filter(|one| !Scopes::of(&[*one]).has(*scope))
            .collect();
        let (without, with) = (key(&app, &others).await, key(&app, &[*scope]).await);
        for operation in operations().iter().filter(|one| operations_of.contains(&one.id())) {
            let subject = subject(&app, operation.path, state_for(operation.id())).await;
            let told = call(&app, app.bearer(&without), operation, subject.as_ref()).await;
            if told != 403 {
                wrong.push(format!("{told} for {} with all scopes but {scope:?}", operation.id()));
            }
            let told = call(&app, app.bearer(&with), operation, subject.as_ref()).await;
            // An upload is its maker's, who is another here.
            let is_others = operation.path.contains("/uploads/") && told == 404;
            if !(200..300).contains(&told) && !is_others {
                wrong.push(format!("{told} for {} with {scope:?} alone", operation.id()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_operation_of_the_editor_surface_has_a_row() {
    for operation in operations().iter().filter(|one| one.path.contains("/editor/")) {
        let is_listed = needed(operation.id()).is_some() != OTHERS.contains(&operation.id());
        assert!(is_listed, "{}", operation.id());
    }
}
