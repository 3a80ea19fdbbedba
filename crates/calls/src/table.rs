//! What a search found: legs become calls (all records with the same `guid`, whatever pages they came on), and a
//! hundred thousand of them fit into some forty megabytes because names and numbers are kept once.
//!
//! Left out on purpose: which of them are shown, and in which order (`list`).

mod call;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use atalaya_ucontact::CallRecord;

use crate::server_time::ServerTime;
use crate::texts::{NONE, TextId, Texts};
use crate::wire::{Call, Direction};

/// A figure the server did not say.
pub(crate) const UNKNOWN: u32 = u32::MAX;

/// One record, packed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leg {
    pub(crate) id: i64,
    pub(crate) at: ServerTime,
    pub(crate) finish: Option<ServerTime>,
    pub(crate) agent: TextId,
    pub(crate) disposition: TextId,
    pub(crate) cause: TextId,
    source: TextId,
    destination: TextId,
    campaign: TextId,
    direction: TextId,
    pub(crate) duration: u32,
    pub(crate) talk: u32,
    rating: i32,
}

/// One call, packed: its legs, and what they amount to.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) guid: Arc<str>,
    /// In order of start.
    pub(crate) legs: Vec<Leg>,
    pub(crate) at: ServerTime,
    pub(crate) campaign: TextId,
    pub(crate) agent: TextId,
    pub(crate) source: TextId,
    pub(crate) destination: TextId,
    /// Of the answered leg, else of the last one.
    pub(crate) outcome: TextId,
    pub(crate) cause: TextId,
    /// Seconds, or `UNKNOWN`.
    pub(crate) length: u32,
    pub(crate) talk: u32,
    /// 0: not rated.
    pub(crate) rating: i32,
    pub(crate) direction: Direction,
    pub(crate) answered: bool,
}

impl Row {
    /// The other party's number.
    pub(crate) fn number(&self) -> TextId {
        match self.direction {
            Direction::Outbound => self.destination,
            Direction::Inbound => self.source,
        }
    }

    /// Seconds before somebody answered, or until the end when nobody did; `UNKNOWN` when the records do not say.
    pub(crate) fn wait(&self) -> u32 {
        match (self.length, self.talk) {
            (UNKNOWN, _) => UNKNOWN,
            (length, _) if !self.answered => length,
            (_, UNKNOWN) => UNKNOWN,
            (length, talk) => length.saturating_sub(talk),
        }
    }
}

/// Records read so far, as calls.
#[derive(Debug, Default)]
pub struct CallTable {
    pub(crate) texts: Texts,
    pub(crate) rows: Vec<Row>,
    by_guid: HashMap<Arc<str>, u32>,
    seen: HashSet<i64>,
}

impl CallTable {
    /// Whether a record has been taken already.
    pub fn knows(&self, id: i64) -> bool {
        self.seen.contains(&id)
    }

    /// Takes records; gives the places of the calls they changed.
    pub fn take(&mut self, records: Vec<CallRecord>) -> Vec<u32> {
        let mut touched = Vec::new();
        for record in records {
            if !self.seen.insert(record.id) {
                continue;
            }
            let place = self.place_of(&record.guid);
            let leg = self.packed(&record);
            let legs = &mut self.rows[place as usize].legs;
            // Most calls have one leg: no room for more of them than there are.
            legs.reserve_exact(1);
            let after = legs.partition_point(|other| (other.at, other.id) < (leg.at, leg.id));
            legs.insert(after, leg);
            if !touched.contains(&place) {
                touched.push(place);
            }
        }
        for place in &touched {
            call::sum_up(&self.texts, &mut self.rows[*place as usize]);
        }
        touched
    }

    fn place_of(&mut self, guid: &str) -> u32 {
        if let Some(place) = self.by_guid.get(guid) {
            return *place;
        }
        let place = self.rows.len() as u32;
        let guid: Arc<str> = Arc::from(guid);
        self.by_guid.insert(Arc::clone(&guid), place);
        self.rows.push(Row {
            guid,
            legs: Vec::new(),
            at: ServerTime::read("", &mut self.texts),
            campaign: NONE,
            agent: NONE,
            source: NONE,
            destination: NONE,
            outcome: NONE,
            cause: NONE,
            length: UNKNOWN,
            talk: UNKNOWN,
            rating: 0,
            direction: Direction::Inbound,
            answered: false,
        });
        place
    }

    fn packed(&mut self, record: &CallRecord) -> Leg {
        let texts = &mut self.texts;
        let mut kept = |text: &Option<String>| text.as_deref().map_or(NONE, |text| texts.keep(text));
        let (agent, disposition, cause) =
            (kept(&record.agent), kept(&record.disposition), kept(&record.causecode));
        let (source, destination) = (kept(&record.src), kept(&record.dst));
        let (campaign, direction) = (kept(&record.campaign), kept(&record.direction));
        Leg {
            id: record.id,
            at: ServerTime::read(&record.calldate, texts),
            finish: record.finishtime.as_deref().map(|text| ServerTime::read(text, texts)),
            agent,
            disposition,
            cause,
            source,
            destination,
            campaign,
            direction,
            duration: record.duration_secs.unwrap_or(UNKNOWN),
            talk: record.billsec.unwrap_or(UNKNOWN),
            rating: record.rating.unwrap_or(0),
        }
    }

