//! Articles, sections, contributors and tags, made as an editor makes them. Names and places are invented.

use serde_json::{Value, json};

use crate::support::{Person, TestApp};

/// What was made, as the editor surface showed it last.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    collection: &'static str,
    pub(crate) json: Value,
}

impl Made {
    fn new(collection: &'static str, json: &Value) -> Self {
        Self {
            collection,
            json: json.clone(),
        }
    }

    /// An article as the editor surface showed it.
    pub(crate) fn article(json: &Value) -> Self {
        Self::new("articles", json)
    }

    fn text(&self, field: &str) -> &str {
        self.json[field]
            .as_str()
            .unwrap_or_else(|| panic!("`{field}` of {}", self.json))
    }

    pub(crate) fn id(&self) -> &str {
        self.text("id")
    }

    pub(crate) fn slug(&self) -> &str {
        self.text("slug")
    }

    pub(crate) fn short_id(&self) -> &str {
        self.text("short_id")
    }

    pub(crate) fn revision(&self) -> i64 {
        self.json["revision"].as_i64().expect("a revision")
    }

    /// Where editors find it.
    pub(crate) fn path(&self) -> String {
        format!("/api/v1/editor/{}/{}", self.collection, self.id())
    }

    pub(crate) fn action(&self, verb: &str) -> String {
        format!("{}/actions/{verb}", self.path())
    }

    /// Where readers find it.
    pub(crate) fn public_path(&self) -> String {
        let name = if self.collection == "articles" {
            self.id()
        } else {
            self.slug()
        };
        format!("/api/v1/{}/{name}", self.collection)
    }

    /// What the editor surface shows now.
    pub(crate) async fn again(&self, app: &TestApp) -> Self {
        Self::new(self.collection, app.editor().get(self.path()).await.expect(200).json())
    }

    pub(crate) async fn act(&self, app: &TestApp, verb: &str) -> Self {
        let reply = app
            .editor()
            .post(self.action(verb))
            .if_match(self.revision())
            .await
            .expect(200);
        Self::new(self.collection, reply.json())
    }

    /// Merges it into another, which is answered.
    pub(crate) async fn merge(&self, app: &TestApp, into: &Self) -> Self {
        let call = app.editor().post(self.action("merge")).if_match(self.revision());
        let reply = call.json(&json!({"into": into.id()})).await.expect(200);
        Self::new(self.collection, reply.json())
    }

    pub(crate) async fn patch(&self, app: &TestApp, change: Value) -> Self {
        let reply = app
            .editor()
            .patch(self.path())
            .if_match(self.revision())
            .json(&change)
            .await
            .expect(200);
        Self::new(self.collection, reply.json())
    }

    pub(crate) async fn trash(&self, app: &TestApp) -> Self {
        let reply = app
            .editor()
            .delete(self.path())
            .if_match(self.revision())
            .await
            .expect(200);
        Self::new(self.collection, reply.json())
    }
}

/// An article on its way.
pub(crate) struct Story<'a> {
    app: &'a TestApp,
    author: Person,
    pub(crate) body: Value,
}

/// A paragraph of plain text.
pub(crate) fn paragraph(text: &str) -> Value {
    json!({"type": "paragraph", "text": [{"text": text}]})
}

/// The least that can be published.
pub(crate) fn draft<'a>(app: &'a TestApp, headline: &str) -> Story<'a> {
    let body = json!({"headline": headline, "body": [paragraph("The harbour was quiet on Monday.")]});
    Story {
        app,
        author: Person::Editor,
        body,
    }
}

