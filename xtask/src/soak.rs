//! `soak`: the floor of a simulated contact centre watched for long, from a terminal and in the real window; memory, file
//! descriptors, threads and the room its data take as a table to read, and how each of them grows once the beginning is over,
//! with the error of that.
//!
//! Left out on purpose: a verdict on memory. Such figures are read beside the machine they were taken on; only a watch
//! that ends, or falls silent, is a failure.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command, wait_until};

use crate::cost::{files, of_home, own_kb, released, tasks};
use crate::paint::sign_in;

/// Rows of the table, at least; of a long watch one each half minute.
const SAMPLES: u32 = 20;
const SAMPLED: Duration = Duration::from_secs(30);
/// What is made once and kept is there by then; a shorter watch counts from a third of it on.
const BEGINNING: Duration = Duration::from_secs(600);
/// A shift in a lunch break.
const PACE: &str = "10";

/// The columns: whose, what, and in which unit.
const COLUMNS: [(&str, &str); 11] = [
    ("watch", "kB"),
    ("watch", "files"),
    ("watch", "tasks"),
    ("program", "kB"),
    ("program", "files"),
    ("program", "tasks"),
    ("pages", "kB"),
    ("history", "kB"),
    ("data", "kB"),
    ("centre", "kB"),
    ("centre", "files"),
];

/// Watches for so many minutes; with the released programs, or those in a folder.
///
/// # Errors
/// Not on Linux, or the watch ended or fell silent.
pub fn run(minutes: f64, folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("soak reads /proc, so it runs on Linux".into());
    }
    let folder = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    let program = folder.join("atalaya-cli");
    let home = atalaya_window::target_folder().join("soak");
    fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;

    let mut centre = bound_command(&program);
    centre.args(["simulate", "--pace", PACE]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let out = centre.child().stdout.take().ok_or("no output")?;
    let said = printed(BufReader::new(out))?;
    let told = |what: &str| {
        said.get(what).cloned().ok_or(format!("the simulated contact centre did not tell its {what}"))
    };

    let mut watch = bound_command(&program);
    watch
        .args([
            "floor",
            "--agents",
            "--watch",
            "--json",
            "--server",
            &told("server")?,
            "--user",
            &told("user")?,
        ])
        .args(["--telephony-url", &told("telephony")?, "--backup-url", &told("backup")?])
        .env("ATALAYA_PASSWORD", told("password")?)
        .env("ATALAYA_HOME", &home)
        .stdout(Stdio::piped());
    let mut watch = Running::start("the watch", &mut watch)?;
    let reports = count_lines(watch.child().stdout.take().ok_or("no output")?)?;
    let (watch_id, centre_id) = (watch.child().id(), centre.child().id());

    let opening = Opening { application: folder.join("atalaya"), size: (1920, 1080), ..Opening::default() };
    let window = Window::open("soak", &opening)?;
    sign_in(&window, &said)?;
    window.get("campaign-row")?;

    println!("\nThe simulated contact centre lives {PACE} times as fast.");
    print!("{:>8} {:>8}", "s", "reports");
    for (whose, what) in COLUMNS {
        print!(" {:>13}", format!("{whose} {what}"));
    }
    println!();
    let begun = Instant::now();
    let whole = Duration::from_secs_f64(minutes * 60.0);
    let samples = SAMPLES.max(whole.div_duration_f64(SAMPLED) as u32);
    let between = whole / samples;
    let (mut before, mut rows) = (0, Vec::new());
    for sample in 1..=samples {
        wait_until("", Duration::MAX, || match watch.ended()? {
            Some(ended) => Err(ended),
            None => Ok((begun.elapsed() >= between * sample).then_some(())),
        })?;
        let now = reports.load(Ordering::Relaxed);
        let shown = shown(&window)?;
        let figures: [u64; COLUMNS.len()] = [
            own_kb(watch_id)?,
            files(watch_id)? as u64,
            tasks(watch_id)? as u64,
            shown.program_kb,
            shown.files as u64,
            shown.tasks as u64,
            shown.pages_kb,
            shown.history_kb,
            shown.data_kb,
            own_kb(centre_id)?,
            files(centre_id)? as u64,
        ];
        let at = begun.elapsed().as_secs_f64();
        print!("{at:>8.0} {now:>8}");
        for figure in figures {
            print!(" {figure:>13}");
        }
        println!();
        rows.push((at, figures));
        // A report comes each three seconds.
        if now == before && between > Duration::from_secs(15) {
            return Err("the watch has fallen silent".into());
        }
        before = now;
    }
    let from = BEGINNING.min(whole / 3).as_secs_f64();
    rows.retain(|(at, _)| *at >= from);
    println!("\nGrowth in an hour, from {from:.0} s on, with its standard error ({} samples):", rows.len());
    for (column, (whose, what)) in COLUMNS.iter().enumerate() {
        let points: Vec<(f64, f64)> =
            rows.iter().map(|(at, figures)| (at / 3_600.0, figures[column] as f64)).collect();
        let said = slope(&points)
            .map_or("too few samples".to_owned(), |(by, error)| format!("{by:>12.0} ± {error:.0} {what}"));
        println!("{whose:>10} {what:<6}{said}");
    }
    Ok(())
}

