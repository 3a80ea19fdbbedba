//! One signed-in session: everything of one server and one user, ended together.
//!
//! Each part is a small type in a file of its own and stands on the same ground (`ground`). All their tasks are under one
//! token and one tracker: [`Session::end`] waits for them and tells the server, dropping the last handle ends them too.
//! It needs a client and a store, no more: what a desk adds is in [`Around`]. Left out on purpose: signing in, and windows.

mod acting;
mod alerts;
mod claiming;
mod daily;
mod exporting;
mod found;
mod ground;
mod heard;
mod in_team;
pub mod judging;
mod listening;
mod measuring;
mod next_quarter;
mod one_at_a_time;
mod outreach;
pub(crate) mod past;
mod review_alerts;
mod sampling;
mod saving;
mod saving_many;
mod search;
mod tag_batch;
mod tags;
mod team_news;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use atalaya_calls::wire::{ListView, LocalFilter};
use atalaya_calls::{Cache, Calls, PlaceSeen, Tasks, Writes, account_of};
use atalaya_floor::wire::Snapshot;
use atalaya_floor::{Floor, PollOptions};
use atalaya_history::wire::Extent;
use atalaya_player::Player;
use atalaya_review::Reviews;
use atalaya_review::wire::Review;
use atalaya_store::Store;
use atalaya_teamwork::{Kind, Membership};
use atalaya_ucontact::{Client, Problem};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

pub use acting::Acting;
pub use alerts::LiveAlerts;
pub use claiming::{Claims, HeldCall};
pub use daily::{Daily, DailyContent, DailyDue, DailyMade, DailyState};
pub use heard::Heard;
pub use in_team::InTeam;
pub use judging::Judging;
pub use listening::Listening;
pub use next_quarter::NextQuarter;
pub use outreach::Reaching;
pub use past::Past;
pub use review_alerts::ReviewAlerts;
pub use sampling::Sampling;
pub use saving::Saving;
pub use saving_many::SavingMany;
pub use search::CallSearch;
pub use tag_batch::TagBatch;
pub use tags::Tagging;
pub use team_news::{News as TeamNewsOf, TeamNews};

use crate::decided::Decided;
use crate::failures::Failures;
use crate::problem::{from_store, problem};
use crate::quiet::Quiet;
use crate::settings::Settings;
use crate::webhook::Telling;
use found::FoundCalls;
use ground::Ground;
use measuring::Measuring;
use past::FloorRecord;

/// Between two looks of the alerts at the floor.
const STEP: Duration = Duration::from_secs(1);

/// What a desk adds to a session: all of it may be missing.
#[derive(Default)]
pub struct Around {
    /// What the person chose, as it changes; the defaults without it.
    pub settings: Option<watch::Receiver<Settings>>,
    /// Where recordings are kept; without it none can be fetched.
    pub cache: Option<Arc<Cache>>,
    /// Where recordings sound; without it nothing is heard or saved from it.
    pub player: Option<Player>,
    /// What is kept of the floor, or why nothing is.
    pub(crate) record: Option<Result<FloorRecord, Problem>>,
    /// When alerts are heard.
    pub(crate) quiet: Arc<Mutex<Quiet>>,
    /// The profile it was begun with, by its key.
    pub profile: String,
    /// What whoever looks after this computer decided.
    pub(crate) decided: Arc<Decided>,
    /// Where failures are kept for Diagnostics.
    pub failures: Failures,
    /// The chat that is told of alerts, and what the centre is called there.
    pub(crate) chat: Option<(Telling, String)>,
    /// How the list of calls was looked at before.
    pub view: ListView,
}

/// One signed-in session.
pub struct Session {
    /// The live floor.
    pub floor: Floor,
    /// Its place in a team.
    pub in_team: InTeam,
    /// Its alerts.
    pub alerts: LiveAlerts,
    /// Its past.
    pub past: Past,
    /// Its next quarter of an hour.
    pub ahead: NextQuarter,
    /// The report that is made every day.
    pub daily: Daily,
    /// Searching calls, and what was found.
    pub search: CallSearch,
    /// What this person heard and flagged.
    pub heard: Heard,
    /// Tags.
    pub tags: Tagging,
    /// One tag to many calls.
    pub tag_batch: TagBatch,
    /// What is done on the server, one thing at a time.
    pub acting: Acting,
    /// Bases, batches, what was sent from here, the blacklist as far as it is known.
    pub outreach: Reaching,
    /// Scorecards, reviews, notes, calibration, tipificaciones.
    pub judging: Judging,
    /// Alerts that finished reviews raise.
    pub review_alerts: ReviewAlerts,
    /// Samples.
    pub sampling: Sampling,
    /// Saving many recordings.
    pub saving_many: SavingMany,
    /// Whether this account's work is shared with a team.
    pub membership: Membership,
    /// Who judges which call of a worklist.
    pub claims: Claims,
    /// What became of changes in the team.
    pub team_news: TeamNewsOf,
    sound: Option<(Listening, Saving)>,
    ground: Ground,
    profile: String,
    decided: Arc<Decided>,
    since_ms: i64,
}

