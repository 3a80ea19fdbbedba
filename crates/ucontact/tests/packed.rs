//! Answers that come packed: read as if they were not, and held to the same limit once unpacked.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::io::Write;

use atalaya_ucontact::{Client, ErrorKind, Options, Secret, Server};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::IntoResponse;
use flate2::{Compression, write::GzEncoder};

fn gzip(bytes: &[u8]) -> Bytes {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("memory takes everything");
    packed.finish().expect("it is whole").into()
}

/// Answers packed whoever asks for it. Signing in works; every other answer is the large one.
async fn answer(State(large): State<Bytes>, uri: Uri, headers: HeaderMap) -> impl IntoResponse {
    let asked =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(asked.contains("gzip"), "{asked}");
    let token = uri.path().ends_with("getUserToken");
    let packed = if token { gzip(b"\"c3VwZXJ2aXNvcjp0b2tlbg==\"") } else { large };
    ([(header::CONTENT_ENCODING, "gzip"), (header::CONTENT_TYPE, "application/json")], packed)
}

#[tokio::test]
async fn a_packed_answer_is_read_and_a_small_one_that_unpacks_to_millions_is_refused() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = format!("http://{}", listener.local_addr().expect("it has one"));
    // 17 MB of blanks, packed before anybody waits for them.
    let large = gzip((" ".repeat(17 * 1024 * 1024) + "[]").as_bytes());
    assert!(large.len() < 100_000, "{} bytes come", large.len());
    let router = Router::new().fallback(answer).with_state(large);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = Server::parse(&address, None, None, None).expect("a good address");
    let client = Client::sign_in(server, "supervisor", Secret::new("x"), Options::default())
        .await
        .expect("the packed token is read");
    let error = client.campaigns().await.expect_err("it is larger than allowed");
    assert_eq!(error.kind, ErrorKind::TooLarge, "{error}");
}
