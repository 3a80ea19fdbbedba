//! What a finished review sets off: it counts in reports, and its call is done in every worklist that asks for its card;
//! taken up again, it counts nowhere.

use std::collections::BTreeMap;

use rusqlite::params;

use crate::alarm::{Alarm, raise};
use crate::error::Error;
use crate::reviews::Reviews;
use crate::score::score;
use crate::touched::Touched;
use crate::wire::{Answer, Card, FeedbackStep, Review, Scored, ScoredItem, Tone};

/// The score of a finished review as it was counted then. An earlier program knew fewer fatal answers: what an agent was told
/// and reports hold is not made zero by opening it.
pub(crate) fn counted(card: &Card, answers: &BTreeMap<String, Answer>, fatal: bool) -> Scored {
    let scored = score(card, answers);
    if fatal || scored.fatal.is_empty() {
        return scored;
    }
    let mut harmless = card.clone();
    for question in harmless.sections.iter_mut().flat_map(|section| &mut section.questions) {
        question.fatal = false;
    }
    score(&harmless, answers)
}

pub(crate) fn tone_name(tone: Option<Tone>) -> Option<&'static str> {
    tone.map(|tone| match tone {
        Tone::Ok => "ok",
        Tone::Warn => "warn",
        Tone::Bad => "bad",
    })
}

impl Reviews {
    /// Finishes a review: it counts from now on, and the call is done in every worklist that asks for this card.
    ///
    /// # Errors
    /// `reviewIncomplete` with answers or required comments missing, `reviewGone`, or the store's.
    pub fn finish(&self, id: i64) -> Result<Review, Error> {
        self.finish_raising(id, |_| None)
    }

