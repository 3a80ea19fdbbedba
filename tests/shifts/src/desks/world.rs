//! What three desks share: the database (the pure row of the lease, the newest readings, who was there lately), the ways to
//! it and to the server, and everything that is on its way. True time, in steps; a desk's own is its own.
//!
//! Left out on purpose: what a desk does (the program's), and whether it was right (`truth`).

mod base;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya_floor::{Reading, Wished};
use atalaya_team::{Error, LeaseRow, Numbered, Says, Standing};
use atalaya_ucontact::{Answering, Cut};
use bytes::Bytes;
use fastrand::Rng;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::desks::plan::{DESKS, Fault, Plan, Planned};
use crate::desks::truth::Truth;

/// Epoch milliseconds of the database's clock at the beginning.
pub const BEGINS_MS: i64 = 1_772_000_000_000;
/// Desks are counted that were there so lately.
const LATELY: Duration = Duration::from_secs(30);

/// What is asked of the database.
pub enum Question {
    Open(mpsc::UnboundedSender<String>),
    Beat { wished: Wished, says: Says, every: Duration },
    After(i64),
    Publish { epoch: i64, ahead_ms: i64, reading: Reading },
    Give(i64),
    Leave,
}

/// What it answers.
pub enum Answer {
    Done,
    Stands(Box<Standing>),
    Numbers(Vec<Numbered>),
    Number(i64),
    Given(bool),
}

pub type Asker<T> = oneshot::Sender<T>;

/// Something on its way.
enum Post {
    ToBase { connection: u64, desk: usize, question: Question, asker: Asker<Result<Answer, Error>> },
    Back { connection: u64, desk: usize, answer: Result<Answer, Error>, asker: Asker<Result<Answer, Error>> },
    Notice { connection: u64, desk: usize, text: String },
    ToServer { desk: usize, request: http::Request<Bytes>, mark: u32, asker: Asker<Result<Answering, Cut>> },
    FromServer { desk: usize, mark: u32, answering: Answering, asker: Asker<Result<Answering, Cut>> },
}

/// A request that arrived at the server.
pub struct Arrived {
    pub desk: usize,
    pub request: http::Request<Bytes>,
    /// Which poll it is of; 0: it asks for something else.
    pub mark: u32,
    pub asker: Asker<Result<Answering, Cut>>,
}

struct Connected {
    desk: usize,
    says: mpsc::UnboundedSender<String>,
    last_back: Duration,
}

struct Published {
    seq: i64,
    epoch: i64,
    ahead_ms: i64,
    at_ms: i64,
    reading: Reading,
}

/// All of it.
pub struct World {
    pub now: Duration,
    rng: Rng,
    way_ms: [u64; DESKS],
    pub row: LeaseRow,
    since_ms: i64,
    readings: BTreeMap<String, Published>,
    seats: BTreeMap<usize, (Duration, Wished)>,
    connections: BTreeMap<u64, Connected>,
    last_in: [Duration; DESKS],
    on_its_way: BTreeMap<(Duration, u64), Post>,
    count: u64,
    /// What is wrong now.
    pub wrong_now: Vec<Planned>,
    pub truth: Truth,
}

/// A desk's number in the team.
pub fn desk_id(desk: usize) -> Uuid {
    Uuid::from_u128(0x1000 + desk as u128)
}

fn away(detail: &str) -> Error {
    Error::Away { detail: detail.to_owned() }
}

