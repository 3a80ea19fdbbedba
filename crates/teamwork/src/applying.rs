//! What comes from the log, in its order, into this copy: a batch is one transaction, so that a program killed at any moment
//! has read up to a place and not a word further.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use crate::change::{Kind, LAYOUT, Numbered, What};
use crate::error::Error;
use crate::rules::{Verdict, meanwhile, settle};
use crate::team::{Teamwork, written};
use crate::told::Told;

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// Everything up to this place in the log is in this copy now.
    pub up_to: i64,
    /// How many changes were new here.
    pub new: u32,
    /// How many of them hold.
    pub held: u32,
    /// What has to be read again by whoever shows it.
    pub kinds: BTreeSet<Kind>,
    /// There is something to be told ([`Teamwork::told`]).
    pub told: bool,
}

impl Numbered {
    /// A change as it lies in the log: its place, the member and role the log took it from, when by the log's clock, its text.
    ///
    /// # Errors
    /// `teamNewer` for one of a later program, `teamUnreadable` for one that is none: nothing after it may be applied.
    pub fn read(seq: i64, who: &str, lead: bool, logged_ms: i64, text: &str) -> Result<Self, Error> {
        #[derive(serde::Deserialize)]
        struct Header {
            layout: u32,
        }
        let unreadable = |error: serde_json::Error| Error::Unreadable { seq, detail: error.to_string() };
        let Header { layout } = serde_json::from_str(text).map_err(unreadable)?;
        if layout > LAYOUT {
            return Err(Error::Newer { seq, layout });
        }
        let change = serde_json::from_str(text).map_err(unreadable)?;
        Ok(Self { seq, who: who.to_owned(), lead, logged_ms, change })
    }
}

impl Teamwork {
    /// Takes changes of the log in, in its order and from where this copy stands; what is here already is passed over. Own
    /// changes come back here too, and leave the outbox.
    ///
    /// # Errors
    /// The store's: nothing of the batch was taken. `teamNewer`: nothing of it either.
    pub fn apply(&self, batch: &[Numbered]) -> Result<Applied, Error> {
        let stand = self.applied()?;
        if let Some(later) = batch.iter().find(|next| next.seq > stand && next.change.layout > LAYOUT) {
            return Err(Error::Newer { seq: later.seq, layout: later.change.layout });
        }
        Ok(self.store.with(|connection| {
            let transaction = connection.transaction()?;
            let mut applied = Applied { up_to: stand, ..Applied::default() };
            let (mut places, mut last) = (BTreeSet::new(), None);
            for next in batch {
                if next.seq <= applied.up_to {
                    continue;
                }
                self.take(&transaction, next, &mut applied)?;
                places.insert(next.change.place());
                applied.up_to = next.seq;
                last = Some(next.change.id.to_string());
                applied.new += 1;
            }
            for place in &places {
                self.show(&transaction, place)?;
                applied.kinds.insert(place.kind);
            }
            transaction.execute(
                "UPDATE team SET applied = ?2, last = coalesce(?3, last) WHERE account = ?1",
                params![self.account, applied.up_to, last],
            )?;
            transaction.commit()?;
            Ok(applied)
        })?)
    }

    fn take(&self, connection: &Connection, next: &Numbered, applied: &mut Applied) -> rusqlite::Result<()> {
        let place = next.change.place();
        let own = next.change.desk == self.member.desk;
        connection
            .prepare_cached("DELETE FROM outbox WHERE account = ?1 AND change = ?2")?
            .execute(params![self.account, next.change.id.to_string()])?;
        match settle(self.settled(connection, &place)?.as_ref(), next) {
            Verdict::Known => applied.held += 1,
            // The trail is the log's to keep.
            Verdict::Holds(_) if place.kind == Kind::Audit => applied.held += 1,
            Verdict::Holds(settled) => {
                applied.held += 1;
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO settled (account, kind, thing, body) VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute(params![
                        self.account,
                        place.kind.name(),
                        place.thing.to_string(),
                        written(&settled)?
                    ])?;
                if let (true, What::CardVersion { version, after }) = (own, &next.change.what) {
                    let (number, others) = meanwhile(&settled, version.uuid, *after);
                    if !others.is_empty() {
                        let (card, name) = (version.card.id.clone(), version.card.name.clone());
                        self.tell(connection, &Told::Meanwhile { card, name, number, others })?;
                        applied.told = true;
                    }
                }
            }
            Verdict::Refused(why) if own => {
                self.tell(connection, &Told::Refused { why, change: Box::new(next.change.clone()) })?;
                applied.told = true;
            }
            Verdict::Refused(_) => {}
        }
        Ok(())
    }
}
