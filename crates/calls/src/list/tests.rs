//! The list against the plain way: every call as a whole, every test on its texts.

use atalaya_player::wire::SideFigures;
use atalaya_ucontact::CallRecord;
use proptest::prelude::*;

use super::*;
use crate::sounds::tests::figures;
use crate::wire::{Answered, Call, Direction, HeardPart, SoundFilter};

fn record(id: i64, guid: &str, at: &str) -> CallRecord {
    CallRecord {
        id,
        guid: guid.into(),
        calldate: at.into(),
        src: Some("099111222".into()),
        dst: Some("20000001".into()),
        agent: Some("Lucía Pereira".into()),
        disposition: Some("ANSWERED".into()),
        duration_secs: Some(70),
        billsec: Some(60),
        causecode: Some("16".into()),
        campaign: Some("Soporte<-".into()),
        direction: Some("inbound".into()),
        finishtime: Some(at.into()),
        rating: Some(0),
        ..CallRecord::default()
    }
}

/// A record in a few figures: enough of each kind that every filter keeps some and drops some.
fn made(id: i64, (call, minute, who, how): (u8, u16, u8, u8)) -> CallRecord {
    let outbound = who % 5 == 4;
    let at = format!("2026-01-{:02} {:02}:{:02}:00", 1 + minute / 1_440, minute / 60 % 24, minute % 60);
    let number = format!("0991{:02}", who % 7);
    CallRecord {
        src: Some(if outbound { "2000".to_owned() } else { number.clone() }),
        dst: Some(if outbound { number } else { "2000".to_owned() }),
        agent: (how % 9 != 8).then(|| ["Lucía", "martín", "Ana P", "JOÃO"][usize::from(who % 4)].to_owned()),
        disposition: (how % 7 != 6)
            .then(|| ["ANSWERED", "NO ANSWER", "BUSY"][usize::from(how % 3)].to_owned()),
        billsec: (how % 5 != 4).then_some(u32::from(how)),
        causecode: (how % 4 != 3).then(|| ["16", "17", "19"][usize::from(how % 3)].to_owned()),
        campaign: Some(["Soporte<-", "Ventas<-", "Ventas->"][usize::from(who % 3)].to_owned()),
        direction: Some(if outbound { "outbound" } else { "inbound" }.to_owned()),
        finishtime: (how % 11 != 10).then(|| format!("2026-01-03 {:02}:00:00", how % 24)),
        rating: Some(i32::from(how % 6)),
        ..record(id, &format!("g-{call}"), &at)
    }
}

fn wanted(call: &Call, mark: PackedMark, filter: &LocalFilter) -> bool {
    let hour = |text: &str| {
        Some(text.get(11..13)?.parse::<u16>().ok()? * 60 + text.get(14..16)?.parse::<u16>().ok()?)
    };
    let minute = hour(&call.started_at);
    let (from, until) = (filter.from_minute.unwrap_or(0), filter.until_minute.unwrap_or(1_439));
    let in_hours = minute.is_some_and(|minute| {
        if from <= until { from <= minute && minute <= until } else { minute >= from || minute <= until }
    });
    let number = if call.direction == Direction::Outbound { &call.destination } else { &call.source };
    let texts = [
        call.campaign.clone(),
        call.agent.clone().unwrap_or_default(),
        number.clone(),
        call.outcome.clone(),
        call.started_at.clone(),
        call.rating.map(|rating| rating.to_string()).unwrap_or_default(),
    ];
    let everywhere = filter.text.split_whitespace().all(|word| {
        let (word, there) = word.strip_prefix('-').map_or((word, true), |word| (word, false));
        texts.iter().any(|text| fold(text).contains(&fold(word))) == there
    });
    let heard = mark.heard.unwrap_or(0.0);
    everywhere
        && filter.max_length_secs.is_none_or(|most| call.length_secs.is_some_and(|length| length <= most))
        && (filter.from_minute.or(filter.until_minute).is_none() || in_hours)
        && filter.direction.is_none_or(|wanted| wanted == call.direction)
        && match filter.answered {
            Answered::Any => true,
            Answered::Yes => call.answered,
            Answered::No => !call.answered,
        }
        && (filter.outcome.is_empty() || filter.outcome == call.outcome)
        && (filter.leg_outcome.is_empty()
            || call.legs.iter().any(|leg| leg.disposition == filter.leg_outcome))
        && (filter.cause.is_empty() || call.cause.as_deref() == Some(&filter.cause))
        && (filter.leg_agent.is_empty()
            || call
                .legs
                .iter()
                .filter_map(|leg| leg.agent.as_ref())
                .any(|agent| fold(agent).contains(&fold(&filter.leg_agent))))
        && match filter.heard {
            HeardPart::Any => true,
            HeardPart::Nothing => heard == 0.0,
            HeardPart::Part => heard > 0.0 && heard < 0.9,
            HeardPart::Most => heard >= 0.9,
        }
        && (!filter.flagged || mark.flagged)
        && (filter.number.is_empty() || filter.number == *number)
}

