//! Changes of an article against RFC 7396: random patches, one after the other, on the article and on a plain document.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use crate::make;
use crate::support::TestApp;

/// RFC 7396 §2, as its pseudo code has it.
fn merged(target: Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else {
        return patch.clone();
    };
    let mut fields = match target {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (name, value) in patch {
        match value {
            Value::Null => drop(fields.shift_remove(name)),
            value => {
                let before = fields.shift_remove(name).unwrap_or(Value::Null);
                fields.insert(name.clone(), merged(before, value));
            }
        }
    }
    Value::Object(fields)
}

/// What an article says for itself: nothing computed, and nothing that is empty.
fn said(shown: &Value) -> Value {
    let mut fields = Map::new();
    for name in [
        "headline",
        "short_headline",
        "deck",
        "kicker",
        "seo_title",
        "internal_note",
        "kind",
        "original_url",
        "custom",
    ] {
        fields.insert(name.to_owned(), shown[name].clone());
    }
    fields.insert("byline".to_owned(), json!({"override": shown["byline"]["override"]}));
    for (name, computed) in [("distributor", ""), ("dateline", "rendered")] {
        let mut inner = shown[name].clone();
        if let Some(inner) = inner.as_object_mut() {
            inner.shift_remove(computed);
        }
        fields.insert(name.to_owned(), inner);
    }
    without_nothing(Value::Object(fields))
}

/// Null and absent are one to a reader, and so is an object with nothing in it. What is in `custom` is the newsroom's own.
fn without_nothing(document: Value) -> Value {
    let Value::Object(fields) = document else {
        return document;
    };
    let kept = fields.into_iter().filter_map(|(name, value)| {
        let value = if name == "custom" {
            value
        } else {
            without_nothing(value)
        };
        let nothing = value.is_null() || value.as_object().is_some_and(Map::is_empty);
        (!nothing).then_some((name, value))
    });
    let mut kept: Map<String, Value> = kept.collect();
    kept.sort_keys();
    Value::Object(kept)
}

fn word() -> impl Strategy<Value = Value> {
    "[a-z]{1,6}".prop_map(Value::from)
}

fn word_or_null() -> impl Strategy<Value = Value> {
    prop_oneof![3 => word(), 1 => Just(Value::Null)]
}

fn own_fields() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![word_or_null(), (0..9i64).prop_map(Value::from)];
    let any = leaf.prop_recursive(2, 8, 3, |inner| {
        prop::collection::vec(("[ab]", inner), 0..3).prop_map(object)
    });
    prop::collection::vec(("[abc]", any), 0..3).prop_map(object)
}

fn object(pairs: Vec<(String, Value)>) -> Value {
    Value::Object(pairs.into_iter().collect())
}

fn some_of(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let count = fields.len();
    let chosen = prop::sample::subsequence(fields, 0..=count);
    let drawn = chosen.prop_flat_map(|fields| {
        let (names, values): (Vec<&str>, Vec<BoxedStrategy<Value>>) = fields.into_iter().unzip();
        values.prop_map(move |values| object(names.iter().map(|name| (*name).to_owned()).zip(values).collect()))
    });
    drawn.boxed()
}

fn patch() -> BoxedStrategy<Value> {
    let kinds = prop::sample::select(vec!["news", "opinion", "live"])
        .prop_map(Value::from)
        .boxed();
    let byline = some_of(vec![("override", word_or_null().boxed())]);
    // A new distributor must have these two, so they are always there.
    let distributor = some_of(vec![
        ("item_id", word_or_null().boxed()),
        ("usage_terms", word_or_null().boxed()),
    ]);
    let distributor = distributor.prop_map(|inner| merged(json!({"name": "Wire", "category": "wires"}), &inner));
    let dateline = some_of(vec![("city", word_or_null().boxed()), ("text", word_or_null().boxed())]);
    let or_null = |strategy: BoxedStrategy<Value>| prop_oneof![3 => strategy, 1 => Just(Value::Null)].boxed();
    some_of(vec![
        ("headline", word().boxed()),
        ("short_headline", word_or_null().boxed()),
        ("deck", word_or_null().boxed()),
        ("kicker", word_or_null().boxed()),
        ("seo_title", word_or_null().boxed()),
        ("internal_note", word_or_null().boxed()),
        ("kind", kinds),
        ("original_url", or_null(Just(json!("https://a.example/")).boxed())),
        ("custom", own_fields().boxed()),
        ("byline", byline),
        ("distributor", or_null(distributor.boxed())),
        ("dateline", or_null(dateline)),
    ])
}

#[actix_web::test]
async fn an_article_is_patched_as_rfc_7396_says() {
    let app = TestApp::start().await;
    let mut runner = TestRunner::new(Config::default());
    for _ in 0..40 {
        let mut article = make::draft(&app, "Patched").ready().await;
        let mut model = said(&article.json);
        for _ in 0..8 {
            let patch = patch().new_tree(&mut runner).unwrap().current();
            model = merged(model, &patch);
            article = article.patch(&app, patch.clone()).await;
            assert_eq!(said(&article.json), without_nothing(model.clone()), "{patch}");
        }
    }
}
