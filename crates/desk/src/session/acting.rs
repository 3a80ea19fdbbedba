//! What a supervisor does on the server, one thing at a time: looked at first, sent once, one outcome of three.
//!
//! Left out on purpose: what it is good for, which the window knows, and tags and tipificaciones, which belong to a call at
//! hand (`tags`, `judging`).

use atalaya_store::Outcome;
use atalaya_ucontact::{Operation, Problem};

use super::ground::Ground;
use super::outreach::Reaching;
use crate::problem::{from_ucontact, problem};
use crate::wire::{Checked, OwnPhone, Performed, WriteOutcome, Written};

/// The acting of one session; clones are handles to the same.
#[derive(Clone)]
pub struct Acting {
    ground: Ground,
    outreach: Reaching,
}

impl Acting {
    pub(super) fn new(ground: Ground, outreach: Reaching) -> Self {
        Self { ground, outreach }
    }

    /// As it would go out, and what cannot be right about it. Nothing is sent.
    pub fn check(&self, operation: &Operation) -> Checked {
        let fields = operation.fields().into_iter();
        Checked {
            name: operation.name().to_owned(),
            path: operation.endpoint().path.to_owned(),
            fields: fields.map(|(name, value)| (name.to_owned(), value)).collect(),
            flaws: operation.check(),
            sms: operation.sms_length(),
        }
    }

    /// Sends it, once.
    ///
    /// # Errors
    /// `lookOnly` where this desk changes nothing at the server, `invalidInput` with the field that cannot be right,
    /// `signedOut`, and the store's when the trail cannot be written: then nothing was sent.
    pub async fn send(&self, operation: Operation) -> Result<Performed, Problem> {
        let name = operation.name();
        let sent = self.outreach.perform(operation).await?;
        let why = match (&sent.outcome, &sent.error) {
            (Outcome::Done, _) => None,
            (_, Some(error)) => Some(self.ground.noted(from_ucontact(error))),
            (_, None) => Some(problem("timeout", [("what", name.to_owned())], false)),
        };
        let answer = sent.answer.unwrap_or_default();
        Ok(Performed {
            written: Written { outcome: WriteOutcome::from(&sent.outcome), problem: why },
            guid: answer.guid,
            said: answer.text.or(answer.id),
        })
    }

    /// The supervisor's own telephone: as the login told, else as the settings have it.
    pub fn own_phone(&self) -> OwnPhone {
        let (told, settings) = (self.ground.client.own_phone(), self.ground.settings());
        let by_login = told.is_some();
        let (extension, context) = match told {
            Some((extension, context)) => (extension, context.unwrap_or(settings.own_context)),
            None => (settings.own_extension, settings.own_context),
        };
        OwnPhone { extension, context, by_login, user: self.ground.client.user().to_owned() }
    }
}
