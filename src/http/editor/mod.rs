//! What editors do: working copies, media, sections, contributors, tags; always behind a token.

mod articles;
mod audit;
mod batch;
mod corrections;
mod locks;
mod media;
mod previews;
mod related;
mod reports;
mod revisions;
mod schedule;
mod taxonomy;
mod translations;
mod uploads;
mod workflow;

use super::routes::Routes;

pub(super) fn routes(routes: &mut Routes<'_>) {
    of_articles(routes);
    of_the_rest(routes);
}

fn of_articles(routes: &mut Routes<'_>) {
    routes
        .service(articles::list_working_copies)
        .service(articles::create_article)
        .service(articles::get_working_copy)
        .service(articles::patch_article)
        .service(articles::trash_article)
        .service(related::list_related_links)
        .service(related::replace_related_links)
        .service(related::add_related_link)
        .service(related::suggest_related)
        .service(related::get_related_link)
        .service(related::patch_related_link)
        .service(related::remove_related_link)
        .service(related::list_referrers)
        .service(translations::list_translations)
        .service(translations::create_translation)
        .service(revisions::list_revisions)
        .service(revisions::get_revision)
        .service(revisions::diff_revisions)
        .service(revisions::revert_article)
        .service(audit::list_article_audit)
        .service(locks::lock_article)
        .service(locks::unlock_article)
        .service(workflow::validate_article)
        .service(corrections::list_corrections)
        .service(corrections::correct_article)
        .service(corrections::patch_correction)
        .service(corrections::remove_correction)
        .service(previews::list_preview_tokens)
        .service(previews::create_preview_token)
        .service(previews::delete_preview_token)
        .service(schedule::list_schedule)
        .service(workflow::submit_article)
        .service(workflow::reject_article)
        .service(workflow::schedule_article)
        .service(workflow::unschedule_article)
        .service(workflow::publish_article)
        .service(workflow::unpublish_article)
        .service(workflow::retract_article)
        .service(workflow::restore_article);
}

fn of_the_rest(routes: &mut Routes<'_>) {
    routes
        .service(batch::run_batch)
        .service(audit::list_audit)
        .service(uploads::begin_upload)
        .service(uploads::get_upload)
        .service(uploads::send_upload_part)
        .service(uploads::cancel_upload)
        .service(media::upload_media)
        .service(media::list_media)
        .service(media::get_editor_media)
        .service(media::patch_media)
        .service(media::replace_media_file)
        .service(media::trash_media)
        .service(media::restore_media)
        .service(media::list_media_usages)
        .service(reports::report_rights_expiring)
        .service(reports::report_unused_media)
        .service(reports::report_missing_alt)
        .service(reports::report_broken_links)
        .service(taxonomy::list_editor_sections)
        .service(taxonomy::create_section)
        .service(taxonomy::get_editor_section)
        .service(taxonomy::patch_section)
        .service(taxonomy::delete_section)
        .service(taxonomy::list_editor_contributors)
        .service(taxonomy::create_contributor)
        .service(taxonomy::get_editor_contributor)
        .service(taxonomy::patch_contributor)
        .service(taxonomy::delete_contributor)
        .service(taxonomy::merge_contributor)
        .service(taxonomy::list_editor_tags)
        .service(taxonomy::create_tag)
        .service(taxonomy::get_editor_tag)
        .service(taxonomy::patch_tag)
        .service(taxonomy::delete_tag)
        .service(taxonomy::merge_tag);
}
