//! Reviews, what they do to worklists, and their course with the agent.

use rusqlite::{Connection, OptionalExtension, params};

use super::cards::number_of;
use super::{FeedbackCopy, Finished, ReviewCopy, json, uuid, written};
use crate::finished::tone_name;
use crate::found::{SAID_IN_IT, tone_of};
use crate::identity::ReviewKey;

/// A review by its row; `None` without one, and for one of a calibration: those are nobody else's until all are in.
///
/// # Errors
/// The database's.
pub fn review(connection: &Connection, account: &str, id: i64) -> rusqlite::Result<Option<ReviewCopy>> {
    connection
        .prepare_cached(
            "SELECT guid, reviewer, review.card, call, card.uuid, answers, comment, turn, review.made_ms, first_ms, finished_ms,
             percent, fatal, tone, (SELECT parts FROM review_part WHERE review_part.review = review.id)
             FROM review JOIN card ON card.id = review.card AND card.version = review.version
             WHERE review.id = ?1 AND account = ?2 AND calibration = ''",
        )?
        .query_row(params![id, account], |row| {
            let finished_ms: Option<i64> = row.get(10)?;
            let finished = match finished_ms {
                None => None,
                Some(at_ms) => Some(Finished {
                    at_ms,
                    percent: row.get(11)?,
                    fatal: row.get(12)?,
                    tone: tone_of(row.get::<_, Option<String>>(13)?.as_deref()),
                    parts: row.get::<_, Option<String>>(14)?.unwrap_or_default(),
                }),
            };
            Ok(ReviewCopy {
                key: ReviewKey {
                    guid: row.get(0)?,
                    reviewer: row.get(1)?,
                    card: row.get(2)?,
                    calibration: String::new(),
                },
                call: json(row.get_ref(3)?.as_str()?)?,
                version: uuid(row.get_ref(4)?.as_str()?)?,
                answers: json(row.get_ref(5)?.as_str()?)?,
                comment: row.get(6)?,
                turn: row.get(7)?,
                made_ms: row.get(8)?,
                first_ms: row.get(9)?,
                finished,
            })
        })
        .optional()
}

/// The rows of all reviews of no calibration in which something is said, the oldest first.
///
/// # Errors
/// The database's.
pub fn all_reviews(connection: &Connection, account: &str) -> rusqlite::Result<Vec<i64>> {
    let sql =
        format!("SELECT id FROM review WHERE account = ?1 AND calibration = '' AND {SAID_IN_IT} ORDER BY id");
    connection.prepare_cached(&sql)?.query_map([account], |row| row.get(0))?.collect()
}

/// The row of a review.
pub(super) fn id_of(
    connection: &Connection,
    account: &str,
    key: &ReviewKey,
) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "SELECT id FROM review WHERE account = ?1 AND guid = ?2 AND reviewer = ?3 AND card = ?4 AND calibration = ?5",
        )?
        .query_row(params![account, key.guid, key.reviewer, key.card, key.calibration], |row| row.get(0))
        .optional()
}

/// Which review a row is.
pub(super) fn key_of(connection: &Connection, account: &str, id: i64) -> rusqlite::Result<Option<ReviewKey>> {
    connection
        .prepare_cached(
            "SELECT guid, reviewer, card, calibration FROM review WHERE id = ?1 AND account = ?2",
        )?
        .query_row(params![id, account], |row| {
            Ok(ReviewKey {
                guid: row.get(0)?,
                reviewer: row.get(1)?,
                card: row.get(2)?,
                calibration: row.get(3)?,
            })
        })
        .optional()
}

