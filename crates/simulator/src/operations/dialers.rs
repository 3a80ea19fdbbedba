//! `Respool`, `ScheduleDialerCall`, `DialerTask`, `RemoveContact`, `RemoveScheduleDialerCall`.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::response::Response;

use super::answered;
use super::given::{Object, moment};
use crate::exchange::{Fields, field};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::{Task, alternatives};

/// Of a task that is made at once, before everything else.
const AT_ONCE: u32 = 0;
/// Of a task whose time is now.
const NOW: u32 = 1;
/// Of a task that has time.
const ANY_TIME: u32 = 9_999;

/// What the objects have in common; the agent's field has two names.
fn task(object: &Object, agent: &str) -> Option<Task> {
    Some(Task {
        destination: object.full("destination")?,
        alternatives: alternatives(&object.text("alternatives")?),
        data: object.text("data")?,
        agent: object.text(agent)?,
        ..Task::default()
    })
}

pub(super) async fn respool(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let wanted = || {
        let object = Object::read(field(&fields, "callspool"))?;
        let task = Task {
            base: object.full("dialerbase")?,
            contact: object.full("contact")?,
            retries: object.whole("retries")?,
            // The first one is kept for schedules.
            priority: object.whole("priority").filter(|priority| *priority > 1)?,
            ..task(&object, "agentphone")?
        };
        (object.whole("status")? == 1).then_some((object.full("campaign")?, task))
    };
    let done = wanted().is_some_and(|(campaign, task)| state.world().respool(&campaign, task));
    answered(&state, Endpoint::Respool, done)
}

pub(super) async fn schedule_dialer_call(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let wanted = || {
        let object = Object::read(field(&fields, "callschedule"))?;
        let at = moment(&object.full("calldate")?)?;
        Some((object.full("campaign")?, at, task(&object, "agentphone")?))
    };
    let done = wanted().is_some_and(|(campaign, at, task)| state.world().schedule(&campaign, at, task));
    answered(&state, Endpoint::ScheduleDialerCall, done)
}

/// With a date it is a schedule, whatever else it says; one that is bulk and automatic is nothing the vendor knows.
pub(super) async fn dialer_task(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let wanted = || {
        let object = Object::read(field(&fields, "call"))?;
        let at = match object.text("calldate")?.as_str() {
            "" => None,
            date => Some(moment(date)?),
        };
        let (priority, manual) = match (object.flag("bulk")?, object.flag("automatic")?) {
            (false, true) => (NOW, false),
            (false, false) => (AT_ONCE, true),
            (true, false) => (ANY_TIME, false),
            (true, true) => return None,
        };
        let source = object.text("source")?;
        let task = Task { source, priority, manual, ..task(&object, "agent")? };
        Some((object.full("campaign")?, at, task))
    };
    let done = wanted().is_some_and(|(campaign, at, task)| match at {
        Some(at) => state.world().schedule(&campaign, at, Task { manual: false, ..task }),
        None => state.world().add_task(&campaign, task),
    });
    answered(&state, Endpoint::DialerTask, done)
}

pub(super) async fn remove_contact(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let number = field(&fields, "number").trim();
    let done = !number.is_empty() && state.world().remove_contact(field(&fields, "campaign"), number);
    answered(&state, Endpoint::RemoveContact, done)
}

pub(super) async fn remove_schedule_dialer_call(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let (number, campaign) = (field(&fields, "destination").trim(), field(&fields, "campaign"));
    let dates = moment(field(&fields, "from")).zip(moment(field(&fields, "to")));
    let done = !number.is_empty()
        && dates.is_some_and(|(from, to)| from <= to && state.world().unschedule(campaign, number, from, to));
    answered(&state, Endpoint::RemoveScheduleDialerCall, done)
}
