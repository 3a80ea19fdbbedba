//! What the window sees of the list of calls a search brought: which are shown, in which order, a slice of them.

use std::collections::BTreeMap;

use atalaya_player::wire::SoundFigures;
use atalaya_ucontact::Direction;
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

use super::{Call, Search, SoundFilter};

/// Whether somebody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Answered {
    /// Either.
    #[default]
    Any,
    /// Somebody did.
    Yes,
    /// Nobody did.
    No,
}

/// How much of a call this person has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum HeardPart {
    /// Whatever.
    #[default]
    Any,
    /// Nothing yet.
    Nothing,
    /// Something, less than nine tenths.
    Part,
    /// Nine tenths or more.
    Most,
}

/// What narrows the calls fetched, without asking the server. Empty text, `None` and `Any` mean "any".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LocalFilter {
    /// Words that each occur in a shown column; `"two words"` together, `-word` nowhere.
    pub text: String,
    /// Longest call, seconds.
    pub max_length_secs: Option<u32>,
    /// First minute of the day.
    pub from_minute: Option<u16>,
    /// Last minute of the day; before the first one it is past midnight.
    pub until_minute: Option<u16>,
    /// Which way the call went.
    #[serde(deserialize_with = "said_or_any")]
    pub direction: Option<Direction>,
    /// Whether somebody answered.
    pub answered: Answered,
    /// The call's telephony outcome.
    pub outcome: String,
    /// The telephony outcome of any leg.
    pub leg_outcome: String,
    /// The call's Q.850 cause.
    pub cause: String,
    /// An agent any leg rang.
    pub leg_agent: String,
    /// How much was heard.
    pub heard: HeardPart,
    /// Only flagged calls.
    pub flagged: bool,
    /// The other party's number, exactly.
    pub number: String,
    /// What is asked of what can be heard.
    #[serde(flatten)]
    pub sound: SoundFilter,
}

/// Lists kept before this was one of two words said "any" with an empty one.
fn said_or_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Direction>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|said| match said.as_deref() {
        Some("inbound") => Some(Direction::Inbound),
        Some("outbound") => Some(Direction::Outbound),
        _ => None,
    })
}

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Column {
    /// Start, server-local.
    Time,
    /// Campaign.
    Campaign,
    /// Inbound or outbound.
    Direction,
    /// Who answered.
    Agent,
    /// Everybody rung.
    Rung,
    /// The other party.
    Number,
    /// Calling number.
    Source,
    /// Called number.
    Destination,
    /// First leg to end.
    Length,
    /// Talk.
    Talk,
    /// Before the answer, or until the end.
    Wait,
    /// Telephony's outcome.
    Outcome,
    /// Hang-up cause.
    Cause,
    /// Rating.
    Rating,
    /// Number of legs.
    Legs,
    /// Tags known here.
    Tags,
    /// Part heard.
    Heard,
    /// Flag.
    Flag,
    /// When the same number was next answered.
    Later,
    /// The call's key.
    Guid,
    /// Part of the recording that is silent.
    Silence,
    /// Longest silence.
    LongestSilence,
    /// What sounds like hold.
    Hold,
    /// How loud it is.
    Level,
    /// What is clipped.
    Clipping,
    /// Part in which both sides speak.
    TalkOver,
    /// How much each side speaks.
    Sides,
}

/// Which of the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ListMode {
    /// All.
    #[default]
    Calls,
    /// Inbound calls nobody answered.
    Abandoned,
}

/// How the list is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListView {
    /// Which of the calls.
    pub mode: ListMode,
    /// What narrows them.
    pub filter: LocalFilter,
    /// What they are in order of.
    pub sort: Column,
    /// Largest, latest, last first.
    pub down: bool,
    /// Columns shown: where free text is looked for.
    pub columns: Vec<Column>,
    /// The window's words for what is not text: `direction.inbound`, `outcome.NO ANSWER`, `cause.16`.
    pub words: BTreeMap<String, String>,
}

/// What is kept here about a call for the person at the desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// The call.
    pub guid: String,
    /// 0 to 1: the part of the recording that was played; `None` when nothing was.
    pub heard: Option<f64>,
    /// Flagged.
    pub flagged: bool,
    /// What can be heard of its recording; `None` when that was never measured here.
    pub sound: Option<SoundFigures>,
}

/// A call in the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListRow {
    /// The call.
    pub call: Call,
    /// What is kept here about it.
    pub mark: Mark,
    /// For a call nobody answered: when the same number was next answered, server-local text, in what was fetched.
    pub answered_later: Option<String>,
}

/// A stretch of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListSlice {
    /// Counts up whenever other rows, or rows in another order, are shown.
    pub revision: u32,
    /// Calls fetched.
    pub total: u32,
    /// Calls shown.
    pub shown: u32,
    /// Calls left out only because what can be heard of them is not known: nobody can say whether they belong here.
    pub unjudged: u32,
    /// Place of the first row given.
    pub from: u32,
    /// The rows.
    pub rows: Vec<ListRow>,
}

/// A value and how many of the calls fetched have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// As the record says it.
    pub value: String,
    /// Calls.
    pub calls: u32,
}

/// What there is to choose from in the calls fetched, the commonest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Facets {
    /// Campaigns.
    pub campaigns: Vec<Facet>,
    /// Agents of any leg.
    pub agents: Vec<Facet>,
    /// Outcomes of calls.
    pub outcomes: Vec<Facet>,
    /// Outcomes of legs.
    pub leg_outcomes: Vec<Facet>,
    /// Causes of calls.
    pub causes: Vec<Facet>,
}

/// A number that called more than once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Caller {
    /// The number.
    pub number: String,
    /// Its inbound calls.
    pub calls: u32,
    /// Of them answered.
    pub answered: u32,
    /// The first, server-local text.
    pub first_at: String,
    /// The last, server-local text.
    pub last_at: String,
    /// The campaign of the last.
    pub campaign: String,
    /// Whether a call in or out was answered after the last one nobody answered; `None` when each was answered.
    pub reached_later: Option<bool>,
}

/// Numbers that called more than once, the most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Callers {
    /// How many there are.
    pub total: u32,
    /// The most frequent of them.
    pub callers: Vec<Caller>,
}

/// A search with what narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Query {
    /// What the server is asked.
    pub search: Search,
    /// What narrows its answer here.
    pub local: LocalFilter,
}

/// A search read from text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadQuery {
    /// What was understood.
    pub query: Query,
    /// Fields understood.
    pub understood: u32,
    /// Parts that were not, as written.
    pub ignored: Vec<String>,
}
