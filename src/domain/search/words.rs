//! A text as the words that are searched, each with its place in the text.
//!
//! Both databases index what is made here, so that both find the same. Words are those of Unicode (UAX #29), parted further
//! where an apostrophe or a full stop stands within one. Scripts that put no blanks between words give overlapping pairs of
//! their letters: each letter of a run begins exactly one word, with the letter behind it or, the last one, by itself. So
//! one letter is found as the beginning of a word, and more as neighbours.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::fold::folded;
use crate::domain::segment::word_indices;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    /// As it is compared.
    pub(super) text: String,
    pub(super) kind: WordKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordKind {
    /// Of letters that make a word together.
    Whole,
    /// Two neighbours of a run. The first one ends at this byte.
    Pair { first: usize },
    /// The last of a run, and whether it is all of it.
    Last { alone: bool },
}

/// The words of a text in their order.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader {
        text,
        found: Vec::with_capacity(text.len() / 6),
        run: Vec::new(),
    };
    for (at, segment) in word_indices(text) {
        reader.segment(at, segment);
    }
    reader.end_run();
    reader.found
}

struct Reader<'a> {
    text: &'a str,
    found: Vec<Word>,
    /// Letters that stand for words, without a gap between them.
    run: Vec<Range<usize>>,
}

impl Reader<'_> {
    /// One word of Unicode's, which may mix scripts.
    fn segment(&mut self, at: usize, segment: &str) {
        if segment.is_ascii() {
            self.end_run();
            self.letters(at..at + segment.len());
            return;
        }
        let mut plain: Option<Range<usize>> = None;
        for (from, letter) in segment.grapheme_indices(true) {
            let place = at + from..at + from + letter.len();
            if letter.chars().next().is_some_and(is_unspaced) {
                if let Some(before) = plain.take() {
                    self.letters(before);
                }
                if self.run.last().is_some_and(|last| last.end != place.start) {
                    self.end_run();
                }
                self.run.push(place);
            } else {
                self.end_run();
                plain = Some(plain.map_or(place.start, |before| before.start)..place.end);
            }
        }
        if let Some(rest) = plain {
            self.letters(rest);
        }
    }

    /// Letters of scripts with blanks: one word, or several where something parts them.
    fn letters(&mut self, at: Range<usize>) {
        let Some(whole) = self.text.get(at.clone()) else {
            return;
        };
        if whole.bytes().all(|b| b.is_ascii_alphanumeric()) {
            self.add(at, whole);
            return;
        }
        let pieces = pieces(whole);
        let is_letter = |piece: &str| {
            let mut all = piece.chars();
            all.next().is_some_and(char::is_alphabetic) && all.next().is_none()
        };
        let texts: Vec<&str> = pieces.iter().filter_map(|piece| whole.get(piece.clone())).collect();
        let of_letters = texts.iter().all(|piece| is_letter(piece));
        if texts.len() > 1 && ((whole.contains('.') && of_letters) || whole.starts_with(is_hebrew)) {
            // An abbreviation: "U.S." is found as "US". Signs within words of Hebrew part nothing.
            self.add(at, &texts.concat());
            return;
        }
        let several = texts.len() > 1;
        for (piece, text) in pieces.iter().zip(texts) {
            // What a sign cuts off is a word of its own only where it is more than a letter, as in "l'été" and "ferry's", or where there is
            // nothing else: "X's".
            if !(several && is_letter(text)) || of_letters {
                self.add(at.start + piece.start..at.start + piece.end, text);
            }
        }
    }

    fn add(&mut self, at: Range<usize>, written: &str) {
        let text = folded(written);
        if !text.is_empty() {
            let kind = WordKind::Whole;
            self.found.push(Word { at, text, kind });
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let alone = run.len() == 1;
        for (place, letter) in run.iter().enumerate() {
            let (end, kind) = match run.get(place + 1) {
                Some(next) => (next.end, WordKind::Pair { first: letter.end }),
                None => (letter.end, WordKind::Last { alone }),
            };
            let text = self.text.get(letter.start..end).map(folded).unwrap_or_default();
            if !text.is_empty() {
                let at = letter.start..end;
                self.found.push(Word { at, text, kind });
            }
        }
    }
}

