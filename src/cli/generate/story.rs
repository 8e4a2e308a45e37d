//! One story: what it says, and by number what it refers to.

use rand::RngExt as _;
use rand::distr::Distribution as _;
use rand::distr::weighted::WeightedIndex;
use rand_pcg::Pcg64;
use serde_json::{Map, Value, json};

use super::newsroom::{AGENCIES, CONTRIBUTORS, SECTIONS, TAGS};
use super::words::{HALF, Language, RARE, Vocabulary, capitalized, name, one};

/// Between the first and the last story: eight years, to the end of 2025.
pub(super) const BEGIN: i64 = 1_514_764_800_000;
const END: i64 = 1_767_139_200_000;

const KINDS: [(&str, u32); 8] = [
    ("news", 70),
    ("feature", 10),
    ("analysis", 6),
    ("opinion", 5),
    ("interview", 4),
    ("press_release", 3),
    ("obituary", 1),
    ("live", 1),
];
/// Earlier stories that a story links to.
const LINKS: usize = 3;
const TAGS_EACH: usize = 5;

/// One story. Numbers stand for what has no id yet.
pub(super) struct Story {
    /// Its patch, but for what is referred to.
    pub(super) body: Map<String, Value>,
    /// When it is made and when it is published, in milliseconds since 1970.
    pub(super) made: i64,
    pub(super) published: i64,
    pub(super) section: usize,
    pub(super) tags: Vec<usize>,
    /// Each with a role.
    pub(super) byline: Vec<(usize, &'static str)>,
    pub(super) media: usize,
    /// Earlier stories by number, the first of which stands in the body, too, at this place.
    pub(super) links: Vec<usize>,
    pub(super) line: Option<usize>,
    /// Whether it is the last story in another language.
    pub(super) translates: bool,
}

/// What the stories of a newsroom are made with.
pub(super) struct Writer {
    pub(super) seed: u64,
    pub(super) articles: usize,
    pub(super) pictures: usize,
    pub(super) vocabulary: Vocabulary,
    kinds: WeightedIndex<u32>,
    sections: WeightedIndex<u64>,
    tags: WeightedIndex<u64>,
}

/// A story while it is written.
struct Draft<'a> {
    writer: &'a Writer,
    random: Pcg64,
    language: &'a Language,
    /// Who and what it is about.
    names: [String; 3],
    /// Words that it must have.
    markers: Vec<&'static str>,
}

fn falling(count: usize) -> Result<WeightedIndex<u64>, super::Failure> {
    let count = u64::try_from(count)?;
    Ok(WeightedIndex::new((0..count).map(|rank| 1_000_000 / (rank + 3)))?)
}

impl Writer {
    pub(super) fn new(
        seed: u64,
        articles: usize,
        pictures: usize,
        vocabulary: Vocabulary,
    ) -> Result<Self, super::Failure> {
        Ok(Self {
            seed,
            articles,
            pictures,
            vocabulary,
            kinds: WeightedIndex::new(KINDS.map(|(_, weight)| weight))?,
            sections: falling(SECTIONS.len())?,
            tags: falling(TAGS)?,
        })
    }

    /// The story of a number, the same whatever was written before.
    pub(super) fn story(&self, number: usize) -> Story {
        let stream = u128::try_from(number).unwrap_or_default();
        let mut random = Pcg64::new(u128::from(self.seed), stream);
        let language = self.vocabulary.language(&mut random);
        let mut markers = Vec::new();
        markers.extend((number.is_multiple_of(2)).then_some(HALF));
        markers.extend((number.is_multiple_of(10_000)).then_some(RARE));
        let names = [name(&mut random), name(&mut random), name(&mut random)];
        let mut draft = Draft {
            writer: self,
            random,
            language,
            names,
            markers,
        };
        draft.written(number)
    }

    /// Stories follow each other evenly, so that ids and times have one order.
    fn times(&self, number: usize) -> (i64, i64) {
        let between = i64::try_from(self.articles).map_or(1, |count| (END - BEGIN) / count.max(1));
        let at = BEGIN + i64::try_from(number).unwrap_or_default() * between;
        (at + between / 4, at + between / 2)
    }
}

