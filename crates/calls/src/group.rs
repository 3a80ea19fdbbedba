//! From legs to calls: all records with the same `guid` are one call, whatever pages they came on.

use std::collections::{BTreeMap, HashMap, HashSet};

use atalaya_ucontact::CallRecord;
use chrono::{Days, NaiveDateTime, Timelike};

use crate::wire::{Call, Leg};

const DATE: &str = "%Y-%m-%d %H:%M:%S";
/// A recording of a call this close to midnight may be filed under the day beside.
const NEAR_MIDNIGHT_SECS: u32 = 600;

/// Records read so far.
#[derive(Debug, Default)]
pub struct Groups {
    calls: HashMap<String, BTreeMap<i64, CallRecord>>,
    seen: HashSet<i64>,
}

impl Groups {
    /// Whether a record has been taken already.
    pub fn knows(&self, id: i64) -> bool {
        self.seen.contains(&id)
    }

    /// Takes records; gives the calls they changed, whole.
    pub fn take(&mut self, records: Vec<CallRecord>) -> Vec<Call> {
        let mut touched: Vec<String> = Vec::new();
        for record in records {
            if !self.seen.insert(record.id) {
                continue;
            }
            if touched.last() != Some(&record.guid) && !touched.contains(&record.guid) {
                touched.push(record.guid.clone());
            }
            self.calls.entry(record.guid.clone()).or_default().insert(record.id, record);
        }
        touched.iter().filter_map(|guid| self.call(guid)).collect()
    }

    /// Rows taken, duplicates not counted.
    pub fn rows(&self) -> u32 {
        self.seen.len() as u32
    }

    /// Calls so far.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// All calls, newest first.
    pub fn all(&self) -> Vec<Call> {
        let mut calls: Vec<Call> = self.calls.keys().filter_map(|guid| self.call(guid)).collect();
        calls.sort_by(|a, b| (&b.started_at, &b.guid).cmp(&(&a.started_at, &a.guid)));
        calls
    }

    fn call(&self, guid: &str) -> Option<Call> {
        let mut legs: Vec<&CallRecord> = self.calls.get(guid)?.values().collect();
        legs.sort_by(|a, b| (&a.calldate, a.id).cmp(&(&b.calldate, b.id)));
        let first = legs.first()?;
        let answered = legs
            .iter()
            .rev()
            .find(|leg| leg.disposition.as_deref().is_some_and(|d| d.eq_ignore_ascii_case("ANSWERED")));
        let told = answered.unwrap_or(first);
        let campaign = told.campaign.clone().or_else(|| first.campaign.clone()).unwrap_or_default();
        let starts = moment(&first.calldate);
        let ends = legs.iter().filter_map(|leg| leg.finishtime.as_deref().and_then(moment)).max();
        Some(Call {
            guid: guid.to_owned(),
            started_at: first.calldate.clone(),
            length_secs: starts
                .zip(ends)
                .and_then(|(from, to)| u32::try_from((to - from).num_seconds()).ok()),
            talk_secs: answered.and_then(|leg| leg.billsec),
            direction: direction(told.direction.as_deref(), &campaign).to_owned(),
            campaign,
            agent: answered.and_then(|leg| leg.agent.clone()),
            answered: answered.is_some(),
            source: first.src.clone().unwrap_or_default(),
            destination: first.dst.clone().unwrap_or_default(),
            rating: legs.iter().filter_map(|leg| leg.rating).find(|rating| *rating > 0),
            days: days(&legs),
            legs: legs.iter().map(|leg| leg_of(leg)).collect(),
        })
    }
}

fn leg_of(record: &CallRecord) -> Leg {
    Leg {
        id: record.id,
        calldate: record.calldate.clone(),
        agent: record.agent.clone(),
        disposition: record.disposition.clone().unwrap_or_default(),
        duration_secs: record.duration_secs,
        talk_secs: record.billsec,
        cause: record.causecode.clone(),
    }
}