fn pick(of: &[&str]) -> impl Strategy<Value = String> + use<> {
    let of: Vec<String> = of.iter().map(|text| (*text).to_owned()).collect();
    // Most fields are left empty, or nothing would pass.
    prop_oneof![3 => Just(String::new()), 2 => prop::sample::select(of)]
}

prop_compose! {
    fn filters()(
        text in pick(&["lucia", "0991", "ventas", "-soporte", "2026-01-02", "ans 3", "JOAO -busy", "10:"]),
        max_length_secs in prop::option::weighted(0.2, 0u32..300_000),
        from_minute in prop::option::weighted(0.2, 0u16..1_440),
        until_minute in prop::option::weighted(0.2, 0u16..1_440),
        direction in prop::option::weighted(0.4, prop::sample::select(vec![Direction::Inbound, Direction::Outbound])),
        answered in prop::sample::select(vec![Answered::Any, Answered::Any, Answered::Yes, Answered::No]),
        (outcome, leg_outcome) in (pick(&["ANSWERED", "NO ANSWER", "LOST"]), pick(&["BUSY", "NO ANSWER"])),
        (cause, leg_agent, number) in (pick(&["16", "17"]), pick(&["martin", "ana"]), pick(&["099101", "099103"])),
        heard in prop::sample::select(vec![
            HeardPart::Any, HeardPart::Any, HeardPart::Any, HeardPart::Nothing, HeardPart::Part, HeardPart::Most,
        ]),
        flagged in prop::bool::weighted(0.15),
        silence_secs in prop::option::weighted(0.2, 0u32..40), clipped in prop::bool::weighted(0.1),
    ) -> LocalFilter {
        LocalFilter {
            text, max_length_secs, from_minute, until_minute, direction, answered, outcome, leg_outcome, cause, leg_agent,
            heard, flagged, number, sound: SoundFilter { silence_secs, clipped, ..SoundFilter::default() },
        }
    }
}

const SHOWN: [Column; 6] =
    [Column::Campaign, Column::Agent, Column::Number, Column::Outcome, Column::Time, Column::Rating];

const SORTS: [Column; 27] = [
    Column::Time,
    Column::Campaign,
    Column::Direction,
    Column::Agent,
    Column::Rung,
    Column::Number,
    Column::Source,
    Column::Destination,
    Column::Length,
    Column::Talk,
    Column::Wait,
    Column::Outcome,
    Column::Cause,
    Column::Rating,
    Column::Legs,
    Column::Tags,
    Column::Heard,
    Column::Flag,
    Column::Later,
    Column::Guid,
    Column::Silence,
    Column::LongestSilence,
    Column::Hold,
    Column::Level,
    Column::Clipping,
    Column::TalkOver,
    Column::Sides,
];

