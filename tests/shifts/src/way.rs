//! The way between client and server: answers come from the simulated centre in this process, some time later, and
//! sometimes not, or not as they left. It keeps what it brought, with the truth at the moment it was made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use atalaya_simulator::{Inside, Simulator};
use atalaya_ucontact::{Answering, Cut, ErrorKind, Pieces, Sending, Transport};
use axum::body::Body;
use bytes::Bytes;
use fastrand::Rng;
use futures_util::StreamExt;
use http::header;
use tokio::time::Instant;

use crate::seed::{Of, Plan, Planned, Trouble};
use crate::wall::Wall;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    Login,
    EndSession,
    Status,
    Queues,
    Agents(String),
    Records,
    Tag,
    Other,
}

/// An answer that was made, and came whole.
#[derive(Debug, Clone)]
pub struct Heard {
    /// When the last of it arrived, by the computer's clock.
    pub at_ms: i64,
    /// The same, since the beginning.
    pub after: Duration,
    /// The world when it was made.
    pub truth: Arc<Inside>,
}

/// What went over the way.
#[derive(Default)]
pub struct Journal {
    /// When each request left, logins and goodbyes aside.
    pub sent: Vec<Duration>,
    pub in_flight: usize,
    pub most_in_flight: usize,
    /// Answers, the latest last.
    pub heard: BTreeMap<Asked, Vec<Heard>>,
    /// Tokens the client got to hear of, and how often it said goodbye with each.
    pub tokens: BTreeMap<String, u32>,
    /// When a request in trouble was over.
    pub last_trouble: Duration,
    /// When somebody last searched: a search has its share of what may be asked for.
    pub last_search: Duration,
    pub troubled: BTreeMap<Asked, Vec<Duration>>,
    digest: u64,
    pub lines: Option<Vec<String>>,
}

impl Journal {
    /// One line for everything that happens: the same seed gives the same ones.
    pub fn note(&mut self, line: &str) {
        for byte in line.bytes().chain([b'\n']) {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(lines) = &mut self.lines {
            lines.push(line.to_owned());
        }
    }

    /// All lines so far, as one number.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The clock was set by so much: what the program keeps is moved along.
    pub fn clock_set(&mut self, by_ms: i64) {
        for heard in self.heard.values_mut().flatten() {
            heard.at_ms += by_ms;
        }
    }

    /// The answer that arrived at that moment of the computer's clock.
    pub fn heard_at(&self, asked: &Asked, at_ms: i64) -> Option<&Heard> {
        self.heard.get(asked)?.iter().rev().find(|heard| heard.at_ms == at_ms)
    }
}

/// The way.
pub struct Way {
    simulator: Arc<Simulator>,
    troubles: Vec<Planned>,
    rng: Mutex<Rng>,
    journal: Arc<Mutex<Journal>>,
    wall: Wall,
    begun: Instant,
    /// The world of one second is looked at once.
    truth: Mutex<Option<(u64, Arc<Inside>)>>,
}

pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Way {
    pub fn new(plan: &Plan, simulator: Arc<Simulator>, wall: Wall, lines: bool) -> Self {
        let journal = Journal { lines: lines.then(Vec::new), ..Journal::default() };
        Self {
            simulator,
            troubles: plan.troubles.clone(),
            rng: Mutex::new(Rng::with_seed(plan.seed ^ 0x77_61_79)),
            journal: Arc::new(Mutex::new(journal)),
            begun: wall.begun,
            wall,
            truth: Mutex::new(None),
        }
    }

    pub fn journal(&self) -> Arc<Mutex<Journal>> {
        Arc::clone(&self.journal)
    }

    /// The world looks different from now on, within this second.
    pub fn world_changed(&self) {
        *locked(&self.truth) = None;
    }

    /// The world as it is.
    pub fn truth(&self) -> Arc<Inside> {
        let second = self.begun.elapsed().as_secs();
        let mut kept = locked(&self.truth);
        match &*kept {
            Some((of, truth)) if *of == second => Arc::clone(truth),
            _ => {
                let truth = Arc::new(self.simulator.inside());
                *kept = Some((second, Arc::clone(&truth)));
                truth
            }
        }
    }

    /// What goes wrong with this request, if anything does.
    fn trouble(&self, asked: &Asked) -> Option<Trouble> {
        let now = self.begun.elapsed().as_secs();
        let under_way = self.troubles.iter().filter(|planned| (planned.from..planned.until).contains(&now));
        let mut rng = locked(&self.rng);
        for planned in under_way {
            let concerned = match planned.trouble {
                Trouble::ClockSet(_) => continue,
                // The session is gone, and for a while there is no other.
                Trouble::TokenExpired => {
                    if *asked == Asked::Login && planned.from + 1 < planned.until {
                        return Some(if planned.in_ten == 10 { Trouble::Dropped } else { Trouble::Busy });
                    }
                    continue;
                }
                Trouble::Restart => return Some(Trouble::Dropped),
                _ => match planned.of {
                    Of::All => !matches!(asked, Asked::Login),
                    Of::Status => *asked == Asked::Status,
                    Of::Queues => *asked == Asked::Queues,
                    Of::Agents => matches!(asked, Asked::Agents(_)),
                    Of::Records => *asked == Asked::Records,
                    Of::Tags => *asked == Asked::Tag,
                },
            };
            if concerned && rng.u32(0..10) < planned.in_ten {
                return Some(planned.trouble);
            }
        }
        None
    }

    fn pause(&self, millis: std::ops::Range<u64>) -> Duration {
        Duration::from_millis(locked(&self.rng).u64(millis))
    }

    fn fields(body: &Bytes) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(body).into_owned().collect()
    }

