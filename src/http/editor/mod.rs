//! What editors do: working copies, sections, contributors; always behind a token.

mod articles;
mod contributors;
mod sections;
mod translations;
mod workflow;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(articles::list_working_copies)
        .service(articles::create_article)
        .service(articles::get_working_copy)
        .service(articles::patch_article)
        .service(articles::trash_article)
        .service(translations::list_translations)
        .service(translations::create_translation)
        .service(workflow::publish_article)
        .service(workflow::unpublish_article)
        .service(workflow::restore_article)
        .service(sections::list_editor_sections)
        .service(sections::create_section)
        .service(sections::get_editor_section)
        .service(sections::patch_section)
        .service(sections::delete_section)
        .service(contributors::list_editor_contributors)
        .service(contributors::create_contributor)
        .service(contributors::get_editor_contributor)
        .service(contributors::patch_contributor)
        .service(contributors::delete_contributor);
}
