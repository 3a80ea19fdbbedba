//! What is asked of what can be heard, in the list of calls and of samples.

use atalaya_player::wire::SoundFigures;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// So much of clipping is worth a look, seconds: a peak now and then is not.
const CLIPPED_SECS: f64 = 0.5;

/// What is asked of what can be heard. `None` and false ask nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct SoundFilter {
    /// The longest silence is this long or longer, seconds.
    pub silence_secs: Option<u32>,
    /// At least so many of a hundred seconds are silent.
    pub silence_percent: Option<u8>,
    /// At least so many seconds sound like hold.
    pub hold_secs: Option<u32>,
    /// In at least so many of a hundred seconds both sides speak.
    pub overlap_percent: Option<u8>,
    /// It is this quiet or quieter, decibels of full scale.
    pub quieter_db: Option<i16>,
    /// Half a second of it or more is clipped.
    pub clipped: bool,
}

impl SoundFilter {
    /// Whether anything is asked.
    pub fn asks(&self) -> bool {
        *self != Self::default()
    }

    /// Whether a recording is what is asked for. `None` when that cannot be said: it was never measured, has one channel
    /// where two are asked about, or broke off before there was enough.
    pub fn judge(&self, figures: Option<&SoundFigures>) -> Option<bool> {
        if !self.asks() {
            return Some(true);
        }
        let figures = figures?;
        let percent = |secs: f64| secs * 100.0 / figures.measured_secs.max(0.001);
        let least = |wanted: Option<f64>, found: Option<f64>| {
            let Some(wanted) = wanted else { return Some(true) };
            // The rest of one that breaks off may have what is missing.
            if found? >= wanted { Some(true) } else { figures.whole.then_some(false) }
        };
        let asked = [
            least(self.silence_secs.map(f64::from), Some(figures.longest_silence_secs)),
            least(self.silence_percent.map(f64::from), Some(percent(figures.silence_secs))),
            least(self.hold_secs.map(f64::from), Some(figures.hold_secs)),
            least(self.overlap_percent.map(f64::from), figures.overlap_secs.map(percent)),
            // A recording in which nothing sounds is not quiet: it has no level.
            self.quieter_db.map_or(Some(true), |most| Some(figures.level_db? <= f32::from(most))),
            least(self.clipped.then_some(CLIPPED_SECS), Some(figures.clipped_secs)),
        ];
        if asked.contains(&Some(false)) {
            return Some(false);
        }
        asked.iter().all(Option::is_some).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sounds::tests::figures;

    #[test]
    fn what_is_not_known_is_neither_yes_nor_no() {
        let silent = |secs| SoundFilter { silence_secs: Some(secs), ..SoundFilter::default() };
        let part = SoundFigures { whole: false, ..figures(20.0) };
        assert_eq!(SoundFilter::default().judge(None), Some(true), "nothing is asked");
        assert_eq!(silent(30).judge(None), None);
        assert_eq!(silent(30).judge(Some(&figures(31.0))), Some(true));
        assert_eq!(silent(30).judge(Some(&figures(29.0))), Some(false));
        assert_eq!((silent(15).judge(Some(&part)), silent(30).judge(Some(&part))), (Some(true), None));
        let over = SoundFilter { overlap_percent: Some(10), ..silent(15) };
        assert_eq!(over.judge(Some(&figures(20.0))), None, "one channel");
        assert_eq!(over.judge(Some(&figures(10.0))), Some(false), "too short a silence, whoever speaks");
        let two = |secs| SoundFigures { overlap_secs: Some(secs), ..figures(20.0) };
        assert_eq!((over.judge(Some(&two(10.0))), over.judge(Some(&two(9.0)))), (Some(true), Some(false)));
        let quiet = SoundFilter { quieter_db: Some(-30), ..SoundFilter::default() };
        let level = |level_db| SoundFigures { level_db, ..figures(0.0) };
        assert_eq!(quiet.judge(Some(&level(Some(-31.0)))), Some(true));
        assert_eq!(quiet.judge(Some(&level(Some(-29.0)))), Some(false));
        assert_eq!(quiet.judge(Some(&level(None))), None);
        let clipped = SoundFilter { clipped: true, ..SoundFilter::default() };
        assert_eq!(clipped.judge(Some(&SoundFigures { clipped_secs: 0.6, ..figures(0.0) })), Some(true));
        assert_eq!(clipped.judge(Some(&figures(0.0))), Some(false));
    }
}
