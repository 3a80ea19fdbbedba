//! What whoever looks after this computer decided, as commands heed it.
//!
//! Left out on purpose: the file (`policy`), updates (they read it themselves).

use std::sync::OnceLock;

use atalaya_calls::{Tasks, Writes};
use atalaya_policy::Policy;
use atalaya_store::Store;
use atalaya_ucontact::{Client, Server};

use crate::failure::Failure;

/// What is decided; read once. A file that cannot be followed is said on stderr, and nothing is changed at a server then.
fn decided() -> &'static Policy {
    static DECIDED: OnceLock<Policy> = OnceLock::new();
    DECIDED.get_or_init(|| {
        Policy::of_this_computer().unwrap_or_else(|refused| {
            eprintln!("{refused}; until it is mended nothing is changed at the server from here");
            Policy::when_unreadable()
        })
    })
}

/// Requests a second at most.
pub fn at_most(wanted: u16) -> f64 {
    f64::from(decided().requests_per_second.map_or(u32::from(wanted), |most| most.min(wanted.into())))
}

/// The way everything goes that changes something at the server; shut where that was decided.
pub fn writes(client: &Client, store: &Store, tasks: &Tasks) -> Writes {
    let writes = Writes::new(client.user(), store.clone(), String::new(), tasks.clone());
    writes.set_look_only(decided().look_only);
    writes
}

/// The server as it was decided on, or as it was asked for.
///
/// # Errors
/// `serverNotGiven`: only those that were given may be signed in to.
pub fn server(asked: Server) -> Result<Server, Failure> {
    let policy = decided();
    let given = policy.servers.iter().find(|given| {
        Server::parse(&given.url, None, None, None).is_ok_and(|server| server.base == asked.base)
    });
    match given {
        Some(given) => Ok(Server::parse(
            &given.url,
            given.recordings.as_deref(),
            given.backup.as_deref(),
            given.authority.clone(),
        )?),
        None if policy.only_these_servers => Err(Failure::of(
            "serverNotGiven",
            "on this computer you sign in only to the servers that whoever looks after it decided on",
        )),
        None => Ok(asked),
    }
}
