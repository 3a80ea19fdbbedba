//! Switches for whoever runs the simulator beside something else. Loopback only, like everything here.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Json, State as Shared};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::faults::{Endpoint, Fault};
use crate::records;
use crate::state::State;

#[derive(Deserialize)]
struct Switch {
    endpoint: Endpoint,
    #[serde(flatten)]
    fault: Fault,
    times: Option<u32>,
}

#[derive(Deserialize)]
struct Down {
    seconds: f64,
}

#[derive(Deserialize)]
struct Dry {
    campaign: String,
    callers: usize,
}

#[derive(Deserialize)]
struct Latency {
    millis: u64,
}

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/control/stats", get(|Shared(state): Shared<Arc<State>>| async move { Json(state.stats()) }))
        .route(
            "/control/recordings",
            get(|Shared(state): Shared<Arc<State>>| async move { Json(records::cases(&state)).into_response() }),
        )
        .route(
            "/control/fault",
            post(|Shared(state): Shared<Arc<State>>, Json(switch): Json<Switch>| async move {
                state.faults.set(switch.endpoint, switch.fault, switch.times);
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/control/latency",
            post(|Shared(state): Shared<Arc<State>>, Json(latency): Json<Latency>| async move {
                state.faults.set_latency(Duration::from_millis(latency.millis));
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/control/clear",
            post(|Shared(state): Shared<Arc<State>>| async move {
                state.faults.clear();
                StatusCode::NO_CONTENT
            }),
        )
        .route(
            "/control/expire",
            post(|Shared(state): Shared<Arc<State>>| async move {
                state.expire_tokens();
                StatusCode::NO_CONTENT
            }),
        )
        .route("/control/down", post(down))
        .route("/control/told", get(|Shared(state): Shared<Arc<State>>| async move { Json(told(&state)) }))
        .route(
            "/control/dry",
            post(|Shared(state): Shared<Arc<State>>, Json(dry): Json<Dry>| async move {
                let done = state.world().run_dry(&dry.campaign, dry.callers.min(1_000));
                if done { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
            }),
        )
        .with_state(state)
}

/// What came of operations, in figures where it is long.
fn told(state: &State) -> Value {
    let world = state.world();
    let text = |at: chrono::NaiveDateTime| at.format(records::DATE).to_string();
    let lists = world.campaigns.iter().map(|campaign| {
        let list = world.dialer(&campaign.name);
        let figures = json!({
            "waiting": list.waiting.len(), "scheduled": list.scheduled.len(), "baseRows": list.base_rows,
            "basesComing": list.bases_coming,
        });
        (campaign.name.clone(), figures)
    });
    let calls = world.made_calls().iter().map(|call| {
        json!({
            "guid": call.guid, "campaign": call.campaign, "agent": call.agent, "destination": call.destination,
            "began": text(call.began), "answered": call.answered.map(text), "ended": call.ended.map(text),
        })
    });
    json!({
        "dialers": lists.collect::<Map<String, Value>>(), "calls": calls.collect::<Vec<_>>(),
        "blacklist": world.blacklisted(), "leftOut": world.refused_numbers(), "sms": world.sms(),
        "hangUps": world.hang_ups().iter().map(|one| json!({ "phone": one.phone, "at": text(one.at) })).collect::<Vec<_>>(),
    })
}

async fn down(Shared(state): Shared<Arc<State>>, Json(down): Json<Down>) -> StatusCode {
    tokio::spawn(async move {
        // The answer leaves first.
        tokio::task::yield_now().await;
        for door in state.doors() {
            door.shut();
        }
        tokio::time::sleep(Duration::from_secs_f64(down.seconds.clamp(0.0, 3_600.0))).await;
        for door in state.doors() {
            door.reopen();
        }
    });
    StatusCode::NO_CONTENT
}
