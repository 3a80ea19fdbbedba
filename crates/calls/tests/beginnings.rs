//! What a recording's first bytes say, when they do not say it at once, or not what its name says.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};

use atalaya_calls::{Calls, ConvertPolicy, Error, Recording, Target};
use atalaya_clock::Clock;
use atalaya_player::container::{Contained, Extent, Format};
use atalaya_simulator::Simulator;
use atalaya_store::Store;
use atalaya_ucontact::{Client, Options, Secret, Server};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

mod common;
use common::{Analyst, still};

const GUID: &str = "020f9687-adc6-46ca-b675-e96c9d1606ef";

/// How a host answers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Ranges,
    /// Ranges, without saying how long the file is.
    LengthUnknown,
    /// The whole file, whatever was asked for.
    NoRanges,
    /// Ranges, of which this many bytes come in one connection.
    Breaks(usize),
    /// Ranges, of a file whose bytes from this one on never come.
    StopsAt(usize),
}

/// A host of recordings with a single file, and the first bytes of what it was asked for.
struct Host {
    url: String,
    asked: Arc<Mutex<Vec<usize>>>,
}

impl Host {
    async fn of(bytes: Vec<u8>, ending: &'static str, way: Way) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
        let asked = Arc::<Mutex<Vec<usize>>>::default();
        let (bytes, seen) = (Arc::new(bytes), Arc::clone(&asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (bytes, seen) = (Arc::clone(&bytes), Arc::clone(&seen));
                // Whoever asked may have gone.
                tokio::spawn(async move { answer(stream, &bytes, ending, way, &seen).await.ok() });
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<usize> {
        let mut asked = self.asked.lock().expect("no request panics").clone();
        asked.sort_unstable();
        asked
    }
}

async fn answer(
    mut stream: TcpStream,
    bytes: &[u8],
    ending: &str,
    way: Way,
    seen: &Mutex<Vec<usize>>,
) -> std::io::Result<()> {
    let mut request = String::new();
    while !request.contains("\r\n\r\n") {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await?;
        request.push_str(&String::from_utf8_lossy(&part[..read]));
    }
    let there = request.lines().next().is_some_and(|line| line.contains(&format!("/{GUID}.{ending} ")));
    let in_root = request.starts_with("GET /records/0");
    if !there || !in_root {
        return stream.write_all(b"HTTP/1.1 404 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    }
    let lowered = request.to_lowercase();
    let (_, range) = lowered.split_once("range: bytes=").expect("a range is asked for");
    let (from, to) = range.lines().next().and_then(|range| range.split_once('-')).expect("from and to");
    let from: usize = from.parse().expect("a number");
    let to = to.trim().parse().map_or(bytes.len(), |last: usize| (last + 1).min(bytes.len()));
    seen.lock().expect("no request panics").push(from);
    let total = bytes.len();
    let (status, sent) = match way {
        Way::NoRanges => ("200 \r\n".to_owned(), bytes),
        _ if from >= to => ("416 \r\n".to_owned(), &[][..]),
        Way::LengthUnknown => {
            (format!("206 \r\nContent-Range: bytes {from}-{}/*\r\n", to - 1), &bytes[from..to])
        }
        Way::Ranges | Way::Breaks(_) | Way::StopsAt(_) => {
            (format!("206 \r\nContent-Range: bytes {from}-{}/{total}\r\n", to - 1), &bytes[from..to])
        }
    };
    let length = sent.len();
    let head =
        format!("HTTP/1.1 {status}Content-Length: {length}\r\nETag: \"1\"\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    let comes = match way {
        Way::Breaks(after) => after,
        Way::StopsAt(end) => end.saturating_sub(from),
        Way::Ranges | Way::LengthUnknown | Way::NoRanges => length,
    };
    stream.write_all(&sent[..comes.min(length)]).await?;
    stream.shutdown().await
}

struct Listener {
    _simulator: Simulator,
    client: Client,
    folder: TempDir,
}

impl Listener {
    async fn at(host: &Host) -> Self {
        let simulator = atalaya_simulator::start(still()).await.expect("loopback has a free port");
        let server =
            Server::parse(&simulator.server_url(), Some(&host.url), None, None).expect("good addresses");
        let options = Options { requests_per_second: 500.0, max_in_flight: 8, ..Options::default() };
        let password = Secret::new(simulator.password());
        let client = Client::sign_in(server, simulator.user(), password, options).await.expect("signs in");
        Self { _simulator: simulator, client, folder: tempfile::tempdir().expect("a folder") }
    }

    async fn open(&self) -> Result<Arc<Recording>, Error> {
        let store = Store::in_memory(&[atalaya_calls::MIGRATIONS], Clock::system()).expect("a store");
        let calls: Calls = Analyst::calls(&self.client, &store, self.folder.path());
        let target = Target { guid: GUID.to_owned(), days: vec!["20260131".to_owned()] };
        calls.open(&target, ConvertPolicy::Never, |_| {}, &CancellationToken::new()).await
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../player/fixtures");
    std::fs::read(format!("{folder}/{name}")).expect("a fixture")
}

/// With a tag as large as a picture.
fn pictured() -> Vec<u8> {
    [b"ID3\x03\0\0\0\x01\x1C\x2A", &vec![0; 20_010][..], &fixture("speech8k.mp3")].concat()
}

/// With a note before the sound.
fn noted() -> Vec<u8> {
    let bytes = fixture("speech49.wav");
    [&bytes[..52], b"LIST\x30\x75\0\0", &vec![0; 30_000], &bytes[52..]].concat()
}

fn contained(format: Format, start: u64, end: Option<u64>) -> Contained {
    Contained { format, sound: Extent { start, end } }
}

#[tokio::test]
async fn as_much_is_read_as_it_takes_to_tell_what_it_is() {
    let mp3 = || (pictured(), "mp3", contained(Format::Mp3, 20_020, None));
    let wav = || (noted(), "gsm", contained(Format::Wav49, 30_068, Some(34_944)));
    for way in [Way::Ranges, Way::LengthUnknown, Way::NoRanges, Way::Breaks(15_000)] {
        for (bytes, ending, expected) in [mp3(), wav()] {
            let host = Host::of(bytes.clone(), ending, way).await;
            let listener = Listener::at(&host).await;
            let recording = listener.open().await.expect("it is sound");
            assert_eq!(recording.contained(), Some(expected), "{way:?}");
            recording.complete().await.expect("it comes whole");
            assert_eq!(recording.bytes().expect("they are here"), bytes, "{way:?}");
            let asked = host.asked();
            assert_eq!((asked[0], asked.get(1)), (0, (way != Way::NoRanges).then_some(&8_192)), "{way:?}");
            drop(recording);
            let again = listener.open().await.expect("it is on this computer");
            assert_eq!((again.contained(), host.asked()), (Some(expected), asked), "nobody was asked again");
        }
    }
}

#[tokio::test]
async fn a_name_is_not_believed() {
    for (bytes, ending, format) in [
        (fixture("speech.gsm"), "mp3", Format::Gsm),
        (fixture("speech8k.mp3"), "gsm", Format::Mp3),
        (fixture("speech49.wav"), "mp3", Format::Wav49),
    ] {
        let host = Host::of(bytes, ending, Way::Ranges).await;
        let recording = Listener::at(&host).await.open().await.expect("it is sound");
        let contained = recording.contained().expect("it is sound");
        assert_eq!((contained.format, recording.place().format.name()), (format, ending));
    }
}

#[tokio::test]
async fn what_never_comes_far_enough_to_tell_is_the_hosts_failure() {
    let host = Host::of(pictured(), "mp3", Way::StopsAt(10_000)).await;
    let listener = Listener::at(&host).await;
    assert_eq!(listener.open().await.unwrap_err().code(), "recordingHostFailing");
    assert_eq!(host.asked(), [0, 8_192, 10_000]);
}

#[tokio::test]
async fn a_damaged_file_on_this_computer_is_fetched_anew() {
    let bytes = fixture("speech.gsm");
    let host = Host::of(bytes.clone(), "gsm", Way::Ranges).await;
    let listener = Listener::at(&host).await;
    listener.open().await.expect("it is sound").complete().await.expect("it comes whole");
    let files = || std::fs::read_dir(listener.folder.path()).expect("the cache").filter_map(Result::ok);
    for file in files() {
        std::fs::write(file.path(), vec![0; 5_000]).expect("it can be written");
    }
    let anew = listener.open().await.expect("it is there");
    anew.complete().await.expect("it comes whole");
    assert_eq!(anew.bytes().expect("they are here"), bytes);
}
