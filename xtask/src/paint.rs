//! What the live floor costs in the real window: drawing what changed against drawing everything, frames while its lists are
//! scrolled, processor time at rest, requests a minute against asking for everything. A part of `bench`; the numbers are this
//! machine's, drawn in software.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command, wait_until};
use serde_json::Value;

use crate::cost::{of_home, processor_secs, released};
use crate::demo;
use crate::frames::{Frames, spread};
use crate::scrolling::{self, List, PLAIN_ROWS, SCROLLED};
use crate::soak::printed;

/// A common size, and the largest the design speaks of.
const SIZES: [(u32, u32); 2] = [(12, 300), (200, 5_000)];
const WATCHED: Duration = Duration::from_secs(12);
/// Two hundred campaigns are read in rotation, inside the budget: over a minute.
const ALL_READ: Duration = Duration::from_secs(180);
/// Seconds between polls by default: what the naive way would ask every campaign at.
const INTERVAL_SECS: f64 = 3.0;

/// Collects the time from an update's arrival to the end of the frame that shows it, for so many seconds; asks for the
/// whole floor every second when it is wanted that way.
const PAINTS: &str =
    "const [secs, whole, done] = [arguments[0], arguments[1], arguments[arguments.length - 1]];
    const taken = [];
    const painted = event => {
        if ((event.detail === 'snapshot') !== whole) return;
        const begun = performance.now();
        // A frame is drawn after its callbacks: a task of its own comes behind it.
        requestAnimationFrame(() => setTimeout(() => taken.push(performance.now() - begun), 0));
    };
    addEventListener('floor', painted);
    const ask = whole && setInterval(() => window.__TAURI_INTERNALS__.invoke('floor_resync'), 1000);
    setTimeout(() => {
        clearInterval(ask);
        removeEventListener('floor', painted);
        done(taken);
    }, secs * 1000)";

/// Collects, for each update that arrives within so many seconds, the longest time between two frames until the next could
/// come: the parts of the floor are drawn one after the other.
const LONGEST: &str = "const [secs, until, done] = arguments;
    const begun = performance.now(), frames = [], updates = [];
    const came = () => updates.push(performance.now());
    addEventListener('floor', came);
    let last = begun;
    function frame() {
        const now = performance.now();
        frames.push([last, now]);
        last = now;
        if (now - begun < secs * 1000) return requestAnimationFrame(frame);
        removeEventListener('floor', came);
        done(updates.map(at => Math.max(0, ...frames
            .filter(([from, to]) => to > at && from < at + until)
            .map(([from, to]) => to - from))));
    }
    requestAnimationFrame(frame)";
/// After this long everything of an update is drawn, milliseconds.
const PARTS_MS: u32 = 700;

/// Measures each size, or one, and prints tables; of the released programs, or of those in a folder.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(only: Option<&str>, folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("the window is measured on Linux only: it reads /proc");
        return Ok(());
    }
    let program = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    for (campaigns, agents) in SIZES {
        if only.is_none_or(|only| only == format!("{campaigns}x{agents}")) {
            measure(&program, (campaigns, agents), agents, WATCHED, SCROLLED)?;
        }
    }
    Ok(())
}