/// Keeps a review as it is said to be, and what it does to worklists. Whether it could be: not before the version of its card
/// is here.
///
/// # Errors
/// The database's.
pub fn write_review(connection: &Connection, account: &str, copy: &ReviewCopy) -> rusqlite::Result<bool> {
    let Some(version) = number_of(connection, copy.version)? else { return Ok(false) };
    let (key, call, finished) = (&copy.key, &copy.call, copy.finished.as_ref());
    connection
        .prepare_cached(
            "INSERT INTO review (account, guid, reviewer, card, version, calibration, call, call_at, agent, campaign, answers,
             comment, percent, fatal, tone, made_ms, finished_ms, first_ms, turn)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (account, guid, reviewer, card, calibration) DO UPDATE SET version = excluded.version,
             call = excluded.call, call_at = excluded.call_at, agent = excluded.agent, campaign = excluded.campaign,
             answers = excluded.answers, comment = excluded.comment, percent = excluded.percent, fatal = excluded.fatal,
             tone = excluded.tone, made_ms = excluded.made_ms, finished_ms = excluded.finished_ms,
             first_ms = excluded.first_ms, turn = excluded.turn",
        )?
        .execute(params![
            account,
            key.guid,
            key.reviewer,
            key.card,
            version,
            key.calibration,
            written(call)?,
            call.started_at,
            call.agent.as_deref().unwrap_or_default(),
            call.campaign,
            written(&copy.answers)?,
            copy.comment,
            finished.and_then(|finished| finished.percent),
            finished.is_some_and(|finished| finished.fatal),
            tone_name(finished.and_then(|finished| finished.tone)),
            copy.made_ms,
            finished.map(|finished| finished.at_ms),
            copy.first_ms,
            copy.turn
        ])?;
    if let Some(id) = id_of(connection, account, key)? {
        match finished {
            Some(finished) => connection.execute(
                "INSERT OR REPLACE INTO review_part (review, parts) VALUES (?1, ?2)",
                params![id, finished.parts],
            )?,
            None => connection.execute("DELETE FROM review_part WHERE review = ?1", [id])?,
        };
    }
    settle_call(connection, account, &key.guid, &key.card)?;
    Ok(true)
}

/// Works out where a call stands in every worklist that asks for this card: done by the review that was finished first (and of
/// two at once by the first by name), left out with a reason, or open.
///
/// # Errors
/// The database's.
pub fn settle_call(connection: &Connection, account: &str, guid: &str, card: &str) -> rusqlite::Result<()> {
    let by: Option<(i64, Option<f64>)> = connection
        .prepare_cached(
            "SELECT id, percent FROM review WHERE account = ?1 AND guid = ?2 AND card = ?3 AND calibration = ''
             AND finished_ms IS NOT NULL ORDER BY finished_ms, reviewer LIMIT 1",
        )?
        .query_row(params![account, guid, card], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    connection
        .prepare_cached(
            "UPDATE sample_item SET review = ?4, percent = ?5,
             state = CASE WHEN ?4 IS NOT NULL THEN 'done' WHEN reason = '' THEN 'open' ELSE 'skipped' END
             WHERE guid = ?2 AND sample IN (SELECT id FROM sample WHERE account = ?1 AND request ->> 'card' = ?3)",
        )?
        .execute(params![account, guid, card, by.map(|(id, _)| id), by.and_then(|(_, percent)| percent)])?;
    Ok(())
}

/// How far a review has gone with its agent, by its row.
///
/// # Errors
/// The database's.
pub fn feedback(connection: &Connection, account: &str, id: i64) -> rusqlite::Result<Option<FeedbackCopy>> {
    let Some(key) = key_of(connection, account, id)?.filter(|key| key.calibration.is_empty()) else {
        return Ok(None);
    };
    connection
        .prepare_cached("SELECT turn, given, acknowledged, disputed, settled FROM review WHERE id = ?1")?
        .query_row([id], |row| {
            let days = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            Ok(FeedbackCopy { key, turn: row.get(0)?, days })
        })
        .optional()
}

/// Keeps how far a review has gone. One that is not here, or is in another turn, is passed over.
///
/// # Errors
/// The database's.
pub fn write_feedback(connection: &Connection, account: &str, copy: &FeedbackCopy) -> rusqlite::Result<()> {
    let Some(id) = id_of(connection, account, &copy.key)? else { return Ok(()) };
    let [given, acknowledged, disputed, settled] = &copy.days;
    connection
        .prepare_cached(
            "UPDATE review SET given = ?3, acknowledged = ?4, disputed = ?5, settled = ?6 WHERE id = ?1 AND turn = ?2",
        )?
        .execute(params![id, copy.turn, given, acknowledged, disputed, settled])?;
    Ok(())
}
