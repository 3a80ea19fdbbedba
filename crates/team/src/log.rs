//! The log of shared work in the database: lines appended in one order, read on from a number.
//!
//! Left out on purpose: what a line means, and which of two holds.

use uuid::Uuid;

use crate::connection::Connection;
use crate::error::Error;
use crate::lease::Seat;

/// Lines read at once.
pub const AT_ONCE: i64 = 500;

/// A line, as the log has it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number: whoever has read up to it has read everything before it.
    pub seq: i64,
    /// Who said it, by the name they had then.
    pub person: String,
    /// They were a lead.
    pub lead: bool,
    /// When the log took it, epoch milliseconds by the database's clock.
    pub at_ms: i64,
    /// What was said.
    pub body: String,
}

/// What became of lines that were appended.
#[derive(Debug, Clone, Default)]
pub struct Appended {
    /// Their numbers; 0: it is taken, and in the log once the calibration it is of is open.
    pub places: Vec<(Uuid, i64)>,
    /// What time it was by the database's clock, epoch milliseconds; `None`: nothing was appended.
    pub now_ms: Option<i64>,
}

/// Who somebody is in a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// What they are called in what they judge.
    pub person: String,
    /// They are a lead.
    pub lead: bool,
}

/// Who this member is.
///
/// # Errors
/// [`Error::NoSeat`], [`Error::Away`].
pub async fn me(connection: &Connection, server: &str) -> Result<Me, Error> {
    let row =
        Connection::within(connection.client.query_one("select * from atalaya.me($1)", &[&server])).await?;
    Ok(Me { person: row.get(0), lead: row.get::<_, &str>(1) == "lead" })
}

/// This member is called so, unless they were called otherwise before: what they are called from now on.
///
/// # Errors
/// [`Error::Person`]: somebody else is; [`Error::NoSeat`], [`Error::Away`].
pub async fn call_me(connection: &Connection, server: &str, person: &str) -> Result<String, Error> {
    let row = Connection::within(
        connection.client.query_one("select atalaya.call_me($1, $2)", &[&server, &person]),
    )
    .await?;
    Ok(row.get(0))
}

/// Sits down at a desk: it may say something from now on.
///
/// # Errors
/// [`Error::Desk`]: it is another member's; [`Error::NoSeat`], [`Error::Away`].
pub async fn sit(connection: &Connection, seat: &Seat) -> Result<(), Error> {
    Connection::within(
        connection
            .client
            .execute("select atalaya.sit($1, $2, $3)", &[&seat.server, &seat.desk, &seat.machine]),
    )
    .await
    .map(drop)
}

/// Appends lines, all or none; one that is there already keeps its number.
///
/// # Errors
/// [`Error::NotTaken`]: one of them is not this member's to say; [`Error::Desk`], [`Error::Away`]: it may have been taken, and
/// saying it again is the same.
pub async fn append(connection: &Connection, seat: &Seat, bodies: &[String]) -> Result<Appended, Error> {
    let rows = Connection::within(
        connection
            .client
            .query("select * from atalaya.append($1, $2, $3)", &[&seat.server, &seat.desk, &bodies]),
    )
    .await?;
    Ok(Appended {
        places: rows.iter().map(|row| (row.get(0), row.get(1))).collect(),
        now_ms: rows.last().map(|row| row.get(2)),
    })
}

/// Which line is the one of that number, and the number of the last; `None`: there is no such line.
///
/// # Errors
/// [`Error::Away`], [`Error::NoSeat`].
pub async fn line_at(connection: &Connection, server: &str, seq: i64) -> Result<(Option<Uuid>, i64), Error> {
    let row = Connection::within(connection.client.query_opt(
        "select (select id from atalaya.log where log.centre = centre.id and seq = $2), log_head.seq
         from atalaya.centre join atalaya.log_head on log_head.centre = centre.id where server = $1",
        &[&server, &seq],
    ))
    .await?
    .ok_or_else(|| Error::NoSeat { server: server.to_owned() })?;
    Ok((row.get(0), row.get(1)))
}

/// The lines after that number, in order, a few hundred at most; and what time it is by the database's clock.
///
/// # Errors
/// [`Error::Away`].
pub async fn lines(connection: &Connection, server: &str, after: i64) -> Result<(Vec<Line>, i64), Error> {
    let now: i64 =
        Connection::within(connection.client.query_one("select atalaya.now_ms()", &[])).await?.get(0);
    let rows = Connection::within(connection.client.query(
        "select seq, person, log.role = 'lead', floor(extract(epoch from at) * 1000)::bigint, body
         from atalaya.log join atalaya.centre on centre.id = log.centre
         where centre.server = $1 and seq > $2 order by seq limit $3",
        &[&server, &after, &AT_ONCE],
    ))
    .await?;
    let read = |row: &tokio_postgres::Row| Line {
        seq: row.get(0),
        person: row.get(1),
        lead: row.get(2),
        at_ms: row.get(3),
        body: row.get(4),
    };
    Ok((rows.iter().map(read).collect(), now))
}
