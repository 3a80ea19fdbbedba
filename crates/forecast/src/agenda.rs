//! What happens next: events by their time, in one number each, so that comparing two is comparing numbers.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Parts of a second time is counted in.
pub(crate) const A_SECOND: f64 = 1_024.0;
/// Bits of whom it happens to, and of what happens.
const SUBJECT_BITS: u32 = 22;
const LOW_BITS: u32 = SUBJECT_BITS + 2;
/// As many people and campaigns can be told apart.
pub(crate) const MOST_SUBJECTS: usize = 1 << SUBJECT_BITS;
/// No time is later.
const LATEST: i64 = (1 << (63 - LOW_BITS)) - 1;

/// What happens. At one moment people become free before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody is free, after a call and the work after it.
    Free,
    /// Somebody is back from a break.
    Back,
    /// Somebody is due for a break.
    Break,
    /// A call comes.
    Call,
}

const KINDS: [Kind; 4] = [Kind::Free, Kind::Back, Kind::Break, Kind::Call];

/// Events to come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    heap: BinaryHeap<Reverse<u64>>,
    /// Nothing after this moment is noted: it would not happen.
    ends: i64,
}

/// Seconds as parts of a second; whatever is no time is never.
#[inline]
pub(crate) fn ticks(secs: f64) -> i64 {
    let ticks = secs * A_SECOND;
    if ticks >= 0.0 { (ticks as i64).min(LATEST) } else { 0 }
}

impl Agenda {
    pub(crate) fn clear(&mut self, ends: i64) {
        self.heap.clear();
        self.ends = ends;
    }

    #[inline]
    pub(crate) fn push(&mut self, at: i64, kind: Kind, subject: u32) {
        if at <= self.ends {
            self.heap.push(Reverse(key(at, kind, subject)));
        }
    }

    /// The next event up to a moment; stays until it is done with.
    #[inline]
    pub(crate) fn next(&self, until: i64) -> Option<(i64, Kind, u32)> {
        let Reverse(key) = self.heap.peek()?;
        let at = (key >> LOW_BITS) as i64;
        let kind = KINDS[(key >> SUBJECT_BITS) as usize & 3];
        (at <= until).then_some((at, kind, (key & (MOST_SUBJECTS as u64 - 1)) as u32))
    }

    /// The next one is done with.
    #[inline]
    pub(crate) fn done(&mut self) {
        self.heap.pop();
    }

    /// The next one is done with, and another takes its place: cheaper than both.
    #[inline]
    pub(crate) fn replace(&mut self, at: i64, kind: Kind, subject: u32) {
        if at > self.ends {
            self.heap.pop();
        } else if let Some(mut top) = self.heap.peek_mut() {
            *top = Reverse(key(at, kind, subject));
        }
    }
}

#[inline]
fn key(at: i64, kind: Kind, subject: u32) -> u64 {
    (at as u64) << LOW_BITS | (kind as u64) << SUBJECT_BITS | u64::from(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_order_and_those_after_the_end_never() {
        let mut agenda = Agenda::default();
        agenda.clear(ticks(900.0));
        for (secs, kind, subject) in
            [(5.0, Kind::Call, 3), (2.5, Kind::Back, 9), (5.0, Kind::Free, 4_000_000), (901.0, Kind::Free, 1)]
        {
            agenda.push(ticks(secs), kind, subject);
        }
        assert_eq!(agenda.next(ticks(900.0)), Some((ticks(2.5), Kind::Back, 9)));
        agenda.replace(ticks(7.0), Kind::Break, 9);
        assert_eq!(agenda.next(ticks(5.0)), Some((ticks(5.0), Kind::Free, 4_000_000)));
        agenda.done();
        assert_eq!(agenda.next(ticks(5.0)), Some((ticks(5.0), Kind::Call, 3)));
        agenda.done();
        assert_eq!(agenda.next(ticks(6.9)), None);
        assert_eq!(agenda.next(ticks(7.0)), Some((ticks(7.0), Kind::Break, 9)));
        agenda.replace(ticks(1_000.0), Kind::Break, 9);
        assert_eq!(agenda.next(i64::MAX), None);
        assert_eq!((ticks(f64::NAN), ticks(-3.0), ticks(f64::INFINITY)), (0, 0, LATEST));
    }
}
