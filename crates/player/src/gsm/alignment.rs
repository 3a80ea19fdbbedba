//! Where raw GSM's frames lie in bytes that something was cut out of, put into, or flipped in. Nothing marks a frame but its
//! first half byte, which one byte in sixteen has by chance: a place is believed when those after it agree.

use super::FRAME_BYTES;
use crate::container::marks::GSM_MARK as MARK;

/// Frames that follow one that is good beyond doubt, and the bytes it takes to see that.
const FOLLOW: usize = 7;
pub(crate) const FIRST: usize = FOLLOW * FRAME_BYTES + 1;
/// Frames further on that are asked about a place in doubt.
const ASKED: usize = 7;
/// Of those, how many have to agree with another place, and with the one that is due.
const ENOUGH: usize = 5;
const ENOUGH_IN_STEP: usize = 4;
/// Bytes from a place on that always suffice to tell what lies there.
pub(crate) const AHEAD: usize = (FOLLOW + ASKED + 1) * FRAME_BYTES;

/// What lies at the place where a frame is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stride {
    /// A frame.
    Frame,
    /// None, or none that is whole: after so many bytes, at most a frame's, the next one is due.
    Lost(usize),
    /// As many bytes from the place on are needed to tell.
    More(usize),
    /// Less than a frame.
    End,
}

fn is_mark(byte: u8) -> bool {
    byte >> 4 == MARK
}

/// Whether a frame's bytes look like one. A-law's silence is a mark in every byte; a frame's other bytes are none.
pub(crate) fn is_frame(bytes: &[u8]) -> bool {
    bytes.len() == FRAME_BYTES
        && is_mark(bytes[0])
        && bytes.iter().filter(|byte| is_mark(**byte)).count() * 2 <= FRAME_BYTES
}

