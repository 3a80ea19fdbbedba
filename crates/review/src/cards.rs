//! Scorecards in the store: every save is a version of its own, and none ever changes.

use atalaya_calls::wire::Call;
use rusqlite::{OptionalExtension, Row, TransactionBehavior, params};

use crate::card::checked;
use crate::error::Error;
use crate::found::SAID;
use crate::reviews::{Reviews, parsed};
use crate::touched::Touched;
use crate::wire::Card;

/// Reviews that say which card is used for what.
const LATELY: u32 = 1_000;

/// What a card was used for.
struct Used {
    card: String,
    campaign: String,
    guid: String,
    reviewer: String,
}

fn used(row: &Row<'_>) -> rusqlite::Result<Used> {
    Ok(Used { card: row.get(0)?, campaign: row.get(1)?, guid: row.get(2)?, reviewer: row.get(3)? })
}

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

    /// The cards in use, the likeliest for a call first: what this person began to judge it with, what was last used for its
    /// campaign, what was last used at all; the others by name.
    ///
    /// # Errors
    /// The store's.
    pub fn cards_for(&self, call: &Call, reviewer: &str) -> Result<Vec<Card>, Error> {
        let used: Vec<Used> = self.store.with(|connection| {
            let mut begun = connection.prepare_cached(
                "SELECT card, campaign, guid, reviewer FROM review
                 WHERE account = ?1 AND guid = ?2 AND reviewer = ?3 AND calibration = '' ORDER BY id DESC",
            )?;
            let mut lately = connection.prepare_cached(&format!(
                "SELECT card, campaign, guid, reviewer FROM review WHERE account = ?1 AND calibration = '' AND {SAID}
                 ORDER BY id DESC LIMIT ?2",
            ))?;
            let begun = begun.query_map(params![self.account, call.guid, reviewer.trim()], used)?;
            let lately = lately.query_map(params![self.account, LATELY], used)?;
            begun.chain(lately).collect()
        })?;
        let mut cards = self.cards()?;
        cards.sort_by_cached_key(|card| {
            let of = |like: &dyn Fn(&Used) -> bool| {
                used.iter().position(|one| one.card == card.id && like(one)).unwrap_or(usize::MAX)
            };
            (
                of(&|one| one.guid == call.guid && one.reviewer == reviewer.trim()),
                of(&|one| one.campaign == call.campaign),
                of(&|_| true),
            )
        });
        Ok(cards)
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
        Ok(self.store.with(|connection| {
            // Looked at and written in one: two that are saved at once are two versions.
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let newest = "SELECT version, body FROM card WHERE id = ?1 ORDER BY version DESC LIMIT 1";
            let newest: Option<(u32, String)> =
                transaction.query_row(newest, [&card.id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let version = newest.as_ref().map_or(0, |(version, _)| *version);
            let same = |body: &String| {
                serde_json::from_str::<Card>(body)
                    .is_ok_and(|newest| newest == Card { version, ..card.clone() })
            };
            let unchanged = newest.is_some_and(|(_, body)| same(&body));
            let saved = Card { version: if unchanged { version } else { version + 1 }, ..card.clone() };
            if unchanged {
                transaction.execute("UPDATE card SET retired = 0 WHERE id = ?1", [&card.id])?;
            } else {
                let body = serde_json::to_string(&saved)
                    .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                transaction.execute(
                    "INSERT INTO card (id, version, name, body, made_ms, uuid) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![saved.id, saved.version, saved.name, body, self.now_ms(), self.fresh()],
                )?;
            }
            self.touched(&transaction, Touched::Card(&saved.id))?;
            transaction.commit()?;
            Ok(saved)
        })?)
    }

    /// Takes a card out of use, or back; reviews made with it keep it.
    ///
    /// # Errors
    /// The store's.
    pub fn retire(&self, id: &str, retired: bool) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute("UPDATE card SET retired = ?2 WHERE id = ?1", params![id, retired])?;
            self.touched(&transaction, Touched::Card(id))?;
            transaction.commit()
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::draw::tests::call;
    use crate::reviews::tests::{all, reviews};
    use crate::score::tests::card;
    use crate::wire::{Card, Value};

    #[test]
    fn cards_saved_at_once_are_versions_of_their_own() {
        let reviews = reviews();
        for round in 0..50 {
            let saved: Vec<Card> = std::thread::scope(|scope| {
                let save = |who: u32| {
                    let mut card = card();
                    card.sections[0].questions[0].weight = f64::from(1 + round * 4 + who);
                    let reviews = &reviews;
                    scope.spawn(move || reviews.save_card(&card).unwrap())
                };
                let all: Vec<_> = (0..4).map(save).collect();
                all.into_iter().map(|one| one.join().unwrap()).collect()
            });
            for one in &saved {
                assert_eq!(&reviews.card("c", Some(one.version)).unwrap(), one, "round {round}: it is kept");
            }
        }
        assert_eq!(reviews.card("c", None).unwrap().version, 201);
    }

    #[test]
    fn the_card_last_used_for_a_campaign_comes_first() {
        let reviews = reviews();
        for (id, name) in [("a", "Apertura"), ("b", "Bienvenida"), ("z", "Zócalo")] {
            reviews.save_card(&Card { id: id.into(), name: name.into(), ..card() }).unwrap();
        }
        reviews.retire("c", true).unwrap();
        let other =
            |number| atalaya_calls::wire::Call { campaign: "Ventas->".into(), ..call("Ana", 2, number) };
        let order = |call: &_, reviewer: &str| -> Vec<String> {
            reviews.cards_for(call, reviewer).unwrap().into_iter().map(|card| card.id).collect()
        };
        assert_eq!(order(&call("Ana", 2, 1), "Marta"), ["a", "b", "z"], "never used: by name");
        let judge = |call: &_, card: &str| {
            let review = reviews.open(call, card, "Marta").unwrap();
            reviews.change(review.id, all(Value::Yes), "").unwrap();
        };
        judge(&call("Ana", 2, 1), "z");
        judge(&other(2), "b");
        assert_eq!(
            order(&call("Ana", 2, 3), "Marta"),
            ["z", "b", "a"],
            "z for this campaign, b for another one"
        );
        assert_eq!(order(&other(4), "Marta"), ["b", "z", "a"]);
        // What was begun is gone on with, whatever was used since; somebody else's is not ours.
        reviews.open(&call("Ana", 2, 5), "a", "Marta").unwrap();
        judge(&call("Ana", 2, 6), "z");
        assert_eq!(order(&call("Ana", 2, 5), " Marta ")[0], "a");
        assert_eq!(order(&call("Ana", 2, 5), "Pedro")[0], "z");
    }
}
