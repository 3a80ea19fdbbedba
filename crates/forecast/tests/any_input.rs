//! No input panics or lies: whatever is told, bands are bands, likelihoods lie between nothing and certain, what is unknown
//! stays so, and the same seed gives the same answer.

use atalaya_forecast::Scene;
use atalaya_forecast::calibrate::{Calibration, Figure, Kept, Range};
use atalaya_forecast::erlang::Queue;
use atalaya_forecast::input::{
    Campaign, Doing, Floor, Known, Limits, Person, Reading, Seat, Target, Targets, Times, Waiting, Weekday,
};
use atalaya_forecast::outcome::{Band, Outlook};
use atalaya_forecast::whatif::Change;
use proptest::prelude::*;

/// Numbers as they come, and as they should not.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => 0.0..2_000.0f64,
        1 => Just(0.0),
        1 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(1e300)],
    ]
}

fn count() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0u32..200, 1 => Just(10_000), 1 => any::<u32>()]
}

fn maybe<T: Clone + std::fmt::Debug>(of: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.85, of)
}

fn reading() -> impl Strategy<Value = Reading> {
    (number(), maybe(count()), maybe(count()), maybe(count())).prop_map(
        |(ago_secs, answered, abandoned, waiting)| Reading { ago_secs, answered, abandoned, waiting },
    )
}

fn campaign() -> impl Strategy<Value = Campaign> {
    let steady = (0u32..200).prop_map(|per_reading| {
        let reading = |at: u32| Reading {
            ago_secs: f64::from(60 - at) * 30.0,
            answered: Some(at * per_reading),
            abandoned: Some(0),
            waiting: Some(0),
        };
        (0..=60).map(reading).collect()
    });
    let readings = prop_oneof![2 => steady, 1 => prop::collection::vec(reading(), 0..20)];
    let waiting = maybe((count(), maybe(number())))
        .prop_map(|waiting| waiting.map(|(callers, longest_secs)| Waiting { callers, longest_secs }));
    (prop::bool::weighted(0.8), waiting, readings, prop::bool::weighted(0.9)).prop_map(
        |(inbound, waiting, readings, people_known)| Campaign {
            name: String::new(),
            inbound,
            waiting,
            readings,
            people_known,
        },
    )
}

fn person() -> impl Strategy<Value = Person> {
    let doing = prop::sample::select(vec![
        Doing::Available,
        Doing::Ringing,
        Doing::OnCall,
        Doing::OnCallThenBreak,
        Doing::OnBreak,
        Doing::WrapUp,
        Doing::Away,
        Doing::Unknown,
    ]);
    let seat = (0usize..6, count(), prop::bool::weighted(0.1)).prop_map(|(campaign, penalty, paused)| Seat {
        campaign,
        penalty,
        paused,
    });
    (doing, maybe(number()), maybe(0usize..6), prop::collection::vec(seat, 0..5)).prop_map(
        |(doing, for_secs, call_of, seats)| Person {
            location: String::new(),
            doing,
            for_secs,
            call_of,
            seats,
        },
    )
}

fn times() -> impl Strategy<Value = Times> {
    let some = || prop::collection::vec(number(), 0..30);
    let parts = prop::array::uniform18(maybe(count()));
    let weekday = (maybe(count()), maybe(count()), maybe(count()), parts)
        .prop_map(|(before, this, next, parts)| Weekday { before, this, next, parts });
    (
        prop::collection::vec(weekday, 0..5),
        (some(), some(), some(), some(), some(), some()),
        (maybe(number()), maybe(number()), maybe(number())),
        maybe((count(), number())),
    )
        .prop_map(
            |(weekdays, lengths, (average_talk_secs, set_wrap_up_secs, ring_secs), abandons_over)| Times {
                weekdays,
                talk_secs: lengths.0,
                wrap_up_secs: lengths.1,
                talk_secs_so_far: lengths.4,
                wrap_up_secs_so_far: lengths.5,
                average_talk_secs,
                set_wrap_up_secs,
                ring_secs,
                answered_waits: lengths.2,
                abandoned_waits: lengths.3,
                abandons_over,
            },
        )
}

