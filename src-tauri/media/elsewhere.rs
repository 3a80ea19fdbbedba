//! Windows and the others: the system's controls through a crate that knows theirs.
//!
//! Left out on purpose: what a key means, and which call is shown.

use atalaya_desk::wire::MediaKey;
use souvlaki::{
    MediaControlEvent, MediaControls, MediaMetadata, MediaPlayback, MediaPosition, PlatformConfig,
    SeekDirection,
};
use tauri::AppHandle;

use super::{Pressed, Shown};

/// A key that says forward or back, but not how far, seconds.
const STEP_SECS: f64 = 10.0;

/// The controls; gone when dropped.
pub(super) struct Controls(MediaControls);

impl Controls {
    /// Offers them to the system.
    pub(super) fn offer(
        app: &AppHandle,
        pressed: impl Fn(Pressed) + Send + Sync + 'static,
    ) -> Result<Self, souvlaki::Error> {
        let dbus_name = format!("atalaya.instance{}", std::process::id());
        let config =
            PlatformConfig { dbus_name: &dbus_name, display_name: "Atalaya", hwnd: window_handle(app) };
        let mut controls = MediaControls::new(config)?;
        controls.attach(move |event| {
            if let Some(known) = pressed_of(&event) {
                pressed(known);
            }
        })?;
        Ok(Self(controls))
    }

    /// Shows a call.
    pub(super) fn show(&mut self, shown: Shown) -> Result<(), souvlaki::Error> {
        self.0.set_metadata(MediaMetadata {
            title: Some(&shown.title),
            album: Some(&shown.album),
            duration: shown.length,
            ..MediaMetadata::default()
        })?;
        let progress = Some(MediaPosition(shown.at));
        self.0.set_playback(if shown.playing {
            MediaPlayback::Playing { progress }
        } else {
            MediaPlayback::Paused { progress }
        })
    }
}

fn pressed_of(event: &MediaControlEvent) -> Option<Pressed> {
    let way = |direction: &SeekDirection| match direction {
        SeekDirection::Forward => 1.0,
        SeekDirection::Backward => -1.0,
    };
    Some(Pressed::Key(match event {
        MediaControlEvent::Raise => return Some(Pressed::Raise),
        MediaControlEvent::Quit => return Some(Pressed::Quit),
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
    }))
}

#[cfg(windows)]
fn window_handle(app: &AppHandle) -> Option<*mut std::ffi::c_void> {
    use tauri::Manager as _;
    app.get_webview_window("main")?.hwnd().ok().map(|handle| handle.0)
}

#[cfg(not(windows))]
fn window_handle(_app: &AppHandle) -> Option<*mut std::ffi::c_void> {
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_the_system_sends_is_a_key_of_the_window() {
        let back = MediaControlEvent::SeekBy(SeekDirection::Backward, Duration::from_millis(2_500));
        assert_eq!(pressed_of(&back), Some(Pressed::Key(MediaKey::SeekBy { secs: -2.5 })));
        let on = MediaControlEvent::Seek(SeekDirection::Forward);
        assert_eq!(pressed_of(&on), Some(Pressed::Key(MediaKey::SeekBy { secs: 10.0 })));
        assert_eq!(pressed_of(&MediaControlEvent::Stop), Some(Pressed::Key(MediaKey::Pause)));
        assert_eq!(pressed_of(&MediaControlEvent::OpenUri("file:///etc/passwd".into())), None);
    }
}
