//! `atalaya-release`: makes keys, and signs what `cargo xtask release` has built.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use atalaya_clock::Clock;
use atalaya_release::{Error, Signer, Wish, new_key, notes, release};
use atalaya_update::{Bundle, Version};
use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};

/// Keys and signatures of releases.
#[derive(Parser)]
#[command(name = "atalaya-release")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a pair of keys, with the password of `ATALAYA_RELEASE_KEY_PASSWORD` if it is set.
    Key {
        /// Where the private one goes.
        file: PathBuf,
    },
    /// Sign packages and what the channel says of them, with the key of `ATALAYA_RELEASE_KEY` or of the file that
    /// `ATALAYA_RELEASE_KEY_FILE` names.
    Sign(Sign),
}

#[derive(Args)]
struct Sign {
    /// Where the release is put together.
    #[arg(long)]
    folder: PathBuf,
    /// The public keys the program is built with.
    #[arg(long)]
    keys: PathBuf,
    /// Which version.
    #[arg(long)]
    version: Version,
    /// To how many of a hundred computers at first.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: u8,
    /// Not before this moment, as in 2026-12-01T08:00:00Z.
    #[arg(long)]
    not_before: Option<DateTime<Utc>>,
    /// The folder of what changed.
    #[arg(long)]
    notes: PathBuf,
    /// The channel's file of before.
    #[arg(long)]
    earlier: Option<PathBuf>,
    /// Packages, each as KEY=FILE.
    packages: Vec<String>,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Key { file } => new_key(&file, password()).map(|line| println!("{line}")),
        Command::Sign(args) => sign(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn password() -> Option<String> {
    std::env::var("ATALAYA_RELEASE_KEY_PASSWORD").ok().filter(|password| !password.is_empty())
}

fn key() -> Result<Signer, Error> {
    let text = match (std::env::var("ATALAYA_RELEASE_KEY"), std::env::var_os("ATALAYA_RELEASE_KEY_FILE")) {
        (Ok(text), _) if !text.trim().is_empty() => text,
        (_, Some(file)) => {
            let file = PathBuf::from(file);
            std::fs::read_to_string(&file).map_err(|source| Error::File { path: file, source })?
        }
        _ => return Err(Error::NoKey),
    };
    Signer::of(&text, password())
}

fn sign(args: Sign) -> Result<(), Error> {
    let signer = key()?;
    let mut packages = BTreeMap::new();
    for package in &args.packages {
        let (key, file) = package.split_once('=').ok_or(Error::Nothing)?;
        let bundle = Bundle::named(key).ok_or(Error::Nothing)?;
        packages.insert(bundle.key(), PathBuf::from(file));
    }
    let wish = Wish {
        notes: notes(&args.notes, &args.version)?,
        version: args.version,
        packages,
        percent: args.percent,
        not_before: args.not_before,
        issued: DateTime::from_timestamp_millis(Clock::system().now_ms()).unwrap_or_default(),
        earlier: args.earlier,
    };
    let keys =
        std::fs::read_to_string(&args.keys).map_err(|source| Error::File { path: args.keys, source })?;
    let manifest = release(&wish, &signer, &keys, &args.folder)?;
    for release in &manifest.releases {
        println!(
            "{} for {} %: {}",
            release.version,
            release.percent,
            release.bundles.keys().cloned().collect::<Vec<_>>().join(", ")
        );
    }
    Ok(())
}
