//! Carries changes, both ways, for as long as it lives.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_secret::Secret;
use atalaya_team::{Address, Connection, LINES_AT_ONCE, Seat, append, check, line_at, lines, listen, sit};
use atalaya_teamwork::{Change, Kind, Numbered, Teamwork};
use atalaya_ucontact::Problem;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::wire::SharedState;

/// Changes handed over at once.
const AT_ONCE: u32 = 200;
/// What waits is looked for this often, also where nobody said that something does.
const LOOKS_EVERY: Duration = Duration::from_secs(2);
/// The log is looked at this often, also where it said nothing: whoever listens may have been cut off in silence.
const READS_EVERY: u32 = 5;
/// Leaving takes no longer.
const ENDS_WITHIN: Duration = Duration::from_secs(2);
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(30);

/// What is carried, where, and as whom.
pub struct Errand {
    /// The team's database.
    pub address: Address,
    /// The member's password.
    pub password: Secret,
    /// This desk.
    pub seat: Seat,
    /// This desk's copy, and what waits at it.
    pub team: Teamwork,
}

/// What came from the others.
#[derive(Debug, Clone)]
pub struct News {
    /// What has to be read again by whoever shows it.
    pub kinds: BTreeSet<Kind>,
    /// There is something to be told of what became of this desk's own changes.
    pub told: bool,
}

/// Carries until it is dropped.
pub struct Courier {
    state: watch::Receiver<SharedState>,
    news: broadcast::Sender<News>,
    wake: Arc<Notify>,
    team: Teamwork,
    _stop: DropGuard,
}

impl Courier {
    /// Begins.
    pub fn begin(errand: Errand, clock: Clock) -> Self {
        let stop = CancellationToken::new();
        let wake = Arc::new(Notify::new());
        let news = broadcast::Sender::new(64);
        let told = watch::Sender::new(SharedState::default());
        let team = errand.team.clone();
        let state = told.subscribe();
        let round = Round { errand, clock, told, news: news.clone(), wake: Arc::clone(&wake) };
        tokio::spawn(round.keep(stop.clone()));
        Self { state, news, wake, team, _stop: stop.drop_guard() }
    }

    /// How far this desk's copy is, and whenever that changes.
    pub fn state(&self) -> watch::Receiver<SharedState> {
        self.state.clone()
    }

    /// What came from the others, from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Ends once nothing waits, or nobody takes it: what is left waits for the next time.
    pub async fn end(mut self) {
        self.wake();
        let handed_over = async {
            loop {
                let waiting = of_copy(&self.team, |team| team.outbox().waiting()).await;
                if matches!(waiting, Ok(0) | Err(_)) || self.state.borrow_and_update().problem.is_some() {
                    return;
                }
                if self.state.changed().await.is_err() {
                    return;
                }
            }
        };
        let _ = timeout(ENDS_WITHIN, handed_over).await;
    }

    /// Something waits: it is carried at once.
    pub fn wake(&self) {
        self.wake.notify_one();
    }
}

/// What ends a connection.
enum Ends {
    Team(atalaya_team::Error),
    Work(atalaya_teamwork::Error),
}

impl From<atalaya_team::Error> for Ends {
    fn from(error: atalaya_team::Error) -> Self {
        Self::Team(error)
    }
}

impl From<atalaya_teamwork::Error> for Ends {
    fn from(error: atalaya_teamwork::Error) -> Self {
        Self::Work(error)
    }
}

impl Ends {
    fn problem(&self) -> Problem {
        match self {
            Self::Team(error) => error.problem(),
            Self::Work(error) => Problem {
                code: error.code().to_owned(),
                params: [("detail".to_owned(), error.to_string())].into(),
                retryable: true,
            },
        }
    }
}

struct Round {
    errand: Errand,
    clock: Clock,
    told: watch::Sender<SharedState>,
    news: broadcast::Sender<News>,
    wake: Arc<Notify>,
}

/// Asks the copy where nobody waits along: it writes to the disk.
async fn of_copy<T: Send + 'static>(
    team: &Teamwork,
    ask: impl FnOnce(&Teamwork) -> Result<T, atalaya_teamwork::Error> + Send + 'static,
) -> Result<T, Ends> {
    let team = team.clone();
    match spawn_blocking(move || ask(&team)).await {
        Ok(answer) => answer.map_err(Ends::Work),
        // It panicked, or the program ends: the next connection tries again.
        Err(error) => Err(Ends::Team(atalaya_team::Error::Away { detail: error.to_string() })),
    }
}

