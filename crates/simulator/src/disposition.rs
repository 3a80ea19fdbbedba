//! `DispositionCall` as the vendor answers it: what is required, which combinations exist, dates of a reschedule.

use std::sync::Arc;

use axum::extract::{Form, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDateTime;
use serde_json::json;

use crate::exchange::{Fields, field, gson};
use crate::state::State;

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

fn refused(text: &str) -> Response {
    (StatusCode::BAD_REQUEST, text.to_owned()).into_response()
}

pub(crate) async fn disposition_call(
    Shared(state): Shared<Arc<State>>,
    Form(fields): Form<Fields>,
) -> Response {
    for (name, said) in [
        ("campaign", "campaign"),
        ("callerid", "callerid"),
        ("guid", "guid"),
        ("agent", "agent"),
        ("l1", "value1"),
    ] {
        if field(&fields, name).is_empty() {
            return refused(&format!("Wrong parameters: Empty {said}"));
        }
    }
    let levels = [field(&fields, "l1"), field(&fields, "l2"), field(&fields, "l3")];
    let known = COMBINATIONS.iter().find(|(known, _)| *known == levels);
    let campaign = field(&fields, "campaign");
    let exists = state.world().campaigns.iter().any(|one| one.name == campaign);
    let Some((_, again)) = known.filter(|_| exists) else {
        let [one, two, three] = levels;
        return refused(&format!("Disposition not found for level1: {one}, level2: {two}, level3: {three}"));
    };
    if *again {
        let when = field(&fields, "schedule");
        if when.is_empty() {
            return refused("Wrong parameters: Empty schedule date");
        }
        if NaiveDateTime::parse_from_str(when, "%Y-%m-%d %H:%M:%S").is_err() {
            return refused("The schedule date format is not well formed");
        }
    }
    let own = levels.iter().filter(|level| !level.is_empty()).copied().collect::<Vec<_>>().join("|");
    let tag = field(&fields, "tag");
    let tag = if tag.is_empty() { own.as_str() } else { tag };
    state.disposition(field(&fields, "guid"), tag);
    gson(&json!({ "Result": "ok", "txtcode": own }))
}