impl World {
    pub fn new(plan: &Plan, lines: bool) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self {
            now: Duration::ZERO,
            rng: Rng::with_seed(plan.seed ^ 0x77_61_79),
            way_ms: plan.way_ms,
            row: LeaseRow::default(),
            since_ms: 0,
            readings: BTreeMap::new(),
            seats: BTreeMap::new(),
            connections: BTreeMap::new(),
            last_in: [Duration::ZERO; DESKS],
            on_its_way: BTreeMap::new(),
            count: 0,
            wrong_now: Vec::new(),
            truth: Truth::new(plan, lines),
        }))
    }

    fn has(&self, is: impl Fn(Fault) -> bool) -> bool {
        self.wrong_now.iter().any(|planned| is(planned.fault))
    }

    /// Until when nothing passes between that desk and the database.
    fn held_up(&self, desk: usize) -> Option<Duration> {
        let holds = |fault| fault == Fault::BaseStands || fault == Fault::Silent(desk);
        let until = |planned: &Planned| planned.until + Duration::from_millis(15);
        self.wrong_now.iter().filter(|planned| holds(planned.fault)).map(until).max()
    }

    fn refuses(&self, desk: usize) -> bool {
        self.has(|fault| fault == Fault::BaseKilled || fault == Fault::Cut(desk))
    }

    /// Desk and database hear each other, in good time.
    pub fn hears(&self, desk: usize) -> bool {
        let slow = |fault| matches!(fault, Fault::Slow(of, _) if of == desk);
        !self.refuses(desk) && self.held_up(desk).is_none() && !self.has(slow)
    }

    /// The desk reaches the server, in good time.
    pub fn reaches(&self, desk: usize) -> bool {
        !self.has(|fault| matches!(fault, Fault::ServerLost(of, _) | Fault::ServerSlow(of) if of == desk))
    }

    /// How a desk does not reach the server: refused at once, or nothing comes back.
    pub fn server_lost(&self, desk: usize) -> Option<bool> {
        self.wrong_now.iter().find_map(|planned| match planned.fault {
            Fault::ServerLost(of, at_once) if of == desk => Some(at_once),
            _ => None,
        })
    }

    fn post(&mut self, due: Duration, post: Post) {
        self.count += 1;
        self.on_its_way.insert((due, self.count), post);
    }

    fn way(&mut self, desk: usize) -> Duration {
        let slow = self.wrong_now.iter().find_map(|planned| match planned.fault {
            Fault::Slow(of, ms) if of == desk => Some(ms),
            _ => None,
        });
        let ms = slow.unwrap_or(self.way_ms[desk]);
        Duration::from_millis(ms + self.rng.u64(0..=ms / 2 + 2))
    }

    /// A number for another connection.
    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Sends a question to the database; `at` by true time.
    pub fn ask_base(
        &mut self,
        at: Duration,
        connection: u64,
        desk: usize,
        question: Question,
        asker: Asker<Result<Answer, Error>>,
    ) {
        // Over one connection nothing overtakes.
        let due = (at + self.way(desk)).max(self.last_in[desk]);
        self.last_in[desk] = due;
        self.post(due, Post::ToBase { connection, desk, question, asker });
    }

    /// A desk's connection is no more.
    pub fn hang_up(&mut self, connection: u64) {
        self.connections.remove(&connection);
    }

    /// Sends a request to the server.
    pub fn ask_server(
        &mut self,
        at: Duration,
        desk: usize,
        request: http::Request<Bytes>,
        mark: u32,
        asker: Asker<Result<Answering, Cut>>,
    ) {
        let due = at + Duration::from_millis(self.rng.u64(3..60));
        self.post(due, Post::ToServer { desk, request, mark, asker });
    }

    /// The server answered.
    pub fn answered(&mut self, arrived: Arrived, answering: Answering) {
        let Arrived { desk, mark, asker, .. } = arrived;
        let slow = self.has(|fault| fault == Fault::ServerSlow(desk));
        let ms = if slow { self.rng.u64(1_000..9_000) } else { self.rng.u64(3..250) };
        let due = self.now + Duration::from_millis(ms);
        self.post(due, Post::FromServer { desk, mark, answering, asker });
    }

    /// A fault begins: connections end where it is one that ends them.
    pub fn begins(&mut self, planned: Planned) {
        self.wrong_now.push(planned);
        let cut = |desk: usize| match planned.fault {
            Fault::BaseKilled => true,
            Fault::Cut(of) => of == desk,
            _ => false,
        };
        self.connections.retain(|_, connected| !cut(connected.desk));
        let mut rng = self.rng.fork();
        self.on_its_way.retain(|_, post| match post {
            Post::Back { desk, .. } | Post::Notice { desk, .. } => !cut(*desk),
            // What left may have arrived, or not; at a killed server it has not.
            Post::ToBase { desk, .. } if cut(*desk) => planned.fault != Fault::BaseKilled && rng.bool(),
            _ => true,
        });
    }

    /// What is over is over.
    pub fn ends(&mut self) {
        let now = self.now;
        self.wrong_now.retain(|planned| planned.until > now);
    }

    /// The next thing that arrives by now, if it is for the server.
    pub fn deliver(&mut self) -> Option<Arrived> {
        while let Some(first) = self.on_its_way.first_entry() {
            if first.key().0 > self.now {
                return None;
            }
            let (key, post) = first.remove_entry();
            let desk_of_base = match &post {
                Post::ToBase { desk, .. } | Post::Back { desk, .. } | Post::Notice { desk, .. } => {
                    Some(*desk)
                }
                _ => None,
            };
            if let Some(until) = desk_of_base.and_then(|desk| self.held_up(desk)) {
                self.on_its_way.insert((until.max(key.0), key.1), post);
                continue;
            }
            match post {
                Post::ToBase { connection, desk, question, asker } => {
                    self.arrives(connection, desk, question, asker);
                }
                // Whoever asked may have given up.
                Post::Back { connection, answer, asker, desk } => {
                    if self.connections.contains_key(&connection) {
                        if matches!(answer, Ok(Answer::Stands(_))) {
                            self.truth.heard(desk, self.now);
                        }
                        let _ = asker.send(answer);
                    }
                }
                Post::Notice { connection, text, .. } => {
                    if let Some(connected) = self.connections.get(&connection) {
                        let _ = connected.says.send(text);
                    }
                }
                Post::ToServer { desk, request, mark, asker } => {
                    return Some(Arrived { desk, request, mark, asker });
                }
                Post::FromServer { desk, mark, answering, asker } => {
                    if asker.send(Ok(answering)).is_ok() && mark > 0 {
                        self.truth.came(desk, mark, self.now);
                    }
                }
            }
        }
        None
    }

    fn arrives(
        &mut self,
        connection: u64,
        desk: usize,
        question: Question,
        asker: Asker<Result<Answer, Error>>,
    ) {
        if let Question::Open(says) = question {
            let refused = self.refuses(desk);
            if asker.is_closed() {
                return;
            }
            if refused {
                let _ = asker.send(Err(away("refused")));
                return;
            }
            self.connections.insert(connection, Connected { desk, says, last_back: Duration::ZERO });
            return self.back(connection, desk, Ok(Answer::Done), asker);
        }
        // A killed server does nothing any more; of a connection that ended, it may do what had come.
        if self.has(|fault| fault == Fault::BaseKilled) {
            return;
        }
        let answer = self.done(desk, question);
        self.back(connection, desk, answer, asker);
    }

    fn back(
        &mut self,
        connection: u64,
        desk: usize,
        answer: Result<Answer, Error>,
        asker: Asker<Result<Answer, Error>>,
    ) {
        let due = self.now + self.way(desk);
        let Some(connected) = self.connections.get_mut(&connection) else { return };
        connected.last_back = connected.last_back.max(due);
        let due = connected.last_back;
        self.post(due, Post::Back { connection, desk, answer, asker });
    }

    fn notify(&mut self, text: &str) {
        let listening: Vec<(u64, usize)> =
            self.connections.iter().map(|(number, connected)| (*number, connected.desk)).collect();
        for (connection, desk) in listening {
            let due = self.now + self.way(desk);
            let Some(connected) = self.connections.get_mut(&connection) else { continue };
            connected.last_back = connected.last_back.max(due);
            let due = connected.last_back;
            self.post(due, Post::Notice { connection, desk, text: text.to_owned() });
        }
    }
}
