use super::*;
use crate::outcome;
use crate::stream::{About, Stream};

const NOW: i64 = 1_800_000_000_000;
const HOUR_MS: i64 = 3_600_000;

/// What comes true is normal about 20 with deviation 6, or another one; all bands say 18 to 22.
fn kept(campaign: &str, hour: u8, count: u64, deviation: f64) -> Vec<Kept> {
    let stream = Stream::new(4).of(About::Run, u64::from(hour) + campaign.len() as u64);
    (0..count)
        .map(|at| Kept {
            campaign: campaign.to_owned(),
            hour,
            at_ms: NOW - (at as i64 + 1) * HOUR_MS / 4,
            minutes: 15,
            figure: Figure::Longest,
            raw: Range { low: 18.0, high: 22.0 },
            shown: Range { low: 18.0, high: 22.0 },
            middle: 20.0,
            simulated: 20.0,
            now: None,
            weekdays: 0.75,
            came: Some(20.0 + deviation * stream.normal(at)),
        })
        .collect()
}

fn band(calibration: &Calibration, campaign: &str, hour: u8) -> Calibrated {
    let raw = Range { low: 18.0, high: 22.0 };
    calibration.band(campaign, hour, 15, Figure::Longest, raw, 20.0)
}

#[test]
fn eight_of_ten_hold_whatever_the_raw_bands_were_worth() {
    for deviation in [0.5, 1.5, 6.0] {
        let calibration = Calibration::of(&kept("a", 10, 1_000, deviation), NOW);
        let calibrated = band(&calibration, "a", 10);
        // Of others that come of the same.
        let fresh = Stream::new(9).of(About::Run, 1);
        let held =
            (0..10_000).filter(|at| calibrated.range.holds(20.0 + deviation * fresh.normal(*at))).count();
        assert!((7_700..8_400).contains(&held), "deviation {deviation}: {held} of 10,000, {calibrated:?}");
    }
}

#[test]
fn an_hour_goes_by_its_own_errors_and_by_wider_ones_where_it_has_few() {
    let mut all = kept("a", 10, 200, 2.0);
    all.extend(kept("a", 11, 10, 40.0));
    all.extend(kept("bb", 12, 200, 10.0));
    let calibration = Calibration::of(&all, NOW);
    let told = |campaign, hour| band(&calibration, campaign, hour).group;
    assert_eq!(told("a", 10), Group::CampaignAndHour);
    assert_eq!(told("a", 11), Group::Campaign);
    assert_eq!(told("never seen", 12), Group::Hour);
    assert_eq!(told("never seen", 3), Group::All);
    let width = |campaign, hour| {
        let range = band(&calibration, campaign, hour).range;
        range.high - range.low
    };
    assert!(width("a", 10) < width("never seen", 3) && width("never seen", 3) < width("bb", 12));
    let nothing = Calibration::of(&kept("a", 10, 29, 2.0), NOW);
    let raw = band(&nothing, "a", 10);
    assert_eq!((raw.group, raw.range), (Group::Nobody, Range { low: 18.0, high: 22.0 }));
}

#[test]
fn the_record_is_of_bands_as_they_were_shown_within_fourteen_days() {
    let mut all = kept("a", 10, 100, 0.1);
    for one in &mut all[..21] {
        one.came = Some(40.0);
    }
    // Nobody knows what came: no part of the record.
    let mut unknown = kept("a", 10, 5, 0.1);
    for one in &mut unknown {
        one.came = None;
    }
    let mut old = kept("a", 10, 50, 90.0);
    for one in &mut old {
        one.at_ms -= 15 * DAY_MS;
    }
    all.extend(unknown);
    all.extend(old);
    let calibration = Calibration::of(&all, NOW);
    assert_eq!(band(&calibration, "a", 10).record, Some(Record { held: 79, of: 100 }));
    assert_eq!(band(&calibration, "b", 10).record, None);
}

