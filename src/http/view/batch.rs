//! Several operations in one request.

use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::domain::invalid::Invalids;

/// What is to be done, in this order.
#[derive(Deserr, ToSchema)]
#[schema(as = BatchIn)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct BatchIn {
    /// Whether all stand or fall together; otherwise each by itself.
    #[deserr(default)]
    #[schema(default = false, required = false)]
    pub(crate) atomic: bool,
    #[schema(min_items = 1, max_items = 100)]
    pub(crate) operations: Vec<OperationIn>,
}

/// One request, as it would be sent by itself. `{0}` stands for what the first operation led to, `{1}` for the second, and so on.
#[derive(Deserr, ToSchema)]
#[schema(as = OperationIn)]
#[deserr(error = Invalids, deny_unknown_fields)]
pub(crate) struct OperationIn {
    #[schema(value_type = BatchMethod)]
    pub(crate) method: String,
    /// The path, with its query. A segment `{0}` stands for what the first operation made, by the end of its `location`, or else for the `id`
    /// in its answer.
    #[schema(
        max_length = 2048,
        pattern = "^/api/v1/editor/",
        examples("/api/v1/editor/articles/{0}/actions/publish")
    )]
    pub(crate) path: String,
    /// The `ETag` of what the change is based on. `{0}` stands for that in the answer to that operation.
    #[deserr(default)]
    #[schema(required = false, max_length = 256, examples("\"7\""))]
    pub(crate) if_match: Option<String>,
    /// The body, where the operation takes one.
    #[deserr(default)]
    #[schema(required = false, value_type = Object)]
    pub(crate) body: Option<Value>,
}

/// How an operation is asked for.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what the operation's method may be")]
#[expect(clippy::upper_case_acronyms, reason = "as methods are written")]
pub(crate) enum BatchMethod {
    POST,
    PUT,
    PATCH,
    DELETE,
}

/// What became of each operation.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchResults)]
pub(crate) struct BatchResults {
    /// In the order of the operations.
    pub(crate) results: Vec<BatchResult>,
}

/// What one operation was answered.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub(crate) struct BatchResult {
    #[schema(minimum = 200, maximum = 599)]
    pub(crate) status: u16,
    /// Names the new state of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub(crate) etag: Option<String>,
    /// Where a new resource is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = String)]
    pub(crate) location: Option<String>,
    /// What it would have been answered by itself; absent where that has no body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Object)]
    pub(crate) body: Option<Box<RawValue>>,
}

/// The operation for which nothing was done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RefusedOperation {
    /// Its place, from 0.
    pub(crate) operation: usize,
    #[serde(flatten)]
    pub(crate) result: BatchResult,
}
