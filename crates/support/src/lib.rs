//! What support needs of this program: a report a person reads before anybody else does, and what broke, kept for the next
//! start.
//!
//! Left out on purpose: sending anything anywhere; what the report is of (the desk knows), and its window.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop here"))]

pub mod breakdown;
pub mod redaction;
mod report;

pub use breakdown::Breakdown;
pub use redaction::{Known, Redaction};
pub use report::{Part, last_lines, written};
