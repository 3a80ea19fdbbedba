//! The same world twice, to be told different things: what differs afterwards came of that, and not of luck.
//!
//! A world draws all its chances from one stream, and after the first draw more or less everything is another day. In a branch
//! each chance goes by when it falls and for whom: as many call in both, and whoever does the same in both goes on doing so.

use fastrand::Rng;

use super::{Came, Campaign, World};

/// For whom a chance falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Falls {
    Agent,
    Campaign,
    Patience,
}

/// What came of those who called since a branch began.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Since {
    /// The step at which it did.
    began: Option<u64>,
    pub(super) came: Came,
}

impl Since {
    /// Whether somebody who came at this step is one of them.
    pub(super) fn counts(self, came: u64) -> bool {
        self.began.is_some_and(|began| came > began)
    }
}

impl Campaign {
    pub(super) fn late_since_branch(&self, now: u64) -> u32 {
        let late = |came: u64| self.since.counts(came) && now - came > u64::from(self.threshold);
        self.waiting.iter().filter(|came| late(**came)).count() as u32
    }
}

impl World {
    /// As it is, with chances of its own from now on.
    pub(crate) fn branch(&self, seed: u64) -> Self {
        let mut branch = Self { apart: Some(seed), ..self.clone() };
        for campaign in &mut branch.campaigns {
            campaign.since = Since { began: Some(self.step), came: Came::default() };
        }
        branch
    }

    /// What is drawn next goes by this moment and this one; in a world that is no branch, by all that was drawn before.
    pub(super) fn draw_apart(&mut self, falls: Falls, index: usize) {
        let Some(seed) = self.apart else { return };
        let number = (index as u64) << 2 | falls as u64;
        let mixed = [number, self.step].into_iter().fold(seed, |mixed, next| {
            // Neighbours must not be alike: the generator begins with whatever it is given.
            let mixed = (mixed ^ next).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ mixed >> 32
        });
        self.rng = Rng::with_seed(mixed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::membership::{Joined, Joining};
    use super::*;
    use crate::config::Config;

    /// How many came to each campaign since the world began.
    fn came(world: &World) -> Vec<u32> {
        let inside = world.inside();
        inside.campaigns.iter().map(|one| one.ever.answered + one.ever.abandoned + one.waiting).collect()
    }

    #[test]
    fn branches_differ_by_what_they_are_told_alone() {
        let mut world = World::new(&Config { campaigns: 8, agents: 70, ..Config::default() });
        world.bring_to(600.0);
        let [mut one, mut same, mut other, mut luck] = [5, 5, 5, 6].map(|seed| world.branch(seed));
        assert_eq!(one.inside(), world.inside(), "at first it is as it was");
        let busiest = world.campaigns[0].name.clone();
        let free = other.agents.iter().find(|agent| !agent.campaigns.contains(&0)).unwrap();
        let joining =
            Joining { campaign: busiest, interface: free.location.clone(), penalty: 0, paused: false };
        assert_eq!(other.join(&[joining]), Some(vec![Joined::Added]));
        for branch in [&mut one, &mut same, &mut other, &mut luck] {
            branch.bring_to(1_500.0);
        }
        assert_eq!(one.inside(), same.inside());
        assert_ne!(one.inside(), other.inside(), "somebody more takes calls");
        // Who came before the branch is not counted there.
        for (before, now) in world.inside().campaigns.iter().zip(one.inside().campaigns) {
            let since = now.since_branch;
            assert!(since.answered <= now.ever.answered - before.ever.answered, "{}", now.name);
            assert!(since.within <= since.answered && now.late_since_branch <= now.waiting);
            assert_eq!((before.since_branch, before.late_since_branch), (Came::default(), 0));
        }
        assert!(one.inside().campaigns[0].since_branch.answered > 0);
        assert_ne!(came(&one), came(&luck), "another seed has other callers");
        // Who is ringing is counted nowhere: as many as people may be missing.
        for (one, other) in came(&one).into_iter().zip(came(&other)) {
            assert!(one.abs_diff(other) <= 3, "the same callers: {one}, {other}");
        }
        // The day that was branched goes on as if it had not been.
        let mut undisturbed = World::new(&Config { campaigns: 8, agents: 70, ..Config::default() });
        undisturbed.bring_to(1_500.0);
        world.bring_to(1_500.0);
        assert_eq!(world.inside(), undisturbed.inside());
    }
}
