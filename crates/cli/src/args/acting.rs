//! What may be typed to change something.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// What every command that changes something takes.
#[derive(Args, Debug, Clone, Copy)]
pub struct Sending {
    /// Print what would be sent, {"operation","fields"}, and send nothing. It signs in nowhere: what only the login knows
    /// (the context of a call, the user of an upload) is as empty as it was typed.
    #[arg(long)]
    pub dry_run: bool,
    /// JSON: {"outcome":"done|refused|unknown","detail","guid"}.
    #[arg(long)]
    pub json: bool,
    /// Send without asking.
    #[arg(long)]
    pub yes: bool,
}

/// `call`
#[derive(Subcommand)]
pub enum CallCommand {
    /// Ring an agent and, once they answer, call a number; prints the call's guid.
    Start(CallStart),
    /// Cut the call an extension is in.
    Hangup(CallHangup),
}

/// `call start`
#[derive(Args)]
pub struct CallStart {
    /// Outbound campaign that counts the call, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Agent's user name.
    #[arg(long, value_name = "NAME")]
    pub agent: String,
    /// Agent's extension, which rings first.
    #[arg(long, value_name = "EXT")]
    pub phone: String,
    /// Number to call.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// Number the call goes out under.
    #[arg(long, value_name = "NUMBER", default_value = "")]
    pub callerid: String,
    /// Agent's context in the telephony; without it, the one the login tells.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub context: String,
    /// JSON for the call's flow.
    #[arg(long, value_name = "JSON")]
    pub data: Option<String>,
    /// Form, or address, to open for the agent.
    #[arg(long, value_name = "NAME")]
    pub form: Option<String>,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `call hangup`
#[derive(Args)]
pub struct CallHangup {
    /// Extension.
    #[arg(long, value_name = "EXT")]
    pub phone: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `queue`
#[derive(Subcommand)]
pub enum QueueCommand {
    /// Add people to a campaign, all in one request. The server offers no way to take them out again.
    Add(QueueAdd),
}

/// `queue add`
#[derive(Args)]
pub struct QueueAdd {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// User name and extension; 1001 is SIP/1001, one with a slash is taken as it is. May be given several times.
    #[arg(long = "member", value_name = "NAME=EXT", required = true, num_args = 1..)]
    pub members: Vec<String>,
    /// The higher, the later their telephones ring.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub penalty: u32,
    /// They begin paused.
    #[arg(long)]
    pub paused: bool,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `blacklist`
#[derive(Subcommand)]
pub enum BlacklistCommand {
    /// Put numbers on the blacklist.
    Add(BlacklistArgs),
    /// Take numbers off the blacklist.
    Remove(BlacklistArgs),
}

/// `blacklist add`, `blacklist remove`
#[derive(Args)]
pub struct BlacklistArgs {
    /// Number.
    #[arg(long, value_name = "NUMBER", required_unless_present = "file")]
    pub phone: Option<String>,
    /// Campaign that is not to call it.
    #[arg(long, value_name = "NAME", default_value = "", conflicts_with = "file")]
    pub campaign: String,
    /// Whose it is.
    #[arg(long, value_name = "NAME", default_value = "", conflicts_with = "file")]
    pub name: String,
    /// Their company.
    #[arg(long, value_name = "NAME", default_value = "", conflicts_with = "file")]
    pub company: String,
    /// What they do there.
    #[arg(long, value_name = "TITLE", default_value = "", conflicts_with = "file")]
    pub job_title: String,
    /// Many numbers in one request: CSV in UTF-8 with the header `phone,campaign,name,company,job_title`, of which all but
    /// phone may be missing.
    #[arg(long, value_name = "FILE", conflicts_with = "phone")]
    pub file: Option<PathBuf>,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer`
#[derive(Subcommand)]
pub enum DialerCommand {
    /// Give a call to a dialer.
    Task(DialerTask),
    /// Schedule a call.
    Schedule(DialerSchedule),
    /// Put a contact of a base back.
    Respool(DialerRespool),
    /// Take a number out of a campaign's dialer.
    Remove(DialerRemove),
    /// Take back what is scheduled for a number between two moments.
    Unschedule(DialerUnschedule),
    /// Upload a base of numbers to call.
    Upload(DialerUpload),
}

/// How a task is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// By the dialer, before everything else.
    Priority,
    /// At once, as if placed by hand.
    Manual,
    /// By the dialer, when it is free.
    Dialer,
    /// By the dialer, at the moment of --at.
    Scheduled,
}

/// `dialer task`
#[derive(Args)]
pub struct DialerTask {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number to call.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// How it is called.
    #[arg(long, value_enum)]
    pub mode: Mode,
    /// When, server time; of a scheduled one.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS", required_if_eq("mode", "scheduled"))]
    pub at: Option<String>,
    /// Agent's user name or extension, where the dialer is progressive.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub agent: String,
    /// Number to try after it; may be given several times.
    #[arg(long = "alternative", value_name = "NUMBER")]
    pub alternatives: Vec<String>,
    /// Parameter for the flow and the form; may be given several times.
    #[arg(long = "data", value_name = "NAME=VALUE")]
    pub data: Vec<String>,
    /// Where it comes from.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub source: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer schedule`
#[derive(Args)]
pub struct DialerSchedule {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number to call.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// When, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS")]
    pub at: String,
    /// Number to try after it; may be given several times.
    #[arg(long = "alternative", value_name = "NUMBER")]
    pub alternatives: Vec<String>,
    /// Extension of whom it is for, where the dialer is progressive.
    #[arg(long, value_name = "EXT", default_value = "")]
    pub agent_phone: String,
    /// Parameter for the flow and the form; may be given several times.
    #[arg(long = "data", value_name = "NAME=VALUE")]
    pub data: Vec<String>,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer respool`
#[derive(Args)]
pub struct DialerRespool {
    /// The contact's campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number to call.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// The contact's base.
    #[arg(long, value_name = "NAME")]
    pub base: String,
    /// The contact's number in the base.
    #[arg(long, value_name = "ID")]
    pub contact: u64,
    /// Number to try after it; may be given several times.
    #[arg(long = "alternative", value_name = "NUMBER")]
    pub alternatives: Vec<String>,
    /// How often the number was tried already.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub retries: u32,
    /// The lower, the sooner; above 1, which is kept for what is scheduled.
    #[arg(long, value_name = "N", default_value_t = 9_999)]
    pub priority: u32,
    /// Extension of whom it is for, where the dialer is progressive.
    #[arg(long, value_name = "EXT", default_value = "")]
    pub agent_phone: String,
    /// Parameter for the flow and the form; may be given several times.
    #[arg(long = "data", value_name = "NAME=VALUE")]
    pub data: Vec<String>,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer remove`
#[derive(Args)]
pub struct DialerRemove {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number.
    #[arg(long, value_name = "NUMBER")]
    pub phone: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer unschedule`
#[derive(Args)]
pub struct DialerUnschedule {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// First moment, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS")]
    pub from: String,
    /// Last moment, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS")]
    pub to: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `dialer upload`
#[derive(Args)]
pub struct DialerUpload {
    /// UTF-8, in the vendor's rows `campaign;phone;name=value:name=value;n:n;priority;agentphone`, or CSV whose header names
    /// its columns: phone or destination, parameters or data, alternatives, priority, agentphone.
    pub file: PathBuf,
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Time zone of the numbers, as the server names it.
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `sms`
#[derive(Subcommand)]
pub enum SmsCommand {
    /// Send a message.
    Send(SmsSend),
    /// Upload a base of messages.
    Upload(SmsUpload),
}

/// `sms send`
#[derive(Args)]
pub struct SmsSend {
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Number to write to.
    #[arg(long, value_name = "NUMBER")]
    pub destination: String,
    /// The text.
    #[arg(long, value_name = "TEXT")]
    pub message: String,
    /// Who sends it.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub agent: String,
    /// Number or port it goes out from.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub source: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `sms upload`
#[derive(Args)]
pub struct SmsUpload {
    /// UTF-8, in the vendor's rows `campaign;phone;text;priority`, or CSV whose header names its columns: phone or
    /// destination, text or message, priority.
    pub file: PathBuf,
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `tag`
#[derive(Args)]
pub struct TagArgs {
    /// The call's guid.
    pub guid: String,
    /// The other party's number.
    #[arg(long, value_name = "NUMBER")]
    pub phone: String,
    /// The tag.
    #[arg(long, value_name = "TEXT")]
    pub text: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}

/// `disposition`
#[derive(Args)]
pub struct DispositionArgs {
    /// The call's guid.
    pub guid: String,
    /// Campaign, name with its suffix.
    #[arg(long, value_name = "NAME")]
    pub campaign: String,
    /// Agent's user name.
    #[arg(long, value_name = "NAME")]
    pub agent: String,
    /// The other party's number.
    #[arg(long, value_name = "NUMBER")]
    pub callerid: String,
    /// First level of the tipificación.
    #[arg(long, value_name = "TEXT")]
    pub level1: String,
    /// Second level.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub level2: String,
    /// Third level.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub level3: String,
    /// Further data.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub d1: String,
    /// Further data.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub d2: String,
    /// Comment.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub comment: String,
    /// When to call again, server time.
    #[arg(long, value_name = "YYYY-MM-DD HH:MM:SS", default_value = "")]
    pub schedule: String,
    /// Another dialer to call again with.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub camptoreschedule: String,
    /// Tag; without it, the levels.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub tag: String,
    /// How it is sent.
    #[command(flatten)]
    pub sending: Sending,
}