/// A republished agency story with everything a story can have.
pub(crate) async fn wire_story(app: &TestApp) -> Story<'_> {
    let world = section(app, "World").await;
    let agency = contributor(app, "Meridian Wire", "organisation").await;
    let reporter = contributor(app, "Ansa Kivi", "person").await;
    let (ferries, storm) = (tag(app, "Ferries").await, tag(app, "Winter storm").await);
    let body = json!({
        "headline": "Ferry service resumes across the strait",
        "short_headline": "Ferry resumes",
        "seo_title": "Strait ferry resumes after storm",
        "seo_description": "The first ferry in nine days left Port Aldous on Monday.",
        "deck": "Storm damage had closed the crossing for nine days.",
        "kicker": "Transport",
        "kind": "news",
        "locale": "en",
        "original_url": "https://wire.example/2026/02/16/ferry",
        "section_id": world.id(),
        "tag_ids": [storm.id(), ferries.id()],
        "byline": {"contributors": [
            {"contributor_id": agency.id()},
            {"contributor_id": reporter.id(), "role": "photographer"},
        ]},
        "distributor": {
            "name": "Meridian Wire", "category": "wires", "item_id": "mw-2026-02-16-0042",
            "usage_terms": "Online use for 30 days.",
        },
        "dateline": {"city": "Port Aldous", "country": "KR", "date": "2026-02-16", "source": "Meridian Wire"},
        "internal_note": "Second source called back at noon.",
        "custom": {"print_page": 3, "desk": {"id": "world"}},
        "body": [
            {"type": "paragraph", "id": "p1", "text": [
                {"text": "The first ferry in nine days left on Monday, "},
                {"text": "the operator said", "link": {"url": "https://ferries.example/timetable"}},
                {"text": "."},
            ]},
            {"type": "heading", "id": "h1", "level": 2, "text": [{"text": "A long wait"}]},
            {"type": "paragraph", "id": "p2", "text": [
                {"text": "\u{201c}We slept in the terminal,\u{201d} said "},
                {"text": "Mirel Dahn", "marks": ["strong", "em"]},
                {"text": ", a passenger."},
            ]},
        ],
    });
    Story {
        app,
        author: Person::Editor,
        body,
    }
}

impl Story<'_> {
    pub(crate) fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.body[field] = value.into();
        self
    }

    pub(crate) fn by(mut self, author: Person) -> Self {
        self.author = author;
        self
    }

    pub(crate) async fn ready(self) -> Made {
        let reply = self
            .app
            .person(self.author)
            .post("/api/v1/editor/articles")
            .json(&self.body)
            .await
            .expect(201);
        Made::new("articles", reply.json())
    }

    pub(crate) async fn published(self) -> Made {
        let app = self.app;
        self.ready().await.act(app, "publish").await
    }
}

/// A section at the top of the tree; the one of this name, if there is one.
pub(crate) async fn section(app: &TestApp, name: &str) -> Made {
    taxon(app, "sections", json!({"name": name})).await
}

pub(crate) async fn subsection(app: &TestApp, name: &str, parent: &Made) -> Made {
    taxon(app, "sections", json!({"name": name, "parent_id": parent.id()})).await
}

pub(crate) async fn contributor(app: &TestApp, name: &str, kind: &str) -> Made {
    taxon(app, "contributors", json!({"name": name, "kind": kind})).await
}

pub(crate) async fn tag(app: &TestApp, name: &str) -> Made {
    taxon(app, "tags", json!({"name": name})).await
}

/// The collections of what articles name.
pub(crate) const KINDS: [&str; 3] = ["sections", "contributors", "tags"];

/// One of these kinds.
pub(crate) async fn one(app: &TestApp, kind: &str, name: &str) -> Made {
    match kind {
        "sections" => section(app, name).await,
        "contributors" => contributor(app, name, "person").await,
        _ => tag(app, name).await,
    }
}

async fn taxon(app: &TestApp, collection: &'static str, body: Value) -> Made {
    let path = format!("/api/v1/editor/{collection}");
    let all = app.editor().get(format!("{path}?limit=100")).await.expect(200);
    if let Some(found) = all.items().iter().find(|one| one["name"] == body["name"]) {
        return Made::new(collection, found);
    }
    Made::new(collection, app.editor().post(path).json(&body).await.expect(201).json())
}
