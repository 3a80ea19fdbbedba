//! How WebKitGTK draws. Without a graphics processor (remote desktops, virtual machines) it would composite layers in
//! software GL, a whole window for every changed figure: half a core for a floor nobody touches. Drawing directly, only
//! what changed, costs a fifth of that there.

pub mod frugal;
pub mod safer;

use tauri::WebviewWindow;

/// Says so to GTK and WebKitGTK before they begin: each of their processes would load a graphics driver made of software, with
/// its compiler, and never use it. To be called while the program is one thread: it changes the environment.
#[cfg(target_os = "linux")]
pub fn before_a_window() {
    if composites() {
        return;
    }
    for (name, value) in [("WEBKIT_DISABLE_COMPOSITING_MODE", "1"), ("GDK_GL", "disable")] {
        // What somebody chose by hand stays. Where it cannot be said, a driver is loaded.
        let _ = gtk::glib::setenv(name, value, false);
    }
}

/// Other systems' web views choose for themselves.
#[cfg(not(target_os = "linux"))]
pub fn before_a_window() {}

#[cfg(target_os = "linux")]
fn composites() -> bool {
    has_graphics_processor(std::path::Path::new("/dev/dri")) && safer::now() == safer::Drawing::Usual
}

/// Chooses for a window by what the machine has.
#[cfg(target_os = "linux")]
pub fn fit(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if composites() {
        return;
    }
    let told = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
            tracing::info!("the window is drawn without compositing");
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the window could not be told how to draw");
    }
}

/// Other systems' web views choose for themselves.
#[cfg(not(target_os = "linux"))]
pub fn fit(_window: &WebviewWindow) {}

/// A render node is what programs draw with.
#[cfg(target_os = "linux")]
fn has_graphics_processor(devices: &std::path::Path) -> bool {
    std::fs::read_dir(devices).is_ok_and(|mut entries| {
        entries
            .any(|entry| entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("renderD")))
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_render_node_tells() -> std::io::Result<()> {
        let devices = tempfile::tempdir()?;
        assert!(!has_graphics_processor(devices.path()));
        assert!(!has_graphics_processor(&devices.path().join("absent")));
        std::fs::write(devices.path().join("card0"), "")?;
        assert!(!has_graphics_processor(devices.path()), "a card alone only shows pictures");
        std::fs::write(devices.path().join("renderD128"), "")?;
        assert!(has_graphics_processor(devices.path()));
        Ok(())
    }
}
