//! A channel on this computer: files over TLS, and everything that goes wrong on their way.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use minisign::KeyPair;
use rcgen::{CertificateParams, KeyPair as TlsKey};
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What becomes of a file on its way.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The connection ends after so many bytes.
    Cut(usize),
    /// Nothing comes any more after so many bytes.
    Stall(usize),
    /// So much is said, and more comes.
    More,
    /// It is somewhere else.
    Redirect(String),
    /// An answer that is none.
    Status(u16),
    /// Pieces of it are not to be had.
    WholeOnly,
    /// A piece is given that was not asked for.
    OtherPiece,
}

#[derive(Default)]
struct Files {
    files: HashMap<String, (Vec<u8>, Fault)>,
    /// What was asked for, with the piece of it.
    asked: Vec<(String, Option<String>)>,
}

/// The channel, its keys and its authority.
pub struct Channel {
    pub address: SocketAddr,
    pub authority: PathBuf,
    pub keys: [KeyPair; 2],
    files: Arc<Mutex<Files>>,
    _folder: tempfile::TempDir,
}

pub fn pair() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().expect("a key")
}

pub fn sign(pair: &KeyPair, bytes: &[u8], purpose: &str) -> String {
    minisign::sign(None, &pair.sk, bytes, Some(purpose), None).expect("it is signed").into_string()
}

pub const KEY: &str = "linux-x86_64-deb";

/// What a package of this version is called.
pub fn name(version: &str) -> String {
    format!("atalaya-{version}-{KEY}.deb")
}

/// A package: what our installer of tests reads of it, and enough behind that to be cut in the middle.
pub fn package(version: &str) -> Vec<u8> {
    let mut bytes = format!("{version}\n").into_bytes();
    bytes.extend((0..300_000_u32).map(|place| (place.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes
}

impl Channel {
    pub async fn start() -> Self {
        let key = TlsKey::generate().expect("a key");
        let made = CertificateParams::new(vec!["localhost".to_owned()]).expect("names").self_signed(&key);
        let made = made.expect("it is signed");
        let folder = tempfile::tempdir().expect("a folder");
        let authority = folder.path().join("authority.pem");
        std::fs::write(&authority, made.pem()).expect("it is written");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![made.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
            )
            .expect("a certificate with its key");
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it has one");
        let files = Arc::new(Mutex::new(Files::default()));
        let served = Arc::clone(&files);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, files) = (acceptor.clone(), Arc::clone(&served));
                tokio::spawn(async move { answer(acceptor, socket, files).await });
            }
        });
        Self { address, authority, keys: [pair(), pair()], files, _folder: folder }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}/channel.json", self.address.port())
    }

    pub fn public_keys(&self) -> String {
        self.keys.iter().map(|pair| pair.pk.to_base64()).collect::<Vec<_>>().join("\n")
    }

    pub fn put(&self, name: &str, bytes: impl Into<Vec<u8>>, fault: Fault) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.files.insert(format!("/{name}"), (bytes.into(), fault));
    }

    /// What was asked for since the last time.
    pub fn asked(&self) -> Vec<(String, Option<String>)> {
        std::mem::take(&mut self.files.lock().unwrap_or_else(PoisonError::into_inner).asked)
    }

    /// A release of this version, whose package lies here.
    pub fn release(&self, version: &str) -> Value {
        let bytes = package(version);
        let signature = sign(&self.keys[0], &bytes, &format!("atalaya-package {}", name(version)));
        let size = bytes.len();
        self.put(&name(version), bytes, Fault::None);
        let notes = json!({ "es": "Más rápido", "en": "Faster", "pt-BR": "Mais rápido" });
        let bundle = json!({ "url": name(version), "signature": signature, "size": size });
        json!({ "version": version, "percent": 100, "notes": notes, "bundles": { KEY: bundle } })
    }

    /// Says this, signed with the second key: either will do.
    pub fn say(&self, releases: &[Value]) {
        self.say_at("2026-11-30T10:00:00Z", releases);
    }

    pub fn say_at(&self, issued: &str, releases: &[Value]) {
        let signed = json!({ "form": 1, "issued": issued, "releases": releases }).to_string();
        let signature = sign(&self.keys[1], signed.as_bytes(), "atalaya-channel");
        self.put(
            "channel.json",
            json!({ "signed": signed, "signature": signature }).to_string(),
            Fault::None,
        );
    }
}

async fn answer(acceptor: TlsAcceptor, socket: TcpStream, files: Arc<Mutex<Files>>) {
    let Ok(mut stream) = acceptor.accept(socket).await else { return };
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let range =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("range: ").map(str::to_owned));
    let file = {
        let mut files = files.lock().unwrap_or_else(PoisonError::into_inner);
        files.asked.push((path.clone(), range.clone()));
        files.files.get(&path).cloned()
    };
    let begin =
        range.and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    // Whoever asked may be gone.
    let _ = reply(&mut stream, file, begin).await;
    let _ = stream.shutdown().await;
}

async fn reply(
    stream: &mut TlsStream<TcpStream>,
    file: Option<(Vec<u8>, Fault)>,
    begin: Option<usize>,
) -> std::io::Result<()> {
    let Some((bytes, fault)) = file else {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").await;
    };
    let begin = begin.filter(|begin| *begin < bytes.len() && fault != Fault::WholeOnly);
    let from = begin.unwrap_or(0);
    let rest = &bytes[from..];
    let head = match &fault {
        Fault::Status(status) => format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n"),
        Fault::Redirect(to) => format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"),
        // Nobody says how long it is.
        Fault::More => "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_owned(),
        Fault::OtherPiece => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-{}/{}\r\nContent-Length: {}\r\n\r\n",
            rest.len() - 1,
            bytes.len(),
            rest.len()
        ),
        _ if begin.is_some() => format!(
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{}/{}\r\nContent-Length: {}\r\n\r\n",
            bytes.len() - 1,
            bytes.len(),
            rest.len()
        ),
        _ => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", rest.len()),
    };
    stream.write_all(head.as_bytes()).await?;
    match fault {
        Fault::Status(_) => Ok(()),
        // It said nothing of it, and does not answer a second time here: it waits until whoever asked is gone or asks.
        Fault::Redirect(_) => stream.read_u8().await.map(drop),
        Fault::Cut(after) => {
            stream.write_all(&rest[..after.min(rest.len())]).await?;
            stream.flush().await
        }
        Fault::Stall(after) => {
            stream.write_all(&rest[..after.min(rest.len())]).await?;
            stream.flush().await?;
            // Until whoever asked is gone.
            stream.read_u8().await.map(drop)
        }
        Fault::More => {
            stream.write_all(rest).await?;
            stream.write_all(&[0; 4_096]).await
        }
        Fault::None | Fault::WholeOnly | Fault::OtherPiece => {
            stream.write_all(rest).await?;
            stream.flush().await
        }
    }
}
