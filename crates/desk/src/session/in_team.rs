//! The floor of a session in its team: joining, leaving, and how this desk stands.
//!
//! Left out on purpose: where the team is kept and who may join (the desk's), and everything the database does (`team`).

use std::sync::{Arc, Mutex};

use atalaya_floor::{Floor, Relay};
use atalaya_team::wire::TeamState;
use atalaya_team::{Joining, Link};
use atalaya_teamlog::wire::SharedState;
use atalaya_teamlog::{Courier, Errand};
use tokio::sync::watch;

use super::ground::Ground;
use crate::locked::locked;

/// A session's place in its team.
pub struct InTeam {
    ground: Ground,
    relay: Relay,
    link: Mutex<Option<Arc<Link>>>,
    courier: Mutex<Option<Courier>>,
}

impl InTeam {
    pub(super) fn new(ground: Ground, floor: &Floor) -> Self {
        Self { ground, relay: floor.relay(), link: Mutex::default(), courier: Mutex::default() }
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
        if locked(&self.link).is_none() {
            self.relay.set_duty(atalaya_floor::Duty::Ask);
        }
    }

    /// Joins, and tells how this desk stands whenever that changes.
    pub(crate) async fn join(&self, joining: Joining, tell: impl Fn(TeamState) + Send + 'static) {
        self.unlink().await;
        if self.ground.tasks.ending() {
            return;
        }
        let link = Link::join(joining, self.relay.clone(), self.ground.client.clock().clone());
        let mut states: watch::Receiver<TeamState> = link.state();
        *locked(&self.link) = Some(Arc::new(link));
        self.ground.tasks.spawn(async move {
            loop {
                tell(states.borrow_and_update().clone());
                if states.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Carries shared work, and tells how far this desk's copy is whenever that changes.
    pub(crate) fn carry(&self, errand: Errand, tell: impl Fn(SharedState) + Send + 'static) {
        if self.ground.tasks.ending() {
            return;
        }
        let courier = Courier::begin(errand, self.ground.client.clock().clone());
        let mut states = courier.state();
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

    /// Something was changed here: it is carried at once.
    pub(crate) fn wake(&self) {
        if let Some(courier) = &*locked(&self.courier) {
            courier.wake();
        }
    }

    /// Leaves; whoever is in none leaves nothing.
    pub(crate) async fn leave(&self) {
        locked(&self.courier).take();
        self.unlink().await;
    }

    async fn unlink(&self) {
        let link = locked(&self.link).take();
        if let Some(link) = link {
            link.leave().await;
        }
    }
}
