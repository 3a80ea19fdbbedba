//! The floor over time, kept on this computer: every change of today, minutes of the days before, within bounds.
//!
//! It has a file of its own beside the main one: written in bulk and in the background, cleared as a whole, and of less
//! worth than a tag. Time comes with the snapshots. What nobody watched is a gap, and stays one. Left out on purpose:
//! asking the server, texts, and who may see what.

mod alerts;
mod bundle;
mod codec;
mod figure_spans;
mod filling;
mod forecasts;
mod history;
mod hours;
mod journal;
mod past;
mod people;
mod record;
mod report;
mod rows;
mod state_intervals;
mod tables;
mod times;
mod trend;
pub mod wire;
mod words;
mod write;

pub use filling::Filled;
pub use forecasts::ForecastKept;
pub use history::{History, Site};
pub use tables::Bounds;
pub use times::{Figures, FloorTimes};
