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
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then_some(token)
}

pub(crate) fn authorised(state: &State, headers: &HeaderMap) -> bool {
    let Some(token) = token_of(headers) else { return false };
    state.knows(token) || (!state.config.strict_tokens && state.knows(&meant(token)))
}

/// What the real server makes of a token somebody took from the login's answer without reading it as JSON: a quote left at
/// its end, the equals signs still written as Gson writes them.
fn meant(token: &str) -> String {
    token.trim().trim_matches(['\'', '"']).replace("\\u003d", "=")
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
