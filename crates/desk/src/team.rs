//! The team this computer's desk belongs to, as far as it is kept here: its address, which is shown, and the password, which
//! lies with the others in the system's secret store.
//!
//! Left out on purpose: the database (`team`), and the session whose floor it is about.

use std::sync::Arc;

use atalaya_floor::{PollOptions, Wished};
use atalaya_secret::Secret;
use atalaya_store::Store;
use atalaya_store::secrets::{SecretStore, SecretStoreKind};
use atalaya_team::wire::TeamState;
use atalaya_team::{Address, Connection, Joining, Me, Says, Seat};
use atalaya_teamlog::wire::SharedState;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use ts_rs::TS;
use uuid::Uuid;

use crate::house::HouseTold;
use crate::problem::{Problem, from_store, problem};
use crate::secrets::of_secrets;

const KEY: &str = "team";
const DESK_KEY: &str = "desk";

/// What is kept: nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The database's address, with the member's name.
    address: String,
    /// The centre it was joined for.
    server: String,
    /// What the member is called in what they judge.
    person: String,
    /// They are a lead.
    lead: bool,
}

/// How somebody joins a team: an address with a password, or an invitation.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamJoin {
    /// `postgres://NAME@HOST/DATABASE`.
    pub address: String,
    /// The member's password.
    #[ts(type = "string")]
    pub password: Secret,
}

/// A member of the team, as the window sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamMember {
    /// Name.
    pub name: String,
    /// `supervisor`, `analyst`, `lead`.
    pub role: String,
    /// Desks at which they are now.
    pub desks: u32,
}

/// The team of this desk, and how it stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamTold {
    /// The database's address; `None`: this desk is in no team.
    pub address: Option<String>,
    /// Host and database, for people.
    pub label: String,
    /// The member's name.
    pub person: String,
    /// The password lasts beyond this run of the program.
    pub kept: bool,
    /// How the session's floor stands; `None`: nobody is signed in, or not to a centre of the team.
    pub state: Option<TeamState>,
    /// How far this desk's copy of the shared work is; `None` as `state`.
    pub shared: Option<SharedState>,
    /// What of the settings is the team's; `None` as `state`.
    pub house: Option<HouseTold>,
    /// Why it was not joined.
    pub problem: Option<Problem>,
}

/// The team of this desk, as it is kept: whether an account's work is shared is asked elsewhere ([`atalaya_teamwork::Membership`]).
pub(crate) struct KeptTeam {
    store: Store,
    secrets: Arc<dyn SecretStore>,
    told: watch::Sender<TeamTold>,
}

impl KeptTeam {
    pub(crate) fn open(store: &Store, secrets: &Arc<dyn SecretStore>) -> Self {
        let kept = Self {
            store: store.clone(),
            secrets: Arc::clone(secrets),
            told: watch::Sender::new(TeamTold::default()),
        };
        kept.tell_kept();
        kept
    }

    pub(crate) fn told(&self) -> watch::Receiver<TeamTold> {
        self.told.subscribe()
    }

    /// Tells how the floor of the session stands; nothing of a team that was left.
    pub(crate) fn tell_state(told: &watch::Sender<TeamTold>, state: TeamState) {
        told.send_if_modified(|told| {
            let state = Some(state).filter(|_| told.address.is_some());
            let changed = told.state != state;
            told.state = state;
            changed
        });
    }

    /// Tells how far the copy is.
    pub(crate) fn tell_shared(told: &watch::Sender<TeamTold>, shared: SharedState) {
        told.send_if_modified(|told| {
            // Of a team that was left there is nothing to tell.
            let changed = told.address.is_some() && told.shared.as_ref() != Some(&shared);
            if changed {
                told.shared = Some(shared);
            }
            changed
        });
    }

    /// Tells what of the settings is the team's.
    pub(crate) fn tell_house(&self, house: HouseTold) {
        self.told.send_if_modified(|told| {
            let changed = told.address.is_some() && told.house.as_ref() != Some(&house);
            if changed {
                told.house = Some(house);
            }
            changed
        });
    }

    pub(crate) fn teller(&self) -> watch::Sender<TeamTold> {
        self.told.clone()
    }

    /// Tells why it was not joined.
    pub(crate) fn tell_problem(&self, problem: Option<Problem>) {
        self.told.send_modify(|told| {
            (told.problem, told.state, told.shared, told.house) = (problem, None, None, None);
        });
    }

    /// Tells what is kept: it may have become another.
    pub(crate) fn tell_kept(&self) {
        let kept = self.kept();
        let address = kept.as_ref().and_then(|kept| Address::parse(&kept.address).ok());
        let lasts = self.secrets.kind() == SecretStoreKind::Os;
        self.told.send_modify(|told| {
            *told = TeamTold {
                address: address.as_ref().map(ToString::to_string),
                label: address.as_ref().map(Address::label).unwrap_or_default(),
                person: address.as_ref().map(|address| address.user().to_owned()).unwrap_or_default(),
                kept: lasts && address.is_some(),
                state: None,
                shared: None,
                house: None,
                problem: None,
            };
        });
    }

