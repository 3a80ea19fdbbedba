//! Sending what waits of a batch, one item after the other.

use std::time::Duration;

use atalaya_calls::Sent;
use atalaya_store::Outcome;
use atalaya_ucontact::{ErrorKind, Problem};

use super::Turn;
use super::kept::{Due, plain_problem};
use crate::Outreach;
use crate::error::Error;
use crate::wire::{BatchItemState, SendingUpdate};

/// So many in a row that the server did not answer, and a person should look before the rest follows.
const MOST_UNANSWERED: u32 = 3;

/// How an item went.
enum Went {
    /// The server answered, or nothing had to be asked.
    Answered,
    /// It did not, and this is why.
    Unanswered(Problem),
    /// Nothing can be sent from here; the item waits still.
    Stuck(Problem),
    /// Stopped before it was sent; the item waits still.
    Stopped,
}

/// What is said of what was not done.
fn problem_of(sent: &Sent) -> Option<Problem> {
    let why = match (&sent.outcome, &sent.error) {
        (Outcome::Done, _) => return None,
        (_, Some(error)) => Problem {
            code: error.code().to_owned(),
            params: error.params().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            retryable: error.retryable(),
        },
        (_, None) => plain_problem("sessionEnded", &[]),
    };
    Some(why)
}

impl Outreach {
    /// Whether it stopped before its end, and why by itself.
    pub(super) async fn send_waiting(
        &self,
        turn: &Turn,
        between: Duration,
        told: &mut (impl FnMut(SendingUpdate) + Send),
    ) -> (bool, Option<Problem>) {
        let (mut after, mut unanswered) = (None, 0);
        loop {
            if turn.cancel.is_cancelled() {
                return (true, None);
            }
            let due = match self.due(turn.id, after, turn.only) {
                Ok(Some(due)) => due,
                Ok(None) => return (false, None),
                Err(error) => return (true, Some(error.problem())),
            };
            let place = due.place;
            after = Some(place);
            let went = match self.send_one(turn, due, told).await {
                Ok(went) => went,
                Err(error) => return (true, Some(error.problem())),
            };
            match went {
                Went::Answered => unanswered = 0,
                Went::Unanswered(problem) => {
                    unanswered += 1;
                    if unanswered == MOST_UNANSWERED && turn.only.is_none() {
                        self.tell_ended(turn, place, told);
                        return (true, Some(problem));
                    }
                }
                Went::Stuck(problem) => return (true, Some(problem)),
                Went::Stopped => return (true, None),
            }
            self.tell_ended(turn, place, told);
            tokio::select! {
                () = tokio::time::sleep(between) => {}
                () = turn.cancel.cancelled() => {}
            }
        }
    }

    fn tell_ended(&self, turn: &Turn, place: u32, told: &mut impl FnMut(SendingUpdate)) {
        match (self.batch_item(turn.id, place), self.batch(turn.id)) {
            (Ok(item), Ok(batch)) => told(SendingUpdate::Ended { item, batch }),
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "how an item of a batch ended cannot be read");
            }
        }
    }

    async fn send_one(
        &self,
        turn: &Turn,
        due: Due,
        told: &mut (impl FnMut(SendingUpdate) + Send),
    ) -> Result<Went, Error> {
        let (id, place) = (turn.id, due.place);
        let operation = match due.operation {
            Ok(operation) => operation,
            Err(problem) => {
                self.end_unsent(id, place, BatchItemState::Refused, &problem)?;
                return Ok(Went::Answered);
            }
        };
        if let Some(unless) = due.unless_reached {
            match self.calls.reached_since(&unless.number, &unless.moment, &turn.cancel).await {
                Ok(None) => {}
                Ok(Some(call)) => {
                    let agent = call.agent.as_deref().unwrap_or_default();
                    let problem =
                        plain_problem("reachedSince", &[("at", &call.started_at), ("agent", agent)]);
                    self.end_unsent(id, place, BatchItemState::LeftOut, &problem)?;
                    return Ok(Went::Answered);
                }
                Err(_) if turn.cancel.is_cancelled() => return Ok(Went::Stopped),
                Err(error) => {
                    let problem = error.problem();
                    self.end_unsent(id, place, BatchItemState::Refused, &problem)?;
                    return Ok(Went::Unanswered(problem));
                }
            }
        }
        // From here on it is under way, whatever becomes of this program.
        let Some(attempt) = self.take(id, place)? else { return Ok(Went::Answered) };
        told(SendingUpdate::Turn { item: self.batch_item(id, place)? });
        let kept = self.clone();
        let settled = move |sent: &Sent| {
            let answer = sent.answer.clone().unwrap_or_default();
            let said = answer.text.or(answer.id);
            let extras = (answer.guid.as_deref(), said.as_deref());
            let written = kept.ended((id, place, attempt), &sent.outcome, problem_of(sent).as_ref(), extras);
            if let Err(error) = written {
                // It stays under way, which the next start reads as unknown.
                tracing::error!(%error, "a batch does not say what became of an item");
            }
        };
        match self.perform(operation, Some((id, place)), settled).await {
            Ok(sent) => {
                let answered = match &sent.error {
                    Some(error) => error.kind == ErrorKind::Refused,
                    None => sent.outcome == Outcome::Done,
                };
                Ok(match problem_of(&sent) {
                    Some(problem) if !answered => Went::Unanswered(problem),
                    _ => Went::Answered,
                })
            }
            Err(error) => {
                self.give_back(id, place, attempt)?;
                let problem = error.problem();
                if error.code() == "invalidInput" {
                    self.end_unsent(id, place, BatchItemState::Refused, &problem)?;
                    return Ok(Went::Answered);
                }
                Ok(Went::Stuck(problem))
            }
        }
    }
}
