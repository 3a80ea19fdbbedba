//! Click to first sample, for each place a recording may be in, with 50 ms added to every answer; against asking one
//! place after the other and downloading the whole file first. Prints a table; asserts nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use atalaya_calls::{Cache, Calls, ConvertPolicy, Target, Tasks, Writes};
use atalaya_clock::Clock;
use atalaya_player::{OutputChoice, Player};
use atalaya_simulator::{Config, Kind, RecordingCase};
use atalaya_store::Store;
use atalaya_ucontact::{Client, Format, Host, Options, Place, Secret, Server};
use tokio_util::sync::CancellationToken;

const LATENCY: Duration = Duration::from_millis(50);
const RUNS: usize = 12;

type Failure = Box<dyn std::error::Error>;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    if let Err(error) = runtime.map_err(Failure::from).and_then(|runtime| runtime.block_on(measure())) {
        eprintln!("{error}");
        std::process::exit(1);
    }
}

async fn measure() -> Result<(), Failure> {
    let simulator = atalaya_simulator::start(Config { agents: 60, ..Config::default() }).await?;
    let server = Server::parse(
        &simulator.server_url(),
        Some(&simulator.telephony_url()),
        Some(&simulator.backup_url()),
        None,
    )?;
    let client =
        Client::sign_in(server, simulator.user(), Secret::new(simulator.password()), Options::default())
            .await?;
    simulator.faults().set_latency(LATENCY);
    println!("Click -> first sample, {LATENCY:?} added to every answer, {RUNS} runs each, ms");
    println!(
        "{:<30}{:>9}{:>9}{:>9}{:>9}{:>12}{:>9}{:>10}",
        "place", "cold p50", "p95", "warm p50", "p95", "naive p50", "ratio", "mpv p50"
    );
    let wanted = [Kind::Mp3Narrow, Kind::Gsm];
    for case in simulator.recordings().iter().filter(|case| wanted.contains(&case.kind)) {
        let (mut cold, mut warm, mut naive) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let scratch = tempfile::tempdir()?;
            let calls = calls(&client, scratch.path())?;
            cold.push(first_sample(&calls, case).await?);
            // The same place again, its winner remembered, its bytes not.
            let other = tempfile::tempdir()?;
            let fresh = calls.with_cache(Cache::open(other.path(), 1_000_000_000)?);
            warm.push(first_sample(&fresh, case).await?);
            naive.push(one_after_the_other(&client, case).await?);
        }
        let label =
            format!("{}/{}/{}", case.host, if case.in_day_folder { "day" } else { "root" }, case.format);
        let ((c50, c95), (w50, w95), (n50, _)) = (percentiles(cold), percentiles(warm), percentiles(naive));
        let told = (0..RUNS).map(|_| mpv(&client, case)).collect::<Option<Vec<_>>>();
        let told = told.map_or("not here".to_owned(), |times| format!("{:.0}", percentiles(times).0));
        println!(
            "{label:<30}{c50:>9.0}{c95:>9.0}{w50:>9.0}{w95:>9.0}{n50:>12.0}{:>9.1}{told:>10}",
            n50 / c50
        );
    }
    client.end_session().await;
    Ok(())
}

fn calls(client: &Client, folder: &std::path::Path) -> Result<Calls, Failure> {
    let cache = Cache::open(folder, 1_000_000_000)?;
    let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system())?;
    let writes = Writes::new(client.user(), store.clone(), String::new(), Tasks::default());
    Ok(Calls::new(client.clone(), store, cache, writes))
}

fn target(case: &RecordingCase) -> Target {
    Target { guid: case.guid.clone(), days: vec![case.day.clone()] }
}

/// Finds, loads, and pulls the player until it sounds.
async fn first_sample(calls: &Calls, case: &RecordingCase) -> Result<Duration, Failure> {
    let player = Player::start(OutputChoice::None);
    let begun = Instant::now();
    let recording =
        calls.open(&target(case), ConvertPolicy::Never, |_| {}, &CancellationToken::new()).await?;
    player.load(Arc::clone(&recording) as Arc<_>, true);
    sounding(&player, begun)
}

fn sounding(player: &Player, begun: Instant) -> Result<Duration, Failure> {
    loop {
        if let Some(at) = player.first_sample_at() {
            return Ok(at.duration_since(begun));
        }
        if begun.elapsed() > Duration::from_secs(20) {
            return Err("no sound within 20 s".into());
        }
        player.pull(256);
        std::thread::yield_now();
    }
}

/// The vendor's order, a whole file at a time.
async fn one_after_the_other(client: &Client, case: &RecordingCase) -> Result<Duration, Failure> {
    let begun = Instant::now();
    for format in [Format::Mp3, Format::Gsm] {
        for (host, day) in [
            (Host::Telephony, None),
            (Host::Telephony, Some(case.day.clone())),
            (Host::Backup, Some(case.day.clone())),
            (Host::Backup, None),
        ] {
            let place = Place { host, day, format };
            let Ok(mut response) = client.recording(&place, &case.guid, None, None).await else { continue };
            let mut bytes = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                bytes.extend_from_slice(&chunk);
            }
            let player = Player::start(OutputChoice::None);
            player.load(Arc::new(atalaya_player::source::Memory::new(bytes)), true);
            return sounding(&player, begun);
        }
    }
    Err("found nowhere".into())
}

/// mpv given the right address: from starting it until it says that it plays. `None` where there is none.
fn mpv(client: &Client, case: &RecordingCase) -> Option<Duration> {
    let place = Place {
        host: if case.host == "backup" { Host::Backup } else { Host::Telephony },
        day: case.in_day_folder.then(|| case.day.clone()),
        format: if case.format == "gsm" { Format::Gsm } else { Format::Mp3 },
    };
    let url = client.place_url(&place, &case.guid).ok()?;
    let mut command = std::process::Command::new("mpv");
    command.args(["--no-config", "--ao=null", "--no-video", "--length=1"]);
    // It would not tell headerless GSM from anything else by itself.
    if case.format == "gsm" {
        command.args(["--demuxer-lavf-format=gsm"]);
    }
    let begun = Instant::now();
    let mut child = command
        .arg(url.as_str())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .ok()?;
    // It names its audio output once it has something to play.
    let mut said = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take()?));
    let plays = said.any(|line| line.is_ok_and(|line| line.starts_with("AO:")));
    let took = begun.elapsed();
    // It may have ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    plays.then_some(took)
}

fn percentiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    (at(0.5), at(0.95))
}
