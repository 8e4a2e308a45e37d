//! Words in the one form in which they are compared.

use std::borrow::Cow;

use icu_normalizer::{
    ComposingNormalizer, ComposingNormalizerBorrowed, DecomposingNormalizer, DecomposingNormalizerBorrowed,
};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfc();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizer::new_nfkc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizer::new_nfd();

/// Most characters of a word; the rest is not compared. Longer ones are addresses and the like.
const LONGEST: usize = 40;

/// In lower case, with letters of one kind for those of several widths and forms. Accents stay: stemmers know them.
pub(super) fn lowered(word: &str) -> Cow<'_, str> {
    if word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    Cow::Owned(NFC.normalize(&NFKC.normalize(word).to_lowercase()).into_owned())
}

/// As it is compared: in lower case, without accents, and of what is no part of a word nothing.
pub(super) fn folded(word: &str) -> String {
    if word.len() <= LONGEST && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return word.to_ascii_lowercase();
    }
    let lowered = lowered(word);
    let bare: Cow<'_, str> = if lowered.is_ascii() {
        lowered
    } else {
        let apart = NFD.normalize(&lowered);
        let mut bare = String::with_capacity(apart.len());
        // What is left out must not stand between two marks when these are put in order.
        for c in apart.chars().filter(|c| !is_accent(*c) && is_kept(*c)) {
            match spelt(c) {
                Some(letters) => bare.push_str(letters),
                None => bare.push(c),
            }
        }
        Cow::Owned(NFC.normalize(&bare).into_owned())
    };
    let kept = bare.chars().filter(|c| is_kept(*c)).take(LONGEST);
    let word: String = kept.collect();
    word.trim_matches(['.', ',']).to_owned()
}

/// What a compatibility form can bring into a word that no database is to read as more than a letter is left out.
fn is_kept(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | ',') || !c.is_ascii() && !c.is_whitespace() && !c.is_control()
}

/// Marks that tell no word from another, and letters that are not seen. Vowel signs of Indian scripts and voicing marks of
/// kana are none of them.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'
        | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}'
        | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}')
}

/// Letters that are one in writing and more, or others, on most keyboards.
fn spelt(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        // The end of a word in Greek, and two letters of Arabic that are written for each other.
        'ς' => "σ",
        'ى' => "ي",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_widths_do_not_count() {
        for (written, compared) in [
            ("ÉTÉ", "ete"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("Ｆｅｒｒｙ", "ferry"),
            ("ﾌｪﾘｰ", "フェリー"),
            ("が", "が"),
            ("부산", "부산"),
            ("ΟΔΟΣ", "οδοσ"),
            ("شُكْرًا", "شكرا"),
            ("أحمد", "احمد"),
            ("İzmir", "izmir"),
            ("elec\u{ad}tion", "election"),
            ("3.5", "3.5"),
            ("\u{fdfa}", "صلياللهعليهوسلم"),
        ] {
            assert_eq!(folded(written), compared, "{written}");
        }
        assert_eq!(folded(&"x".repeat(99)).len(), LONGEST);
        let marks = folded("\u{aa00}\u{1a75}\u{fe72}\u{dca}");
        assert_eq!(folded(&marks), marks);
    }
}
