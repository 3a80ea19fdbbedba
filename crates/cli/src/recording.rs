//! `recording`: one recording, as found or decoded. What is not all of it, or is not played, is written under a name that
//! says so, and the command fails: what was asked for is not there.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use atalaya_calls::wire::{Attempt, LocateUpdate};
use atalaya_calls::{Cache, Calls, ConvertPolicy, Error, Recording, Target, Tasks};
use tokio_util::sync::CancellationToken;

use crate::args::{Common, RecordingArgs as Args};
use crate::connect::{Keeping, signed_in};
use crate::decided;
use crate::failure::Failure;
use crate::output::Output;

const CACHE_BYTES: u64 = 600 * 1024 * 1024;

/// The day of the call, then its neighbours: a call around midnight may lie in either.
fn days(day: &str) -> Result<Vec<String>, Failure> {
    let day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .map_err(|_| Failure::usage(format!("--day is not a date like 2026-01-31: {day}")))?;
    Ok([Some(day), day.pred_opt(), day.succ_opt()]
        .into_iter()
        .flatten()
        .map(|day| day.format("%Y%m%d").to_string())
        .collect())
}

fn trace_line(attempt: &Attempt) -> String {
    let place = &attempt.place;
    let folder = place.day.as_deref().unwrap_or("root");
    let status = attempt.status.map_or_else(|| "–".to_owned(), |status| status.to_string());
    format!(
        "{} / {folder} / {}  {status} {}  {} ms",
        place.host.name(),
        place.format.name(),
        attempt.outcome.name(),
        attempt.millis
    )
}

/// Runs it.
pub async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let target = Target { guid: args.guid.clone(), days: days(&args.day)? };
    let output = args.output.as_deref().unwrap_or(Path::new("-"));
    let keeping = if args.convert { Keeping::Trail } else { Keeping::Nothing };
    signed_in(common, keeping, |client, store| async move {
        let scratch = tempfile::tempdir()?;
        let cache: Arc<Cache> = Cache::open(scratch.path(), CACHE_BYTES)?;
        let urls = client.clone();
        let guid = target.guid.clone();
        let writes = decided::writes(&client, &store, &Tasks::default());
        let calls = Calls::new(client, store, cache, writes);
        let policy = if args.convert { ConvertPolicy::WhenNowhere } else { ConvertPolicy::Never };
        let trace = args.trace;
        let tell = move |update: LocateUpdate| {
            if !trace {
                return;
            }
            match update {
                LocateUpdate::Tried { attempt } => {
                    let url = urls.place_url(&attempt.place, &guid);
                    eprintln!("{}  {}", trace_line(&attempt), url.map(String::from).unwrap_or_default());
                }
                LocateUpdate::Converting => eprintln!("converting"),
                LocateUpdate::LookingAgain { round, rounds } => {
                    eprintln!("looking again, {round} of {rounds}");
                }
                LocateUpdate::Moved { place, .. } => {
                    eprintln!("lost or replaced: on from {}/{}", place.host.name(), place.format.name());
                }
                LocateUpdate::Looking | LocateUpdate::Found { .. } | LocateUpdate::Failed { .. } => {}
            }
        };
        let never = CancellationToken::new();
        let (recording, wrong) = match calls.fetch(&target, policy, tell, &never).await {
            Err(foreign @ Error::Foreign(_)) => {
                let kept = calls.open_as_it_is(&target, &never).await?;
                let (kept, missing) = calls.last_copy(&target.guid, kept, &never).await?;
                (kept, Some(missing.unwrap_or(foreign)))
            }
            fetched => fetched?,
        };
        if args.sound {
            return write_sound(output, &recording, wrong);
        }
        let Some(wrong) = wrong else { return write(args, output, &recording.bytes()?) };
        let file = instead_of(output, &recording);
        write(args, &file, &recording.bytes()?)?;
        Err(Failure::new(format!("{wrong}; what there is of it is in {}", file.display())))
    })
    .await
}

/// What can be heard, as far as it goes; where that is not all, it fails after having written it.
fn write_sound(file: &Path, recording: &Recording, wrong: Option<Error>) -> Result<(), Failure> {
    let report = atalaya_player::measure(recording, &AtomicBool::new(false));
    let report = report.ok_or_else(|| Failure::new("there is no sound in it that could be measured"))?;
    let mut out = Output::to(file)?;
    serde_json::to_writer_pretty(&mut out, &report)?;
    out.write_all(b"\n")?;
    out.finish()?;
    match wrong {
        Some(wrong) => Err(Failure::new(format!("{wrong}; what is written is of the part that is there"))),
        None => Ok(()),
    }
}

/// The name of a file that is not what was asked for: `x.incomplete.mp3` of what ends early, `x.ogg` of what is kept as
/// Ogg.
fn instead_of(file: &Path, recording: &Recording) -> PathBuf {
    if file == Path::new("-") {
        // What is read from there has no name to say it in: the sentence and the exit status do.
        return file.to_owned();
    }
    let asked = file.extension().filter(|_| recording.contained().is_some());
    let ending = asked.map_or_else(|| recording.ending().into(), std::ffi::OsStr::to_owned);
    let mut name = file.file_stem().unwrap_or_default().to_owned();
    if recording.broken() {
        name.push(".incomplete");
    }
    name.push(".");
    name.push(&ending);
    file.with_file_name(name)
}

/// Never half a recording.
fn write(args: &Args, file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut out = Output::to(file)?;
    if args.wav || file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("wav")) {
        atalaya_player::decode_to_wav(bytes, &mut out)?;
    } else {
        out.write_all(bytes)?;
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_days_are_tried_too() {
        assert_eq!(days("2026-03-01").unwrap(), ["20260301", "20260228", "20260302"]);
        assert_eq!(days("1/3/2026").unwrap_err().status, 2);
    }
}
