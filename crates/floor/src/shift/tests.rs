use proptest::prelude::*;

use super::*;
use AgentState::{Available, Busy, BusyPaused, Offline, OnHold, Paused, Ringing, WrapUp};

fn agent(state: AgentState, since_secs: Option<i64>) -> Agent {
    Agent {
        location: "SIP/1".into(),
        name: "lucia".into(),
        state,
        status_code: None,
        state_since_ms: since_secs.map(|secs| secs * 1_000),
        pause_reason: None,
        paused_in: 0,
        in_call_here: None,
        call_campaign: None,
        calls_taken: Some(4),
        last_call_at_ms: None,
        campaigns: vec!["Soporte".into()],
        ring_no_answer: 0,
        pause_before_secs: None,
    }
}

fn paused(reason: &str, since_secs: i64) -> Agent {
    Agent { pause_reason: Some(reason.into()), ..agent(Paused, Some(since_secs)) }
}

/// Read at a second by all of the person's campaigns; what the row says then.
fn read(shift: &mut Shift, at_secs: i64, mut agent: Agent) -> Agent {
    let past = shift.see(&agent, at_secs * 1_000, at_secs * 1_000);
    (agent.ring_no_answer, agent.pause_before_secs) = (past.ring_no_answer, past.pause_before_secs);
    agent
}

fn day(shift: &Shift, at_secs: i64) -> AgentDay {
    shift.day("SIP/1", at_secs * 1_000, Vec::new()).expect("seen")
}

fn secs(day: &AgentDay, state: AgentState) -> u32 {
    day.states.iter().find(|time| time.state == state).expect("every state is told").secs
}

#[test]
fn nothing_before_the_first_sight_and_states_from_their_beginning() {
    let mut shift = Shift::default();
    assert_eq!(shift.day("SIP/1", 0, Vec::new()), None);
    read(&mut shift, 100, agent(Available, Some(10)));
    assert_eq!(day(&shift, 100).seen_secs, 0, "what was before is not ours");
    assert_eq!(day(&shift, 100).occupancy, None);
    // The call began at 102, between the two readings.
    read(&mut shift, 106, agent(Busy, Some(102)));
    read(&mut shift, 112, agent(OnHold, None));
    let told = day(&shift, 115);
    assert_eq!((secs(&told, Available), secs(&told, Busy), secs(&told, OnHold)), (2, 10, 3));
    assert_eq!((told.watched_since_ms, told.seen_secs), (100_000, 15));
    assert_eq!(told.occupancy, Some(86.7));
    assert_eq!(told.states.iter().map(|time| time.state).collect::<Vec<_>>(), STATES);
}

#[test]
fn occupancy_is_handling_over_handling_and_available() {
    let mut shift = Shift::default();
    let turns = [Available, Ringing, Busy, BusyPaused, OnHold, WrapUp, Paused, Offline, Available];
    for (turn, state) in turns.into_iter().enumerate() {
        let at = 10 * turn as i64;
        read(&mut shift, at, agent(state, Some(at)));
    }
    let told = day(&shift, 80);
    assert_eq!(told.occupancy, Some(80.0), "40 s of 50: neither rings nor pauses nor absence");
    let mut shift = Shift::default();
    read(&mut shift, 0, agent(Paused, Some(0)));
    assert_eq!(day(&shift, 8).occupancy, None, "a pause alone says nothing");
}

#[test]
fn a_silence_that_nobody_vouches_for_is_a_gap() {
    let mut shift = Shift::default();
    shift.set_every(3_000);
    read(&mut shift, 0, agent(Available, Some(0)));
    read(&mut shift, 3, agent(Available, Some(0)));
    assert_eq!(day(&shift, 14).seen_secs, 14);
    assert_eq!(day(&shift, 15).seen_secs, 3, "later than twice the period and some: not known");
    // Five minutes nothing; then a call for 40 s.
    read(&mut shift, 303, agent(Busy, Some(263)));
    let told = day(&shift, 303);
    assert_eq!((secs(&told, Available), secs(&told, Busy), told.seen_secs), (3, 40, 43));
    // Again nothing, and still the same call: the server knows what nobody saw.
    read(&mut shift, 603, agent(Busy, Some(263)));
    assert_eq!(secs(&day(&shift, 603), Busy), 340);
    // Without the server's word nobody knows.
    read(&mut shift, 903, agent(Busy, None));
    assert_eq!(secs(&day(&shift, 903), Busy), 340);
    shift.set_every(60_000);
    read(&mut shift, 1_020, agent(Available, None));
    assert_eq!(secs(&day(&shift, 1_020), Busy), 457, "read once a minute this is no gap");
}

