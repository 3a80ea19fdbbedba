//! How often the program and its pages wake up with a call open and held: what a laptop's battery and a shared computer pay
//! for a window that nobody touches. Printed for each thread, by the kernel's own count of voluntary context switches.
//!
//! Left out on purpose: how long each time takes (see `painted`). Linux only: it reads /proc.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command, sound_card, wait_until};

use crate::cost::{of_home, released};
use crate::paint::sign_in;
use crate::soak::printed;

const LOADED: Duration = Duration::from_secs(60);
/// After a pause: the sound device is closed by then, and what was fetched ahead is there.
const HELD: Duration = Duration::from_secs(35);
const WATCHED: Duration = Duration::from_secs(30);
/// Seldom: not worth a line.
const SELDOM: f64 = 0.05;

/// Opens a call, holds it, and prints the wake-ups a second of every thread; of the released programs, or of those in a folder.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("wake-ups are counted on Linux only: it reads /proc");
        return Ok(());
    }
    let folder = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    let (_centre, said) = centre(&folder, &[])?;
    let card_folder = atalaya_window::target_folder().join("woken");
    fs::create_dir_all(&card_folder).map_err(|error| format!("{}: {error}", card_folder.display()))?;
    let opening = Opening {
        application: folder.join("atalaya"),
        env: vec![sound_card(&card_folder)?.env],
        ..Opening::default()
    };
    let window = Window::open("woken", &opening)?;
    sign_in(&window, &said)?;
    hold_a_call(&window)?;
    stay(HELD)?;
    let rows = woken(&window.data_folder(), WATCHED)?;
    println!(
        "\nWake-ups a second, a call open and held, the window in sight over a live floor, {} s:",
        WATCHED.as_secs()
    );
    let mut processes: BTreeMap<&str, f64> = BTreeMap::new();
    for (process, _, rate) in &rows {
        *processes.entry(process).or_default() += rate;
    }
    for (process, rate) in processes {
        println!("{process:<26}{rate:>8.1}");
        for (_, thread, rate) in rows.iter().filter(|(of, _, rate)| of == process && *rate >= SELDOM) {
            println!("    {thread:<22}{rate:>8.1}");
        }
    }
    Ok(())
}

/// A simulated contact centre, and what it said of itself.
///
/// # Errors
/// It did not come up.
pub fn centre(
    folder: &Path,
    args: &[&str],
) -> Result<(Running, std::collections::HashMap<String, String>), String> {
    let mut centre = bound_command(folder.join("atalaya-cli"));
    centre.arg("simulate").args(args).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let said = printed(BufReader::new(centre.child().stdout.take().ok_or("no output")?))?;
    Ok((centre, said))
}

/// Searches, opens the first call that plays, holds it, and goes back to the floor.
fn hold_a_call(window: &Window) -> Result<(), String> {
    listen(window, 0)?;
    window.click("player-toggle")?;
    phase(window, "paused")?;
    window.click("nav-floor")
}

/// Searches when no list is there, and plays the first call from this row on that can be heard; gives its row.
///
/// # Errors
/// None of them plays.
pub fn listen(window: &Window, from: u32) -> Result<u32, String> {
    window.click("nav-calls")?;
    if !window.has("call-row")? {
        window.click("calls-search")?;
    }
    window.get("call-row")?;
    let play = "const row = document.querySelectorAll('[data-testid=\"call-row\"]')[arguments[0]];
        row.dispatchEvent(new MouseEvent('click', { bubbles: true }));
        row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
        return row.dataset.guid";
    // Some have no recording, and some one that cannot be played.
    for row in from..from + 8 {
        let guid = window.page().execute(play, &[row.into()])?;
        let found = "const player = document.querySelector('[data-testid=player]');
            return player?.dataset.guid === arguments[0] ? player.dataset.phase : ''";
        let phase = window.wait_until("a call plays or cannot", LOADED, |page| {
            let phase =
                page.execute(found, std::slice::from_ref(&guid))?.as_str().unwrap_or_default().to_owned();
            Ok(["playing", "ended", "failed", "again"].contains(&phase.as_str()).then_some(phase))
        })?;
        if phase == "playing" {
            return Ok(row);
        }
    }
    Err("no call plays".into())
}

fn phase(window: &Window, wanted: &str) -> Result<(), String> {
    let script = "return document.querySelector('[data-testid=player]')?.dataset.phase ?? ''";
    window.wait_until(&format!("the player is {wanted}"), LOADED, |page| {
        Ok((page.execute(script, &[])?.as_str() == Some(wanted)).then_some(()))
    })
}

/// Nothing happens for so long.
///
/// # Errors
/// None.
pub fn stay(long: Duration) -> Result<(), String> {
    let begun = Instant::now();
    wait_until("", Duration::MAX, || Ok((begun.elapsed() >= long).then_some(())))
}

/// Process, thread, and wake-ups a second, the most often woken first. Threads of one name are one.
fn woken(home: &Path, long: Duration) -> Result<Vec<(String, String, f64)>, String> {
    let before = switches(home);
    stay(long)?;
    let mut rates: BTreeMap<(String, String), f64> = BTreeMap::new();
    for (task, (process, thread, switches)) in switches(home) {
        let earlier = before.get(&task).map_or(0, |(_, _, earlier)| *earlier);
        *rates.entry((process, thread)).or_default() +=
            switches.saturating_sub(earlier) as f64 / long.as_secs_f64();
    }
    let mut rows: Vec<_> =
        rates.into_iter().map(|((process, thread), rate)| (process, thread, rate)).collect();
    rows.sort_by(|one, other| other.2.total_cmp(&one.2));
    Ok(rows)
}

/// Voluntary context switches so far of every task of a window, by its number, with its process's and its own name.
fn switches(home: &Path) -> BTreeMap<u32, (String, String, u64)> {
    let mut found = BTreeMap::new();
    for process in of_home(home) {
        let named = |path: String| fs::read_to_string(path).unwrap_or_default().trim().to_owned();
        let process_name = named(format!("/proc/{process}/comm"));
        // Those the window is driven with are no part of it.
        if process_name.contains("river") || process_name.starts_with("dbus") {
            continue;
        }
        let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { continue };
        for task in tasks.flatten().filter_map(|task| task.file_name().to_str()?.parse::<u32>().ok()) {
            let folder = format!("/proc/{process}/task/{task}");
            let Ok(status) = fs::read_to_string(format!("{folder}/status")) else { continue };
            let counted = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            if let Some(counted) = counted.and_then(|text| text.trim().parse().ok()) {
                found.insert(task, (process_name.clone(), named(format!("{folder}/comm")), counted));
            }
        }
    }
    found
}
