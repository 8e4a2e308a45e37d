//! Words that nobody means anything by: a few real ones that hold sentences together, and many that only sound like words.

use std::collections::HashSet;

use rand::distr::Distribution as _;
use rand::distr::weighted::WeightedIndex;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;

/// In every second story, and nowhere else.
pub(super) const HALF: &str = "lanternwick";
/// In one story of ten thousand, and nowhere else.
pub(super) const RARE: &str = "quillwater";

/// Invented words of a vocabulary. Names come on top, without end.
const SIZE: usize = 60_000;

const OPENINGS: &[&str] = &[
    "b", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "h", "j", "k", "l", "m", "n", "p",
    "pl", "pr", "r", "s", "sc", "sh", "sl", "sp", "st", "str", "t", "th", "tr", "v", "w", "wh",
];
const VOWELS: &[&str] = &[
    "a", "e", "i", "o", "u", "a", "e", "i", "o", "ai", "ea", "ee", "oa", "ou",
];
const CLOSINGS: &[&str] = &[
    "", "", "", "n", "r", "l", "t", "d", "s", "m", "nd", "nt", "st", "ck", "rd", "sh",
];
const ENDINGS: &[&str] = &[
    "", "", "", "s", "ed", "ing", "er", "ly", "ment", "ness", "al", "y", "tion",
];

const ENGLISH: &str = "the of and to in a that for was on with as at by it from were had be his her their said which this not an \
    but have they are has its been after who more will when one about would also there she all two into out up over new first \
    last than other before under between through during against while where most some could years people time only three many";
const FRENCH: &str = "de la le les et des en un une du que est pour qui dans par sur plus avec au il pas ont sont cette ce se aux \
    été son mais leur deux fait être après sans entre elle ans selon aussi depuis même contre trois sous avant où très";
const GERMAN: &str = "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat \
    dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch";

/// One language of the newsroom: which words there are, and how often each comes.
pub(super) struct Language {
    pub(super) locale: &'static str,
    common: Vec<&'static str>,
    weights: WeightedIndex<u64>,
}

/// All that stories are written with.
pub(super) struct Vocabulary {
    invented: Vec<String>,
    english: Language,
    french: Language,
    german: Language,
}

impl Language {
    /// The word of a rank comes about one time in its rank (Zipf's law), counted in whole numbers for every machine to agree.
    fn new(locale: &'static str, common: &'static str, invented: usize) -> Result<Self, super::Failure> {
        let common: Vec<&str> = common.split_whitespace().collect();
        let ranks = u64::try_from(common.len() + invented)?;
        let weights = WeightedIndex::new((0..ranks).map(|rank| 1_000_000_000 / (10 * rank + 27)))?;
        Ok(Self {
            locale,
            common,
            weights,
        })
    }
}

impl Vocabulary {
    pub(super) fn new(seed: u64) -> Result<Self, super::Failure> {
        let mut random = Pcg64::seed_from_u64(seed);
        let mut known = HashSet::from([HALF.to_owned(), RARE.to_owned()]);
        let mut invented = Vec::with_capacity(SIZE);
        while invented.len() < SIZE {
            // Frequent words are short ones.
            let most = if invented.len() < 600 { 1 } else { 2 };
            let syllables = random.random_range(1..=most);
            let word = syllables_of(&mut random, syllables) + one(&mut random, ENDINGS);
            if word.len() > 2 && known.insert(word.clone()) {
                invented.push(word);
            }
        }
        Ok(Self {
            english: Language::new("en", ENGLISH, SIZE)?,
            french: Language::new("fr", FRENCH, SIZE)?,
            german: Language::new("de", GERMAN, SIZE)?,
            invented,
        })
    }

    /// Most stories are English, some French or German.
    pub(super) fn language(&self, random: &mut Pcg64) -> &Language {
        match random.random_range(0..10) {
            0 => &self.french,
            1 => &self.german,
            _ => &self.english,
        }
    }

    pub(super) fn english(&self) -> &Language {
        &self.english
    }

    /// Any word of running text.
    pub(super) fn word(&self, random: &mut Pcg64, language: &Language) -> &str {
        let rank = language.weights.sample(random);
        match rank.checked_sub(language.common.len()) {
            Some(rank) => self.invented.get(rank).map_or("", String::as_str),
            None => language.common.get(rank).copied().unwrap_or_default(),
        }
    }

    /// One that says what a story is about.
    pub(super) fn subject(&self, random: &mut Pcg64, language: &Language) -> &str {
        loop {
            let rank = language.weights.sample(random);
            if let Some(word) = rank
                .checked_sub(language.common.len())
                .and_then(|rank| self.invented.get(rank))
            {
                return word;
            }
        }
    }
}

/// The name of somebody or something, of which there are more than anybody counts.
pub(super) fn name(random: &mut Pcg64) -> String {
    let syllables = random.random_range(2..=3);
    capitalized(&syllables_of(random, syllables))
}

pub(super) fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn syllables_of(random: &mut Pcg64, count: usize) -> String {
    let mut word = String::new();
    for _ in 0..count {
        for part in [OPENINGS, VOWELS, CLOSINGS] {
            word.push_str(one(random, part));
        }
    }
    word
}

pub(super) fn one(random: &mut Pcg64, of: &[&'static str]) -> &'static str {
    of.choose(random).copied().unwrap_or_default()
}
