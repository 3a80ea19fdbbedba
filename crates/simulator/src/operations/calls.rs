//! `AgentCall`, `AgentCallwithData`, `HangupPhone`.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::response::{IntoResponse, Response};

use super::answered;
use crate::exchange::{Fields, field};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::CallWanted;

pub(super) async fn agent_call(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    call(&state, Endpoint::AgentCall, wanted(&fields))
}

/// What comes along for the workflow is kept as it is: usually JSON, says the vendor.
pub(super) async fn agent_call_with_data(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let (data, form) = (field(&fields, "data").to_owned(), field(&fields, "form").to_owned());
    let wanted = wanted(&fields).map(|wanted| CallWanted { data, form, ..wanted });
    call(&state, Endpoint::AgentCallWithData, wanted)
}

fn wanted(fields: &Fields) -> Option<CallWanted> {
    let of = |name: &str| field(fields, name).trim().to_owned();
    // Context and caller's number are the installation's; a server without them would not know.
    (!of("tech").is_empty()).then(|| CallWanted {
        callerid: of("callerid"),
        agent: of("agent"),
        phone: of("phone"),
        outqueue: of("outqueue"),
        destination: of("destination"),
        ..CallWanted::default()
    })
}

fn call(state: &State, operation: Endpoint, wanted: Option<CallWanted>) -> Response {
    let guid = wanted.and_then(|wanted| state.world().agent_call(wanted));
    state.carried_out(operation, guid.is_some());
    guid.unwrap_or_else(|| "0".to_owned()).into_response()
}

pub(super) async fn hangup_phone(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let done = state.world().hang_up_phone(field(&fields, "phone"));
    answered(&state, Endpoint::HangupPhone, done)
}
