//! Judging calls: every act has a person, and the trail says who did what.
//!
//! What only reads, or needs nobody's name, is asked of the reviews themselves ([`Judging::ask`]). Left out on purpose:
//! reading calls for a sample (`sampling`).

use std::time::Duration;

use atalaya_calls::Sent;
use atalaya_calls::wire::Call;
use atalaya_review::wire::{
    Calibration, Card, FeedbackStep, HandedFound, Note, Review, Sample, SampleItem, TakenIn,
};
use atalaya_review::{Error, Reviews};
use atalaya_store::Outcome;
use atalaya_ucontact::{Operation, Problem};
use serde_json::json;

mod shared_folder;

use self::shared_folder::SharedFolder;
use super::ground::Ground;
use crate::problem::{from_calls, from_review, from_ucontact, problem};
use crate::review_rules::alarm;
use crate::wire::{DispositionRequest, Imported, WriteOutcome, Written};

/// Lines of a list the window shows at once.
pub const MOST_LINES: u32 = 500;
/// Notes found by their words, at most so many.
pub const MOST_NOTES: u32 = 200;
/// A shared folder is waited for so long.
pub const FOLDER_PATIENCE: Duration = Duration::from_secs(10);

/// The judging of one session; clones are handles to the same.
#[derive(Clone)]
pub struct Judging {
    ground: Ground,
    reviews: Reviews,
    folder: SharedFolder,
}

impl Judging {
    pub(super) fn new(ground: Ground, reviews: Reviews) -> Self {
        let judging = Self { ground, reviews, folder: SharedFolder::default() };
        // Nothing is on the screen yet. That it failed is in Diagnostics, and they count as nothing anyway.
        let _ = judging.ask(Reviews::forget_looks);
        judging
    }

    /// Asks the reviews of this account.
    ///
    /// # Errors
    /// Theirs, in the window's words.
    pub fn ask<T>(&self, question: impl FnOnce(&Reviews) -> Result<T, Error>) -> Result<T, Problem> {
        question(&self.reviews).map_err(|error| self.told(&error))
    }

    /// A failure of ours is kept for Diagnostics; a value somebody typed is not.
    fn told(&self, error: &Error) -> Problem {
        let problem = from_review(error);
        if matches!(error, Error::Store(_)) { self.ground.noted(problem) } else { problem }
    }

    /// The cards in use, the likeliest for a call first.
    ///
    /// # Errors
    /// The store's.
    pub fn cards_for(&self, call: &Call) -> Result<Vec<Card>, Problem> {
        let reviewer = self.ground.reviewer();
        self.ask(|reviews| reviews.cards_for(call, &reviewer))
    }

    /// Keeps a card as its next version.
    ///
    /// # Errors
    /// `reviewInvalid` for one that makes no sense.
    pub fn save_card(&self, card: &Card) -> Result<Card, Problem> {
        let saved = self.ask(|reviews| reviews.save_card(card))?;
        self.ground.trail("card", &saved.id, json!({ "name": saved.name, "version": saved.version }));
        Ok(saved)
    }

    /// Takes a card out of use, or back.
    ///
    /// # Errors
    /// The store's.
    pub fn retire_card(&self, id: &str, retired: bool) -> Result<(), Problem> {
        let card = self.ask(|reviews| {
            reviews.retire(id, retired)?;
            reviews.card(id, None)
        })?;
        self.ground.trail("retireCard", id, json!({ "name": card.name, "retired": retired }));
        Ok(())
    }

    /// Takes a card in from a file, as a new card or the next version of the one with the same key.
    ///
    /// # Errors
    /// `reviewFile`, `reviewInvalid`.
    pub fn import_card(&self, text: &str) -> Result<Card, Problem> {
        let card = atalaya_review::read_card_file(text).map_err(|error| self.told(&error))?;
        self.save_card(&card)
    }

