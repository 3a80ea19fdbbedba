//! Calibrations, alerts of reviews, dispositions that are known.

use rusqlite::{Connection, OptionalExtension, params};

use super::reviews::{id_of, key_of};
use super::{AlertCopy, CalibrationCopy, DisposedCopy, JudgedCopy, SeenCopy, json, written};
use crate::identity::ReviewKey;

/// A calibration by its key.
///
/// # Errors
/// The database's.
pub fn calibration(
    connection: &Connection,
    account: &str,
    id: &str,
) -> rusqlite::Result<Option<CalibrationCopy>> {
    connection
        .prepare_cached(
            "SELECT name, call, card, people, made_ms FROM calibration WHERE account = ?1 AND id = ?2",
        )?
        .query_row(params![account, id], |row| {
            Ok(CalibrationCopy {
                id: id.to_owned(),
                name: row.get(0)?,
                call: json(row.get_ref(1)?.as_str()?)?,
                card: json(row.get_ref(2)?.as_str()?)?,
                people: row.get(3)?,
                made_ms: row.get(4)?,
            })
        })
        .optional()
}

/// The keys of all calibrations.
///
/// # Errors
/// The database's.
pub fn all_calibrations(connection: &Connection, account: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM calibration WHERE account = ?1 ORDER BY made_ms, id")?;
    statement.query_map([account], |row| row.get(0))?.collect()
}

/// Keeps a calibration. The folder files are exchanged in is each computer's own.
///
/// # Errors
/// The database's.
pub fn write_calibration(
    connection: &Connection,
    account: &str,
    copy: &CalibrationCopy,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO calibration (id, account, name, call, card, people, made_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (account, id) DO UPDATE SET name = excluded.name, call = excluded.call, card = excluded.card,
         people = excluded.people, made_ms = excluded.made_ms",
        params![
            copy.id,
            account,
            copy.name,
            written(&copy.call)?,
            written(&copy.card)?,
            copy.people,
            copy.made_ms
        ],
    )?;
    Ok(())
}

/// Somebody's review of a calibration.
///
/// # Errors
/// The database's.
pub fn judged(
    connection: &Connection,
    account: &str,
    calibration: &str,
    reviewer: &str,
) -> rusqlite::Result<Option<JudgedCopy>> {
    connection
        .prepare_cached(
            "SELECT answers, comment, at_ms FROM calibration_review
             WHERE account = ?1 AND calibration = ?2 AND reviewer = ?3",
        )?
        .query_row(params![account, calibration, reviewer], |row| {
            Ok(JudgedCopy {
                calibration: calibration.to_owned(),
                reviewer: reviewer.to_owned(),
                answers: json(row.get_ref(0)?.as_str()?)?,
                comment: row.get(1)?,
                at_ms: row.get(2)?,
            })
        })
        .optional()
}

/// Whose reviews of a calibration are in.
///
/// # Errors
/// The database's.
pub fn judges_of(connection: &Connection, account: &str, calibration: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT reviewer FROM calibration_review WHERE account = ?1 AND calibration = ?2 ORDER BY reviewer",
    )?;
    statement.query_map(params![account, calibration], |row| row.get(0))?.collect()
}

/// Keeps somebody's review of a calibration.
///
/// # Errors
/// The database's.
pub fn write_judged(connection: &Connection, account: &str, copy: &JudgedCopy) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO calibration_review (account, calibration, reviewer, answers, comment, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![account, copy.calibration, copy.reviewer, written(&copy.answers)?, copy.comment, copy.at_ms],
    )?;
    Ok(())
}

/// Keeps whose review of a calibration is in, where the review itself is not here yet.
///
/// # Errors
/// The database's.
pub fn write_judged_in(
    connection: &Connection,
    account: &str,
    calibration: &str,
    reviewer: &str,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO calibration_in (account, calibration, reviewer) VALUES (?1, ?2, ?3)",
        params![account, calibration, reviewer],
    )?;
    Ok(())
}

/// The alert of a review by the review's row, and who sees to it. Putting it off is each desk's own.
///
/// # Errors
/// The database's.
pub fn alert(
    connection: &Connection,
    account: &str,
    review: i64,
) -> rusqlite::Result<Option<(AlertCopy, Option<SeenCopy>)>> {
    let Some(key) = key_of(connection, account, review)? else { return Ok(None) };
    connection
        .prepare_cached(
            "SELECT score, under, fatal, raised_ms, seen_ms, seen_by FROM review_alert WHERE review = ?1",
        )?
        .query_row([review], |row| {
            let by = row.get::<_, Option<String>>(5)?.unwrap_or_default();
            let seen = row.get::<_, Option<i64>>(4)?.map(|at_ms| SeenCopy { by, at_ms });
            let (score, under) = (row.get(0)?, row.get(1)?);
            Ok((AlertCopy { key, score, under, fatal: row.get(2)?, raised_ms: row.get(3)? }, seen))
        })
        .optional()
}

