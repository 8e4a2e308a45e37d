//! HTML and Markdown as people and programs write them.

use serde_json::{Value, json};

use super::{bare, from_html, from_markdown};
use crate::domain::invalid::Rule;
use crate::exchange::{html, markdown};

fn p(text: &str) -> Value {
    json!({"type": "paragraph", "text": [{"text": text}]})
}

fn styled(text: &str, marks: &[&str]) -> Value {
    json!({"text": text, "marks": marks})
}

/// Code and name of each warning.
fn told(warnings: &crate::domain::body::Warnings) -> Vec<(&'static str, &str)> {
    warnings
        .0
        .iter()
        .map(|one| (one.code.as_str(), one.name.as_str()))
        .collect()
}

fn reads_as(source: &str, blocks: &Value) {
    let read = from_html(source);
    assert_eq!(bare(&read.body), *blocks, "{source}");
    assert_eq!(told(&read.warnings), [], "{source}");
}

#[test]
fn html_becomes_blocks() {
    for (source, blocks) in [
        ("plain words", json!([p("plain words")])),
        ("<p>One<p>Two", json!([p("One"), p("Two")])),
        (
            "<div><div>a</div>b<section>c</section></div>",
            json!([p("a"), p("b"), p("c")]),
        ),
        ("<p>&nbsp;</p><p> </p><p></p><br><p>a</p>", json!([p("a")])),
        ("<p>a&nbsp;b  c\n d</p>", json!([p("a\u{a0}b c d")])),
        ("<p>a<br>b<br></p>", json!([p("a\nb")])),
        (
            "<p>cafe\u{301} \u{1f469}\u{200d}\u{1f680} \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{201c}x\u{201d}</p>",
            json!([p(
                "café \u{1f469}\u{200d}\u{1f680} \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{201c}x\u{201d}"
            )]),
        ),
        (
            "<h1>a</h1><h3>b</h3><h6>c</h6>",
            json!([
                {"type": "heading", "level": 2, "text": [{"text": "a"}]},
                {"type": "heading", "level": 3, "text": [{"text": "b"}]},
                {"type": "heading", "level": 4, "text": [{"text": "c"}]},
            ]),
        ),
        (
            "<p>a <b>b <i>c</i></b> d</p>",
            json!([{"type": "paragraph", "text": [
                {"text": "a "}, styled("b ", &["strong"]), styled("c", &["em", "strong"]), {"text": " d"},
            ]}]),
        ),
        (
            "<p>x<a href='/2026/a-7gk2m9qx'>y</a><a href=mailto:a@b.example>z</a></p>",
            json!([{"type": "paragraph", "text": [
                {"text": "x"}, {"text": "y", "link": {"url": "https://news.example/2026/a-7gk2m9qx"}},
                {"text": "z", "link": {"url": "mailto:a@b.example"}},
            ]}]),
        ),
    ] {
        reads_as(source, &blocks);
    }
}

#[test]
fn what_is_more_than_a_paragraph_becomes_its_block() {
    for (source, blocks) in [
        (
            "<blockquote cite=https://a.example/><p>a</p><p>b</p><footer>— C D</footer></blockquote>",
            json!([{
                "type": "quote", "text": [{"text": "a\n\nb"}], "attribution": "C D", "url": "https://a.example/",
            }]),
        ),
        (
            "<figure class=wp-block-pullquote><blockquote><p>a</p><cite>B</cite></blockquote></figure>",
            json!([{
                "type": "pull_quote", "text": [{"text": "a"}], "attribution": "B",
            }]),
        ),
        (
            "<pre><code class='hljs language-sql'>select\n  1;\n</code></pre>",
            json!([
                {"type": "code", "language": "sql", "text": "select\n  1;"},
            ]),
        ),
        ("<p>a</p><hr><p>b</p>", json!([p("a"), {"type": "divider"}, p("b")])),
        (
            "<iframe src=//www.youtube.com/embed/x title=T></iframe>",
            json!([
                {"type": "embed", "provider": "youtube", "url": "https://www.youtube.com/embed/x", "title": "T"},
            ]),
        ),
        ("<p>a<q>b</q></p>", json!([p("a“b”")])),
    ] {
        reads_as(source, &blocks);
    }
}

