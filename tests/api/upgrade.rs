//! What a newsroom wrote before a migration is there after it. Here tests speak SQL.

use copydesk::config::{Config, DatabaseConfig};
use copydesk::domain::id::ArticleId;
use copydesk::store::{Store, revision};

use crate::schema::{names, text};
use crate::support::database::Database;

/// An id, as the database at hand writes it.
fn id(database: &Database, number: u8) -> String {
    if database.is_postgres() {
        format!("'00000000-0000-0000-0000-0000000000{number:02}'")
    } else {
        format!("x'{number:032}'")
    }
}

/// A moment, likewise.
fn at(database: &Database, second: u8) -> String {
    if database.is_postgres() {
        format!("to_timestamp({second})")
    } else {
        format!("{second}000000")
    }
}

/// Two who are named by a byline.
const ANSA: &str =
    r#"{"id":"00000000-0000-0000-0000-000000000021","slug":"ansa","name":"Ansa Kivi","kind":"person","role":"author"}"#;
const WIRE: &str = r#"{"id":"00000000-0000-0000-0000-000000000022","slug":"wire","name":"Meridian Wire","kind":"organisation","role":"author"}"#;

/// An article that moved and is live, one that moved and was taken down, and a draft.
fn newsroom(database: &Database) -> String {
    let (id, at) = (|number| id(database, number), |second| at(database, second));
    let mut all = format!(
        "insert into users (id, email, name, role, password_hash, created_at)
         values ({}, 'a@b.example', 'A', 'editor', '', {});",
        id(9),
        at(1)
    );
    for (number, name) in [(1, "live"), (2, "down"), (3, "draft")] {
        all += &format!(
            "insert into articles (id, short_id, status, revision, kind, locale, slug, headline, body, word_count, custom,
                 created_at, created_by, updated_at, updated_by)
             values ({0}, '0000000{number}', 'draft', 1, 'news', 'en', '{name}', '{name}', '[]', 0, '{{}}', {1}, {2}, {1}, {2});",
            id(number),
            at(1),
            id(9)
        );
    }
    for (number, article, path, from, until) in [
        (11, 1, "/live-1", 1, Some(2)),
        (12, 1, "/live-2", 2, Some(3)),
        (13, 1, "/live-1", 3, Some(4)),
        (14, 1, "/live-3", 4, None),
        (15, 2, "/down-1", 1, Some(2)),
        (16, 2, "/down-2", 2, Some(3)),
    ] {
        let summary = format!(
            r#"{{"id":"00000000-0000-0000-0000-0000000000{article:02}","short_id":"0000000{article}","kind":"news","locale":"en",
            "headline":"Ferry sails","deck":null,"byline":{{"text":"From us","overridden":true,"contributors":[{ANSA},{WIRE}]}},
            "slug":"s{article}","path":"{path}","custom":{{}},"word_count":5,"reading_minutes":1,
            "first_published_at":"1970-01-01T00:00:01.000Z","published_at":"1970-01-01T00:00:01.000Z",
            "updated_at":"1970-01-01T00:00:01.000Z"}}"#
        );
        let body = r#"[{"type":"paragraph","text":[{"text":"The first "},{"text":"ferry"}]},
            {"type":"heading","level":2,"text":[{"text":"At last"}]},{"type":"paragraph","text":[]}]"#;
        all += &format!(
            "insert into editions (id, article_id, revision, short_id, slug, locale, kind, path, published_at, live_from,
                 live_until, summary, body)
             values ({}, {}, 1, 's', 's{article}', 'en', 'news', '{path}', {}, {}, {}, '{summary}', '{body}');",
            id(number),
            id(article),
            at(1),
            at(from),
            until.map_or("null".to_owned(), at)
        );
    }
    all
}

#[test]
fn what_was_published_before_has_its_redirects_its_group_and_its_words() {
    let database = Database::empty();
    let backend = backend(&database);
    let migrations = text(backend, "up");
    let (first, later) = migrations.split_first().unwrap();
    database.damage(first);
    database.damage(&newsroom(&database));
    // The texts that were searched were kept until words were made of them.
    let end = names(backend).iter().position(|name| name.ends_with("_search_words"));
    let (later, last) = later.split_at(end.unwrap() - 1);
    for migration in later {
        database.damage(migration);
    }
    assert_eq!(
        database.texts(
            "select r.path || ' ' || a.slug as what from redirects r join articles a on a.id = r.article_id order by r.path"
        ),
        ["/down-1 down", "/live-1 live", "/live-2 live"],
        "every path that an article left, and not the one it had last"
    );
    assert_eq!(
        database.texts("select slug as what from articles where translation_group <> id"),
        Vec::<String>::new()
    );
    assert_eq!(
        database.texts("select path as what from editions where translation_group <> article_id"),
        Vec::<String>::new()
    );
    assert_eq!(
        database.texts(
            "select a.slug || '|' || t.headline || '|' || t.deck || '|' || t.byline || '|' || t.body as what
             from search_texts t join articles a on a.id = t.article_id"
        ),
        ["live|Ferry sails||From us\nAnsa Kivi\nMeridian Wire|The first ferry\nAt last"]
    );
    for migration in last {
        database.damage(migration);
    }
}

