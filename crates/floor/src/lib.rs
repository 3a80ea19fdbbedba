//! The live floor: what is asked of the server and when, the picture it adds up to, and what changed.
//!
//! Left out on purpose: colours and texts (the window's), and anything from before the watch began.

mod alerts;
mod clock_watch;
mod diff;
mod feed;
mod floor;
mod health;
mod interval_counters;
mod measure;
mod once;
mod picture;
mod plan;
mod poll;
mod reading;
mod relay;
mod scope;
mod shift;
mod state;
mod watched;
pub mod wire;

pub use alerts::{Alerts, News, default_rules};
pub use atalaya_ucontact::direction;
pub use clock_watch::{ClockWatch, Moved};
pub use diff::{apply, diff};
pub use feed::FloorFeed;
pub use floor::Floor;
pub use interval_counters::{Counters, IntervalCounters};
pub use measure::campaign_limits;
pub use once::{read_into, read_once};
pub use picture::{LastHour, Picture};
pub use reading::Reading;
pub use relay::{Duty, Relay, Wished, WishedFeed};
pub use scope::RedAhead;
pub use shift::same_reason;
pub use state::agent_state;
pub use watched::PollOptions;
