//! What the commands of a team take.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Where the team's database is.
#[derive(Args)]
pub struct TeamAddress {
    /// The team's database, for example <postgres://ana@db.example/team>: without a password, which comes from
    /// `ATALAYA_TEAM_PASSWORD`, the system's secret store, or a prompt.
    #[arg(long = "team", value_name = "URL")]
    pub url: String,
}

/// `team`
#[derive(Subcommand)]
pub enum TeamCommand {
    /// Make the team's tables and roles, or bring them up to date; as the database's owner. --server names the contact
    /// centre.
    Init(TeamAddress),
    /// Add a member, or give one another role and a new password; as the database's owner.
    Add(TeamAdd),
    /// Take a member out: no way in any more, nothing held; what they judged stays. As the database's owner.
    Remove(TeamRemove),
    /// Who belongs to the team, who is here, and who asks.
    Status(TeamStatus),
}

/// What a member is.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TeamRole {
    /// Watches the floor.
    Supervisor,
    /// Judges calls.
    Analyst,
    /// Both, and makes the house rules.
    Lead,
}

/// `team add`
#[derive(Args)]
pub struct TeamAdd {
    /// The member's name: small letters, digits, dots, dashes.
    pub name: String,
    /// What they are.
    #[arg(long, value_enum)]
    pub role: TeamRole,
    /// Write what they need to join, their password with it, into this file; without it the password is printed.
    #[arg(long, value_name = "FILE")]
    pub invitation: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub team: TeamAddress,
}

/// `team remove`
#[derive(Args)]
pub struct TeamRemove {
    /// The member's name.
    pub name: String,
    /// JSON: {"outcome":"done|refused|unknown","detail"}.
    #[arg(long)]
    pub json: bool,
    /// Take them out without asking.
    #[arg(long)]
    pub yes: bool,
    /// Where.
    #[command(flatten)]
    pub team: TeamAddress,
}

/// `team status`
#[derive(Args)]
pub struct TeamStatus {
    /// JSON.
    #[arg(long)]
    pub json: bool,
    /// Where.
    #[command(flatten)]
    pub team: TeamAddress,
}

/// `watch`
#[derive(Args)]
pub struct Watch {
    /// Where.
    #[command(flatten)]
    pub team: TeamAddress,
}
