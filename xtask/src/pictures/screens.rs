//! The screens there are, and the way to each.
//!
//! Left out: how a picture is taken, and of what size, language and theme.

use std::time::Duration;

use atalaya_window::{Session, Window, keys};

use super::camera::Camera;

const SOON: Duration = Duration::from_secs(30);
/// Where a recording is when it is photographed.
const HEARD: &str = "0:05";
const HEARD_SECS: f64 = 5.0;
/// Calls tried before none of them is said to have a recording.
const TRIED: usize = 12;
/// Bars of the waveform in a second of sound.
const BARS: f64 = 20.0;

/// Every room but the settings.
pub fn all(camera: &mut Camera<'_>) -> Result<(), String> {
    floor(camera)?;
    review(camera)?;
    calls(camera)?;
    outreach(camera)
}

fn floor(camera: &mut Camera<'_>) -> Result<(), String> {
    let window = camera.window;
    window.click("nav-floor")?;
    window.get("campaign-row")?;
    camera.take("floor")?;
    window.click("campaign-row")?;
    window.get("campaign-page")?;
    window.click("agent-row")?;
    window.get("person-page")?;
    camera.take("campaign")?;
    window.click("campaign-trend")?;
    window.wait_until("the charts", SOON, |page| page.find("[data-testid=\"trend-charts\"] canvas"))?;
    camera.take("trend")?;
    window.click("campaign-trend")?;
    window.click("campaign-add")?;
    window.get("add-row")?;
    window.click("add-row")?;
    window.get("add-after")?;
    camera.take("adding")?;
    window.press(keys::ESCAPE)?;
    window.get("person-page")?;
    window.press(keys::ESCAPE)?;
    window.press(keys::ESCAPE)?;
    for menu in ["columns", "views"] {
        window.click(menu)?;
        window.get(&format!("{menu}-list"))?;
        camera.take(menu)?;
        window.press(keys::ESCAPE)?;
    }
    window.click("rewind")?;
    window.get("rewind-bar")?;
    let before = moment(window)?;
    window.press(keys::LEFT)?;
    window.wait_until("the minute before", SOON, |_| Ok((moment(window)? != before).then_some(())))?;
    camera.take("rewind")?;
    window.press(keys::ESCAPE)?;
    window.click("report-open")?;
    window.click("report-make")?;
    window.wait_until("the report", SOON, |page| page.find("[data-testid=\"report\"] table"))?;
    camera.take("report")?;
    window.press(keys::ESCAPE)?;
    window.click("alerts-open")?;
    window.get("alerts-panel")?;
    camera.take("alerts")?;
    window.press(keys::ESCAPE)?;
    window.press("?")?;
    window.get("help")?;
    camera.take("keys")?;
    window.press(keys::ESCAPE)
}

fn review(camera: &mut Camera<'_>) -> Result<(), String> {
    let window = camera.window;
    window.click("nav-review")?;
    window.wait_until("a call to judge", SOON, |page| page.find("[data-testid=scorecard][data-answered]"))?;
    camera.take("review")?;
    for (tab, there) in [
        ("list", "review-line"),
        ("reports", "report-row"),
        ("cards", "starting-card"),
        ("calibration", "calibrations"),
        ("notes", "notes-find"),
        ("audit", "audit"),
    ] {
        window.click(&format!("review-tab-{tab}"))?;
        window.get(there)?;
        camera.take(tab)?;
    }
    window.click("review-tab-work")?;
    window.click("sample-new")?;
    window.get("sample-form")?;
    camera.take("sample")?;
    window.press(keys::ESCAPE)
}

fn calls(camera: &mut Camera<'_>) -> Result<(), String> {
    let window = camera.window;
    window.click("nav-calls")?;
    window.click("calls-search")?;
    window.wait_until("the search is done", SOON, |page| {
        page.find("[data-testid=\"calls-count\"][data-phase=\"done\"]")
    })?;
    camera.take("calls")?;
    // Nobody answered it: there is nothing to hear, and the player says so.
    if listened(window, "[data-testid=call-row].unanswered", 0)? != "failed" {
        return Err("a call that nobody answered can be heard".into());
    }
    camera.take("failed")?;
    // The first whose recording can be heard.
    let mut phase = String::from("failed");
    for number in 0..TRIED {
        phase = listened(window, "[data-testid=call-row]:not(.unanswered)", number)?;
        if phase != "failed" {
            break;
        }
    }
    match phase.as_str() {
        "failed" => return Err(format!("none of {TRIED} calls can be heard")),
        "playing" => window.click("player-toggle")?,
        _ => {}
    }
    stand_in_the_recording(window)?;
    camera.take("playing")?;
    window.click("call-act")?;
    window.get("call-act-task")?;
    window.click("call-act-task")?;
    window.get("send-fields")?;
    window.click("act-more")?;
    camera.take("sending")?;
    window.press(keys::ESCAPE)
}

