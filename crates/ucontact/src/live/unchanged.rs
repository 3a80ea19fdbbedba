//! The agents of a campaign from one answer to the next: a row whose bytes are those of the answer before, but for how long
//! its state has lasted, says what it said then, and is not read again.
//!
//! An answer is walked through beside the one before, row by row; one that had to be put right first, or is of another
//! shape, is read as a whole. Left out on purpose: what a row says (`live`), and which answers belong together (the
//! client's).

use std::borrow::Cow;
use std::mem::take;
use std::ops::Range;

use serde_json::Deserializer;

use super::{AgentStatus, Agents, CampaignAgents, CampaignStatus, RawStatus, parse_campaign_agents};
use crate::error::Error;
use crate::lenient::{At, Element, Key, Notes, Reply, Taker, Text, clock_secs};

/// Longer than any clock.
const CLOCK: usize = 24;

/// Reads the agents of one campaign, answer after answer.
#[derive(Debug, Default)]
pub struct AgentsReader {
    /// The answer before; empty where there is none to compare with.
    body: Vec<u8>,
    /// Its rows, in their order.
    rows: Vec<Row>,
}

/// One row of an answer, and what it says.
#[derive(Debug)]
struct Row {
    /// From its key to the end of its value.
    at: Range<usize>,
    /// How long its state has lasted, inside the quotes.
    clock: Option<Range<usize>>,
    says: Says,
}

#[derive(Debug)]
enum Says {
    Campaign(Box<CampaignStatus>),
    Agent(AgentStatus),
    /// It, or a part of it, could not be read: what is missing is told with every answer that has it.
    Odd(Option<AgentStatus>, Option<Box<CampaignStatus>>),
}

impl Row {
    fn agent(&self) -> Option<&AgentStatus> {
        match &self.says {
            Says::Agent(agent) => Some(agent),
            Says::Odd(agent, _) => agent.as_ref(),
            Says::Campaign(_) => None,
        }
    }
}

impl AgentsReader {
    /// Reads the next answer; gives what [`parse_campaign_agents`] gives.
    ///
    /// # Errors
    /// Those of [`parse_campaign_agents`].
    pub fn read(&mut self, body: &[u8]) -> Result<Reply<CampaignAgents>, Error> {
        // What cannot be walked through is no answer to compare the next one with.
        let Self { body: mut old, mut rows } = take(self);
        let mut notes = Notes::default();
        if walk(&old, &mut rows, body, &mut notes).is_some() {
            let found = added_up(&rows);
            if found != CampaignAgents::default() {
                old.clear();
                old.extend_from_slice(body);
                *self = Self { body: old, rows };
                return Ok(Reply::new(found, notes));
            }
        }
        parse_campaign_agents(body)
    }
}

fn added_up(rows: &[Row]) -> CampaignAgents {
    let mut found = CampaignAgents { campaign: None, agents: Vec::with_capacity(rows.len()) };
    for row in rows {
        let (agent, campaign) = match &row.says {
            Says::Agent(agent) => (Some(agent), None),
            Says::Campaign(campaign) => (None, Some(campaign)),
            Says::Odd(agent, campaign) => (agent.as_ref(), campaign.as_ref()),
        };
        found.agents.extend(agent.cloned());
        if let Some(campaign) = campaign {
            found.campaign = Some((**campaign).clone());
        }
    }
    found
}

/// Has the rows of an answer take the places of those of the one before; `None` for an answer that is not an object of them
/// and nothing else: then the rows are nothing any more.
fn walk(old: &[u8], rows: &mut Vec<Row>, body: &[u8], notes: &mut Notes) -> Option<()> {
    let mut at = past(body, 0, b'{')?;
    for place in 0.. {
        at = past_space(body, at);
        match rows.get_mut(place) {
            Some(row) => {
                if again(old, row, body, at).is_none() {
                    *row = anew(body, at, row.agent(), notes)?;
                }
                at = row.at.end;
            }
            None => {
                let row = anew(body, at, None, notes)?;
                at = row.at.end;
                rows.push(row);
            }
        }
        at = past_space(body, at);
        match body.get(at)? {
            b',' => at += 1,
            b'}' => {
                rows.truncate(place + 1);
                break;
            }
            _ => return None,
        }
    }
    (past_space(body, at + 1) == body.len()).then_some(())
}

