//! The desk a person sits at: one signed-in session with its floor, calls and player, and what they chose to keep.
//!
//! Everything the window (or any other shell) can ask for is a plain method here, so that it can be tested without a
//! window. Left out on purpose: Tauri, channels to the window, texts.

mod alerting;
pub mod csv;
mod demo;
mod desk;
mod diagnostics;
mod exporting;
mod face;
mod file_names;
pub mod files;
mod finding;
mod judging;
mod keeping;
mod listening;
pub mod logging;
mod marking;
mod media;
pub mod page;
mod past;
mod paths;
mod problem;
mod quiet;
mod sampling;
mod saving;
mod saving_many;
mod sending;
mod session;
mod settings;
mod tagging;
mod windows;
pub mod wire;

pub use demo::DemoWorld;
pub use desk::{Desk, Options};
pub use face::{Face, render};
pub use media::OnAir;
pub use past::HistoryRoom;
pub use paths::Paths;
pub use problem::{Problem, problem};
pub use quiet::QuietHours;
pub use settings::{Language, Settings, Theme, Thresholds};
