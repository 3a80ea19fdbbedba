//! Three desks of a team on one lease: the program's own client, floor and link, over the pure row of the lease, through
//! minutes in which database, desks, ways and clocks fail.
//!
//! Left out on purpose: the SQL that the row is the twin of (a test of `atalaya-team` puts the same questions to both), and
//! shared work.

mod machine;
mod plan;
mod truth;
mod ways;
mod world;

pub use plan::Plan;

/// What is wrong with a seed, nothing if all is well; and how many requests went to the server. `twice`: it is lived through
/// again, and has to be the same to the letter.
pub fn judged(plan: &Plan, tell: bool, twice: bool) -> (Vec<String>, usize) {
    let own = match machine::live(plan, tell) {
        Ok(own) => own,
        Err(error) => return (vec![error], 0),
    };
    for line in &own.lines {
        println!("{line}");
    }
    if twice
        && let Ok(again) = machine::live(plan, false)
        && again.digest != own.digest
    {
        return (vec!["the same seed went another way the second time".to_owned()], own.requests);
    }
    (own.wrong, own.requests)
}
