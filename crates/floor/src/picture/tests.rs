use super::*;
use crate::wire::AgentState;

fn seat(location: &str, status: i32, paused: bool, secs: u64) -> AgentStatus {
    AgentStatus {
        location: location.into(),
        name: Some("lucia".into()),
        status: Some(status),
        paused: Some(paused),
        in_call: Some(false),
        calls_taken: Some(2),
        state_secs: Some(secs),
        ..AgentStatus::default()
    }
}

fn roster(seats: Vec<AgentStatus>) -> CampaignAgents {
    CampaignAgents { campaign: None, agents: seats }
}

fn campaign(name: &str, completed: u32, abandoned: u32) -> CampaignStatus {
    CampaignStatus {
        campaign: name.into(),
        completed: Some(completed),
        abandoned: Some(abandoned),
        service_level: Some(0.0),
        service_level2: Some(0.0),
        ..CampaignStatus::default()
    }
}

fn with_campaigns(names: &[&str]) -> Picture {
    let mut picture = Picture::default();
    let statuses = names.iter().map(|name| campaign(name, 0, 0)).collect();
    picture.take_campaigns_of(Some(statuses), Some(Vec::new()), 1_000_000);
    picture
}

#[test]
fn all_four_service_levels_come_from_the_two_sent() {
    let mut picture = Picture::default();
    // 80 answered, 60 of them in time; 20 abandoned, 10 of them at once.
    let mut status = campaign("A", 80, 20);
    (status.service_level, status.service_level2) = (Some(75.0), Some(70.0));
    picture.take_campaigns_of(Some(vec![status, campaign("B", 0, 0)]), Some(Vec::new()), 0);
    let levels = |campaign: &Campaign| {
        [
            campaign.service_level,
            campaign.service_level2,
            campaign.service_level_offered,
            campaign.service_level_patient,
        ]
    };
    let campaigns = picture.campaigns();
    assert_eq!(levels(&campaigns[0]), [Some(75.0), Some(70.0), Some(60.0), Some(66.7)]);
    assert_eq!(levels(&campaigns[1]), [None; 4], "no calls is no level");
}

#[test]
fn one_person_is_one_row_and_the_newest_reply_wins() {
    let mut picture = with_campaigns(&["A", "B"]);
    let mut on_call = seat("SIP/1", 2, false, 10);
    on_call.in_call = Some(true);
    picture.take_agents("A", roster(vec![on_call]), 1_000_000);
    picture.take_agents("B", roster(vec![seat("SIP/1", 9, false, 3)]), 1_005_000);
    let agents = picture.agents();
    assert_eq!(agents.len(), 1);
    let agent = &agents[0];
    assert_eq!((agent.state, agent.state_since_ms), (AgentState::WrapUp, Some(1_002_000)));
    assert_eq!((agent.calls_taken, agent.campaigns.clone()), (Some(4), vec!["A".into(), "B".into()]));
    assert_eq!((agent.in_call_here, agent.call_campaign.clone()), (None, None));
}

#[test]
fn paused_in_some_is_not_paused() {
    let mut picture = with_campaigns(&["A", "B"]);
    picture.take_agents("A", roster(vec![seat("SIP/1", 1, true, 10)]), 1_000_000);
    assert_eq!(picture.agents()[0].state, AgentState::Paused);
    picture.take_agents("B", roster(vec![seat("SIP/1", 1, false, 10)]), 1_000_000);
    let agent = &picture.agents()[0];
    assert_eq!((agent.state, agent.paused_in), (AgentState::Available, 1));
    picture.take_agents("B", roster(vec![seat("SIP/1", 2, true, 10)]), 1_001_000);
    assert_eq!(picture.agents()[0].state, AgentState::BusyPaused);
}

#[test]
fn a_call_of_somebody_else_is_told_apart() {
    let mut picture = with_campaigns(&["A"]);
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 10)]), 1_000_000);
    assert_eq!(picture.agents()[0].in_call_here, Some(false));
}

