//! `addblack`, `deleteblack` and the same of many. Of many all are done, or none where one has no number.
//!
//! Nothing is said of a number that is there already, or is not there: the vendor knows no answer but `1`.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::response::Response;

use super::answered;
use super::given::Object;
use crate::exchange::{Fields, field};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::Blacklisted;

/// What the vendor calls "the object" has no name there.
const FIELD: &str = "blacklist";

fn entry(object: &Object) -> Option<Blacklisted> {
    Some(Blacklisted {
        phone: object.full("phone")?,
        campaign: object.text("campaign")?,
        username: object.text("username")?,
        company: object.text("company")?,
        job_title: object.text("job_title")?,
        name: object.text("name")?,
    })
}

fn one(fields: &Fields) -> Option<Vec<Blacklisted>> {
    entry(&Object::read(field(fields, FIELD))?).map(|entry| vec![entry])
}

fn many(fields: &Fields) -> Option<Vec<Blacklisted>> {
    Object::read_list(field(fields, FIELD))?.iter().map(entry).collect()
}

fn refuse(state: &State, operation: Endpoint, entries: Option<Vec<Blacklisted>>) -> Response {
    let done = entries.map(|entries| state.world().refuse(entries)).is_some();
    answered(state, operation, done)
}

fn refuse_no_more(state: &State, operation: Endpoint, entries: Option<Vec<Blacklisted>>) -> Response {
    let done = entries.map(|entries| state.world().refuse_no_more(&entries)).is_some();
    answered(state, operation, done)
}

pub(super) async fn add(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    refuse(&state, Endpoint::AddBlack, one(&fields))
}

pub(super) async fn add_bulk(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    refuse(&state, Endpoint::AddBlackBulk, many(&fields))
}

pub(super) async fn delete(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    refuse_no_more(&state, Endpoint::DeleteBlack, one(&fields))
}

pub(super) async fn delete_bulk(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    refuse_no_more(&state, Endpoint::DeleteBlackBulk, many(&fields))
}
