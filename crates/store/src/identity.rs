//! Identities: what a thing is called on every computer, where a row's number is this file's own.
//!
//! Two kinds, both UUIDs, written in small letters. What somebody makes (a note, a worklist, a card's version) gets a fresh
//! one (version 7: its moment, and chance). What there can be only one of by its nature (a person's review of a call with a
//! card, a call in a worklist) has one that is worked out from what it is (version 8, SHA-256): two computers that mean the same thing name it
//! alike, without having heard of each other. Rows of earlier programs get theirs worked out too, from what they hold: once,
//! in the migration; a backup of then, opened later, comes to the same ones.
//!
//! Left out on purpose: which things have one, and of what it is worked out (the owners of the tables).

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// A new identity for something made now (epoch milliseconds): nobody else will ever give it out.
pub fn fresh(now_ms: i64) -> Uuid {
    // A clock before 1970 is no reason to have no identity.
    let millis = u64::try_from(now_ms).unwrap_or_default();
    let mut chance = [0; 10];
    // What is not chance in them (version and variant) lies where it is overwritten.
    chance.copy_from_slice(&Uuid::new_v4().as_bytes()[6..]);
    Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

/// The identity of the one thing of this kind that is said by these parts: the same everywhere, for ever.
pub fn derived<'a>(kind: &'a str, parts: impl IntoIterator<Item = &'a str>) -> Uuid {
    let mut hash = Sha256::new();
    // Lengths first: "ab" and "c" are not "a" and "bc".
    for part in std::iter::once(kind).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// The identity of what travels under a key of its own: the key, where that is a UUID; else one worked out from it. Earlier
/// programs made shorter keys, which are in files and in what is judged.
pub fn keyed(kind: &str, key: &str) -> Uuid {
    match Uuid::try_parse(key) {
        Ok(uuid) if uuid.hyphenated().to_string() == key => uuid,
        _ => derived(kind, [key]),
    }
}

/// For migrations: `keyed(kind, key)` and `derived(kind, part, …)`, as of the functions here; parts are texts or whole numbers.
pub(crate) fn known_to(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("keyed", 2, flags, |context| {
        Ok(keyed(&text(context, 0)?, &text(context, 1)?).to_string())
    })?;
    connection.create_scalar_function("derived", -1, flags, |context| {
        let parts = (0..context.len()).map(|at| text(context, at)).collect::<Result<Vec<_>>>()?;
        let (kind, parts) = parts.split_first().ok_or(Error::InvalidQuery)?;
        Ok(derived(kind, parts.iter().map(String::as_str)).to_string())
    })
}

fn text(context: &Context<'_>, at: usize) -> Result<String> {
    match context.get_raw(at) {
        ValueRef::Text(text) => Ok(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Integer(number) => Ok(number.to_string()),
        // A fraction has as many spellings as it has readers.
        other => Err(Error::InvalidFunctionParameterType(at, other.data_type())),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fresh_ones_are_never_the_same_and_go_by_their_moment() {
        let many: HashSet<Uuid> = (0..10_000).map(|_| fresh(1_800_000_000_000)).collect();
        assert_eq!(many.len(), 10_000);
        assert!(many.iter().all(|one| one.get_version_num() == 7));
        assert!(fresh(1_800_000_000_000) < fresh(1_800_000_000_001));
        assert_eq!(fresh(-1).get_version_num(), 7);
    }

    #[test]
    fn a_derived_one_is_what_it_was_in_every_program() {
        // Written down: another figure here would part what is the same on two computers.
        let one = derived("review", ["guid", "Marta", "card", ""]).to_string();
        assert_eq!(one, "b4659931-f54f-800c-9201-c71288a3dd6c");
        let key = "0190a7c0-0000-7000-8000-000000000001";
        assert_eq!(keyed("worklist", key).to_string(), key);
        assert_eq!(keyed("worklist", &key.to_uppercase()).get_version_num(), 8, "another text, another key");
        assert_ne!(keyed("worklist", "a"), keyed("card", "a"));
    }

    #[test]
    fn the_database_works_out_the_same_ones() {
        let connection = Connection::open_in_memory().unwrap();
        known_to(&connection).unwrap();
        let ask = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0));
        assert_eq!(
            ask("SELECT derived('note', 'g', 12500, 'é')").unwrap(),
            derived("note", ["g", "12500", "é"]).to_string()
        );
        assert_eq!(ask("SELECT keyed('card', 'c')").unwrap(), keyed("card", "c").to_string());
        assert!(ask("SELECT derived('note', 1.5)").is_err());
        assert!(ask("SELECT derived()").is_err());
    }

    proptest! {
        #[test]
        fn other_parts_are_another_thing(
            one in prop::collection::vec("[ab]{0,2}", 0..4), other in prop::collection::vec("[ab]{0,2}", 0..4)
        ) {
            let of = |parts: &[String]| derived("k", parts.iter().map(String::as_str));
            prop_assert_eq!(of(&one) == of(&other), one == other);
        }
    }
}
