//! What the window draws at rest, seen on its display: frames in which anything changed, how much changed in them, and the
//! boxes around it, for a change is painted with everything in its box; and what that costs the processor, also while the
//! window is put away and nobody can see it.
//!
//! Left out on purpose: how long a frame takes (see `paint`). Linux only: it looks at an X display and reads /proc.

use std::fs;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use atalaya_window::{Opening, Running, Window, bound_command, wait_until};

use crate::cost::{of_home, processor_secs, released};
use crate::paint::sign_in;
use crate::soak::printed;
use crate::{demo, setup, tool};

/// The size the goals speak of.
const SIZE: (u32, u32) = (1440, 900);
const LOOKS_A_SEC: usize = 25;
const ALL_READ: Duration = Duration::from_secs(60);
const SETTLED: Duration = Duration::from_secs(3);

/// A stretch of the display.
pub struct Painted {
    /// Frames in which anything changed, a second.
    pub frames: f64,
    /// Pixels that changed, percent of the window, a second.
    pub changed: f64,
    /// The boxes around what changed, percent of the window, a second.
    pub boxes: f64,
    /// Of each such frame: seconds, left, top, width, height.
    pub each: Vec<(f64, [usize; 4])>,
}

/// Watches a window at rest and prints a row, with every box when wanted; of the released programs, or of those in a
/// folder.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(folder: Option<&str>, secs: u32, tell: bool) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("what is drawn is measured on Linux only: it looks at an X display");
        return Ok(());
    }
    let folder = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    measure(&folder, secs, tell)
}

/// The same, of the programs in a folder.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn measure(folder: &Path, secs: u32, tell: bool) -> Result<(), String> {
    setup::system(&["ffmpeg", "xdotool"])?;
    let (_centre, window) = at_rest(folder, SIZE, (12, 300))?;
    let home = window.data_folder();
    let before = share_of(&home);
    let begun = Instant::now();
    let painted = watch(window.display(), SIZE, secs)?;
    let after = share_of(&home);
    let took = begun.elapsed().as_secs_f64();
    println!(
        "\nAt rest, 12 x 300, {} x {}, {secs} s: of the window and of a core, a second\n\
         {:>10}{:>12}{:>10}{:>12}{:>12}\n{:>10.1}{:>10.2} %{:>8.0} %{:>10.1} %{:>10.1} %",
        SIZE.0,
        SIZE.1,
        "frames",
        "changed",
        "boxes",
        "pages",
        "program",
        painted.frames,
        painted.changed,
        painted.boxes,
        (after.0 - before.0) / took * 100.0,
        (after.1 - before.1) / took * 100.0,
    );
    put_away(&window)?;
    let (begun, before) = (Instant::now(), share_of(&home));
    passed(Duration::from_secs(secs.into()));
    let (after, took) = (share_of(&home), begun.elapsed().as_secs_f64());
    println!(
        "{:>10}{:>12}{:>10}{:>10.2} %{:>10.2} %",
        "put away",
        "",
        "",
        (after.0 - before.0) / took * 100.0,
        (after.1 - before.1) / took * 100.0,
    );
    if tell {
        for (at, [left, top, width, height]) in painted.each {
            println!("{at:>8.2} s  {width:>5} x {height:<5} at {left}, {top}");
        }
    }
    Ok(())
}

