//! Wallboards: windows of their own for a screen on the wall, as many as wanted, there again at the next start.
//!
//! Left out on purpose: what a wallboard shows (the page reads the settings), and which are open (the desk remembers).

use atalaya_desk::{Desk, Problem, problem};
use tauri::{
    AppHandle, Manager, PhysicalPosition, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

use crate::opened::Opened;
use crate::{drawing, told, watch};

/// Where a wallboard is first shown, before somebody moves it: a window of the shape of a screen.
const SIZE: (f64, f64) = (1280.0, 720.0);

/// Names of windows are matched by the capability; an id is whatever the window made up for it, inside these limits.
fn label(id: &str) -> Option<String> {
    let fits =
        (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then(|| format!("wall-{id}"))
}

/// Opens a wallboard, or brings the open one to the front.
///
/// # Errors
/// `wallNotOpened` with why.
pub fn open(app: &AppHandle, desk: &Desk, id: &str, title: &str) -> Result<(), Problem> {
    let label = label(id).ok_or_else(|| not_opened(format!("id {id}")))?;
    show(app, desk, id, &label, title).map_err(|error| not_opened(error.to_string()))?;
    desk.set_wall_open(id, true)
}

/// Closes a wallboard; it stays closed at the next start.
///
/// # Errors
/// The store's.
pub fn close(app: &AppHandle, desk: &Desk, id: &str) -> Result<(), Problem> {
    desk.set_wall_open(id, false)?;
    if let Some(window) = label(id).and_then(|label| app.get_webview_window(&label)) {
        window.destroy().map_err(|error| not_opened(error.to_string()))?;
    }
    Ok(())
}

/// Fills the screen with the window that asks, or not any more.
///
/// # Errors
/// `wallNotMoved`: the desktop does not do it.
pub fn full_screen(window: &WebviewWindow, full: Option<bool>) -> Result<bool, Problem> {
    let change = || {
        let full = full.map_or_else(|| window.is_fullscreen().map(|full| !full), Ok)?;
        window.set_fullscreen(full).map(|()| full)
    };
    change().map_err(|error| not_moved(&error))
}

/// Puts the window that asks on the next screen; where there is one only, it stays.
///
/// # Errors
/// `wallNotMoved`: the desktop does not do it.
pub fn next_screen(window: &WebviewWindow) -> Result<(), Problem> {
    let change = || {
        let places: Vec<PhysicalPosition<i32>> =
            window.available_monitors()?.iter().map(|monitor| *monitor.position()).collect();
        let here = window.current_monitor()?.map(|monitor| *monitor.position());
        let Some(next) = after(&places, here) else { return Ok(()) };
        // A window that fills a screen is not moved by desktops.
        let full = window.is_fullscreen()?;
        window.set_fullscreen(false)?;
        window.set_position(next)?;
        window.set_fullscreen(full)
    };
    change().map_err(|error: tauri::Error| not_moved(&error))
}

/// The place after this one, in turn; `None` when there is no other.
fn after<T: Copy + PartialEq>(places: &[T], here: Option<T>) -> Option<T> {
    let at = places.iter().position(|place| Some(*place) == here)?;
    Some(places[(at + 1) % places.len()]).filter(|_| places.len() > 1)
}

fn not_opened(detail: String) -> Problem {
    problem("wallNotOpened", [("detail", detail)], false)
}

fn not_moved(error: &tauri::Error) -> Problem {
    problem("wallNotMoved", [("detail", error.to_string())], false)
}

/// Opens those that were open when the program ended.
pub fn restore(app: &AppHandle) {
    let Some(Ok(desk)) = app.try_state::<Opened>().map(|opened| opened.0.clone()) else { return };
    for id in desk.walls_open().unwrap_or_default() {
        let Some(label) = label(&id) else { continue };
        if let Err(error) = show(app, &desk, &id, &label, "Atalaya") {
            tracing::warn!(%error, "a wallboard could not be opened again");
        }
    }
}

fn show(app: &AppHandle, desk: &Desk, id: &str, label: &str, title: &str) -> tauri::Result<()> {
    if let Some(window) = app.get_webview_window(label) {
        window.unminimize()?;
        return window.set_focus();
    }
    let page = WebviewUrl::App(format!("index.html?wall={id}").into());
    let window = WebviewWindowBuilder::new(app, label, page)
        .title(title)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(640.0, 360.0)
        .visible(false)
        .build()?;
    drawing::fit(&window);
    drawing::frugal::keep_little(&window);
    look_after(&window, desk.clone(), id.to_owned());
    Ok(())
}

/// One closed by a person stays closed; one that ends with the program does not.
fn look_after(window: &WebviewWindow, desk: Desk, id: String) {
    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { .. } => {
            if let Err(problem) = desk.set_wall_open(&id, false) {
                tracing::warn!(code = problem.code, "a closed wallboard could not be remembered");
            }
        }
        WindowEvent::Destroyed => {
            app.state::<watch::Watches>().end(&label);
            app.state::<told::Told>().end(&label);
            desk.window_gone(&label);
        }
        _ => {}
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_name_a_window() {
        assert_eq!(label("a1-B2").as_deref(), Some("wall-a1-B2"));
        for odd in ["", "a b", "../x", "a?b=c", "é", &"x".repeat(65)] {
            assert_eq!(label(odd), None, "{odd}");
        }
    }

    #[test]
    fn screens_follow_each_other_in_turn() {
        assert_eq!(after(&[1, 2, 3], Some(2)), Some(3));
        assert_eq!(after(&[1, 2, 3], Some(3)), Some(1));
        assert_eq!(after(&[1], Some(1)), None);
        assert_eq!(after(&[1, 2], None), None);
    }
}
