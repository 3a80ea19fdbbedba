//! Streams to the windows: each kind has one watcher in each window, the newest. A window that loads again asks anew, and
//! the watcher of the page before it stops.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

type Running = HashMap<(String, &'static str), CancellationToken>;

/// The running watchers, by window and kind.
#[derive(Default)]
pub struct Watches(Mutex<Running>);

/// Those of one window.
pub struct OfWindow<'a> {
    watches: &'a Watches,
    window: &'a str,
}

impl Watches {
    /// The watchers of a window.
    pub fn of<'a>(&'a self, window: &'a str) -> OfWindow<'a> {
        OfWindow { watches: self, window }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops all watchers of a window that is gone.
    pub fn end(&self, window: &str) {
        self.running().retain(|(of, _), cancel| {
            let stays = of != window;
            if !stays {
                cancel.cancel();
            }
            stays
        });
    }
}

impl OfWindow<'_> {
    /// The window's name.
    pub fn window(&self) -> &str {
        self.window
    }

    fn replace(&self, kind: &'static str) -> CancellationToken {
        let cancel = CancellationToken::new();
        let before = self.watches.running().insert((self.window.to_owned(), kind), cancel.clone());
        if let Some(before) = before {
            before.cancel();
        }
        cancel
    }

    /// Runs a watcher as a task.
    pub fn task(&self, kind: &'static str, watcher: impl Future<Output = ()> + Send + 'static) {
        let cancel = self.replace(kind);
        tauri::async_runtime::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = watcher => {}
            }
        });
    }

    /// Runs a watcher that blocks on a thread of its own; it asks whether it is still wanted.
    pub fn thread(&self, kind: &'static str, watcher: impl FnOnce(&dyn Fn() -> bool) + Send + 'static) {
        let cancel = self.replace(kind);
        let spawned = std::thread::Builder::new()
            .name(format!("watch-{kind}"))
            .spawn(move || watcher(&|| !cancel.is_cancelled()));
        if let Err(error) = spawned {
            tracing::error!(kind, %error, "a stream to the window could not be started");
        }
    }
}
