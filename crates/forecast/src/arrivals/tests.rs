use super::*;
use crate::input::{Campaign, PARTS, Times};

/// Of a floor of such campaigns, each with these earlier weekdays.
fn together(
    all: &[(&[Reading], &[Weekday])],
    inbound: bool,
    into_half_hour_secs: f64,
) -> Vec<Result<Rate, Reason>> {
    let campaign =
        |readings: &[Reading]| Campaign { inbound, readings: readings.to_vec(), ..Campaign::default() };
    let times = |weekdays: &[Weekday]| Times { weekdays: weekdays.to_vec(), ..Times::default() };
    let floor =
        Floor { campaigns: all.iter().map(|(readings, _)| campaign(readings)).collect(), ..Floor::default() };
    let campaigns = all.iter().map(|(_, weekdays)| times(weekdays)).collect();
    rates(&floor, &Known { campaigns, into_half_hour_secs, ..Known::default() })
}

/// Of a campaign alone.
fn rate(readings: &[Reading], inbound: bool, weekdays: &[Weekday], into_secs: f64) -> Result<Rate, Reason> {
    together(&[(readings, weekdays)], inbound, into_secs).remove(0)
}

/// Readings every 10 seconds over so many minutes, `per_min` calls in each, a third of them abandoned.
fn steady(minutes: u32, per_min: u32) -> Vec<Reading> {
    (0..=minutes * 6)
        .map(|at| {
            let calls = at * per_min / 6;
            Reading {
                ago_secs: f64::from(minutes * 6 - at) * 10.0,
                answered: Some(100 + calls - calls / 3),
                abandoned: Some(calls / 3),
                waiting: Some(2),
            }
        })
        .collect()
}

fn day(before: u32, this: u32, next: u32) -> Weekday {
    Weekday { before: Some(before), this: Some(this), next: Some(next), ..Weekday::default() }
}

#[test]
fn a_steady_stream_has_its_rate() {
    let rate = rate(&steady(30, 6), true, &[], 0.0).unwrap();
    assert!((rate.mean_per_sec() * 60.0 - 6.0).abs() < 0.3, "{rate:?}");
    assert_eq!(rate.basis, Basis::Own);
    // What is drawn scatters about it by as much as the calls counted leave open, and by the drift.
    let run = |at| rate.drawn(Stream::new(1).of(About::Run, at), 0)[0] * 60.0;
    let (mean, squares) = (0..4_000).map(run).fold((0.0, 0.0), |(m, s), r| (m + r, s + r * r));
    let (mean, deviation) = (mean / 4_000.0, (squares / 4_000.0 - (mean / 4_000.0).powi(2)).sqrt());
    assert!((mean - rate.per_sec[0] * 60.0).abs() < 0.1, "{mean}");
    assert!((0.4..1.2).contains(&deviation), "{deviation}");
}

#[test]
fn a_reset_loses_nothing_and_a_gap_is_not_counted() {
    let mut readings = steady(30, 6);
    // The counters fell ten minutes ago.
    let from = readings.len() - 60;
    let (answered, abandoned) = (readings[from].answered.unwrap(), readings[from].abandoned.unwrap());
    for reading in &mut readings[from..] {
        reading.answered = reading.answered.map(|calls| calls - answered);
        reading.abandoned = reading.abandoned.map(|calls| calls - abandoned);
    }
    let after = rate(&readings, true, &[], 0.0).unwrap();
    assert!((after.mean_per_sec() * 60.0 - 6.0).abs() < 0.3, "{after:?}");
    // Ten minutes nobody watched, in which hundreds came.
    let mut gap = steady(30, 6);
    gap.retain(|reading| !(300.0..900.0).contains(&reading.ago_secs));
    for reading in gap.iter_mut().filter(|reading| reading.ago_secs < 300.0) {
        reading.answered = reading.answered.map(|calls| calls + 500);
    }
    let gap = rate(&gap, true, &[], 0.0).unwrap();
    assert!((gap.mean_per_sec() * 60.0 - 6.0).abs() < 0.4, "{gap:?}");
}

