//! What may be typed.

mod acting;
pub mod team;
pub mod update;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::args::team::{TeamCommand, Watch};
use crate::args::update::UpdateArgs;

pub use acting::{
    BlacklistArgs, BlacklistCommand, CallCommand, CallStart, DialerCommand, DialerTask, DialerUpload,
    DispositionArgs, Mode, QueueAdd, QueueCommand, Sending, SmsCommand, SmsUpload, TagArgs,
};

/// uContact contact centres from the command line.
#[derive(Parser)]
#[command(name = "atalaya-cli", version, about)]
pub struct Cli {
    /// What every command that talks to a server takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// How to reach a server. The password comes from `ATALAYA_PASSWORD`, the system's secret store, or a prompt; never
/// from an argument.
#[derive(Args)]
pub struct Common {
    /// Server address, for example <https://name.ucontactcloud.com>; without it, the profile used last.
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
    /// User name.
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// Host that keeps recordings, when it is not the server.
    #[arg(long, global = true, value_name = "URL")]
    pub telephony_url: Option<String>,
    /// Host that keeps older recordings.
    #[arg(long, global = true, value_name = "URL")]
    pub backup_url: Option<String>,
    /// File (PEM or DER) with certificates to trust as well: an authority's, or the server's own.
    #[arg(long, global = true, value_name = "FILE")]
    pub extra_ca: Option<PathBuf>,
    /// How many requests a second the server may be asked. Agents take one for each campaign.
    #[arg(long, global = true, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub requests_per_second: u16,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Run the simulated contact centre alone; prints its addresses, user and password.
    Simulate(Simulate),
    /// The live floor.
    Floor(Floor),
    /// A team of many desks: its tables, its members, who asks.
    #[command(subcommand)]
    Team(TeamCommand),
    /// Ask the server for a team, or stand by to ask, around the clock; a line each minute. The floor's history is kept.
    Watch(Watch),
    /// Search calls.
    Calls(Calls),
    /// Fetch one recording.
    Recording(RecordingArgs),
    /// Check connection, login, places of recordings, audio device, secret store, clock.
    Doctor(Doctor),
    /// Place a call for an agent, or cut one.
    #[command(subcommand)]
    Call(CallCommand),
    /// Who takes a campaign's calls.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Numbers that are not to be called.
    #[command(subcommand)]
    Blacklist(BlacklistCommand),
    /// What a dialer is given to call, and what is taken from it.
    #[command(subcommand)]
    Dialer(DialerCommand),
    /// Text messages.
    #[command(subcommand)]
    Sms(SmsCommand),
    /// Tag a call.
    Tag(TagArgs),
    /// Write a call's tipificación; the dialer's action of it is run.
    Disposition(DispositionArgs),
    /// A newer version of this program: look for it, fetch it, install it, go back.
    Update(UpdateArgs),
    /// Write manual pages and shells' completions, for a package.
    #[command(hide = true)]
    Describe {
        /// The folder; it is made.
        folder: PathBuf,
    },
}

/// `simulate`
#[derive(Args)]
pub struct Simulate {
    /// Port of the API and telephony host; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Port of the backup host; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub backup_port: u16,
    /// How many campaigns.
    #[arg(long, default_value_t = 12)]
    pub campaigns: usize,
    /// How many agents.
    #[arg(long, default_value_t = 300)]
    pub agents: usize,
    /// How many calls a day.
    #[arg(long, default_value_t = 3_000)]
    pub calls: usize,
    /// The same seed gives the same world.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times as fast as outside its time passes.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub pace: u32,
}

/// `floor`
#[derive(Args)]
pub struct Floor {
    /// Only this campaign, name with its suffix; may be given several times.
    #[arg(long = "campaign", value_name = "NAME")]
    pub campaigns: Vec<String>,
    /// Agents too.
    #[arg(long)]
    pub agents: bool,
    /// Go on, one report each three seconds, until interrupted. What fails meanwhile is said on stderr and tried again,
    /// less and less often.
    #[arg(long)]
    pub watch: bool,
    /// JSON, one object (a line each with --watch).
    #[arg(long)]
    pub json: bool,
    /// The next quarter of an hour of each inbound campaign in place of its figures: bands that eight of ten outcomes lie in,
    /// of callers waiting, longest wait and service level in 5, 10 and 15 minutes, how likely and when it becomes red by the
    /// rules the program comes with, or why nothing can be said. The floor is watched for --after seconds first, and nothing
    /// of days before is known; with --watch another one each minute.
    #[arg(long, conflicts_with_all = ["agents", "team"])]
    pub forecast: bool,
    /// With --forecast: watch for so many seconds before the first one. Less than three minutes is too short for any.
    #[arg(long, value_name = "SECS", default_value_t = 185, requires = "forecast")]
    pub after: u64,
    /// With --watch: as a desk of a team, whose database this is. It follows whoever asks, or asks for all; a line for each
    /// picture. The password comes from `ATALAYA_TEAM_PASSWORD`, the system's secret store, or a prompt.
    #[arg(long, value_name = "URL", requires = "watch")]
    pub team: Option<String>,
}

/// `calls`
#[derive(Args)]
pub struct Calls {
    /// First moment, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS")]
    pub from: String,
    /// Last moment, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS")]
    pub to: String,
    /// Agent's user name.
    #[arg(long, default_value = "")]
    pub agent: String,
    /// Campaign, name with its suffix.
    #[arg(long, default_value = "")]
    pub campaign: String,
    /// Calling number.
    #[arg(long, default_value = "")]
    pub source: String,
    /// Called number.
    #[arg(long, default_value = "")]
    pub destination: String,
    /// Text of a tag.
    #[arg(long, default_value = "")]
    pub tag: String,
    /// Rating.
    #[arg(long, default_value = "")]
    pub rating: String,
    /// Shortest call, seconds.
    #[arg(long)]
    pub min_duration: Option<u32>,
    /// A number to leave out.
    #[arg(long, default_value = "")]
    pub exclude: String,
    /// Rows asked for in one page.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub page_size: u32,
    /// JSON.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Write CSV to a file; - is standard output.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// With --csv: for Excel and the like, not for a program. Its accents are read, its cells are parted as this computer's
    /// language parts them, and what a spreadsheet would run is made inert.
    #[arg(long, requires = "csv")]
    pub excel: bool,
}

/// `recording`
#[derive(Args)]
pub struct RecordingArgs {
    /// The call's guid.
    pub guid: String,
    /// Day of the call.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: String,
    /// Ask the server to convert it when it is nowhere.
    #[arg(long)]
    pub convert: bool,
    /// Print a line for each place tried, on stderr.
    #[arg(long)]
    pub trace: bool,
    /// Decode it, whatever the name of the file.
    #[arg(long)]
    pub wav: bool,
    /// Write what can be heard of it as JSON (silence, hold, level, clipping, talking over each other) instead of the
    /// recording.
    #[arg(long, conflicts_with = "wav")]
    pub sound: bool,
    /// Where to write it; a name ending in .wav decodes it, - is standard output.
    #[arg(short, long, value_name = "FILE", required_unless_present = "sound")]
    pub output: Option<PathBuf>,
}

/// `doctor`
#[derive(Args)]
pub struct Doctor {
    /// JSON.
    #[arg(long)]
    pub json: bool,
    /// Write down which shapes the server's answers have: fields, types and forms, and no value of any. It is shown before
    /// it is kept, and sent nowhere.
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Keep the record without asking.
    #[arg(long, requires = "record")]
    pub yes: bool,
}
