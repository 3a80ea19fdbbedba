//! What came true of a forecast, once its time has come.

use atalaya_forecast::calibrate::{Figure, Kept};
use atalaya_history::{Figures, ForecastKept};

use crate::readings::Readings;

/// The reading of a moment may come a little after it.
const AFTER_MS: i64 = 35_000;
const MINUTE_MS: i64 = 60_000;
/// A service level off by more points, for the server's rounding, is not known.
const MOST_OFF: f64 = 5.0;
/// A percentage with one decimal is off by at most this much.
const ROUNDING: f64 = 0.05;

/// Fills in what is known by now; true when something was.
pub(crate) fn settle(forecast: &mut ForecastKept, readings: &Readings, now_ms: i64) -> bool {
    let mut open = false;
    let mut filled = false;
    for one in &mut forecast.figures {
        let due_ms = one.at_ms + i64::from(one.minutes) * MINUTE_MS;
        if now_ms < due_ms + AFTER_MS {
            open = true;
        } else if one.came.is_none() {
            one.came = came(one, readings, due_ms);
            filled |= one.came.is_some();
        }
    }
    forecast.settled = !open;
    filled || !open
}

fn came(kept: &Kept, readings: &Readings, due_ms: i64) -> Option<f64> {
    let (begun, ended) = (readings.near(&kept.campaign, kept.at_ms)?, readings.near(&kept.campaign, due_ms)?);
    if ended.at_ms <= begun.at_ms || !readings.whole(&kept.campaign, begun.at_ms, ended.at_ms) {
        return None;
    }
    match kept.figure {
        Figure::Waiting => ended.waiting.map(f64::from),
        Figure::Longest => ended.longest_secs.map(f64::from),
        Figure::Level => level(begun, ended),
    }
}

/// Percent of the calls answered between two readings.
fn level(begun: &Figures, ended: &Figures) -> Option<f64> {
    let (before, after) = (f64::from(begun.answered?), f64::from(ended.answered?));
    let answered = after - before;
    if answered <= 0.0 || ROUNDING * (before + after) / answered > MOST_OFF {
        return None;
    }
    let within = |calls: f64, level: Option<f64>| {
        if calls > 0.0 { level.map(|level| level * calls / 100.0) } else { Some(0.0) }
    };
    let within = (within(after, ended.level)? - within(before, begun.level)?).round();
    Some((100.0 * within / answered).clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use atalaya_forecast::calibrate::Range;

    use super::*;

    fn reading(at_ms: i64, answered: u32, level: f64, waiting: u32) -> Figures {
        Figures {
            at_ms,
            answered: Some(answered),
            abandoned: Some(0),
            waiting: Some(waiting),
            longest_secs: Some(10 * waiting),
            level: Some(level),
        }
    }

    fn kept(figure: Figure) -> ForecastKept {
        let range = Range { low: 0.0, high: 1.0 };
        let one = Kept {
            campaign: "one".to_owned(),
            hour: 9,
            at_ms: 0,
            minutes: 5,
            figure,
            raw: range,
            shown: range,
            middle: 0.5,
            simulated: 0.5,
            now: None,
            weekdays: 0.75,
            came: None,
        };
        ForecastKept { campaign: "one".to_owned(), at_ms: 0, settled: false, figures: vec![one] }
    }

    #[test]
    fn what_came_is_known_when_its_time_has_come_and_where_somebody_watched() {
        // A hundred answered with 80 % in time; forty more of which thirty were: 110 of 140.
        let watched = || (0..=5).map(|minute| reading(minute * MINUTE_MS, 100, 80.0, 2)).collect::<Vec<_>>();
        let of = |all: Vec<Figures>| {
            let mut readings = Readings::default();
            readings.recall(HashMap::from([("one".to_owned(), all)]));
            readings
        };
        let after = |all: Vec<Figures>, figure, now_ms| {
            let mut kept = kept(figure);
            let news = settle(&mut kept, &of(all), now_ms);
            assert_eq!(news, kept.settled);
            (kept.settled, kept.figures[0].came)
        };
        let mut all = watched();
        all[5] = reading(5 * MINUTE_MS, 140, 78.6, 4);
        let late = 5 * MINUTE_MS + AFTER_MS;
        assert_eq!(after(all.clone(), Figure::Waiting, late - 1), (false, None), "not yet");
        assert_eq!(after(all.clone(), Figure::Waiting, late), (true, Some(4.0)));
        assert_eq!(after(all.clone(), Figure::Longest, late), (true, Some(40.0)));
        assert_eq!(after(all.clone(), Figure::Level, late), (true, Some(75.0)));
        // Two more answered of a long day: the percentage says nothing of them.
        let mut few = watched();
        few[5] = reading(5 * MINUTE_MS, 102, 80.0, 4);
        assert_eq!(after(few, Figure::Level, late), (true, None));
        // Nobody watched in between; reset in between; nobody watched at the end.
        let gap = vec![all[0], all[5]];
        assert_eq!(after(gap, Figure::Waiting, late), (true, None));
        let mut reset = all.clone();
        reset[3] = reading(3 * MINUTE_MS, 1, 100.0, 0);
        assert_eq!(after(reset, Figure::Waiting, late), (true, None));
        all.truncate(5);
        assert_eq!(after(all, Figure::Waiting, late), (true, None));
    }
}
