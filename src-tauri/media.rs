//! The system's media controls: shown what is on air while a call is open, gone when none is; what is pressed there goes
//! to the window.
//!
//! Left out on purpose: what is shown and what a key means (the desk and the window), and how each system is spoken to
//! (`mpris`, `elsewhere`).

use std::time::Duration;

use atalaya_desk::wire::MediaKey;
use atalaya_desk::{Desk, OnAir};
use tauri::{AppHandle, Manager};

use crate::opened::Opened;
use crate::shell;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod mpris;

#[cfg(not(target_os = "linux"))]
use elsewhere::Controls;
#[cfg(target_os = "linux")]
use mpris::Controls;

/// What somebody pressed in the system's controls.
#[derive(Debug, Clone, PartialEq)]
enum Pressed {
    Raise,
    Quit,
    Key(MediaKey),
}

/// What the controls show.
#[derive(Debug, Clone, Default, PartialEq)]
struct Shown {
    title: String,
    album: String,
    length: Option<Duration>,
    playing: bool,
    at: Duration,
}

impl Shown {
    fn of(on_air: &OnAir) -> Self {
        Self {
            title: on_air.campaign.clone(),
            album: on_air.day.clone(),
            length: on_air.duration_secs.and_then(|secs| Duration::try_from_secs_f64(secs).ok()),
            playing: on_air.playing,
            at: Duration::try_from_secs_f64(on_air.position_secs).unwrap_or_default(),
        }
    }

    /// Whether the same is said of the call, wherever it stands.
    #[cfg(target_os = "linux")]
    fn same_call(&self, other: &Self) -> bool {
        (&self.title, &self.album, self.length) == (&other.title, &other.album, other.length)
    }
}

/// Follows the player for as long as the program runs.
pub fn follow(app: &AppHandle) {
    let Some(Ok(desk)) = app.try_state::<Opened>().map(|opened| opened.0.clone()) else { return };
    if !available() {
        return;
    }
    let app = app.clone();
    let spawned = std::thread::Builder::new().name("media-controls".into()).spawn(move || {
        let mut controls = None;
        desk.on_air(|on_air| match show(&app, &desk, &mut controls, on_air) {
            Ok(()) => true,
            Err(error) => {
                tracing::info!(%error, "the system has no media controls for us");
                false
            }
        });
    });
    if let Err(error) = spawned {
        tracing::info!(%error, "media controls could not be followed");
    }
}

fn show(
    app: &AppHandle,
    desk: &Desk,
    controls: &mut Option<Controls>,
    on_air: Option<&OnAir>,
) -> Result<(), Box<dyn std::error::Error>> {
    let Some(on_air) = on_air else {
        *controls = None;
        return Ok(());
    };
    let controls = match controls {
        Some(controls) => controls,
        none => none.insert(offered(app, desk)?),
    };
    Ok(controls.show(Shown::of(on_air))?)
}

fn offered(app: &AppHandle, desk: &Desk) -> Result<Controls, Box<dyn std::error::Error>> {
    let (window, desk) = (app.clone(), desk.clone());
    Ok(Controls::offer(app, move |pressed| match pressed {
        Pressed::Raise => shell::show(&window),
        Pressed::Quit => window.exit(0),
        Pressed::Key(key) => desk.media_key(key),
    })?)
}

/// Without a message bus there is nobody to tell.
#[cfg(target_os = "linux")]
fn available() -> bool {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    of("DBUS_SESSION_BUS_ADDRESS").is_some()
        || of("XDG_RUNTIME_DIR").is_some_and(|folder| std::path::Path::new(&folder).join("bus").exists())
}

/// The system asks for a window to belong to.
#[cfg(not(target_os = "linux"))]
fn available() -> bool {
    true
}
