//! Bodies in and out: how long a long story takes, and that cost grows with size and with nothing else.
//!
//! `cargo bench --bench body` measures. `cargo bench --bench body -- --test` only holds the bounds, once each: it is what
//! `.ci/run` does. They are wide, and the time of a story is one beside the parser's, since machines differ; what is measured stands in the README.

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark tells what it found, and ends where it cannot go on"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use copydesk::domain::body::Body;
use copydesk::exchange::{html, markdown};
use criterion::{Criterion, Throughput, criterion_group};
use html5ever::tendril::TendrilSink as _;
use markup5ever_rcdom::RcDom;

// The server's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SITE: &str = "https://news.example";
const KIB: usize = 1024;
/// No text of a mebibyte takes longer, whatever is in it.
const MOST: Duration = Duration::from_secs(1);
/// A long story, read from HTML, on the machine that the README speaks of; how fast others are is not known.
const LONG_STORY: Duration = Duration::from_millis(20);
/// Times of what the parser takes to make a tree of its own from the same text.
const BESIDE_PARSER: f64 = 4.0;
/// How often each is timed; the quickest counts.
const TRIES: usize = 5;
/// Twice the size may take this many times as long, where it grows least; the square would be 4.
const GROWTH: f64 = 3.0;
/// What is over sooner is refused early, and says nothing of growth.
const TOO_SHORT: Duration = Duration::from_millis(20);

/// A story of about so many bytes of HTML, as an editor pastes it.
fn story(bytes: usize) -> String {
    let paragraph = "<p class=\"body\">The first <em>ferry</em> in nine days left <strong>Port Aldous</strong> on Monday, \
        <a href=\"https://ferries.example/timetable?day=1&amp;quay=2\">the operator said</a>, with every seat taken and two \
        dozen lorries waiting on the quay.&nbsp;It was full.<br>Another follows at dusk.</p>\n";
    let list = "<ul><li>Port Aldous<ul><li>North quay</li></ul></li><li>The Islands</li></ul>\n";
    let mut text = String::with_capacity(bytes + KIB);
    while text.len() < bytes {
        text.push_str("<h2>A long wait</h2>\n");
        text.push_str(&paragraph.repeat(6));
        text.push_str("<blockquote><p>We slept in the terminal.</p><footer>Mirel Dahn</footer></blockquote>\n");
        text.push_str(list);
    }
    text
}

fn body() -> Body {
    html::read(&story(200 * KIB), SITE).expect("the story is taken").body
}

/// A text of so many bytes of units that all differ.
fn numbered(bytes: usize, unit: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes + KIB);
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&unit(number));
    }
    text
}

/// Texts of a size that try a parser, whether each is HTML, and what it is: refused or read, in time that grows with the size.
fn trials(bytes: usize) -> Vec<(&'static str, bool, String)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    let numbered = |unit: fn(usize) -> String| numbered(bytes, unit);
    let mut all = vec![
        ("a story", true, story(bytes)),
        ("nested elements", true, fill("<div>")),
        ("nested inline elements", true, fill("<b><i>")),
        (
            "links that are not closed",
            true,
            numbered(|n| format!("<a href={n}>x")),
        ),
        (
            "marks that are not closed, in paragraphs",
            true,
            numbered(|n| format!("<p><b a{n}><font b{n}>")),
        ),
        ("crossed tags", true, fill("<b><p></b><i></p></i>")),
        ("tags that are not closed", true, fill("<p><li><td><b")),
        (
            "one tag of many attributes",
            true,
            format!("<p{}>", numbered(|n| format!(" a{n}"))),
        ),
        (
            "attributes without blanks",
            true,
            format!("<p {}>", numbered(|n| format!("a{n}=\"\""))),
        ),
        ("one long attribute", true, format!("<p title=\"{}\">x</p>", fill("x"))),
        ("an attribute without end", true, format!("<p title=\"{}", fill("x "))),
        ("a comment without end", true, format!("<!--{}", fill("- "))),
        ("tables", true, fill("<table><tr><td>x")),
        ("text in tables", true, format!("<table>{}", fill("<tr>x"))),
        (
            "cells that span",
            true,
            format!("<table>{}", fill("<tr><td rowspan=999 colspan=99>x")),
        ),
        ("nested lists", true, fill("<ul><li>x")),
        ("entities", true, fill("&amp;&notit;")),
        ("combining marks", true, fill("e\u{301}\u{323}")),
        ("one long word", true, fill("x")),
        ("line breaks", true, fill("<br>")),
        ("templates", true, fill("<template>")),
        ("foreign elements", true, fill("<svg><math>")),
        ("options", true, fill("<select><option>")),
    ];
    all.extend(crafted_trials(bytes));
    all.extend(markdown_trials(bytes));
    all
}

/// Texts that were found to cost more than they should.
fn crafted_trials(bytes: usize) -> Vec<(&'static str, bool, String)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    vec![
        (
            "attributes that are made anew",
            true,
            format!("<p><b{}>{}", numbered(8 * KIB, |n| format!(" a{n}")), fill("<p>x")),
        ),
        (
            "a style that is made anew",
            true,
            format!("<p><b style='{}'>{}", "a:b;".repeat(900), fill("<p>x")),
        ),
        (
            "attributes of the page",
            true,
            numbered(bytes, |n| format!("<html a{n}>")),
        ),
        ("templates in templates", true, fill("<template><b>")),
        (
            "empty points of a word processor",
            true,
            fill("<p style=mso-list:level1>"),
        ),
        (
            "nested inline elements around much",
            true,
            format!("{}{}<hr>", "<span>".repeat(50), fill("<wbr>")),
        ),
        (
            "many links of one address",
            true,
            format!("<a href='https://a.example/{}'>{}", "x".repeat(1900), fill("<b>x</b>y")),
        ),
    ]
}

