//! `pictures`: every screen of the demonstration, in both themes, two sizes and three languages, for looking at, and for
//! comparing with those made before a change; and those of the README and the guides.
//!
//! The demonstration stands still at one moment, its past is the same every time, and nothing moves on the pages: two
//! runs of one program are equal pixel by pixel.

mod compare;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use atalaya_window::{Opening, Session, Window, keys, sound_card};
use serde_json::Value;

use crate::{demo, setup, tool, user_interface};

const SOON: Duration = Duration::from_secs(30);
/// Sizes people have: a small laptop, and a screen on a desk.
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

/// When the demonstration stands still, epoch milliseconds: Tuesday, 10 March 2026, 14:10.
const AT_MS: &str = "1773151800000";
/// Nothing turns, slides, blinks or fades away; and what belongs to this computer and this run is not shown: where the
/// contact centre listens, how long each place of a recording took to answer, how
/// much of a recording was heard by then, and what diagnostics counted.
const STILL: &str = "if (document.adoptedStyleSheets.length === 0) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`*, ::before, ::after {
                animation: none !important; transition: none !important; caret-color: transparent !important }
            ::-webkit-scrollbar { display: none }
            [data-testid=find-attempt] { display: none !important }
            [data-cell=heard] > * { visibility: hidden }
            [data-testid=diagnostics] dd { visibility: hidden }`);
        document.adoptedStyleSheets = [sheet];
    }
    const placeless = text => text.replace(/127\\.0\\.0\\.1:\\d+/g, 'centre.example');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const { data } = texts.currentNode;
        if (placeless(data) !== data) texts.currentNode.data = placeless(data);
    }
    for (const field of document.querySelectorAll('input')) {
        if (placeless(field.value) !== field.value) field.value = placeless(field.value);
    }";
/// The screens that the guides for supervisors and analysts show.
const OF_THE_GUIDES: [&str; 4] = ["floor", "campaign", "calls", "playing"];
/// Where a recording is when it is photographed.
const HEARD: &str = "0:05";
const HEARD_SECS: f64 = 5.0;
/// Bars of the waveform in a second of sound.
const BARS: f64 = 20.0;

/// Builds, opens the demonstration once for each size, and goes through its screens; compares them with those of a folder.
/// `program`: another one than the one of this tree, an earlier one for instance.
///
/// # Errors
/// A sentence: what failed, or how many are not the same.
pub fn run(program: Option<&str>, before: Option<&str>) -> Result<(), String> {
    setup::system(&setup::HEADLESS)?;
    setup::drivers()?;
    let application = match program {
        Some(program) => PathBuf::from(program),
        None => {
            user_interface::built()?;
            tool::show(tool::command("cargo").args(["build", "--package", "atalaya"]))?;
            atalaya_window::target_folder().join("debug/atalaya")
        }
    };
    let folder = atalaya_window::target_folder().join("pictures");
    emptied(&folder)?;
    for size in SIZES {
        let card = sound_card(&folder)?;
        let args = vec!["--demo".into()];
        let still =
            [("ATALAYA_DEMO_AT", AT_MS), ("TZ", "UTC")].map(|(name, value)| (name.into(), value.into()));
        let env = [card.env].into_iter().chain(still).collect();
        let opening = Opening { application: application.clone(), args, size, env, ..Opening::default() };
        let window = Window::open("pictures", &opening)?;
        window.page().resize(size.0, size.1)?;
        demo::wait_until_live(&window)?;
        let camera = Camera { window: &window, folder: &folder, name: format!("{}x{}", size.0, size.1) };
        window.get("first-steps")?;
        camera.take("light-first-steps")?;
        window.click("first-close")?;
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
    println!("{}", folder.display());
    if let Some(before) = before {
        return compare::folders(&folder, Path::new(before));
    }
    if program.is_some() {
        return Ok(());
    }
    of_the_documents(&folder)
}

/// Copies the pictures of the README and of the guides, which have them in each language.
fn of_the_documents(folder: &Path) -> Result<(), String> {
    let docs = atalaya_window::repository().join("docs");
    let mut copies = vec![
        ("light-floor".to_owned(), docs.join("floor.png")),
        ("dark-playing".to_owned(), docs.join("calls.png")),
    ];
    let guide = docs.join("guide/pictures");
    fs::create_dir_all(&guide).map_err(|error| format!("{}: {error}", guide.display()))?;
    for (taken, language) in [("light", "en"), ("es", "es"), ("pt-BR", "pt-BR")] {
        for screen in OF_THE_GUIDES {
            copies.push((format!("{taken}-{screen}"), guide.join(format!("{screen}-{language}.png"))));
        }
    }
    for (from, to) in copies {
        let from = folder.join(format!("1280x800-{from}.png"));
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

struct Camera<'a> {
    window: &'a Window,
    folder: &'a Path,
    name: String,
}

impl Camera<'_> {
    fn take(&self, what: &str) -> Result<(), String> {
        self.window.page().execute(STILL, &[])?;
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
        // It may be gone before the driver has answered.
        let _ = window.click("wall-close");
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
        let before = self.moment()?;
        window.press(keys::LEFT)?;
        window.wait_until("the minute before", SOON, |_| Ok((self.moment()? != before).then_some(())))?;
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
        window.get("help")?;
        self.take(&format!("{what}-keys"))?;
        window.press(keys::ESCAPE)?;
        window.click("nav-review")?;
        window.wait_until("a call to judge", SOON, |page| {
            page.find("[data-testid=scorecard][data-answered]")
        })?;
        self.take(&format!("{what}-review"))?;
        for (tab, there) in [
            ("list", "review-line"),
            ("reports", "report-row"),
            ("cards", "starting-card"),
            ("calibration", "calibrations"),
        ] {
            window.click(&format!("review-tab-{tab}"))?;
            window.get(there)?;
            self.take(&format!("{what}-{tab}"))?;
        }
        window.click("review-tab-work")?;
        window.click("nav-calls")?;
        window.click("calls-search")?;
        window.wait_until("the search is done", SOON, |page| {
            page.find("[data-testid=\"calls-count\"][data-phase=\"done\"]")
        })?;
        self.take(&format!("{what}-calls"))?;
        // The first whose recording can be heard; the rows are drawn anew with each.
        for number in 0..12 {
            let row = |page: &Session| {
                let Some(row) = page.find_all("[data-testid=call-row]")?.into_iter().nth(number) else {
                    return Ok(None);
                };
                let guid = page.attribute(&row, "data-guid")?;
                Ok(guid.map(|guid| (row, guid)))
            };
            let (_, wanted) = window.wait_until("a call", SOON, row)?;
            let phase = window.wait_until("it plays or says why not", SOON, |page| {
                let Some(player) = page.find("[data-testid=player]")? else { return Ok(None) };
                if page.attribute(&player, "data-guid")?.as_ref() != Some(&wanted) {
                    return row(page)?.map_or(Ok(None), |(row, _)| page.double_click(&row).map(|()| None));
                }
                let phase = page.attribute(&player, "data-phase")?.unwrap_or_default();
                Ok(["playing", "paused", "ended", "failed"].contains(&phase.as_str()).then_some(phase))
            })?;
            if phase == "failed" {
                self.take(&format!("{what}-failed"))?;
                continue;
            }
            if phase == "playing" {
                window.click("player-toggle")?;
            }
            self.stand_in_the_recording()?;
            break;
        }
        self.take(&format!("{what}-playing"))
    }

    /// Which moment is shown, once it is the one asked for.
    fn moment(&self) -> Result<String, String> {
        self.window.wait_until("the figures of that moment", SOON, |page| {
            let Some(bar) = page.find("[data-testid=rewind-bar]")? else { return Ok(None) };
            let (shown, wished) = (page.attribute(&bar, "data-at")?, page.attribute(&bar, "data-wished")?);
            Ok(shown.filter(|shown| !shown.is_empty() && wished.as_ref() == Some(shown)))
        })
    }

    /// Paused at the same second every time, with the whole waveform there.
    fn stand_in_the_recording(&self) -> Result<(), String> {
        let window = self.window;
        window
            .wait_until("it is paused", SOON, |page| page.find("[data-testid=player][data-phase=paused]"))?;
        window.click("player-time")?;
        window.get("player-time-entry")?;
        window.press(HEARD)?;
        window.press(keys::ENTER)?;
        let number = |page: &Session, testid: &str, name: &str| {
            let Some(element) = page.find(&format!("[data-testid={testid}]"))? else { return Ok(None) };
            let text = page.attribute(&element, name)?;
            Ok::<_, String>(text.and_then(|text| text.parse::<f64>().ok()))
        };
        window.wait_until("the waveform is whole", SOON, |page| {
            let (at, bars) =
                (number(page, "player-position", "data-secs")?, number(page, "waveform", "data-bars")?);
            let whole = number(page, "player-duration", "data-secs")?.map(|secs| (secs - 1.0) * BARS);
            let there =
                at.is_some_and(|at| (at - HEARD_SECS).abs() < 0.001) && whole.is_some() && bars >= whole;
            Ok(there.then_some(()))
        })
    }
}