/// Says what lies at the first of these bytes, where a frame is due; `ended`: there are no others.
pub(crate) fn stride(bytes: &[u8], ended: bool) -> Stride {
    let Some(frame) = bytes.get(..FRAME_BYTES) else {
        return if ended { Stride::End } else { Stride::More(FRAME_BYTES) };
    };
    let mark = |at: usize| bytes.get(at).map(|byte| is_mark(*byte));
    // As nearly always: this one, and those after it.
    let follow = (1..=FOLLOW).map(|frame| mark(frame * FRAME_BYTES));
    let as_ever = is_frame(frame) && follow.clone().all(|mark| mark != Some(false));
    if as_ever && (ended || bytes.len() >= FIRST) {
        return Stride::Frame;
    }
    if !ended && bytes.len() < AHEAD {
        return Stride::More(if as_ever { FIRST } else { AHEAD });
    }
    let next = mark(FRAME_BYTES);
    // Which of the places up to the next one due do those after it agree with?
    let agreed = |from: usize| {
        let asked = (0..ASKED).filter_map(|frame| mark(from + frame * FRAME_BYTES));
        asked.fold((0, 0_usize), |(agreed, asked), mark| (agreed + usize::from(mark), asked + 1))
    };
    let (in_step, asked) = agreed(FRAME_BYTES);
    let due = if is_frame(frame) { Stride::Frame } else { Stride::Lost(FRAME_BYTES) };
    let believed = |from: &usize| {
        let (agreed, asked) = agreed(*from);
        let first = mark(*from) == Some(true) && mark(from + FRAME_BYTES) == Some(true);
        first && (agreed >= ENOUGH || (asked < ASKED && asked > 3 && agreed == asked))
    };
    let best = |places: std::ops::Range<usize>| {
        places.filter(believed).max_by_key(|from| (agreed(*from).0, usize::MAX - from))
    };
    let cut = best(1..FRAME_BYTES);
    let doubted = asked == ASKED && cut.is_some_and(|from| agreed(from).0 > in_step + 1);
    if asked > 0 && in_step >= ENOUGH_IN_STEP.min(asked / 2 + 1) && !doubted {
        return due;
    }
    match (cut, next) {
        // It was cut.
        (Some(from), Some(false)) => Stride::Lost(from),
        // It was, or the next one was, and a mark stands there by chance: neither is heard.
        (Some(_), _) => Stride::Lost(FRAME_BYTES),
        // Nearly at the end there is hardly anybody to ask.
        (None, _) if asked <= 2 && next != Some(false) => due,
        // One of the next was.
        (None, Some(true)) if best(FRAME_BYTES + 1..(FOLLOW + 1) * FRAME_BYTES).is_some() => due,
        // Nothing agrees with anything: silence, a frame's worth at a time.
        (None, _) => Stride::Lost(FRAME_BYTES),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::fixture;

    /// What lies in these bytes, frame by frame: bytes passed over, 33 for each good one, and where the good ones begin.
    fn walked(bytes: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let (mut at, mut steps, mut good) = (0, Vec::new(), Vec::new());
        loop {
            let step = match stride(&bytes[at..], true) {
                Stride::Frame => {
                    good.push(at);
                    FRAME_BYTES
                }
                Stride::Lost(bytes) => bytes,
                Stride::More(_) => panic!("there is no more"),
                Stride::End => return (steps, good),
            };
            at += step;
            steps.push(step);
        }
    }

    #[test]
    fn good_frames_are_good_to_the_last() {
        let speech = fixture("speech.gsm");
        for frames in [1, 2, 3, 9, 160] {
            let due = (0..frames).map(|frame| frame * 33).collect();
            assert_eq!(walked(&speech[..33 * frames]), (vec![33; frames], due));
        }
    }

    #[test]
    fn a_flipped_mark_costs_one_frame_and_a_cut_one_its_own() {
        let speech = fixture("speech.gsm");
        for frame in (0..160).step_by(7).chain([158, 159]) {
            let mut flipped = speech.clone();
            flipped[frame * 33] ^= 0x40;
            let (steps, good) = walked(&flipped);
            // Nearly at the end, where nobody is left to ask, also the one before it.
            let least = if frame < 155 { 159 } else { 158 };
            assert_eq!(steps, [33; 160], "frame {frame}");
            assert!((least..160).contains(&good.len()), "frame {frame}: {}", good.len());
        }
        let (mut costs, mut wrong) = ([0; 4], 0);
        for (frame, left) in (3..150).flat_map(|frame| (1..33).map(move |left| (frame, left))) {
            let at = frame * 33 + left;
            let cut = [&speech[..at], &speech[(frame + 1) * 33..]].concat();
            let (steps, good) = walked(&cut);
            assert_eq!(steps.iter().sum::<usize>(), cut.len(), "frame {frame} of {left} bytes");
            costs[(159 - good.len()).min(3)] += 1;
            let is_true = |place: &usize| match *place {
                place if place < at => place % 33 == 0 && place < at - left,
                place => (place - left) % 33 == 0,
            };
            wrong += good.iter().filter(|place| !is_true(place)).count();
        }
        // Where a mark stands by chance, a neighbour or two are lost as well; of 4,704 cuts, hardly any makes bytes that are
        // no frame be taken for one.
        assert!(costs[0] > 3_900 && costs[2] + costs[3] < 200 && wrong < 10, "{costs:?}, {wrong} wrong");
    }

    #[test]
    fn it_asks_for_what_it_needs_and_says_the_same_with_more() {
        let speech = fixture("speech.gsm");
        let mut bytes = [&speech[..33 * 9 + 14], &speech[33 * 40..33 * 60]].concat();
        bytes[33 * 4] = 0;
        for at in 0..bytes.len() {
            let answer = stride(&bytes[at..], true);
            for len in 0..(bytes.len() - at).min(2 * AHEAD) {
                match stride(&bytes[at..at + len], false) {
                    Stride::More(more) => assert!(more > len && more <= AHEAD),
                    early => assert_eq!(early, answer, "{len} bytes from {at} on"),
                }
            }
        }
    }
}
