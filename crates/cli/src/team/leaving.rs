//! `team remove`: somebody is taken out of the team, asked first, with three outcomes.

use serde::Serialize;

use super::connected;
use crate::args::team::TeamRemove;
use crate::connect::interrupted;
use crate::failure::Failure;
use crate::operations::asking;

/// `--json`
#[derive(Serialize)]
struct Told<'a> {
    outcome: &'a str,
    /// Of what was not done the code of why.
    detail: Option<&'a str>,
}

/// Runs it.
pub async fn run(args: &TeamRemove) -> Result<(), Failure> {
    let done = remove(args).await;
    let told = match &done {
        Ok(_) => Some(Told { outcome: "done", detail: None }),
        Err(failure) if failure.status == 3 => Some(Told { outcome: "unknown", detail: Some(failure.code) }),
        Err(failure) if failure.status == 1 => Some(Told { outcome: "refused", detail: Some(failure.code) }),
        // Of wrong usage there is nothing to tell a script but that.
        Err(_) => None,
    };
    if let Some(told) = told.filter(|_| args.json) {
        println!("{}", serde_json::to_string(&told)?);
    }
    let said = done?;
    if !args.json {
        println!("{said}");
    }
    Ok(())
}

async fn remove(args: &TeamRemove) -> Result<String, Failure> {
    if !args.yes && !asking::possible() {
        return Err(Failure::usage("nobody is there to ask: give --yes to take them out"));
    }
    let name = &args.name;
    let (_, mut connection) = connected(&args.team).await?;
    let Some(role) = atalaya_team::role_of(&connection, name).await? else {
        return Err(atalaya_team::Error::NoMember { name: name.clone() }.into());
    };
    if !args.yes {
        let question = format!(
            "This takes {name} ({role}) out of the team: their password is good for nothing any more, their desks go on alone, and \
             calls they hold are free within half an hour. What they judged stays.\nTake them out? [y/N] "
        );
        let agreed = tokio::select! {
            agreed = asking::agreed_to(question) => agreed,
            () = interrupted() => false,
        };
        if !agreed {
            return Err(Failure::of("declined", "nothing was changed"));
        }
    }
    match atalaya_team::remove(&mut connection, name).await {
        Ok(removed) => Ok(said(name, removed)),
        Err(error @ atalaya_team::Error::Undecided { .. }) => Err(Failure::unknown(
            error.code(),
            format!(
                "{name} may have been taken out: {error}; look with atalaya-cli team status, and do it again if they are there"
            ),
        )),
        Err(error) => Err(Failure::of(error.code(), format!("not done: {error}"))),
    }
}

fn said(name: &str, removed: atalaya_team::Removed) -> String {
    let asked = if removed.asked { "; another desk asks the server from now on" } else { "" };
    let open = if removed.ended.is_none() {
        "; what was open is still, sees nothing and can say nothing"
    } else {
        ""
    };
    format!("{name} is out of the team{asked}{open}")
}
