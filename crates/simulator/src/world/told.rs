//! What came of operations, kept beside the floor: calls that were made, what is to be dialled, who is refused, messages.
//! Its draws are a stream of their own, so that a world that is told nothing is what it is without all this.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use fastrand::Rng;

use super::blacklist::Blacklist;
use super::lists::{Base, List, Place, Task};

/// A call made because somebody asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeCall {
    /// Its guid, of 36 or 37 characters.
    pub guid: String,
    /// The campaign it counts for.
    pub campaign: String,
    /// Who is in it.
    pub agent: String,
    /// Extension of their telephone.
    pub phone: String,
    /// The number it goes out with.
    pub callerid: String,
    /// What was dialled.
    pub destination: String,
    /// What came along for the workflow.
    pub data: String,
    /// The form, of a call with data.
    pub form: String,
    /// The base it is of; empty where it is of none.
    pub base: String,
    /// Its contact; empty where it has none.
    pub contact: String,
    /// Numbers that were left to be tried.
    pub alternatives: Vec<String>,
    /// When it began.
    pub began: NaiveDateTime,
    /// When the destination answered.
    pub answered: Option<NaiveDateTime>,
    /// When it was over.
    pub ended: Option<NaiveDateTime>,
    pub(crate) pick: u64,
}

/// A short message that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Sms {
    /// What the server calls it.
    pub id: u64,
    /// To whom.
    pub destination: String,
    /// What.
    pub message: String,
    /// With suffix.
    pub campaign: String,
    /// By whom; may be empty.
    pub agent: String,
    /// From which number or port; may be empty.
    pub source: String,
    /// The base it is of; empty where it was sent alone.
    pub base: String,
}

/// A file that was taken, as it was decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Of short messages; else of calls.
    pub of_sms: bool,
    /// Its name.
    pub filename: String,
    /// With suffix.
    pub campaign: String,
    /// Its rows.
    pub rows: Vec<String>,
    /// How many it said it has; a base of messages says nothing.
    pub cant: Option<usize>,
    /// Who sent it.
    pub username: String,
    /// The zone it came with.
    pub timezone: Option<String>,
}

/// A telephone that was hung up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HangUp {
    /// Extension.
    pub phone: String,
    /// When.
    pub at: NaiveDateTime,
    /// The call it was in, where that was made by an operation.
    pub guid: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The agent's telephone rings, the number is not dialled yet.
    AgentRings,
    /// The number rings.
    Dialled,
    Talking,
}

/// A call under way.
#[derive(Clone)]
pub(super) struct Live {
    /// Which of `made`.
    pub(super) made: usize,
    pub(super) campaign: usize,
    /// None at a telephone that is not on the floor.
    pub(super) agent: Option<usize>,
    pub(super) stage: Stage,
    /// Whether somebody will answer.
    pub(super) answers: bool,
    pub(super) since: u64,
    pub(super) until: u64,
    /// What of a list this is, with its place there.
    pub(super) task: Option<(Place, Task)>,
}

#[derive(Clone)]
pub(crate) struct Told {
    pub(super) rng: Rng,
    pub(super) made: Vec<MadeCall>,
    /// By extension.
    pub(super) live: BTreeMap<String, Live>,
    /// By campaign.
    pub(super) lists: BTreeMap<usize, List>,
    pub(super) blacklist: Blacklist,
    /// Numbers a dialer left out because of it.
    pub(super) refused: Vec<String>,
    pub(super) sms: Vec<Sms>,
    /// Messages of bases on their way: when, and which upload.
    pub(super) sms_coming: Vec<(u64, usize)>,
    /// Their rows are the text beside them.
    pub(super) uploads: Vec<(Upload, Arc<Base>)>,
    pub(super) hang_ups: Vec<HangUp>,
    /// Numbers of which it is known whether somebody answers.
    pub(super) answers: BTreeMap<String, bool>,
}

impl Told {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed ^ 0x0070_1d00),
            made: Vec::new(),
            live: BTreeMap::new(),
            lists: BTreeMap::new(),
            blacklist: Blacklist::default(),
            refused: Vec::new(),
            sms: Vec::new(),
            sms_coming: Vec::new(),
            uploads: Vec::new(),
            hang_ups: Vec::new(),
            answers: BTreeMap::new(),
        }
    }

    /// As long as the vendor's: one of some has a digit more.
    pub(super) fn guid(&mut self) -> String {
        let (high, low) = (self.rng.u64(..), self.rng.u64(..));
        let more = if self.made.len() % 4 == 2 { "1" } else { "" };
        format!(
            "{more}{:08x}-{:04x}-4{:03x}-9{:03x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0xfff,
            low & 0xffff_ffff_ffff
        )
    }
}
