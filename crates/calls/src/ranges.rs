//! Which stretches of something are there: bytes of a file, milliseconds that were heard.

use std::collections::BTreeMap;

/// Stretches without overlaps or touching neighbours.
#[derive(Debug, Default, Clone)]
pub(crate) struct Ranges(BTreeMap<u64, u64>);

impl Ranges {
    pub(crate) fn add(&mut self, start: u64, length: u64) {
        if length == 0 {
            return;
        }
        let (mut start, mut end) = (start, start + length);
        while let Some((&from, &to)) = self.0.range(..=end).next_back() {
            if to < start {
                break;
            }
            start = start.min(from);
            end = end.max(to);
            self.0.remove(&from);
        }
        self.0.insert(start, end);
    }

    /// Bytes here from `offset` on, without a gap.
    pub(crate) fn from(&self, offset: u64) -> u64 {
        match self.0.range(..=offset).next_back() {
            Some((_, &end)) if end > offset => end - offset,
            _ => 0,
        }
    }

    /// The first byte missing at or after `offset`.
    pub(crate) fn first_gap(&self, offset: u64) -> u64 {
        offset + self.from(offset)
    }

    /// All of them together.
    pub(crate) fn total(&self) -> u64 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Start and end of each, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().map(|(start, end)| (*start, *end))
    }

    /// Where the next stretch after `offset` begins.
    pub(crate) fn next_start(&self, offset: u64) -> Option<u64> {
        self.0.range(offset..).next().map(|(&start, _)| start)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn stretches_are_what_was_added(adds in prop::collection::vec((0u64..120, 0u64..30), 0..30)) {
            let mut ranges = Ranges::default();
            let mut naive = [false; 200];
            for (start, length) in adds {
                ranges.add(start, length);
                for at in start..start + length {
                    naive[at as usize] = true;
                }
            }
            prop_assert_eq!(ranges.total(), naive.iter().filter(|here| **here).count() as u64);
            for (start, end) in ranges.iter() {
                prop_assert!(naive[start as usize..end as usize].iter().all(|here| *here));
            }
            for offset in 0..150usize {
                let run = naive[offset..].iter().take_while(|here| **here).count() as u64;
                prop_assert_eq!(ranges.from(offset as u64), run);
                prop_assert_eq!(ranges.first_gap(offset as u64), offset as u64 + run);
            }
        }
    }
}
