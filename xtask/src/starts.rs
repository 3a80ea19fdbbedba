//! How long it takes from the program's start until there is something to look at: the form one signs in with, live figures
//! of a contact centre that was there before, and a demonstration in a home of its own.
//!
//! Left out on purpose: what a person takes to press the button, and the system's secret store, which no test session has: the
//! password is put into the form in its place. Linux only: it reads /proc.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use atalaya_window::{Opening, Window};
use serde_json::Value;

use crate::cost::{age_secs, processor_secs, released};
use crate::paint::sign_in;
use crate::woken::centre;

const TIMES: usize = 3;
const LIVE: Duration = Duration::from_secs(240);
const FLOOR: &str = "[data-testid=\"floor-ready\"][data-live=\"true\"]";

/// When the page was begun and something of it was drawn first, epoch milliseconds.
const DRAWN: &str = "const first = performance.getEntriesByName('first-contentful-paint')[0];
    return first && document.querySelector('[data-testid=\"sign-in-submit\"]')
        ? [performance.timeOrigin, performance.timeOrigin + first.startTime] : null";

/// Signs in as the form stands, with a password; milliseconds until the frame with live figures is drawn.
const SIGNED_IN: &str = "const [password, selector, done] = [...arguments];
    const field = document.querySelector('[data-testid=\"sign-in-password\"]');
    field.value = password;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const begun = performance.now();
    const look = new MutationObserver(() => {
        if (!document.querySelector(selector)) return;
        look.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun), 0));
    });
    look.observe(document.body, { subtree: true, childList: true, attributes: true });
    document.querySelector('[data-testid=\"sign-in-submit\"]').click()";

/// Measures both, some times, and prints the rows; of the released programs, or of those in a folder.
///
/// # Errors
/// A window or the contact centre did not come up.
pub fn run(folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("starts are measured on Linux only: it reads /proc");
        return Ok(());
    }
    let folder: PathBuf = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    let home = atalaya_window::target_folder().join("starts");
    let _ = std::fs::remove_dir_all(&home);
    std::fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    let (_centre, said) = centre(&folder, &[])?;
    let opened = || {
        let application = folder.join("atalaya");
        Window::open("starts", &Opening { application, home: Some(home.clone()), ..Opening::default() })
    };
    // Once before: afterwards the form knows everything but the password.
    let window = opened()?;
    sign_in(&window, &said)?;
    window.wait_until("live figures", LIVE, |page| page.find(FLOOR))?;
    window.quit()?;
    let starts = (0..TIMES).map(|_| cold(&opened()?, &said)).collect::<Result<Vec<_>, String>>()?;
    let demonstrations = (0..TIMES).map(|_| demonstration(&folder)).collect::<Result<Vec<_>, String>>()?;
    let line = |what: &str, of: Vec<f64>| {
        println!("{what:<44}{:>10.2}{:>10.2}{:>10.2}", at(&of, 0.0), at(&of, 0.5), at(&of, 1.0));
    };
    println!(
        "\nFrom the program's start, seconds, {TIMES} times\n{:<44}{:>10}{:>10}{:>10}",
        "", "best", "middle", "worst"
    );
    line("the page, begun", starts.iter().map(|one| one[0]).collect());
    line("the form, drawn", starts.iter().map(|one| one[1]).collect());
    line("live figures, pressed as soon as it is there", starts.iter().map(|one| one[1] + one[2]).collect());
    line("of that after the press", starts.iter().map(|one| one[2]).collect());
    line("a demonstration in a new home, ready", demonstrations.iter().map(|one| one.0).collect());
    line("of that the program's processor time", demonstrations.iter().map(|one| one.1).collect());
    Ok(())
}

fn at(times: &[f64], part: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(((times.len().saturating_sub(1)) as f64 * part) as usize).copied().unwrap_or(f64::NAN)
}

/// Seconds from the start to the page, to the form, and from the press to live figures.
fn cold(window: &Window, said: &HashMap<String, String>) -> Result<[f64; 3], String> {
    let [page, drawn] = window.wait_until("the form", LIVE, |page| {
        let times = page.execute(DRAWN, &[])?;
        Ok(times[0].as_f64().zip(times[1].as_f64()).map(|(page, drawn)| [page, drawn]))
    })?;
    let begun = begun_ms(window)?;
    let password = said.get("password").cloned().unwrap_or_default();
    let live = window.page().execute_async(SIGNED_IN, &[Value::from(password), Value::from(FLOOR)])?;
    let live = live.as_f64().ok_or("no live figures")?;
    Ok([(page - begun) / 1_000.0, (drawn - begun) / 1_000.0, live / 1_000.0])
}

/// When its program was started, epoch milliseconds.
fn begun_ms(window: &Window) -> Result<f64, String> {
    let age = age_secs(window.program()?)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| error.to_string())?;
    Ok((now.as_secs_f64() - age) * 1_000.0)
}

/// Seconds until it is ready, and of the processor: a busy machine makes the one long and leaves the other.
fn demonstration(folder: &Path) -> Result<(f64, f64), String> {
    let opening =
        Opening { application: folder.join("atalaya"), args: vec!["--demo".into()], ..Opening::default() };
    let window = Window::open("starts-demo", &opening)?;
    window.wait_until("the demonstration", LIVE, |page| page.find(FLOOR))?;
    let program = window.program()?;
    Ok((age_secs(program)?, processor_secs(&[program])))
}
