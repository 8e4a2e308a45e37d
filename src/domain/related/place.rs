//! A place in a list of links.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::{ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::id::RelatedLinkId;
use crate::domain::invalid::{Flaw, Invalids, Rule, refuse};

/// A place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ListPlace {
    Start,
    #[default]
    End,
    Before(RelatedLinkId),
    After(RelatedLinkId),
}

/// The forms of a place that name another link.
#[derive(Deserr)]
#[deserr(error = Invalids, deny_unknown_fields)]
struct Beside {
    #[deserr(default)]
    before: Option<RelatedLinkId>,
    #[deserr(default)]
    after: Option<RelatedLinkId>,
}

impl Deserr<Invalids> for ListPlace {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        let wrong = || {
            Flaw::new(
                Rule::Malformed,
                "is none of `start`, `end`, `{\"before\": id}`, `{\"after\": id}`",
            )
        };
        match value {
            Value::String(word) if word == "start" => Ok(Self::Start),
            Value::String(word) if word == "end" => Ok(Self::End),
            Value::Map(_) => match Beside::deserialize_from_value(value, at)? {
                Beside {
                    before: Some(id),
                    after: None,
                } => Ok(Self::Before(id)),
                Beside {
                    before: None,
                    after: Some(id),
                } => Ok(Self::After(id)),
                Beside { .. } => refuse(wrong(), at),
            },
            _ => refuse(wrong(), at),
        }
    }
}

impl PartialSchema for ListPlace {
    fn schema() -> RefOr<Schema> {
        let id = || Ref::from_schema_name(RelatedLinkId::name());
        let beside = |field: &str| {
            let schema = ObjectBuilder::new().property(field, id()).required(field);
            schema.additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::<Schema>::FreeForm(
                false,
            )))
        };
        let words = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(["start", "end"]));
        OneOfBuilder::new()
            .item(words)
            .item(beside("before"))
            .item(beside("after"))
            .description(Some("A place in the list: at one of its ends, or beside another link."))
            .into()
    }
}

impl ToSchema for ListPlace {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((RelatedLinkId::name().into_owned(), RelatedLinkId::schema()));
    }
}
