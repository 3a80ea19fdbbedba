//! Desks that share a row, in simulated time: delays, silence, stops, sleeps. Nobody asks under an epoch that is over, and
//! somebody asks soon after whoever did is gone.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::lease_row::LeaseRow;

const EVERY: Duration = Duration::from_secs(3);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn mine(epoch: i64, left: u64) -> Answered {
    Answered { mine: true, epoch, left: ms(left), desks: 2 }
}

fn others(epoch: i64, left: u64) -> Answered {
    Answered { mine: false, epoch, left: ms(left), desks: 2 }
}

#[test]
fn who_holds_the_lease_asks_renews_and_stops_by_itself() {
    let mut course = Course::new(EVERY, 0.5, ms(0));
    assert_eq!((course.does(ms(0)), course.next(ms(0))), (Does::Follows, (ms(0), Says::Wants)));
    course.answered(mine(7, 5_000), ms(10), ms(90));
    assert_eq!(course.does(ms(100)), Does::Asks(7));
    assert_eq!(
        course.next(ms(100)),
        (ms(10) + ms(2_500), Says::Renews(7)),
        "half a lease is left for a second try"
    );
    assert_eq!(course.does(ms(4_759)), Does::Asks(7));
    assert_eq!(course.does(ms(4_760)), Does::Follows, "counted from when the question left, less a margin");
    assert_eq!(course.turns_at(ms(100)), Some(ms(4_760)));
}

#[test]
fn who_follows_wants_it_once_it_is_over_and_not_before() {
    let mut course = Course::new(EVERY, 0.5, ms(0));
    course.answered(others(7, 5_000), ms(10), ms(90));
    let (at, says) = course.next(ms(100));
    assert_eq!((at, says), (ms(5_090 + 750), Says::Wants));
    course.answered(others(7, 60_000), ms(10), ms(90));
    assert_eq!(course.next(ms(100)), (ms(10_090), Says::Looks));
    course.free(ms(300));
    assert_eq!(course.next(ms(300)), (ms(1_050), Says::Wants), "given away: not all at once");
}

#[test]
fn a_desk_whose_own_way_failed_leaves_it_to_others_first() {
    let mut course = Course::new(EVERY, 0.0, ms(0));
    course.answered(mine(7, 5_000), ms(0), ms(0));
    assert_eq!(course.server_lost(ms(1_000)), Some(7));
    assert_eq!(course.server_lost(ms(1_000)), None, "once");
    assert_eq!(course.does(ms(1_000)), Does::Follows);
    course.answered(others(7, 0), ms(1_100), ms(1_100));
    let (at, says) = course.next(ms(1_100));
    assert_eq!((at, says), (ms(11_000), Says::Wants), "nobody took it for two leases: better it than nobody");
    course.answered(others(8, 5_000), ms(2_000), ms(2_000));
    assert_eq!(course.next(ms(2_000)).1, Says::Looks);
}

#[test]
fn without_the_database_the_last_picture_stays_then_each_asks_by_itself() {
    let mut course = Course::new(EVERY, 0.0, ms(0));
    assert_eq!(course.does(ms(4_999)), Does::Follows);
    assert_eq!(course.does(ms(5_000)), Does::Apart(1), "never heard of anybody: it does not wait long");
    course.answered(Answered { desks: 10, ..others(1, 5_000) }, ms(6_000), ms(6_000));
    assert_eq!(course.does(ms(6_000)), Does::Follows);
    course.away(ms(10_000));
    course.away(ms(20_000));
    assert_eq!((course.does(ms(24_999)), course.does(ms(25_000))), (Does::Follows, Does::Apart(10)));
    assert_eq!(course.turns_at(ms(20_000)), Some(ms(25_000)));
}

