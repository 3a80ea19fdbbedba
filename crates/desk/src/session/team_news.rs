//! What a person has to be told of what became of their changes in the team: kept until they have read it, with everything that
//! was in them.
//!
//! Left out on purpose: the words, which are the window's.

use atalaya_teamwork::rules::Why;
use atalaya_teamwork::{Membership, Told, ToldLine};
use serde::Serialize;
use ts_rs::TS;

use super::ground::Ground;
use crate::problem::{Problem, from_teamwork};

/// One thing to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TeamNews {
    /// Its number here.
    #[ts(type = "number")]
    pub id: i64,
    /// Epoch milliseconds.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Why, a stable code: `notThem`, `notTheirs`, `over`, `held`, `removed`, `leadOnly`, `nothing`, `early`, `first`, `notTaken`;
    /// `meanwhile`: it holds, and others saved the same card.
    pub why: String,
    /// Who is meant, what was said, or which card; empty where nobody is.
    pub who: String,
    /// Of `meanwhile`: the versions of the card, this desk's own first.
    pub versions: Vec<u32>,
    /// What it is about: the kind of thing, by its name in the log.
    pub about: String,
    /// All that was in it, to be copied; empty where it holds.
    pub content: String,
}

/// The news of an account.
pub struct News {
    ground: Ground,
    membership: Membership,
}

fn why(why: &Why) -> (&'static str, String) {
    match why {
        Why::NotThem => ("notThem", String::new()),
        Why::NotTheirs { of } => ("notTheirs", of.clone()),
        Why::Over => ("over", String::new()),
        Why::Held { by } => ("held", by.clone()),
        Why::Removed => ("removed", String::new()),
        Why::LeadOnly => ("leadOnly", String::new()),
        Why::Nothing => ("nothing", String::new()),
        Why::Early => ("early", String::new()),
        Why::First => ("first", String::new()),
        Why::NotTaken { said } => ("notTaken", said.clone()),
    }
}

fn news(ToldLine { id, at_ms, told }: ToldLine) -> TeamNews {
    match told {
        Told::Refused { why: reason, change } => {
            let (why, who) = why(&reason);
            let content = serde_json::to_string_pretty(&change.what).unwrap_or_default();
            TeamNews {
                id,
                at_ms,
                why: why.to_owned(),
                who,
                versions: Vec::new(),
                about: change.place().kind.name().to_owned(),
                content,
            }
        }
        Told::Meanwhile { name, number, others, .. } => {
            let versions = [vec![number], others].concat();
            let (why, about, content) = ("meanwhile".to_owned(), "card".to_owned(), String::new());
            TeamNews { id, at_ms, why, who: name, versions, about, content }
        }
    }
}

impl News {
    pub(super) fn new(ground: Ground, membership: Membership) -> Self {
        Self { ground, membership }
    }

    /// What was not read yet, the oldest first; nothing without a team.
    ///
    /// # Errors
    /// The store's.
    pub fn all(&self) -> Result<Vec<TeamNews>, Problem> {
        let Some(team) = self.membership.team() else { return Ok(Vec::new()) };
        let told = team.told().map_err(|error| self.ground.noted(from_teamwork(&error)))?;
        Ok(told.into_iter().map(news).collect())
    }

    /// One was read.
    ///
    /// # Errors
    /// The store's.
    pub fn read(&self, id: i64) -> Result<(), Problem> {
        let Some(team) = self.membership.team() else { return Ok(()) };
        team.told_and_read(id).map_err(|error| self.ground.noted(from_teamwork(&error)))
    }
}
