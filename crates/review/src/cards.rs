//! Scorecards in the store: every save is a version of its own, and none ever changes.

use rusqlite::{OptionalExtension, params};

use crate::card::checked;
use crate::error::Error;
use crate::reviews::{Reviews, now_ms, parsed};
use crate::wire::Card;

impl Reviews {
    /// The newest version of every card in use, by name.
    ///
    /// # Errors
    /// The store's.
    pub fn cards(&self) -> Result<Vec<Card>, Error> {
        let bodies: Vec<String> = self.store.with(|connection| {
            let mut statement = connection.prepare(
                "SELECT body FROM card AS c WHERE version = (SELECT max(version) FROM card WHERE id = c.id)
                 AND retired = 0 ORDER BY name COLLATE NOCASE, id",
            )?;
            statement.query_map([], |row| row.get(0))?.collect()
        })?;
        bodies.iter().map(|body| parsed(body)).collect()
    }

    /// A card in one version, or its newest.
    ///
    /// # Errors
    /// `reviewGone`, or the store's.
    pub fn card(&self, id: &str, version: Option<u32>) -> Result<Card, Error> {
        let body: Option<String> = self.store.with(|connection| {
            connection
                .query_row(
                    "SELECT body FROM card WHERE id = ?1 AND version = coalesce(?2, (SELECT max(version) FROM card WHERE id = ?1))",
                    params![id, version],
                    |row| row.get(0),
                )
                .optional()
        })?;
        parsed(&body.ok_or(Error::Gone("card"))?)
    }

    /// Keeps a card as its next version; one that did not change stays as it is.
    ///
    /// # Errors
    /// `reviewInvalid`, or the store's.
    pub fn save_card(&self, card: &Card) -> Result<Card, Error> {
        checked(card)?;
        self.write_card(card, None)
    }

    /// Keeps a version as it came with a calibration, unless that version is known.
    pub(crate) fn take_card(&self, card: &Card) -> Result<(), Error> {
        checked(card)?;
        self.write_card(card, Some(card.version)).map(drop)
    }

    fn write_card(&self, card: &Card, version: Option<u32>) -> Result<Card, Error> {
        let newest = self.card(&card.id, None).ok();
        let next = newest.as_ref().map_or(1, |newest| newest.version + 1);
        if let Some(newest) =
            newest.filter(|newest| *newest == Card { version: newest.version, ..card.clone() })
        {
            self.retire(&card.id, false)?;
            return Ok(newest);
        }
        let card = Card { version: version.unwrap_or(next), ..card.clone() };
        let body = serde_json::to_string(&card)?;
        self.store.with(|connection| {
            connection.execute(
                "INSERT OR IGNORE INTO card (id, version, name, body, made_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![card.id, card.version, card.name, body, now_ms()],
            )
        })?;
        Ok(card)
    }

    /// Takes a card out of use, or back; reviews made with it keep it.
    ///
    /// # Errors
    /// The store's.
    pub fn retire(&self, id: &str, retired: bool) -> Result<(), Error> {
        self.store.with(|connection| {
            connection.execute("UPDATE card SET retired = ?2 WHERE id = ?1", params![id, retired])
        })?;
        Ok(())
    }
}
