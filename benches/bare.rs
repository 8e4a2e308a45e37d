//! What actix-web gives with nothing behind it: one route that answers every path with the same bytes. `benches/load.sh` starts it
//! beside the server, so that figures of two machines can be compared as ratios.
//!
//! `bare ADDR:PORT FILE CONTENT-TYPE STATUS [HEAD]`, where HEAD is a file of headers, one a line, that go with it; with other
//! arguments it ends at once, as `cargo bench` wants it.

use std::net::SocketAddr;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, file, content_type, status, head @ ..] = arguments.as_slice() else {
        return Ok(());
    };
    let address: SocketAddr = address.parse()?;
    let body = Bytes::from(std::fs::read(file)?);
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
        let (body, headers) = (body.clone(), headers.clone());
        App::new().default_service(web::to(move || {
            let mut answer = HttpResponse::build(status);
            for header in &headers {
                answer.append_header(header.clone());
            }
            std::future::ready(answer.body(body.clone()))
        }))
    });
    actix_web::rt::System::new().block_on(server.bind(address)?.run())?;
    Ok(())
}
