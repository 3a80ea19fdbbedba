//! From a click on the waveform to the first sample there: inside what has arrived, and outside of it, where the place has
//! to be asked for it. Every answer comes 50 ms later; for the seeks outside, at fifty times the pace of the sound, so that
//! the rest is still on its way. Beside mpv given the right address, in the same run: by its own word, not by what is
//! heard. Prints a table; asserts nothing.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_calls::{Cache, Calls, ConvertPolicy, Target, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_player::{OutputChoice, Player};
use atalaya_simulator::{Config, Endpoint, Fault, Kind, RecordingCase, Simulator};
use atalaya_store::Store;
use atalaya_ucontact::{Client, Format, Host, Options, Place, Secret, Server};
use tokio_util::sync::CancellationToken;

const LATENCY: Duration = Duration::from_millis(50);
const RUNS: u32 = 10;
const GIVEN_UP: Duration = Duration::from_secs(20);

type Failure = Box<dyn std::error::Error>;

fn main() {
    // `cargo test --all-targets` runs this file too.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    if let Err(error) = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(measure())) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn measure() -> Result<(), Failure> {
    let simulator =
        atalaya_simulator::start(Config { agents: 60, calls_per_day: 600, ..Config::default() }).await?;
    let server = Server::parse(
        &simulator.server_url(),
        Some(&simulator.telephony_url()),
        Some(&simulator.backup_url()),
        None,
    )?;
    let client =
        Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), Options::default())
            .await?;
    println!("Seek -> first sample there, {LATENCY:?} added to every answer, {RUNS} seeks each, ms");
    println!("{:<34}{:>9}{:>9}{:>10}{:>9}", "", "p50", "p95", "mpv p50", "p95");
    for kind in [Kind::Mp3Narrow, Kind::Gsm] {
        let cases = simulator.recordings();
        let long = cases.iter().filter(|case| case.kind == kind).max_by_key(|case| case.seconds);
        let case = long.ok_or("no such recording")?;
        let bytes_a_sec = if kind == Kind::Gsm { 1_650 } else { 2_000 };
        for outside in [false, true] {
            pace(&simulator, outside.then_some(bytes_a_sec));
            let ours = ours(&client, case, outside).await?;
            let theirs = mpv(&client, case, outside).inspect_err(|error| eprintln!("mpv: {error}")).ok();
            let name = format!(
                "{} s of {}, {}",
                case.seconds,
                case.format,
                if outside { "outside what is here" } else { "inside what is here" }
            );
            let (p50, p95) = percentiles(ours);
            let said = |figure: Option<f64>| figure.map_or("not here".into(), |ms| format!("{ms:.0}"));
            let other = theirs.map(percentiles);
            println!(
                "{name:<34}{p50:>9.0}{p95:>9.0}{:>10}{:>9}",
                said(other.map(|(p50, _)| p50)),
                said(other.map(|(_, p95)| p95))
            );
        }
    }
    client.end_session().await;
    Ok(())
}

/// How the hosts answer: later, and slowly where the rest of a recording is to be still on its way.
fn pace(simulator: &Simulator, bytes_a_sec: Option<usize>) {
    simulator.faults().clear();
    simulator.faults().set_latency(LATENCY);
    for host in [Endpoint::Telephony, Endpoint::Backup] {
        if let Some(bytes) = bytes_a_sec {
            simulator.faults().set(host, Fault::Dribble { bytes, millis: 20 }, None);
        }
    }
}

/// Seconds to seek to: near the end while the start arrives, anywhere once all is here.
fn target_secs(case: &RecordingCase, turn: u32, outside: bool) -> f64 {
    let part = if outside { 0.75 } else { f64::from(turn * 7 % 10) / 10.0 };
    f64::from(case.seconds) * part + 0.5
}

async fn ours(client: &Client, case: &RecordingCase, outside: bool) -> Result<Vec<Duration>, Failure> {
    let mut times = Vec::new();
    let mut held = None;
    for turn in 0..RUNS {
        if outside || held.is_none() {
            held = Some(opened(client, case, outside).await?);
        }
        let Some((player, _)) = &held else { continue };
        times.push(heard_after_seek(player, target_secs(case, turn, outside))?);
    }
    Ok(times)
}

