//! What may be typed of updates.

use clap::{Args, Subcommand};

/// `update`
#[derive(Args)]
pub struct UpdateArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: UpdateCommand,
    /// The channel: the address of its file, https. Without it, the administrator's or the one chosen in Settings; where the
    /// administrator names one, no other is asked.
    #[arg(long, global = true, value_name = "URL")]
    pub channel: Option<String>,
    /// Which package, where it cannot be told how this copy came here.
    #[arg(long, global = true, value_name = "KEY", value_parser = ["linux-x86_64-deb", "linux-x86_64-rpm", "windows-x86_64-nsis"])]
    pub bundle: Option<String>,
    /// JSON, one object.
    #[arg(long, global = true)]
    pub json: bool,
}

/// The steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum UpdateCommand {
    /// Say whether there is a newer version, and what changed in it.
    Check,
    /// Fetch it and check whose it is; nothing is installed.
    Download,
    /// Fetch, check and install it. The data are copied first.
    Install,
    /// Install the version before again.
    Back,
}
