//! Telling a chat of alerts: what is known of where it goes, what became of the messages, and the queue of a session.
//!
//! The queue is bounded and nobody waits for it: what does not fit is counted and left out. A message is sent once. After
//! three refusals in a row nothing is sent until a person says so. Left out on purpose: which messages are due
//! (`incidents`), their words (`words`), and how one is sent (`atalaya-webhook`).

mod choice;
mod incidents;
mod wire;
mod words;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use atalaya_calls::Tasks;
use atalaya_floor::News;
use atalaya_floor::wire::{Alert, AlertBoard};
use atalaya_store::Store;
use atalaya_store::secrets::{SecretStore, SecretStoreKind};
use atalaya_ucontact::{Problem, Secret};
use atalaya_webhook::{Address, Event, Hindrance, Outcome, Sender};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::mpsc;

pub use choice::WebhookChoice;
pub use wire::{WebhookAddress, WebhookSent, WebhookState};
pub use words::WebhookWords;

use crate::failures::Failures;
use crate::locked::locked;
use crate::problem::{from_store, problem};
use crate::secrets::of_secrets;
use crate::settings::Settings;
use incidents::Incidents;

/// The secret store keeps it under this name; profiles have names of another form.
const SECRET: &str = "webhook";
/// The host of the address, so that nobody is asked for the secret to show it.
const HOST_KEY: &str = "webhookHost";
const WORDS_KEY: &str = "webhookWords";
const RECORD_KEY: &str = "webhookRecord";
/// Messages that wait to be sent.
const QUEUE: usize = 32;
/// Between two messages: chats refuse those that come faster.
const PACE: Duration = Duration::from_secs(1);
/// Refusals in a row after which nothing is sent.
const ENOUGH: u32 = 3;

/// What became of the messages so far, kept across starts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Record {
    last: Option<WebhookSent>,
    done: u32,
    refused: u32,
    unknown: u32,
    in_a_row: u32,
    stopped: bool,
}

/// Where messages go, as far as it is known.
#[derive(Default)]
enum Known {
    /// Nowhere.
    #[default]
    Nowhere,
    /// The secret store has it; it was not read yet.
    Kept {
        host: String,
    },
    Read {
        address: Address,
        kept: bool,
    },
}

/// Outlives the sessions; clones are handles to one.
#[derive(Clone)]
pub(crate) struct Telling(Arc<Inner>);

struct Inner {
    store: Store,
    secrets: Arc<dyn SecretStore>,
    failures: Failures,
    known: Mutex<Known>,
    words: Mutex<Option<WebhookWords>>,
    record: Mutex<Record>,
    /// Messages that were never sent, since the program began.
    left_out: AtomicU32,
    sender: OnceLock<Result<Sender, String>>,
    /// Why the address could not be read or kept.
    problem: Mutex<Option<Problem>>,
}

impl Telling {
    pub(crate) fn open(store: &Store, secrets: &Arc<dyn SecretStore>, failures: &Failures) -> Self {
        let unread = |error: &atalaya_store::Error| {
            failures.noted(from_store(error), store.clock().now_ms());
        };
        let host: Option<String> = store.setting(HOST_KEY).inspect_err(unread).ok().flatten();
        let lasts = secrets.kind() == SecretStoreKind::Os;
        let known = match host.filter(|host| lasts && !host.is_empty()) {
            Some(host) => Known::Kept { host },
            None => Known::Nowhere,
        };
        Self(Arc::new(Inner {
            words: Mutex::new(store.setting(WORDS_KEY).inspect_err(unread).ok().flatten()),
            record: Mutex::new(
                store.setting(RECORD_KEY).inspect_err(unread).ok().flatten().unwrap_or_default(),
            ),
            known: Mutex::new(known),
            store: store.clone(),
            secrets: Arc::clone(secrets),
            failures: failures.clone(),
            left_out: AtomicU32::new(0),
            sender: OnceLock::new(),
            problem: Mutex::default(),
        }))
    }

    fn now_ms(&self) -> i64 {
        self.0.store.clock().now_ms()
    }

    fn noted(&self, problem: Problem) -> Problem {
        self.0.failures.noted(problem, self.now_ms())
    }

    fn keep<T: Serialize>(&self, key: &str, value: &T) {
        if let Err(error) = self.0.store.set_setting(key, value) {
            self.noted(from_store(&error));
        }
    }

    /// What the window sees of it.
    pub(crate) fn state(&self) -> WebhookState {
        let (host, kept) = match &*locked(&self.0.known) {
            Known::Nowhere => (None, false),
            Known::Kept { host } => (Some(host.clone()), true),
            Known::Read { address, kept } => (Some(address.host().to_owned()), *kept),
        };
        let Record { last, done, refused, unknown, stopped, .. } = locked(&self.0.record).clone();
        let left_out = self.0.left_out.load(Ordering::Relaxed);
        let problem = locked(&self.0.problem).clone();
        WebhookState { host, kept, problem, last, done, refused, unknown, left_out, stopped }
    }

