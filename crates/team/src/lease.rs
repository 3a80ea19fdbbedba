//! What a desk asks the database about the lease: one question, one answer, its time measured.
//!
//! Left out on purpose: what a desk makes of it (`course`), and what the row does (the schema, and its twin `lease_row`).

use std::collections::BTreeSet;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::Wished;
use uuid::Uuid;

use crate::connection::Connection;
use crate::course::{Answered, Says};
use crate::error::Error;
use crate::lease_row::held_for;

/// A desk, as the team knows it.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The contact centre's canonical address.
    pub server: String,
    /// This desk, the same for as long as its data folder is.
    pub desk: Uuid,
    /// What the computer is called.
    pub machine: String,
}

/// Who asks the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Which desk.
    pub desk: Uuid,
    /// The member.
    pub person: String,
    /// Their computer.
    pub machine: String,
    /// Since when, epoch milliseconds by the database's clock.
    pub since_ms: i64,
}

/// How things stand.
#[derive(Debug, Clone)]
pub struct Standing {
    /// For this desk's course.
    pub answered: Answered,
    /// When the question left, by the steady clock.
    pub sent: Duration,
    /// How far the database's clock is ahead of this one, milliseconds.
    pub ahead_ms: i64,
    /// How long question and answer took.
    pub took: Duration,
    /// Who holds, or held, the lease; `None` before anybody did.
    pub holder: Option<Holder>,
    /// The number of the newest reading.
    pub seq: i64,
    /// What everybody else wishes.
    pub others: Wished,
}

/// Says that this desk is here, what is wished at it, and how it stands with the lease.
///
/// # Errors
/// [`Error::Away`], [`Error::NoSeat`], [`Error::Database`].
pub async fn beat(
    connection: &Connection,
    seat: &Seat,
    wished: &Wished,
    says: Says,
    every: Duration,
    clock: &Clock,
) -> Result<Standing, Error> {
    let visible: Vec<&str> = wished.visible.iter().map(String::as_str).collect();
    let millis = |of: Duration| i32::try_from(of.as_millis()).unwrap_or(i32::MAX);
    let every_ms = wished.every.map(millis);
    let (epoch, wants) = match says {
        Says::Renews(epoch) => (Some(epoch), false),
        Says::Wants => (None, true),
        Says::Looks => (None, false),
    };
    let lease_ms = millis(held_for(every));
    let beating =
        connection.statement("select * from atalaya.beat($1, $2, $3, $4, $5, $6, $7, $8, $9)").await?;
    let (sent, sent_ms) = (clock.steady(), clock.now_ms());
    let row = Connection::within(connection.client.query_one(
        &beating,
        &[
            &seat.server,
            &seat.desk,
            &seat.machine,
            &visible,
            &wished.watched,
            &every_ms,
            &epoch,
            &wants,
            &lease_ms,
        ],
    ))
    .await
    .map_err(|error| named(error, &seat.server))?;
    let took = clock.since(sent);
    // The answer was made somewhere between the two.
    let here_ms = sent_ms + took.as_millis() as i64 / 2;
    let (left_ms, now_ms): (i64, i64) = (row.get("o_left_ms"), row.get("o_now_ms"));
    let desks: i32 = row.get("o_desks");
    let holder = row.get::<_, Option<Uuid>>("o_desk").map(|desk| Holder {
        desk,
        person: row.get::<_, Option<String>>("o_login").unwrap_or_default(),
        machine: row.get::<_, Option<String>>("o_machine").unwrap_or_default(),
        since_ms: row.get::<_, Option<i64>>("o_since_ms").unwrap_or_default(),
    });
    let visible: BTreeSet<String> = row.get::<_, Vec<String>>("o_visible").into_iter().collect();
    let every = row.get::<_, Option<i32>>("o_every_ms").and_then(|ms| u64::try_from(ms).ok());
    Ok(Standing {
        answered: Answered {
            mine: row.get("o_mine"),
            epoch: row.get("o_epoch"),
            left: Duration::from_millis(u64::try_from(left_ms).unwrap_or(0)),
            desks: u32::try_from(desks).unwrap_or(1),
        },
        sent,
        ahead_ms: now_ms - here_ms,
        took,
        holder,
        seq: row.get("o_seq"),
        others: Wished { visible, watched: row.get("o_watched"), every: every.map(Duration::from_millis) },
    })
}

