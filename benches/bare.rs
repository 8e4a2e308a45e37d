//! What actix-web gives with nothing behind it: one route that answers every path with the same bytes. `benches/load.sh` starts it
//! beside the server, so that figures of two machines can be compared as ratios.
//!
//! `bare ADDR:PORT FILE CONTENT-TYPE STATUS [WORKERS]`; with other arguments it ends at once, as `cargo bench` wants it.

use std::net::SocketAddr;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, file, content_type, status, workers @ ..] = arguments.as_slice() else {
        return Ok(());
    };
    let address: SocketAddr = address.parse()?;
    let body = Bytes::from(std::fs::read(file)?);
    let (content_type, status) = (content_type.clone(), StatusCode::from_bytes(status.as_bytes())?);
    let server = HttpServer::new(move || {
        let (body, content_type) = (body.clone(), content_type.clone());
        App::new().default_service(web::to(move || {
            let mut answer = HttpResponse::build(status);
            let answer = answer
                .insert_header((CONTENT_TYPE, content_type.clone()))
                .body(body.clone());
            std::future::ready(answer)
        }))
    });
    let server = match workers.first() {
        Some(workers) => server.workers(workers.parse()?),
        None => server,
    };
    actix_web::rt::System::new().block_on(server.bind(address)?.run())?;
    Ok(())
}
