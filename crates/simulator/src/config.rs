//! What a simulated contact centre is made from.

use std::time::Duration;

use chrono::NaiveDateTime;

/// Which of the vendor's login replies the server gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LoginShape {
    /// `getUserToken`: a quoted token.
    #[default]
    QuotedToken,
    /// `UserLogin` only: a list whose last element is the token.
    LegacyLast,
    /// `UserLogin` only: the third element, others after it.
    LegacyThird,
    /// `UserLogin` only: an object with `md5secret`, and the SIP password in clear.
    LegacyPhone,
}

/// Whether a recording also lies at the other host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Copies {
    /// It is in one place.
    #[default]
    None,
    /// The same file, to the byte and the `ETag`.
    Same,
    /// The same sound in another file: longer by a tag or a frame, with an `ETag` of its own.
    Other,
}

/// What a filter of call records by agent or length is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Filters {
    /// Of calls: all rows of a call come, or none.
    #[default]
    Calls,
    /// Of rows: those of one call that others had do not come.
    Rows,
}

/// How callers come over a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// They come in waves of so many seconds, each campaign's at its own time.
    pub wave_secs: f64,
    /// At the crest so many times as many as in the trough.
    pub crest: f64,
    /// The campaign of this place has twice the people, and the calls for them.
    pub twice: Option<usize>,
}

impl Default for Curve {
    fn default() -> Self {
        Self { wave_secs: 6_000.0, crest: 2.2, twice: None }
    }
}

/// Size, seed and manners.
#[derive(Debug, Clone)]
pub struct Config {
    /// How many campaigns.
    pub campaigns: usize,
    /// How many agents.
    pub agents: usize,
    /// How many calls a day, 30 days back.
    pub calls_per_day: usize,
    /// The same seed gives the same world, and with the same beginning the same replies.
    pub seed: u64,
    /// The server's clock when the world begins; its replies are dated by it too, as coordinated universal time. `None`:
    /// a working morning of today is well under way, whatever the hour outside.
    pub begins: Option<NaiveDateTime>,
    /// 0 takes a free one.
    pub port: u16,
    /// 0 takes a free one.
    pub backup_port: u16,
    /// A user who may sign in.
    pub user: String,
    /// Their password.
    pub password: String,
    /// How the login answers.
    pub login: LoginShape,
    /// What the login gives away of the person's telephone: its secret, in clear ([`LoginShape::LegacyPhone`]).
    pub phone_secret: String,
    /// Whether time passes by itself; without it only `advance` moves the world.
    pub moving: bool,
    /// How many times as fast as outside it passes; 1 is the usual.
    pub pace: u32,
    /// Mounts the control routes on loopback.
    pub control: bool,
    /// A tag shows up in searches after this.
    pub tag_delay: Duration,
    /// A converted recording appears after this.
    pub convert_delay: Duration,
    /// Recordings want the session's token.
    pub protected_recordings: bool,
    /// Tokens are taken to the letter; the real server is lenient with them.
    pub strict_tokens: bool,
    /// What the other host keeps of each recording.
    pub copies: Copies,
    /// A new row appears at the top of the call records with every page asked for.
    pub shifting_rows: bool,
    /// Numbers are sent as text here and there.
    pub numbers_as_text: bool,
    /// The most rows of call records in one answer, whatever was asked for.
    pub most_rows: usize,
    /// Whoever comes back to a telephone may be somebody else.
    pub hot_desks: bool,
    /// At midnight the telephony server begins to count from zero.
    pub counts_by_day: bool,
    /// Whether searches of call records filter calls or rows.
    pub filters: Filters,
    /// The server knows `SendSMSv2`; older ones do not.
    pub sms_v2: bool,
    /// How callers come.
    pub curve: Curve,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            campaigns: 12,
            agents: 300,
            calls_per_day: 3_000,
            seed: 1,
            begins: None,
            port: 0,
            backup_port: 0,
            user: "supervisor".to_owned(),
            password: "atalaya-demo".to_owned(),
            login: LoginShape::default(),
            phone_secret: "sip-secret-in-clear".to_owned(),
            moving: true,
            pace: 1,
            control: true,
            tag_delay: Duration::from_millis(1_200),
            convert_delay: Duration::from_millis(1_500),
            protected_recordings: false,
            strict_tokens: false,
            copies: Copies::None,
            shifting_rows: false,
            numbers_as_text: false,
            most_rows: 1_000,
            hot_desks: false,
            counts_by_day: false,
            filters: Filters::Calls,
            sms_v2: true,
            curve: Curve::default(),
        }
    }
}
