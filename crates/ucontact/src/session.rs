//! The session's token: one login at a time, however many requests find it expired; and when to stop trying.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::Secret;
use crate::error::{Error, ErrorKind};
use crate::login::Login;

/// Two re-logins that were needed, and succeeded, within this time: another program ends our session, and we theirs.
const PING_PONG: Duration = Duration::from_secs(60);

/// How a session ended.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// The person signed out.
    ByUs,
    /// The server ended it.
    ByServer(Error),
}

pub(crate) struct Session {
    state: Mutex<State>,
    /// Held during a login, so that fifty requests that find the token expired make one.
    pub(crate) login: tokio::sync::Mutex<()>,
    ended: watch::Sender<Option<Ended>>,
}

struct State {
    login: Login,
    generation: u64,
    renewed_at: Option<Instant>,
}

impl Session {
    pub(crate) fn new(login: Login) -> Self {
        Self {
            state: Mutex::new(State { login, generation: 1, renewed_at: None }),
            login: tokio::sync::Mutex::new(()),
            ended: watch::Sender::new(None),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token, and which one it is.
    ///
    /// # Errors
    /// Why there is none any more.
    pub(crate) fn token(&self) -> Result<(Secret, u64), Error> {
        match &*self.ended.borrow() {
            None => {}
            Some(Ended::ByUs) => return Err(Error::new(ErrorKind::SignedOut, "session")),
            Some(Ended::ByServer(reason)) => return Err(reason.clone()),
        }
        let state = self.state();
        Ok((state.login.token.clone(), state.generation))
    }

    pub(crate) fn generation(&self) -> u64 {
        self.state().generation
    }

    pub(crate) fn shape(&self) -> &'static str {
        self.state().login.shape
    }

    /// The extension and context of the supervisor's phone.
    pub(crate) fn phone(&self) -> Option<(String, Option<String>)> {
        self.state().login.phone.as_ref().map(|phone| (phone.extension.clone(), phone.context.clone()))
    }

    /// Whether another re-login may be tried: a second one within a minute is one too many. One that failed took nobody's
    /// session away, and counts for nothing.
    pub(crate) fn may_renew(&self) -> Result<(), Error> {
        let renewed_at = self.state().renewed_at;
        if renewed_at.is_some_and(|at| at.elapsed() < PING_PONG) {
            return Err(Error::new(ErrorKind::SignedInElsewhere, "session"));
        }
        Ok(())
    }

    /// Takes a new token; gives back the one before.
    pub(crate) fn renewed(&self, login: Login) -> Secret {
        let mut state = self.state();
        state.generation += 1;
        state.renewed_at = Some(Instant::now());
        std::mem::replace(&mut state.login, login).token
    }

    /// Ends it once; false when it had ended before.
    pub(crate) fn end(&self, how: Ended) -> bool {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            if first {
                *ended = Some(how);
            }
            first
        })
    }

    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended.borrow().clone()
    }

    pub(crate) async fn until_ended(&self) -> Ended {
        let mut ended = self.ended.subscribe();
        loop {
            if let Some(how) = ended.borrow_and_update().clone() {
                return how;
            }
            if ended.changed().await.is_err() {
                return Ended::ByUs;
            }
        }
    }

    /// The last token, whether or not the session ended: for the goodbye.
    pub(crate) fn last_token(&self) -> Secret {
        self.state().login.token.clone()
    }
}
