//! A chat that is told of alerts: a real receiver on a socket, a real floor that goes silent, and where the address is kept.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use atalaya_clock::Clock;
use atalaya_desk::wire::AlertsTold;
use atalaya_desk::{Desk, Options, Paths, WebhookAddress, WebhookChoice, WebhookState, WebhookWords};
use atalaya_floor::wire::Hears;
use atalaya_player::OutputChoice;
use atalaya_simulator::Simulator;
use atalaya_store::profiles::Profile;
use atalaya_store::secrets::{SecretStore, SecretStoreKind};
use atalaya_ucontact::Secret;
use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use common::{PASSWORD, centre, desk, first, request, session, until};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const TOKEN: &str = "marked-token-0123456789";

/// A chat; what it is told comes out of it.
async fn chat() -> (String, UnboundedReceiver<Value>) {
    let (tell, told) = unbounded_channel();
    let answer = move |uri: Uri, body: String| {
        let tell = tell.clone();
        async move { taken(&tell, &uri, &body) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    (host, told)
}

fn taken(tell: &tokio::sync::mpsc::UnboundedSender<Value>, uri: &Uri, body: &str) -> Response {
    assert!(uri.path().ends_with(TOKEN));
    tell.send(serde_json::from_str(body).unwrap()).unwrap();
    if uri.path().starts_with("/gone") {
        return (StatusCode::NOT_FOUND, "no such flow").into_response();
    }
    StatusCode::ACCEPTED.into_response()
}

fn words() -> WebhookWords {
    let figure = |text: &str| json!({ "serverAway": text, "waiting": text, "longestWait": text });
    serde_json::from_value(json!({
        "language": "es", "figures": figure("sin respuesta {value}"), "measures": figure("Servidor"),
        "above": "más de {limit}", "below": "menos de {limit}", "server": "Servidor", "since": "desde {at}",
        "lasted": "{time}", "amber": "Ámbar: {subject}", "red": "Rojo: {subject}", "worse": "Peor: {subject}",
        "seen": "{who}: {subject}", "over": "Terminó: {subject}", "test": "Prueba", "testText": "Llega",
    }))
    .unwrap()
}

fn address(host: &str, path: &str) -> WebhookAddress {
    WebhookAddress { address: Secret::new(format!("http://{host}/{path}/{TOKEN}")) }
}

/// A silent server is amber after two seconds and red after four, and nothing else is heard.
fn choose(desk: &Desk, webhook: WebhookChoice) {
    let mut settings = desk.settings();
    settings.poll_every_secs = 1;
    settings.centre_name = "Rioplata".into();
    settings.webhook = webhook;
    for rule in &mut settings.rules {
        rule.hears = Hears::Nobody;
        if rule.id == "serverAway" {
            rule.hears = Hears::Notice;
            (rule.warn, rule.bad, rule.hold_secs) = (Some(2.0), Some(4.0), 0);
        }
    }
    desk.set_settings(settings).unwrap();
}

fn all() -> WebhookChoice {
    let form = serde_json::from_value(json!("plain")).unwrap();
    WebhookChoice { on: true, form, amber: true, seen: true, ..WebhookChoice::default() }
}

/// Signed in, with the floor read once.
async fn watching(desk: &Desk, simulator: &Simulator) -> UnboundedReceiver<AlertsTold> {
    let (tell, boards) = unbounded_channel();
    let watching = desk.clone();
    tokio::spawn(async move { watching.alert_updates(|board| tell.send(board).is_ok()).await });
    desk.sign_in(request(simulator, PASSWORD)).await.unwrap();
    let session = session(desk);
    until("the floor is read", || session.floor.snapshot().health.last_ok_ms.is_some()).await;
    boards
}

/// The next message: what became of the alert, and its title.
async fn next(told: &mut UnboundedReceiver<Value>) -> (String, String) {
    let message = first(told, Some).await;
    assert_eq!(
        (message["kind"].as_str(), message["centre"].as_str()),
        (Some("atalaya.alert"), Some("Rioplata"))
    );
    let of = |name: &str| message[name].as_str().unwrap().to_owned();
    (of("event"), of("title"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_one_message_and_one_more_for_each_thing_that_becomes_of_it() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let (host, mut told) = chat().await;
    let desk = desk(home.path()).await;
    choose(&desk, all());
    assert_eq!(desk.webhook_preview().unwrap_err().code, "webhookNoWords");
    desk.take_webhook_words(words());
    assert_eq!(desk.test_webhook().await.unwrap_err().code, "webhookNowhere");
    let state = desk.set_webhook_address(address(&host, "flow")).await.unwrap();
    assert_eq!((state.host.as_deref(), state.kept, state.last), (Some(host.as_str()), false, None));
    let preview: Value = serde_json::from_str(&desk.webhook_preview().unwrap()).unwrap();
    assert_eq!(
        (preview["event"].as_str(), preview["title"].as_str()),
        (Some("raised"), Some("Rojo: Soporte"))
    );
    assert!(desk.test_webhook().await.unwrap().last.unwrap().test);
    assert_eq!(next(&mut told).await, ("test".into(), "Prueba".into()));

    let mut boards = watching(&desk, &simulator).await;
    simulator.down();
    assert_eq!(next(&mut told).await, ("raised".into(), "Ámbar: Servidor".into()));
    assert_eq!(next(&mut told).await, ("worse".into(), "Peor: Servidor".into()));
    let id = first(&mut boards, |told| told.board.active.first().map(|alert| alert.id)).await;
    session(&desk).acknowledge(id);
    session(&desk).acknowledge(id);
    assert_eq!(next(&mut told).await.0, "seen");
    session(&desk).let_go(id);
    session(&desk).acknowledge(id);
    simulator.up();
    assert_eq!(next(&mut told).await, ("over".into(), "Terminó: Servidor".into()));
    until("it is counted", || desk.webhook_state().done == 4).await;
    let WebhookState { refused, unknown, left_out, stopped, .. } = desk.webhook_state();
    assert_eq!((refused, unknown, left_out, stopped), (0, 0, 0, false));
    desk.sign_out().await.unwrap();
    assert!(told.try_recv().is_err(), "nothing twice");
    no_token_in(home.path());
    let state = desk.remove_webhook_address().await;
    assert_eq!(state.host, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn three_refusals_in_a_row_stop_it_until_a_person_says_so() {
    let (simulator, home) = (centre().await, tempfile::tempdir().unwrap());
    let (host, mut told) = chat().await;
    let desk = desk(home.path()).await;
    choose(&desk, all());
    desk.take_webhook_words(words());
    for bad in ["http://chat.example/x", "chat.example", ""] {
        let typed = WebhookAddress { address: Secret::new(bad) };
        assert!(desk.set_webhook_address(typed).await.is_err(), "{bad}");
    }
    desk.set_webhook_address(address(&host, "gone")).await.unwrap();
    let mut boards = watching(&desk, &simulator).await;
    simulator.down();
    assert_eq!(next(&mut told).await.0, "raised");
    assert_eq!(next(&mut told).await.0, "worse");
    simulator.up();
    assert_eq!(next(&mut told).await.0, "over");
    first(&mut boards, |told| told.board.chat_stopped.then_some(())).await;
    until("it stops", || desk.webhook_state().stopped).await;
    let state = desk.webhook_state();
    assert_eq!((state.done, state.refused, state.unknown), (0, 3, 0));
    let last = serde_json::to_value(state.last.unwrap().outcome).unwrap();
    assert_eq!(last, json!({ "kind": "refused", "status": 404, "said": "no such flow", "why": null }));
    until("it is said", || desk.diagnostics().last_errors[0].problem.code == "webhookStopped").await;
    // It stays so for the next session, and the next start.
    desk.sign_out().await.unwrap();
    drop(boards);
    let _boards = watching(&desk, &simulator).await;
    simulator.down();
    until("the next one is left out", || desk.webhook_state().left_out > 0).await;
    assert!(told.try_recv().is_err());
    desk.sign_out().await.unwrap();
    let again = common::desk(home.path()).await;
    assert!(again.webhook_state().stopped);
    let mut off = again.settings();
    off.webhook.on = false;
    again.set_settings(off.clone()).unwrap();
    off.webhook.on = true;
    again.set_settings(off).unwrap();
    assert!(!again.webhook_state().stopped, "switched on again");
}

/// A system's secret store, without the system.
#[derive(Default)]
struct Kept {
    secrets: Mutex<HashMap<String, Secret>>,
    locked: bool,
}

impl SecretStore for Kept {
    fn kind(&self) -> SecretStoreKind {
        SecretStoreKind::Os
    }

    fn keeps(&self, profile: &Profile) -> bool {
        profile.keep
    }

    fn get(&self, profile: &str) -> Result<Option<Secret>, atalaya_store::Error> {
        if self.locked {
            return Err(atalaya_store::Error::SecretsLocked);
        }
        Ok(self.secrets.lock().unwrap().get(profile).cloned())
    }

    fn set(&self, profile: &str, secret: &Secret) -> Result<(), atalaya_store::Error> {
        if self.locked {
            return Err(atalaya_store::Error::SecretsLocked);
        }
        self.secrets.lock().unwrap().insert(profile.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, profile: &str) -> Result<(), atalaya_store::Error> {
        self.secrets.lock().unwrap().remove(profile);
        Ok(())
    }
}

async fn desk_with(home: &Path, secrets: Arc<dyn SecretStore>) -> Desk {
    Desk::open(Options {
        paths: Paths::below(home),
        secrets,
        output: OutputChoice::None,
        clock: Clock::system(),
        demo: None,
    })
    .await
    .unwrap()
}

/// The address is in no file of ours, settings' file included.
fn no_token_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            no_token_in(&path);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes());
        assert!(!found, "the address is in {}", path.display());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_kept_where_passwords_are_and_nowhere_else() {
    let home = tempfile::tempdir().unwrap();
    let (host, mut told) = chat().await;
    let secrets: Arc<Kept> = Arc::default();
    let desk = desk_with(home.path(), Arc::clone(&secrets) as _).await;
    choose(&desk, all());
    desk.take_webhook_words(words());
    let state = desk.set_webhook_address(address(&host, "flow")).await.unwrap();
    assert!(state.kept && state.problem.is_none());
    assert!(secrets.secrets.lock().unwrap().values().any(|secret| secret.expose().contains(TOKEN)));
    let file = home.path().join("settings.json");
    desk.export_settings(&file).unwrap();
    let seen = format!("{}{:?}", serde_json::to_string(&desk.diagnostics()).unwrap(), desk.settings());
    assert!(seen.contains(&host) && !seen.contains(TOKEN));
    no_token_in(home.path());

    // The next start knows where without asking for the secret, and reads it once it is needed.
    let again = desk_with(home.path(), Arc::clone(&secrets) as _).await;
    assert_eq!(again.webhook_state().host.as_deref(), Some(host.as_str()));
    again.test_webhook().await.unwrap();
    assert_eq!(next(&mut told).await.1, "Prueba");
    no_token_in(home.path());

    // A data folder that came from another computer has a host and no address.
    let elsewhere = desk_with(home.path(), Arc::<Kept>::default()).await;
    assert!(elsewhere.webhook_state().host.is_some());
    assert_eq!(elsewhere.test_webhook().await.unwrap_err().code, "webhookNowhere");
    assert_eq!(elsewhere.webhook_state().host, None);
    desk.set_webhook_address(address(&host, "flow")).await.unwrap();

    // Locked, it says so; an address given then is good until the program ends.
    let locked = desk_with(home.path(), Arc::new(Kept { locked: true, ..Kept::default() })).await;
    assert_eq!(locked.test_webhook().await.unwrap_err().code, "secretsLocked");
    assert_eq!(locked.webhook_state().problem.unwrap().code, "secretsLocked");
    let state = locked.set_webhook_address(address(&host, "flow")).await.unwrap();
    assert_eq!((state.kept, state.problem.unwrap().code.as_str()), (false, "secretsLocked"));
    locked.test_webhook().await.unwrap();
    assert_eq!(next(&mut told).await.1, "Prueba");
    no_token_in(home.path());
    let state = again.remove_webhook_address().await;
    assert_eq!(state.host, None);
    assert!(secrets.secrets.lock().unwrap().is_empty());
}