#[test]
fn pauses_are_counted_by_reason() {
    let mut shift = Shift::default();
    assert_eq!(read(&mut shift, 0, agent(Available, Some(0))).pause_before_secs, None);
    assert_eq!(read(&mut shift, 10, paused("Baño", 10)).pause_before_secs, Some(0));
    assert_eq!(read(&mut shift, 15, paused("Baño", 10)).pause_before_secs, Some(0), "no figure that ticks");
    assert_eq!(read(&mut shift, 20, agent(Available, Some(20))).pause_before_secs, None);
    assert_eq!(read(&mut shift, 30, paused("BAÑO", 30)).pause_before_secs, Some(10));
    // Back and paused again between two readings.
    assert_eq!(read(&mut shift, 40, paused("Baño", 38)).pause_before_secs, Some(18));
    // The reason comes late, and another campaign has another one: still one pause.
    assert_eq!(read(&mut shift, 50, agent(Paused, Some(50))).pause_before_secs, Some(0));
    read(&mut shift, 53, paused("Almuerzo", 50));
    read(&mut shift, 55, paused("Reunión", 50));
    read(&mut shift, 56, paused("Almuerzo", 50));
    let told: Vec<_> = day(&shift, 60)
        .pauses
        .into_iter()
        .map(|of| (of.reason.unwrap_or_default(), of.count, of.secs))
        .collect();
    assert_eq!(told, [("Baño".to_owned(), 3, 30), ("Almuerzo".to_owned(), 1, 10)]);
    assert_eq!(secs(&day(&shift, 60), Paused), 40);
}

#[test]
fn a_ring_without_an_answer_is_counted_once() {
    let mut shift = Shift::default();
    read(&mut shift, 0, agent(Ringing, Some(0)));
    assert_eq!(read(&mut shift, 3, agent(Ringing, Some(0))).ring_no_answer, 0);
    assert_eq!(read(&mut shift, 6, agent(Available, Some(5))).ring_no_answer, 1);
    assert_eq!(read(&mut shift, 9, agent(Available, Some(5))).ring_no_answer, 1);
    // Answered, and over before the next reading.
    read(&mut shift, 12, agent(Ringing, Some(12)));
    let one_more = Agent { calls_taken: Some(5), ..agent(Available, Some(14)) };
    assert_eq!(read(&mut shift, 15, one_more).ring_no_answer, 1);
    // Answered.
    read(&mut shift, 18, agent(Ringing, Some(18)));
    read(&mut shift, 21, agent(Busy, Some(20)));
    assert_eq!(read(&mut shift, 24, agent(Available, Some(23))).ring_no_answer, 1);
    // Unknown is not the same.
    let unknown = |state| Agent { calls_taken: None, ..agent(state, None) };
    read(&mut shift, 27, unknown(Ringing));
    assert_eq!(read(&mut shift, 30, unknown(Available)).ring_no_answer, 1);
    // After a silence anything may have happened.
    read(&mut shift, 33, agent(Ringing, Some(33)));
    assert_eq!(read(&mut shift, 93, agent(Available, Some(40))).ring_no_answer, 1);
    assert_eq!(day(&shift, 93).ring_no_answer, 1);
}

#[test]
fn a_ring_waits_for_every_campaign_to_be_read() {
    let mut shift = Shift::default();
    shift.see(&agent(Ringing, Some(0)), 1_000, 0);
    let free = agent(Available, Some(3));
    // The campaign that rang has not been read again: the call may be in its count.
    assert_eq!(shift.see(&free, 4_000, 1_000).ring_no_answer, 0);
    let counted = Agent { calls_taken: Some(5), ..agent(Available, Some(3)) };
    assert_eq!(shift.see(&counted, 5_000, 4_000).ring_no_answer, 0);
}

#[test]
fn another_person_at_the_telephone_begins_anew() {
    let mut shift = Shift::default();
    read(&mut shift, 0, agent(Busy, Some(0)));
    read(&mut shift, 5, Agent { name: "SIP/1".into(), ..agent(Busy, Some(0)) });
    assert_eq!((day(&shift, 5).name.as_str(), day(&shift, 5).seen_secs), ("lucia", 5), "a name left out");
    read(&mut shift, 9, Agent { name: "bruno".into(), ..agent(Available, Some(7)) });
    let told = day(&shift, 10);
    assert_eq!((told.name.as_str(), told.watched_since_ms, told.seen_secs), ("bruno", 9_000, 1));
}