proptest! {
    #[test]
    fn what_is_shown_is_what_the_plain_way_keeps(
        legs in prop::collection::vec((0u8..40, 0u16..4_000, any::<u8>(), any::<u8>()), 0..80),
        marks in prop::collection::vec((0u8..40, 0u8..12, any::<bool>(), prop::option::of(0u32..40)), 0..20),
        filter in filters(), sort in prop::sample::select(SORTS.to_vec()), down in any::<bool>(),
    ) {
        let mut list = CallList::default();
        for (id, leg) in legs.into_iter().enumerate() {
            list.take(vec![made(id as i64, leg)]);
        }
        for (call, tenths, flagged, silence) in marks {
            let heard = (tenths > 0).then_some(f64::from(tenths.min(10)) / 10.0);
            let sound = silence.map(|secs| figures(f64::from(secs)));
            list.mark(&Mark { guid: format!("g-{call}"), heard, flagged, sound });
        }
        list.set_view(ListView { filter: filter.clone(), sort, down, columns: SHOWN.to_vec(), ..ListView::default() });
        let slice = list.slice(0, 1_000);
        let shown: Vec<String> = slice.rows.iter().map(|row| row.call.guid.clone()).collect();
        let mut plain: Vec<String> = (0..list.table.len() as u32)
            .filter_map(|place| Some((place, list.table.call(place)?, list.mark_of(place))))
            .filter(|(_, call, mark)| wanted(call, *mark, &filter))
            .filter(|(place, _, _)| {
                let longest = list.sound_of(*place).map(|sound| sound.longest_silence_secs);
                let passes = filter.sound.silence_secs.is_none_or(|least| longest.is_some_and(|secs| secs >= f64::from(least)));
                // None of these is clipped.
                passes && !filter.sound.clipped
            })
            .map(|(_, call, _)| call.guid)
            .collect();
        let mut same = shown.clone();
        same.sort();
        plain.sort();
        prop_assert_eq!(&same, &plain);
        prop_assert_eq!((slice.shown as usize, slice.total as usize), (shown.len(), list.table.len()));
        for (at, guid) in shown.iter().enumerate() {
            prop_assert_eq!(list.place_of(guid), Some(at as u32));
        }
        // In order, the unknown last whichever way.
        let keys: Vec<Option<String>> = slice.rows.iter().map(|row| plain_key(&row.call, sort)).collect();
        for pair in keys.windows(2) {
            match pair {
                [None, Some(_)] => prop_assert!(false, "unknown before known: {keys:?}"),
                [Some(a), Some(b)] => prop_assert!(if down { a >= b } else { a <= b }, "{keys:?}"),
                _ => {}
            }
        }
    }
}

/// What some columns are in order of, as text that compares the same.
fn plain_key(call: &Call, sort: Column) -> Option<String> {
    let figure = |secs: Option<u32>| secs.map(|secs| format!("{secs:012}"));
    match sort {
        Column::Time => Some(call.started_at.clone()),
        Column::Campaign => Some(fold(&call.campaign)),
        Column::Agent => call.agent.as_deref().map(fold),
        Column::Number if call.direction == Direction::Outbound => Some(fold(&call.destination)),
        Column::Number => Some(fold(&call.source)),
        Column::Length => figure(call.length_secs),
        Column::Talk => figure(call.talk_secs),
        Column::Wait => figure(call.wait_secs),
        Column::Cause => call.cause.clone(),
        Column::Rating => figure(call.rating.map(|rating| rating as u32)),
        Column::Legs => figure(Some(call.legs.len() as u32)),
        _ => None,
    }
}

#[test]
fn words_of_the_window_are_found_and_written() {
    let mut list = CallList::default();
    let mut lost = record(2, "g-2", "2026-01-31 11:00:00");
    (lost.disposition, lost.causecode) = (Some("NO ANSWER".into()), Some("19".into()));
    list.take(vec![record(1, "g-1", "2026-01-31 10:00:00"), lost]);
    list.mark(&Mark { guid: "g-2".into(), heard: Some(0.456), flagged: true, sound: None });
    let words = [
        ("outcome.NO ANSWER", "Sin contestar"),
        ("outcome.ANSWERED", "Contestada"),
        ("cause.19", "Nadie contestó"),
        ("direction.inbound", "Entrante"),
    ];
    let words: BTreeMap<String, String> =
        words.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    let columns = vec![Column::Outcome, Column::Cause, Column::Direction, Column::Heard, Column::Flag];
    let mut shown = |text: &str, columns: &[Column]| {
        let filter = LocalFilter { text: text.into(), ..LocalFilter::default() };
        let view =
            ListView { filter, columns: columns.to_vec(), words: words.clone(), ..ListView::default() };
        list.set_view(view);
        list.slice(0, 10).rows.into_iter().map(|row| row.call.guid).collect::<Vec<_>>()
    };
    assert_eq!(shown("nadie contesto", &columns), ["g-2"]);
    assert_eq!(shown("contestada", &columns), ["g-1"]);
    assert_eq!(shown("entrante", &columns), ["g-2", "g-1"]);
    assert_eq!(shown("46", &columns), ["g-2"]);
    assert!(shown("answered", &columns).is_empty(), "what is not shown is not looked in");
    assert!(shown("nadie", &columns[..1]).is_empty());
    let place = list.table.find("g-2").unwrap();
    assert_eq!(list.cells(place, &columns), ["Sin contestar", "Nadie contestó", "Entrante", "46 %", "*"]);
}

