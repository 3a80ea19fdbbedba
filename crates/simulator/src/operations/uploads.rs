//! `uploadbase`, `uploadbasewithtimezone` and the base of short messages: taken at once, read a moment later.
//!
//! A row that is none is passed over then, and nobody is told: the answer was given before. Which zones there are is the
//! vendor's list, which is not here; any name is taken.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answered;
use crate::exchange::{Fields, field};
use crate::faults::Endpoint;
use crate::state::State;
use crate::world::BaseWanted;

fn full(fields: &Fields, name: &str) -> Option<String> {
    let text = field(fields, name).trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn file(fields: &Fields) -> Option<BaseWanted> {
    let bytes = STANDARD.decode(full(fields, "fileb64")?).ok()?;
    Some(BaseWanted {
        filename: full(fields, "filename")?,
        text: String::from_utf8(bytes).ok()?,
        campaign: full(fields, "campaign")?,
        ..BaseWanted::default()
    })
}

fn of_calls(fields: &Fields) -> Option<BaseWanted> {
    Some(BaseWanted {
        cant: Some(full(fields, "cant")?.parse().ok()?),
        username: full(fields, "username")?,
        ..file(fields)?
    })
}

fn take(state: &State, operation: Endpoint, wanted: Option<BaseWanted>) -> Response {
    let of_sms = operation == Endpoint::UploadSmsBase;
    let done = wanted.is_some_and(|wanted| state.world().upload(wanted, of_sms));
    answered(state, operation, done)
}

pub(super) async fn upload_base(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    take(&state, Endpoint::UploadBase, of_calls(&fields))
}

pub(super) async fn upload_base_with_timezone(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let timezone = full(&fields, "timezone");
    let wanted = of_calls(&fields).filter(|_| timezone.is_some());
    let wanted = wanted.map(|wanted| BaseWanted { timezone, ..wanted });
    take(&state, Endpoint::UploadBaseWithTimezone, wanted)
}

pub(super) async fn upload_sms_base(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    take(&state, Endpoint::UploadSmsBase, file(&fields))
}
