//! Shares of the reviews: so much of them is to be of such calls; what is missing of it. The arithmetic is a pure function.
//!
//! A share is of what is agreed for the month, or of what was made when that is more, and rounded up: a fifth of eight is two
//! calls. Whether a call is such a call may be unknown, and is then neither yes nor no. Left out on purpose: what is agreed
//! (the settings'), drawing what is missing (`draw`).

use std::collections::HashMap;

use atalaya_calls::fold;
use atalaya_calls::wire::Direction;
use rusqlite::{Row, params};

use crate::error::Error;
use crate::reviews::Reviews;
use crate::touched::Touched;
use crate::wire::{ShareOf, SharePerson, ShareRequest, ShareState};

/// What is known of a judged call.
#[derive(Debug, Clone, Default)]
struct Judged {
    campaign: String,
    direction: Option<Direction>,
    talk_secs: Option<u32>,
    /// Its disposition, level by level.
    levels: Option<[String; 3]>,
}

/// Whether one of the levels of a disposition is called so; capitals and accents do not matter.
pub fn is_disposed(levels: &[String; 3], name: &str) -> bool {
    let name = fold(name.trim());
    !name.is_empty() && levels.iter().any(|level| fold(level.trim()) == name)
}

/// Whether a call is one of these; `None`: nobody knows.
fn judge(of: &ShareOf, call: &Judged) -> Option<bool> {
    match of {
        ShareOf::Disposition { name } => call.levels.as_ref().map(|levels| is_disposed(levels, name)),
        ShareOf::Campaign { name } => (!call.campaign.is_empty()).then(|| call.campaign == *name),
        ShareOf::AtLeast { secs } => call.talk_secs.map(|talk| talk >= *secs),
        ShareOf::Direction { direction } => call.direction.map(|one| one == *direction),
    }
}

/// Calls that are to be of a share of `percent`, rounded up, where `quota` reviews are agreed and `made` were made.
fn wanted(percent: u32, quota: u32, made: u32) -> u32 {
    let of = u64::from(quota.max(made));
    // At most all of them, and so never more than fits.
    (of * u64::from(percent.min(100))).div_ceil(100) as u32
}

/// What is missing with one agent, whose `judged` calls are what the answers are of.
fn person(
    agent: &str,
    percent: u32,
    quota: u32,
    judged: impl ExactSizeIterator<Item = Option<bool>>,
) -> SharePerson {
    let reviews = judged.len() as u32;
    let (mut has, mut unknown) = (0, 0);
    for answer in judged {
        has += u32::from(answer == Some(true));
        unknown += u32::from(answer.is_none());
    }
    let wanted = wanted(percent, quota, reviews);
    let missing = wanted.saturating_sub(has);
    let least = missing.saturating_sub(unknown);
    SharePerson { agent: agent.to_owned(), reviews, wanted, has, unknown, missing, least }
}

fn judged(row: &Row<'_>) -> rusqlite::Result<(String, Judged)> {
    let levels: [Option<String>; 3] = [row.get(4)?, row.get(5)?, row.get(6)?];
    let direction = row.get::<_, Option<String>>(2)?;
    let of = Judged {
        campaign: row.get(1)?,
        direction: match direction.as_deref() {
            Some("inbound") => Some(Direction::Inbound),
            Some("outbound") => Some(Direction::Outbound),
            _ => None,
        },
        talk_secs: row.get(3)?,
        levels: match levels {
            [Some(first), second, third] => {
                Some([first, second.unwrap_or_default(), third.unwrap_or_default()])
            }
            _ => None,
        },
    };
    Ok((row.get(0)?, of))
}

