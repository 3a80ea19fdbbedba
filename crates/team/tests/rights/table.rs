//! What everybody may: of every function and every table of the schema, whatever is asked, by whom, and how it ends.
//!
//! `{here}` and `{there}` are the two centres, `{desk}` and `{epoch}` whoever asks at the first, `{own}` the desk of whoever is
//! asking this, `{name}` what they are called, `{line}` a line that ana said, `{hour}` the hour in which
//! the world began.

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// It says this.
    Says(&'static str),
    /// It says something.
    Done,
    /// The database refuses, with this SQLSTATE.
    No(&'static str),
}

pub use Ends::{Done, No, Says};

/// No right at all.
pub const DENIED: Ends = No("42501");
/// No seat in that centre.
const ELSEWHERE: Ends = No("AT003");

/// Who asks: a supervisor who holds the lease, one of each role, a lead of the other centre, and somebody of the database who
/// is no member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Holder,
    Supervisor,
    Analyst,
    Lead,
    Other,
    Stranger,
}

pub struct Case {
    pub function: &'static str,
    pub sql: &'static str,
    seated: Ends,
    except: Vec<(Who, Ends)>,
    other: Ends,
}

impl Case {
    pub fn ends(&self, who: Who) -> Ends {
        if let Some((_, ends)) = self.except.iter().find(|(of, _)| *of == who) {
            return *ends;
        }
        match who {
            Who::Other => self.other,
            // Whoever is no member reaches nothing, be it what it may.
            Who::Stranger => DENIED,
            _ => self.seated,
        }
    }

    fn but(mut self, who: Who, ends: Ends) -> Self {
        self.except.push((who, ends));
        self
    }
}

fn case(function: &'static str, sql: &'static str, seated: Ends, other: Ends) -> Case {
    Case { function, sql, seated, except: Vec::new(), other }
}

const BEAT: &str = "atalaya.beat(text,uuid,text,text[],boolean,integer,bigint,boolean,integer)";
const PUBLISH: &str = "atalaya.publish(text,uuid,bigint,text,bigint,bytea,text[])";
const GIVE: &str = "atalaya.give_lease(text,uuid,bigint)";
const LEAVE: &str = "atalaya.leave(text,uuid)";
const OFFER: &str = "atalaya.offer_hour(text,uuid,bigint,bigint,bigint,integer,bytea,bytea)";
/// Asked by the database's own functions alone.
const ALL_IN: &str = "atalaya.all_in(integer,text)";
const APPEND: &str = "atalaya.append(text,uuid,text[])";

/// Every function, at least once.
pub fn functions() -> Vec<Case> {
    let mut all = who_is_who();
    all.extend(floor());
    all.extend(log());
    all.extend(hours());
    all
}

fn who_is_who() -> Vec<Case> {
    let called = "atalaya.call_me(text,text)";
    vec![
        case("atalaya.now_ms()", "select atalaya.now_ms() > 0", Says("t"), Says("t")),
        case("atalaya.seated(integer)", "select atalaya.seated(1)", Says("t"), Says("f")),
        case("atalaya.seated(integer)", "select atalaya.seated(2)", Says("f"), Says("t")),
        case("atalaya.colleague(name)", "select atalaya.colleague('ana')", Says("t"), Says("f")),
        case("atalaya.colleague(name)", "select atalaya.colleague('leo')", Says("f"), Says("t")),
        case("atalaya.centre_of(text)", "select atalaya.centre_of('{here}')", Says("1"), ELSEWHERE),
        case("atalaya.centre_of(text)", "select atalaya.centre_of('{there}')", ELSEWHERE, Says("2")),
        case("atalaya.me(text)", "select o_role from atalaya.me('{here}')", Says("supervisor"), ELSEWHERE)
            .but(Who::Analyst, Says("analyst"))
            .but(Who::Lead, Says("lead")),
        case("atalaya.me(text)", "select o_role from atalaya.me('{there}')", ELSEWHERE, Says("lead")),
        // A name of one's own is anybody's to choose, once; another's is nobody's, in whatever letters.
        case(called, "select atalaya.call_me('{here}', 'Sin Igual')", Says("Sin Igual"), ELSEWHERE),
        case(called, "select atalaya.call_me('{here}', ' ANA ')", No("AT006"), ELSEWHERE)
            .but(Who::Holder, Says("ANA")),
        case(called, "select atalaya.call_me('{there}', 'ana')", ELSEWHERE, No("AT006")),
        // What was chosen holds.
        case(
            called,
            "select atalaya.call_me('{here}', 'Uno'); select atalaya.call_me('{here}', 'Dos')",
            Says("Uno Uno"),
            ELSEWHERE,
        ),
        // Somebody who left keeps theirs.
        case(called, "select atalaya.call_me('{here}', 'Teodoro')", No("AT006"), ELSEWHERE),
        case(called, "select atalaya.call_me('{here}', 'teo')", No("AT006"), ELSEWHERE),
    ]
}

