//! What holds, in the rows the window reads: what the log says with what waits here on top.

use atalaya_outreach::blacklist::write_known;
use atalaya_review::copies::{self, FeedbackCopy};
use atalaya_review::identity::{self, ReviewKey};
use atalaya_review::wire::FeedbackStep;
use atalaya_ucontact::operations::BlacklistNumber;
use rusqlite::{Connection, params};

use crate::change::{Kind, Place, What, feedback};
use crate::rules::State;
use crate::team::{Teamwork, read};

const STEPS: [FeedbackStep; 4] =
    [FeedbackStep::Given, FeedbackStep::Acknowledged, FeedbackStep::Disputed, FeedbackStep::Settled];

impl Teamwork {
    /// Writes the rows of one thing. What never was in the log is left as somebody typed it.
    pub(crate) fn show(&self, connection: &Connection, place: &Place) -> rusqlite::Result<()> {
        let Some(so) = self.so(connection, place)? else { return Ok(()) };
        let account = &self.account;
        let said = match &so.state {
            State::Card { card, versions, retired } => {
                copies::number_versions(connection, card, versions)?;
                copies::retire_card(connection, card, *retired)?;
                return self.show_reviews_that_waited(connection, card);
            }
            State::Said(said) => said.as_ref(),
        };
        match said {
            What::Worklist(copy) => {
                copies::write_worklist(connection, account, copy)?;
                for call in &copy.calls {
                    let thing = identity::entry(&copy.list, &call.guid);
                    self.show(connection, &Place { kind: Kind::Entry, thing })?;
                }
                Ok(())
            }
            What::WorklistRemoved { list } => copies::remove_worklist(connection, account, list),
            What::Entry(copy) => copies::write_entry(connection, account, copy),
            What::Review(copy) => {
                if copies::write_review(connection, account, copy)? {
                    self.show_around(connection, &copy.key)?;
                }
                Ok(())
            }
            What::Feedback { key, .. } => self.show_feedback(connection, key),
            What::Alert(copy) => {
                copies::write_alert(connection, account, copy)?;
                self.show(connection, &Place { kind: Kind::AlertSeen, thing: copy.key.identity() })
            }
            What::AlertSeen { key, seen } => copies::write_seen(connection, account, key, seen.as_ref()),
            // What is not shared any more is its writer's own.
            What::Note(copy) if !copy.shared && copy.reviewer.trim() != self.member.who => {
                copies::remove_note(connection, account, copy.uuid)
            }
            What::Note(copy) => copies::write_note(connection, account, copy),
            What::NoteRemoved { note } => copies::remove_note(connection, account, *note),
            What::Calibration(copy) => copies::write_calibration(connection, account, copy),
            What::Judged(copy) => copies::write_judged(connection, account, copy),
            What::JudgedIn { calibration, reviewer } => {
                copies::write_judged_in(connection, account, calibration, reviewer)
            }
            What::Disposition { campaign, levels, known } => {
                let levels = levels.each_ref().map(String::as_str);
                copies::write_disposition(connection, account, campaign, levels, *known)
            }
            What::Disposed(copy) => copies::write_disposed(connection, account, copy),
            What::Tag { guid, text, known } => {
                atalaya_calls::write_tag(connection, account, (guid, text), *known, so.logged_ms)
            }
            What::Blacklisted { phone, campaign, name, company, job_title, on } => {
                let number = BlacklistNumber {
                    phone: phone.clone(),
                    campaign: campaign.clone(),
                    username: String::new(),
                    company: company.clone(),
                    job_title: job_title.clone(),
                    name: name.clone(),
                };
                write_known(connection, account, &number, *on, (so.logged_ms, &so.who))
            }
            // These are asked for where they are shown.
            What::Claim { .. }
            | What::FloorAlertSeen { .. }
            | What::CalledBack { .. }
            | What::House { .. }
            | What::Audit { .. }
            | What::CardVersion { .. }
            | What::CardRetired { .. } => Ok(()),
        }
    }

    /// What hangs on a review, and may have been here before it.
    fn show_around(&self, connection: &Connection, key: &ReviewKey) -> rusqlite::Result<()> {
        self.show_feedback(connection, key)?;
        self.show(connection, &Place { kind: Kind::Alert, thing: key.identity() })
    }

    fn show_feedback(&self, connection: &Connection, key: &ReviewKey) -> rusqlite::Result<()> {
        let review = Place { kind: Kind::Review, thing: key.identity() };
        let Some(review) = self.so(connection, &review)? else { return Ok(()) };
        let State::Said(said) = review.state else { return Ok(()) };
        let What::Review(review) = *said else { return Ok(()) };
        let mut days = [const { None }; 4];
        for (step, day) in STEPS.into_iter().zip(&mut days) {
            let place = Place { kind: Kind::Feedback, thing: feedback(key, step) };
            if let Some(State::Said(said)) = self.so(connection, &place)?.map(|so| so.state)
                && let What::Feedback { turn, day: Some(of), .. } = *said
                && turn == review.turn
            {
                *day = Some(of);
            }
        }
        let copy = FeedbackCopy { key: key.clone(), turn: review.turn, days };
        copies::write_feedback(connection, &self.account, &copy)
    }

    /// Reviews that came before the version of their card.
    fn show_reviews_that_waited(&self, connection: &Connection, card: &str) -> rusqlite::Result<()> {
        let waited: Vec<crate::rules::Settled> = connection
            .prepare_cached(
                "SELECT body FROM settled WHERE account = ?1 AND kind = 'review' AND body ->> '$.state.said.body.key.card' = ?2
                 AND NOT EXISTS (SELECT 1 FROM review WHERE review.account = ?1
                 AND guid = body ->> '$.state.said.body.key.guid' AND reviewer = body ->> '$.state.said.body.key.reviewer'
                 AND card = ?2 AND calibration = '')",
            )?
            .query_map(params![self.account, card], |row| read(row.get_ref(0)?.as_str()?))?
            .collect::<rusqlite::Result<_>>()?;
        for settled in waited {
            if let State::Said(said) = settled.state
                && let What::Review(copy) = *said
                && copies::write_review(connection, &self.account, &copy)?
            {
                self.show_around(connection, &copy.key)?;
            }
        }
        Ok(())
    }
}
