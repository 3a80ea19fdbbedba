//! `demo`: the window, signed in to a simulated contact centre. Without a display the same window runs on a virtual
//! one, and a picture of it is left behind.

use std::fs;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Window};
use serde_json::Value;

use crate::{setup, tool, user_interface};

/// The demonstration lives through its past first, which a busy machine takes minutes for.
const LIVE: Duration = Duration::from_secs(240);

/// Longer than the time between two polls.
const STILL: Duration = Duration::from_secs(4);

/// Installs, builds, opens.
///
/// # Errors
/// A sentence: what failed, and what to do.
pub fn run(release: bool) -> Result<(), String> {
    let display = has_display();
    println!("1/4 what the machine needs");
    setup::system(if display { &[] } else { &setup::HEADLESS })?;
    if !display {
        setup::drivers()?;
    }
    println!("2/4 the pages");
    user_interface::built()?;
    let (profile, folder) = if release { ("release", "release") } else { ("dev", "debug") };
    println!("3/4 the program ({profile} profile; the first build takes some minutes)");
    tool::show(tool::command("cargo").args(["build", "--package", "atalaya", "--profile", profile]))?;
    let program =
        atalaya_window::target_folder().join(folder).join(format!("atalaya{}", std::env::consts::EXE_SUFFIX));
    if display {
        println!("4/4 the window: close it to end");
        return tool::show(tool::command(&program.display().to_string()).arg("--demo"));
    }
    println!("4/4 the window, on a virtual display");
    let opening = Opening { application: program, args: vec!["--demo".into()], ..Opening::default() };
    let window = Window::open("demo", &opening)?;
    let live = wait_until_live(&window);
    // When something is wrong the picture is worth as much.
    let (png, figures) = if live.is_ok() {
        picture_with_figures(&window)?
    } else {
        (window.page().screenshot()?, String::new())
    };
    let folder = atalaya_window::target_folder().join("demo");
    let path = folder.join("floor.png");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, png))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    live.map_err(|error| format!("{error}; the window looks like {}", path.display()))?;
    println!("{}", path.display());
    println!("{figures}");
    Ok(())
}

/// Waits for live figures, and until the agents of all campaigns have been asked for: their number stands still.
///
/// # Errors
/// They do not come.
pub fn wait_until_live(window: &Window) -> Result<(), String> {
    window.wait_until("the floor shows live figures", LIVE, |page| {
        page.find("[data-testid=\"floor-ready\"][data-live=\"true\"]")
    })?;
    let (mut count, mut since) = (0, Instant::now());
    window.wait_until("all agents are there", LIVE, |page| {
        let now = agents(&page.execute(AGENTS, &[])?);
        if now != count {
            (count, since) = (now, Instant::now());
        }
        Ok((count > 0 && since.elapsed() > STILL).then_some(()))
    })
}

/// How many agents there are.
pub const AGENTS: &str =
    "return Number(document.querySelector('[data-testid=\"agents-signed-in\"]')?.dataset.all ?? 0)";

/// The totals of the header, one after the other.
const TOTALS: &str = "const totals = document.querySelector('[data-testid=\"floor-totals\"]');
    return Array.from(totals.children, total => total.innerText.replace(/\\s+/g, ' ').trim()).join(', ')";

/// So many agents there are, as the page counts them.
pub fn agents(count: &Value) -> u32 {
    count.as_f64().map_or(0, |count| count as u32)
}

/// A picture, and the figures that are on it: taken again when they moved meanwhile.
fn picture_with_figures(window: &Window) -> Result<(Vec<u8>, String), String> {
    window.wait_until("a picture of still figures", LIVE, |page| {
        let before = page.execute(TOTALS, &[])?;
        window.settle()?;
        let png = page.screenshot()?;
        let after = page.execute(TOTALS, &[])?;
        Ok((before == after).then(|| (png, after.as_str().unwrap_or_default().to_owned())))
    })
}

/// Elsewhere than on Linux there always is one.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