#[test]
fn lists_keep_their_levels() {
    let item = |text: &str| json!({"text": [{"text": text}]});
    let nested = json!([{"type": "list", "ordered": false, "items": [
        {"text": [{"text": "a"}], "list": {"ordered": true, "items": [item("b"), item("c")]}}, item("d"),
    ]}]);
    for source in [
        "<ul><li>a<ol><li>b<li>c</ol><li>d</ul>",
        "<ul><li><p>a</p><div><ol><li>b</li><li>c</li></ol></div></li><li>d</li></ul>",
        // Beside the item instead of within it, as one well-known editor pastes it.
        "<ul><li dir=ltr><p role=presentation><span>a</span></p></li><ol><li>b</li><li>c</li></ol><li>d</li></ul>",
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>\
         &nbsp;&nbsp; </span></span><![endif]>a<o:p></o:p></p>\n<p style='mso-list:l0 level2 lfo1'><span \
         style='mso-list: Ignore'>1.<span>&nbsp;</span></span>b</p><p style='mso-list:l0 level2 lfo1'><span \
         style='mso-list:Ignore'>2.</span>c</p><p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>d</p>",
    ] {
        assert_eq!(bare(&from_html(source).body), nested, "{source}");
    }
    assert_eq!(bare(&from_markdown("- a\n  1. b\n  2. c\n- d\n").body), nested);
    let deep = from_html("<ul><li>1<ul><li>2<ul><li>3<ul><li>4</ul></ul></ul></ul>");
    assert_eq!(told(&deep.warnings), [("structure_flattened", "list")]);
    assert_eq!(
        bare(&deep.body)[0]["items"][0]["list"]["items"][0]["list"]["items"],
        json!([item("3"), item("4")])
    );
}

#[test]
fn tables_keep_their_columns() {
    let cell = |text: &str| {
        if text.is_empty() {
            json!({"text": []})
        } else {
            json!({"text": [{"text": text}]})
        }
    };
    let row = |cells: &[&str]| Value::Array(cells.iter().map(|text| cell(text)).collect());
    let table = |source| bare(&from_html(source).body)[0].clone();
    let made = table("<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td><b></b>2</table>");
    assert_eq!(
        made,
        json!({"type": "table", "header": row(&["a", "b"]), "rows": [row(&["1", "2"])], "caption": "C"})
    );
    let spans = table("<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<tr><td>e</table>");
    assert_eq!(
        spans["rows"],
        json!([row(&["a", "b", ""]), row(&["", "c", "d"]), row(&["e", "", ""])])
    );
    assert_eq!(
        bare(&from_markdown("| a | b |\n|---|:-:|\n| 1 | x \\| y |\n").body)[0]["rows"],
        json!([row(&["1", "x | y"])])
    );
}

#[test]
fn what_word_processors_paste_keeps_its_looks() {
    let docs = "<meta charset='utf-8'><b style=\"font-weight:normal;\" id=\"docs-internal-guid-1\"><p dir=ltr><span \
                style=\"font-weight:400\">plain </span><span style=\"font-weight:700;font-style:italic\">bold</span></p>\
                <p><a href=\"https://a.example/\" style=\"text-decoration:none\"><span style=\"text-decoration:underline\">\
                link</span></a></p></b>";
    assert_eq!(
        bare(&from_html(docs).body),
        json!([
            {"type": "paragraph", "text": [{"text": "plain "}, styled("bold", &["em", "strong"])]},
            {"type": "paragraph", "text": [{"text": "link", "link": {"url": "https://a.example/"}}]},
        ])
    );
    let word = "<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--><style>p{color:red}</style>\
                <p class=MsoNormal><b><span lang=EN>A</span></b><o:p>&nbsp;</o:p></p>";
    let read = from_html(word);
    assert_eq!(
        bare(&read.body),
        json!([{"type": "paragraph", "text": [styled("A", &["strong"]), {"text": "\u{a0}"}]}])
    );
    assert_eq!(
        told(&read.warnings),
        [("comment_dropped", "comment"), ("element_dropped", "style")]
    );
}

