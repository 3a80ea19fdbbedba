//! A team's database as a desk speaks with it: what can be asked, and what it says unasked.
//!
//! Two of them: PostgreSQL, and a pure twin in simulated time that lets the same link live through thousands of bad days.
//! Left out on purpose: when anything is asked (`link`), and what the database does with it (the schema, `lease_row`).

use std::pin::Pin;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{Reading, Wished};

use crate::connection::Connection;
use crate::course::Says;
use crate::error::Error;
use crate::lease::{self, Standing};
use crate::link::Joining;
use crate::readings::{self, Numbered};
use crate::schema;

/// An answer that comes later.
pub type Soon<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Where a team's database is, and as whom and from which desk it is spoken with.
pub trait Base: Send + Sync {
    /// Connects, looks whether program and database fit, and listens from then on.
    fn open(&self) -> Soon<'_, Box<dyn Spoken>>;
}

/// A connection to it, of one desk. Every question has an answer in time, or [`Error::Away`].
pub trait Spoken: Send + Sync {
    /// Says that this desk is here, what is wished at it (asked for every so often), and how it stands with the lease.
    fn beat<'a>(
        &'a self,
        wished: &'a Wished,
        says: Says,
        every: Duration,
        clock: &'a Clock,
    ) -> Soon<'a, Standing>;
    /// What was published after that number, in order.
    fn after(&self, seq: i64) -> Soon<'_, Vec<Numbered>>;
    /// Publishes a reading under an epoch: its number. `ahead_ms`: how far the database's clock is ahead of the reading's.
    fn publish<'a>(&'a self, epoch: i64, ahead_ms: i64, reading: &'a Reading) -> Soon<'a, i64>;
    /// Gives the lease away: false when it was not this desk's any more.
    fn give(&self, epoch: i64) -> Soon<'_, bool>;
    /// Leaves the team's count of desks.
    fn leave(&self) -> Soon<'_, ()>;
    /// What it says unasked: `None` once the connection ended. Nothing is lost when the wait is given up.
    fn said(&mut self) -> Pin<Box<dyn Future<Output = Option<String>> + Send + '_>>;
    /// The same, if it is there already.
    fn said_already(&mut self) -> Option<String>;
}

impl Base for Joining {
    fn open(&self) -> Soon<'_, Box<dyn Spoken>> {
        Box::pin(async {
            let connection = Connection::open(&self.address, &self.password).await?;
            schema::check(&connection).await?;
            lease::listen(&connection, &self.seat.server).await?;
            Ok(Box::new(Seated { connection, seat: self.seat.clone() }) as Box<dyn Spoken>)
        })
    }
}

/// A connection, and the desk that speaks over it.
struct Seated {
    connection: Connection,
    seat: lease::Seat,
}

impl Spoken for Seated {
    fn beat<'a>(
        &'a self,
        wished: &'a Wished,
        says: Says,
        every: Duration,
        clock: &'a Clock,
    ) -> Soon<'a, Standing> {
        Box::pin(lease::beat(&self.connection, &self.seat, wished, says, every, clock))
    }

    fn after(&self, seq: i64) -> Soon<'_, Vec<Numbered>> {
        Box::pin(readings::after(&self.connection, &self.seat.server, seq))
    }

    fn publish<'a>(&'a self, epoch: i64, ahead_ms: i64, reading: &'a Reading) -> Soon<'a, i64> {
        let Seated { connection, seat } = self;
        Box::pin(readings::publish(connection, &seat.server, seat.desk, epoch, ahead_ms, reading))
    }

    fn give(&self, epoch: i64) -> Soon<'_, bool> {
        Box::pin(lease::give(&self.connection, &self.seat, epoch))
    }

    fn leave(&self) -> Soon<'_, ()> {
        Box::pin(lease::leave(&self.connection, &self.seat))
    }

    fn said(&mut self) -> Pin<Box<dyn Future<Output = Option<String>> + Send + '_>> {
        Box::pin(self.connection.notices.recv())
    }

    fn said_already(&mut self) -> Option<String> {
        self.connection.notices.try_recv().ok()
    }
}
