//! Taking several recordings along: into one folder, one after the other, with a report at the end.
//!
//! Left out on purpose: choosing the folder (the shell's), and what is written for each (`saving`).

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Mutex;

use atalaya_calls::ConvertPolicy;
use atalaya_calls::wire::Call;
use atalaya_ucontact::Problem;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, Seat, locked};
use crate::file_names::{recording_name, unique};
use crate::listening::target_of;
use crate::problem::{from_calls, problem};
use crate::saving::{Form, Heard, ending};
use crate::wire::SaveUpdate;

/// Recordings saved at once, at most: a day of a large floor.
const MOST: usize = 5_000;

/// The folder chosen, and what stops the saving under way.
#[derive(Default)]
pub(crate) struct Saving {
    folder: Mutex<Option<PathBuf>>,
    cancel: Mutex<Option<CancellationToken>>,
}

impl Desk {
    /// Where the recordings saved next go. Only the person chooses it, in the system's dialog.
    pub fn set_save_folder(&self, folder: PathBuf) {
        *locked(&self.inner.saving.folder) = Some(folder);
    }

    /// Saves the recordings of these calls into the chosen folder, one at a time, in the form the settings say. How it
    /// goes is told to `send`, `Done` last. The server is asked to convert those that are nowhere only with `convert`.
    ///
    /// # Errors
    /// `signedOut`; `noFolder`; `savingAlready`; `invalidInput` for more than 5,000.
    pub fn save_recordings(
        &self,
        calls: Vec<Call>,
        convert: bool,
        send: impl Fn(SaveUpdate) + Send + Sync + 'static,
    ) -> Result<(), Problem> {
        let seat = self.seat()?;
        if calls.is_empty() || calls.len() > MOST {
            return Err(problem("invalidInput", [], false));
        }
        let folder = locked(&self.inner.saving.folder).clone();
        let folder = folder.ok_or_else(|| problem("noFolder", [], false))?;
        let cancel = CancellationToken::new();
        {
            let mut under_way = locked(&self.inner.saving.cancel);
            if under_way.is_some() {
                return Err(problem("savingAlready", [], true));
            }
            *under_way = Some(cancel.clone());
        }
        let desk = self.clone();
        tokio::spawn(async move {
            let total = calls.len() as u32;
            let (mut saved, mut failed) = (0, 0);
            let mut given = HashSet::new();
            for (done, call) in calls.iter().enumerate() {
                if cancel.is_cancelled() {
                    break;
                }
                send(SaveUpdate::Turn { done: done as u32, total, guid: call.guid.clone() });
                match desk.save_one(&seat, call, &folder, convert, &mut given, &cancel).await {
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
            *locked(&desk.inner.saving.cancel) = None;
            let folder = folder.display().to_string();
            send(SaveUpdate::Done { saved, failed, left: total - saved - failed, folder });
        });
        Ok(())
    }

    /// Finds one recording, waits for all of it, and writes it. Gives its name, and what is wrong with it all the same.
    async fn save_one(
        &self,
        seat: &Seat,
        call: &Call,
        folder: &std::path::Path,
        convert: bool,
        given: &mut HashSet<String>,
        cancel: &CancellationToken,
    ) -> Result<(String, Option<Problem>), Problem> {
        let policy = if convert && call.answered { ConvertPolicy::WhenNowhere } else { ConvertPolicy::Never };
        let target = target_of(call);
        let nobody_listens = |_| {};
        let opened = seat.calls.open(&target, policy, nobody_listens, cancel).await;
        let mut recording = opened.map_err(|error| from_calls(&error))?;
        let whole = loop {
            let next = tokio::select! {
                next = seat.calls.successor(&call.guid, &recording) => next,
                () = cancel.cancelled() => return Err(problem("cancelled", [], false)),
            };
            match next {
                Some(next) => recording = next,
                None => break recording.complete().await,
            }
        };
        let wrong = match whole {
            Ok(()) => None,
            // What there is of it is worth keeping.
            Err(error @ atalaya_calls::Error::Truncated { .. }) => Some(from_calls(&error)),
            Err(error) => return Err(from_calls(&error)),
        };
        let form = if self.settings().save_as_wav { Form::Wav(0.0, f64::INFINITY) } else { Form::Original };
        let name = unique(folder, &recording_name(call, None), ending(&recording, form), given);
        let heard = Heard { recording };
        self.write_audited(seat, &call.guid, heard, form, &folder.join(&name)).await?;
        Ok((name, wrong))
    }

    /// Stops saving; what was saved stays.
    pub fn stop_saving(&self) {
        if let Some(cancel) = locked(&self.inner.saving.cancel).as_ref() {
            cancel.cancel();
        }
    }
}
