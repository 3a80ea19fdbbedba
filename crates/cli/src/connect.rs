//! From options, profiles and secrets to a signed-in client.

use std::future::Future;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_store::profiles::{Profile, Profiles};
use atalaya_store::{Paths, Store};
use atalaya_ucontact::{Client, Options, Secret, Server};

use tokio_util::sync::CancellationToken;

use crate::args::Common;
use crate::decided;
use crate::failure::Failure;

/// How long the end of a session may take. Windows gives a closed console five seconds, in which a write under way may need
/// two.
const GOODBYE: Duration = Duration::from_millis(2_500);
/// How long a login under way is waited for when nobody wants it any more.
const ANSWER_AFTER: Duration = Duration::from_secs(2);

/// Where a command signs in.
pub struct Account {
    /// The server.
    pub server: Server,
    /// User name.
    pub user: String,
    /// The profile kept on this computer, when the command uses one.
    pub profile: Option<Profile>,
}

/// What a command does with what is kept on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It looks for the account and keeps nothing: no folder is made, no file touched, and none has to be there.
    Nothing,
    /// It may change something on the server, which is written down before.
    Trail,
}

/// The store of this person, as far as the command needs one.
pub fn store(keeping: Keeping) -> Result<Store, Failure> {
    let migrations = [atalaya_calls::MIGRATIONS, atalaya_outreach::MIGRATIONS];
    let paths = Paths::named();
    if keeping == Keeping::Trail {
        let paths = paths.ok_or_else(|| {
            Failure::of(
                "storeFolder",
                "this system names no data folder, and what changes something on the server is written down first: set \
                 ATALAYA_HOME to a folder of yours",
            )
        })?;
        // A way back to this version ends before anybody looks at the data.
        atalaya_update::back::arrive(&paths, &atalaya_update::running())?;
        return Ok(Store::open(&paths.database(), &migrations, Clock::system())?);
    }
    let store = Store::in_memory(&migrations, Clock::system())?;
    if let Some(paths) = paths {
        Profiles::copy_from(&paths.database(), &store)?;
    }
    Ok(store)
}

/// The account the options name, completed from the profiles kept here: addresses of the same server's, a password only
/// of the same user's at the same server.
pub fn account(common: &Common, store: &Store) -> Result<Account, Failure> {
    let profiles = Profiles::list(store)?;
    let last = Profiles::last_used(store)?;
    let base = |url: &str| Server::parse(url, None, None, None).map(|server| server.base).ok();
    let at = |profile: &Profile, url: &str| {
        let wanted = base(url);
        wanted.is_some() && base(&profile.server_url) == wanted
    };
    let of = |profile: &Profile| common.user.as_ref().is_none_or(|user| *user == profile.user);
    let home = match &common.server {
        Some(url) => {
            let there = || profiles.iter().filter(|profile| at(profile, url));
            there().find(|profile| of(profile)).or_else(|| there().next())
        }
        None => profiles.iter().find(|profile| Some(&profile.id) == last.as_ref()),
    };
    let typed = common.server.clone().or_else(|| home.map(|profile| profile.server_url.clone())).ok_or_else(
        || {
            let sentence = "no server: give --server URL, or sign in once in the window";
            Failure::usage(sentence).named("noServer")
        },
    )?;
    let user = common
        .user
        .clone()
        .or_else(|| home.map(|profile| profile.user.clone()))
        .ok_or_else(|| Failure::usage("no user: give --user NAME").named("userNeeded"))?;
    let telephony = common.telephony_url.clone().or_else(|| home?.telephony_url.clone());
    let backup = common.backup_url.clone().or_else(|| home?.backup_url.clone());
    let extra_ca = common.extra_ca.clone().or_else(|| home?.extra_ca_path.clone().map(PathBuf::from));
    let server = decided::server(Server::parse(&typed, telephony.as_deref(), backup.as_deref(), extra_ca)?)?;
    let profile = profiles.iter().find(|profile| at(profile, &typed) && profile.user == user).cloned();
    Ok(Account { server, user, profile })
}

/// The user a command would sign in as, as far as that can be told without a server or a password.
pub fn known_user(common: &Common) -> Option<String> {
    common
        .user
        .clone()
        .or_else(|| account(common, &store(Keeping::Nothing).ok()?).ok().map(|account| account.user))
}

/// `ATALAYA_PASSWORD`, else the secret store, else a prompt when there is a terminal.
pub async fn password(account: &Account) -> Result<Secret, Failure> {
    if let Ok(password) = std::env::var("ATALAYA_PASSWORD")
        && !password.is_empty()
    {
        return Ok(Secret::new(password));
    }
    let mut locked = false;
    if let Some(profile) = account.profile.clone().filter(|profile| profile.keep) {
        let stored = tokio::task::spawn_blocking(move || {
            atalaya_store::secrets::open_secret_store(false).get(&profile.id)
        });
        match stored.await {
            Ok(Ok(Some(password))) => return Ok(password),
            Ok(Err(atalaya_store::Error::SecretsLocked)) => locked = true,
            Ok(Ok(None) | Err(_)) | Err(_) => {}
        }
    }
    if !std::io::stdin().is_terminal() {
        return Err(if locked {
            let sentence = "the system's secret store is locked: unlock it, or set ATALAYA_PASSWORD";
            Failure::of("secretsLocked", sentence)
        } else {
            let sentence = "no password: set ATALAYA_PASSWORD, or run this in a terminal";
            Failure::usage(sentence).named("passwordNeeded")
        });
    }
    if locked {
        eprintln!("the system's secret store is locked: unlock it, or type the password");
    }
    let prompt = format!("Password of {} at {}: ", account.user, account.server.host_label());
    let typed = tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt))
        .await
        .map_err(|_| Failure::new("the password prompt failed"))??;
    Ok(Secret::new(typed))
}