impl Round {
    async fn keep(self, stop: CancellationToken) {
        let mut failed = 0;
        loop {
            let ended = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                ended = self.carry(&mut failed) => ended,
            };
            let Err(ends) = ended else { continue };
            let problem = ends.problem();
            tracing::info!(code = problem.code, "shared work waits");
            self.tell(|state| state.problem = Some(problem));
            let longest = (FIRST_RETRY * 2u32.saturating_pow(failed)).min(LAST_RETRY);
            failed = (failed + 1).min(8);
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = sleep(longest.mul_f64(fastrand::f64())) => {}
            }
        }
    }

    /// Over one connection, until it ends.
    async fn carry(&self, failed: &mut u32) -> Result<(), Ends> {
        let Errand { address, password, seat, .. } = &self.errand;
        let mut connection = Connection::open(address, password).await?;
        check(&connection).await?;
        listen(&connection, &seat.server).await?;
        let there = self.check_log(&connection).await?;
        sit(&connection, seat).await?;
        self.read(&connection).await?;
        // Taken by a log that was lost before it came back from there.
        let lost = of_copy(&self.errand.team, move |team| team.outbox().again(there)).await?;
        if lost > 0 {
            tracing::warn!(lost, "the team's log has no more what it took: it is handed over again");
        }
        *failed = 0;
        let (mut reads, mut looks) = (false, 0);
        loop {
            if reads {
                self.read(&connection).await?;
            }
            let took = self.hand_over(&connection).await?;
            let (waiting, told) =
                of_copy(&self.errand.team, |team| Ok((team.outbox().waiting()?, team.told()?.len()))).await?;
            let now_ms = self.clock.now_ms();
            self.tell(|state| {
                (state.waiting, state.told, state.problem) = (waiting, told as u32, None);
                state.level_ms = Some(now_ms);
            });
            if took {
                // Own changes come back with the others'.
                reads = true;
                continue;
            }
            reads = tokio::select! {
                notice = connection.notices.recv() => match notice {
                    Some(said) => {
                        let mut news = said.starts_with("log:");
                        while let Ok(said) = connection.notices.try_recv() {
                            news |= said.starts_with("log:");
                        }
                        news
                    }
                    None => return Err(Ends::Team(atalaya_team::Error::Away { detail: "the connection ended".to_owned() })),
                },
                () = self.wake.notified() => false,
                () = sleep(LOOKS_EVERY) => {
                    looks += 1;
                    looks % READS_EVERY == 0
                }
            };
        }
    }

    /// Whether the log is the one this copy was read from. A backup that was put back has fewer lines, or others by the same
    /// numbers: read on, two copies would say different things and nobody would know. Where the log ends.
    async fn check_log(&self, connection: &Connection) -> Result<i64, Ends> {
        let (here, last) = of_copy(&self.errand.team, Teamwork::stand).await?;
        let (line, there) = line_at(connection, &self.errand.seat.server, here).await?;
        match (line, last) {
            (Some(line), Some(last)) if line == last => Ok(there),
            (Some(line), None) => {
                of_copy(&self.errand.team, move |team| team.stands_at(here, line)).await?;
                Ok(there)
            }
            (None, _) if here == 0 => Ok(there),
            _ => Err(Ends::Team(atalaya_team::Error::EarlierLog { here, there })),
        }
    }

    /// Reads on from where this copy stands, to the end.
    async fn read(&self, connection: &Connection) -> Result<(), Ends> {
        loop {
            let team = &self.errand.team;
            let stand = of_copy(team, Teamwork::applied).await?;
            let (lines, now_ms) = lines(connection, &self.errand.seat.server, stand).await?;
            of_copy(team, move |team| team.set_log_clock(now_ms)).await?;
            let all = (lines.len() as i64) < LINES_AT_ONCE;
            let mut batch = Vec::with_capacity(lines.len());
            let mut stopped = None;
            for line in &lines {
                match Numbered::read(line.seq, &line.person, line.lead, line.at_ms, &line.body) {
                    Ok(numbered) => batch.push(numbered),
                    // What is before it holds all the same.
                    Err(error) => {
                        stopped = Some(error);
                        break;
                    }
                }
            }
            if !batch.is_empty() {
                let applied = of_copy(team, move |team| team.apply(&batch)).await?;
                self.tell(|state| state.applied = applied.up_to);
                if applied.new > 0 {
                    // Nobody may be listening.
                    let _ = self.news.send(News { kinds: applied.kinds, told: applied.told });
                }
            }
            if let Some(error) = stopped {
                return Err(error.into());
            }
            if all {
                return Ok(());
            }
        }
    }

    /// Hands over what waits; whether there was any.
    async fn hand_over(&self, connection: &Connection) -> Result<bool, Ends> {
        let team = &self.errand.team;
        let pending = of_copy(team, |team| team.outbox().pending(AT_ONCE)).await?;
        if pending.is_empty() {
            return Ok(false);
        }
        match self.append(connection, &pending).await {
            Err(Ends::Team(atalaya_team::Error::NotTaken { .. })) if pending.len() > 1 => {
                // One of them: each by itself, so that the others are not kept waiting by it.
                for change in &pending {
                    self.append_one(connection, change).await?;
                }
            }
            Err(Ends::Team(atalaya_team::Error::NotTaken { detail })) => {
                self.refuse(&pending[0], detail).await?;
            }
            done => done?,
        }
        Ok(true)
    }

    async fn append_one(&self, connection: &Connection, change: &Change) -> Result<(), Ends> {
        match self.append(connection, std::slice::from_ref(change)).await {
            Err(Ends::Team(atalaya_team::Error::NotTaken { detail })) => self.refuse(change, detail).await,
            done => done,
        }
    }

    async fn refuse(&self, change: &Change, detail: String) -> Result<(), Ends> {
        let id = change.id;
        of_copy(&self.errand.team, move |team| team.outbox().refused(id, &detail)).await?;
        let _ = self.news.send(News { kinds: [change.place().kind].into(), told: true });
        Ok(())
    }

    async fn append(&self, connection: &Connection, changes: &[Change]) -> Result<(), Ends> {
        let bodies: Vec<String> = changes
            .iter()
            .map(serde_json::to_string)
            .collect::<Result<_, _>>()
            .map_err(|error| atalaya_team::Error::Reading { detail: error.to_string() })?;
        let appended = append(connection, &self.errand.seat, &bodies).await?;
        of_copy(&self.errand.team, move |team| {
            if let Some(now_ms) = appended.now_ms {
                team.set_log_clock(now_ms)?;
            }
            team.outbox().numbered_all(&appended.places)
        })
        .await
    }

    fn tell(&self, change: impl FnOnce(&mut SharedState)) {
        self.told.send_if_modified(|state| {
            let before = state.clone();
            change(state);
            *state != before
        });
    }
}
