//! The alerts of every session: raised, seen to, over.

use atalaya_floor::wire::Alert;
use rusqlite::{Connection, params};

use crate::wire::Period;

/// Those that ended, the latest first, at most so many, and the first number that is free. One whose end nobody saw ended
/// when the watching did.
pub(crate) fn ended(connection: &Connection, site: i64, most: u32) -> rusqlite::Result<(Vec<Alert>, u32)> {
    let seen_until: Option<i64> =
        connection.query_row("SELECT max(until_ms) FROM run WHERE site = ?1", [site], |row| row.get(0))?;
    let mut select = connection
        .prepare_cached("SELECT body FROM alert WHERE site = ?1 ORDER BY raised_ms DESC, id DESC LIMIT ?2")?;
    let bodies = select.query_map([site, i64::from(most)], |row| row.get::<_, String>(0))?;
    let mut alerts: Vec<Alert> = bodies.filter_map(|body| serde_json::from_str(&body.ok()?).ok()).collect();
    for alert in &mut alerts {
        alert.resolved_ms.get_or_insert(seen_until.unwrap_or(alert.raised_ms).max(alert.raised_ms));
    }
    alerts.sort_by_key(|alert| std::cmp::Reverse((alert.resolved_ms, alert.id)));
    let next: i64 = connection.query_row(
        "SELECT coalesce(max(id), 0) + 1 FROM alert WHERE site = ?1",
        [site],
        |row| row.get(0),
    )?;
    Ok((alerts, u32::try_from(next).unwrap_or(1)))
}

/// Keeps them as they are now.
pub(crate) fn keep(connection: &Connection, site: i64, alerts: &[Alert]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO alert (site, id, raised_ms, resolved_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for alert in alerts {
        let Ok(body) = serde_json::to_string(alert) else { continue };
        insert.execute(params![site, alert.id, alert.raised_ms, alert.resolved_ms, body])?;
    }
    Ok(())
}

/// Those raised in a stretch of time, in order.
pub(crate) fn raised_between(
    connection: &Connection,
    site: i64,
    period: Period,
) -> rusqlite::Result<Vec<Alert>> {
    let mut select = connection.prepare_cached(
        "SELECT body FROM alert WHERE site = ?1 AND raised_ms >= ?2 AND raised_ms < ?3 ORDER BY raised_ms, id LIMIT 5000",
    )?;
    let bodies =
        select.query_map(params![site, period.from_ms, period.until_ms], |row| row.get::<_, String>(0))?;
    Ok(bodies.filter_map(|body| serde_json::from_str(&body.ok()?).ok()).collect())
}
