//! A message on its way to real sockets, and everything that answers there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use atalaya_secret::Secret;
use atalaya_webhook::{Address, Hindrance, Outcome, Sender};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};

const TOKEN: &str = "marked-token-0123456789";

#[derive(Clone, Default)]
struct Heard {
    requests: Arc<AtomicUsize>,
    last: Arc<std::sync::Mutex<Option<(String, Bytes)>>>,
}

async fn answer(State(heard): State<Heard>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    heard.requests.fetch_add(1, Ordering::SeqCst);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    *heard.last.lock().unwrap() = Some((kind.to_owned(), body));
    let endless = || {
        Body::from_stream(stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 65_536]))))
    };
    match uri.path().split('/').nth(1).unwrap_or_default() {
        "200" => "ok".into_response(),
        "202" => StatusCode::ACCEPTED.into_response(),
        "400" => (StatusCode::BAD_REQUEST, "\r\n invalid_payload\u{7} \nmore of it").into_response(),
        "quotes" => (StatusCode::NOT_FOUND, format!("Cannot POST {}", uri.path())).into_response(),
        "404" => (StatusCode::NOT_FOUND, "<!DOCTYPE html>\n<h1>404</h1>").into_response(),
        "500" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "elsewhere" => (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/200/there")]).into_response(),
        "endless" => endless().into_response(),
        "endlessly-no" => (StatusCode::BAD_GATEWAY, endless()).into_response(),
        "never" => std::future::pending().await,
        other => panic!("{other}"),
    }
}

async fn receiver() -> (SocketAddr, Heard) {
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(answer).with_state(heard.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, heard)
}

fn address(at: SocketAddr, path: &str) -> Address {
    Address::parse(&Secret::new(format!("http://{at}/{path}/{TOKEN}?sig={TOKEN}"))).unwrap()
}

fn refused(status: u16, said: Option<&str>) -> Outcome {
    Outcome::Refused { status: Some(status), said: said.map(str::to_owned), why: None }
}

#[tokio::test]
async fn each_answer_is_one_of_three_outcomes_and_nothing_is_sent_twice() {
    let (at, heard) = receiver().await;
    let sender = Sender::new().unwrap();
    let cases = [
        ("200", Outcome::Done { status: 200 }),
        ("202", Outcome::Done { status: 202 }),
        ("400", refused(400, Some("invalid_payload"))),
        ("quotes", refused(404, None)),
        ("404", refused(404, None)),
        ("500", refused(500, None)),
        ("elsewhere", refused(307, None)),
        ("endless", Outcome::Done { status: 200 }),
        ("endlessly-no", refused(502, Some(&format!("{}…", "x".repeat(119))))),
        ("never", Outcome::Unknown { why: Hindrance::Timeout }),
    ];
    for (turn, (path, expected)) in cases.into_iter().enumerate() {
        let outcome = sender.send(&address(at, path), &json!({ "turn": turn })).await;
        assert_eq!(outcome, expected, "{path}");
        assert_eq!(heard.requests.load(Ordering::SeqCst), turn + 1, "{path}: sent once, and nowhere else");
        let (kind, body) = heard.last.lock().unwrap().take().unwrap();
        assert_eq!((kind.as_str(), body), ("application/json", Bytes::from(format!("{{\"turn\":{turn}}}"))));
        assert!(!format!("{outcome:?}{}", json!(outcome)).contains(TOKEN), "{path}");
    }
}

/// Messages are far apart, and a connection may have been lost in between without a word.
#[tokio::test]
async fn each_message_goes_its_own_way_whatever_became_of_the_last_ones() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = BufReader::new(&mut socket);
                let mut line = String::new();
                while request.read_line(&mut line).await.unwrap() > 2 {
                    line.clear();
                }
                request.read_exact(&mut [0; 2]).await.unwrap();
                socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await.unwrap();
                // Nothing more is answered here.
                socket.read_u8().await
            });
        }
    });
    let sender = Sender::new().unwrap();
    for _ in 0..3 {
        assert_eq!(sender.send(&address(at, "x"), &json!({})).await, Outcome::Done { status: 200 });
    }
}

#[tokio::test]
async fn what_never_left_is_told_from_what_nobody_knows_of() {
    let sender = Sender::new().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    // Somebody listens, and hangs up when the request is there.
    let answering = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        socket.readable().await.unwrap();
        drop(socket);
    });
    let cut = sender.send(&address(at, "x"), &json!({})).await;
    answering.await.unwrap();
    assert_eq!(cut, Outcome::Unknown { why: Hindrance::Cut });
    let nobody = sender.send(&address(at, "x"), &json!({})).await;
    assert_eq!(nobody, Outcome::Refused { status: None, said: None, why: Some(Hindrance::Unreachable) });
    let unencrypted = Address::parse(&Secret::new(format!("https://{at}/{TOKEN}"))).unwrap();
    let (plain, _) = receiver().await;
    let unencrypted = sender.send(&unencrypted, &json!({})).await;
    assert!(matches!(unencrypted, Outcome::Refused { status: None, .. }), "{unencrypted:?}");
    let speaks_no_tls = Address::parse(&Secret::new(format!("https://{plain}/{TOKEN}"))).unwrap();
    let outcome = sender.send(&speaks_no_tls, &json!({})).await;
    assert!(matches!(outcome, Outcome::Refused { status: None, .. }), "{outcome:?}");
    for outcome in [cut, nobody, unencrypted, outcome] {
        assert!(!format!("{outcome:?}").contains(TOKEN));
    }
}
