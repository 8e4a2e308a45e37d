//! Nothing unpublished leaves by a public route: fifty articles with a marker in every field, every delivery route with
//! every parameter, and not a byte of the marker in any answer.

mod newsroom;

use copydesk::services::articles;
use serde_json::{Value, json};

use crate::support::document::{Operation, operations, resolve};
use crate::support::{Person, Reply, TestApp, database};

use newsroom::{EMBARGO, Hidden, MARKER, Newsroom, newsroom};

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
    let asked = ask_everything(&app, &room).await;
    assert!(asked > 300, "{asked} requests are too few");
}

/// The last moment before embargoes end.
const BEFORE: &str = "2026-03-01T05:59:59.999Z";

/// The clock goes on, to the last moment, and past it; and what came after that is not told of the time before it.
#[actix_web::test]
async fn no_public_route_tells_of_an_embargoed_story_before_its_time() {
    let app = TestApp::start().await;
    let room = newsroom(&app).await;
    app.clock.set(BEFORE);
    articles::run_due(&app.services).await;
    ask_everything(&app, &room).await;
    app.clock.set(EMBARGO);
    articles::run_due(&app.services).await;
    let waited = room
        .hidden
        .iter()
        .filter(|one| one.article.json["status"] == "scheduled");
    let mut told = 0;
    for Hidden { article, .. } in waited {
        let page = app.anon().get(article.public_path()).await;
        let failure = article.again(&app).await.json["schedule_failure"].clone();
        assert!(page.status() == 200 && page.text().contains(MARKER), "{failure}");
        let before = format!("{}?as_of={BEFORE}", article.public_path());
        app.editor().get(before).await.refused(404, "not_found");
        told += 1;
    }
    assert_eq!(told, 5);
    let before = format!("/api/v1/articles?limit=100&include=related&as_of={BEFORE}");
    clean(
        &app.editor().get(&before).await.expect(200),
        &before,
        &untold(&room, ""),
    );
}

/// Every delivery route with every parameter; how often something was asked.
async fn ask_everything(app: &TestApp, room: &Newsroom) -> usize {
    let mut asked = 0;
    for operation in operations().iter().filter(|one| one.is_delivery()) {
        for path in paths(operation, room) {
            for query in queries(operation, room) {
                let target = format!("{path}{query}");
                let reply = app.anon().get(&target).await;
                clean(&reply, &target, &untold(room, &target));
                asked += 1;
            }
        }
    }
    asked
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
        "feed" => [
            "all.rss",
            "all.atom",
            "all.json",
            "world.rss",
            "the-strait.json",
            "unseen.atom",
        ]
        .into_iter()
        .map(str::to_owned)
        .chain([format!("{MARKER}.rss")])
        .collect(),
        "file" => vec![
            "2026-02.xml".to_owned(),
            "2026-03.xml".to_owned(),
            format!("{MARKER}.xml"),
        ],
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
    let texts = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    match name {
        "section" => texts(&["world", "the-strait", "none", &format!("{MARKER}-0")]),
        "tag" => texts(&["shown", "unseen", "none", &format!("{MARKER}-0")]),
        "contributor" => texts(&["meridian-wire", "unseen-source", &format!("{MARKER}-0")]),
        "kind" | "format" | "sort" => words(schema),
        "locale" => texts(&["en", "pt-BR", "zz"]),
        "published_after" | "published_before" => texts(&[
            "2026-02-16T09:30:20Z",
            "2000-01-01T00:00:00Z",
            "2100-01-01T00:00:00Z",
            "2026-02-16T09:30:43.000Z",
        ]),
        "as_of" => texts(&["2026-02-16T09:30:20Z", "2100-01-01T00:00:00Z", "x"]),
        "latest" => texts(&["1", "10", "11"]),
        // Of what readers must not see and of what they may.
        "ids" | "related_to" => {
            let articles = room.hidden.iter().map(|one| &one.article).chain(&room.live);
            let ids: Vec<String> = articles.map(|one| one.id().to_owned()).collect();
            [ids.join(","), "x".to_owned()].into_iter().chain(ids).collect()
        }
        "fields" => words(schema).into_iter().chain(["headline,tags".to_owned()]).collect(),
        "count" => texts(&["true", "false"]),
        "include" => words(schema)
            .into_iter()
            .chain(["related,backlinks".to_owned()])
            .collect(),
        "body" => texts(&["blocks", "html", "markdown", "text", "none", "pdf"]),
        "q" => texts(&[
            MARKER,
            "headline",
            "text",
            "mention",
            &format!("%22{MARKER}%20headline%22"),
            "qzx*",
            "-x",
            "a%20b",
        ]),
        "facets" => words(schema)
            .into_iter()
            .chain(["section,kind,tag,month".to_owned()])
            .collect(),
        "limit" => texts(&["1", "3", "100", "0"]),
        "path" => places(room).chain(texts(&["", "/", "//", "/%00"])).collect(),
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

/// Where each article would be, by the words that readers must not see and by others.
fn places(room: &Newsroom) -> impl Iterator<Item = String> {
    let articles = room.hidden.iter().map(|one| &one.article).chain(&room.live);
    articles.flat_map(|one| {
        let (slug, id) = (one.slug(), one.short_id());
        [
            format!("/2026/02/16/{slug}-{id}"),
            format!("/{id}/"),
            format!("/{slug}"),
            format!("http://127.0.0.1:8080/other-words-{id}"),
            format!("/{}", one.id()),
        ]
    })
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
