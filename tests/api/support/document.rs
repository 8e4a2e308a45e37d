//! The OpenAPI document as tests walk it: operations with their parameters, references followed.

use actix_web::dev::Url;
use serde_json::Value;

/// The document.
pub(crate) fn document() -> &'static Value {
    copydesk::http::document()
}

/// What a part of the document says, also where it says it by reference.
pub(crate) fn resolve(part: &'static Value) -> &'static Value {
    match part["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            resolve(
                document()
                    .pointer(pointer)
                    .unwrap_or_else(|| panic!("{reference} leads nowhere")),
            )
        }
        None => part,
    }
}

/// One method of one path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) body: &'static Value,
}

impl Operation {
    pub(crate) fn id(&self) -> &'static str {
        self.body["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{} {} has no id", self.method, self.path))
    }

    pub(crate) fn is_delivery(&self) -> bool {
        self.body["tags"]
            .as_array()
            .is_some_and(|tags| tags.iter().any(|tag| tag == "delivery"))
    }

    /// Its parameters of one kind: `path`, `query`, `header`.
    pub(crate) fn parameters(&self, kind: &str) -> Vec<&'static Value> {
        let all = self.body["parameters"].as_array().into_iter().flatten().map(resolve);
        all.filter(|parameter| parameter["in"] == kind).collect()
    }

    /// The documented answer of a status.
    pub(crate) fn answer(&self, status: u16) -> Option<&'static Value> {
        self.body["responses"].get(status.to_string()).map(resolve)
    }
}

/// Every operation, in the order of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().expect("paths");
    let each = |(path, item): (&'static String, &'static Value)| {
        let methods = item.as_object().expect("methods").iter();
        methods.map(|(method, body)| Operation { method, path, body })
    };
    paths.iter().flat_map(each).collect()
}

/// The operation that a request is for: `Err` with whether the path at least is known.
pub(crate) fn find(method: &str, path: &str) -> Result<Operation, bool> {
    let method = if method == "HEAD" {
        "get".to_owned()
    } else {
        method.to_lowercase()
    };
    let all = operations();
    // As the server reads it, whose letters may be spelt otherwise.
    let routed = path.parse().map(Url::new);
    let path = routed.as_ref().map_or(path, Url::path);
    // A path that is written out goes before one with a parameter.
    let parameters = |operation: &&Operation| operation.path.matches('{').count();
    let fitting: Vec<&Operation> = all.iter().filter(|one| fits(one.path, path)).collect();
    let Some(fewest) = fitting.iter().map(parameters).min() else {
        return Err(false);
    };
    let found = fitting
        .into_iter()
        .find(|one| parameters(one) == fewest && one.method == method);
    found.copied().ok_or(true)
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, given): (&&str, &&str)| {
        if wanted.starts_with('{') {
            !given.is_empty()
        } else {
            wanted == given
        }
    };
    template.len() == path.len() && template.iter().zip(&path).all(same)
}
