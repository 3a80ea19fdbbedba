//! Seeks: to a frame a few before the target, from which every sample comes out as it does from the start.

use super::{Codec, Opened, REACH_SECS, RESERVOIR, Reader, Step, WARM_UP};
use crate::error::Error;
use crate::gsm;
use crate::index::Answer;
use crate::mp3;
use crate::window::Input;

impl Reader {
    /// Takes a seek as far as it goes: to a frame a few before the target.
    pub(super) fn aim(&mut self, target: u64, input: &(impl Input + ?Sized)) -> Result<Step, Error> {
        let Some(opened) = &mut self.opened else { return Ok(Step::Worked) };
        // Where the first frame is decides how many samples lead, so it comes first.
        match opened.index.find(0, &mut self.ahead, input).map_err(Error::ReadFailed)? {
            Answer::Is(_) => {}
            Answer::Wait(offset) => return Ok(Step::Wait(offset)),
            Answer::More => return Ok(Step::Worked),
            Answer::End => {
                self.frame = 0;
                self.adrift = None;
                return self.end(input);
            }
        }
        let raw = target + opened.index.lead();
        let wanted = opened.index.frame_of(raw);
        let found = opened.index.find(wanted, &mut self.ahead, input).map_err(Error::ReadFailed)?;
        if opened.index.frame_of(raw) != wanted {
            // The way there led into another rate.
            return Ok(Step::Worked);
        }
        self.heard_from = raw;
        self.adrift = None;
        self.change = None;
        if let Codec::Gsm(_) = opened.codec {
            self.target = None;
            if found == Answer::End {
                (self.frame, self.exact) = (wanted, false);
            } else {
                self.aim_gsm(wanted, input);
            }
            return Ok(Step::Worked);
        }
        if let Codec::Sampled(_) = opened.codec {
            self.target = None;
            self.frame = wanted;
            return Ok(Step::Worked);
        }
        match found {
            Answer::Is(_) | Answer::End => {
                let mut from = wanted.saturating_sub(WARM_UP);
                if let Some(there) = opened.index.offset_of(wanted) {
                    while from > 0
                        && opened.index.offset_of(from).is_some_and(|offset| there - offset < RESERVOIR)
                    {
                        from -= 1;
                    }
                }
                self.frame = from;
            }
            Answer::More => return Ok(Step::Worked),
            Answer::Wait(offset) => {
                // Beyond what is known. With one bit rate throughout, the place can be computed and asked for.
                let guess = if self.no_guessing { None } else { opened.index.guess(wanted) };
                let Some(guess) = guess.filter(|guess| *guess > offset) else {
                    return Ok(Step::Wait(offset));
                };
                let nominal = RESERVOIR.max(1);
                self.adrift = Some((guess.saturating_sub(nominal + nominal / 2), false));
            }
        }
        opened.codec = Codec::Mp3(mp3::Decoder::new());
        self.target = None;
        Ok(Step::Worked)
    }

    /// Goes to where GSM frame `wanted` can be decoded on from: the last place whose memory is known, a few frames
    /// before it when listening cannot wait for more.
    fn aim_gsm(&mut self, wanted: u64, input: &(impl Input + ?Sized)) {
        let Some(Opened { index, codec: Codec::Gsm(decoder), .. }) = &mut self.opened else { return };
        let (sample, kept) = self.checkpoints.before(index.first_sample(wanted));
        let mut from = index.frame_of(sample);
        let here = self.exact && (from..=wanted).contains(&self.frame);
        if here {
            from = self.frame;
        }
        let (start, end) = (index.offset_of(from).unwrap_or(0), index.offset_of(wanted).unwrap_or(0));
        let at_hand = start + input.available_from(start) >= end;
        let reach = index.first_sample(wanted) - index.first_sample(from);
        let near = reach <= REACH_SECS * u64::from(gsm::RATE);
        if !self.prompt || (at_hand && near) {
            if !here {
                (self.frame, *decoder) = (from, kept);
            }
            self.exact = true;
        } else {
            (self.frame, *decoder) = (wanted.saturating_sub(WARM_UP), gsm::Decoder::new());
            self.exact = self.frame == 0;
        }
    }
}
