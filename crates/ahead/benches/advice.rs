//! What following the advice is worth, in pairs: over seeds of the simulated contact centre every campaign that is below its
//! target asks now and then who could help. Where somebody could, the centre is branched into two that are as it is at that
//! moment, with the same callers to come and the same luck for whoever does the same in both; in one of them who is advised
//! joins, through `addqueuemember` over HTTP as *Add people* does, in the other nobody. A quarter of an hour later, which is
//! as far as the advice looks, both are counted, and the day goes on as if nobody had asked. Several futures are lived through
//! of each advice: the advice is of what may come, and one future is one throw of the dice.
//!
//! Prints what came with and without, of the campaign helped, of those that gave somebody and of all the others, beside what
//! was said; and pair by pair what was better, the same or worse. Asserts nothing. `-- --seeds N --from K`, `--world NAME` as
//! for `seeds`; `--people N` for another number of people; `--futures N`; `--list FILE` for each pair, line by line.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[expect(dead_code, reason = "each measurement uses a part of it")]
mod centre;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use atalaya_ahead::wire::{AdvisedPerson, AheadAdvice, AheadOutlook, CampaignAhead};
use atalaya_simulator::Curve;
use atalaya_ucontact::operations::{AddMembers, Member, Operation};
use centre::{Centre, DAY_STEPS, MINUTE};

const QUARTER: usize = 15 * MINUTE;
const QUARTER_SECS: u64 = 15 * 60;
/// Between two looks.
const LOOKS: usize = 5 * MINUTE;
/// Until the floor is in its stride, and its people are known.
const FIRST: usize = 10 * MINUTE;
/// The usual rules' target, percent.
const GOAL: f64 = 80.0;
/// Not followed and followed.
const ARMS: [&str; 2] = ["not followed", "followed"];

/// What a campaign was to the advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Helped,
    Gave,
    Other,
}

/// A campaign's quarter of an hour.
#[derive(Debug, Clone, Copy, Default)]
struct Quarter {
    /// Of the calls that came and of which it is decided: so many, and in time.
    decided: f64,
    within: f64,
    /// Everybody who gave up, those who waited before too; everybody who was answered in time.
    gave_up: f64,
    in_time: f64,
}

impl Quarter {
    fn level(&self) -> Option<f64> {
        (self.decided > 0.0).then(|| 100.0 * self.within / self.decided)
    }

    fn missed(&self) -> bool {
        self.level().is_some_and(|level| level < GOAL)
    }
}

/// What was said of a campaign: the level expected of calls to come, and how likely its target is missed.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    level: f64,
    missed: f64,
}

type Outlooks = BTreeMap<String, Said>;

/// What was said of everybody, not followed and followed.
struct Advised {
    advice: AheadAdvice,
    said: [Outlooks; 2],
}

/// One campaign in one pair.
struct Pair {
    part: Part,
    said: [Said; 2],
    came: [Quarter; 2],
}

fn said<'a>(of: impl Iterator<Item = (&'a String, Option<&'a AheadOutlook>)>) -> Outlooks {
    of.filter_map(|(name, outlook)| {
        let last = outlook?.ahead.last()?;
        Some((name.clone(), Said { level: last.coming_level?.mean, missed: last.below_target? }))
    })
    .collect()
}

/// Of each campaign below its target that was not helped lately: who could help.
fn advised(centre: &mut Centre, step: usize, lately: &mut BTreeMap<String, usize>) -> Vec<Advised> {
    let looked = centre.look();
    let without = said(looked.told.campaigns.iter().map(|one| (&one.name, one.outlook.as_ref())));
    let level = |one: &CampaignAhead| Some(one.outlook.as_ref()?.ahead.last()?.coming_level?.mean);
    let below = looked.told.campaigns.iter().filter(|one| level(one).is_some_and(|level| level < GOAL));
    let mut all = Vec::new();
    for one in below {
        if lately.get(&one.name).is_some_and(|at| step - at < QUARTER) {
            continue;
        }
        let advice = looked.view.advise(&one.name);
        let Some(effect) = advice.effect.as_ref() else { continue };
        lately.insert(one.name.clone(), step);
        let mut with = said(effect.campaigns.iter().map(|one| (&one.name, one.outlook.as_ref())));
        if let Some((said, level)) = with.get_mut(&one.name).zip(advice.level_with) {
            said.level = level;
        }
        all.push(Advised { said: [without.clone(), with], advice });
    }
    all
}