    /// What is kept; one that cannot be read is none, and is said in the log.
    fn kept(&self) -> Option<Kept> {
        let kept = self.store.setting::<Option<Kept>>(KEY);
        kept.inspect_err(|error| tracing::warn!(%error, "the team could not be read")).ok()??
    }

    /// Whether the desk is in a team that watches this centre.
    pub(crate) fn watches(&self, server: &str) -> bool {
        self.kept().is_some_and(|kept| kept.server == server)
    }

    /// What a session of that centre joins; `None`: this desk is in no team of it.
    ///
    /// # Errors
    /// `teamPasswordNeeded`; the secret store's; `teamAddress`.
    pub(crate) async fn joining(&self, server: &str) -> Result<Option<(Joining, Me)>, Problem> {
        let Some(kept) = self.kept().filter(|kept| kept.server == server) else { return Ok(None) };
        let address = Address::parse(&kept.address).map_err(|error| error.problem())?;
        let key = address.secret_key();
        let password = of_secrets(&self.secrets, move |secrets| secrets.get(&key)).await?;
        let Some(password) = password else { return Err(problem("teamPasswordNeeded", [], false)) };
        let me = Me { person: kept.person, lead: kept.lead };
        Ok(Some((Joining { address, password, seat: self.seat(server)? }, me)))
    }

    fn seat(&self, server: &str) -> Result<Seat, Problem> {
        let kept: Option<Uuid> = self.store.setting(DESK_KEY).map_err(|error| from_store(&error))?;
        match kept {
            Some(desk) => Ok(Seat { server: server.to_owned(), desk, machine: atalaya_team::machine() }),
            None => self.new_seat(server),
        }
    }

    /// Of a desk that nobody is yet.
    fn new_seat(&self, server: &str) -> Result<Seat, Problem> {
        let desk = atalaya_team::new_desk();
        self.store.set_setting(DESK_KEY, &desk).map_err(|error| from_store(&error))?;
        Ok(Seat { server: server.to_owned(), desk, machine: atalaya_team::machine() })
    }

    /// Tries a membership, and keeps it when it is good for that centre. What the member is called in the team.
    ///
    /// # Errors
    /// The team's: nothing is kept.
    pub(crate) async fn keep(&self, join: TeamJoin, server: &str, called: &str) -> Result<String, Problem> {
        let address = Address::parse(&join.address).map_err(|error| error.problem())?;
        let me = match self.tried(&address, &join.password, &self.seat(server)?, called).await {
            // A copy of somebody else's data folder: this is another desk.
            Err(atalaya_team::Error::Desk) => {
                self.tried(&address, &join.password, &self.new_seat(server)?, called).await
            }
            tried => tried,
        }
        .map_err(|error| error.problem())?;
        let (key, password) = (address.secret_key(), join.password.clone());
        of_secrets(&self.secrets, move |secrets| secrets.set(&key, &password)).await?;
        let person = me.person.clone();
        let kept = Kept {
            address: address.to_string(),
            server: server.to_owned(),
            person: me.person,
            lead: me.lead,
        };
        self.store.set_setting(KEY, &kept).map_err(|error| from_store(&error))?;
        self.tell_kept();
        Ok(person)
    }

    /// Tries a membership: who this member is. Who is called nothing in the team yet is called as at this desk, unless somebody
    /// else is.
    async fn tried(
        &self,
        address: &Address,
        password: &Secret,
        seat: &Seat,
        called: &str,
    ) -> Result<Me, atalaya_team::Error> {
        let connection = Connection::open(address, password).await?;
        atalaya_team::check(&connection).await?;
        let (every, clock) = (PollOptions::default().every, self.store.clock());
        atalaya_team::beat(&connection, seat, &Wished::default(), Says::Looks, every, clock).await?;
        if !called.trim().is_empty() {
            match atalaya_team::call_me(&connection, &seat.server, called).await {
                Ok(_) | Err(atalaya_team::Error::Person) => {}
                Err(error) => return Err(error),
            }
        }
        atalaya_team::me(&connection, &seat.server).await
    }

    /// Forgets the team and its password.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn forget(&self) -> Result<(), Problem> {
        if let Some(address) = self.kept().and_then(|kept| Address::parse(&kept.address).ok()) {
            let key = address.secret_key();
            of_secrets(&self.secrets, move |secrets| secrets.remove(&key)).await?;
        }
        self.store.set_setting(KEY, &None::<Kept>).map_err(|error| from_store(&error))?;
        self.tell_kept();
        Ok(())
    }

    /// Who belongs to the team.
    ///
    /// # Errors
    /// The team's.
    pub(crate) async fn members(&self, server: &str) -> Result<Vec<TeamMember>, Problem> {
        let Some((joining, _)) = self.joining(server).await? else {
            return Err(problem("teamNone", [], false));
        };
        let asked = async {
            let connection = Connection::open(&joining.address, &joining.password).await?;
            atalaya_team::list(&connection, server).await
        };
        let members = asked.await.map_err(|error: atalaya_team::Error| error.problem())?;
        let told = members.into_iter().map(|of| TeamMember {
            name: of.name,
            role: of.role.to_string(),
            desks: of.desks,
        });
        Ok(told.collect())
    }
}
