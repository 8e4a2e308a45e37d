//! Schemas of what is sent: closed, because an unknown field is refused; without what only answers have; and with fields left
//! out that answers always have: the ids of blocks, and what has a default.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

const PREFIX: &str = "#/components/schemas/";
/// The union whose members come back with an id that a writer need not give.
const BLOCK: &str = "Block";
/// What answers show with both of its fields, and a writer gives one of.
const EITHER: &str = "Link";
/// The form, whose inputs browsers send where they were left empty, too.
const FORM: &str = "MediaForm";

type Schemas = Map<String, Value>;

pub(super) fn close(document: &mut Value) {
    let (mut sent, mut shown) = (BTreeSet::new(), BTreeSet::new());
    each_operation(document, &mut |operation| {
        operation
            .get("requestBody")
            .into_iter()
            .for_each(|body| names(body, &mut sent));
        operation
            .get("responses")
            .into_iter()
            .for_each(|answers| names(answers, &mut shown));
    });
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else {
        return;
    };
    let written: Schemas = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), writable(name, schema)))
        .collect();
    let (sent, shown) = (reach(&written, sent), reach(schemas, shown));
    let twins = twins(schemas, &written, &sent, &shown);
    let mut schemas = schemas.clone();
    for name in &twins {
        let Some(mut twin) = written.get(name).cloned() else {
            continue;
        };
        let forgotten = given(&schemas, name);
        if let Some(required) = twin.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|field| field.as_str().is_none_or(|field| !forgotten.contains(field)));
        }
        if let Some(fields) = twin.as_object_mut() {
            fields.retain(|key, value| key != "required" || *value != json!([]));
        }
        schemas.insert(format!("{name}In"), twin);
    }
    for name in &sent {
        let name = if twins.contains(name) {
            format!("{name}In")
        } else {
            name.clone()
        };
        if let Some(schema) = schemas.get_mut(&name) {
            // One without a twin either is only sent or holds no block, so answers keep their references.
            point(schema, &twins);
            seal(schema);
        }
    }
    each_operation(document, &mut |operation| {
        operation
            .get_mut("requestBody")
            .into_iter()
            .for_each(|body| point(body, &twins));
    });
    let_be_empty(&mut schemas);
    if let Some(place) = document.pointer_mut("/components/schemas") {
        *place = Value::Object(schemas);
    }
}

fn each_operation(document: &mut Value, act: &mut impl FnMut(&mut Value)) {
    let paths = document
        .get_mut("paths")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut);
    paths
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut)
        .for_each(act);
}

/// The schemas that must exist twice, since answers show them too and have fields that a writer may, or must, leave out; and
/// what holds such schemas.
fn twins(schemas: &Schemas, written: &Schemas, sent: &BTreeSet<String>, shown: &BTreeSet<String>) -> BTreeSet<String> {
    let both: Vec<&String> = sent.intersection(shown).collect();
    let leads_to = |name: &String| {
        let mut direct = BTreeSet::new();
        schemas
            .get(name)
            .into_iter()
            .for_each(|schema| names(schema, &mut direct));
        direct
    };
    let direct: Vec<BTreeSet<String>> = both.iter().map(|name| leads_to(name)).collect();
    let differs = |name: &str| schemas.get(name) != written.get(name) || !given(schemas, name).is_empty();
    let own = both.iter().filter(|name| differs(name));
    let mut twins: BTreeSet<String> = own.map(|name| (*name).clone()).collect();
    // What holds one of them is one, until nothing more is found.
    loop {
        let holders = both.iter().zip(&direct);
        let holders = holders.filter(|(_, within)| !within.is_disjoint(&twins));
        let found: Vec<String> = holders.map(|(name, _)| (*name).clone()).collect();
        let before = twins.len();
        twins.extend(found);
        if twins.len() == before {
            return twins;
        }
    }
}

/// What is blank in a form is absent; but for the file.
fn let_be_empty(schemas: &mut Schemas) {
    let fields = schemas.get_mut(FORM).and_then(|form| form.get_mut("properties"));
    let fields = fields.and_then(Value::as_object_mut).into_iter().flatten();
    for (_, field) in fields.filter(|(name, _)| *name != "file") {
        *field = json!({ "anyOf": [field.take(), { "type": "string", "pattern": "^\\s*$" }] });
    }
}

/// A schema without the fields that only answers have.
fn writable(name: &str, schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut().filter(|_| name == EITHER) {
        schema.extend(["minProperties", "maxProperties"].map(|bound| (bound.to_owned(), json!(1))));
    }
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        // Of a list it is the items that say so.
        let read_only = |field: &Value| {
            let says = |at: &str| field.pointer(at) == Some(&Value::Bool(true));
            says("/readOnly") || says("/items/readOnly")
        };
        fields.retain(|_, field| !read_only(field));
    }
    schema
}

/// The fields that answers always have, and a writer need not send: the id of a block, and what has a default.
fn given(schemas: &Schemas, name: &str) -> BTreeSet<String> {
    let Some(schema) = schemas.get(name) else {
        return BTreeSet::new();
    };
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    let required = required.filter_map(Value::as_str);
    let has_default = |field: &str| {
        let property = schema.get("properties").and_then(|all| all.get(field));
        property.is_some_and(|property| property.get("default").is_some())
    };
    let block = is_block(schemas, name);
    required
        .filter(|field| has_default(field) || block && *field == "id")
        .map(str::to_owned)
        .collect()
}

/// Whether it is one of the members of the union.
fn is_block(schemas: &Schemas, name: &str) -> bool {
    let mut members = BTreeSet::new();
    schemas
        .get(BLOCK)
        .and_then(|block| block.get("oneOf"))
        .into_iter()
        .for_each(|of| names(of, &mut members));
    members.contains(name)
}

/// The schemas that `from` leads to, itself included.
fn reach(schemas: &Schemas, from: BTreeSet<String>) -> BTreeSet<String> {
    let (mut seen, mut open) = (BTreeSet::new(), from);
    while let Some(name) = open.pop_first() {
        if let Some(schema) = schemas.get(&name) {
            names(schema, &mut open);
            seen.insert(name);
            open.retain(|name| !seen.contains(name));
        }
    }
    seen
}

/// The schemas that a part of the document names.
fn names(part: &Value, into: &mut BTreeSet<String>) {
    match part {
        Value::String(text) => {
            text.strip_prefix(PREFIX).into_iter().for_each(|name| {
                into.insert(name.to_owned());
            });
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| names(field, into)),
        _ => {}
    }
}

/// Points references, those of discriminators included, at the twins.
fn point(part: &mut Value, twins: &BTreeSet<String>) {
    match part {
        Value::String(text) if text.strip_prefix(PREFIX).is_some_and(|name| twins.contains(name)) => {
            text.push_str("In");
        }
        Value::Array(items) => items.iter_mut().for_each(|item| point(item, twins)),
        Value::Object(fields) => fields.values_mut().for_each(|field| point(field, twins)),
        _ => {}
    }
}

/// Says that no other fields are taken, on every object within.
fn seal(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(seal),
        Value::Object(fields) => {
            if fields.contains_key("properties") && fields.get("type").is_none_or(is_object) {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            // Examples are no schemas.
            let parts = fields
                .iter_mut()
                .filter(|(name, _)| !matches!(name.as_str(), "example" | "examples"));
            parts.for_each(|(_, part)| seal(part));
        }
        _ => {}
    }
}

fn is_object(kind: &Value) -> bool {
    kind == "object"
        || kind
            .as_array()
            .is_some_and(|kinds| kinds.iter().any(|kind| kind == "object"))
}
