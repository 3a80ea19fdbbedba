//! States of people as calls.

use super::*;
use crate::rows::STATES;

fn interval(
    words: &mut Words,
    state: AgentState,
    from: i64,
    until: i64,
    call: Option<&str>,
) -> StateInterval {
    let mut row = Row([NONE; crate::codec::FIELDS]);
    row.0[agent::STATE] = STATES.iter().position(|one| *one == state).unwrap() as i64;
    row.0[agent::CALL_CAMPAIGN] = call.map_or(NONE, |name| words.number(name));
    row.0[agent::CAMPAIGNS] = words.number("A<-\nB<-");
    StateInterval { from_ms: from * 1_000, until_ms: until * 1_000, row, begins: true }
}

#[test]
fn states_add_up_to_calls_and_what_nobody_saw_end_is_none() {
    use AgentState::{Available, Busy, Offline, OnHold, Paused, Ringing, WrapUp};
    let mut words = Words::default();
    let day = [
        (Ringing, 0, 6, None, false),
        // Whose call it is was read late; a hold is of the call.
        (Busy, 6, 60, None, false),
        (OnHold, 60, 90, Some("A<-"), false),
        (Busy, 90, 126, Some("A<-"), false),
        (WrapUp, 126, 141, None, false),
        (Available, 141, 200, None, false),
        (Paused, 200, 500, None, false),
        // Nobody saw how this one ended.
        (Busy, 500, 700, Some("B<-"), true),
        (WrapUp, 900, 910, None, false),
        (Offline, 910, 9_000, None, false),
        (Paused, 9_000, 9_010, None, true),
        // One with the end of a call, and one with the end of the work after it.
        (Busy, 9_100, 9_160, Some("B<-"), false),
        (Paused, 9_160, 9_190, None, false),
        (Busy, 9_190, 9_250, Some("B<-"), false),
        (WrapUp, 9_250, 9_260, None, false),
        (Paused, 9_260, 9_320, None, false),
    ];
    let (mut call, mut lengths) = (Call::default(), Lengths::default());
    for (state, from, until, of, cut) in day {
        let one = interval(&mut words, state, from, until, of);
        call.take(&one, cut, &words, &mut lengths);
    }
    let a = words.known("A<-").unwrap();
    let b = words.known("B<-").unwrap();
    let lasted = |all: &[(i64, f64, bool)]| {
        all.iter().map(|(word, secs, ended)| Lasted { word: *word, secs: *secs, ended: *ended }).collect()
    };
    let talks: Vec<Lasted> = lasted(&[(a, 120.0, true), (b, 200.0, false), (b, 60.0, true), (b, 60.0, true)]);
    assert_eq!(lengths.talk, talks, "one is at least as long as it was watched");
    assert_eq!(lengths.ring, [(a, 6.0)]);
    let after: Vec<Lasted> = lasted(&[(a, 15.0, true), (NONE, 10.0, true), (b, 10.0, true)]);
    assert_eq!(lengths.wrap_up, after, "of a call nobody saw end, nobody knows whose");
    let breaks: Vec<Lasted> =
        lasted(&[(NONE, 300.0, true), (NONE, 10.0, false), (NONE, 30.0, true), (NONE, 60.0, true)]);
    assert_eq!((lengths.breaks, lengths.begun), (breaks, [1, 2]), "after signing in is neither");
    assert_eq!((lengths.free_ms, lengths.calls), (59_000, 3));
}