    async fn carry(self: Arc<Self>, request: http::Request<Bytes>) -> Result<Answering, Cut> {
        let fields = Self::fields(request.body());
        let asked = match request.uri().path().rsplit('/').next().unwrap_or_default() {
            "getUserToken" | "UserLogin" => Asked::Login,
            "EndSession" => Asked::EndSession,
            "queuesummary" => Asked::Queues,
            "campaignstatus" => match fields.get("queue").map(String::as_str) {
                None | Some("") => Asked::Status,
                Some(queue) => Asked::Agents(queue.to_owned()),
            },
            "getrecords" => Asked::Records,
            "TagRecord" => Asked::Tag,
            _ => Asked::Other,
        };
        let left = self.begun.elapsed();
        {
            let mut journal = locked(&self.journal);
            if !matches!(asked, Asked::Login | Asked::EndSession) {
                journal.sent.push(left);
                journal.in_flight += 1;
                journal.most_in_flight = journal.most_in_flight.max(journal.in_flight);
            }
            if asked == Asked::EndSession
                && let Some(token) = fields.get("token")
            {
                *journal.tokens.entry(token.clone()).or_default() += 1;
            }
            journal.note(&format!("{:.3} > {asked:?}", left.as_secs_f64()));
        }
        let _out = Out {
            journal: Arc::clone(&self.journal),
            counted: !matches!(asked, Asked::Login | Asked::EndSession),
        };
        let trouble = self.trouble(&asked);
        if let Some(trouble) = trouble {
            locked(&self.journal).note(&format!("{:.3} ! {trouble:?}", left.as_secs_f64()));
        }
        let done = self.answered(request, &asked, trouble).await;
        let now = self.begun.elapsed();
        let mut journal = locked(&self.journal);
        if asked == Asked::Records {
            journal.last_search = now;
        }
        if trouble.is_some() {
            journal.last_trouble = journal.last_trouble.max(now);
            journal.troubled.entry(asked.clone()).or_default().push(now);
        }
        let said = match &done {
            Ok(answering) => answering.status().as_u16().to_string(),
            Err(cut) => format!("{:?}", cut.kind),
        };
        journal.note(&format!("{:.3} < {asked:?} {said}", now.as_secs_f64()));
        drop(journal);
        done
    }