/// The newsroom as it was before a migration.
fn before(migration: &str) -> (Database, DatabaseConfig) {
    let database = Database::empty();
    if !database.is_postgres() {
        database.damage("pragma application_id = 0x4364736b");
    }
    database.damage("create table schema_migrations (name text not null primary key, applied_at text)");
    let (names, texts) = (names(backend(&database)), text(backend(&database), "up"));
    let earlier = names
        .iter()
        .zip(&texts)
        .take_while(|(name, _)| !name.ends_with(migration));
    for (at, (name, text)) in earlier.enumerate() {
        database.damage(text);
        database.damage(&format!("insert into schema_migrations (name) values ('{name}')"));
        if at == 0 {
            database.damage(&newsroom(&database));
        }
    }
    let mut config = Config::for_testing(database.folder()).database;
    config.url = database.url();
    (database, config)
}

fn backend(database: &Database) -> &'static str {
    if database.is_postgres() { "postgres" } else { "sqlite" }
}

/// What SQL cannot fill in is filled in by the program: words of live articles, and first revisions.
#[test]
fn what_was_live_before_there_were_suggestions_is_found_by_its_words() {
    let (database, config) = before("_related");
    Store::migrate(&config).expect("the rest is applied");
    assert_eq!(
        database.texts(
            "select a.slug || ' ' || t.term as what from article_terms t join articles a on a.id = t.article_id order by 1"
        ),
        ["live ferry", "live sails"]
    );
    assert_eq!(
        database.texts("select status as what from articles order by slug"),
        ["draft", "draft", "draft"],
        "states stay"
    );
    assert_eq!(
        database.texts(
            "select a.slug || ' ' || r.first || ' ' || r.revision || ' ' || r.reason as what
             from revisions r join articles a on a.id = r.article_id order by 1"
        ),
        ["down 1 1 edit", "draft 1 1 edit", "live 1 1 edit"],
        "what was there is the first revision"
    );
    assert_eq!(
        database.texts("select top as what from searched"),
        ["ferry=ferri sails=sail\n\nfrom us ansa kivi meridian wire\n"]
    );
    let by_words = if database.is_postgres() {
        "select 'found' as what from searched where words @@ '''last'' & ''^ferri'''"
    } else {
        "select 'found' as what from search_words where search_words match '{text} : last AND {stems} : \"^ferri\"'"
    };
    assert_eq!(database.texts(by_words), ["found"]);
    Store::migrate(&config).expect("nothing is left to do");
}

/// What a revision held that was written whole, with something that nobody knows today.
const WHOLE: &str = r#"{"slug":"live","translation_group":"00000000-0000-0000-0000-000000000001","kind":"news","locale":"en",
"headline":"Live","short_headline":null,"seo_title":null,"seo_description":null,"deck":null,"kicker":null,"original_url":null,
"byline":{"contributors":[],"override":null},"distributor":null,"dateline":null,"section_id":null,"tag_ids":[],"lead_media":null,
"body":[{"id":"3ygc5jpmq1","type":"paragraph","text":[{"text":"The ferry did not sail."}]}],"related":[],"internal_note":null,
"embargo_until":null,"custom":{"body":[]},"mood":{"z":1.50,"a":2}}"#;

/// Before blocks were kept once, with two revisions, of which the second cannot be read.
fn before_bodies() -> (Database, DatabaseConfig) {
    let (database, config) = before("_bodies");
    for (revision, snapshot) in [(1, WHOLE), (2, "a disk was full")] {
        database.damage(&format!(
            "insert into revisions (article_id, revision, first, begun_at, reason, status, changed, snapshot, created_at, created_by)
             values ({}, {revision}, 1, {at}, 'edit', 'draft', '[]', '{snapshot}', {at}, {})",
            id(&database, 1),
            id(&database, 9),
            at = at(&database, 1),
        ));
    }
    (database, config)
}

/// The revision as the program reads it, which says no more than it knows.
async fn read_revision(config: &DatabaseConfig) -> String {
    let store = Store::open(config).expect("it opens");
    let read = store.read(|conn| revision::snapshot(conn, ArticleId(uuid::Uuid::from_u128(1)), 1));
    serde_json::to_string(&read.await.expect("it is read")).unwrap()
}

