//! The two sets of migrations make one schema. Here tests speak SQL.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;

use crate::support::database::{Database, Described, server};

const BACKENDS: [&str; 2] = ["sqlite", "postgres"];

/// A column: its name, its type in both databases' one sense, whether it may be null.
type Column = (String, &'static str, bool);

fn folder(backend: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend)
}

pub(crate) fn names(backend: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder(backend)).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The text of every migration of a set, in the order in which they run.
pub(crate) fn text(backend: &str, direction: &str) -> Vec<String> {
    let mut all: Vec<_> = names(backend);
    if direction == "down" {
        all.reverse();
    }
    let read =
        |name: String| std::fs::read_to_string(folder(backend).join(name).join(format!("{direction}.sql"))).unwrap();
    all.into_iter().map(read).collect()
}

/// Statements without comments, in one line each. What a trigger does is part of its statement.
fn statements(backend: &str) -> Vec<String> {
    let text = text(backend, "up").join("\n");
    let bare: Vec<&str> = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    let flat = |statement: &str| statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found: Vec<String> = Vec::new();
    for part in bare.join("\n").split(';').map(flat).filter(|part| !part.is_empty()) {
        match found.last_mut() {
            Some(open)
                if open.starts_with("create trigger ") && open.contains(" begin ") && !open.ends_with("; end") =>
            {
                *open = format!("{open}; {part}");
            }
            _ => found.push(part),
        }
    }
    found
}

/// Tables with what their parentheses hold, part by part, and what was added later.
fn tables(backend: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for statement in statements(backend) {
        if let Some(name) = statement.strip_prefix("drop table ") {
            tables.remove(name);
        } else if let Some(rest) = statement.strip_prefix("create table ") {
            let (name, body) = rest.split_once('(').unwrap();
            tables.insert(name.trim().to_owned(), parts(body.rsplit_once(')').unwrap().0));
        } else if let Some(rest) = statement.strip_prefix("alter table ") {
            let (name, change) = rest.split_once(' ').unwrap();
            let parts: &mut Vec<String> = tables.get_mut(name).unwrap();
            if let Some(column) = change.strip_prefix("add column ") {
                parts.push(column.to_owned());
            } else if let Some(column) = change.strip_prefix("drop column ") {
                parts.retain(|part| !part.starts_with(&format!("{column} ")));
            } else if let Some((old, new)) = change
                .strip_prefix("rename column ")
                .and_then(|names| names.split_once(" to "))
            {
                let part = parts
                    .iter_mut()
                    .find(|part| part.starts_with(&format!("{old} ")))
                    .unwrap();
                *part = part.replacen(old, new, 1);
            } else {
                panic!("a change that this test does not know: {statement}");
            }
        }
    }
    tables
}

/// Splits at the commas that stand in no parentheses.
fn parts(body: &str) -> Vec<String> {
    let (mut found, mut depth) = (vec![String::new()], 0);
    for c in body.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.push(String::new());
                continue;
            }
            _ => {}
        }
        found.last_mut().unwrap().push(c);
    }
    found.into_iter().map(|part| part.trim().to_owned()).collect()
}

fn sense(kind: &str, column: &str) -> &'static str {
    let moment = column.ends_with("_at")
        || column.ends_with("_until")
        || column.starts_with("live_") && column != "live_revision";
    match kind {
        "blob" | "uuid" => "id",
        "integer" | "bigint" if moment => "moment",
        "timestamptz" => "moment",
        // SQLite has no truth values of its own.
        "integer" | "bigint" | "boolean" => "number",
        // Of any type is what SQLite keeps as a text or packed.
        "text" | "any" => "text",
        other => panic!("{column} is of a type that this test does not know: {other}"),
    }
}

fn columns(parts: &[String]) -> Vec<Column> {
    // What PostgreSQL searches is a column; on SQLite it is a table of its own.
    let own = parts
        .iter()
        .filter(|part| !part.starts_with("constraint ") && !part.contains(" tsvector "));
    let read = |part: &String| {
        let mut words = part.split(' ');
        let (name, kind) = (words.next().unwrap(), words.next().unwrap());
        (name.to_owned(), sense(kind, name), !part.contains(" not null"))
    };
    own.map(read).collect()
}

#[test]
fn both_sets_have_the_same_names_and_go_down_as_well_as_up() {
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
    for backend in BACKENDS {
        assert!(
            text(backend, "up")
                .iter()
                .chain(&text(backend, "down"))
                .all(|text| !text.trim().is_empty())
        );
    }
}

