//! `doctor`: checks everything a person would ring support about, and says it all even when something fails.

use std::io::Write;
use std::time::Instant;

use atalaya_store::secrets::SecretStoreKind;
use atalaya_ucontact::{Client, Options, Server};
use serde::Serialize;

use crate::args::{Common, Doctor};
use crate::connect::{account, password, store};
use crate::failure::Failure;

/// One thing checked.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    fn good(name: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { name, ok: true, detail: detail.to_string() }
    }

    fn bad(name: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { name, ok: false, detail: detail.to_string() }
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
                "answers with something for a recording that does not exist: check its address",
            ),
            Err(error) => Check::bad(name, error),
        });
    }
}

async fn server_checks(common: &Common, checks: &mut Vec<Check>) -> Result<(), Failure> {
    let store = store()?;
    let account = account(common, &store)?;
    let password = password(&account).await?;
    let host = account.server.host_label();
    let begun = Instant::now();
    match Client::sign_in(account.server.clone(), &account.user, password, Options::default()).await {
        Ok(client) => {
            checks.push(Check::good("connection", format!("{host}, {} ms", begun.elapsed().as_millis())));
            checks.push(Check::good("login", format!("accepted ({})", client.login_shape())));
            checks.push(match client.campaigns().await {
                Ok(reply) => Check::good("campaigns", format!("{} seen", reply.value.len())),
                Err(error) => Check::bad("campaigns", error),
            });
            places(&client, &account.server, checks).await;
            checks.push(match client.clock_difference_secs() {
                Some(secs) => Check::good("clock difference", format!("{secs} s")),
                None => Check::good("clock difference", "the server does not say its time"),
            });
            client.end_session().await;
        }
        Err(error) => checks.push(Check::bad("login", error)),
    }
    Ok(())
}

/// Runs it.
pub async fn run(common: &Common, args: &Doctor) -> Result<(), Failure> {
    let mut checks = Vec::new();
    server_checks(common, &mut checks).await?;
    checks.push(match atalaya_player::default_output() {
        Ok(device) => Check::good("audio device", device),
        Err(error) => Check::bad("audio device", error),
    });
    let kind = tokio::task::spawn_blocking(|| atalaya_store::secrets::open_secret_store(false).kind()).await;
    checks.push(match kind {
        Ok(SecretStoreKind::Os) => Check::good("secret store", "the system's"),
        _ => Check::bad("secret store", "none: passwords last only until the program ends"),
    });
    let failed: Vec<_> = checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
    let failure = (!failed.is_empty()).then(|| Failure::new(format!("not in order: {}", failed.join(", "))));
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &Report { checks })?;
        writeln!(out)?;
    } else {
        for check in &checks {
            writeln!(out, "{:<4}{:<18}{}", if check.ok { "ok" } else { "NO" }, check.name, check.detail)?;
        }
    }
    failure.map_or(Ok(()), Err)
}
