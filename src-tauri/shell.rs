//! What only the shell can do: the file dialog, showing the window, a notice on the desktop.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use atalaya_calls::wire::Column;
use atalaya_desk::Problem;
use atalaya_desk::wire::ExportUpdate;
use atalaya_store::backup::BackupContent;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, WebviewWindow, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tauri_plugin_notification::NotificationExt;
use tokio::sync::oneshot;

use crate::opened::Opened;

/// Lets the person pick a certificate file; `None` when they changed their mind.
#[tauri::command]
pub async fn pick_file(app: AppHandle, title: String) -> Result<Option<String>, Problem> {
    let file = picked_file(&app, title, ("PEM", &["pem", "crt", "cer"])).await;
    Ok(file.map(|path| path.display().to_string()))
}

/// Lets the person choose where a table goes, and writes it there; `None` when they changed their mind.
#[tauri::command]
pub async fn save_table(
    app: AppHandle,
    title: String,
    name: String,
    rows: Vec<Vec<String>>,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(&app, title, name, ("CSV", "csv")).await else { return Ok(None) };
    atalaya_desk::csv::write_file(&path, &rows)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where a page to print goes, and writes it there; `None` when they changed their mind.
#[tauri::command]
pub async fn save_page(
    app: AppHandle,
    title: String,
    name: String,
    page: atalaya_desk::page::Page,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(&app, title, name, ("HTML", "html")).await else { return Ok(None) };
    atalaya_desk::page::write_file(&path, &page)?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose where a JSON text goes, and writes it there; `None` when they changed their mind.
#[tauri::command]
pub async fn save_json(
    app: AppHandle,
    title: String,
    name: String,
    text: String,
) -> Result<Option<String>, Problem> {
    let Some(path) = chosen_place(&app, title, name, ("JSON", "json")).await else { return Ok(None) };
    atalaya_desk::files::write_whole(&path, text.as_bytes())?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person pick a JSON file, and reads it; `None` when they changed their mind.
#[tauri::command]
pub async fn open_json(app: AppHandle, title: String) -> Result<Option<String>, Problem> {
    match picked_file(&app, title, ("JSON", &["json"])).await {
        Some(path) => atalaya_desk::files::read_text(&path).map(Some),
        None => Ok(None),
    }
}

/// Lets the person choose where the calls shown go, and begins to write them there; gives the number that cancels it, or
/// `None` when they changed their mind.
#[tauri::command]
pub async fn export_calls(
    app: AppHandle,
    opened: tauri::State<'_, Opened>,
    channel: Channel<ExportUpdate>,
    title: String,
    name: String,
    columns: Vec<Column>,
    titles: Vec<String>,
) -> Result<Option<u32>, Problem> {
    let desk = opened.desk()?;
    let Some(path) = chosen_place(&app, title, name, ("CSV", "csv")).await else { return Ok(None) };
    Ok(Some(desk.export_calls(path, columns, titles, move |update| crate::watch::deliver(&channel, update))))
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
    *app.state::<LastFolder>().now() = folder.map(PathBuf::from);
    Some(path)
}

async fn chosen_place(app: &AppHandle, title: String, name: String, kind: (&str, &str)) -> Option<PathBuf> {
    // Where nobody sits to choose (a test, a demonstration) the folder is chosen beforehand.
    if let Some(folder) = std::env::var_os("ATALAYA_SAVE_FOLDER") {
        return Some(PathBuf::from(folder).join(name));
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
#[tauri::command]
pub async fn save_sound(
    app: AppHandle,
    opened: tauri::State<'_, Opened>,
    title: String,
    from: Option<f64>,
    to: Option<f64>,
) -> Result<Option<String>, Problem> {
    let desk = opened.desk()?;
    let (name, ending) = desk.proposed_name(from, to)?;
    let kind = (&*ending.to_uppercase(), ending);
    let Some(path) = chosen_place(&app, title, name, kind).await else { return Ok(None) };
    desk.save_recording(&path, from, to).await?;
    Ok(Some(path.display().to_string()))
}

/// Lets the person choose the folder the recordings saved next go to; `None` when they changed their mind.
#[tauri::command]
pub async fn save_folder(
    app: AppHandle,
    opened: tauri::State<'_, Opened>,
    title: String,
) -> Result<Option<String>, Problem> {
    let desk = opened.desk()?;
    let Some(folder) = picked_folder(&app, title).await else { return Ok(None) };
    let shown = folder.display().to_string();
    desk.set_save_folder(folder);
    Ok(Some(shown))
}

async fn picked_folder(app: &AppHandle, title: String) -> Option<PathBuf> {
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

/// Lets the person pick a CSV file, and reads it; `None` when they changed their mind.
#[tauri::command]
pub async fn open_table(app: AppHandle, title: String) -> Result<Option<String>, Problem> {
    match picked_file(&app, title, ("CSV", &["csv"])).await {
        Some(path) => atalaya_desk::files::read_text(&path).map(Some),
        None => Ok(None),
    }
}

/// Lets the person pick a folder; `None` when they changed their mind.
#[tauri::command]
pub async fn pick_folder(app: AppHandle, title: String) -> Result<Option<String>, Problem> {
    Ok(picked_folder(&app, title).await.map(|path| path.display().to_string()))
}

/// Lets the person choose where the backup goes, and writes it there; `None` when they changed their mind.
#[tauri::command]
pub async fn backup_save(
    app: AppHandle,
    opened: tauri::State<'_, Opened>,
    title: String,
    name: String,
) -> Result<Option<BackupContent>, Problem> {
    let desk = opened.desk()?;
    let Some(path) = chosen_place(&app, title, name, ("Atalaya", "sqlite")).await else { return Ok(None) };
    desk.back_up(&path).map(Some)
}

/// Lets the person pick a backup, and looks into it; nothing is changed.
#[tauri::command]
pub async fn backup_pick(
    app: AppHandle,
    opened: tauri::State<'_, Opened>,
    title: String,
) -> Result<Option<BackupContent>, Problem> {
    let desk = opened.desk()?;
    match picked_file(&app, title, ("Atalaya", &["sqlite"])).await {
        Some(path) => desk.look_into_backup(&path).map(Some),
        None => Ok(None),
    }
}

/// The page has drawn its first frame: the window appears without a white flash.
#[tauri::command]
pub async fn window_ready(window: WebviewWindow) -> Result<(), Problem> {
    bring_forward(&window);
    Ok(())
}

/// Shows a notice on the desktop, in the window's words. A desktop without notices is no failure: the window shows it too.
#[tauri::command]
pub async fn notice(app: AppHandle, title: String, body: String) -> Result<(), Problem> {
    if let Err(error) = app.notification().builder().title(title).body(body).show() {
        tracing::info!(%error, "the desktop shows no notices");
    }
    Ok(())
}

/// Shows the main window and brings it to the front.
pub fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window("main") {
        bring_forward(&window);
    }
}

fn bring_forward(window: &WebviewWindow) {
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be brought to the front");
    }
}
