//! Asking a simulated contact centre inside this process: the same requests, the same answers to the byte, without a socket
//! between. A demonstration lives through thousands of them before its window shows anything.
//!
//! Left out on purpose: the live demonstration, which is asked over the network like any other contact centre.

use std::sync::Arc;

use atalaya_clock::Clock;
use atalaya_simulator::Simulator;
use atalaya_ucontact::{Client, Cut, ErrorKind, Options, Pieces, Problem, Secret, Sending, Transport};
use bytes::Bytes;

use super::server_of;
use crate::problem::from_ucontact;

struct Indoors(Arc<Simulator>);

impl Transport for Indoors {
    fn send(&self, request: http::Request<Bytes>) -> Sending {
        let centre = Arc::clone(&self.0);
        Box::pin(async move {
            match centre.answer_whole(request).await {
                Ok(answer) => Ok(answer.map(|whole| {
                    let pieces: Pieces = Box::pin(futures_util::stream::iter([Ok(whole)]));
                    pieces
                })),
                Err(error) => Err(Cut { detail: Some(error.to_string()), ..Cut::of(ErrorKind::Unreachable) }),
            }
        })
    }
}

/// Signs in as the one who may, by this clock, and without a request budget.
pub(crate) async fn sign_in(centre: &Arc<Simulator>, clock: Clock) -> Result<Client, Problem> {
    let options = Options { requests_per_second: f64::MAX, clock, ..Options::default() };
    let (way, server) = (Arc::new(Indoors(Arc::clone(centre))), server_of(centre)?);
    let password = Secret::new(centre.password());
    Client::sign_in_over(way, server, centre.user(), password, options)
        .await
        .map_err(|error| from_ucontact(&error))
}
