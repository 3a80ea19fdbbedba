//! A team in a private PostgreSQL, and desks in it.

use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_secret::Secret;
use atalaya_team::{Address, Connection, Invitation, Role, Seat, add, init};
use uuid::Uuid;

/// The database of the team.
pub const DATABASE: &str = "equipo";
/// The centre it watches.
pub const SERVER: &str = "https://centro.example/Integra/resources/";

/// A team of nobody.
pub async fn team(postgres: &Postgres) -> Connection {
    postgres.sql("postgres", &format!("create database {DATABASE}"));
    let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
    let mut owner =
        Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("the owner is let in");
    init(&mut owner, SERVER).await.expect("the owner makes the tables");
    owner
}

/// A new member.
pub async fn member(postgres: &Postgres, owner: &mut Connection, name: &str, role: Role) -> Invitation {
    let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
    add(owner, &address, SERVER, name, role).await.expect("a member")
}

/// A desk of the centre.
pub fn seat(machine: &str) -> Seat {
    Seat { server: SERVER.to_owned(), desk: Uuid::new_v4(), machine: machine.to_owned() }
}
