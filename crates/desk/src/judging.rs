//! Judging calls at the desk: every act has a person, and the trail says who did what.
//!
//! Left out on purpose: reading calls for a sample (`sampling`), what is sent to the server (`sending`).

use std::collections::BTreeMap;

use atalaya_calls::wire::Call;
use atalaya_review::wire::{
    Answer, Calibration, Card, Compared, Disposition, Note, NoteFound, ReportBy, ReportFilter, ReportRow,
    Review, ReviewFilter, ReviewLine, Sample, SampleItem, Scored,
};
use atalaya_review::{Error, Reviews};
use atalaya_store::{AuditFilter, Outcome, Write};
use atalaya_ucontact::Problem;
use serde_json::json;

use crate::desk::Desk;
use crate::problem::{from_review, from_store};
use crate::wire::{AuditLine, Imported};

/// Lines of a list the window shows at once.
const MOST_LINES: u32 = 500;
const MOST_NOTES: u32 = 200;
/// Lines of the trail that go into a file.
const MOST_AUDIT: u32 = 50_000;

impl Desk {
    /// Who sits here: the name in the settings, else the account's.
    pub(crate) fn reviewer(&self) -> String {
        let named = self.settings().reviewer;
        if !named.trim().is_empty() {
            return named;
        }
        self.seat().map(|seat| seat.client.user().to_owned()).unwrap_or_default()
    }

    pub(crate) fn with_reviews<T>(
        &self,
        work: impl FnOnce(&Reviews) -> Result<T, Error>,
    ) -> Result<T, Problem> {
        let seat = self.seat()?;
        work(&seat.reviews).map_err(|error| self.told(&error))
    }

    /// A failure of ours is kept for Diagnostics; a value somebody typed is not.
    pub(crate) fn told(&self, error: &Error) -> Problem {
        let problem = from_review(error);
        if matches!(error, Error::Store(_)) { self.noted(problem) } else { problem }
    }

    /// Writes down what was done here.
    pub(crate) fn trail(&self, operation: &str, target: &str, detail: serde_json::Value) {
        let Ok(seat) = self.seat() else { return };
        let reviewer = self.reviewer();
        let write = Write { operation, target, detail, user: seat.client.user(), reviewer: &reviewer };
        if let Err(error) = self.inner.store.audit().record(&write) {
            self.noted(from_store(&error));
        }
    }

    /// The newest version of every card in use.
    ///
    /// # Errors
    /// `signedOut`, or the store's; so have all of these.
    pub fn cards(&self) -> Result<Vec<Card>, Problem> {
        self.with_reviews(Reviews::cards)
    }

    /// The cards in use, the likeliest for a call first.
    ///
    /// # Errors
    /// The store's.
    pub fn cards_for(&self, call: &Call) -> Result<Vec<Card>, Problem> {
        let reviewer = self.reviewer();
        self.with_reviews(|reviews| reviews.cards_for(call, &reviewer))
    }

    /// Keeps a card as its next version.
    ///
    /// # Errors
    /// `reviewInvalid` for one that makes no sense.
    pub fn save_card(&self, card: &Card) -> Result<Card, Problem> {
        let saved = self.with_reviews(|reviews| reviews.save_card(card))?;
        self.trail("card", &saved.id, json!({ "name": saved.name, "version": saved.version }));
        Ok(saved)
    }

    /// Takes a card out of use, or back.
    ///
    /// # Errors
    /// The store's.
    pub fn retire_card(&self, id: &str, retired: bool) -> Result<(), Problem> {
        let card = self.with_reviews(|reviews| {
            reviews.retire(id, retired)?;
            reviews.card(id, None)
        })?;
        self.trail("retireCard", id, json!({ "name": card.name, "retired": retired }));
        Ok(())
    }

    /// What answers to a card, saved or not, amount to.
    pub fn preview_card(&self, card: &Card, answers: &BTreeMap<String, Answer>) -> Scored {
        atalaya_review::score(card, answers)
    }