#[test]
fn bands_stay_where_figures_can_be() {
    let mut all = kept("a", 10, 100, 500.0);
    all.extend(kept("a", 10, 100, 500.0).into_iter().map(|one| Kept { figure: Figure::Level, ..one }));
    all.push(Kept { came: Some(f64::NAN), ..all[0].clone() });
    all.push(Kept { raw: Range { low: f64::NEG_INFINITY, high: f64::NAN }, ..all[0].clone() });
    let calibration = Calibration::of(&all, NOW);
    let raw = Range { low: 60.0, high: 90.0 };
    let level = calibration.band("a", 10, 15, Figure::Level, raw, 80.0).range;
    assert_eq!((level.low, level.high), (0.0, 100.0));
    let longest = calibration.band("a", 10, 15, Figure::Longest, raw, 80.0).range;
    assert!(longest.low == 0.0 && longest.high > 100.0 && longest.high.is_finite());
    // Narrowed, the middle stays within.
    let sure = Calibration::of(&kept("a", 10, 100, 0.0), NOW);
    let narrow = band(&sure, "a", 10).range;
    assert!(narrow.low <= 20.0 && narrow.high >= 20.0 && narrow.high - narrow.low < 1.0);
}

/// What comes true is a number of callers, so many of a hundred nobody; the bands are right.
fn callers(count: u64, mean: f64) -> impl Iterator<Item = f64> {
    let stream = Stream::new(11).of(About::Run, 7);
    (0..count).map(move |at| {
        // A geometric distribution.
        let share = mean / (1.0 + mean);
        (stream.unit(at).ln() / share.ln()).floor()
    })
}

#[test]
fn whole_numbers_hold_eight_of_ten_as_well_as_they_can() {
    let (mut all_held, mut all) = (0, 0);
    for mean in [0.1, 0.3, 0.5, 0.8, 1.2, 2.0, 3.0, 5.0, 9.0] {
        let raw = Figure::Waiting.eight_of_ten(callers(400, mean)).unwrap();
        let middle = outcome::Band::of(callers(401, mean)).unwrap().middle;
        let calibration = Calibration::default();
        let range = calibration.band("a", 10, 15, Figure::Waiting, raw, middle).range;
        assert!(range.low.fract() == 0.0 && range.high.fract() == 0.0, "{range:?}");
        let held = callers(4_000, mean).skip(1_000).filter(|came| range.holds(*came)).count();
        // Nobody, nine of ten times: there is no narrower band, and it is shown as it is.
        assert_eq!(range.is_narrowest(), range.high == 0.0);
        assert!(range.is_narrowest() || (1_900..2_760).contains(&held), "{mean}: {held} of 3,000, {range:?}");
        if mean > 0.3 {
            (all_held, all) = (all_held + held, all + 3_000);
        }
    }
    let percent = 100 * all_held / all;
    assert!((76..=84).contains(&percent), "{percent} %");
}

#[test]
fn quiet_times_go_by_quiet_ones_and_busy_times_by_busy_ones() {
    let waiting = |one: Kept| Kept { figure: Figure::Waiting, came: one.came.map(f64::round), ..one };
    let mut all: Vec<Kept> = kept("a", 10, 200, 8.0).into_iter().map(waiting).collect();
    // Where nobody waits in the middle, what comes is well within.
    all.extend(kept("a", 10, 200, 8.0).into_iter().map(|one| Kept {
        raw: Range { low: -0.5, high: 6.0 },
        middle: 0.0,
        simulated: 0.0,
        came: Some(0.0),
        figure: Figure::Waiting,
        ..one
    }));
    let calibration = Calibration::of(&all, NOW);
    let quiet = calibration.band("a", 10, 15, Figure::Waiting, Range { low: -0.5, high: 6.0 }, 0.0);
    assert_eq!((quiet.group, quiet.range), (Group::CampaignAndHour, Range { low: 0.0, high: 0.0 }));
    let busy = calibration.band("a", 10, 15, Figure::Waiting, Range { low: 18.0, high: 22.0 }, 20.0).range;
    assert!(busy.low < 14.0 && busy.high > 26.0, "{busy:?}");
}

