//! What went wrong lately, kept for Diagnostics: across sessions, for as long as the program runs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use atalaya_ucontact::Problem;

use crate::locked::locked;
use crate::wire::ErrorLine;

const KEPT: usize = 50;

/// The last failures; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Failures(Arc<Mutex<VecDeque<ErrorLine>>>);

impl Failures {
    /// Keeps a problem and hands it on.
    pub(crate) fn noted(&self, problem: Problem, now_ms: i64) -> Problem {
        let mut lines = locked(&self.0);
        lines.push_front(ErrorLine { at_ms: now_ms, problem: problem.clone() });
        lines.truncate(KEPT);
        problem
    }

    /// The same, unless the last one was of this kind too.
    pub(crate) fn noted_once(&self, problem: &Problem, now_ms: i64) {
        let mut lines = locked(&self.0);
        if lines.front().is_none_or(|last| last.problem.code != problem.code) {
            lines.push_front(ErrorLine { at_ms: now_ms, problem: problem.clone() });
            lines.truncate(KEPT);
        }
    }

    /// The newest first.
    pub(crate) fn lines(&self) -> Vec<ErrorLine> {
        locked(&self.0).iter().cloned().collect()
    }
}