/// Playing, from a folder of its own; whole, unless the rest is to be still on its way.
async fn opened(
    client: &Client,
    case: &RecordingCase,
    outside: bool,
) -> Result<(Player, tempfile::TempDir), Failure> {
    let scratch = tempfile::tempdir()?;
    let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system())?;
    let writes = Writes::new(client.user(), store.clone(), String::new(), Tasks::default());
    let calls = Calls::new(client.clone(), store, Cache::open(scratch.path(), 1_000_000_000)?, writes);
    let target = Target { guid: case.guid.clone(), days: vec![case.day.clone()] };
    let recording = calls.open(&target, ConvertPolicy::Never, |_| {}, &CancellationToken::new()).await?;
    let player = Player::start(OutputChoice::None);
    player.load(Arc::clone(&recording) as Arc<_>, true);
    if !outside {
        recording.complete().await?;
    }
    let begun = Instant::now();
    while player.first_sample_at().is_none() {
        if begun.elapsed() > GIVEN_UP {
            return Err("no sound".into());
        }
        player.pull(48);
        std::thread::yield_now();
    }
    Ok((player, scratch))
}

fn heard_after_seek(player: &Player, secs: f64) -> Result<Duration, Failure> {
    let begun = Instant::now();
    player.seek(secs);
    // What was ready before is faded out first; then there is nothing, not even a quiet room, until the new place sounds.
    let mut silent = false;
    while begun.elapsed() < GIVEN_UP {
        let loud = player.pull(48).is_some_and(|sound| sound.iter().any(|sample| sample.abs() > 1e-6));
        if silent && loud {
            return Ok(begun.elapsed());
        }
        silent |= !loud;
        std::thread::yield_now();
    }
    Err("no sound after a seek".into())
}

/// The same of mpv, over its own control socket: until it says that it plays again.
fn mpv(client: &Client, case: &RecordingCase, outside: bool) -> Result<Vec<Duration>, Failure> {
    let place = Place {
        host: if case.host == "backup" { Host::Backup } else { Host::Telephony },
        day: case.in_day_folder.then(|| case.day.clone()),
        format: if case.format == "gsm" { Format::Gsm } else { Format::Mp3 },
    };
    let url = client.place_url(&place, &case.guid)?;
    let mut times = Vec::new();
    let runs = if outside { RUNS } else { 1 };
    for _ in 0..runs {
        let scratch = tempfile::tempdir()?;
        let socket = scratch.path().join("mpv");
        let mut command = Command::new("mpv");
        command.args(["--no-config", "--ao=null", "--no-video", "--no-terminal", "--cache=yes"]);
        if case.format == "gsm" {
            command.arg("--demuxer-lavf-format=gsm");
        }
        let mut child = command
            .arg(format!("--input-ipc-server={}", socket.display()))
            .arg(url.as_str())
            .stdin(Stdio::null())
            .spawn()?;
        let took = seeks_of_mpv(&socket, case, outside);
        // It may have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
        times.extend(took?);
    }
    Ok(times)
}

fn seeks_of_mpv(socket: &Path, case: &RecordingCase, outside: bool) -> Result<Vec<Duration>, Failure> {
    let begun = Instant::now();
    let mut control = loop {
        match UnixStream::connect(socket) {
            Ok(stream) => break stream,
            Err(_) if begun.elapsed() < GIVEN_UP => std::thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    };
    control.set_read_timeout(Some(GIVEN_UP))?;
    let mut lines = BufReader::new(control.try_clone()?).lines();
    let mut until = |event: &str| -> Result<(), Failure> {
        for line in lines.by_ref() {
            if line?.contains(event) {
                return Ok(());
            }
        }
        Err("mpv went away".into())
    };
    // It plays: the event may have been before we listened.
    writeln!(control, r#"{{"command":["observe_property",1,"audio-pts"]}}"#)?;
    until(r#""name":"audio-pts","data":"#)?;
    let seeks = if outside { 1 } else { RUNS };
    if !outside {
        // On loopback all of it is here by then.
        writeln!(control, r#"{{"command":["observe_property",2,"demuxer-cache-idle"]}}"#)?;
        until(r#""name":"demuxer-cache-idle","data":true"#)?;
    }
    let mut times = Vec::new();
    for turn in 0..seeks {
        let secs = target_secs(case, turn, outside);
        let begun = Instant::now();
        writeln!(control, r#"{{"command":["seek",{secs},"absolute"]}}"#)?;
        // The restart of its beginning may still be on its way: the one after our seek counts.
        until(r#""event":"seek""#)?;
        until(r#""event":"playback-restart""#)?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    (at(0.5), at(0.95))
}