    async fn answered(
        &self,
        request: http::Request<Bytes>,
        asked: &Asked,
        trouble: Option<Trouble>,
    ) -> Result<Answering, Cut> {
        tokio::time::sleep(self.pause(5..60)).await;
        match trouble {
            Some(Trouble::Dropped) => {
                // Half of them are refused at once, the others vanish.
                if locked(&self.rng).bool() {
                    return Err(Cut { left: false, ..Cut::of(ErrorKind::Unreachable) });
                }
                tokio::time::sleep(Duration::from_secs(30)).await;
                return Err(Cut::of(ErrorKind::Timeout));
            }
            Some(Trouble::Page) => {
                return Ok(answering(200, "text/html", b"<html><body>Gateway</body></html>".to_vec()));
            }
            Some(Trouble::Garbled) => {
                let noise = (0..200).map(|_| locked(&self.rng).u8(..)).collect();
                return Ok(answering(200, "text/plain", noise));
            }
            Some(Trouble::ErrorObject) => {
                let said = [&b"0"[..], br#"{"error":"java.lang.NullPointerException"}"#, b"null", b""];
                let said = said[locked(&self.rng).usize(..said.len())].to_vec();
                return Ok(answering(200, "text/plain", said));
            }
            Some(Trouble::Busy) => {
                let mut busy = answering(503, "text/plain", Vec::new());
                if locked(&self.rng).bool() {
                    busy.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(2));
                }
                return Ok(busy);
            }
            _ => {}
        }
        let response = self.simulator.answer(request.map(Body::from)).await;
        let truth = self.truth();
        let (head, body) = response.into_parts();
        let mut whole = Vec::new();
        let mut pieces = body.into_data_stream();
        while let Some(Ok(piece)) = pieces.next().await {
            whole.extend_from_slice(&piece);
        }
        match trouble {
            Some(Trouble::AnswerLost) => {
                tokio::time::sleep(self.pause(0..12_000)).await;
                return Err(Cut::of(ErrorKind::Unreachable));
            }
            Some(Trouble::Delayed) => tokio::time::sleep(self.pause(500..7_000)).await,
            _ => tokio::time::sleep(self.pause(5..250)).await,
        }
        let length = whole.len();
        let some = locked(&self.rng).usize(0..=length.saturating_sub(1).max(1)).min(length);
        let mut headers = head.headers;
        let (kept, breaks, good) = match trouble {
            Some(Trouble::Cut) => (some, true, false),
            Some(Trouble::CutInSilence) => (some, false, false),
            Some(Trouble::Latin1) => {
                let text = String::from_utf8_lossy(&whole).into_owned();
                let (latin, _, lossy) = encoding_rs::WINDOWS_1252.encode(&text);
                if !lossy {
                    whole = latin.into_owned();
                    headers.insert(
                        header::CONTENT_TYPE,
                        header::HeaderValue::from_static("text/plain; charset=ISO-8859-1"),
                    );
                }
                (whole.len(), false, true)
            }
            _ => (length, false, true),
        };
        whole.truncate(kept);
        headers.remove(header::CONTENT_LENGTH);
        let mut answering = http::Response::new(pieces_of(whole.clone(), breaks));
        (*answering.status_mut(), *answering.headers_mut()) = (head.status, headers);
        if good && head.status.is_success() {
            self.keep(asked, &whole, truth);
        }
        Ok(answering)
    }

    /// An answer goes in, whole: the client has it in this instant.
    fn keep(&self, asked: &Asked, whole: &[u8], truth: Arc<Inside>) {
        let mut journal = locked(&self.journal);
        let heard = Heard { at_ms: self.wall.now_ms(), after: self.begun.elapsed(), truth };
        if *asked == Asked::Login
            && let Some(token) = token_in(whole)
        {
            journal.tokens.entry(token).or_default();
        }
        let kept = journal.heard.entry(asked.clone()).or_default();
        kept.push(heard);
        // The first ones tell where counting began.
        if kept.len() > 64 {
            kept.drain(1..33);
        }
    }
}

/// A request that is given up has ended too.
struct Out {
    journal: Arc<Mutex<Journal>>,
    counted: bool,
}

impl Drop for Out {
    fn drop(&mut self) {
        if self.counted {
            locked(&self.journal).in_flight -= 1;
        }
    }
}

/// For the client: the way is shared.
pub struct OneWay(pub Arc<Way>);

impl Transport for OneWay {
    fn send(&self, request: http::Request<Bytes>) -> Sending {
        Box::pin(Arc::clone(&self.0).carry(request))
    }
}

/// The token in a login's answer, whatever shape it has: base64 in quotes, its equals signs as Gson writes them.
fn token_in(whole: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(whole).replace("\\u003d", "=");
    text.split('"').filter(|part| part.len() > 40).map(str::to_owned).next()
}

pub fn pieces_of(whole: Vec<u8>, breaks: bool) -> Pieces {
    let mut pieces = vec![Ok(Bytes::from(whole))];
    if breaks {
        pieces.push(Err(Cut::of(ErrorKind::Unreachable)));
    }
    Box::pin(futures_util::stream::iter(pieces))
}

fn answering(status: u16, content_type: &'static str, body: Vec<u8>) -> Answering {
    let mut answering = http::Response::new(pieces_of(body, false));
    *answering.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    answering.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    answering
}
