//! A text as Unicode parts it into words (UAX #29).
//!
//! The library reads a text of ASCII many times faster than any other. One sign beyond it, a dash or an accent, would make all of a
//! story slow, so the story is read in pieces of which most are of ASCII.

use unicode_segmentation::UnicodeSegmentation as _;

/// The words in their order, each with the byte where it begins: the same as those of the text read at once.
pub(in crate::domain) fn word_indices(text: &str) -> impl Iterator<Item = (usize, &str)> {
    Pieces { text, begin: 0 }.flat_map(|(begin, piece)| {
        let words = piece.unicode_word_indices();
        words.map(move |(at, word)| (begin + at, word))
    })
}

/// Pieces of a text that no word reaches out of.
struct Pieces<'a> {
    text: &'a str,
    begin: usize,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = (usize, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.as_bytes().get(self.begin..).filter(|rest| !rest.is_empty())?;
        let plain = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let length = match ends(rest, 0, plain).next_back() {
            _ if plain == rest.len() => plain,
            Some(end) => end,
            None => ends(rest, plain, rest.len()).next().unwrap_or(rest.len()),
        };
        let begin = self.begin;
        self.begin += length;
        Some((begin, self.text.get(begin..self.begin)?))
    }
}

/// Where a piece may end between these bytes: behind a line's end or the last of some blanks, where a character of ASCII follows. What Unicode
/// adds to the character before (marks, joiners) is not of ASCII; and blanks stay together, since a mark behind them makes a word of them all.
fn ends(text: &[u8], from: usize, to: usize) -> impl DoubleEndedIterator<Item = usize> {
    let pairs = text.get(from..to).unwrap_or_default().windows(2).enumerate();
    pairs.filter_map(move |(at, pair)| {
        let parts = match pair {
            [b' ', next] => next.is_ascii() && *next != b' ',
            [b'\n', next] => next.is_ascii(),
            _ => false,
        };
        parts.then_some(from + at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_those_of_the_whole_text(
            text in "([ \n'.,:a-c0-1_\"\r\t]|[\u{e9}\u{301}\u{200d}\u{903}\u{2019}\u{5d0}\u{30d5}\u{ad}\u{1f1e6}\u{1f600}\u{3000}\u{85}\u{2028}]){0,40}"
        ) {
            let whole: Vec<_> = text.unicode_word_indices().collect();
            prop_assert_eq!(word_indices(&text).collect::<Vec<_>>(), whole);
        }

        #[test]
        fn so_are_those_of_any_text(text in "\\PC{0,200}") {
            let whole: Vec<_> = text.unicode_word_indices().collect();
            prop_assert_eq!(word_indices(&text).collect::<Vec<_>>(), whole);
        }
    }

    #[test]
    fn blanks_with_a_mark_behind_them_are_a_word_of_the_library() {
        for text in [
            "  \u{903}",
            "a  \u{903}b",
            " \n \u{903}",
            "\r\n  \u{903} c",
            "\u{e9}  \u{903}  d",
        ] {
            let whole: Vec<_> = text.unicode_word_indices().collect();
            assert_eq!(word_indices(text).collect::<Vec<_>>(), whole, "{text:?}");
        }
    }

    #[test]
    fn one_accent_makes_one_word_slow() {
        let text = "The ferry left l\u{e9}on at nine. It was late";
        let pieces: Vec<&str> = Pieces { text, begin: 0 }.map(|(_, piece)| piece).collect();
        assert_eq!(pieces, ["The ferry left ", "l\u{e9}on ", "at nine. It was late"]);
    }
}
