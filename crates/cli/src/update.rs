//! `update`: a newer version looked for, fetched, installed, and the way back, each when it is asked for.

use std::io::{IsTerminal, Write};

use atalaya_clock::Clock;
use atalaya_language::Language;
use atalaya_store::{Paths, untouched};
use atalaya_update::allowed::Busy;
use atalaya_update::back::Way;
use atalaya_update::decide::Waits;
use atalaya_update::install::{Installed, Tools};
use atalaya_update::{
    Bundle, Channel, Error, Fetched, Finding, Folder, Keys, Looked, Notes, Policy, Progress, Running, Steps,
    running,
};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::args::Common;
use crate::args::update::{UpdateArgs, UpdateCommand};
use crate::failure::Failure;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Off | Error::Address(_) => Self::usage(&error).named(error.code()),
            Error::Unknown(_) => Self::unknown(error.code(), &error),
            _ => Self::of(error.code(), &error),
        }
    }
}

pub async fn run(common: &Common, args: &UpdateArgs) -> Result<(), Failure> {
    let mut said = Said { json: args.json, object: Map::new() };
    let done = step(common, args, &mut said).await;
    if let Err(failure) = &done {
        said.put("code", failure.code);
        said.put("why", failure.to_string());
    }
    // What is known is said also when the step failed.
    if args.json {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer(&mut out, &said.object)?;
        writeln!(out)?;
    }
    done
}

async fn step(common: &Common, args: &UpdateArgs, said: &mut Said) -> Result<(), Failure> {
    let version = running();
    said.put("running", version.to_string());
    let paths = Paths::named().ok_or_else(|| {
        Failure::of("storeFolder", "this system names no data folder: set ATALAYA_HOME to a folder of yours")
    })?;
    let tools = Tools::of_this_computer();
    let came_by = std::env::current_exe().and_then(std::fs::canonicalize).ok();
    let came_by = came_by.and_then(|program| tools.bundle_of(&program));
    let installs = matches!(args.command, UpdateCommand::Install | UpdateCommand::Back);
    let asked = args.bundle.as_deref().and_then(Bundle::named);
    if installs && (came_by.is_none() || asked.is_some_and(|asked| Some(asked) != came_by)) {
        return Err(Error::NotPackaged.into());
    }
    let bundle = asked.or(came_by).ok_or_else(|| {
        Failure::usage("this copy was not installed by a package: say which one with --bundle")
            .named("updateNotPackaged")
    })?;
    said.put("bundle", bundle.key());
    let keys = Keys::of_this_program()?;
    if args.command == UpdateCommand::Back {
        let mut steps = Steps { folder: Folder::open(&paths)?, running: version, bundle };
        return back(&mut steps, &paths, &keys, &tools, said);
    }
    let policy = Policy::of_this_computer()?;
    let chosen = match &args.channel {
        Some(channel) => Some(channel.clone()),
        None => chosen(&paths)?,
    };
    let address = policy.channel(chosen.as_deref())?;
    let authority = common.extra_ca.as_deref().or(policy.authority.as_deref());
    let channel = Channel::open(address, keys, authority)?;
    said.put("channel", channel.address());
    if args.command == UpdateCommand::Install {
        Running::nobody(&paths)?;
    }
    let mut steps = Steps { folder: Folder::open(&paths)?, running: version, bundle };
    let looked = steps.look(&channel, now()?).await?;
    found(&looked, said);
    if args.command == UpdateCommand::Check {
        return Ok(());
    }
    let fetched = steps.fetch(&channel, &looked, progress(args.json)).await?;
    said.put("package", fetched.path.display().to_string());
    said.put("wayBack", fetched.before.is_some());
    if args.command == UpdateCommand::Download {
        said.line(format!("Fetched and checked: {}", fetched.path.display()));
        return Ok(());
    }
    install(&mut steps, &fetched, &channel, &tools, said)
}

fn install(
    steps: &mut Steps,
    fetched: &Fetched,
    channel: &Channel,
    tools: &Tools,
    said: &mut Said,
) -> Result<(), Failure> {
    if fetched.before.is_none() {
        said.line(format!("The channel no longer has {}: there will be no way back to it.", steps.running));
    }
    let installed = steps.install(fetched, channel.keys(), tools, Busy::default(), now()?)?;
    said.installed(&fetched.wanted.version.to_string(), installed);
    Ok(())
}

