//! What a floor is asked: what comes, what if, who could help; and what is said where too little is known.

mod floors;

use atalaya_forecast::advise::NoAdvice;
use atalaya_forecast::calibrate::Calibration;
use atalaya_forecast::input::{Doing, Floor, Known, Times, Weekday};
use atalaya_forecast::outcome::{Colour, Limited, Outlook};
use atalaya_forecast::whatif::Change;
use atalaya_forecast::{Basis, Reason, Scene};
use floors::{campaign, known, targets, team, uneven};

/// A floor of whose people it is known that they take no breaks.
fn scene(floor: Floor) -> Scene {
    with_luck(floor, 7)
}

fn with_luck(floor: Floor, seed: u64) -> Scene {
    let count = floor.campaigns.len();
    let mut known = known(count, 160.0, 20.0, 240.0);
    (known.break_secs, known.breaks_per_free_hour) = (vec![300.0; 20], Some(0.0));
    Scene::new(floor, &known, targets(count), seed)
}

#[test]
fn too_few_people_make_a_line_that_grows_by_what_they_cannot_take() {
    // Ten people take 3.33 calls a minute of three minutes each; five come, and nobody gives up.
    let floor =
        Floor { age_secs: Some(0.0), campaigns: vec![campaign("one", 5.0, 4, 50.0)], people: team(0, 10, 0) };
    let mut known = known(1, 180.0, 0.0, 240.0);
    known.campaigns[0].abandoned_waits.clear();
    known.campaigns[0].answered_waits = vec![14_000.0; 200];
    let forecast = Scene::new(floor, &known, targets(1), 3).forecast();
    let outlook = forecast.campaigns[0].as_ref().unwrap();
    for ahead in &outlook.ahead {
        let expected = 4.0 + (5.0 - 10.0 / 3.0) * f64::from(ahead.minutes);
        assert!((ahead.waiting.middle - expected).abs() < 3.0, "{expected} {ahead:?}");
        assert!(ahead.waiting.low < ahead.waiting.mean && ahead.waiting.mean < ahead.waiting.high);
        assert!(ahead.gives_up.high < 1.0);
    }
    assert!((outlook.calls_per_hour - 300.0).abs() < 15.0, "{}", outlook.calls_per_hour);
    // Red from ten waiting: six more at 1.67 a minute, in three and a half minutes.
    let red = outlook
        .passing
        .iter()
        .find(|one| one.limited == Limited::Waiting && one.colour == Colour::Red)
        .unwrap();
    assert!(red.likely > 0.9 && red.clears < 0.25, "{red:?}");
    let when = red.in_secs.unwrap();
    assert!((120.0..330.0).contains(&when.middle), "{when:?}");
}

#[test]
fn calls_come_as_they_usually_do_at_this_time() {
    // In the next half hour, five minutes from now, three times as many as in this one; nothing was watched.
    let mut floor =
        Floor { age_secs: Some(0.0), campaigns: vec![campaign("one", 0.0, 0, 0.0)], people: team(0, 90, 90) };
    floor.campaigns[0].readings.clear();
    let mut known = known(1, 160.0, 20.0, 240.0);
    known.into_half_hour_secs = 1_500.0;
    known.campaigns[0].weekdays =
        vec![Weekday { before: None, this: Some(180), next: Some(540), ..Weekday::default() }; 4];
    let forecast = Scene::new(floor, &known, targets(1), 3).forecast();
    let outlook = forecast.campaigns[0].as_ref().unwrap();
    let [five, ten, fifteen] = [0, 1, 2].map(|at| outlook.ahead[at].calls.mean);
    // Six a minute in the middle of this half hour, eighteen in the middle of the next, along a line between.
    for (calls, at_secs) in [(five, 750.0), (ten - five, 1_050.0), (fifteen - ten, 1_350.0)] {
        let expected = 5.0 * (6.0 + 12.0 * at_secs / 1_800.0);
        assert!((calls / expected - 1.0f64).abs() < 0.06, "{calls}, not {expected}");
    }
    assert!((fifteen / (outlook.calls_per_hour / 4.0) - 1.0).abs() < 0.05);
}