/// One size, so long for each figure, from when so many agents have been read.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn measure(
    program: &Path,
    (campaigns, agents): (u32, u32),
    read: u32,
    watched: Duration,
    scrolled: Duration,
) -> Result<(), String> {
    let mut centre = bound_command(program.join("atalaya-cli"));
    centre
        .args(["simulate", "--campaigns", &campaigns.to_string(), "--agents", &agents.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let said = printed(BufReader::new(centre.child().stdout.take().ok_or("no output")?))?;
    let opening = Opening { application: program.join("atalaya"), size: (1920, 1080), ..Opening::default() };
    let window = Window::open("paint", &opening)?;
    window.page().resize(1920, 1080)?;
    sign_in(&window, &said)?;
    window.wait_until("all agents are there", ALL_READ, |page| {
        let seen = demo::agents(&page.execute(demo::AGENTS, &[])?);
        Ok((seen >= read).then_some(()))
    })?;

    // At rest: nobody looks closer, only figures arrive. Counting frames would draw more of them.
    let home = window.data_folder();
    let (begun, before) = (Instant::now(), processor_secs(&of_home(&home)));
    wait_until("", Duration::MAX, || Ok((begun.elapsed() >= watched).then_some(())))?;
    let cpu = (processor_secs(&of_home(&home)) - before) / begun.elapsed().as_secs_f64() * 100.0;
    println!(
        "\nThe live floor of {campaigns} x {agents} in the real window, {} s each; {cpu:.1} % of a core while nobody \
         touches it\n{:<40}{:>8}{:>7}{:>8}{:>9}",
        watched.as_secs(),
        "milliseconds",
        "p50",
        "p95",
        "p99",
        "longest"
    );
    let told = |what: &str, Frames { p50, p95, p99, worst }: Frames| {
        println!("{what:<40}{p50:>8.0}{p95:>7.0}{p99:>8.0}{worst:>9.0}");
    };
    told("what changed, arrived to drawn", paints(&window, false, watched)?);
    told("longest frame of any part of it", longest(&window, watched)?);
    told("naive: the whole floor anew each second", paints(&window, true, watched)?);
    println!("between frames while scrolling, {} s each", scrolled.as_secs());
    scrolling::titles();
    let campaigns_list = List { row: "[data-testid=\"campaign-row\"]", keys: "main", pages: false };
    let agents_list =
        List { row: "[data-testid=\"agent-row\"]", keys: "[data-testid=\"agents-table\"]", pages: true };
    scrolling::ways(&window, "campaigns", &campaigns_list, scrolled)?;
    scrolling::ways(&window, "agents", &agents_list, scrolled)?;
    scrolling::plain(&window, "agents", agents_list.row, read.min(PLAIN_ROWS), scrolled)?;
    let naive = f64::from(campaigns + 2) * 60.0 / INTERVAL_SECS;
    println!("requests a minute: {}; asking for everything: {naive:.0}", requests_a_minute(&window)?);
    Ok(())
}

/// Signs in to a simulated contact centre that told its addresses.
///
/// # Errors
/// The form is not there.
pub fn sign_in(window: &Window, said: &HashMap<String, String>) -> Result<(), String> {
    let told = |what: &str| said.get(what).cloned().unwrap_or_default();
    window.fill("sign-in-server", &told("server"))?;
    window.fill("sign-in-user", &told("user"))?;
    window.fill("sign-in-password", &told("password"))?;
    window.click("sign-in-submit")
}

/// Updates drawn while watching: only what changed, or the whole floor every second.
fn paints(window: &Window, whole: bool, watched: Duration) -> Result<Frames, String> {
    let args = [Value::from(watched.as_secs()), Value::from(whole)];
    spread(&window.page().execute_async(PAINTS, &args)?)
}

/// The longest frame of each update.
fn longest(window: &Window, watched: Duration) -> Result<Frames, String> {
    let args = [Value::from(watched.as_secs()), Value::from(PARTS_MS)];
    spread(&window.page().execute_async(LONGEST, &args)?)
}

/// As the program's own Diagnostics count them.
fn requests_a_minute(window: &Window) -> Result<String, String> {
    window.click("nav-settings")?;
    let text = window.wait_until("the diagnostics", Duration::from_secs(20), |page| {
        let script = "return document.querySelector('[data-testid=diagnostics]')?.innerText ?? ''";
        let text = page.execute(script, &[])?.as_str().unwrap_or_default().to_owned();
        Ok(text.contains("in the last minute").then_some(text))
    })?;
    let before = text.split("in the last minute").next().unwrap_or_default();
    Ok(before.split_whitespace().next_back().unwrap_or("?").to_owned())
}
