//! Where somebody who shares this computer's work with others hears what of it changed, inside the transaction that changes it.
//!
//! A hook rather than triggers: what is said here is said in Rust, beside the statement it is about, and only where somebody
//! listens; a trigger would fire for what comes from others too, and would have to know who is at the desk. Left out on
//! purpose: who the others are and what they are told (`copies` has the words for it).

use std::fmt::Debug;

use rusqlite::Connection;

/// What was changed. Row numbers are this file's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Touched<'a> {
    /// A card: a new version, or taken out of use or back; its key.
    Card(&'a str),
    /// A worklist is new, has another name or more calls.
    Worklist(i64),
    /// A worklist is gone; its key.
    WorklistRemoved(&'a str),
    /// A call of a worklist is left out, or not any more.
    Entry {
        /// The worklist.
        worklist: i64,
        /// The call.
        guid: &'a str,
    },
    /// A review: what is said in it, whether it is finished.
    Review(i64),
    /// How far a review has gone with its agent.
    Feedback(i64),
    /// The alert of a review was raised.
    Alert(i64),
    /// Somebody sees to the alert of a review, or lets it go.
    AlertSeen(i64),
    /// A note is new or another.
    Note(i64),
    /// A note is gone; its identity.
    NoteRemoved(&'a str),
    /// A calibration was begun or taken in; its key.
    Calibration(&'a str),
    /// Somebody's review of a calibration is in.
    Judged {
        /// The calibration's key.
        calibration: &'a str,
        /// Who.
        reviewer: &'a str,
    },
    /// A combination of dispositions is known of a campaign, or forgotten.
    Disposition {
        /// The campaign.
        campaign: &'a str,
        /// The levels.
        levels: [&'a str; 3],
    },
    /// What was said of a call: its guid.
    Disposed(&'a str),
}

/// Somebody who hears of changes.
pub trait Recorder: Debug + Send + Sync {
    /// Hears of one, before it is committed. A failure undoes the change.
    ///
    /// # Errors
    /// The database's.
    fn touched(&self, connection: &Connection, account: &str, what: Touched<'_>) -> rusqlite::Result<()>;
}
