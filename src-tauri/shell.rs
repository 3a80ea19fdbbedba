//! What only the shell can do: the file dialog, showing the window, a notice on the desktop.
//!
//! Left out on purpose: which of it a window may ask for (`commands`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use atalaya_desk::wire::SavedSound;
use atalaya_desk::{Desk, Problem, Session, SettingsFound};
use atalaya_export::csv::Separator;
use atalaya_export::page::Page;
use atalaya_store::backup::BackupContent;
use tauri::{AppHandle, Manager, WebviewWindow, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::oneshot;

use crate::drawing::safer;
use crate::places::Places;

/// A kind of file: its name in the dialog, and its endings.
pub type FileKind = (&'static str, &'static [&'static str]);
/// Views, rules, searches, cards, calibrations.
pub const JSON: FileKind = ("JSON", &["json"]);
/// Tables.
pub const CSV: FileKind = ("CSV", &["csv"]);
/// What a base, or a list of numbers, is made of.
pub const BASE: FileKind = ("CSV, TXT, XLSX", &["csv", "txt", "xlsx"]);
const BACKUP: FileKind = ("Atalaya", &["sqlite"]);

/// Lets the person pick a certificate file; `None` when they changed their mind.
pub async fn pick_certificate(app: &AppHandle, title: String) -> Result<Option<String>, Problem> {
    let file = picked_file(app, title, ("PEM, DER", &["pem", "crt", "cer", "der"])).await;
    Ok(file.map(|path| path.display().to_string()))
}

/// Lets the person choose where a table goes; `None` when they changed their mind.
pub async fn place_for_table(app: &AppHandle, title: String, name: String) -> Option<PathBuf> {
    chosen_place(app, title, name, ("CSV", "csv")).await
}

/// Lets the person choose where a table goes, and writes it there; `None` when they changed their mind.
pub async fn save_table(
    app: &AppHandle,
    title: String,
    name: String,
    separator: Separator,
    rows: &[Vec<String>],
) -> Result<Option<String>, Problem> {
    let Some(path) = place_for_table(app, title, name).await else { return Ok(None) };
    atalaya_desk::files::write_table(&path, separator, rows)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where a page to print goes, and writes it there; `None` when they changed their mind.
pub async fn save_page(
    app: &AppHandle,
    title: String,
    name: String,
    page: &Page,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(app, title, name, ("HTML", "html")).await else { return Ok(None) };
    atalaya_desk::files::write_page(&path, page)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where a JSON text goes, and writes it there; `None` when they changed their mind.
pub async fn save_json(
    app: &AppHandle,
    title: String,
    name: String,
    text: &str,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(app, title, name, ("JSON", "json")).await else { return Ok(None) };
    atalaya_desk::files::write_text(&path, text)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where a report for support goes, and writes it there as it was shown; `None` when they changed their
/// mind.
pub async fn save_report(
    app: &AppHandle,
    title: String,
    name: String,
    text: &str,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(app, title, name, ("TXT", "txt")).await else { return Ok(None) };
    atalaya_desk::files::write_text(&path, text)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person pick a file with text in it, and reads it; `None` when they changed their mind.
pub async fn open_text(app: &AppHandle, title: String, kind: FileKind) -> Result<Option<String>, Problem> {
    match picked_file(app, title, kind).await {
        Some(path) => atalaya_desk::files::read_text(&path).map(Some),
        None => Ok(None),
    }
}

/// Lets the person pick the file of a base, or of numbers; `None` when they changed their mind.
pub async fn pick_base(app: &AppHandle, title: String) -> Result<Option<String>, Problem> {
    Ok(picked_file(app, title, BASE).await.map(|path| path.display().to_string()))
}

/// Lets the person choose where the rows that are left out go, and writes them there; `None` when they changed their mind.
pub async fn save_bad_rows(
    app: &AppHandle,
    session: &Session,
    (title, name): (String, String),
    checked: u32,
    separator: Separator,
    words: BTreeMap<String, String>,
) -> Result<Option<String>, Problem> {
    let Some(path) = place_for_table(app, title, name).await else { return Ok(None) };
    session.outreach.save_bad(checked, path.clone(), separator, words).await?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where the numbers known to be blacklisted go, and writes them there; `None` when they changed their
/// mind.
pub async fn save_blacklist(
    app: &AppHandle,
    session: &Session,
    title: String,
    name: String,
    separator: Separator,
) -> Result<Option<String>, Problem> {
    let Some(path) = place_for_table(app, title, name).await else { return Ok(None) };
    session.outreach.blacklist_save(&path, separator).await?;
    Ok(Some(path.display().to_string()))
}

/// Where the last dialog ended, for the next to begin there.
#[derive(Default)]
pub struct LastFolder(Mutex<Option<PathBuf>>);

impl LastFolder {
    fn now(&self) -> std::sync::MutexGuard<'_, Option<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A dialog that begins where the last one ended, or in the person's documents.
fn dialog(app: &AppHandle, title: String) -> FileDialogBuilder<Wry> {
    let last = app.state::<LastFolder>().now().clone().filter(|folder| folder.is_dir());
    let dialog = app.dialog().file().set_title(title);
    match last.or_else(|| app.path().document_dir().or_else(|_| app.path().home_dir()).ok()) {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

/// What was chosen; its folder is remembered.
fn remembered(app: &AppHandle, path: Option<FilePath>, is_folder: bool) -> Option<PathBuf> {
    let path = path?.into_path().ok()?;
    let folder = if is_folder { Some(path.as_path()) } else { path.parent() };
    if let Some(folder) = folder {
        app.state::<Places>().note(folder);
    }
    *app.state::<LastFolder>().now() = folder.map(PathBuf::from);
    Some(path)
}

async fn chosen_place(app: &AppHandle, title: String, name: String, kind: (&str, &str)) -> Option<PathBuf> {
    // Where nobody sits to choose (a test, a demonstration) the folder is chosen beforehand.
    if let Some(folder) = std::env::var_os("ATALAYA_SAVE_FOLDER") {
        let folder = PathBuf::from(folder);
        app.state::<Places>().note(&folder);
        return Some(folder.join(name));
    }
    let (picked, answer) = oneshot::channel();
    dialog(app, title).set_file_name(name).add_filter(kind.0, &[kind.1]).save_file(move |file| {
        // The window may have been closed meanwhile.
        let _ = picked.send(file);
    });
    remembered(app, answer.await.ok().flatten(), false)
}

/// Lets the person choose where the open recording goes, from `from` to `to` seconds or all of it, and writes it there;
/// `None` when they changed their mind.
pub async fn save_sound(
    app: &AppHandle,
    session: &Session,
    title: String,
    from: Option<f64>,
    to: Option<f64>,
) -> Result<Option<SavedSound>, Problem> {
    let saving = session.saving()?;
    let (name, ending) = saving.proposed_name(from, to)?;
    let kind = (&*ending.to_uppercase(), ending);
    let Some(path) = chosen_place(app, title, name, kind).await else { return Ok(None) };
    saving.save(&path, from, to).await.map(Some)
}

/// Lets the person choose the folder the recordings saved next go to; `None` when they changed their mind.
pub async fn choose_save_folder(
    app: &AppHandle,
    session: &Session,
    title: String,
) -> Result<Option<String>, Problem> {
    let Some(folder) = picked_folder(app, title).await else { return Ok(None) };
    let shown = folder.display().to_string();
    session.saving_many.set_folder(folder);
    Ok(Some(shown))
}

/// Lets the person choose the folder that daily reports go to; `None` when they changed their mind.
pub async fn choose_daily_folder(
    app: &AppHandle,
    session: &Session,
    title: String,
) -> Result<Option<String>, Problem> {
    let Some(folder) = picked_folder(app, title).await else { return Ok(None) };
    let shown = folder.display().to_string();
    session.daily.set_folder(folder);
    Ok(Some(shown))
}

async fn picked_folder(app: &AppHandle, title: String) -> Option<PathBuf> {
    // As where a file goes.
    if let Some(folder) = std::env::var_os("ATALAYA_SAVE_FOLDER") {
        let folder = PathBuf::from(folder);
        app.state::<Places>().note(&folder);
        return Some(folder);
    }
    let (picked, answer) = oneshot::channel();
    dialog(app, title).pick_folder(move |folder| {
        // The window may have been closed meanwhile.
        let _ = picked.send(folder);
    });
    remembered(app, answer.await.ok().flatten(), true)
}

async fn picked_file(app: &AppHandle, title: String, kind: (&str, &[&str])) -> Option<PathBuf> {
    // As above: what was put there last.
    if let Some(folder) = std::env::var_os("ATALAYA_SAVE_FOLDER") {
        return newest(Path::new(&folder), kind.1);
    }
    let (picked, answer) = oneshot::channel();
    dialog(app, title).add_filter(kind.0, kind.1).pick_file(move |file| {
        // The window may have been closed meanwhile.
        let _ = picked.send(file);
    });
    remembered(app, answer.await.ok().flatten(), false)
}

fn newest(folder: &Path, endings: &[&str]) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let wanted =
        |path: &PathBuf| path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one));
    files.filter(wanted).max_by_key(|path| path.metadata().and_then(|about| about.modified()).ok())
}

/// Lets the person pick a folder; `None` when they changed their mind.
pub async fn pick_folder(app: &AppHandle, title: String) -> Result<Option<String>, Problem> {
    Ok(picked_folder(app, title).await.map(|path| path.display().to_string()))
}

/// Lets the person choose where the backup goes, and writes it there; `None` when they changed their mind.
pub async fn back_up(
    app: &AppHandle,
    desk: &Desk,
    title: String,
    name: String,
) -> Result<Option<BackupContent>, Problem> {
    let Some(path) = chosen_place(app, title, name, ("Atalaya", "sqlite")).await else { return Ok(None) };
    desk.back_up(&path).await.map(Some)
}

/// Lets the person pick a backup, and looks into it; nothing is changed.
pub async fn look_into_backup(
    app: &AppHandle,
    desk: &Desk,
    title: String,
) -> Result<Option<BackupContent>, Problem> {
    match picked_file(app, title, BACKUP).await {
        Some(path) => desk.look_into_backup(&path).await.map(Some),
        None => Ok(None),
    }
}

/// Lets the person choose where the settings go, and writes them there; `None` when they changed their mind.
pub async fn save_settings(
    app: &AppHandle,
    desk: &Desk,
    title: String,
    name: String,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(app, title, name, ("JSON", "json")).await else { return Ok(None) };
    desk.export_settings(&path).map(Some)
}

/// Lets the person pick an invitation to a team, and joins by it; false when they changed their mind. The password in it
/// never reaches the window.
pub async fn join_team(app: &AppHandle, desk: &Desk, title: String) -> Result<bool, Problem> {
    match picked_file(app, title, ("JSON", &["json"])).await {
        Some(path) => desk.join_team_by(&path).await.map(|()| true),
        None => Ok(false),
    }
}

/// Lets the person pick a file of settings, and looks into it; nothing is changed.
pub async fn look_into_settings(
    app: &AppHandle,
    desk: &Desk,
    title: String,
) -> Result<Option<SettingsFound>, Problem> {
    match picked_file(app, title, ("JSON", &["json"])).await {
        Some(path) => desk.look_into_settings(&path).map(Some),
        None => Ok(None),
    }
}

/// Shows a notice on the desktop, in the window's words. A desktop without notices is no failure: the window shows it too.
pub fn notice(app: &AppHandle, title: &str, body: &str) {
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::info!(%error, "the desktop shows no notices");
    }
}

/// A window's page has drawn its first frame.
pub fn ready(window: &WebviewWindow) {
    if window.label() == "main" {
        safer::drawn(window.app_handle());
    }
    bring_forward(window);
}

/// Shows the main window and brings it to the front.
pub fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        bring_forward(&window);
    }
}

/// Longest report of something that broke in a window that the log takes, characters.
const MOST_DETAILS: usize = 4_000;

/// Something broke in a window: the log has it, on one line.
pub fn write_down(window: &WebviewWindow, details: &str) {
    let line: String =
        details.chars().take(MOST_DETAILS).map(|c| if c.is_control() { ' ' } else { c }).collect();
    tracing::error!(window = window.label(), details = line, "something broke in the window");
}

/// Draws everything in a window larger or smaller: type, rows and columns alike.
pub fn text_size(window: &WebviewWindow, percent: u32) {
    if let Err(error) = window.set_zoom(f64::from(percent) / 100.0) {
        tracing::warn!(%error, percent, "the text could not be made larger or smaller");
    }
}

/// Shows a window and brings it to the front: once its page has drawn its first frame, without a white flash.
pub fn bring_forward(window: &WebviewWindow) {
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}
