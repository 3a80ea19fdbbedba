//! Everything that is shared, row by row in an order and in words that are the same on every computer: what two copies are
//! compared by.
//!
//! Left out of it: row numbers, and what is each computer's own (where a worklist was left, a calibration's folder, what is put
//! off, how often a disposition is used, notes that are not shared).

use rusqlite::Connection;

use crate::found::SAID_IN_IT;

/// Hands every row to `on`, table by table: the kind of thing it is of, its identity, and what it says.
///
/// # Errors
/// The database's.
pub fn rows(
    connection: &Connection,
    account: &str,
    mut on: impl FnMut(&str, &str, &str),
) -> rusqlite::Result<()> {
    // Texts of JSON are read: the same answers may be written with their keys in another order.
    let tables = [
        "SELECT 'card', keyed('card', id), json_array('card', id, version, uuid, name, retired, json(body)) FROM card WHERE ?1 != '' ORDER BY id, version"
            .to_owned(),
        format!(
            "SELECT 'review', derived('review', guid, reviewer, keyed('card', review.card), ''), json_array('review', guid, reviewer, review.card, card.uuid, json(call), call_at, agent, campaign,
             (SELECT json_group_array(json_array(key, value ->> 'value', value ->> 'comment')) FROM
              (SELECT key, value FROM json_each(answers) ORDER BY key)),
             comment, CAST(round(percent * 1000000) AS INTEGER), fatal, tone, review.made_ms, finished_ms, first_ms, turn,
             given, acknowledged, disputed, settled, (SELECT parts FROM review_part WHERE review_part.review = review.id))
             FROM review JOIN card ON card.id = review.card AND card.version = review.version
             WHERE account = ?1 AND calibration = '' AND {SAID_IN_IT} ORDER BY guid, reviewer, review.card"
        ),
        "SELECT 'note', uuid, json_array('note', uuid, guid, CAST(round(at_secs * 1000) AS INTEGER), text, reviewer, made_ms, json(call))
         FROM note WHERE account = ?1 AND shared ORDER BY uuid"
            .to_owned(),
        "SELECT 'worklist', keyed('worklist', list), json_array('worklist', list, json(request), made_ms) FROM sample WHERE account = ?1 ORDER BY list".to_owned(),
        "SELECT 'worklist', keyed('worklist', list), json_array('entry', list, place, item.guid, json(item.call), state, iif(state = 'done', '', reason),
         CAST(round(item.percent * 1000000) AS INTEGER), by.reviewer)
         FROM sample_item AS item JOIN sample ON sample.id = item.sample LEFT JOIN review AS by ON by.id = item.review
         WHERE sample.account = ?1 ORDER BY list, place"
            .to_owned(),
        "SELECT 'alert', derived('review', guid, reviewer, keyed('card', review.card), ''), json_array('alert', guid, reviewer, review.card, CAST(round(score * 1000000) AS INTEGER), under, told.fatal,
         raised_ms, seen_ms, seen_by) FROM review_alert AS told JOIN review ON review.id = told.review
         WHERE account = ?1 ORDER BY guid, reviewer, review.card"
            .to_owned(),
        "SELECT 'calibration', keyed('calibration', id), json_array('calibration', id, name, json(call), json(card), people, made_ms) FROM calibration
         WHERE account = ?1 ORDER BY id"
            .to_owned(),
        "SELECT 'judged', derived('judged', keyed('calibration', calibration), reviewer), json_array('judged', calibration, reviewer, (SELECT json_group_array(json_array(key, value ->> 'value',
         value ->> 'comment')) FROM (SELECT key, value FROM json_each(answers) ORDER BY key)), comment, at_ms)
         FROM calibration_review WHERE account = ?1 ORDER BY calibration, reviewer"
            .to_owned(),
        "SELECT 'disposition', derived('disposition', campaign, level1, level2, level3), json_array('disposition', campaign, level1, level2, level3) FROM disposition WHERE account = ?1
         ORDER BY campaign, level1, level2, level3"
            .to_owned(),
        "SELECT 'disposed', derived('disposed', guid), json_array('disposed', guid, level1, level2, level3, at_ms) FROM call_disposition WHERE account = ?1
         ORDER BY guid"
            .to_owned(),
    ];
    for table in &tables {
        let mut statement = connection.prepare_cached(table)?;
        let mut found = statement.query([account])?;
        while let Some(row) = found.next()? {
            let [kind, identity, text] = [0, 1, 2].map(|at| row.get_ref(at));
            on(kind?.as_str()?, identity?.as_str()?, text?.as_str()?);
        }
    }
    Ok(())
}
