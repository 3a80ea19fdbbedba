//! `team` and `watch`: a team's tables and members, who asks, and a program that asks around the clock.
//!
//! Left out on purpose: what a role may do (the database's), and the window's way of joining.

mod leaving;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use atalaya_export::Unfinished;
use atalaya_floor::{Floor, PollOptions, Wished};
use atalaya_history::{Bounds, History};
use atalaya_store::Paths;
use atalaya_team::wire::{TeamPart, TeamState};
use atalaya_team::{Address, Connection, Joining, Link, Role, Says, Seat};
use atalaya_teampast::{Errand, Hours};
use atalaya_ucontact::{Client, Secret, Server};
use serde::Serialize;

use crate::args::team::{TeamAdd, TeamAddress, TeamCommand, TeamRole, TeamStatus, Watch};
use crate::args::{Common, Floor as FloorArgs};
use crate::connect::{Keeping, account, end, sign_in, store};
use crate::failure::Failure;
use crate::floor;

/// A line of `watch`.
const TOLD_EVERY: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_secs(1);

impl From<atalaya_team::Error> for Failure {
    fn from(error: atalaya_team::Error) -> Self {
        let failure = Self::of(error.code(), &error);
        match error {
            atalaya_team::Error::Address { .. } | atalaya_team::Error::Name { .. } => {
                Self::usage(&error).named(error.code())
            }
            _ => failure,
        }
    }
}

/// `ATALAYA_TEAM_PASSWORD`, else the secret store, else a prompt when there is a terminal.
async fn password(address: &Address) -> Result<Secret, Failure> {
    if let Ok(password) = std::env::var("ATALAYA_TEAM_PASSWORD")
        && !password.is_empty()
    {
        return Ok(Secret::new(password));
    }
    let key = address.secret_key();
    let stored =
        tokio::task::spawn_blocking(move || atalaya_store::secrets::open_secret_store(false).get(&key)).await;
    if let Ok(Ok(Some(password))) = stored {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        let sentence = "no password of the team: set ATALAYA_TEAM_PASSWORD, or run this in a terminal";
        return Err(Failure::usage(sentence).named("teamPasswordNeeded"));
    }
    let prompt = format!("Password of {} at {}: ", address.user(), address.label());
    let typed = tokio::task::spawn_blocking(move || rpassword::prompt_password(prompt))
        .await
        .map_err(|_| Failure::new("the password prompt failed"))??;
    Ok(Secret::new(typed))
}

async fn connected(team: &TeamAddress) -> Result<(Address, Connection), Failure> {
    let address = Address::parse(&team.url)?;
    let connection = Connection::open(&address, &password(&address).await?).await?;
    Ok((address, connection))
}

/// The canonical address of the centre the options or the last profile name.
fn named_centre(common: &Common) -> Result<Option<String>, Failure> {
    if let Some(server) = &common.server {
        return Ok(Some(Server::parse(server, None, None, None)?.base.to_string()));
    }
    Ok(account(common, &store(Keeping::Nothing)?).ok().map(|account| account.server.base.to_string()))
}

/// The centre meant: the one named, else the only one of the team.
async fn centre(common: &Common, connection: &Connection) -> Result<String, Failure> {
    let all = atalaya_team::centres(connection).await?;
    if let Some(named) = named_centre(common)?.filter(|named| common.server.is_some() || all.contains(named))
    {
        return Ok(named);
    }
    match all.as_slice() {
        [only] => Ok(only.clone()),
        [] => Err(Failure::of("teamNoSeat", "this member has no seat in any centre of the team")),
        several => Err(Failure::usage(format!(
            "the team watches several centres: name one with --server ({})",
            several.join(", ")
        ))
        .named("noServer")),
    }
}

/// Runs `team`.
pub async fn run(common: &Common, command: TeamCommand) -> Result<(), Failure> {
    match command {
        TeamCommand::Init(team) => init(common, &team).await,
        TeamCommand::Add(args) => add(common, &args).await,
        TeamCommand::Remove(args) => leaving::run(&args).await,
        TeamCommand::Status(args) => status(common, &args).await,
    }
}

async fn init(common: &Common, team: &TeamAddress) -> Result<(), Failure> {
    let Some(server) = named_centre(common)? else {
        return Err(Failure::usage("no contact centre: name it with --server URL").named("noServer"));
    };
    let (address, mut connection) = connected(team).await?;
    let made = atalaya_team::init(&mut connection, &server).await?;
    if made.is_empty() {
        println!("{}: up to date, version {}", address.label(), atalaya_team::known());
    } else {
        println!("{}: version {} made for {server}", address.label(), atalaya_team::known());
    }
    println!("Add people with: atalaya-cli team add NAME --role supervisor|analyst|lead --team '{address}'");
    Ok(())
}

