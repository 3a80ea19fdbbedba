//! Taking a recording, or a part of it, along as a file.
//!
//! It leaves the program's care then: the local audit trail says who took which call where. What there is can always be
//! taken; where that is not all, the file's name says so. Left out on purpose: asking where it should go.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
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
use crate::file_names::{incomplete, incomplete_path, recording_name};
use crate::problem::{from_calls, from_player, from_store, problem};
use crate::wire::SavedSound;

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
        Form::Original => recording.ending(),
    }
}

/// Where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// Where a person said, in the place of what is there: the dialog asked.
    Chosen(&'a Path),
    /// There, or beside it where somebody else has taken the name meanwhile.
    Free(&'a Path),
}

impl<'a> Place<'a> {
    fn path(self) -> &'a Path {
        match self {
            Self::Chosen(path) | Self::Free(path) => path,
        }
    }
}

/// Sound this much shorter than asked for is not missed, seconds.
const SLACK_SECS: f64 = 0.5;

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
        let whole = from.or(to).is_none();
        let cut = (whole && recording.broken()).then(|| incomplete(recording.percent_here()));
        let name = recording_name(&self.ground.settings().recording_names, &call, from.zip(to));
        Ok((format!("{name}{}.{ending}", cut.unwrap_or_default()), ending))
    }

    /// Writes the open recording to a file, from `from` to `to` seconds or all of it; as it was recorded, whatever the
    /// speed: a part as WAV, the whole as the settings say. The file is whole or not there. Where some of the recording
    /// cannot be had the rest is written, under a name beside `path` that says so.
    ///
    /// # Errors
    /// `nothingOpen`; `tooShort` where there is no sound; `readFailed`, `writeFailed`; why there is nothing of it; the
    /// store's when the audit trail could not be written (then nothing was).
    pub async fn save(&self, path: &Path, from: Option<f64>, to: Option<f64>) -> Result<SavedSound, Problem> {
        let (call, recording) = self.open_recording()?;
        let form = Form::chosen(from, to, self.ground.settings().save_as_wav);
        let saved = async {
            let recording = if from.or(to).is_none() {
                let cancel = self.ground.tasks.token();
                let last = self.ground.calls.last_copy(&call.guid, recording, &cancel).await;
                last.map_err(|error| from_calls(&error))?.0
            } else {
                recording
            };
            write_audited(&self.ground, &call.guid, recording, form, Place::Chosen(path)).await
        };
        saved.await.map_err(|problem| self.ground.noted(problem))
    }
}

/// Writes a recording, and into the audit trail that it was.
pub(super) async fn write_audited(
    ground: &Ground,
    guid: &str,
    recording: Arc<Recording>,
    form: Form,
    place: Place<'_>,
) -> Result<SavedSound, Problem> {
    let part = match form {
        Form::Wav(from, to) => Some((from, to.is_finite().then_some(to))),
        Form::Original => None,
    };
    let audit = ground.store.audit();
    let entry = audit
        .begin(&Write {
            operation: "saveRecording",
            target: guid,
            detail: serde_json::json!({ "path": place.path().display().to_string(), "wav": part }),
            user: ground.client.user(),
            reviewer: &ground.calls.writes().reviewer(),
        })
        .map_err(|error| from_store(&error))?;
    let (path, free) = (place.path().to_owned(), matches!(place, Place::Free(_)));
    let source = Arc::clone(&recording);
    let written = tokio::task::spawn_blocking(move || write(&path, free, source, form)).await;
    let written = match written {
        Ok(written) => written.map_err(|error| from_player(&error)),
        Err(error) => Err(problem("unexpected", [("detail", error.to_string())], true)),
    };
    let outcome = match &written {
        Ok(_) => Outcome::Done,
        // The file is whole or not there.
        Err(problem) => Outcome::Refused(problem.code.clone()),
    };
    if let Err(error) = entry.finish(&outcome) {
        ground.noted(from_store(&error));
    }
    let (path, all) = written?;
    let problem = if all { None } else { recording.complete().await.err().map(|error| from_calls(&error)) };
    Ok(SavedSound { path: path.display().to_string(), problem })
}

/// Gives where it was written, and whether that is all that was asked for.
fn write(
    path: &Path,
    free: bool,
    recording: Arc<Recording>,
    form: Form,
) -> Result<(PathBuf, bool), atalaya_player::Error> {
    let failed = atalaya_player::Error::WriteFailed;
    let mut out = Unfinished::begin(path).map_err(failed)?;
    let recording = AsFarAsItGoes(recording);
    let short = match form {
        Form::Wav(from, to) => {
            let written = save_region(&recording, (from, to), &mut out)?;
            written.seconds + SLACK_SECS < to - from
        }
        Form::Original => {
            copy(&recording, &mut out)?;
            true
        }
    };
    if short && recording.0.broken() {
        let path = incomplete_path(path, recording.0.percent_here());
        out.finish_as(&path).map_err(failed)?;
        return Ok((path, false));
    }
    if free {
        let part = |part: Option<&OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (name, ending) = (part(path.file_stem()), part(path.extension()));
        let path = out.finish_free(&name, &ending, &mut BTreeSet::new()).map_err(failed)?;
        return Ok((path, true));
    }
    out.finish().map_err(failed)?;
    Ok((path.to_owned(), true))
}

/// A recording whose missing rest is its end, and no failure.
struct AsFarAsItGoes(Arc<Recording>);

impl ByteSource for AsFarAsItGoes {
    fn len(&self) -> Option<u64> {
        self.0.len()
    }

    fn available_from(&self, offset: u64) -> u64 {
        self.0.available_from(offset)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        if self.0.broken() && self.0.available_from(offset) == 0 {
            return Ok(0);
        }
        self.0.read_at(offset, buf)
    }

    fn want(&self, offset: u64) {
        self.0.want(offset);
    }

    fn wait_changed(&self, timeout: Duration) -> bool {
        self.0.wait_changed(timeout)
    }

    fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    fn trouble(&self) -> Option<&'static str> {
        self.0.trouble()
    }
}

/// The bytes as they are, as far as they come.
fn copy(recording: &AsFarAsItGoes, out: &mut impl std::io::Write) -> Result<(), atalaya_player::Error> {
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