#[test]
fn a_line_with_more_than_enough_people_clears_by_itself() {
    let floor = Floor {
        age_secs: Some(0.0),
        campaigns: vec![campaign("one", 2.0, 14, 150.0)],
        people: team(0, 20, 0),
    };
    let forecast = scene(floor).forecast();
    let outlook = forecast.campaigns[0].as_ref().unwrap();
    let red = outlook
        .passing
        .iter()
        .find(|one| one.limited == Limited::Either && one.colour == Colour::Red)
        .unwrap();
    assert_eq!((red.likely, red.in_secs.unwrap().high), (1.0, 0.0), "it is red now");
    assert!(red.clears > 0.95, "{red:?}");
    assert!(red.clears_in_secs.unwrap().middle < 240.0, "{red:?}");
}

#[test]
fn what_if_differs_where_people_are_and_nowhere_else() {
    let scene = scene(uneven());
    let without = scene.forecast();
    let with = scene.what_if(&without, &[Change::More { campaign: 0, people: 4 }]);
    let differs = with.differs[0].unwrap();
    assert!(differs[2].waiting.high <= 0.0 && differs[2].waiting.mean < -2.0, "{differs:?}");
    assert!(differs[2].coming_level.unwrap().low > 0.0, "{differs:?}");
    // Nobody of the other campaign serves this one: the same callers meet the same people there.
    assert_eq!(with.campaigns[1], without.campaigns[1]);
    let nothing = scene.what_if(&without, &[]);
    assert_eq!(nothing.campaigns, without.campaigns);
    // Fewer make it worse; those who are not there are told.
    let fewer = scene.what_if(&without, &[Change::Fewer { campaign: 0, people: 14 }]);
    assert_eq!(fewer.left_out, 2);
    assert!(fewer.differs[0].unwrap()[2].waiting.mean > 5.0);
    let nobody = scene.what_if(&without, &[Change::Join { person: 999, campaign: 0, penalty: 0 }]);
    assert_eq!((nobody.left_out, &nobody.campaigns), (1, &without.campaigns));
    // Eight people who are busy in the other campaign go over: one gets better by what the other loses.
    let moved: Vec<Change> = (30..38)
        .flat_map(|person| {
            [Change::Join { person, campaign: 0, penalty: 0 }, Change::Leave { person, campaign: 1 }]
        })
        .collect();
    let moved = scene.what_if(&without, &moved);
    assert_eq!(moved.left_out, 0);
    let gains = |at: usize| moved.differs[at].unwrap()[2].gives_up.mean;
    assert!(gains(0) < -2.0 && gains(1) > 0.0, "{} {}", gains(0), gains(1));
    assert_eq!(scene.what_if(&without, &[Change::Leave { person: 30, campaign: 0 }]).left_out, 1);
}

fn level(outlook: &Result<Outlook, Reason>) -> f64 {
    let level = outlook.as_ref().ok().and_then(|outlook| outlook.ahead[2].coming_level);
    level.map_or(f64::NAN, |level| level.mean)
}

