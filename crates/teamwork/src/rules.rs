//! What holds where two say different things: a pure function of what holds so far and the next change in the log.
//!
//! The log's order decides, and its own clock; never a desk's. Every copy that reads the same log comes to the same.
//!
//! - A review belongs to its reviewer: what anybody else says of it is refused. A lead may bring one in that is not known
//!   yet. What was said before it was finished or taken up again, and arrives after, is refused too.
//! - A card's versions are numbered by the log; two made after the same one are both kept.
//! - A claim is whoever's came first, until it is given back, has lapsed or a lead takes it.
//! - Whoever sees to an alert sees to it until they let it go, it is another one, or it became worse. Somebody's review of a calibration is their first.
//! - What is removed stays so. Rules of the house are a lead's. Of everything else the newest holds.

use atalaya_review::copies::{CardCopy, WorklistCopy};
use atalaya_store::Uuid;
use serde::{Deserialize, Serialize};

use crate::change::{Change, ClaimStep, Numbered, What};

/// A claim nobody confirmed for so long has lapsed.
pub const LAPSE_MS: i64 = 30 * 60_000;
/// Between the beginnings of one alert at two desks.
const SAME_ALERT_MS: u64 = 90_000;

/// What holds of one thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settled {
    /// The last change that holds: its place in the log.
    pub seq: i64,
    /// Who made it.
    pub who: String,
    /// When the log took it, epoch milliseconds.
    pub logged_ms: i64,
    /// What is so.
    pub state: State,
}

/// What is so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// A card.
    Card {
        /// Its key.
        card: String,
        /// Its versions: number 1 first.
        versions: Vec<CardCopy>,
        /// Whether it is out of use.
        retired: bool,
    },
    /// Everything else: as it was said last.
    Said(Box<What>),
}

/// What becomes of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It holds: this is so now.
    Holds(Settled),
    /// It says what is so already.
    Known,
    /// It does not hold.
    Refused(Why),
}

/// Why a change does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Why {
    /// It says it is another member's than the log took it from.
    NotThem,
    /// It is another reviewer's.
    NotTheirs {
        /// Whose.
        of: String,
    },
    /// The review was finished or taken up again before: this was said of it as it was.
    Over,
    /// Somebody else holds it.
    Held {
        /// Who.
        by: String,
    },
    /// It is removed.
    Removed,
    /// Only a lead may.
    LeadOnly,
    /// There is nothing of the kind to be given back, to lapse or to be removed.
    Nothing,
    /// Whoever holds it was heard of lately.
    Early,
    /// It was said, and stays as it was said first.
    First,
    /// The log would not take it: in its own words.
    NotTaken {
        /// Its words.
        said: String,
    },
}

/// Who holds a claim, at a moment of the log's clock (epoch milliseconds); `None`: nobody.
pub fn holder(settled: &Settled, at_ms: i64) -> Option<&str> {
    let State::Said(said) = &settled.state else { return None };
    match said.as_ref() {
        What::Claim { step: ClaimStep::Taken | ClaimStep::TakenOver, .. }
            if at_ms.saturating_sub(settled.logged_ms) < LAPSE_MS =>
        {
            Some(&settled.who)
        }
        _ => None,
    }
}

/// What becomes of the next change in the log, where this holds so far.
pub fn settle(before: Option<&Settled>, next: &Numbered) -> Verdict {
    let Change { who, what, .. } = &next.change;
    if *who != next.who {
        return Verdict::Refused(Why::NotThem);
    }
    let said = before.and_then(|before| match &before.state {
        State::Said(said) => Some(said.as_ref()),
        State::Card { .. } => None,
    });
    let refused =
        match what {
            What::CardVersion { .. } | What::CardRetired { .. } => return card(before, next),
            What::Worklist(copy) => return worklist(said, copy, next),
            What::Review(review) => match said {
                _ if review.key.reviewer != next.who && (!next.lead || said.is_some()) => {
                    Some(Why::NotTheirs { of: review.key.reviewer.clone() })
                }
                Some(What::Review(known)) => {
                    let stage = |turn: u32, finished: bool| (turn, finished);
                    let (was, now) = (
                        stage(known.turn, known.finished.is_some()),
                        stage(review.turn, review.finished.is_some()),
                    );
                    (now < was).then_some(Why::Over)
                }
                _ => None,
            },
            What::Note(_) => matches!(said, Some(What::NoteRemoved { .. })).then_some(Why::Removed),
            What::Claim { step, .. } => claim(before, *step, next),
            What::Alert(_) | What::Judged(_) | What::Calibration(_) if said.is_some() => {
                if said == Some(what) { None } else { Some(Why::First) }
            }
            What::Judged(judged) => (judged.reviewer != next.who && !next.lead)
                .then(|| Why::NotTheirs { of: judged.reviewer.clone() }),
            What::FloorAlertSeen { .. } => floor_alert(said, what, &next.who),
            What::AlertSeen { seen: Some(_), .. } => {
                seen_by(said).filter(|by| *by != next.who).map(|by| Why::Held { by: by.to_owned() })
            }
            What::House { .. } => (!next.lead).then_some(Why::LeadOnly),
            What::WorklistRemoved { .. }
            | What::NoteRemoved { .. }
            | What::Entry(_)
            | What::Feedback { .. }
            | What::Alert(_)
            | What::AlertSeen { seen: None, .. }
            | What::Calibration(_)
            | What::JudgedIn { .. }
            | What::Disposition { .. }
            | What::Disposed(_)
            | What::Tag { .. }
            | What::CalledBack { .. }
            | What::Blacklisted { .. }
            | What::Audit { .. } => None,
        };
    if let Some(why) = refused {
        return Verdict::Refused(why);
    }
    // A claim said again is heard again: everything else that is so already is nothing new.
    if said == Some(what) && !matches!(what, What::Claim { .. }) {
        return Verdict::Known;
    }
    holds(next, State::Said(Box::new(what.clone())))
}