    /// A card as a file.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn card_file(&self, id: &str) -> Result<String, Problem> {
        self.with_reviews(|reviews| atalaya_review::write_card_file(&reviews.card(id, None)?))
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
        let reviewer = self.reviewer();
        self.with_reviews(|reviews| reviews.open(call, card, None, &reviewer, ""))
    }

    /// A review.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn review(&self, id: i64) -> Result<Review, Problem> {
        self.with_reviews(|reviews| reviews.review(id))
    }

    /// Keeps what was answered so far.
    ///
    /// # Errors
    /// `reviewFinished`, `reviewGone`.
    pub fn change_review(
        &self,
        id: i64,
        answers: BTreeMap<String, Answer>,
        comment: &str,
    ) -> Result<Review, Problem> {
        self.with_reviews(|reviews| reviews.change(id, answers, comment))
    }

    /// Finishes a review.
    ///
    /// # Errors
    /// `reviewIncomplete`, `reviewGone`.
    pub fn finish_review(&self, id: i64) -> Result<Review, Problem> {
        let review = self.with_reviews(|reviews| reviews.finish(id))?;
        let detail = json!({
            "card": review.card.name, "version": review.card.version, "percent": review.scored.percent,
            "agent": review.call.agent, "calibration": review.calibration
        });
        self.trail("score", &review.call.guid, detail);
        Ok(review)
    }

    /// Takes a finished review up again.
    ///
    /// # Errors
    /// `reviewFinished` for one of a calibration, `reviewGone`.
    pub fn reopen_review(&self, id: i64) -> Result<Review, Problem> {
        let before = self.review(id)?;
        let review = self.with_reviews(|reviews| reviews.reopen(id))?;
        self.trail("reopen", &review.call.guid, json!({ "percent": before.scored.percent }));
        Ok(review)
    }

    /// Writes down the day the agent acknowledged a review.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone`.
    pub fn acknowledge_review(&self, id: i64, day: Option<&str>) -> Result<Review, Problem> {
        let review = self.with_reviews(|reviews| reviews.acknowledge(id, day))?;
        self.trail("acknowledge", &review.call.guid, json!({ "day": day }));
        Ok(review)
    }

    /// Reviews, the newest call first.
    ///
    /// # Errors
    /// The store's.
    pub fn list_reviews(&self, filter: &ReviewFilter) -> Result<Vec<ReviewLine>, Problem> {
        self.with_reviews(|reviews| reviews.list(filter, MOST_LINES))
    }

    /// Figures over finished reviews.
    ///
    /// # Errors
    /// The store's.
    pub fn review_report(&self, filter: &ReportFilter, by: ReportBy) -> Result<Vec<ReportRow>, Problem> {
        self.with_reviews(|reviews| reviews.report(filter, by))
    }

    /// The notes of a call, by time.
    ///
    /// # Errors
    /// The store's.
    pub fn notes(&self, guid: &str) -> Result<Vec<Note>, Problem> {
        self.with_reviews(|reviews| reviews.notes(guid))
    }

    /// Adds a note at a second of a call.
    ///
    /// # Errors
    /// `reviewInvalid`.
    pub fn add_note(&self, call: &Call, at_secs: f64, text: &str, shared: bool) -> Result<Note, Problem> {
        let reviewer = self.reviewer();
        let note = self.with_reviews(|reviews| reviews.add_note(call, at_secs, text, shared, &reviewer))?;
        self.trail("note", &note.guid, json!({ "at": note.at_secs, "shared": note.shared }));
        Ok(note)
    }

    /// Changes a note.
    ///
    /// # Errors
    /// `reviewInvalid`, `reviewGone`.
    pub fn change_note(&self, id: i64, at_secs: f64, text: &str, shared: bool) -> Result<Note, Problem> {
        self.with_reviews(|reviews| reviews.change_note(id, at_secs, text, shared))
    }

    /// Removes a note.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_note(&self, note: &Note) -> Result<(), Problem> {
        self.with_reviews(|reviews| reviews.remove_note(note.id))?;
        self.trail("removeNote", &note.guid, json!({ "at": note.at_secs }));
        Ok(())
    }

    /// Notes by their words.
    ///
    /// # Errors
    /// The store's.
    pub fn find_notes(&self, text: &str) -> Result<Vec<NoteFound>, Problem> {
        self.with_reviews(|reviews| reviews.find_notes(text, MOST_NOTES))
    }

    /// All worklists, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn samples(&self) -> Result<Vec<Sample>, Problem> {
        self.with_reviews(Reviews::samples)
    }

    /// The calls of a worklist.
    ///
    /// # Errors
    /// The store's.
    pub fn sample_items(&self, id: i64) -> Result<Vec<SampleItem>, Problem> {
        self.with_reviews(|reviews| reviews.sample_items(id))
    }

    /// Leaves a call out with a reason, or takes it in again without one.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn skip_item(&self, id: i64, guid: &str, reason: Option<&str>) -> Result<Sample, Problem> {
        let sample = self.with_reviews(|reviews| reviews.skip(id, guid, reason))?;
        self.trail("skip", guid, json!({ "worklist": sample.request.name, "reason": reason }));
        Ok(sample)
    }

    /// Remembers the call being worked on.
    ///
    /// # Errors
    /// The store's.
    pub fn sample_at(&self, id: i64, guid: &str) -> Result<(), Problem> {
        self.with_reviews(|reviews| reviews.at(id, guid))
    }

    /// Removes a worklist; what was judged with it stays.
    ///
    /// # Errors
    /// The store's.
    pub fn remove_sample(&self, id: i64) -> Result<(), Problem> {
        let named = self.samples()?.into_iter().find(|sample| sample.id == id).map(|one| one.request.name);
        self.with_reviews(|reviews| reviews.remove_sample(id))?;
        self.trail("removeSample", &id.to_string(), json!({ "name": named }));
        Ok(())
    }

    /// All calibrations, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn calibrations(&self) -> Result<Vec<Calibration>, Problem> {
        self.with_reviews(Reviews::calibrations)
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
        self.with_reviews(|reviews| reviews.begin_calibration(call, card, name, people))
    }

    /// This person's own review of a calibration.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn open_calibrated(&self, id: &str) -> Result<Review, Problem> {
        let reviewer = self.reviewer();
        self.with_reviews(|reviews| reviews.open_calibrated(id, &reviewer))
    }

    /// What to hand on to the other reviewers: JSON.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn calibration_file(&self, id: &str) -> Result<String, Problem> {
        let reviewer = self.reviewer();
        self.with_reviews(|reviews| {
            Ok(serde_json::to_string_pretty(&reviews.calibration_file(id, &reviewer)?)?)
        })
    }

    /// Takes another reviewer's file in.
    ///
    /// # Errors
    /// `reviewFile`, `reviewInvalid`.
    pub fn import_calibration(&self, text: &str) -> Result<Calibration, Problem> {
        self.with_reviews(|reviews| reviews.take_calibration(&atalaya_review::read_calibration_file(text)?))
    }

    /// Chooses the folder where files are exchanged.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn calibration_folder(&self, id: &str, folder: Option<&str>) -> Result<Calibration, Problem> {
        self.with_reviews(|reviews| reviews.set_calibration_folder(id, folder))
    }

    /// Puts ours into the shared folder and takes what lies there.
    ///
    /// # Errors
    /// `reviewFile` when the folder cannot be used, `reviewGone`.
    pub fn exchange_calibration(&self, id: &str) -> Result<Calibration, Problem> {
        let reviewer = self.reviewer();
        self.with_reviews(|reviews| reviews.exchange(id, &reviewer))
    }

    /// How far the reviewers are apart, once all are in.
    ///
    /// # Errors
    /// `reviewGone`.
    pub fn compared(&self, id: &str) -> Result<Option<Compared>, Problem> {
        self.with_reviews(|reviews| reviews.compared(id))
    }

    /// Combinations known of a campaign.
    ///
    /// # Errors
    /// The store's.
    pub fn dispositions(&self, campaign: &str) -> Result<Vec<Disposition>, Problem> {
        self.with_reviews(|reviews| reviews.dispositions(campaign))
    }

    /// Takes combinations in from CSV.
    ///
    /// # Errors
    /// `reviewFile`.
    pub fn import_dispositions(&self, text: &str) -> Result<Imported, Problem> {
        let (taken, left_out) = self.with_reviews(|reviews| reviews.import_dispositions(text))?;
        Ok(Imported { taken, left_out })
    }

    /// Forgets a combination.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_disposition(&self, one: &Disposition) -> Result<(), Problem> {
        let levels = [one.level1.as_str(), &one.level2, &one.level3];
        self.with_reviews(|reviews| reviews.forget_disposition(&one.campaign, levels))
    }

    /// Brings a forgotten combination back.
    ///
    /// # Errors
    /// The store's.
    pub fn put_back_disposition(&self, one: &Disposition) -> Result<(), Problem> {
        self.with_reviews(|reviews| reviews.put_back_disposition(one))
    }

    /// Something was written to a file that leaves the program's care.
    pub fn exported(&self, what: &str, target: &str, path: &str) {
        self.trail("export", target, json!({ "what": what, "path": path }));
    }

    /// The trail, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn audit_lines(&self, filter: &AuditFilter, whole: bool) -> Result<Vec<AuditLine>, Problem> {
        let most = if whole { MOST_AUDIT } else { MOST_LINES };
        let found =
            self.inner.store.audit().find(filter, most).map_err(|error| self.noted(from_store(&error)))?;
        let line = |entry: atalaya_store::AuditEntry| {
            let (outcome, why) = match entry.outcome {
                Some(Outcome::Ok) => ("ok", None),
                Some(Outcome::Refused(text)) => ("refused", Some(text)),
                Some(Outcome::Failed(code)) => ("failed", Some(code)),
                None => ("unknown", None),
            };
            AuditLine {
                at_ms: entry.at_ms,
                operation: entry.operation,
                target: entry.target,
                detail: named(&entry.detail),
                user: entry.user,
                reviewer: entry.reviewer,
                outcome: outcome.to_owned(),
                why,
            }
        };
        Ok(found.into_iter().map(line).collect())
    }
}

/// Names and values; what is empty is left out.
fn named(detail: &serde_json::Value) -> Vec<(String, String)> {
    let fields = detail.as_object().into_iter().flatten().filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::Null => return None,
            serde_json::Value::String(text) if text.is_empty() => return None,
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some((name.clone(), text))
    });
    fields.collect()
}
