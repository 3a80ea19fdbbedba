//! `SendSMS` and `SendSMSv2`: a message without a number, a text or a campaign is refused, everything else is kept.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::exchange::{Fields, field, gson};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::SmsWanted;

fn send(state: &State, operation: Endpoint, fields: &Fields) -> Option<u64> {
    let of = |name: &str| field(fields, name).trim().to_owned();
    let wanted = SmsWanted {
        destination: of("destination"),
        message: field(fields, "message").to_owned(),
        campaign: of("campaign"),
        agent: of("agent"),
        source: of("source"),
    };
    let empty = wanted.destination.is_empty() || wanted.message.trim().is_empty();
    let id = if empty { None } else { state.world().send_sms(wanted) };
    state.carried_out(operation, id.is_some());
    id
}

pub(super) async fn send_sms(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let sent = send(&state, Endpoint::SendSms, &fields);
    if sent.is_some() { "OK" } else { "ERROR" }.into_response()
}

pub(super) async fn send_sms_v2(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    if !state.config.sms_v2 {
        return StatusCode::NOT_FOUND.into_response();
    }
    match send(&state, Endpoint::SendSmsV2, &fields) {
        Some(id) => gson(&json!({ "id": id.to_string() })),
        None => "0".into_response(),
    }
}
