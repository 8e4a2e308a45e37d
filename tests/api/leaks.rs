//! Nothing unpublished leaves by a public route: fifty articles with a marker in every field, every delivery route with
//! every parameter, and not a byte of the marker in any answer.

use serde_json::{Value, json};

use crate::make::{self, Made};
use crate::support::document::{Operation, operations, resolve};
use crate::support::{Person, Reply, TestApp, database};

/// In every text of what readers must not see.
const MARKER: &str = "qzxvleak";

/// A body with the marker in every field that takes a text.
fn marked(number: usize) -> Value {
    let m = |what: &str| format!("{MARKER} {what} {number}");
    let m = &m;
    let word = format!("{MARKER}-{number}");
    let address = format!("https://{MARKER}.example/{number}");
    json!({
        "headline": m("headline"), "short_headline": m("short"), "seo_title": m("seo"), "seo_description": m("seo text"),
        "deck": m("deck"), "kicker": m("kicker"), "slug": word, "original_url": address,
        "byline": {"override": m("byline")},
        "distributor": {"name": m("agency"), "category": "wires", "item_id": word, "usage_terms": m("terms")},
        "dateline": {"city": m("city"), "source": m("source"), "text": m("dateline")},
        "lead_media": {"alt": m("alt"), "caption": m("caption"), "credit": m("credit")},
        "related": [{
            "url": address, "title": m("title"), "source": m("source"), "label_override": m("label"), "placement": "both",
        }],
        "internal_note": m("note"), "custom": {MARKER: m("value"), "plain": [m("nested")]},
        "body": [
            {"type": "heading", "id": format!("{word}-h"), "level": 2, "text": [{"text": m("heading")}]},
            {"type": "paragraph", "id": word, "text": [
                {"text": m("text"), "marks": ["em"]}, {"text": m("link"), "link": {"url": address}},
            ]},
        ],
    })
}

/// An article that readers never saw, or see no longer.
struct Hidden {
    article: Made,
    /// Readers once saw it, and are told that it is gone.
    gone: bool,
}

struct Newsroom {
    hidden: Vec<Hidden>,
    live: Vec<Made>,
}

/// A picture that no live page shows, and one that some do, with what readers are not told of it.
async fn pictures(app: &TestApp) -> (Made, Made) {
    let secret = json!({"alt": MARKER, "caption": MARKER, "credit": MARKER, "creator": MARKER, "source": MARKER});
    let face = json!({"credit": "Northlight Pictures", "usage_terms": MARKER, "filename": format!("{MARKER}.jpg")});
    (make::picture(app, secret).await, make::picture(app, face).await)
}