#[test]
fn both_sets_make_the_same_tables_and_columns() {
    let read = |backend| {
        tables(backend)
            .into_iter()
            .map(|(name, parts)| (name, columns(&parts)))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(read("sqlite"), read("postgres"));
}

#[test]
fn both_sets_have_the_same_constraints_and_indexes() {
    let all = |backend: &str| {
        let named = statements(backend).into_iter();
        let named = named.filter(|statement| !statement.starts_with("create constraint trigger "));
        let (dropped, made): (Vec<String>, Vec<String>) = named.partition(|text| text.starts_with("drop index "));
        let text = made.join(" ; ");
        let named = |word: &str| {
            let rest: Vec<String> = text
                .split(word)
                .skip(1)
                .filter_map(|rest| rest.split(' ').next().map(str::to_owned))
                .collect();
            rest
        };
        let mut found = named(" constraint ");
        found.extend(named(" index "));
        // The full-text index is a table of its own on SQLite.
        found.extend(named(" virtual table "));
        let unique: BTreeSet<_> = found.iter().cloned().collect();
        assert_eq!(unique.len(), found.len(), "a name is used twice: {found:?}");
        let gone = dropped.iter().filter_map(|text| text.strip_prefix("drop index "));
        let gone: BTreeSet<String> = gone.map(|name| name.trim().to_owned()).collect();
        assert!(gone.is_subset(&unique), "what is dropped was never made: {gone:?}");
        &unique - &gone
    };
    assert_eq!(all("sqlite"), all("postgres"));
}

#[test]
fn every_id_that_leads_to_another_row_has_a_foreign_key() {
    for backend in BACKENDS {
        for (table, parts) in tables(backend) {
            let own = parts.iter().filter(|part| !part.starts_with("constraint "));
            for part in own {
                let name = part.split(' ').next().unwrap();
                let leads = name.ends_with("_id") && name != "short_id" || matches!(name, "created_by" | "updated_by");
                assert!(!leads || part.contains(" references "), "{backend}: {table}.{name}");
            }
        }
    }
}

#[test]
fn sqlite_tables_are_strict_and_texts_are_sorted_by_their_bytes_on_postgresql() {
    for statement in statements("sqlite")
        .iter()
        .filter(|statement| statement.starts_with("create table "))
    {
        assert!(statement.rsplit(')').next().unwrap().contains("strict"), "{statement}");
    }
    for (table, parts) in tables("postgres") {
        for part in parts
            .iter()
            .filter(|part| part.contains(" unique") || part.contains("primary key") && !part.starts_with("constraint"))
        {
            assert!(
                !part.contains(" text ") || part.contains("collate \"C\""),
                "{table}: {part}"
            );
        }
    }
}

/// The tables of what readers can see, each of whose changes moves the version of that.
const SEEN: [&str; 7] = [
    "editions",
    "redirects",
    "retractions",
    "sections",
    "contributors",
    "tags",
    "media",
];

#[test]
fn triggers_move_the_version_of_what_readers_can_see() {
    let lines = |backend: &str| statements(backend).join("\n");
    for table in SEEN {
        let events = if table == "media" {
            "update"
        } else {
            "insert or update or delete"
        };
        let trigger = format!(
            "create constraint trigger {table}_moves_content after {events} on {table} deferrable initially deferred \
             for each row execute function move_content()"
        );
        assert!(lines("postgres").contains(&trigger), "{trigger}");
        for event in events.split(" or ") {
            let trigger = format!(
                "create trigger {table}_{event}_moves_content after {event} on {table} begin \
                 update content_version set version = version + 1; end"
            );
            assert!(lines("sqlite").contains(&trigger), "{trigger}");
        }
    }
}

/// What was written down of what was done is kept from everybody.
#[test]
fn triggers_keep_the_audit_and_do_nothing_else() {
    let triggers = |backend: &str| {
        let all = statements(backend).into_iter();
        let all =
            all.filter(|statement| statement.starts_with("create trigger ") && !statement.contains("_moves_content "));
        // They went with their table.
        let all = all.filter(|statement| !statement.contains(" on search_texts "));
        all.partition::<Vec<_>, _>(|statement| statement.contains(" on audit "))
    };
    let (of_audit, others) = triggers("postgres");
    assert_eq!((of_audit.len(), others.len()), (1, 0));
    assert!(
        of_audit[0].contains(" before update or delete or truncate on audit "),
        "{of_audit:?}"
    );
    let (of_audit, all) = triggers("sqlite");
    for (trigger, event) in of_audit.iter().zip(["update", "insert", "delete"]) {
        let is_its = trigger.contains(&format!(" before {event} on audit ")) && trigger.contains("raise(abort, ");
        assert!(is_its, "{trigger}");
    }
    assert_eq!(of_audit.len(), 3);
    assert_eq!(all.len(), 0);
}

/// The tables as the source describes them to Diesel.
#[test]
fn the_source_knows_the_tables_as_the_migrations_make_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let source: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let mut described = BTreeMap::new();
    for table in source.split("diesel::table! {").skip(1) {
        let lines: Vec<&str> = table.lines().map(str::trim).collect();
        let at = lines
            .iter()
            .position(|line| line.ends_with('{') && line.contains('('))
            .unwrap();
        let name = lines[at].split(' ').next().unwrap().to_owned();
        let fields = lines[at + 1..].iter().take_while(|line| **line != "}").map(|line| {
            let (name, kind) = line.trim_end_matches(',').split_once(" -> ").unwrap();
            let bare = kind.trim_start_matches("Nullable<").trim_end_matches('>');
            let sense = match bare {
                "Uid" => "id",
                "Instant" => "moment",
                "Integer" | "BigInt" | "Bool" => "number",
                "Text" | "Packed" => "text",
                other => panic!("{other}"),
            };
            (name.to_owned(), sense, kind.starts_with("Nullable<"))
        });
        described.insert(name, fields.collect::<Vec<Column>>());
    }
    for (name, parts) in tables("sqlite") {
        assert_eq!(described.get(&name), Some(&columns(&parts)), "{name}");
    }
    assert_eq!(described.len(), tables("sqlite").len());
}

