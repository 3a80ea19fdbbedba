//! Why there is no forecast, and what one that there is stands on.
//!
//! Codes are stable: texts are made from them elsewhere, and what is kept of the past names them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a campaign has no forecast. Never an empty one in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadReason")]
pub enum Reason {
    /// Nothing has been read yet.
    NothingRead,
    /// What was read is too old to go on from.
    TooOld,
    /// The campaign dials: nobody waits in it.
    Outbound,
    /// How many callers wait is unknown.
    WaitingUnknown,
    /// The counters have been watched for too short a time, and no earlier weekday is known.
    WatchedTooShort,
    /// The counters were reset, or nobody watched, within the last minutes, and no earlier weekday is known.
    JustReset,
    /// Nothing is known of how long calls take, here or anywhere on the floor.
    HandlingUnknown,
    /// Who takes the calls is unknown, or of too many of them it is unknown what they do.
    PeopleUnknown,
    /// A figure is beyond what a contact centre can be.
    Implausible,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::NothingRead,
        Self::TooOld,
        Self::Outbound,
        Self::WaitingUnknown,
        Self::WatchedTooShort,
        Self::JustReset,
        Self::HandlingUnknown,
        Self::PeopleUnknown,
        Self::Implausible,
    ];

    /// The stable code, as it is serialised.
    pub fn code(self) -> &'static str {
        match self {
            Self::NothingRead => "nothingRead",
            Self::TooOld => "tooOld",
            Self::Outbound => "outbound",
            Self::WaitingUnknown => "waitingUnknown",
            Self::WatchedTooShort => "watchedTooShort",
            Self::JustReset => "justReset",
            Self::HandlingUnknown => "handlingUnknown",
            Self::PeopleUnknown => "peopleUnknown",
            Self::Implausible => "implausible",
        }
    }
}

/// What an assumption of a forecast stands on, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadBasis")]
pub enum Basis {
    /// Enough of the campaign's own.
    Own,
    /// Some of the campaign's own, drawn towards what is wider.
    Drawn,
    /// The whole floor's, or earlier weekdays', for want of the campaign's own.
    Wider,
    /// An average with an assumed spread.
    Average,
    /// Nothing is known: assumed.
    Assumed,
}

/// What a campaign's forecast stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "AheadGrounds")]
pub struct Grounds {
    /// Of how many calls come.
    pub arrivals: Basis,
    /// Of how long they talk.
    pub talk: Basis,
    /// Of how long the work after them takes.
    pub wrap_up: Basis,
    /// Of how long callers wait before they give up.
    pub patience: Basis,
    /// When the first caller came was unknown, so that those waiting were spread over the time it must have been.
    pub waits_assumed: bool,
    /// Its people serve campaigns of whose calls nothing is known.
    pub shares_with_unknown: bool,
    /// Breaks are not known: everybody on one stays on it, and nobody else takes one.
    pub breaks_unknown: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_as_they_always_were() {
        let codes = Reason::ALL.map(Reason::code);
        assert_eq!(
            codes,
            [
                "nothingRead",
                "tooOld",
                "outbound",
                "waitingUnknown",
                "watchedTooShort",
                "justReset",
                "handlingUnknown",
                "peopleUnknown",
                "implausible"
            ]
        );
    }
}
