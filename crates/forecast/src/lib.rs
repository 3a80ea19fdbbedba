//! The next quarter of an hour of a floor: what is coming, who could help, and how often it was right.
//!
//! Pure: from the floor as it is, what is known of times like this, what is aimed at and a seed to a distribution for each
//! campaign, and the same seed gives the same answer. No formula for one queue will do where people serve several
//! campaigns, so the whole floor is lived through many times ([`Scene`]); [`erlang`] is the check where formulas apply.
//!
//! What it stands on, a file each: how many calls come (`arrivals`), how long they take (`handling`), how long callers wait
//! (`patience`), put together for a floor (`laws`); the floor packed (`stage`) and lived through (`simulate`); what came of
//! it ([`outcome`]). On the same random numbers: what if people were elsewhere ([`whatif`]), and whom to move ([`advise`]).
//! Bands are widened or narrowed to what they were worth in the past, with their record ([`calibrate`]). Where too little
//! is known there is no forecast, and a [`Reason`] in its place. The middle is drawn towards what there is now as far as that
//! was nearer lately (`towards`), and what is promised of a service level towards what came of such promises (`promise`).
//!
//! # How it is filled
//!
//! By one conversion in `ahead`, which alone knows `floor` and `history` beside it:
//!
//! - [`input::Floor`] from `floor`'s snapshot: campaigns and agents as they are, `age_secs` from `health.last_ok_ms`, seats
//!   from `agents[].campaigns` (penalty and pause of one place only, where the roster tells them), `people_known` from
//!   `agents_read_at_ms` and `agents_unread`. `readings` are kept there once ten seconds or so, for an hour: answered,
//!   abandoned, waiting; a poll that failed leaves none, which is a gap. Ages are counted on to now, also where the picture is
//!   seconds old.
//! - [`input::Known`] from `history`: offered calls of the half hours before, of and after now, of earlier days of this
//!   weekday, as far as they were watched whole; recent talks, wrap-ups and breaks from people's state intervals; how many
//!   gave up over how long was waited from the campaign's minutes, single waits where calls tell them.
//! - [`input::Targets`] from the rules: relative limits already in seconds, the campaign's own threshold.
//! - [`calibrate::Kept`]: made with what is shown ([`calibrate::Calibration::bands`]); the history keeps it, and what came true
//!   once it is known: waiting and longest wait of the picture then, the level from the counters' difference, nothing where a
//!   gap or a reset lies between.
//!
//! Left out on purpose: asking, keeping, clocks, texts, and what to do with it.

pub mod advise;
mod agenda;
mod arrivals;
pub mod calibrate;
pub mod erlang;
mod figure;
mod handling;
mod idle;
pub mod input;
mod lasted;
mod laws;
pub mod outcome;
mod patience;
mod promise;
mod reason;
mod scene;
mod simulate;
mod spread;
mod stage;
mod stream;
mod told;
mod towards;
pub mod whatif;

pub use reason::{Basis, Grounds, Reason};
pub use scene::{Forecast, Scene};
