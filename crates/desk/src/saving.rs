//! Taking a recording, or a part of it, along as a file.
//!
//! It leaves the program's care then: the local audit trail says who took which call where. Left out on purpose: asking
//! where it should go.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::Recording;
use atalaya_calls::wire::Call;
use atalaya_player::save_region;
use atalaya_player::source::ByteSource;
use atalaya_store::{Outcome, Write};
use atalaya_ucontact::Problem;

use crate::desk::{Desk, Seat, locked};
use crate::file_names::recording_name;
use crate::problem::{from_player, from_store, problem};

/// One wait for bytes, and how long none may come before it is given up.
const WAIT: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(60);

/// A recording that has been found.
#[derive(Clone)]
pub(crate) struct Heard {
    pub(crate) recording: Arc<Recording>,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Form {
    /// The bytes as they lie on the server.
    Original,
    /// Sound from one second to another.
    Wav(f64, f64),
}

impl Form {
    /// A part is always WAV: it cannot be cut out of the bytes. The whole is as the person chose.
    fn chosen(from: Option<f64>, to: Option<f64>, as_wav: bool) -> Self {
        match (from, to) {
            (None, None) if !as_wav => Self::Original,
            _ => Self::Wav(from.unwrap_or(0.0), to.unwrap_or(f64::INFINITY)),
        }
    }
}

/// The file's ending for a recording in this form.
pub(crate) fn ending(recording: &Recording, form: Form) -> &'static str {
    match form {
        Form::Wav(..) => "wav",
        Form::Original => recording.contained().ending(),
    }
}

impl Desk {
    fn open_heard(&self) -> Result<(Call, Heard), Problem> {
        let current = locked(&self.inner.listening.current);
        let open = current.as_ref().and_then(|current| Some((current.call.clone(), current.heard.clone()?)));
        open.ok_or_else(|| problem("nothingOpen", [], false))
    }

    /// A good name for the open recording, or a part of it (seconds), and the ending of its form.
    ///
    /// # Errors
    /// `nothingOpen`.
    pub fn proposed_name(
        &self,
        from: Option<f64>,
        to: Option<f64>,
    ) -> Result<(String, &'static str), Problem> {
        let (call, heard) = self.open_heard()?;
        let ending = ending(&heard.recording, Form::chosen(from, to, self.settings().save_as_wav));
        Ok((format!("{}.{ending}", recording_name(&call, from.zip(to))), ending))
    }

    /// Writes the open recording to a file, from `from` to `to` seconds or all of it; as it was recorded, whatever the
    /// speed: a part as WAV, the whole as the settings say. The file is whole or not there.
    ///
    /// # Errors
    /// `signedOut`; `nothingOpen`; `tooShort` where there is no sound; `readFailed`, `writeFailed`; the store's when the
    /// audit trail could not be written (then nothing was).
    pub async fn save_recording(
        &self,
        path: &Path,
        from: Option<f64>,
        to: Option<f64>,
    ) -> Result<(), Problem> {
        let seat = self.seat()?;
        let (call, heard) = self.open_heard()?;
        let form = Form::chosen(from, to, self.settings().save_as_wav);
        let written = self.write_audited(&seat, &call.guid, heard, form, path).await;
        written.map_err(|problem| self.noted(problem))
    }

    /// Writes a recording, and into the audit trail that it was.
    pub(crate) async fn write_audited(
        &self,
        seat: &Seat,
        guid: &str,
        heard: Heard,
        form: Form,
        path: &Path,
    ) -> Result<(), Problem> {
        let part = match form {
            Form::Wav(from, to) => Some((from, to.is_finite().then_some(to))),
            Form::Original => None,
        };
        let audit = self.inner.store.audit();
        let entry = audit
            .begin(&Write {
                operation: "saveRecording",
                target: guid,
                detail: serde_json::json!({ "path": path.display().to_string(), "wav": part }),
                user: &seat.profile.user,
                reviewer: &self.settings().reviewer,
            })
            .map_err(|error| from_store(&error))?;
        let place = path.to_owned();
        let written = tokio::task::spawn_blocking(move || write(&place, &heard, form)).await;
        let written = match written {
            Ok(written) => written.map_err(|error| from_player(&error)),
            Err(error) => Err(problem("unexpected", [("detail", error.to_string())], true)),
        };
        let outcome = match &written {
            Ok(()) => Outcome::Ok,
            Err(problem) => Outcome::Failed(problem.code.clone()),
        };
        if let Err(error) = audit.finish(entry, &outcome) {
            self.noted(from_store(&error));
        }
        written
    }
}

fn write(path: &Path, heard: &Heard, form: Form) -> Result<(), atalaya_player::Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let failed = atalaya_player::Error::WriteFailed;
    let written = std::fs::File::create(&beside).map_err(failed).and_then(|file| {
        let mut out = std::io::BufWriter::new(file);
        match form {
            Form::Wav(from, to) => {
                save_region(&*heard.recording, (from, to), &mut out)?;
            }
            Form::Original => copy(&heard.recording, &mut out)?,
        }
        out.into_inner().map_err(|error| failed(error.into_error()))?.sync_all().map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    });
    if written.is_err() {
        // Half a file is worse than none; when it was never made there is nothing to remove.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// The bytes as they are, as far as they come.
fn copy(recording: &Recording, out: &mut impl std::io::Write) -> Result<(), atalaya_player::Error> {
    let mut buffer = vec![0; 64 * 1024];
    let mut at = 0;
    let mut idle = Duration::ZERO;
    loop {
        let read = recording.read_at(at, &mut buffer).map_err(atalaya_player::Error::ReadFailed)?;
        if read > 0 {
            out.write_all(&buffer[..read]).map_err(atalaya_player::Error::WriteFailed)?;
            at += read as u64;
            idle = Duration::ZERO;
        } else if recording.is_complete() || recording.len().is_some_and(|total| at >= total) {
            return Ok(());
        } else if idle >= PATIENCE {
            return Err(atalaya_player::Error::ReadFailed(std::io::ErrorKind::TimedOut.into()));
        } else if !recording.wait_changed(WAIT) {
            idle += WAIT;
        }
    }
}
