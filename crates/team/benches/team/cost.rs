//! What is paid: processor time and memory of processes, and bytes through a connection.

use std::fs;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Linux counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;

/// The processor and how busy it is with other things.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    format!("{cores} cores, load {load} before it began")
}

/// Processor time of a process so far, seconds; with that of its children that have ended.
fn processor_secs(process: u32, with_ended: bool) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // After the name in brackets: state, then ten more up to its own times, and its ended children's.
    let times = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let times = times.split_whitespace().skip(11).take(if with_ended { 4 } else { 2 });
    times.filter_map(|time| time.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// Of a server and its children, the first being the server; what ended meanwhile stays counted with it.
pub fn all_secs(processes: &[u32]) -> f64 {
    processes.iter().enumerate().map(|(place, process)| processor_secs(*process, place == 0)).sum()
}

/// Of this process.
pub fn own_secs() -> f64 {
    processor_secs(std::process::id(), false)
}

/// Memory, what is shared being divided among those who share it, kB.
pub fn all_kb(processes: &[u32]) -> u64 {
    let of = |process: &u32| {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    processes.iter().filter_map(of).sum()
}

/// Counts what goes through it, in both directions, for as many connections as come.
#[derive(Clone, Default)]
pub struct Counted {
    pub sent: Arc<AtomicU64>,
    pub received: Arc<AtomicU64>,
}

impl Counted {
    /// A port that leads to the other one.
    pub async fn before(&self, port: u16) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
        let own = listener.local_addr().expect("it is bound").port();
        let counted = self.clone();
        tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let Ok(database) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
                let _ = (desk.set_nodelay(true), database.set_nodelay(true));
                let (from_desk, to_desk) = desk.into_split();
                let (from_database, to_database) = database.into_split();
                tokio::spawn(handed_on(from_database, to_desk, Arc::clone(&counted.sent)));
                tokio::spawn(handed_on(from_desk, to_database, Arc::clone(&counted.received)));
            }
        });
        own
    }

    /// Bytes from the database, and to it.
    pub fn now(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.received.load(Ordering::Relaxed))
    }
}

async fn handed_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, count: Arc<AtomicU64>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        count.fetch_add(read as u64, Ordering::Relaxed);
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
