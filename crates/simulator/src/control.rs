//! Switches for whoever runs the simulator beside something else. Loopback only, like everything here.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Json, State as Shared};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use serde::Deserialize;

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
        .with_state(state)
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
