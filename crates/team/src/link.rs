//! What keeps a desk in its team: a connection that is made again when it ends, the lease, readings out and readings in.
//!
//! Two tasks. One speaks with the database and may have to wait for it; the other never waits: it has the floor stop asking
//! in the moment the desk's course says so, whatever the first is waiting for. Left out on purpose: what the course is (`course`), what
//! readings add up to (the floor), shared work.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{ClockWatch, Duty, Moved, Reading, Relay, Wished};
use atalaya_secret::Secret;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{Notify, broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::address::Address;
use crate::base::{Base, Spoken};
use crate::course::{Answered, Course, Does, Says};
use crate::error::Error;
use crate::lease::{Seat, Standing};
use crate::own::Own;
use crate::wire::{TeamAsker, TeamPart, TeamState};

/// Polls that failed one after the other before a desk leaves the asking to others.
const FAILED_POLLS: u32 = 3;
/// A desk that holds the lease and reads nothing for so many intervals, and so long, gives it away.
const SILENT_INTERVALS: u32 = 3;
const SILENT: Duration = Duration::from_secs(15);
/// Wishes that change quickly are told once.
const WISHES_SETTLE: Duration = Duration::from_millis(300);
/// Between two tries to connect, drawn between nothing and this: doubled each time.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);
/// Two clocks that seem to differ by less than before differ as before.
const CLOCK_WANDER_MS: i64 = 250;
/// How often the clock is looked at for a sleep.
const LOOKS_EVERY: Duration = Duration::from_secs(1);
/// Leaving takes no longer, whatever the database does.
const LEAVES_WITHIN: Duration = Duration::from_secs(2);

/// What a desk joins, and as whom.
pub struct Joining {
    /// The team's database.
    pub address: Address,
    /// The member's password.
    pub password: Secret,
    /// This desk.
    pub seat: Seat,
}

/// A desk's place in its team; it leaves when dropped, and says so when [`Link::leave`] is waited for.
pub struct Link {
    shared: Arc<Shared>,
    stop: DropGuard,
    tasks: TaskTracker,
}

struct Shared {
    base: Arc<dyn Base>,
    relay: Relay,
    clock: Clock,
    course: Mutex<Course>,
    watch: Mutex<ClockWatch>,
    /// The course changed: what is done may change with it.
    turned: Notify,
    others: Mutex<Wished>,
    state: watch::Sender<TeamState>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Replaced as a whole: good after a panic too.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Link {
    /// Joins: from now on the floor does what the team needs.
    pub fn join(joining: Joining, relay: Relay, clock: Clock) -> Self {
        Self::join_at(Arc::new(joining), relay, clock)
    }

    /// The same, wherever the database is.
    pub fn join_at(base: Arc<dyn Base>, relay: Relay, clock: Clock) -> Self {
        let every = relay.wishes().now().every.unwrap_or(Duration::from_secs(3));
        let course = Course::new(every, fastrand::f64(), clock.steady());
        relay.set_duty(Duty::Follow);
        let shared = Arc::new(Shared {
            base,
            relay,
            watch: Mutex::new(ClockWatch::new(clock.clone())),
            clock,
            course: Mutex::new(course),
            turned: Notify::new(),
            others: Mutex::default(),
            state: watch::Sender::new(TeamState::default()),
        });
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        tasks.spawn(keep_duty(Arc::clone(&shared), stop.clone()));
        tasks.spawn(keep_linked(Arc::clone(&shared), stop.clone()));
        tasks.close();
        Self { shared, stop: stop.drop_guard(), tasks }
    }

    /// How this desk stands, and whenever that changes.
    pub fn state(&self) -> watch::Receiver<TeamState> {
        self.shared.state.subscribe()
    }

    /// Leaves: the lease is given away, and the floor asks for itself again.
    pub async fn leave(&self) {
        self.stop.token().cancel();
        self.tasks.wait().await;
        self.shared.relay.set_duty(Duty::Ask);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.stop.token().cancel();
        self.shared.relay.set_duty(Duty::Ask);
    }
}

impl Shared {
    fn now(&self) -> Duration {
        self.clock.steady()
    }

    /// Changes the course, and whatever comes of it. Whether the computer slept is looked at first: what is told may be an
    /// answer to what was asked before.
    fn steer<T>(&self, change: impl FnOnce(&mut Course, Duration) -> T) -> T {
        let slept = self.slept();
        let mut course = locked(&self.course);
        if slept {
            course.slept(self.now());
        }
        let done = change(&mut course, self.now());
        drop(course);
        self.settle();
        self.turned.notify_one();
        done
    }

    fn slept(&self) -> bool {
        // A short sleep looks like a clock that was set ahead, and one that was set back may hide a sleep: asking anew costs
        // one question.
        let (Moved::Slept(for_ms) | Moved::Set(for_ms)) = locked(&self.watch).look() else {
            return false;
        };
        tracing::info!(for_ms, "the computer slept: how things stand in the team is asked anew");
        true
    }

    fn does(&self) -> Does {
        locked(&self.course).does(self.now())
    }

    /// Has the floor do what the course says.
    fn settle(&self) {
        let now = self.now();
        let (does, still) = {
            let course = locked(&self.course);
            (course.does(now), course.asks_still(now))
        };
        if let Some(left) = still {
            self.relay.asks_still(left);
        }
        self.relay.set_duty(match does {
            Does::Asks(_) => Duty::AskFor(locked(&self.others).clone()),
            Does::Follows => Duty::Follow,
            Does::Apart(desks) => Duty::AskSeldom(desks),
        });
        self.tell(|state| {
            state.part = match does {
                Does::Asks(_) => TeamPart::Asks,
                Does::Apart(_) => TeamPart::Apart,
                Does::Follows if state.away_since_ms.is_some() => TeamPart::Waits,
                Does::Follows if state.asker.is_none() => TeamPart::Joining,
                Does::Follows => TeamPart::Follows,
            };
        });
    }

    fn tell(&self, change: impl FnOnce(&mut TeamState)) {
        self.state.send_if_modified(|state| {
            let before = state.clone();
            change(state);
            *state != before
        });
    }
}

/// Does what the course says the moment it says so, and looks whether the computer slept.
async fn keep_duty(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        if shared.slept() {
            locked(&shared.course).slept(shared.now());
        }
        shared.settle();
        let now = shared.now();
        let turns = locked(&shared.course).turns_at(now).map_or(LOOKS_EVERY, |at| at.saturating_sub(now));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = shared.turned.notified() => {}
            () = sleep(turns.min(LOOKS_EVERY)) => {}
        }
    }
}

