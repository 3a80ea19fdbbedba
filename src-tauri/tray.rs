//! The icon in the system's tray: how bad and how many, and three things to do from there.
//!
//! Left out on purpose: what the icon looks like (the desk's `TrayBadge`), and its words (the window's catalogue).

use std::sync::{Mutex, PoisonError};

use atalaya_desk::{TrayBadge, render};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

use crate::opened::Opened;
use crate::shell;

const MUTED_MINUTES: u32 = 15;

/// The tray's icon once there is one, and what it shows.
#[derive(Default)]
pub struct Tray(Mutex<State>);

#[derive(Default)]
struct State {
    badge: TrayBadge,
    shown: Option<Shown>,
}

struct Shown {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    mute: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

fn icon_with(badge: TrayBadge) -> Image<'static> {
    let base = tauri::include_image!("icons/tray.png");
    Image::new_owned(render(badge, base.rgba(), base.width()), base.width(), base.height())
}

/// Takes the words in the language of the moment; the icon appears with the first.
pub fn words(app: &AppHandle, open: String, mute: String, quit: String, tooltip: String) {
    on_main(app, move |app| {
        let tray = app.state::<Tray>();
        let mut state = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
        let badge = state.badge;
        match &state.shown {
            Some(shown) => {
                shown.open.set_text(open)?;
                shown.mute.set_text(mute)?;
                shown.quit.set_text(quit)?;
                shown.icon.set_tooltip(Some(tooltip))
            }
            None if available() => {
                state.shown = Some(appear(app, badge, [&open, &mute, &quit], &tooltip)?);
                Ok(())
            }
            None => {
                tracing::info!("no icon in the tray: this system has no library for it");
                Ok(())
            }
        }
    });
}

fn appear(app: &AppHandle, badge: TrayBadge, words: [&str; 3], tooltip: &str) -> tauri::Result<Shown> {
    let item = |id: &str, text: &str| MenuItem::with_id(app, id, text, true, None::<&str>);
    let (open, mute, quit) = (item("open", words[0])?, item("mute", words[1])?, item("quit", words[2])?);
    let icon = TrayIconBuilder::new()
        .icon(icon_with(badge))
        .tooltip(tooltip)
        .menu(&Menu::with_items(app, &[&open, &mute, &quit])?)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => shell::show(app),
            "mute" => {
                if let Some(Ok(desk)) = app.try_state::<Opened>().as_ref().map(|opened| &opened.0) {
                    desk.mute_alerts(MUTED_MINUTES);
                }
            }
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(Shown { icon, open, mute, quit })
}

/// Keeps the icon as the alerts are, for as long as the program runs.
pub fn follow(app: &AppHandle) {
    let Some(Ok(desk)) = app.try_state::<Opened>().map(|opened| opened.0.clone()) else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let told = |alerts| {
            show(&app, TrayBadge::from(&alerts));
            true
        };
        desk.alert_updates(told).await;
    });
}

fn show(app: &AppHandle, badge: TrayBadge) {
    let tray = app.state::<Tray>();
    let mut state = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut state.badge, badge) == badge || state.shown.is_none() {
        return;
    }
    drop(state);
    on_main(app, move |app| {
        let tray = app.state::<Tray>();
        let state = tray.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.shown {
            Some(shown) => shown.icon.set_icon(Some(icon_with(badge))),
            None => Ok(()),
        }
    });
}

/// Trays belong to the main thread; a desktop that refuses one still has the window.
fn on_main(app: &AppHandle, change: impl FnOnce(&AppHandle) -> tauri::Result<()> + Send + 'static) {
    let handle = app.clone();
    let sent = app.run_on_main_thread(move || {
        if let Err(error) = change(&handle) {
            tracing::info!(%error, "the desktop shows no icon in its tray");
        }
    });
    if let Err(error) = sent {
        tracing::info!(%error, "the program is ending");
    }
}

/// On Linux a tray needs a library that not every desktop has, and asking for it in vain ends the program.
#[cfg(target_os = "linux")]
fn available() -> bool {
    const NAMES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];
    const FOLDERS: [&str; 5] =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib64"];
    FOLDERS.iter().any(|folder| NAMES.iter().any(|name| std::path::Path::new(folder).join(name).exists()))
}

#[cfg(not(target_os = "linux"))]
fn available() -> bool {
    true
}
