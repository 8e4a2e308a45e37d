//! Running text on its way: blanks fold as a browser folds them, line breaks are line feeds.

use crate::domain::body::{Link, Mark, Span, tidy};
use crate::domain::text::composed;

/// How words look at a place of the tree.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Style {
    pub(super) marks: Vec<Mark>,
    pub(super) link: Option<Link>,
}

impl Style {
    pub(super) fn with(&self, mark: Mark) -> Self {
        let mut style = self.clone();
        style.set(mark, true);
        style
    }

    pub(super) fn set(&mut self, mark: Mark, on: bool) {
        self.marks.retain(|one| *one != mark);
        if on {
            self.marks.push(mark);
            self.marks.sort_unstable();
        }
    }
}

/// One running text.
#[derive(Debug, Default)]
pub(super) struct Run {
    spans: Vec<Span>,
    /// A blank that counts once a word follows it on the same line.
    blank: Option<Style>,
    /// Line feeds that count once a word follows them: each in the style of its place, or of what it parts.
    breaks: Vec<Option<Style>>,
}

impl Run {
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Text as it stands in the source.
    pub(super) fn text(&mut self, text: &str, style: &Style) {
        let is_blank = |c: char| c.is_ascii_whitespace();
        if text.starts_with(is_blank) {
            self.blank(style);
        }
        let mut words = text.split_ascii_whitespace();
        let Some(first) = words.next() else { return };
        let mut line = String::with_capacity(text.len());
        line.push_str(first);
        for word in words {
            line.push(' ');
            line.push_str(word);
        }
        self.word(&line, style);
        if text.ends_with(is_blank) {
            self.blank(style);
        }
    }

    /// Parts the words before from those that follow, where nothing does yet.
    fn blank(&mut self, style: &Style) {
        if self.blank.is_none() && self.breaks.is_empty() && !self.is_empty() {
            self.blank = Some(style.clone());
        }
    }

    /// Text whose blanks and line breaks all count.
    pub(super) fn as_is(&mut self, text: &str, style: &Style) {
        self.word(text, style);
    }

    fn word(&mut self, word: &str, style: &Style) {
        if let Some(blank) = self.blank.take() {
            self.push(" ", &blank);
        }
        for place in std::mem::take(&mut self.breaks) {
            let place = place.unwrap_or_else(|| self.between(style));
            self.push("\n", &place);
        }
        self.push(word, style);
    }

    /// The style of what parts the words so far from the next: theirs, where they look alike.
    fn between(&self, style: &Style) -> Style {
        let last = self.spans.last();
        if last.is_some_and(|last| last.marks == style.marks && last.link == style.link) {
            style.clone()
        } else {
            Style::default()
        }
    }

    fn push(&mut self, text: &str, style: &Style) {
        match self.spans.last_mut() {
            Some(last) if last.marks == style.marks && last.link == style.link => last.text.push_str(text),
            _ => self.spans.push(Span {
                text: text.to_owned(),
                marks: style.marks.clone(),
                link: style.link.clone(),
            }),
        }
    }

    /// Breaks the line.
    pub(super) fn line(&mut self, style: &Style) {
        self.blank = None;
        if !self.is_empty() {
            self.breaks.push(Some(style.clone()));
        }
    }

    /// Parts what comes from what was by `breaks` line feeds at least, however many ends meet.
    pub(super) fn part_by(&mut self, breaks: usize) {
        self.blank = None;
        if !self.is_empty() {
            let most = self.breaks.len().max(breaks);
            self.breaks.resize(most, None);
        }
    }

    /// Ends the words before, in a text that has one line.
    pub(super) fn part(&mut self) {
        self.blank(&Style::default());
    }

    /// The spans, in their one form; nothing where there are only blanks.
    pub(super) fn finish(self) -> Vec<Span> {
        let mut spans = tidy(self.spans);
        for span in &mut spans {
            composed(&mut span.text);
        }
        let blank = spans.iter().all(|span| span.text.trim().is_empty());
        if blank { Vec::new() } else { spans }
    }
}