#[test]
fn what_can_be_heard_is_shown_ordered_and_asked_for_and_the_unknown_is_counted() {
    let mut list = CallList::default();
    list.take((1..=4).map(|id| record(id, &format!("g-{id}"), &format!("2026-01-31 1{id}:00:00"))).collect());
    let two = SoundFigures {
        hold_secs: 75.4,
        clipped_secs: 0.64,
        overlap_secs: Some(12.0),
        sides: [60.0, 20.0]
            .map(|talk_secs| SideFigures { talk_secs, level_db: None, clipped_secs: 0.0 })
            .to_vec(),
        ..figures(31.0)
    };
    for (guid, sound) in
        [("g-1", figures(4.0)), ("g-2", two), ("g-3", SoundFigures { whole: false, ..figures(20.0) })]
    {
        list.mark(&Mark { guid: guid.into(), heard: None, flagged: false, sound: Some(sound) });
    }
    let columns = [
        Column::Silence,
        Column::LongestSilence,
        Column::Hold,
        Column::Level,
        Column::Clipping,
        Column::TalkOver,
        Column::Sides,
    ];
    let cells = |list: &CallList, guid: &str| list.cells(list.table.find(guid).unwrap(), &columns);
    assert_eq!(cells(&list, "g-2"), ["31 %", "0:31", "1:15", "-23 dB", "0.6 s", "12 %", "75 / 25 %"]);
    assert_eq!(cells(&list, "g-1")[4..], ["0.0 s", "", ""], "one channel has no sides");
    assert_eq!(cells(&list, "g-4"), [""; 7], "unknown is not zero");
    let mut shown = |sound: SoundFilter| {
        let filter = LocalFilter { sound, ..LocalFilter::default() };
        list.set_view(ListView { filter, sort: Column::LongestSilence, down: true, ..ListView::default() });
        let slice = list.slice(0, 10);
        (slice.rows.into_iter().map(|row| row.call.guid).collect::<Vec<_>>().join(" "), slice.unjudged)
    };
    assert_eq!(shown(SoundFilter::default()), ("g-2 g-3 g-1 g-4".to_owned(), 0));
    let silence = |secs| SoundFilter { silence_secs: Some(secs), ..SoundFilter::default() };
    // Of the third, which breaks off, less than half a minute is known; of the fourth nothing.
    assert_eq!(shown(silence(30)), ("g-2".to_owned(), 2));
    assert_eq!(shown(silence(15)), ("g-2 g-3".to_owned(), 1));
}

#[test]
fn a_call_being_heard_does_not_vanish_until_the_list_is_asked_anew() {
    let mut list = CallList::default();
    list.take(vec![record(1, "g-1", "2026-01-31 10:00:00")]);
    let view = ListView {
        filter: LocalFilter { heard: HeardPart::Nothing, ..LocalFilter::default() },
        ..ListView::default()
    };
    list.set_view(view.clone());
    let before = list.slice(0, 10);
    list.mark(&Mark { guid: "g-1".into(), heard: Some(0.3), flagged: false, sound: None });
    let after = list.slice(0, 10);
    assert_eq!((before.revision, before.shown), (after.revision, after.shown));
    assert_eq!(after.rows[0].mark.heard.map(|part| (part * 10.0).round()), Some(3.0));
    list.set_view(view);
    assert_eq!(list.slice(0, 10).shown, 0);
}

