//! The bodies that create: what a patch takes, with the one field that must be given.

use deserr::{Deserr, IntoValue, MergeWithError as _, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::domain::article::ArticlePatch;
use crate::domain::change::Change;
use crate::domain::contributor::ContributorPatch;
use crate::domain::invalid::{Flaw, Invalids, Rule};
use crate::domain::locale::Locale;
use crate::domain::section::SectionPatch;
use crate::domain::tag::TagPatch;
use crate::domain::text::Headline;

/// Creating is patching an empty thing, so the schema of the one is that of the other and cannot drift from it.
macro_rules! inputs {
    ($($name:ident of $patch:ty, $required:literal, $about:literal;)+) => {$(
        pub(crate) struct $name(pub(crate) $patch);

        impl Deserr<Invalids> for $name {
            fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
                read_new(value, at, $required).map(Self)
            }
        }

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
    TagIn of TagPatch, "name", "A new tag.";
}

/// A new translation of an article; all else is copied.
#[derive(Deserr, ToSchema)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct TranslationIn {
    pub(crate) locale: Locale,
    /// The article's own when absent. The slug is made from it.
    #[deserr(default)]
    #[schema(value_type = Headline, required = false)]
    pub(crate) headline: Change<Headline>,
}

/// Reads the patch, and tells the missing field among all else that is wrong.
fn read_new<T: Deserr<Invalids>, V: IntoValue>(
    value: Value<V>,
    at: ValuePointerRef<'_>,
    required: &'static str,
) -> Result<T, Invalids> {
    let value = <serde_json::Value as Deserr<Invalids>>::deserialize_from_value(value, at)?;
    let missing = value.is_object() && value.get(required).is_none();
    let read = T::deserialize_from_value(value.into_value(), at);
    if !missing {
        return read;
    }
    let flaw = Flaw::new(Rule::Required, format!("`{required}` is missing"));
    let here = ValuePointerRef::Key {
        key: required,
        prev: &at,
    };
    Err(deserr::take_cf_content(Invalids::merge(read.err(), flaw, here)))
}