fn known_of_whole() -> String {
    WHOLE.replace('\n', "").replace(r#","mood":{"z":1.50,"a":2}"#, "")
}

/// What a working copy, revisions and editions have is kept once, whoever had it first; on SQLite it is packed.
#[actix_web::test]
async fn what_was_written_whole_is_taken_apart_and_says_the_same() {
    let (database, config) = before_bodies();
    let ran = Store::migrate(&config).expect("the rest is applied");
    for name in [
        "step `took revisions apart`",
        "step `packed bodies`",
        "step `packed summaries`",
    ] {
        assert!(ran.iter().any(|told| told == name), "{ran:?}");
    }
    let held =
        "select a.slug || ' ' || b.number || ' ' || case when a.body_number = b.number then 'working ' else '' end
        || (select count(*) from editions e where e.article_id = a.id and e.body_number = b.number)
        || (select count(*) from revisions r where r.article_id = a.id and r.body_number = b.number) as what
        from bodies b join articles a on a.id = b.article_id order by 1";
    assert_eq!(
        database.texts(held),
        [
            "down 1 working 01",
            "down 2 20",
            "draft 1 working 01",
            "live 1 working 00",
            "live 2 40",
            "live 3 01"
        ]
    );
    assert_eq!(
        database.texts("select snapshot as what from revisions where snapshot <> ''"),
        ["a disk was full"],
        "what cannot be read keeps nobody from the rest, and stays"
    );
    if database.is_postgres() {
        assert_eq!(
            database.texts(r#"select 'kept' as what from revisions where content like '%"mood":{"z":1.50,"a":2}%'"#),
            ["kept"]
        );
    } else {
        assert_eq!(
            database.texts("select distinct typeof(summary) as what from editions"),
            ["blob"]
        );
        assert_eq!(
            database.texts("select distinct typeof(body) as what from bodies"),
            ["blob"]
        );
    }
    assert_eq!(read_revision(&config).await, known_of_whole());

    // A process that was stopped on the way begins again.
    let whole = WHOLE.replace('\n', "");
    database.damage(&format!(
        "delete from settings where key in ('took revisions apart', 'packed bodies', 'packed summaries');
         update revisions set snapshot = '{whole}', content = null, body_number = null where revision = 1 and snapshot = ''
         and article_id = {}",
        id(&database, 1)
    ));
    assert_eq!(
        read_revision(&config).await,
        known_of_whole(),
        "as long as it is whole, it is read so"
    );
    let ran = ["took revisions apart", "packed bodies", "packed summaries"].map(|name| format!("step `{name}`"));
    assert_eq!(Store::pending(&config).expect("it is told before"), ran);
    assert_eq!(Store::migrate(&config).expect("it is done again"), ran);
    assert_eq!(database.texts(held).len(), 6);
    assert_eq!(read_revision(&config).await, known_of_whole());
    assert_eq!(Store::pending(&config).expect("nothing is left"), Vec::<String>::new());
}

/// Nobody loses what an article was by going back: PostgreSQL puts it together again, SQLite refuses.
#[actix_web::test]
async fn going_back_loses_no_history() {
    let (database, config) = before_bodies();
    let bodies = "select slug || body as what from editions order by id";
    let before = (
        database.texts(bodies),
        database.texts("select summary as what from editions order by id"),
    );
    Store::migrate(&config).expect("the rest is applied");
    let down = text(backend(&database), "down")
        .into_iter()
        .find(|text| text.contains("drop table bodies"))
        .unwrap();
    if !database.is_postgres() {
        let why = database
            .attempt(&down)
            .expect_err("what is packed cannot be unpacked by SQL");
        assert!(why.contains("what_is_packed_cannot_go_back"), "{why}");
        assert_eq!(read_revision(&config).await, known_of_whole());
        return;
    }
    database.damage(&down);
    let after = (
        database.texts(bodies),
        database.texts("select summary as what from editions order by id"),
    );
    assert_eq!(after, before);
    let snapshots = database.texts("select snapshot as what from revisions order by article_id, revision limit 2");
    let [whole, unread] = &snapshots[..] else {
        panic!("{snapshots:?}");
    };
    let fields = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(fields(whole), fields(WHOLE));
    assert!(
        whole.contains(r#""mood":{"z":1.50,"a":2}"#),
        "as it was written: {whole}"
    );
    assert_eq!(unread, "a disk was full");
    assert_eq!(
        database.texts("select slug || body as what from articles order by slug"),
        ["down[]", "draft[]", "live[]"]
    );
}
