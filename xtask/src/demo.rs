//! `demo`: the window, signed in to a simulated contact centre. Without a display the same window runs on a virtual
//! one, and a picture of it is left behind.

use std::fs;
use std::time::Duration;

use atalaya_window::{Opening, Window};

use crate::{setup, tool, user_interface};

/// The first poll of the demonstration follows the sign-in at once; a slow machine still has to draw it.
const LIVE: Duration = Duration::from_secs(60);

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
    let shown = look(&window);
    // The picture is worth as much when something is wrong.
    let png = window.page().screenshot()?;
    let folder = atalaya_window::target_folder().join("demo");
    let path = folder.join("floor.png");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, png))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let figures = shown.map_err(|error| format!("{error}; the window looks like {}", path.display()))?;
    println!("{}", path.display());
    println!("{figures}");
    Ok(())
}

/// Waits for live figures and returns them as one line.
fn look(window: &Window) -> Result<String, String> {
    window.wait_until("the floor shows live figures", LIVE, |page| {
        if page.find("[data-testid=\"floor-ready\"][data-live=\"true\"]")?.is_none() {
            return Ok(None);
        }
        let Some(totals) = page.find("[data-testid=\"floor-totals\"]")? else { return Ok(None) };
        let line = one_line(&page.text(&totals)?);
        Ok(line.chars().any(|letter| letter.is_ascii_digit()).then_some(line))
    })
}

/// The figures stand below each other.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Elsewhere than on Linux there always is one.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
