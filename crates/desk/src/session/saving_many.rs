//! Taking several recordings along: into one folder, one after the other, with a report at the end.
//!
//! Left out on purpose: choosing the folder (the shell's), and what is written for each (`saving`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use atalaya_calls::ConvertPolicy;
use atalaya_calls::wire::Call;
use atalaya_export::unique;
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use super::ground::Ground;
use super::listening::target_of;
use super::saving::{Form, Place, ending, write_audited};
use crate::file_names::{incomplete, recording_name};
use crate::locked::locked;
use crate::problem::{from_calls, problem};
use crate::wire::SaveUpdate;

/// Recordings saved at once, at most: a day of a large floor.
const MOST: usize = 5_000;

/// The folder chosen, and what stops the saving under way.
pub struct SavingMany {
    ground: Ground,
    folder: Mutex<Option<PathBuf>>,
    under_way: Arc<Mutex<Option<CancellationToken>>>,
}

impl SavingMany {
    pub(super) fn new(ground: Ground) -> Self {
        Self { ground, folder: Mutex::default(), under_way: Arc::default() }
    }

    /// Whether files are being written.
    pub(crate) fn is_under_way(&self) -> bool {
        locked(&self.under_way).is_some()
    }

    /// Where the recordings saved next go. Only the person chooses it, in the system's dialog.
    pub fn set_folder(&self, folder: PathBuf) {
        *locked(&self.folder) = Some(folder);
    }

    /// Saves the recordings of these calls into the chosen folder, one at a time, in the form the settings say. How it
    /// goes is told to `send`, `Done` last. The server is asked to convert those that are nowhere only with `convert`.
    ///
    /// # Errors
    /// `noFolder`; `savingAlready`; `invalidInput` for more than 5,000.
    pub fn begin(
        &self,
        calls: Vec<Call>,
        convert: bool,
        send: impl Fn(SaveUpdate) + Send + Sync + 'static,
    ) -> Result<(), Problem> {
        if calls.is_empty() || calls.len() > MOST {
            return Err(problem("invalidInput", [], false));
        }
        let folder = locked(&self.folder).clone();
        let folder = folder.ok_or_else(|| problem("noFolder", [], false))?;
        let cancel = self.ground.tasks.token();
        {
            let mut under_way = locked(&self.under_way);
            if under_way.is_some() {
                return Err(problem("savingAlready", [], true));
            }
            *under_way = Some(cancel.clone());
        }
        let (ground, under_way) = (self.ground.clone(), Arc::clone(&self.under_way));
        self.ground.tasks.spawn_until_told(async move {
            let total = calls.len() as u32;
            let (mut saved, mut failed) = (0, 0);
            let mut given = BTreeSet::new();
            for (done, call) in calls.iter().enumerate() {
                if cancel.is_cancelled() {
                    break;
                }
                send(SaveUpdate::Turn { done: done as u32, total, guid: call.guid.clone() });
                match save_one(&ground, call, &folder, convert, &mut given, &cancel).await {
                    Ok((name, problem)) => {
                        saved += 1;
                        send(SaveUpdate::Saved { guid: call.guid.clone(), name, problem });
                    }
                    Err(problem) if problem.code == "cancelled" => break,
                    Err(problem) => {
                        failed += 1;
                        send(SaveUpdate::Failed { guid: call.guid.clone(), problem });
                    }
                }
            }
            *locked(&under_way) = None;
            let folder = folder.display().to_string();
            send(SaveUpdate::Done { saved, failed, left: total - saved - failed, folder });
        });
        Ok(())
    }

    /// Stops saving; what was saved stays.
    pub fn stop(&self) {
        if let Some(cancel) = locked(&self.under_way).as_ref() {
            cancel.cancel();
        }
    }
}

/// Finds one recording, waits for all of it, and writes it. Gives its name, and what is wrong with it all the same.
async fn save_one(
    ground: &Ground,
    call: &Call,
    folder: &std::path::Path,
    convert: bool,
    given: &mut BTreeSet<String>,
    cancel: &CancellationToken,
) -> Result<(String, Option<Problem>), Problem> {
    let policy = if convert && (call.answered || call.others_unread) {
        ConvertPolicy::WhenNowhere
    } else {
        ConvertPolicy::Never
    };
    let target = target_of(call);
    let nobody_listens = |_| {};
    let found = ground.calls.fetch(&target, policy, nobody_listens, cancel).await;
    let (recording, wrong) = match found {
        // It is there, whatever plays it.
        Err(foreign @ atalaya_calls::Error::Foreign(_)) => {
            let kept = ground.calls.open_as_it_is(&target, cancel).await;
            let kept = ground.calls.last_copy(&call.guid, kept.map_err(|error| from_calls(&error))?, cancel);
            let (kept, missing) = kept.await.map_err(|error| from_calls(&error))?;
            (kept, Some(missing.unwrap_or(foreign)))
        }
        found => found.map_err(|error| from_calls(&error))?,
    };
    let as_wav = ground.settings().save_as_wav && recording.contained().is_some();
    let form = if as_wav { Form::Wav(0.0, f64::INFINITY) } else { Form::Original };
    let missing = if recording.broken() { incomplete(recording.percent_here()) } else { String::new() };
    let name = format!("{}{missing}", recording_name(&ground.settings().recording_names, call, None));
    let name = unique(folder, &name, ending(&recording, form), given);
    let place = folder.join(&name);
    let saved = write_audited(ground, &call.guid, recording, form, Place::Free(&place)).await?;
    let name = Path::new(&saved.path).file_name().map_or(name, |name| name.to_string_lossy().into_owned());
    Ok((name, saved.problem.or_else(|| wrong.map(|error| from_calls(&error)))))
}