async fn newsroom(app: &TestApp) -> Newsroom {
    let world = make::section(app, "World").await;
    let strait = make::subsection(app, "The Strait", &world).await;
    // One tag and one contributor that live pages show too, one of each that none does.
    let (shown, unseen) = (make::tag(app, "Shown").await, make::tag(app, "Unseen").await);
    let wire = make::contributor(app, "Meridian Wire", "organisation").await;
    let source = make::contributor(app, "Unseen Source", "person").await;
    let (secret, face) = pictures(app).await;
    wire.patch(app, json!({"avatar_media_id": face.id()})).await;
    let (mut hidden, mut live) = (Vec::new(), Vec::new());
    for number in 0..50 {
        let mut body = marked(number);
        body["lead_media"]["media_id"] = json!(secret.id());
        let image = json!({"type": "image", "media_id": secret.id(), "caption": format!("{MARKER} under")});
        body["body"].as_array_mut().unwrap().push(image);
        body["section_id"] = json!(strait.id());
        body["tag_ids"] = json!([unseen.id(), shown.id()]);
        body["byline"]["contributors"] = json!([{"contributor_id": source.id()}, {"contributor_id": wire.id()}]);
        let mut story = make::draft(app, "x");
        story.body = body.clone();
        app.clock.advance(1);
        match number % 5 {
            0 => hidden.push(Hidden {
                article: story.ready().await,
                gone: false,
            }),
            1 => hidden.push(Hidden {
                article: story.ready().await.trash(app).await,
                gone: false,
            }),
            2 => hidden.push(Hidden {
                article: story.published().await.act(app, "unpublish").await,
                gone: true,
            }),
            3 => hidden.push(Hidden {
                article: story.published().await.trash(app).await,
                gone: true,
            }),
            _ => {
                // Live with plain words, and with newer ones that are not published.
                let plain = make::draft(app, &format!("Plain {number}"))
                    .set("section_id", world.id())
                    .set("tag_ids", json!([shown.id()]))
                    .set("byline", json!({"contributors": [{"contributor_id": wire.id()}]}))
                    .published()
                    .await;
                live.push(plain.patch(app, body).await);
            }
        }
    }
    // Live, with what readers are not told even so.
    let private = make::draft(app, "Plain and private")
        .set("internal_note", MARKER)
        .set("lead_media", json!({"media_id": face.id()}))
        .set("distributor", json!({"name": "Meridian Wire", "usage_terms": MARKER}));
    live.push(private.published().await);
    // Live, with links to what is not.
    let link = |one: &Hidden| json!({"text": "x", "link": {"article_id": one.article.id()}});
    let links: Vec<Value> = hidden.iter().map(link).collect();
    let linking = make::draft(app, "Plain and linking").set("body", json!([{"type": "paragraph", "text": links}]));
    live.push(linking.published().await);
    relate(app, &mut hidden, &mut live).await;
    Newsroom { hidden, live }
}

/// Related links from what readers see to what they do not, in the list and in the body, and the other way.
async fn relate(app: &TestApp, hidden: &mut [Hidden], live: &mut Vec<Made>) {
    let related = |one: &Hidden| json!({"article_id": one.article.id()});
    let shown = |one: &Hidden| json!({"type": "related_article", "article_id": one.article.id()});
    let (listed, inline) = hidden.split_at(hidden.len() / 2);
    let body: Vec<Value> = inline.iter().map(shown).chain([make::paragraph("Words.")]).collect();
    let relating = make::draft(app, "Plain and related")
        .set("related", listed.iter().map(related).collect::<Vec<_>>())
        .set("body", body);
    live.push(relating.published().await);
    let target = json!({"article_id": live[0].id(), "label_override": MARKER});
    for one in hidden.iter_mut().filter(|one| one.article.json["deleted_at"].is_null()) {
        one.article = one.article.patch(app, json!({"related": [target]})).await;
    }
}

/// What an answer must not name: hidden articles, but for the names that were asked with. Who asks with one name of what is
/// gone may be told the other.
fn untold(room: &Newsroom, target: &str) -> Vec<String> {
    let of = |one: &Hidden| {
        let names = [one.article.id().to_owned(), one.article.short_id().to_owned()];
        let known = one.gone && names.iter().any(|name| target.contains(name.as_str()));
        names
            .into_iter()
            .filter(move |name| !known && !target.contains(name.as_str()))
    };
    room.hidden.iter().flat_map(of).collect()
}

/// Ends the test where the marker, or something that names a hidden article, is in an answer.
fn clean(reply: &Reply, asked: &str, names: &[String]) {
    let headers: String = reply
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {value:?}\n"))
        .collect();
    // A problem repeats the path that was asked for, and the refusal of a parameter its value; neither is a leak.
    let path = asked.split('?').next().unwrap_or_default();
    let text = format!("{headers}{}", reply.text()).replace(&format!("\"instance\":\"{path}\""), "");
    assert!(!text.to_lowercase().contains(MARKER), "{asked}:\n{text}");
    for name in names {
        assert!(!text.contains(name.as_str()), "{asked} tells of {name}:\n{text}");
    }
}

