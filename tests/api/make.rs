//! Articles, sections, contributors and tags, made as an editor makes them. Names and places are invented.

use std::sync::atomic::{AtomicU8, Ordering};

use copydesk::domain::account::{Email, Password, Role};
use copydesk::domain::text::Name;
use copydesk::services::accounts::users;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, TestApp};

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
        // Of an upload only who began it knows.
        let who = match self.collection {
            "uploads" => app.contributor(),
            _ => app.editor(),
        };
        Self::new(self.collection, who.get(self.path()).await.expect(200).json())
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

/// A picture that no other test has: it differs from the last in its colour, and so in its bytes.
pub(crate) fn png() -> Vec<u8> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let [_, red, green, blue] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    drawn(400, 300, image::ImageFormat::Png, |x, _| {
        // Half of it in one colour, so that it can be told which half a rendition shows.
        if x < 200 { [red, green, blue] } else { [255, 255, 255] }
    })
}

/// A picture whose pixels are told by their places.
pub(crate) fn drawn(
    width: u32,
    height: u32,
    format: image::ImageFormat,
    color: impl Fn(u32, u32) -> [u8; 3],
) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| image::Rgb(color(x, y)));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("it can be written");
    bytes.into_inner()
}

/// A picture with all that publishing asks of one.
pub(crate) async fn photo(app: &TestApp, by: Person) -> Made {
    let uploaded = upload_file(app, by, png()).await;
    let said = json!({
        "alt": "A ferry leaves a harbour under grey clouds.",
        "caption": "The Kestrel leaves Port Aldous on Monday.",
        "credit": "Northlight Pictures",
    });
    let path = format!("/api/v1/editor/media/{}", uploaded.id());
    let reply = app.person(by).patch(path).if_match(1).json(&said).await.expect(200);
    Made::new("media", reply.json())
}

/// A file as it is.
pub(crate) async fn upload_file(app: &TestApp, by: Person, bytes: Vec<u8>) -> Made {
    let call = app.person(by).post("/api/v1/editor/media");
    let reply = call
        .header("Content-Type", "application/octet-stream")
        .bytes(bytes)
        .await;
    Made::new("media", reply.expect(201).json())
}

/// A file of which nothing has come yet.
pub(crate) async fn upload(app: &TestApp, by: Person) -> Made {
    let call = app.person(by).post("/api/v1/editor/media/uploads");
    let reply = call
        .header("Tus-Resumable", "1.0.0")
        .header("Upload-Length", "1000")
        .await;
    Made::new("uploads", reply.expect(201).json())
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

/// A picture of one colour, with what is said of it.
pub(crate) async fn picture(app: &TestApp, said: Value) -> Made {
    static COUNT: AtomicU8 = AtomicU8::new(0);
    let shade = COUNT.fetch_add(7, Ordering::Relaxed);
    let mut bytes = Vec::new();
    image::RgbImage::from_pixel(600, 400, image::Rgb([shade, 99, 140]))
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .expect("a picture");
    media(app, bytes).await.patch(app, said).await
}

/// A sound without a sample in it.
pub(crate) async fn sound(app: &TestApp) -> Made {
    let mut bytes = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    bytes.extend(b"\x44\xac\0\0\x88\x58\x01\0\x02\0\x10\0data\0\0\0\0");
    media(app, bytes).await
}

/// The first box of a film.
pub(crate) async fn film(app: &TestApp) -> Made {
    media(app, b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2\0\0\0\x08free".to_vec()).await
}

async fn media(app: &TestApp, bytes: Vec<u8>) -> Made {
    let call = app.editor().post("/api/v1/editor/media?duplicate=true");
    let call = call.header("Content-Type", "application/octet-stream").bytes(bytes);
    Made::new("media", call.await.expect(201).json())
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

/// Somebody else who may log in, with everybody's password.
pub(crate) async fn user(app: &TestApp, email: &str) {
    let parsed = Email::parse(email).expect("an address");
    let name = Name::parse("Somebody Else").expect("a name");
    let password = Password::choose(PASSWORD.to_owned()).expect("a password");
    let made = users::create(&app.services, parsed, name, Role::Contributor, password).await;
    made.expect("a user");
}
