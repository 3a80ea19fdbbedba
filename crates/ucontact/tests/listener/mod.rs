//! A server on a socket that takes every request whole, writes it down, and answers as it is told: also with half an
//! answer, or none.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The token of the first login, and one that tests may give later: `supervisor:token`, `supervisor:other`.
pub const TOKENS: [&str; 2] = ["c3VwZXJ2aXNvcjp0b2tlbg==", "c3VwZXJ2aXNvcjpvdGhlcg=="];

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Below `Integra/resources/`.
    pub path: String,
    /// The `Authorization` header.
    pub token: String,
    pub form: Vec<(String, String)>,
}

/// How it is answered.
#[derive(Debug, Clone)]
pub enum Say {
    /// 200.
    Body(String),
    Status(u16, String),
    /// 303, to this place.
    Elsewhere(&'static str),
    /// The connection ends without an answer.
    Cut,
    /// And after half of one.
    Half,
    /// Nothing, for ever.
    Silence,
    /// 200, after a while.
    Late(Duration, String),
}

impl Say {
    pub fn body(text: &str) -> Self {
        Self::Body(text.to_owned())
    }

    pub fn status(code: u16) -> Self {
        Self::Status(code, String::new())
    }
}

type Answering = dyn Fn(&Asked, usize) -> Say + Send + Sync;

pub struct Listener {
    pub address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Listener {
    /// Takes the first login and every goodbye by itself; whatever else is asked goes to `answer`, with how often that path
    /// was asked before.
    pub async fn start(answer: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Self {
        Self::with_logins(move |asked, before| match asked.path.as_str() {
            "auth/getUserToken" if before == 0 => Say::Body(format!("\"{}\"", TOKENS[0])),
            _ => answer(asked, before),
        })
        .await
    }

    /// The same, that is asked about every login.
    pub async fn with_logins(answer: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("it has one"));
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (seen, answer): (_, Arc<Answering>) = (Arc::clone(&asked), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        Self { address, asked }
    }

    /// What was asked, logins and goodbyes aside.
    pub fn operations(&self) -> Vec<Asked> {
        self.all().into_iter().filter(|asked| !asked.path.starts_with("auth/")).collect()
    }

    pub fn all(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Asked>>>, answer: Arc<Answering>) {
    let Some(asked) = read(&mut stream).await else { return };
    let before = {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.iter().filter(|one| one.path == asked.path).count();
        seen.push(asked.clone());
        before
    };
    let say = match asked.path.as_str() {
        "auth/EndSession" => Say::body("1"),
        _ => answer(&asked, before),
    };
    let (code, text) = match say {
        Say::Body(text) => (200, text),
        Say::Status(code, text) => (code, text),
        Say::Elsewhere(place) => {
            let head = format!("HTTP/1.1 303 X\r\nLocation: {place}\r\n");
            let _ = stream
                .write_all(format!("{head}Content-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
                .await;
            return;
        }
        Say::Cut => return,
        Say::Half => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n1").await;
            return;
        }
        Say::Silence => std::future::pending().await,
        Say::Late(wait, text) => {
            tokio::time::sleep(wait).await;
            (200, text)
        }
    };
    let head = format!("HTTP/1.1 {code} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", text.len());
    let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
}

/// A whole request.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
    };
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let path = head.split(' ').nth(1)?.trim_start_matches('/').trim_start_matches("Integra/resources/");
    let form = url::form_urlencoded::parse(&bytes[end + 4..]).into_owned().collect();
    Some(Asked { path: path.to_owned(), token: header("authorization").unwrap_or_default(), form })
}
