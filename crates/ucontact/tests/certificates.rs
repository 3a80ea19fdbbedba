//! Signing in over TLS, with every kind of certificate that on-premise servers are found with.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use atalaya_simulator::{Config, Simulator};
use atalaya_ucontact::{Client, Distrust, Error, ErrorKind, Options, Secret, Server};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A server's certificate with its key, and those it sends along.
struct Made {
    chain: Vec<CertificateDer<'static>>,
    key: KeyPair,
}

/// As `openssl req -x509` makes them: signed by itself, and said to be an authority's.
fn by_openssl(mut params: CertificateParams) -> Made {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    by_itself(&params)
}

fn by_itself(params: &CertificateParams) -> Made {
    let key = KeyPair::generate().expect("a key");
    let made = params.self_signed(&key).expect("it is signed");
    Made { chain: vec![made.der().clone()], key }
}

fn named(names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.distinguished_name.push(DnType::CommonName, "localhost");
    params
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

/// A root, one below it, and a server's own, signed by the lower one.
fn three() -> (CertificateDer<'static>, CertificateDer<'static>, Made) {
    let key = || KeyPair::generate().expect("a key");
    let root = CertifiedIssuer::self_signed(authority("Centro Root"), key()).expect("a root");
    let below = CertifiedIssuer::signed_by(authority("Centro Issuing"), key(), &root).expect("one below it");
    let own = key();
    let leaf = named(&["localhost"]).signed_by(&own, &below).expect("a leaf");
    let (root, below) = (root.der().clone(), below.der().clone());
    (root, below, Made { chain: vec![leaf.der().clone()], key: own })
}

fn acceptor(made: &Made) -> TlsAcceptor {
    let key = PrivateKeyDer::try_from(made.key.serialize_der()).expect("a key");
    let tls = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(made.chain.clone(), key)
        .expect("a certificate with its key");
    TlsAcceptor::from(Arc::new(tls))
}

/// The simulated contact centre behind TLS.
struct Centre {
    simulator: Simulator,
    port: u16,
    home: tempfile::TempDir,
}

impl Centre {
    async fn with(made: &Made) -> Self {
        let config = Config { campaigns: 3, agents: 6, moving: false, ..Config::default() };
        let simulator = atalaya_simulator::start(config).await.expect("loopback has a free port");
        let acceptor = acceptor(made);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let port = listener.local_addr().expect("it has one").port();
        let behind = simulator.telephony_url().trim_start_matches("http://").trim_end_matches('/').to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, behind) = (acceptor.clone(), behind.clone());
                tokio::spawn(async move {
                    let Ok(mut inside) = acceptor.accept(stream).await else { return };
                    let Ok(mut server) = TcpStream::connect(behind).await else { return };
                    let _ = tokio::io::copy_bidirectional(&mut inside, &mut server).await;
                });
            }
        });
        Self { simulator, port, home: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join("added.cer");
        std::fs::write(&path, bytes).expect("it is written");
        path
    }

    async fn sign_in(&self, host: &str, added: Option<PathBuf>) -> Result<(), Error> {
        let server = Server::parse(&format!("https://{host}:{}", self.port), None, None, added)?;
        let password = Secret::new(self.simulator.password());
        let client = Client::sign_in(server, self.simulator.user(), password, Options::default()).await?;
        let seen = client.campaigns().await?;
        client.end_session().await;
        assert_eq!(seen.value.len(), 3);
        Ok(())
    }

    async fn refused(&self, host: &str, added: Option<PathBuf>) -> (Distrust, Option<String>) {
        let error = self.sign_in(host, added).await.expect_err("it is not to be trusted");
        let ErrorKind::Certificate(why) = error.kind else { panic!("{error:?}") };
        assert!(!error.retryable() && !error.may_have_arrived(), "{error:?}");
        assert_eq!(self.simulator.stats().logins, 0, "no password left");
        (why, error.detail)
    }
}

fn pem(der: &[u8]) -> String {
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for three in der.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = digits[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() { digit.into() } else { '=' });
        }
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}

