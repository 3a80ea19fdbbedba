//! A desk's two ways, to the database and to the server, in simulated time.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_clock::Clock;
use atalaya_floor::{Reading, Wished};
use atalaya_team::{Base, Error, Numbered, Says, Soon, Spoken, Standing};
use atalaya_ucontact::{Answering, Cut, ErrorKind, Sending, Transport};
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::desks::machine::Live;
use crate::desks::world::{Answer, Question, World};
use crate::wall::Wall;
use crate::way::locked;

/// As long as the program waits for PostgreSQL: to be let in, and for an answer.
const LETS_IN_WITHIN: Duration = Duration::from_secs(8);
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
const SERVER_WITHIN: Duration = Duration::from_secs(30);

/// Where a desk stands in the world, for as long as it runs.
#[derive(Clone)]
pub struct Place {
    pub desk: usize,
    pub world: Arc<Mutex<World>>,
    pub wall: Wall,
    /// How far its steady clock is behind true time, nanoseconds.
    pub behind: Arc<AtomicU64>,
    /// Once it is signed in.
    pub live: Arc<Mutex<Option<Live>>>,
}

impl Place {
    /// True time; inside the desk alone.
    fn now(&self) -> Duration {
        self.wall.begun.elapsed() + Duration::from_nanos(self.behind.load(Ordering::Relaxed))
    }

    async fn ask(&self, connection: u64, question: Question, within: Duration) -> Result<Answer, Error> {
        let (asker, answer) = oneshot::channel();
        locked(&self.world).ask_base(self.now(), connection, self.desk, question, asker);
        match timeout(within, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Error::Away { detail: "the connection ended".to_owned() }),
            Err(_) => Err(Error::Away { detail: "no answer in time".to_owned() }),
        }
    }
}

impl Base for Place {
    fn open(&self) -> Soon<'_, Box<dyn Spoken>> {
        Box::pin(async {
            let connection = locked(&self.world).number();
            let (says, said) = mpsc::unbounded_channel();
            let line = Line { place: self.clone(), connection, said };
            self.ask(connection, Question::Open(says), LETS_IN_WITHIN).await?;
            Ok(Box::new(line) as Box<dyn Spoken>)
        })
    }
}

/// A connection of a desk.
struct Line {
    place: Place,
    connection: u64,
    said: mpsc::UnboundedReceiver<String>,
}

impl Drop for Line {
    fn drop(&mut self) {
        locked(&self.place.world).hang_up(self.connection);
    }
}

impl Line {
    async fn ask(&self, question: Question) -> Result<Answer, Error> {
        self.place.ask(self.connection, question, ANSWERS_WITHIN).await
    }
}

/// No other answer fits the question.
fn odd() -> Error {
    Error::Database { detail: "an answer to something else".to_owned() }
}

impl Spoken for Line {
    fn beat<'a>(
        &'a self,
        wished: &'a Wished,
        says: Says,
        every: Duration,
        clock: &'a Clock,
    ) -> Soon<'a, Standing> {
        Box::pin(async move {
            let (sent, sent_ms) = (clock.steady(), clock.now_ms());
            let question = Question::Beat { wished: wished.clone(), says, every };
            let Answer::Stands(standing) = self.ask(question).await? else { return Err(odd()) };
            let took = clock.since(sent);
            let here_ms = sent_ms + took.as_millis() as i64 / 2;
            Ok(Standing { sent, took, ahead_ms: standing.ahead_ms - here_ms, ..*standing })
        })
    }

    fn after(&self, seq: i64) -> Soon<'_, Vec<Numbered>> {
        Box::pin(async move {
            match self.ask(Question::After(seq)).await? {
                Answer::Numbers(numbers) => Ok(numbers),
                _ => Err(odd()),
            }
        })
    }

    fn publish<'a>(&'a self, epoch: i64, ahead_ms: i64, reading: &'a Reading) -> Soon<'a, i64> {
        let question = Question::Publish { epoch, ahead_ms, reading: reading.clone() };
        Box::pin(async move {
            match self.ask(question).await? {
                Answer::Number(number) => Ok(number),
                _ => Err(odd()),
            }
        })
    }

    fn give(&self, epoch: i64) -> Soon<'_, bool> {
        Box::pin(async move {
            match self.ask(Question::Give(epoch)).await? {
                Answer::Given(given) => Ok(given),
                _ => Err(odd()),
            }
        })
    }

    fn leave(&self) -> Soon<'_, ()> {
        Box::pin(async move { self.ask(Question::Leave).await.map(drop) })
    }

    fn said(&mut self) -> Pin<Box<dyn Future<Output = Option<String>> + Send + '_>> {
        Box::pin(self.said.recv())
    }

    fn said_already(&mut self) -> Option<String> {
        self.said.try_recv().ok()
    }
}

impl Transport for Place {
    fn send(&self, request: http::Request<Bytes>) -> Sending {
        let place = self.clone();
        Box::pin(async move { place.carry(request).await })
    }
}

impl Place {
    async fn carry(&self, request: http::Request<Bytes>) -> Result<Answering, Cut> {
        let (asker, answer) = oneshot::channel();
        let status = request.uri().path().ends_with("campaignstatus")
            && url::form_urlencoded::parse(request.body())
                .all(|(name, value)| name != "queue" || value.is_empty());
        let login =
            request.uri().path().ends_with("getUserToken") || request.uri().path().ends_with("UserLogin");
        let believes = locked(&self.live).as_ref().map(|live| {
            let state = live.state.borrow();
            (state.part, state.epoch)
        });
        let now = self.now();
        let lost = {
            let mut world = locked(&self.world);
            let row = world.row.clone();
            let lost = world.server_lost(self.desk);
            let mark = if status { world.truth.asks(self.desk, believes, &row, now) } else { 0 };
            if !login && lost != Some(true) {
                world.truth.requests.push(now);
            }
            if lost.is_none() {
                world.ask_server(now, self.desk, request, mark, asker);
            }
            lost
        };
        match lost {
            Some(true) => return Err(Cut { left: false, ..Cut::of(ErrorKind::Unreachable) }),
            Some(false) => {
                tokio::time::sleep(SERVER_WITHIN).await;
                return Err(Cut::of(ErrorKind::Timeout));
            }
            None => {}
        }
        match timeout(SERVER_WITHIN, answer).await {
            Ok(Ok(answer)) => answer,
            _ => Err(Cut::of(ErrorKind::Timeout)),
        }
    }
}
