//! Reviews in the store, begun and answered: every change is one statement or one transaction, so that a program killed at any
//! moment has lost nothing it was told is kept. What happens when one is finished is in `finished`, finding them in `found`.

use std::collections::BTreeMap;
use std::sync::Arc;

use atalaya_calls::wire::Call;
use atalaya_store::{Store, identity};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::de::DeserializeOwned;

use crate::error::Error;
use crate::finished::counted;
use crate::score::score;
use crate::touched::{Recorder, Touched};
use crate::wire::{Answer, Card, Feedback, Review};

const LONGEST_COMMENT: usize = 4_000;

/// What is judged with one account; cards are common to all accounts.
#[derive(Debug, Clone)]
pub struct Reviews {
    pub(crate) store: Store,
    pub(crate) account: String,
    /// Hears of every change; `None`: nobody does.
    pub(crate) recorder: Option<Arc<dyn Recorder>>,
}

pub(crate) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    Ok(serde_json::from_str(text)?)
}

/// A review as it lies in its table.
struct Kept {
    call: String,
    card: String,
    version: u32,
    calibration: String,
    reviewer: String,
    answers: String,
    comment: String,
    fatal: bool,
    finished_ms: Option<i64>,
    feedback: Feedback,
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        call: row.get(0)?,
        card: row.get(1)?,
        version: row.get(2)?,
        calibration: row.get(3)?,
        reviewer: row.get(4)?,
        answers: row.get(5)?,
        comment: row.get(6)?,
        fatal: row.get(7)?,
        finished_ms: row.get(8)?,
        feedback: Feedback {
            given: row.get(9)?,
            acknowledged: row.get(10)?,
            disputed: row.get(11)?,
            settled: row.get(12)?,
        },
    })
}

fn tidy(answers: BTreeMap<String, Answer>, card: &Card) -> BTreeMap<String, Answer> {
    let known = |id: &String| card.sections.iter().flat_map(|one| &one.questions).any(|one| one.id == *id);
    let cut = |text: String| text.chars().take(LONGEST_COMMENT).collect();
    answers
        .into_iter()
        .filter(|(id, _)| known(id))
        .map(|(id, answer)| (id, Answer { comment: cut(answer.comment), ..answer }))
        .collect()
}

impl Reviews {
    pub(crate) fn now_ms(&self) -> i64 {
        self.store.clock().now_ms()
    }

    /// An identity for something that is made now.
    pub(crate) fn fresh(&self) -> String {
        identity::fresh(self.now_ms()).to_string()
    }

    /// What is judged with `account` in `store`.
    pub fn new(store: Store, account: &str) -> Self {
        Self { store, account: account.to_owned(), recorder: None }
    }

    /// The same reviews, every change of which is heard by `recorder`.
    #[must_use]
    pub fn recorded_by(self, recorder: Option<Arc<dyn Recorder>>) -> Self {
        Self { recorder, ..self }
    }

    /// Tells whoever listens; with nobody there it costs nothing.
    pub(crate) fn touched(&self, connection: &Connection, what: Touched<'_>) -> rusqlite::Result<()> {
        match &self.recorder {
            Some(recorder) => recorder.touched(connection, &self.account, what),
            None => Ok(()),
        }
    }

    /// The review of a call by a person with a card: the one there is, else a new one with the newest version. A new one
    /// counts as nothing until something is said in it (`found`).
    ///
    /// # Errors
    /// `reviewGone` without that card, `reviewInvalid` without a reviewer's name, or the store's.
    pub fn open(&self, call: &Call, card: &str, reviewer: &str) -> Result<Review, Error> {
        self.begun(call, &self.card(card, None)?, reviewer, "")
    }

