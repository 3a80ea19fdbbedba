//! The floor of a session in its team: joining, leaving, and how this desk stands.
//!
//! Left out on purpose: where the team is kept and who may join (the desk's), and everything the database does (`team`).

use std::collections::BTreeSet;
use std::sync::Mutex;

use atalaya_floor::{Floor, Relay};
use atalaya_team::wire::TeamState;
use atalaya_team::{Joining, Link};
use atalaya_teamlog::wire::SharedState;
use atalaya_teamlog::{Courier, Errand};
use atalaya_teampast::Hours;
use atalaya_teamwork::Kind;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{oneshot, watch};

use super::ground::Ground;
use crate::locked::locked;
use crate::problem::problem;

/// A session's place in its team.
pub struct InTeam {
    ground: Ground,
    relay: Relay,
    place: Mutex<Option<Place>>,
    courier: Mutex<Option<Courier>>,
    hours: Mutex<Option<Hours>>,
    /// Joining and leaving, one after the other.
    one_at_a_time: tokio::sync::Mutex<()>,
}

/// A link, and the end of what is told of it.
struct Place {
    link: Link,
    told: oneshot::Receiver<()>,
}

impl InTeam {
    pub(super) fn new(ground: Ground, floor: &Floor) -> Self {
        Self {
            ground,
            relay: floor.relay(),
            place: Mutex::default(),
            courier: Mutex::default(),
            hours: Mutex::default(),
            one_at_a_time: tokio::sync::Mutex::default(),
        }
    }

    /// The canonical address of the centre.
    pub(crate) fn server(&self) -> String {
        self.ground.client.server().base.to_string()
    }

    /// What is read waits for the team: it is about to be joined.
    pub(crate) fn hold(&self) {
        self.relay.set_duty(atalaya_floor::Duty::Follow);
    }

    /// It is not joined after all: the floor asks for itself.
    pub(crate) fn let_go(&self) {
        if locked(&self.place).is_none() {
            self.relay.set_duty(atalaya_floor::Duty::Ask);
        }
    }

    /// Joins, and tells how this desk stands whenever that changes.
    pub(crate) async fn join(&self, joining: Joining, tell: impl Fn(TeamState) + Send + 'static) {
        let _one_at_a_time = self.one_at_a_time.lock().await;
        self.let_link_go().await;
        if self.ground.tasks.ending() {
            return;
        }
        let link = Link::join(joining, self.relay.clone(), self.ground.client.clock().clone());
        let mut states: watch::Receiver<TeamState> = link.state();
        let (telling, told) = oneshot::channel::<()>();
        *locked(&self.place) = Some(Place { link, told });
        self.ground.tasks.spawn(async move {
            let _telling = telling;
            loop {
                tell(states.borrow_and_update().clone());
                if states.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Carries shared work, and tells how far this desk's copy is whenever that changes.
    /// What became another is told by its kinds; `None`: anything may have.
    pub(crate) fn carry(
        &self,
        errand: Errand,
        tell: impl Fn(SharedState) + Send + 'static,
        heard: impl Fn(Option<BTreeSet<Kind>>) + Send + 'static,
    ) {
        if self.ground.tasks.ending() {
            return;
        }
        let courier = Courier::begin(errand, self.ground.client.clock().clone());
        let (mut states, mut news) = (courier.state(), courier.news());
        self.ground.tasks.spawn(async move {
            heard(None);
            loop {
                match news.recv().await {
                    Ok(news) => heard(Some(news.kinds)),
                    Err(RecvError::Lagged(_)) => heard(None),
                    Err(RecvError::Closed) => return,
                }
            }
        });
        *locked(&self.courier) = Some(courier);
        self.ground.tasks.spawn(async move {
            loop {
                tell(states.borrow_and_update().clone());
                if states.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Has hours of the past that nobody watched here come from those who did, and offers others those that were. One that is
    /// not whole is kept for Diagnostics.
    pub(crate) fn hand_on_past(&self, errand: atalaya_teampast::Errand) {
        let standing = locked(&self.place).as_ref().map(|place| place.link.state());
        let Some(standing) = standing.filter(|_| !self.ground.tasks.ending()) else { return };
        let hours = Hours::begin(errand, standing, self.ground.client.clock().clone());
        let (mut states, ground) = (hours.state(), self.ground.clone());
        self.ground.tasks.spawn(async move {
            let mut told = None;
            while states.changed().await.is_ok() {
                let refused = states.borrow_and_update().refused.clone();
                if let Some(of) = refused.clone().filter(|_| refused != told) {
                    ground.noted(problem("teamHour", [("by", of.by), ("detail", of.why)], false));
                }
                told = refused;
            }
        });
        *locked(&self.hours) = Some(hours);
    }

    /// Something was changed here: it is carried at once.
    pub(crate) fn wake(&self) {
        if let Some(courier) = &*locked(&self.courier) {
            courier.wake();
        }
    }

    /// Leaves; whoever is in none leaves nothing. Nothing is told of it any more.
    pub(crate) async fn leave(&self) {
        let _one_at_a_time = self.one_at_a_time.lock().await;
        drop(locked(&self.hours).take());
        let courier = locked(&self.courier).take();
        if let Some(courier) = courier {
            courier.end().await;
        }
        self.let_link_go().await;
    }

    async fn let_link_go(&self) {
        let place = locked(&self.place).take();
        if let Some(Place { link, told }) = place {
            link.leave().await;
            drop(link);
            // It ends without a word.
            let _ = told.await;
        }
    }
}