#[test]
fn whoever_can_be_spared_helps_and_no_more_than_needed() {
    let scene = scene(uneven());
    let without = scene.forecast();
    assert!(level(&without.campaigns[0]) < 70.0 && level(&without.campaigns[1]) > 90.0);
    let advice = scene.advise(&without, 0, &Calibration::default()).unwrap();
    assert!(advice.level_without < 80.0 && advice.level_with >= 80.0, "{advice:?}");
    assert!(!advice.people.is_empty());
    assert!(level(&advice.effect.campaigns[1]) > 80.0);
    let floor = uneven();
    for person in &advice.people {
        assert_eq!(floor.people[*person].doing, Doing::Available, "free people of the other campaign");
        assert_eq!(floor.people[*person].seats[0].campaign, 1);
    }
    // One fewer is not enough.
    let join = |person: &usize| Change::Join { person: *person, campaign: 0, penalty: 0 };
    let fewer: Vec<Change> = advice.people[1..].iter().map(join).collect();
    let runs = scene.what_if(&without, &fewer);
    assert!(level(&runs.campaigns[0]) < level(&advice.effect.campaigns[0]) - 1.0);
    assert_eq!(scene.advise(&without, 1, &Calibration::default()).err(), Some(NoAdvice::OnTarget));
    assert_eq!(scene.advise(&without, 9, &Calibration::default()).err(), Some(NoAdvice::NoTarget));
}

#[test]
fn nobody_is_suggested_who_is_needed_where_they_are() {
    // The other campaign just meets its target, and whoever helps would be missed; or it does not meet it.
    for (people, free, levels) in [(15, 3, 80.0..90.0), (13, 1, 40.0..80.0)] {
        let mut floor = uneven();
        floor.people.truncate(12);
        floor.people.extend(team(1, people, free));
        let scene = scene(floor);
        let without = scene.forecast();
        let spare = level(&without.campaigns[1]);
        assert!(levels.contains(&spare), "{spare}");
        assert_eq!(scene.advise(&without, 0, &Calibration::default()).err(), Some(NoAdvice::NeededElsewhere));
    }
    // On breaks, away, or there already: nobody to ask.
    let mut floor = uneven();
    floor.people.truncate(14);
    floor.people[12].doing = Doing::OnBreak;
    floor.people[13].doing = Doing::Away;
    let scene = self::scene(floor);
    let without = scene.forecast();
    assert_eq!(scene.advise(&without, 0, &Calibration::default()), Err(NoAdvice::NobodyToAsk));
}

/// How likely a campaign's target is missed at the end of the quarter.
fn missed(outlook: &Result<Outlook, Reason>) -> f64 {
    let ahead = outlook.as_ref().ok().map(|outlook| &outlook.ahead[2]);
    ahead.and_then(|ahead| ahead.below_target).unwrap_or(f64::NAN)
}

#[test]
fn whoever_gives_somebody_can_do_without_them() {
    // More and more people in the other campaign, few of them free; with other luck too, so that nobody is found whose loss
    // was small by chance.
    let mut advised = 0;
    for (people, seed) in (22..36).flat_map(|people| [(people, 7), (people, 1), (people, 2)]) {
        let mut floor = uneven();
        floor.people.truncate(12);
        floor.people.extend(team(1, people, people / 4));
        let scene = with_luck(floor.clone(), seed);
        let without = scene.forecast();
        let Ok(advice) = scene.advise(&without, 0, &Calibration::default()) else { continue };
        advised += 1;
        let join = |person: &usize| Change::Join { person: *person, campaign: 0, penalty: 0 };
        let leave = |person: &usize| Change::Leave { person: *person, campaign: 1 };
        let gone: Vec<Change> =
            advice.people.iter().flat_map(|person| [join(person), leave(person)]).collect();
        for scene in [scene, with_luck(floor, !seed)] {
            let without = scene.forecast();
            let gone = scene.what_if(&without, &gone);
            let (before, then) = (missed(&without.campaigns[1]), missed(&gone.campaigns[1]));
            assert!(then <= before + 0.031, "{people} people, {seed}: {before} and {then}");
        }
    }
    assert!(advised >= 3, "{advised}");
}