#[actix_web::test]
async fn no_public_route_tells_of_what_is_not_published() {
    let app = TestApp::start().await;
    let room = newsroom(&app).await;
    let mut asked = 0;
    for operation in operations().iter().filter(|one| one.is_delivery()) {
        for path in paths(operation, &room) {
            for query in queries(operation, &room) {
                let target = format!("{path}{query}");
                let reply = app.anon().get(&target).await;
                clean(&reply, &target, &untold(&room, &target));
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked} requests are too few");
}

#[actix_web::test]
async fn what_was_never_published_is_answered_like_what_was_never_written() {
    let app = TestApp::start().await;
    let room = newsroom(&app).await;
    let unknown = app
        .anon()
        .get("/api/v1/articles/019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f")
        .await;
    let same = |reply: &Reply| {
        let mut problem = reply.json().clone();
        problem["instance"] = json!("");
        problem["request_id"] = json!("");
        (reply.status(), problem, reply.headers().len())
    };
    for Hidden { article, gone } in &room.hidden {
        for name in [article.id(), article.short_id(), article.slug()] {
            let reply = app.anon().get(format!("/api/v1/articles/{name}")).await;
            if *gone {
                assert_eq!((reply.status(), reply.code()), (410, "gone"), "{name}");
            } else {
                assert_eq!(same(&reply), same(&unknown), "{name}");
            }
        }
        let place = format!("/2026/02/16/{}-{}", article.slug(), article.short_id());
        let reply = app.anon().get(format!("/api/v1/resolve?path={place}")).await;
        if *gone {
            let told = json!({"type": "gone", "article_id": article.id()});
            assert_eq!((reply.status(), reply.json()), (200, &told), "{place}");
        } else {
            assert_eq!(same(&reply), same(&unknown), "{place}");
        }
    }
}

#[actix_web::test]
async fn totals_and_pages_count_live_articles_only() {
    let app = TestApp::start().await;
    let room = newsroom(&app).await;
    let live = room.live.len();
    for (query, expected) in [
        ("", live),
        ("&section=world", live - 3),
        ("&section=the-strait", 0),
        ("&tag=shown", live - 3),
        ("&tag=unseen", 0),
        ("&tag=unseen&tag=shown", live - 3),
        ("&contributor=meridian-wire", live - 3),
        ("&contributor=unseen-source", 0),
    ] {
        let page = app
            .anon()
            .get(format!("/api/v1/articles?count=true&limit=100{query}"))
            .await
            .expect(200);
        assert_eq!(
            (page["total"].as_u64(), page.items().len()),
            (Some(expected as u64), expected),
            "{query}"
        );
    }
    for (path, expected) in [
        ("sections/world", live - 3),
        ("sections/the-strait", 0),
        ("tags/shown", live - 3),
        ("tags/unseen", 0),
    ] {
        let (kind, slug) = path.split_once('/').unwrap();
        let one = app.anon().get(format!("/api/v1/{path}")).await.expect(200);
        assert_eq!(one["article_count"], expected, "{path}");
        let all = app.anon().get(format!("/api/v1/{kind}")).await.expect(200);
        let listed = all.items().iter().find(|item| item["slug"] == slug).unwrap();
        assert_eq!(listed, one.json());
    }
    let exact = app
        .anon()
        .get(format!("/api/v1/articles?limit={live}"))
        .await
        .expect(200);
    assert!(
        exact["next_cursor"].is_null(),
        "a hidden article does not make another page"
    );
}

/// Every name under which something could be asked for.
fn paths(operation: &Operation, room: &Newsroom) -> Vec<String> {
    let parameters = operation.parameters("path");
    let Some(parameter) = parameters.first() else {
        return vec![operation.path.to_owned()];
    };
    let name = parameter["name"].as_str().unwrap();
    let articles = room.hidden.iter().map(|one| &one.article).chain(&room.live);
    let values: Vec<String> = match name {
        "article" => articles
            .flat_map(|one| [one.id(), one.short_id(), one.slug()])
            .map(str::to_owned)
            .collect(),
        "slug" => ["world", "the-strait", "shown", "unseen", "meridian-wire", MARKER]
            .into_iter()
            .chain([room.hidden[0].article.id()])
            .map(str::to_owned)
            .collect(),
        other => panic!(
            "`{}` has a path parameter that this test does not know: {other}",
            operation.id()
        ),
    };
    values
        .into_iter()
        .map(|value| operation.path.replace(&format!("{{{name}}}"), &value))
        .collect()
}

/// Nothing, each parameter with many values, and all pairs of parameters with their first values.
fn queries(operation: &Operation, room: &Newsroom) -> Vec<String> {
    let known: Vec<(&str, Vec<String>)> = operation
        .parameters("query")
        .into_iter()
        .map(|parameter| {
            let name = parameter["name"].as_str().unwrap();
            (name, values(operation.id(), name, &parameter["schema"], room))
        })
        .collect();
    let mut all = vec![String::new()];
    for (name, values) in &known {
        all.extend(values.iter().map(|value| format!("?{name}={value}")));
    }
    for (at, (one, firsts)) in known.iter().enumerate() {
        for (other, seconds) in &known[at + 1..] {
            for (first, second) in firsts
                .iter()
                .take(3)
                .flat_map(|first| seconds.iter().take(3).map(move |second| (first, second)))
            {
                all.push(format!("?{one}={first}&{other}={second}"));
            }
        }
    }
    all
}

fn values(operation: &str, name: &str, schema: &'static Value, room: &Newsroom) -> Vec<String> {
    let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    match name {
        "section" => texts(&["world", "the-strait", "none", &format!("{MARKER}-0")]),
        "tag" => texts(&["shown", "unseen", "none", &format!("{MARKER}-0")]),
        "contributor" => texts(&["meridian-wire", "unseen-source", &format!("{MARKER}-0")]),
        "kind" => words(schema),
        "locale" => texts(&["en", "pt-BR", "zz"]),
        "published_after" | "published_before" => texts(&[
            "2026-02-16T09:30:20Z",
            "2000-01-01T00:00:00Z",
            "2100-01-01T00:00:00Z",
            "2026-02-16T09:30:43.000Z",
        ]),
        "count" => texts(&["true", "false"]),
        "include" => words(schema)
            .into_iter()
            .chain(["related,backlinks".to_owned()])
            .collect(),
        "body" => texts(&["blocks", "html", "markdown", "text", "none", "pdf"]),
        "limit" => texts(&["1", "3", "100", "0"]),
        // Where each article would be, by the words that readers must not see and by others.
        "path" => {
            let articles = room.hidden.iter().map(|one| &one.article).chain(&room.live);
            let places = articles.flat_map(|one| {
                let (slug, id) = (one.slug(), one.short_id());
                [
                    format!("/2026/02/16/{slug}-{id}"),
                    format!("/{id}/"),
                    format!("/{slug}"),
                    format!("http://127.0.0.1:8080/other-words-{id}"),
                    format!("/{}", one.id()),
                ]
            });
            places.chain(texts(&["", "/", "//", "/%00"])).collect()
        }
        // That of another list, and that of the editors' list at a hidden article.
        "cursor" => texts(&[
            "x",
            "W10",
            room.hidden[0].article.id(),
            &database::user_id(Person::Editor).to_string(),
        ]),
        other => panic!("`{operation}` has a parameter that this test does not know: {other}"),
    }
}

/// The words of a closed list, wherever in the schema they stand.
fn words(schema: &'static Value) -> Vec<String> {
    let schema = resolve(schema);
    if let Some(words) = schema["enum"].as_array() {
        return words
            .iter()
            .filter_map(|word| word.as_str().map(str::to_owned))
            .collect();
    }
    let within = schema["oneOf"]
        .as_array()
        .into_iter()
        .chain(schema["anyOf"].as_array())
        .flatten();
    within.chain(schema.get("items")).flat_map(words).collect()
}