#[test]
fn who_slept_holds_nothing() {
    let mut course = Course::new(EVERY, 0.0, ms(0));
    course.answered(mine(7, 5_000), ms(0), ms(0));
    course.slept(ms(1_000));
    let asks_again = (Does::Follows, (ms(1_000), Says::Renews(7)));
    assert_eq!(
        (course.does(ms(1_000)), course.next(ms(1_000))),
        asks_again,
        "it may be its own still: a question"
    );
    course.answered(mine(7, 5_000), ms(900), ms(1_100));
    assert_eq!(
        (course.does(ms(1_100)), course.next(ms(1_100)).1),
        (Does::Follows, Says::Renews(7)),
        "asked before"
    );
    course.answered(mine(7, 5_000), ms(1_100), ms(1_200));
    assert_eq!(course.does(ms(1_200)), Does::Asks(7));
}

#[test]
fn who_hears_of_its_lease_when_that_is_over_leaves_it_to_others() {
    let mut course = Course::new(EVERY, 0.0, ms(0));
    course.answered(mine(7, 5_000), ms(0), ms(4_800));
    assert_eq!((course.does(ms(4_800)), course.next(ms(4_800))), (Does::Follows, (ms(15_000), Says::Wants)));
}

#[test]
fn who_is_shy_takes_in_the_end_what_nobody_takes() {
    let every = Duration::from_secs(10);
    let mut course = Course::new(every, 0.0, ms(0));
    course.answered(mine(7, 15_000), ms(0), ms(0));
    assert_eq!(course.server_lost(ms(1_000)), Some(7));
    // Another one takes it at 2 s, and is killed.
    course.answered(others(8, 15_000), ms(2_000), ms(2_000));
    let (mut at, mut says) = course.next(ms(2_000));
    while says != Says::Wants {
        assert!(at < ms(90_000), "it looks and looks");
        course.answered(others(8, 17_000u64.saturating_sub(at.as_millis() as u64)), at, at);
        (at, says) = course.next(at);
    }
    assert!(at >= ms(47_000), "for two leases after it was free it is left to others: {at:?}");
}

/// What happens to a desk at a moment.
#[derive(Debug, Clone, Copy)]
enum Fate {
    /// Its questions take so long each way.
    Slow(u64),
    /// It hears and says nothing for so long.
    Cut(u64),
    /// It stands still for so long (its clock goes on).
    Stopped(u64),
    /// It sleeps for so long: its steady clock stands still.
    Slept(u64),
    /// Its way to the contact centre fails.
    ServerLost,
    ServerFound,
    /// It is killed, and begins anew.
    Killed,
}

fn fates() -> impl Strategy<Value = Vec<(u64, usize, Fate)>> {
    let fate = prop_oneof![
        (0u64..2_500).prop_map(Fate::Slow),
        (1u64..40_000).prop_map(Fate::Cut),
        (1u64..40_000).prop_map(Fate::Stopped),
        (1u64..40_000).prop_map(Fate::Slept),
        Just(Fate::ServerLost),
        Just(Fate::ServerFound),
        Just(Fate::Killed),
    ];
    prop::collection::vec((0u64..120_000, 0usize..3, fate), 0..12)
}

struct Desk {
    course: Course,
    slow: u64,
    cut_until: u64,
    stopped_until: u64,
    /// How far its steady clock is behind the true time.
    behind: u64,
    sleeping: Option<(u64, u64)>,
    under_way: Option<Question>,
}

/// A question on its way, and its answer on the way back.
struct Question {
    /// When it left, by the desk's own clock.
    sent: Duration,
    arrives: u64,
    epoch: Option<i64>,
    wants: bool,
    answer: Option<(u64, Answered)>,
}

