//! `doctor`: checks everything a person would ring support about, and says it all even when something fails.

use std::io::Write;
use std::time::Instant;

use atalaya_clock::Clock;
use atalaya_store::secrets::SecretStoreKind;
use atalaya_store::{Paths, Store};
use atalaya_ucontact::{Client, Secret, Server};
use serde::Serialize;

use crate::args::{Common, Doctor};
use crate::connect::{Account, Keeping, account, end, interrupted, pace, password, store};
use crate::failure::Failure;
use crate::record;

/// One thing checked.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    /// Why not, as a stable name.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    detail: String,
}

impl Check {
    fn good(name: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { name, ok: true, code: None, detail: detail.to_string() }
    }

    fn bad(name: &'static str, failure: impl Into<Failure>) -> Self {
        let failure = failure.into();
        Self { name, ok: false, code: Some(failure.code), detail: failure.to_string() }
    }
}

#[derive(Serialize)]
struct Report {
    checks: Vec<Check>,
}

/// A guid no call has: a place that answers "not found" to it works.
const NO_SUCH_CALL: &str = "00000000-0000-0000-0000-000000000000";

async fn places(client: &Client, server: &Server, checks: &mut Vec<Check>) {
    use atalaya_ucontact::{ByteRange, ErrorKind, Format, Host, Place};
    for (name, host, there) in
        [("telephony host", Host::Telephony, true), ("backup host", Host::Backup, server.backup.is_some())]
    {
        if !there {
            checks.push(Check::good(name, "none configured"));
            continue;
        }
        let place = Place { host, day: None, format: Format::Mp3 };
        let range = ByteRange { start: 0, end: Some(0) };
        let begun = Instant::now();
        let answer = client.recording(&place, NO_SUCH_CALL, Some(range), None).await;
        let millis = begun.elapsed().as_millis();
        checks.push(match answer {
            Err(error) if error.kind == ErrorKind::NotFound => {
                Check::good(name, format!("answers in {millis} ms"))
            }
            Ok(_) => Check::bad(
                name,
                Failure::of(
                    "misdirected",
                    "answers with something for a recording that does not exist: check its address",
                ),
            ),
            Err(error) => Check::bad(name, error),
        });
    }
}

/// What is kept here, and whether more can be.
fn data_folder() -> Check {
    const NAME: &str = "data folder";
    let Some(paths) = Paths::named() else {
        return Check::bad(NAME, Failure::of("storeFolder", "this system names none: set ATALAYA_HOME"));
    };
    let home = paths.home.display();
    if !paths.home.exists() {
        return Check::good(NAME, format!("{home}, not there yet"));
    }
    // An unnamed file: gone with this program, whatever becomes of it.
    match tempfile::tempfile_in(&paths.home) {
        Ok(_) => Check::good(NAME, home),
        Err(error) => Check::bad(
            NAME,
            Failure::of(
                "storeFolder",
                format!("{home} cannot be written to ({error}): check the disk, and whose it is"),
            ),
        ),
    }
}

/// Who would sign in, and with what; each is said that fails. Without the profiles the options may do.
async fn who(common: &Common, checks: &mut Vec<Check>) -> Option<(Account, Secret)> {
    let store = match store(Keeping::Nothing) {
        Ok(store) => store,
        Err(failure) => {
            checks.push(Check::bad("profiles", failure));
            Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system()).ok()?
        }
    };
    let account = match account(common, &store) {
        Ok(account) => account,
        Err(failure) => {
            checks.push(Check::bad("account", failure));
            return None;
        }
    };
    checks.push(Check::good("account", format!("{} at {}", account.user, account.server.host_label())));
    match password(&account).await {
        Ok(password) => Some((account, password)),
        Err(failure) => {
            checks.push(Check::bad("password", failure));
            None
        }
    }
}

/// Whether it failed on the way there.
fn on_the_way(error: &atalaya_ucontact::Error) -> bool {
    use atalaya_ucontact::ErrorKind::{Certificate, Timeout, UnknownHost, Unreachable};
    matches!(error.kind, UnknownHost | Unreachable | Certificate(_) | Timeout)
}

/// What only somebody signed in can ask.
async fn of_the_session(client: &Client, account: &Account, checks: &mut Vec<Check>) {
    checks.push(match client.campaigns().await {
        Ok(reply) => Check::good("campaigns", format!("{} seen", reply.value.len())),
        Err(error) => Check::bad("campaigns", error),
    });
    places(client, &account.server, checks).await;
    checks.push(match client.clock_difference_secs() {
        Some(secs) => Check::good("clock difference", format!("{secs} s")),
        None => Check::good("clock difference", "the server does not say its time"),
    });
}

/// The account, once it was let in.
async fn server_checks(common: &Common, checks: &mut Vec<Check>) -> Option<(Account, Secret)> {
    let (account, password) = who(common, checks).await?;
    let host = account.server.host_label();
    let begun = Instant::now();
    let signing = Client::sign_in(account.server.clone(), &account.user, password.clone(), pace(common));
    let client = match signing.await {
        Ok(client) => client,
        Err(error) if on_the_way(&error) => {
            checks.push(Check::bad("connection", error));
            return None;
        }
        Err(error) => {
            checks.push(Check::good("connection", host));
            checks.push(Check::bad("login", error));
            return None;
        }
    };
    checks.push(Check::good("connection", format!("{host}, {} ms", begun.elapsed().as_millis())));
    checks.push(Check::good("login", format!("accepted ({})", client.login_shape())));
    let stopped = tokio::select! {
        () = of_the_session(&client, &account, checks) => false,
        () = interrupted() => true,
    };
    end(&client).await;
    if stopped {
        checks.push(Check::bad(
            "interrupted",
            Failure::of("interrupted", "what comes after was not checked: run it again"),
        ));
        return None;
    }
    Some((account, password))
}

/// Runs it.
pub async fn run(common: &Common, args: &Doctor) -> Result<(), Failure> {
    let mut checks = vec![data_folder()];
    let let_in = server_checks(common, &mut checks).await;
    checks.push(match atalaya_player::default_output() {
        Ok(device) => Check::good("audio device", device),
        Err(error) => Check::bad("audio device", error),
    });
    let kind = tokio::task::spawn_blocking(|| atalaya_store::secrets::open_secret_store(false).kind()).await;
    checks.push(match kind {
        Ok(SecretStoreKind::Os) => Check::good("secret store", "the system's"),
        _ => Check::bad(
            "secret store",
            Failure::of("noSecretStore", "none: passwords last only until the program ends"),
        ),
    });
    let failed: Vec<_> = checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
    let failure = (!failed.is_empty()).then(|| Failure::new(format!("not in order: {}", failed.join(", "))));
    print(checks, args.json)?;
    if let Some(file) = &args.record {
        let (account, password) = let_in.ok_or_else(|| {
            Failure::of(
                "nothingRecorded",
                "no shapes were recorded: nobody could sign in; put that in order first",
            )
        })?;
        record::run(&account, &password, file, args.yes).await?;
    }
    failure.map_or(Ok(()), Err)
}

fn print(checks: Vec<Check>, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &Report { checks })?;
        writeln!(out)?;
    } else {
        for check in &checks {
            writeln!(out, "{:<4}{:<18}{}", if check.ok { "ok" } else { "NO" }, check.name, check.detail)?;
        }
    }
    Ok(())
}