/// Who asks at the moment, without being a desk.
#[derive(Debug, Clone)]
pub struct Stands {
    /// Who holds the lease; `None`: nobody does.
    pub holder: Option<Holder>,
    /// Of whoever holds, or held, it.
    pub epoch: i64,
    /// How long ago the database took the newest reading, milliseconds; `None` before one.
    pub reading_age_ms: Option<i64>,
}

/// Who asks at the moment.
///
/// # Errors
/// [`Error::Away`], [`Error::NoTeam`].
pub async fn stands(connection: &Connection, server: &str) -> Result<Stands, Error> {
    let row = Connection::within(connection.client.query_opt(
        "select epoch, desk, login::text, machine, floor(extract(epoch from since) * 1000)::bigint,
                until > clock_timestamp(),
                (select floor(extract(epoch from clock_timestamp() - max(at)) * 1000)::bigint
                 from atalaya.reading where reading.centre = lease.centre)
         from atalaya.lease join atalaya.centre on centre.id = lease.centre where server = $1",
        &[&server],
    ))
    .await?
    .ok_or_else(|| Error::NoSeat { server: server.to_owned() })?;
    let held = row.get::<_, Option<bool>>(5) == Some(true);
    let holder = row.get::<_, Option<Uuid>>(1).filter(|_| held).map(|desk| Holder {
        desk,
        person: row.get::<_, Option<String>>(2).unwrap_or_default(),
        machine: row.get::<_, Option<String>>(3).unwrap_or_default(),
        since_ms: row.get::<_, Option<i64>>(4).unwrap_or_default(),
    });
    Ok(Stands { holder, epoch: row.get(0), reading_age_ms: row.get(6) })
}

/// A desk that nobody is yet.
pub fn new_desk() -> Uuid {
    Uuid::new_v4()
}

/// What this computer is called; empty where the system does not say.
pub fn machine() -> String {
    whoami::hostname().unwrap_or_default()
}

/// Gives the lease away: false when it was not this desk's any more.
///
/// # Errors
/// [`Error::Away`].
pub async fn give(connection: &Connection, seat: &Seat, epoch: i64) -> Result<bool, Error> {
    let row = Connection::within(
        connection
            .client
            .query_one("select atalaya.give_lease($1, $2, $3)", &[&seat.server, &seat.desk, &epoch]),
    )
    .await?;
    Ok(row.get(0))
}

/// Leaves the team's count of desks.
///
/// # Errors
/// [`Error::Away`].
pub async fn leave(connection: &Connection, seat: &Seat) -> Result<(), Error> {
    Connection::within(connection.client.execute("select atalaya.leave($1, $2)", &[&seat.server, &seat.desk]))
        .await
        .map(drop)
}

/// From now on the database says when something is new in the centre.
///
/// # Errors
/// [`Error::Away`], [`Error::NoSeat`].
pub async fn listen(connection: &Connection, server: &str) -> Result<(), Error> {
    let row = Connection::within(connection.client.query_one("select atalaya.centre_of($1)", &[&server]))
        .await
        .map_err(|error| named(error, server))?;
    let centre: i32 = row.get(0);
    Connection::within(connection.client.batch_execute(&format!("listen atalaya_{centre}"))).await
}

fn named(error: Error, server: &str) -> Error {
    match error {
        Error::NoSeat { .. } => Error::NoSeat { server: server.to_owned() },
        other => other,
    }
}
