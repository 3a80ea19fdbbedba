//! Work that several desks share. Every desk keeps its own copy (SQLite) and works on it whether the others can be reached or
//! not; what it changes waits in an outbox, is given a number by the team's log, and comes back to every desk in that order.
//! Where all have read the same log, all copies are equal.
//!
//! - [`Change`]: one thing as it is now, typed, with the identity every desk knows it by.
//! - `rules`: what holds where two say different things, a pure function of the log.
//! - [`Teamwork`]: one desk's part: recording (within the transaction of the change itself), the [`Outbox`], and applying what
//!   comes. What holds by the log is kept apart from the rows of the window: those are what holds with what waits on top, so
//!   that nobody sees their own words disappear and come back.
//!
//! Without a team nothing of this is opened and nothing is written. Left out on purpose: the log itself and the way to it
//! (a database), who is a member, and texts.

mod applying;
mod change;
mod claims;
mod error;
mod fingerprint;
mod floor_alert;
mod membership;
mod offering;
mod outbox;
mod recording;
pub mod rules;
mod showing;
mod tables;
mod team;
mod told;

pub use applying::Applied;
pub use change::{Change, ClaimStep, Kind, LAYOUT, Numbered, Place, What};
pub use claims::Claim;
pub use error::Error;
pub use floor_alert::AlertWord;
pub use membership::Membership;
pub use outbox::Outbox;
pub use tables::MIGRATIONS;
pub use team::{Member, Teamwork};
pub use told::{Told, ToldLine};
