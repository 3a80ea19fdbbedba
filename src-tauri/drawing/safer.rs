//! A safer way to draw, for drivers that show an empty window: chosen by hand, beforehand where that is known, or after a
//! window that never came. What was chosen or helped once is remembered.
//!
//! It is a matter of the environment, which a program cannot change once it runs: it begins anew in its own place. Only
//! WebKitGTK needs it; other systems' web views change their way by themselves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use atalaya_desk::Paths;
use tauri::{AppHandle, Manager};
use tokio_util::sync::CancellationToken;

/// How long the page may take to draw for the first time.
const PATIENCE: Duration = Duration::from_secs(10);
/// Says to the program begun anew why it was.
const WHY: &str = "ATALAYA_DRAWING";
/// Set by what drives the window in tests: it would lose a program that begins anew.
const DRIVEN: &str = "TAURI_WEBVIEW_AUTOMATION";

/// How a window is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// As WebKitGTK has it.
    Usual,
    /// Without sharing memory with the graphics driver, and without its processor.
    Safe,
}

/// Why this program draws the safer way, as it was told when it began anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It was chosen, or known beforehand.
    Chosen,
    /// No window came.
    NoWindow,
}

impl Why {
    fn name(self) -> &'static str {
        match self {
            Self::Chosen => "safe",
            Self::NoWindow => "safe-no-window",
        }
    }

    fn told() -> Option<Self> {
        let told = std::env::var(WHY).ok()?;
        [Self::Chosen, Self::NoWindow].into_iter().find(|why| why.name() == told)
    }
}

/// What the machine is known to draw with.
struct Machine {
    nvidia: bool,
    wayland: bool,
}

impl Machine {
    fn this() -> Self {
        let nvidia = Path::new("/proc/driver/nvidia/version").exists();
        Self { nvidia, wayland: std::env::var_os("WAYLAND_DISPLAY").is_some_and(|name| !name.is_empty()) }
    }
}

fn chosen(by_hand: Option<Drawing>, remembered: bool, machine: &Machine) -> Drawing {
    let known = remembered || machine.nvidia && machine.wayland;
    by_hand.unwrap_or(if known { Drawing::Safe } else { Drawing::Usual })
}

/// An empty file, of this computer alone.
struct Memory(PathBuf);

impl Memory {
    fn of(paths: &Paths) -> Self {
        Self(paths.local.join("safe-drawing"))
    }

    fn is_kept(&self) -> bool {
        self.0.exists()
    }

    /// Where it cannot be kept, the next start finds out anew.
    fn keep(&self, safe: bool) {
        let folder = self.0.parent().map_or(Ok(()), std::fs::create_dir_all);
        let done = if safe {
            folder.and_then(|()| std::fs::write(&self.0, ""))
        } else {
            std::fs::remove_file(&self.0)
        };
        match done {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, "how the window is drawn could not be remembered");
            }
            _ => {}
        }
    }
}

/// Before anything else of a window: begins the program anew where it is to be drawn the safer way and is not yet.
pub fn choose(by_hand: Option<Drawing>, paths: &Paths) {
    let memory = Memory::of(paths);
    if let Some(drawing) = by_hand {
        memory.keep(drawing == Drawing::Safe);
    }
    let wanted = chosen(by_hand, memory.is_kept(), &Machine::this());
    if wanted == Drawing::Safe && Why::told().is_none() {
        begin_anew(Why::Chosen);
    }
}

/// How this program draws.
#[cfg(target_os = "linux")]
pub fn now() -> Drawing {
    if Why::told().is_some() { Drawing::Safe } else { Drawing::Usual }
}

/// Cancelled once the main window's page has drawn.
#[derive(Default)]
pub struct Drawn(CancellationToken);

/// The page has drawn its first frame.
pub fn drawn(app: &AppHandle) {
    if let Some(drawn) = app.try_state::<Drawn>() {
        if !drawn.0.is_cancelled() {
            tracing::info!("the window has drawn its first frame");
        }
        drawn.0.cancel();
    }
}

/// Waits for the first frame; without one the program begins anew, once, and what helped is remembered.
pub fn watch(app: &AppHandle, paths: &Paths) {
    if !cfg!(target_os = "linux") || std::env::var_os(DRIVEN).is_some() {
        return;
    }
    let (why, memory) = (Why::told(), Memory::of(paths));
    if why == Some(Why::NoWindow) {
        tracing::warn!("no window came: it is drawn the safer way");
    }
    let Some(drawn) = app.try_state::<Drawn>().map(|drawn| drawn.0.clone()) else { return };
    tauri::async_runtime::spawn(async move {
        let came = tokio::time::timeout(PATIENCE, drawn.cancelled()).await.is_ok();
        match (came, why) {
            (true, Some(Why::NoWindow)) => memory.keep(true),
            (false, None) => begin_anew(Why::NoWindow),
            (false, Some(_)) => tracing::error!("no window came, drawn the safer way too"),
            (true, _) => {}
        }
    });
}

/// The same program with the same words, in its own place; returns only where that cannot be done.
#[cfg(target_os = "linux")]
fn begin_anew(why: Why) {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else { return };
    let error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(WHY, why.name())
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .exec();
    tracing::error!(%error, "the program could not begin anew to be drawn the safer way");
}

#[cfg(not(target_os = "linux"))]
fn begin_anew(why: Why) {
    tracing::debug!(why = why.name(), "this system's web view chooses by itself how it draws");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_by_hand_goes_before_what_is_known() {
        let all = [false, true];
        for (remembered, nvidia, wayland) in
            all.into_iter().flat_map(|r| all.into_iter().flat_map(move |n| all.map(|w| (r, n, w))))
        {
            let machine = Machine { nvidia, wayland };
            let safe = remembered || nvidia && wayland;
            let known = if safe { Drawing::Safe } else { Drawing::Usual };
            assert_eq!(chosen(None, remembered, &machine), known, "{remembered} {nvidia} {wayland}");
            for by_hand in [Drawing::Safe, Drawing::Usual] {
                assert_eq!(chosen(Some(by_hand), remembered, &machine), by_hand);
            }
        }
    }

    #[test]
    fn what_helped_is_remembered_until_it_is_taken_back() {
        let home = tempfile::tempdir().unwrap();
        let memory = Memory::of(&Paths::below(home.path().join("not there yet")));
        memory.keep(false);
        assert!(!memory.is_kept());
        for safe in [true, true, false, false] {
            memory.keep(safe);
            assert_eq!(memory.is_kept(), safe);
        }
    }
}
