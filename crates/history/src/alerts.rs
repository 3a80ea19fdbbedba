//! The alerts of every session: raised, seen to, over.

use atalaya_floor::wire::{Alert, AlertPart, Measure, Severity};
use rusqlite::{Connection, params};
use serde::Deserialize;

use crate::wire::Period;

/// An alert as earlier programs kept it: one figure alone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EarlierAlert {
    id: u32,
    rule: String,
    measure: Measure,
    severity: Severity,
    campaign: Option<String>,
    agent: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    value: f64,
    limit: f64,
    since_ms: i64,
    raised_ms: i64,
    acknowledged_ms: Option<i64>,
    acknowledged_by: Option<String>,
    snoozed_until_ms: Option<i64>,
    resolved_ms: Option<i64>,
}

impl From<EarlierAlert> for Alert {
    fn from(kept: EarlierAlert) -> Self {
        Self {
            id: kept.id,
            severity: kept.severity,
            campaign: kept.campaign,
            agent: kept.agent,
            location: None,
            parts: vec![AlertPart {
                rule: kept.rule,
                measure: kept.measure,
                severity: kept.severity,
                reason: kept.reason,
                value: kept.value,
                worst: kept.value,
                limit: kept.limit,
                in_secs: None,
                since_ms: kept.since_ms,
                over_ms: kept.resolved_ms,
            }],
            since_ms: kept.since_ms,
            raised_ms: kept.raised_ms,
            acknowledged_ms: kept.acknowledged_ms,
            acknowledged_by: kept.acknowledged_by,
            snoozed_until_ms: kept.snoozed_until_ms,
            resolved_ms: kept.resolved_ms,
        }
    }
}

/// What was kept, by this program or an earlier one; `None` when it cannot be read.
pub(crate) fn read(body: &str) -> Option<Alert> {
    let earlier = || serde_json::from_str::<EarlierAlert>(body).ok().map(Alert::from);
    serde_json::from_str(body).ok().or_else(earlier)
}

/// From here on alerts have numbers that were raised at other computers; those raised here never come so far.
pub(crate) const FIRST_OF_OTHERS: u32 = 1 << 31;

/// Those raised here that ended, the latest first, at most so many, and the first number that is free. One whose end nobody saw ended
/// when the watching did.
pub(crate) fn ended(connection: &Connection, site: i64, most: u32) -> rusqlite::Result<(Vec<Alert>, u32)> {
    let seen_until: Option<i64> =
        connection.query_row("SELECT max(until_ms) FROM run WHERE site = ?1", [site], |row| row.get(0))?;
    let mut select = connection.prepare_cached(
        "SELECT body FROM alert WHERE site = ?1 AND id < ?3 ORDER BY raised_ms DESC, id DESC LIMIT ?2",
    )?;
    let bodies = select
        .query_map([site, i64::from(most), i64::from(FIRST_OF_OTHERS)], |row| row.get::<_, String>(0))?;
    let mut alerts: Vec<Alert> = bodies.filter_map(|body| read(&body.ok()?)).collect();
    for alert in &mut alerts {
        alert.resolved_ms.get_or_insert(seen_until.unwrap_or(alert.raised_ms).max(alert.raised_ms));
    }
    alerts.sort_by_key(|alert| std::cmp::Reverse((alert.resolved_ms, alert.id)));
    let next: i64 = connection.query_row(
        "SELECT coalesce(max(id), 0) + 1 FROM alert WHERE site = ?1 AND id < ?2",
        [site, i64::from(FIRST_OF_OTHERS)],
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
    Ok(bodies.filter_map(|body| read(&body.ok()?)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_of_one_figure_from_before_is_one_with_one_part() {
        let kept = r#"{"id":7,"rule":"inPause","measure":"inPause","severity":"bad","campaign":"Soporte","agent":"Ana",
            "value":1205.0,"limit":1200.0,"sinceMs":1000,"raisedMs":2000,"acknowledgedMs":3000,"acknowledgedBy":"Marta",
            "snoozedUntilMs":null,"resolvedMs":4000}"#;
        let alert = read(kept).unwrap();
        let part = &alert.parts[0];
        assert_eq!((alert.id, alert.agent.as_deref(), part.measure), (7, Some("Ana"), Measure::InPause));
        assert_eq!((part.worst, part.limit, part.over_ms), (1_205.0, 1_200.0, Some(4_000)));
        let again = serde_json::to_string(&alert).unwrap();
        assert_eq!(read(&again), Some(alert));
        assert_eq!(read("{}"), None);
    }
}
