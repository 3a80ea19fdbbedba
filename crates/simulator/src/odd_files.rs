//! What a single recording can do to whoever reads it: tags that say little, a length nobody tells, a file that grows or is
//! replaced meanwhile, a place that fails in passing or holds something else.
//!
//! Left out on purpose: what a whole host does, which is a fault of its endpoint.

use std::collections::HashMap;

use bytes::Bytes;

use crate::audio::{self, Kind};

/// What is odd about the file of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OddFile {
    /// Its `ETag` is weak.
    WeakTag,
    /// The same bytes under another `ETag` with every answer, as from several machines.
    ChangingTag {
        /// Whether those are weak.
        weak: bool,
    },
    /// Ranges do not say how long it is.
    UnknownTotal,
    /// The call goes on: so many bytes at first, and more with every answer until it is whole.
    Growing {
        /// Bytes at first.
        from: usize,
        /// Bytes more with each answer.
        by: usize,
    },
    /// After so many answers another file lies there, of the same length where there is one.
    ReplacedAfter {
        /// Answers of the first file.
        answers: u32,
    },
    /// Two files take turns, answer by answer.
    TakesTurns,
    /// Its first answers are this status.
    FailsAtFirst {
        /// How many.
        answers: u32,
        /// HTTP status.
        code: u16,
    },
    /// Its first connections break before the first byte.
    BreaksAtFirst {
        /// How many.
        answers: u32,
    },
    /// Its place holds these bytes instead.
    Holds(Bytes),
    /// Wherever it is not, a file of these bytes lies under its name.
    Elsewhere(Bytes),
}

/// Which files are odd, and how often each was answered for since.
#[derive(Default)]
pub(crate) struct OddFiles(HashMap<String, (OddFile, u32)>);

impl OddFiles {
    pub(crate) fn set(&mut self, guid: &str, odd: OddFile) {
        self.0.insert(guid.to_owned(), (odd, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// What is odd about this file, and how many answers came before this one.
    pub(crate) fn answering(&mut self, guid: &str) -> Option<(OddFile, u32)> {
        let (odd, answers) = self.0.get_mut(guid)?;
        let before = *answers;
        *answers += 1;
        Some((odd.clone(), before))
    }

    /// What lies where the recording of this call is not.
    pub(crate) fn elsewhere(&self, guid: &str) -> Option<Bytes> {
        match self.0.get(guid) {
            Some((OddFile::Elsewhere(bytes), _)) => Some(bytes.clone()),
            _ => None,
        }
    }
}

/// A file as it is answered with.
pub(crate) struct Served {
    pub(crate) bytes: Bytes,
    /// How long it says it is.
    pub(crate) declared: usize,
    pub(crate) etag: String,
    pub(crate) tells_length: bool,
}

impl Served {
    pub(crate) fn of(bytes: Bytes) -> Self {
        let declared = bytes.len();
        Self { etag: format!("\"0-{declared:x}\""), declared, bytes, tells_length: true }
    }

    /// The file of a call of that kind and length, or a copy of it; with what is odd about it. `pick` tells calls apart.
    pub(crate) fn call(
        (kind, talk_secs, pick): (Kind, u32, u64),
        copy: bool,
        odd: Option<&(OddFile, u32)>,
    ) -> Self {
        let other = match odd {
            Some((OddFile::ReplacedAfter { answers }, before)) => before >= answers,
            Some((OddFile::TakesTurns, before)) => before % 2 == 1,
            _ => false,
        };
        let pick = if other { pick ^ 1 } else { pick };
        let (bytes, declared) =
            if copy { audio::copy(kind, talk_secs, pick) } else { audio::file(kind, talk_secs, pick) };
        let etag = format!("\"{pick:x}-{declared:x}\"");
        let mut served = Self { bytes, declared, etag, tells_length: true };
        match odd {
            Some((OddFile::WeakTag, _)) => served.etag = format!("W/{}", served.etag),
            Some((OddFile::ChangingTag { weak }, before)) => {
                let weak = if *weak { "W/" } else { "" };
                served.etag = format!("{weak}\"{before:x}-{declared:x}\"");
            }
            Some((OddFile::UnknownTotal, _)) => served.tells_length = false,
            Some((OddFile::Growing { from, by }, before)) => {
                let so_far = (from + by * *before as usize).min(declared);
                served.bytes.truncate(so_far);
                served.declared = so_far;
                served.etag = format!("\"{pick:x}-{so_far:x}\"");
            }
            Some((OddFile::Holds(bytes), _)) => served = Self::of(bytes.clone()),
            _ => {}
        }
        served
    }
}
