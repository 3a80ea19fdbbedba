//! Who belongs to a team: a role in the database for each person, so that nobody shares a name.
//!
//! The password is made here and leaves this computer only as a verifier: neither the database's log nor its tables ever
//! have it. Left out on purpose: what each role may do (the schema's grants).

use std::fmt;
use std::str::FromStr;

use atalaya_secret::Secret;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::connection::Connection;
use crate::error::Error;

/// What a member is in the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Watches the floor.
    Supervisor,
    /// Judges calls.
    Analyst,
    /// Both, and makes the house rules.
    Lead,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Supervisor => "supervisor",
            Self::Analyst => "analyst",
            Self::Lead => "lead",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Supervisor, Self::Analyst, Self::Lead].into_iter().find(|role| role.word() == text).ok_or(())
    }
}

/// One member, as the team sees them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Desks at which they are now.
    pub desks: u32,
}

/// What somebody needs to join: in a file for one person, or typed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// The team's address with the member's name in it.
    pub team: String,
    /// The contact centre's canonical address.
    pub server: String,
    /// The member's password.
    pub password: Secret,
}

impl Invitation {
    /// Whom it invites.
    ///
    /// # Errors
    /// [`Error::Address`].
    pub fn address(&self) -> Result<Address, Error> {
        Address::parse(&self.team)
    }

    /// As it is written into a file, with the password: for the person's eyes alone.
    pub fn to_json(&self) -> String {
        let text = serde_json::json!({
            "team": self.team, "server": self.server, "password": self.password.expose(),
        });
        format!("{text:#}\n")
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Reading`]: it is none.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| Error::Reading { detail: error.to_string() })
    }
}

/// Letters that are not taken for one another when read aloud or copied by hand.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const PASSWORD_LETTERS: usize = 24;

fn new_password() -> Result<Secret, Error> {
    let mut password = String::new();
    let random = |_| Error::Database { detail: "no random numbers on this computer".to_owned() };
    while password.len() < PASSWORD_LETTERS {
        let mut bytes = [0u8; 32];
        rustls::crypto::ring::default_provider().secure_random.fill(&mut bytes).map_err(random)?;
        // Beyond the largest multiple of the letters a byte would favour the first of them.
        let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / LETTERS.len() * LETTERS.len());
        password.extend(
            fair.map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
                .take(PASSWORD_LETTERS - password.len()),
        );
    }
    Ok(Secret::new(password))
}

/// A name that is written the same everywhere: in addresses, in the database, on the screen.
pub(crate) fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_lowercase())
        && letters.all(|letter| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_')
        })
        && name.len() <= 40
        && !name.starts_with("pg_")
        && !name.starts_with("atalaya_")
}

/// Adds a member with a seat in the centre of that canonical address, as the database's owner. One that is there already, or
/// was taken out, gets the seat, the role and a new password.
///
/// # Errors
/// [`Error::Name`], [`Error::Taken`] (also when somebody else is called so in what they judge), [`Error::NoTeam`],
/// [`Error::NoSeat`] when no such centre is in the team.
pub async fn add(
    connection: &mut Connection,
    team: &Address,
    server: &str,
    name: &str,
    role: Role,
) -> Result<Invitation, Error> {
    if !is_name(name) {
        return Err(Error::Name { name: name.to_owned() });
    }
    let password = new_password()?;
    let verifier = postgres_protocol::password::scram_sha_256(password.expose().as_bytes());
    let transaction = connection.client.transaction().await?;
    let centre = transaction.query_opt("select id from atalaya.centre where server = $1", &[&server]).await?;
    let Some(centre) = centre else { return Err(Error::NoSeat { server: server.to_owned() }) };
    let centre: i32 = centre.get(0);
    let member =
        transaction.query_opt("select from atalaya.member where login = $1::text::name", &[&name]).await?;
    let known = transaction.query_opt("select from pg_catalog.pg_roles where rolname = $1", &[&name]).await?;
    // Two would judge under one name.
    let called = transaction
        .query_opt(
            "select from atalaya.member where lower(person) = lower($1) and login <> $1::text::name",
            &[&name],
        )
        .await?;
    if called.is_some() {
        return Err(Error::Taken { name: name.to_owned() });
    }
    match (member, known) {
        (None, Some(_)) => return Err(Error::Taken { name: name.to_owned() }),
        (_, None) => transaction.batch_execute(&format!("create role \"{name}\" login noinherit")).await?,
        (Some(_), Some(_)) => {}
    }
    // The name was checked letter by letter, and a verifier is base64 and dollars.
    transaction.batch_execute(&format!("alter role \"{name}\" login inherit password '{verifier}'")).await?;
    for other in [Role::Supervisor, Role::Analyst, Role::Lead] {
        let word = if other == role { "grant" } else { "revoke" };
        let to = if other == role { "to" } else { "from" };
        transaction.batch_execute(&format!("{word} atalaya_{other} {to} \"{name}\"")).await?;
    }
    transaction
        .execute(
            "insert into atalaya.member (login, role) values ($1::text::name, $2)
             on conflict (login) do update set role = excluded.role, left_at = null",
            &[&name, &role.word()],
        )
        .await?;
    transaction
        .execute(
            "insert into atalaya.seat (login, centre) values ($1::text::name, $2) on conflict do nothing",
            &[&name, &centre],
        )
        .await?;
    transaction.commit().await?;
    Ok(Invitation { team: team.of(name)?.to_string(), server: server.to_owned(), password })
}

/// The centres of the team, by canonical address: those whoever asks has a seat in, or all for the owner.
///
/// # Errors
/// [`Error::NoTeam`], [`Error::Away`].
pub async fn centres(connection: &Connection) -> Result<Vec<String>, Error> {
    let rows =
        Connection::within(connection.client.query("select server from atalaya.centre order by id", &[]))
            .await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The members with a seat in the centre, by name.
///
/// # Errors
/// [`Error::NoTeam`], [`Error::Away`].
pub async fn list(connection: &Connection, server: &str) -> Result<Vec<Member>, Error> {
    let rows = Connection::within(connection.client.query(
        "select member.login::text, member.role,
                (select count(*)::integer from atalaya.desk
                 where desk.login = member.login and desk.centre = centre.id
                     and desk.seen_at > clock_timestamp() - interval '30 seconds')
         from atalaya.centre join atalaya.seat on seat.centre = centre.id join atalaya.member using (login)
         where centre.server = $1 order by member.login::text",
        &[&server],
    ))
    .await?;
    let read = |row: &tokio_postgres::Row| {
        let role = row.get::<_, &str>(1).parse().unwrap_or(Role::Supervisor);
        let desks: i32 = row.get(2);
        Member { name: row.get(0), role, desks: u32::try_from(desks).unwrap_or(0) }
    };
    Ok(rows.iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_the_same_everywhere() {
        for good in ["ana", "ana.p", "t-1", "x"] {
            assert!(is_name(good), "{good}");
        }
        for bad in
            ["", "Ana", "ana p", "1a", "ana\"; drop", "pg_ana", "atalaya_lead", "añil", &"a".repeat(41)]
        {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_readable_and_another_each_time() {
        let (one, other) = (new_password().expect("random"), new_password().expect("random"));
        assert_eq!(one.expose().len(), PASSWORD_LETTERS);
        assert!(one.expose().bytes().all(|letter| LETTERS.contains(&letter)));
        assert_ne!(one.expose(), other.expose());
        assert!(!format!("{one:?}").contains(one.expose()));
    }
}
