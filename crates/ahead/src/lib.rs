//! The next quarter of an hour of a floor that is watched: what `forecast` is given, what it says to a person, and what came
//! true of it.
//!
//! The one place that knows `floor`, `history` and `forecast`, so that the window and the command line say the same: what the
//! counters said over the last hour ([`Readings`]), the conversion (`convert`), a look at a time ([`Ahead`]) with what was
//! kept of earlier ones (`truth`), and questions about the last look ([`View`]). Where too little is known there is a reason in
//! place of a forecast. Left out on purpose: when it is worked out and who hears of it, texts, and asking the server.

mod convert;
mod look;
mod readings;
mod truth;
mod view;
pub mod wire;

pub use look::{Ahead, Asked, Looked};
pub use readings::Readings;
pub use view::View;
