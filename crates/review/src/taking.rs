//! A worklist that somebody handed on is taken in: what of it is here already, and what is new.
//!
//! All of it or nothing. A review is the same one when call, card and reviewer are: it is never there twice, and the later
//! finished one counts. What somebody else only began is gone on with as one's own.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::card::judges_alike;
use crate::error::Error;
use crate::finished::{counted, parts, tone_name};
use crate::handed_file::{HandedItem, HandedReview, WorklistFile};
use crate::handing::name;
use crate::identity;
use crate::reviews::{Reviews, parsed};
use crate::touched::Touched;
use crate::wire::{Card, CardHere, HandedFound, ItemState, Scored, TakenIn};

/// A review of the file, ready to be written.
struct Ready<'a> {
    review: &'a HandedReview,
    call: &'a atalaya_calls::wire::Call,
    body: String,
    answers: String,
    scored: Scored,
}

impl Reviews {
    /// What is in a file of a worklist, and what of it is here.
    ///
    /// # Errors
    /// `reviewFile` for one without a card, or the store's.
    pub fn look_at_worklist(&self, file: &WorklistFile) -> Result<HandedFound, Error> {
        let card = file.card()?;
        let state = |state: ItemState| file.items.iter().filter(|item| item.state == state).count() as u32;
        let finished = || file.reviews.iter().filter(|review| review.finished_ms.is_some());
        let mut card_here = CardHere::Same;
        for one in &file.cards {
            match self.card_here(one)? {
                CardHere::Same => {}
                CardHere::New if card_here == CardHere::Differs => {}
                other => card_here = other,
            }
        }
        let (reviews_here, notes_here) = self.store.with(|connection| {
            let mut known = connection.prepare(
                "SELECT 1 FROM review WHERE account = ?1 AND guid = ?2 AND reviewer = ?3 AND card = ?4 AND calibration = ''
                 AND finished_ms >= ?5",
            )?;
            let mut reviews = 0;
            for one in finished() {
                let key =
                    params![self.account, one.guid, one.reviewer.trim(), card.id, one.finished_ms];
                reviews += u32::from(known.exists(key)?);
            }
            let mut notes = 0;
            for one in &file.notes {
                notes += u32::from(note_here(connection, &self.account, one)?);
            }
            Ok((reviews, notes))
        })?;
        let here = match self.sample_of_list(&file.list)? {
            Some(id) => Some(self.sample(id)?.request.name),
            None => None,
        };
        Ok(HandedFound {
            name: file.request.name.clone(),
            by: file.by.clone(),
            to: file.to.clone(),
            at_ms: file.at_ms,
            card: card.name.clone(),
            version: card.version,
            card_here,
            here,
            calls: file.items.len() as u32,
            open: state(ItemState::Open),
            done: state(ItemState::Done),
            skipped: state(ItemState::Skipped),
            reviews: finished().count() as u32,
            reviews_here,
            drafts: (file.reviews.len() - finished().count()) as u32,
            notes: file.notes.len() as u32,
            notes_here,
        })
    }

    /// Whether a card is here under its key and number.
    fn card_here(&self, card: &Card) -> Result<CardHere, Error> {
        let body: Option<String> = self.store.with(|connection| {
            let sql = "SELECT body FROM card WHERE id = ?1 AND version = ?2";
            connection.query_row(sql, params![card.id, card.version], |row| row.get(0)).optional()
        })?;
        let Some(body) = body else { return Ok(CardHere::New) };
        Ok(if judges_alike(&parsed(&body)?, card) { CardHere::Same } else { CardHere::Differs })
    }

