//! The uContact *Classic* API, typed: the only crate that reads the vendor's JSON and that speaks HTTP.
//!
//! Left out on purpose: what the figures mean together (`atalaya-floor`), grouping legs into calls and choosing among
//! the places of a recording (`atalaya-calls`), and any memory on disk (`atalaya-store`).

mod address;
mod again;
mod budget;
mod cdr;
mod certificates;
mod client;
mod direction;
mod distrust;
mod endpoint;
mod error;
mod http;
mod lenient;
mod live;
mod login;
mod mend;
mod moment;
pub mod operations;
mod problem;
mod reason;
mod recording;
mod session;
pub mod shapes;
mod shared_text;
mod text;
mod transport;
mod trust;

pub use address::Server;
pub use atalaya_clock::Clock;
pub use atalaya_secret::Secret;
pub use cdr::{CallRecord, RecordFilter, RecordPage, parse_records};
pub use client::{Client, Options};
pub use direction::{Direction, direction};
pub use distrust::Distrust;
pub use endpoint::{ENDPOINTS, Endpoint};
pub use error::{Error, ErrorKind};
pub use lenient::Reply;
pub use live::{
    AgentStatus, AgentsReader, CampaignAgents, CampaignStatus, QueueSummary, parse_campaign_agents,
    parse_campaigns, parse_queue_summary,
};
pub use moment::moment;
pub use operations::{Answer, Operation};
pub use problem::Problem;
pub use recording::{ByteRange, Format, Host, Place, RecordingResponse};
pub use shared_text::SharedText;
pub use transport::{Answering, Cut, Pieces, Sending, Transport};
pub use trust::{tls, tls_with};
