//! Where a story comes from: who supplied it, and the place and date that open it.

use deserr::{Deserr, IntoValue, Sequence as _, Value, ValuePointerRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::change::patch;
use super::invalid::{Flaw, Invalids, Rule, read_by_parse, refuse, words};
use super::text::{City, DatelineText, DistributorName, ItemId, Shape, UsageTerms, clean};
use super::time::Day;

words! {
    /// What kind of supplier a story came from.
    DistributorCategory {
        Staff = "staff",
        Wires = "wires",
        Freelance = "freelance",
        Stock = "stock",
        Handout = "handout",
        Other = "other",
    }
}

/// Who supplied a story, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DistributorContent)]
pub struct Distributor {
    pub name: DistributorName,
    pub category: DistributorCategory,
    pub item_id: Option<ItemId>,
    pub usage_terms: Option<UsageTerms>,
}

patch! {
    /// Who supplied a story. A new one needs `name`; `category` is `other` unless given.
    pub struct DistributorPatch {
        name: DistributorName,
        category: DistributorCategory,
        /// The supplier's own identifier of the story.
        item_id: Option<ItemId>,
        /// What the supplier allows; readers never see it.
        usage_terms: Option<UsageTerms>,
    }
}

/// Two capital letters, as ISO 3166-1 has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[A-Z]{2}$", examples("KR"))]
pub struct Country(String);

impl Country {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn parse(text: &str) -> Result<Self, Flaw> {
        if text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Flaw::new(
                Rule::Malformed,
                "is not a country code such as `KR` (ISO 3166-1, two capital letters)",
            ))
        }
    }
}

read_by_parse!(Country);

/// The place and date that open a story, as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = DatelineContent)]
pub struct Dateline {
    pub city: Option<City>,
    pub country: Option<Country>,
    pub date: Option<Day>,
    pub source: Option<DistributorName>,
    pub text: Option<DatelineText>,
}

patch! {
    /// The place and date that open a story.
    pub struct DatelinePatch {
        city: Option<City>,
        country: Option<Country>,
        date: Option<Day>,
        /// The agency in brackets: "(Meridian Wire)".
        source: Option<DistributorName>,
        /// Replaces the text that is computed from the rest.
        text: Option<DatelineText>,
    }
}

impl DistributorPatch {
    /// Patches the supplier, or makes one; a new one without a name cannot be.
    pub fn apply_to(self, distributor: &mut Option<Distributor>) -> Result<(), Flaw> {
        if distributor.is_none() {
            let super::change::Change::Set(name) = self.name.clone() else {
                return Err(Flaw::new(Rule::Required, "`name` is missing"));
            };
            let category = DistributorCategory::Other;
            *distributor = Some(Distributor {
                name,
                category,
                item_id: None,
                usage_terms: None,
            });
        }
        if let Some(distributor) = distributor {
            self.name.apply(&mut distributor.name);
            self.category.apply(&mut distributor.category);
            self.item_id.apply(&mut distributor.item_id);
            self.usage_terms.apply(&mut distributor.usage_terms);
        }
        Ok(())
    }
}

impl DatelinePatch {
    /// Patches the dateline, or makes one; one with nothing left in it is none.
    pub fn apply_to(self, dateline: &mut Option<Dateline>) {
        let mut changed = dateline.take().unwrap_or_default();
        self.city.apply(&mut changed.city);
        self.country.apply(&mut changed.country);
        self.date.apply(&mut changed.date);
        self.source.apply(&mut changed.source);
        self.text.apply(&mut changed.text);
        *dateline = (changed != Dateline::default()).then_some(changed);
    }
}

impl Dateline {
    /// The text as readers see it: "PORT ALDOUS, Feb 16 (Meridian Wire)", or what was given in its place.
    pub fn rendered(&self) -> Option<String> {
        if let Some(text) = &self.text {
            return Some(text.as_str().to_owned());
        }
        let city = self.city.as_ref().map(|city| city.as_str().to_uppercase());
        let date = self.date.map(|day| {
            let month = day.date().month().to_string();
            format!("{} {}", month.chars().take(3).collect::<String>(), day.date().day())
        });
        let place: Vec<String> = city.into_iter().chain(date).collect();
        let source = self.source.as_ref().map(|source| format!("({})", source.as_str()));
        let parts: Vec<String> = (!place.is_empty())
            .then(|| place.join(", "))
            .into_iter()
            .chain(source)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}

/// Free fields of a newsroom's own: a JSON object of at most 16 KiB.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object, examples(json!({"print_page": 3})))]
pub struct Custom(pub serde_json::Map<String, serde_json::Value>);

impl Custom {
    /// Most bytes, written as JSON.
    pub const MAX_BYTES: usize = 16 * 1024;
    /// Most bytes of names and values as they are sent, counted before anything is made of them. What is sent can be longer
    /// than what is kept: normal form C makes a text up to three times shorter, and null takes a field away.
    pub const MAX_SENT: usize = 4 * Self::MAX_BYTES;

