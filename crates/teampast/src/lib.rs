//! Hours of the floor's past on their way between desks: whoever asks the server offers those that are over, and whoever did not
//! watch takes them.
//!
//! Seldom, whole hours only, within bounds, over a connection that is open for as long as it takes: nobody waits for it, and a
//! database that is away costs nothing. Left out on purpose: what is in an hour (`history`), its way and its rights (`team`).

mod hours;

pub use hours::{Errand, Hours, HoursState, RefusedHour};
