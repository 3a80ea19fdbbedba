//! Who judges which call of a worklist: nobody judges what another holds.

use atalaya_review::{copies, identity};
use rusqlite::Connection;

use crate::change::{ClaimStep, Kind, Place, What};
use crate::error::Error;
use crate::rules::{LAPSE_MS, State, holder};
use crate::team::Teamwork;

/// A claim that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The worklist's key.
    pub list: String,
    /// The call.
    pub guid: String,
    /// Who.
    pub by: String,
    /// When it lapses unless it is said again, epoch milliseconds, by the log's clock.
    pub until_ms: i64,
    /// The log has taken it; else it is only ours to hope for.
    pub certain: bool,
}

impl Teamwork {
    /// Takes, gives back, lets lapse or takes over the claim of a call of a worklist.
    ///
    /// # Errors
    /// `teamRefused` where it would not hold as far as is known here: `held` by somebody else, `leadOnly`, `early`, `nothing`. The
    /// log may know better: then it is told later ([`Teamwork::told`]). The store's.
    pub fn claim(&self, list: &str, guid: &str, step: ClaimStep) -> Result<(), Error> {
        self.say(What::Claim { list: list.to_owned(), guid: guid.to_owned(), step })
    }

    /// Who holds a call of a worklist; `None`: nobody.
    ///
    /// # Errors
    /// The store's.
    pub fn claim_of(&self, list: &str, guid: &str) -> Result<Option<Claim>, Error> {
        let place = Place { kind: Kind::Claim, thing: identity::entry(list, guid) };
        Ok(self.store.with(|connection| self.held(connection, &place))?)
    }

    /// Every claim that is held in a worklist that is here, in its order.
    ///
    /// # Errors
    /// The store's.
    pub fn claims(&self, list: &str) -> Result<Vec<Claim>, Error> {
        Ok(self.store.with(|connection| {
            let mut held = Vec::new();
            for guid in copies::guids_of(connection, &self.account, list)? {
                let place = Place { kind: Kind::Claim, thing: identity::entry(list, &guid) };
                held.extend(self.held(connection, &place)?);
            }
            Ok(held)
        })?)
    }

    fn held(&self, connection: &Connection, place: &Place) -> rusqlite::Result<Option<Claim>> {
        let now = self.log_now_ms(connection)?;
        Ok(self.so(connection, place)?.and_then(|settled| claim(&settled, now)))
    }
}

fn claim(settled: &crate::rules::Settled, now_ms: i64) -> Option<Claim> {
    let by = holder(settled, now_ms)?.to_owned();
    let State::Said(said) = &settled.state else { return None };
    let What::Claim { list, guid, .. } = said.as_ref() else { return None };
    Some(Claim {
        list: list.clone(),
        guid: guid.clone(),
        by,
        until_ms: settled.logged_ms.saturating_add(LAPSE_MS),
        certain: settled.seq < i64::MAX,
    })
}