fn target() -> impl Strategy<Value = Target> {
    let limits = || (maybe(number()), maybe(number())).prop_map(|(amber, red)| Limits { amber, red });
    (number(), maybe(number()), limits(), limits()).prop_map(
        |(within_secs, level_percent, waiting, longest_secs)| Target {
            within_secs,
            level_percent,
            waiting,
            longest_secs,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (0usize..6, count()).prop_map(|(campaign, people)| Change::More { campaign, people }),
        (0usize..6, count()).prop_map(|(campaign, people)| Change::Fewer { campaign, people }),
        (0usize..30, 0usize..6, count()).prop_map(|(person, campaign, penalty)| Change::Join {
            person,
            campaign,
            penalty
        }),
        (0usize..30, 0usize..6).prop_map(|(person, campaign)| Change::Leave { person, campaign }),
    ]
}

fn is_band(band: &Band, least: f64, most: f64) -> bool {
    let Band { low, middle, high, mean } = *band;
    let inside = |value: f64| (least..=most).contains(&value);
    low <= middle && middle <= high && [low, middle, high, mean].into_iter().all(inside)
}

fn is_sound(outlook: &Outlook) -> bool {
    let most = 1e9;
    let share = |share: f64| (0.0..=1.0).contains(&share);
    let ahead = outlook.ahead.iter().all(|ahead| {
        [ahead.waiting, ahead.longest_secs, ahead.calls, ahead.gives_up]
            .iter()
            .all(|band| is_band(band, 0.0, most))
            && [ahead.level, ahead.coming_level].iter().flatten().all(|band| is_band(band, 0.0, 100.0))
            && ahead.below_target.is_none_or(share)
    });
    let passing = outlook.passing.iter().all(|passing| {
        share(passing.likely)
            && share(passing.clears)
            && (passing.likely > 0.0) == passing.in_secs.is_some()
            && [passing.in_secs, passing.clears_in_secs]
                .iter()
                .flatten()
                .all(|band| is_band(band, 0.0, 900.0))
    });
    ahead && passing && outlook.calls_per_hour.is_finite() && outlook.calls_per_hour >= 0.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_told_the_answer_is_sound(
        age_secs in maybe(prop_oneof![5 => Just(1.0), 1 => number()]),
        campaigns in prop::collection::vec(campaign(), 0..5),
        people in prop::collection::vec(person(), 0..30),
        times in prop::collection::vec(times(), 0..5),
        targets in prop::collection::vec(target(), 0..5),
        (into_half_hour_secs, breaks_per_free_hour, breaks_per_call) in
            (number(), maybe(number()), maybe(number())),
        (break_secs, break_secs_so_far) in
            (prop::collection::vec(number(), 0..10), prop::collection::vec(number(), 0..5)),
        changes in prop::collection::vec(change(), 0..4),
        seed in any::<u64>(),
    ) {
        let floor = Floor { age_secs, campaigns, people };
        let known = Known {
            campaigns: times,
            into_half_hour_secs,
            break_secs,
            break_secs_so_far,
            breaks_per_free_hour,
            breaks_per_call,
        };
        let scene = Scene::new(floor.clone(), &known, Targets { campaigns: targets.clone() }, seed).with_runs(4);
        let forecast = scene.forecast();
        prop_assert_eq!(forecast.campaigns.len(), floor.campaigns.len());
        for (told, campaign) in forecast.campaigns.iter().zip(&floor.campaigns) {
            match told {
                Ok(outlook) => {
                    prop_assert!(is_sound(outlook), "{:?}", outlook);
                    // Unknown is not zero.
                    prop_assert!(campaign.inbound && campaign.waiting.is_some() && campaign.people_known);
                    prop_assert!(age_secs.is_some());
                }
                Err(reason) => prop_assert!(!reason.code().is_empty()),
            }
        }
        let again = Scene::new(floor, &known, Targets { campaigns: targets }, seed).with_runs(4);
        prop_assert_eq!(&again.forecast(), &forecast);
        let changed = scene.what_if(&forecast, &changes);
        for (told, differs) in changed.campaigns.iter().zip(&changed.differs) {
            prop_assert_eq!(told.is_ok(), differs.is_some());
            prop_assert!(told.as_ref().map_or(true, is_sound));
        }
        for campaign in 0..6 {
            if let Ok(advice) = scene.advise(&forecast, campaign, &Calibration::default()) {
                prop_assert!(advice.level_with > advice.level_without);
            }
        }
    }

    #[test]
    fn bands_are_bands_whatever_was_kept(
        kept in prop::collection::vec((number(), number(), maybe(number()), 0u8..30, any::<i64>()), 0..90),
        (low, high, middle) in (0.0..50.0f64, 0.0..50.0f64, 0.0..50.0f64),
    ) {
        let kept: Vec<Kept> = kept
            .into_iter()
            .enumerate()
            .map(|(at, (low, high, came, hour, at_ms))| Kept {
                campaign: "a".to_owned(),
                hour,
                at_ms: if at % 10 == 0 { at_ms } else { -1_000 * at as i64 },
                minutes: 5,
                figure: Figure::Longest,
                raw: Range { low, high },
                shown: Range { low, high },
                middle: low,
                simulated: low,
                now: (at % 2 == 0).then_some(high),
                weekdays: 0.75,
                came,
            })
            .collect();
        let calibration = Calibration::of(&kept, 0);
        let raw = Range { low: low.min(high), high: low.max(high) };
        let shown = calibration.band("a", 9, 5, Figure::Longest, raw, middle.clamp(raw.low, raw.high));
        prop_assert!(shown.range.low <= shown.range.high && shown.range.low >= 0.0 && shown.range.high.is_finite());
        prop_assert!(shown.record.is_none_or(|record| record.held <= record.of));
    }

    #[test]
    fn formulas_give_shares_or_nothing(
        (arrivals, handling, patience) in (number(), number(), maybe(number())),
        people in 0u32..2_000,
        within in number(),
    ) {
        if let Some(steady) = (Queue { arrivals, handling, people, patience }).steady(within) {
            for share in [steady.waits, steady.gives_up, steady.within] {
                prop_assert!((-1e-6..=1.0 + 1e-6).contains(&share), "{:?}", steady);
            }
            prop_assert!(steady.waiting >= 0.0);
        }
    }
}
