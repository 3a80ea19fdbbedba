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
use crate::paint::sign_in;
use crate::scrolling::{self, List, PLAIN_ROWS, SCROLLED};
use crate::soak::printed;

/// Four weeks of this are the hundred thousand.
const CALLS_A_DAY: u32 = 3_600;
const DAYS: u32 = 28;
/// The search keeps to the request budget, and the floor is watched beside it.
const ALL_FOUND: Duration = Duration::from_secs(600);
/// Fills the list, scrolls it, and prints a table.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("the window is measured on Linux only: it reads /proc");
        return Ok(());
    }
    let program = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    measure(&program, CALLS_A_DAY, SCROLLED)
}

/// A search of four weeks with so many calls a day.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn measure(program: &Path, calls_a_day: u32, each: Duration) -> Result<(), String> {
    let mut centre = bound_command(program.join("atalaya-cli"));
    centre
        .args(["simulate", "--calls", &calls_a_day.to_string()])
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
        "\nA list of {calls} calls in the real window, found in {:.0} s; memory of its processes {empty:.0} MB before and \
         {:.0} MB after. Milliseconds between frames while scrolling, {} s each",
        begun.elapsed().as_secs_f64(),
        memory_mb(&home),
        each.as_secs()
    );
    scrolling::titles();
    let list = List { row: "[data-testid=\"call-row\"]", keys: "main", pages: true };
    scrolling::ways(&window, "calls", &list, each)?;
    window.get("call-row")?;
    scrolling::plain(&window, "calls", list.row, PLAIN_ROWS, each)?;
    println!("memory afterwards: {:.0} MB", memory_mb(&home));
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

/// What the program and its page's processes hold, pages they share counted in parts.
fn memory_mb(home: &Path) -> f64 {
    of_home(home).into_iter().filter_map(|process| memory_kb(process).ok()).sum::<u64>() as f64 / 1024.0
}
