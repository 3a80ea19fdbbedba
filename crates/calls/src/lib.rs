//! Calls: searching their records, listing what was found, locating and fetching their recordings, tags, and what was
//! heard and flagged, and what can be heard of those that were measured.
//!
//! Left out on purpose: sound (the player's) and judging calls.

mod cache;
mod calls;
mod error;
mod list;
mod locate;
mod marks;
mod places;
mod positions;
mod query;
mod ranges;
mod recording;
mod search;
mod server_time;
mod sounds;
mod table;
mod tags;
mod tasks;
mod texts;
pub mod wire;
mod writes;

pub use cache::Cache;
pub use calls::{Calls, ConvertPolicy, PlaceSeen, Target, account_of};
pub use error::Error;
pub use list::{CallList, fold};
pub use marks::HeardSpan;
pub use positions::POSITIONS;
pub use query::{as_text, from_text};
pub use recording::Recording;
pub use search::{Pages, read_pages};
pub use table::CallTable;
pub use tags::{TagTarget, write_tag};
pub use tasks::{LAST_WORDS, Tasks};
pub use writes::{Sent, Writes, outcome_of};

/// The tables of this crate.
pub const MIGRATIONS: atalaya_store::Migrations = atalaya_store::Migrations {
    owner: "calls",
    steps: &[
        "CREATE TABLE tag (
             account TEXT NOT NULL, guid TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL,
             at_ms INTEGER NOT NULL, problem TEXT,
             PRIMARY KEY (account, guid, text)
         ) STRICT;
         CREATE INDEX tag_at ON tag (account, at_ms);",
        // What one person heard and flagged; `person` is empty before anybody said who sits here.
        "CREATE TABLE heard (
             account TEXT NOT NULL, person TEXT NOT NULL, guid TEXT NOT NULL,
             stretches TEXT NOT NULL, length_ms INTEGER, at_ms INTEGER NOT NULL,
             PRIMARY KEY (account, person, guid)
         ) STRICT;
         CREATE TABLE flag (
             account TEXT NOT NULL, person TEXT NOT NULL, guid TEXT NOT NULL, at_ms INTEGER NOT NULL,
             PRIMARY KEY (account, person, guid)
         ) STRICT;",
        // Earlier programs called a tag failed when no answer came: it may have arrived. A status from 400 to 499 is a no.
        "UPDATE tag SET state = 'unknown'
         WHERE state = 'failed' AND json_valid(problem)
             AND problem ->> '$.code' IN
                 ('timeout', 'unreachable', 'busy', 'serverError', 'malformed', 'tooLarge', 'misdirected')
             AND coalesce(problem ->> '$.params.status', '') NOT LIKE '4%';",
        // What can be heard of a recording, as the measuring of this version found it.
        "CREATE TABLE sound (
             account TEXT NOT NULL, guid TEXT NOT NULL, version INTEGER NOT NULL, measured_ms INTEGER NOT NULL,
             figures TEXT NOT NULL, at_ms INTEGER NOT NULL,
             PRIMARY KEY (account, guid)
         ) STRICT;",
    ],
};