    /// This person's review of a call with a card, begun or gone on with.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn open_review(&self, call: &Call, card: &str) -> Result<Review, Problem> {
        let reviewer = self.ground.reviewer();
        self.ask(|reviews| reviews.open(call, card, &reviewer))
    }

    /// Finishes a review. It may raise an alert, by the rules of the settings: [`super::Session::finish_review`] tells of it.
    ///
    /// # Errors
    /// `reviewIncomplete`, `reviewGone`.
    pub fn finish_review(&self, id: i64) -> Result<Review, Problem> {
        let rules = self.ground.settings().review_rules;
        let review = self.ask(|reviews| {
            let card = reviews.review(id)?.card.id;
            reviews.finish_raising(id, |scored| alarm(&rules, &card, scored))
        })?;
        // A team's trail is everybody's to read: what a calibration's review came to is not in it before all are in.
        let percent = review.scored.percent.filter(|_| review.calibration.is_none());
        let detail = json!({
            "card": review.card.name, "version": review.card.version, "percent": percent,
            "agent": review.call.agent, "calibration": review.calibration
        });
        self.ground.trail("score", &review.call.guid, detail);
        Ok(review)
    }

    /// Takes a finished review of this person's up again.
    ///
    /// # Errors
    /// `reviewFinished` for one of a calibration, `reviewInvalid` for somebody else's, `reviewGone`.
    pub fn reopen_review(&self, id: i64) -> Result<Review, Problem> {
        let reviewer = self.ground.reviewer();
        let before = self.ask(|reviews| reviews.review(id))?;
        let review = self.ask(|reviews| reviews.reopen(id, &reviewer))?;
        self.ground.trail("reopen", &review.call.guid, json!({ "percent": before.scored.percent }));
        Ok(review)
    }

    /// Writes down the day of a step of handing a review to its agent, or takes the step back.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone`.
    pub fn feedback(&self, id: i64, step: FeedbackStep, day: Option<&str>) -> Result<Review, Problem> {
        let review = self.ask(|reviews| reviews.feedback(id, step, day))?;
        self.ground.trail("feedback", &review.call.guid, json!({ "step": step, "day": day }));
        Ok(review)
    }

    /// Adds a note at a second of a call.
    ///
    /// # Errors
    /// `reviewInvalid`.
    pub fn add_note(&self, call: &Call, at_secs: f64, text: &str, shared: bool) -> Result<Note, Problem> {
        let reviewer = self.ground.reviewer();
        let note = self.ask(|reviews| reviews.add_note(call, at_secs, text, shared, &reviewer))?;
        self.ground.trail("note", &note.guid, json!({ "at": note.at_secs, "shared": note.shared }));
        Ok(note)
    }

    /// Removes a note.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_note(&self, note: &Note) -> Result<(), Problem> {
        self.ask(|reviews| reviews.remove_note(note.id))?;
        self.ground.trail("removeNote", &note.guid, json!({ "at": note.at_secs }));
        Ok(())
    }

    /// All worklists, the newest first; what this person has finished is done in them.
    ///
    /// # Errors
    /// The store's.
    pub fn samples(&self) -> Result<Vec<Sample>, Problem> {
        self.settled(Reviews::samples)
    }

    /// The calls of a worklist, in their order; those this person has finished are done.
    ///
    /// # Errors
    /// The store's.
    pub fn sample_items(&self, id: i64) -> Result<Vec<SampleItem>, Problem> {
        self.settled(|reviews| reviews.sample_items(id))
    }

    fn settled<T>(&self, question: impl FnOnce(&Reviews) -> Result<T, Error>) -> Result<T, Problem> {
        let reviewer = self.ground.reviewer();
        self.ask(|reviews| {
            reviews.settle_samples(&reviewer)?;
            question(reviews)
        })
    }

    /// Leaves a call out with a reason, or takes it in again without one.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn skip_item(&self, id: i64, guid: &str, reason: Option<&str>) -> Result<Sample, Problem> {
        let sample = self.ask(|reviews| reviews.skip(id, guid, reason))?;
        self.ground.trail("skip", guid, json!({ "worklist": sample.request.name, "reason": reason }));
        Ok(sample)
    }

    /// Removes a worklist; what was judged with it stays.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_sample(&self, id: i64) -> Result<(), Problem> {
        let named = self
            .ask(Reviews::samples)?
            .into_iter()
            .find(|sample| sample.id == id)
            .map(|one| one.request.name);
        self.ask(|reviews| reviews.remove_sample(id))?;
        self.ground.trail("removeSample", &id.to_string(), json!({ "name": named }));
        Ok(())
    }

    /// Gives a worklist to somebody.
    ///
    /// # Errors
    /// `reviewInvalid` without a name or to oneself, `reviewGone`.
    pub fn hand_on(&self, id: i64, to: &str) -> Result<Sample, Problem> {
        let by = self.ground.reviewer();
        let sample = self.ask(|reviews| reviews.hand_on(id, &by, to))?;
        self.ground.trail(
            "handOn",
            &id.to_string(),
            json!({ "worklist": sample.request.name, "to": to.trim() }),
        );
        Ok(sample)
    }

    /// A worklist that was given away is one's own again.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn take_back(&self, id: i64) -> Result<Sample, Problem> {
        let sample = self.ask(|reviews| reviews.take_back(id))?;
        self.ground.trail("takeBack", &id.to_string(), json!({ "worklist": sample.request.name }));
        Ok(sample)
    }

    /// A worklist as a file for somebody at another computer: JSON.
    ///
    /// # Errors
    /// `reviewInvalid` without a name, `reviewGone`.
    pub fn worklist_file(&self, id: i64, to: &str, drafts: bool, notes: bool) -> Result<String, Problem> {
        let by = self.ground.reviewer();
        self.ask(|reviews| reviews.worklist_file(id, (&by, to), drafts, notes))
    }

    /// What is in a file somebody hands on, and what of it is here.
    ///
    /// # Errors
    /// `reviewFile`, `reviewFileNewer`, `reviewInvalid`.
    pub fn look_at_worklist(&self, text: &str) -> Result<HandedFound, Problem> {
        self.ask(|reviews| reviews.look_at_worklist(&atalaya_review::read_worklist_file(text)?))
    }

    /// Takes in what somebody hands on, or what came back.
    ///
    /// # Errors
    /// As [`Judging::look_at_worklist`]; `reviewCardDiffers`.
    pub fn take_worklist(&self, text: &str) -> Result<TakenIn, Problem> {
        let reviewer = self.ground.reviewer();
        let taken =
            self.ask(|reviews| reviews.take_worklist(&atalaya_review::read_worklist_file(text)?, &reviewer))?;
        let detail = json!({
            "worklist": taken.sample.request.name, "from": taken.sample.handed.as_ref().map(|handed| &handed.by),
            "reviews": taken.reviews, "drafts": taken.drafts, "notes": taken.notes
        });
        self.ground.trail("takeIn", &taken.sample.id.to_string(), detail);
        Ok(taken)
    }

    /// Begins a calibration of a call.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone`.
    pub fn begin_calibration(
        &self,
        call: &Call,
        card: &str,
        name: &str,
        people: u32,
    ) -> Result<Calibration, Problem> {
        self.ask(|reviews| reviews.begin_calibration(call, card, name, people))
    }

    /// This person's own review of a calibration.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn open_calibrated(&self, id: &str) -> Result<Review, Problem> {
        let reviewer = self.ground.reviewer();
        self.ask(|reviews| reviews.open_calibrated(id, &reviewer))
    }

    /// What to hand on to the other reviewers: JSON.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn calibration_file(&self, id: &str) -> Result<String, Problem> {
        let reviewer = self.ground.reviewer();
        self.ask(|reviews| Ok(serde_json::to_string_pretty(&reviews.calibration_file(id, &reviewer)?)?))
    }

    /// Puts ours into the shared folder and takes what lies there.
    ///
    /// # Errors
    /// `reviewFile` when the folder cannot be used or does not answer in [`FOLDER_PATIENCE`], `reviewGone`.
    pub async fn exchange_calibration(&self, id: String) -> Result<Calibration, Problem> {
        let (here, reviewer) = (self.clone(), self.ground.reviewer());
        let work = move || here.ask(|reviews| reviews.exchange(&id, &reviewer));
        self.folder.work(&self.ground.tasks, FOLDER_PATIENCE, work).await
    }

    /// Takes combinations in from CSV.
    ///
    /// # Errors
    /// `reviewFile`.
    pub fn import_dispositions(&self, text: &str) -> Result<Imported, Problem> {
        let (taken, left_out) = self.ask(|reviews| reviews.import_dispositions(text))?;
        Ok(Imported { taken, left_out })
    }

    /// Sends a tipificación once. The server runs the dialer's action of it. A combination it takes is remembered.
    ///
    /// # Errors
    /// `signedOut` and the store's: nothing was sent.
    pub async fn send_disposition(&self, request: DispositionRequest) -> Result<Written, Problem> {
        let disposition = request.disposition();
        let learn = {
            let (here, campaign, guid, levels) = (
                self.clone(),
                disposition.campaign.clone(),
                disposition.guid.clone(),
                disposition.levels.clone(),
            );
            move |sent: &Sent| {
                if sent.outcome == Outcome::Done {
                    let levels = levels.each_ref().map(String::as_str);
                    // It was taken: that it could not be remembered is in Diagnostics.
                    let _ = here.ask(|reviews| {
                        reviews.learn_disposition(&campaign, levels)?;
                        reviews.dispose(&guid, levels)
                    });
                }
            }
        };
        let writes = self.ground.calls.writes();
        let operation = Operation::Disposition(disposition);
        let sent = writes.perform(&self.ground.client, operation, learn).await;
        let sent = sent.map_err(|error| self.ground.noted(from_calls(&error)))?;
        let problem = match (&sent.outcome, &sent.error) {
            (Outcome::Done, _) => None,
            (_, Some(error)) => Some(self.ground.noted(from_ucontact(error))),
            (_, None) => Some(problem("timeout", [("what", "DispositionCall".to_owned())], false)),
        };
        Ok(Written { outcome: WriteOutcome::from(&sent.outcome), problem })
    }
}
