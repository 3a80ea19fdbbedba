//! The waveform as far as it is known: from afar for the whole, and any part of it in as many columns as a screen has.

use super::{BARS_PER_SECOND, FINE_PER_SECOND, Segment};
use crate::wire::{Detail, Peaks, Span};

/// Fine bars kept for each channel: four hours in 3 MB. What comes later is only looked at from afar.
const FINE_KEPT: usize = FINE_PER_SECOND as usize * 3600 * 4;
/// Columns of a close look, at most: more than a screen has.
const COLUMNS: u32 = 8_192;

/// What is known of a recording's waveform.
#[derive(Debug, Default)]
pub(crate) struct Wave {
    bars: [Vec<u8>; 2],
    fine: [Vec<u8>; 2],
    silences: Vec<Span>,
}

impl Wave {
    /// Takes a segment over.
    pub(crate) fn add(&mut self, segment: &Segment) {
        let Peaks { bars, right, silences, .. } = &segment.peaks;
        for (all, new) in self.bars.iter_mut().zip([bars, right]) {
            all.extend_from_slice(new);
        }
        for (all, new) in self.fine.iter_mut().zip(&segment.fine) {
            all.extend_from_slice(&new[..new.len().min(FINE_KEPT.saturating_sub(all.len()))]);
        }
        self.silences.extend_from_slice(silences);
    }

    /// The closest look, of the only or the left channel.
    pub(super) fn fine(&self) -> &[u8] {
        &self.fine[0]
    }

    /// All of it so far, from afar. `None` when nothing is known.
    pub(crate) fn so_far(&self) -> Option<Peaks> {
        let [bars, right] = self.bars.clone();
        let silences = self.silences.clone();
        (!bars.is_empty()).then_some(Peaks { from: 0, per_second: BARS_PER_SECOND, bars, right, silences })
    }

    /// The part between two places, seconds, in so many columns.
    pub(crate) fn detail(&self, (from, to): (f64, f64), columns: u32) -> Detail {
        if !(from >= 0.0 && to > from && to.is_finite()) {
            return Detail { left: Vec::new(), right: Vec::new() };
        }
        let columns = columns.min(COLUMNS);
        // As close as the sound was looked at; far into a very long recording, only from afar.
        let close = to * f64::from(FINE_PER_SECOND) <= FINE_KEPT as f64;
        let (source, per_second) =
            if close { (&self.fine, FINE_PER_SECOND) } else { (&self.bars, BARS_PER_SECOND) };
        let per_second = f64::from(per_second);
        let wide = (to - from) / f64::from(columns.max(1)) * per_second;
        let one = |bars: &Vec<u8>| -> Vec<u8> {
            let column = |column: u32| {
                let first = (from * per_second + f64::from(column) * wide).floor() as usize;
                let last = (from * per_second + f64::from(column + 1) * wide).floor() as usize;
                let known = bars.get(first..)?;
                known.iter().take(last.saturating_sub(first).max(1)).max().copied()
            };
            (0..columns).map_while(column).collect()
        };
        Detail { left: one(&source[0]), right: one(&source[1]) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::looked_at;
    use super::super::waveform;
    use super::*;
    use crate::testing::fixture;

    #[test]
    fn a_close_look_shows_what_is_there_and_no_more() {
        let wave = looked_at("tone8k.mp3");
        let whole = waveform(&fixture("tone8k.mp3"), FINE_PER_SECOND).unwrap();
        assert_eq!(wave.detail((1.0, 1.5), 100).left, whole[200..300]);
        let wider = wave.detail((1.0, 2.0), 20).left;
        let due: Vec<u8> = whole[200..400].chunks(10).map(|fine| *fine.iter().max().unwrap()).collect();
        assert_eq!(wider, due);
        assert!(wave.detail((1.0, 1.5), 10).right.is_empty(), "one channel");
        // Closer than the sound was looked at: each bar over several columns.
        assert_eq!(wave.detail((1.0, 1.01), 8).left, [vec![whole[200]; 4], vec![whole[201]; 4]].concat());
        let beyond = wave.detail((5.0, 10.0), 100).left.len();
        assert!((20..30).contains(&beyond), "what is not there has no column: {beyond}");
        for (from, to) in [(-1.0, 2.0), (3.0, 2.0), (0.0, f64::NAN), (f64::NAN, 1.0), (90.0, 95.0)] {
            assert!(wave.detail((from, to), 100).left.is_empty(), "{from} to {to}");
        }
        assert!(wave.detail((0.0, 6.0), u32::MAX).left.len() <= COLUMNS as usize);
        let stereo = looked_at("stereo44k.mp3");
        assert_eq!(stereo.detail((0.0, 1.0), 50).right.len(), 50);
        assert_eq!(stereo.so_far().unwrap().right.len(), stereo.so_far().unwrap().bars.len());
    }
}