#[test]
fn too_little_known_is_said_and_not_guessed() {
    assert_eq!(rate(&[], true, &[], 0.0), Err(Reason::WatchedTooShort));
    assert_eq!(rate(&steady(2, 6), true, &[], 0.0), Err(Reason::WatchedTooShort));
    let mut woke = steady(30, 6);
    woke.retain(|reading| reading.ago_secs < 60.0 || reading.ago_secs > 1_780.0);
    assert_eq!(rate(&woke, true, &[], 0.0), Err(Reason::JustReset));
    let mut unknown = steady(30, 6);
    for reading in &mut unknown {
        reading.waiting = None;
    }
    assert!(rate(&unknown, true, &[], 0.0).is_err());
    // Nobody waits where calls are dialled: their number is not needed there.
    assert!(rate(&unknown, false, &[], 0.0).is_ok());
    let mut jump = steady(30, 6);
    jump.last_mut().unwrap().answered = Some(u32::MAX);
    assert_eq!(rate(&jump, true, &[], 0.0), Err(Reason::Implausible));
    // Earlier weekdays are enough.
    let usual = rate(&[], true, &[day(180, 180, 180)], 600.0).unwrap();
    assert_eq!(usual.basis, Basis::Wider);
    assert!((usual.mean_per_sec() * 60.0 - 6.0).abs() < 0.01, "{usual:?}");
}

#[test]
fn now_is_drawn_towards_what_is_usual_as_far_as_days_agree() {
    // Usually 12 a minute; now 6.
    let alike = [day(360, 360, 360), day(365, 358, 351), day(352, 362, 360), day(358, 361, 366)];
    let apart = [day(120, 120, 120), day(700, 700, 700), day(240, 240, 240), day(380, 380, 380)];
    let drawn = |days: &[Weekday]| rate(&steady(30, 6), true, days, 900.0).unwrap().mean_per_sec() * 60.0;
    let (to_alike, to_apart) = (drawn(&alike), drawn(&apart));
    assert!(6.0 < to_apart && to_apart < to_alike && to_alike < 12.0, "{to_apart} {to_alike}");
    assert!(to_apart < 6.6, "days that differ say little: {to_apart}");
}

#[test]
fn what_is_usual_next_comes() {
    // In the next half hour twice as many, as on every such day; now as many as always.
    let days = [day(180, 180, 360), day(180, 182, 358), day(181, 178, 361)];
    let early = rate(&steady(30, 6), true, &days, 300.0).unwrap();
    let late = rate(&steady(30, 6), true, &days, 1_700.0).unwrap();
    assert!(late.per_sec[2] > 1.35 * early.per_sec[0], "{late:?} {early:?}");
    assert!(late.per_sec[2] > late.per_sec[0]);
}

#[test]
fn calls_in_bursts_make_it_less_certain() {
    let mut bursts = steady(30, 6);
    for reading in &mut bursts {
        // All of three minutes' calls at once.
        let minutes = 30 - (reading.ago_secs / 60.0).ceil() as u32;
        reading.answered = Some(minutes / 3 * 18);
        reading.abandoned = Some(0);
    }
    let (even, bursts) =
        (rate(&steady(30, 6), true, &[], 0.0).unwrap(), rate(&bursts, true, &[], 0.0).unwrap());
    assert!(bursts.shape < even.shape / 1.5, "{bursts:?} {even:?}");
}

#[test]
fn what_rose_within_the_hour_goes_back_in_part() {
    // Six a minute for half an hour, then twelve.
    let mut readings = steady(60, 6);
    for reading in &mut readings {
        let more = (1_800.0 - reading.ago_secs).max(0.0) / 10.0;
        reading.answered = reading.answered.map(|calls| calls + more as u32);
    }
    let rate = rate(&readings, true, &[], 0.0).unwrap();
    let [first, _, last] = rate.per_sec.map(|per_sec| per_sec * 60.0);
    assert!((11.0..12.2).contains(&first) && last < first - 0.5 && last > 10.0, "{rate:?}");
}

