//! Judging calls: scorecards and their arithmetic, notes, samples and worklists, calibration, reports,
//! dispositions known.
//!
//! Left out on purpose: the server (the desk reads calls and sends), sound, texts: words come from the window, but
//! for the cards to begin with, which are content.

mod alarm;
mod alarms;
mod calibration;
mod card;
mod cards;
mod compare;
pub mod copies;
mod dispositions;
mod draw;
mod error;
mod exchange;
mod finished;
mod found;
mod handed_file;
mod handing;
pub mod identity;
mod notes;
mod report;
mod reviews;
mod samples;
mod score;
mod shares;
mod starting_cards;
mod tables;
mod taking;
mod touched;
pub mod wire;

pub use alarm::Alarm;
pub use calibration::read_file as read_calibration_file;
pub use card::{read_file as read_card_file, write_file as write_card_file};
pub use compare::{Judged, compare};
pub use draw::{Drawn, draw, eligible};
pub use error::Error;
pub use handed_file::{WorklistFile, read_file as read_worklist_file};
pub use reviews::Reviews;
pub use score::score;
pub use shares::is_disposed;
pub use starting_cards::starting_cards;
pub use tables::MIGRATIONS;
pub use touched::{Recorder, Touched};
