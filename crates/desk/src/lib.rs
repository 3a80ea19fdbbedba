//! The desk a person sits at: what they chose to keep, and one signed-in session with its floor, calls and judging.
//!
//! Everything the window (or any other shell) can ask for is a plain method here, so that it can be tested without a
//! window: what outlives a session on [`Desk`], what belongs to one on [`Session`]. Left out on purpose: Tauri, channels to
//! the window, texts.

mod daily;
mod decided;
mod demo;
mod desk;
mod failures;
mod file_names;
pub mod files;
mod house;
mod keys;
mod locked;
pub mod logging;
mod problem;
mod quiet;
mod review_rules;
mod rules;
mod secrets;
pub mod session;
mod settings;
mod settings_file;
mod team;
mod tray_badge;
mod updates;
mod webhook;
mod windows;
pub mod wire;

pub use atalaya_store::Paths;
pub use daily::{DailyPeriod, DailyReport};
pub use decided::Decided;
pub use demo::DemoWorld;
pub use desk::{Desk, HistoryRoom, OnAir, Options};
pub use failures::Failures;
pub use file_names::{RecordingNames, recording_names};
pub use house::{HousePart, HousePublished, HouseTold};
pub use keys::ChosenKey;
pub use problem::{Problem, problem};
pub use quiet::QuietHours;
pub use review_rules::ReviewRule;
pub use session::Session;
pub use settings::{Language, Offered, Settings, SettingsParts, Theme};
pub use settings_file::{SettingChange, SettingsFound};
pub use team::{TeamJoin, TeamMember, TeamTold};
pub use tray_badge::{TrayBadge, render};
pub use updates::{UpdateFound, UpdatePhase, UpdateState, UpdateWaits, UpdateWayBack};
pub use webhook::{WebhookAddress, WebhookChoice, WebhookSent, WebhookState, WebhookWords};
