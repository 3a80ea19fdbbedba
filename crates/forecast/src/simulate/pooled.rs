//! People who serve two campaigns, for which there is no formula: against a simulation written apart, as plainly as can
//! be, with random numbers of its own.

use super::formulas::{campaign, law, laws, long, people, steady};
use crate::input::Floor;

/// One campaign of the plain simulation.
#[derive(Clone, Copy)]
struct Plain {
    arrivals: f64,
    handling: f64,
    patience: f64,
}

/// Shares answered within 20 s, shares given up, callers waiting on average. People are told by their penalty in each
/// campaign.
fn plainly(campaigns: [Plain; 2], people: &[[Option<u32>; 2]], secs: f64) -> [[f64; 3]; 2] {
    // A line of remainders, not good enough for much, but of another kind than what is tested.
    let mut state = 12_345u64;
    let mut exponential = |mean: f64| {
        state = (state * 16_807) % 2_147_483_647;
        -mean * (state as f64 / 2_147_483_647.0).ln()
    };
    let mut now = 0.0;
    let mut next_call = campaigns.map(|campaign| exponential(1.0 / campaign.arrivals));
    let mut busy_until = vec![f64::INFINITY; people.len()];
    let mut free_since: Vec<Option<f64>> = vec![Some(0.0); people.len()];
    let mut queues: [Vec<(f64, f64)>; 2] = [Vec::new(), Vec::new()];
    let mut sums = [[0.0f64; 4]; 2];
    while now < secs {
        let leaves = queues.iter().flatten().map(|(_, leaves)| *leaves).fold(f64::INFINITY, f64::min);
        let over = busy_until.iter().copied().fold(f64::INFINITY, f64::min);
        let then = leaves.min(over).min(next_call[0]).min(next_call[1]);
        for (queue, sum) in queues.iter().zip(&mut sums) {
            sum[3] += queue.len() as f64 * (then - now);
        }
        now = then;
        for (queue, sum) in queues.iter_mut().zip(&mut sums) {
            let before = queue.len();
            queue.retain(|(_, leaves)| *leaves > now);
            sum[2] += (before - queue.len()) as f64;
        }
        for (until, free) in busy_until.iter_mut().zip(&mut free_since) {
            if *until <= now {
                (*until, *free) = (f64::INFINITY, Some(now));
            }
        }
        for at in 0..2 {
            if next_call[at] <= now {
                queues[at].push((now, now + exponential(campaigns[at].patience)));
                next_call[at] = now + exponential(1.0 / campaigns[at].arrivals);
            }
        }
        // The oldest caller anybody free may take, as long as there is one.
        loop {
            let may = |at: usize, person: usize| free_since[person].is_some() && people[person][at].is_some();
            let oldest = (0..2)
                .filter(|at| !queues[*at].is_empty() && (0..people.len()).any(|person| may(*at, person)))
                .min_by(|one, other| queues[*one][0].0.total_cmp(&queues[*other][0].0));
            let Some(at) = oldest else { break };
            let person = (0..people.len())
                .filter(|person| may(at, *person))
                .min_by(|one, other| {
                    let rank = |person: usize| (people[person][at], free_since[person]);
                    rank(*one).partial_cmp(&rank(*other)).unwrap()
                })
                .unwrap();
            let (came, _) = queues[at].remove(0);
            free_since[person] = None;
            busy_until[person] = now + exponential(campaigns[at].handling);
            sums[at][0] += 1.0;
            sums[at][1] += f64::from(u8::from(now - came <= 20.0));
        }
    }
    sums.map(|[answered, within, gave_up, waited]| {
        [within / (answered + gave_up), gave_up / (answered + gave_up), waited / secs]
    })
}

#[test]
fn people_of_two_campaigns_are_shared_as_in_a_simulation_written_apart() {
    // Own people of each, and some who take the calls of the second only when nobody else can.
    let (own, other, shared) = (2, 3, 14);
    let campaigns = [
        Plain { arrivals: 7.5 / 150.0, handling: 150.0, patience: 150.0 },
        Plain { arrivals: 11.0 / 260.0, handling: 260.0, patience: 90.0 },
    ];
    let mut seats = vec![[Some(0), None]; own];
    seats.extend(vec![[None, Some(0)]; other]);
    seats.extend(vec![[Some(0), Some(3)]; shared]);
    let truth = plainly(campaigns, &seats, 8_000_000.0);

    let mut floor = Floor {
        age_secs: Some(0.0),
        campaigns: vec![campaign("one", 0), campaign("two", 0)],
        people: Vec::new(),
    };
    floor.people.extend(people(own as u32, &[(0, 0)]));
    floor.people.extend(people(other as u32, &[(1, 0)]));
    floor.people.extend(people(shared as u32, &[(0, 0), (1, 3)]));
    let laws = laws(campaigns.map(|of| law(of.arrivals, of.handling, of.patience)).to_vec());
    let told = long(&floor, &laws, 20.0, 200);
    for (at, truth) in truth.into_iter().enumerate() {
        let found = steady(&told, at);
        let found = [found.within, found.gives_up, found.waiting];
        println!("{at}: {found:?} {truth:?}");
        assert!((found[0] - truth[0]).abs() < 0.01, "within, campaign {at}: {found:?}, not {truth:?}");
        assert!((found[1] - truth[1]).abs() < 0.01, "given up, campaign {at}: {found:?}, not {truth:?}");
        assert!((found[2] / truth[2] - 1.0).abs() < 0.04, "waiting, campaign {at}: {found:?}, not {truth:?}");
    }
}
