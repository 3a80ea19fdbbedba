//! Rights, through psql and not through the program: everything there is in the schema, as the catalog names it, asked by every
//! role and by whoever is none, of their own rows and of others'. What is new in the schema and not in the table fails here.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

#[path = "common/team.rs"]
mod common;
#[path = "common/inside.rs"]
mod inside;
#[path = "rights/psql.rs"]
mod psql;
#[path = "rights/table.rs"]
mod table;
#[path = "rights/world.rs"]
mod world;

use atalaya_postgres::{OWNER, Postgres};
use atalaya_secret::Secret;
use atalaya_team::{Address, Connection, Error, Role, add, check, init, init_up_to, known, me, remove};
use common::{DATABASE, SERVER, member};
use inside::{connected, owner};
use psql::Answer;
use table::{Case, DENIED, Done, Ends, KINDS, No, Says, TABLES, Who, functions};
use uuid::Uuid;
use world::{Person, World};

fn is(answer: &Answer, ends: Ends) -> bool {
    match (ends, &answer.refused) {
        (No(code), Some(refused)) => code == refused,
        (Says(what), None) => answer.said == what,
        (Done, None) => true,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_and_table_does_for_each_role_what_its_line_says() {
    let world = World::new().await;
    let before = world.everything();
    let cases = functions();
    let mut wrong = Vec::new();

    // Every function has a line, and every line a function.
    let there = world.catalog(
        "select p.oid::regprocedure from pg_proc p where pronamespace = 'atalaya'::regnamespace order by 1",
    );
    assert_eq!(there, cases.iter().map(|case| case.function.to_owned()).collect());
    let tables = world.catalog(
        "select relname from pg_class where relnamespace = 'atalaya'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')",
    );
    assert_eq!(tables, TABLES.iter().map(|of| of.name.to_owned()).collect());
    for person in &world.people {
        let asked: Vec<String> = cases.iter().map(|case| world.filled(case.sql, person)).collect();
        for (case, answer) in cases.iter().zip(world.ask(person, &asked)) {
            let (Case { function, sql, .. }, ends) = (case, case.ends(person.who));
            if !is(&answer, ends) {
                wrong.push(format!("{:?} {function}: {ends:?}, not {answer:?} in {sql}", person.who));
            }
        }
        // What a role may say, in its own name at its own desk.
        let said: Vec<String> = KINDS
            .iter()
            .map(|(kind, _)| {
                world.filled(
                    &format!(
                        "select count(*) from atalaya.append('{{here}}', '{{own}}', array[jsonb_build_object('id', \
                         gen_random_uuid(), 'desk', '{{own}}', 'who', '{{name}}', 'what', \
                         jsonb_build_object('kind', '{kind}', 'body', jsonb_build_object('id', 'x', 'people', 2, \
                         'calibration', 'x', 'reviewer', '{{name}}')))::text])"
                    ),
                    person,
                )
            })
            .collect();
        for ((kind, may), answer) in KINDS.iter().zip(world.ask(person, &said)) {
            let role = match person.who {
                Who::Holder | Who::Supervisor => Some(0),
                Who::Analyst => Some(1),
                Who::Lead => Some(2),
                Who::Other | Who::Stranger => None,
            };
            let ends = match role {
                Some(role) if may[role] => Says("1"),
                Some(_) => No("AT007"),
                None if person.who == Who::Stranger => DENIED,
                None => No("AT003"),
            };
            if !is(&answer, ends) {
                wrong.push(format!("{:?} says {kind}: {ends:?}, not {answer:?}", person.who));
            }
        }
        wrong.extend(tables_of(&world, person));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.everything(), before, "nothing of it was kept");
    let kinds = world.catalog("select kind || ' ' || role from atalaya.may");
    let told = KINDS.iter().flat_map(|(kind, may)| {
        let roles = ["supervisor", "analyst", "lead"].iter().zip(may);
        roles.filter(|(_, may)| **may).map(move |(role, _)| format!("{kind} {role}"))
    });
    assert_eq!(kinds, told.collect());
}

/// What is wrong with what somebody may do to the tables themselves: they read what is theirs to see, and change nothing.
fn tables_of(world: &World, person: &Person) -> Vec<String> {
    let mut wrong = Vec::new();
    for of in &TABLES {
        let name = of.name;
        let column = world.postgres.sql(
            DATABASE,
            &format!(
                "select attname from pg_attribute where attrelid = 'atalaya.{name}'::regclass and attnum > 0
                 order by attnum desc limit 1"
            ),
        );
        let changes = [
            format!("insert into atalaya.{name} default values"),
            format!("update atalaya.{name} set {column} = {column}"),
            format!("delete from atalaya.{name}"),
            format!("truncate atalaya.{name}"),
            format!("lock table atalaya.{name} in row exclusive mode"),
            format!("select * from atalaya.{name} for update"),
            format!("alter table atalaya.{name} add column more integer"),
            format!("drop table atalaya.{name}"),
            format!("alter table atalaya.{name} disable row level security"),
            format!("grant all on atalaya.{name} to public"),
        ];
        for (sql, answer) in changes.iter().zip(world.ask(person, &changes)) {
            // A grant by who has nothing to grant warns in PostgreSQL where somebody may read: what comes of it is looked at below.
            let harmless = sql.starts_with("grant");
            if !is(&answer, DENIED) && !harmless {
                wrong.push(format!("{:?} may: {sql}: {answer:?}", person.who));
            }
        }
        let reads = format!("select count(*) > 0 from atalaya.{name} where {}", of.ours);
        let ends = match person.who {
            Who::Stranger => DENIED,
            _ if of.nobodys => DENIED,
            Who::Other if !of.everybodys => Says("f"),
            _ => Says("t"),
        };
        let answer = world.ask(person, std::slice::from_ref(&reads)).remove(0);
        if !is(&answer, ends) {
            wrong.push(format!("{:?} {reads}: {ends:?}, not {answer:?}", person.who));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_catalog_is_more_than_it_has_to_be() {
    let world = World::new().await;
    let nothing = |sql: &str| assert_eq!(world.postgres.sql(DATABASE, sql), "", "{sql}");
    // A function that has its owner's rights finds nothing but what is meant, and is nobody's but the roles'.
    nothing(
        "select p.oid::regprocedure from pg_proc p where pronamespace = 'atalaya'::regnamespace and (
             has_function_privilege('public', p.oid, 'execute')
             or not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false))",
    );
    nothing(
        "select relname from pg_class where relnamespace = 'atalaya'::regnamespace and relkind = 'r'
             and not relrowsecurity and relname not in ('step', 'may')",
    );
    nothing("select polname from pg_policy where polcmd <> 'r'");
    for who in ["atalaya_supervisor", "atalaya_analyst", "atalaya_lead", "public"] {
        let any = "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER";
        nothing(&format!(
            "select relname from pg_class where relnamespace = 'atalaya'::regnamespace and relkind in ('r', 'v', 'm')
                 and (has_table_privilege('{who}', oid, '{any}')
                     or has_any_column_privilege('{who}', oid, 'INSERT, UPDATE, REFERENCES'))"
        ));
        nothing(&format!(
            "select relname from pg_class where relnamespace = 'atalaya'::regnamespace
                 and case relkind when 'S' then has_sequence_privilege('{who}', oid, 'USAGE, SELECT, UPDATE') else false end"
        ));
        nothing(&format!("select 1 where has_schema_privilege('{who}', 'atalaya', 'CREATE')"));
    }
    nothing("select 1 where has_schema_privilege('public', 'atalaya', 'USAGE')");
    nothing(
        "select rolname from pg_roles where rolname in ('ana', 'pia', 'eva', 'rui', 'leo', 'teo')
             and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_s_number_is_no_way_into_its_lease() {
    let world = World::new().await;
    let (desk, epoch) = (world.desk, world.epoch);
    let psql = |name: &str, sql: &str| {
        let person = world.people.iter().find(|person| person.name == name).expect("one of them");
        let output = world.postgres.try_sql(name, person.password.expose(), DATABASE, sql);
        (output.status.success(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let renews = |epoch: i64| {
        format!(
            "select o_mine from atalaya.beat('{SERVER}', '{desk}', 'x', '{{}}', true, 3000, {epoch}, false, 5000)"
        )
    };
    // Left, it is not counted, and still its member's.
    assert!(psql("ana", &format!("select atalaya.leave('{SERVER}', '{desk}')")).0);
    assert!(!psql("eva", &renews(epoch)).0, "a desk whose member went home");
    // Also where its row is gone: the lease is a member's, not a number's.
    world.postgres.sql(DATABASE, &format!("delete from atalaya.desk where id = '{desk}'"));
    assert_eq!(psql("eva", &renews(epoch)), (true, "f".to_owned()));
    // A desk that is somebody's for a single run leaves no more than a few behind.
    for _ in 0..30 {
        let run = Uuid::new_v4();
        let sql = format!(
            "select atalaya.sit('{SERVER}', '{run}', 'x'); select atalaya.leave('{SERVER}', '{run}')"
        );
        assert!(psql("pia", &sql).0);
    }
    assert_eq!(world.postgres.sql(DATABASE, "select count(*) from atalaya.desk where login = 'pia'"), "20");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_taken_out_is_out_and_what_they_said_stays() {
    let mut world = World::new().await;
    let lines = "select md5(string_agg(l::text, '|' order by seq)) from atalaya.log l";
    let said = world.postgres.sql(DATABASE, lines);
    let password = world.people[0].password.clone();
    let hers = Address::parse(&world.postgres.url("ana", DATABASE)).expect("an address");
    let open = Connection::open(&hers, &password).await.expect("let in");
    let removed = remove(&mut world.owner, "ana").await.expect("an answer");
    assert!(removed.asked, "she asked the server");
    assert!(removed.ended.expect("the owner may") >= 1, "the connection that was open is ended");
    assert!(matches!(me(&open, SERVER).await, Err(Error::Away { .. } | Error::NoSeat { .. })));
    assert!(matches!(Connection::open(&hers, &password).await, Err(Error::Refused { .. })));
    assert!(matches!(remove(&mut world.owner, "ana").await, Err(Error::NoMember { .. })), "once");
    for nobody in ["nadie", OWNER, "atalaya_lead", "x\"; drop role ana; --"] {
        assert!(matches!(remove(&mut world.owner, nobody).await, Err(Error::NoMember { .. })), "{nobody}");
    }
    let groups = "select count(*) from pg_auth_members where member = 'ana'::regrole";
    assert_eq!(world.postgres.sql(DATABASE, groups), "0");
    assert_eq!(world.postgres.sql(DATABASE, lines), said, "what she said is there");
    let held = "select count(*) from atalaya.lease where until > clock_timestamp()";
    assert_eq!(world.postgres.sql(DATABASE, held), "0", "somebody else asks at once");
    // She comes back, under her name, and nobody had it meanwhile.
    let again = member(&world.postgres, &mut world.owner, "ana", Role::Analyst).await;
    assert!(Connection::open(&hers, &password).await.is_err(), "the old password is over");
    let hers = connected(&again).await;
    assert!(!me(&hers, SERVER).await.expect("a seat").lead);
    assert_eq!(world.postgres.sql(DATABASE, "select count(*) from atalaya.member where login = 'ana'"), "1");
    // A name somebody judges under is no new member's.
    let address = Address::parse(&world.postgres.url(OWNER, DATABASE)).expect("an address");
    let taken = add(&mut world.owner, &address, SERVER, "teodoro", Role::Analyst).await;
    assert!(matches!(taken, Err(Error::Taken { .. })));
}

/// As the page for administrators sets it up: an owner who may make roles and is no superuser.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_is_no_superuser_adds_and_takes_out() {
    let postgres = Postgres::begin();
    postgres.sql("postgres", "create role encargada login createrole password 'clave-suya'");
    postgres.sql("postgres", &format!("create database {DATABASE} owner encargada"));
    let address = Address::parse(&postgres.url("encargada", DATABASE)).expect("an address");
    let mut owner = Connection::open(&address, &Secret::new("clave-suya")).await.expect("let in");
    init(&mut owner, SERVER).await.expect("made");
    let invitation = add(&mut owner, &address, SERVER, "ana", Role::Lead).await.expect("a member");
    let open = connected(&invitation).await;
    let removed = remove(&mut owner, "ana").await.expect("an answer");
    assert!(removed.ended.expect("she may end it") >= 1);
    assert!(me(&open, SERVER).await.is_err());
    let left = "select count(*) from pg_auth_members where member = 'encargada'::regrole and roleid = 'ana'::regrole";
    assert_eq!(postgres.sql(DATABASE, left), "0", "she belongs to nobody's role afterwards");
    let again = add(&mut owner, &address, SERVER, "ana", Role::Supervisor).await.expect("she comes back");
    assert!(!me(&connected(&again).await, SERVER).await.expect("a seat").lead);
}

/// A database of the version before, with people at work in it, brought up to date.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_version_before_kept_is_there_after_an_upgrade() {
    let postgres = Postgres::begin();
    postgres.sql("postgres", &format!("create database {DATABASE}"));
    let mut owner = owner(&postgres).await;
    assert_eq!(init_up_to(&mut owner, SERVER, 2).await.expect("made"), [1, 2]);
    let desk = Uuid::new_v4();
    postgres.sql(
        DATABASE,
        "create role ana login password 'clave-de-ana'; grant atalaya_lead to ana;
         insert into atalaya.member (login, role) values ('ana', 'lead');
         insert into atalaya.seat (login, centre) values ('ana', 1)",
    );
    let hers = |sql: &str| {
        let output = postgres.try_sql("ana", "clave-de-ana", DATABASE, sql);
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    hers(&format!("select atalaya.call_me('{SERVER}', 'Ana P.')"));
    let wants = format!(
        "select o_epoch from atalaya.beat('{SERVER}', '{desk}', 'x', '{{}}', true, 3000, null, true, 60000)"
    );
    let epoch = hers(&wants);
    hers(&format!("select atalaya.publish('{SERVER}', '{desk}', {epoch}, '', 0, 'x', null)"));
    for number in 0..3 {
        let body = serde_json::json!({
            "id": Uuid::new_v4(), "desk": desk, "who": "Ana P.", "what": { "kind": "note", "number": number },
        });
        hers(&format!("select atalaya.append('{SERVER}', '{desk}', array['{body}'])"));
    }
    let kept = "select (select md5(string_agg(l::text, '|' order by seq)) from atalaya.log l),
                       (select md5(string_agg(r::text, '|')) from atalaya.reading r),
                       (select md5(string_agg(e::text, '|')) from atalaya.lease e),
                       (select string_agg(login || role || person || added_at, '|') from atalaya.member),
                       (select md5(string_agg(d::text, '|')) from atalaya.desk d)";
    let before = postgres.sql(DATABASE, kept);
    let old = check(&owner).await;
    assert!(matches!(old, Err(Error::Version { found: 2, .. })), "{old:?}");
    assert_eq!(
        init(&mut owner, SERVER).await.expect("brought up to date"),
        (3..=known()).collect::<Vec<_>>()
    );
    assert!(init(&mut owner, SERVER).await.expect("again").is_empty());
    assert_eq!(postgres.sql(DATABASE, kept), before);
    // Whoever held the lease holds it still, and goes on.
    let renews = format!(
        "select o_mine from atalaya.beat('{SERVER}', '{desk}', 'x', '{{}}', true, 3000, {epoch}, false, 60000)"
    );
    assert_eq!(hers(&renews), "t");
    assert!(remove(&mut owner, "ana").await.expect("an answer").asked);
}
