//! Who judges which call of a worklist, where several do: going to a call takes it, going on gives it back, and nobody judges what
//! another holds.
//!
//! Without a team there is nothing to take, and everything here says so at once. Left out on purpose: what a claim is and when it lapses
//! (`teamwork`), and how it is shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use atalaya_review::copies;
use atalaya_teamwork::rules::{LAPSE_MS, Why};
use atalaya_teamwork::{Claim, ClaimStep, Error, Membership, Teamwork};
use serde::Serialize;
use ts_rs::TS;

use super::ground::Ground;
use crate::locked::locked;
use crate::problem::{Problem, from_store, from_teamwork, problem};

/// A call of a worklist that somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeldCall {
    /// The call.
    pub guid: String,
    /// Who.
    pub by: String,
    /// It is this person.
    pub mine: bool,
}

/// The claim of whoever sits here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mine {
    list: String,
    guid: String,
    /// When it was last said, epoch milliseconds.
    said_ms: i64,
}

/// Who judges what; clones are handles to the same.
#[derive(Clone)]
pub struct Claims {
    ground: Ground,
    membership: Membership,
    mine: Arc<Mutex<Option<Mine>>>,
    /// The keys of worklists by their numbers here: neither ever changes.
    keys: Arc<Mutex<HashMap<i64, String>>>,
}

impl Claims {
    pub(super) fn new(ground: Ground, membership: Membership) -> Self {
        Self { ground, membership, mine: Arc::default(), keys: Arc::default() }
    }

    fn key(&self, sample: i64) -> Result<Option<String>, Problem> {
        if let Some(key) = locked(&self.keys).get(&sample) {
            return Ok(Some(key.clone()));
        }
        let account = self.ground.calls.account();
        let found = self.ground.store.with(|connection| copies::worklist(connection, account, sample));
        let key = found.map_err(|error| self.ground.noted(from_store(&error)))?.map(|worklist| worklist.list);
        if let Some(key) = &key {
            locked(&self.keys).insert(sample, key.clone());
        }
        Ok(key)
    }

    /// The person goes to a call of a worklist: it is theirs from now on, and the one before is given back. Who holds it, when it
    /// is somebody else.
    ///
    /// # Errors
    /// The store's.
    pub fn take(&self, sample: i64, guid: &str) -> Result<Option<HeldCall>, Problem> {
        self.say(sample, guid, ClaimStep::Taken)
    }

    /// A lead takes a call over from whoever holds it.
    ///
    /// # Errors
    /// `teamLeadOnly`; the store's.
    pub fn take_over(&self, sample: i64, guid: &str) -> Result<Option<HeldCall>, Problem> {
        self.say(sample, guid, ClaimStep::TakenOver)
    }

    fn say(&self, sample: i64, guid: &str, step: ClaimStep) -> Result<Option<HeldCall>, Problem> {
        let Some(team) = self.membership.team() else { return Ok(None) };
        let Some(list) = self.key(sample)? else { return Ok(None) };
        let said_ms = self.ground.now_ms();
        let before = locked(&self.mine).take();
        if let Some(before) = before.filter(|before| (&before.list, before.guid.as_str()) != (&list, guid)) {
            self.give_back(&team, &before);
        }
        match team.claim(&list, guid, step) {
            Ok(()) => {
                *locked(&self.mine) = Some(Mine { list, guid: guid.to_owned(), said_ms });
                Ok(None)
            }
            Err(Error::Refused(Why::Held { by })) => {
                Ok(Some(HeldCall { guid: guid.to_owned(), by, mine: false }))
            }
            Err(Error::Refused(Why::LeadOnly)) => Err(problem("teamLeadOnly", [], false)),
            // Of a worklist the others do not know there is nothing to hold.
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(self.ground.noted(from_teamwork(&error))),
        }
    }

    /// Everything that is held of a worklist; nothing without a team.
    ///
    /// # Errors
    /// The store's.
    pub fn of(&self, sample: i64) -> Result<Vec<HeldCall>, Problem> {
        let Some(team) = self.membership.team() else { return Ok(Vec::new()) };
        let Some(list) = self.key(sample)? else { return Ok(Vec::new()) };
        let held = team.claims(&list).map_err(|error| self.ground.noted(from_teamwork(&error)))?;
        let me = &team.member().who;
        Ok(held.into_iter().map(|Claim { guid, by, .. }| HeldCall { guid, mine: by == *me, by }).collect())
    }

    /// What is held here is given back: judged, or left.
    pub(crate) fn give_all_back(&self) {
        let mine = locked(&self.mine).take();
        if let (Some(team), Some(mine)) = (self.membership.team(), mine) {
            self.give_back(&team, &mine);
        }
    }

    fn give_back(&self, team: &Teamwork, mine: &Mine) {
        match team.claim(&mine.list, &mine.guid, ClaimStep::GivenBack) {
            // Lapsed, or taken over by a lead: there is nothing to give.
            Ok(()) | Err(Error::Refused(_)) => {}
            // It lapses by itself.
            Err(error) => drop(self.ground.noted(from_teamwork(&error))),
        }
    }

    /// A call that is at hand for long is said to be so again, well before the claim lapses.
    pub(super) fn step(&self) {
        let now_ms = self.ground.now_ms();
        let due = locked(&self.mine).clone().filter(|mine| now_ms - mine.said_ms > LAPSE_MS / 3);
        let (Some(team), Some(mine)) = (self.membership.team(), due) else { return };
        if team.claim(&mine.list, &mine.guid, ClaimStep::Taken).is_ok()
            && let Some(here) = locked(&self.mine).as_mut().filter(|here| **here == mine)
        {
            here.said_ms = now_ms;
        }
    }
}
