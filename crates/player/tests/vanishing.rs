//! Devices that vanish and come back under a recording that plays, as a desktop sees it: through ALSA to a sound server
//! of the test's own, whose outputs are taken away and which is killed. Playback never ends by that: it goes on where
//! another output is, and holds its place and says so where none is. Where there is no ALSA there is nothing to try.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: what cannot be set up fails the test"
)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use atalaya_player::source::Memory;
use atalaya_player::wire::{Hearing, Phase, Transport};
use atalaya_player::{Event, News, OutputChoice, Player};

const FOLDER: &str = "ATALAYA_TEST_SOUND_SERVER";
/// Far longer than anything here takes: what ends a test that would hang.
const LONG: Duration = Duration::from_secs(40);

/// Where sound is begun anew it begins with a whole sample of the recording; seconds, with room for rounding.
const A_SAMPLE: f64 = 0.0002;
/// More than one report can lag behind the one before; less than the sound that is ready ahead, which a player that
/// loses its place would skip. Seconds.
const A_JUMP: f64 = 1.4;
/// Enough for the player to have tried at least once to open a device again.
const RETRIED: Duration = Duration::from_millis(2500);

/// A sound server in a folder of its own, killed when dropped.
struct Server {
    child: Child,
    folder: PathBuf,
}