#[test]
fn moments_do_not_wander_but_do_move() {
    let mut picture = with_campaigns(&["A"]);
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 10)]), 1_000_000);
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 12)]), 1_003_000);
    assert_eq!(picture.agents()[0].state_since_ms, Some(990_000), "12 s at 3 s later is the same call");
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 1)]), 1_006_000);
    assert_eq!(picture.agents()[0].state_since_ms, Some(1_005_000), "another call began");
}

#[test]
fn a_day_is_told_with_its_campaigns_and_outlives_them() {
    let mut picture = with_campaigns(&["A", "B"]);
    picture.take_agents("A", roster(vec![seat("SIP/1", 1, false, 10)]), 1_000_000);
    let mut ringing = seat("SIP/1", 6, true, 1);
    ringing.last_call_epoch_secs = Some(900);
    picture.take_agents("B", roster(vec![ringing.clone()]), 1_003_000);
    let free = seat("SIP/1", 1, false, 1);
    picture.take_agents("A", roster(vec![free.clone()]), 1_006_000);
    assert_eq!(picture.agents()[0].ring_no_answer, 0, "where it rang is not read again yet");
    picture.take_agents("B", roster(vec![AgentStatus { status: Some(1), ..ringing }]), 1_009_000);
    assert_eq!(picture.agents()[0].ring_no_answer, 1);
    let day = picture.agent_day("SIP/1", 1_009_000).unwrap();
    let seats: Vec<_> = day.campaigns.iter().map(|seat| (&*seat.campaign, seat.paused)).collect();
    assert_eq!(seats, [("A", Some(false)), ("B", Some(true))]);
    assert_eq!((day.campaigns[1].last_call_at_ms, day.campaigns[1].read_at_ms), (Some(900_000), 1_009_000));
    assert_eq!((day.seen_secs, day.watched_since_ms), (9, 1_000_000));
    picture.take_campaigns_of(Some(Vec::new()), Some(Vec::new()), 1_010_000);
    let gone = picture.agent_day("SIP/1", 1_100_000).unwrap();
    assert_eq!((gone.seen_secs, gone.campaigns.len()), (9, 0));
    assert_eq!(picture.agent_day("SIP/2", 1_100_000), None);
}

#[test]
fn no_calls_is_no_service_level() {
    let mut picture = Picture::default();
    picture.take_campaigns_of(
        Some(vec![campaign("A", 0, 0), campaign("B", 0, 4), campaign("C", 6, 2)]),
        None,
        0,
    );
    let levels: Vec<_> = picture
        .campaigns()
        .into_iter()
        .map(|campaign| (campaign.service_level, campaign.service_level2, campaign.abandon_rate))
        .collect();
    assert_eq!(
        levels,
        [(None, None, None), (None, Some(0.0), Some(100.0)), (Some(0.0), Some(0.0), Some(25.0)),]
    );
}

#[test]
fn a_campaign_goes_only_when_two_good_replies_lack_it() {
    let mut picture = with_campaigns(&["A", "B"]);
    picture.take_agents("B", roster(vec![seat("SIP/1", 1, false, 1)]), 1_000_000);
    picture.take_campaigns_of(Some(vec![campaign("A", 1, 0)]), None, 1_001_000);
    assert_eq!(picture.campaigns().len(), 2);
    let queue = QueueSummary { queue: "A".into(), callers: Some(3), ..QueueSummary::default() };
    picture.take_campaigns_of(Some(vec![campaign("A", 1, 0)]), Some(vec![queue]), 1_002_000);
    assert_eq!(picture.campaigns().len(), 1);
    assert!(picture.agents().is_empty());
    assert_eq!(picture.campaigns()[0].waiting, Some(3), "queuesummary stands in");
}

#[test]
fn the_trend_keeps_an_hour_with_its_gaps() {
    let mut trend = Trend::default();
    trend.note(0, Some(1));
    trend.note(30_000, Some(4));
    trend.note(40_000, Some(2));
    trend.note(3 * MINUTE_MS, Some(7));
    assert_eq!(trend.minutes, [Some(4), None, None, Some(7)]);
    trend.note(500 * MINUTE_MS, Some(1));
    assert_eq!(trend.minutes.len(), TREND_MINUTES);
    assert_eq!(trend.minutes.back(), Some(&Some(1)));
}