    /// Rows (legs) taken, duplicates not counted.
    pub fn legs(&self) -> u32 {
        self.seen.len() as u32
    }

    /// Calls so far.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where a call is.
    pub fn find(&self, guid: &str) -> Option<u32> {
        self.by_guid.get(guid).copied()
    }

    /// The call at a place, whole.
    pub fn call(&self, place: u32) -> Option<Call> {
        self.rows.get(place as usize).map(|row| call::whole(&self.texts, row))
    }

    /// All calls, newest first.
    pub fn all(&self) -> Vec<Call> {
        let mut calls: Vec<Call> = self.rows.iter().map(|row| call::whole(&self.texts, row)).collect();
        calls.sort_by(|a, b| (&b.started_at, &b.guid).cmp(&(&a.started_at, &a.guid)));
        calls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: i64, guid: &str, at: &str, agent: &str, disposition: &str, secs: u32) -> CallRecord {
        CallRecord {
            id,
            guid: guid.into(),
            calldate: at.into(),
            agent: Some(agent.into()),
            disposition: Some(disposition.into()),
            duration_secs: Some(secs),
            billsec: Some(secs),
            campaign: Some("Soporte<-".into()),
            finishtime: Some("2026-01-31 10:04:00".into()),
            rating: Some(0),
            ..CallRecord::default()
        }
    }

    fn taken(table: &mut CallTable, records: Vec<CallRecord>) -> Vec<Call> {
        table.take(records).into_iter().filter_map(|place| table.call(place)).collect()
    }

    #[test]
    fn the_answered_leg_names_the_agent_and_the_talk() {
        let mut table = CallTable::default();
        let calls = taken(
            &mut table,
            vec![
                record(3, "g-1", "2026-01-31 10:00:15", "lucia", "ANSWERED", 200),
                record(2, "g-1", "2026-01-31 10:00:00", "martin", "NO ANSWER", 15),
            ],
        );
        assert_eq!(calls.len(), 1);
        let call = &calls[0];
        assert_eq!((call.agent.as_deref(), call.talk_secs), (Some("lucia"), Some(200)));
        assert_eq!((call.started_at.as_str(), call.length_secs), ("2026-01-31 10:00:00", Some(240)));
        assert_eq!((call.outcome.as_str(), call.wait_secs), ("ANSWERED", Some(40)));
        assert_eq!(
            (call.direction, call.rating, call.days.clone()),
            (Direction::Inbound, None, vec!["20260131".to_owned()])
        );
        assert_eq!(call.legs.iter().map(|leg| leg.id).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn nobody_answered_although_seconds_were_billed() {
        let mut table = CallTable::default();
        let calls =
            taken(&mut table, vec![record(1, "g-1", "2026-01-31 10:00:00", "martin", "NO ANSWER", 16)]);
        assert_eq!((calls[0].answered, calls[0].agent.clone(), calls[0].talk_secs), (false, None, None));
        assert_eq!((calls[0].outcome.as_str(), calls[0].wait_secs), ("NO ANSWER", Some(240)));
    }

    #[test]
    fn midnight_has_two_days() {
        let mut table = CallTable::default();
        let mut late = record(1, "g-1", "2026-01-31 23:55:00", "a", "ANSWERED", 10);
        late.finishtime = Some("2026-02-01 00:03:00".into());
        assert_eq!(taken(&mut table, vec![late])[0].days, ["20260131", "20260201"]);
        let mut early = record(2, "g-2", "2026-02-01 00:02:00", "a", "ANSWERED", 10);
        early.finishtime = Some("2026-02-01 00:30:00".into());
        assert_eq!(taken(&mut table, vec![early])[0].days, ["20260201", "20260131"]);
    }

    #[test]
    fn a_later_page_completes_a_call_and_repeats_cost_nothing() {
        let mut table = CallTable::default();
        let leg = |id| record(id, "g-1", &format!("2026-01-31 10:00:{id:02}"), "a", "NO ANSWER", 1);
        assert_eq!(taken(&mut table, vec![leg(5)])[0].legs.len(), 1);
        assert_eq!(taken(&mut table, vec![leg(5), leg(4)])[0].legs.len(), 2);
        assert!(table.take(vec![leg(5), leg(4)]).is_empty());
        assert_eq!((table.legs(), table.len()), (2, 1));
    }

    #[test]
    fn a_date_that_cannot_be_read_stays_what_it_is() {
        let mut table = CallTable::default();
        let mut odd = record(1, "g-1", "2026-01-31T10:00", "a", "ANSWERED", 10);
        odd.finishtime = None;
        let call = taken(&mut table, vec![odd]).remove(0);
        assert_eq!((call.started_at.as_str(), call.length_secs), ("2026-01-31T10:00", None));
        assert_eq!(call.days, ["20260131"]);
    }
}