#[test]
fn what_is_lost_is_told_with_its_place() {
    let source = "<p>a</p>\n<p onclick=x()>b<script>alert(1)</script><img src=x onerror=y></p>\n\
                  <form><p>c</p><input><input></form><a href=javascript:alert(1)>d</a><svg><text>e</text></svg>\u{1}<!-- f -->";
    let read = from_html(source);
    assert_eq!(read.body.plain_text(), "a\n\nb\n\nc\n\nd");
    let told: Vec<_> = read
        .warnings
        .0
        .iter()
        .map(|one| (one.code.as_str(), one.name.as_str(), one.line, one.block, one.count))
        .collect();
    assert_eq!(
        told,
        [
            ("event_handler_dropped", "onclick", 2, 1, 1),
            ("element_dropped", "script", 2, 1, 1),
            ("event_handler_dropped", "onerror", 2, 1, 1),
            ("element_dropped", "img", 2, 1, 1),
            ("element_dropped", "form", 3, 2, 1),
            ("element_dropped", "input", 3, 3, 2),
            ("link_dropped", "javascript", 3, 3, 1),
            ("element_dropped", "svg", 3, 3, 1),
            ("character_dropped", "U+0001", 3, 3, 1),
            ("comment_dropped", "comment", 3, 3, 1),
        ]
    );
    let read = from_markdown("a\n\nb\n\n<script>x</script>\n\n![alt](https://a.example/x.png)\n");
    let told: Vec<_> = read
        .warnings
        .0
        .iter()
        .map(|one| (one.name.as_str(), one.pointer, one.line))
        .collect();
    assert_eq!(told, [("script", "/body_markdown", 3), ("img", "/body_markdown", 7)]);
}

#[test]
fn markdown_is_written_as_people_write_it() {
    let source = "## A heading\n\nWords *in italics*, **in bold** and `code`, [a link](https://a.example/x).\n\n\
                  > A quote.\n>\n> Of two paragraphs.\n\n- one\n- two\n  1. below\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n\
                  ```sql\nselect 1;\n```\n\n---\n";
    assert_eq!(markdown::write(&from_markdown(source).body), source);
}

#[test]
fn signs_in_words_stay_words() {
    for text in [
        "1. no list",
        "# no heading",
        "a * b * c",
        "![no](picture)",
        "<b>",
        "&amp;",
        "snake_case_name",
        "- no",
        "C# #1",
    ] {
        let body = crate::domain::body::Body::checked(
            vec![crate::domain::body::Block::paragraph(vec![
                crate::domain::body::Span::plain(text),
            ])],
            "",
        )
        .unwrap();
        assert_eq!(from_markdown(&markdown::write(&body)).body, body, "{text}");
        assert_eq!(from_html(&html::write(&body, super::SITE)).body, body, "{text}");
    }
}

#[test]
fn excess_is_refused_where_it_stands() {
    let deep = "<div>".repeat(100);
    let many = "<i>x</i>".repeat(60_000);
    let attributes: String = (0..5000).map(|n| format!(" a{n}")).collect();
    for (what, source, rule) in [
        ("depth", deep, Rule::OutOfRange),
        ("nodes", many, Rule::TooMany),
        ("attributes", format!("<p{attributes}>"), Rule::TooMany),
        ("blocks", "<hr>".repeat(2001), Rule::TooMany),
        ("a long paragraph", "x".repeat(20_001), Rule::TooLong),
    ] {
        let flaws = html::read(&source, super::SITE).unwrap_err().0;
        assert_eq!(flaws[0].code, rule, "{what}");
        assert_eq!(flaws[0].pointer, "/body_html", "{what}");
    }
    // A comment may be as long as it likes, and so may one attribute.
    let long = format!(
        "<!-- {} --><p title=\"{}\">a</p>",
        "x=\"y\" ".repeat(9000),
        format!("/{}", "9j0A".repeat(15)).repeat(5000)
    );
    assert_eq!(from_html(&long).body.plain_text(), "a");
}

#[test]
fn structure_that_a_block_cannot_have_is_told() {
    for (source, names) in [
        ("<ul><li>a<pre>b</pre><h3>c</h3></li></ul>", vec!["pre", "h3"]),
        (
            "<table><tr><td><ul><li>a</ul><td><table><tr><td>b</table></table>",
            vec!["ul", "table"],
        ),
        ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", vec!["blockquote"]),
        ("<ol start=5><li>a</ol>", vec!["start"]),
        ("<ol start=1><li><p>a</p><div>b</div></ol>", vec![]),
    ] {
        let read = from_html(source);
        let expected: Vec<_> = names.into_iter().map(|name| ("structure_flattened", name)).collect();
        assert_eq!(told(&read.warnings), expected, "{source}");
    }
}

