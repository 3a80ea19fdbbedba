//! `pictures`: every screen of the demonstration, in both themes, two sizes and three languages, for looking at; and
//! the README's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use atalaya_window::{Opening, Window, keys, sound_card};
use serde_json::Value;

use crate::{demo, setup, tool, user_interface};

const SOON: Duration = Duration::from_secs(30);
/// Sizes people have: a small laptop, and a screen on a desk.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

/// Builds, opens the demonstration once for each size, and goes through its screens.
///
/// # Errors
/// A sentence: what failed.
pub fn run() -> Result<(), String> {
    setup::system(&setup::HEADLESS)?;
    setup::drivers()?;
    user_interface::built()?;
    tool::show(tool::command("cargo").args(["build", "--package", "atalaya"]))?;
    let folder = atalaya_window::target_folder().join("pictures");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for size in SIZES {
        let card = sound_card(&folder)?;
        let args = vec!["--demo".into()];
        let opening = Opening { args, size, env: vec![card.env], ..Opening::default() };
        let window = Window::open("pictures", &opening)?;
        window.page().resize(size.0, size.1)?;
        demo::wait_until_live(&window)?;
        let camera = Camera { window: &window, folder: &folder, name: format!("{}x{}", size.0, size.1) };
        for theme in ["light", "dark"] {
            camera.choose("settings-theme", theme)?;
            camera.screens(theme)?;
        }
        for language in ["es", "pt-BR"] {
            camera.choose("settings-theme", "light")?;
            camera.choose("settings-language", language)?;
            camera.screens(language)?;
        }
        camera.choose("settings-language", "en")?;
        camera.wallboard()?;
        window.click("nav-settings")?;
        window.click("sign-out")?;
        window.get("sign-in")?;
        camera.take("light-sign-in")?;
    }
    let docs = atalaya_window::repository().join("docs");
    for (from, to) in [("1280x800-light-floor", "floor"), ("1280x800-dark-playing", "calls")] {
        let (from, to) = (folder.join(format!("{from}.png")), docs.join(format!("{to}.png")));
        fs::copy(&from, &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    println!("{}", folder.display());
    Ok(())
}

struct Camera<'a> {
    window: &'a Window,
    folder: &'a Path,
    name: String,
}

impl Camera<'_> {
    fn take(&self, what: &str) -> Result<(), String> {
        self.window.settle()?;
        let path: PathBuf = self.folder.join(format!("{}-{what}.png", self.name));
        fs::write(&path, self.window.page().screenshot()?)
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Chooses in a list of the settings, as a person does.
    fn choose(&self, testid: &str, value: &str) -> Result<(), String> {
        self.window.click("nav-settings")?;
        self.window.get(testid)?;
        let script = "const list = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
            list.value = arguments[1];
            list.dispatchEvent(new Event('change', { bubbles: true }))";
        self.window.page().execute(script, &[Value::from(testid), Value::from(value)]).map(drop)
    }

    /// A wallboard's pages, each as it is seen from across the room.
    fn wallboard(&self) -> Result<(), String> {
        let window = self.window;
        for page in ["states", "people"] {
            window.click("nav-floor")?;
            window.click("wall-menu")?;
            if window.has("wall-first")? {
                window.click("wall-first")?;
            }
            window.press(keys::ESCAPE)?;
            window.click("nav-settings")?;
            if !window.has(&format!("wall-page-{page}"))? {
                window.click("wall-edit")?;
            }
            window.click(&format!("wall-page-{page}"))?;
        }
        window.go_to(|address| address.starts_with("?wall="))?;
        window.click("wall-hold")?;
        for page in ["campaigns", "totals", "states", "people"] {
            window.wait_until(page, SOON, |session| session.find(&format!("[data-page={page}]")))?;
            self.take(&format!("wall-{page}"))?;
            window.press(keys::RIGHT)?;
        }
        window.click("wall-close")?;
        window.go_to(str::is_empty)
    }

    fn screens(&self, what: &str) -> Result<(), String> {
        let window = self.window;
        self.take(&format!("{what}-settings"))?;
        window.click("nav-floor")?;
        window.get("campaign-row")?;
        self.take(&format!("{what}-floor"))?;
        window.click("campaign-row")?;
        window.get("campaign-page")?;
        window.click("agent-row")?;
        window.get("person-page")?;
        self.take(&format!("{what}-campaign"))?;
        window.click("campaign-trend")?;
        window.wait_until("the charts", SOON, |page| page.find("[data-testid=\"trend-charts\"] canvas"))?;
        self.take(&format!("{what}-trend"))?;
        window.click("campaign-trend")?;
        window.press(keys::ESCAPE)?;
        window.press(keys::ESCAPE)?;
        for menu in ["columns", "views"] {
            window.click(menu)?;
            window.get(&format!("{menu}-list"))?;
            self.take(&format!("{what}-{menu}"))?;
            window.press(keys::ESCAPE)?;
        }
        window.click("rewind")?;
        window.get("rewind-bar")?;
        window.press(keys::LEFT)?;
        self.take(&format!("{what}-rewind"))?;
        window.press(keys::ESCAPE)?;
        window.click("report-open")?;
        window.click("report-make")?;
        window.wait_until("the report", SOON, |page| page.find("[data-testid=\"report\"] table"))?;
        self.take(&format!("{what}-report"))?;
        window.press(keys::ESCAPE)?;
        window.click("alerts-open")?;
        window.get("alerts-panel")?;
        self.take(&format!("{what}-alerts"))?;
        window.press(keys::ESCAPE)?;
        window.press("?")?;
        window.get("key-help")?;
        self.take(&format!("{what}-keys"))?;
        window.press(keys::ESCAPE)?;
        window.click("nav-calls")?;
        window.click("calls-search")?;
        window.wait_until("the search is done", SOON, |page| {
            page.find("[data-testid=\"calls-count\"][data-phase=\"done\"]")
        })?;
        self.take(&format!("{what}-calls"))?;
        let rows = window.page().find_all("[data-testid=\"call-row\"]")?;
        // The first whose recording can be heard.
        for row in rows.iter().take(12) {
            window.page().double_click(row)?;
            let phase = window.wait_until("it plays or says why not", SOON, |page| {
                let Some(player) = page.find("[data-testid=\"player\"]")? else { return Ok(None) };
                let phase = page.attribute(&player, "data-phase")?.unwrap_or_default();
                Ok(["playing", "paused", "ended", "failed"].contains(&phase.as_str()).then_some(phase))
            })?;
            if phase == "failed" {
                self.take(&format!("{what}-failed"))?;
                continue;
            }
            window.wait_until("some of it was heard", SOON, |page| {
                let Some(time) = page.find("[data-testid=\"player-position\"]")? else { return Ok(None) };
                let secs = page.attribute(&time, "data-secs")?.and_then(|secs| secs.parse::<f64>().ok());
                Ok((phase != "playing" || secs.is_some_and(|secs| secs > 4.0)).then_some(()))
            })?;
            break;
        }
        self.take(&format!("{what}-playing"))
    }
}
