//! The endpoints that change something: what they are given is read and judged here, what comes of it is the world's.
//!
//! An error is 200 `0`, as the vendor has it. Left out on purpose: e-mail and messages for later, of which the vendor says
//! neither address nor fields; `TagRecord` and `DispositionCall`, which are older than the others (`api`, `disposition`).

mod blacklist;
mod calls;
mod dialers;
mod given;
mod members;
mod messages;
mod uploads;

use std::sync::Arc;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::faults::Endpoint;
use crate::state::State;

pub(crate) fn router() -> Router<Arc<State>> {
    Router::new()
        .route("/Agents/AgentCall", post(calls::agent_call))
        .route("/Agents/AgentCallwithData", post(calls::agent_call_with_data))
        .route("/Agents/HangupPhone", post(calls::hangup_phone))
        .route("/queues/addqueuemember", post(members::add_queue_member))
        .route("/admin/addblack", post(blacklist::add))
        .route("/admin/deleteblack", post(blacklist::delete))
        .route("/admin/addblackbulk", post(blacklist::add_bulk))
        .route("/admin/deleteblackbulk", post(blacklist::delete_bulk))
        .route("/Dialers/Respool", post(dialers::respool))
        .route("/Dialers/ScheduleDialerCall", post(dialers::schedule_dialer_call))
        .route("/Dialers/DialerTask", post(dialers::dialer_task))
        .route("/Dialers/RemoveContact", post(dialers::remove_contact))
        .route("/Dialers/RemoveScheduleDialerCall", post(dialers::remove_schedule_dialer_call))
        .route("/Dialers/uploadbase", post(uploads::upload_base))
        .route("/Dialers/uploadbasewithtimezone", post(uploads::upload_base_with_timezone))
        .route("/SMS/SendSMS", post(messages::send_sms))
        .route("/SMS/SendSMSv2", post(messages::send_sms_v2))
        .route("/SMS/uploadbase", post(uploads::upload_sms_base))
}

/// Done, or not.
fn answered(state: &State, operation: Endpoint, done: bool) -> Response {
    state.carried_out(operation, done);
    if done { "1" } else { "0" }.into_response()
}