/// A branch a quarter of an hour later, where somebody joined or nobody did.
async fn lived(centre: &Centre, luck: u64, joins: Option<&AheadAdvice>) -> BTreeMap<String, Quarter> {
    let branch = centre.simulator.branch(luck).await.expect("loopback has a free port");
    let before = branch.inside();
    if let Some(advice) = joins {
        let member = |one: &AdvisedPerson| Member {
            name: one.name.clone(),
            interface: one.location.clone(),
            penalty: 0,
            paused: false,
        };
        let members = advice.people.iter().map(member).collect();
        let adding = AddMembers { campaign: advice.campaign.clone(), members };
        let client = centre::client(&branch, &centre.clock).await;
        client.perform(&Operation::AddMembers(adding)).await.expect("they join");
        let joined = branch.members(&advice.campaign);
        let there = |one: &AdvisedPerson| joined.iter().any(|member| member.location == one.location);
        assert!(advice.people.iter().all(there), "{advice:?}");
    }
    branch.advance(Duration::from_secs(QUARTER_SECS));
    let after = branch.inside();
    let quarters = before.campaigns.iter().zip(&after.campaigns).map(|(before, after)| {
        let (since, late) = (after.since_branch, after.late_since_branch);
        let quarter = Quarter {
            decided: f64::from(since.answered + since.abandoned + late),
            within: since.within.into(),
            gave_up: f64::from(after.abandoned - before.abandoned),
            in_time: f64::from(after.answered_within - before.answered_within),
        };
        (after.name.clone(), quarter)
    });
    let inbound = quarters.filter(|(name, _)| name.ends_with("<-")).collect();
    branch.stop().await;
    inbound
}

/// What came of many.
#[derive(Default)]
struct Found {
    advices: usize,
    people: usize,
    pairs: Vec<Pair>,
    list: String,
}

async fn day(seed: u64, curve: Curve, futures: u64, found: &mut Found) {
    let mut centre = Centre::begin(seed, curve).await;
    let mut lately = BTreeMap::new();
    for step in 0..2 * DAY_STEPS {
        if step == DAY_STEPS {
            centre.next_week();
        }
        centre.step().await;
        let of_day = step % DAY_STEPS;
        if !of_day.is_multiple_of(LOOKS) || of_day < FIRST || of_day + QUARTER > DAY_STEPS {
            continue;
        }
        for Advised { advice, said } in advised(&mut centre, step, &mut lately) {
            found.advices += 1;
            found.people += advice.people.len();
            for future in 0..futures {
                let luck = seed << 32 | (step as u64) << 8 | future;
                let without = lived(&centre, luck, None).await;
                let with = lived(&centre, luck, Some(&advice)).await;
                for (name, without) in without {
                    let gives = advice.people.iter().any(|one| one.campaigns.contains(&name));
                    let part = match (name == advice.campaign, gives) {
                        (true, _) => Part::Helped,
                        (false, true) => Part::Gave,
                        (false, false) => Part::Other,
                    };
                    let came = [without, with[&name]];
                    let said = [0, 1].map(|arm| said[arm].get(&name).copied());
                    // Without a forecast nothing was said of it.
                    let [Some(one), Some(other)] = said else { continue };
                    let pair = Pair { part, said: [one, other], came };
                    list(&mut found.list, &format!("{seed},{step},{future},{name}"), &pair);
                    found.pairs.push(pair);
                }
            }
        }
    }
    centre.simulator.stop().await;
}

