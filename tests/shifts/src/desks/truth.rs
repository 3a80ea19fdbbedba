//! Was it right? Who asked the server, under which epoch and when, what was published, and what each desk showed, against
//! the one row and true time.

use std::collections::BTreeMap;
use std::time::Duration;

use atalaya_floor::Reading;
use atalaya_floor::wire::Snapshot;
use atalaya_team::LeaseRow;
use atalaya_team::wire::{TeamPart, TeamState};

use crate::desks::plan::{DESKS, Plan};

/// The first mark: nobody has so many agents.
const FIRST_MARK: u32 = 1_000_000;
/// A desk that hears nothing asks by itself after this at the earliest.
const FIRST_PATIENCE: Duration = Duration::from_secs(5);
/// Bursts are looked for in windows of this.
const WINDOW: Duration = Duration::from_secs(10);
/// A lease is held for so long at least, and a silent desk keeps it for so long at least.
const SHORTEST_LEASE: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(15);
/// Two ways and the steps of the machine.
const SLACK: Duration = Duration::from_secs(2);
/// Two desks that read within the same moment: what they know of the database's clock wanders by so much.
const WANDER: Duration = Duration::from_millis(500);
const MOST_TOLD: usize = 8;

/// A poll of the campaigns.
#[derive(Debug, Clone)]
struct Poll {
    desk: usize,
    left: Duration,
    /// It was asked for everybody.
    for_all: bool,
    came: Option<Duration>,
    /// The epoch it was published under.
    epoch: Option<i64>,
}

/// What a desk showed so far.
#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    revision: u64,
    mark: u32,
    /// When that answer was given.
    of: Duration,
    epoch: i64,
}

/// What was found out so far.
pub struct Truth {
    every: Duration,
    polls: BTreeMap<u32, Poll>,
    /// Whose each epoch is, and until when.
    grants: BTreeMap<i64, (usize, Duration)>,
    /// When the database last told each desk how things stand, and the time before: in the step under way it may not know yet.
    heard: [(Duration, Duration); DESKS],
    shown: [Shown; DESKS],
    /// Since when each desk could ask.
    able_since: [Option<Duration>; DESKS],
    /// Its way to the server failed, and it has not asked for everybody since: it leaves that to others.
    shy: [bool; DESKS],
    last_came: Duration,
    pub requests: Vec<Duration>,
    pub wrong: Vec<String>,
    digest: u64,
    pub lines: Option<Vec<String>>,
}

impl Truth {
    pub fn new(plan: &Plan, lines: bool) -> Self {
        Self {
            every: plan.every,
            polls: BTreeMap::new(),
            grants: BTreeMap::new(),
            heard: [(Duration::ZERO, Duration::ZERO); DESKS],
            shown: [Shown::default(); DESKS],
            able_since: [None; DESKS],
            shy: [false; DESKS],
            last_came: Duration::ZERO,
            requests: Vec::new(),
            wrong: Vec::new(),
            digest: 0,
            lines: lines.then(Vec::new),
        }
    }

    /// One line for everything that happens: the same seed gives the same ones.
    pub fn note(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(lines) = &mut self.lines {
            lines.push(line.to_owned());
        }
    }

