//! Who is free, in the order in which they are called: of a campaign's people those of the smallest penalty, and of these
//! whoever has been free longest.
//!
//! A lane is one penalty of one campaign. Somebody free stands in a lane for each of their seats, and leaves all of them
//! at once; each step is a few links changed, whatever the size of the floor.

const NOBODY: u32 = u32::MAX;

/// The lanes; a seat is a number from 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct Idle {
    ahead: Vec<u32>,
    behind: Vec<u32>,
    first: Vec<u32>,
    last: Vec<u32>,
}

impl Idle {
    /// Everybody is busy.
    pub(crate) fn clear(&mut self, seats: usize, lanes: usize) {
        for (links, count) in [
            (&mut self.ahead, seats),
            (&mut self.behind, seats),
            (&mut self.first, lanes),
            (&mut self.last, lanes),
        ] {
            links.clear();
            links.resize(count, NOBODY);
        }
    }

    /// The seat whose turn it is.
    #[inline]
    pub(crate) fn first(&self, lane: u32) -> Option<u32> {
        let first = self.first[lane as usize];
        (first != NOBODY).then_some(first)
    }

    /// Stands behind all others.
    #[inline]
    pub(crate) fn join(&mut self, seat: u32, lane: u32) {
        let last = std::mem::replace(&mut self.last[lane as usize], seat);
        self.ahead[seat as usize] = last;
        self.behind[seat as usize] = NOBODY;
        match last {
            NOBODY => self.first[lane as usize] = seat,
            last => self.behind[last as usize] = seat,
        }
    }

    /// Leaves, from wherever it stands.
    #[inline]
    pub(crate) fn leave(&mut self, seat: u32, lane: u32) {
        let (ahead, behind) = (self.ahead[seat as usize], self.behind[seat as usize]);
        match ahead {
            NOBODY => self.first[lane as usize] = behind,
            ahead => self.behind[ahead as usize] = behind,
        }
        match behind {
            NOBODY => self.last[lane as usize] = ahead,
            behind => self.ahead[behind as usize] = ahead,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whoever_came_first_is_first(steps in prop::collection::vec(0u32..12, 1..200)) {
            // Seats 0 to 11, three lanes.
            let mut idle = Idle::default();
            idle.clear(12, 3);
            let mut plain: [VecDeque<u32>; 3] = Default::default();
            for seat in steps {
                let lane = seat % 3;
                let stands = &mut plain[lane as usize];
                if let Some(place) = stands.iter().position(|other| *other == seat) {
                    stands.remove(place);
                    idle.leave(seat, lane);
                } else {
                    stands.push_back(seat);
                    idle.join(seat, lane);
                }
                for (lane, stands) in plain.iter().enumerate() {
                    prop_assert_eq!(idle.first(lane as u32), stands.front().copied());
                }
            }
        }
    }
}
