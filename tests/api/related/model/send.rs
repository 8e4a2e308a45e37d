//! What is asked, as a request over HTTP.

use serde_json::{Map, Value, json};

use super::ask::{Ask, Given, Item, Place, Said, What};
use super::look::page;
use super::state::{Model, To};

/// A request; the revision is that of the `If-Match`.
pub(super) struct Request {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) by_admin: bool,
    pub(super) revision: Option<i64>,
    pub(super) json: Option<Value>,
}

const ARTICLES: &str = "/api/v1/editor/articles";

impl Model {
    pub(super) fn request(&self, ask: &Ask) -> Request {
        if let What::Create { headline, links } = &ask.what {
            let mut json = json!({"headline": headline, "body": [text("b0")]});
            if !links.is_empty() {
                json["related"] = self.items(links);
            }
            return Request {
                method: "POST",
                path: ARTICLES.to_owned(),
                by_admin: false,
                revision: None,
                json: Some(json),
            };
        }
        let story = &self.stories[ask.story];
        let (method, below, json) = self.parts(&ask.what);
        Request {
            method,
            path: format!("{ARTICLES}/{}{below}", story.id),
            by_admin: matches!(ask.what, What::Destroy),
            revision: Some(story.revision + i64::from(ask.is_stale)),
            json,
        }
    }

    fn parts(&self, what: &What) -> (&'static str, String, Option<Value>) {
        let act = |verb: &str| ("POST", format!("/actions/{verb}"), None);
        let own = |json: Value| ("PATCH", String::new(), Some(json));
        match what {
            What::Create { .. } => ("POST", String::new(), None),
            What::Add {
                link,
                at,
                after,
                reciprocal,
            } => {
                let mut json = self.item(link);
                put(&mut json, at.as_ref(), after.as_deref());
                if *reciprocal {
                    json["reciprocal"] = json!(true);
                }
                ("POST", "/related".to_owned(), Some(json))
            }
            What::Replace { items, by_patch: true } => own(json!({"related": self.items(items)})),
            What::Replace { items, .. } => {
                let json = json!({"items": self.items(items)});
                ("PUT", "/related".to_owned(), Some(json))
            }
            What::Alter {
                link,
                change,
                at,
                after,
            } => {
                let mut json = self.item(change);
                put(&mut json, at.as_ref(), after.as_deref());
                ("PATCH", format!("/related/{link}"), Some(json))
            }
            What::Remove { link } => ("DELETE", format!("/related/{link}"), None),
            What::Body(body) => own(json!({"body": self.said(body)})),
            What::Whole { items, body } => own(json!({"related": self.items(items), "body": self.said(body)})),
            What::Publish => act("publish"),
            What::Unpublish => act("unpublish"),
            What::Retract => act("retract"),
            What::Restore => act("restore"),
            What::Trash => ("DELETE", String::new(), None),
            What::Destroy => ("DELETE", "?permanent=true".to_owned(), None),
            What::Headline(words) => own(json!({"headline": words})),
            What::Slug(slug) => own(json!({"slug": slug})),
        }
    }

    fn items(&self, items: &[Item]) -> Value {
        items.iter().map(|item| self.item(item)).collect()
    }

    fn item(&self, item: &Item) -> Value {
        let mut fields = self.leading(item.to.as_ref());
        for (name, value) in [
            ("id", item.id.as_deref()),
            ("kind", item.kind),
            ("placement", item.placement),
        ] {
            fields.extend(value.map(|value| (name.to_owned(), json!(value))));
        }
        let label = item.label.iter();
        let words = label.map(|label| Some(label).filter(|label| !label.is_empty()));
        fields.extend(words.map(|words| ("label_override".to_owned(), json!(words))));
        Value::Object(fields)
    }

    /// The fields that say where a link leads.
    fn leading(&self, to: Option<&To>) -> Map<String, Value> {
        let (article, url) = self.target(to);
        let title = match to {
            Some(To::Page(number)) => Some(page(*number).1),
            _ => None,
        };
        let fields = [
            ("article_id", article.map(str::to_owned)),
            ("url", url),
            ("title", title),
        ];
        let given = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
        given.collect()
    }

    fn said(&self, body: &[Given]) -> Value {
        let one = |given: &Given| match &given.holds {
            Said::Text => text(&given.id),
            Said::Many(ids) => json!({"type": "related_list", "id": given.id, "link_ids": ids}),
            Said::Box(inner) => {
                json!({"type": "fact_box", "id": given.id, "title": "Box", "blocks": self.said(inner)})
            }
            Said::One { link, to } => {
                let mut fields = self.leading(to.as_ref());
                fields.insert("type".to_owned(), json!("related_article"));
                fields.insert("id".to_owned(), json!(given.id));
                fields.extend(link.iter().map(|id| ("link_id".to_owned(), json!(id))));
                Value::Object(fields)
            }
        };
        body.iter().map(one).collect()
    }
}

fn text(id: &str) -> Value {
    json!({"type": "paragraph", "id": id, "text": [{"text": "The harbour was quiet."}]})
}

/// Adds where a link goes, in the list and in the body.
fn put(json: &mut Value, at: Option<&Place>, after: Option<&str>) {
    match at {
        None => {}
        Some(Place::Start) => json["position"] = json!("start"),
        Some(Place::End) => json["position"] = json!("end"),
        Some(Place::Before(id)) => json["position"] = json!({"before": id}),
        Some(Place::After(id)) => json["position"] = json!({"after": id}),
    }
    if let Some(id) = after {
        json["after_block"] = json!(id);
    }
}
