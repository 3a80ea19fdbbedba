//! `soak`: the floor of a simulated contact centre watched for long, from a terminal and in the real window; memory, file
//! descriptors and the room its history takes as a table to read.
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

use crate::cost::{files, memory_kb, of_home, released};
use crate::paint::sign_in;

/// Rows of the table.
const SAMPLES: u32 = 20;

/// Watches for so many minutes.
///
/// # Errors
/// Not on Linux, or the watch ended or fell silent.
pub fn run(minutes: f64) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("soak reads /proc, so it runs on Linux".into());
    }
    let folder = released()?;
    let program = folder.join("atalaya-cli");
    let home = atalaya_window::target_folder().join("soak");
    fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;

    let mut centre = bound_command(&program);
    centre.arg("simulate").stdout(Stdio::piped()).stderr(Stdio::null());
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

    println!(
        "\n{:>8} {:>8} | {:>10} {:>6} | {:>10} {:>10} {:>6} | {:>10} | {:>10} {:>6}",
        "s",
        "reports",
        "watch kB",
        "files",
        "window kB",
        "pages kB",
        "files",
        "history kB",
        "centre kB",
        "files"
    );
    let begun = Instant::now();
    let between = Duration::from_secs_f64(minutes * 60.0) / SAMPLES;
    let mut before = 0;
    for sample in 1..=SAMPLES {
        wait_until("", Duration::MAX, || match watch.ended()? {
            Some(ended) => Err(ended),
            None => Ok((begun.elapsed() >= between * sample).then_some(())),
        })?;
        let now = reports.load(Ordering::Relaxed);
        let shown = shown(&window)?;
        println!(
            "{:>8.0} {now:>8} | {:>10} {:>6} | {:>10} {:>10} {:>6} | {:>10} | {:>10} {:>6}",
            begun.elapsed().as_secs_f64(),
            memory_kb(watch_id)?,
            files(watch_id)?,
            shown.program_kb,
            shown.pages_kb,
            shown.files,
            shown.history_kb,
            memory_kb(centre_id)?,
            files(centre_id)?
        );
        // A report comes each three seconds.
        if now == before && between > Duration::from_secs(15) {
            return Err("the watch has fallen silent".into());
        }
        before = now;
    }
    Ok(())
}

/// What the window costs now.
struct Shown {
    program_kb: u64,
    /// The processes of its pages.
    pages_kb: u64,
    /// Descriptors of the program.
    files: usize,
    history_kb: u64,
}

fn shown(window: &Window) -> Result<Shown, String> {
    let (mut program, mut pages_kb) = (None, 0);
    for process in of_home(&window.data_folder()) {
        let named = fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        match named.trim() {
            "atalaya" => program = Some(process),
            // It may end between being seen and being asked.
            _ => pages_kb += memory_kb(process).unwrap_or_default(),
        }
    }
    let program = program.ok_or("the window has ended")?;
    let room = |name: &str| fs::metadata(window.data_folder().join(name)).map_or(0, |file| file.len());
    let history_kb = (room("history.sqlite") + room("history.sqlite-wal")) / 1_000;
    Ok(Shown { program_kb: memory_kb(program)?, pages_kb, files: files(program)?, history_kb })
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
