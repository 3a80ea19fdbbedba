//! `windows`: the programs and their installer for Windows, made on Linux, and tried with Wine as far as that goes.
//!
//! Left out on purpose: pages, sound, notices, signing. Wine has no `WebView2`; what needs a real Windows is a list for a person in
//! `docs/WINDOWS.md`.

mod installed;
mod installer;
mod same;
mod tests;
mod update;
mod wine;

use crate::steps::{Log, Steps};
use crate::{elsewhere, nameless, setup, tool, user_interface};

const STEPS: [&str; 7] = ["programs", "wine", "installer", "same", "installed", "update", "rust tests"];

/// The cross compiler, Wine for 64 bits, what makes the installer, a display for boxes.
const PACKAGES: [&str; 4] = ["gcc-mingw-w64-x86-64", "wine64", "nsis", "xvfb"];

/// What Wine cannot show.
const REAL: &str = "
Not tried here, for it needs a real Windows: the window and its pages (WebView2), sound, notices, the tray, Credential Manager
beside other programs, logging off and shutting down, the offer of WebView2, what SmartScreen says of an installer that is not
signed. docs/WINDOWS.md has it as a list for a person, of twenty minutes.";

/// Runs all steps, or those named.
///
/// # Errors
/// Something could not be installed, a step that does not exist was named, or one failed: then the sentence is empty.
pub fn run(wanted: &[&str]) -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        return Err("the programs for Windows are made and tried on Linux".into());
    }
    if let Some(unknown) = wanted.iter().find(|name| !STEPS.contains(name)) {
        return Err(format!("there is no step \"{unknown}\"; there are: {}", STEPS.join(", ")));
    }
    elsewhere::add(elsewhere::WINDOWS)?;
    setup::system(&PACKAGES)?;
    user_interface::built()?;
    let mut steps = Steps::new(wanted);
    steps.step("programs", &[], programs);
    steps.step("wine", &[], wine::prepare);
    steps.step("installer", &["programs"], installer::make);
    steps.step("same", &["programs", "wine"], same::run);
    steps.step("installed", &["installer", "wine"], installed::run);
    steps.step("update", &["installer", "wine"], update::run);
    steps.step("rust tests", &["wine"], tests::run);
    let well = steps.finish();
    println!("{REAL}\n\n{}", installer::path()?.display());
    if well { Ok(()) } else { Err(String::new()) }
}

/// As they are handed out.
fn programs(log: &Log) -> Result<(), String> {
    let packages = ["--package", "atalaya", "--package", "atalaya-cli"];
    let mut build = tool::command("cargo");
    build.args(["build", "--release", "--target", elsewhere::WINDOWS]).args(packages);
    log.run(nameless::build(&mut build)?)?;
    ["atalaya.exe", "atalaya-cli.exe"].iter().try_for_each(|name| nameless::judge(&folder().join(name)))
}

/// Where the programs are.
fn folder() -> std::path::PathBuf {
    atalaya_window::target_folder().join(elsewhere::WINDOWS).join("release")
}
