//! What the legs of a call amount to.

use chrono::{Days, NaiveDateTime, Timelike};

use super::{Leg, Others, ROUNDED_SECS, Row, UNKNOWN};
use crate::texts::Texts;
use crate::wire::{self, Call, Direction};

/// A recording of a call this close to midnight may be filed under the day beside.
const NEAR_MIDNIGHT_SECS: u32 = 600;
/// A call may go on so long behind its last leg: a survey, a queue nobody of rings.
const LINGERS_SECS: i64 = 900;

pub(crate) fn known(figure: u32) -> Option<u32> {
    (figure != UNKNOWN).then_some(figure)
}

/// Works out a call anew, after a leg came.
pub(super) fn sum_up(texts: &Texts, row: &mut Row) {
    let Some(first) = row.legs.first().copied() else { return };
    let answered = |leg: &&Leg| texts.get(leg.disposition).eq_ignore_ascii_case("ANSWERED");
    let hit = row.legs.iter().rev().find(answered).copied();
    let told = hit.unwrap_or(first);
    let end = hit.or_else(|| row.legs.last().copied()).unwrap_or(first);
    row.campaign = if told.campaign == crate::texts::NONE { first.campaign } else { told.campaign };
    row.direction = direction(texts.get(told.direction), texts.get(row.campaign));
    row.at = first.at;
    row.source = first.source;
    row.destination = first.destination;
    row.answered = hit.is_some();
    row.agent = hit.map_or(crate::texts::NONE, |leg| leg.agent);
    row.talk = hit.map_or(UNKNOWN, |leg| leg.talk);
    row.outcome = end.disposition;
    row.cause = end.cause;
    row.rating = row.legs.iter().map(|leg| leg.rating).find(|rating| *rating > 0).unwrap_or(0);
    let began = first.at.read_again(texts);
    let ends = row.legs.iter().filter_map(|leg| leg.finish.and_then(|at| at.read_again(texts))).max();
    let said = began.zip(ends).map(|(from, to)| (to - from).num_seconds());
    row.length = length(said, began.and_then(|began| covered(texts, &row.legs, began)));
    row.wait = wait(texts, row, began, answered);
    if !row.answered && row.others == Others::Unread {
        // How it ended, and how long until somebody answered, is in legs that are not here.
        (row.outcome, row.cause, row.wait) = (crate::texts::NONE, crate::texts::NONE, UNKNOWN);
    }
}

/// Seconds from the beginning to the end of the last leg whose length is known.
fn covered(texts: &Texts, legs: &[Leg], began: NaiveDateTime) -> Option<i64> {
    let ends = legs.iter().filter(|leg| leg.duration != UNKNOWN).filter_map(|leg| {
        let at = leg.at.read_again(texts)?;
        Some((at - began).num_seconds() + i64::from(leg.duration))
    });
    ends.max()
}

/// The call's end is believed while it does not contradict every leg: a clock put forward or back while the call went on
/// says that it lasted an hour more, or ended before it began.
fn length(said: Option<i64>, covered: Option<i64>) -> u32 {
    let secs = match (said, covered) {
        (Some(said), Some(covered)) => {
            let less = said < covered - i64::from(ROUNDED_SECS);
            let more = said > covered.saturating_mul(2).max(covered + LINGERS_SECS);
            if less || more { covered } else { said }
        }
        (Some(said), None) => said,
        (None, covered) => covered.unwrap_or(-1),
    };
    u32::try_from(secs).unwrap_or(UNKNOWN)
}

/// Until the first answer: where that leg began, and how long it rang. A call that was handed on was answered once before.
fn wait(texts: &Texts, row: &Row, began: Option<NaiveDateTime>, answered: impl Fn(&&Leg) -> bool) -> u32 {
    if !row.answered {
        return row.length;
    }
    let rang = row.legs.iter().filter(&answered).find_map(|leg| {
        if leg.duration == UNKNOWN || leg.talk == UNKNOWN {
            return None;
        }
        let before = (leg.at.read_again(texts)? - began?).num_seconds();
        u32::try_from(before + i64::from(leg.duration) - i64::from(leg.talk)).ok()
    });
    let answers = row.legs.iter().filter(&answered).count();
    match (rang, row.length, row.talk) {
        (Some(rang), ..) => rang,
        // Handed on: the talk of one leg is not all of it.
        _ if answers > 1 => UNKNOWN,
        (None, UNKNOWN, _) | (None, _, UNKNOWN) => UNKNOWN,
        (None, length, talk) => length.saturating_sub(talk),
    }
}

/// The call as the window sees it.
pub(super) fn whole(texts: &Texts, row: &Row) -> Call {
    let owned = |id| texts.filled(id).map(str::to_owned);
    Call {
        guid: row.guid.to_string(),
        started_at: row.at.text(texts),
        length_secs: known(row.length),
        talk_secs: known(row.talk),
        wait_secs: known(row.wait),
        direction: row.direction,
        campaign: texts.get(row.campaign).to_owned(),
        agent: owned(row.agent),
        answered: row.answered,
        others_unread: !row.answered && row.others == Others::Unread,
        outcome: texts.get(row.outcome).to_owned(),
        cause: owned(row.cause),
        source: texts.get(row.source).to_owned(),
        destination: texts.get(row.destination).to_owned(),
        rating: (row.rating > 0).then_some(row.rating),
        days: days(texts, row),
        legs: row
            .legs
            .iter()
            .map(|leg| wire::Leg {
                id: leg.id,
                calldate: leg.at.text(texts),
                agent: owned(leg.agent),
                disposition: texts.get(leg.disposition).to_owned(),
                duration_secs: known(leg.duration),
                talk_secs: known(leg.talk),
                cause: owned(leg.cause),
            })
            .collect(),
    }
}

fn direction(said: &str, campaign: &str) -> Direction {
    match said.to_ascii_lowercase().as_str() {
        "inbound" => Direction::Inbound,
        "outbound" => Direction::Outbound,
        _ => atalaya_ucontact::direction(campaign).0,
    }
}

/// Days whose folder may hold the recording, likeliest first: of each leg, of the end, and the neighbour around
/// midnight.
fn days(texts: &Texts, row: &Row) -> Vec<String> {
    let starts = row.legs.iter().filter_map(|leg| leg.at.read_again(texts));
    let ends = row.legs.iter().filter_map(|leg| leg.finish.and_then(|at| at.read_again(texts)));
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
    if days.is_empty() {
        // A date that cannot be read may still begin like one.
        let text = row.at.text(texts);
        let digits: String = text.chars().take(10).filter(char::is_ascii_digit).collect();
        if digits.len() == 8 {
            days.push(digits);
        }
    }
    days
}
