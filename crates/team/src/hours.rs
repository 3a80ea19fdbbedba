//! Whole hours of the floor's past in the database: which there are, one of them, offering one.
//!
//! An hour is packed and has a checksum of its own: one that was damaged is told before anything is made of it. Left out on purpose:
//! what is in an hour (the history's), and which ones are fetched or offered.

use std::io::{Read, Write};

use atalaya_clock::Clock;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use crate::connection::Connection;
use crate::error::Error;
use crate::lease::Seat;

/// Bytes of one hour unpacked.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Bytes of one hour packed: the database takes no more.
const LARGEST_PACKED: usize = 4_000_000;

/// An hour somebody offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedHour {
    /// Counted from the epoch's, by the clock of whoever saw it.
    pub hour: i64,
    /// Who saw it.
    pub person: String,
    /// At which computer.
    pub machine: String,
    /// How far the database's clock was ahead of theirs, milliseconds.
    pub ahead_ms: i64,
    /// How much of it they watched, milliseconds.
    pub watched_ms: i64,
    /// Bytes it travels in.
    pub size: usize,
    /// Its checksum: another one is another hour.
    pub sum: Vec<u8>,
}

/// The hours that are offered, the newest first.
///
/// # Errors
/// [`Error::Away`], [`Error::NoTeam`].
pub async fn offered(connection: &Connection, server: &str) -> Result<Vec<OfferedHour>, Error> {
    let rows = Connection::within(connection.client.query(
        "select hour.hour, person, machine, ahead_ms, watched_ms, octet_length(body), sum
         from atalaya.hour join atalaya.centre on centre.id = hour.centre
         where centre.server = $1 order by hour.hour desc",
        &[&server],
    ))
    .await?;
    let read = |row: &tokio_postgres::Row| OfferedHour {
        hour: row.get(0),
        person: row.get(1),
        machine: row.get(2),
        ahead_ms: row.get(3),
        watched_ms: i64::from(row.get::<_, i32>(4)),
        size: usize::try_from(row.get::<_, i32>(5)).unwrap_or_default(),
        sum: row.get(6),
    };
    Ok(rows.iter().map(read).collect())
}

/// One of them, unpacked; `None`: it is another one by now, or gone.
///
/// # Errors
/// [`Error::Reading`]: it was damaged; [`Error::Away`].
pub async fn offered_hour(
    connection: &Connection,
    server: &str,
    of: &OfferedHour,
) -> Result<Option<Vec<u8>>, Error> {
    let row = Connection::within(connection.client.query_opt(
        "select body from atalaya.hour join atalaya.centre on centre.id = hour.centre
         where centre.server = $1 and hour.hour = $2 and sum = $3",
        &[&server, &of.hour, &of.sum],
    ))
    .await?;
    let Some(row) = row else { return Ok(None) };
    let body: &[u8] = row.get(0);
    if Sha256::digest(body).as_slice() != of.sum {
        return Err(Error::Reading { detail: "its checksum is another".to_owned() });
    }
    let (mut bytes, wrong) =
        (Vec::new(), |error: std::io::Error| Error::Reading { detail: error.to_string() });
    DeflateDecoder::new(body).take(LARGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::Reading { detail: "it is larger than an hour can be".to_owned() });
    }
    Ok(Some(bytes))
}

/// Packs an hour; `None`: it is larger than the database takes.
///
/// # Errors
/// [`Error::Reading`], which no hour of this program gives.
pub fn packed_hour(bytes: &[u8]) -> Result<Option<Vec<u8>>, Error> {
    let wrong = |error: std::io::Error| Error::Reading { detail: error.to_string() };
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).map_err(wrong)?;
    let packed = packer.finish().map_err(wrong)?;
    Ok((packed.len() <= LARGEST_PACKED).then_some(packed))
}

/// Offers an hour under the epoch of the lease: false when somebody had watched as much of it.
///
/// # Errors
/// [`Error::Stale`]: somebody else asks by now; [`Error::NotTaken`]; [`Error::Away`]: it may be there, and offering it again
/// is the same.
pub async fn offer_hour(
    connection: &Connection,
    seat: &Seat,
    epoch: i64,
    (hour, watched_ms, ahead_ms): (i64, i64, i64),
    packed: &[u8],
) -> Result<bool, Error> {
    let sum = Sha256::digest(packed).to_vec();
    let watched_ms = i32::try_from(watched_ms).unwrap_or(i32::MAX);
    let row = Connection::within(connection.client.query_one(
        "select atalaya.offer_hour($1, $2, $3, $4, $5, $6, $7, $8)",
        &[&seat.server, &seat.desk, &epoch, &hour, &ahead_ms, &watched_ms, &sum, &packed],
    ))
    .await?;
    Ok(row.get(0))
}

/// How far the database's clock is ahead of this one, milliseconds.
///
/// # Errors
/// [`Error::Away`].
pub async fn ahead(connection: &Connection, clock: &Clock) -> Result<i64, Error> {
    let (sent, sent_ms) = (clock.steady(), clock.now_ms());
    let now: i64 =
        Connection::within(connection.client.query_one("select atalaya.now_ms()", &[])).await?.get(0);
    Ok(now - (sent_ms + clock.since(sent).as_millis() as i64 / 2))
}
