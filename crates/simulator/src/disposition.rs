//! `DispositionCall` as the vendor answers it: what is required, which combinations exist, dates of a reschedule, and the call
//! that is scheduled then.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDateTime;
use serde_json::json;

use crate::exchange::{Fields, field, gson};
use crate::faults::Endpoint;
use crate::records::DATE;
use crate::state::State;
use crate::world::Task;

/// Levels 1 to 3 of every campaign, and whether the dialer calls again.
const COMBINATIONS: [([&str; 3], bool); 7] = [
    (["Venta", "Contado", ""], false),
    (["Venta", "Cuotas", "12"], false),
    (["No interesa", "", ""], false),
    (["Volver a llamar", "", ""], true),
    (["Reclamo", "Factura", ""], false),
    (["Reclamo", "Servicio", "Técnico"], false),
    (["Consulta resuelta", "", ""], false),
];

/// Why one is not taken.
enum Refusal {
    /// 400 with this to be shown.
    Said(String),
    /// The error that says nothing: 200 `"0"`.
    Nothing,
}

fn said<T>(text: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Said(text.into()))
}

pub(crate) async fn disposition_call(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    let taken = take(&state, &fields);
    state.carried_out(Endpoint::Disposition, taken.is_ok());
    match taken {
        Ok(txtcode) => gson(&json!({ "Result": "ok", "txtcode": txtcode })),
        Err(Refusal::Said(text)) => (StatusCode::BAD_REQUEST, text).into_response(),
        Err(Refusal::Nothing) => gson(&json!("0")),
    }
}

/// Its levels, where it was taken.
fn take(state: &State, fields: &Fields) -> Result<String, Refusal> {
    for (name, called) in [
        ("campaign", "campaign"),
        ("callerid", "callerid"),
        ("guid", "guid"),
        ("agent", "agent"),
        ("l1", "value1"),
    ] {
        if field(fields, name).is_empty() {
            return said(format!("Wrong parameters: Empty {called}"));
        }
    }
    let levels = [field(fields, "l1"), field(fields, "l2"), field(fields, "l3")];
    let known = COMBINATIONS.iter().find(|(known, _)| *known == levels);
    let campaign = field(fields, "campaign");
    let exists = state.world().campaigns.iter().any(|one| one.name == campaign);
    let Some((_, again)) = known.filter(|_| exists) else {
        let [one, two, three] = levels;
        return said(format!("Disposition not found for level1: {one}, level2: {two}, level3: {three}"));
    };
    if *again {
        let when = field(fields, "schedule");
        if when.is_empty() {
            return said("Wrong parameters: Empty schedule date");
        }
        let Ok(at) = NaiveDateTime::parse_from_str(when, DATE) else {
            return said("The schedule date format is not well formed");
        };
        let other = field(fields, "camptoreschedule");
        let dialer = if other.is_empty() { campaign } else { other };
        let destination = field(fields, "callerid").to_owned();
        // The documents name no text for a dialer that is not there.
        if !state.world().schedule(dialer, at, Task { destination, ..Task::default() }) {
            return Err(Refusal::Nothing);
        }
    }
    let own = levels.iter().filter(|level| !level.is_empty()).copied().collect::<Vec<_>>().join("|");
    let tag = field(fields, "tag");
    let tag = if tag.is_empty() { own.as_str() } else { tag };
    state.disposition(field(fields, "guid"), tag);
    Ok(own)
}