impl Desk {
    fn steady(&self, now: u64) -> Duration {
        ms(10_000_000 + now - self.behind)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn at_any_moment_at_most_one_asks_and_soon_somebody_does(fates in fates()) {
        let new = |n: usize, now: u64| Desk {
            course: Course::new(EVERY, n as f64 / 3.0, ms(10_000_000 + now)),
            slow: 5, cut_until: 0, stopped_until: 0, behind: 0, sleeping: None, under_way: None,
        };
        let mut desks: Vec<Desk> = (0..3).map(|n| new(n, 0)).collect();
        let mut row = LeaseRow::default();
        let mut epochs: BTreeMap<i64, usize> = BTreeMap::new();
        let mut unasked_since = 0;
        let step = 10;
        for now in (0..180_000u64).step_by(step) {
            for (_, n, fate) in fates.iter().filter(|(at, ..)| (now..now + step as u64).contains(at)) {
                let desk = &mut desks[*n];
                match *fate {
                    Fate::Slow(by) => desk.slow = by,
                    Fate::Cut(by) => desk.cut_until = now + by,
                    Fate::Stopped(by) => desk.stopped_until = desk.stopped_until.max(now + by),
                    Fate::Slept(by) => desk.sleeping = desk.sleeping.or(Some((now, now + by))),
                    Fate::ServerLost => {
                        let at = desk.steady(now);
                        if let Some(epoch) = desk.course.server_lost(at).filter(|_| desk.cut_until <= now) {
                            row.give(*n as u32, epoch, ms(now));
                        }
                    }
                    Fate::ServerFound => desk.course.server_found(),
                    Fate::Killed => *desk = new(*n, now),
                }
            }
            for (n, desk) in desks.iter_mut().enumerate() {
                if let Some((from, until)) = desk.sleeping {
                    if now < until { continue; }
                    desk.sleeping = None;
                    desk.behind += now - from;
                    let at = desk.steady(now);
                    // As soon as it runs it looks at both clocks, before it does anything.
                    desk.course.slept(at);
                }
                if now < desk.stopped_until { continue; }
                let at = desk.steady(now);
                if let Some(mut question) = desk.under_way.take() {
                    if now < desk.cut_until {
                        desk.course.away(at);
                    } else if let Some((back, answer)) = question.answer {
                        if now >= back {
                            desk.course.answered(answer, question.sent, at);
                        } else {
                            desk.under_way = Some(question);
                        }
                    } else {
                        if now >= question.arrives {
                            let told = row.beat(n as u32, question.epoch, question.wants, EVERY, ms(now));
                            let answer =
                                Answered { mine: told.mine, epoch: told.epoch, left: told.left, desks: 3 };
                            question.answer = Some((now + desk.slow, answer));
                        }
                        desk.under_way = Some(question);
                    }
                }
                let (speaks_at, says) = desk.course.next(at);
                if desk.under_way.is_none() && at >= speaks_at {
                    if now < desk.cut_until {
                        desk.course.away(at);
                    } else {
                        let (epoch, wants) = match says {
                            Says::Renews(epoch) => (Some(epoch), false),
                            Says::Wants => (None, true),
                            Says::Looks => (None, false),
                        };
                        desk.under_way =
                            Some(Question { sent: at, arrives: now + desk.slow, epoch, wants, answer: None });
                    }
                }
            }
            // Who asks now, of those that run.
            let asking: Vec<(usize, i64)> = desks.iter().enumerate().filter_map(|(n, desk)| {
                let runs = desk.sleeping.is_none() && now >= desk.stopped_until;
                match desk.course.does(desk.steady(now)) {
                    Does::Asks(epoch) if runs => Some((n, epoch)),
                    _ => None,
                }
            }).collect();
            prop_assert!(asking.len() <= 1, "two ask at {now}: {asking:?}");
            for (n, epoch) in &asking {
                prop_assert_eq!(*epochs.entry(*epoch).or_insert(*n), *n, "an epoch is given out once");
                prop_assert!(row.epoch == *epoch && row.until > Some(ms(now)), "asks under an epoch that is over");
            }
            // A desk that can speak quickly, runs, and finds the server, takes over.
            let able = desks.iter().any(|desk| {
                desk.slow < 500 && now >= desk.cut_until && now >= desk.stopped_until && desk.sleeping.is_none() && !desk.course.shy
            });
            if !asking.is_empty() || !able { unasked_since = now; }
            prop_assert!(now - unasked_since <= 25_000, "nobody asks since {unasked_since}");
        }
    }
}
