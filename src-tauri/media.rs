//! The system's media controls: shown what is on air while a call is open, gone when none is; what is pressed there goes
//! to the window.
//!
//! Left out on purpose: what is shown and what a key means (the desk and the window).

use std::time::Duration;

use atalaya_desk::wire::MediaKey;
use atalaya_desk::{Desk, OnAir};
use souvlaki::{
    MediaControlEvent, MediaControls, MediaMetadata, MediaPlayback, MediaPosition, PlatformConfig,
    SeekDirection,
};
use tauri::{AppHandle, Manager};

use crate::opened::Opened;
use crate::shell;

/// A key that says forward or back, but not how far, seconds.
const STEP_SECS: f64 = 10.0;

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
    controls: &mut Option<MediaControls>,
    on_air: Option<&OnAir>,
) -> Result<(), souvlaki::Error> {
    let Some(on_air) = on_air else {
        *controls = None;
        return Ok(());
    };
    let controls = match controls {
        Some(controls) => controls,
        none => none.insert(attached(app, desk)?),
    };
    controls.set_metadata(MediaMetadata {
        title: Some(&on_air.campaign),
        album: Some(&on_air.day),
        duration: on_air.duration_secs.and_then(|secs| Duration::try_from_secs_f64(secs).ok()),
        ..MediaMetadata::default()
    })?;
    let progress = Duration::try_from_secs_f64(on_air.position_secs).ok().map(MediaPosition);
    controls.set_playback(if on_air.playing {
        MediaPlayback::Playing { progress }
    } else {
        MediaPlayback::Paused { progress }
    })
}

fn attached(app: &AppHandle, desk: &Desk) -> Result<MediaControls, souvlaki::Error> {
    // Several may run, each with a home of its own.
    let dbus_name = format!("atalaya.instance{}", std::process::id());
    let config = PlatformConfig { dbus_name: &dbus_name, display_name: "Atalaya", hwnd: window_handle(app) };
    let mut controls = MediaControls::new(config)?;
    let (app, desk) = (app.clone(), desk.clone());
    controls.attach(move |event| match event {
        MediaControlEvent::Raise => shell::show(&app),
        MediaControlEvent::Quit => app.exit(0),
        event => {
            if let Some(key) = key_of(&event) {
                desk.media_key(key);
            }
        }
    })?;
    Ok(controls)
}

fn key_of(event: &MediaControlEvent) -> Option<MediaKey> {
    let way = |direction: &SeekDirection| match direction {
        SeekDirection::Forward => 1.0,
        SeekDirection::Backward => -1.0,
    };
    Some(match event {
        MediaControlEvent::Play => MediaKey::Play,
        MediaControlEvent::Pause | MediaControlEvent::Stop => MediaKey::Pause,
        MediaControlEvent::Toggle => MediaKey::Toggle,
        MediaControlEvent::Next => MediaKey::Next,
        MediaControlEvent::Previous => MediaKey::Previous,
        MediaControlEvent::Seek(direction) => MediaKey::SeekBy { secs: way(direction) * STEP_SECS },
        MediaControlEvent::SeekBy(direction, by) => {
            MediaKey::SeekBy { secs: way(direction) * by.as_secs_f64() }
        }
        MediaControlEvent::SetPosition(MediaPosition(at)) => MediaKey::SeekTo { secs: at.as_secs_f64() },
        _ => return None,
    })
}

#[cfg(windows)]
fn window_handle(app: &AppHandle) -> Option<*mut std::ffi::c_void> {
    app.get_webview_window("main")?.hwnd().ok().map(|handle| handle.0)
}

#[cfg(not(windows))]
fn window_handle(_app: &AppHandle) -> Option<*mut std::ffi::c_void> {
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_sends_is_a_key_of_the_window() {
        let back = MediaControlEvent::SeekBy(SeekDirection::Backward, Duration::from_millis(2_500));
        assert_eq!(key_of(&back), Some(MediaKey::SeekBy { secs: -2.5 }));
        let on = MediaControlEvent::Seek(SeekDirection::Forward);
        assert_eq!(key_of(&on), Some(MediaKey::SeekBy { secs: 10.0 }));
        assert_eq!(key_of(&MediaControlEvent::Stop), Some(MediaKey::Pause));
        assert_eq!(key_of(&MediaControlEvent::OpenUri("file:///etc/passwd".into())), None);
    }
}