/// Connects, again and again.
async fn keep_linked(shared: Arc<Shared>, stop: CancellationToken) {
    let mut talk = Talk {
        shared: Arc::clone(&shared),
        readings: shared.relay.readings(),
        seq: 0,
        ahead_ms: None,
        read_at: shared.now(),
        held: None,
        own: Own::default(),
        anchor: None,
    };
    let mut failed = 0;
    loop {
        let error = match talk.connect(&stop).await {
            Ok(mut connection) => {
                let begun = Instant::now();
                let error = talk.speak(connection.as_mut(), &stop).await;
                // One that ends as soon as it begins is as good as none.
                if begun.elapsed() > LAST_RETRY {
                    failed = 0;
                }
                error
            }
            Err(error) => Some(error),
        };
        let Some(error) = error else { return };
        tracing::info!(code = error.code(), %error, "the team does not answer");
        let now_ms = shared.clock.now_ms();
        shared.tell(|state| {
            state.away_since_ms.get_or_insert(now_ms);
            state.problem = Some(error.problem());
        });
        shared.steer(Course::away);
        // Everybody comes back at another moment.
        let longest = (FIRST_RETRY * 2u32.saturating_pow(failed)).min(LAST_RETRY);
        failed = (failed + 1).min(8);
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = sleep(longest.mul_f64(fastrand::f64())) => {}
        }
    }
}

/// What is said over one connection after the other.
struct Talk {
    shared: Arc<Shared>,
    readings: broadcast::Receiver<Arc<Reading>>,
    /// The newest reading taken.
    seq: i64,
    ahead_ms: Option<i64>,
    /// When this desk itself read something last.
    read_at: Duration,
    /// The epoch held at the last look.
    held: Option<i64>,
    own: Own,
    /// A moment by this desk's steady clock, and the same by the database's, epoch milliseconds.
    anchor: Option<(Duration, i64)>,
}

impl Talk {
    async fn connect(&mut self, stop: &CancellationToken) -> Result<Box<dyn Spoken>, Error> {
        tokio::select! {
            biased;
            () = stop.cancelled() => Err(Error::Away { detail: "left".to_owned() }),
            opened = self.shared.base.open() => opened,
        }
    }

