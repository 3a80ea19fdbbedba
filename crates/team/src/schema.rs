//! The team's tables, made and brought up to date by the database's owner.
//!
//! Steps are numbered, each is one transaction, and none is ever changed once released. A desk only looks which ones are
//! done: an older program does not touch tables it does not know.

use crate::connection::Connection;
use crate::error::Error;

/// In order.
const STEPS: [&str; 5] = [
    include_str!("schema/0001-floor.sql"),
    include_str!("schema/0002-log.sql"),
    include_str!("schema/0003-rights.sql"),
    include_str!("schema/0004-hours.sql"),
    include_str!("schema/0005-sealed.sql"),
];

/// Those who may do what a role may: every member is in one of them.
const GROUPS: [&str; 3] = ["atalaya_supervisor", "atalaya_analyst", "atalaya_lead"];

/// Steps this program knows.
pub fn known() -> i32 {
    STEPS.len() as i32
}

/// Steps done in the database.
///
/// # Errors
/// [`Error::NoTeam`], [`Error::Away`].
pub async fn done(connection: &Connection) -> Result<i32, Error> {
    let row = Connection::within(
        connection.client.query_one("select coalesce(max(number), 0) from atalaya.step", &[]),
    )
    .await?;
    Ok(row.get(0))
}

/// Whether this program and the database mean the same.
///
/// # Errors
/// [`Error::Version`], and as of [`done`].
pub async fn check(connection: &Connection) -> Result<(), Error> {
    let found = done(connection).await?;
    if found == known() { Ok(()) } else { Err(Error::Version { found, needed: known() }) }
}

/// Makes the tables or brings them up to date, and adds the centre of that canonical address. As the database's owner, who
/// may make roles. The steps that were done: none when everything was there.
///
/// # Errors
/// [`Error::Version`] when a newer program made them; [`Error::Database`] when the owner may not.
pub async fn init(connection: &mut Connection, server: &str) -> Result<Vec<i32>, Error> {
    init_up_to(connection, server, known()).await
}

/// The tables as a program made them that knew so many steps: what a newer one finds.
///
/// # Errors
/// As of [`init`].
pub async fn init_up_to(connection: &mut Connection, server: &str, last: i32) -> Result<Vec<i32>, Error> {
    let transaction = connection.client.transaction().await?;
    // Two owners at once: one after the other.
    transaction.batch_execute("select pg_advisory_xact_lock(hashtext('atalaya schema'))").await?;
    // Roles are the cluster's: another team in it may have made them.
    for group in GROUPS {
        let there =
            transaction.query_opt("select from pg_catalog.pg_roles where rolname = $1", &[&group]).await?;
        if there.is_none() {
            transaction.batch_execute(&format!("create role {group} nologin")).await?;
        }
    }
    let schema =
        transaction.query_opt("select from pg_catalog.pg_namespace where nspname = 'atalaya'", &[]).await?;
    let found: i32 = match schema {
        None => 0,
        Some(_) => {
            transaction.query_one("select coalesce(max(number), 0) from atalaya.step", &[]).await?.get(0)
        }
    };
    if found > known() {
        return Err(Error::Version { found, needed: known() });
    }
    let mut made = Vec::new();
    for (number, step) in (1..).zip(STEPS).filter(|(number, _)| (found + 1..=last).contains(number)) {
        transaction.batch_execute(step).await?;
        transaction.execute("insert into atalaya.step (number) values ($1)", &[&number]).await?;
        made.push(number);
    }
    transaction
        .execute(
            "insert into atalaya.centre (server) values ($1) on conflict (server) do nothing",
            &[&server],
        )
        .await?;
    transaction
        .execute(
            "insert into atalaya.lease (centre) select id from atalaya.centre where server = $1 on conflict do nothing",
            &[&server],
        )
        .await?;
    transaction
        .execute(
            "insert into atalaya.log_head (centre) select id from atalaya.centre where server = $1 on conflict do nothing",
            &[&server],
        )
        .await?;
    transaction.commit().await?;
    Ok(made)
}
