//! From the snapshots of a floor to frames: what is fresh, what is new, and where a run begins.
//!
//! A run is a stretch of time in which the figures came as planned. Outside runs nothing is known, and nothing is kept.

use std::collections::HashMap;
use std::sync::Arc;

use atalaya_floor::diff;
use atalaya_floor::wire::{Freshness, Snapshot};

use crate::codec::Row;
use crate::journal::Frame;
use crate::rows::{Subject, of_agent, of_campaign};
use crate::words::Words;

pub(crate) const HOUR_MS: i64 = 3_600_000;
/// Over twice the planned interval by so much, figures are late and a run is over.
const LATE_BY_MS: i64 = 9_000;

pub(crate) fn hour_of(at_ms: i64) -> i64 {
    at_ms.div_euclid(HOUR_MS)
}

/// Frames of one hour, to be written together.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) hour: i64,
    pub(crate) begun_ms: i64,
    pub(crate) body: Vec<u8>,
}

/// What is being recorded of one floor.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    last: Option<Arc<Snapshot>>,
    rows: HashMap<Subject, Row>,
    /// The hour that has a whole frame in this run.
    whole_in: Option<i64>,
    /// From and until.
    pub(crate) run: Option<(i64, i64)>,
    /// Runs that ended since the last transaction.
    over: Vec<(i64, i64)>,
    /// The end of the run as it is in the file.
    kept_until_ms: Option<i64>,
    pub(crate) batches: Vec<Batch>,
}

impl Recorder {
    /// Takes a snapshot; one that is not fresh says nothing about its moment.
    pub(crate) fn take(&mut self, now: &Arc<Snapshot>, words: &mut Words) {
        if now.health.freshness != Freshness::Fresh {
            return;
        }
        if self.last.as_ref().is_some_and(|last| last.revision == now.revision && last.at_ms == now.at_ms) {
            return;
        }
        let at_ms = now.at_ms;
        let patience_ms = 2 * i64::from(now.health.every_ms) + LATE_BY_MS;
        let on = |(_, until): (i64, i64)| (0..=patience_ms).contains(&(at_ms - until));
        if self.run.is_some_and(on) {
            self.run = self.run.map(|(from, _)| (from, at_ms));
        } else {
            self.over.extend(self.run.replace((at_ms, at_ms)));
            self.whole_in = None;
        }
        let hour = hour_of(at_ms);
        let before = self.last.replace(Arc::clone(now));
        match (before, self.whole_in.replace(hour)) {
            (Some(before), Some(whole_in)) => {
                if whole_in != hour {
                    // The hour begins as the last one ended.
                    let frame = as_it_was(&self.rows, hour * HOUR_MS);
                    self.write(frame, hour, at_ms);
                }
                let frame = changed(&before, now, at_ms, words);
                self.write(frame, hour, at_ms);
            }
            _ => self.write(whole(now, at_ms, words), hour, at_ms),
        }
    }

    fn write(&mut self, frame: Frame, hour: i64, at_ms: i64) {
        if self.batches.last().is_none_or(|last| last.hour != hour) {
            self.batches.push(Batch { hour, begun_ms: at_ms, body: Vec::new() });
        }
        if let Some(batch) = self.batches.last_mut() {
            frame.write(&mut batch.body, &mut self.rows);
        }
    }

    /// The runs to be written.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (i64, i64)> {
        self.over.iter().copied().chain(self.run)
    }

    /// The file has the run as it is.
    pub(crate) fn run_kept(&self) -> bool {
        self.run.map(|(_, until)| until) == self.kept_until_ms
    }

    /// Everything is in the file.
    pub(crate) fn kept(&mut self) {
        self.batches.clear();
        self.over.clear();
        self.kept_until_ms = self.run.map(|(_, until)| until);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.batches.iter().map(|batch| batch.body.len()).sum()
    }

    /// Nothing of what came before is known to be in the file: the next frame is whole and begins a run.
    pub(crate) fn start_over(&mut self) {
        *self = Self::default();
    }
}

fn as_it_was(rows: &HashMap<Subject, Row>, at_ms: i64) -> Frame {
    let mut frame = Frame::new(at_ms, true);
    for (subject, row) in rows {
        frame.add(*subject, Some(row));
    }
    frame
}

fn whole(now: &Snapshot, at_ms: i64, words: &mut Words) -> Frame {
    let mut frame = Frame::new(at_ms, true);
    for one in &now.campaigns {
        frame.add(Subject::campaign(words.number(&one.name)), Some(&of_campaign(one, words)));
    }
    for one in &now.agents {
        frame.add(Subject::agent(words.number(&one.location)), Some(&of_agent(one, words)));
    }
    frame
}

fn changed(before: &Snapshot, now: &Snapshot, at_ms: i64, words: &mut Words) -> Frame {
    let delta = diff(before, now);
    let mut frame = Frame::new(at_ms, false);
    for one in &delta.campaigns {
        frame.add(Subject::campaign(words.number(&one.name)), Some(&of_campaign(one, words)));
    }
    for name in &delta.campaigns_gone {
        frame.add(Subject::campaign(words.number(name)), None);
    }
    for one in &delta.agents {
        frame.add(Subject::agent(words.number(&one.location)), Some(&of_agent(one, words)));
    }
    for location in &delta.agents_gone {
        frame.add(Subject::agent(words.number(location)), None);
    }
    frame
}
