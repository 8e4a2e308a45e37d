//! OPTIONS and HEAD, on every path of the document.

use std::collections::BTreeMap;

use crate::access::{request, state_for, subject};
use crate::support::TestApp;
use crate::support::document::operations;

/// A path with something in the place of each parameter.
fn filled(path: &str) -> String {
    let segments = path.split('/').map(|one| match one {
        "{feed}" => "all.rss".to_owned(),
        _ if one.contains('{') => "019c63f0-5a10-7c3e-8b1f-0a2b3c4d5e6f".to_owned(),
        _ => one.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

#[actix_web::test]
async fn every_path_says_which_methods_it_takes() {
    let app = TestApp::start().await;
    let mut paths: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for operation in operations() {
        paths.entry(operation.path).or_default().push(operation.method);
    }
    for (path, methods) in paths {
        let reply = app.anon().call("OPTIONS", filled(path)).header("Accept", "text/html");
        let reply = reply.await.expect(204);
        let mut told: Vec<String> = reply
            .header("Allow")
            .unwrap_or_else(|| panic!("{path} does not say"))
            .split(", ")
            .map(str::to_lowercase)
            .collect();
        let mut has: Vec<String> = methods.iter().map(|one| (*one).to_owned()).collect();
        has.push("options".to_owned());
        if methods.contains(&"get") {
            has.push("head".to_owned());
        }
        has.sort();
        has.dedup();
        told.sort();
        assert_eq!(told, has, "{path}");
        assert!(reply.body().is_empty(), "{path}");
    }
}

#[actix_web::test]
async fn head_is_get_without_the_body() {
    let app = TestApp::start().await;
    let mut answered = 0;
    for operation in operations().iter().filter(|one| one.method == "get") {
        let subject = subject(&app, operation.path, state_for(operation.id())).await;
        let call = request(&app, app.admin(), operation, subject.as_ref()).await;
        let (get, head) = (call.clone().await, call.with_method("HEAD").await);
        let told = |name: &str| {
            (
                get.header(name).map(str::to_owned),
                head.header(name).map(str::to_owned),
            )
        };
        assert_eq!(get.status(), head.status(), "{}", operation.id());
        assert!(head.body().is_empty(), "{}", operation.id());
        for name in [
            "ETag",
            "Last-Modified",
            "Cache-Control",
            "Content-Type",
            "Surrogate-Key",
        ] {
            let (of_get, of_head) = told(name);
            assert_eq!(of_get, of_head, "{}: {name}", operation.id());
        }
        answered += usize::from(get.status() == 200);
    }
    assert!(answered > 30, "{answered} answers are too few");
}
