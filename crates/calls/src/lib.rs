//! Calls: searching and grouping their records, finding and fetching their recordings, tags.
//!
//! Left out on purpose: sound (the player's) and judging calls.

mod cache;
mod calls;
mod error;
mod find;
mod group;
mod places;
mod positions;
mod ranges;
mod recording;
mod search;
mod tags;
pub mod wire;

pub use cache::Cache;
pub use calls::{Calls, ConvertPolicy, PlaceSeen, Target};
pub use error::Error;
pub use group::Groups;
pub use positions::POSITIONS;
pub use recording::Recording;
pub use search::read_pages;
pub use tags::TagTarget;

/// The tables of this crate.
pub const MIGRATIONS: atalaya_store::Migrations = atalaya_store::Migrations {
    owner: "calls",
    steps: &["CREATE TABLE tag (
             account TEXT NOT NULL, guid TEXT NOT NULL, text TEXT NOT NULL, state TEXT NOT NULL,
             at_ms INTEGER NOT NULL, problem TEXT,
             PRIMARY KEY (account, guid, text)
         ) STRICT;
         CREATE INDEX tag_at ON tag (account, at_ms);"],
};