/// On whichever database the suite runs.
#[test]
fn down_leaves_no_trace_and_up_again_makes_the_same() {
    let database = Database::empty();
    let backend = if server().is_some() { "postgres" } else { "sqlite" };
    let up = text(backend, "up").join("\n");
    let down = text(backend, "down").join("\n");
    let mut look = looker(&database);
    assert_eq!(look("select 1"), [], "empty before");
    let first = look(&up);
    assert!(!first.is_empty());
    assert_eq!(look(&down), [], "nothing is left");
    assert_eq!(look(&up), first);
}

type Look = Box<dyn FnMut(&str) -> Vec<Described>>;

/// What the schema is after some statements were run.
fn looker(database: &Database) -> Look {
    if server().is_some() {
        let mut conn = PgConnection::establish(&database.address()).unwrap();
        return Box::new(move |statements| {
            conn.batch_execute(statements).unwrap();
            diesel::sql_query(
                "select concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name) as what
                 from information_schema.columns where table_schema = 'public'
                 union all select indexdef from pg_indexes where schemaname = 'public'
                 union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
                 from pg_constraint where connamespace = 'public'::regnamespace order by 1",
            )
            .load(&mut conn)
            .unwrap()
        });
    }
    let mut conn = SqliteConnection::establish(&database.file().display().to_string()).unwrap();
    Box::new(move |statements| {
        conn.batch_execute(statements).unwrap();
        diesel::sql_query("select coalesce(sql, name) as what from sqlite_schema order by 1")
            .load(&mut conn)
            .unwrap()
    })
}

/// On PostgreSQL only: the columns of the running database are those that the text of the migrations says.
#[test]
fn postgresql_has_the_columns_that_the_migrations_say() {
    if server().is_none() {
        return;
    }
    let database = Database::empty();
    let mut look = looker(&database);
    let found = look(&text("postgres", "up").join("\n"));
    for (table, parts) in tables("postgres") {
        for (column, _, nullable) in columns(&parts) {
            let start = format!("{table} {column} ");
            let word = if nullable { "YES" } else { "NO" };
            let is_there =
                |line: &Described| line.what.starts_with(&start) && line.what.split(' ').any(|part| part == word);
            assert!(found.iter().any(is_there), "{table}.{column}");
        }
    }
}

/// What `.cargo/config.toml` asks for: without it each statement with a bound LIMIT is prepared anew, each time.
#[test]
fn sqlite_is_compiled_so_that_a_prepared_statement_stays_prepared() {
    let mut sqlite = SqliteConnection::establish(":memory:").unwrap();
    for option in ["ENABLE_QPSG", "THREADSAFE=2", "DEFAULT_MEMSTATUS=0"] {
        let asked = diesel::dsl::sql::<diesel::sql_types::Integer>(&format!("sqlite_compileoption_used('{option}')"));
        let used: i32 = diesel::select(asked).get_result(&mut sqlite).unwrap();
        assert_eq!(used, 1, "{option}");
    }
}
