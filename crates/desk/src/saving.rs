//! Taking a recording, or a part of it, along as a file.
//!
//! It leaves the program's care then: the local audit trail says who took which call where. Left out on purpose: asking
//! where it should go.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use atalaya_player::source::ByteSource;
use atalaya_player::{Format, WavSummary, save_region};
use atalaya_store::{Outcome, Write};
use atalaya_ucontact::Problem;

use crate::desk::{Desk, locked};
use crate::problem::{from_player, from_store, problem};

/// A recording that has been found.
#[derive(Clone)]
pub(crate) struct Heard {
    pub(crate) source: Arc<dyn ByteSource>,
    pub(crate) format: Format,
}

impl Desk {
    /// Writes the open recording to a WAV file, from `from` to `to` seconds, or all of it; as it was recorded, whatever
    /// the speed. Gives back the seconds written. The file is whole or not there.
    ///
    /// # Errors
    /// `signedOut`; `nothingOpen`; `tooShort` where there is no sound; `readFailed`, `writeFailed`; the store's when the
    /// audit trail could not be written (then nothing was).
    pub async fn save_recording(
        &self,
        path: &Path,
        from: Option<f64>,
        to: Option<f64>,
    ) -> Result<f64, Problem> {
        let seat = self.seat()?;
        let open = locked(&self.inner.listening.current)
            .as_ref()
            .and_then(|current| Some((current.guid.clone(), current.heard.clone()?)));
        let Some((guid, heard)) = open else { return Err(problem("nothingOpen", [], false)) };
        let audit = self.inner.store.audit();
        let entry = audit
            .begin(&Write {
                operation: "saveRecording",
                target: &guid,
                detail: serde_json::json!({ "path": path.display().to_string(), "from": from, "to": to }),
                user: &seat.profile.user,
                reviewer: &self.settings().reviewer,
            })
            .map_err(|error| self.noted(from_store(&error)))?;
        let region = (from.unwrap_or(0.0), to.unwrap_or(f64::INFINITY));
        let place = path.to_owned();
        let written = tokio::task::spawn_blocking(move || write(&place, &heard, region)).await;
        let written = match written {
            Ok(written) => written.map_err(|error| from_player(&error)),
            Err(error) => Err(problem("unexpected", [("detail", error.to_string())], true)),
        };
        let outcome = match &written {
            Ok(_) => Outcome::Ok,
            Err(problem) => Outcome::Failed(problem.code.clone()),
        };
        if let Err(error) = audit.finish(entry, &outcome) {
            self.noted(from_store(&error));
        }
        written.map(|summary| summary.seconds).map_err(|problem| self.noted(problem))
    }
}

fn write(path: &Path, heard: &Heard, region: (f64, f64)) -> Result<WavSummary, atalaya_player::Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let failed = atalaya_player::Error::WriteFailed;
    let written = std::fs::File::create(&beside).map_err(failed).and_then(|file| {
        let mut out = std::io::BufWriter::new(file);
        let summary = save_region(&*heard.source, heard.format, region, &mut out)?;
        out.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)?;
        Ok(summary)
    });
    if written.is_err() {
        // Half a file is worse than none; when it was never made there is nothing to remove.
        let _ = std::fs::remove_file(&beside);
    }
    written
}