#[test]
fn where_nobody_waits_in_most_runs_goes_by_its_like() {
    let of = |raw: Range, came: fn(f64) -> f64, one: Kept| Kept {
        figure: Figure::Waiting,
        raw,
        middle: 0.0,
        simulated: 0.0,
        came: one.came.map(came),
        ..one
    };
    // Nobody in eight of ten runs, and nobody comes: no measure of those where somebody may.
    let still = Range { low: -0.5, high: 0.2 };
    let quiet = Range { low: -0.5, high: 1.6 };
    let up_to_nine = |came: f64| (came - 20.0).abs().round();
    let mut all: Vec<Kept> = kept("a", 10, 300, 8.0).into_iter().map(|one| of(still, |_| 0.0, one)).collect();
    all.extend(kept("a", 10, 300, 5.0).into_iter().map(|one| of(quiet, up_to_nine, one)));
    let calibration = Calibration::of(&all, NOW);
    let shown = |raw| calibration.band("a", 10, 15, Figure::Waiting, raw, 0.0).range;
    assert!(shown(still).is_narrowest(), "{:?}", shown(still));
    // Normal with deviation 5, its sign away: eight of ten are below 6.4.
    let high = shown(quiet).high;
    assert!((6.0..=7.0).contains(&high), "{high}");
    // The longest wait alike: no longer than nobody waits.
    assert!(Figure::Longest.is_step_of_nobody(Range { low: -15.0, high: 0.0 }));
    assert!(!Figure::Longest.is_step_of_nobody(Range { low: -15.0, high: 0.5 }));
    assert!(Figure::Waiting.is_step_of_nobody(Range { low: -0.5, high: 0.5 }));
    assert!(!Figure::Waiting.is_step_of_nobody(Range { low: -0.5, high: 0.6 }));
}

#[test]
fn errors_of_today_count_more_than_those_of_other_days() {
    // Ten days of which everything came within a second, and a day of which it does not.
    let mut all = kept("a", 10, 400, 0.2);
    for one in &mut all {
        one.at_ms -= 2 * DAY_MS;
    }
    let before = band(&Calibration::of(&all, NOW), "a", 10).range;
    let today = kept("a", 10, 12, 30.0);
    let as_any = |one: &Kept| Kept { at_ms: NOW - 3 * DAY_MS, ..one.clone() };
    let long_ago: Vec<Kept> = all.iter().cloned().chain(today.iter().map(as_any)).collect();
    all.extend(today);
    let width = |all: &[Kept]| {
        let range = band(&Calibration::of(all, NOW), "a", 10).range;
        range.high - range.low
    };
    let before = before.high - before.low;
    assert!(width(&long_ago) < before + 0.2, "twelve of long ago are few: {}", width(&long_ago));
    assert!(width(&all) > width(&long_ago) + 0.05, "{} {}", width(&all), width(&long_ago));
}

#[test]
fn what_is_said_is_drawn_towards_now_within_its_range_and_moves_alike_on_another_floor() {
    let at = |simulated: f64, as_now: outcome::AsNow| outcome::Ahead {
        minutes: 15,
        waiting: outcome::Band {
            low: simulated - 2.0,
            middle: simulated,
            high: simulated + 2.0,
            mean: simulated,
        },
        longest_secs: outcome::Band::default(),
        calls: outcome::Band::default(),
        gives_up: outcome::Band::default(),
        level: None,
        coming_level: None,
        below_target: None,
        goal: None,
        raw: Raw {
            waiting: Range { low: simulated - 2.5, high: simulated + 2.5 },
            longest: Range { low: -15.0, high: -5.0 },
            level: None,
        },
        as_now,
    };
    let now = |waiting| outcome::AsNow { waiting: Some(waiting), longest_secs: Some(0.0), weekdays: 0.0 };
    let calibration = Calibration::default();
    let said = |ahead: &outcome::Ahead, as_it_is: &outcome::Ahead| {
        let (bands, kept) = calibration.bands("a", 10, NOW, ahead, as_it_is);
        assert_eq!((kept[0].middle, kept[0].simulated), (bands.waiting.middle, ahead.waiting.middle));
        assert_eq!((kept[0].now, kept[1].now), (Some(10.0), Some(0.0)));
        assert!(bands.waiting.range.holds(bands.waiting.middle), "{bands:?}");
        bands.waiting
    };
    let as_it_is = at(8.0, now(10.0));
    let plain = said(&as_it_is, &as_it_is);
    assert!((plain.middle - 8.8).abs() < 1e-9, "four tenths of the way: {plain:?}");
    // With more people two fewer wait than without, whatever there is now.
    let more = said(&at(6.0, now(10.0)), &as_it_is);
    assert!((more.middle - 6.8).abs() < 1e-9, "{more:?}");
    // No further than the range, which stays where it was measured to be.
    let far = at(3.0, now(10.0));
    let far = said(&far, &far);
    assert_eq!((far.middle, far.range), (5.0, Range { low: 1.0, high: 5.0 }));
}

#[test]
fn nothing_has_no_sign() {
    for (low, middle) in [(0.0, 0.5), (-0.4, 0.0), (-0.0, -0.0)] {
        let shown = Figure::Waiting.shown(low, 3.0, middle);
        assert_eq!(shown.low.to_string(), "0", "{low}, {middle}");
    }
}
