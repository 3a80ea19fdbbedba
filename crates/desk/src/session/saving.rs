//! Taking a recording, or a part of it, along as a file.
//!
//! It leaves the program's care then: the local audit trail says who took which call where. Left out on purpose: asking
//! where it should go.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use atalaya_calls::Recording;
use atalaya_calls::wire::Call;
use atalaya_export::Unfinished;
use atalaya_player::save_region;
use atalaya_player::source::ByteSource;
use atalaya_store::{Outcome, Write};
use atalaya_ucontact::Problem;

use super::ground::Ground;
use super::listening::Listening;
use crate::file_names::recording_name;
use crate::problem::{from_player, from_store, problem};

/// One wait for bytes, and how long none may come before it is given up.
const WAIT: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(60);

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

/// Taking the open recording along; clones are handles to the same.
#[derive(Clone)]
pub struct Saving {
    ground: Ground,
    listening: Listening,
}

impl Saving {
    pub(super) fn new(ground: Ground, listening: Listening) -> Self {
        Self { ground, listening }
    }

    fn open_recording(&self) -> Result<(Call, Arc<Recording>), Problem> {
        self.listening.open_recording().ok_or_else(|| problem("nothingOpen", [], false))
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
        let (call, recording) = self.open_recording()?;
        let ending = ending(&recording, Form::chosen(from, to, self.ground.settings().save_as_wav));
        Ok((format!("{}.{ending}", recording_name(&call, from.zip(to))), ending))
    }

    /// Writes the open recording to a file, from `from` to `to` seconds or all of it; as it was recorded, whatever the
    /// speed: a part as WAV, the whole as the settings say. The file is whole or not there.
    ///
    /// # Errors
    /// `nothingOpen`; `tooShort` where there is no sound; `readFailed`, `writeFailed`; the store's when the
    /// audit trail could not be written (then nothing was).
    pub async fn save(&self, path: &Path, from: Option<f64>, to: Option<f64>) -> Result<(), Problem> {
        let (call, recording) = self.open_recording()?;
        let form = Form::chosen(from, to, self.ground.settings().save_as_wav);
        let written = write_audited(&self.ground, &call.guid, recording, form, path).await;
        written.map_err(|problem| self.ground.noted(problem))
    }
}

/// Writes a recording, and into the audit trail that it was.
pub(super) async fn write_audited(
    ground: &Ground,
    guid: &str,
    recording: Arc<Recording>,
    form: Form,
    path: &Path,
) -> Result<(), Problem> {
    let part = match form {
        Form::Wav(from, to) => Some((from, to.is_finite().then_some(to))),
        Form::Original => None,
    };
    let audit = ground.store.audit();
    let entry = audit
        .begin(&Write {
            operation: "saveRecording",
            target: guid,
            detail: serde_json::json!({ "path": path.display().to_string(), "wav": part }),
            user: ground.client.user(),
            reviewer: &ground.calls.writes().reviewer(),
        })
        .map_err(|error| from_store(&error))?;
    let place = path.to_owned();
    let written = tokio::task::spawn_blocking(move || write(&place, &recording, form)).await;
    let written = match written {
        Ok(written) => written.map_err(|error| from_player(&error)),
        Err(error) => Err(problem("unexpected", [("detail", error.to_string())], true)),
    };
    let outcome = match &written {
        Ok(()) => Outcome::Done,
        // The file is whole or not there.
        Err(problem) => Outcome::Refused(problem.code.clone()),
    };
    if let Err(error) = entry.finish(&outcome) {
        ground.noted(from_store(&error));
    }
    written
}

fn write(path: &Path, recording: &Recording, form: Form) -> Result<(), atalaya_player::Error> {
    let failed = atalaya_player::Error::WriteFailed;
    let mut out = Unfinished::begin(path).map_err(failed)?;
    match form {
        Form::Wav(from, to) => {
            save_region(recording, (from, to), &mut out)?;
        }
        Form::Original => copy(recording, &mut out)?,
    }
    out.finish().map_err(failed)
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