proptest::proptest! {
    #[test]
    fn any_order_of_replies_gives_each_person_once(
        replies in proptest::collection::vec((0usize..4, 0i32..12, 0u8..2, 0u64..100_000, 0usize..6), 1..40)
    ) {
        let names = ["A<-", "B->", "C", "D<-"];
        let mut picture = with_campaigns(&names);
        for (order, (which, status, paused, secs, person)) in replies.into_iter().enumerate() {
            let seats = vec![seat(&format!("SIP/{person}"), status, paused == 1, secs)];
            picture.take_agents(names[which], roster(seats), 1_000_000 + order as i64 * 100);
        }
        let agents = picture.agents();
        let mut locations: Vec<_> = agents.iter().map(|agent| &agent.location).collect();
        locations.dedup();
        proptest::prop_assert_eq!(locations.len(), agents.len());
        for agent in &agents {
            proptest::prop_assert!(agent.paused_in as usize <= agent.campaigns.len());
        }
    }
}

#[test]
fn the_last_hour_is_recalled_before_and_after_the_first_reading() {
    let read = |picture: &mut Picture, at_ms: i64, waiting: u32| {
        let queue = |name: &str| QueueSummary {
            queue: name.into(),
            callers: Some(waiting),
            ..QueueSummary::default()
        };
        let statuses = vec![campaign("A", 0, 0)];
        picture.take_campaigns_of(Some(statuses), Some(vec![queue("A")]), at_ms);
        picture.campaigns()[0].waiting_trend.clone()
    };
    let mut came = IntervalCounters::default();
    came.note(0, Counters { answered: 0, abandoned: 0, service_level: None });
    let before =
        || [("A".to_owned(), LastHour { waiting: vec![Some(4), None, Some(2)], came: came.clone() })];
    let mut early = Picture::default();
    early.recall(before(), 2 * MINUTE_MS);
    assert_eq!(read(&mut early, 2 * MINUTE_MS + 1, 7), [Some(4), None, Some(7)]);
    let mut late = Picture::default();
    assert_eq!(read(&mut late, 2 * MINUTE_MS + 1, 7), [Some(7)]);
    late.recall(before(), 2 * MINUTE_MS);
    assert_eq!(late.campaigns()[0].waiting_trend, [Some(4), None, Some(7)]);
    assert_eq!(read(&mut late, 3 * MINUTE_MS, 1), [Some(4), None, Some(7), Some(1)]);
}

fn queue(name: &str, callers: u32, longest_secs: u32) -> QueueSummary {
    QueueSummary {
        queue: name.into(),
        callers: Some(callers),
        longest_hold_time_secs: Some(longest_secs),
        available: Some(callers),
        ..QueueSummary::default()
    }
}

fn counted(name: &str, waiting: u32, available: u32) -> CampaignStatus {
    CampaignStatus { waiting: Some(waiting), availables: Some(available), ..campaign(name, 5, 1) }
}

