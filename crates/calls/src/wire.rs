//! What the window sees of calls, their recordings and tags.
//!
//! Dates are the server's local text (`yyyy-MM-dd HH:mm:ss`) and stay text: no zone is known, so none is invented.
//! Left out on purpose: URLs (they stay in Rust) and the vendor's field names.

mod list;
mod sound;

pub use atalaya_ucontact::{Direction, Place, Problem};
pub use list::{
    Answered, Caller, Callers, Column, Facet, Facets, HeardPart, ListMode, ListRow, ListSlice, ListView,
    LocalFilter, Mark, Query, ReadQuery,
};
use serde::{Deserialize, Serialize};
pub use sound::SoundFilter;
use ts_rs::TS;

/// A search for calls. Empty text and `None` mean "any".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Search {
    /// First moment, server-local `yyyy-MM-dd HH:mm:ss`.
    pub from: String,
    /// Last moment, server-local `yyyy-MM-dd HH:mm:ss`.
    pub to: String,
    /// Agent's user name.
    pub agent: String,
    /// Campaign's name with its suffix.
    pub campaign: String,
    /// Calling number.
    pub source: String,
    /// Called number.
    pub destination: String,
    /// Text of a tag.
    pub tag: String,
    /// Rating, as text.
    pub rating: String,
    /// Shortest call, seconds.
    pub min_duration_secs: Option<u32>,
    /// A number to leave out.
    pub exclude: String,
    /// Hours of the day, `HH:MM-HH:MM`.
    pub hours: String,
    /// The number occurs at least so often in the period.
    pub times_seen: Option<u32>,
    /// `today`, `yesterday`, `week` or `month` when the dates follow the day somebody searches on; else empty.
    pub period: String,
}

/// One telephony leg of a call: one agent's phone rung.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Leg {
    /// The record's number.
    #[ts(type = "number")]
    pub id: i64,
    /// When it began, server-local text.
    pub calldate: String,
    /// The agent rung; `None` when the record names none.
    pub agent: Option<String>,
    /// Telephony's outcome (`ANSWERED`, `NO ANSWER` …), not the tipificación.
    pub disposition: String,
    /// Seconds of the leg.
    pub duration_secs: Option<u32>,
    /// Seconds billed: talk, on the answered leg.
    pub talk_secs: Option<u32>,
    /// Q.850 cause as text.
    pub cause: Option<String>,
}

/// One call: all legs with the same `guid`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// The key, and the recording's name.
    pub guid: String,
    /// The earliest leg's start, server-local text.
    pub started_at: String,
    /// Call end − first leg, seconds.
    pub length_secs: Option<u32>,
    /// The answered leg's billed seconds.
    pub talk_secs: Option<u32>,
    /// Seconds before somebody answered, or until the end when nobody did.
    pub wait_secs: Option<u32>,
    /// Campaign's name with its suffix.
    pub campaign: String,
    /// As the record says, else from the campaign's suffix.
    pub direction: Direction,
    /// Who answered; `None` when nobody did.
    pub agent: Option<String>,
    /// Whether a leg was answered.
    pub answered: bool,
    /// No leg that was read was answered, but the server gave only those the search asked for: whether somebody else
    /// answered is not known.
    #[serde(default)]
    pub others_unread: bool,
    /// Telephony's outcome: of the answered leg, else of the last one.
    pub outcome: String,
    /// Q.850 cause of that leg, as text.
    pub cause: Option<String>,
    /// Calling number.
    pub source: String,
    /// Called number.
    pub destination: String,
    /// The server's rating; `None` when not rated.
    pub rating: Option<i32>,
    /// Days (`yyyymmdd`) whose folder may hold the recording, likeliest first.
    pub days: Vec<String>,
    /// In order of start.
    pub legs: Vec<Leg>,
}

/// One agent's calls of a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentCalls {
    /// All of them.
    pub count: u32,
    /// The newest, the newest first.
    pub calls: Vec<Call>,
}

/// One message of a running search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SearchUpdate {
    /// A page arrived; its calls are in the list.
    Page {
        /// Calls so far.
        calls: u32,
        /// Pages read so far.
        pages: u32,
        /// Rows (legs) read so far, duplicates not counted.
        rows: u32,
        /// Records that could not be read so far.
        dropped: u32,
    },
    /// The last page was read.
    Done {
        /// Calls in all.
        calls: u32,
        /// Rows in all.
        rows: u32,
    },
    /// Stopped by the person; what arrived stays.
    Cancelled,
    /// Stopped by a failure; what arrived stays.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// How one place answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PlaceAnswer {
    /// The recording is there.
    Found,
    /// It is not.
    NotFound,
    /// Something else is there: a web page, another kind of file, sound too short to be any.
    NotAudio,
    /// A file without a byte.
    Empty,
    /// Nobody may have it.
    Forbidden,
    /// No connection.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// Another failure.
    Error,
}

impl PlaceAnswer {
    /// The word of it, as the window gets it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::NotFound => "notFound",
            Self::NotAudio => "notAudio",
            Self::Empty => "empty",
            Self::Forbidden => "forbidden",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Error => "error",
        }
    }
}

/// What one place answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Where.
    pub place: Place,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// What came back.
    pub outcome: PlaceAnswer,
    /// Milliseconds it took.
    pub millis: u32,
}

/// How the search for one recording goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
#[ts(rename = "LocateUpdate")]
pub enum LocateUpdate {
    /// The places are being asked.
    Looking,
    /// A place answered.
    Tried {
        /// What it said.
        attempt: Attempt,
    },
    /// The server was asked to convert it to MP3.
    Converting,
    /// Converted (or queued): the places are asked again.
    LookingAgain {
        /// Which round, from 1.
        round: u32,
        /// Of how many.
        rounds: u32,
    },
    /// Found.
    Found {
        /// Where.
        place: Place,
        /// Milliseconds since the search began.
        millis: u32,
        /// Whether it was on this computer already.
        cached: bool,
    },
    /// The rest comes from another place: the one before was lost half way.
    Moved {
        /// Where.
        place: Place,
        /// Provably the same file; else another copy, heard on from the same second.
        same_bytes: bool,
    },
    /// Not to be had.
    Failed {
        /// Why.
        problem: Problem,
    },
}

/// Where a tag stands between this program and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TagState {
    /// Written here, being sent.
    Sending,
    /// Sent; the server has not shown it yet.
    Pending,
    /// Found through the server's tag filter.
    Confirmed,
    /// Looked for and not found yet; the person may look again.
    NotConfirmed,
    /// Sent, and no answer: it may have arrived. It is looked for, and not sent again by itself.
    Unknown,
    /// The server refused it, or it never left: the person may send it again.
    Failed,
}

/// A tag known here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// The call.
    pub guid: String,
    /// The text, as sent.
    pub text: String,
    /// Where it stands.
    pub state: TagState,
    /// When it was sent or learned, epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Why it failed.
    pub problem: Option<Problem>,
}
