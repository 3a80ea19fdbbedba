//! Asking, again and again: one poll of the campaigns and one of somebody's agents in flight, inside the budget.
//!
//! Left out on purpose: what becomes of the answers (`floor`); the session: a floor whose session ended keeps its picture and
//! its problem, and asks no more.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use atalaya_ucontact::{CampaignAgents, CampaignStatus, Client, Clock, Error, Problem, QueueSummary, Reply};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::clock_watch::{ClockWatch, Moved};
use crate::health::{self, Came};
use crate::plan;
use crate::reading::Reading;
use crate::relay::Duty;
use crate::watched::{Shared, millis};

/// How often the age of the figures is judged when nothing arrives.
const JUDGE_EVERY: Duration = Duration::from_secs(1);
const JITTER: f64 = 0.1;
const RESTARTS_A_MINUTE: usize = 5;

/// Restarts the watch after a panic, a few times a minute.
pub(crate) async fn keep_watching(shared: Arc<Shared>, stop: CancellationToken) {
    begun_again(|| watch_floor(Arc::clone(&shared)), stop).await;
}

async fn begun_again<W>(mut watch: impl FnMut() -> W, stop: CancellationToken)
where
    W: Future<Output = ()> + Send + 'static,
{
    let mut restarts: VecDeque<Instant> = VecDeque::new();
    loop {
        let mut watching = tokio::spawn(watch());
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => {
                watching.abort();
                let _ = (&mut watching).await;
                return;
            }
            ended = &mut watching => ended,
        };
        match ended {
            Ok(()) => return,
            Err(error) => tracing::error!(%error, "watching the floor failed and is started again"),
        }
        let now = Instant::now();
        restarts.retain(|at| now.duration_since(*at) < Duration::from_secs(60));
        if restarts.len() >= RESTARTS_A_MINUTE {
            let calm = restarts.front().map_or(now, |at| *at + Duration::from_secs(60));
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep_until(calm) => {}
            }
        }
        restarts.push_back(Instant::now());
    }
}

type CampaignPoll = Pin<Box<dyn Future<Output = CampaignReplies> + Send>>;
type AgentPoll = Pin<Box<dyn Future<Output = (String, Result<Reply<CampaignAgents>, Error>)> + Send>>;

pub(crate) struct CampaignReplies {
    pub(crate) statuses: Result<Reply<Vec<CampaignStatus>>, Error>,
    pub(crate) queues: Result<Reply<Vec<QueueSummary>>, Error>,
}

impl CampaignReplies {
    pub(crate) fn came(&self, clock: &Clock) -> Came {
        Came {
            status_ms: self.statuses.as_ref().ok().map(|reply| reply.at_ms(clock)),
            queue_ms: self.queues.as_ref().ok().map(|reply| reply.at_ms(clock)),
        }
    }
}

/// Everything that can happen to the watch.
enum Event {
    CampaignsDue,
    Campaigns(CampaignReplies),
    AgentsDue,
    Agents(String, Result<Reply<CampaignAgents>, Error>),
    Judge,
    Wishes,
    SessionOver(Option<Error>),
}

impl Event {
    /// What is left of it where somebody else asks by now: nothing is due, and what comes was asked for under what is over.
    fn of_a_follower(self) -> Self {
        match self {
            Self::CampaignsDue | Self::Campaigns(_) | Self::AgentsDue | Self::Agents(..) => Self::Wishes,
            other => other,
        }
    }
}

pub(crate) async fn poll_campaigns(client: Client) -> CampaignReplies {
    let (statuses, queues) = tokio::join!(client.campaigns(), client.queue_summary());
    CampaignReplies { statuses, queues }
}

/// The wait of a poll in flight; for ever when there is none.
async fn settled<T>(poll: &mut Option<Pin<Box<dyn Future<Output = T> + Send>>>) -> T {
    match poll {
        Some(poll) => poll.await,
        None => std::future::pending().await,
    }
}

