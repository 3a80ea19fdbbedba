//! What the live floor costs in the real window: drawing what changed against drawing everything, frames while a list is
//! scrolled, processor time at rest, requests a minute against asking for everything. A part of `bench`; the numbers are this machine's, drawn in software.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command, wait_until};
use serde_json::Value;

use crate::cost::{of_home, processor_secs, released};
use crate::demo;
use crate::soak::printed;

/// A common size, and the largest the design speaks of.
const SIZES: [(u32, u32); 2] = [(12, 300), (200, 5_000)];
const WATCHED: Duration = Duration::from_secs(12);
/// Two hundred campaigns are read in rotation, inside the budget: over a minute.
const ALL_READ: Duration = Duration::from_secs(180);
/// Seconds between polls by default: what the naive way would ask every campaign at.
const INTERVAL_SECS: f64 = 3.0;

/// Collects the time between frames for so many seconds while scrolling what a selector finds.
const FRAMES: &str =
    "const [secs, selector, done] = [arguments[0], arguments[1], arguments[arguments.length - 1]];
    const list = document.querySelector(selector);
    const begun = performance.now(), gaps = [];
    let last = null, step = 70;
    function frame(now) {
        if (last !== null) gaps.push(now - last);
        last = now;
        const before = list.scrollTop;
        list.scrollTop += step;
        if (list.scrollTop === before) step = -step;
        if (now - begun < secs * 1000) requestAnimationFrame(frame); else done(gaps);
    }
    requestAnimationFrame(frame)";

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

/// Measures each size and prints a table.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(only: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("the window is measured on Linux only: it reads /proc");
        return Ok(());
    }
    let program = released()?;
    println!(
        "\nThe live floor in the real window, {} s each: milliseconds from an update's arrival to its frame drawn, what \
         changed and the whole floor anew; between frames while scrolling; CPU in percent of a core, nobody touching it",
        WATCHED.as_secs()
    );
    println!(
        "{:<12}{:>8}{:>7}{:>7}{:>9}{:>7}{:>7}{:>9}{:>7}{:>7}{:>8}{:>11}{:>8}",
        "size",
        "changed",
        "p95",
        "worst",
        "whole",
        "p95",
        "worst",
        "scroll",
        "p95",
        "worst",
        "CPU",
        "asked/min",
        "naive"
    );
    for (campaigns, agents) in SIZES {
        if only.is_none_or(|only| only == format!("{campaigns}x{agents}")) {
            measure(&program, campaigns, agents)?;
        }
    }
    Ok(())
}

fn measure(program: &Path, campaigns: u32, agents: u32) -> Result<(), String> {
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
        Ok((seen >= agents).then_some(()))
    })?;

    // At rest: nobody looks closer, only figures arrive. Counting frames would draw more of them.
    let home = window.data_folder();
    let (begun, before) = (Instant::now(), processor_secs(&of_home(&home)));
    wait_until("", Duration::MAX, || Ok((begun.elapsed() >= WATCHED).then_some(())))?;
    let cpu = (processor_secs(&of_home(&home)) - before) / begun.elapsed().as_secs_f64() * 100.0;
    let changed = paints(&window, false)?;
    let whole = paints(&window, true)?;
    let scrolled = frames(&window, "[data-testid=\"agent-row\"]")?;
    let naive = f64::from(campaigns + 2) * 60.0 / INTERVAL_SECS;
    println!(
        "{:<12}{:>8.0}{:>7.0}{:>7.0}{:>9.0}{:>7.0}{:>7.0}{:>9.0}{:>7.0}{:>7.0}{:>8.1}{:>11}{:>8.0}",
        format!("{campaigns} x {agents}"),
        changed.p50,
        changed.p95,
        changed.worst,
        whole.p50,
        whole.p95,
        whole.worst,
        scrolled.p50,
        scrolled.p95,
        scrolled.worst,
        cpu,
        requests_a_minute(&window)?,
        naive
    );
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

/// Milliseconds.
pub struct Frames {
    /// Half took less.
    pub p50: f64,
    /// Of a hundred, five took longer.
    pub p95: f64,
    /// The longest.
    pub worst: f64,
}

/// Updates drawn while watching: only what changed, or the whole floor every second.
fn paints(window: &Window, whole: bool) -> Result<Frames, String> {
    let args = [Value::from(WATCHED.as_secs()), Value::from(whole)];
    spread(&window.page().execute_async(PAINTS, &args)?)
}

/// Frames while scrolling the list that a row is in.
fn frames(window: &Window, row: &str) -> Result<Frames, String> {
    let marked = "const row = document.querySelector(arguments[0]);
        let list = row;
        while (list && list.scrollHeight <= list.clientHeight + 40) list = list.parentElement;
        list?.setAttribute('data-scrolled', 'true')";
    window.page().execute(marked, &[Value::from(row)])?;
    let args = [Value::from(WATCHED.as_secs()), Value::from("[data-scrolled]")];
    spread(&window.page().execute_async(FRAMES, &args)?)
}

/// How long what a page measured took.
///
/// # Errors
/// It measured nothing.
pub fn spread(measured: &Value) -> Result<Frames, String> {
    let mut times: Vec<f64> = measured.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len().saturating_sub(1)) as f64 * part) as usize).copied();
    let (Some(p50), Some(p95), Some(worst)) = (at(0.5), at(0.95), at(1.0)) else {
        return Err("the window drew nothing".into());
    };
    Ok(Frames { p50, p95, worst })
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
