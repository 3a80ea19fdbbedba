//! What a long list of calls costs in the real window: frames and rows while it is scrolled, and memory, beside as plain a
//! list as can be: every row an element. A part of `bench`; the numbers are this machine's, drawn in software.

use std::collections::HashMap;
use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command};
use serde_json::Value;

use crate::cost::{memory_kb, of_home, released};
use crate::paint::{sign_in, spread};
use crate::soak::printed;

/// Four weeks of this are the hundred thousand.
const CALLS_A_DAY: u32 = 3_600;
const DAYS: u32 = 28;
const SCROLLED: Duration = Duration::from_secs(10);
/// The search keeps to the request budget, and the floor is watched beside it.
const ALL_FOUND: Duration = Duration::from_secs(600);
/// More plain rows than this take minutes to lay out.
const PLAIN_ROWS: u32 = 5_000;

/// Scrolls a list by so many pixels a frame, there and back, for so many seconds: the time between frames, the places
/// passed, and the frames in which the middle of the list showed no row.
const SCROLL: &str =
    "const [secs, selector, step, done] = [arguments[0], arguments[1], arguments[2], arguments[arguments.length - 1]];
    const list = document.querySelector(selector), box = list.getBoundingClientRect();
    const height = Number(arguments[3]);
    const begun = performance.now(), gaps = [];
    let last = null, by = step, passed = 0, empty = 0;
    function frame(now) {
        if (last !== null) {
            gaps.push(now - last);
            const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
            if (!there?.closest('[role=row]')) empty += 1;
        }
        last = now;
        const before = list.scrollTop;
        list.scrollTop += by;
        passed += Math.abs(list.scrollTop - before) / height;
        if (list.scrollTop === before) by = -by;
        if (now - begun < secs * 1000) requestAnimationFrame(frame);
        else done([gaps, Math.round(passed), empty]);
    }
    requestAnimationFrame(frame)";

/// As many rows as wanted, each copied from one in sight, in a list of their own over everything else.
const PLAIN: &str = "const [wanted, done] = [arguments[0], arguments[arguments.length - 1]];
    const row = document.querySelector('[data-testid=\"call-row\"]'), table = row.closest('[role=grid]');
    const list = document.createElement('div');
    list.setAttribute('data-plain', 'true');
    for (const [name, value] of Object.entries({ position: 'absolute', inset: '0', overflow: 'auto', background: 'canvas' }))
        list.style[name] = value;
    for (let made = 0; made < wanted; made += 1) {
        const copy = row.cloneNode(true);
        copy.removeAttribute('data-testid');
        list.append(copy);
    }
    table.style.position = 'relative';
    table.append(list);
    requestAnimationFrame(() => setTimeout(() => done(null), 0))";

/// Fills the list, scrolls it, and prints a table.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("the window is measured on Linux only: it reads /proc");
        return Ok(());
    }
    let program = released()?;
    let mut centre = bound_command(program.join("atalaya-cli"));
    centre
        .args(["simulate", "--calls", &CALLS_A_DAY.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let said: HashMap<_, _> = printed(BufReader::new(centre.child().stdout.take().ok_or("no output")?))?;
    let opening = Opening { application: program.join("atalaya"), size: (1920, 1080), ..Opening::default() };
    let window = Window::open("scroll", &opening)?;
    window.page().resize(1920, 1080)?;
    sign_in(&window, &said)?;
    window.click("nav-calls")?;
    let home = window.data_folder();
    let empty = memory_mb(&home);

    let begun = Instant::now();
    search(&window)?;
    let calls = found(&window)?;
    println!(
        "\nA list of {calls} calls in the real window (found in {:.0} s), scrolled for {} s each: milliseconds between \
         frames, places passed a second, frames without a row in the middle; memory of the window's processes in MB",
        begun.elapsed().as_secs_f64(),
        SCROLLED.as_secs()
    );
    println!(
        "{:<34}{:>8}{:>7}{:>8}{:>11}{:>9}{:>9}",
        "", "p50", "p95", "longest", "places/s", "no row", "memory"
    );
    println!("{:<34}{:>52.0}", "before the search", empty);
    marked(&window)?;
    let row = 32.0;
    for (name, step) in [("a wheel: 2 rows a frame", 64.0), ("a held key: 30 rows a frame", 960.0)] {
        line(name, &window, "[data-scrolled]", step, row, &home)?;
    }
    line(
        "the scroll bar: 1/200 of it a frame",
        &window,
        "[data-scrolled]",
        f64::from(calls) * row / 200.0,
        row,
        &home,
    )?;
    window.page().execute("document.querySelector('[data-scrolled]').scrollTop = 0", &[])?;
    window.get("call-row")?;
    window.page().execute_async(PLAIN, &[Value::from(PLAIN_ROWS)])?;
    let plain = format!("plain, {PLAIN_ROWS} rows: 2 a frame");
    line(&plain, &window, "[data-plain]", 64.0, row, &home)?;
    Ok(())
}

/// Searches the days before today, as somebody types them.
fn search(window: &Window) -> Result<(), String> {
    let day = |ago: u32| {
        let script = "return new Date(Date.now() - arguments[0] * 86400000).toISOString().slice(0, 10)";
        let day = window.page().execute(script, &[Value::from(ago)])?;
        day.as_str().map(str::to_owned).ok_or("no date".to_owned())
    };
    window.fill("calls-from", &format!("{} 00:00:00", day(DAYS)?))?;
    window.fill("calls-to", &format!("{} 23:59:59", day(1)?))?;
    window.click("calls-search")
}

fn found(window: &Window) -> Result<u32, String> {
    window.wait_until("all calls are found", ALL_FOUND, |page| {
        let script = "const count = document.querySelector('[data-testid=\"calls-count\"]');
            return count?.dataset.phase === 'done' ? Number(count.dataset.total) : 0";
        let calls = page.execute(script, &[])?.as_u64().unwrap_or(0);
        Ok((calls > 0).then_some(calls as u32))
    })
}

/// Marks what scrolls, to be found again.
fn marked(window: &Window) -> Result<(), String> {
    let script = "document.querySelector('[data-testid=\"call-row\"]').closest('[role=rowgroup]')
        .setAttribute('data-scrolled', 'true')";
    window.page().execute(script, &[]).map(drop)
}

fn line(name: &str, window: &Window, list: &str, step: f64, row: f64, home: &Path) -> Result<(), String> {
    let args = [Value::from(SCROLLED.as_secs()), Value::from(list), Value::from(step), Value::from(row)];
    let measured = window.page().execute_async(SCROLL, &args)?;
    let frames = spread(&measured[0])?;
    let passed = measured[1].as_f64().unwrap_or(0.0) / SCROLLED.as_secs_f64();
    let empty =
        measured[2].as_f64().unwrap_or(0.0) / measured[0].as_array().map_or(1, Vec::len).max(1) as f64;
    println!(
        "{name:<34}{:>8.0}{:>7.0}{:>8.0}{passed:>11.0}{:>8.0}%{:>9.0}",
        frames.p50,
        frames.p95,
        frames.worst,
        empty * 100.0,
        memory_mb(home)
    );
    Ok(())
}

/// What the program and its page's processes hold, pages they share counted in parts.
fn memory_mb(home: &Path) -> f64 {
    of_home(home).into_iter().filter_map(|process| memory_kb(process).ok()).sum::<u64>() as f64 / 1024.0
}