#[tokio::test]
async fn a_certificate_made_by_the_server_itself_is_trusted_once_it_is_added() {
    for (host, made) in [
        ("localhost", by_openssl(named(&["localhost"]))),
        ("localhost", by_itself(&named(&["localhost"]))),
        ("127.0.0.1", by_openssl(named(&["127.0.0.1"]))),
    ] {
        let centre = Centre::with(&made).await;
        assert_eq!(centre.refused(host, None).await, (Distrust::UnknownIssuer, Some("localhost".to_owned())));
        let der = made.chain[0].to_vec();
        let other = by_openssl(named(&["localhost"])).chain[0].to_vec();
        assert_eq!(centre.refused(host, Some(centre.file(&other))).await.0, Distrust::UnknownIssuer);
        let bundle = format!("# ours\n{}\n{}", pem(&other), pem(&der));
        for file in [der.clone(), [other, der.clone()].concat(), pem(&der).into_bytes(), bundle.into_bytes()]
        {
            centre.sign_in(host, Some(centre.file(&file))).await.expect("it was added");
        }
    }
}

#[tokio::test]
async fn the_name_counts_for_what_was_added_too() {
    let elsewhere = by_openssl(named(&["other.example", "10.0.0.1"]));
    let centre = Centre::with(&elsewhere).await;
    let added = centre.file(&elsewhere.chain[0]);
    let names = Some("other.example, 10.0.0.1".to_owned());
    assert_eq!(centre.refused("localhost", Some(added)).await, (Distrust::WrongName, names));

    // The host's name where it was until 2000, and nowhere else.
    let old = by_openssl(named(&[]));
    let centre = Centre::with(&old).await;
    let added = centre.file(&old.chain[0]);
    assert_eq!(centre.refused("localhost", Some(added)).await, (Distrust::NoNames, None));
}

#[tokio::test]
async fn the_days_count_for_what_was_added_too() {
    let mut past = named(&["localhost"]);
    (past.not_before, past.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 2, 3));
    let mut future = named(&["localhost"]);
    future.not_before = date_time_ymd(2999, 1, 1);
    for (params, why, day) in
        [(past, Distrust::Expired, "2021-02-03"), (future, Distrust::NotYetValid, "2999-01-01")]
    {
        for made in [by_openssl(params.clone()), by_itself(&params)] {
            let centre = Centre::with(&made).await;
            let added = centre.file(&made.chain[0]);
            for added in [Some(added), None] {
                assert_eq!(centre.refused("localhost", added).await, (why, Some(day.to_owned())));
            }
        }
    }
}

#[tokio::test]
async fn an_authority_that_was_added_vouches_for_whole_chains_alone() {
    let (root, below, leaf) = three();
    let whole = Made { chain: vec![leaf.chain[0].clone(), below.clone()], key: leaf.key };
    let centre = Centre::with(&whole).await;
    let issued_by = |name: &str| Some(name.to_owned());
    assert_eq!(centre.refused("localhost", None).await, (Distrust::UnknownIssuer, issued_by("Centro Root")));
    centre.sign_in("localhost", Some(centre.file(&root))).await.expect("its authority was added");

    let (root, below, leaf) = three();
    let centre = Centre::with(&leaf).await;
    let missing = (Distrust::Incomplete, issued_by("Centro Issuing"));
    assert_eq!(centre.refused("localhost", Some(centre.file(&root))).await, missing);
    // A public authority's says where its issuer's is fetched: nobody adds a file for one.
    let key = KeyPair::generate().expect("a key");
    let mut public = named(&["localhost"]);
    let at = b"\x30\x15\x30\x13\x06\x08\x2b\x06\x01\x05\x05\x07\x30\x02\x86\x07http://".to_vec();
    public.custom_extensions = vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], at)];
    let by = CertifiedIssuer::self_signed(authority("Public Issuing"), KeyPair::generate().expect("a key"))
        .expect("it is signed");
    let chain = vec![public.signed_by(&key, &by).expect("a leaf").der().clone()];
    let public = Centre::with(&Made { chain, key }).await;
    let missing = (Distrust::Incomplete, issued_by("Public Issuing"));
    assert_eq!(public.refused("localhost", None).await, missing);
    // A person may put it right, too; and may add the server's own, whoever signed it.
    let bundle = format!("{}{}", pem(&root), pem(&below));
    centre.sign_in("localhost", Some(centre.file(&bundle))).await.expect("nothing is missing");
    centre.sign_in("localhost", Some(centre.file(&leaf.chain[0]))).await.expect("it is the very same");
}

