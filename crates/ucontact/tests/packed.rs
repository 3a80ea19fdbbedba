//! Answers that come packed: read as if they were not, and held to the same limit once unpacked.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use atalaya_ucontact::{Client, ErrorKind, Options, Secret, Server};
use axum::Router;
use axum::http::{HeaderMap, Uri, header};
use axum::response::IntoResponse;
use flate2::{Compression, write::GzEncoder};

static PACKED: AtomicUsize = AtomicUsize::new(0);

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory takes everything");
    packed.finish().expect("it is whole")
}

/// Packs for whoever asks for it. Signing in works; every other answer is 17 MB of blanks around one campaign.
async fn answer(uri: Uri, headers: HeaderMap) -> impl IntoResponse {
    let asked =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(asked.contains("gzip"), "{asked}");
    let text = if uri.path().ends_with("getUserToken") {
        "\"c3VwZXJ2aXNvcjp0b2tlbg==\"".to_owned()
    } else {
        " ".repeat(17 * 1024 * 1024) + "[]"
    };
    let packed = gzip(text.as_bytes());
    PACKED.fetch_max(packed.len(), Ordering::Relaxed);
    ([(header::CONTENT_ENCODING, "gzip"), (header::CONTENT_TYPE, "application/json")], packed)
}

#[tokio::test]
async fn a_packed_answer_is_read_and_a_small_one_that_unpacks_to_millions_is_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = format!("http://{}", listener.local_addr().expect("it has one"));
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let server = Server::parse(&address, None, None, None).expect("a good address");
    let client = Client::sign_in(server, "supervisor", Secret::new("x"), Options::default())
        .await
        .expect("the packed token is read");
    let error = client.campaigns().await.expect_err("it is larger than allowed");
    assert_eq!(error.kind, ErrorKind::TooLarge, "{error}");
    let packed = PACKED.load(Ordering::Relaxed);
    assert!(packed < 100_000, "{packed} bytes came");
}