impl Session {
    /// Begins a session of a signed-in client, whose clock and the store's are one.
    pub fn begin(client: Client, store: Store, around: Around) -> Arc<Self> {
        let Around { settings, cache, player, record, quiet, profile, decided, failures, chat, view } =
            around;
        let settings = settings.unwrap_or_else(|| watch::Sender::new(Settings::default()).subscribe());
        let (now, chosen) = (store.clock().now_ms(), settings.borrow().clone());
        let tasks = Tasks::default();
        let membership = Membership::new(store.clone(), &account_of(&client));
        let store = store.heard_by(membership.listener());
        let writes = Writes::new(client.user(), store.clone(), chosen.reviewer.clone(), tasks.clone());
        let cache = cache.unwrap_or_else(Cache::nowhere);
        writes.set_look_only(decided.look_only(&chosen, &profile));
        let calls = Calls::new(client.clone(), store.clone(), cache, writes);
        calls.settle_tags();
        let reviews = Reviews::new(store.clone(), calls.account()).recorded_by(Some(membership.recorder()));
        let chat = chat.map(|(telling, centre)| telling.queue(centre, &tasks));
        let ground = Ground { client, calls, store, tasks, settings, failures };
        if let Err(atalaya_teamwork::Error::Store(error)) = membership.look() {
            ground.noted(from_store(&error));
        }
        let floor = Floor::watch(ground.client.clone(), poll_options(&decided, &chosen));
        let alerts = LiveAlerts::new(ground.clone(), membership.clone(), quiet, chat);
        let past =
            Past::new(ground.clone(), record.unwrap_or_else(|| Err(problem("historyUnkept", [], false))));
        if let Some(record) = past.record() {
            record.recall(&floor, &alerts, now);
        }
        let found = FoundCalls::new(ListView { filter: LocalFilter::default(), ..view });
        let heard = Heard::new(ground.clone(), found.clone());
        let tags = Tagging::new(ground.clone(), found.clone());
        let judging = Judging::new(ground.clone(), reviews);
        let outreach = Reaching::new(ground.clone());
        let measuring = {
            let heard = heard.clone();
            Measuring::new(ground.clone(), move |guid, figures| heard.measured(guid, figures))
        };
        let sound = player.map(|player| {
            let listening = Listening::new(ground.clone(), player.clone(), measuring.clone());
            heard.follow(&player, &listening);
            (listening.clone(), Saving::new(ground.clone(), listening))
        });
        let session = Arc::new(Self {
            in_team: InTeam::new(ground.clone(), &floor),
            floor,
            alerts,
            ahead: NextQuarter::new(ground.clone(), past.kept()),
            past,
            daily: Daily::new(ground.clone()),
            search: CallSearch::new(ground.clone(), found),
            heard,
            tag_batch: TagBatch::new(ground.clone(), tags.clone()),
            tags,
            sampling: Sampling::new(ground.clone(), judging.clone(), measuring),
            acting: Acting::new(ground.clone(), outreach.clone()),
            outreach,
            review_alerts: ReviewAlerts::new(ground.clone(), judging.clone()),
            judging,
            saving_many: SavingMany::new(ground.clone()),
            claims: Claims::new(ground.clone(), membership.clone()),
            team_news: TeamNewsOf::new(ground.clone(), membership.clone()),
            membership,
            sound,
            ground,
            profile,
            decided,
            since_ms: now,
        });
        session.ground.tasks.spawn(keep_stepping(Arc::downgrade(&session)));
        session
    }

    /// Hearing.
    ///
    /// # Errors
    /// `noPlayer` where nothing can sound.
    pub fn listening(&self) -> Result<&Listening, Problem> {
        self.sound.as_ref().map(|(listening, _)| listening).ok_or_else(no_player)
    }

    /// Taking the open recording along.
    ///
    /// # Errors
    /// `noPlayer` where nothing can sound.
    pub fn saving(&self) -> Result<&Saving, Problem> {
        self.sound.as_ref().map(|(_, saving)| saving).ok_or_else(no_player)
    }

    /// The client it is made of.
    pub fn client(&self) -> &Client {
        &self.ground.client
    }

    /// The name everything of this server and user is kept under.
    pub fn account(&self) -> &str {
        self.ground.calls.account()
    }

    /// When it began, epoch milliseconds.
    pub fn since_ms(&self) -> i64 {
        self.since_ms
    }

    /// Kinds of places of recordings asked so far.
    pub fn places_seen(&self) -> Vec<PlaceSeen> {
        self.ground.calls.places_seen()
    }

    /// The person for the trail.
    pub(crate) fn trail(&self, operation: &str, target: &str, detail: serde_json::Value) {
        self.ground.trail(operation, target, detail);
    }

    /// Goes by what was chosen from now on.
    pub(crate) fn choose(&self, before: &Settings, now: &Settings) {
        let decided = &self.decided;
        self.floor.set_options(poll_options(decided, now));
        self.ground.client.set_requests_per_second(f64::from(decided.requests_per_second(now)));
        self.alerts.choose(before, now);
        self.daily.choose(&before.daily_report, &now.daily_report);
        let writes = self.ground.calls.writes();
        writes.set_reviewer(&now.reviewer);
        writes.set_look_only(decided.look_only(now, &self.profile));
    }

