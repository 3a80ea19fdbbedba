//! What following the advice is worth, tried as a medicine is: over seeds of the simulated contact centre, the campaign that is
//! worst off asks who could help, and a coin decides whether who is advised joins, through `addqueuemember` over HTTP as *Add
//! people* does, or nobody does. A quarter of an hour later, which is as far as the advice looks, it is counted what came, who
//! joined is taken out at the server's own pages (the API has no way to), and the next one asks. Whole days with and without
//! would say less: after the first who joins, two days of one seed have nothing in common but their load.
//!
//! Prints what came where it was followed and where it was not: of the campaign helped, of those that gave somebody, and of all
//! the others; asserts nothing. `-- --seeds N --from K`, `--world NAME` as for `seeds`.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

#[expect(dead_code, reason = "not every measurement has a second day")]
mod centre;

use std::collections::BTreeMap;
use std::time::Instant;

use atalaya_ahead::wire::{AdvisedPerson, AheadAdvice, AheadOutlook, CampaignAhead};
use atalaya_simulator::Curve;
use atalaya_ucontact::operations::{AddMembers, Member, Operation};
use centre::{Centre, DAY_STEPS, MINUTE};

const QUARTER: usize = 15 * MINUTE;
/// Until the floor is in its stride, and its people are known.
const FIRST: usize = 10 * MINUTE;
/// The usual rules' target, percent.
const GOAL: f64 = 80.0;

/// Campaigns over many quarters of an hour.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    quarters: f64,
    answered: f64,
    within: f64,
    gave_up: f64,
    below: f64,
    /// Levels, and their squares.
    level: f64,
    squares: f64,
    /// The same of the calls that came, as the advice says it: whoever waited before is in neither.
    coming: f64,
    coming_below: f64,
    /// How likely it was said to be below its target.
    said_below: f64,
}

/// Followed or not.
#[derive(Debug, Clone, Copy, Default)]
struct Arm {
    tried: f64,
    people: f64,
    expected_without: f64,
    expected_with: f64,
    helped: Sum,
    gave: Sum,
    others: Sum,
}

/// Answered, of them in time, given up, waiting, and of them those who may still be answered in time.
type Counts = BTreeMap<String, [f64; 5]>;

fn counts(centre: &Centre) -> Counts {
    let snapshot = centre.snapshot();
    let threshold = |name: &str| {
        let one = snapshot.campaigns.iter().find(|one| one.name == name);
        one.and_then(|one| one.service_level_threshold_secs).map_or(20.0, f64::from)
    };
    let inbound = centre.simulator.inside().campaigns.into_iter().filter(|one| one.name.ends_with("<-"));
    let of = |one: atalaya_simulator::InsideCampaign| {
        let waiting = f64::from(one.waiting);
        // Where the first is late some of the others may not be; of a line of many those are few.
        let young = one.longest_wait_secs.unwrap_or_default() as f64 <= threshold(&one.name);
        let counted = [one.answered, one.answered_within, one.abandoned].map(f64::from);
        let [answered, within, gave_up] = counted;
        (one.name, [answered, within, gave_up, waiting, if young { waiting } else { 0.0 }])
    };
    inbound.map(of).collect()
}

impl Sum {
    fn add(&mut self, before: [f64; 5], after: [f64; 5], said_below: f64) {
        let [answered, within, gave_up, waiting] = [0, 1, 2, 3].map(|at| after[at] - before[at]);
        let decided = answered + gave_up + waiting - after[4];
        if answered > 0.0 && decided > 0.0 {
            let level = (100.0 * (within - before[4]) / decided).clamp(0.0, 100.0);
            self.coming += level;
            self.coming_below += f64::from(u8::from(level < GOAL));
            self.said_below += said_below;
        }
        self.answered += answered;
        self.within += within;
        self.gave_up += gave_up;
        if answered > 0.0 {
            let level = 100.0 * within / answered;
            self.quarters += 1.0;
            self.below += f64::from(u8::from(level < GOAL));
            self.level += level;
            self.squares += level * level;
        }
    }
}

/// How likely each campaign is below its target.
type Likely = BTreeMap<String, f64>;

/// Advice, and how likely campaigns were said to be below their targets: not followed and followed.
struct Advised {
    advice: AheadAdvice,
    likely: [Likely; 2],
}

/// The campaign that is worst off of those somebody could help.
fn advised(centre: &mut Centre) -> Option<Advised> {
    let looked = centre.look();
    let below = |of: &mut dyn Iterator<Item = (&String, Option<&AheadOutlook>)>| -> Likely {
        of.filter_map(|(name, outlook)| Some((name.clone(), outlook?.ahead.last()?.below_target?))).collect()
    };
    let without = below(&mut looked.told.campaigns.iter().map(|one| (&one.name, one.outlook.as_ref())));
    let level = |one: &CampaignAhead| Some(one.outlook.as_ref()?.ahead.last()?.coming_level?.mean);
    let mut worst: Vec<(f64, &str)> =
        looked.told.campaigns.iter().filter_map(|one| Some((level(one)?, one.name.as_str()))).collect();
    worst.sort_by(|one, other| one.0.total_cmp(&other.0));
    let below_goal = worst.into_iter().filter(|(level, _)| *level < GOAL);
    let advice =
        below_goal.map(|(_, name)| looked.view.advise(name)).find(|advice| !advice.people.is_empty())?;
    let effect = advice.effect.as_ref()?;
    let with = below(&mut effect.campaigns.iter().map(|one| (&one.name, one.outlook.as_ref())));
    Some(Advised { advice, likely: [without, with] })
}

