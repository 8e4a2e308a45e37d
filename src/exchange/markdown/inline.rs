//! Running text to Markdown.

use crate::domain::body::{Link, Mark, Span};
use crate::exchange::html;

/// Where a running text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In lines of its own.
    Prose,
    /// In one line.
    Line,
    /// In a cell of a table.
    Cell,
}

/// A text with its marks and links. Signs are used where they can be read one way only, and HTML everywhere else.
pub(super) fn inline(spans: &[Span], place: Place) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(span) = spans.get(at) {
        let same = spans.iter().skip(at).take_while(|one| one.link == span.link).count();
        let group = spans.get(at..at + same).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|last| spans.get(last)).and_then(last_char);
        let after = spans.get(at + same).and_then(first_char);
        match &span.link {
            None => words(group, before, after, place, &mut out),
            Some(link) => anchor(link, group, place, &mut out),
        }
        at += same;
    }
    out
}

fn first_char(span: &Span) -> Option<(char, bool)> {
    span.text.chars().next().map(|c| (c, is_bare(span)))
}

fn last_char(span: &Span) -> Option<(char, bool)> {
    span.text.chars().next_back().map(|c| (c, is_bare(span)))
}

/// Whether nothing stands between the span's words and its neighbours.
fn is_bare(span: &Span) -> bool {
    span.marks.is_empty() && span.link.is_none()
}

fn anchor(link: &Link, group: &[Span], place: Place, out: &mut String) {
    let url = link.url.as_ref().map(crate::domain::web::LinkUrl::as_str);
    if let Some(url) = url.filter(|url| is_plain(url)) {
        // An exclamation mark before a link would make it a picture.
        if out.ends_with('!') {
            out.pop();
            out.push_str("\\!");
        }
        out.push('[');
        words(group, None, None, place, out);
        out.push_str(&format!("]({url})"));
    } else {
        let href = url.map_or_else(String::new, |url| format!(" href=\"{}\"", attribute(url)));
        let own = link
            .article_id
            .map_or_else(String::new, |id| format!(" data-article-id=\"{id}\""));
        out.push_str(&format!("<a{href}{own}>"));
        words(group, None, None, place, out);
        out.push_str("</a>");
    }
}

/// Whether an address can stand in brackets as it is and is read back as it is: readers encode anew what is not plain, and
/// a percent sign that begins no code; an ampersand is read as a character by its name only before a semicolon.
pub(super) fn is_plain(url: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$+,;=%".contains(&b);
    let mut behind_signs = url.split('%').skip(1);
    let coded = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let ampersand = !url.contains(';');
    url.bytes().all(|b| plain(b) || b == b'&' && ampersand) && behind_signs.all(coded)
}

/// A picture with what it shows in words; a line feed in those is written by its number.
pub(super) fn picture(alt: &str, url: &str) -> String {
    let mut out = "![".to_owned();
    if alt.starts_with('^') {
        // Some readers take the sign for a footnote's.
        out.push('\\');
    }
    for (at, line) in alt.split('\n').enumerate() {
        if at > 0 {
            out.push_str("&#10;");
        }
        escape(line, &mut out);
    }
    out.push_str(&format!("]({url})"));
    out
}

/// A value of an attribute: no sign in it may mean something to Markdown.
fn attribute(text: &str) -> String {
    html::escaped(text).replace('|', "&#124;").replace('`', "&#96;")
}

fn words(group: &[Span], before: Option<(char, bool)>, after: Option<(char, bool)>, place: Place, out: &mut String) {
    for (at, span) in group.iter().enumerate() {
        let before = at.checked_sub(1).map_or(before, |last| {
            group
                .get(last)
                .and_then(last_char)
                .map(|(c, _)| (c, is_unmarked(group.get(last))))
        });
        let after = group
            .get(at + 1)
            .map_or(after, |next| first_char(next).map(|(c, _)| (c, next.marks.is_empty())));
        let sign = sign(span).filter(|_| stands_free(span, before, after));
        match sign {
            Some(sign) => {
                out.push_str(sign);
                text(span, place, out);
                out.push_str(sign);
            }
            None => marked(span, place, out),
        }
    }
}

