//! The lease and readings in a real PostgreSQL: the row does what its model does, and a stale epoch's readings are refused
//! by the database.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "common/team.rs"]
mod common;
#[path = "common/inside.rs"]
mod inside;

use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{Reading, Wished};
use atalaya_postgres::Postgres;
use atalaya_team::{
    Connection, Error, Invitation, LeaseRow, Role, Says, Seat, after, beat, give, init, list, publish,
};
use common::{DATABASE, SERVER, member, seat, team};
use inside::{connected, owner};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const EVERY: Duration = Duration::from_secs(3);

fn reading(code: &str) -> Reading {
    Reading::Unread { campaign: "Ventas->".to_owned(), code: code.to_owned(), at_ms: 1_000 }
}

async fn says(connection: &Connection, seat: &Seat, says: Says) -> atalaya_team::Standing {
    beat(connection, seat, &Wished::default(), says, EVERY, &Clock::system()).await.expect("an answer")
}

#[tokio::test]
async fn whoever_holds_the_lease_publishes_and_nobody_else() {
    let postgres = Postgres::begin();
    let mut owner = team(&postgres).await;
    let ana = member(&postgres, &mut owner, "ana", Role::Supervisor).await;
    let rui = member(&postgres, &mut owner, "rui", Role::Lead).await;
    let (ana_says, rui_says) = (connected(&ana).await, connected(&rui).await);
    let (here, there) = (seat("puesto 1"), seat("puesto 2"));

    let first = says(&ana_says, &here, Says::Wants).await;
    assert!(first.answered.mine && first.answered.left > Duration::from_secs(4));
    let second = says(&rui_says, &there, Says::Wants).await;
    assert!(!second.answered.mine, "one of them");
    let holder = second.holder.expect("somebody holds it");
    assert_eq!(
        (holder.person.as_str(), holder.machine.as_str(), holder.desk),
        ("ana", "puesto 1", here.desk)
    );
    assert_eq!(second.answered.desks, 2);

    let epoch = first.answered.epoch;
    let seq = publish(&ana_says, SERVER, here.desk, epoch, 40, &reading("a")).await.expect("it is theirs");
    let refused = publish(&rui_says, SERVER, there.desk, epoch, 0, &reading("b")).await;
    assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    // Not under somebody else's desk either.
    let refused = publish(&rui_says, SERVER, here.desk, epoch, 0, &reading("b")).await;
    assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    let told = after(&rui_says, SERVER, 0).await.expect("readings");
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].seq, told[0].epoch, told[0].ahead_ms), (seq, epoch, 40));
    assert_eq!(told[0].reading.as_ref().expect("ours"), &reading("a"));

    // It is given away, somebody else takes it, and what the first still says is refused.
    assert!(give(&ana_says, &here, epoch).await.expect("an answer"));
    assert!(!give(&ana_says, &here, epoch).await.expect("an answer"), "once");
    let taken = says(&rui_says, &there, Says::Wants).await;
    assert!(taken.answered.mine && taken.answered.epoch > epoch);
    let refused = publish(&ana_says, SERVER, here.desk, epoch, 0, &reading("late")).await;
    assert!(matches!(refused, Err(Error::Stale)), "{refused:?}");
    let next =
        publish(&rui_says, SERVER, there.desk, taken.answered.epoch, 0, &reading("c")).await.expect("theirs");
    assert!(next > seq, "numbers go on across epochs");
    assert_eq!(after(&ana_says, SERVER, seq).await.expect("readings").len(), 1);

    // Making the tables again changes nothing.
    assert!(init(&mut owner, SERVER).await.expect("again").is_empty());
    let members = list(&rui_says, SERVER).await.expect("members");
    let names: Vec<_> =
        members.iter().map(|member| (member.name.as_str(), member.role, member.desks)).collect();
    assert_eq!(names, [("ana", Role::Supervisor, 1), ("rui", Role::Lead, 1)]);
}