fn past_space(body: &[u8], at: usize) -> usize {
    let space = body.get(at..).unwrap_or_default().iter();
    at + space.take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count()
}

fn past(body: &[u8], at: usize, sign: u8) -> Option<usize> {
    let at = past_space(body, at);
    (*body.get(at)? == sign).then_some(at + 1)
}

/// Has a row of the answer before stand where its bytes stand in this one; only the clock of its state may have gone on.
/// `None`, and nothing done, where they do not.
fn again(old: &[u8], row: &mut Row, body: &[u8], at: usize) -> Option<()> {
    let here = body.get(at..)?;
    match (&row.clock, &mut row.says) {
        (_, Says::Odd(..)) => return None,
        (Some(clock), Says::Agent(agent)) => {
            let (head, tail) = (old.get(row.at.start..clock.start)?, old.get(clock.end..row.at.end)?);
            let rest = here.strip_prefix(head)?;
            let length = rest.iter().take(CLOCK).position(|byte| *byte == b'"')?;
            let (told, rest) = rest.split_at(length);
            if !told.iter().all(|byte| matches!(byte, b'0'..=b'9' | b':')) || !rest.starts_with(tail) {
                return None;
            }
            agent.state_secs = Some(clock_secs(std::str::from_utf8(told).ok()?)?);
            let from = at + head.len();
            row.clock = Some(from..from + length);
            row.at = at..from + length + tail.len();
        }
        _ => {
            let was = old.get(row.at.clone())?;
            here.strip_prefix(was)?;
            row.clock = None;
            row.at = at..at + was.len();
        }
    }
    Some(())
}

/// Reads one row. `before`: who stood there.
fn anew(body: &[u8], at: usize, before: Option<&AgentStatus>, notes: &mut Notes) -> Option<Row> {
    let mut keys = Deserializer::from_slice(body.get(at..)?).into_iter::<Key<'_>>();
    let Key(key) = keys.next()?.ok()?;
    let value = past(body, at + keys.byte_offset(), b':')?;
    let mut elements = Deserializer::from_slice(body.get(value..)?).into_iter::<Element<RawStatus<'_>>>();
    let element = elements.next()?.ok()?;
    let end = value + elements.byte_offset();
    let clock = match &element {
        Element::Is(raw) => place_in(body, &raw.server),
        Element::Odd(_) => None,
    };
    let mut taker = Agents { notes: take(notes), before, ..Agents::default() };
    let odd = taker.notes.count();
    taker.take(At::Key(&key), element);
    let odd = taker.notes.count() > odd;
    *notes = taker.notes;
    let says = match (taker.found.agents.pop(), taker.found.campaign.map(Box::new)) {
        (Some(agent), None) if !odd => Says::Agent(agent),
        (None, Some(campaign)) if !odd => Says::Campaign(campaign),
        (agent, campaign) => Says::Odd(agent, campaign),
    };
    Some(Row { at: at..end, clock, says })
}

