//! Two desks of one team, each with its own window: joining, who asks, the database away and back, leaving; and nobody is
//! kept out of any of it.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::{Config, Simulator};
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use atalaya_window::{Opening, Window, keys};

#[path = "common/axe.rs"]
mod axe;
mod common;
use axe::Looker;
use common::{SOON, attribute, sign_in, until};

/// A desk waits a quarter of a minute before it goes on by itself, and the database's way back is drawn by lot.
const LATER: Duration = Duration::from_secs(90);

/// A contact centre and its team of two.
struct World {
    runtime: tokio::runtime::Runtime,
    centre: Simulator,
    postgres: Postgres,
}

impl World {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let centre = runtime.block_on(atalaya_simulator::start(Config::default())).expect("a contact centre");
        let postgres = Postgres::begin();
        postgres.sql("postgres", "create database equipo");
        Self { runtime, centre, postgres }
    }

    fn members(&self, names: [&str; 2]) -> [Invitation; 2] {
        let server = Server::parse(&self.centre.server_url(), None, None, None).expect("a good address");
        let server = server.base.to_string();
        let address = Address::parse(&self.postgres.url(OWNER, "equipo")).expect("an address");
        self.runtime.block_on(async {
            let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
            init(&mut owner, &server).await.expect("the tables are made");
            let mut member =
                async |name, role| add(&mut owner, &address, &server, name, role).await.expect("one");
            [member(names[0], Role::Lead).await, member(names[1], Role::Supervisor).await]
        })
    }
}

/// A window that is signed in and looks at where the settings tell of the team.
fn seat(name: &str, world: &World, folder: &Path) -> Looker {
    let env = vec![("ATALAYA_SAVE_FOLDER".to_owned(), folder.display().to_string())];
    let window = Window::open(name, &Opening { env, ..Opening::default() }).unwrap();
    sign_in(&window, &world.centre);
    window.click("nav-settings").unwrap();
    window.get("team").unwrap();
    Looker::new(window)
}

/// Waits until the settings and the head of the window say that the desk does that.
fn until_part(window: &Window, wanted: &[&str]) {
    for testid in ["team-stands", "team-short"] {
        window
            .wait_until(&format!("{testid}: {wanted:?}"), LATER, |page| {
                let Some(element) = page.find(&format!("[data-testid={testid}]"))? else { return Ok(None) };
                let part = page.attribute(&element, "data-part")?.unwrap_or_default();
                Ok(wanted.contains(&part.as_str()).then_some(()))
            })
            .unwrap();
    }
}

/// Where the focus is.
fn focus(window: &Window) -> String {
    let script = "return document.activeElement?.dataset.testid ?? ''";
    window.page().execute(script, &[]).unwrap().as_str().unwrap_or_default().to_owned()
}

fn until_focus(window: &Window, wanted: &str) {
    window.wait_until(wanted, SOON, |_| Ok((focus(window) == wanted).then_some(()))).unwrap();
}

#[test]
fn two_desks_join_a_team_lose_its_database_have_it_back_and_one_leaves() {
    let mut world = World::new();
    let [ana, rui] = world.members(["ana", "rui"]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rui.json"), rui.to_json()).unwrap();

    // By the address, with the keyboard alone.
    let mut first = seat("team-1", &world, folder.path());
    first.look("in no team");
    let window = &first.window;
    window.press("/").unwrap();
    window.press("address of the team").unwrap();
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-address");
    window.press(&ana.team).unwrap();
    window.press(keys::TAB).unwrap();
    window.press("wrong").unwrap();
    window.press(keys::ENTER).unwrap();
    until(window, "why it is not let in", "team-problem", "role", |role| role == "alert");
    first.look("not let in");
    let window = &first.window;
    window.fill("team-password", ana.password.expose()).unwrap();
    window.press(keys::ENTER).unwrap();
    until_part(window, &["asks"]);
    until_focus(window, "team-leave");
    assert!(!window.has("team-problem").unwrap());
    window.click("settings-go-server").unwrap();
    first.look("asks");

    // By an invitation.
    let mut second = seat("team-2", &world, folder.path());
    second.window.click("team-file").unwrap();
    until_part(&second.window, &["follows"]);
    let asker = second.window.text("team-asker").unwrap();
    assert!(asker.starts_with("ana "), "{asker}");
    assert!(attribute(&second.window, "team-short", "aria-label").contains("ana"));
    second
        .window
        .wait_until("both are here", SOON, |_| {
            let members = second.window.text("team-members")?;
            Ok((members.contains("ana") && members.contains("rui")).then_some(()))
        })
        .unwrap();
    second.look("follows");
    second.window.picture("team-follows").unwrap();

    // What the lead publishes is gone by at the other desk.
    assert!(!second.window.has("house-publish").unwrap());
    first.window.click("house-publish").unwrap();
    until_focus(&first.window, "house-no");
    first.look("about to publish");
    first.window.click("house-yes").unwrap();
    until(&second.window, "the team's", "house-part", "data-used", |used| used == "true");
    second.look("the team's rules");
    second.window.picture("team-house").unwrap();
    second.window.click("house-use").unwrap();
    until(&second.window, "its own", "house-part", "data-used", |used| used == "false");

    // The database is gone: what came last stays, then each goes on by itself.
    world.postgres.kill();
    until_part(&second.window, &["waits"]);
    second.look("waits");
    until_part(&second.window, &["apart"]);
    until_part(&first.window, &["apart"]);
    second.look("apart");
    second.window.picture("team-apart").unwrap();
    second.window.click("nav-floor").unwrap();
    until(&second.window, "figures all the same", "health", "data-freshness", |now| now == "fresh");
    second.look("the floor, apart");
    second.window.click("team-short").unwrap();
    second.window.get("team-stands").unwrap();

    // And back: one asks for both.
    world.postgres.start();
    until_part(&first.window, &["asks", "follows"]);
    until_part(&second.window, &["asks", "follows"]);
    let parts = || [&first, &second].map(|of| attribute(&of.window, "team-stands", "data-part"));
    first
        .window
        .wait_until("one asks", LATER, |_| {
            let mut now = parts();
            now.sort();
            Ok((now == ["asks", "follows"]).then_some(()))
        })
        .unwrap();
    let alone = |of: &Looker| of.window.has("team-problem").unwrap();
    assert!(!alone(&first) && !alone(&second));

    // Leaving, asked about first, with the keyboard.
    let window = &second.window;
    let focused = "document.querySelector('[data-testid=team-leave]').focus()";
    window.page().execute(focused, &[]).unwrap();
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave-no");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-leave-no");
    second.look("leaving");
    let window = &second.window;
    window.press(&format!("{}{}", keys::SHIFT, keys::TAB)).unwrap();
    until_focus(window, "team-leave-yes");
    window.press(keys::ENTER).unwrap();
    until_focus(window, "team-file");
    assert!(!window.has("team-short").unwrap());
    until_part(&first.window, &["asks"]);
    first.nothing_found();
    second.nothing_found();
}
