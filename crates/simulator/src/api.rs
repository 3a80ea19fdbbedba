//! The API's endpoints, quirks included.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Form, Request, State as Shared};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Map, Value, json};

use crate::audio::Kind;
use crate::config::LoginShape;
use crate::control;
use crate::disposition;
use crate::exchange::{Fields, authorised, field, gson, token_of};
use crate::faults::{Endpoint, Fault};
use crate::files::{self, Role};
use crate::operations;
use crate::pages::{self, Filter};
use crate::records;
use crate::state::State;
use crate::world::{Agent, Campaign, World};

const BASE: &str = "/Integra/resources";
/// A base of calls in base64, written as a form, and room to spare.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

pub(crate) fn router(state: Arc<State>) -> Router {
    let api = Router::new()
        .route("/auth/getUserToken", post(get_user_token))
        .route("/auth/UserLogin", post(user_login))
        .route("/auth/EndSession", post(end_session))
        .route("/Supervisor/queuesummary", post(queue_summary))
        .route("/Supervisor/campaignstatus", post(campaign_status))
        .route("/Supervisor/convert", post(convert))
        .route("/Cdr/getrecords", post(get_records))
        .route("/Agents/TagRecord", post(tag_record))
        .route("/api/DispositionCall", post(disposition::disposition_call))
        .merge(operations::router())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), gate))
        .with_state(Arc::clone(&state));
    let mut router = Router::new().nest(BASE, api).merge(files::router(Arc::clone(&state), Role::Telephony));
    if state.config.control {
        router = router.merge(control::router(state));
    }
    router
}

/// Counts, faults, latency and the session, before any endpoint.
async fn gate(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let endpoint = Endpoint::of(request.uri().path());
    state.arrived(endpoint);
    let response = guarded(&state, endpoint, request, next).await;
    state.left();
    response
}