/// Has a row of the calls played; what came of it.
fn listened(window: &Window, rows: &str, number: usize) -> Result<String, String> {
    // The rows are drawn anew with each call.
    let row = |page: &Session| {
        let Some(row) = page.find_all(rows)?.into_iter().nth(number) else { return Ok(None) };
        let guid = page.attribute(&row, "data-guid")?;
        Ok(guid.map(|guid| (row, guid)))
    };
    let (_, wanted) = window.wait_until("a call", SOON, row)?;
    window.wait_until("it plays or says why not", SOON, |page| {
        let Some(player) = page.find("[data-testid=player]")? else { return Ok(None) };
        if page.attribute(&player, "data-guid")?.as_ref() != Some(&wanted) {
            return row(page)?.map_or(Ok(None), |(row, _)| page.double_click(&row).map(|()| None));
        }
        let phase = page.attribute(&player, "data-phase")?.unwrap_or_default();
        Ok(["playing", "paused", "ended", "failed"].contains(&phase.as_str()).then_some(phase))
    })
}

fn outreach(camera: &mut Camera<'_>) -> Result<(), String> {
    let window = camera.window;
    window.click("nav-outreach")?;
    for page in ["calls", "sent", "blacklist", "unconfirmed"] {
        window.click(&format!("out-{page}"))?;
        window.wait_until(page, SOON, |session| {
            session.find(&format!("[data-testid=outreach][data-page={page}]"))
        })?;
        camera.take(&format!("outreach-{page}"))?;
    }
    Ok(())
}

/// A wallboard's pages, each as it is seen from across the room.
pub fn wallboard(camera: &mut Camera<'_>) -> Result<(), String> {
    let window = camera.window;
    for page in ["states", "people"] {
        window.click("nav-floor")?;
        window.click("wall-menu")?;
        if window.has("wall-first")? {
            window.click("wall-first")?;
        }
        window.press(keys::ESCAPE)?;
        window.click("nav-settings")?;
        // What stands above it may still be growing: a press can miss.
        window.wait_until("its pages", SOON, |session| {
            if session.find("[data-testid=wall-edit][aria-expanded=false]")?.is_some() {
                window.click("wall-edit")?;
            }
            session.find(&format!("[data-testid=wall-page-{page}]"))
        })?;
        window.click(&format!("wall-page-{page}"))?;
    }
    window.go_to(|address| address.starts_with("?wall="))?;
    // Its buttons are there only while somebody's hand is.
    window.press(" ")?;
    let held = "[data-testid=wall-hold][aria-pressed=true]";
    window.wait_until("it is held", SOON, |session| session.find(held))?;
    for page in ["campaigns", "totals", "states", "people"] {
        window.wait_until(page, SOON, |session| session.find(&format!("[data-page={page}]")))?;
        camera.take(&format!("wall-{page}"))?;
        window.press(keys::RIGHT)?;
    }
    window.close_wall()?;
    window.go_to(str::is_empty)
}

/// Which moment is shown, once it is the one asked for.
fn moment(window: &Window) -> Result<String, String> {
    window.wait_until("the figures of that moment", SOON, |page| {
        let Some(bar) = page.find("[data-testid=rewind-bar]")? else { return Ok(None) };
        let (shown, wished) = (page.attribute(&bar, "data-at")?, page.attribute(&bar, "data-wished")?);
        Ok(shown.filter(|shown| !shown.is_empty() && wished.as_ref() == Some(shown)))
    })
}

/// Paused at the same second every time, with the whole waveform there.
fn stand_in_the_recording(window: &Window) -> Result<(), String> {
    window.wait_until("it is paused", SOON, |page| page.find("[data-testid=player][data-phase=paused]"))?;
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
        let there = at.is_some_and(|at| (at - HEARD_SECS).abs() < 0.001) && whole.is_some() && bars >= whole;
        Ok(there.then_some(()))
    })
}