fn holds(next: &Numbered, state: State) -> Verdict {
    Verdict::Holds(Settled { seq: next.seq, who: next.who.clone(), logged_ms: next.logged_ms, state })
}

fn seen_by(said: Option<&What>) -> Option<&str> {
    match said {
        Some(What::AlertSeen { seen: Some(seen), .. }) => Some(&seen.by),
        _ => None,
    }
}

/// Whether two desks that tell of an alert about one thing since then mean the same one (epoch milliseconds, both by the log's
/// clock): each looks for itself, by limits of its own.
pub fn is_same_alert(since_ms: i64, other_ms: i64) -> bool {
    since_ms.abs_diff(other_ms) <= SAME_ALERT_MS
}

/// Of what is over nothing more is said; of a later alert, or one that became worse, nobody has said anything yet.
fn floor_alert(said: Option<&What>, next: &What, who: &str) -> Option<Why> {
    let What::FloorAlertSeen { since_ms, bad, seen, .. } = next else { return None };
    if let Some(seen) = seen.as_ref().filter(|seen| seen.by != who) {
        return Some(Why::NotTheirs { of: seen.by.clone() });
    }
    let Some(What::FloorAlertSeen { since_ms: known_ms, bad: known_bad, seen: known, .. }) = said else {
        return None;
    };
    if !is_same_alert(*since_ms, *known_ms) {
        return (since_ms < known_ms).then_some(Why::Over);
    }
    let held = known.as_ref().filter(|known| seen.is_some() && known.by != who && *known_bad >= *bad);
    held.map(|known| Why::Held { by: known.by.clone() })
}

fn claim(before: Option<&Settled>, step: ClaimStep, next: &Numbered) -> Option<Why> {
    let held = before.and_then(|before| holder(before, next.logged_ms));
    let held_once = before.and_then(|before| holder(before, before.logged_ms));
    let by = |by: &str| Why::Held { by: by.to_owned() };
    match (step, held) {
        (ClaimStep::Taken, Some(other)) if other != next.who => Some(by(other)),
        (ClaimStep::Taken, _) => None,
        (ClaimStep::GivenBack, Some(other)) if other != next.who => Some(by(other)),
        (ClaimStep::GivenBack, Some(_)) => None,
        (ClaimStep::Lapsed, Some(_)) => Some(Why::Early),
        (ClaimStep::GivenBack | ClaimStep::Lapsed, None) => held_once.is_none().then_some(Why::Nothing),
        (ClaimStep::TakenOver, _) => (!next.lead).then_some(Why::LeadOnly),
    }
}

/// A worklist once removed stays so. Its calls only become more; its name is whoever's said it last.
fn worklist(said: Option<&What>, copy: &WorklistCopy, next: &Numbered) -> Verdict {
    let known = match said {
        Some(What::WorklistRemoved { .. }) => return Verdict::Refused(Why::Removed),
        Some(What::Worklist(known)) => known,
        _ => return holds(next, State::Said(Box::new(What::Worklist(copy.clone())))),
    };
    let mut calls = known.calls.clone();
    let new = copy.calls.iter().filter(|call| !known.calls.iter().any(|one| one.guid == call.guid));
    calls.extend(new.cloned());
    let both = WorklistCopy { calls, made_ms: known.made_ms, ..copy.clone() };
    if both == *known { Verdict::Known } else { holds(next, State::Said(Box::new(What::Worklist(both)))) }
}

fn card(before: Option<&Settled>, next: &Numbered) -> Verdict {
    let (mut versions, mut retired) = match before.map(|before| &before.state) {
        Some(State::Card { versions, retired, .. }) => (versions.clone(), *retired),
        _ => (Vec::new(), false),
    };
    let key = match &next.change.what {
        What::CardVersion { version, .. } => {
            if versions.iter().any(|one| one.uuid == version.uuid) {
                return Verdict::Known;
            }
            versions.push(version.clone());
            // Whoever saves a card uses it.
            retired = false;
            &version.card.id
        }
        What::CardRetired { card, retired: out } => {
            if versions.is_empty() {
                return Verdict::Refused(Why::Nothing);
            }
            if retired == *out {
                return Verdict::Known;
            }
            retired = *out;
            card
        }
        _ => return Verdict::Known,
    };
    holds(next, State::Card { card: key.clone(), versions, retired })
}

/// The versions of a card that were saved, in the log, after the one its maker knew and before this one: their numbers, and
/// this one's. Empty where nobody else saved meanwhile.
pub fn meanwhile(settled: &Settled, version: Uuid, after: Option<Uuid>) -> (u32, Vec<u32>) {
    let State::Card { versions, .. } = &settled.state else { return (0, Vec::new()) };
    let number = |uuid: Uuid| versions.iter().zip(1_u32..).find(|(one, _)| one.uuid == uuid).map(|(_, n)| n);
    let Some(mine) = number(version) else { return (0, Vec::new()) };
    let known = after.and_then(number).unwrap_or(0);
    (mine, (known + 1..mine).collect())
}

#[cfg(test)]
mod tests;
