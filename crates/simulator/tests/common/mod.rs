//! A visitor inside the process: requests as a client makes them, without a port and without a client of ours.

#![allow(dead_code, reason = "each test file uses its part of it")]

use std::fmt::Write;

use atalaya_simulator::Simulator;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use serde_json::Value;

/// Who signed in, and asks.
pub struct Visitor<'a> {
    pub centre: &'a Simulator,
    pub token: String,
}

impl<'a> Visitor<'a> {
    pub async fn of(centre: &'a Simulator) -> Self {
        let mut visitor = Self { centre, token: String::new() };
        let login = [("user", centre.user()), ("password", centre.password())];
        let (_, text) = visitor.post("auth/getUserToken", &login).await;
        visitor.token = serde_json::from_str(&text).expect("a quoted token");
        visitor
    }

    /// The answer, its body not read yet.
    pub async fn send(&self, path: &str, form: &[(&str, &str)]) -> axum::response::Response {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/Integra/resources/{path}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
            .header(header::AUTHORIZATION, format!("Basic {}", self.token))
            .body(Body::from(encoded(form)))
            .expect("a request");
        self.centre.answer(request).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
        let (status, body) = read(self.send(path, form).await).await.expect("a whole answer");
        (status, String::from_utf8(body.to_vec()).expect("a text"))
    }

    /// The text of an answer with status 200.
    pub async fn ok(&self, path: &str, form: &[(&str, &str)]) -> String {
        let (status, text) = self.post(path, form).await;
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }

    pub async fn value(&self, path: &str, form: &[(&str, &str)]) -> Value {
        serde_json::from_str(&self.ok(path, form).await).expect("JSON")
    }

    /// Rows of call records of these days that a filter wants.
    pub async fn rows(&self, filter: &Value) -> Vec<Value> {
        let form =
            [("lastrow", "0"), ("searchLimit", "1000"), ("filter", &filter.to_string()), ("random", "1")];
        match self.value("Cdr/getrecords", &form).await {
            Value::Array(rows) => rows,
            other => panic!("a list of rows, not {other}"),
        }
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Bytes) {
        let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
        read(self.centre.answer(request).await).await.expect("a whole answer")
    }
}

/// Status and body, or the break in it.
pub async fn read(response: axum::response::Response) -> Result<(StatusCode, Bytes), axum::Error> {
    let status = response.status();
    Ok((status, axum::body::to_bytes(response.into_body(), 64 << 20).await?))
}

/// As browsers write a form.
pub fn encoded(form: &[(&str, &str)]) -> String {
    let part = |text: &str| {
        let mut out = String::with_capacity(text.len());
        for byte in text.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                    out.push(char::from(byte));
                }
                b' ' => out.push('+'),
                byte => {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
        }
        out
    };
    form.iter().map(|(name, value)| format!("{}={}", part(name), part(value))).collect::<Vec<_>>().join("&")
}
