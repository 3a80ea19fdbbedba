//! Linux: the desktop's controls over the message bus (MPRIS), spoken directly. Nothing here wakes up unless somebody
//! presses something or something changed: a player that is open and held costs nothing.
//!
//! Left out on purpose: what a key means, and which call is shown.

#![expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::used_underscore_binding,
    reason = "the interface's own shape: what it asks of an object is a method of it, and takes what is sent"
)]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use atalaya_desk::wire::MediaKey;
use tauri::AppHandle;
use zbus::blocking::object_server::InterfaceRef;
use zbus::blocking::{Connection, connection};
use zbus::zvariant::{ObjectPath, Value};
use zbus::{block_on, interface};

use super::{Pressed, Shown};

/// Where the specification wants it.
const PATH: &str = "/org/mpris/MediaPlayer2";
/// The one track there is: a name of its own is all the specification asks of it.
const TRACK: &str = "/org/atalaya/call";

type Press = Arc<dyn Fn(Pressed) + Send + Sync>;

/// The controls; gone from the desktop when dropped.
pub(super) struct Controls {
    player: InterfaceRef<Player>,
    connection: Option<Connection>,
}

impl Controls {
    /// Offers them to the desktop under a name of this process: several may run, each with a home of its own.
    pub(super) fn offer(
        _app: &AppHandle,
        pressed: impl Fn(Pressed) + Send + Sync + 'static,
    ) -> zbus::Result<Self> {
        let press: Press = Arc::new(pressed);
        let connection = connection::Builder::session()?
            .serve_at(PATH, App { press: Arc::clone(&press) })?
            .serve_at(PATH, Player { press, shown: Shown::default() })?
            .name(format!("org.mpris.MediaPlayer2.atalaya.instance{}", std::process::id()))?
            .build()?;
        let player = connection.object_server().interface(PATH)?;
        Ok(Self { player, connection: Some(connection) })
    }

    /// Shows a call, and tells the desktop what of it is new.
    pub(super) fn show(&mut self, shown: Shown) -> zbus::Result<()> {
        let mut player = self.player.get_mut();
        let before = std::mem::replace(&mut player.shown, shown);
        let bus = self.player.signal_emitter();
        if !player.shown.same_call(&before) {
            block_on(player.metadata_changed(bus))?;
        }
        if player.shown.playing != before.playing {
            block_on(player.playback_status_changed(bus))?;
        }
        Ok(())
    }
}

impl Drop for Controls {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close()
        {
            tracing::debug!(%error, "the message bus was gone before");
        }
    }
}

/// The program.
struct App {
    press: Press,
}

#[interface(name = "org.mpris.MediaPlayer2")]
impl App {
    fn raise(&self) {
        (self.press)(Pressed::Raise);
    }

    fn quit(&self) {
        (self.press)(Pressed::Quit);
    }

    #[zbus(property)]
    fn can_quit(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_raise(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property)]
    fn identity(&self) -> &'static str {
        "Atalaya"
    }

    #[zbus(property)]
    fn supported_uri_schemes(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn supported_mime_types(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What it plays.
struct Player {
    press: Press,
    shown: Shown,
}

impl Player {
    fn key(&self, key: MediaKey) {
        (self.press)(Pressed::Key(key));
    }
}

#[interface(name = "org.mpris.MediaPlayer2.Player")]
impl Player {
    fn next(&self) {
        self.key(MediaKey::Next);
    }

    fn previous(&self) {
        self.key(MediaKey::Previous);
    }

    fn pause(&self) {
        self.key(MediaKey::Pause);
    }

    fn play_pause(&self) {
        self.key(MediaKey::Toggle);
    }

    fn stop(&self) {
        self.key(MediaKey::Pause);
    }

    fn play(&self) {
        self.key(MediaKey::Play);
    }

    /// By so many microseconds, ahead or back.
    fn seek(&self, offset: i64) {
        self.key(MediaKey::SeekBy { secs: offset as f64 / 1e6 });
    }

    /// To so many microseconds. The specification: of another track, or from beyond this one, it means nothing.
    fn set_position(&self, track: ObjectPath<'_>, position: i64) {
        let beyond = self.shown.length.is_some_and(|length| position > micros(length));
        if track.as_str() == TRACK && position >= 0 && !beyond {
            self.key(MediaKey::SeekTo { secs: position as f64 / 1e6 });
        }
    }

    /// Nothing comes from elsewhere.
    fn open_uri(&self, _uri: String) {}

    #[zbus(property)]
    fn playback_status(&self) -> &'static str {
        if self.shown.playing { "Playing" } else { "Paused" }
    }

    #[zbus(property)]
    fn metadata(&self) -> HashMap<&'static str, Value<'static>> {
        let mut told: HashMap<&'static str, Value<'static>> = HashMap::new();
        told.insert("mpris:trackid", Value::new(ObjectPath::from_static_str_unchecked(TRACK)));
        told.insert("xesam:title", Value::new(self.shown.title.clone()));
        told.insert("xesam:album", Value::new(self.shown.album.clone()));
        if let Some(length) = self.shown.length {
            told.insert("mpris:length", Value::new(micros(length)));
        }
        told
    }

    /// The desktop counts on by itself: it asks, and is not told.
    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        micros(self.shown.at)
    }

    #[zbus(property)]
    fn rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn minimum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn maximum_rate(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn volume(&self) -> f64 {
        1.0
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_play(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn can_control(&self) -> bool {
        true
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_the_desktop_sends_is_a_key_of_the_window() {
        let (send, pressed) = mpsc::channel();
        let press: Press = Arc::new(move |pressed| drop(send.send(pressed)));
        let length = Some(Duration::from_secs(60));
        let player = Player { press, shown: Shown { length, ..Shown::default() } };
        let track = || ObjectPath::from_static_str_unchecked(TRACK);
        player.seek(-2_500_000);
        player.stop();
        player.set_position(track(), 12_000_000);
        // Of a call that is over, from beyond this one, and from nowhere: nothing.
        player.set_position(ObjectPath::from_static_str_unchecked("/org/atalaya/other"), 1);
        player.set_position(track(), 61_000_000);
        player.set_position(track(), -1);
        player.open_uri("file:///etc/passwd".to_owned());
        drop(player);
        let keys: Vec<Pressed> = pressed.iter().collect();
        let key = Pressed::Key;
        assert_eq!(
            keys,
            [
                key(MediaKey::SeekBy { secs: -2.5 }),
                key(MediaKey::Pause),
                key(MediaKey::SeekTo { secs: 12.0 })
            ]
        );
    }
}