fn list(into: &mut String, named: &str, pair: &Pair) {
    let _ = write!(into, "{named},{:?}", pair.part);
    for (said, came) in pair.said.iter().zip(&pair.came) {
        let Quarter { decided, within, gave_up, in_time } = came;
        let Said { level, missed } = said;
        let _ = write!(into, ",{level:.1},{missed:.3},{decided},{within},{gave_up},{in_time}");
    }
    into.push('\n');
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / f64::max(count, 1.0)
}

/// Of one part, not followed beside followed.
fn print(name: &str, pairs: &[&Pair]) {
    println!("\n{name}: {} quarters of an hour", pairs.len());
    // Where no call came there is no level in either.
    let known: Vec<&&Pair> =
        pairs.iter().filter(|pair| pair.came.iter().all(|came| came.level().is_some())).collect();
    for (arm, named) in ARMS.iter().enumerate() {
        let sum = |of: fn(&Quarter) -> f64| pairs.iter().map(|pair| of(&pair.came[arm])).sum::<f64>();
        let missed = known.iter().filter(|pair| pair.came[arm].missed()).count();
        println!(
            "  {named:<13} level of calls that come: said {:.1} %, came {:.1} % (of all calls together {:.1} %); \
             missed: said {:.1} %, came {missed} of {} ({:.1} %); in time {:.1}, gave up {:.1} each",
            mean(known.iter().map(|pair| pair.said[arm].level)),
            mean(known.iter().filter_map(|pair| pair.came[arm].level())),
            100.0 * sum(|one| one.within) / sum(|one| one.decided).max(1.0),
            100.0 * mean(known.iter().map(|pair| pair.said[arm].missed)),
            known.len(),
            100.0 * missed as f64 / known.len().max(1) as f64,
            sum(|one| one.in_time) / pairs.len().max(1) as f64,
            sum(|one| one.gave_up) / pairs.len().max(1) as f64,
        );
    }
    let count = |of: &dyn Fn(&Pair) -> std::cmp::Ordering| {
        let mut counts = [0; 3];
        for pair in &known {
            counts[(of(pair) as i8 + 1) as usize] += 1;
        }
        format!("{} better, {} the same, {} worse", counts[2], counts[1], counts[0])
    };
    println!(
        "  followed: level {}; target missed {}",
        count(&|pair| {
            let [without, with] = pair.came.map(|came| came.level().unwrap_or_default());
            with.total_cmp(&without)
        }),
        count(&|pair| pair.came[0].missed().cmp(&pair.came[1].missed())),
    );
}

#[tokio::main]
async fn main() {
    let (first, seeds) = (centre::asked("--from", 1), centre::asked("--seeds", 10));
    let futures = centre::asked("--futures", 4);
    let world = centre::after("--world").unwrap_or_else(|| "usual".to_owned());
    let (_, curve) = *centre::WORLDS.iter().find(|(name, _)| *name == world).expect("a world of that name");
    let mut found = Found::default();
    for seed in first..first + seeds {
        let began = Instant::now();
        day(seed, curve, futures, &mut found).await;
        let advices = found.advices;
        eprintln!("seed {seed}: {:.0} s, {advices} advices so far", began.elapsed().as_secs_f64());
        // Whoever ends a long measurement has what there is.
        if let Some(file) = centre::after("--list") {
            std::fs::write(file, &found.list).expect("writable");
        }
    }
    println!(
        "{world}, seeds {first} to {}, two days each: {} advices of {:.1} people, {futures} futures of each, not followed and \
         followed",
        first + seeds - 1,
        found.advices,
        found.people as f64 / found.advices.max(1) as f64
    );
    for (part, name) in [
        (Part::Helped, "the campaign helped"),
        (Part::Gave, "campaigns that gave somebody"),
        (Part::Other, "all the others"),
    ] {
        let pairs: Vec<&Pair> = found.pairs.iter().filter(|pair| pair.part == part).collect();
        print(name, &pairs);
    }
}