    /// Takes a worklist in, or what came back of one: its calls, its card, finished reviews, what was begun (as `reviewer`'s
    /// own, where they have none) and notes; nothing twice.
    ///
    /// # Errors
    /// `reviewCardDiffers` where another card has the key and number of its card; `reviewInvalid` without a reviewer's name;
    /// the store's. Nothing was taken then.
    pub fn take_worklist(&self, file: &WorklistFile, reviewer: &str) -> Result<TakenIn, Error> {
        let reviewer = name(reviewer)?;
        for card in &file.cards {
            if self.card_here(card)? == CardHere::Differs {
                return Err(Error::CardDiffers(card.name.clone()));
            }
        }
        let mut cards = Vec::new();
        for card in &file.cards {
            cards.push((card, serde_json::to_string(card)?));
        }
        let mut items = Vec::new();
        for item in &file.items {
            items.push((item, serde_json::to_string(&item.call)?));
        }
        let mut ready = Vec::new();
        for review in &file.reviews {
            let Some((item, body)) = items.iter().find(|(item, _)| item.call.guid == review.guid) else {
                return Err(Error::File("reviews".to_owned()));
            };
            ready.push(Ready {
                review,
                call: &item.call,
                body: body.clone(),
                answers: serde_json::to_string(&review.answers)?,
                scored: counted(file.card_of(review)?, &review.answers, review.fatal),
            });
        }
        let (request, now) = (serde_json::to_string(&file.request)?, self.now_ms());
        let (id, reviews, drafts, notes) = self.store.with(|connection| {
            let transaction = connection.transaction()?;
            for (card, body) in &cards {
                let uuid = file.identities.get(&card.version).copied();
                let uuid = uuid.unwrap_or_else(|| identity::version(card, body)).to_string();
                // What is this version there may have another number here: then it is one of its own.
                transaction.execute(
                    "INSERT INTO card (id, version, name, body, made_ms, uuid) SELECT ?1, ?2, ?3, ?4, ?5,
                     iif(EXISTS (SELECT 1 FROM card WHERE uuid = ?6), ?7, ?6) WHERE true ON CONFLICT DO NOTHING",
                    params![card.id, card.version, card.name, body, now, uuid, self.fresh()],
                )?;
            }
            let id = self.sample_for(&transaction, file, &request, now)?;
            for (item, body) in &items {
                let (guid, skipped) = (&item.call.guid, item.state == ItemState::Skipped);
                let state = if skipped { "skipped" } else { "open" };
                let reason = if skipped { item.reason.as_str() } else { "" };
                // Whoever had it last says what was left out; what is judged stays judged.
                let known = transaction.execute(
                    "UPDATE sample_item SET state = iif(state = 'done', state, ?3), reason = iif(state = 'done', reason, ?4)
                     WHERE sample = ?1 AND guid = ?2",
                    params![id, guid, state, reason],
                )?;
                if known == 0 {
                    transaction.execute(
                        "INSERT INTO sample_item (sample, place, guid, call, state, reason)
                         SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3, ?4, ?5 FROM sample_item WHERE sample = ?1",
                        params![id, guid, body, state, reason],
                    )?;
                }
            }
            let (mut reviews, mut drafts, mut notes) = (0, 0, 0);
            for one in &ready {
                match one.review.finished_ms {
                    Some(finished_ms) => reviews += u32::from(self.take_review(&transaction, one, &file.request.card, finished_ms)?),
                    None => drafts += u32::from(self.take_draft(&transaction, one, &file.request.card, &reviewer)?),
                }
            }
            // A call is done by the review that came with it; without one it is still known to be judged elsewhere.
            for (item, _) in items.iter().filter(|(item, _)| item.state == ItemState::Done) {
                transaction.execute(
                    "UPDATE sample_item SET state = 'done', reason = '', (review, percent) = (
                         SELECT max(id), coalesce(percent, ?4) FROM review WHERE account = ?1 AND guid = ?3 AND card = ?5
                         AND calibration = '' AND finished_ms IS NOT NULL
                     ) WHERE sample = ?2 AND guid = ?3 AND state != 'done'",
                    params![self.account, id, item.call.guid, item.percent, file.request.card],
                )?;
            }
            for note in &file.notes {
                if note_here(&transaction, &self.account, note)? {
                    continue;
                }
                let Some((_, body)) = items.iter().find(|(item, _)| item.call.guid == note.guid) else { continue };
                // A note that was changed elsewhere is another one: which of the two is newer is not known.
                notes += transaction.execute(
                    "INSERT INTO note (account, guid, at_secs, text, shared, reviewer, made_ms, call, uuid)
                     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
                     iif(EXISTS (SELECT 1 FROM note WHERE account = ?1 AND uuid = ?9), ?10, ?9)",
                    params![
                        self.account, note.guid, note.at_secs, note.text.trim(), note.shared, note.reviewer.trim(),
                        note.made_ms, body, identity::note(note).to_string(), self.fresh()
                    ],
                )? as u32;
            }
            transaction.execute(
                "INSERT INTO handed (sample, place, given_by, given_to, at_ms, taken)
                 SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3, ?4, 1 FROM handed WHERE sample = ?1
                 HAVING NOT EXISTS (SELECT 1 FROM handed WHERE sample = ?1 AND given_by = ?2 AND at_ms = ?4 AND taken = 1)",
                params![id, file.by.trim(), file.to.trim(), file.at_ms],
            )?;
            self.taken_in(&transaction, file, id)?;
            transaction.commit()?;
            Ok((id, reviews, drafts, notes))
        })?;
        Ok(TakenIn { sample: self.sample(id)?, reviews, drafts, notes })
    }

    /// Tells whoever listens what came with a file; what was here already they know.
    fn taken_in(&self, transaction: &Transaction<'_>, file: &WorklistFile, id: i64) -> rusqlite::Result<()> {
        if self.recorder.is_none() {
            return Ok(());
        }
        let card = &file.request.card;
        self.touched(transaction, Touched::Card(card))?;
        self.touched(transaction, Touched::Worklist(id))?;
        let mut reviews = transaction.prepare(
            "SELECT id FROM review WHERE account = ?1 AND guid = ?2 AND card = ?3 AND calibration = ''",
        )?;
        let mut notes = transaction.prepare("SELECT id FROM note WHERE account = ?1 AND guid = ?2")?;
        for HandedItem { call, .. } in &file.items {
            let guid = &call.guid;
            self.touched(transaction, Touched::Entry { worklist: id, guid })?;
            for review in reviews.query_map(params![self.account, guid, card], |row| row.get(0))? {
                self.touched(transaction, Touched::Review(review?))?;
            }
            for note in notes.query_map(params![self.account, guid], |row| row.get(0))? {
                self.touched(transaction, Touched::Note(note?))?;
            }
        }
        Ok(())
    }

    /// The worklist here with the file's key, or a new one.
    fn sample_for(
        &self,
        transaction: &Transaction<'_>,
        file: &WorklistFile,
        request: &str,
        now_ms: i64,
    ) -> rusqlite::Result<i64> {
        let sql = "SELECT id FROM sample WHERE account = ?1 AND list = ?2";
        let here =
            transaction.query_row(sql, params![self.account, file.list], |row| row.get(0)).optional()?;
        if let Some(id) = here {
            return Ok(id);
        }
        transaction.execute(
            "INSERT INTO sample (account, request, made_ms, list) VALUES (?1, ?2, ?3, ?4)",
            params![self.account, request, now_ms, file.list],
        )?;
        Ok(transaction.last_insert_rowid())
    }

    /// A finished review: new here, or finished later than the one here. Whether it was taken.
    fn take_review(
        &self,
        transaction: &Transaction<'_>,
        one: &Ready<'_>,
        card: &str,
        finished_ms: i64,
    ) -> rusqlite::Result<bool> {
        let Ready { review, call, body, answers, scored } = one;
        let written = transaction.execute(
            "INSERT INTO review (account, guid, reviewer, card, version, call, call_at, agent, campaign, answers, comment,
             percent, fatal, tone, made_ms, finished_ms, first_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16)
             ON CONFLICT DO UPDATE SET version = excluded.version, answers = excluded.answers, comment = excluded.comment,
             percent = excluded.percent, fatal = excluded.fatal, tone = excluded.tone, finished_ms = excluded.finished_ms,
             first_ms = coalesce(review.first_ms, excluded.first_ms), given = NULL, acknowledged = NULL, disputed = NULL, settled = NULL
             WHERE review.finished_ms IS NULL OR review.finished_ms < excluded.finished_ms",
            params![
                self.account,
                call.guid,
                review.reviewer.trim(),
                card,
                review.version,
                body,
                call.started_at,
                call.agent.as_deref().unwrap_or_default(),
                call.campaign,
                answers,
                review.comment,
                scored.percent,
                !scored.fatal.is_empty(),
                tone_name(scored.tone),
                review.made_ms,
                finished_ms
            ],
        )?;
        if written > 0 {
            transaction.execute(
                "INSERT OR REPLACE INTO review_part (review, parts) SELECT id, ?5 FROM review
                 WHERE account = ?1 AND guid = ?2 AND reviewer = ?3 AND card = ?4 AND calibration = ''",
                params![self.account, call.guid, review.reviewer.trim(), card, parts(scored)],
            )?;
        }
        Ok(written > 0)
    }

    /// What somebody began, as this reviewer's own where they have said nothing yet. Whether it was taken.
    fn take_draft(
        &self,
        transaction: &Transaction<'_>,
        one: &Ready<'_>,
        card: &str,
        reviewer: &str,
    ) -> rusqlite::Result<bool> {
        let Ready { review, call, body, answers, .. } = one;
        let written = transaction.execute(
            "INSERT INTO review (account, guid, reviewer, card, version, call, call_at, agent, campaign, answers, comment, made_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
             ON CONFLICT DO UPDATE SET version = excluded.version, answers = excluded.answers, comment = excluded.comment
             WHERE review.finished_ms IS NULL AND review.answers = '{}' AND review.comment = ''",
            params![
                self.account,
                call.guid,
                reviewer,
                card,
                review.version,
                body,
                call.started_at,
                call.agent.as_deref().unwrap_or_default(),
                call.campaign,
                answers,
                review.comment,
                review.made_ms
            ],
        )?;
        Ok(written > 0)
    }
}

/// Whether a note is here: the same words of the same person at the same second of the same call.
fn note_here(
    connection: &Connection,
    account: &str,
    note: &crate::handed_file::HandedNote,
) -> rusqlite::Result<bool> {
    let mut known = connection.prepare_cached(
        "SELECT 1 FROM note WHERE account = ?1 AND guid = ?2 AND text = ?3 AND reviewer = ?4 AND abs(at_secs - ?5) < 0.001",
    )?;
    known.exists(params![account, note.guid, note.text.trim(), note.reviewer.trim(), note.at_secs])
}

#[cfg(test)]
mod tests;
