//! Connections of one's own into a team's database.

use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_secret::Secret;
use atalaya_team::{Address, Connection, Invitation};

use crate::common::DATABASE;

/// A connection as the database's owner.
pub async fn owner(postgres: &Postgres) -> Connection {
    let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
    Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("the owner is let in")
}

/// A connection as a member.
pub async fn connected(invitation: &Invitation) -> Connection {
    Connection::open(&invitation.address().expect("an address"), &invitation.password).await.expect("let in")
}
