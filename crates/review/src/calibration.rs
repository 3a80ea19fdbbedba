//! Calibration: several reviewers judge one call, each at their own computer, and exchange files. Nobody sees the others'
//! answers before all are in.
//!
//! Everybody judges with the card the calibration carries. The cards of this computer are neither asked nor changed: the same
//! key and number may be another card there. Left out on purpose: the folder files are exchanged in (`exchange`).

use atalaya_calls::wire::Call;
use rusqlite::{OptionalExtension, Row, params};

use crate::card::{checked, judges_alike};
use crate::compare::{Judged, compare};
use crate::error::Error;
use crate::reviews::{Reviews, parsed};
use crate::touched::Touched;
use crate::wire::{Calibration, CalibrationFile, Card, Compared, Review};

const FORMAT: &str = "atalaya-calibration";
const LAYOUT: u32 = 1;
/// Reviewers of one call.
pub(crate) const MOST_PEOPLE: u32 = 30;

type Kept = (String, String, String, String, u32, Option<String>, i64);

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

/// A file of another reviewer, checked.
///
/// # Errors
/// `reviewFileForeign` for a file of something else or a damaged one, `reviewFileNewer` for one of a later program,
/// `reviewInvalid` for a card that makes no sense.
pub fn read_file(text: &str) -> Result<CalibrationFile, Error> {
    // First what it is: a later program's may have other fields.
    #[derive(serde::Deserialize)]
    struct Head {
        format: String,
        layout: u32,
    }
    let head: Head = serde_json::from_str(text).map_err(|_| Error::Foreign)?;
    if head.format != FORMAT || head.layout == 0 {
        return Err(Error::Foreign);
    }
    if head.layout > LAYOUT {
        return Err(Error::Newer(head.layout));
    }
    let file: CalibrationFile = serde_json::from_str(text).map_err(|_| Error::Foreign)?;
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !plain(&file.id) || !(2..=MOST_PEOPLE).contains(&file.people) {
        return Err(Error::Foreign);
    }
    if file.answers.is_some() && file.reviewer.trim().is_empty() {
        return Err(Error::Foreign);
    }
    checked(&file.card)?;
    Ok(file)
}

impl Reviews {
    /// Begins a calibration of a call with the newest version of a card.
    ///
    /// # Errors
    /// `reviewInvalid` for fewer than two or more than thirty people or without a name; `reviewGone` without the card.
    pub fn begin_calibration(
        &self,
        call: &Call,
        card: &str,
        name: &str,
        people: u32,
    ) -> Result<Calibration, Error> {
        if !(2..=MOST_PEOPLE).contains(&people) || name.trim().is_empty() {
            return Err(Error::Invalid("calibration", "people".to_owned()));
        }
        let card = self.card(card, None)?;
        let id = self.fresh();
        self.keep_calibration(&id, name.trim(), call, &card, people)?;
        self.calibration(&id)
    }

