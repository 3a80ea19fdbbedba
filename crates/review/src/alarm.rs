//! Why a finished review raises an alert, and its line among those that did.
//!
//! Left out on purpose: what becomes of it (`alarms`), and when it is raised (the rules are the desk's).

use rusqlite::{Transaction, params};

/// Why a review raises an alert.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm {
    /// Its score is under this; `None`: it is not, or nobody asked.
    pub under: Option<f64>,
    /// A fatal question failed, and somebody asked.
    pub fatal: bool,
}

/// Writes an alert of a review that is being finished.
pub(crate) fn raise(
    transaction: &Transaction<'_>,
    review: i64,
    score: Option<f64>,
    alarm: Alarm,
    now_ms: i64,
) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO review_alert (review, score, under, fatal, raised_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
        params![review, score, alarm.under, alarm.fatal, now_ms],
    )?;
    Ok(())
}