#[test]
fn a_figure_is_the_fresher_one_of_two() {
    let mut picture = Picture::default();
    picture.take_campaigns_of(Some(vec![counted("A", 2, 7)]), Some(vec![queue("A", 3, 40)]), 1_000_000);
    let figures = |picture: &Picture| {
        let one = picture.campaigns().remove(0);
        (one.waiting, one.available, one.longest_wait_secs)
    };
    assert_eq!(figures(&picture), (Some(2), Some(7), Some(40)), "of one age, each where it belongs");
    // Who is available is counted differently by the two: which of them came a moment later decides nothing.
    for (queue_ms, waiting) in [(1_000_900, 2), (1_001_100, 3)] {
        picture.take_campaigns(
            Some((vec![counted("A", 2, 7)], 1_001_000)),
            Some((vec![queue("A", 3, 40)], queue_ms)),
        );
        assert_eq!(figures(&picture), (Some(waiting), Some(7), Some(40)), "{queue_ms}");
    }
    // `campaignstatus` fails from here on.
    picture.take_campaigns_of(None, Some(vec![queue("A", 9, 43)]), 1_004_000);
    assert_eq!(figures(&picture), (Some(9), Some(9), Some(43)));
    // And comes back without this campaign, which the other one still has.
    picture.take_campaigns_of(Some(vec![counted("B", 0, 1)]), Some(vec![queue("A", 8, 46)]), 1_006_000);
    assert_eq!(figures(&picture), (Some(8), Some(8), Some(46)));
    assert_eq!(picture.campaigns()[0].answered, None, "not as it was");
}

#[test]
fn whoever_comes_when_nobody_waits_begins_to_wait_then() {
    let mut picture = Picture::default();
    picture.take_campaigns_of(Some(vec![counted("A", 2, 7)]), Some(vec![queue("A", 2, 90)]), 1_000_000);
    assert_eq!(picture.campaigns()[0].longest_wait_since_ms, Some(910_000));
    // The queue's own answer does not come while the line empties and fills again.
    picture.take_campaigns_of(Some(vec![counted("A", 0, 7)]), None, 1_003_000);
    picture.take_campaigns_of(Some(vec![counted("A", 1, 7)]), None, 1_006_000);
    assert_eq!(picture.campaigns()[0].longest_wait_since_ms, None);
}

#[test]
fn a_pause_shows_before_every_campaign_of_the_person_was_read_again() {
    let mut picture = with_campaigns(&["A", "B", "C"]);
    for name in ["A", "B", "C"] {
        picture.take_agents(name, roster(vec![seat("SIP/1", 1, false, 60)]), 1_000_000);
    }
    // Paused 5 s ago, in all of them: one roster is newer than that, the others are not.
    picture.take_agents("A", roster(vec![seat("SIP/1", 1, true, 5)]), 1_030_000);
    assert_eq!(picture.agents()[0].state, AgentState::Paused);
    // Of another one, read since, it is known that it is not.
    picture.take_agents("B", roster(vec![seat("SIP/1", 1, false, 8)]), 1_033_000);
    assert_eq!(picture.agents()[0].state, AgentState::Available);
}

#[test]
fn calls_are_told_once_no_campaign_s_part_is_missing() {
    let mut picture = with_campaigns(&["A", "B", "C"]);
    picture.take_agents("A", roster(vec![seat("SIP/1", 1, false, 60)]), 1_000_000);
    picture.take_agents("B", roster(vec![seat("SIP/1", 1, false, 60)]), 1_001_000);
    assert_eq!(picture.agents()[0].calls_taken, None, "of C nobody knows yet");
    // Its agents cannot be read: that is known now, and it is not asked again at once.
    picture.tried_agents("C", 1_002_000);
    assert_eq!(picture.agents()[0].calls_taken, Some(4));
    let asked: Vec<_> = picture.agents_asked().filter_map(|(_, at)| at).collect();
    assert_eq!(asked, [1_000_000, 1_001_000, 1_002_000]);
    // A campaign that opens later takes nothing away.
    let statuses = ["A", "B", "C", "D"].map(|name| campaign(name, 0, 0)).to_vec();
    picture.take_campaigns_of(Some(statuses), Some(Vec::new()), 1_003_000);
    picture.take_agents("A", roster(vec![seat("SIP/1", 1, false, 64)]), 1_004_000);
    assert_eq!(picture.agents()[0].calls_taken, Some(4));
}

#[test]
fn who_was_read_last_sits_at_a_shared_telephone() {
    let mut picture = with_campaigns(&["A", "B"]);
    let named = |name: &str| AgentStatus { name: Some(name.into()), ..seat("SIP/1", 1, false, 5) };
    picture.take_agents("A", roster(vec![named("ana")]), 1_000_000);
    picture.take_agents("B", roster(vec![named("luis")]), 1_003_000);
    assert_eq!(picture.agents()[0].name, "luis");
}

