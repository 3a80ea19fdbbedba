//! A worklist is handed on to another reviewer: who gave it to whom, and the file it goes with.
//!
//! Left out on purpose: what becomes of the file elsewhere (`taking`).

use std::collections::BTreeMap;

use atalaya_store::Uuid;
use rusqlite::{OptionalExtension, params};

use crate::error::Error;
use crate::found::SAID;
use crate::handed_file::{HandedItem, HandedNote, HandedReview, WorklistFile};
use crate::reviews::{Reviews, parsed};
use crate::wire::{Card, Sample};

/// A name as it is kept.
pub(crate) fn name(typed: &str) -> Result<String, Error> {
    let name: String = typed.trim().chars().take(80).collect();
    if name.is_empty() { Err(Error::Invalid("reviewer", "empty".to_owned())) } else { Ok(name) }
}

impl Reviews {
    /// Who judges here, or was given a worklist: by name.
    ///
    /// # Errors
    /// The store's.
    pub fn reviewers(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT reviewer FROM review WHERE account = ?1
                 UNION SELECT reviewer FROM calibration_review WHERE account = ?1
                 UNION SELECT given_by FROM handed JOIN sample ON sample.id = sample WHERE account = ?1
                 UNION SELECT given_to FROM handed JOIN sample ON sample.id = sample WHERE account = ?1
                 EXCEPT SELECT '' ORDER BY 1 COLLATE NOCASE",
            )?;
            statement.query_map([&self.account], |row| row.get(0))?.collect()
        })?)
    }

    /// Gives a worklist to somebody: it is shown as theirs until they give it back or it is taken back.
    ///
    /// # Errors
    /// `reviewInvalid` without names or to oneself, `reviewGone`, or the store's.
    pub fn hand_on(&self, id: i64, by: &str, to: &str) -> Result<Sample, Error> {
        let (by, to) = (name(by)?, name(to)?);
        if by == to {
            return Err(Error::Invalid("reviewer", to));
        }
        self.sample(id)?;
        self.store.with(|connection| {
            connection.execute(
                "INSERT INTO handed (sample, place, given_by, given_to, at_ms, taken)
                 SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3, ?4, 0 FROM handed WHERE sample = ?1",
                params![id, by, to, self.now_ms()],
            )
        })?;
        self.sample(id)
    }

    /// A worklist that was given away is one's own again. Who gave it before stays known.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn take_back(&self, id: i64) -> Result<Sample, Error> {
        self.sample(id)?;
        self.store.with(|connection| {
            connection.execute(
                "DELETE FROM handed WHERE sample = ?1 AND taken = 0
                 AND place = (SELECT max(place) FROM handed WHERE sample = ?1)",
                [id],
            )
        })?;
        self.sample(id)
    }

    /// The worklist to give to somebody, with what was finished of it; what was begun and the notes when asked to.
    ///
    /// # Errors
    /// `reviewInvalid` without names, `reviewGone`, or the store's.
    pub fn worklist_file(
        &self,
        id: i64,
        (by, to): (&str, &str),
        drafts: bool,
        notes: bool,
    ) -> Result<String, Error> {
        let (by, to) = (name(by)?, name(to)?);
        let sample = self.sample(id)?;
        let card = sample.request.card.clone();
        let mut file = WorklistFile::begun(self.list_key(id)?, &by, &to, self.now_ms(), sample.request);
        for item in self.sample_items(id)? {
            let (call, state, reason, percent) = (item.call, item.state, item.reason, item.percent);
            file.items.push(HandedItem { call, state, reason, percent });
        }
        file.calls = file.items.len();
        file.reviews = self.handed_reviews(id, &card, drafts)?;
        if notes {
            file.notes = self.handed_notes(id)?;
        }
        file.cards.push(self.card(&card, None)?);
        let newest = file.cards[0].version;
        let mut versions: Vec<u32> = file.reviews.iter().map(|review| review.version).collect();
        versions.sort_unstable_by(|one, other| other.cmp(one));
        versions.dedup();
        for version in versions.into_iter().filter(|version| *version != newest) {
            file.cards.push(self.card(&card, Some(version))?);
        }
        file.identities = self.identities(&file.cards)?;
        file.written()
    }

    /// The key of a worklist: the same on every computer.
    fn list_key(&self, id: i64) -> Result<String, Error> {
        Ok(self.store.with(|connection| {
            connection.query_row("SELECT list FROM sample WHERE id = ?1", [id], |row| row.get(0))
        })?)
    }

    /// The identities of a card's versions.
    fn identities(&self, cards: &[Card]) -> Result<BTreeMap<u32, Uuid>, Error> {
        let mut identities = BTreeMap::new();
        for card in cards {
            let uuid: String = self.store.with(|connection| {
                let sql = "SELECT uuid FROM card WHERE id = ?1 AND version = ?2";
                connection.query_row(sql, params![card.id, card.version], |row| row.get(0))
            })?;
            identities.extend(Uuid::try_parse(&uuid).ok().map(|uuid| (card.version, uuid)));
        }
        Ok(identities)
    }

    fn handed_reviews(&self, id: i64, card: &str, drafts: bool) -> Result<Vec<HandedReview>, Error> {
        type Kept = (String, String, u32, String, String, bool, i64, Option<i64>);
        let rows: Vec<Kept> = self.store.with(|connection| {
            let mut statement = connection.prepare(&format!(
                "SELECT guid, reviewer, version, answers, comment, fatal, made_ms, finished_ms FROM review
                 WHERE account = ?1 AND calibration = '' AND card = ?3 AND {SAID} AND (?4 OR finished_ms IS NOT NULL)
                 AND guid IN (SELECT guid FROM sample_item WHERE sample = ?2) ORDER BY id"
            ))?;
            let rows = statement.query_map(params![self.account, id, card, drafts], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                    row.get(7)?,
                ))
            })?;
            rows.collect()
        })?;
        let one = |(guid, reviewer, version, answers, comment, fatal, made_ms, finished_ms): Kept| {
            let answers = parsed(&answers)?;
            Ok(HandedReview { guid, reviewer, version, answers, comment, fatal, made_ms, finished_ms })
        };
        rows.into_iter().map(one).collect()
    }

    fn handed_notes(&self, id: i64) -> Result<Vec<HandedNote>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT guid, at_secs, text, shared, reviewer, made_ms, uuid FROM note WHERE account = ?1
                 AND guid IN (SELECT guid FROM sample_item WHERE sample = ?2) ORDER BY id",
            )?;
            let rows = statement.query_map(params![self.account, id], |row| {
                Ok(HandedNote {
                    guid: row.get(0)?,
                    at_secs: row.get(1)?,
                    text: row.get(2)?,
                    shared: row.get(3)?,
                    reviewer: row.get(4)?,
                    made_ms: row.get(5)?,
                    uuid: Uuid::try_parse(row.get_ref(6)?.as_str()?).ok(),
                })
            })?;
            rows.collect()
        })?)
    }

    /// The worklist here with this key, if there is one.
    pub(crate) fn sample_of_list(&self, list: &str) -> Result<Option<i64>, Error> {
        Ok(self.store.with(|connection| {
            let sql = "SELECT id FROM sample WHERE account = ?1 AND list = ?2";
            connection.query_row(sql, params![self.account, list], |row| row.get(0)).optional()
        })?)
    }
}
