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

/// Seconds by which figures of one call may differ although both are right: each is rounded for itself.
pub(super) const ROUNDED_SECS: u32 = 2;

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
    /// Seconds before somebody answered, or until the end when nobody did; `UNKNOWN` when the records do not say.
    pub(crate) wait: u32,
    /// 0: not rated.
    pub(crate) rating: i32,
    pub(crate) direction: Direction,
    pub(crate) answered: bool,
    pub(crate) others: Others,
}

/// Whether all legs of a call are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// As far as the search tells.
    Read,
    /// Only the rows somebody asked for were read, none of them answered: others may have.
    Unread,
    /// The whole call was asked for.
    Whole,
}

impl Row {
    /// Whether it is known that nobody answered.
    pub(crate) fn unanswered(&self) -> bool {
        !self.answered && self.others != Others::Unread
    }

    /// The other party's number.
    pub(crate) fn number(&self) -> TextId {
        match self.direction {
            Direction::Outbound => self.destination,
            Direction::Inbound => self.source,
        }
    }
}

/// Records read so far, as calls.
#[derive(Debug, Default)]
pub struct CallTable {
    pub(crate) texts: Texts,
    pub(crate) rows: Vec<Row>,
    by_guid: HashMap<Arc<str>, u32>,
    /// By number and call: another call may have the same number.
    seen: HashSet<(i64, u32)>,
}

impl CallTable {
    /// Whether a record has been taken already.
    pub fn knows(&self, record: &CallRecord) -> bool {
        self.find(&record.guid).is_some_and(|place| self.seen.contains(&(record.id, place)))
    }

    /// Takes records; gives the places of the calls they changed.
    pub fn take(&mut self, records: Vec<CallRecord>) -> Vec<u32> {
        let mut touched = Vec::new();
        for record in records {
            let place = self.place_of(&record.guid);
            if !self.seen.insert((record.id, place)) {
                continue;
            }
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

    /// Says of a call whether its other legs were read; what it amounts to follows.
    pub(crate) fn set_others(&mut self, place: u32, others: Others) {
        let row = &mut self.rows[place as usize];
        if row.others != others {
            row.others = others;
            call::sum_up(&self.texts, row);
        }
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
            wait: UNKNOWN,
            rating: 0,
            direction: Direction::Inbound,
            answered: false,
            others: Others::Read,
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
            talk: record.billsec.filter(|talk| talks_within(*talk, record)).unwrap_or(UNKNOWN),
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

/// Nobody talks longer than the leg lasted; where the server says so, one of the two is wrong and nobody knows which.
fn talks_within(talk: u32, record: &CallRecord) -> bool {
    record.duration_secs.is_none_or(|duration| talk <= duration.saturating_add(ROUNDED_SECS))
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
    fn of_a_call_handed_on_the_wait_is_never_reckoned_from_one_talk() {
        let mut table = CallTable::default();
        let unsaid = |id, at, agent| CallRecord {
            duration_secs: None,
            ..record(id, "g-1", at, agent, "ANSWERED", 30)
        };
        let one = taken(&mut table, vec![unsaid(1, "2026-01-31 10:00:00", "lucia")]);
        assert_eq!(one[0].wait_secs, Some(210), "length less talk");
        let two = taken(&mut table, vec![unsaid(2, "2026-01-31 10:02:00", "ana")]);
        assert_eq!((two[0].answered, two[0].wait_secs), (true, None), "nobody knows");
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
        assert_eq!((call.outcome.as_str(), call.wait_secs), ("ANSWERED", Some(15)));
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
        let mut odd = record(1, "g-1", "2026-01-31 soon", "a", "ANSWERED", 10);
        odd.finishtime = None;
        let call = taken(&mut table, vec![odd]).remove(0);
        assert_eq!((call.started_at.as_str(), call.length_secs), ("2026-01-31 soon", None));
        assert_eq!(call.days, ["20260131"]);
    }

    #[test]
    fn an_end_that_contradicts_every_leg_is_not_believed() {
        let lengths = |from: &str, to: &str, duration: Option<u32>, talk: Option<u32>| {
            let mut leg = record(1, "g-1", from, "a", "ANSWERED", 0);
            (leg.finishtime, leg.duration_secs, leg.billsec) = (Some(to.into()), duration, talk);
            let call = taken(&mut CallTable::default(), vec![leg]).remove(0);
            (call.length_secs, call.talk_secs)
        };
        for (from, to, duration, talk, right) in [
            // The clock goes back, or forward, while the call goes on.
            ("2026-10-25 02:55:00", "2026-10-25 02:05:00", Some(600), Some(590), (Some(600), Some(590))),
            ("2026-03-29 01:55:00", "2026-03-29 03:05:00", Some(600), Some(590), (Some(600), Some(590))),
            // Start and end by clocks of different zones.
            ("2026-01-31 10:00:05", "2026-01-31 13:00:05", Some(306), Some(300), (Some(306), Some(300))),
            // Talk beyond the leg: one of the two is wrong.
            ("2026-01-31 10:00:04", "2026-01-31 10:01:04", Some(60), Some(3_660), (Some(60), None)),
            ("2026-01-31 10:00:03", "2026-01-31 10:00:03", None, None, (Some(0), None)),
            ("2026-01-31 10:00:03", "2026-01-31 10:00:01", None, None, (None, None)),
            // A queue, a survey: the call is longer than its legs, and that is no contradiction.
            ("2026-01-31 10:00:00", "2026-01-31 10:14:00", Some(60), Some(50), (Some(840), Some(50))),
        ] {
            assert_eq!(lengths(from, to, duration, talk), right, "{from} {to}");
        }
    }

    #[test]
    fn a_call_that_was_handed_on_waited_until_its_first_answer() {
        let mut table = CallTable::default();
        let first = record(1, "g-1", "2026-01-31 10:00:10", "a", "ANSWERED", 60);
        let second = record(2, "g-1", "2026-01-31 10:01:10", "b", "ANSWERED", 120);
        let call = taken(&mut table, vec![first, second]).remove(0);
        assert_eq!(
            (call.agent.as_deref(), call.length_secs, call.wait_secs),
            (Some("b"), Some(230), Some(0))
        );
    }

    #[test]
    fn a_number_used_again_for_another_call_is_another_record() {
        let mut table = CallTable::default();
        let leg = |guid: &str| record(1, guid, "2026-01-31 10:00:00", "a", "ANSWERED", 10);
        assert_eq!(taken(&mut table, vec![leg("g-1"), leg("g-2"), leg("g-1")]).len(), 2);
        assert_eq!(table.legs(), 2);
    }
}