    /// Patches by RFC 7396, then checks the bound again.
    pub fn merge(&mut self, patch: Self) -> Result<(), Flaw> {
        merge(&mut self.0, patch.0);
        self.check()
    }

    fn check(&self) -> Result<(), Flaw> {
        let written = serde_json::to_string(self).unwrap_or_default();
        if written.len() > Self::MAX_BYTES {
            let message = format!(
                "is {} bytes of JSON; at most {} are allowed",
                written.len(),
                Self::MAX_BYTES
            );
            return Err(Flaw::new(Rule::TooLong, message));
        }
        Ok(())
    }
}

/// Reads free fields; how many bytes they may still come to is counted down.
struct Taking<'a> {
    left: usize,
    /// Where they all are.
    whole: ValuePointerRef<'a>,
}

impl Taking<'_> {
    fn count(&mut self, bytes: usize) -> Result<(), Invalids> {
        if let Some(left) = self.left.checked_sub(bytes) {
            self.left = left;
            return Ok(());
        }
        let message = format!("is more than {} bytes as it was sent", Custom::MAX_SENT);
        refuse(Flaw::new(Rule::TooLong, message), self.whole)
    }

    /// Texts and names are as everywhere: normal form C, no control characters but newline and tab.
    fn text(&mut self, text: &str, at: ValuePointerRef<'_>) -> Result<String, Invalids> {
        self.count(text.len())?;
        clean(text, Shape::Prose).or_else(|flaw| refuse(flaw, at))
    }

    fn value<V: IntoValue>(&mut self, value: Value<V>, at: ValuePointerRef<'_>) -> Result<serde_json::Value, Invalids> {
        use serde_json::Value as Json;
        self.count(1)?;
        Ok(match value {
            Value::Null => Json::Null,
            Value::Boolean(is_so) => Json::from(is_so),
            Value::Integer(number) => Json::from(number),
            Value::NegativeInteger(number) => Json::from(number),
            Value::Float(number) => Json::from(number),
            Value::String(text) => Json::String(self.text(&text, at)?),
            Value::Sequence(items) => {
                let items = items.into_iter().enumerate();
                let item = |(index, item): (usize, V)| {
                    self.value(item.into_value(), ValuePointerRef::Index { index, prev: &at })
                };
                Json::Array(items.map(item).collect::<Result<_, _>>()?)
            }
            Value::Map(fields) => Json::Object(self.fields::<V>(fields, at)?),
        })
    }

    fn fields<V: IntoValue>(&mut self, fields: V::Map, at: ValuePointerRef<'_>) -> Result<Fields, Invalids> {
        let field = |(key, value): (String, V)| {
            let key = self.text(&key, at)?;
            let value = self.value(value.into_value(), ValuePointerRef::Key { key: &key, prev: &at })?;
            Ok::<_, Invalids>((key, value))
        };
        deserr::Map::into_iter(fields).map(field).collect()
    }
}

type Fields = serde_json::Map<String, serde_json::Value>;

/// RFC 7396: null removes, an object merges, anything else replaces.
fn merge(target: &mut serde_json::Map<String, serde_json::Value>, patch: serde_json::Map<String, serde_json::Value>) {
    use serde_json::Value::{Null, Object};
    for (key, value) in patch {
        match value {
            Null => drop(target.shift_remove(&key)),
            Object(inner) => {
                let place = target.entry(key).or_insert(Null);
                let mut merged = if let Object(before) = place {
                    std::mem::take(before)
                } else {
                    serde_json::Map::new()
                };
                merge(&mut merged, inner);
                *place = Object(merged);
            }
            other => drop(target.insert(key, other)),
        }
    }
}