/// The same questions to the row in the database and to its model. Time passes by moving the row's own moments back.
#[test]
fn the_row_in_the_database_does_what_its_model_does() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let postgres = Postgres::begin();
    let (members, seats): (Vec<(Invitation, Connection)>, Vec<Seat>) = runtime.block_on(async {
        let mut owner = team(&postgres).await;
        let mut all = Vec::new();
        for name in ["ana", "rui"] {
            let invitation = member(&postgres, &mut owner, name, Role::Supervisor).await;
            let connection = connected(&invitation).await;
            all.push((invitation, connection));
        }
        (all, vec![seat("1"), seat("2")])
    });
    let admin = runtime.block_on(owner(&postgres));
    let steps = prop::collection::vec((0u32..2, 0u8..5, 0u64..4), 1..20);
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&steps, |steps| {
            runtime.block_on(async {
                let reset = "update atalaya.lease set epoch = 0, desk = null, until = null, seq = 0; delete from atalaya.reading";
                admin.simple(reset).await.expect("the owner may");
                let (mut row, mut now) = (LeaseRow::default(), Duration::from_secs(1_000_000));
                let mut held: [Option<i64>; 2] = [None, None];
                for (desk, what, passes) in steps {
                    // Whole steps, far from the lease's own length: what a question takes here decides nothing.
                    let by = Duration::from_secs(passes * 2);
                    now += by;
                    admin
                        .simple(&format!("update atalaya.lease set until = until - interval '{} s'", by.as_secs()))
                        .await
                        .expect("the owner may");
                    let (connection, seat) = (&members[desk as usize].1, &seats[desk as usize]);
                    let epoch = held[desk as usize].unwrap_or(0);
                    match what {
                        0..=2 => {
                            let saying = match (what, held[desk as usize]) {
                                (0, Some(epoch)) => Says::Renews(epoch),
                                (1, _) => Says::Wants,
                                _ => Says::Looks,
                            };
                            let said = says(connection, seat, saying).await.answered;
                            let epoch = if let Says::Renews(epoch) = saying { Some(epoch) } else { None };
                            let told = row.beat(desk, epoch, saying == Says::Wants, EVERY, now);
                            prop_assert_eq!((said.mine, said.epoch), (told.mine, told.epoch));
                            let off = said.left.abs_diff(told.left);
                            prop_assert!(off < Duration::from_millis(900), "{:?} {:?}", said.left, told.left);
                            if said.mine {
                                held[desk as usize] = Some(said.epoch);
                            }
                        }
                        3 => {
                            let said = publish(connection, SERVER, seat.desk, epoch, 0, &reading("x")).await;
                            prop_assert_eq!(said.ok(), row.publish(desk, epoch, now));
                        }
                        _ => {
                            let said = give(connection, seat, epoch).await.expect("an answer");
                            prop_assert_eq!(said, row.give(desk, epoch, now));
                        }
                    }
                }
                Ok(())
            })
        })
        .expect("both do the same");
    assert!(postgres.sql(DATABASE, "select count(*) from atalaya.member") == "2");
}