    /// All lines so far, as one number.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    pub fn say(&mut self, now: Duration, what: &str) {
        let line = format!("{:.3} s: {what}", now.as_secs_f64());
        self.note(&format!("WRONG {line}"));
        if self.wrong.len() < MOST_TOLD {
            self.wrong.push(line);
        }
    }

    /// A desk begins, or begins anew: it has shown nothing.
    pub fn opened(&mut self, desk: usize, now: Duration) {
        self.heard[desk] = (now, now);
        self.shown[desk] = Shown::default();
        self.note(&format!("{:.3} {desk} opens", now.as_secs_f64()));
    }

    /// The database told a desk how things stand.
    pub fn heard(&mut self, desk: usize, now: Duration) {
        self.heard[desk] = (now, self.heard[desk].0);
    }

    /// A desk asks the server for the campaigns; it takes itself to have this part, of this epoch. The poll's mark.
    pub fn asks(
        &mut self,
        desk: usize,
        believes: Option<(TeamPart, i64)>,
        row: &LeaseRow,
        now: Duration,
    ) -> u32 {
        self.note(&format!("{:.3} {desk} asks: {believes:?}", now.as_secs_f64()));
        match believes {
            Some((TeamPart::Asks, epoch)) => {
                let holds = row.desk == Some(desk as u32) && row.epoch == epoch;
                if !holds || row.until.is_none_or(|until| until <= now) {
                    self.say(now, &format!("desk {desk} asks under epoch {epoch}, the row is {row:?}"));
                }
            }
            Some((TeamPart::Apart, _)) => {
                let (last, before) = self.heard[desk];
                let heard = if last >= now { before } else { last };
                if now.saturating_sub(heard) < FIRST_PATIENCE {
                    self.say(now, &format!("desk {desk} asks by itself, and heard of the team at {heard:?}"));
                }
            }
            _ => self.say(now, &format!("desk {desk} asks, and it is {believes:?}")),
        }
        let for_all = matches!(believes, Some((TeamPart::Asks, _)));
        let mark = FIRST_MARK + self.polls.len() as u32;
        self.polls.insert(mark, Poll { desk, left: now, for_all, came: None, epoch: None });
        mark
    }

    /// A desk's way to the server is bad from now on.
    pub fn server_lost(&mut self, desk: usize) {
        self.shy[desk] = true;
    }

    /// The answer of a poll arrived at the desk.
    pub fn came(&mut self, desk: usize, mark: u32, now: Duration) {
        self.note(&format!("{:.3} {desk} has {mark}", now.as_secs_f64()));
        if let Some(poll) = self.polls.get_mut(&mark) {
            poll.came = Some(now);
            self.shy[desk] &= !poll.for_all;
            self.last_came = now;
        }
    }

    /// A desk that stood still goes on: what came meanwhile it takes now, and cannot know of since when it lay there.
    pub fn goes_on(&mut self, desk: usize, since: Duration, now: Duration) {
        for poll in self.polls.values_mut().filter(|poll| poll.desk == desk) {
            poll.came = poll.came.map(|came| if came >= since { now } else { came });
        }
    }

    /// The database let a desk have the lease, or keep it.
    pub fn granted(&mut self, desk: usize, epoch: i64, now: Duration, until: Duration) {
        let newest = self.grants.last_key_value().map(|(epoch, grant)| (*epoch, *grant));
        match newest {
            Some((of, (whose, _))) if of == epoch => {
                if whose != desk {
                    self.say(now, &format!("epoch {epoch} of desk {whose} is desk {desk}'s too"));
                }
            }
            Some((of, (_, over))) if of > epoch || over > now => {
                self.say(now, &format!("epoch {epoch} begins, and {of} lasts until {over:?}"));
            }
            _ => {}
        }
        self.grants.insert(epoch, (desk, until));
    }

    /// The lease was given away.
    pub fn given(&mut self, now: Duration) {
        if let Some(mut newest) = self.grants.last_entry() {
            newest.get_mut().1 = now;
        }
    }

    /// The database took a reading.
    pub fn published(&mut self, desk: usize, epoch: i64, reading: &Reading, now: Duration) {
        let newest = self.grants.last_key_value().map(|(epoch, grant)| (*epoch, *grant));
        if !newest.is_some_and(|(of, (whose, until))| of == epoch && whose == desk && until > now) {
            self.say(
                now,
                &format!("a reading of desk {desk} under {epoch} was taken, the lease is {newest:?}"),
            );
        }
        let Reading::Campaigns { statuses: Some((statuses, _)), .. } = reading else { return };
        let mark = statuses.first().and_then(|status| status.total_agents).unwrap_or_default();
        self.note(&format!("{:.3} {desk} published {mark} under {epoch}", now.as_secs_f64()));
        let Some(poll) = self.polls.get_mut(&mark) else {
            return self.say(now, &format!("desk {desk} published {mark}, which nobody read"));
        };
        let of = poll.desk;
        let before = poll.epoch.replace(epoch);
        if of != desk || before.is_some() {
            self.say(now, &format!("desk {desk} published what desk {of} read, before under {before:?}"));
        }
    }

    /// What a desk that runs shows.
    pub fn look(&mut self, desk: usize, snapshot: &Snapshot, state: &TeamState, now: Duration) {
        if snapshot.revision == self.shown[desk].revision {
            return;
        }
        self.shown[desk].revision = snapshot.revision;
        let mark = snapshot.campaigns.first().and_then(|row| row.total_agents).unwrap_or_default();
        let before = self.shown[desk];
        if mark < FIRST_MARK || mark == before.mark {
            return;
        }
        let Some(poll) = self.polls.get(&mark).cloned() else {
            return self.say(now, &format!("desk {desk} shows {mark}, which nobody read"));
        };
        self.note(&format!("{:.3} {desk} shows {mark}", now.as_secs_f64()));
        let of = poll.came.unwrap_or_default();
        if poll.came.is_none() {
            self.say(now, &format!("desk {desk} shows {mark}, which never came"));
        }
        if of + WANDER < before.of {
            let older = before.of.saturating_sub(of);
            self.say(now, &format!("desk {desk} shows a picture {older:?} older than it showed before"));
        }
        if poll.desk != desk && poll.epoch.is_none() {
            self.say(now, &format!("desk {desk} shows {mark} of desk {}, which was not taken", poll.desk));
        }
        let epoch = poll.epoch.unwrap_or(before.epoch);
        if epoch < before.epoch && poll.desk != desk {
            self.say(now, &format!("desk {desk} shows epoch {epoch} after {}", before.epoch));
        }
        // Its own, and it knows that somebody else asks since before it left.
        if poll.desk == desk
            && state.part == TeamPart::Follows
            && self.grants.get(&state.epoch).is_some_and(|(whose, _)| *whose != desk)
            && state.epoch > epoch
            && before.mark != 0
            && now.saturating_sub(poll.left) > self.every * 3
        {
            self.say(now, &format!("desk {desk} shows its own of {:?} at epoch {}", poll.left, state.epoch));
        }
        self.shown[desk] = Shown { revision: snapshot.revision, mark, of, epoch: epoch.max(before.epoch) };
    }

    /// Looks whether somebody asks, at a moment at which these desks could. `lost`: some desk's way to the server failed
    /// lately, which takes a while to notice.
    pub fn somebody_asks(&mut self, able: [bool; DESKS], lost: bool, now: Duration) {
        for (since, able) in self.able_since.iter_mut().zip(able) {
            *since = if able { since.or(Some(now)) } else { None };
        }
        let lease = self.every.mul_f64(1.5).max(SHORTEST_LEASE);
        let mut within = (self.every * 3).max(lease + self.every / 2 + SLACK) + SLACK;
        let all_shy = able.iter().zip(self.shy).all(|(able, shy)| !able || shy);
        if lost || all_shy {
            // It is noticed in silence, and who was shy waits up to four leases for others.
            within += SILENT.max(self.every * 3) + self.every * 2 + lease * 4;
        }
        let able_for = self.able_since.iter().flatten().map(|since| now.saturating_sub(*since)).max();
        let unread_for = now.saturating_sub(self.last_came);
        if able_for.is_some_and(|able_for| able_for.min(unread_for) > within) {
            self.say(now, &format!("nobody asks for {unread_for:?}, and a desk could for {able_for:?}"));
            // Told once.
            self.last_came = now;
        }
    }

    /// The campaigns were asked for no oftener than one desk alone would, or nearly.
    pub fn account(&mut self, per_second: f64, killed: bool) {
        let lefts: Vec<Duration> = self.polls.values().map(|poll| poll.left).collect();
        let usual = WINDOW.as_secs_f64() / self.every.as_secs_f64();
        // Each desk that begins to ask does so at once; one that is opened while the database is away counts nobody yet.
        let alone = if killed { DESKS as f64 } else { 1.0 };
        let most = (usual * alone * 1.15).ceil() as usize + 2 * DESKS;
        self.no_more(&lefts, WINDOW, most, "polls");
        let minute = Duration::from_secs(60);
        let requests = std::mem::take(&mut self.requests);
        self.no_more(&requests, minute, (per_second * 61.0) as usize, "requests");
        self.requests = requests;
    }

    fn no_more(&mut self, at: &[Duration], window: Duration, most: usize, what: &str) {
        let mut sorted = at.to_vec();
        sorted.sort();
        let mut first = 0;
        for (index, at) in sorted.iter().enumerate() {
            while at.saturating_sub(sorted[first]) >= window {
                first += 1;
            }
            let count = index - first + 1;
            if count > most {
                return self.say(*at, &format!("{count} {what} within {window:?}, {most} are many"));
            }
        }
    }

    /// How old what a desk shows is.
    pub fn age(&self, desk: usize, now: Duration) -> Duration {
        now.saturating_sub(self.shown[desk].of)
    }

    /// Polls that left since then.
    pub fn polls_since(&self, since: Duration) -> usize {
        self.polls.values().filter(|poll| poll.left >= since).count()
    }
}