    /// Takes the texts of messages, which are there then also while no window is.
    pub(crate) fn take_words(&self, words: WebhookWords) {
        let mut at_hand = locked(&self.0.words);
        if at_hand.as_ref() != Some(&words) {
            self.keep(WORDS_KEY, &words);
            *at_hand = Some(words);
        }
    }

    /// Takes another address: where it cannot be kept it is good until the program ends.
    ///
    /// # Errors
    /// `webhookAddress`, `webhookUnencrypted`: nothing is changed.
    pub(crate) async fn set_address(&self, typed: &Secret) -> Result<(), Problem> {
        let address = Address::parse(typed).map_err(|flaw| self.noted(problem(flaw.code(), [], false)))?;
        let secret = address.secret().clone();
        let kept = of_secrets(&self.0.secrets, move |secrets| secrets.set(SECRET, &secret)).await;
        let lasts = kept.is_ok() && self.0.secrets.kind() == SecretStoreKind::Os;
        self.keep(HOST_KEY, &if lasts { address.host() } else { "" });
        *locked(&self.0.problem) = kept.err().map(|problem| self.noted(problem));
        *locked(&self.0.known) = Known::Read { address, kept: lasts };
        // Another place knows nothing of what the one before refused.
        *locked(&self.0.record) = Record::default();
        self.keep(RECORD_KEY, &Record::default());
        Ok(())
    }

    /// Forgets it.
    pub(crate) async fn remove_address(&self) {
        *locked(&self.0.known) = Known::Nowhere;
        self.keep(HOST_KEY, &"");
        let removed = of_secrets(&self.0.secrets, |secrets| secrets.remove(SECRET)).await;
        *locked(&self.0.problem) = removed.err().map(|problem| self.noted(problem));
    }

    /// Sends again after it stopped by itself: a person said so.
    pub(crate) fn resume(&self) {
        self.change_record(|record| (record.stopped, record.in_a_row) = (false, 0));
    }

    /// Sends a trial and waits for what becomes of it. It counts for nothing.
    ///
    /// # Errors
    /// `webhookNowhere`, `webhookNoWords`, and the secret store's: nothing was sent.
    pub(crate) async fn test(&self, settings: &Settings, centre: &str) -> Result<(), Problem> {
        let words = self.words()?;
        let message = words.trial(named(settings, centre), self.now_ms());
        let outcome = self.send(message.body(settings.webhook.form)).await?;
        self.change_record(|record| {
            record.last = Some(WebhookSent { at_ms: self.now_ms(), outcome, test: true });
        });
        Ok(())
    }

    /// The body of a message of an alert that nobody raised, exactly as it would go.
    ///
    /// # Errors
    /// `webhookNoWords`.
    pub(crate) fn preview(&self, settings: &Settings, centre: &str) -> Result<String, Problem> {
        let now = self.now_ms();
        let words = self.words()?;
        let message = words.message(Event::Raised, &words::example(now), named(settings, centre), now);
        Ok(format!("{:#}", message.body(settings.webhook.form)))
    }

    fn words(&self) -> Result<WebhookWords, Problem> {
        locked(&self.0.words).clone().ok_or_else(|| problem("webhookNoWords", [], true))
    }

    /// A queue for the alerts of one session, whose tasks send from it and end with it.
    pub(crate) fn queue(&self, centre: String, tasks: &Tasks) -> Chat {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tasks.spawn_until_told(self.clone().deliver(waiting, tasks.clone()));
        Chat { telling: self.clone(), centre, incidents: Mutex::default(), queue }
    }

    async fn deliver(self, mut waiting: mpsc::Receiver<Value>, tasks: Tasks) {
        let ending = tasks.token();
        loop {
            let next = tokio::select! {
                biased;
                () = ending.cancelled() => return,
                next = waiting.recv() => next,
            };
            let Some(body) = next else { return };
            if self.stopped() {
                self.left_one_out();
                continue;
            }
            let sending = self.clone();
            let outcome = tasks.finish(async move { sending.send(body).await }).await;
            match outcome {
                Some(Ok(outcome)) => self.count(&outcome),
                Some(Err(_)) => self.left_one_out(),
                // The session ended, and the time for last words with it.
                None => self.count(&Outcome::Unknown { why: Hindrance::Cut }),
            }
            tokio::select! {
                biased;
                () = ending.cancelled() => return,
                () = tokio::time::sleep(PACE) => {}
            }
        }
    }