fn floor() -> Vec<Case> {
    let looks =
        "select o_mine from atalaya.beat('{here}', '{own}', 'x', '{}', true, 3000, null, false, 5000)";
    let as_ana =
        "select o_mine from atalaya.beat('{here}', '{desk}', 'x', '{}', true, 3000, {epoch}, false, 5000)";
    let wants = "select o_mine from atalaya.beat('{here}', '{own}', 'x', '{}', true, 3000, null, true, 5000)";
    let renews =
        "select o_mine from atalaya.beat('{here}', '{own}', 'x', '{}', true, 3000, {epoch}, false, 5000)";
    let floods = "select o_mine from atalaya.beat('{here}', '{own}', 'x', array[repeat('x', 200000)], true, 3000, null, \
                  false, 5000)";
    let publishes = "select atalaya.publish('{here}', '{own}', {epoch}, '', 0, '', null) > 0";
    let as_desk = "select atalaya.publish('{here}', '{desk}', {epoch}, '', 0, '', null) > 0";
    let long = "select atalaya.publish('{here}', '{own}', {epoch}, repeat('x', 401), 0, '', null)";
    let large = "select atalaya.publish('{here}', '{own}', {epoch}, '', 0, convert_to(repeat('x', 8000001), 'UTF8'), null)";
    let leaves =
        "select atalaya.leave('{here}', '{desk}'); select watched from atalaya.desk where id = '{desk}'";
    let sits = "select atalaya.sit('{here}', '{own}', 'x')";
    let sits_there = "select atalaya.sit('{here}', '{desk}', 'x')";
    vec![
        case(BEAT, looks, Says("f"), ELSEWHERE),
        case(BEAT, as_ana, No("AT004"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(BEAT, wants, Says("f"), ELSEWHERE),
        case(BEAT, renews, Says("f"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(BEAT, floods, No("AT005"), ELSEWHERE),
        case(PUBLISH, publishes, No("AT001"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(PUBLISH, as_desk, No("AT001"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(PUBLISH, long, No("AT005"), ELSEWHERE),
        case(PUBLISH, large, No("AT005"), ELSEWHERE),
        case(GIVE, "select atalaya.give_lease('{here}', '{desk}', {epoch})", Says("f"), ELSEWHERE)
            .but(Who::Holder, Says("t")),
        case(GIVE, "select atalaya.give_lease('{here}', '{own}', {epoch})", Says("f"), ELSEWHERE)
            .but(Who::Holder, Says("t")),
        // A desk is left by whoever sits at it; of another centre it is not there.
        case(LEAVE, leaves, Says("t"), Says("")).but(Who::Holder, Says("f")),
        case("atalaya.sit(text,uuid,text)", sits, Says(""), ELSEWHERE),
        case("atalaya.sit(text,uuid,text)", sits_there, No("AT004"), ELSEWHERE).but(Who::Holder, Says("")),
    ]
}

fn log() -> Vec<Case> {
    let note = "select count(*) from atalaya.append('{here}', '{own}', array[jsonb_build_object('id', gen_random_uuid(), \
                'desk', '{own}', 'who', '{name}', 'what', jsonb_build_object('kind', 'note'))::text])";
    let at_desk = "select count(*) from atalaya.append('{here}', '{desk}', array[jsonb_build_object('id', \
                   gen_random_uuid(), 'desk', '{desk}', 'who', '{name}', 'what', jsonb_build_object('kind', 'note'))::text])";
    let of_desk = "select count(*) from atalaya.append('{here}', '{own}', array[jsonb_build_object('id', \
                   gen_random_uuid(), 'desk', '{desk}', 'who', '{name}', 'what', jsonb_build_object('kind', 'note'))::text])";
    let as_ana = "select count(*) from atalaya.append('{here}', '{own}', array[jsonb_build_object('id', \
                  gen_random_uuid(), 'desk', '{own}', 'who', 'ana', 'what', jsonb_build_object('kind', 'note'))::text])";
    // Said again with other words it is the line that is there.
    let again = "select atalaya.append('{here}', '{own}', array[jsonb_build_object('id', '{line}', 'desk', '{own}', 'who', \
                 '{name}', 'what', jsonb_build_object('kind', 'note', 'more', 'x'))::text]); \
                 select count(*) from atalaya.log where id = '{line}' and body like '%more%'";
    let nothing = "select count(*) from atalaya.append('{here}', '{own}', '{}')";
    vec![
        case(APPEND, note, Says("1"), ELSEWHERE),
        case(APPEND, at_desk, No("AT004"), ELSEWHERE).but(Who::Holder, Says("1")),
        case(APPEND, of_desk, No("AT007"), ELSEWHERE).but(Who::Holder, Says("1")),
        case(APPEND, as_ana, No("AT007"), ELSEWHERE).but(Who::Holder, Says("1")),
        case(APPEND, again, No("AT007"), ELSEWHERE).but(Who::Holder, Done),
        case(APPEND, nothing, Says("0"), ELSEWHERE),
        case(ALL_IN, "select atalaya.all_in(1, 'x')", DENIED, DENIED),
    ]
}

fn hours() -> Vec<Case> {
    let offers = "select atalaya.offer_hour('{here}', '{own}', {epoch}, {hour} - 2, 0, 3600000, \
                  sha256(''), '')";
    // Of an hour that is there, by somebody who saw no more of it.
    let again = "select atalaya.offer_hour('{here}', '{own}', {epoch}, {hour} - 1, 0, 3600000, \
                 sha256(''), '')";
    let as_desk = "select atalaya.offer_hour('{here}', '{desk}', {epoch}, {hour} - 2, 0, 3600000, \
                   sha256(''), '')";
    let to_come = "select atalaya.offer_hour('{here}', '{own}', {epoch}, atalaya.now_ms() / 3600000 + 1, 0, 3600000, \
                   sha256(''), '')";
    let long_ago = "select atalaya.offer_hour('{here}', '{own}', {epoch}, 5, 0, 3600000, sha256(''), '')";
    let large = "select atalaya.offer_hour('{here}', '{own}', {epoch}, {hour} - 2, 0, 3600000, \
                 sha256(''), convert_to(repeat('x', 4000001), 'UTF8'))";
    vec![
        case(OFFER, offers, No("AT001"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(OFFER, again, No("AT001"), ELSEWHERE).but(Who::Holder, Says("f")),
        case(OFFER, as_desk, No("AT001"), ELSEWHERE).but(Who::Holder, Says("t")),
        case(OFFER, to_come, No("AT005"), ELSEWHERE),
        case(OFFER, long_ago, No("AT005"), ELSEWHERE),
        case(OFFER, large, No("AT005"), ELSEWHERE),
    ]
}

/// What may be said of shared work, by role: supervisor, analyst, lead.
pub const KINDS: [(&str, [bool; 3]); 22] = [
    ("alert", [false, true, true]),
    ("alertSeen", [true, true, true]),
    ("audit", [true, true, true]),
    ("blacklisted", [true, true, true]),
    ("calibration", [false, true, true]),
    ("calledBack", [true, true, true]),
    ("cardRetired", [false, true, true]),
    ("cardVersion", [false, true, true]),
    ("claim", [false, true, true]),
    ("disposed", [true, true, true]),
    ("disposition", [true, true, true]),
    ("entry", [false, true, true]),
    ("feedback", [false, true, true]),
    ("floorAlertSeen", [true, true, true]),
    ("house", [false, false, true]),
    ("judged", [false, true, true]),
    ("note", [true, true, true]),
    ("noteRemoved", [true, true, true]),
    ("review", [false, true, true]),
    ("tag", [true, true, true]),
    ("worklist", [false, true, true]),
    ("worklistRemoved", [false, true, true]),
];

/// A table: the rows that are the first centre's, and whether a lead of the other sees them.
pub struct Table {
    pub name: &'static str,
    pub ours: &'static str,
    pub everybodys: bool,
    /// Nobody reads it but the database's own functions.
    pub nobodys: bool,
}

const fn table(name: &'static str, ours: &'static str) -> Table {
    Table { name, ours, everybodys: false, nobodys: false }
}

/// Every table.
pub const TABLES: [Table; 12] = [
    table("centre", "id = 1"),
    table("desk", "centre = 1"),
    table("hour", "centre = 1"),
    table("lease", "centre = 1"),
    table("log", "centre = 1"),
    table("log_head", "centre = 1"),
    Table { name: "may", ours: "true", everybodys: true, nobodys: false },
    table("member", "login = 'ana'"),
    table("reading", "centre = 1"),
    Table { name: "sealed", ours: "centre = 1", everybodys: false, nobodys: true },
    table("seat", "centre = 1"),
    Table { name: "step", ours: "true", everybodys: true, nobodys: false },
];
