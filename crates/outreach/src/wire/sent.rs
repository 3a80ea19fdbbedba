//! What was sent from here, and the blacklist as far as it is known here.

use atalaya_ucontact::Operation;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Groups of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SentKind {
    /// Scheduled calls, those of tasks at a moment among them, and taking them back.
    Schedules,
    /// Tasks for dialers, contacts put back, numbers taken out.
    Tasks,
    /// Bases of calls and of messages.
    Bases,
    /// Messages.
    Sms,
    /// The blacklist.
    Blacklistings,
    /// Calls placed and cut.
    Calls,
    /// People added.
    Members,
}

/// What became of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SentOutcome {
    /// Done.
    Done,
    /// It has not happened.
    Refused,
    /// It may have happened; also what is under way.
    Unknown,
}

/// What undoes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Undo {
    /// Nothing does; the API has no way.
    None,
    /// There is nothing to undo: it has not happened, or it is itself what took something back.
    Nothing,
    /// This operation, as long as it has not been dialled.
    By {
        /// Ready to be checked and sent.
        operation: Box<Operation>,
    },
    /// An operation of many numbers does: it is asked for by the line's number (`outreach_undo`).
    Asked,
    /// A number at a time, out of this campaign's dialer (`RemoveContact`).
    NumberByNumber {
        /// The campaign.
        campaign: String,
    },
}

/// One thing that was sent from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SentLine {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Its group.
    pub kind: SentKind,
    /// The vendor's operation.
    pub operation: String,
    /// Whom or what it is about: a number, a campaign, how many.
    pub target: String,
    /// The campaign; empty where there is none.
    pub campaign: String,
    /// What was sent, as names and values; of a base its name, rows and SHA-256.
    pub detail: Vec<(String, String)>,
    /// Who sent it.
    pub person: String,
    /// What became of it.
    pub outcome: SentOutcome,
    /// The server's words, or the code of why.
    pub why: Option<String>,
    /// The batch it was part of.
    #[ts(type = "number | null")]
    pub batch: Option<i64>,
    /// What undoes it.
    pub undo: Undo,
}

/// How many there are of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SentCount {
    /// The group.
    pub kind: SentKind,
    /// All of it.
    pub all: u32,
    /// Of those not known.
    pub unknown: u32,
}

/// Some of what was sent, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SentPage {
    /// How many there are of these.
    pub total: u32,
    /// Of every group.
    pub counts: Vec<SentCount>,
    /// The lines.
    pub lines: Vec<SentLine>,
}

/// What is known here of a number and the blacklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Listed {
    /// On it.
    On,
    /// Put on it, and nobody knows whether that took.
    PerhapsOn,
    /// Taken off it, and nobody knows whether that took: it is counted as on it.
    PerhapsOff,
}

/// A number on the blacklist, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlacklistKnown {
    /// The number.
    pub phone: String,
    /// The campaign it is not to be called by; empty: none.
    pub campaign: String,
    /// Whose it is.
    pub name: String,
    /// Their company.
    pub company: String,
    /// What they do there.
    pub job_title: String,
    /// What is known.
    pub listed: Listed,
    /// Known from a file, not from what was sent from here.
    pub from_file: bool,
    /// Since when.
    #[ts(type = "number")]
    pub since_ms: i64,
    /// Who sent or took it in.
    pub person: String,
}

/// Some of the numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlacklistPage {
    /// How many fit.
    pub total: u32,
    /// Of all, how many nobody is sure of.
    pub unsure: u32,
    /// By number.
    pub numbers: Vec<BlacklistKnown>,
}

/// What a file of numbers holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlacklistImport {
    /// Numbers taken.
    pub taken: u32,
    /// Those of them that were known as on the list already.
    pub known: u32,
    /// Lines that are no number, the first hundred.
    pub bad_lines: Vec<u32>,
    /// How many such lines.
    pub bad: u32,
}
