//! The floor read once, from the first request to the last, for whoever does not watch it.
//!
//! Left out on purpose: when to read again (the watch's), and how old figures are: these are from now.

use std::collections::BTreeMap;

use atalaya_ucontact::{Client, Error};
use futures_util::StreamExt;

use crate::health;
use crate::picture::Picture;
use crate::poll::poll_campaigns;
use crate::watched::millis;
use crate::wire::{Freshness, Snapshot};

const CAMPAIGNS_AT_ONCE: usize = 4;

/// The floor once: the campaigns asked for (all when none are named), with their agents when wanted.
///
/// # Errors
/// The first that hides a figure asked for.
pub async fn read_once(client: &Client, campaigns: &[String], with_agents: bool) -> Result<Snapshot, Error> {
    read_into(&mut Picture::default(), client, campaigns, with_agents).await
}

/// The same into a picture that knows what came before; moments are those of the client's clock.
///
/// # Errors
/// As of [`read_once`]; what arrived before is in the picture.
pub async fn read_into(
    picture: &mut Picture,
    client: &Client,
    campaigns: &[String],
    with_agents: bool,
) -> Result<Snapshot, Error> {
    let replies = poll_campaigns(client.clone()).await;
    let came = replies.came(client.clock());
    let (statuses, queues) = (replies.statuses?, replies.queues?);
    let at_ms = [statuses.at_ms(client.clock()), queues.at_ms(client.clock())];
    let mut health = health::starting(0);
    health::succeeded(
        &mut health,
        came,
        millis(statuses.round_trip),
        statuses.dropped_count + queues.dropped_count,
    );
    let wanted = |name: &str| campaigns.is_empty() || campaigns.iter().any(|wanted| wanted == name);
    picture.take_campaigns(
        Some((statuses.value.into_iter().filter(|one| wanted(&one.campaign)).collect(), at_ms[0])),
        Some((queues.value.into_iter().filter(|one| wanted(&one.queue)).collect(), at_ms[1])),
    );
    if with_agents {
        let names: Vec<String> = picture.rosters_read().map(|(name, _)| name.to_owned()).collect();
        // One after the other, whichever is there first: the same replies make the same picture.
        let mut replies = futures_util::stream::iter(names)
            .map(|name| async move {
                let reply = client.campaign_agents(&name).await;
                (name, reply)
            })
            .buffered(CAMPAIGNS_AT_ONCE);
        while let Some((name, reply)) = replies.next().await {
            let reply = reply?;
            let at_ms = reply.at_ms(client.clock());
            picture.take_agents(&name, reply.value, at_ms);
        }
    }
    health.freshness = Freshness::Fresh;
    health.requests_per_minute = client.requests_last_minute();
    let read = picture.rosters_read().filter_map(|(name, read_ms)| Some((name.to_owned(), read_ms?)));
    Ok(Snapshot {
        agents_read_at_ms: read.collect(),
        revision: 0,
        at_ms: client.clock().now_ms(),
        campaigns: picture.campaigns(),
        agents: picture.agents(),
        agents_unread: BTreeMap::new(),
        agents_every_ms: 0,
        health,
    })
}
