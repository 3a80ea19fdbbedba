//! A contact centre that lives: over HTTP, with the vendor's quirks as they are, and with switches for every way a
//! server can fail.
//!
//! It writes the vendor's JSON itself and shares no code with the client, so that the two can disagree. What the vendor
//! documents for changing something it does, and can be asked what came of it. Left out on purpose: everything the vendor
//! does not document.

mod api;
mod audio;
mod config;
mod control;
mod days;
mod disposition;
mod exchange;
mod faults;
mod files;
mod listener;
mod names;
mod odd_files;
mod operations;
mod pages;
mod records;
mod state;
mod truth;
mod world;

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub use audio::Kind;
pub use config::{Config, Copies, Curve, Filters, LoginShape};
pub use faults::{Endpoint, Fault, Faults};
pub use odd_files::OddFile;
pub use records::RecordingCase;
pub use state::Stats;
pub use world::{Blacklisted, DialerList, HangUp, MadeCall, Member, Sms, Task, Upload};
pub use world::{Came, Inside, InsideAgent, InsideCampaign, InsideSeat};

use crate::listener::Door;
use crate::state::State;

/// A running contact centre; gone when dropped.
pub struct Simulator {
    state: Arc<State>,
    api_port: u16,
    backup_port: u16,
    doors: Vec<Door>,
    stop: CancellationToken,
    /// Both hosts, for who asks inside this process.
    api: axum::Router,
    backup: axum::Router,
}

/// Starts one on loopback.
///
/// # Errors
/// A port is taken.
pub async fn start(config: Config) -> std::io::Result<Simulator> {
    opened(config, State::new).await
}

async fn opened(
    config: Config,
    state: impl FnOnce(Config, Vec<Door>) -> State,
) -> std::io::Result<Simulator> {
    let stop = CancellationToken::new();
    let api_door = Door::open((Ipv4Addr::LOCALHOST, config.port).into(), stop.clone()).await?;
    let backup_door = Door::open((Ipv4Addr::LOCALHOST, config.backup_port).into(), stop.clone()).await?;
    let (api_port, backup_port) = (api_door.port(), backup_door.port());
    let doors = vec![api_door.clone(), backup_door.clone()];
    let state = state(config, doors.clone());
    let simulator = indoors(state, [api_port, backup_port], doors, stop.clone());
    serve(&api_door, simulator.api.clone(), &stop);
    serve(&backup_door, simulator.backup.clone(), &stop);
    Ok(simulator)
}

/// One that listens nowhere: it is asked with [`Simulator::answer`], inside this process, and time passes for it as tokio's
/// does.
pub fn without_ports(config: Config) -> Simulator {
    let ports = [config.port, config.backup_port];
    indoors(State::new(config, Vec::new()), ports, Vec::new(), CancellationToken::new())
}

fn indoors(
    state: State,
    [api_port, backup_port]: [u16; 2],
    doors: Vec<Door>,
    stop: CancellationToken,
) -> Simulator {
    let state = Arc::new(state);
    let api = dated(api::router(Arc::clone(&state)), &state);
    let backup = dated(files::router(Arc::clone(&state), files::Role::Backup), &state);
    Simulator { state, api_port, backup_port, doors, stop, api, backup }
}

/// The server's own date on every reply, where it is not the computer's.
fn dated(router: axum::Router, state: &Arc<State>) -> axum::Router {
    if state.config.begins.is_none() {
        return router;
    }
    let state = Arc::clone(state);
    router.layer(axum::middleware::map_response(move |mut response: axum::response::Response| {
        let date = state.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = date.try_into() {
            response.headers_mut().insert(axum::http::header::DATE, date);
        }
        std::future::ready(response)
    }))
}

fn serve(door: &Door, router: axum::Router, stop: &CancellationToken) {
    let (listener, stop) = (door.listener(), stop.clone());
    tokio::spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            served = async { axum::serve(listener, router).await } => {
                if let Err(error) = served {
                    tracing::error!(%error, "the simulated contact centre stopped serving");
                }
            }
        }
    });
}

impl Simulator {
    /// Base of the API, ending in `/Integra/resources/`.
    pub fn server_url(&self) -> String {
        format!("http://127.0.0.1:{}/Integra/resources/", self.api_port)
    }

