//! What is changed at this desk, put into the outbox within the transaction that changes it.
//!
//! What goes is the thing whole, as its rows say it after the change; what the others know already does not go. Nobody else's
//! review goes, and no note that is not shared.

use std::sync::Arc;

use atalaya_review::copies;
use atalaya_review::wire::FeedbackStep;
use atalaya_review::{Recorder, Touched};
use atalaya_store::{Listener, Uuid};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::change::{Change, Kind, LAYOUT, Place, What, feedback};
use crate::rules::State;
use crate::team::Teamwork;

impl Teamwork {
    /// Hears of what is judged here: for [`atalaya_review::Reviews::recorded_by`].
    pub fn recorder(&self) -> Arc<dyn Recorder> {
        Arc::new(self.clone())
    }

    /// Everything that is to be said of what was changed.
    fn words(&self, connection: &Connection, what: Touched<'_>) -> rusqlite::Result<Vec<What>> {
        let account = &self.account;
        Ok(match what {
            Touched::Card(card) => self.card(connection, card)?,
            Touched::Worklist(id) => {
                copies::worklist(connection, account, id)?.map(What::Worklist).into_iter().collect()
            }
            Touched::WorklistRemoved(list) => {
                let gone = What::WorklistRemoved { list: list.to_owned() };
                if self.is_known(connection, &gone)? { vec![gone] } else { Vec::new() }
            }
            Touched::Entry { worklist, guid } => {
                let entry = copies::entry(connection, account, worklist, guid)?.map(What::Entry);
                // That a call is not left out is said where it was.
                let known = |what: &What| match what {
                    What::Entry(entry) if entry.skipped.is_none() => self.is_known(connection, what),
                    _ => Ok(true),
                };
                match entry {
                    Some(entry) if known(&entry)? => vec![entry],
                    _ => Vec::new(),
                }
            }
            Touched::Review(id) => {
                copies::review(connection, account, id)?.map(What::Review).into_iter().collect()
            }
            Touched::Feedback(id) => self.feedback(connection, id)?,
            Touched::Alert(id) => {
                let alert = copies::alert(connection, account, id)?;
                alert.map(|(alert, _)| What::Alert(alert)).into_iter().collect()
            }
            Touched::AlertSeen(id) => {
                let alert = copies::alert(connection, account, id)?;
                let seen = alert.map(|(alert, seen)| What::AlertSeen { key: alert.key, seen });
                match seen {
                    Some(What::AlertSeen { seen: None, .. })
                        if !seen.as_ref().map_or(Ok(false), |what| self.is_known(connection, what))? =>
                    {
                        Vec::new()
                    }
                    seen => seen.into_iter().collect(),
                }
            }
            Touched::Note(id) => match copies::note(connection, account, id)?.map(What::Note) {
                Some(note @ What::Note(_)) if is_shared(&note) || self.is_known(connection, &note)? => {
                    vec![note]
                }
                _ => Vec::new(),
            },
            Touched::NoteRemoved(uuid) => {
                match Uuid::try_parse(uuid).map(|note| What::NoteRemoved { note }) {
                    Ok(gone) if self.is_known(connection, &gone)? => vec![gone],
                    _ => Vec::new(),
                }
            }
            Touched::Calibration(id) => {
                copies::calibration(connection, account, id)?.map(What::Calibration).into_iter().collect()
            }
            Touched::Judged { calibration, reviewer } => {
                copies::judged(connection, account, calibration, reviewer)?
                    .map(What::Judged)
                    .into_iter()
                    .collect()
            }
            Touched::Disposition { campaign, levels } => {
                let known = copies::knows_disposition(connection, account, campaign, levels)?;
                let (campaign, levels) = (campaign.to_owned(), levels.map(str::to_owned));
                vec![What::Disposition { campaign, levels, known }]
            }
            Touched::Disposed(guid) => {
                copies::disposed(connection, account, guid)?.map(What::Disposed).into_iter().collect()
            }
        })
    }

    /// Whether the others have heard of a thing, or will.
    fn is_known(&self, connection: &Connection, what: &What) -> rusqlite::Result<bool> {
        let (id, desk) = (Uuid::nil(), self.member.desk);
        let change = Change { layout: LAYOUT, id, desk, who: String::new(), at_ms: 0, what: what.clone() };
        Ok(self.so(connection, &change.place())?.is_some())
    }

    fn card(&self, connection: &Connection, card: &str) -> rusqlite::Result<Vec<What>> {
        let thing = atalaya_review::identity::card(card);
        let (known, known_retired) =
            match self.so(connection, &Place { kind: Kind::Card, thing })?.map(|so| so.state) {
                Some(State::Card { versions, retired, .. }) => (versions, retired),
                _ => (Vec::new(), false),
            };
        let (versions, retired) = copies::card_versions(connection, card)?;
        let mut words = Vec::new();
        let mut after = None;
        for version in versions {
            let uuid = version.uuid;
            if !known.iter().any(|one| one.uuid == uuid) {
                words.push(What::CardVersion { version, after });
            }
            after = Some(uuid);
        }
        // A new version is in use by being saved.
        if retired != (known_retired && words.is_empty()) {
            words.push(What::CardRetired { card: card.to_owned(), retired });
        }
        Ok(words)
    }

    /// The steps of a review's course that are not as the others know them.
    fn feedback(&self, connection: &Connection, id: i64) -> rusqlite::Result<Vec<What>> {
        let Some(copy) = copies::feedback(connection, &self.account, id)? else { return Ok(Vec::new()) };
        let steps =
            [FeedbackStep::Given, FeedbackStep::Acknowledged, FeedbackStep::Disputed, FeedbackStep::Settled];
        let mut words = Vec::new();
        for (step, day) in steps.into_iter().zip(copy.days) {
            let place = Place { kind: Kind::Feedback, thing: feedback(&copy.key, step) };
            let known = match self.so(connection, &place)?.map(|so| so.state) {
                Some(State::Said(said)) => match *said {
                    What::Feedback { turn, day, .. } if turn == copy.turn => day,
                    _ => None,
                },
                _ => None,
            };
            if day != known {
                words.push(What::Feedback { key: copy.key.clone(), turn: copy.turn, step, day });
            }
        }
        Ok(words)
    }
}

fn is_shared(what: &What) -> bool {
    matches!(what, What::Note(note) if note.shared)
}

/// What is written elsewhere than among the reviews comes in the words of [`What`].
impl Listener for Teamwork {
    fn heard(&self, connection: &Connection, kind: &'static str, what: Value) -> rusqlite::Result<()> {
        let what: What = match serde_json::from_value(json!({ "kind": kind, "body": what })) {
            Ok(what) => what,
            Err(error) => {
                // Ours, and found by the tests: nobody's work is undone for it.
                tracing::error!(kind, %error, "something the team does not understand was said");
                return Ok(());
            }
        };
        let news = match &what {
            What::Tag { known: false, .. } | What::Blacklisted { on: false, .. } => {
                self.is_known(connection, &what)?
            }
            _ => true,
        };
        if news {
            self.put(connection, what)?;
        }
        Ok(())
    }
}

impl Recorder for Teamwork {
    fn touched(&self, connection: &Connection, account: &str, what: Touched<'_>) -> rusqlite::Result<()> {
        if account != self.account {
            return Ok(());
        }
        for what in self.words(connection, what)? {
            if let Some(why) = self.put(connection, what)? {
                // It stays this desk's own: a review from a file is not ours to say.
                tracing::debug!(?why, "a change is not for the team");
            }
        }
        Ok(())
    }
}
