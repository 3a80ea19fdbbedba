//! What can be heard of recordings nobody listens to: those fetched ahead, and those of a sample.
//!
//! One at a time, on a thread of its own; a recording that is heard is measured by the player as it makes the waveform.
//! Left out on purpose: how it is measured (`atalaya_player`) and where that is kept (`atalaya_calls`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use atalaya_calls::{ConvertPolicy, Recording, Target};
use atalaya_player::wire::SoundFigures;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use crate::problem::from_calls;

/// Keeps what was found, by the call's guid, and tells whoever shows it.
type Keep = dyn Fn(&str, &SoundFigures) + Send + Sync;

/// Measures one recording after the other; clones wait for the same turn.
#[derive(Clone)]
pub(crate) struct Measuring {
    ground: Ground,
    keep: Arc<Keep>,
    turn: Arc<Mutex<()>>,
}

/// Sets what the measuring thread looks at, however its waiting ends.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Measuring {
    /// What is found is handed to `keep`, with the call's guid.
    pub(super) fn new(ground: Ground, keep: impl Fn(&str, &SoundFigures) + Send + Sync + 'static) -> Self {
        Self { ground, keep: Arc::new(keep), turn: Arc::default() }
    }

    /// What is known of these calls, one for each, in their order.
    pub(super) fn known(&self, guids: &[String]) -> Vec<Option<SoundFigures>> {
        match self.ground.calls.marks(guids) {
            Ok(marks) => marks.into_iter().map(|mark| mark.sound).collect(),
            Err(error) => {
                self.ground.noted(from_calls(&error));
                vec![None; guids.len()]
            }
        }
    }

    /// Measures a recording, as far as it comes, and keeps what was found, unless all of it was measured before.
    pub(super) async fn recording(&self, guid: &str, recording: Arc<Recording>, cancel: &CancellationToken) {
        let known = self.known(&[guid.to_owned()]);
        if known.iter().flatten().any(|sound| sound.whole) {
            return;
        }
        let stop = Stop(Arc::default());
        let stopped = Arc::clone(&stop.0);
        let measured = async {
            let _turn = self.turn.lock().await;
            tokio::task::spawn_blocking(move || atalaya_player::measure(&*recording, &stopped)).await
        };
        let report = tokio::select! {
            report = measured => report.ok().flatten(),
            () = cancel.cancelled() => None,
        };
        if let Some(report) = report {
            (self.keep)(guid, &report.figures);
        }
    }

    /// Fetches a recording and measures it; never converts. One that cannot be had stays unknown.
    pub(super) async fn fetched(&self, target: &Target, cancel: &CancellationToken) {
        let found = self.ground.calls.fetch(target, ConvertPolicy::Never, |_| {}, cancel).await;
        if let Ok((recording, _)) = found {
            self.recording(&target.guid, recording, cancel).await;
        }
    }
}