    /// Root of the telephony host.
    pub fn telephony_url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.api_port)
    }

    /// Root of the backup host.
    pub fn backup_url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.backup_port)
    }

    /// A user who may sign in.
    pub fn user(&self) -> &str {
        &self.state.config.user
    }

    /// Their password.
    pub fn password(&self) -> &str {
        &self.state.config.password
    }

    /// The failure switches.
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// What was asked so far.
    pub fn stats(&self) -> Stats {
        self.state.stats()
    }

    /// The calls whose recordings were asked for, or that were written to, so far.
    pub fn guids_asked_for(&self) -> BTreeSet<String> {
        self.state.guids_asked_for()
    }

    /// Counts from zero again what was asked.
    pub fn forget_requests(&self) {
        self.state.forget_requests();
    }

    /// Forgets every token: the next request of each session gets 401.
    pub fn expire_tokens(&self) {
        self.state.expire_tokens();
    }

    /// One recording of each kind.
    pub fn recordings(&self) -> Vec<RecordingCase> {
        records::cases(&self.state)
    }

    /// The world as it is now, for comparing with what a client reads.
    pub fn inside(&self) -> Inside {
        self.state.world().inside()
    }

    /// Lets the simulated time jump ahead.
    pub fn advance(&self, by: Duration) {
        self.state.advance(by);
    }

    /// Another contact centre on ports of its own that is as this one is now, and goes on by draws of its own: each chance
    /// by when it falls and for whom. So two branches with the same seed have the same callers, and where nothing differs
    /// between them the same comes of it. Nobody is signed in there. It stands still between [`Self::advance`]s as this one
    /// does, or moves as fast.
    ///
    /// # Errors
    /// No port is free.
    pub async fn branch(&self, seed: u64) -> std::io::Result<Self> {
        let config = Config { port: 0, backup_port: 0, ..self.state.config.clone() };
        opened(config, |config, doors| self.state.branch(seed, config, doors)).await
    }

    /// Sets all counters to zero, as a restart of the telephony server does.
    pub fn reset_counters(&self) {
        self.state.world().reset_counters();
    }

    /// Somebody takes a campaign's calls no more, as is done at the server's own pages; whether they did.
    pub fn leave(&self, campaign: &str, interface: &str) -> bool {
        self.state.world().leave(campaign, interface)
    }

    /// A campaign is gone, or comes back.
    pub fn hide_campaign(&self, name: &str, hidden: bool) {
        self.state.world().hide_campaign(name, hidden);
    }

    /// Cuts every connection and refuses new ones until `up` is called.
    pub fn down(&self) {
        for door in &self.doors {
            door.shut();
        }
    }

    /// Cuts every connection to the backup host alone and refuses new ones until `up` is called.
    pub fn backup_down(&self) {
        if let Some(backup) = self.doors.get(1) {
            backup.shut();
        }
    }

    /// Takes connections again, on the same ports.
    pub fn up(&self) {
        for door in &self.doors {
            door.reopen();
        }
    }

    /// Answers one request, as if it had come through a port: the backup host's where the address names its port.
    pub async fn answer(&self, request: axum::http::Request<axum::body::Body>) -> axum::response::Response {
        let backup = request.uri().port_u16() == Some(self.backup_port);
        let router = if backup { &self.backup } else { &self.api };
        match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// The same with the whole body, there and back.
    ///
    /// # Errors
    /// The answer breaks off.
    pub async fn answer_whole(
        &self,
        request: axum::http::Request<bytes::Bytes>,
    ) -> Result<axum::http::Response<bytes::Bytes>, axum::Error> {
        let (head, body) = self.answer(request.map(axum::body::Body::from)).await.into_parts();
        let whole = axum::body::to_bytes(body, usize::MAX).await?;
        Ok(axum::http::Response::from_parts(head, whole))
    }

    /// What was written to a call so far, in the order it came: tags, and dispositions as the tags they show up as.
    pub fn written(&self, guid: &str) -> Vec<String> {
        self.state.written(guid)
    }

    /// The calls that are over and began between these moments of the server's clock, both included.
    pub fn calls_between(&self, from: chrono::NaiveDateTime, to: chrono::NaiveDateTime) -> BTreeSet<String> {
        records::between(&self.state, from, to)
    }

    /// The server's clock.
    pub fn now(&self) -> chrono::NaiveDateTime {
        self.state.now()
    }

    /// Stops both servers.
    #[expect(
        clippy::unused_async,
        reason = "callers await the end of a server; closing happens to need no waiting"
    )]
    pub async fn stop(self) {
        drop(self);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
        for door in &self.doors {
            door.shut();
        }
    }
}