impl Server {
    /// Started, with an output of this name, and ready.
    fn start(folder: &Path, output: &str) -> Self {
        let socket = folder.join("socket");
        let _ = std::fs::remove_file(&socket);
        let child = in_folder("pulseaudio", folder)
            .args(["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-level=error"])
            .args(["--high-priority=no", "--realtime=no"])
            .args(["-L", &format!("module-null-sink norewinds=1 sink_name={output}"), "-L"])
            .arg(format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()))
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio could not be started: `cargo xtask setup` installs it");
        let server = Self { child, folder: folder.to_owned() };
        let begun = Instant::now();
        while server.asked(&["info"]).is_none() {
            assert!(begun.elapsed() < LONG, "the sound server never answered");
        }
        server
    }

    /// What the server answers; `None` when it does not, or cannot do what it is asked for.
    fn asked(&self, words: &[&str]) -> Option<String> {
        let mut command = in_folder("pactl", &self.folder);
        let server = format!("unix:{}", self.folder.join("socket").display());
        command.args(["--server", &server]).args(words).stdout(Stdio::piped()).stderr(Stdio::null());
        let answer = command.output().unwrap();
        answer.status.success().then(|| String::from_utf8_lossy(&answer.stdout).into_owned())
    }

    fn plug_in(&self, output: &str) {
        let name = format!("sink_name={output}");
        self.asked(&["load-module", "module-null-sink", "norewinds=1", &name]).unwrap();
    }

    /// Takes all outputs away.
    fn unplug(&self) {
        self.asked(&["unload-module", "module-null-sink"]).unwrap();
    }

    /// Whether sound goes to this output.
    fn sounds(&self, output: &str) -> bool {
        let outputs = self.asked(&["list", "short", "sinks"]).unwrap();
        outputs.lines().any(|line| line.contains(output) && line.ends_with("RUNNING"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn in_folder(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for name in ["HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"] {
        command.env(name, folder);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}

/// A player that is watched: whatever happens to the outputs, its position only ever goes on.
struct Watched {
    player: Player,
    events: Receiver<Event>,
    position: f64,
}

impl Watched {
    /// Follows the transport up to what the test waits for, and returns that.
    fn until(&mut self, what: &str, done: impl Fn(&Transport) -> bool) -> Transport {
        let begun = Instant::now();
        while begun.elapsed() < LONG {
            let Ok(Event { news: News::Transport(now), .. }) = self.events.recv_timeout(LONG) else {
                continue;
            };
            let step = now.position_secs - self.position;
            assert!((-A_SAMPLE..A_JUMP).contains(&step), "{what}: from {} to {now:?}", self.position);
            assert!(now.phase != Phase::Failed, "{what}: {now:?}");
            self.position = now.position_secs;
            if done(&now) {
                println!("{what}: {:?} at {:.3} s, {:?}", now.phase, now.position_secs, now.problem);
                return now;
            }
            assert!(now.phase != Phase::Ended, "{what}: {now:?}");
        }
        panic!("{what}: it never came after {:?}", self.player.transport());
    }

    /// A second more of the recording.
    fn plays_on(&mut self, what: &str) {
        let from = self.position;
        self.until(what, |now| {
            now.phase == Phase::Playing && now.problem.is_none() && now.position_secs > from + 1.0
        });
    }

    /// Held where it was, in words, for as long as it takes to try to open a device again.
    fn holds(&mut self, what: &str) {
        let held = self.until(what, |now| now.problem.is_some());
        assert_eq!((held.phase, held.problem.as_deref()), (Phase::Paused, Some("noDevice")), "{what}");
        let begun = Instant::now();
        while let Some(left) = RETRIED.checked_sub(begun.elapsed()) {
            if let Ok(Event { news: News::Transport(later), .. }) = self.events.recv_timeout(left) {
                let moved = (later.position_secs - held.position_secs).abs();
                assert!(later.phase == Phase::Paused && moved < A_SAMPLE, "{what}: {held:?}, {later:?}");
            }
        }
    }
}

/// The playing process: this test again, in an environment with a sound server's folder. Run as a test like the others
/// it has nothing to do.
#[test]
fn play_while_outputs_vanish() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let server = Server::start(&folder, "first");
    let speech = std::fs::read(format!("{}/fixtures/speech.gsm", env!("CARGO_MANIFEST_DIR"))).unwrap();
    // The device that was chosen once is not there either: that alone costs nothing.
    let player = Player::start(OutputChoice::Named("a headset that was left at home".to_owned()));
    // Going on after a pause begins where it was.
    player.set_hearing(Hearing { step_back_secs: 0.0, ..Hearing::default() });
    let events = player.events();
    let mut watched = Watched { player, events, position: 0.0 };
    watched.player.load(Arc::new(Memory::new(speech.repeat(20))), true);
    watched.plays_on("the default output");

    let modules = server.asked(&["list", "short", "modules"]).unwrap();
    let first = modules.lines().find(|line| line.contains("sink_name=first")).unwrap();
    let first = first.split_whitespace().next().unwrap();
    server.plug_in("second");
    assert!(server.sounds("first") && !server.sounds("second"));
    server.asked(&["unload-module", first]).unwrap();
    watched.plays_on("another output");
    assert!(server.sounds("second"));

    server.unplug();
    watched.holds("no output");
    server.plug_in("third");
    watched.plays_on("an output again");
    assert!(server.sounds("third"));

    drop(server);
    watched.holds("no sound server");
    let server = Server::start(&folder, "fourth");
    watched.plays_on("a sound server again");

    watched.player.pause();
    let paused = watched.until("a pause", |now| now.phase == Phase::Paused);
    server.unplug();
    server.plug_in("fifth");
    watched.player.play();
    watched.plays_on("an output that changed during a pause");
    assert!(watched.position > paused.position_secs);

    watched.player.seek(63.5);
    watched.position = 63.5;
    let ended = watched.until("the end", |now| now.phase == Phase::Ended);
    assert!((ended.position_secs - 64.0).abs() < 0.01 && ended.problem.is_none(), "{ended:?}");
}

#[test]
fn outputs_vanish_and_come_back() {
    if Path::new("/usr/bin/pipewire-pulse").exists() {
        println!("not tried: PulseAudio cannot be installed beside PipeWire, which this machine has");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("alsa.conf");
    let socket = folder.path().join("socket");
    let device = format!("{{ type pulse server \"unix:{}\" }}", socket.display());
    std::fs::write(&config, format!("pcm.!default {device}\nctl.!default {device}\n")).unwrap();
    let ran = in_folder(std::env::current_exe().unwrap().to_str().unwrap(), folder.path())
        .args(["--exact", "play_while_outputs_vanish", "--nocapture"])
        .env("ALSA_CONFIG_PATH", &config)
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    println!("{said}");
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains("the end: Ended"), "it did play: {said}");
}
