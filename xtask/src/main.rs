//! What a newcomer or CI runs. Needs Rust alone: everything else it installs, or says how to.
//!
//! Left out on purpose: anything the program itself does; this starts tools and judges what they say.

mod bench;
mod channel;
mod check;
mod clean_root;
mod cost;
mod demo;
mod elsewhere;
mod fixtures;
mod frames;
mod fuzz;
#[cfg(unix)]
mod installed;
mod invariants;
mod memory;
mod nameless;
mod notices;
mod package;
mod paint;
mod painted;
mod parts;
mod pictures;
mod quick;
mod release;
mod scroll;
mod scrolling;
mod setup;
mod shifts;
mod side_by_side;
mod soak;
mod starts;
mod steps;
mod tool;
mod user_interface;
mod windows;
mod woken;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask demo [--release]     the window, signed in to a simulated contact centre; without a display a picture of it
cargo xtask test [STEP...]       everything that is checked, the real window included; STEP: only these
cargo xtask setup                only installs what the two need
cargo xtask bindings             writes the window's TypeScript types from Rust
cargo xtask bench                everything that is measured, each beside a baseline
cargo xtask bench --quick        what says most, in three minutes once built, and the last figures of the rest
cargo xtask bench window [SIZE [FOLDER]]  only the live floor in the real window, at 12x300 or 200x5000; FOLDER: of the
                                 programs in it
cargo xtask bench calls [FOLDER] only a hundred thousand calls in the real window, scrolled
cargo xtask bench painted [FOLDER] what a window at rest draws, and every box; FOLDER: of the programs in it
cargo xtask bench woken [FOLDER]   how often each thread wakes up with a call open and held
cargo xtask bench starts [FOLDER]  from the program's start to live figures, and until the demonstration is ready
cargo xtask bench memory [FOLDER]  memory after every room, ten calls and a wallboard
cargo xtask bench team           only a team: requests, delays, the database's share, and what a killed desk costs
cargo xtask soak [--minutes N [FOLDER]]   a long watch of a simulated floor at ten times its pace: memory, descriptors, threads,
                                 data, and how each grows (10 minutes)
cargo xtask fuzz [--minutes N [TARGET...]]   hostile recordings and replies against everything that reads their bytes
cargo xtask shifts [--desks] [--seeds N] [--from S] [--tell]   simulated stretches of a shift against the simulated centre's truth; --desks: of three desks of a team on one lease
cargo xtask pictures             every screen, light and dark, in four sizes and three languages, and what is cut on any;
                                 and the README's own
cargo xtask pictures --size WxH  of one size only; 1280x800 is the README's and the guides'
cargo xtask pictures --program FILE [--size WxH]  the same of another program, an earlier one: to be copied somewhere, then
cargo xtask pictures --compare FOLDER    which of this one's are not those copied there
cargo xtask bundle               the packages for Debian and Fedora
cargo xtask bundle --built       the same of programs that were built before
cargo xtask bundle described PROGRAM  only what describes the command line, by this build of it, into target/packaging
cargo xtask installed [FILE]     the Debian package, or FILE, in clean roots of each Debian: its window opened under X11 and Wayland
cargo xtask installed --again    the same of what was installed there before
cargo xtask windows [STEP...]    the programs and the installer for Windows, tried with Wine; STEP: only these
cargo xtask release [--percent N] [--not-before MOMENT] [--earlier FILE]   every package there is, what they are made of,
                                 checksums, signatures, the channel's file; the key: ATALAYA_RELEASE_KEY or _FILE
cargo xtask release --built [...]  the same of packages that were built before
cargo xtask release --new-key FILE   a pair of keys to sign with
cargo xtask clean-root           from one version to the next and back in a clean Debian; takes root and debootstrap
cargo xtask check-windows        type-checks everything for Windows
cargo xtask check-macos          the same for macOS, on any system
cargo xtask fixtures             makes the simulated recordings anew";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        ["demo"] => demo::run(false),
        ["demo", "--release"] => demo::run(true),
        ["test", steps @ ..] => check::run(steps),
        ["setup"] => setup::everything().map(|()| println!("Everything is there.")),
        ["bindings"] => setup::system(&[]).and_then(|()| check::write_bindings()),
        ["bench"] => bench::run()
            .and_then(|()| paint::run(None, None))
            .and_then(|()| painted::run(None, 30, false))
            .and_then(|()| woken::run(None))
            .and_then(|()| starts::run(None))
            .and_then(|()| memory::run(None))
            .and_then(|()| scroll::run(None)),
        ["bench", "--quick"] => quick::run(),
        ["bench", "calls", folder @ ..] => scroll::run(folder.first().copied()),
        ["bench", "painted"] => painted::run(None, 30, true),
        ["bench", "painted", folder] => painted::run(Some(folder), 30, true),
        ["bench", "woken"] => woken::run(None),
        ["bench", "woken", folder] => woken::run(Some(folder)),
        ["bench", "starts"] => starts::run(None),
        ["bench", "starts", folder] => starts::run(Some(folder)),
        ["bench", "memory"] => memory::run(None),
        ["bench", "memory", folder] => memory::run(Some(folder)),
        ["bench", "team"] => bench::team(),
        ["bench", "window", of @ ..] => paint::run(of.first().copied(), of.get(1).copied()),
        ["soak"] => soak::run(10.0, None),
        ["soak", "--minutes", minutes, folder @ ..] if folder.len() < 2 => match minutes.parse() {
            Ok(minutes) => soak::run(minutes, folder.first().copied()),
            Err(_) => return wrong_usage(),
        },
        ["fuzz"] => fuzz::run(5.0, &[]),
        ["fuzz", "--minutes", minutes, targets @ ..] => match minutes.parse() {
            Ok(minutes) => fuzz::run(minutes, targets),
            Err(_) => return wrong_usage(),
        },
        ["shifts", arguments @ ..] => shifts::run(arguments),
        ["pictures"] => pictures::run(&pictures::Asked::default()),
        ["pictures", "--compare", before] => {
            pictures::run(&pictures::Asked { before: Some(before), ..Default::default() })
        }
        ["pictures", "--program", program] => {
            pictures::run(&pictures::Asked { program: Some(program), ..Default::default() })
        }
        ["pictures", "--program", program, "--size", size] => {
            pictures::run(&pictures::Asked { program: Some(program), size: Some(size), ..Default::default() })
        }
        ["pictures", "--size", size] => {
            pictures::run(&pictures::Asked { size: Some(size), ..Default::default() })
        }
        ["bundle", "--built"] => package::of_what_is_built(),
        ["bundle"] => package::run(),
        ["bundle", "described", program] => package::described(program),
        #[cfg(unix)]
        ["installed"] => installed::run(None),
        #[cfg(unix)]
        ["installed", deb] => installed::run(Some(deb)),
        ["windows", steps @ ..] => windows::run(steps),
        ["release", "--new-key", file] => release::new_key(file),
        ["release", more @ ..] => release::run(more),
        ["clean-root"] => clean_root::run(),
        ["check-windows"] => elsewhere::windows(),
        ["check-macos"] => elsewhere::macos(),
        ["fixtures"] => fixtures::run(),
        _ => return wrong_usage(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            if !sentence.is_empty() {
                eprintln!("{sentence}");
            }
            ExitCode::FAILURE
        }
    }
}

fn wrong_usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