async fn guarded(state: &State, endpoint: Endpoint, request: Request, next: Next) -> Response {
    let latency = state.faults.latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let fault = state.faults.next(endpoint);
    if let Some(fault) = &fault
        && let Some(instead) = fault.instead().await
    {
        return instead;
    }
    if !matches!(endpoint, Endpoint::Login) && !authorised(state, request.headers()) {
        state.turned_away(token_of(request.headers()).unwrap_or_default());
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let response = next.run(request).await;
    match fault {
        Some(fault) => Fault::spoil(fault, response).await,
        None => response,
    }
}

fn right_password(state: &State, fields: &Fields) -> bool {
    field(fields, "user") == state.config.user && field(fields, "password") == state.config.password
}

async fn get_user_token(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    if state.config.login != LoginShape::QuotedToken {
        return StatusCode::NOT_FOUND.into_response();
    }
    if !right_password(&state, &fields) {
        state.refused_login();
        return "0".into_response();
    }
    gson(&json!(state.open_session()))
}

async fn user_login(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    if !right_password(&state, &fields) {
        state.refused_login();
        return "0".into_response();
    }
    let token = state.open_session();
    gson(&match state.config.login {
        LoginShape::LegacyThird => json!([{"id": 7}, "supervisor", token, ["x"], null]),
        LoginShape::LegacyPhone => json!([{"id": 7}, {
            "md5secret": token, "secret": state.config.phone_secret, "host": "dynamic", "callerid": "1001",
            "context": "supervisors", "accountcode": "Inbound"
        }, []]),
        LoginShape::QuotedToken | LoginShape::LegacyLast => json!([{"id": 7}, ["queue"], token]),
    })
}

async fn end_session(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let ended = field(&fields, "user") == state.config.user && state.end_session(field(&fields, "token"));
    if ended { "1" } else { "0" }.into_response()
}

async fn queue_summary(Shared(state): Shared<Arc<State>>) -> Response {
    let world = state.world();
    let now = us_date(&world, world.step, 0);
    let mut list: Vec<Value> = world
        .campaigns
        .iter()
        .enumerate()
        .filter(|(_, campaign)| !campaign.hidden)
        .map(|(index, campaign)| {
            let free = campaign
                .members
                .iter()
                .map(|&agent| &world.agents[agent])
                // Wrap-up is not subtracted here: the telephony server does not know of it.
                .filter(|agent| matches!(agent.status(), 1 | 9) && !agent.paused && !agent.paused_by_place(index))
                .count();
            let logged = campaign.members.iter().filter(|&&agent| world.agents[agent].status() != 5).count();
            let longest = campaign.waiting.front().map_or(0, |came| world.step.saturating_sub(*came));
            json!({
                "queue": campaign.name, "loggedIn": logged, "available": free, "callers": campaign.waiting.len(),
                "holdTime": campaign.recent_hold, "talkTime": campaign.recent_talk, "longestHoldTime": longest,
                "dateReceived": now,
            })
        })
        .collect();
    list.push(json!({"eventList": [], "listItems": [], "dateReceived": now}));
    gson(&dressed(&state, Value::Array(list)))
}

async fn campaign_status(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let world = state.world();
    let asked = field(&fields, "queue");
    let mut reply = Map::new();
    for (index, campaign) in world.campaigns.iter().enumerate().filter(|(_, campaign)| !campaign.hidden) {
        if asked.is_empty() {
            reply.insert(campaign.name.clone(), status_of(&world, index, campaign));
        } else if asked == campaign.name {
            reply.insert(campaign.name.clone(), status_of(&world, index, campaign));
            for &member in &campaign.members {
                let agent = &world.agents[member];
                reply.insert(agent.location.clone(), status_of_agent(&world, index, agent));
            }
        }
    }
    drop(world);
    gson(&dressed(&state, Value::Object(reply)))
}

fn rate(part: u32, of: u32) -> f64 {
    if of == 0 { 0.0 } else { (f64::from(part) * 1_000.0 / f64::from(of)).round() / 10.0 }
}

fn average(sum: u64, of: u32) -> String {
    let secs = sum / u64::from(of.max(1));
    format!("{:02}:{:02}:{:02}-{secs}", secs / 3_600, secs / 60 % 60, secs % 60)
}

fn status_of(world: &World, index: usize, campaign: &Campaign) -> Value {
    let (mut away, mut paused, mut busy, mut busy_paused, mut wrapping, mut free) = (0, 0, 0, 0, 0, 0);
    for agent in campaign.members.iter().map(|&member| &world.agents[member]) {
        match (agent.status(), agent.paused_in(index)) {
            (5, _) => away += 1,
            (2 | 8, true) => busy_paused += 1,
            (_, true) => paused += 1,
            (2 | 8, false) => busy += 1,
            (9, false) => wrapping += 1,
            (1, false) => free += 1,
            _ => {}
        }
    }
    let members = campaign.members.len();
    json!({
        "campaign": campaign.name, "availables": free, "notavailables": away, "paused": paused, "busy": busy,
        "busypaused": busy_paused, "totalagents": members, "logged": members - away, "onwrapup": wrapping,
        "completed": campaign.completed, "abandoned": campaign.abandoned,
        "totalcalls": campaign.completed + campaign.abandoned, "acd": campaign.waiting.len(),
        "talked": average(campaign.talk_sum, campaign.completed), "hold": average(campaign.hold_sum, campaign.completed),
        "abandonedlevel": rate(campaign.abandoned, campaign.completed + campaign.abandoned).to_string(),
        "servicelevel": rate(campaign.within, campaign.completed).to_string(),
        "servicelevel2": rate(
            campaign.within + campaign.abandoned_within,
            campaign.completed + campaign.abandoned,
        ).to_string(),
        "strategy": campaign.strategy, "slevelthreshold": campaign.threshold.to_string(), "wrapup": campaign.wrapup,
    })
}

fn status_of_agent(world: &World, index: usize, agent: &Agent) -> Value {
    let elapsed = world.step - agent.since;
    let paused = agent.paused_in(index);
    let reason = match (paused, agent.reason) {
        (true, Some(reason)) if agent.location.ends_with('3') => format!("[\"{reason}\"]"),
        (true, Some(reason)) => reason.to_owned(),
        (true, None) => "[]".to_owned(),
        (false, _) => String::new(),
    };
    let place = agent.campaigns.iter().position(|&campaign| campaign == index).unwrap_or(0);
    json!({
        "queue": world.campaigns[index].name, "location": agent.location, "stateinterface": agent.location,
        "name": agent.name, "penalty": agent.penalty_in(index), "callsTaken": agent.calls_taken[place],
        "lastCall": agent.last_call.map_or(0, |at| world.at(at).and_utc().timestamp()),
        "status": agent.status(), "paused": u8::from(paused), "pausedreason": reason,
        "incall": u8::from(agent.call_of == Some(index) && matches!(agent.status(), 2 | 8)),
        "dateReceived": us_date(world, agent.since, agent.location.len() + agent.campaigns.len()),
        "server": format!("{:02}:{:02}:{:02}", elapsed / 3_600, elapsed / 60 % 60, elapsed % 60),
    })
}

/// The three ways Java writes it, by its version.
fn us_date(world: &World, step: u64, form: usize) -> String {
    let at = world.at(step);
    match form % 3 {
        0 => at.format("%b %-d, %Y %-I:%M:%S %p").to_string(),
        1 => at.format("%b %-d, %Y, %-I:%M:%S %p").to_string(),
        _ => at.format("%b %-d, %Y, %-I:%M:%S\u{202f}%p").to_string(),
    }
}

/// Numbers as text, where the configuration says so.
fn dressed(state: &State, value: Value) -> Value {
    if !state.config.numbers_as_text {
        return value;
    }
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Array(list) => Value::Array(list.into_iter().map(|value| dressed(state, value)).collect()),
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(key, value)| (key, dressed(state, value))).collect())
        }
        other => other,
    }
}

async fn get_records(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    let Ok(filter) = serde_json::from_str::<Filter>(field(&fields, "filter")) else {
        return "0".into_response();
    };
    let offset = field(&fields, "lastrow").parse().unwrap_or(0);
    let limit: usize = field(&fields, "searchLimit").parse().unwrap_or(50);
    let limit = limit.min(state.config.most_rows);
    if state.doors().is_empty() {
        // Inside one process nobody else waits meanwhile, and no thread of its own may decide what comes first.
        return gson(&dressed(&state, Value::Array(pages::page(&state, &filter, offset, limit))));
    }
    let task = Arc::clone(&state);
    let rows = tokio::task::spawn_blocking(move || pages::page(&task, &filter, offset, limit)).await;
    match rows {
        Ok(rows) => gson(&dressed(&state, Value::Array(rows))),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn tag_record(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    state.tag(field(&fields, "guid"), field(&fields, "data"));
    state.carried_out(Endpoint::Tag, true);
    StatusCode::OK.into_response()
}

/// Whether there is anything to convert.
fn has_sound(kind: Kind) -> bool {
    !matches!(kind, Kind::Missing | Kind::Empty)
}

async fn convert(Shared(state): Shared<Arc<State>>, Form(fields): Form<Fields>) -> Response {
    match records::by_guid(&state, field(&fields, "guid")) {
        Some(call) if has_sound(call.kind) && field(&fields, "folder") == call.day() => {
            state.convert(&call.guid);
            "1".into_response()
        }
        _ => "0".into_response(),
    }
}
