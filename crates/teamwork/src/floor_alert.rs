//! Who sees to an alert of the floor. Every desk raises its own: they are told apart by what they are about and when they began.

use atalaya_review::copies::SeenCopy;
use atalaya_store::identity::derived;

use crate::change::{Kind, Place, What};
use crate::error::Error;
use crate::rules::State;
use crate::team::Teamwork;

/// What was said last of the alerts about one thing; moments are epoch milliseconds by the log's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertWord {
    /// Since when the alert is that was meant.
    pub since_ms: i64,
    /// It needed a hand, now.
    pub bad: bool,
    /// Who sees to it; `None`: nobody after all.
    pub seen: Option<SeenCopy>,
}

impl Teamwork {
    /// What was said last of alerts about this; `None`: nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn floor_alert(&self, about: &str) -> Result<Option<AlertWord>, Error> {
        let place = Place { kind: Kind::FloorAlertSeen, thing: derived("floorAlert", [about]) };
        let so = self.store.with(|connection| self.so(connection, &place))?;
        Ok(so.and_then(|so| match so.state {
            State::Said(said) => match *said {
                What::FloorAlertSeen { since_ms, bad, seen, .. } => Some(AlertWord { since_ms, bad, seen }),
                _ => None,
            },
            State::Card { .. } => None,
        }))
    }

    /// Whoever sits here sees to the alert about this that is since then (epoch milliseconds, by this desk's clock), or does
    /// not after all.
    ///
    /// # Errors
    /// `teamRefused` where somebody else does, as far as is known here; the store's.
    pub fn see_to_floor_alert(&self, about: &str, since_ms: i64, bad: bool, seen: bool) -> Result<(), Error> {
        let ahead_ms = self.log_ahead_ms()?;
        let seen = seen.then(|| SeenCopy {
            by: self.member.who.clone(),
            at_ms: self.store.clock().now_ms().saturating_add(ahead_ms),
        });
        let since_ms = since_ms.saturating_add(ahead_ms);
        self.say(What::FloorAlertSeen { about: about.to_owned(), since_ms, bad, seen })
    }
}