#[tokio::test]
async fn a_file_without_a_certificate_is_said_and_not_taken() {
    let made = by_openssl(named(&["localhost"]));
    let centre = Centre::with(&made).await;
    let key = made.key.serialize_pem();
    let cut = &pem(&made.chain[0])[..200];
    let nonsense = pem(b"not a certificate");
    for bytes in ["", "nothing of the kind\n", key.as_str(), cut, nonsense.as_str()] {
        let (why, _) = centre.refused("localhost", Some(centre.file(bytes))).await;
        assert_eq!(why, Distrust::FileEmpty, "{bytes}");
    }
    let (der, mut cut) = (made.chain[0].to_vec(), made.chain[0].to_vec());
    cut.truncate(der.len() - 1);
    for bytes in [cut, [der, vec![0]].concat()] {
        assert_eq!(centre.refused("localhost", Some(centre.file(bytes))).await.0, Distrust::FileEmpty);
    }
    let nowhere = centre.home.path().join("nowhere.pem");
    for path in [nowhere, centre.home.path().to_owned()] {
        assert_eq!(centre.refused("localhost", Some(path)).await.0, Distrust::FileUnreadable);
    }
}

#[tokio::test]
async fn a_secure_address_is_never_left_for_a_plain_one() {
    let made = by_openssl(named(&["localhost"]));
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("added.der");
    std::fs::write(&file, &made.chain[0]).expect("it is written");
    let acceptor = acceptor(&made);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let port = listener.local_addr().expect("it has one").port();
    let asked = tokio::spawn(async move {
        let mut plain = 0;
        loop {
            let Ok(Ok((stream, _))) = tokio::time::timeout(Duration::from_secs(1), listener.accept()).await
            else {
                return plain;
            };
            // A handshake begins with 22, a request in clear with its verb.
            let mut first = [0];
            if !matches!(stream.peek(&mut first).await, Ok(1) if first == [22]) {
                plain += 1;
                continue;
            }
            let Ok(mut inside) = acceptor.accept(stream).await else { continue };
            let to = format!("http://localhost:{port}/Integra/resources/auth/getUserToken");
            let reply = format!("HTTP/1.1 307 Elsewhere\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
            let mut heard = [0; 4096];
            let _ = inside.read(&mut heard).await;
            let _ = inside.write_all(reply.as_bytes()).await;
            let _ = inside.shutdown().await;
        }
    });
    let server =
        Server::parse(&format!("https://localhost:{port}"), None, None, Some(file)).expect("an address");
    let error =
        Client::sign_in(server, "supervisor", Secret::new("x"), Options::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Misdirected, "{error:?}");
    assert_eq!(asked.await.expect("it ends"), 0, "nothing came in clear");
}

#[test]
fn every_cause_has_a_code_and_words_in_every_language() {
    use Distrust::{
        Expired, FileEmpty, FileUnreadable, Incomplete, NoAuthorities, NoNames, NotYetValid, Other,
        UnknownIssuer, WrongName,
    };
    let causes = [
        UnknownIssuer,
        WrongName,
        NoNames,
        Expired,
        NotYetValid,
        Incomplete,
        FileUnreadable,
        FileEmpty,
        NoAuthorities,
        Other,
    ];
    for language in ["en", "es", "pt-BR"] {
        let file = format!("{}/../../ui/messages/{language}.json", env!("CARGO_MANIFEST_DIR"));
        let words: serde_json::Value =
            serde_json::from_slice(&std::fs::read(file).expect("it is there")).expect("JSON");
        let said: std::collections::BTreeSet<_> = causes
            .iter()
            .map(|why| words[format!("problem_{}", why.code())].as_str().expect("words"))
            .collect();
        assert_eq!(said.len(), causes.len(), "{language}: one sentence each");
    }
}