/// Readings whose calls come at so many a minute, by minutes before now.
fn coming(minutes: u32, per_min: impl Fn(f64) -> f64) -> Vec<Reading> {
    let mut calls = 0.0;
    (0..=minutes * 6)
        .map(|at| {
            let ago_secs = f64::from(minutes * 6 - at) * 10.0;
            calls += per_min(ago_secs / 60.0) / 6.0;
            Reading { ago_secs, answered: Some(calls as u32), abandoned: Some(0), waiting: Some(0) }
        })
        .collect()
}

#[test]
fn a_weekday_that_says_other_than_today_is_believed_less() {
    // Usually ever more; today, for an hour, ever fewer.
    let day = [day(120, 300, 600)];
    let alike = coming(60, |ago| (10.0 - ago / 6.0).max(1.0));
    let unlike = coming(60, |ago| 5.0 + ago / 6.0);
    let mean = |readings: &[Reading]| rate(readings, true, &day, 1_500.0).unwrap().mean_per_sec() * 60.0;
    let own = |readings: &[Reading]| rate(readings, true, &[], 1_500.0).unwrap().mean_per_sec() * 60.0;
    assert!(mean(&alike) > own(&alike) + 1.0, "{} {}", mean(&alike), own(&alike));
    assert!((mean(&unlike) - own(&unlike)).abs() < 0.6, "{} {}", mean(&unlike), own(&unlike));
}

#[test]
fn a_wave_of_minutes_is_known_by_its_five_minutes() {
    // Ten calls in each five minutes, but sixty in those that begin in five minutes; the half hours do not say so.
    let mut parts = [Some(10); PARTS];
    (parts[9], parts[10]) = (Some(60), Some(60));
    let day = Weekday { parts, ..day(60, 160, 60) };
    let plain = Weekday { parts: [None; PARTS], ..day };
    let at = |day| rate(&steady(30, 2), true, &[day], 600.0).unwrap().per_sec.map(|rate| rate * 60.0);
    let ([first, second, _], [_, blunt, _]) = (at(day), at(plain));
    assert!(second > 1.5 * first && second > 1.5 * blunt, "{first} {second} {blunt}");
}

#[test]
fn what_other_campaigns_say_of_the_day_counts_too() {
    // Usually ever more. Of the first campaign only a quarter of an hour was watched, which says nothing; of five others an
    // hour, in which it went as usual, or the other way.
    let day = [day(120, 300, 600)];
    let short = coming(15, |_| 8.0);
    let alike = coming(60, |ago| (10.0 - ago / 6.0).max(1.0));
    let unlike = coming(60, |ago| 5.0 + ago / 6.0);
    let first = |others: &[Reading]| {
        let mut all: Vec<(&[Reading], &[Weekday])> = vec![(others, &day); 6];
        all[0] = (&short, &day);
        together(&all, true, 1_500.0).remove(0).unwrap()
    };
    let (alike, unlike) = (first(&alike), first(&unlike));
    assert!(alike.weekdays > 0.8 && unlike.weekdays < 0.2, "{alike:?} {unlike:?}");
    assert!(alike.per_sec[2] > 1.2 * unlike.per_sec[2], "{alike:?} {unlike:?}");
}

#[test]
fn five_minutes_are_known_where_only_some_of_the_half_hours_were_watched() {
    // The day began with this half hour: nobody watched the one before.
    let mut parts = [None; PARTS];
    parts[6..].fill(Some(10));
    (parts[9], parts[10]) = (Some(60), Some(60));
    let day = Weekday { before: None, this: Some(160), next: Some(60), parts };
    let found = rate(&steady(30, 2), true, &[day], 600.0).unwrap();
    assert!(found.per_sec[1] > 1.5 * found.per_sec[0], "{found:?}");
}