/// A window at rest on a contact centre of so many campaigns and agents, all read.
fn at_rest(
    folder: &Path,
    size: (u32, u32),
    (campaigns, agents): (u32, u32),
) -> Result<(Running, Window), String> {
    let mut centre = bound_command(folder.join("atalaya-cli"));
    centre
        .args(["simulate", "--campaigns", &campaigns.to_string(), "--agents", &agents.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut centre = Running::start("the simulated contact centre", &mut centre)?;
    let said = printed(BufReader::new(centre.child().stdout.take().ok_or("no output")?))?;
    let opening = Opening { application: folder.join("atalaya"), size, ..Opening::default() };
    let window = Window::open("painted", &opening)?;
    window.page().resize(size.0, size.1)?;
    sign_in(&window, &said)?;
    window.wait_until("all agents are there", ALL_READ, |page| {
        let seen = demo::agents(&page.execute(demo::AGENTS, &[])?);
        Ok((seen >= agents).then_some(()))
    })?;
    // Scroll bars that were shown for a moment fade away.
    passed(SETTLED);
    Ok((centre, window))
}

/// Lets time pass: it is what is measured.
fn passed(time: Duration) {
    let begun = Instant::now();
    let _ = wait_until("", Duration::MAX, || Ok((begun.elapsed() >= time).then_some(())));
}

/// Puts the window away, as a window manager does with one that is minimised, until its page knows it.
fn put_away(window: &Window) -> Result<(), String> {
    let xdotool = |words: &[&str]| {
        let mut command = bound_command("xdotool");
        tool::output(command.args(words).env("DISPLAY", window.display()))
    };
    let shown = xdotool(&["search", "--onlyvisible", "--name", "Atalaya"])?;
    for id in shown.split_whitespace() {
        xdotool(&["windowunmap", id])?;
    }
    window.wait_until("the page knows that nobody sees it", ALL_READ, |page| {
        Ok(page.execute("return document.hidden", &[])?.as_bool().unwrap_or(false).then_some(()))
    })?;
    passed(SETTLED);
    Ok(())
}

/// Processor time so far of the pages and of the program, seconds.
fn share_of(home: &Path) -> (f64, f64) {
    let of_pages = |id: &u32| {
        fs::read_to_string(format!("/proc/{id}/comm"))
            .is_ok_and(|name| name.trim_start().starts_with("WebKit"))
    };
    let of_program =
        |id: &u32| fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "atalaya");
    let all = of_home(home);
    let secs = |wanted: &dyn Fn(&u32) -> bool| {
        processor_secs(&all.iter().copied().filter(|id| wanted(id)).collect::<Vec<_>>())
    };
    (secs(&of_pages), secs(&of_program))
}

/// Looks at a display for so many seconds.
fn watch(display: &str, (width, height): (u32, u32), secs: u32) -> Result<Painted, String> {
    let mut looking = bound_command("ffmpeg");
    looking
        .args(["-v", "error", "-f", "x11grab", "-draw_mouse", "0"])
        .args(["-framerate", &LOOKS_A_SEC.to_string(), "-video_size", &format!("{width}x{height}")])
        .args(["-i", display, "-t", &secs.to_string(), "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut looking = Running::start("ffmpeg", &mut looking)?;
    let mut out = looking.child().stdout.take().ok_or("no output")?;
    let (width, height) = (width as usize, height as usize);
    let (mut before, mut now) = (vec![0; width * height], vec![0; width * height]);
    let (mut looks, mut changed, mut boxes, mut each) = (0_usize, 0_usize, 0_usize, Vec::new());
    while out.read_exact(&mut now).is_ok() {
        if looks > 0
            && let Some((pixels, [left, top, wide, high])) = difference(&before, &now, width)
        {
            changed += pixels;
            boxes += wide * high;
            each.push((looks as f64 / LOOKS_A_SEC as f64, [left, top, wide, high]));
        }
        std::mem::swap(&mut before, &mut now);
        looks += 1;
    }
    if looks < 2 {
        return Err("the display could not be looked at".into());
    }
    let secs = looks as f64 / LOOKS_A_SEC as f64;
    let of_window = |pixels: usize| 100.0 * pixels as f64 / (width * height) as f64 / secs;
    Ok(Painted {
        frames: each.len() as f64 / secs,
        changed: of_window(changed),
        boxes: of_window(boxes),
        each,
    })
}

/// How many pixels differ, and the box around them: left, top, width, height.
fn difference(before: &[u8], now: &[u8], width: usize) -> Option<(usize, [usize; 4])> {
    let (mut pixels, mut left, mut right, mut top, mut bottom) = (0, usize::MAX, 0, usize::MAX, 0);
    for (row, (before, now)) in before.chunks_exact(width).zip(now.chunks_exact(width)).enumerate() {
        if before == now {
            continue;
        }
        top = top.min(row);
        bottom = row;
        for (column, (was, is)) in before.iter().zip(now).enumerate() {
            if was != is {
                pixels += 1;
                left = left.min(column);
                right = right.max(column);
            }
        }
    }
    (pixels > 0).then(|| (pixels, [left, top, right + 1 - left, bottom + 1 - top]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_counted_with_the_box_around_it() {
        let before = vec![0; 20];
        assert_eq!(difference(&before, &before, 5), None);
        let mut now = before.clone();
        (now[6], now[13]) = (1, 2);
        assert_eq!(difference(&before, &now, 5), Some((2, [1, 1, 3, 2])));
    }
}
