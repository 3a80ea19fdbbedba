//! Forecasts as they were made, with what came true: what bands are measured by later.
//!
//! A row is one campaign's at one moment, all its figures in one body. Left out on purpose: making them, and what they were
//! worth.

use std::collections::BTreeMap;

use atalaya_forecast::calibrate::{Figure, Kept, Range};
use rusqlite::{Connection, params};

use crate::wire::{Period, ReportForecast};

/// One campaign's forecast at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastKept {
    /// Name with suffix.
    pub campaign: String,
    /// When it was made, epoch milliseconds.
    pub at_ms: i64,
    /// What came is known of all of it, as far as it ever will be.
    pub settled: bool,
    /// Each figure, so many minutes later; all of this campaign and moment.
    pub figures: Vec<Kept>,
}

/// Bytes of one figure: what it is about, and so many numbers.
const fn long(numbers: usize) -> usize {
    3 + numbers * 8
}

/// Numbers of one figure; earlier versions wrote no more than the first six.
const NUMBERS: usize = 9;
const EARLIER: usize = 6;
/// Begins a body that is not of an earlier version: none of those looked so many minutes ahead.
const NEWER: u8 = 0xFF;

fn written(kept: &ForecastKept) -> Vec<u8> {
    let mut body = Vec::with_capacity(1 + kept.figures.len() * long(NUMBERS));
    body.push(NEWER);
    for one in &kept.figures {
        let figure = match one.figure {
            Figure::Waiting => 0,
            Figure::Longest => 1,
            Figure::Level => 2,
        };
        body.extend([u8::try_from(one.minutes).unwrap_or(u8::MAX), figure, one.hour]);
        let (came, now) = (one.came.unwrap_or(f64::NAN), one.now.unwrap_or(f64::NAN));
        let (said, of) = ([one.middle, came], [one.simulated, now, one.weekdays]);
        let ranges = [one.raw.low, one.raw.high, one.shown.low, one.shown.high];
        for value in ranges.into_iter().chain(said).chain(of) {
            body.extend(value.to_le_bytes());
        }
    }
    body
}

/// What cannot be read is left out.
fn read(campaign: &str, at_ms: i64, body: &[u8]) -> Vec<Kept> {
    let (body, numbers) = match body.split_first() {
        Some((&NEWER, rest)) => (rest, NUMBERS),
        _ => (body, EARLIER),
    };
    let figures = body.chunks_exact(long(numbers)).filter_map(|bytes| {
        let figure = match bytes[1] {
            0 => Figure::Waiting,
            1 => Figure::Longest,
            2 => Figure::Level,
            _ => return None,
        };
        let mut values =
            bytes[3..].chunks_exact(8).filter_map(|value| Some(f64::from_le_bytes(value.try_into().ok()?)));
        let mut next = || values.next();
        let (raw, shown) = (Range { low: next()?, high: next()? }, Range { low: next()?, high: next()? });
        let middle = next()?;
        Some(Kept {
            campaign: campaign.to_owned(),
            hour: bytes[2],
            at_ms,
            minutes: bytes[0].into(),
            figure,
            raw,
            shown,
            middle,
            came: next().filter(|came| came.is_finite()),
            simulated: next().unwrap_or(middle),
            now: next().filter(|now| now.is_finite()),
            weekdays: next().unwrap_or_default(),
        })
    });
    figures.collect()
}

/// Keeps them as they are now.
pub(crate) fn keep(connection: &Connection, site: i64, forecasts: &[ForecastKept]) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO forecast (site, at_ms, campaign, settled, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for kept in forecasts {
        insert.execute(params![site, kept.at_ms, kept.campaign, kept.settled, written(kept)])?;
    }
    Ok(())
}

/// Those made from a moment on, the latest first, at most so many.
pub(crate) fn since(
    connection: &Connection,
    site: i64,
    from_ms: i64,
    most: u32,
) -> rusqlite::Result<Vec<ForecastKept>> {
    let mut select = connection.prepare_cached(
        "SELECT at_ms, campaign, settled, body FROM forecast WHERE site = ?1 AND at_ms >= ?2 ORDER BY at_ms DESC LIMIT ?3",
    )?;
    let mut rows = select.query(params![site, from_ms, most])?;
    let mut kept = Vec::new();
    while let Some(row) = rows.next()? {
        let (at_ms, campaign): (i64, String) = (row.get(0)?, row.get(1)?);
        let figures = read(&campaign, at_ms, row.get_ref(3)?.as_blob()?);
        kept.push(ForecastKept { at_ms, settled: row.get(2)?, figures, campaign });
    }
    Ok(kept)
}

/// How far ahead a shift's forecasts are compared, minutes.
const COMPARED: u32 = 15;

/// Off by so much in all, so often.
#[derive(Default)]
struct Off(f64, u32);

impl Off {
    fn mean(&self) -> Option<f64> {
        (self.1 > 0).then(|| self.0 / f64::from(self.1))
    }
}