fn markdown_trials(bytes: usize) -> Vec<(&'static str, bool, String)> {
    let fill = |unit: &str| unit.repeat(bytes / unit.len());
    let ticks = |n: usize| format!("{} ", "`".repeat(n % 300));
    vec![
        ("Markdown quotes", false, fill(">")),
        ("Markdown lists", false, fill("- ")),
        ("Markdown brackets", false, fill("[")),
        ("Markdown links", false, fill("[a](")),
        ("Markdown stars", false, fill("*a _b ")),
        ("Markdown ticks", false, numbered(bytes, ticks)),
        ("Markdown tables", false, format!("|a|b|\n|-|-|\n{}", fill("|x|\n"))),
        ("Markdown references", false, fill("[a]: x\n[a]\n")),
        ("Markdown markup", false, fill("<a href=\"x\">")),
        (
            "Markdown rows that are filled up",
            false,
            format!("{}\n{}\n{}", "|a".repeat(45), "|-".repeat(45), fill("x\n")),
        ),
        (
            "Markdown tables one after the other",
            false,
            fill("|a|b|c|d\n|-|-|-|-\nx\nx\nx\n\n"),
        ),
    ]
}

fn read(is_html: bool, text: &str) -> bool {
    if is_html {
        html::read(text, SITE).is_ok()
    } else {
        markdown::read(text, SITE).is_ok()
    }
}

/// The quickest of a few: what else the machine does only ever adds.
fn time<T>(mut run: impl FnMut() -> T) -> Duration {
    let once = |_| {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed()
    };
    (0..TRIES).map(once).min().unwrap_or_default()
}

/// The parser's own tree of a text.
fn parsed(text: &str) -> RcDom {
    html5ever::parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(text)
}

/// Ends the program where a long story takes too long: beside the parser, or `whole`, which holds on one machine.
fn hold_long_story(whole: bool) {
    let text = story(200 * KIB);
    assert!(html::read(&text, SITE).is_ok(), "a story of 200 KiB is refused");
    let round = |_| (time(|| html::read(&text, SITE)), time(|| parsed(&text)));
    let rounds: Vec<_> = (0..TRIES).map(round).collect();
    let took = rounds.iter().map(|round| round.0).min().unwrap_or(MOST);
    let beside = rounds.iter().map(|round| round.1).min().unwrap_or_default();
    let ratio = took.as_secs_f64() / beside.as_secs_f64().max(1e-9);
    println!("a story of 200 KiB of HTML: {took:?}, {ratio:.2} times the parser's {beside:?}");
    assert!(
        ratio < BESIDE_PARSER,
        "a story of 200 KiB takes {ratio:.2} times as long as parsing it"
    );
    assert!(!whole || took < LONG_STORY, "a story of 200 KiB took {took:?}");
}

/// Ends the program where a bound is broken.
fn hold_bounds() {
    let sizes = [KIB * KIB / 8, KIB * KIB / 4, KIB * KIB / 2, KIB * KIB];
    for (at, (what, is_html, whole)) in trials(KIB * KIB).into_iter().enumerate() {
        let end = if read(is_html, &whole) { "read" } else { "refused" };
        let texts = sizes.map(|bytes| trials(bytes).swap_remove(at).2);
        let times = texts.each_ref().map(|text| time(|| read(is_html, text)));
        let growth = |pair: &[Duration]| match pair {
            [from, to] => to.as_secs_f64() / from.as_secs_f64().max(1e-9),
            _ => f64::INFINITY,
        };
        // Where a cache of the processor ends between two sizes, one step looks like a square; a square looks so in each.
        let growth = times.windows(2).map(growth).fold(f64::INFINITY, f64::min);
        let last = times.last().copied().unwrap_or(MOST);
        println!(
            "{what}: {} KiB {end} in {last:?}, {growth:.1} times half of it",
            whole.len() / KIB
        );
        assert!(last < MOST, "{what} took {last:?}");
        assert!(last < TOO_SHORT || growth < GROWTH, "{what} grows {growth:.1} times");
    }
}

fn long_story(criterion: &mut Criterion) {
    let text = story(200 * KIB);
    let body = body();
    let (as_html, as_markdown) = (html::write(&body, SITE), markdown::write(&body));
    let mut group = criterion.benchmark_group("200 KiB story");
    group.throughput(Throughput::Bytes(text.len() as u64));
    // The baseline: going through the bytes once.
    group.bench_function("baseline: count its words", |bench| {
        bench.iter(|| black_box(text.split_ascii_whitespace().count()));
    });
    group.bench_function("from HTML", |bench| bench.iter(|| html::read(black_box(&text), SITE)));
    group.bench_function("from our own HTML", |bench| {
        bench.iter(|| html::read(black_box(&as_html), SITE));
    });
    group.bench_function("from Markdown", |bench| {
        bench.iter(|| markdown::read(black_box(&as_markdown), SITE));
    });
    group.bench_function("to HTML", |bench| bench.iter(|| html::write(black_box(&body), SITE)));
    group.bench_function("to Markdown", |bench| bench.iter(|| markdown::write(black_box(&body))));
    group.bench_function("to text", |bench| bench.iter(|| black_box(&body).plain_text()));
    group.finish();
}

criterion_group!(bodies, long_story);

fn main() {
    let whole = std::env::args().all(|argument| argument != "--test");
    hold_long_story(whole);
    hold_bounds();
    if whole {
        bodies();
        Criterion::default().configure_from_args().final_summary();
    }
}