fn is_unmarked(span: Option<&Span>) -> bool {
    span.is_none_or(|span| span.marks.is_empty())
}

/// The sign of Markdown for the marks of a span.
fn sign(span: &Span) -> Option<&'static str> {
    match span.marks.as_slice() {
        [Mark::Em] => Some("*"),
        [Mark::Strong] => Some("**"),
        [Mark::Em, Mark::Strong] => Some("***"),
        [Mark::Strike] => Some("~~"),
        _ => None,
    }
}

/// Signs are read as such only between words: letters inside, blanks or common punctuation outside.
fn stands_free(span: &Span, before: Option<(char, bool)>, after: Option<(char, bool)>) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let opens = |c: char| c == ' ' || c == '\n' || "(“‘«".contains(c);
    let closes = |c: char| c == ' ' || c == '\n' || ".,;:!?)”’»".contains(c);
    letter(span.text.chars().next())
        && letter(span.text.chars().next_back())
        && !span.text.contains('\n')
        && before.is_none_or(|(c, bare)| bare && opens(c))
        && after.is_none_or(|(c, bare)| bare && closes(c))
}

/// A span with its marks as HTML; code by its own sign where it has one line.
fn marked(span: &Span, place: Place, out: &mut String) {
    let is_code = span.marks.contains(&Mark::Code) && fits_ticks(&span.text, out);
    let marks: Vec<Mark> = span
        .marks
        .iter()
        .copied()
        .filter(|mark| !is_code || *mark != Mark::Code)
        .collect();
    for mark in &marks {
        out.push_str(&format!("<{}>", html::tag(*mark)));
    }
    if is_code {
        out.push_str(&format!("`{}`", span.text));
    } else {
        text(span, place, out);
    }
    for mark in marks.iter().rev() {
        out.push_str(&format!("</{}>", html::tag(*mark)));
    }
}

/// Whether code can stand between ticks. A reader who makes links of bare addresses can swallow a tick behind one, and what
/// was code would be read as Markdown: so ticks stand behind a blank, and around nothing that would mean something.
fn fits_ticks(text: &str, out: &str) -> bool {
    let plain = |c: char| !c.is_control() && !"[]()!*_~&\\<>|`".contains(c);
    let free = out.is_empty() || out.ends_with([' ', '\n']);
    free && text.chars().all(plain) && !text.starts_with(' ') && !text.ends_with(' ')
}

fn text(span: &Span, place: Place, out: &mut String) {
    for (at, line) in span.text.split('\n').enumerate() {
        if at > 0 {
            // A backslash at the end of a line breaks it; where the text must stay in one line, HTML does.
            out.push_str(if place == Place::Prose { "\\\n" } else { "<br>" });
        }
        escape(line, out);
    }
}

/// Escapes what Markdown could take for a sign. `<` and `&` become entities, so that nothing looks like a tag even to a
/// reader who takes the text for HTML.
fn escape(line: &str, out: &mut String) {
    for (at, c) in line.char_indices() {
        let rest = line.get(at + c.len_utf8()..).unwrap_or_default();
        let opens_line = out.is_empty() || out.ends_with('\n');
        match c {
            '<' => out.push_str("&lt;"),
            '&' if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' => {
                out.push('\\');
                out.push(c);
            }
            '#' | '+' | '-' | '=' | ':' | '>' if opens_line => {
                out.push('\\');
                out.push(c);
            }
            '#' if out.ends_with([' ', '#']) => out.push_str("\\#"),
            '.' | ')' if ends_number(out) => {
                out.push('\\');
                out.push(c);
            }
            // A blank that begins a line could make it program text.
            ' ' | '\t' if opens_line => {}
            '\t' => out.push(' '),
            _ => out.push(c),
        }
    }
}

/// Whether the line so far is a number, which a dot or bracket would make an item of a list.
fn ends_number(out: &str) -> bool {
    let start = out.len().saturating_sub(10);
    let bytes = out.as_bytes().get(start..).unwrap_or_default();
    let line = bytes.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let whole = start == 0 || line.len() < bytes.len();
    whole && !line.is_empty() && line.iter().all(u8::is_ascii_digit)
}