fn direction(said: Option<&str>, campaign: &str) -> &'static str {
    match said.map(str::to_ascii_lowercase).as_deref() {
        Some("inbound") => "inbound",
        Some("outbound") => "outbound",
        _ if campaign.ends_with("->") => "outbound",
        _ => "inbound",
    }
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.trim(), DATE).ok()
}

/// Days whose folder may hold the recording, likeliest first: of each leg, of the end, and the neighbour around
/// midnight.
fn days(legs: &[&CallRecord]) -> Vec<String> {
    let starts = legs.iter().filter_map(|leg| moment(&leg.calldate));
    let ends = legs.iter().filter_map(|leg| leg.finishtime.as_deref().and_then(moment));
    let moments: Vec<NaiveDateTime> = starts.chain(ends).collect();
    let mut days = Vec::new();
    let mut add = |day: chrono::NaiveDate| {
        let text = day.format("%Y%m%d").to_string();
        if !days.contains(&text) {
            days.push(text);
        }
    };
    for at in &moments {
        add(at.date());
    }
    for at in &moments {
        let secs = at.num_seconds_from_midnight();
        if secs < NEAR_MIDNIGHT_SECS
            && let Some(before) = at.date().checked_sub_days(Days::new(1))
        {
            add(before);
        }
        if secs >= 86_400 - NEAR_MIDNIGHT_SECS
            && let Some(after) = at.date().checked_add_days(Days::new(1))
        {
            add(after);
        }
    }
    if days.is_empty()
        && let Some(text) = legs.first().and_then(|leg| leg.calldate.get(..10))
    {
        // A date that cannot be read may still begin like one.
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.len() == 8 {
            days.push(digits);
        }
    }
    days
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

    #[test]
    fn the_answered_leg_names_the_agent_and_the_talk() {
        let mut groups = Groups::default();
        let calls = groups.take(vec![
            record(3, "g-1", "2026-01-31 10:00:15", "lucia", "ANSWERED", 200),
            record(2, "g-1", "2026-01-31 10:00:00", "martin", "NO ANSWER", 15),
        ]);
        assert_eq!(calls.len(), 1);
        let call = &calls[0];
        assert_eq!((call.agent.as_deref(), call.talk_secs), (Some("lucia"), Some(200)));
        assert_eq!((call.started_at.as_str(), call.length_secs), ("2026-01-31 10:00:00", Some(240)));
        assert_eq!(
            (call.direction.as_str(), call.rating, call.days.clone()),
            ("inbound", None, vec!["20260131".to_owned()])
        );
        assert_eq!(call.legs.iter().map(|leg| leg.id).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn nobody_answered_although_seconds_were_billed() {
        let mut groups = Groups::default();
        let calls = groups.take(vec![record(1, "g-1", "2026-01-31 10:00:00", "martin", "NO ANSWER", 16)]);
        assert_eq!((calls[0].answered, calls[0].agent.clone(), calls[0].talk_secs), (false, None, None));
    }

    #[test]
    fn midnight_has_two_days() {
        let mut groups = Groups::default();
        let mut late = record(1, "g-1", "2026-01-31 23:55:00", "a", "ANSWERED", 10);
        late.finishtime = Some("2026-02-01 00:03:00".into());
        assert_eq!(groups.take(vec![late])[0].days, ["20260131", "20260201"]);
        let mut early = record(2, "g-2", "2026-02-01 00:02:00", "a", "ANSWERED", 10);
        early.finishtime = Some("2026-02-01 00:30:00".into());
        assert_eq!(groups.take(vec![early])[0].days, ["20260201", "20260131"]);
    }

    #[test]
    fn a_later_page_completes_a_call_and_repeats_cost_nothing() {
        let mut groups = Groups::default();
        let leg = |id| record(id, "g-1", &format!("2026-01-31 10:00:{id:02}"), "a", "NO ANSWER", 1);
        assert_eq!(groups.take(vec![leg(5)])[0].legs.len(), 1);
        assert_eq!(groups.take(vec![leg(5), leg(4)])[0].legs.len(), 2);
        assert!(groups.take(vec![leg(5), leg(4)]).is_empty());
        assert_eq!((groups.rows(), groups.len()), (2, 1));
    }
}