#[tokio::test]
async fn a_role_does_what_it_may_and_no_secret_is_anywhere() {
    let postgres = Postgres::with(&["log_statement=all", "log_min_messages=info"]);
    let mut owner = team(&postgres).await;
    let ana = member(&postgres, &mut owner, "ana", Role::Supervisor).await;
    let eva = member(&postgres, &mut owner, "eva", Role::Analyst).await;
    let rui = member(&postgres, &mut owner, "rui", Role::Lead).await;
    // Another centre in the same database, with somebody of its own.
    const OTHER: &str = "https://otro.example/Integra/resources/";
    init(&mut owner, OTHER).await.expect("another centre");
    let address =
        atalaya_team::Address::parse(&postgres.url(atalaya_postgres::OWNER, DATABASE)).expect("an address");
    let leo = atalaya_team::add(&mut owner, &address, OTHER, "leo", Role::Lead).await.expect("a member");
    let here = seat("puesto 1");
    let ana_says = connected(&ana).await;
    let held = says(&ana_says, &here, Says::Wants).await.answered;
    publish(&ana_says, SERVER, here.desk, held.epoch, 0, &reading("a")).await.expect("theirs");

    let desk = here.desk;
    let epoch = held.epoch;
    // Every way that is not one: each is refused to each of them, in their own psql.
    let forbidden = [
        "insert into atalaya.member (login, role) values ('x', 'lead')".to_owned(),
        "update atalaya.member set role = 'lead'".to_owned(),
        "delete from atalaya.seat".to_owned(),
        "insert into atalaya.seat (login, centre) values (session_user, 2)".to_owned(),
        "update atalaya.lease set epoch = 0".to_owned(),
        "delete from atalaya.lease".to_owned(),
        "update atalaya.reading set body = ''".to_owned(),
        "delete from atalaya.reading".to_owned(),
        "truncate atalaya.reading".to_owned(),
        "update atalaya.desk set machine = 'x'".to_owned(),
        "delete from atalaya.desk".to_owned(),
        "insert into atalaya.step (number) values (99)".to_owned(),
        "create table atalaya.mine (x int)".to_owned(),
        "create table public.mine (x int)".to_owned(),
        "create role x".to_owned(),
        "set role atalaya_lead; set session authorization ana".to_owned(),
        "select rolpassword from pg_authid".to_owned(),
        "drop function atalaya.now_ms()".to_owned(),
    ];
    let people = [(&ana, "ana"), (&eva, "eva"), (&rui, "rui"), (&leo, "leo")];
    for (person, name) in people {
        for sql in &forbidden {
            let output = postgres.try_sql(name, person.password.expose(), DATABASE, sql);
            assert!(!output.status.success(), "{name} may: {sql}");
        }
    }
    // Who is of the centre, and not the holder: they read, and write nothing under another's desk.
    for (person, name) in [(&eva, "eva"), (&rui, "rui")] {
        let try_it = |sql: &str| postgres.try_sql(name, person.password.expose(), DATABASE, sql);
        let read = try_it("select count(*) from atalaya.reading");
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), "1", "{name}");
        for sql in [
            format!("select atalaya.publish('{SERVER}', '{desk}', {epoch}, '', 0, '', null)"),
            format!("select atalaya.beat('{SERVER}', '{desk}', 'x', '{{}}', true, 3000, null, false, 5000)"),
        ] {
            assert!(!try_it(&sql).status.success(), "{name} may: {sql}");
        }
        let given = try_it(&format!("select atalaya.give_lease('{SERVER}', '{desk}', {epoch})"));
        assert_eq!(String::from_utf8_lossy(&given.stdout).trim(), "f", "{name} gave away what is another's");
        try_it(&format!("select atalaya.leave('{SERVER}', '{desk}')"));
    }
    assert_eq!(postgres.sql(DATABASE, "select count(*) from atalaya.desk"), "1");
    // Who is of another centre sees nothing of this one.
    let other = |sql: &str| postgres.try_sql("leo", leo.password.expose(), DATABASE, sql);
    for table in [
        "reading",
        "desk",
        "lease where centre = 1",
        "centre where server like '%centro%'",
        "member where login = 'ana'",
        "seat where login = 'ana'",
    ] {
        let seen = other(&format!("select count(*) from atalaya.{table}"));
        assert_eq!(String::from_utf8_lossy(&seen.stdout).trim(), "0", "{table}");
    }
    assert!(!other(&format!("select atalaya.centre_of('{SERVER}')")).status.success());
    // Nobody's password is in the log, the tables, or a backup; nor is anybody let in with another.
    let dump = postgres.dump(DATABASE);
    let log = postgres.log();
    for (person, name) in people {
        assert!(
            !dump.contains(person.password.expose()) && !log.contains(person.password.expose()),
            "{name}"
        );
        assert!(!postgres.try_sql(name, "another", DATABASE, "select 1").status.success());
    }
    assert!(log.contains("alter role"), "the log is the one that would have it");
}
