//! Searches of call records: which rows a filter wants, a page of them at a time, newest first.
//!
//! Left out on purpose: what a call is (`records`).

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDateTime, NaiveTime};
use serde_json::Value;

use crate::config::Filters;
use crate::days::Wanted;
use crate::records::{self, Call, DATE, DAYS, call};
use crate::state::State;

/// Stands in an index for a call that was made; those of the seed stay far below.
const MADE: u32 = 1 << 31;

/// What `getrecords` is asked for.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    calldatei: String,
    calldatef: String,
    agent: String,
    campaign: String,
    source: String,
    destination: String,
    data: String,
    range: String,
    rating: String,
    mindur: String,
    exclude: String,
    cont: String,
}

impl Filter {
    fn hours(&self) -> Option<(NaiveTime, NaiveTime)> {
        let (from, to) = self.range.split_once('-')?;
        let of = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
        Some((of(from)?, of(to)?))
    }

    fn wants(&self, state: &State, call: &Call) -> bool {
        let is = |wanted: &str, have: &str| wanted.is_empty() || have.contains(wanted);
        let min: u32 = self.mindur.parse().unwrap_or(0);
        is(&self.source, &call.source)
            && is(&self.destination, &call.destination)
            && (self.campaign.is_empty() || self.campaign == call.campaign)
            && (self.rating.is_empty() || self.rating == call.rating.to_string())
            && (self.exclude.is_empty() || (call.source != self.exclude && call.destination != self.exclude))
            && match state.config.filters {
                Filters::Calls => {
                    let rung = |(agent, _): &(String, u32)| *agent == self.agent;
                    (self.agent.is_empty() || call.rung.iter().any(rung)) && call.talk_secs >= min
                }
                Filters::Rows => call.legs().iter().any(|(_, row)| self.wants_row(state, row)),
            }
            && self.hours().is_none_or(|(from, to)| (from..=to).contains(&call.began.time()))
            && (self.data.is_empty() || state.has_tag(&call.guid, &self.data) || seeded_tag(call, &self.data))
    }

    /// Whether a row of a call that is wanted is wanted itself.
    fn wants_row(&self, state: &State, row: &Value) -> bool {
        let min: u64 = self.mindur.parse().unwrap_or(0);
        let filters_calls = state.config.filters == Filters::Calls;
        let is_theirs = || self.agent.is_empty() || row["peeraccount"].as_str() == Some(&self.agent);
        filters_calls || (is_theirs() && row["billsec"].as_u64().unwrap_or(0) >= min)
    }
}

/// Some calls were tagged before the simulation began.
fn seeded_tag(call: &Call, text: &str) -> bool {
    const TAGS: [&str; 4] = ["factura", "venta", "reclamo", "seguimiento"];
    let pick = call.pick as usize % 40;
    TAGS.get(pick).is_some_and(|tag| tag.contains(text))
}

/// One page of rows, newest first.
pub(crate) fn page(state: &State, filter: &Filter, offset: usize, limit: usize) -> Vec<Value> {
    let parse = |text: &str| NaiveDateTime::parse_from_str(text, DATE).ok();
    let now = state.now();
    let (Some(from), Some(to)) = (parse(&filter.calldatei), parse(&filter.calldatef)) else {
        return Vec::new();
    };
    let to = to.min(now);
    let shifted = state.shifted_rows() as usize;
    let today = now.date();
    let mut skip = offset;
    let mut rows = Vec::new();
    // Rows that were not there when the first page was read.
    for extra in (0..shifted).rev() {
        if skip > 0 {
            skip -= 1;
        } else if rows.len() < limit {
            rows.push(late_row(state, extra, to));
        }
    }
    let least: usize = filter.cont.parse().unwrap_or(0);
    let numbers = if least > 1 { Some(numbers_of(state, filter, from, to)) } else { None };
    let made = records::made(state);
    let refusing = !state.world().blacklist().is_empty();
    let turned_away = |call: &Call| refusing && records::turned_away(&state.world(), call);
    let of_index = |date, index: u32| match made.get((index ^ MADE) as usize) {
        Some(call) if index & MADE != 0 => call.clone(),
        _ => call(state, date, index),
    };
    let known = format!("{filter:?}");
    let mut date = to.date();
    while date >= from.date() && (today - date).num_days() <= DAYS && rows.len() < limit {
        let wanted = || -> Wanted {
            let calls = (0..state.config.calls_per_day as u32).map(|index| (index, call(state, date, index)));
            let of = |(index, call): (u32, Call)| {
                let there = call.began <= to && call.began >= from && call.ended() <= now;
                let there = there && !turned_away(&call);
                let often =
                    |n: &HashMap<String, usize>| n.get(call.other_party()).is_some_and(|n| *n >= least);
                (there && filter.wants(state, &call) && numbers.as_ref().is_none_or(often)).then(|| {
                    let rows = call.legs();
                    let rows = rows.iter().filter(|(_, row)| filter.wants_row(state, row));
                    (index, rows.count() as u8)
                })
            };
            let of_day = || made.iter().zip(MADE..).filter(|(call, _)| call.began.date() == date);
            if of_day().next().is_none() {
                return calls.filter_map(of).collect();
            }
            let of_day = of_day().map(|(call, index)| (index, call.clone()));
            let mut all: Vec<(u32, Call)> = calls.chain(of_day).collect();
            all.sort_by_key(|(_, call)| call.began);
            all.into_iter().filter_map(of).collect()
        };
        // Today goes on, the last call of yesterday may, and tags come at any time.
        let settled = (today - date).num_days() > 1 && filter.data.is_empty();
        let day = if settled { state.days.wanted((known.clone(), date), wanted) } else { Arc::new(wanted()) };
        let all: usize = day.iter().map(|(_, legs)| usize::from(*legs)).sum();
        if skip >= all {
            skip -= all;
        } else {
            for (index, legs) in day.iter().rev() {
                if rows.len() >= limit {
                    break;
                }
                let legs = usize::from(*legs);
                let passed = skip.min(legs);
                skip -= passed;
                if passed < legs {
                    let legs = of_index(date, *index).legs();
                    let newest_first = legs.into_iter().rev().filter(|(_, row)| filter.wants_row(state, row));
                    rows.extend(newest_first.skip(passed).take(limit - rows.len()).map(|(_, row)| row));
                }
            }
        }
        let Some(before) = date.pred_opt() else { break };
        date = before;
    }
    rows
}

fn numbers_of(
    state: &State,
    filter: &Filter,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> HashMap<String, usize> {
    let mut numbers = HashMap::new();
    let mut date = from.date();
    while date <= to.date() {
        for index in 0..state.config.calls_per_day as u32 {
            let call = call(state, date, index);
            if (from..=to).contains(&call.began) && call.ended() <= state.now() && filter.wants(state, &call)
            {
                *numbers.entry(call.other_party().to_owned()).or_default() += 1;
            }
        }
        let Some(after) = date.succ_opt() else { break };
        date = after;
    }
    for call in records::made(state) {
        if (from..=to).contains(&call.began) && filter.wants(state, &call) {
            *numbers.entry(call.other_party().to_owned()).or_default() += 1;
        }
    }
    numbers
}

/// A call that ended while somebody was paging.
fn late_row(state: &State, number: usize, to: NaiveDateTime) -> Value {
    let date = to.date();
    let mut late = call(state, date, 0);
    late.guid = format!("ffffffff-0000-4000-8000-{number:012x}");
    late.first_id = i64::MAX / 4_096 + number as i64 * 4;
    late.began = to;
    late.rung.truncate(1);
    late.legs().pop().map(|(_, row)| row).unwrap_or_default()
}
