//! Which calls may not be here whole: a server may filter rows instead of calls, and then the legs of others are missing.
//!
//! Left out on purpose: asking for them.

use std::collections::BTreeSet;

use atalaya_ucontact::{CallRecord, RecordFilter};
use chrono::{NaiveDateTime, TimeDelta};

use super::CallList;
use crate::server_time::ServerTime;
use crate::table::{Leg, Others, Row, UNKNOWN};
use crate::texts::Texts;
use crate::wire::Search;

/// Before the first leg that is here others may have rung, and behind the last one talked, minutes.
const AROUND_MINUTES: i64 = 5;
/// Calls this near to each other are asked for together.
const TOGETHER_MINUTES: i64 = 60;
const DATE: &str = "%Y-%m-%d %H:%M:%S";

/// What a server that filters rows leaves out of calls.
#[derive(Debug)]
pub(crate) struct Narrowed {
    agent: String,
    least_secs: u32,
}

/// Calls to be asked for whole.
#[derive(Debug)]
pub(crate) struct Doubted {
    pub(crate) guids: Vec<String>,
    from: NaiveDateTime,
    to: NaiveDateTime,
}

impl Doubted {
    /// The records of their time, whoever had them.
    pub(crate) fn filter(&self) -> RecordFilter {
        let moment = |at: NaiveDateTime| at.format(DATE).to_string();
        RecordFilter { calldatei: moment(self.from), calldatef: moment(self.to), ..RecordFilter::default() }
    }
}

impl Narrowed {
    /// `None`: the search asks for nothing that tells legs of one call apart.
    pub(crate) fn by(search: &Search) -> Option<Self> {
        let agent = search.agent.trim().to_lowercase();
        let least_secs = search.min_duration_secs.unwrap_or(0);
        (!agent.is_empty() || least_secs > 0).then_some(Self { agent, least_secs })
    }

    /// Whether a filter of rows would have kept this leg out: that it came proves that whole calls come.
    fn would_miss(&self, texts: &Texts, leg: &Leg) -> bool {
        let agent = texts.get(leg.agent);
        let others =
            !self.agent.is_empty() && !agent.is_empty() && !agent.to_lowercase().contains(&self.agent);
        let short = |secs: u32| secs != UNKNOWN && secs < self.least_secs;
        others || (short(leg.duration) && short(leg.talk))
    }
}

impl CallList {
    /// Says of every call that looks unanswered whether it is known to be: not while the server may have left out the legs of
    /// others.
    pub(crate) fn doubt(&mut self, narrowed: &Narrowed) {
        let texts = &self.table.texts;
        let mut legs = self.table.rows.iter().flat_map(|row| &row.legs);
        let whole_calls = legs.any(|leg| narrowed.would_miss(texts, leg));
        let others = if whole_calls { Others::Read } else { Others::Unread };
        for place in 0..self.table.rows.len() {
            let row = &self.table.rows[place];
            if row.others != Others::Whole && row.others != others {
                self.table.set_others(place as u32, others);
                self.stale = true;
            }
        }
    }

    /// Calls of which only the rows somebody asked for are here and none of them answered, the newest first, those near to each
    /// other together.
    pub(crate) fn doubted(&self) -> Vec<Doubted> {
        let texts = &self.table.texts;
        let unread = |row: &&Row| !row.answered && row.others == Others::Unread;
        let mut rows: Vec<&Row> = self.table.rows.iter().filter(unread).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.at));
        let around = TimeDelta::minutes(AROUND_MINUTES);
        let mut doubted: Vec<Doubted> = Vec::new();
        for row in rows {
            let length = TimeDelta::seconds(if row.length == UNKNOWN { 0 } else { i64::from(row.length) });
            let Some(at) = ServerTime::read_again(row.at, texts) else { continue };
            let window = at.checked_sub_signed(around).zip(at.checked_add_signed(length + around));
            let Some((from, to)) = window else { continue };
            match doubted.last_mut() {
                Some(last) if last.to - from <= TimeDelta::minutes(TOGETHER_MINUTES) => {
                    last.guids.push(row.guid.to_string());
                    (last.from, last.to) = (last.from.min(from), last.to.max(to));
                }
                _ => doubted.push(Doubted { guids: vec![row.guid.to_string()], from, to }),
            }
        }
        doubted
    }

    /// Takes the records of calls that were asked for whole. Of one that was not found there nothing more is known.
    pub(crate) fn take_whole(&mut self, records: Vec<CallRecord>) {
        let guids: BTreeSet<String> = records.iter().map(|record| record.guid.clone()).collect();
        self.take(records);
        for place in guids.iter().filter_map(|guid| self.table.find(guid)).collect::<Vec<_>>() {
            self.table.set_others(place, Others::Whole);
            self.stale = true;
        }
    }
}