/// Words that a block has no place for are kept in another, in their order.
#[test]
fn no_word_goes_without_a_word() {
    for (source, text) in [
        ("<aside class=fact-box><p>Words</p></aside>", "Words"),
        (
            "<aside class=fact-box><div><h3 class=fact-box-title>T</h3></div>a</aside>",
            "T\n\na",
        ),
        (
            "<aside class=fact-box><h3 class=fact-box-title>T</h3><h3 class=fact-box-title>U</h3></aside>",
            "T\n\nU",
        ),
        ("<ul><li>a<ul><li>b</ul>c</ul>", "• a\n  • b\n• c"),
        ("<ol><li></li><li>two</li></ol>", "1. \n2. two"),
        (
            "<blockquote>He read <cite>The Times</cite> daily.</blockquote>",
            "He read The Times daily.",
        ),
        (
            "<blockquote><cite>The Times</cite> said so.</blockquote>",
            "The Times said so.",
        ),
        ("<blockquote>a<br><cite>B</cite></blockquote>", "a\n— B"),
        ("<blockquote><footer>B</footer></blockquote>", "\n— B"),
        ("<pre><div>one</div><div>two</div></pre>", "one\ntwo"),
        ("<pre>a<script>x</script>b</pre>", "ab"),
        ("<table><caption>c</caption></table>", "c"),
        (
            "<table><caption>c</caption><caption>d</caption><tr><td>e</table>",
            "c\ne\n\nd",
        ),
        (
            "<figure class=embed data-provider=other><a href=https://a.example/>x</a><p>y</p></figure>",
            "x\n\ny",
        ),
    ] {
        assert_eq!(from_html(source).body.plain_text(), text, "{source}");
    }
    let long = "word ".repeat(400);
    let table = format!("<table><caption>{long}</caption><tr><td>a</table>");
    assert_eq!(from_html(&table).body.plain_text(), format!("a\n\n{}", long.trim()));
    let boxed = format!("<aside class=fact-box><h3 class=fact-box-title>{long}</h3>a</aside>");
    assert_eq!(from_html(&boxed).body.plain_text(), format!("{}\n\na", long.trim()));
    let code = from_html("<ul><li>Run<pre><code>a = 1\n  b = 2\n</code></pre></li></ul>");
    assert_eq!(code.body.plain_text(), "• Run\n\na = 1\nb = 2");
    let empty = from_html("<ul><li>a<pre></pre></li><li>b<pre> </pre>c</li></ul>");
    assert_eq!(empty.body.plain_text(), "• a\n• b\n\nc");
}

#[test]
fn two_lists_of_a_word_processor_stay_two() {
    let point = |list: &str, sign: &str, text: &str| {
        format!("<p style='mso-list:{list} level1 lfo1'><span style='mso-list:Ignore'>{sign}</span>{text}</p>")
    };
    let source = point("l0", "·", "a") + &point("l1", "1.", "b") + &point("l1", "2.", "c");
    assert_eq!(from_html(&source).body.plain_text(), "• a\n\n1. b\n2. c");
    let empty = point("l0", "·", "").repeat(5000);
    assert!(from_html(&empty).body.blocks().is_empty());
}

#[test]
fn what_costs_too_much_is_refused() {
    let attributes: String = (0..1900).map(|n| format!(" a{n}")).collect();
    let style = "a:b;".repeat(200_000);
    for (what, source, is_taken) in [
        (
            "attributes made anew",
            format!("<p><b{attributes}>{}", "<p>x".repeat(1000)),
            false,
        ),
        (
            "a long style made anew",
            format!("<p><b style='{style}'>{}", "<p>x".repeat(1000)),
            true,
        ),
        ("templates in templates", "<template><b>".repeat(100), false),
        (
            "attributes of the page",
            (0..20_000).map(|n| format!("<html a{n}>")).collect(),
            true,
        ),
        (
            "cells that span",
            format!("<table><tr>{}", "<td colspan=50>x".repeat(50)),
            false,
        ),
    ] {
        assert_eq!(html::read(&source, super::SITE).is_ok(), is_taken, "{what}");
    }
    let table = format!("{}\n{}\n{}\n", "|a".repeat(500), "|-".repeat(500), "x\n".repeat(900));
    let flaws = markdown::read(&table, super::SITE).unwrap_err().0;
    assert_eq!(
        (flaws[0].pointer.as_str(), flaws[0].code),
        ("/body_markdown", Rule::TooMany)
    );
}
