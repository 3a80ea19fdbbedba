//! `addqueuemember`, with the texts of the telephony server: somebody who is there already is no error of the request, and
//! says so. All of a request join or, where one names a campaign or an interface that is not there, nobody.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::response::{IntoResponse, Response};

use super::given::Object;
use crate::exchange::{Fields, field};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::{Joined, Joining};

const ADDED: &str = "Added interface to queue";
const ALREADY_THERE: &str = "Unable to add interface: Already there";

pub(super) async fn add_queue_member(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let joined = all(field(&fields, "queuemember")).and_then(|all| state.world().join(&all));
    let added = joined.as_ref().is_some_and(|joined| joined.contains(&Joined::Added));
    state.carried_out(Endpoint::AddQueueMember, added);
    let Some(joined) = joined else { return "0".into_response() };
    // One text for all, or one a line where they differ.
    let mut texts: Vec<&str> =
        joined.iter().map(|one| if *one == Joined::Added { ADDED } else { ALREADY_THERE }).collect();
    if texts.iter().all(|text| *text == texts[0]) {
        texts.truncate(1);
    }
    texts.join("\n").into_response()
}

fn all(text: &str) -> Option<Vec<Joining>> {
    let one = |object: &Object| {
        object.full("membername")?;
        Some(Joining {
            campaign: object.full("queueName")?,
            interface: object.full("interface1")?,
            penalty: object.whole("penalty")?,
            paused: object.flag("paused")?,
        })
    };
    Object::read_list(text)?.iter().map(one).collect()
}
