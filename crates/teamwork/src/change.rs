//! One change to what a team shares, as it travels: typed, in JSON, with its layout.
//!
//! A change says how a thing is now, whole, not what was done to it: what came before it may be left out of the way, and what
//! comes twice does nothing twice. Left out on purpose: what holds where two say different things (`rules`), and the way
//! changes take (the outbox and whoever carries it).

use atalaya_review::copies::{
    AlertCopy, CalibrationCopy, CardCopy, DisposedCopy, EntryCopy, JudgedCopy, NoteCopy, ReviewCopy,
    SeenCopy, WorklistCopy,
};
use atalaya_review::identity::{self, ReviewKey};
use atalaya_review::wire::FeedbackStep;
use atalaya_store::Uuid;
use atalaya_store::identity::derived;
use serde::{Deserialize, Serialize};

/// Of this program. A log with a change of a later one is read up to there and no further: what is not understood cannot be
/// passed over, or copies would part.
pub const LAYOUT: u32 = 1;

/// A change, as it was made at a desk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Of the program that made it.
    pub layout: u32,
    /// Of this change: sent twice, it is one.
    pub id: Uuid,
    /// The desk it was made at.
    pub desk: Uuid,
    /// The member who made it.
    pub who: String,
    /// When, epoch milliseconds, by the desk's clock: to be shown, never compared.
    pub at_ms: i64,
    /// What is so now.
    pub what: What,
}

/// A change in its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Numbered {
    /// Its place: 1 or more, ascending, not every number is there.
    pub seq: i64,
    /// The member the log took it from, whatever the change says.
    pub who: String,
    /// Whether they were a lead then.
    pub lead: bool,
    /// When the log took it, epoch milliseconds, by the log's own clock.
    pub logged_ms: i64,
    /// The change.
    pub change: Change,
}

/// What is so now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// A card has another version.
    CardVersion {
        /// The version.
        version: CardCopy,
        /// The newest version where it was made; `None`: it was the first.
        after: Option<Uuid>,
    },
    /// A card is out of use, or in use again.
    CardRetired {
        /// Its key.
        card: String,
        /// Whether it is out of use.
        retired: bool,
    },
    /// A worklist, with its calls.
    Worklist(WorklistCopy),
    /// A worklist is gone.
    WorklistRemoved {
        /// Its key.
        list: String,
    },
    /// A call of a worklist is left out, or not any more.
    Entry(EntryCopy),
    /// Who judges a call of a worklist.
    Claim {
        /// The worklist's key.
        list: String,
        /// The call.
        guid: String,
        /// What becomes of it.
        step: ClaimStep,
    },
    /// A review: what is said in it, whether it is finished.
    Review(ReviewCopy),
    /// A step of a review's course with its agent.
    Feedback {
        /// Which review.
        key: ReviewKey,
        /// Of which turn of it.
        turn: u32,
        /// The step.
        step: FeedbackStep,
        /// Its day, `yyyy-MM-dd`; `None`: it was taken back.
        day: Option<String>,
    },
    /// A review raised an alert.
    Alert(AlertCopy),
    /// Somebody sees to the alert of a review, or nobody does after all.
    AlertSeen {
        /// Which review.
        key: ReviewKey,
        /// Who.
        seen: Option<SeenCopy>,
    },
    /// A note.
    Note(NoteCopy),
    /// A note is gone.
    NoteRemoved {
        /// Its identity.
        note: Uuid,
    },
    /// A calibration was begun.
    Calibration(CalibrationCopy),
    /// Somebody's review of a calibration, which the log gives out once all are in.
    Judged(JudgedCopy),
    /// Whose review of a calibration is in, while the reviews themselves are withheld. The log alone says so.
    JudgedIn {
        /// The calibration's key.
        calibration: String,
        /// Who.
        reviewer: String,
    },
    /// A combination of dispositions is known of a campaign, or forgotten.
    Disposition {
        /// The campaign.
        campaign: String,
        /// The levels.
        levels: [String; 3],
        /// Whether it is known.
        known: bool,
    },
    /// What was said of a call.
    Disposed(DisposedCopy),
    /// A tag is known of a call, or is not any more.
    Tag {
        /// The call.
        guid: String,
        /// What it says.
        text: String,
        /// Whether the server has it.
        known: bool,
    },
    /// Who sees to an alert of the floor; `None`: nobody after all.
    FloorAlertSeen {
        /// What the alert is about: every desk raises its own, with numbers and limits of its own.
        about: String,
        /// Since when it is, epoch milliseconds, by the log's clock.
        since_ms: i64,
        /// It needs a hand, now: who sees to a warning does not see to what became of it.
        bad: bool,
        /// Who.
        seen: Option<SeenCopy>,
    },
    /// An abandoned caller is called back, or not after all.
    CalledBack {
        /// Their number.
        number: String,
        /// The campaign that calls.
        campaign: String,
        /// Whether they are.
        called: bool,
    },
    /// A number is on the blacklist, or off it.
    Blacklisted {
        /// The number.
        phone: String,
        /// The campaign that is not to call it; empty: none is.
        campaign: String,
        /// Whose it is; may be empty.
        name: String,
        /// Their company; may be empty.
        company: String,
        /// What they do there; may be empty.
        job_title: String,
        /// Whether it is on it.
        on: bool,
    },
    /// A rule of the house, by the name of its setting: its whole value.
    House {
        /// The setting.
        name: String,
        /// Its value.
        value: serde_json::Value,
    },
    /// A line of the trail, begun or ended. The log keeps both; a copy keeps neither.
    Audit {
        /// The line: the same for its beginning and its end.
        entry: String,
        /// The vendor's operation, or what was done here.
        operation: String,
        /// What it is about.
        target: String,
        /// What was sent.
        detail: serde_json::Value,
        /// The account.
        user: String,
        /// How it ended; `None`: not yet, or nobody knows.
        outcome: Option<String>,
        /// Why, unless it was done.
        why: Option<String>,
    },
}

