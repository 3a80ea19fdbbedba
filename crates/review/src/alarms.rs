//! Alerts that finished reviews raised: kept until somebody has seen to them, also across a restart.
//!
//! A review raises one when it is first finished, and never again: not when it is taken up and finished anew, nor when it
//! comes from another computer. Left out on purpose: when it does (the rules are the desk's), and who hears of it.

use rusqlite::{Row, params};

use crate::error::Error;
use crate::reviews::Reviews;
use crate::touched::Touched;
use crate::wire::ReviewAlert;

/// Alerts shown at once, the newest.
const MOST: u32 = 200;

fn alert(row: &Row<'_>) -> rusqlite::Result<ReviewAlert> {
    Ok(ReviewAlert {
        review: row.get(0)?,
        guid: row.get(1)?,
        agent: row.get(2)?,
        campaign: row.get(3)?,
        reviewer: row.get(4)?,
        card: row.get(5)?,
        card_name: row.get(6)?,
        score: row.get(7)?,
        under: row.get(8)?,
        fatal: row.get(9)?,
        raised_ms: row.get(10)?,
        acknowledged_ms: row.get(11)?,
        acknowledged_by: row.get(12)?,
        snoozed_until_ms: row.get(13)?,
    })
}

impl Reviews {
    /// Alerts nobody has seen to, and those that were seen to since then (epoch milliseconds); the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn alerts(&self, since_ms: i64) -> Result<Vec<ReviewAlert>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT review.id, guid, agent, campaign, reviewer, card.id, card.name, told.score, told.under, told.fatal,
                 raised_ms, seen_ms, seen_by, snoozed_ms
                 FROM review_alert AS told JOIN review ON review.id = told.review
                 JOIN card ON card.id = review.card AND card.version = review.version
                 WHERE account = ?1 AND (seen_ms IS NULL OR seen_ms >= ?2) ORDER BY raised_ms DESC, review.id DESC LIMIT ?3",
            )?;
            statement.query_map(params![self.account, since_ms, MOST], alert)?.collect()
        })?)
    }

    /// Somebody sees to it; the first one stays named.
    ///
    /// # Errors
    /// The store's.
    pub fn see_to(&self, review: i64, by: &str) -> Result<(), Error> {
        self.of_alert(
            "UPDATE review_alert SET seen_ms = ?3, seen_by = ?4 WHERE seen_ms IS NULL",
            review,
            Some(self.now_ms()),
            by,
        )
    }

    /// Nobody sees to it after all.
    ///
    /// # Errors
    /// The store's.
    pub fn let_go(&self, review: i64) -> Result<(), Error> {
        self.of_alert(
            "UPDATE review_alert SET seen_ms = ?3, seen_by = iif(?4 = '', NULL, ?4) WHERE true",
            review,
            None,
            "",
        )
    }

    /// Not now: it comes back at that time; `None`: now after all.
    ///
    /// # Errors
    /// The store's.
    pub fn snooze(&self, review: i64, until_ms: Option<i64>) -> Result<(), Error> {
        self.of_alert("UPDATE review_alert SET snoozed_ms = ?3 WHERE ?4 = ''", review, until_ms, "")
    }

    /// Changes the alert of a review of this account.
    fn of_alert(&self, change: &str, review: i64, at_ms: Option<i64>, by: &str) -> Result<(), Error> {
        let sql = format!(
            "{change} AND review = ?1 AND review IN (SELECT id FROM review WHERE id = ?1 AND account = ?2)"
        );
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(&sql, params![review, self.account, at_ms, by])?;
            self.touched(&transaction, Touched::AlertSeen(review))?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// Ends what was put off until now; how many come back.
    ///
    /// # Errors
    /// The store's.
    pub fn wake_alerts(&self) -> Result<usize, Error> {
        Ok(self.store.with(|connection| {
            connection.execute(
                "UPDATE review_alert SET snoozed_ms = NULL WHERE snoozed_ms <= ?2
                 AND review IN (SELECT id FROM review WHERE account = ?1)",
                params![self.account, self.now_ms()],
            )
        })?)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use atalaya_clock::Clock;
    use atalaya_store::Store;

    use super::*;
    use crate::alarm::Alarm;
    use crate::draw::tests::call;
    use crate::reviews::tests::all;
    use crate::score::tests::card;
    use crate::wire::{Scored, Value};

    fn low(scored: &Scored) -> Option<Alarm> {
        let under = scored.percent.filter(|percent| *percent < 90.0).map(|_| 90.0);
        let fatal = !scored.fatal.is_empty();
        (under.is_some() || fatal).then_some(Alarm { under, fatal })
    }

    fn nothing(_: &Scored) -> Option<Alarm> {
        None
    }

    #[test]
    fn a_review_raises_one_alert_when_it_is_first_finished_and_it_stays_until_seen_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.sqlite");
        let held = Clock::held(1_800_000_000_000);
        let open = || Reviews::new(Store::open(&file, &[crate::MIGRATIONS], held.clock()).unwrap(), "a");
        let reviews = open();
        reviews.save_card(&card()).unwrap();
        let judge = |day: u32, value: Value, raise: fn(&Scored) -> Option<Alarm>| {
            let review = reviews.open(&call("Bruno", day, 1), "c", "Marta").unwrap();
            reviews.change(review.id, all(value), "").unwrap();
            held.advance(Duration::from_secs(1));
            reviews.finish_raising(review.id, raise).unwrap().id
        };
        let told = |reviews: &Reviews| {
            let alerts = reviews.alerts(held.clock().now_ms()).unwrap();
            alerts.into_iter().map(|one| (one.review, one.score, one.under, one.fatal)).collect::<Vec<_>>()
        };
        judge(1, Value::Yes, low);
        let unasked = judge(2, Value::No, nothing);
        assert_eq!(told(&reviews), [], "a good one, and one nobody asked about");
        let low_one = judge(3, Value::No, low);
        let expected = [(low_one, Some(80.0), Some(90.0), false)];
        assert_eq!(told(&reviews), expected);
        let whole = &reviews.alerts(0).unwrap()[0];
        assert_eq!((whole.agent.as_str(), whole.reviewer.as_str()), ("Bruno", "Marta"));
        assert_eq!((whole.card.as_str(), whole.card_name.as_str()), ("c", "Calls"));
        assert_eq!((whole.raised_ms, whole.acknowledged_ms), (held.clock().now_ms(), None));

        // Once for each, and not for one that was finished before anybody asked.
        for id in [low_one, unasked] {
            reviews.reopen(id, "Marta").unwrap();
            held.advance(Duration::from_secs(1));
            reviews.finish_raising(id, low).unwrap();
            reviews.finish_raising(id, low).unwrap();
        }
        assert_eq!(told(&reviews), expected);

        let calibration = reviews.begin_calibration(&call("Bruno", 9, 1), "c", "March", 2).unwrap();
        let blind = reviews.open_calibrated(&calibration.id, "Marta").unwrap();
        reviews.change(blind.id, all(Value::No), "").unwrap();
        reviews.finish_raising(blind.id, low).unwrap();
        assert_eq!(told(&reviews), expected, "calibrations are nobody's alert");

        // It outlives the program, is put off, comes back, is seen to, and is let go again.
        let again = open();
        assert_eq!(told(&again), expected);
        again.snooze(low_one, Some(held.clock().now_ms() + 60_000)).unwrap();
        assert_eq!((again.wake_alerts().unwrap(), told(&again).len()), (0, 1));
        held.advance(Duration::from_secs(60));
        assert_eq!((again.wake_alerts().unwrap(), again.wake_alerts().unwrap()), (1, 0));
        assert_eq!(again.alerts(0).unwrap()[0].snoozed_until_ms, None);
        again.see_to(low_one, "Ana").unwrap();
        again.see_to(low_one, "Pedro").unwrap();
        let seen = again.alerts(held.clock().now_ms()).unwrap();
        assert_eq!((seen.len(), seen[0].acknowledged_by.as_deref()), (1, Some("Ana")));
        assert_eq!(again.alerts(held.clock().now_ms() + 1).unwrap(), [], "that is over");
        again.let_go(low_one).unwrap();
        let back = again.alerts(held.clock().now_ms() + 1).unwrap();
        assert_eq!((back.len(), &back[0].acknowledged_by, back[0].acknowledged_ms), (1, &None, None));

        let other = Reviews::new(again.store.clone(), "b");
        other.see_to(low_one, "Eve").unwrap();
        assert_eq!(other.alerts(0).unwrap(), [], "another account's");
        assert_eq!(again.alerts(0).unwrap()[0].acknowledged_ms, None);
    }

    #[test]
    fn a_review_from_another_computer_raises_nothing_also_when_it_is_finished_anew() {
        let (here, there) = (crate::reviews::tests::reviews(), crate::reviews::tests::reviews());
        let one = call("Bruno", 1, 1);
        let sample = there.keep_sample(&crate::draw::tests::request(1), std::slice::from_ref(&one)).unwrap();
        let review = there.open(&one, "c", "Ana").unwrap();
        there.change(review.id, all(Value::No), "").unwrap();
        there.finish(review.id).unwrap();
        let text = there.worklist_file(sample.id, ("Ana", "Marta"), true, true).unwrap();
        here.take_worklist(&crate::read_worklist_file(&text).unwrap(), "Marta").unwrap();
        let review = here.open(&one, "c", "Ana").unwrap();
        here.reopen(review.id, "Ana").unwrap();
        here.finish_raising(review.id, low).unwrap();
        assert_eq!(here.alerts(0).unwrap(), []);
    }
}
