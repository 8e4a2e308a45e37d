//! What actix-web gives with nothing behind it: one handler with the answers in memory. `benches/load.sh` starts it beside the
//! server and asks both for the same, so that figures of two machines can be compared as ratios.
//!
//! `bare ADDR:PORT ANSWERS CONTENT-TYPE STATUS [HEAD]`, where ANSWERS is a file of JSON, an object with the body of each path,
//! and HEAD a file of headers, one a line, that go with each; with other arguments it ends at once, as `cargo bench` wants it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, answers, content_type, status, head @ ..] = arguments.as_slice() else {
        return Ok(());
    };
    let address: SocketAddr = address.parse()?;
    let answers: HashMap<String, String> = serde_json::from_slice(&std::fs::read(answers)?)?;
    let answers: Arc<HashMap<String, Bytes>> = Arc::new(
        answers
            .into_iter()
            .map(|(path, body)| (path, Bytes::from(body)))
            .collect(),
    );
    let status = StatusCode::from_bytes(status.as_bytes())?;
    let mut headers = vec![(CONTENT_TYPE, HeaderValue::from_str(content_type)?)];
    if let Some(head) = head.first() {
        for (name, value) in std::fs::read_to_string(head)?
            .lines()
            .filter_map(|line| line.split_once(": "))
        {
            headers.push((HeaderName::from_bytes(name.as_bytes())?, HeaderValue::from_str(value)?));
        }
    }
    let server = HttpServer::new(move || {
        let (answers, headers) = (answers.clone(), headers.clone());
        App::new().default_service(web::to(move |request: HttpRequest| {
            let path = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
            let answer = match answers.get(path) {
                None => HttpResponse::NotFound().finish(),
                Some(body) => {
                    let mut answer = HttpResponse::build(status);
                    for header in &headers {
                        answer.append_header(header.clone());
                    }
                    answer.body(body.clone())
                }
            };
            std::future::ready(answer)
        }))
    });
    actix_web::rt::System::new().block_on(server.bind(address)?.run())?;
    Ok(())
}