impl Draft<'_> {
    fn written(&mut self, number: usize) -> Story {
        let (made, published) = self.writer.times(number);
        let day = time::OffsetDateTime::from_unix_timestamp(published / 1000).map(|moment| moment.date().to_string());
        let kind = self.writer.kinds.sample(&mut self.random);
        let kind = KINDS.get(kind).map_or("news", |(kind, _)| kind);
        let headline = self.title(5, 8);
        let (blocks, line) = self.blocks(number > 0);
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
        set("kind", json!(kind));
        set("locale", json!(self.language.locale));
        set("headline", json!(headline));
        set("deck", json!(self.sentence(10, 16)));
        set("kicker", json!(self.title(1, 2)));
        set("body", json!(blocks));
        let agency = self.random.random_range(0..AGENCIES.len());
        let is_wire = self.random.random_ratio(2, 5);
        let wire = AGENCIES.get(agency).filter(|_| is_wire);
        let city = self.names.last();
        set(
            "dateline",
            json!({"city": city, "country": "XA", "date": day.ok(), "source": wire}),
        );
        if let Some(agency) = wire {
            let (item, terms) = (format!("item-{number:09}"), "Made up; use it as you like.");
            set(
                "distributor",
                json!({"name": agency, "category": "wires", "item_id": item, "usage_terms": terms}),
            );
            let host = name(&mut self.random).to_lowercase();
            set("original_url", json!(format!("https://wire-{host}.example/{number}")));
        }
        let writer = match wire {
            Some(_) => (agency, "author"),
            None => (self.random.random_range(AGENCIES.len()..CONTRIBUTORS), "reporter"),
        };
        let photographer = self.random.random_range(AGENCIES.len()..CONTRIBUTORS);
        Story {
            body,
            made,
            published,
            section: self.writer.sections.sample(&mut self.random),
            tags: self.distinct(TAGS_EACH, |writer, random| Some(writer.tags.sample(random))),
            byline: vec![writer, (photographer, "photographer")],
            media: self.random.random_range(0..self.writer.pictures.max(1)),
            // Most links lead to what was written lately.
            links: self.distinct(LINKS.min(number), |_, random| {
                let from = if random.random_ratio(2, 3) {
                    number.saturating_sub(2_000)
                } else {
                    0
                };
                (from < number).then(|| random.random_range(from..number))
            }),
            line,
            translates: self.language.locale != self.writer.vocabulary.english().locale,
        }
    }

    fn distinct(&mut self, count: usize, draw: impl Fn(&Writer, &mut Pcg64) -> Option<usize>) -> Vec<usize> {
        let mut found = Vec::with_capacity(count);
        while found.len() < count {
            match draw(self.writer, &mut self.random) {
                Some(one) if found.contains(&one) => {}
                Some(one) => found.push(one),
                None => break,
            }
        }
        found
    }

    /// The blocks of a story of some 3,500 characters, and where the line stands that leads to another one.
    fn blocks(&mut self, links: bool) -> (Vec<Value>, Option<usize>) {
        let wanted = self.random.random_range(2_250..4_050);
        let (mut blocks, mut length, mut line) = (Vec::new(), 0, None);
        while length < wanted {
            let text = self.paragraph();
            length += text.len();
            blocks.push(json!({"type": "paragraph", "text": self.spans(&text)}));
            match blocks.len() {
                3 | 12 => blocks.push(json!({"type": "heading", "level": 2, "text": [{"text": self.title(2, 5)}]})),
                6 => {
                    let attribution = format!("{} {}", name(&mut self.random), name(&mut self.random));
                    let said = self.sentence(8, 16);
                    length += said.len();
                    blocks.push(json!({"type": "quote", "text": [{"text": said}], "attribution": attribution}));
                }
                8 if links => {
                    line = Some(blocks.len());
                    blocks.push(json!({"type": "related_article"}));
                }
                _ => {}
            }
        }
        (blocks, line)
    }

    /// Some paragraphs have emphasis, and so more than one span.
    fn spans(&mut self, text: &str) -> Value {
        if !self.random.random_ratio(1, 8) {
            return json!([{"text": text}]);
        }
        let stressed = self.title(1, 3);
        json!([{"text": stressed, "marks": ["strong"]}, {"text": format!(": {text}")}])
    }

    fn paragraph(&mut self) -> String {
        let sentences = self.random.random_range(2..=3);
        let sentences: Vec<String> = (0..sentences).map(|_| self.sentence(9, 19)).collect();
        sentences.join(" ")
    }

    fn sentence(&mut self, least: usize, most: usize) -> String {
        let count = self.random.random_range(least..=most);
        let mut sentence = String::new();
        for at in 0..count {
            if at > 0 {
                sentence.push_str(if self.random.random_ratio(1, 14) { ", " } else { " " });
            }
            let word = self.word();
            sentence.push_str(&if at == 0 { capitalized(&word) } else { word });
        }
        sentence + "."
    }

    fn word(&mut self) -> String {
        let draw = self.random.random_range(0..100);
        match draw {
            0..6 => self.names.get(draw % 3).cloned().unwrap_or_default(),
            6 => self.random.random_range(2..2_000).to_string(),
            // Soon, and once.
            7..20 if !self.markers.is_empty() => self.markers.pop().unwrap_or_default().to_owned(),
            _ => self.writer.vocabulary.word(&mut self.random, self.language).to_owned(),
        }
    }

    fn title(&mut self, least: usize, most: usize) -> String {
        let count = self.random.random_range(least..=most);
        let words: Vec<&str> = (0..count)
            .map(|_| self.writer.vocabulary.subject(&mut self.random, self.language))
            .collect();
        let title = capitalized(&words.join(" "));
        match (count > 4).then(|| one(&mut self.random, &["at", "near", "before", "over"])) {
            Some(link) => format!("{title} {link} {}", self.names.first().map_or("", String::as_str)),
            None => title,
        }
    }
}
