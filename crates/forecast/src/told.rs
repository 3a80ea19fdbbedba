//! What the runs brought, kept packed: run by run, campaign by campaign, at each horizon.

use crate::input::{Limits, Target};

/// A limit was not passed.
const NEVER: u16 = u16::MAX;

/// One campaign in one run, up to one horizon.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cell {
    /// Waiting then.
    pub(crate) waiting: u32,
    /// How long the first of them had waited, seconds.
    pub(crate) longest: f32,
    /// Calls that came.
    pub(crate) came: u32,
    /// Calls answered, also of those who waited at the beginning.
    pub(crate) answered: u32,
    /// Of them within the time aimed at.
    pub(crate) within: u32,
    /// Callers who gave up, also of those who waited at the beginning.
    pub(crate) gave_up: u32,
    /// Of those who came, and so soon that nobody could have been late.
    pub(crate) gave_up_within: u32,
    /// Of those who came: answered, given up, or waiting for longer than they should.
    pub(crate) decided: u32,
    /// Of those who came: answered within the time aimed at.
    pub(crate) coming_within: u32,
    /// Waiting at each look, added up.
    pub(crate) looked: u64,
}

/// When limits were passed in one run: the number of the look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Met {
    /// For the first time, waiting and longest wait, amber and red.
    first: [[u16; 2]; 2],
    /// For the last time.
    last: [[u16; 2]; 2],
}

impl Default for Met {
    fn default() -> Self {
        Self { first: [[NEVER; 2]; 2], last: [[NEVER; 2]; 2] }
    }
}

impl Met {
    pub(crate) fn note(&mut self, look: u16, waiting: f64, longest: f64, target: &Target) {
        let figures = [(waiting, target.waiting), (longest, target.longest_secs)];
        for (measure, (value, Limits { amber, red })) in figures.into_iter().enumerate() {
            for (severity, limit) in [amber, red].into_iter().enumerate() {
                if limit.is_some_and(|limit| value >= limit) {
                    let first = &mut self.first[measure][severity];
                    *first = (*first).min(look);
                    self.last[measure][severity] = look;
                }
            }
        }
    }

    /// The look at which one measure passed, 0 waiting, 1 the longest wait; severity 0 amber, 1 red.
    pub(crate) fn first_of(&self, measure: usize, severity: usize) -> Option<u16> {
        Some(self.first[measure][severity]).filter(|look| *look != NEVER)
    }

    /// The look at which either passed.
    pub(crate) fn first(&self, severity: usize) -> Option<u16> {
        let [waiting, longest] = self.first.map(|measure| measure[severity]);
        Some(waiting.min(longest)).filter(|look| *look != NEVER)
    }

    /// The last look at which one measure was beyond.
    pub(crate) fn last_of(&self, measure: usize, severity: usize) -> Option<u16> {
        Some(self.last[measure][severity]).filter(|look| *look != NEVER)
    }

    /// The last look at which either was.
    pub(crate) fn last(&self, severity: usize) -> Option<u16> {
        self.last_of(0, severity).max(self.last_of(1, severity))
    }
}

/// All of it.
#[derive(Clone, PartialEq)]
pub(crate) struct Told {
    pub(crate) runs: usize,
    pub(crate) look_secs: f64,
    /// Looks after the beginning.
    looks: u16,
    campaigns: usize,
    cells: Vec<Cell>,
    met: Vec<Met>,
}

impl std::fmt::Debug for Told {
    /// Without the many thousand figures.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Told({} runs of {} campaigns)", self.runs, self.campaigns)
    }
}

impl Told {
    pub(crate) fn new(runs: usize, campaigns: usize, look_secs: f64, looks: u16) -> Self {
        Self {
            runs,
            look_secs,
            looks,
            campaigns,
            cells: vec![Cell::default(); runs * campaigns * 3],
            met: vec![Met::default(); runs * campaigns],
        }
    }

    /// The number of the look at the end.
    pub(crate) fn last_look(&self) -> u16 {
        self.looks
    }

    pub(crate) fn cell_mut(&mut self, run: usize, campaign: usize, horizon: usize) -> &mut Cell {
        &mut self.cells[(run * self.campaigns + campaign) * 3 + horizon]
    }

    pub(crate) fn met_mut(&mut self, run: usize, campaign: usize) -> &mut Met {
        &mut self.met[run * self.campaigns + campaign]
    }

    /// One campaign at one horizon, run by run.
    pub(crate) fn cells(&self, campaign: usize, horizon: usize) -> impl Iterator<Item = &Cell> + Clone {
        (0..self.runs).map(move |run| &self.cells[(run * self.campaigns + campaign) * 3 + horizon])
    }

    /// One campaign's limits, run by run.
    pub(crate) fn met(&self, campaign: usize) -> impl Iterator<Item = &Met> + Clone {
        (0..self.runs).map(move |run| &self.met[run * self.campaigns + campaign])
    }
}
