//! What memory the program and its pages hold after a working quarter of an hour, pressed together: every room entered, ten
//! calls opened and heard for a moment, a wallboard opened and closed.
//!
//! Left out on purpose: what it is made of (heaptrack), and what becomes of it over hours (`soak`). Linux only: it reads /proc.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use atalaya_window::{Opening, Window, sound_card};

use crate::cost::{of_home, released};
use crate::paint::sign_in;
use crate::woken::{centre, listen, stay};

const CALLS: u32 = 10;
const ENTERED: Duration = Duration::from_secs(2);
const HEARD: Duration = Duration::from_secs(3);
/// What is let go after a while has been by then.
const AT_REST: Duration = Duration::from_secs(30);
const ROOMS: [&str; 5] = ["nav-calls", "nav-review", "nav-outreach", "nav-settings", "nav-floor"];

/// Does it and prints what is held, before and after; of the released programs, or of those in a folder.
///
/// # Errors
/// The window or the contact centre did not come up.
pub fn run(folder: Option<&str>) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        println!("memory is measured on Linux only: it reads /proc");
        return Ok(());
    }
    let folder: PathBuf = folder.map_or_else(released, |folder| Ok(folder.into()))?;
    let (_centre, said) = centre(&folder, &[])?;
    let card_folder = atalaya_window::target_folder().join("memory");
    fs::create_dir_all(&card_folder).map_err(|error| format!("{}: {error}", card_folder.display()))?;
    let env = vec![sound_card(&card_folder)?.env];
    let window =
        Window::open("memory", &Opening { application: folder.join("atalaya"), env, ..Opening::default() })?;
    println!(
        "\nMemory (PSS), MB\n{:<34}{:>10}{:>10}{:>10}{:>10}",
        "", "program", "its own", "pages", "together"
    );
    told("the form", &window);
    sign_in(&window, &said)?;
    window.get("campaign-row")?;
    stay(AT_REST)?;
    told("the floor, half a minute", &window);
    for room in ROOMS {
        // Not everybody has each of them.
        if window.has(room)? {
            window.click(room)?;
            stay(ENTERED)?;
        }
    }
    told("every room", &window);
    let mut row = 0;
    for _ in 0..CALLS {
        row = listen(&window, row)? + 1;
        stay(HEARD)?;
    }
    window.click("player-toggle")?;
    window.click("nav-floor")?;
    told("ten calls", &window);
    window.click("wall-menu")?;
    window.click("wall-first")?;
    window.go_to(|address| address.starts_with("?wall="))?;
    window.get("wall")?;
    stay(ENTERED)?;
    told("a wallboard beside it", &window);
    window.close_wall()?;
    window.go_to(|address| !address.starts_with("?wall="))?;
    stay(AT_REST)?;
    told("the wallboard closed, half a minute", &window);
    for process in of_home(&window.data_folder()) {
        if let Some((name, [whole, anonymous, file, shared])) = parts(process) {
            println!("    {name:<30}{whole:>10}{anonymous:>10} own{file:>10} files{shared:>10} shared");
        }
    }
    Ok(())
}

fn named(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default().trim().to_owned()
}

/// Those the window is driven with are no part of it.
fn belongs(name: &str) -> bool {
    name == "atalaya"
        || name.starts_with("WebKitWeb") && !name.contains("Driver")
        || name.starts_with("WebKitNet")
}

fn told(what: &str, window: &Window) {
    let (mut program, mut own, mut pages) = (0, 0, 0);
    // One may end between being seen and being asked.
    for (name, [whole, anonymous, ..]) in of_home(&window.data_folder()).into_iter().filter_map(parts) {
        if name == "atalaya" {
            (program, own) = (program + whole, own + anonymous);
        } else {
            pages += whole;
        }
    }
    println!("{what:<34}{program:>10}{own:>10}{pages:>10}{:>10}", program + pages);
}

/// Memory (PSS), MB, of the program and of its pages among what a process started.
pub fn below(process: u32) -> (u64, u64) {
    let parent = |process: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
    };
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let ours = all.filter(|of| std::iter::successors(Some(*of), |of| parent(*of)).any(|of| of == process));
    let (mut program, mut pages) = (0, 0);
    for (name, [whole, ..]) in ours.filter_map(parts) {
        *(if name == "atalaya" { &mut program } else { &mut pages }) += whole;
    }
    (program, pages)
}

/// Name of a process, and of its memory in MB: all, its own, of files, shared.
fn parts(process: u32) -> Option<(String, [u64; 4])> {
    let name = named(process);
    let rollup =
        fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok().filter(|_| belongs(&name))?;
    let of = |what: &str| {
        let line = rollup.lines().find_map(|line| line.strip_prefix(what));
        let kb: Option<u64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        kb.unwrap_or_default() / 1_000
    };
    Some((name, ["Pss:", "Pss_Anon:", "Pss_File:", "Pss_Shmem:"].map(of)))
}