    /// Keeps a calibration unless there is one with that key.
    fn keep_calibration(
        &self,
        id: &str,
        name: &str,
        call: &Call,
        card: &Card,
        people: u32,
    ) -> Result<(), Error> {
        let (call, card) = (serde_json::to_string(call)?, serde_json::to_string(card)?);
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT INTO calibration (id, account, name, call, card, people, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT DO NOTHING",
                params![id, self.account, name, call, card, people, self.now_ms()],
            )?;
            self.touched(&transaction, Touched::Calibration(id))?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// The card a calibration carries; `None` when there is no such calibration here.
    pub(crate) fn carried_card(&self, calibration: &str) -> Result<Option<Card>, Error> {
        if calibration.is_empty() {
            return Ok(None);
        }
        let body: Option<String> = self.store.with(|connection| {
            let sql = "SELECT card FROM calibration WHERE account = ?1 AND id = ?2";
            connection.query_row(sql, params![self.account, calibration], |row| row.get(0)).optional()
        })?;
        body.map(|body| parsed(&body)).transpose()
    }

    /// All calibrations, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub fn calibrations(&self) -> Result<Vec<Calibration>, Error> {
        let rows: Vec<Kept> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id, name, call, card, people, folder, made_ms FROM calibration WHERE account = ?1
                 ORDER BY made_ms DESC, id",
            )?;
            statement.query_map([&self.account], kept)?.collect()
        })?;
        rows.into_iter().map(|row| self.filled(row)).collect()
    }

    /// One calibration.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn calibration(&self, id: &str) -> Result<Calibration, Error> {
        self.calibrations()?.into_iter().find(|one| one.id == id).ok_or(Error::Gone("calibration"))
    }

    fn filled(&self, (id, name, call, card, people, folder, made_ms): Kept) -> Result<Calibration, Error> {
        let (reviewers, here): (Vec<String>, u32) = self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT reviewer FROM calibration_review WHERE account = ?1 AND calibration = ?2
                 UNION SELECT reviewer FROM calibration_in WHERE account = ?1 AND calibration = ?2 ORDER BY 1",
            )?;
            let reviewers = statement.query_map(params![self.account, id], |row| row.get(0))?;
            let sql = "SELECT count(*) FROM calibration_review WHERE account = ?1 AND calibration = ?2";
            let here = connection.prepare_cached(sql)?.query_row(params![self.account, id], |row| row.get(0))?;
            Ok((reviewers.collect::<rusqlite::Result<_>>()?, here))
        })?;
        // Of a review a team withholds it is known that it is in, and nothing else.
        let open = here >= people;
        Ok(Calibration {
            call: parsed(&call)?,
            card: parsed(&card)?,
            id,
            name,
            people,
            folder,
            reviewers,
            open,
            made_ms,
        })
    }

    /// This reviewer's own review of a calibration, begun or gone on with.
    ///
    /// # Errors
    /// `reviewGone`, `reviewInvalid`, or the store's.
    pub fn open_calibrated(&self, id: &str, reviewer: &str) -> Result<Review, Error> {
        let calibration = self.calibration(id)?;
        self.begun(&calibration.call, &calibration.card, reviewer, id)
    }

    /// What to hand on: the reviewer's own review once it is finished, else the invitation.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn calibration_file(&self, id: &str, reviewer: &str) -> Result<CalibrationFile, Error> {
        let calibration = self.calibration(id)?;
        let mine = self.judged(id)?.into_iter().find(|one| one.reviewer == reviewer.trim());
        Ok(CalibrationFile {
            format: FORMAT.to_owned(),
            layout: LAYOUT,
            id: calibration.id,
            name: calibration.name,
            call: calibration.call,
            card: calibration.card,
            people: calibration.people,
            reviewer: mine.as_ref().map(|one| one.reviewer.clone()).unwrap_or_default(),
            comment: mine.as_ref().map(|one| one.comment.clone()).unwrap_or_default(),
            answers: mine.map(|one| one.answers),
        })
    }

    /// Takes a file of another reviewer in: the calibration when it is new here, and the review when it holds one. A
    /// reviewer's first review stays, as it was made without knowing the others'.
    ///
    /// # Errors
    /// `reviewCalibrationDiffers` when it was judged with another card than the one agreed on (other questions or weights, whatever its
    /// number), or is of another call; or the store's.
    pub fn take_calibration(&self, file: &CalibrationFile) -> Result<Calibration, Error> {
        self.keep_calibration(&file.id, &file.name, &file.call, &file.card, file.people)?;
        let known = self.calibration(&file.id)?;
        if !judges_alike(&known.card, &file.card) || known.call.guid != file.call.guid {
            return Err(Error::CalibrationDiffers(known.name));
        }
        if let Some(answers) = &file.answers {
            let answers = serde_json::to_string(answers)?;
            self.store.with(|connection| {
                let transaction = connection.transaction()?;
                transaction.execute(
                    "INSERT INTO calibration_review (account, calibration, reviewer, answers, comment, at_ms)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                    params![
                        self.account,
                        file.id,
                        file.reviewer.trim(),
                        answers,
                        file.comment,
                        self.now_ms()
                    ],
                )?;
                let (calibration, reviewer) = (file.id.as_str(), file.reviewer.trim());
                self.touched(&transaction, Touched::Judged { calibration, reviewer })?;
                transaction.commit()
            })?;
        }
        self.calibration(&file.id)
    }

    /// Chooses the folder where files are exchanged; `None`: by hand.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn set_calibration_folder(&self, id: &str, folder: Option<&str>) -> Result<Calibration, Error> {
        self.store.with(|connection| {
            connection.execute(
                "UPDATE calibration SET folder = ?3 WHERE account = ?1 AND id = ?2",
                params![self.account, id, folder],
            )
        })?;
        self.calibration(id)
    }

    fn judged(&self, id: &str) -> Result<Vec<Judged>, Error> {
        let rows: Vec<(String, String, String)> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT reviewer, answers, comment FROM calibration_review WHERE account = ?1 AND calibration = ?2
                 ORDER BY reviewer",
            )?;
            let rows = statement.query_map(params![self.account, id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            rows.collect()
        })?;
        let of = |(reviewer, answers, comment): (String, String, String)| {
            Ok(Judged { reviewer, answers: parsed(&answers)?, comment })
        };
        rows.into_iter().map(of).collect()
    }

    /// How far the reviewers are apart; `None` until all are in.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn compared(&self, id: &str) -> Result<Option<Compared>, Error> {
        let calibration = self.calibration(id)?;
        if !calibration.open {
            return Ok(None);
        }
        Ok(Some(compare(&calibration.card, &self.judged(id)?)))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use atalaya_clock::Clock;
    use atalaya_store::Store;

    use super::*;
    use crate::draw::tests::call;
    use crate::reviews::tests::{all, reviews};
    use crate::score::tests::card;
    use crate::wire::Value;

    pub(crate) fn judge(reviews: &Reviews, id: &str, who: &str, greeting: Value) {
        let review = reviews.open_calibrated(id, who).unwrap();
        reviews.change(review.id, all(greeting), "").unwrap();
        reviews.finish(review.id).unwrap();
    }

    #[test]
    fn two_computers_exchange_files_and_neither_sees_before_both_are_in() {
        let (marta, pedro) = (reviews(), reviews());
        let begun = marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 2).unwrap();
        let id = begun.id.as_str();
        let invitation = serde_json::to_string(&marta.calibration_file(id, "Marta").unwrap()).unwrap();
        assert!(read_file(&invitation).unwrap().answers.is_none());
        pedro.take_calibration(&read_file(&invitation).unwrap()).unwrap();

        judge(&marta, id, "Marta", Value::Yes);
        judge(&pedro, id, "Pedro", Value::No);
        assert_eq!(marta.compared(id).unwrap(), None, "blind while one is missing");
        assert!(marta.report_is_empty(), "a calibration is no review of the agent");
        let theirs = serde_json::to_string(&pedro.calibration_file(id, "Pedro").unwrap()).unwrap();
        assert!(marta.take_calibration(&read_file(&theirs).unwrap()).unwrap().open);
        let compared = marta.compared(id).unwrap().unwrap();
        // 100 against 80: the greeting's 20.
        assert_eq!((compared.spread, compared.agreement), (Some(20.0), Some(75.0)));
        let leanings: Vec<_> =
            compared.reviewers.iter().map(|one| (one.reviewer.as_str(), one.leaning)).collect();
        assert_eq!(leanings, [("Marta", Some(10.0)), ("Pedro", Some(-10.0))]);
        assert_eq!(compared.items[0].spread, Some(100.0));

        // A second opinion of the same person, made knowing the others', changes nothing.
        let mut second = read_file(&theirs).unwrap();
        second.answers = Some(all(Value::Yes));
        marta.take_calibration(&second).unwrap();
        assert_eq!(marta.compared(id).unwrap().unwrap().spread, Some(20.0));
        let mut other = second.clone();
        other.card.sections[0].questions[0].weight = 99.0;
        assert_eq!(marta.take_calibration(&other).unwrap_err().code(), "reviewCalibrationDiffers");
        other.card = Card { version: 7, name: "Llamadas".into(), ..second.card.clone() };
        assert!(
            marta.take_calibration(&other).is_ok(),
            "the same questions and weights under another number"
        );
    }

    /// Marta's card is in its third version. Whatever Pedro has, both judge with hers, and his cards stay as they are.
    #[test]
    fn a_calibration_is_judged_with_the_card_it_carries() {
        let weighing = |weight: f64| {
            let mut card = card();
            card.sections[0].questions[0].weight = weight;
            card
        };
        let other = |weight: f64| {
            let mut card = weighing(weight);
            card.sections[0].questions[0].id = "welcome".into();
            card
        };
        for (what, his, retired) in [
            ("no card", vec![], false),
            ("an older version", vec![weighing(20.0), weighing(21.0)], false),
            ("the same card, saved once", vec![weighing(60.0)], false),
            ("the same card, out of use", vec![weighing(60.0)], true),
            ("another third version", vec![weighing(1.0), weighing(2.0), weighing(3.0)], false),
            ("a third version that asks something else", vec![other(1.0), other(2.0), other(3.0)], false),
            ("a newer version", (1..=5).map(|one| weighing(f64::from(one))).collect(), false),
        ] {
            let empty =
                || Reviews::new(Store::in_memory(&[crate::MIGRATIONS], Clock::system()).unwrap(), "a");
            let (marta, pedro) = (empty(), empty());
            for weight in [20.0, 40.0, 60.0] {
                marta.save_card(&weighing(weight)).unwrap();
            }
            for card in &his {
                pedro.save_card(card).unwrap();
            }
            pedro.retire("c", retired).unwrap();
            let before = (pedro.cards().unwrap(), pedro.card("c", None).ok(), pedro.card("c", Some(3)).ok());

            let id = marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 2).unwrap().id;
            pedro.take_calibration(&marta.calibration_file(&id, "Marta").unwrap()).unwrap();
            let agreed = Card { version: 3, ..weighing(60.0) };
            let review = pedro.open_calibrated(&id, "Pedro").unwrap();
            assert_eq!((&review.card, review.newer_card), (&agreed, false), "{what}");
            judge(&pedro, &id, "Pedro", Value::No);
            judge(&marta, &id, "Marta", Value::Yes);
            // 80 of 140: without the greeting's 60.
            assert_eq!(pedro.review(review.id).unwrap().scored.percent, Some(57.14), "{what}");
            marta.take_calibration(&pedro.calibration_file(&id, "Pedro").unwrap()).unwrap();
            pedro.take_calibration(&marta.calibration_file(&id, "Marta").unwrap()).unwrap();
            for side in [&marta, &pedro] {
                assert_eq!(side.compared(&id).unwrap().unwrap().spread, Some(42.86), "{what}");
            }
            let after = (pedro.cards().unwrap(), pedro.card("c", None).ok(), pedro.card("c", Some(3)).ok());
            assert_eq!(after, before, "{what}: his own cards are his");
        }
    }

    #[test]
    fn calibrations_begun_in_the_same_moment_are_two() {
        let store = Store::in_memory(&[crate::MIGRATIONS], Clock::held(1_000).clock()).unwrap();
        let reviews = Reviews::new(store, "a");
        reviews.save_card(&card()).unwrap();
        let begin = |name| reviews.begin_calibration(&call("Ana", 2, 1), "c", name, 2).unwrap();
        assert_ne!(begin("March").id, begin("April").id);
        assert_eq!(reviews.calibrations().unwrap().len(), 2);
    }

    #[test]
    fn hostile_files_are_refused() {
        let marta = reviews();
        let begun = marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 2).unwrap();
        let good = serde_json::to_string(&marta.calibration_file(&begun.id, "Marta").unwrap()).unwrap();
        for bad in [
            good.replace("atalaya-calibration", "x"),
            good.replace(&begun.id, "../../etc"),
            good.replace("\"people\":2", "\"people\":0"),
            good.replace("\"answers\":null", "\"answers\":{}"),
            "[]".to_owned(),
        ] {
            assert_eq!(read_file(&bad).unwrap_err().code(), "reviewFileForeign", "{bad}");
        }
        assert!(marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 1).is_err());
    }
}
