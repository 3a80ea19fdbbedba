//! Telling a chat of an alert: what a message looks like in each of three forms, and sending it once.
//!
//! Where it goes is a secret ([`Address`]): whoever knows it may write there. Left out on purpose: which alerts are told and
//! in which words, where the address is kept, and when to stop (all of them the desk's).

mod address;
mod message;
mod payload;
mod sender;

pub use address::{Address, AddressFlaw};
pub use message::{Event, Figure, Level, Message};
pub use payload::Form;
pub use sender::{Hindrance, Outcome, Sender, TIME};