    /// Speaks until the connection ends (why), or the desk leaves (`None`).
    async fn speak(&mut self, connection: &mut dyn Spoken, stop: &CancellationToken) -> Option<Error> {
        let mut wishes = self.shared.relay.wishes();
        let mut wished_at: Option<Instant> = None;
        self.shared.steer(Course::back);
        loop {
            let (at, says) = locked(&self.shared.course).next(self.shared.now());
            let speaks = Instant::now() + at.saturating_sub(self.shared.now());
            let speaks = wished_at.map_or(speaks, |wished| wished.min(speaks));
            let done = tokio::select! {
                biased;
                () = stop.cancelled() => {
                    let leaving = self.leave(connection);
                    let _ = tokio::time::timeout(LEAVES_WITHIN, leaving).await;
                    return None;
                }
                () = sleep_until(speaks) => {
                    wished_at = None;
                    self.beat(connection, &mut wishes, says).await
                }
                notice = connection.said() => match notice {
                    Some(first) => self.noticed(connection, first).await,
                    None => Err(Error::Away { detail: "the connection ended".to_owned() }),
                },
                reading = self.readings.recv() => match reading {
                    Ok(reading) => self.read_here(connection, &reading).await,
                    // What was missed is read again at the next poll.
                    Err(RecvError::Lagged(_)) => Ok(()),
                    Err(RecvError::Closed) => return None,
                },
                () = std::future::ready(()), if self.own.waits() => self.publish(connection).await,
                () = wishes.changed() => {
                    wished_at.get_or_insert(Instant::now() + WISHES_SETTLE);
                    Ok(())
                }
            };
            if let Err(error) = done {
                return Some(error);
            }
        }
    }

    async fn beat(
        &mut self,
        connection: &dyn Spoken,
        wishes: &mut atalaya_floor::WishedFeed,
        says: Says,
    ) -> Result<(), Error> {
        let wished = wishes.now();
        let every = {
            let others = locked(&self.shared.others);
            let mut together = wished.clone();
            together.and(&others);
            together.every.unwrap_or(Duration::from_secs(3))
        };
        locked(&self.shared.course).set_every(every);
        let standing = connection.beat(&wished, says, every, &self.shared.clock).await?;
        self.stands(&standing);
        if standing.seq < self.seq {
            // A backup was put back: its numbers begin anew.
            tracing::info!(seq = standing.seq, "the team's database is an earlier one");
            self.seq = 0;
        }
        if !matches!(self.shared.does(), Does::Asks(_)) && standing.seq > self.seq {
            self.follow(connection).await?;
        }
        self.give_if_silent(connection, every).await
    }

    /// Takes in how things stand.
    fn stands(&mut self, standing: &Standing) {
        let shared = Arc::clone(&self.shared);
        // The one with the shortest way is the surest; what is within its doubt is no news.
        let doubt = CLOCK_WANDER_MS.max(standing.took.as_millis() as i64);
        if self.ahead_ms.is_none_or(|before| (before - standing.ahead_ms).abs() > doubt) {
            self.ahead_ms = Some(standing.ahead_ms);
        }
        let ahead_ms = self.ahead_ms.unwrap_or(standing.ahead_ms);
        // The wall clock may be set before the next answer; the steady one goes on.
        self.anchor = Some((shared.now(), shared.clock.now_ms() + standing.ahead_ms));
        *locked(&shared.others) = standing.others.clone();
        let answered: Answered = standing.answered;
        let asked = self.held;
        self.held = answered.mine.then_some(answered.epoch);
        if self.held.is_some() && asked != self.held {
            self.read_at = shared.now();
            self.keep_to_oneself();
        }
        // By the epoch, not by the desk: a copy of this one's data folder has its number.
        let me = answered.mine;
        // It held an epoch, and a later one is somebody else's.
        let overtaken = asked.is_some_and(|epoch| !me && answered.epoch > epoch);
        let now_ms = shared.clock.now_ms();
        shared.tell(|state| {
            (state.away_since_ms, state.problem) = (None, None);
            (state.epoch, state.desks) = (answered.epoch, answered.desks);
            state.asker = standing.holder.as_ref().map(|holder| TeamAsker {
                person: holder.person.clone(),
                machine: holder.machine.clone(),
                since_ms: holder.since_ms - ahead_ms,
                me,
            });
            if overtaken {
                state.overtaken_ms = Some(now_ms);
            }
            if answered.mine {
                (state.lag_ms, state.overtaken_ms) = (None, None);
            }
        });
        shared.steer(|course, now| course.answered(answered, standing.sent, now));
    }

