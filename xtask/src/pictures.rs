//! `pictures`: every screen of the demonstration, in both themes, four sizes and three languages, for looking at, and for
//! comparing with those made before a change; and those of the README and the guides. What is cut on one of them, lies over
//! something else or outside of the window, is a fault and told.
//!
//! The demonstration stands still at one moment, its past is the same every time, and nothing moves on the pages: two
//! runs of one program are equal pixel by pixel.

mod camera;
mod compare;
mod screens;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use atalaya_window::{Opening, Window, sound_card};
use camera::{Camera, Faults};

use crate::check::PROGRAMS;
use crate::{demo, setup, tool, user_interface};

/// Sizes people have: the smallest the window can be, a small laptop, a screen on a desk, and a large one.
const SIZES: [(u32, u32); 4] = [(1100, 700), (1280, 800), (1920, 1080), (2560, 1440)];
/// What the README and the guides show.
const OF_THE_DOCUMENTS: (u32, u32) = (1280, 800);
const LANGUAGES: [&str; 3] = ["en", "es", "pt-BR"];
const THEMES: [&str; 2] = ["light", "dark"];

/// When the demonstration stands still, epoch milliseconds: Tuesday, 10 March 2026, 14:10.
const AT_MS: &str = "1773151800000";
/// The screens that the guides for supervisors and analysts show.
const OF_THE_GUIDES: [&str; 4] = ["floor", "campaign", "calls", "playing"];
/// What is photographed, and what of it.
#[derive(Default)]
pub struct Asked<'a> {
    /// Another program than the one of this tree, an earlier one for instance.
    pub program: Option<&'a str>,
    /// A folder of pictures taken before, to be compared with.
    pub before: Option<&'a str>,
    /// Only one of the sizes, `1280x800`.
    pub size: Option<&'a str>,
}

/// Builds, opens the demonstration once for each size, and goes through its screens; compares them with those of a folder.
///
/// # Errors
/// A sentence: what failed, what is badly laid out, or how many are not the same.
pub fn run(asked: &Asked<'_>) -> Result<(), String> {
    setup::system(&setup::HEADLESS)?;
    setup::drivers()?;
    let application = match asked.program {
        Some(program) => PathBuf::from(program),
        None => {
            user_interface::built()?;
            tool::show(tool::command("cargo").args(PROGRAMS))?;
            atalaya_window::target_folder().join("debug/atalaya")
        }
    };
    let folder = atalaya_window::target_folder().join("pictures");
    emptied(&folder)?;
    let mut faults = Faults::new();
    let sizes: Vec<_> =
        SIZES.into_iter().filter(|size| asked.size.is_none_or(|wanted| wanted == named(*size))).collect();
    if sizes.is_empty() {
        return Err(format!("the sizes are {}", SIZES.map(named).join(", ")));
    }
    for size in sizes.iter().copied() {
        let card = sound_card(&folder)?;
        let args = vec!["--demo".into()];
        let still =
            [("ATALAYA_DEMO_AT", AT_MS), ("TZ", "UTC")].map(|(name, value)| (name.into(), value.into()));
        let env = [card.env].into_iter().chain(still).collect();
        let opening = Opening { application: application.clone(), args, size, env, ..Opening::default() };
        let window = Window::open("pictures", &opening)?;
        window.page().resize(size.0, size.1)?;
        demo::wait_until_live(&window)?;
        let mut camera = Camera::new(&window, &folder, named(size));
        let gone = screens_of(&mut camera);
        for (fault, at) in camera.into_faults() {
            faults.entry(fault).or_default().extend(at);
        }
        if let Err(gone) = gone {
            let _ = laid_out(&faults);
            return Err(gone);
        }
    }
    println!("{}", folder.display());
    if let Some(before) = asked.before {
        return compare::folders(&folder, Path::new(before));
    }
    if asked.program.is_some() {
        return Ok(());
    }
    if sizes.contains(&OF_THE_DOCUMENTS) {
        of_the_documents(&folder)?;
    }
    laid_out(&faults)
}