#[test]
fn nobody_is_suggested_where_breaks_or_calls_are_not_known_yet() {
    let told = |known: &Known| {
        let scene = Scene::new(uneven(), known, targets(2), 7);
        scene.advise(&scene.forecast(), 0, &Calibration::default()).err()
    };
    let mut all = known(2, 160.0, 20.0, 240.0);
    assert_eq!(told(&all), Some(NoAdvice::NotKnownYet), "nobody knows of breaks");
    (all.break_secs, all.breaks_per_free_hour) = (vec![300.0; 20], Some(0.0));
    assert_eq!(told(&all), None);
    // How long calls take elsewhere is as good as nothing better; an average of the server's alone is not.
    let times = Times { average_talk_secs: Some(160.0), ..Times::default() };
    all.campaigns[0] = times.clone();
    assert_ne!(told(&all), Some(NoAdvice::NotKnownYet));
    all.campaigns[1] = times;
    assert_eq!(told(&all), Some(NoAdvice::NotKnownYet));
}

#[test]
fn a_target_that_is_no_number_is_none() {
    let mut odd = targets(2);
    odd.campaigns[0].level_percent = Some(f64::NAN);
    let scene = Scene::new(uneven(), &known(2, 160.0, 20.0, 240.0), odd, 7);
    let without = scene.forecast();
    assert_eq!(without.campaigns[0].as_ref().unwrap().ahead[2].goal, None);
    assert_eq!(scene.advise(&without, 0, &Calibration::default()).err(), Some(NoAdvice::NoTarget));
}

#[test]
fn where_it_may_help_and_may_not_nothing_is_suggested() {
    // A call every four minutes: whether one more person helps anybody within the quarter is chance.
    let mut people = team(0, 2, 0);
    people.extend(team(1, 6, 6));
    let floor = Floor {
        age_secs: Some(1.0),
        campaigns: vec![campaign("one", 0.27, 0, 0.0), campaign("two", 0.3, 0, 0.0)],
        people,
    };
    let scene = scene(floor);
    let without = scene.forecast();
    let told = level(&without.campaigns[0]);
    assert!((50.0..80.0).contains(&told), "{told}");
    assert_eq!(scene.advise(&without, 0, &Calibration::default()).err(), Some(NoAdvice::NotSure));
}

#[test]
fn too_little_known_is_a_reason_and_not_a_forecast() {
    let of = |change: &dyn Fn(&mut Floor, &mut Known)| {
        let mut floor = uneven();
        let mut known = known(2, 160.0, 20.0, 240.0);
        change(&mut floor, &mut known);
        let forecast = Scene::new(floor, &known, targets(2), 1).forecast();
        forecast.campaigns.into_iter().map(Result::err).collect::<Vec<_>>()
    };
    assert_eq!(of(&|_, _| ()), [None, None]);
    let both = |reason| [Some(reason), Some(reason)];
    assert_eq!(of(&|floor, _| floor.age_secs = None), both(Reason::NothingRead));
    assert_eq!(of(&|floor, _| floor.age_secs = Some(200.0)), both(Reason::TooOld));
    assert_eq!(of(&|floor, _| floor.age_secs = Some(f64::NAN)), both(Reason::TooOld));
    let one = |reason| [Some(reason), None];
    assert_eq!(of(&|floor, _| floor.campaigns[0].inbound = false), one(Reason::Outbound));
    assert_eq!(of(&|floor, _| floor.campaigns[0].waiting = None), one(Reason::WaitingUnknown));
    assert_eq!(of(&|floor, _| floor.campaigns[0].readings.clear()), one(Reason::WatchedTooShort));
    assert_eq!(of(&|floor, _| floor.campaigns[0].people_known = false), one(Reason::PeopleUnknown));
    let unknown = |floor: &mut Floor| {
        floor.people[..4].iter_mut().for_each(|person| person.doing = Doing::Unknown);
    };
    assert_eq!(of(&|floor, _| unknown(floor)), one(Reason::PeopleUnknown));
    assert_eq!(of(&|_, known| known.campaigns.clear()), both(Reason::HandlingUnknown));
    let jump = |floor: &mut Floor| {
        if let Some(last) = floor.campaigns[0].readings.last_mut() {
            last.answered = Some(4_000_000_000);
        }
    };
    assert_eq!(of(&|floor, _| jump(floor)), one(Reason::Implausible));
    // Earlier weekdays stand in for what was not watched.
    let usual = |floor: &mut Floor, known: &mut Known| {
        floor.campaigns[0].readings.clear();
        known.campaigns[0].weekdays = vec![Weekday { this: Some(126), ..Weekday::default() }; 3];
    };
    assert_eq!(of(&usual), [None, None]);
}

