//! What is judged, by names that are the same on every computer.
//!
//! A review is one by its nature: of a call, by a person, with a card, perhaps in a calibration. So is a call in a worklist.
//! Their identities are worked out from that, and kept nowhere. Cards, worklists and calibrations travel under keys of
//! their own; a card's version and a note have one beside their row. Row numbers never leave this computer.

use atalaya_store::Uuid;
use atalaya_store::identity::{derived, keyed};
use serde::{Deserialize, Serialize};

use crate::handed_file::HandedNote;
use crate::wire::Card;

/// Which review: a person's of a call with a card.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReviewKey {
    /// The call.
    pub guid: String,
    /// Who judges.
    pub reviewer: String,
    /// The card's key.
    pub card: String,
    /// The calibration's key; empty: of none.
    pub calibration: String,
}

impl ReviewKey {
    /// Its identity.
    pub fn identity(&self) -> Uuid {
        let calibration = match self.calibration.as_str() {
            "" => String::new(),
            key => calibration(key).to_string(),
        };
        derived(
            "review",
            [self.guid.as_str(), self.reviewer.trim(), &card(&self.card).to_string(), &calibration],
        )
    }
}

/// The identity of a card, in all its versions, by its key.
pub fn card(key: &str) -> Uuid {
    keyed("card", key)
}

/// The identity of a worklist by its key.
pub fn worklist(key: &str) -> Uuid {
    keyed("worklist", key)
}

/// The identity of a call in a worklist.
pub fn entry(list: &str, guid: &str) -> Uuid {
    derived("entry", [worklist(list).to_string().as_str(), guid])
}

/// The identity of a calibration by its key.
pub fn calibration(key: &str) -> Uuid {
    keyed("calibration", key)
}

/// The identity of a combination of dispositions that is known of a campaign.
pub fn disposition(campaign: &str, levels: [&str; 3]) -> Uuid {
    derived("disposition", std::iter::once(campaign).chain(levels))
}

/// The identity of a card's version that came without one: as the migration works it out (`tables`).
pub(crate) fn version(card: &Card, body: &str) -> Uuid {
    derived("cardVersion", [card.id.as_str(), &card.version.to_string(), body])
}

/// The identity of a note from a file: the one it has, or as the migration works it out.
pub(crate) fn note(note: &HandedNote) -> Uuid {
    note.uuid.unwrap_or_else(|| {
        let millis = ((note.at_secs * 1000.0).round() as i64).to_string();
        let made = note.made_ms.to_string();
        derived("note", [note.guid.as_str(), note.reviewer.trim(), &millis, note.text.trim(), &made, "1"])
    })
}
