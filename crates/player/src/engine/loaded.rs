//! The recording that is loaded: decoded a piece ahead of the ring, and what is known of its bytes.

use std::sync::Arc;

use rtrb::Producer;

use super::Next;
use crate::chain::Chain;
use crate::error::Error;
use crate::feed::Sound;
use crate::index::Answer;
use crate::level::Level;
use crate::reader::Reader;
use crate::resample::Pair;
use crate::source::ByteSource;

/// A recording, and how far it is decoded.
pub(super) struct Loaded {
    pub(super) source: Arc<dyn ByteSource>,
    pub(super) reader: Reader,
    pub(super) chain: Option<Chain>,
    /// What the stretch before learned of the voices.
    pub(super) level: Option<Level>,
    /// For the device, not in the ring yet.
    pub(super) out: Vec<Pair>,
    pub(super) out_at: usize,
    /// The sample after the last one decoded.
    pub(super) decoded_to: u64,
    /// Frames put into the ring in this stretch.
    pub(super) pushed: u64,
    /// Nothing more will be decoded in this stretch.
    pub(super) decoded_all: bool,
    pub(super) indexed: bool,
    pub(super) error: Option<Error>,
    pub(super) asked_for: Option<u64>,
    pub(super) truncation_told: bool,
}

impl Loaded {
    pub(super) fn new(source: Arc<dyn ByteSource>) -> Self {
        Self {
            source,
            reader: Reader::prompt(),
            chain: None,
            level: None,
            out: Vec::new(),
            out_at: 0,
            decoded_to: 0,
            pushed: 0,
            decoded_all: false,
            indexed: false,
            error: None,
            asked_for: None,
            truncation_told: false,
        }
    }

    /// Starts a new stretch at `secs`.
    pub(super) fn restart(&mut self, secs: f64) {
        if matches!(self.error, Some(Error::ReadFailed(_))) {
            self.error = None;
        }
        if let Some(chain) = self.chain.take() {
            self.level = chain.into_level();
        }
        self.out.clear();
        self.out_at = 0;
        self.pushed = 0;
        self.decoded_all = false;
        self.asked_for = None;
        let rate = self.reader.shape().map(|(rate, _)| rate);
        // Before the rate is known only the start can be meant exactly; the rest is aimed at once it is.
        self.reader.seek(rate.map_or(0, |rate| (secs * f64::from(rate)).round() as u64));
    }

    /// No more sound will come in this stretch: what is still inside goes out.
    pub(super) fn flush(&mut self) {
        if let Some(chain) = &mut self.chain {
            chain.finish(&mut self.out);
        }
    }

    /// Moves decoded sound into the ring, up to frame `most` of the stretch. False: some is left over.
    pub(super) fn pour(&mut self, ring: &mut Producer<Sound>, epoch: u32, most: u64) -> bool {
        while let Some(pair) = self.out.get(self.out_at) {
            if self.pushed >= most || ring.push(Sound { pair: *pair, epoch }).is_err() {
                return false;
            }
            self.out_at += 1;
            self.pushed += 1;
        }
        self.out.clear();
        self.out_at = 0;
        true
    }

    /// Time to spare: the index is walked on, as far as the bytes at hand go.
    pub(super) fn spare(&mut self, otherwise: Next) -> Next {
        if !self.indexed {
            match self.reader.walk_on(&*self.source) {
                Ok(Answer::More | Answer::Is(())) => return Next::Again,
                Ok(Answer::End) => self.indexed = true,
                Ok(Answer::Wait(_)) | Err(_) => {}
            }
        }
        if self.indexed && !self.truncation_told && self.cut() {
            self.truncation_told = true;
            let (expected_bytes, found_bytes) = (self.source.len(), self.source.available_from(0));
            tracing::info!(?expected_bytes, found_bytes, "the recording is cut short");
        }
        otherwise
    }

    pub(super) fn cut(&self) -> bool {
        let total = self.source.len();
        let missing =
            self.source.is_complete() && total.is_some_and(|total| self.source.available_from(0) < total);
        missing || (self.indexed && self.reader.truncated(total))
    }

    pub(super) fn buffered(&self, duration: Option<(f64, bool)>) -> f64 {
        let from = self.reader.byte();
        let end = from + self.source.available_from(from);
        match duration {
            Some((secs, _)) if self.source.len().is_some_and(|total| end >= total) => secs,
            Some((secs, true)) => self.reader.secs_at(end).min(secs),
            _ => self.reader.secs_at(end),
        }
    }
}