impl Deserr<Invalids> for Custom {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Invalids> {
        match value {
            Value::Map(fields) => {
                let (left, whole) = (Self::MAX_SENT, at);
                Taking { left, whole }.fields::<V>(fields, at).map(Self)
            }
            other => {
                let error = deserr::ErrorKind::IncorrectValueKind {
                    actual: other,
                    accepted: &[deserr::ValueKind::Map],
                };
                let error = <Invalids as deserr::DeserializeError>::error(None, error, at);
                Err(deserr::take_cf_content(error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    #[test]
    fn a_dateline_reads_as_newspapers_set_it() {
        let dateline = Dateline {
            city: City::parse("Port Aldous").ok(),
            date: Day::parse("2026-02-16").ok(),
            source: DistributorName::parse("Meridian Wire").ok(),
            ..Dateline::default()
        };
        assert_eq!(
            dateline.rendered().as_deref(),
            Some("PORT ALDOUS, Feb 16 (Meridian Wire)")
        );
        assert_eq!(Dateline::default().rendered(), None);
    }

    /// RFC 7396 §2, the pseudo code as it stands there.
    fn as_the_rfc_says(target: Json, patch: &Json) -> Json {
        let Json::Object(patch) = patch else {
            return patch.clone();
        };
        let mut target = if let Json::Object(fields) = target {
            fields
        } else {
            serde_json::Map::new()
        };
        for (name, value) in patch {
            if value.is_null() {
                target.shift_remove(name);
            } else {
                let before = target.get(name).cloned().unwrap_or(Json::Null);
                target.insert(name.clone(), as_the_rfc_says(before, value));
            }
        }
        Json::Object(target)
    }

    fn any_object() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            (0..9i64).prop_map(Json::from)
        ];
        let any = leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
                prop::collection::vec(("[abc]", inner), 0..4)
                    .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
            ]
        });
        prop::collection::vec(("[abc]", any), 0..4).prop_map(|pairs| Json::Object(pairs.into_iter().collect()))
    }

    proptest! {
        #[test]
        fn free_fields_merge_as_rfc_7396_says(target in any_object(), patch in any_object()) {
            let (Json::Object(before), Json::Object(change)) = (&target, &patch) else { unreachable!() };
            let mut custom = Custom(before.clone());
            custom.merge(Custom(change.clone())).unwrap();
            prop_assert_eq!(Json::Object(custom.0), as_the_rfc_says(target.clone(), &patch));
        }
    }

    #[test]
    fn free_fields_cannot_hold_what_a_database_cannot() {
        let read = |value: Json| deserr::deserialize::<Custom, _, Invalids>(value);
        for bad in [
            json!({"a": "x\0"}),
            json!({"a\u{1}": 1}),
            json!({"a": [{"b": "\u{7f}"}]}),
        ] {
            assert!(read(bad).is_err());
        }
        assert_eq!(
            read(json!({"a": "\\u0000"})),
            Ok(Custom(json!({"a": "\\u0000"}).as_object().cloned().unwrap()))
        );
        let long = Custom(json!({"a": "x".repeat(16 * 1024)}).as_object().cloned().unwrap());
        assert!(Custom::default().merge(long).is_err());
    }

    #[test]
    fn free_fields_are_counted_before_they_are_made() {
        let read = |value: Json| deserr::deserialize::<Custom, _, Invalids>(value);
        let names = |many: usize| Json::Object((0..many).map(|name| (format!("{name:05}"), json!(1))).collect());
        // Six bytes each: the name and one for its value.
        let most = Custom::MAX_SENT / 6;
        assert!(read(names(most)).is_ok());
        for many in [
            names(most + 1),
            json!({"a": [names(most + 1)]}),
            json!({"a": vec![1; Custom::MAX_SENT]}),
        ] {
            let flaws = read(many).err().map(|flaws| flaws.0);
            assert_eq!(flaws.and_then(|flaws| Some(flaws.first()?.code)), Some(Rule::TooLong));
        }
        // In normal form C these are a third as long, and within the bound.
        let jamo = "\u{1112}\u{1161}\u{11ab}".repeat(5000);
        let mut kept = Custom::default();
        kept.merge(read(json!({ "a": jamo })).unwrap()).unwrap();
        assert_eq!(kept.0.get("a").and_then(Json::as_str).map(str::len), Some(15_000));
    }
}