    /// The review of a call by a person with a card, begun or gone on with. Of a calibration it is one of its own.
    pub(crate) fn begun(
        &self,
        call: &Call,
        card: &Card,
        reviewer: &str,
        calibration: &str,
    ) -> Result<Review, Error> {
        if reviewer.trim().is_empty() {
            return Err(Error::Invalid("reviewer", "empty".to_owned()));
        }
        let body = serde_json::to_string(call)?;
        let id: i64 = self.store.with(|connection| {
            connection.execute(
                "INSERT INTO review (account, guid, reviewer, card, version, calibration, call, call_at, agent, campaign,
                 answers, comment, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, '{}', '', ?11)
                 ON CONFLICT DO NOTHING",
                params![
                    self.account, call.guid, reviewer.trim(), card.id, card.version, calibration, body, call.started_at,
                    call.agent.as_deref().unwrap_or_default(), call.campaign, self.now_ms()
                ],
            )?;
            connection.query_row(
                "SELECT id FROM review WHERE account = ?1 AND guid = ?2 AND reviewer = ?3 AND card = ?4 AND calibration = ?5",
                params![self.account, call.guid, reviewer.trim(), card.id, calibration],
                |row| row.get(0),
            )
        })?;
        self.review(id)
    }

    /// The card a review is judged with, and whether there is a newer version. A calibration's is the one it carries,
    /// whatever this computer has under the same key and number.
    fn card_of(&self, kept: &Kept) -> Result<(Card, bool), Error> {
        if let Some(carried) = self.carried_card(&kept.calibration)? {
            return Ok((carried, false));
        }
        let newest = self.card(&kept.card, None)?;
        if newest.version == kept.version {
            return Ok((newest, false));
        }
        Ok((self.card(&kept.card, Some(kept.version))?, newest.version > kept.version))
    }

    /// A review.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn review(&self, id: i64) -> Result<Review, Error> {
        let kept = self.store.with(|connection| {
            connection
                .query_row(
                    "SELECT call, card, version, calibration, reviewer, answers, comment, fatal, finished_ms,
                     given, acknowledged, disputed, settled FROM review WHERE id = ?1 AND account = ?2",
                    params![id, self.account],
                    kept,
                )
                .optional()
        })?;
        let kept = kept.ok_or(Error::Gone("review"))?;
        let (card, newer_card) = self.card_of(&kept)?;
        let answers = parsed(&kept.answers)?;
        Ok(Review {
            id,
            call: parsed(&kept.call)?,
            newer_card,
            reviewer: kept.reviewer,
            calibration: Some(kept.calibration).filter(|key| !key.is_empty()),
            scored: match kept.finished_ms {
                Some(_) => counted(&card, &answers, kept.fatal),
                None => score(&card, &answers),
            },
            answers,
            card,
            comment: kept.comment,
            finished_ms: kept.finished_ms,
            feedback: kept.feedback,
        })
    }

    /// Keeps what was answered so far.
    ///
    /// # Errors
    /// `reviewFinished`, `reviewGone`, or the store's.
    pub fn change(&self, id: i64, answers: BTreeMap<String, Answer>, comment: &str) -> Result<Review, Error> {
        let before = self.review(id)?;
        if before.finished_ms.is_some() {
            return Err(Error::Finished);
        }
        let answers = tidy(answers, &before.card);
        let comment: String = comment.chars().take(LONGEST_COMMENT).collect();
        let body = serde_json::to_string(&answers)?;
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE review SET answers = ?2, comment = ?3 WHERE id = ?1 AND finished_ms IS NULL",
                params![id, body, comment],
            )?;
            self.touched(&transaction, Touched::Review(id))?;
            transaction.commit()
        })?;
        Ok(Review { scored: score(&before.card, &answers), answers, comment, ..before })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use atalaya_clock::Clock;

    use super::*;
    use crate::draw::tests::call;
    use crate::score::tests::{answers, card};
    use crate::wire::{FeedbackStep, ReviewFilter, Value};

    pub(crate) fn reviews() -> Reviews {
        reviews_of("a")
    }

    pub(crate) fn reviews_of(account: &str) -> Reviews {
        let store = Store::in_memory(&[crate::MIGRATIONS], Clock::system()).unwrap();
        let reviews = Reviews::new(store, account);
        reviews.save_card(&card()).unwrap();
        reviews
    }

    pub(crate) fn all(greeting: Value) -> BTreeMap<String, Answer> {
        answers(&[
            ("greeting", greeting),
            ("listening", Value::Scale { value: 5 }),
            ("solution", Value::Choice { index: 0 }),
            ("law", Value::Yes),
        ])
    }

    #[test]
    fn a_finished_score_keeps_the_card_it_was_made_with() {
        let reviews = reviews();
        let review = reviews.open(&call("Ana", 2, 1), "c", "Marta").unwrap();
        let changed = reviews.change(review.id, all(Value::No), "well done").unwrap();
        assert_eq!(changed.scored.percent, Some(80.0));
        reviews.finish(review.id).unwrap();

        let mut heavier = card();
        heavier.sections[0].questions[0].weight = 120.0;
        assert_eq!(reviews.save_card(&heavier).unwrap().version, 2);
        assert_eq!(reviews.save_card(&heavier).unwrap().version, 2, "nothing changed, no version");
        let kept = reviews.review(review.id).unwrap();
        assert_eq!((kept.card.version, kept.scored.percent, kept.newer_card), (1, Some(80.0), true));
        assert_eq!((kept.comment.as_str(), kept.answers.len()), ("well done", 4));
        let other = reviews.open(&call("Ana", 2, 2), "c", "Marta").unwrap();
        assert_eq!(other.card.version, 2);

        // Out of use it is offered no more, and still there for what was made with it.
        reviews.retire("c", true).unwrap();
        assert!(reviews.cards().unwrap().is_empty());
        assert_eq!(reviews.review(review.id).unwrap().card.version, 1);
    }

    #[test]
    fn a_review_is_one_for_each_reviewer_and_is_finished_whole() {
        let reviews = reviews();
        let one = reviews.open(&call("Ana", 2, 1), "c", "Marta").unwrap();
        assert_eq!(reviews.open(&call("Ana", 2, 1), "c", " Marta ").unwrap().id, one.id);
        assert_ne!(reviews.open(&call("Ana", 2, 1), "c", "Pedro").unwrap().id, one.id);
        assert_eq!(reviews.open(&call("Ana", 2, 1), "c", " ").unwrap_err().code(), "reviewInvalid");
        assert!(matches!(reviews.finish(one.id), Err(Error::Incomplete(4))));
        reviews.change(one.id, all(Value::Yes), "").unwrap();
        let done = reviews.finish(one.id).unwrap();
        assert!(done.finished_ms.is_some());
        assert_eq!(reviews.change(one.id, all(Value::No), "").unwrap_err().code(), "reviewFinished");
        let step = |step, day| reviews.feedback(one.id, step, day).map(|review| review.feedback);
        let day = |text: &str| Some(text.to_owned());
        let disputed = step(FeedbackStep::Disputed, Some("2026-04-02")).unwrap();
        let told = Feedback { given: day("2026-04-02"), disputed: day("2026-04-02"), ..Feedback::default() };
        assert_eq!(disputed, told, "who says something to it was told of it");
        step(FeedbackStep::Given, Some("2026-04-01")).unwrap();
        step(FeedbackStep::Settled, Some("2026-04-05")).unwrap();
        step(FeedbackStep::Disputed, None).unwrap();
        let last = step(FeedbackStep::Acknowledged, Some("2026-04-06")).unwrap();
        let all_of_it = Feedback {
            given: day("2026-04-01"),
            acknowledged: day("2026-04-06"),
            disputed: None,
            settled: day("2026-04-05"),
        };
        assert_eq!(last, all_of_it);
        assert_eq!(step(FeedbackStep::Given, Some("soon")).unwrap_err().code(), "reviewInvalid");

        let again = reviews.reopen(one.id, "Marta").unwrap();
        assert_eq!((again.finished_ms, again.feedback), (None, Feedback::default()));
        reviews.change(one.id, all(Value::No), "").unwrap();
        assert_eq!(reviews.finish(one.id).unwrap().scored.percent, Some(80.0));
        let other = Reviews::new(reviews.store.clone(), "b");
        assert_eq!(other.review(one.id).unwrap_err().code(), "reviewGone", "accounts do not mix");
        let lines =
            reviews.list(&ReviewFilter { text: "marta".into(), ..ReviewFilter::default() }, 10).unwrap();
        assert_eq!(lines.iter().map(|line| line.percent).collect::<Vec<_>>(), [Some(80.0)]);
    }
}