/// Where a text that was borrowed from the bytes stands in them.
fn place_in(body: &[u8], text: &Text<'_>) -> Option<Range<usize>> {
    let Some(Cow::Borrowed(text)) = &text.0 else { return None };
    let from = (text.as_ptr() as usize).checked_sub(body.as_ptr() as usize)?;
    let end = from + text.len();
    (end <= body.len()).then_some(from..end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A row as servers write it, whole or not quite.
    fn row() -> impl Strategy<Value = String> {
        let clock = prop_oneof![
            4 => (0u32..30, 0u32..62, 0u32..62).prop_map(|(h, m, s)| format!("\"{h:02}:{m:02}:{s:02}\"")),
            1 => prop::sample::select(vec!["null", "\"\"", "\" 00:01:02 \"", "\"\\u0030:1:2\"", "7", "\"soon\"", "\"1:2:3,\""])
                .prop_map(str::to_owned),
        ];
        (0u8..4, 0u8..3, clock, 0u8..12).prop_map(|(agent, status, clock, shape)| match shape {
            0 => format!(r#""SIP/{agent}":7"#),
            1 => format!(r#""SIP/{agent}":{{"location":"SIP/{agent}","server":{clock},"status":"no"}}"#),
            2 => format!(r#""C<-":{{"campaign":"C<-","logged":{status},"server":{clock}}}"#),
            3 => r#""C" : { "campaign": "C\u003c-", "logged": "x" }"#.to_owned(),
            4 => format!(r#""SIP/{agent}":{{"server":{clock},"location":"SIP/{agent}","server":"00:00:01"}}"#),
            5 => format!(r#""SIP/{agent}":{{"location":"SIP/{agent}","name":"Núñez \"{status}\"","in":{{"server":"0:0:1"}},"server":{clock}}}"#),
            _ => format!(r#""SIP/{agent}":{{"location":"SIP/{agent}","status":{status},"name":"ana","server":{clock},"pausedreason":""}}"#),
        })
    }

    fn answer() -> impl Strategy<Value = Vec<u8>> {
        let edge = prop::sample::select(vec![
            ("{", ",", "}"),
            (" {\n", " ,\n", "}\n"),
            ("{", ",", "} x"),
            ("{", ",", ""),
            ("[", ",", "]"),
            ("\u{feff}{", ",", "}"),
        ]);
        (prop::collection::vec(row(), 0..6), prop_oneof![8 => Just(("{", ",", "}")), 1 => edge]).prop_map(
            |(rows, (open, between, close))| format!("{open}{}{close}", rows.join(between)).into_bytes(),
        )
    }

    fn same(
        read: &Result<Reply<CampaignAgents>, Error>,
        whole: &Result<Reply<CampaignAgents>, Error>,
    ) -> bool {
        match (read, whole) {
            (Ok(read), Ok(whole)) => {
                (&read.value, &read.dropped, read.dropped_count)
                    == (&whole.value, &whole.dropped, whole.dropped_count)
            }
            (Err(read), Err(whole)) => (read.kind, &read.detail) == (whole.kind, &whole.detail),
            _ => false,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn what_is_not_read_again_says_what_reading_it_says(
            first in answer(), edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 0..6), other in answer(),
        ) {
            let mut reader = AgentsReader::default();
            // The same with a byte changed, lost or gained here and there, as neighbours and with the whole of another between.
            let mut answers = vec![first.clone(), first.clone(), other.clone()];
            let mut edited = first.clone();
            for (place, byte, how) in edits {
                if !edited.is_empty() {
                    let at = place.index(edited.len());
                    match how {
                        0 => edited[at] = byte,
                        1 => drop(edited.remove(at)),
                        2 => edited.insert(at, byte),
                        _ => edited[at] = b'0' + byte % 10,
                    }
                }
                answers.extend([first.clone(), edited.clone(), edited.clone()]);
            }
            answers.extend([first, other]);
            for body in answers {
                let (read, whole) = (reader.read(&body), parse_campaign_agents(&body));
                prop_assert!(same(&read, &whole), "{}: {read:?} for {whole:?}", String::from_utf8_lossy(&body));
            }
        }
    }

    #[test]
    fn a_clock_that_goes_on_is_the_one_thing_read_and_texts_are_those_of_before() {
        let answer = |clock: &str| {
            format!(
                r#"{{"C":{{"campaign":"C"}},"SIP/1":{{"location":"SIP/1","name":"ana","server":"{clock}"}}}}"#
            )
        };
        let mut reader = AgentsReader::default();
        let first = reader.read(answer("00:00:09").as_bytes()).unwrap().value.agents.remove(0);
        let then = reader.read(answer("100:00:10").as_bytes()).unwrap().value.agents.remove(0);
        assert_eq!((first.state_secs, then.state_secs), (Some(9), Some(360_010)));
        assert!(then.location.is(&first.location), "not made anew");
        let odd = reader.read(answer("later").as_bytes()).unwrap();
        assert_eq!((odd.value.agents[0].state_secs, odd.dropped_count), (None, 1));
        let again = reader.read(answer("later").as_bytes()).unwrap();
        assert_eq!(again.dropped_count, 1, "told with each answer that has it");
    }
}