#[test]
fn memory_is_bounded() {
    let mut shift = Shift::default();
    for number in 0..=MOST_PEOPLE as i64 {
        read(&mut shift, number, Agent { location: format!("SIP/{number}"), ..agent(Available, None) });
    }
    assert_eq!(shift.people.len(), MOST_PEOPLE / 2, "the longest unseen are forgotten");
    assert!(shift.people.contains_key(&format!("SIP/{MOST_PEOPLE}")));
    let mut shift = Shift::default();
    for turn in 0..200 {
        read(&mut shift, 20 * turn, paused(&format!("reason {turn}"), 20 * turn));
        read(&mut shift, 20 * turn + 10, agent(Available, Some(20 * turn + 10)));
    }
    assert_eq!(day(&shift, 4_000).pauses.len(), MOST_REASONS);
    assert_eq!(secs(&day(&shift, 4_000), Paused), 2_000);
}

proptest! {
    /// Whatever the server says: never more than was watched, never less than before, and no figure of a row that
    /// moves while nothing happens.
    #[test]
    fn time_is_credited_once_and_never_taken_back(
        turns in prop::collection::vec((0i64..40, 0usize..9, prop::option::of(-100i64..400), 0usize..3, 0u32..3), 1..80),
    ) {
        let mut shift = Shift::default();
        let reasons = [None, Some("Baño".to_owned()), Some("Almuerzo".to_owned())];
        let mut at = 0;
        let mut before: Option<(Agent, AgentDay)> = None;
        for (pass, state, since, reason, calls) in turns {
            at += pass;
            let sent = Agent {
                state_since_ms: since.map(|since| since.min(at) * 1_000),
                pause_reason: reasons[reason].clone(),
                calls_taken: Some(calls),
                ..agent(STATES[state], None)
            };
            let now = read(&mut shift, at, sent);
            let told = day(&shift, at);
            prop_assert_eq!(now.pause_before_secs.is_some(), now.state == Paused);
            let watched = at - told.watched_since_ms / 1_000;
            prop_assert!(i64::from(told.seen_secs) <= watched, "{} of {} s", told.seen_secs, watched);
            let in_pauses: u32 = told.pauses.iter().map(|of| of.secs).sum();
            prop_assert_eq!(in_pauses, secs(&told, Paused));
            if let Some((row, past)) = before {
                for (was, is) in past.states.iter().zip(&told.states) {
                    prop_assert!(was.secs <= is.secs, "{:?} then {:?}", was, is);
                }
                prop_assert!(past.ring_no_answer <= told.ring_no_answer);
                if row.state == Paused && (row.state, row.state_since_ms) == (now.state, now.state_since_ms)
                    && row.pause_reason.is_some()
                {
                    prop_assert_eq!(row.pause_before_secs, now.pause_before_secs);
                }
            }
            before = Some((now, told));
        }
    }
}

#[test]
fn another_day_is_another_shift() {
    let hour = 3_600;
    let mut shift = Shift::default();
    shift.set_every(600_000_000);
    read(&mut shift, 0, agent(Available, Some(0)));
    read(&mut shift, 100, paused("Baño", 100));
    read(&mut shift, 400, agent(Available, Some(400)));
    for at in (1..8).map(|at| at * hour) {
        read(&mut shift, at, agent(Available, Some(400)));
    }
    // Away; the computer stays on.
    read(&mut shift, 8 * hour, agent(Offline, Some(8 * hour)));
    // Two hours away are part of a shift.
    let back = read(&mut shift, 10 * hour, paused("Baño", 10 * hour));
    assert_eq!(back.pause_before_secs, Some(300));
    read(&mut shift, 11 * hour, agent(Offline, Some(11 * hour)));
    let next_day = read(&mut shift, 24 * hour, paused("Baño", 24 * hour));
    assert_eq!(next_day.pause_before_secs, Some(0), "yesterday's are yesterday's");
    let told = day(&shift, 24 * hour);
    assert_eq!((told.watched_since_ms, told.seen_secs), (24 * hour * 1_000, 0));
}
