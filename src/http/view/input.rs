//! The bodies that create: what a patch takes, with the one field that must be given.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::domain::article::ArticlePatch;
use crate::domain::contributor::ContributorPatch;
use crate::domain::section::SectionPatch;

/// Creating is patching an empty thing, so the schema of the one is that of the other and cannot drift from it.
macro_rules! inputs {
    ($($name:ident of $patch:ty, $required:literal, $about:literal;)+) => {$(
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let mut schema = <$patch>::schema();
                if let RefOr::T(Schema::Object(object)) = &mut schema {
                    object.required = vec![$required.to_owned()];
                    object.description = Some($about.to_owned());
                }
                schema
            }
        }

        impl ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
                <$patch>::schemas(schemas);
            }
        }
    )+};
}

inputs! {
    ArticleIn of ArticlePatch, "headline", "A new article; whatever is absent is empty.";
    SectionIn of SectionPatch, "name", "A new section.";
    ContributorIn of ContributorPatch, "name", "A new contributor.";
}