/// Where the parts of a word are that something stands between. A full stop or a comma between digits parts nothing.
fn pieces(whole: &str) -> Vec<Range<usize>> {
    let letters: Vec<(usize, char)> = whole.char_indices().collect();
    let digit = |at: Option<usize>| {
        let letter = at.and_then(|at| letters.get(at));
        letter.is_some_and(|(_, c)| c.is_ascii_digit())
    };
    let mut found = Vec::new();
    let mut start = None;
    for (at, (byte, c)) in letters.iter().enumerate() {
        let in_number = matches!(c, '.' | ',') && digit(at.checked_sub(1)) && digit(Some(at + 1));
        if is_between(*c) && !in_number {
            found.extend(start.take().map(|start| start..*byte));
        } else {
            start = start.or(Some(*byte));
        }
    }
    found.extend(start.map(|start| start..whole.len()));
    found
}

/// Signs that Unicode lets stand within a word.
fn is_between(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    matches!(c,
        '\u{b7}' | '\u{37e}' | '\u{387}' | '\u{55f}' | '\u{589}' | '\u{5f3}' | '\u{5f4}' | '\u{60c}' | '\u{60d}'
        | '\u{66c}' | '\u{7f8}' | '\u{2010}'..='\u{2027}' | '\u{203f}' | '\u{2040}' | '\u{2044}' | '\u{2054}'
        | '\u{fe10}'..='\u{fe19}' | '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe55}' | '\u{ff07}' | '\u{ff0c}'
        | '\u{ff0e}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff3f}')
}

/// Letters of Hebrew, between which quotation marks of keyboards stand for abbreviations.
pub(super) fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{5d0}'..='\u{5ea}')
}

/// Letters of scripts that put no blanks between words, and of Korean, whose words run on into their endings.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3130}'..='\u{318f}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn a_text_is_parted_into_words() {
        for (text, expected) in [
            (
                "Ferry's crew: \u{201c}We won't\u{201d}",
                vec!["ferry", "crew", "we", "won"],
            ),
            ("L'élection d\u{2019}été", vec!["election", "ete"]),
            (
                "The A's beat X's, AT&T's",
                vec!["the", "a", "s", "beat", "x", "s", "at", "t", "s"],
            ),
            ("n'y a", vec!["n", "y", "a"]),
            (
                "\u{5e6}\u{5d4}\u{5f4}\u{5dc} \u{5e6}\u{5d4}\"\u{5dc}",
                vec!["\u{5e6}\u{5d4}\u{5dc}"; 2],
            ),
            ("U.S. envoy in the U.N.", vec!["us", "envoy", "in", "the", "un"]),
            ("covid-19, 3.5 and 1,000", vec!["covid", "19", "3.5", "and", "1,000"]),
            ("news.example snake_case", vec!["news", "example", "snake", "case"]),
            ("東京五輪", vec!["東京", "京五", "五輪", "輪"]),
            ("東京, 五", vec!["東京", "京", "五"]),
            ("KBS뉴스가", vec!["kbs", "뉴스", "스가", "가"]),
            ("フェリー", vec!["フェ", "ェリ", "リー", "ー"]),
            ("!? \u{1f6a2} -", vec![]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_words_that_point_at_it(text in "\\PC{0,200}") {
            let mut before = 0;
            for word in words(&text) {
                prop_assert!(word.at.start >= before && text.get(word.at.clone()).is_some());
                prop_assert!(!word.text.is_empty());
                prop_assert!(word.text.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '.' | ',')));
                prop_assert!(!word.text.contains(char::is_whitespace));
                // Folding twice folds no further, so that what is found can be looked for.
                prop_assert_eq!(folded(&word.text), word.text.clone());
                before = word.at.start;
            }
        }
    }
}
