//! What the pages do without: they are a handful of files of the program's own that never go back to another page, sound is
//! the program's (`player`), and nothing is drawn in three dimensions. So nothing is kept for any of it.

use tauri::WebviewWindow;

/// Says so to a window's pages.
#[cfg(target_os = "linux")]
pub fn keep_little(window: &WebviewWindow) {
    use webkit2gtk::{CacheModel, SettingsExt, WebContextExt, WebViewExt};
    let told = window.with_webview(|view| {
        let view = view.inner();
        if let Some(context) = view.context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
        if let Some(settings) = view.settings() {
            settings.set_enable_page_cache(false);
            settings.set_enable_media(false);
            settings.set_enable_mediasource(false);
            settings.set_enable_media_stream(false);
            settings.set_enable_webaudio(false);
            settings.set_enable_webgl(false);
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the window could not be told what to do without");
    }
}

/// Other systems' web views choose for themselves.
#[cfg(not(target_os = "linux"))]
pub fn keep_little(_window: &WebviewWindow) {}
