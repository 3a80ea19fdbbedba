//! What every endpoint reads and writes alike: the fields of a form, the vendor's JSON, and who may ask.

use std::collections::HashMap;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use crate::state::State;

pub(crate) type Fields = HashMap<String, String>;

pub(crate) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

/// The token of a request, when it has one.
pub(crate) fn token_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")
}

pub(crate) fn authorised(state: &State, headers: &HeaderMap) -> bool {
    token_of(headers).is_some_and(|token| state.knows(token))
}

/// Gson's HTML-safe text: these characters only ever stand inside JSON strings.
pub(crate) fn gson(value: &Value) -> Response {
    let plain = value.to_string();
    let mut text = String::with_capacity(plain.len() + plain.len() / 16);
    for c in plain.chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '=' => text.push_str("\\u003d"),
            '&' => text.push_str("\\u0026"),
            '\'' => text.push_str("\\u0027"),
            c => text.push(c),
        }
    }
    ([(header::CONTENT_TYPE, "text/plain")], text).into_response()
}