async fn join(centre: &Centre, advice: &AheadAdvice) {
    let member = |one: &AdvisedPerson| Member {
        name: one.name.clone(),
        interface: one.location.clone(),
        penalty: 0,
        paused: false,
    };
    let members = advice.people.iter().map(member).collect();
    let adding = AddMembers { campaign: advice.campaign.clone(), members };
    centre.client.perform(&Operation::AddMembers(adding)).await.expect("they join");
}

async fn day(seed: u64, curve: Curve, arms: &mut [Arm; 2]) {
    let mut centre = Centre::begin(seed, curve).await;
    let mut trial: Option<(usize, bool, Advised, Counts)> = None;
    // The first of a day is followed where its seed is odd, and then every other one.
    let mut turn = seed % 2 == 1;
    for step in 0..DAY_STEPS {
        centre.step().await;
        if step % MINUTE != 0 || step < FIRST {
            continue;
        }
        if let Some((_, followed, Advised { advice, likely }, before)) =
            trial.take_if(|(since, ..)| step - *since >= QUARTER)
        {
            let after = counts(&centre);
            let arm = &mut arms[usize::from(followed)];
            arm.tried += 1.0;
            arm.people += advice.people.len() as f64;
            arm.expected_without += advice.level_without.unwrap_or_default();
            arm.expected_with += advice.level_with.unwrap_or_default();
            for (name, after) in &after {
                let gives = advice.people.iter().any(|one| one.campaigns.contains(name));
                let sum = match (*name == advice.campaign, gives) {
                    (true, _) => &mut arm.helped,
                    (false, true) => &mut arm.gave,
                    (false, false) => &mut arm.others,
                };
                let said = likely[usize::from(followed)].get(name).copied().unwrap_or_default();
                sum.add(before[name], *after, said);
            }
            for one in advice.people.iter().filter(|_| followed) {
                centre.simulator.leave(&advice.campaign, &one.location);
            }
        }
        if trial.is_none()
            && let Some(advice) = advised(&mut centre)
        {
            if turn {
                join(&centre, &advice.advice).await;
            }
            trial = Some((step, turn, advice, counts(&centre)));
            turn = !turn;
        }
    }
    centre.simulator.stop().await;
}

fn print(name: &str, sums: [&Sum; 2]) {
    let of = |sum: &Sum| {
        let quarters = sum.quarters.max(1.0);
        let mean = sum.level / quarters;
        let error = ((sum.squares / quarters - mean * mean).max(0.0) / quarters).sqrt();
        [
            format!("{mean:.1} ± {error:.1}"),
            format!("{:.1}", sum.within / quarters),
            format!("{:.1}", sum.gave_up / quarters),
            format!("{:.0}%", 100.0 * sum.below / quarters),
            format!("{:.1}", sum.coming / quarters),
            format!("{:.0}%", 100.0 * sum.coming_below / quarters),
            format!("{:.0}%", 100.0 * sum.said_below / quarters),
            format!("{quarters:.0}"),
        ]
    };
    let (without, with) = (of(sums[0]), of(sums[1]));
    let line: String =
        without.iter().zip(&with).map(|(one, other)| format!("{one:>12}{other:>12}")).collect();
    println!("{name:<26}{line}");
}

#[tokio::main]
async fn main() {
    let (first, seeds) = (centre::asked("--from", 1), centre::asked("--seeds", 10));
    let world = centre::after("--world").unwrap_or_else(|| "usual".to_owned());
    let (_, curve) = *centre::WORLDS.iter().find(|(name, _)| *name == world).expect("a world of that name");
    let mut arms = [Arm::default(); 2];
    for seed in first..first + seeds {
        let began = Instant::now();
        day(seed, curve, &mut arms).await;
        eprintln!("seed {seed}: {:.0} s", began.elapsed().as_secs_f64());
    }
    println!(
        "{world}, seeds {first} to {}: a quarter of an hour, not followed and followed",
        first + seeds - 1
    );
    for (name, arm) in ["not followed", "followed"].iter().zip(&arms) {
        let mean = |sum: f64| sum / arm.tried.max(1.0);
        println!(
            "{name}: {:.0} times, {:.1} people each, the service level of calls to come expected {:.1} % without and {:.1} % with",
            arm.tried,
            mean(arm.people),
            mean(arm.expected_without),
            mean(arm.expected_with)
        );
    }
    let headings = [
        "level, %",
        "",
        "in time",
        "",
        "gave up",
        "",
        "below target",
        "",
        "coming, %",
        "",
        "below",
        "",
        "said",
        "",
        "of",
        "",
    ];
    let line: String = headings.iter().map(|heading| format!("{heading:>12}")).collect();
    println!("{:<26}{line}", "");
    print("the campaign helped", [&arms[0].helped, &arms[1].helped]);
    print("campaigns that gave", [&arms[0].gave, &arms[1].gave]);
    print("all the others", [&arms[0].others, &arms[1].others]);
}