    /// The database said something unasked. Several at once are one look.
    async fn noticed(&mut self, connection: &mut dyn Spoken, first: String) -> Result<(), Error> {
        let mut said = Some(first);
        let mut newest = None;
        while let Some(notice) = said {
            match notice.as_str() {
                "free" => self.shared.steer(Course::free),
                "lease" => self.shared.steer(|course, now| {
                    if !matches!(course.does(now), Does::Asks(_)) {
                        course.taken(now);
                    }
                }),
                seq => newest = newest.max(seq.parse::<i64>().ok()),
            }
            said = connection.said_already();
        }
        let asks = matches!(self.shared.does(), Does::Asks(_));
        if !asks && newest.is_some_and(|newest| newest > self.seq) {
            self.follow(connection).await?;
        }
        Ok(())
    }

    /// Takes what others read since the last look.
    async fn follow(&mut self, connection: &dyn Spoken) -> Result<(), Error> {
        let (Some(ahead_ms), Some(anchor)) = (self.ahead_ms, self.anchor) else { return Ok(()) };
        let numbered = connection.after(self.seq).await?;
        self.keep_to_oneself();
        for of in numbered {
            self.seq = self.seq.max(of.seq);
            // Of before the database was away, say, when this desk read by itself since.
            if self.own.is_newer_than(&of, anchor) {
                continue;
            }
            let lag_ms = self.shared.clock.now_ms() + ahead_ms - of.at_ms;
            match of.reading {
                // By the database's clock, then by this computer's.
                Ok(reading) => self.shared.relay.take(reading.by_clock(of.ahead_ms - ahead_ms)),
                Err(error) => tracing::warn!(%error, seq = of.seq, "a reading of another desk"),
            }
            self.shared.tell(|state| state.lag_ms = Some(u32::try_from(lag_ms.max(0)).unwrap_or(u32::MAX)));
        }
        Ok(())
    }

    /// Something was read here: others are told, if it is this desk's to read.
    async fn read_here(&mut self, connection: &dyn Spoken, reading: &Arc<Reading>) -> Result<(), Error> {
        // One that failed is silence too: a server that answers one poll in three is left to others as well.
        if reading.oldest_ms().is_some() {
            self.read_at = self.shared.now();
            locked(&self.shared.course).server_found();
        }
        self.own.read(reading, &self.shared.clock);
        if !matches!(self.shared.does(), Does::Asks(_)) {
            self.own.forget_waiting();
        } else if self.shared.relay.failures() >= FAILED_POLLS {
            return self.give(connection).await;
        }
        Ok(())
    }

    /// Tells others what waits to be told: one reading, so that nothing else has to wait for the rest.
    async fn publish(&mut self, connection: &dyn Spoken) -> Result<(), Error> {
        let Does::Asks(epoch) = self.shared.does() else {
            self.own.forget_waiting();
            return Ok(());
        };
        let Some(reading) = self.own.next() else { return Ok(()) };
        let ahead_ms = self.ahead_ms.unwrap_or_default();
        match connection.publish(epoch, ahead_ms, &reading).await {
            Ok(seq) => {
                self.seq = self.seq.max(seq);
                Ok(())
            }
            Err(Error::Stale) => {
                tracing::info!(epoch, "another desk asks by now");
                self.shared.steer(Course::taken);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// What was read here up to now is nothing to be told: it was read for this desk alone, or under an epoch that is over.
    fn keep_to_oneself(&mut self) {
        loop {
            match self.readings.try_recv() {
                Ok(reading) => self.own.read(&reading, &self.shared.clock),
                Err(TryRecvError::Lagged(_)) => {}
                Err(_) => break,
            }
        }
        self.own.forget_waiting();
    }

    /// A desk that holds the lease and reads nothing leaves it to others.
    async fn give_if_silent(&mut self, connection: &dyn Spoken, every: Duration) -> Result<(), Error> {
        let silent = self.shared.clock.since(self.read_at);
        let asks = matches!(self.shared.does(), Does::Asks(_));
        // A slow server is asked less often by whoever asks it.
        let every = every.max(self.shared.relay.every());
        if asks && silent > SILENT.max(every * SILENT_INTERVALS) {
            tracing::warn!("nothing is read here: others are to ask");
            return self.give(connection).await;
        }
        Ok(())
    }

    async fn give(&mut self, connection: &dyn Spoken) -> Result<(), Error> {
        let Some(epoch) = self.shared.steer(Course::server_lost) else { return Ok(()) };
        self.held = None;
        tracing::info!(epoch, "the server cannot be reached from here: others are to ask");
        connection.give(epoch).await.map(drop)
    }

    async fn leave(&mut self, connection: &dyn Spoken) -> Result<(), Error> {
        if let Does::Asks(epoch) = self.shared.does() {
            connection.give(epoch).await?;
        }
        connection.leave().await
    }
}