    fn count(&self, outcome: &Outcome) {
        let at_ms = self.now_ms();
        match outcome {
            Outcome::Done { status } => tracing::info!(status, "a message to the chat was taken"),
            Outcome::Refused { status, said, why } => {
                tracing::warn!(status, said, ?why, "a message to the chat was refused");
                let code = if status.is_some() { "webhookRefused" } else { "webhookKeptHere" };
                let status = status.map(|status| status.to_string()).unwrap_or_default();
                self.noted(problem(code, [("status", status)], false));
            }
            Outcome::Unknown { why } => {
                tracing::warn!(?why, "what became of a message to the chat is not known");
                self.noted(problem("webhookUnknown", [], false));
            }
        }
        let mut stopped = false;
        self.change_record(|record| {
            match outcome {
                Outcome::Done { .. } => (record.done, record.in_a_row) = (record.done + 1, 0),
                Outcome::Refused { status, .. } => {
                    record.refused += 1;
                    // An hour without a network is no refusal of the chat's: only what it says itself counts.
                    record.in_a_row += u32::from(status.is_some());
                }
                Outcome::Unknown { .. } => record.unknown += 1,
            }
            stopped = record.in_a_row >= ENOUGH && !record.stopped;
            record.stopped |= stopped;
            record.last = Some(WebhookSent { at_ms, outcome: outcome.clone(), test: false });
        });
        if stopped {
            tracing::warn!("three messages in a row were refused: the chat is told nothing more");
            self.noted(problem("webhookStopped", [], false));
        }
    }

    fn change_record(&self, change: impl FnOnce(&mut Record)) {
        let mut record = locked(&self.0.record);
        change(&mut record);
        let kept = record.clone();
        drop(record);
        self.keep(RECORD_KEY, &kept);
    }

    fn left_one_out(&self) {
        self.0.left_out.fetch_add(1, Ordering::Relaxed);
    }

    async fn send(&self, body: Value) -> Result<Outcome, Problem> {
        let address = self.address().await?;
        let sender = self.sender().await?;
        Ok(sender.send(&address, &body).await)
    }

    /// Reading the system's list of authorities takes a moment.
    async fn sender(&self) -> Result<Sender, Problem> {
        let inner = Arc::clone(&self.0);
        let made = tokio::task::spawn_blocking(move || inner.sender.get_or_init(Sender::new).clone()).await;
        let broken = |detail: String| problem("webhookNoTls", [("detail", detail)], false);
        made.map_err(|error| error.to_string()).flatten().map_err(|detail| self.noted(broken(detail)))
    }

    async fn address(&self) -> Result<Address, Problem> {
        match &*locked(&self.0.known) {
            Known::Nowhere => return Err(problem("webhookNowhere", [], false)),
            Known::Read { address, .. } => return Ok(address.clone()),
            Known::Kept { .. } => {}
        }
        let read = of_secrets(&self.0.secrets, |secrets| secrets.get(SECRET)).await;
        let read = read.and_then(|secret| {
            let Some(secret) = secret else { return Err(self.lost()) };
            Address::parse(&secret).map_err(|flaw| problem(flaw.code(), [], false))
        });
        match read {
            Ok(address) => {
                let mut known = locked(&self.0.known);
                // Somebody may have given another one, or taken it away, meanwhile.
                if matches!(*known, Known::Kept { .. }) {
                    *known = Known::Read { address: address.clone(), kept: true };
                }
                *locked(&self.0.problem) = None;
                Ok(address)
            }
            Err(problem) => {
                let problem = self.noted(problem);
                *locked(&self.0.problem) = Some(problem.clone());
                Err(problem)
            }
        }
    }

    /// The secret store has none: it was cleared, or this data folder comes from another computer.
    fn lost(&self) -> Problem {
        let mut known = locked(&self.0.known);
        if matches!(*known, Known::Kept { .. }) {
            *known = Known::Nowhere;
            self.keep(HOST_KEY, &"");
        }
        problem("webhookNowhere", [], false)
    }

    /// Nothing is sent until a person says so.
    pub(crate) fn stopped(&self) -> bool {
        locked(&self.0.record).stopped
    }

    fn nowhere(&self) -> bool {
        matches!(*locked(&self.0.known), Known::Nowhere)
    }
}

/// The contact centre's name, where it is told.
fn named(settings: &Settings, profile: &str) -> Option<String> {
    let name = if settings.centre_name.is_empty() { profile } else { &settings.centre_name };
    (settings.webhook.centre && !name.is_empty()).then(|| name.to_owned())
}

/// The chat as the alerts of one session see it.
pub(crate) struct Chat {
    telling: Telling,
    /// What the profile is called.
    centre: String,
    incidents: Mutex<Incidents>,
    queue: mpsc::Sender<Value>,
}

impl Chat {
    /// What came of a step of the alerts; nothing waits here.
    pub(crate) fn look(&self, news: &[News], board: &AlertBoard, settings: &Settings) {
        let due = locked(&self.incidents).look(news, board, settings.webhook);
        for (event, alert) in &due {
            self.tell(*event, alert, settings);
        }
    }

    /// Somebody sees to an alert who did not before.
    pub(crate) fn seen(&self, alert: &Alert, board: &AlertBoard, settings: &Settings) {
        if let Some((event, alert)) = locked(&self.incidents).seen(alert, board, settings.webhook) {
            self.tell(event, &alert, settings);
        }
    }

    fn tell(&self, event: Event, alert: &Alert, settings: &Settings) {
        if self.telling.nowhere() {
            return;
        }
        let Ok(words) = self.telling.words() else { return self.telling.left_one_out() };
        let message = words.message(event, alert, named(settings, &self.centre), self.telling.now_ms());
        if self.queue.try_send(message.body(settings.webhook.form)).is_err() {
            self.telling.left_one_out();
        }
    }
}