impl Reviews {
    /// What is missing of each share, in all and with each agent asked about. Reviews count as in reports: finished, by the day
    /// of their call, calibrations aside.
    ///
    /// # Errors
    /// The store's.
    pub fn shares(&self, request: &ShareRequest) -> Result<Vec<ShareState>, Error> {
        let rows: Vec<(String, Judged)> = self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT agent, campaign, call ->> 'direction', coalesce(call ->> 'talkSecs', call ->> 'lengthSecs'),
                 level1, level2, level3 FROM review
                 LEFT JOIN call_disposition AS told ON told.account = review.account AND told.guid = review.guid
                 WHERE review.account = ?1 AND calibration = '' AND finished_ms IS NOT NULL
                 AND call_at >= ?2 AND (?3 = '' OR call_at < ?3 || '~')",
            )?;
            statement.query_map(params![self.account, request.from, request.to], judged)?.collect()
        })?;
        let mut by_agent: HashMap<String, Vec<Judged>> = HashMap::new();
        for (agent, one) in rows {
            by_agent.entry(agent).or_default().push(one);
        }
        let share = |share: &crate::wire::ReviewShare| {
            let of = |agent: &String| {
                let calls = by_agent.get(agent).map(Vec::as_slice).unwrap_or_default();
                person(agent, share.percent, request.quota, calls.iter().map(|call| judge(&share.of, call)))
            };
            let people: Vec<SharePerson> = request.people.iter().map(of).collect();
            let sum = |figure: fn(&SharePerson) -> u32| people.iter().map(figure).sum();
            ShareState {
                id: share.id.clone(),
                missing: sum(|one| one.missing),
                least: sum(|one| one.least),
                unknown: sum(|one| one.unknown),
                people,
            }
        };
        Ok(request.shares.iter().map(share).collect())
    }

    /// The server took this disposition of a call; the last one counts.
    ///
    /// # Errors
    /// The store's.
    pub fn dispose(&self, guid: &str, levels: [&str; 3]) -> Result<(), Error> {
        self.store.with(|connection| {
            let transaction = connection.transaction()?;
            transaction.execute(
                "INSERT OR REPLACE INTO call_disposition (account, guid, level1, level2, level3, at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![self.account, guid, levels[0], levels[1], levels[2], self.now_ms()],
            )?;
            self.touched(&transaction, Touched::Disposed(guid))?;
            transaction.commit()
        })?;
        Ok(())
    }

    /// What dispositions are called here, on whatever level, by name.
    ///
    /// # Errors
    /// The store's.
    pub fn disposition_names(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "WITH told AS (SELECT level1, level2, level3 FROM disposition WHERE account = ?1
                 UNION SELECT level1, level2, level3 FROM call_disposition WHERE account = ?1)
                 SELECT level1 FROM told UNION SELECT level2 FROM told UNION SELECT level3 FROM told
                 EXCEPT SELECT '' ORDER BY 1 COLLATE NOCASE",
            )?;
            statement.query_map([&self.account], |row| row.get(0))?.collect()
        })?)
    }

    /// The dispositions of calls that are known here, level by level, by call. Of the others nothing is known.
    ///
    /// # Errors
    /// The store's.
    pub fn disposed(&self) -> Result<HashMap<String, [String; 3]>, Error> {
        Ok(self.store.with(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT guid, level1, level2, level3 FROM call_disposition WHERE account = ?1",
            )?;
            let rows = statement.query_map([&self.account], |row| {
                Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]))
            })?;
            rows.collect()
        })?)
    }
}

#[cfg(test)]
mod tests {
    use atalaya_calls::wire::Call;
    use proptest::prelude::*;

    use super::*;
    use crate::draw::tests::call;
    use crate::reviews::tests::{all, reviews};
    use crate::wire::{ReviewShare, Value};

    fn share(percent: u32, of: ShareOf) -> ReviewShare {
        ReviewShare { id: format!("{percent} {of:?}"), percent, of }
    }

    fn disposition(name: &str) -> ShareOf {
        ShareOf::Disposition { name: name.into() }
    }

    #[test]
    fn what_is_missing_worked_out_by_hand() {
        // Percent, agreed, then calls that are, are not, and may be: wanted, missing, and missing at least.
        for (percent, quota, [yes, no, unknown], expected) in [
            (20, 8, [0, 0, 0], (2, 2, 2)),
            (20, 8, [1, 0, 0], (2, 1, 1)),
            (20, 8, [2, 3, 0], (2, 0, 0)),
            (20, 8, [0, 5, 0], (2, 2, 2)),
            (20, 8, [0, 0, 5], (2, 2, 0)),
            (20, 8, [0, 4, 1], (2, 2, 1)),
            (20, 8, [1, 0, 1], (2, 1, 0)),
            (20, 5, [0, 0, 0], (1, 1, 1)),
            (1, 8, [0, 0, 0], (1, 1, 1)),
            (100, 8, [3, 2, 0], (8, 5, 5)),
            // More than was agreed: a fifth of eleven is more than two.
            (20, 8, [2, 9, 0], (3, 1, 1)),
            // Nothing agreed: of what was made.
            (50, 0, [1, 2, 0], (2, 1, 1)),
            (50, 0, [0, 0, 0], (0, 0, 0)),
            (50, 0, [0, 0, 3], (2, 2, 0)),
        ] {
            let mut calls = vec![Some(true); yes];
            calls.extend(vec![Some(false); no]);
            calls.extend(vec![None; unknown]);
            let found = person("Ana", percent, quota, calls.into_iter());
            let case = format!("{percent} % of {quota}: {yes} {no} {unknown}");
            assert_eq!((found.wanted, found.missing, found.least), expected, "{case}");
            assert_eq!(found.reviews as usize, yes + no + unknown, "{case}");
        }
    }

