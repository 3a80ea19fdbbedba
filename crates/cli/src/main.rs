//! `atalaya-cli`: the same crates as the window, for scripts, support and headless machines.
//!
//! Exit status: 0 done, 1 failed (one line on stderr: what, why, what to do), 2 wrong usage, 3 unknown: it may have been
//! done. Every command signs out after itself, and only what changes something on the server keeps anything on this
//! computer: its line in the trail. Left out on purpose: a window, and everything WebKitGTK.

mod args;
mod calls;
mod connect;
mod decided;
mod described;
mod doctor;
mod failure;
mod floor;
mod forecast;
mod operations;
mod output;
mod record;
mod recording;
mod simulate;
mod team;
mod update;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::operations::Wanted;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // A log that is kept or searched has no colour codes in it.
    let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    tracing_subscriber::fmt()
        .with_ansi(std::io::stderr().is_terminal() && !colourless)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("ATALAYA_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off")),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = match cli.command {
        Command::Simulate(args) => simulate::run(args).await,
        Command::Floor(args) if args.forecast => forecast::run(&cli.common, &args).await,
        Command::Describe { folder } => described::run(&folder),
        Command::Floor(args) => floor::run(&cli.common, &args).await,
        Command::Team(args) => team::run(&cli.common, args).await,
        Command::Watch(args) => team::watch(&cli.common, &args).await,
        Command::Calls(args) => calls::run(&cli.common, &args).await,
        Command::Recording(args) => recording::run(&cli.common, &args).await,
        Command::Doctor(args) => doctor::run(&cli.common, &args).await,
        Command::Call(args) => operations::run(&cli.common, Wanted::call(args)).await,
        Command::Queue(args) => operations::run(&cli.common, Wanted::queue(args)).await,
        Command::Blacklist(args) => operations::run(&cli.common, Wanted::blacklist(args)).await,
        Command::Dialer(args) => operations::run(&cli.common, Wanted::dialer(args)).await,
        Command::Sms(args) => operations::run(&cli.common, Wanted::sms(args)).await,
        Command::Tag(args) => operations::run(&cli.common, Wanted::tag(args)).await,
        Command::Update(args) => update::run(&cli.common, &args).await,
        Command::Disposition(args) => operations::run(&cli.common, Wanted::disposition(args)).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // The terminal may be gone: that is no second failure.
            let _ = writeln!(std::io::stderr(), "{failure}");
            ExitCode::from(failure.status)
        }
    }
}