/// How fast the server is asked.
pub fn pace(common: &Common) -> Options {
    let usual = Options::default();
    let wanted = common.requests_per_second;
    let max_in_flight = usual.max_in_flight.max(usize::from(wanted.min(16)));
    Options { requests_per_second: decided::at_most(wanted), max_in_flight, ..usual }
}

/// Signs in; whoever asks has to end the session ([`end`]). Interrupted meanwhile, none is left open.
pub async fn sign_in(common: &Common, keeping: Keeping) -> Result<(Client, Store), Failure> {
    let store = store(keeping)?;
    let account = account(common, &store)?;
    // At the prompt an interruption ends the program at once: nothing is open yet.
    let password = password(&account).await?;
    let signing_in = Client::sign_in(account.server, &account.user, password, pace(common));
    tokio::pin!(signing_in);
    tokio::select! {
        biased;
        client = &mut signing_in => Ok((client?, store)),
        () = interrupted() => {
            // The server may have opened it by now: a moment later it is known which one to end.
            if let Ok(Ok(client)) = tokio::time::timeout(ANSWER_AFTER, signing_in).await {
                end(&client).await;
            }
            Err(Failure::new("interrupted"))
        }
    }
}

/// Ends the session at the server, within the time that a system which shuts down leaves.
pub async fn end(client: &Client) {
    // Past it the server ends the session by itself, later.
    let _ = tokio::time::timeout(GOODBYE, client.end_session()).await;
}

/// Signs in, does the work, and signs out whatever came of it, an interruption included.
pub async fn signed_in<T, F, W>(common: &Common, keeping: Keeping, work: W) -> Result<T, Failure>
where
    W: FnOnce(Client, Store) -> F,
    F: Future<Output = Result<T, Failure>>,
{
    let (client, store) = sign_in(common, keeping).await?;
    let result = tokio::select! {
        result = work(client.clone(), store) => result,
        () = interrupted() => Err(Failure::new("interrupted")),
    };
    end(&client).await;
    result
}

/// Ctrl-C, a terminating signal, a terminal or console that is closed, somebody who logs off. From the first call on the
/// program is not ended by them any more, whether what is returned was waited for yet or not: work begun in the same breath
/// may have reached the server by then. Nobody misses one who asks later.
///
/// # Panics
/// Outside of a runtime.
pub fn interrupted() -> impl Future<Output = ()> {
    static HEARD: OnceLock<CancellationToken> = OnceLock::new();
    let heard = HEARD.get_or_init(|| {
        let (told, heard) = (atalaya_ending::told_to_end(), CancellationToken::new());
        let tell = heard.clone();
        tokio::spawn(async move {
            told.await;
            tell.cancel();
        });
        heard
    });
    heard.cancelled()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Words {
        #[command(flatten)]
        common: Common,
    }

    fn profile(id: &str, server_url: &str, user: &str) -> Profile {
        Profile {
            id: id.to_owned(),
            name: String::new(),
            server_url: server_url.to_owned(),
            user: user.to_owned(),
            telephony_url: Some("https://voice.example".to_owned()),
            backup_url: None,
            extra_ca_path: None,
            keep: true,
            has_stored_password: false,
        }
    }

    /// A signal that came before would end this very test.
    #[cfg(unix)]
    #[tokio::test]
    async fn an_interruption_is_heard_from_the_call_on_not_from_when_it_is_waited_for() {
        let heard = interrupted();
        let own = std::process::id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &own]).status().unwrap().success());
        heard.await;
    }

    #[test]
    fn a_password_goes_to_nobody_but_its_own_user_at_its_own_server() {
        let store = Store::in_memory(&[], Clock::held(0).clock()).unwrap();
        assert_eq!(
            account(&Words::parse_from(["atalaya-cli"]).common, &store).map_err(|e| e.code).err(),
            Some("noServer")
        );
        for one in [
            profile("ana", "https://central.example/", "ana"),
            profile("eva", "central.example", "eva"),
            profile("other", "https://branch.example", "ana"),
        ] {
            Profiles::save(&store, &one).unwrap();
        }
        Profiles::set_last_used(&store, "ana").unwrap();
        let told = |words: &[&str]| {
            let words = Words::parse_from(["atalaya-cli"].iter().chain(words));
            let account = account(&words.common, &store).map_err(|_| ()).unwrap();
            let host = account.server.host_label();
            (host, account.user, account.profile.map(|profile| profile.id))
        };
        let at = |host: &str, user: &str, id: Option<&str>| {
            (host.to_owned(), user.to_owned(), id.map(str::to_owned))
        };
        assert_eq!(told(&[]), at("central.example", "ana", Some("ana")));
        assert_eq!(told(&["--user", "eva"]), at("central.example", "eva", Some("eva")));
        assert_eq!(
            told(&["--user", "luis"]),
            at("central.example", "luis", None),
            "nobody's password is luis's"
        );
        // However the address is written.
        let server = "https://central.example/Integra/resources";
        assert_eq!(told(&["--server", server, "--user", "ana"]), at("central.example", "ana", Some("ana")));
        assert_eq!(told(&["--server", "branch.example", "--user", "eva"]), at("branch.example", "eva", None));
        assert_eq!(told(&["--server", "third.example", "--user", "ana"]), at("third.example", "ana", None));
    }
}