/// Keeps the alert of a review. One whose review is not here is passed over.
///
/// # Errors
/// The database's.
pub fn write_alert(connection: &Connection, account: &str, copy: &AlertCopy) -> rusqlite::Result<()> {
    let Some(id) = id_of(connection, account, &copy.key)? else { return Ok(()) };
    connection.execute(
        "INSERT INTO review_alert (review, score, under, fatal, raised_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (review) DO UPDATE SET score = excluded.score, under = excluded.under, fatal = excluded.fatal,
         raised_ms = excluded.raised_ms",
        params![id, copy.score, copy.under, copy.fatal, copy.raised_ms],
    )?;
    Ok(())
}

/// Keeps who sees to the alert of a review; `None`: nobody.
///
/// # Errors
/// The database's.
pub fn write_seen(
    connection: &Connection,
    account: &str,
    key: &ReviewKey,
    seen: Option<&SeenCopy>,
) -> rusqlite::Result<()> {
    let Some(id) = id_of(connection, account, key)? else { return Ok(()) };
    connection.execute(
        "UPDATE review_alert SET seen_ms = ?2, seen_by = ?3 WHERE review = ?1",
        params![id, seen.map(|seen| seen.at_ms), seen.map(|seen| &seen.by)],
    )?;
    Ok(())
}

/// Whether a combination is known of a campaign.
///
/// # Errors
/// The database's.
pub fn knows_disposition(
    connection: &Connection,
    account: &str,
    campaign: &str,
    levels: [&str; 3],
) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT 1 FROM disposition WHERE account = ?1 AND campaign = ?2 AND level1 = ?3 AND level2 = ?4 AND level3 = ?5",
        )?
        .exists(params![account, campaign, levels[0], levels[1], levels[2]])
}

/// All combinations that are known: campaign and levels.
///
/// # Errors
/// The database's.
pub fn all_dispositions(
    connection: &Connection,
    account: &str,
) -> rusqlite::Result<Vec<(String, [String; 3])>> {
    let mut statement = connection.prepare_cached(
        "SELECT campaign, level1, level2, level3 FROM disposition WHERE account = ?1
         ORDER BY campaign, level1, level2, level3",
    )?;
    statement
        .query_map([account], |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?])))?
        .collect()
}

/// Knows a combination, or forgets it. How often it is used is each computer's own.
///
/// # Errors
/// The database's.
pub fn write_disposition(
    connection: &Connection,
    account: &str,
    campaign: &str,
    levels: [&str; 3],
    known: bool,
) -> rusqlite::Result<()> {
    let sql = if known {
        "INSERT INTO disposition (account, campaign, level1, level2, level3) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM disposition WHERE account = ?1 AND campaign = ?2 AND level1 = ?3 AND level2 = ?4 AND level3 = ?5"
    };
    connection.execute(sql, params![account, campaign, levels[0], levels[1], levels[2]])?;
    Ok(())
}

/// What was said of a call.
///
/// # Errors
/// The database's.
pub fn disposed(
    connection: &Connection,
    account: &str,
    guid: &str,
) -> rusqlite::Result<Option<DisposedCopy>> {
    connection
        .prepare_cached(
            "SELECT level1, level2, level3, at_ms FROM call_disposition WHERE account = ?1 AND guid = ?2",
        )?
        .query_row(params![account, guid], |row| {
            Ok(DisposedCopy {
                guid: guid.to_owned(),
                levels: [row.get(0)?, row.get(1)?, row.get(2)?],
                at_ms: row.get(3)?,
            })
        })
        .optional()
}

/// The calls something was said of.
///
/// # Errors
/// The database's.
pub fn all_disposed(connection: &Connection, account: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection
        .prepare_cached("SELECT guid FROM call_disposition WHERE account = ?1 ORDER BY at_ms, guid")?;
    statement.query_map([account], |row| row.get(0))?.collect()
}

/// Keeps what was said of a call.
///
/// # Errors
/// The database's.
pub fn write_disposed(connection: &Connection, account: &str, copy: &DisposedCopy) -> rusqlite::Result<()> {
    let [level1, level2, level3] = &copy.levels;
    connection.execute(
        "INSERT OR REPLACE INTO call_disposition (account, guid, level1, level2, level3, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![account, copy.guid, level1, level2, level3, copy.at_ms],
    )?;
    Ok(())
}