#[test]
fn each_answer_has_its_own_age() {
    let mut picture = Picture::default();
    let statuses = vec![counted("A", 2, 7)];
    // The queue's own answer came at once; the other one was asked for three times.
    picture.take_campaigns(Some((statuses, 1_020_000)), Some((vec![queue("A", 9, 40)], 1_000_000)));
    let one = picture.campaigns().remove(0);
    assert_eq!(one.waiting, Some(2), "the younger one's");
    assert_eq!(one.longest_wait_since_ms, Some(960_000), "forty seconds before the older one came");
}

#[test]
fn everything_is_as_old_as_it_was_when_the_clock_is_set() {
    let mut picture = with_campaigns(&["A"]);
    picture.take_campaigns_of(Some(vec![counted("A", 2, 7)]), Some(vec![queue("A", 2, 90)]), 1_000_000);
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 60)]), 1_000_000);
    picture.clock_set(-90_000);
    assert_eq!(picture.campaigns()[0].longest_wait_since_ms, Some(820_000));
    assert_eq!(picture.agents()[0].state_since_ms, Some(850_000));
    assert_eq!(picture.rosters_read().collect::<Vec<_>>(), [("A", Some(910_000))]);
    // The next reading, five seconds on: the same call goes on.
    picture.take_agents("A", roster(vec![seat("SIP/1", 2, false, 65)]), 915_000);
    assert_eq!(picture.agents()[0].state_since_ms, Some(850_000));
    let busy = picture.agent_day("SIP/1", 915_000).unwrap();
    assert_eq!((busy.seen_secs, busy.watched_since_ms), (5, 910_000), "{busy:?}");
}

proptest::proptest! {
    /// Whoever says what they said before is not made anew: beside a picture where everybody always is.
    #[test]
    fn who_goes_on_is_as_if_made_anew(
        polls in proptest::collection::vec((0usize..3, proptest::collection::vec((0usize..5, 0usize..7, proptest::bool::ANY), 0..4), 0i64..9, -3i64..4), 1..40)
    ) {
        let names = ["A", "B", "C"];
        let statuses = [1, 1, 2, 6, 5, 8, 1];
        let (mut knows, mut anew) = (with_campaigns(&names), with_campaigns(&names));
        let mut at_ms = 1_000_000;
        // State and its beginning of each person; what each campaign last said of its own.
        let mut people = [(1, false, 1_000_000); 5];
        let mut seats: [Vec<usize>; 3] = [vec![0, 1], vec![2], vec![]];
        for (campaign, changes, passed, wander) in polls {
            at_ms += passed * 1_000;
            for (who, state, moves) in changes {
                if moves {
                    match seats[campaign].iter().position(|one| *one == who) {
                        Some(place) => drop(seats[campaign].remove(place)),
                        None => seats[campaign].push(who),
                    }
                } else {
                    people[who] = (statuses[state], state == 6, at_ms);
                }
            }
            let said: Vec<AgentStatus> = seats[campaign].iter().map(|who| {
                let (status, paused, since) = people[*who];
                let secs = ((at_ms - since) / 1_000 + wander).max(0) as u64;
                AgentStatus { paused_reason: paused.then(|| "Baño".into()), ..seat(&format!("SIP/{who}"), status, paused, secs) }
            }).collect();
            knows.take_agents(names[campaign], roster(said.clone()), at_ms);
            for roster in anew.rosters.values_mut() {
                roster.shape = None;
            }
            anew.take_agents(names[campaign], roster(said), at_ms);
            proptest::prop_assert_eq!(knows.agents(), anew.agents());
            proptest::prop_assert_eq!(knows.campaigns(), anew.campaigns());
            for who in 0..5 {
                let location = format!("SIP/{who}");
                proptest::prop_assert_eq!(knows.agent_day(&location, at_ms), anew.agent_day(&location, at_ms));
            }
        }
    }
}
