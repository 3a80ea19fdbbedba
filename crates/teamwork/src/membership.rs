//! Whether an account is in a team, from one moment to the next: joined and left while people work, without anything being begun
//! anew.

use std::sync::{Arc, PoisonError, RwLock};

use atalaya_review::{Recorder, Touched};
use atalaya_store::{Listener, Store};
use rusqlite::Connection;
use serde_json::Value;

use crate::error::Error;
use crate::team::{Member, Teamwork};

/// The membership of one account; clones are handles to the same.
#[derive(Debug, Clone)]
pub struct Membership {
    store: Store,
    account: String,
    team: Arc<RwLock<Option<Teamwork>>>,
}

impl Membership {
    /// The membership of an account: none, until somebody looked ([`Membership::look`]).
    pub fn new(store: Store, account: &str) -> Self {
        Self { store, account: account.to_owned(), team: Arc::default() }
    }

    /// Looks up whether this account is in a team.
    ///
    /// # Errors
    /// The store's: then it works on as before.
    pub fn look(&self) -> Result<Option<Teamwork>, Error> {
        let team = Teamwork::of(self.store.clone(), &self.account)?;
        self.put(team.clone());
        Ok(team)
    }

    /// The team, if there is one.
    pub fn team(&self) -> Option<Teamwork> {
        self.team.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Joins: from now on every change is recorded.
    ///
    /// # Errors
    /// The store's.
    pub fn join(&self, member: Member) -> Result<Teamwork, Error> {
        let team = Teamwork::join(self.store.clone(), &self.account, member)?;
        self.put(Some(team.clone()));
        Ok(team)
    }

    /// Leaves, if there is a team; what is judged stays here.
    ///
    /// # Errors
    /// The store's: then it is in the team still.
    pub fn leave(&self) -> Result<(), Error> {
        if let Some(team) = self.team() {
            team.leave()?;
        }
        self.put(None);
        Ok(())
    }

    /// Hears of what else is written here, for as long as there is a team.
    pub fn listener(&self) -> Arc<dyn Listener> {
        Arc::new(self.clone())
    }

    /// Hears of what is judged here, for as long as there is a team.
    pub fn recorder(&self) -> Arc<dyn Recorder> {
        Arc::new(self.clone())
    }

    fn put(&self, team: Option<Teamwork>) {
        *self.team.write().unwrap_or_else(PoisonError::into_inner) = team;
    }
}

impl Listener for Membership {
    fn heard(&self, connection: &Connection, kind: &'static str, what: Value) -> rusqlite::Result<()> {
        self.team().map_or(Ok(()), |team| team.heard(connection, kind, what))
    }
}

impl Recorder for Membership {
    fn touched(&self, connection: &Connection, account: &str, what: Touched<'_>) -> rusqlite::Result<()> {
        self.team().map_or(Ok(()), |team| team.touched(connection, account, what))
    }
}