    proptest! {
        #[test]
        fn what_is_missing_is_just_enough(
            percent in 1..=100_u32, quota in 0..=100_u32, yes in 0..60_usize, no in 0..60_usize, unknown in 0..60_usize
        ) {
            let mut calls = vec![Some(true); yes];
            calls.extend(vec![Some(false); no]);
            calls.extend(vec![None; unknown]);
            let found = person("Ana", percent, quota, calls.iter().copied());
            let of = quota.max(found.reviews);
            let met = |has: u32| 100 * has >= percent * of;
            prop_assert!(met(found.has + found.missing), "with what is missing it is met");
            prop_assert!(found.missing == 0 || !met(found.has + found.missing - 1), "and with one less it is not");
            prop_assert!(met(found.has + found.unknown + found.least), "the unknown may be what is missing");
            prop_assert!(found.least <= found.missing && found.missing - found.least <= found.unknown);
            prop_assert!(found.wanted <= of, "never more than all");
            // Knowing more leaves what is missing between what it was at least and at most.
            for answer in [true, false] {
                let known: Vec<_> = calls.iter().map(|one| one.or(Some(answer))).collect();
                let then = person("Ana", percent, quota, known.into_iter());
                prop_assert!(then.least == then.missing && (found.least..=found.missing).contains(&then.missing));
            }
        }
    }

    #[test]
    fn reviews_are_told_apart_by_their_calls_and_what_is_unknown_stays_so() {
        let reviews = reviews();
        let judge = |call: &Call, who: &str| {
            let review = reviews.open(call, "c", who).unwrap();
            reviews.change(review.id, all(Value::Yes), "").unwrap();
            reviews.finish(review.id).unwrap();
        };
        let long = Call { talk_secs: Some(300), ..call("Ana", 1, 1) };
        let short = Call { talk_secs: Some(299), ..call("Ana", 2, 1) };
        let unmeasured = Call { talk_secs: None, length_secs: None, ..call("Ana", 3, 1) };
        let sold = Call { campaign: "Ventas->".into(), direction: Direction::Outbound, ..call("Ana", 4, 1) };
        for one in [&long, &short, &unmeasured, &sold] {
            judge(one, "Marta");
        }
        judge(&Call { started_at: "2026-04-01 10:00:00".into(), ..call("Ana", 9, 1) }, "Marta");
        judge(&call("Bruno", 1, 1), "Marta");
        reviews.open(&call("Ana", 8, 1), "c", "Marta").unwrap();
        reviews.dispose(&long.guid, ["Consulta", "", ""]).unwrap();
        reviews.dispose(&long.guid, ["Postventa", "RECLÁMO", ""]).unwrap();
        reviews.dispose(&short.guid, ["Consulta", "Reclamos", ""]).unwrap();
        let request = ShareRequest {
            from: "2026-03-01".into(),
            to: "2026-03-31".into(),
            people: vec!["Ana".into(), "Carla".into()],
            quota: 8,
            shares: vec![
                share(50, disposition(" reclamo ")),
                share(50, ShareOf::Campaign { name: "Ventas->".into() }),
                share(50, ShareOf::AtLeast { secs: 300 }),
                share(50, ShareOf::Direction { direction: Direction::Inbound }),
            ],
        };
        let found = reviews.shares(&request).unwrap();
        let of_ana: Vec<_> = found.iter().map(|one| &one.people[0]).collect();
        let figures: Vec<_> =
            of_ana.iter().map(|one| (one.reviews, one.wanted, one.has, one.unknown)).collect();
        assert_eq!(figures, [(4, 4, 1, 2), (4, 4, 1, 0), (4, 4, 1, 1), (4, 4, 3, 0)]);
        let totals: Vec<_> = found.iter().map(|one| (one.missing, one.least, one.unknown)).collect();
        assert_eq!(totals, [(7, 5, 2), (7, 7, 0), (7, 6, 1), (5, 5, 0)], "Carla lacks four of each");
        assert_eq!(reviews.disposed().unwrap().len(), 2);
        reviews.learn_disposition("Ventas->", ["Venta", "Contado", ""]).unwrap();
        assert_eq!(
            reviews.disposition_names().unwrap(),
            ["Consulta", "Contado", "Postventa", "Reclamos", "RECLÁMO", "Venta"]
        );
        assert!(reviews.shares(&ShareRequest { shares: Vec::new(), ..request }).unwrap().is_empty());
    }
}
