//! Cards: every version there is, under the numbers everybody agrees on.

use std::collections::HashMap;

use atalaya_store::Uuid;
use rusqlite::{Connection, params};

use super::{CardCopy, json, uuid, written};
use crate::wire::Card;

/// The versions of a card in the order of their numbers, and whether it is out of use.
///
/// # Errors
/// The database's.
pub fn card_versions(connection: &Connection, card: &str) -> rusqlite::Result<(Vec<CardCopy>, bool)> {
    let mut statement = connection
        .prepare_cached("SELECT uuid, body, made_ms, retired FROM card WHERE id = ?1 ORDER BY version")?;
    let rows = statement.query_map([card], |row| {
        let copy = CardCopy {
            uuid: uuid(row.get_ref(0)?.as_str()?)?,
            card: json(row.get_ref(1)?.as_str()?)?,
            made_ms: row.get(2)?,
        };
        Ok((copy, row.get::<_, bool>(3)?))
    })?;
    let mut retired = false;
    let mut versions = Vec::new();
    for row in rows {
        let (copy, out) = row?;
        retired |= out;
        versions.push(copy);
    }
    Ok((versions, retired))
}

/// The keys of all cards.
///
/// # Errors
/// The database's.
pub fn all_cards(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT id FROM card ORDER BY id")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Takes a card out of use, or back.
///
/// # Errors
/// The database's.
pub fn retire_card(connection: &Connection, card: &str, retired: bool) -> rusqlite::Result<()> {
    connection.execute("UPDATE card SET retired = ?2 WHERE id = ?1", params![card, retired])?;
    Ok(())
}

/// Gives the versions of a card the numbers 1, 2, … in this order; versions only this computer has come after them. Reviews stay
/// with the version they were made with, whatever its number.
///
/// # Errors
/// The database's.
pub fn number_versions(connection: &Connection, card: &str, order: &[CardCopy]) -> rusqlite::Result<()> {
    let here: Vec<(u32, String)> = connection
        .prepare_cached("SELECT version, uuid FROM card WHERE id = ?1 ORDER BY version")?
        .query_map([card], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut wanted: HashMap<String, u32> = HashMap::new();
    for (copy, number) in order.iter().zip(1..) {
        wanted.insert(copy.uuid.to_string(), number);
    }
    for (_, uuid) in &here {
        let next = wanted.len() as u32 + 1;
        wanted.entry(uuid.clone()).or_insert(next);
    }
    let moved: Vec<(u32, u32)> = here
        .iter()
        .filter_map(|(from, uuid)| wanted.get(uuid).map(|to| (*from, *to)))
        .filter(|(from, to)| from != to)
        .collect();
    // Numbers change places: out of each other's way first. A calibration's reviews have the number of its own card.
    for (from, _) in &moved {
        renumber(connection, card, i64::from(*from), -i64::from(*from))?;
    }
    for (from, to) in &moved {
        renumber(connection, card, -i64::from(*from), i64::from(*to))?;
        connection.execute(
            "UPDATE card SET body = json_set(body, '$.version', version) WHERE id = ?1 AND version = ?2",
            params![card, to],
        )?;
    }
    let known: Vec<&String> = here.iter().map(|(_, uuid)| uuid).collect();
    for (copy, number) in order.iter().zip(1_u32..) {
        let uuid = copy.uuid.to_string();
        if known.contains(&&uuid) {
            continue;
        }
        let body = Card { id: card.to_owned(), version: number, ..copy.card.clone() };
        connection.execute(
            "INSERT INTO card (id, version, name, body, made_ms, uuid) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![card, number, body.name, written(&body)?, copy.made_ms, uuid],
        )?;
    }
    Ok(())
}

fn renumber(connection: &Connection, card: &str, from: i64, to: i64) -> rusqlite::Result<()> {
    connection
        .execute("UPDATE card SET version = ?3 WHERE id = ?1 AND version = ?2", params![card, from, to])?;
    connection.execute(
        "UPDATE review SET version = ?3 WHERE card = ?1 AND version = ?2 AND calibration = ''",
        params![card, from, to],
    )?;
    Ok(())
}

/// The number of a version here.
pub(super) fn number_of(connection: &Connection, version: Uuid) -> rusqlite::Result<Option<u32>> {
    use rusqlite::OptionalExtension;
    connection
        .prepare_cached("SELECT version FROM card WHERE uuid = ?1")?
        .query_row([version.to_string()], |row| row.get(0))
        .optional()
}
