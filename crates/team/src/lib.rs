//! A team: many desks that watch one contact centre, and ask its server once.
//!
//! The one crate that knows PostgreSQL for the lease (who asks), readings (what the server said) and members. Without a
//! team nothing of it runs. Left out on purpose: shared work (reviews, claims, house rules), what readings add up to (the
//! floor's), and the vendor's password and token, which never come near it.

mod address;
mod base;
mod connection;
mod course;
mod error;
mod hours;
mod lease;
mod lease_row;
mod leaving;
mod link;
mod log;
mod members;
mod own;
mod readings;
mod schema;
mod tls;
pub mod wire;

pub use address::Address;
pub use base::{Base, Soon, Spoken};
pub use connection::Connection;
pub use course::{Answered, Course, Does, Says};
pub use error::Error;
pub use hours::{OfferedHour, ahead, offer_hour, offered, offered_hour, packed_hour};
pub use lease::{Holder, Seat, Standing, Stands, beat, give, listen, machine, new_desk, stands};
pub use lease_row::{LeaseRow, Told, held_for};
pub use leaving::{Removed, remove, role_of};
pub use link::{Joining, Link};
pub use log::{AT_ONCE as LINES_AT_ONCE, Appended, Line, Me, append, call_me, line_at, lines, me, sit};
pub use members::{Invitation, Member, Role, add, centres, list};
pub use readings::{Numbered, after, publish};
pub use schema::{check, done, init, init_up_to, known};
