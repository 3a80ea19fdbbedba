//! A member who is taken out: no way in, no seat, nothing held; everything they said stays.
//!
//! Their role in the database stays too, without login: the name is nobody else's meanwhile, and they may be added again.
//! Claims lapse by themselves: nobody confirms them any more. Left out on purpose: asking first (the command's).

use crate::connection::Connection;
use crate::error::Error;
use crate::members::{Role, is_name};

/// What became of somebody who was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// They asked the server: another desk does from now on.
    pub asked: bool,
    /// Connections of theirs that were ended; `None`: whoever owns the database may not end them. They see nothing and can say
    /// nothing over one that is open.
    pub ended: Option<i64>,
}

/// What somebody is in the team; `None`: nobody of that name is.
///
/// # Errors
/// [`Error::NoTeam`], [`Error::Away`].
pub async fn role_of(connection: &Connection, name: &str) -> Result<Option<Role>, Error> {
    let row =
        Connection::within(connection.client.query_opt(
            "select role from atalaya.member where login::text = $1 and left_at is null",
            &[&name],
        ))
        .await?;
    Ok(row.and_then(|row| row.get::<_, &str>(0).parse().ok()))
}

/// Takes a member out of every centre of the team, as the database's owner.
///
/// # Errors
/// [`Error::NoMember`]; [`Error::Undecided`] when the database was lost while it was to become so: it may be done. After
/// every other error nothing was changed.
pub async fn remove(connection: &mut Connection, name: &str) -> Result<Removed, Error> {
    // Only who is a member: no other role of the cluster is touched, whatever it is called.
    if !is_name(name) || role_of(connection, name).await?.is_none() {
        return Err(Error::NoMember { name: name.to_owned() });
    }
    let transaction = Connection::within(connection.client.transaction()).await?;
    let held = transaction
        .query(
            "update atalaya.lease set until = clock_timestamp()
             where login::text = $1 and until > clock_timestamp() returning centre",
            &[&name],
        )
        .await?;
    for row in &held {
        let centre: i32 = row.get(0);
        transaction
            .execute("select pg_notify('atalaya_' || $1::text, 'free')", &[&centre.to_string()])
            .await?;
    }
    for sql in [
        "delete from atalaya.desk where login::text = $1",
        "delete from atalaya.seat where login::text = $1",
        "update atalaya.member set left_at = clock_timestamp() where login::text = $1",
    ] {
        transaction.execute(sql, &[&name]).await?;
    }
    let there =
        transaction.query_opt("select from pg_catalog.pg_roles where rolname::text = $1", &[&name]).await?;
    if there.is_some() {
        // A member's name was checked letter by letter when they were added.
        transaction
            .batch_execute(&format!(
                "revoke atalaya_supervisor, atalaya_analyst, atalaya_lead from \"{name}\";
                 alter role \"{name}\" nologin password null"
            ))
            .await?;
    }
    match Connection::within(transaction.commit()).await {
        Ok(()) => {}
        Err(Error::Away { detail }) => return Err(Error::Undecided { detail }),
        Err(error) => return Err(error),
    }
    let ended = if there.is_some() { end_connections(connection, name).await.ok() } else { Some(0) };
    Ok(Removed { asked: !held.is_empty(), ended })
}

/// Ends the connections of a role. Whoever owns the database and is no superuser may end those of roles they belong to: they
/// do for a moment.
async fn end_connections(connection: &mut Connection, name: &str) -> Result<i64, Error> {
    let transaction = Connection::within(connection.client.transaction()).await?;
    let superuser: bool = transaction
        .query_one("select rolsuper from pg_catalog.pg_roles where rolname = current_user", &[])
        .await?
        .get(0);
    if !superuser {
        transaction.batch_execute(&format!("grant \"{name}\" to current_user")).await?;
    }
    let ended: i64 = transaction
        .query_one(
            "select count(*) filter (where pg_terminate_backend(pid)) from pg_catalog.pg_stat_activity
             where usename::text = $1",
            &[&name],
        )
        .await?
        .get(0);
    if !superuser {
        transaction.batch_execute(&format!("revoke \"{name}\" from current_user")).await?;
    }
    Connection::within(transaction.commit()).await?;
    Ok(ended)
}