fn back(
    steps: &mut Steps,
    paths: &Paths,
    keys: &Keys,
    tools: &Tools,
    said: &mut Said,
) -> Result<(), Failure> {
    Running::nobody(paths)?;
    let way = steps.folder.way_back(&steps.running)?;
    of_the_data(&way, said);
    let installed = steps.go_back(&way, keys, tools, Busy::default())?;
    said.installed(&way.package.version.to_string(), installed);
    Ok(())
}

fn of_the_data(way: &Way, said: &mut Said) {
    said.put("dataOf", way.data_of.map_or(Value::Null, |at| json!(at)));
    said.put("historyAside", way.history_aside);
    if let Some(at) = way.data_of {
        said.line(format!("The data of {at} come back; what was written since is set aside beside them."));
    }
    if way.history_aside {
        said.line("The floor's history is set aside: the version before cannot read it.");
    }
}

fn found(looked: &Looked, said: &mut Said) {
    match &looked.finding {
        Finding::Newest => {
            said.put("found", "newest");
            said.line("The newest version there is runs here.");
        }
        Finding::Newer { wanted, notes } => {
            said.put("found", "newer");
            said.put("version", wanted.version.to_string());
            said.put("size", wanted.package.size);
            said.put("notes", json!(notes));
            said.line(format!("There is a new version: {}", wanted.version));
            let notes = of_this_language(notes).trim();
            if !notes.is_empty() {
                said.line(plain(notes));
            }
        }
        Finding::Later { version, why } => {
            said.put("found", "later");
            said.put("version", version.to_string());
            let (name, words) = match why {
                Waits::Staged(percent) => {
                    said.put("percent", *percent);
                    (
                        "staged",
                        format!("it is handed out in steps ({percent} % by now), not to this computer yet"),
                    )
                }
                Waits::NotBefore(at) => {
                    said.put("notBefore", json!(at));
                    ("notBefore", format!("not before {at}"))
                }
                Waits::NoPackage => ("noPackage", "it has no package for this computer".to_owned()),
            };
            said.put("waits", name);
            said.line(format!("There is a new version, {version}: {words}."));
        }
    }
}

fn of_this_language(notes: &Notes) -> &str {
    match Language::of_this_computer() {
        Language::Spanish => &notes.es,
        Language::Portuguese => &notes.pt_br,
        Language::English => &notes.en,
    }
}

/// What comes from elsewhere moves no cursor.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

/// The channel that was chosen in the window.
fn chosen(paths: &Paths) -> Result<Option<String>, Failure> {
    let settings: Option<Value> = untouched::setting(&paths.database(), "settings")?;
    Ok(settings.and_then(|settings| settings["updateChannel"].as_str().map(str::to_owned)))
}

fn now() -> Result<DateTime<Utc>, Failure> {
    DateTime::from_timestamp_millis(Clock::system().now_ms())
        .ok_or_else(|| Failure::new("this computer's clock is wrong"))
}

/// A line that is written over, where somebody looks.
fn progress(json: bool) -> impl Fn(Progress) {
    let shown = !json && std::io::stderr().is_terminal();
    let last = std::cell::Cell::new(None);
    move |progress: Progress| {
        let percent = progress.came * 100 / progress.of.max(1);
        if shown && last.replace(Some(percent)) != Some(percent) {
            let end = if percent == 100 { "\n" } else { "" };
            eprint!("\r{percent} %{end}");
        }
    }
}

/// What is said: lines as they come, or one object at the end.
struct Said {
    json: bool,
    object: Map<String, Value>,
}

impl Said {
    fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.object.insert(name.to_owned(), value.into());
    }

    fn line(&self, text: impl std::fmt::Display) {
        if !self.json {
            // Whoever read it may be gone.
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    fn installed(&mut self, version: &str, installed: Installed) {
        let (outcome, words) = match installed {
            Installed::Done => (
                "done",
                format!("{version} is installed; what is open goes on as it was until it is closed."),
            ),
            Installed::Waits => {
                ("waits", format!("The installer of {version} runs, and waits until Atalaya is closed."))
            }
        };
        self.put("outcome", outcome);
        self.put("installed", version);
        self.line(words);
    }
}