/// The slope of a straight line through points, by least squares, and its standard error; `None` for fewer than three.
fn slope(points: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let wide: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    if points.len() < 3 || wide <= 0.0 {
        return None;
    }
    let by = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum::<f64>() / wide;
    let off: f64 = points.iter().map(|point| (point.1 - y - by * (point.0 - x)).powi(2)).sum();
    Some((by, (off / (count - 2.0) / wide).sqrt()))
}

/// What the window costs now.
struct Shown {
    program_kb: u64,
    /// The processes of its pages.
    pages_kb: u64,
    /// Descriptors of the program.
    files: usize,
    /// Its threads.
    tasks: usize,
    history_kb: u64,
    /// Everything else that is kept, in tables.
    data_kb: u64,
}

fn shown(window: &Window) -> Result<Shown, String> {
    let (mut program, mut pages_kb) = (None, 0);
    for process in of_home(&window.data_folder()) {
        let named = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        match named.trim() {
            "atalaya" => program = Some(process),
            // It may end between being seen and being asked.
            _ => pages_kb += own_kb(process).unwrap_or_default(),
        }
    }
    let program = program.ok_or("the window has ended")?;
    let room = |name: &str| fs::metadata(window.data_folder().join(name)).map_or(0, |file| file.len());
    let kb = |name: &str| (room(name) + room(&format!("{name}-wal"))) / 1_000;
    Ok(Shown {
        program_kb: own_kb(program)?,
        pages_kb,
        files: files(program)?,
        tasks: tasks(program)?,
        history_kb: kb("history.sqlite"),
        data_kb: kb("atalaya.sqlite"),
    })
}

/// The lines `name value` up to the password, which comes last.
///
/// # Errors
/// It ended before.
pub fn printed(mut out: impl BufRead) -> Result<HashMap<String, String>, String> {
    let mut said = HashMap::new();
    while !said.contains_key("password") {
        let mut line = String::new();
        if out.read_line(&mut line).map_err(|error| error.to_string())? == 0 {
            return Err("the simulated contact centre ended before it was ready".into());
        }
        if let Some((name, value)) = line.trim().split_once(' ') {
            said.insert(name.to_owned(), value.trim().to_owned());
        }
    }
    Ok(said)
}

/// Counts lines on a thread of its own: the watch must not wait for a full pipe.
fn count_lines(out: impl std::io::Read + Send + 'static) -> Result<Arc<AtomicU64>, String> {
    let count = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&count);
    std::thread::Builder::new()
        .name("reports".into())
        .spawn(move || {
            for line in BufReader::new(out).split(b'\n') {
                if line.is_err() {
                    return;
                }
                counted.fetch_add(1, Ordering::Relaxed);
            }
        })
        .map_err(|error| error.to_string())?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_told_with_its_error() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, 2.0)]), None, "two points lie on a line");
        assert_eq!(slope(&[(1.0, 3.0), (2.0, 5.0), (3.0, 7.0)]), Some((2.0, 0.0)));
        let (by, error) = slope(&[(0.0, 0.0), (1.0, 3.0), (2.0, 2.0), (3.0, 5.0)]).unwrap();
        assert!((by - 1.4).abs() < 1e-9 && (error - 0.5657).abs() < 1e-3, "{by} ± {error}");
    }
}