#[test]
fn abandoned_calls_say_how_long_they_waited_and_whether_the_number_was_reached_later() {
    let mut list = CallList::default();
    let lost = |id: i64, guid: &str, at: &str, until: &str| CallRecord {
        disposition: Some("NO ANSWER".into()),
        finishtime: Some(until.into()),
        duration_secs: None,
        ..record(id, guid, at)
    };
    // The customer is called back: then the number is the destination.
    let back = CallRecord {
        src: Some("20000001".into()),
        dst: Some("099111222".into()),
        direction: Some("outbound".into()),
        ..record(3, "back", "2026-01-31 12:00:00")
    };
    let out = CallRecord {
        direction: Some("outbound".into()),
        ..lost(5, "out", "2026-01-31 09:00:00", "2026-01-31 09:01:00")
    };
    list.take(vec![
        lost(1, "a", "2026-01-31 10:00:00", "2026-01-31 10:01:15"),
        lost(2, "b", "2026-01-31 13:00:00", "2026-01-31 13:00:05"),
        back,
        CallRecord { src: Some("091".into()), ..record(4, "other", "2026-01-31 14:00:00") },
        out,
    ]);
    list.set_view(ListView { mode: ListMode::Abandoned, sort: Column::Wait, ..ListView::default() });
    let rows = list.slice(0, 10).rows;
    let said: Vec<_> = rows
        .iter()
        .map(|row| (row.call.guid.as_str(), row.call.wait_secs, row.answered_later.as_deref()))
        .collect();
    assert_eq!(said, [("a", Some(75), Some("2026-01-31 12:00:00")), ("b", Some(5), None)]);
    let callers = list.callers(2, 10);
    assert_eq!(callers.total, 1);
    let caller = &callers.callers[0];
    assert_eq!((caller.number.as_str(), caller.calls, caller.answered), ("099111222", 2, 0));
    assert_eq!(caller.reached_later, Some(false), "nobody after the last one");
    assert_eq!(list.callers(3, 10).total, 0);
}

#[test]
fn there_is_to_choose_from_what_was_fetched() {
    let mut list = CallList::default();
    let other = CallRecord {
        agent: Some("Bruno".into()),
        disposition: Some("NO ANSWER".into()),
        ..record(2, "g-1", "2026-01-31 09:59:00")
    };
    list.take(vec![record(1, "g-1", "2026-01-31 10:00:00"), other, record(3, "g-2", "2026-01-31 11:00:00")]);
    let facets = list.facets();
    let said = |of: &[crate::wire::Facet]| {
        of.iter().map(|one| format!("{} {}", one.value, one.calls)).collect::<Vec<_>>()
    };
    assert_eq!(said(&facets.agents), ["Lucía Pereira 2", "Bruno 1"]);
    assert_eq!(said(&facets.outcomes), ["ANSWERED 2"]);
    assert_eq!(said(&facets.leg_outcomes), ["ANSWERED 2", "NO ANSWER 1"]);
    assert_eq!(said(&facets.causes), ["16 2"]);
}

#[test]
fn a_limit_belongs_to_what_it_limits() {
    let mut list = CallList::default();
    let until = Some("2026-01-31 10:01:30".into());
    list.take(vec![CallRecord { finishtime: until, ..record(1, "g-1", "2026-01-31 10:00:00") }]);
    let mut shown = |filter: LocalFilter| {
        list.set_view(ListView { filter, ..ListView::default() });
        list.slice(0, 10).shown
    };
    let longest = |secs| LocalFilter { max_length_secs: Some(secs), ..LocalFilter::default() };
    assert_eq!((shown(longest(90)), shown(longest(89))), (1, 0));
    let hours = |from, until| LocalFilter {
        from_minute: Some(from),
        until_minute: Some(until),
        ..LocalFilter::default()
    };
    assert_eq!([shown(hours(600, 600)), shown(hours(601, 700)), shown(hours(1_300, 600))], [1, 0, 1]);
}

#[test]
fn who_withholds_a_number_is_nobody_who_called_again() {
    for withheld in ["anonymous", "Anónimo", "unknown", "restricted", "0", "0000000000", "+", "s"] {
        let from = |id: i64, at: &str, disposition: &str| CallRecord {
            src: Some(withheld.into()),
            disposition: Some(disposition.into()),
            ..record(id, &format!("g-{id}"), at)
        };
        let mut list = CallList::default();
        list.take(vec![
            from(1, "2026-01-31 10:00:00", "NO ANSWER"),
            from(2, "2026-01-31 11:00:00", "ANSWERED"),
        ]);
        assert_eq!(list.callers(2, 10).total, 0, "{withheld}");
        list.set_view(ListView { mode: ListMode::Abandoned, ..ListView::default() });
        let later: Vec<_> = list.slice(0, 10).rows.into_iter().map(|row| row.answered_later).collect();
        assert_eq!(later, [None], "{withheld}");
    }
}
