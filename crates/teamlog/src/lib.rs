//! The way of shared work: what waits at this desk to the team's log, and what the log has back into this desk's copy.
//!
//! A connection of its own beside the floor's, so that a desk that only watches drags no judging along. Everything is said
//! under its own identity and read on from a number: whatever is cut in the middle is said and read again, and is the same. Left
//! out on purpose: what a change means (`teamwork`), and the log itself (`team`).

mod courier;
pub mod wire;

pub use courier::{Courier, Errand, News};
