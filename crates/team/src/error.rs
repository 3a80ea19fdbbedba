//! What can go wrong with a team, each with a stable code.

use atalaya_ucontact::Problem;

/// Why something of a team failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was typed is no address of a team.
    #[error("no address of a team ({reason}): it looks like postgres://NAME@HOST/DATABASE")]
    Address {
        /// `notAnAddress`, `password`, `noHost`, `noUser`, `plain`, `option`.
        reason: &'static str,
    },
    /// Nobody answers there, or not in time.
    #[error(
        "the team's database does not answer ({detail}): each desk goes on by itself; ask whoever looks after it"
    )]
    Away {
        /// The system's words.
        detail: String,
    },
    /// Its disk is full.
    #[error(
        "the team's database has no room left on its disk ({detail}): what is said waits here; ask whoever looks after it"
    )]
    Full {
        /// The server's words.
        detail: String,
    },
    /// Whoever answers is not believed to be who they should be.
    #[error("the team's database shows a certificate that is not believed ({detail})")]
    Certificate {
        /// Why.
        detail: String,
    },
    /// The name or the password is wrong, or this computer is not let in.
    #[error("the team's database lets nobody of this name and password in ({detail})")]
    Refused {
        /// The server's words.
        detail: String,
    },
    /// The database is no team's, or of another version than this program.
    #[error(
        "the team's tables are of version {found}, this program needs {needed}: the newer of the two has to be installed"
    )]
    Version {
        /// Steps done; 0: no team's database.
        found: i32,
        /// Steps this program knows.
        needed: i32,
    },
    /// The database is of no team: nobody made its tables.
    #[error("this database is no team's yet: its owner makes it one with atalaya-cli team init")]
    NoTeam,
    /// The member has no seat in that centre.
    #[error("this member has no seat in the team of {server}: a lead adds one with atalaya-cli team add")]
    NoSeat {
        /// The centre's canonical address.
        server: String,
    },
    /// This desk's number is another member's: the data folder is a copy, or somebody else joined with it before.
    #[error("this desk is another member's in the team")]
    Desk,
    /// Somebody else of the team is called so.
    #[error("somebody else of the team is called so")]
    Person,
    /// The member's role may not say it, or it says that it is somebody else's.
    #[error("the team does not take it ({detail})")]
    NotTaken {
        /// The database's words.
        detail: String,
    },
    /// The log is not the one this desk's copy was read from: it is an earlier one that was put back, or another.
    #[error(
        "the team's log is not the one that was read here up to {here}: it ends at {there}, and was put back from an earlier backup"
    )]
    EarlierLog {
        /// The last number this copy has.
        here: i64,
        /// The last number the log has.
        there: i64,
    },
    /// Somebody else holds the lease by now.
    #[error("somebody else asks the server by now")]
    Stale,
    /// That name is taken by somebody else in the database.
    #[error("{name} is a name in this database already: choose another")]
    Taken {
        /// The name.
        name: String,
    },
    /// Nobody of that name is in the team.
    #[error("{name} is nobody of the team: who is says atalaya-cli team status")]
    NoMember {
        /// The name.
        name: String,
    },
    /// The database was lost while something was to become so.
    #[error("the team's database was lost before it said that it is done ({detail})")]
    Undecided {
        /// The system's words.
        detail: String,
    },
    /// A name that nobody can have.
    #[error(
        "{name} is no name for a member: 1 to 40 small letters, digits, dots, dashes, beginning with a letter"
    )]
    Name {
        /// As typed.
        name: String,
    },
    /// The database said no.
    #[error("the team's database refused ({detail})")]
    Database {
        /// SQLSTATE and its words.
        detail: String,
    },
    /// What another desk wrote cannot be read by this program.
    #[error("what another desk wrote cannot be read ({detail})")]
    Reading {
        /// Why.
        detail: String,
    },
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Address { .. } => "teamAddress",
            Self::Away { .. } => "teamAway",
            Self::Full { .. } => "teamFull",
            Self::Certificate { .. } => "teamCertificate",
            Self::Refused { .. } => "teamRefused",
            Self::Version { .. } => "teamVersion",
            Self::NoTeam => "teamNone",
            Self::NoSeat { .. } => "teamNoSeat",
            Self::Desk => "teamDesk",
            Self::Person => "teamPerson",
            Self::NotTaken { .. } => "teamNotTaken",
            Self::EarlierLog { .. } => "teamLogEarlier",
            Self::Stale => "teamStale",
            Self::Taken { .. } => "teamNameTaken",
            Self::Name { .. } => "teamName",
            Self::NoMember { .. } => "teamNoMember",
            Self::Undecided { .. } => "unknown",
            Self::Database { .. } => "teamDatabase",
            Self::Reading { .. } => "teamReading",
        }
    }

    /// Whether trying again may help without changing anything.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Full { .. } | Self::Database { .. } | Self::Stale)
    }

    /// As the window is told of it.
    pub fn problem(&self) -> Problem {
        let params: Vec<(&str, String)> = match self {
            Self::Address { reason } => vec![("reason", (*reason).to_owned())],
            Self::Away { detail }
            | Self::Full { detail }
            | Self::Certificate { detail }
            | Self::Refused { detail }
            | Self::Database { detail }
            | Self::NotTaken { detail }
            | Self::Undecided { detail }
            | Self::Reading { detail } => vec![("detail", detail.clone())],
            Self::Version { found, needed } => {
                vec![("found", found.to_string()), ("needed", needed.to_string())]
            }
            Self::EarlierLog { here, there } => {
                vec![("here", here.to_string()), ("there", there.to_string())]
            }
            Self::NoSeat { server } => vec![("server", server.clone())],
            Self::Taken { name } | Self::Name { name } | Self::NoMember { name } => {
                vec![("name", name.clone())]
            }
            Self::NoTeam | Self::Desk | Self::Person | Self::Stale => Vec::new(),
        };
        Problem {
            code: self.code().to_owned(),
            params: params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            retryable: self.retryable(),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let Some(said) = error.as_db_error() else {
            let detail = causes(&error);
            // A handshake that failed says so in the words of whoever judged the certificate.
            return if detail.contains("certificate") {
                Self::Certificate { detail }
            } else {
                Self::Away { detail }
            };
        };
        let detail = format!("{}: {}", said.code().code(), said.message());
        match said.code().code() {
            "AT001" => Self::Stale,
            "AT004" => Self::Desk,
            "AT006" => Self::Person,
            "AT005" | "AT007" => Self::NotTaken { detail: said.message().to_owned() },
            "AT003" => Self::NoSeat { server: String::new() },
            code if *said.code() == SqlState::INVALID_PASSWORD || code.starts_with("28") => {
                Self::Refused { detail }
            }
            _ if *said.code() == SqlState::DISK_FULL => Self::Full { detail },
            // It shuts down, starts, has no room for another connection, or became a copy that cannot be written to.
            code if code.starts_with("57P")
                || code.starts_with("53")
                || code.starts_with("08")
                || code == "25006" =>
            {
                Self::Away { detail }
            }
            "3F000" | "42P01" | "42883" => Self::NoTeam,
            _ => Self::Database { detail },
        }
    }
}

/// An error with its causes, in one line.
fn causes(error: &dyn std::error::Error) -> String {
    let mut all = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !all.iter().any(|said| said.contains(&text)) {
            all.push(text);
        }
        next = cause.source();
    }
    all.join(": ")
}
