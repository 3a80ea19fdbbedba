//! What can be heard of recordings that were measured on this computer: kept by call, with the version of the measuring.
//! It belongs to the recording and not to a person. Figures of another version are not compared with these, and count as
//! unknown until the recording is measured anew.

use atalaya_player::SOUND_VERSION;
use atalaya_player::wire::SoundFigures;
use rusqlite::{Connection, OptionalExtension, params};

/// What is kept of a call; nothing when that cannot be read.
pub(crate) fn of(
    connection: &Connection,
    account: &str,
    guid: &str,
) -> rusqlite::Result<Option<SoundFigures>> {
    let kept: Option<String> = connection
        .prepare_cached("SELECT figures FROM sound WHERE account = ?1 AND guid = ?2 AND version = ?3")?
        .query_row(params![account, guid, SOUND_VERSION], |row| row.get(0))
        .optional()?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

/// Keeps it, unless more of the same recording was measured before.
pub(crate) fn keep(
    connection: &Connection,
    account: &str,
    guid: &str,
    figures: &SoundFigures,
    now_ms: i64,
) -> rusqlite::Result<()> {
    let text = serde_json::to_string(figures)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let measured_ms = (figures.measured_secs * 1_000.0) as i64;
    connection.execute(
        "INSERT INTO sound (account, guid, version, measured_ms, figures, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (account, guid) DO UPDATE SET version = excluded.version, measured_ms = excluded.measured_ms,
             figures = excluded.figures, at_ms = excluded.at_ms
         WHERE version != excluded.version OR measured_ms <= excluded.measured_ms",
        params![account, guid, SOUND_VERSION, measured_ms, text, now_ms],
    )?;
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use atalaya_clock::Clock;
    use atalaya_store::Store;

    use super::*;

    /// Of a call of a hundred seconds.
    pub(crate) fn figures(longest_silence_secs: f64) -> SoundFigures {
        SoundFigures {
            measured_secs: 100.0,
            whole: true,
            silence_secs: longest_silence_secs,
            longest_silence_secs,
            hold_secs: 0.0,
            level_db: Some(-23.0),
            clipped_secs: 0.0,
            overlap_secs: None,
            sides: Vec::new(),
        }
    }

    #[test]
    fn the_most_that_was_measured_stays_until_it_is_measured_otherwise() {
        let store = Store::in_memory(&[crate::MIGRATIONS], Clock::system()).unwrap();
        let part = SoundFigures { measured_secs: 40.0, whole: false, ..figures(7.0) };
        let read = || store.with(|connection| of(connection, "a", "g")).unwrap();
        let write = |one: &SoundFigures| store.with(|connection| keep(connection, "a", "g", one, 5)).unwrap();
        assert_eq!(read(), None, "unknown, and not zero");
        write(&part);
        assert_eq!(read(), Some(part.clone()));
        write(&figures(31.0));
        write(&part);
        assert_eq!(read(), Some(figures(31.0)));
        assert_eq!(
            store.with(|connection| of(connection, "b", "g")).unwrap(),
            None,
            "each account has its own"
        );
        let by_another = |version: u32| {
            store.with(|connection| connection.execute("UPDATE sound SET version = ?1", [version])).unwrap();
        };
        by_another(SOUND_VERSION + 1);
        assert_eq!(read(), None);
        write(&part);
        assert_eq!(read(), Some(part), "measured anew, however much the other one measured");
    }
}
