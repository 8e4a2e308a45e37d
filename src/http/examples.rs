//! One example for each schema that travels, by the schema's name; the document shows them.

use serde_json::Value;

/// The example of a schema, put on every request and answer of that schema.
pub(super) fn example(schema: &str) -> Option<Value> {
    let _ = schema;
    None
}
