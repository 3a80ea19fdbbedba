//! What following the advice is worth: the same seeds of the simulated contact centre with and without it, through
//! `addqueuemember` over HTTP, as *Add people* does. Every five minutes the campaign with the lowest service level to come
//! asks who could help; who is advised joins, and stays, because the server knows no way back. Prints, campaign by campaign,
//! calls answered within the threshold, and in how many quarters of an hour the service level was below the target; asserts
//! nothing. `-- --seeds N --from K`, `--world NAME` as for `seeds`.

#![expect(clippy::expect_used, reason = "a measurement that cannot go on fails")]

mod centre;

use std::collections::BTreeMap;
use std::time::Instant;

use atalaya_simulator::Curve;
use atalaya_ucontact::operations::{AddMembers, Member, Operation};
use centre::{Centre, DAY_STEPS, MINUTE};

const EVERY: usize = 5 * MINUTE;
const QUARTER: usize = 15 * MINUTE;
/// The usual rules' target, percent.
const GOAL: f64 = 80.0;

/// A campaign over all seeds.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    answered: f64,
    within: f64,
    abandoned: f64,
    quarters: f64,
    below: f64,
    /// Points below the target, added up over the quarters.
    short: f64,
    helpers: f64,
    gave: f64,
}

/// By place.
type Sums = Vec<(String, Sum)>;

async fn day(seed: u64, curve: Curve, follow: bool, sums: &mut Sums) {
    let mut centre = Centre::begin(seed, curve).await;
    let mut before: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for step in 0..DAY_STEPS {
        centre.step().await;
        if follow && step % EVERY == 0 && step >= EVERY {
            follow_advice(&mut centre, sums).await;
        } else if step % MINUTE == 0 && follow {
            // What bands were worth is learned as it is where a desk runs.
            centre.look();
        }
        if step % QUARTER != 0 {
            continue;
        }
        let inside = centre.simulator.inside().campaigns;
        for one in inside.iter().filter(|one| one.name.ends_with("<-")) {
            let now = [one.answered, one.answered_within, one.abandoned].map(f64::from);
            let Some(last) = before.insert(one.name.clone(), now) else { continue };
            let (answered, within) = (now[0] - last[0], now[1] - last[1]);
            let sum = of(sums, &one.name);
            sum.answered += answered;
            sum.within += within;
            sum.abandoned += now[2] - last[2];
            if answered > 0.0 {
                let level = 100.0 * within / answered;
                sum.quarters += 1.0;
                sum.below += f64::from(u8::from(level < GOAL));
                sum.short += (GOAL - level).max(0.0);
            }
        }
    }
    centre.simulator.stop().await;
}

fn of<'a>(sums: &'a mut Sums, name: &str) -> &'a mut Sum {
    if !sums.iter().any(|(one, _)| one == name) {
        sums.push((name.to_owned(), Sum::default()));
    }
    let at = sums.iter().position(|(one, _)| one == name).expect("it was pushed");
    &mut sums[at].1
}

/// Whoever could help the campaign that is worst off joins it.
async fn follow_advice(centre: &mut Centre, sums: &mut Sums) {
    let looked = centre.look();
    let level = |one: &atalaya_ahead::wire::CampaignAhead| {
        Some(one.outlook.as_ref()?.ahead.last()?.coming_level?.mean)
    };
    let mut worst: Vec<(f64, &str)> =
        looked.told.campaigns.iter().filter_map(|one| Some((level(one)?, one.name.as_str()))).collect();
    worst.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (_, campaign) in worst.into_iter().filter(|(level, _)| *level < GOAL) {
        let advice = looked.view.advise(campaign);
        if advice.people.is_empty() {
            continue;
        }
        let member = |one: &atalaya_ahead::wire::AdvisedPerson| Member {
            name: one.name.clone(),
            interface: one.location.clone(),
            penalty: 0,
            paused: false,
        };
        let adding =
            AddMembers { campaign: campaign.to_owned(), members: advice.people.iter().map(member).collect() };
        centre.client.perform(&Operation::AddMembers(adding)).await.expect("they join");
        of(sums, campaign).helpers += advice.people.len() as f64;
        for name in advice.people.iter().flat_map(|one| &one.campaigns) {
            of(sums, name).gave += 1.0;
        }
        // The picture knows of it at the next reading: another campaign asks then.
        return;
    }
}

fn print(name: &str, without: &Sum, with: &Sum) {
    let share = |part: f64, of: f64| format!("{:.1}%", 100.0 * part / of.max(1.0));
    let columns = [
        format!("{:.0}", without.answered),
        format!("{:.0}", with.answered),
        format!("{:.0}", without.within),
        format!("{:.0}", with.within),
        share(without.within, without.answered),
        share(with.within, with.answered),
        format!("{:.0}", without.abandoned),
        format!("{:.0}", with.abandoned),
        format!("{:.0} of {:.0}", without.below, without.quarters),
        format!("{:.0} of {:.0}", with.below, with.quarters),
        format!("{:.0}", with.helpers),
        format!("{:.0}", with.gave),
    ];
    let line: String = columns.iter().map(|column| format!("{column:>12}")).collect();
    println!("{name:<20}{line}");
}

#[tokio::main]
async fn main() {
    let (first, seeds) = (centre::asked("--from", 1), centre::asked("--seeds", 10));
    let world = centre::after("--world").unwrap_or_else(|| "usual".to_owned());
    let (_, curve) = *centre::WORLDS.iter().find(|(name, _)| *name == world).expect("a world of that name");
    let (mut without, mut with) = (Sums::new(), Sums::new());
    for seed in first..first + seeds {
        let began = Instant::now();
        day(seed, curve, false, &mut without).await;
        day(seed, curve, true, &mut with).await;
        eprintln!("seed {seed}: {:.0} s", began.elapsed().as_secs_f64());
    }
    println!("{world}, seeds {first} to {}: without and with the advice followed", first + seeds - 1);
    let headings =
        ["answered", "", "in time", "", "level", "", "gave up", "", "below target", "", "joined", "gave"];
    let line: String = headings.iter().map(|heading| format!("{heading:>12}")).collect();
    println!("{:<20}{line}", "");
    let (mut all_without, mut all_with) = (Sum::default(), Sum::default());
    for (name, sum) in &without {
        let other = of(&mut with, name);
        print(name, sum, other);
        for (all, one) in [(&mut all_without, *sum), (&mut all_with, *other)] {
            all.answered += one.answered;
            all.within += one.within;
            all.abandoned += one.abandoned;
            all.quarters += one.quarters;
            all.below += one.below;
            all.short += one.short;
            all.helpers += one.helpers;
            all.gave += one.gave;
        }
    }
    print("all", &all_without, &all_with);
    println!(
        "points short of the target, quarter by quarter: {:.0} without, {:.0} with",
        all_without.short, all_with.short
    );
}