#[test]
fn a_forecast_says_what_it_stands_on() {
    let mut floor = uneven();
    let mut known = known(2, 160.0, 20.0, 240.0);
    known.campaigns[1] = Times { average_talk_secs: Some(90.0), ..Times::default() };
    floor.campaigns[0].waiting.as_mut().unwrap().longest_secs = None;
    floor.campaigns.push(campaign("unwatched", 1.0, 0, 0.0));
    floor.campaigns[2].readings.clear();
    floor.people[20].seats.push(atalaya_forecast::input::Seat { campaign: 2, penalty: 0, paused: false });
    let forecast = Scene::new(floor, &known, targets(3), 1).forecast();
    let grounds = |at: usize| forecast.campaigns[at].as_ref().unwrap().grounds;
    let (one, two) = (grounds(0), grounds(1));
    assert_eq!(
        (one.arrivals, one.talk, one.wrap_up, one.patience),
        (Basis::Own, Basis::Own, Basis::Own, Basis::Own)
    );
    assert!(one.waits_assumed && !one.shares_with_unknown && one.breaks_unknown);
    assert_eq!((two.talk, two.wrap_up, two.patience), (Basis::Wider, Basis::Wider, Basis::Wider));
    assert!(!two.waits_assumed && two.shares_with_unknown);
    assert_eq!(forecast.campaigns[2].as_ref().err(), Some(&Reason::WatchedTooShort));
}

#[test]
fn people_on_breaks_come_back_and_others_go() {
    // Everybody is on a break that lasts five minutes; and then in one scene nobody knows how long.
    let mut floor = uneven();
    for person in &mut floor.people[..12] {
        (person.doing, person.for_secs, person.call_of) = (Doing::OnBreak, Some(60.0), None);
    }
    let mut known = known(2, 160.0, 20.0, 240.0);
    let waiting = |known: &Known| {
        let forecast = Scene::new(floor.clone(), known, targets(2), 1).forecast();
        forecast.campaigns[0].as_ref().unwrap().ahead[2].waiting.mean
    };
    let gone = waiting(&known);
    (known.break_secs, known.breaks_per_free_hour) = (vec![300.0; 20], Some(0.0));
    let back = waiting(&known);
    assert!(back < 0.6 * gone, "{back} {gone}");
    // As many again have lasted for half an hour and go on: fewer come back.
    known.break_secs_so_far = vec![1_800.0; 20];
    let some = waiting(&known);
    assert!(some > back + 0.2 * (gone - back), "{some} {back} {gone}");
    known.break_secs_so_far.clear();
    // Where nobody is ever free nobody goes for being free, and some do after a call.
    known.breaks_per_free_hour = Some(12.0);
    let free = waiting(&known);
    assert!((free - back).abs() < 1.0, "{free} {back}");
    known.breaks_per_call = Some(0.15);
    let called = waiting(&known);
    assert!(called > back + 1.0, "{called} {back}");
}

#[test]
fn whoever_is_free_goes_on_breaks_too() {
    let mut known = known(2, 160.0, 20.0, 240.0);
    known.break_secs = vec![600.0; 20];
    let answered_in_time =
        |known: &Known| level(&Scene::new(uneven(), known, targets(2), 1).forecast().campaigns[1]);
    known.breaks_per_free_hour = Some(0.0);
    let stay = answered_in_time(&known);
    known.breaks_per_free_hour = Some(12.0);
    let go = answered_in_time(&known);
    assert!(stay > 99.0 && go < stay - 1.5, "{stay} {go}");
}