/// A period's forecasts against what came, by campaign.
pub(crate) fn against_what_came(
    connection: &Connection,
    site: i64,
    period: Period,
) -> rusqlite::Result<Vec<ReportForecast>> {
    let mut select = connection.prepare_cached(
        "SELECT at_ms, campaign, body FROM forecast WHERE site = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY campaign",
    )?;
    let mut rows = select.query(params![site, period.from_ms, period.until_ms])?;
    let mut all: BTreeMap<String, (u32, u32, [Off; 3])> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (at_ms, campaign): (i64, String) = (row.get(0)?, row.get(1)?);
        for one in read(&campaign, at_ms, row.get_ref(2)?.as_blob()?) {
            let Some(came) = one.came.filter(|_| one.minutes == COMPARED) else { continue };
            let (held, of, off) = all.entry(one.campaign).or_default();
            *held += u32::from(one.shown.holds(came));
            *of += 1;
            let off = &mut off[match one.figure {
                Figure::Waiting => 0,
                Figure::Longest => 1,
                Figure::Level => 2,
            }];
            *off = Off(off.0 + (one.middle - came).abs(), off.1 + 1);
        }
    }
    let told = all.into_iter().map(|(name, (held, of, [waiting, longest, level]))| ReportForecast {
        name,
        held,
        of,
        waiting_off: waiting.mean(),
        longest_off_secs: longest.mean(),
        level_off: level.mean(),
    });
    Ok(told.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_is_read_as_it_was_kept() {
        let one = |figure, minutes, came: Option<f64>| Kept {
            campaign: "Soporte<-".to_owned(),
            hour: 23,
            at_ms: 1_800_000_000_123,
            minutes,
            figure,
            raw: Range { low: 1.0 / 3.0, high: 7.7 },
            shown: Range { low: 0.0, high: 1e9 },
            middle: 2.5,
            simulated: 2.25,
            now: came.map(|came| came + 0.5),
            weekdays: 0.75,
            came,
        };
        let kept = ForecastKept {
            campaign: "Soporte<-".to_owned(),
            at_ms: 1_800_000_000_123,
            settled: false,
            figures: vec![
                one(Figure::Waiting, 5, None),
                one(Figure::Longest, 10, Some(0.0)),
                one(Figure::Level, 15, Some(83.3)),
            ],
        };
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&crate::tables::MIGRATIONS.steps.concat()).unwrap();
        keep(&connection, 1, std::slice::from_ref(&kept)).unwrap();
        let settled = ForecastKept { settled: true, ..kept.clone() };
        keep(&connection, 2, std::slice::from_ref(&settled)).unwrap();
        assert_eq!(since(&connection, 1, kept.at_ms, 10).unwrap(), std::slice::from_ref(&kept));
        assert_eq!(since(&connection, 1, kept.at_ms + 1, 10).unwrap(), []);
        // What came is put in its place.
        keep(&connection, 1, std::slice::from_ref(&settled)).unwrap();
        assert_eq!(since(&connection, 1, 0, 10).unwrap(), [settled]);
        // What no program wrote is nothing, and no end of it.
        connection.execute("UPDATE forecast SET body = x'0509' WHERE site = 1", []).unwrap();
        assert_eq!(since(&connection, 1, 0, 10).unwrap()[0].figures, []);
        // Of an earlier version: 51 bytes each, and no more than what was said.
        connection.execute("UPDATE forecast SET body = zeroblob(54)", []).unwrap();
        let earlier = &since(&connection, 1, 0, 10).unwrap()[0].figures;
        assert_eq!((earlier.len(), earlier[0].simulated, earlier[0].now), (1, 0.0, None));
    }

    #[test]
    fn a_shifts_forecasts_are_set_against_what_came() {
        let one = |at_ms, figure, minutes, middle: f64, came| Kept {
            campaign: "Soporte<-".to_owned(),
            hour: 10,
            at_ms,
            minutes,
            figure,
            raw: Range { low: 0.0, high: 1.0 },
            shown: Range { low: middle - 2.0, high: middle + 2.0 },
            middle,
            simulated: middle,
            now: None,
            weekdays: 0.75,
            came,
        };
        let kept =
            |at_ms, figures| ForecastKept { campaign: "Soporte<-".to_owned(), at_ms, settled: true, figures };
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(&crate::tables::MIGRATIONS.steps.concat()).unwrap();
        let all = [
            kept(
                1_000,
                vec![
                    one(1_000, Figure::Waiting, 15, 4.0, Some(5.0)),
                    one(1_000, Figure::Level, 15, 80.0, Some(90.0)),
                    // Not known, and not a quarter of an hour ahead.
                    one(1_000, Figure::Longest, 15, 30.0, None),
                    one(1_000, Figure::Waiting, 5, 4.0, Some(90.0)),
                ],
            ),
            kept(2_000, vec![one(2_000, Figure::Waiting, 15, 4.0, Some(9.0))]),
            // Of another shift.
            kept(9_000, vec![one(9_000, Figure::Waiting, 15, 4.0, Some(4.0))]),
        ];
        keep(&connection, 1, &all).unwrap();
        let of = |until_ms| against_what_came(&connection, 1, Period { from_ms: 0, until_ms }).unwrap();
        let told = ReportForecast {
            name: "Soporte<-".to_owned(),
            held: 1,
            of: 3,
            waiting_off: Some(3.0),
            longest_off_secs: None,
            level_off: Some(10.0),
        };
        assert_eq!(of(9_000), [told]);
        assert_eq!(of(1_000), []);
    }
}
