//! Readings on their way: packed, published under an epoch, read on from a number.
//!
//! Each kind has one row, the newest: whoever comes anew reads all of them, whoever was slow only the newest of each. Left out
//! on purpose: when (the link's), and adding them up (the floor's).

use std::io::{Read, Write};

use atalaya_floor::Reading;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use uuid::Uuid;

use crate::connection::Connection;
use crate::error::Error;

/// Bytes of one reading unpacked: five thousand agents are a few million.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A reading of another desk, with its number.
#[derive(Debug)]
pub struct Numbered {
    /// Grows with each reading of the centre, across epochs.
    pub seq: i64,
    /// Of whoever published it.
    pub epoch: i64,
    /// How far the database's clock is ahead of the one the reading's moments are by, milliseconds.
    pub ahead_ms: i64,
    /// When the database took it, epoch milliseconds by its clock.
    pub at_ms: i64,
    /// Bytes it travelled in.
    pub size: usize,
    /// What it says; the error of one that another version of the program wrote.
    pub reading: Result<Reading, Error>,
}

/// Packs a reading.
///
/// # Errors
/// [`Error::Reading`], which no reading of this program gives.
pub fn packed(reading: &Reading) -> Result<Vec<u8>, Error> {
    let wrong = |error: &dyn std::fmt::Display| Error::Reading { detail: error.to_string() };
    let json = serde_json::to_vec(reading).map_err(|error| wrong(&error))?;
    let mut packer = DeflateEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(&json).map_err(|error| wrong(&error))?;
    packer.finish().map_err(|error| wrong(&error))
}

/// Unpacks one; what another desk wrote is as little trusted as what a server did.
///
/// # Errors
/// [`Error::Reading`].
pub fn unpacked(bytes: &[u8]) -> Result<Reading, Error> {
    let wrong = |error: &dyn std::fmt::Display| Error::Reading { detail: error.to_string() };
    let mut json = Vec::new();
    DeflateDecoder::new(bytes).take(LARGEST).read_to_end(&mut json).map_err(|error| wrong(&error))?;
    serde_json::from_slice(&json).map_err(|error| wrong(&error))
}

/// Publishes a reading under an epoch: its number.
///
/// # Errors
/// [`Error::Stale`] when the epoch is over; [`Error::Away`].
pub async fn publish(
    connection: &Connection,
    server: &str,
    desk: Uuid,
    epoch: i64,
    ahead_ms: i64,
    reading: &Reading,
) -> Result<i64, Error> {
    let body = packed(reading)?;
    let key = reading.campaign().unwrap_or_default();
    let there: Option<Vec<&str>> = match reading {
        // Only both together tell which campaigns there are no more.
        Reading::Campaigns { statuses: Some((statuses, _)), queues: Some((queues, _)), .. } => Some(
            statuses
                .iter()
                .map(|status| status.campaign.as_str())
                .chain(queues.iter().map(|queue| queue.queue.as_str()))
                .collect(),
        ),
        _ => None,
    };
    let publishing = connection.statement("select atalaya.publish($1, $2, $3, $4, $5, $6, $7)").await?;
    let row = Connection::within(
        connection.client.query_one(&publishing, &[&server, &desk, &epoch, &key, &ahead_ms, &body, &there]),
    )
    .await?;
    Ok(row.get(0))
}

/// What was published after that number, in order.
///
/// # Errors
/// [`Error::Away`], [`Error::NoSeat`].
pub async fn after(connection: &Connection, server: &str, seq: i64) -> Result<Vec<Numbered>, Error> {
    let looking = connection
        .statement(
            "select seq, epoch, ahead_ms, floor(extract(epoch from at) * 1000)::bigint, body
             from atalaya.reading join atalaya.centre on centre.id = reading.centre
             where centre.server = $1 and seq > $2 order by seq",
        )
        .await?;
    let rows = Connection::within(connection.client.query(&looking, &[&server, &seq])).await?;
    let read = |row: &tokio_postgres::Row| {
        let body: &[u8] = row.get(4);
        Numbered {
            seq: row.get(0),
            epoch: row.get(1),
            ahead_ms: row.get(2),
            at_ms: row.get(3),
            size: body.len(),
            reading: unpacked(body),
        }
    };
    Ok(rows.iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use atalaya_ucontact::{AgentStatus, CampaignAgents};

    use super::*;

    #[test]
    fn a_reading_survives_the_way_and_what_is_none_is_told() {
        let agents =
            (0..50).map(|n| AgentStatus { location: format!("SIP/{n}").into(), ..AgentStatus::default() });
        let found = CampaignAgents { campaign: None, agents: agents.collect() };
        let reading = Reading::Agents { campaign: "Ventas->".to_owned(), found, at_ms: 5 };
        let bytes = packed(&reading).expect("packs");
        assert_eq!(unpacked(&bytes).expect("unpacks"), reading);
        assert!(matches!(unpacked(&bytes[..bytes.len() / 2]), Err(Error::Reading { .. })));
        assert!(matches!(unpacked(b""), Err(Error::Reading { .. })));
    }
}