    /// Looks at the floor as it is at this moment: alerts, and what is kept of it. Done once a second by itself.
    pub fn step(&self) {
        let snapshot = self.floor.snapshot();
        if let Some(problem) = &snapshot.health.problem {
            self.ground.failures.noted_once(problem, self.ground.now_ms());
        }
        if let Some((red, at_ms)) = self.ahead.step(&self.floor, &snapshot) {
            self.alerts.set_ahead(red, at_ms);
        }
        self.alerts.step(&snapshot);
        self.review_alerts.step();
        self.record(&snapshot);
        self.daily.step(self.floor.server_offset_secs());
        self.claims.step();
    }

    fn record(&self, snapshot: &Arc<Snapshot>) {
        if let Some(record) = self.past.record() {
            record.take(snapshot, self.floor.server_offset_secs(), &self.alerts.boards().borrow());
        }
    }

    /// When the floor was watched, up to the picture shown now: the first one too, before a step has kept it.
    ///
    /// # Errors
    /// `historyUnkept`, or the store's.
    pub async fn extent(&self) -> Result<Extent, Problem> {
        self.record(&self.floor.snapshot());
        self.past.extent().await
    }

    /// Finishes a review; an alert it raises is told at once.
    ///
    /// # Errors
    /// `reviewIncomplete`, `reviewGone`.
    pub fn finish_review(&self, id: i64) -> Result<Review, Problem> {
        let review = self.judging.finish_review(id)?;
        self.claims.give_all_back();
        self.in_team.wake();
        self.review_alerts.look();
        Ok(review)
    }

    /// The person sees to an alert of the floor, at every desk of the team; one that is over already is no matter.
    pub fn acknowledge(&self, alert: u32) {
        self.alerts.acknowledge(alert);
        self.in_team.wake();
    }

    /// Nobody sees to an alert of the floor after all.
    pub fn let_go(&self, alert: u32) {
        self.alerts.let_go(alert);
        self.in_team.wake();
    }

    /// Something came from the team's log; `None`: anything may have.
    pub(crate) fn heard_from_team(&self, kinds: Option<&BTreeSet<Kind>>) {
        let of = |kind| kinds.is_none_or(|kinds| kinds.contains(&kind));
        if of(Kind::FloorAlertSeen) {
            self.alerts.look_at_team();
        }
        if of(Kind::Alert) || of(Kind::AlertSeen) {
            self.review_alerts.look();
        }
    }

    /// The person goes to a call of a worklist: where it was left, and theirs. Who holds it, when it is somebody else.
    ///
    /// # Errors
    /// The store's.
    pub fn go_to(&self, sample: i64, guid: &str) -> Result<Option<HeldCall>, Problem> {
        self.judging.ask(|reviews| reviews.at(sample, guid))?;
        let held = self.claims.take(sample, guid)?;
        self.in_team.wake();
        Ok(held)
    }

    /// A lead takes a call of a worklist over.
    ///
    /// # Errors
    /// `teamLeadOnly`; the store's.
    pub fn take_over(&self, sample: i64, guid: &str) -> Result<Option<HeldCall>, Problem> {
        let held = self.claims.take_over(sample, guid)?;
        self.in_team.wake();
        Ok(held)
    }

    /// What was told of a change in the team was read.
    ///
    /// # Errors
    /// The store's.
    pub fn read_team_news(&self, id: i64) -> Result<(), Problem> {
        self.team_news.read(id)?;
        self.in_team.wake();
        Ok(())
    }

    /// Ends it: what only reads stops at once, a write under way is given two seconds, then the server is told. Nothing of
    /// it asks the server for anything after that.
    pub async fn end(&self) {
        // Where the open recording is, is kept before the player is emptied.
        self.ground.tasks.cancel();
        if let Some((listening, _)) = &self.sound {
            listening.end();
        }
        self.ground.calls.abandon_recordings();
        // Others may judge what was at hand here, and another desk asks from here on.
        self.claims.give_all_back();
        self.in_team.leave().await;
        // The poll stops before the token goes, so that its last request is not refused.
        self.floor.stop().await;
        self.ground.tasks.end().await;
        self.ground.client.end_session().await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.ground.tasks.cancel();
    }
}

fn no_player() -> Problem {
    problem("noPlayer", [], false)
}

/// Steps for as long as somebody holds the session.
async fn keep_stepping(session: Weak<Session>) {
    let mut tick = tokio::time::interval(STEP);
    // After a suspend one step is enough.
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let Some(session) = session.upgrade() else { return };
        session.step();
    }
}

fn poll_options(decided: &Decided, settings: &Settings) -> PollOptions {
    PollOptions {
        every: Duration::from_secs(u64::from(decided.poll_every_secs(settings))),
        requests_per_second: f64::from(decided.requests_per_second(settings)),
    }
}
