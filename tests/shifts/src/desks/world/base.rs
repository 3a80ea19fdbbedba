//! The database of the team: what the functions of its schema do, with the row of the lease as its twin has it.
//!
//! Left out on purpose: the way to it (the world's).

use std::collections::BTreeSet;
use std::time::Duration;

use atalaya_floor::{Reading, Wished};
use atalaya_team::{Answered, Error, Holder, Numbered, Says, Standing};

use super::{Answer, BEGINS_MS, LATELY, Published, Question, World, desk_id};

impl World {
    /// What the functions of the schema do.
    pub(super) fn done(&mut self, desk: usize, question: Question) -> Result<Answer, Error> {
        let (now, number) = (self.now, desk as u32);
        match question {
            Question::Open(_) => Ok(Answer::Done),
            Question::Beat { wished, says, every } => {
                Ok(Answer::Stands(Box::new(self.beat(desk, wished, says, every))))
            }
            Question::After(seq) => {
                let mut rows: Vec<&Published> = self.readings.values().filter(|row| row.seq > seq).collect();
                rows.sort_by_key(|row| row.seq);
                let numbered = |row: &Published| Numbered {
                    seq: row.seq,
                    epoch: row.epoch,
                    ahead_ms: row.ahead_ms,
                    at_ms: row.at_ms,
                    size: 0,
                    reading: Ok(row.reading.clone()),
                };
                Ok(Answer::Numbers(rows.into_iter().map(numbered).collect()))
            }
            Question::Publish { epoch, ahead_ms, reading } => {
                let Some(seq) = self.row.publish(number, epoch, now) else { return Err(Error::Stale) };
                self.truth.published(desk, epoch, &reading, now);
                let key = reading.campaign().unwrap_or_default().to_owned();
                if let Reading::Campaigns {
                    statuses: Some((statuses, _)), queues: Some((queues, _)), ..
                } = &reading
                {
                    let there: BTreeSet<&str> = statuses
                        .iter()
                        .map(|status| status.campaign.as_str())
                        .chain(queues.iter().map(|queue| queue.queue.as_str()))
                        .collect();
                    self.readings.retain(|key, _| key.is_empty() || there.contains(key.as_str()));
                }
                let at_ms = BEGINS_MS + now.as_millis() as i64;
                self.readings.insert(key, Published { seq, epoch, ahead_ms, at_ms, reading });
                self.notify(&seq.to_string());
                Ok(Answer::Number(seq))
            }
            Question::Give(epoch) => {
                let given = self.row.give(number, epoch, now);
                if given {
                    self.truth.note(&format!("{:.3} {desk} gives {epoch}", now.as_secs_f64()));
                    self.truth.given(now);
                    self.notify("free");
                }
                Ok(Answer::Given(given))
            }
            Question::Leave => {
                self.seats.remove(&desk);
                Ok(Answer::Done)
            }
        }
    }

    fn beat(&mut self, desk: usize, wished: Wished, says: Says, every: Duration) -> Standing {
        let now = self.now;
        let (epoch, wants) = match says {
            Says::Renews(epoch) => (Some(epoch), false),
            Says::Wants => (None, true),
            Says::Looks => (None, false),
        };
        self.seats.insert(desk, (now, wished));
        let before = self.row.epoch;
        let told = self.row.beat(desk as u32, epoch, wants, every, now);
        let now_ms = BEGINS_MS + now.as_millis() as i64;
        self.truth.note(&format!("{:.3} {desk} {says:?}: {told:?}", now.as_secs_f64()));
        if told.mine {
            self.truth.granted(desk, told.epoch, now, now + told.left);
        }
        if self.row.epoch > before {
            self.since_ms = now_ms;
            self.notify("lease");
        }
        let lately = |seen: Duration| now.saturating_sub(seen) < LATELY;
        let mut others = Wished::default();
        for (of, (seen, wished)) in &self.seats {
            if *of != desk && lately(*seen) {
                others.and(wished);
            }
        }
        Standing {
            answered: Answered {
                mine: told.mine,
                epoch: told.epoch,
                left: told.left,
                desks: self.seats.values().filter(|(seen, _)| lately(*seen)).count() as u32,
            },
            // The desk's own measure of it: whoever asked puts it in.
            sent: Duration::ZERO,
            ahead_ms: now_ms,
            took: Duration::ZERO,
            holder: self.row.desk.map(|of| Holder {
                desk: desk_id(of as usize),
                person: format!("p{of}"),
                machine: format!("puesto {of}"),
                since_ms: self.since_ms,
            }),
            seq: self.row.seq,
            others,
        }
    }
}