/// What becomes of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClaimStep {
    /// Whoever says so wants to judge it; said again, they still do.
    Taken,
    /// Whoever says so does not judge it after all.
    GivenBack,
    /// Nobody has heard of whoever holds it for a long while.
    Lapsed,
    /// A lead takes it, whoever holds it.
    TakenOver,
}

/// What a change is about: changes in one place contend, others do not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The kind of thing.
    pub kind: Kind,
    /// Its identity.
    pub thing: Uuid,
}

/// The kinds of things, those others lean on first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A card with its versions.
    Card,
    /// A worklist.
    Worklist,
    /// A review.
    Review,
    /// A call of a worklist.
    Entry,
    /// Who judges a call of a worklist.
    Claim,
    /// A step of feedback.
    Feedback,
    /// The alert of a review.
    Alert,
    /// Who sees to it.
    AlertSeen,
    /// A note.
    Note,
    /// A calibration.
    Calibration,
    /// A review of a calibration.
    Judged,
    /// That it is in.
    JudgedIn,
    /// A combination of dispositions.
    Disposition,
    /// What was said of a call.
    Disposed,
    /// A tag of a call.
    Tag,
    /// Who sees to an alert of the floor.
    FloorAlertSeen,
    /// An abandoned caller.
    CalledBack,
    /// A number of the blacklist.
    Blacklisted,
    /// A rule of the house.
    House,
    /// A line of the trail.
    Audit,
}

impl Kind {
    /// Its name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Worklist => "worklist",
            Self::Review => "review",
            Self::Entry => "entry",
            Self::Claim => "claim",
            Self::Feedback => "feedback",
            Self::Alert => "alert",
            Self::AlertSeen => "alertSeen",
            Self::Note => "note",
            Self::Calibration => "calibration",
            Self::Judged => "judged",
            Self::JudgedIn => "judgedIn",
            Self::Disposition => "disposition",
            Self::Disposed => "disposed",
            Self::Tag => "tag",
            Self::FloorAlertSeen => "floorAlertSeen",
            Self::CalledBack => "calledBack",
            Self::Blacklisted => "blacklisted",
            Self::House => "house",
            Self::Audit => "audit",
        }
    }
}

/// The name of a step, as it is part of an identity.
pub(crate) fn step_name(step: FeedbackStep) -> &'static str {
    match step {
        FeedbackStep::Given => "given",
        FeedbackStep::Acknowledged => "acknowledged",
        FeedbackStep::Disputed => "disputed",
        FeedbackStep::Settled => "settled",
    }
}

/// The identity of a step of a review's course.
pub(crate) fn feedback(key: &ReviewKey, step: FeedbackStep) -> Uuid {
    derived("feedback", [key.identity().to_string().as_str(), step_name(step)])
}

impl Change {
    /// What it is about.
    pub fn place(&self) -> Place {
        let (kind, thing) = match &self.what {
            What::CardVersion { version, .. } => (Kind::Card, identity::card(&version.card.id)),
            What::CardRetired { card, .. } => (Kind::Card, identity::card(card)),
            What::Worklist(WorklistCopy { list, .. }) | What::WorklistRemoved { list } => {
                (Kind::Worklist, identity::worklist(list))
            }
            What::Entry(entry) => (Kind::Entry, identity::entry(&entry.list, &entry.guid)),
            What::Claim { list, guid, .. } => (Kind::Claim, identity::entry(list, guid)),
            What::Review(review) => (Kind::Review, review.key.identity()),
            What::Feedback { key, step, .. } => (Kind::Feedback, feedback(key, *step)),
            What::Alert(alert) => (Kind::Alert, alert.key.identity()),
            What::AlertSeen { key, .. } => (Kind::AlertSeen, key.identity()),
            What::Note(NoteCopy { uuid, .. }) | What::NoteRemoved { note: uuid } => (Kind::Note, *uuid),
            What::Calibration(calibration) => (Kind::Calibration, identity::calibration(&calibration.id)),
            What::Judged(JudgedCopy { calibration, reviewer, .. }) => {
                let calibration = identity::calibration(calibration).to_string();
                (Kind::Judged, derived("judged", [calibration.as_str(), reviewer]))
            }
            What::JudgedIn { calibration, reviewer } => {
                let calibration = identity::calibration(calibration).to_string();
                (Kind::JudgedIn, derived("judgedIn", [calibration.as_str(), reviewer]))
            }
            What::Disposition { campaign, levels, .. } => {
                let levels = levels.each_ref().map(String::as_str);
                (Kind::Disposition, identity::disposition(campaign, levels))
            }
            What::Disposed(disposed) => (Kind::Disposed, derived("disposed", [disposed.guid.as_str()])),
            What::Tag { guid, text, .. } => (Kind::Tag, derived("tag", [guid.as_str(), text])),
            What::FloorAlertSeen { about, .. } => {
                (Kind::FloorAlertSeen, derived("floorAlert", [about.as_str()]))
            }
            What::CalledBack { number, campaign, .. } => {
                (Kind::CalledBack, derived("calledBack", [number.as_str(), campaign]))
            }
            What::Blacklisted { phone, campaign, .. } => {
                (Kind::Blacklisted, derived("blacklisted", [phone.as_str(), campaign]))
            }
            What::House { name, .. } => (Kind::House, derived("house", [name.as_str()])),
            // Each is a thing of its own: none is ever changed.
            What::Audit { .. } => (Kind::Audit, self.id),
        };
        Place { kind, thing }
    }
}
