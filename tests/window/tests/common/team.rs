//! A team of two, each with a window of their own, for the window's tests.
#![allow(dead_code, reason = "each test uses a part of it")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_simulator::{Config, Simulator};
use atalaya_team::{Address, Connection, Invitation, Role, add, init};
use atalaya_ucontact::{Secret, Server};
use atalaya_window::{Opening, Window};

use super::axe::Looker;
use super::common::{SOON, sign_in};

/// A desk waits a quarter of a minute before it goes on by itself, and the database's way back is drawn by lot.
pub const LATER: Duration = Duration::from_secs(90);

/// A contact centre and its team of two.
pub struct World {
    runtime: tokio::runtime::Runtime,
    pub centre: Simulator,
    pub postgres: Postgres,
}

impl World {
    pub fn new(config: Config) -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let centre = runtime.block_on(atalaya_simulator::start(config)).expect("a contact centre");
        let postgres = Postgres::begin();
        postgres.sql("postgres", "create database equipo");
        Self { runtime, centre, postgres }
    }

    pub fn members(&self, [first, second]: [(&str, Role); 2]) -> [Invitation; 2] {
        let server = Server::parse(&self.centre.server_url(), None, None, None).expect("a good address");
        let server = server.base.to_string();
        let address = Address::parse(&self.postgres.url(OWNER, "equipo")).expect("an address");
        self.runtime.block_on(async {
            let mut owner = Connection::open(&address, &Secret::new(OWNER_PASSWORD)).await.expect("let in");
            init(&mut owner, &server).await.expect("the tables are made");
            let mut member =
                async |(name, role)| add(&mut owner, &address, &server, name, role).await.expect("one");
            [member(first).await, member(second).await]
        })
    }

    /// Two windows on two homes, each of a member: the first of a lead, the second of somebody with that role.
    pub fn two(&self, name: &str, lead: &str, (other, role): (&str, Role)) -> [Looker; 2] {
        let members = self.members([(lead, Role::Lead), (other, role)]);
        members.map(|member| {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("invitation.json"), member.to_json()).unwrap();
            let who = if member.team.contains(&format!("//{lead}@")) { lead } else { other };
            let looker = seat(&format!("{name}-{who}"), self, folder.path());
            looker.window.click("team-file").unwrap();
            until_part(&looker.window, &["asks", "follows"]);
            looker
        })
    }
}

/// Takes the state at hand as `target/window/NAME.png`; with `ATALAYA_EVERY_LOOK` in every language, theme and two sizes, for
/// looking at, as `NAME-SIZE-LANGUAGE-THEME.png`: the language is chosen in the settings, and `again` leads back.
pub fn pictures(window: &Window, name: &str, again: impl Fn()) {
    window.picture(name).unwrap();
    if std::env::var_os("ATALAYA_EVERY_LOOK").is_none() {
        return;
    }
    for (width, height) in [(1920, 1080), (1280, 800)] {
        window.page().resize(width, height).unwrap();
        for language in ["es", "pt-BR", "en"] {
            window.click("nav-settings").unwrap();
            window.get("settings-language").unwrap();
            let script = "const list = document.querySelector('[data-testid=settings-language]');
                list.value = arguments[0];
                list.dispatchEvent(new Event('change', { bubbles: true }))";
            window.page().execute(script, &[language.into()]).unwrap();
            let turned = |page: &atalaya_window::Session| {
                let lang = page.execute("return document.documentElement.lang", &[])?;
                Ok((lang.as_str() == Some(language)).then_some(()))
            };
            window.wait_until("the language", SOON, turned).unwrap();
            again();
            for theme in ["light", "dark"] {
                let script = "document.documentElement.dataset.theme = arguments[0]";
                window.page().execute(script, &[theme.into()]).unwrap();
                window.picture(&format!("{name}-{width}-{language}-{theme}")).unwrap();
            }
        }
    }
}

/// What the program answers when it is asked that, as text: JSON, or `refused: ` and why.
pub fn host(window: &Window, command: &str, args: &str) -> String {
    let script = "const [command, args, done] = arguments;
        window.__TAURI_INTERNALS__.invoke(command, JSON.parse(args))
            .then(answer => done(JSON.stringify(answer)), why => done(`refused: ${JSON.stringify(why)}`))";
    let answer = window.page().execute_async(script, &[command.into(), args.into()]).unwrap();
    answer.as_str().unwrap_or_default().to_owned()
}

/// A window that is signed in and looks at where the settings tell of the team.
pub fn seat(name: &str, world: &World, folder: &Path) -> Looker {
    let env = vec![("ATALAYA_SAVE_FOLDER".to_owned(), folder.display().to_string())];
    let window = Window::open(name, &Opening { env, size: (1920, 1080), ..Opening::default() }).unwrap();
    window.page().resize(1280, 800).unwrap();
    sign_in(&window, &world.centre);
    window.click("nav-settings").unwrap();
    window.get("team").unwrap();
    Looker::new(window)
}

/// Waits until the settings and the head of the window say that the desk does that.
pub fn until_part(window: &Window, wanted: &[&str]) {
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
pub fn focus(window: &Window) -> String {
    let script = "return document.activeElement?.dataset.testid ?? ''";
    window.page().execute(script, &[]).unwrap().as_str().unwrap_or_default().to_owned()
}

/// Waits until it is there.
pub fn until_focus(window: &Window, wanted: &str) {
    window.wait_until(wanted, SOON, |_| Ok((focus(window) == wanted).then_some(()))).unwrap();
}