async fn watch_floor(shared: Arc<Shared>) {
    let mut campaigns: Option<CampaignPoll> = None;
    let mut agents: Option<AgentPoll> = None;
    let mut campaigns_at = Instant::now();
    let mut agents_at = Instant::now();
    let mut judge_at = Instant::now() + JUDGE_EVERY;
    let mut clock = ClockWatch::new(shared.client.clock().clone());
    let mut wishes = shared.wishes.subscribe();
    let mut seldom = false;
    let over = shared.client.until_signed_out();
    tokio::pin!(over);
    loop {
        let asks = shared.wishes.borrow().asks();
        // In this order, and in no other: a simulated shift is the same each time.
        let event = tokio::select! {
            biased;
            reason = &mut over => Event::SessionOver(reason),
            replies = settled(&mut campaigns) => Event::Campaigns(replies),
            (name, reply) = settled(&mut agents) => Event::Agents(name, reply),
            Ok(()) = wishes.changed() => Event::Wishes,
            () = sleep_until(campaigns_at), if asks && campaigns.is_none() => Event::CampaignsDue,
            () = sleep_until(agents_at), if asks && agents.is_none() => Event::AgentsDue,
            () = sleep_until(judge_at) => Event::Judge,
        };
        let moved = clock.look();
        // Before anything else: whoever stood still or slept asks for nobody any more, and takes nothing that was asked.
        if shared.asked_too_long(!matches!(moved, Moved::Not)) {
            (campaigns, agents) = (None, None);
        }
        match moved {
            Moved::Not => {}
            Moved::Set(by_ms) => shared.clock_set(by_ms),
            Moved::Slept(_) => {
                // One poll, at once: what is on the screen is from before the sleep.
                tracing::info!("the computer slept: the floor is read anew");
                campaigns_at = Instant::now();
            }
        }
        let pace = shared.pace();
        let event = if shared.wishes.borrow().asks() { event } else { event.of_a_follower() };
        match event {
            Event::CampaignsDue => campaigns = Some(Box::pin(poll_campaigns(shared.client.clone()))),
            Event::Campaigns(replies) => {
                campaigns = None;
                shared.take_campaigns(replies);
                // From completion: never twice at once.
                campaigns_at = Instant::now() + jittered(shared.pace().every);
                agents_at = agents_at.min(Instant::now());
            }
            Event::AgentsDue => {
                agents_at = Instant::now() + plan::spacing(pace.every, pace.requests_per_second);
                agents = shared.next_agents(&pace).map(|name| {
                    let client = shared.client.clone();
                    Box::pin(async move {
                        let reply = client.campaign_agents(&name).await;
                        (name, reply)
                    }) as AgentPoll
                });
            }
            Event::Agents(name, reply) => {
                agents = None;
                shared.take_agents(&name, reply);
            }
            Event::Judge => {
                judge_at = Instant::now() + JUDGE_EVERY;
                shared.publish(|_| {});
            }
            Event::Wishes => {
                // What is older than the new pace allows is read at once.
                let age = shared.newest.borrow().health.last_ok_ms.map_or(0, |ok| shared.now_ms() - ok);
                let left = pace.every.saturating_sub(Duration::from_millis(age.max(0) as u64));
                campaigns_at = campaigns_at.min(Instant::now() + left);
                agents_at = agents_at.min(Instant::now());
                let duty = shared.wishes.borrow().duty.clone();
                if duty == Duty::Follow {
                    // Somebody else asks: what is under way here is nobody's any more.
                    (campaigns, agents) = (None, None);
                }
                let was_seldom = std::mem::replace(&mut seldom, matches!(duty, Duty::AskSeldom(_)));
                if seldom && !was_seldom {
                    // Others begin in the same moment: each somewhere within its interval. Once: whoever looks at another
                    // campaign puts nothing off.
                    campaigns_at = Instant::now() + pace.every.mul_f64(fastrand::f64());
                }
            }
            Event::SessionOver(reason) => {
                if let Some(reason) = reason {
                    shared.publish(|health| health::failed(health, reason.problem()));
                }
                return;
            }
        }
    }
}

fn jittered(every: Duration) -> Duration {
    every.mul_f64(1.0 - JITTER + 2.0 * JITTER * fastrand::f64())
}

impl Shared {
    fn take_campaigns(&self, replies: CampaignReplies) {
        let dropped = [
            &replies.statuses.as_ref().map(|r| r.dropped_count),
            &replies.queues.as_ref().map(|r| r.dropped_count),
        ]
        .iter()
        .filter_map(|count| count.as_ref().ok().copied())
        .sum();
        let took = replies.statuses.as_ref().map(|reply| reply.round_trip);
        let took = took.or(replies.queues.as_ref().map(|reply| reply.round_trip)).unwrap_or_default();
        let problem: Option<Problem> =
            replies.statuses.as_ref().err().or(replies.queues.as_ref().err()).map(Error::problem);
        let came = replies.came(self.client.clock());
        let agents_every_ms = self.newest.borrow().agents_every_ms;
        if came.any() {
            self.answered_in(took);
        }
        self.read(Reading::Campaigns {
            statuses: replies.statuses.ok().map(|reply| reply.value).zip(came.status_ms),
            queues: replies.queues.ok().map(|reply| reply.value).zip(came.queue_ms),
            round_trip_ms: millis(took),
            dropped,
            problem,
            at_ms: self.now_ms(),
            every_ms: millis(self.pace().every),
            agents_every_ms,
        });
    }

    fn take_agents(&self, name: &str, reply: Result<Reply<CampaignAgents>, Error>) {
        let campaign = name.to_owned();
        self.read(match reply {
            Ok(reply) => {
                let at_ms = reply.at_ms(self.client.clock());
                Reading::Agents { campaign, found: reply.value, at_ms }
            }
            // The campaigns' poll reports the connection; whose agents are not there, their row tells.
            Err(error) => {
                tracing::debug!(code = error.code(), "the agents of a campaign could not be read");
                Reading::Unread { campaign, code: error.code().to_owned(), at_ms: self.now_ms() }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn no_two_desks_ask_in_step() {
        let every = Duration::from_secs(3);
        let waits: BTreeSet<Duration> = (0..200).map(|_| jittered(every)).collect();
        assert!(waits.len() > 100, "it is another wait each time");
        assert!(waits.iter().all(|wait| (every.mul_f64(0.899)..=every.mul_f64(1.101)).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < every) && waits.iter().any(|wait| *wait > every));
    }

    #[tokio::test]
    async fn a_watch_that_breaks_is_begun_again_a_few_times_a_minute() {
        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let watch = move || {
            let number = count.fetch_add(1, Ordering::SeqCst);
            let told = told.clone();
            async move {
                let heard = told.send(number);
                assert!(heard.is_err(), "the watch broke");
            }
        };
        let stop = CancellationToken::new();
        let again = tokio::spawn(begun_again(watch, stop.clone()));
        for number in 0..=RESTARTS_A_MINUTE {
            assert_eq!(heard.recv().await, Some(number));
        }
        // Let everything run that can: what is not due in this minute is not begun.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(begun.load(Ordering::SeqCst), RESTARTS_A_MINUTE + 1);
        stop.cancel();
        // Not when its rest is over, which is a minute.
        let ends = tokio::time::timeout(Duration::from_secs(30), again);
        ends.await.expect("it stops when it is told").expect("and did not break");

        let ends = begun_again(|| async {}, CancellationToken::new());
        tokio::time::timeout(Duration::from_secs(30), ends).await.expect("one that ends is not begun again");
    }
}