    /// The same, and raises an alert where `alarm` says so of its score, if it was never finished before and is of no
    /// calibration.
    ///
    /// # Errors
    /// As [`Reviews::finish`]: then no alert is raised.
    pub fn finish_raising(
        &self,
        id: i64,
        alarm: impl FnOnce(&Scored) -> Option<Alarm>,
    ) -> Result<Review, Error> {
        let review = self.review(id)?;
        if review.finished_ms.is_some() {
            return Ok(review);
        }
        let open = review.scored.missing.len() + review.scored.comments_missing.len();
        if open > 0 {
            return Err(Error::Incomplete(open));
        }
        let alarm = alarm(&review.scored).filter(|_| review.calibration.is_none());
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let mut raised = false;
            if let Some(alarm) = alarm
                && transaction
                    .query_row("SELECT first_ms IS NULL FROM review WHERE id = ?1", [id], |row| row.get(0))?
            {
                raise(&transaction, id, review.scored.percent, alarm, self.now_ms())?;
                raised = true;
            }
            transaction.execute(
                "UPDATE review SET finished_ms = ?2, first_ms = coalesce(first_ms, ?2), percent = ?3, fatal = ?4, tone = ?5
                 WHERE id = ?1",
                params![
                    id, self.now_ms(), review.scored.percent, !review.scored.fatal.is_empty(), tone_name(review.scored.tone)
                ],
            )?;
            transaction.execute(
                "INSERT OR REPLACE INTO review_part (review, parts) VALUES (?1, ?2)",
                params![id, parts(&review.scored)],
            )?;
            if review.calibration.is_none() {
                transaction.execute(
                    "UPDATE sample_item SET state = 'done', percent = ?3, review = ?5
                     WHERE guid = ?2 AND state != 'done' AND sample IN
                     (SELECT id FROM sample WHERE account = ?1 AND request ->> 'card' = ?4)",
                    params![self.account, review.call.guid, review.scored.percent, review.card.id, id],
                )?;
            }
            if let Some(calibration) = &review.calibration {
                transaction.execute(
                    "INSERT OR REPLACE INTO calibration_review (account, calibration, reviewer, answers, comment, at_ms)
                     SELECT account, ?2, reviewer, answers, comment, ?3 FROM review WHERE id = ?1",
                    params![id, calibration, self.now_ms()],
                )?;
                self.touched(&transaction, Touched::Judged { calibration, reviewer: &review.reviewer })?;
            }
            self.touched(&transaction, Touched::Review(id))?;
            if raised {
                self.touched(&transaction, Touched::Alert(id))?;
            }
            transaction.commit()
        })?;
        self.review(id)
    }

    /// Takes a person's own finished review up again; until it is finished once more it counts nowhere, and the calls it was
    /// done by are open in their worklists. One of a calibration stays: the others may have seen it.
    ///
    /// # Errors
    /// `reviewFinished` for one of a calibration, `reviewInvalid` for somebody else's, `reviewGone`, or the store's.
    pub fn reopen(&self, id: i64, reviewer: &str) -> Result<Review, Error> {
        let review = self.review(id)?;
        if review.calibration.is_some() {
            return Err(Error::Finished);
        }
        if review.reviewer != reviewer.trim() {
            return Err(Error::Invalid("reviewer", review.reviewer));
        }
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "UPDATE review SET finished_ms = NULL, percent = NULL, fatal = 0, tone = NULL, given = NULL,
                 acknowledged = NULL, disputed = NULL, settled = NULL, turn = turn + 1 WHERE id = ?1",
                [id],
            )?;
            transaction.execute("DELETE FROM review_part WHERE review = ?1", [id])?;
            let open_again: Vec<i64> = transaction
                .prepare(
                    "UPDATE sample_item SET state = 'open', reason = '', percent = NULL, review = NULL
                     WHERE guid = ?2 AND review = ?1 AND state = 'done' RETURNING sample",
                )?
                .query_map(params![id, review.call.guid], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            self.touched(&transaction, Touched::Review(id))?;
            for worklist in open_again {
                self.touched(&transaction, Touched::Entry { worklist, guid: &review.call.guid })?;
            }
            transaction.commit()
        })?;
        self.review(id)
    }

    /// Marks calls done that wait in a worklist although this person has finished them with its card: it was drawn since, or
    /// somebody else reopened theirs. Gives how many. Those left out stay so.
    ///
    /// # Errors
    /// The store's.
    pub fn settle_samples(&self, reviewer: &str) -> Result<usize, Error> {
        Ok(self.store.with(|connection| {
            connection.execute(
                "UPDATE sample_item SET state = 'done', percent = review.percent, review = review.id FROM sample, review
                 WHERE sample.id = sample_item.sample AND sample.account = ?1 AND sample_item.state = 'open'
                 AND review.account = ?1 AND review.guid = sample_item.guid AND review.reviewer = ?2
                 AND review.card = sample.request ->> 'card' AND review.calibration = '' AND review.finished_ms IS NOT NULL",
                params![self.account, reviewer.trim()],
            )
        })?)
    }

    /// Writes down the day (`yyyy-MM-dd`) of a step of handing a finished review to its agent; `None` takes the step back. Who
    /// says something to it was told of it, that day at the latest.
    ///
    /// # Errors
    /// `reviewInvalid` for a day that is none, `reviewGone`, or the store's.
    pub fn feedback(&self, id: i64, step: FeedbackStep, day: Option<&str>) -> Result<Review, Error> {
        if let Some(day) = day
            && chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_err()
        {
            return Err(Error::Invalid("date", day.to_owned()));
        }
        let column = match step {
            FeedbackStep::Given => "given",
            FeedbackStep::Acknowledged => "acknowledged",
            FeedbackStep::Disputed => "disputed",
            FeedbackStep::Settled => "settled",
        };
        let sql = format!(
            "UPDATE review SET given = coalesce(given, ?3), {column} = ?3
             WHERE id = ?1 AND account = ?2 AND finished_ms IS NOT NULL"
        );
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(&sql, params![id, self.account, day])?;
            self.touched(&transaction, Touched::Feedback(id))?;
            transaction.commit()
        })?;
        self.review(id)
    }
}