fn named((width, height): (u32, u32)) -> String {
    format!("{width}x{height}")
}

/// Every screen in every language and theme, from the first steps to the sign-in.
fn screens_of(camera: &mut Camera<'_>) -> Result<(), String> {
    camera.window.get("first-steps")?;
    camera.take("first-steps")?;
    camera.window.click("first-close")?;
    let mut looks = Vec::new();
    for language in LANGUAGES {
        for theme in THEMES {
            camera.choose_look(language, theme)?;
            if theme == THEMES[0] {
                // Long, and laid out alike in each theme.
                camera.take_scrolled("settings", "settings-content")?;
            } else {
                camera.take("settings")?;
            }
            screens::all(camera)?;
            looks.push(camera.taken());
        }
    }
    all_there(&looks)?;
    camera.choose_look("en", "dark")?;
    screens::wallboard(camera)?;
    camera.choose_look("en", "light")?;
    camera.window.click("sign-out")?;
    camera.window.get("sign-in")?;
    camera.take("sign-in")
}

/// A screen that one look has and another has not was passed over: whoever compares pictures would look for it in vain.
fn all_there(looks: &[(String, BTreeSet<String>)]) -> Result<(), String> {
    // What scrolls is as long as its texts, and taken whole in one theme.
    let part = |what: &str| what.rsplit_once('-').is_some_and(|(_, end)| end.parse::<u32>().is_ok());
    let every: BTreeSet<&String> =
        looks.iter().flat_map(|(_, taken)| taken).filter(|what| !part(what)).collect();
    let missing: Vec<String> = looks
        .iter()
        .flat_map(|(look, taken)| {
            every.iter().filter(|what| !taken.contains(**what)).map(move |what| format!("{look}: {what}"))
        })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("not taken: {}", missing.join(", "))) }
}

/// Tells every fault once, with the pictures it is on.
fn laid_out(faults: &Faults) -> Result<(), String> {
    for (fault, at) in faults {
        let more = if at.len() > 3 { format!(" and {} more", at.len() - 3) } else { String::new() };
        println!("{fault}\n    {}{more}", at.iter().take(3).cloned().collect::<Vec<_>>().join(", "));
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("{} faults of layout", faults.len())) }
}

/// Copies the pictures of the README and of the guides, which have them in each language.
fn of_the_documents(folder: &Path) -> Result<(), String> {
    let docs = atalaya_window::repository().join("docs");
    let mut copies = vec![
        ("en-light-floor".to_owned(), docs.join("floor.png")),
        ("en-dark-playing".to_owned(), docs.join("calls.png")),
    ];
    let guide = docs.join("guide/pictures");
    fs::create_dir_all(&guide).map_err(|error| format!("{}: {error}", guide.display()))?;
    for language in LANGUAGES {
        for screen in OF_THE_GUIDES {
            copies
                .push((format!("{language}-light-{screen}"), guide.join(format!("{screen}-{language}.png"))));
        }
    }
    for (from, to) in copies {
        let from = folder.join(format!("{}-{from}.png", named(OF_THE_DOCUMENTS)));
        fs::copy(&from, &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

/// The folder, without the pictures of the run before.
fn emptied(folder: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(failed)?;
    for file in fs::read_dir(folder).map_err(failed)?.filter_map(Result::ok) {
        if file.path().extension().is_some_and(|ending| ending == "png") {
            fs::remove_file(file.path()).map_err(failed)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_one_look_lacks_is_told() {
        let look = |name: &str, taken: &[&str]| {
            (name.to_owned(), taken.iter().map(|one| (*one).to_owned()).collect())
        };
        let whole = look("en light", &["floor", "failed", "settings", "settings-2"]);
        assert_eq!(all_there(&[whole.clone(), look("en dark", &["floor", "failed", "settings"])]), Ok(()));
        let told = all_there(&[whole, look("es dark", &["floor", "settings"])]);
        assert_eq!(told, Err("not taken: es dark: failed".to_owned()));
    }
}
