//! Lists of articles with those fields only that were asked for.

use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::list::ArticlePage;
use super::published::ListedArticleView;
use crate::domain::edition::Summary;
use crate::domain::related::RelatedCard;
use crate::domain::shelf::ListedField;
use crate::http::problem::Problem;
use crate::services::Error;

/// The media type of a page whose articles are no whole ones, so that the type of the usual page says what is always there.
pub(crate) const TRIMMED: &str = "application/vnd.copydesk.trimmed+json";

/// A live article in a list, with those of its fields that were asked for.
#[derive(Debug)]
pub(crate) struct TrimmedArticle(Vec<(String, Box<RawValue>)>);

/// A page of live articles, each with the fields that were asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrimmedArticlePage {
    items: Vec<TrimmedArticle>,
    /// Hand it back as `cursor` for the next page; null on the last one.
    next_cursor: Option<String>,
    /// Hand it back as `cursor` for the page before; null on the first one.
    previous_cursor: Option<String>,
    /// How many there are in all; only with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, required = false)]
    total: Option<i64>,
}

impl TrimmedArticlePage {
    pub(crate) fn of(page: ArticlePage, fields: &[ListedField]) -> Result<Self, Problem> {
        let items = page.items.iter().map(|item| TrimmedArticle::of(item, fields));
        let items: serde_json::Result<_> = items.collect();
        Ok(Self {
            items: items.map_err(|why| Problem::from(Error::Broken(Box::new(why))))?,
            next_cursor: page.next_cursor,
            previous_cursor: page.previous_cursor,
            total: page.total,
        })
    }
}

impl TrimmedArticle {
    fn of(item: &ListedArticleView, fields: &[ListedField]) -> serde_json::Result<Self> {
        let is_wanted = |name: &str| name == "id" || fields.iter().any(|field| field.as_str() == name);
        let chosen = item.summary.each()?.filter(|(name, _)| is_wanted(name));
        let mut members: Vec<(String, Box<RawValue>)> =
            chosen.map(|(name, json)| (name.to_owned(), json.to_owned())).collect();
        if let Some(related) = item.related.as_ref().filter(|_| is_wanted("related")) {
            members.push(("related".to_owned(), to_raw_value(related)?));
        }
        Ok(Self(members))
    }
}

impl Serialize for TrimmedArticle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, json)| (name, json)))
    }
}

/// An article of a list, of which only the id must be there.
impl PartialSchema for TrimmedArticle {
    fn schema() -> RefOr<Schema> {
        let mut schema = Summary::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description =
                Some("A live article in a list, with those of its fields that were asked for.".to_owned());
            object.required = vec!["id".to_owned()];
            let cards = ArrayBuilder::new().items(Ref::from_schema_name(RelatedCard::name()));
            object.properties.insert("related".to_owned(), cards.into());
        }
        schema
    }
}

impl ToSchema for TrimmedArticle {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Summary::schemas(schemas);
    }
}
