//! The one way out for what changes something on the server: written into the trail before it goes, sent once, and ended
//! with one of three outcomes, whatever becomes of whoever asked for it.
//!
//! Left out on purpose: what is sent (`ucontact::operations`), and repeating it: nothing here does.

use std::future::Future;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use atalaya_store::{Outcome, Store, Write};
use atalaya_ucontact::{Answer, Client, ErrorKind, Operation};

use crate::error::Error;
use crate::tasks::Tasks;

/// The writes of one session; cheap to clone.
#[derive(Clone)]
pub struct Writes {
    store: Store,
    user: String,
    reviewer: Arc<Mutex<String>>,
    look_only: Arc<AtomicBool>,
    tasks: Tasks,
}

/// A write that went out.
#[derive(Debug, Clone)]
pub struct Sent<T = Answer> {
    /// What became of it.
    pub outcome: Outcome,
    /// What the server answered, when it was done.
    pub answer: Option<T>,
    /// Why, unless it was done.
    pub error: Option<atalaya_ucontact::Error>,
}

/// What a failed request means for what it asked for.
pub fn outcome_of(error: &atalaya_ucontact::Error) -> Outcome {
    if error.may_have_arrived() {
        return Outcome::Unknown(error.code().to_owned());
    }
    match &error.detail {
        Some(detail) if error.kind == ErrorKind::Refused => Outcome::Refused(detail.clone()),
        _ => Outcome::Refused(error.code().to_owned()),
    }
}

impl Writes {
    /// Writes in the name of the account's user and of the person at the desk, ended with `tasks`.
    pub fn new(user: &str, store: Store, reviewer: String, tasks: Tasks) -> Self {
        Self {
            store,
            user: user.to_owned(),
            reviewer: Arc::new(Mutex::new(reviewer)),
            look_only: Arc::default(),
            tasks,
        }
    }

    /// The person, as named in the settings; empty when nobody is.
    pub fn reviewer(&self) -> String {
        self.reviewer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The person changed.
    pub fn set_reviewer(&self, reviewer: &str) {
        reviewer.clone_into(&mut self.reviewer.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether nothing at all is sent from here.
    pub fn set_look_only(&self, look_only: bool) {
        self.look_only.store(look_only, Ordering::Relaxed);
    }

    /// Whether it is so.
    pub fn looks_only(&self) -> bool {
        self.look_only.load(Ordering::Relaxed)
    }

    /// The tasks of the session.
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }

    /// Does what an operation says, once. `after` hears what became of it before anybody else does.
    ///
    /// # Errors
    /// `invalidInput` with the field that cannot be right, and those of [`Writes::send`]: nothing was sent.
    pub async fn perform(
        &self,
        client: &Client,
        operation: Operation,
        after: impl FnOnce(&Sent) + Send + 'static,
    ) -> Result<Sent, Error> {
        if let Some(flaw) = operation.check().first() {
            return Err(Error::InvalidInput(flaw.field));
        }
        let (name, target, detail) = (operation.name(), operation.target(), operation.summary());
        let client = client.clone();
        let request = async move { client.perform(&operation).await };
        self.send(name, &target, detail, request, after).await
    }

    /// Sends `request` once. `after` hears what became of it before anybody else does, also when whoever asked is gone.
    ///
    /// # Errors
    /// `signedOut` when the session has ended, `lookOnly` where nothing is sent from here, and the store's when the trail cannot
    /// be written: then nothing was sent.
    pub async fn send<T: Send + 'static>(
        &self,
        operation: &'static str,
        target: &str,
        detail: serde_json::Value,
        request: impl Future<Output = Result<T, atalaya_ucontact::Error>> + Send + 'static,
        after: impl FnOnce(&Sent<T>) + Send + 'static,
    ) -> Result<Sent<T>, Error> {
        if self.tasks.ending() {
            return Err(Error::SignedOut);
        }
        if self.looks_only() {
            return Err(Error::LookOnly);
        }
        let reviewer = self.reviewer();
        let entry = self.store.audit().begin(&Write {
            operation,
            target,
            detail,
            user: &self.user,
            reviewer: &reviewer,
        })?;
        // Both halves are one task: what became of the write is written down wherever it is given up.
        let mut ending = Ending { entry: Some(entry), after: Some(after), answered: PhantomData };
        let sent = self.tasks.finish(async move {
            let sent = match request.await {
                Ok(answer) => Sent { outcome: Outcome::Done, answer: Some(answer), error: None },
                Err(error) => Sent { outcome: outcome_of(&error), answer: None, error: Some(error) },
            };
            if let Err(error) = ending.close(&sent) {
                // The line without an end stands for "unknown"; whoever asked hears what is known.
                tracing::error!(%error, "the trail does not say what became of a write");
            }
            sent
        });
        Ok(sent.await.unwrap_or_else(Sent::given_up))
    }
}

impl<T> Sent<T> {
    /// The session ended before the answer came.
    fn given_up() -> Self {
        Self { outcome: Outcome::Unknown("sessionEnded".to_owned()), answer: None, error: None }
    }
}

/// What has to be said of a write once, at its end or when it is given up.
struct Ending<T, F: FnOnce(&Sent<T>)> {
    entry: Option<atalaya_store::Entry>,
    after: Option<F>,
    answered: PhantomData<fn() -> T>,
}

impl<T, F: FnOnce(&Sent<T>)> Ending<T, F> {
    fn close(&mut self, sent: &Sent<T>) -> Result<(), Error> {
        let written = self.entry.take().map_or(Ok(()), |entry| entry.finish(&sent.outcome));
        if let Some(after) = self.after.take() {
            after(sent);
        }
        Ok(written?)
    }
}

impl<T, F: FnOnce(&Sent<T>)> Drop for Ending<T, F> {
    fn drop(&mut self) {
        if self.entry.is_some()
            && let Err(error) = self.close(&Sent::given_up())
        {
            tracing::error!(%error, "the trail does not say what became of a write");
        }
    }
}