/// The parts of a score, for reports by question.
pub(crate) fn parts(scored: &Scored) -> String {
    let part = |item: &ScoredItem| {
        let figure =
            item.percent.map_or_else(String::new, |percent| ((percent * 100.0).round() as u32).to_string());
        if scored.fatal.contains(&item.id) { figure + "!" } else { figure }
    };
    scored.items.iter().map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use atalaya_calls::wire::Call;

    use crate::draw::tests::{call, request};
    use crate::reviews::Reviews;
    use crate::reviews::tests::{all, reviews};
    use crate::wire::{Card, ItemState, Kind, SampleRequest, Value};

    /// Until a worst choice that earns something was fatal, such a review was finished with a score: it keeps it.
    #[test]
    fn what_was_counted_stays_until_it_is_taken_up_again() {
        let reviews = reviews();
        let mut card = reviews.card("c", None).unwrap();
        let solution = &mut card.sections[1].questions[0];
        solution.fatal = true;
        let Kind::Choice { options } = &mut solution.kind else { panic!("it is one") };
        options[2].percent = 50.0;
        options.remove(1);
        reviews.save_card(&card).unwrap();
        let review = reviews.open(&call("Ana", 2, 1), "c", "Marta").unwrap();
        let mut answers = all(Value::Yes);
        answers.get_mut("solution").unwrap().value = Some(Value::Choice { index: 1 });
        reviews.change(review.id, answers, "").unwrap();
        assert_eq!(reviews.finish(review.id).unwrap().scored.percent, Some(0.0));
        // As an earlier program wrote it: (20 + 30 + 40 / 2 + 10) of 100.
        let earlier = "UPDATE review SET percent = 80, fatal = 0, tone = 'warn'";
        reviews.store.with(|connection| connection.execute(earlier, [])).unwrap();
        let scored = reviews.review(review.id).unwrap().scored;
        assert_eq!(
            (scored.percent, scored.fatal, scored.band.as_deref()),
            (Some(80.0), vec![], Some("fair"))
        );
        assert_eq!(reviews.reopen(review.id, "Marta").unwrap().scored.percent, Some(0.0));
    }

    fn finished(reviews: &Reviews, call: &Call, who: &str, greeting: Value) -> i64 {
        let review = reviews.open(call, "c", who).unwrap();
        reviews.change(review.id, all(greeting), "").unwrap();
        reviews.finish(review.id).unwrap().id
    }

    fn states(reviews: &Reviews, sample: i64) -> Vec<(ItemState, Option<f64>)> {
        let items = reviews.sample_items(sample).unwrap();
        items.into_iter().map(|item| (item.state, item.percent)).collect()
    }

    #[test]
    fn what_this_person_finished_before_is_done_in_a_worklist_drawn_later() {
        let reviews = reviews();
        reviews.save_card(&Card { id: "other".into(), ..reviews.card("c", None).unwrap() }).unwrap();
        let calls = [call("Ana", 1, 1), call("Ana", 2, 1), call("Ana", 3, 1), call("Ana", 4, 1)];
        finished(&reviews, &calls[0], "Marta", Value::No);
        finished(&reviews, &calls[1], "Pedro", Value::Yes);
        finished(&reviews, &calls[3], "Marta", Value::No);
        let sample = reviews.keep_sample(&request(4), &calls).unwrap().id;
        let asks_else = SampleRequest { card: "other".into(), ..request(4) };
        let asks_else = reviews.keep_sample(&asks_else, &calls).unwrap().id;
        reviews.skip(sample, &calls[3].guid, Some("no sound")).unwrap();
        let open = (ItemState::Open, None);
        assert_eq!(states(&reviews, sample)[..3], [open; 3]);

        assert_eq!(reviews.settle_samples(" Marta ").unwrap(), 1);
        let done = (ItemState::Done, Some(80.0));
        assert_eq!(states(&reviews, sample), [done, open, open, (ItemState::Skipped, None)]);
        assert_eq!(states(&reviews, asks_else), [open; 4], "another card is another question");
        assert_eq!(reviews.settle_samples("Marta").unwrap(), 0, "once");
        assert_eq!(reviews.sample(sample).unwrap().done, 1);
    }

    #[test]
    fn a_person_reopens_what_is_theirs_and_nothing_else() {
        let reviews = reviews();
        let calls = [call("Ana", 1, 1), call("Ana", 2, 1)];
        let sample = reviews.keep_sample(&request(2), &calls).unwrap().id;
        let martas = finished(&reviews, &calls[0], "Marta", Value::No);
        let pedros = finished(&reviews, &calls[0], "Pedro", Value::Yes);
        finished(&reviews, &calls[1], "Pedro", Value::Yes);
        let (open, by_marta, by_pedro) =
            ((ItemState::Open, None), (ItemState::Done, Some(80.0)), (ItemState::Done, Some(100.0)));
        assert_eq!(states(&reviews, sample), [by_marta, by_pedro]);

        assert_eq!(reviews.reopen(pedros, "Marta").unwrap_err().code(), "reviewInvalid");
        assert!(reviews.review(pedros).unwrap().finished_ms.is_some(), "it stays finished");
        reviews.reopen(pedros, "Pedro").unwrap();
        assert_eq!(states(&reviews, sample), [by_marta, by_pedro], "done by hers, whatever becomes of his");
        reviews.finish(pedros).unwrap();
        reviews.reopen(martas, "Marta").unwrap();
        assert_eq!(states(&reviews, sample), [open, by_pedro]);
        // For Pedro it is done: he has judged it.
        reviews.settle_samples("Pedro").unwrap();
        assert_eq!(states(&reviews, sample), [by_pedro; 2]);
    }
}
