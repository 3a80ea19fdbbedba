//! `atalaya-cli`: the same crates as the window, for scripts, support and headless machines.
//!
//! Exit status: 0 done, 1 failed (one line on stderr: what, why, what to do), 2 wrong usage. Every command signs out
//! after itself, and none but a conversion keeps anything on this computer. Left out on purpose: a window, and everything WebKitGTK.

mod args;
mod calls;
mod connect;
mod doctor;
mod failure;
mod floor;
mod output;
mod record;
mod recording;
mod simulate;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("ATALAYA_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("off")),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = match cli.command {
        Command::Simulate(args) => simulate::run(args).await,
        Command::Floor(args) => floor::run(&cli.common, &args).await,
        Command::Calls(args) => calls::run(&cli.common, &args).await,
        Command::Recording(args) => recording::run(&cli.common, &args).await,
        Command::Doctor(args) => doctor::run(&cli.common, &args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.status)
        }
    }
}
