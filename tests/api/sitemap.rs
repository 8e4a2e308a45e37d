//! What there is on the site, for search engines.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::json;

use crate::make::{self, Made};
use crate::support::TestApp;

/// A `url` or a `sitemap`: its elements by name, and the languages that it names.
type Entry = (BTreeMap<String, String>, Vec<(String, String)>);

/// The entries of a sitemap, as a parser of XML reads them.
fn entries(text: &str) -> Vec<Entry> {
    let mut reader = Reader::from_str(text);
    let (mut found, mut open) = (Vec::<Entry>::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                open.push(tag.name().as_ref().to_owned());
                if open.len() == 2 {
                    found.push(Entry::default());
                }
            }
            Event::Empty(tag) => {
                let value = |name: &str| {
                    let attribute = tag.try_get_attribute(name).unwrap().unwrap();
                    quick_xml::escape::unescape(&attribute.value).unwrap().into_owned()
                };
                found.last_mut().unwrap().1.push((value("hreflang"), value("href")));
            }
            Event::Text(text) => add(&mut found, &open, &text),
            Event::GeneralRef(name) => {
                let part = format!("&{};", &*name);
                add(&mut found, &open, &quick_xml::escape::unescape(&part).unwrap());
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

fn add(found: &mut [Entry], open: &[String], part: &str) {
    if let (Some(entry), Some(name)) = (found.last_mut(), open.last()) {
        entry.0.entry(name.clone()).or_default().push_str(part);
    }
}

async fn read(app: &TestApp, path: &str) -> Vec<Entry> {
    let reply = app.anon().get(path).await.expect(200);
    assert_eq!(reply.header("Content-Type"), Some("application/xml"));
    entries(&reply.text())
}

/// One element of each entry.
fn column(entries: &[Entry], name: &str) -> Vec<String> {
    entries
        .iter()
        .map(|(fields, _)| fields.get(name).cloned().unwrap_or_default())
        .collect()
}

/// The files that the index names, and when each changed last.
async fn index(app: &TestApp) -> Vec<(String, String)> {
    let found = read(app, "/sitemap.xml").await;
    let names = column(&found, "loc");
    names
        .iter()
        .map(|url| url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned())
        .zip(column(&found, "lastmod"))
        .collect()
}

/// Every address of every file, file by file.
async fn all(app: &TestApp) -> Vec<Vec<String>> {
    let mut files = Vec::new();
    for (path, _) in index(app).await {
        files.push(column(&read(app, &path).await, "loc"));
    }
    files
}

async fn address(app: &TestApp, article: &Made) -> String {
    let page = app.anon().get(article.public_path()).await.expect(200);
    page["canonical_url"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn every_live_article_is_in_one_of_the_files() {
    let app = TestApp::with(|config| config.outlets.sitemap_addresses = 2).await;
    assert!(index(&app).await.is_empty(), "there is nothing yet");
    let mut published = Vec::new();
    for number in 0..5 {
        published.push(make::draft(&app, &format!("February {number}")).published().await);
        app.clock.advance(1);
    }
    app.clock.set("2026-04-02T12:00:00Z");
    published.push(make::draft(&app, "April").published().await);
    // What readers do not see.
    make::draft(&app, "A draft").ready().await;
    for verb in ["unpublish", "retract"] {
        make::draft(&app, verb).published().await.act(&app, verb).await;
    }
    let mut expected = Vec::new();
    for article in &published {
        expected.push(address(&app, article).await);
    }
    let files = all(&app).await;
    let sizes: Vec<usize> = files.iter().map(Vec::len).collect();
    assert_eq!((sizes, files.concat()), (vec![2, 2, 1, 1], expected));
    let named = index(&app).await;
    let names: Vec<&str> = named.iter().map(|(path, _)| path.as_str()).collect();
    // The second and third of February begin where their first stories went live.
    assert_eq!((names[0], names[3]), ("/sitemaps/2026-02.xml", "/sitemaps/2026-04.xml"));
    assert!(names[1].starts_with("/sitemaps/2026-02-1771"), "{names:?}");
}

#[actix_web::test]
async fn a_page_and_its_file_say_when_they_changed() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    app.clock.set("2026-03-01T12:00:00Z");
    make::draft(&app, "Next month").published().await;
    let february = async || index(&app).await[0].1.clone();
    assert_eq!(february().await, "2026-02-16T09:30:00.000Z");
    app.clock.advance(60);
    let call = app.editor().post(format!("{}/corrections", story.path()));
    let call = call
        .if_match(story.revision())
        .json(&json!({"text": "The day was wrong."}));
    call.await.expect(201);
    assert_eq!(february().await, "2026-03-01T12:01:00.000Z");
    let page = read(&app, "/sitemaps/2026-02.xml").await;
    assert_eq!(column(&page, "lastmod"), ["2026-03-01T12:01:00.000Z"]);
}

/// Of any number of files, only the end is looked at again.
#[actix_web::test]
async fn what_is_known_of_the_files_is_not_read_again() {
    let app = TestApp::with(|config| config.outlets.sitemap_addresses = 1).await;
    let mut stories = Vec::new();
    for month in 1..=9 {
        app.clock.set(&format!("2027-0{month}-10T12:00:00Z"));
        stories.push(make::draft(&app, &format!("Story {month}")).published().await);
    }
    let sent = async || {
        let before = app.services.statements();
        let files = index(&app).await.len();
        (files, app.services.statements() - before)
    };
    let (files, walked) = sent().await;
    let (again, looked) = sent().await;
    assert_eq!((files, again), (9, 9));
    assert!(looked < walked / 3, "{looked} of {walked}");
    // A month that is over and became empty is found to be so, and is gone.
    stories[3].act(&app, "unpublish").await;
    app.anon().get("/sitemaps/2027-04.xml").await.refused(404, "not_found");
    let names = index(&app).await;
    assert!(names.len() == 8 && names.iter().all(|(path, _)| !path.contains("2027-04")));
    // What is new is there at once, within the last month and after it.
    app.clock.advance(1);
    make::draft(&app, "More").published().await;
    assert_eq!(index(&app).await.len(), 9);
    app.clock.set("2027-11-01T00:00:00Z");
    make::draft(&app, "November").published().await;
    assert_eq!(index(&app).await.last().unwrap().0, "/sitemaps/2027-11.xml");
    assert_eq!(all(&app).await.concat().len(), 10);
    for odd in ["2027-04", "2027-4.xml", "2027-13.xml", "x.xml", "2027-09-x.xml", ".xml"] {
        app.anon()
            .get(format!("/sitemaps/{odd}"))
            .await
            .refused(404, "not_found");
    }
}

#[actix_web::test]
async fn a_page_names_its_languages() {
    let app = TestApp::start().await;
    let story = make::draft(&app, "Ferry sails").published().await;
    let made = app.editor().post(format!("{}/translations", story.path()));
    let made = made.json(&json!({"locale": "pt-BR", "headline": "Navio parte"})).await;
    let draft = Made::article(made.expect(201).json());
    let languages = async || {
        let found = read(&app, "/sitemaps/2026-02.xml").await;
        found.into_iter().map(|(_, languages)| languages).collect::<Vec<_>>()
    };
    assert_eq!(languages().await, [vec![]], "the other is not live");
    let draft = draft.act(&app, "publish").await;
    let both = vec![
        ("en".to_owned(), address(&app, &story).await),
        ("pt-BR".to_owned(), address(&app, &draft).await),
    ];
    assert_eq!(languages().await, [both.clone(), both]);
}

#[actix_web::test]
async fn news_are_what_was_first_published_in_the_last_two_days() {
    let app = TestApp::with(|config| config.site.name = "Strait & <Courier>".to_owned()).await;
    let old = make::draft(&app, "Old").published().await;
    app.clock.advance(3600);
    let title = "Ferry & <fog>: \"ten\" ]]> o'clock \u{1f6a2}\u{fffe}";
    let new = make::draft(&app, title).set("locale", "zh-Hant-TW").published().await;
    make::draft(&app, "Never")
        .published()
        .await
        .act(&app, "unpublish")
        .await;
    make::draft(&app, "Draft").ready().await;
    app.clock.advance(47 * 3600 + 1800);
    // Published again, and no news for that.
    old.act(&app, "unpublish").await.act(&app, "publish").await;
    let found = read(&app, "/sitemap-news.xml").await;
    assert_eq!(column(&found, "loc"), [address(&app, &new).await]);
    assert_eq!(column(&found, "news:title"), [title.replace('\u{fffe}', "")]);
    assert_eq!(column(&found, "news:name"), ["Strait & <Courier>"]);
    assert_eq!(column(&found, "news:language"), ["zh-tw"]);
    assert_eq!(column(&found, "news:publication_date"), ["2026-02-16T10:30:00.000Z"]);
    app.clock.advance(1800);
    assert!(read(&app, "/sitemap-news.xml").await.is_empty());
}

#[actix_web::test]
async fn search_engines_are_told_what_they_may_read() {
    let robots = async |app: &TestApp| app.anon().get("/robots.txt").await.expect(200).text();
    let app = TestApp::start().await;
    let sitemaps = "\nSitemap: http://127.0.0.1:8080/sitemap.xml\nSitemap: http://127.0.0.1:8080/sitemap-news.xml\n";
    assert_eq!(robots(&app).await, format!("User-agent: *\nDisallow:\n{sitemaps}"));
    let app = TestApp::with(|config| config.outlets.disallow = vec!["/search".to_owned(), "/*.pdf$".to_owned()]).await;
    assert_eq!(
        robots(&app).await,
        format!("User-agent: *\nDisallow: /search\nDisallow: /*.pdf$\n{sitemaps}")
    );
    let app = TestApp::with(|config| config.outlets.index = false).await;
    assert_eq!(robots(&app).await, "User-agent: *\nDisallow: /\n");
}

#[actix_web::test]
async fn they_are_cached_like_what_readers_read() {
    let app = TestApp::start().await;
    make::draft(&app, "Ferry sails").published().await;
    for (path, key) in [
        ("/sitemap.xml", "articles"),
        ("/sitemaps/2026-02.xml", "articles"),
        ("/sitemap-news.xml", "articles"),
        ("/robots.txt", "site"),
    ] {
        let reply = app.anon().get(path).await.expect(200);
        assert_eq!(reply.header("Surrogate-Key"), Some(key), "{path}");
        assert!(reply.header("Cache-Control").is_some_and(|it| it.starts_with("public")));
        let fresh = app.anon().get(path).header("If-None-Match", reply.etag());
        fresh.await.expect(304);
        let head = app.anon().call("HEAD", path).await.expect(200);
        assert_eq!((head.etag(), head.body().len()), (reply.etag(), 0), "{path}");
        let asked = app.anon().get(format!("{path}?page=2"));
        asked.await.refused(400, "unknown_parameter");
    }
}
