//! A team of two centres with everybody in it, for asking what each of them may.

use std::collections::BTreeSet;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{Reading, Wished};
use atalaya_postgres::{OWNER, Postgres};
use atalaya_secret::Secret;
use atalaya_team::{
    Address, Connection, Role, Says as Standing, Seat, add, beat, call_me, init, publish, remove, sit,
};
use uuid::Uuid;

use super::common::{DATABASE, SERVER, member, seat, team};
use super::inside::connected;
use super::psql::{Answer, ask};
use super::table::{TABLES, Who};

const OTHER: &str = "https://otro.example/Integra/resources/";
const EVERY: Duration = Duration::from_secs(3);
const STRANGER: &str = "nadie";
const STRANGER_PASSWORD: &str = "clave-de-nadie";

/// One who asks.
pub struct Person {
    pub who: Who,
    pub name: &'static str,
    pub password: Secret,
    pub desk: Uuid,
}

/// A team of two centres, everybody at a desk, somebody who asks, a line of the trail, and one who left.
pub struct World {
    pub postgres: Postgres,
    pub owner: Connection,
    pub people: Vec<Person>,
    pub desk: Uuid,
    pub epoch: i64,
    pub line: Uuid,
    /// The hour of the database's clock when it all began: what is asked of hours stays the same when another begins meanwhile.
    pub hour: i64,
}

impl World {
    pub async fn new() -> Self {
        let postgres = Postgres::begin();
        let mut owner = team(&postgres).await;
        init(&mut owner, OTHER).await.expect("another centre");
        postgres.sql("postgres", &format!("create role {STRANGER} login password '{STRANGER_PASSWORD}'"));
        let mut people = Vec::new();
        for (who, name, role, server) in [
            (Who::Holder, "ana", Role::Supervisor, SERVER),
            (Who::Supervisor, "pia", Role::Supervisor, SERVER),
            (Who::Analyst, "eva", Role::Analyst, SERVER),
            (Who::Lead, "rui", Role::Lead, SERVER),
            (Who::Other, "leo", Role::Lead, OTHER),
        ] {
            let address = Address::parse(&postgres.url(OWNER, DATABASE)).expect("an address");
            let invitation = add(&mut owner, &address, server, name, role).await.expect("a member");
            let seat = Seat { server: server.to_owned(), ..seat("puesto") };
            sit(&connected(&invitation).await, &seat).await.expect("seated");
            people.push(Person { who, name, password: invitation.password, desk: seat.desk });
        }
        let password = Secret::new(STRANGER_PASSWORD);
        people.push(Person { who: Who::Stranger, name: STRANGER, password, desk: Uuid::new_v4() });
        let teo = member(&postgres, &mut owner, "teo", Role::Analyst).await;
        let his = connected(&teo).await;
        call_me(&his, SERVER, "Teodoro").await.expect("nobody else is called so");
        remove(&mut owner, "teo").await.expect("he leaves");

        let desk = people[0].desk;
        let address = Address::parse(&postgres.url("ana", DATABASE)).expect("an address");
        let hers = Connection::open(&address, &people[0].password).await.expect("let in");
        let here = Seat { desk, ..seat("puesto") };
        let wished = Wished { watched: true, ..Wished::default() };
        let wants = beat(&hers, &here, &wished, Standing::Wants, EVERY, &Clock::system()).await;
        let epoch = wants.expect("an answer").answered.epoch;
        let reading = Reading::Unread { campaign: "Ventas->".to_owned(), code: "a".to_owned(), at_ms: 1 };
        publish(&hers, SERVER, desk, epoch, 0, &reading).await.expect("hers");
        let line = Uuid::new_v4();
        let body = serde_json::json!({ "id": line, "desk": desk, "who": "ana", "what": { "kind": "audit" } });
        atalaya_team::append(&hers, &here, &[body.to_string()]).await.expect("hers to say");
        let hour = postgres.sql(DATABASE, "select atalaya.now_ms() / 3600000").parse().expect("a number");
        let offered = format!(
            "select atalaya.offer_hour('{SERVER}', '{desk}', {epoch}, {hour} - 1, 0, 3600000, sha256(''), '')"
        );
        let output = postgres.try_sql("ana", people[0].password.expose(), DATABASE, &offered);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // For as long as the test takes.
        postgres.sql(DATABASE, "update atalaya.lease set until = now() + interval '1 hour' where centre = 1");
        Self { postgres, owner, people, desk, epoch, line, hour }
    }

    /// Everything the database has, to the byte.
    pub fn everything(&self) -> String {
        let all = TABLES.iter().map(|of| {
            format!(
                "select '{0}', md5(string_agg(t::text, '|' order by t::text)) from atalaya.{0} t",
                of.name
            )
        });
        self.postgres.sql(DATABASE, &all.collect::<Vec<_>>().join(" union all "))
    }

    pub fn filled(&self, sql: &str, person: &Person) -> String {
        sql.replace("{here}", SERVER)
            .replace("{there}", OTHER)
            .replace("{desk}", &self.desk.to_string())
            .replace("{own}", &person.desk.to_string())
            .replace("{epoch}", &self.epoch.to_string())
            .replace("{name}", person.name)
            .replace("{line}", &self.line.to_string())
            .replace("{hour}", &self.hour.to_string())
    }

    pub fn ask(&self, person: &Person, questions: &[String]) -> Vec<Answer> {
        ask(&self.postgres, person.name, person.password.expose(), questions)
    }

    /// What the catalog names, a row a line.
    pub fn catalog(&self, sql: &str) -> BTreeSet<String> {
        self.postgres.sql(DATABASE, sql).lines().map(str::to_owned).collect()
    }
}