async fn add(common: &Common, args: &TeamAdd) -> Result<(), Failure> {
    let role = match args.role {
        TeamRole::Supervisor => Role::Supervisor,
        TeamRole::Analyst => Role::Analyst,
        TeamRole::Lead => Role::Lead,
    };
    let (address, mut connection) = connected(&args.team).await?;
    let server = centre(common, &connection).await?;
    let unwritten = |file: &Path| {
        let file = file.display().to_string();
        move |error: std::io::Error| Failure::of("exportFailed", format!("{file} cannot be written: {error}"))
    };
    // Before anything is changed: a password that nobody has would lock the member out.
    let file = args.invitation.as_deref();
    let begun = file.map(|file| Unfinished::begin_private(file).map_err(unwritten(file))).transpose()?;
    let invitation = atalaya_team::add(&mut connection, &address, &server, &args.name, role).await?;
    match file.zip(begun) {
        Some((file, mut begun)) => {
            begun
                .write_all(invitation.to_json().as_bytes())
                .and_then(|()| begun.finish())
                .map_err(unwritten(file))?;
            println!("{} ({role}): {} has what they need, their password with it", args.name, file.display());
        }
        None => {
            println!("name      {}", args.name);
            println!("role      {role}");
            println!("team      {}", invitation.team);
            println!("password  {}", invitation.password.expose());
        }
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    schema: i32,
    members: Vec<atalaya_team::Member>,
    desks: u32,
    poller: Option<Poller>,
    lag_ms: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Poller {
    person: String,
    desk: String,
    epoch: i64,
    since_ms: i64,
}

async fn status(common: &Common, args: &TeamStatus) -> Result<(), Failure> {
    let (_, connection) = connected(&args.team).await?;
    let schema = atalaya_team::done(&connection).await?;
    let server = centre(common, &connection).await?;
    let members = atalaya_team::list(&connection, &server).await?;
    let stands = atalaya_team::stands(&connection, &server).await?;
    let status = Status {
        schema,
        desks: members.iter().map(|member| member.desks).sum(),
        members,
        poller: stands.holder.map(|holder| Poller {
            person: holder.person,
            desk: holder.machine,
            epoch: stands.epoch,
            since_ms: holder.since_ms,
        }),
        lag_ms: stands.reading_age_ms,
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &status)?;
        writeln!(out)?;
        return Ok(());
    }
    writeln!(out, "version   {}", status.schema)?;
    writeln!(out, "desks     {}", status.desks)?;
    match &status.poller {
        Some(poller) => {
            writeln!(out, "asks      {} at {} (epoch {})", poller.person, poller.desk, poller.epoch)?;
        }
        None => writeln!(out, "asks      nobody")?,
    }
    if let Some(lag_ms) = status.lag_ms {
        writeln!(out, "last read {:.1} s ago", lag_ms as f64 / 1_000.0)?;
    }
    for member in &status.members {
        writeln!(out, "member    {:<24}{:<12}{}", member.name, member.role, member.desks)?;
    }
    Ok(())
}

/// Signs in and joins; what no waiting puts right (a wrong password, no seat, another version) is said at once.
async fn joined(
    common: &Common,
    client: &Client,
    team: &TeamAddress,
) -> Result<(Floor, Link, Joining), Failure> {
    let address = Address::parse(&team.url)?;
    let password = password(&address).await?;
    let connection = Connection::open(&address, &password).await?;
    atalaya_team::check(&connection).await?;
    let seat = Seat {
        server: client.server().base.to_string(),
        desk: atalaya_team::new_desk(),
        machine: atalaya_team::machine(),
    };
    let every = PollOptions::default().every;
    atalaya_team::beat(&connection, &seat, &Wished::default(), Says::Looks, every, client.clock()).await?;
    let options =
        PollOptions { requests_per_second: f64::from(common.requests_per_second), ..PollOptions::default() };
    let floor = Floor::watch(client.clone(), options);
    let joining = Joining { address: address.clone(), password: password.clone(), seat: seat.clone() };
    let link = Link::join(joining, floor.relay(), client.clock().clone());
    Ok((floor, link, Joining { address, password, seat }))
}

/// A floor in its team, until `work` is over or somebody interrupts; then it leaves, so that another asks at once, and
/// signs out.
async fn in_team<T>(
    common: &Common,
    team: &TeamAddress,
    work: impl AsyncFnOnce(&Client, &Floor, &Link, Joining) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let interrupted = crate::connect::interrupted();
    tokio::pin!(interrupted);
    let (client, _) = sign_in(common, Keeping::Nothing).await?;
    let joined = tokio::select! {
        joined = joined(common, &client, team) => joined,
        () = &mut interrupted => Err(Failure::new("interrupted")),
    };
    let done = match joined {
        Err(failure) => Err(failure),
        Ok((floor, link, joining)) => {
            let done = tokio::select! {
                done = work(&client, &floor, &link, joining) => done,
                () = &mut interrupted => Err(Failure::new("interrupted")),
            };
            link.leave().await;
            floor.stop().await;
            done
        }
    };
    end(&client).await;
    done
}

/// Runs `floor --watch --team`: a line for each picture, whoever asked for it.
pub async fn follow(common: &Common, args: &FloorArgs, team: &TeamAddress) -> Result<(), Failure> {
    in_team(common, team, async |_, floor, _, _| {
        floor.set_visible(args.campaigns.clone());
        let mut feed = floor.subscribe();
        let mut printed = None;
        while feed.next().await.is_some() {
            let snapshot = floor.snapshot();
            // A picture is what the campaigns said: agents come in between, and age is none.
            if snapshot.health.last_ok_ms.is_some() && snapshot.health.last_ok_ms != printed {
                printed = snapshot.health.last_ok_ms;
                floor::print_named(&snapshot, args)?;
            }
        }
        Err(Failure::new("the floor is watched no more"))
    })
    .await
}

fn line(state: &TeamState, floor: &Floor, now_ms: i64) -> String {
    let snapshot = floor.snapshot();
    let part = match state.part {
        TeamPart::Joining => "joining",
        TeamPart::Asks => "asks",
        TeamPart::Follows => "follows",
        TeamPart::Waits => "waits for the database",
        TeamPart::Apart => "asks apart from the others",
    };
    let age = snapshot.health.last_ok_ms.map_or_else(
        || "nothing read yet".to_owned(),
        |at| format!("read {} s ago", (now_ms - at).max(0) / 1_000),
    );
    format!(
        "{} {part}, epoch {}, {} desks, {} campaigns, {} agents, {age}, {} requests in a minute",
        floor::utc(now_ms).unwrap_or_default(),
        state.epoch,
        state.desks,
        snapshot.campaigns.len(),
        snapshot.agents.len(),
        snapshot.health.requests_per_minute,
    )
}

/// Runs `watch`: asks, or stands by to ask, around the clock, and keeps the floor's history.
pub async fn watch(common: &Common, args: &Watch) -> Result<(), Failure> {
    let paths = Paths::named().ok_or_else(|| {
        Failure::of("storeFolder", "this system names no data folder: set ATALAYA_HOME to a folder of yours")
    })?;
    in_team(common, &args.team, async |client, floor, link, joining| {
        let history = Arc::new(History::open(&paths.settled().history(), Bounds::default())?);
        let site = history.site(&format!("{}@{}", client.user(), client.server().base))?;
        // What was watched here is handed on, and what was not comes from those who watched.
        let Joining { address, password, seat } = joining;
        let (of, days) = (Arc::clone(&history), Bounds::default().days);
        let errand = Errand { address, password, seat, history: of, site, days };
        let _hours = Hours::begin(errand, link.state(), client.clock().clone());
        // The floor goes on from what this computer saw before.
        let now_ms = client.clock().now_ms();
        floor.recall(history.last_hour(site, now_ms)?, now_ms);
        let (mut tick, mut told, mut part) = (tokio::time::interval(STEP), None, None);
        let mut offset = None;
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            history.take(site, &floor.snapshot());
            let now = floor.server_offset_secs();
            if let Some(secs) = now.filter(|_| now != offset) {
                history.set_offset(site, secs);
                offset = now;
            }
            let state = link.state().borrow().clone();
            let due = told.is_none_or(|at: tokio::time::Instant| at.elapsed() >= TOLD_EVERY);
            if due || part != Some(state.part) {
                (told, part) = (Some(tokio::time::Instant::now()), Some(state.part));
                println!("{}", line(&state, floor, client.clock().now_ms()));
            }
        }
    })
    .await
}
