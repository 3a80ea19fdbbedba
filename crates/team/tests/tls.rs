//! A team's database over a network: TLS alone, the password bound to it, and nobody believed who is not who they should be.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use atalaya_postgres::{OWNER, OWNER_PASSWORD, Postgres};
use atalaya_secret::Secret;
use atalaya_team::{Address, Connection, Error, Invitation, Role, add, init};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};

const SERVER: &str = "https://centro.example/Integra/resources/";
const DATABASE: &str = "equipo";

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A server's certificate and its key, PEM both.
fn certificate(
    authority: &Authority,
    name: &str,
    change: impl FnOnce(&mut CertificateParams),
) -> (String, String) {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, name);
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let made = params.signed_by(&key, authority).expect("it is signed");
    (made.pem(), key.serialize_pem())
}

fn kept(folder: &Path, name: &str, authority: &Authority) -> PathBuf {
    let file = folder.join(name);
    std::fs::write(&file, authority.pem()).expect("the folder can be written to");
    file
}

fn address(postgres: &Postgres, user: &str, options: &str) -> Address {
    let text = format!("postgres://{user}@localhost:{}/{DATABASE}{options}", postgres.port());
    Address::parse(&text).expect("an address")
}

fn believing(postgres: &Postgres, user: &str, file: &Path) -> Address {
    address(postgres, user, &format!("?sslmode=verify-full&sslrootcert={}", file.display()))
}

async fn member(postgres: &Postgres, file: &Path) -> Invitation {
    let owner = believing(postgres, OWNER, file);
    let mut connection =
        Connection::open(&owner, &Secret::new(OWNER_PASSWORD)).await.expect("the owner is let in");
    init(&mut connection, SERVER).await.expect("the owner makes the tables");
    add(&mut connection, &owner, SERVER, "ana", Role::Supervisor).await.expect("a member")
}

async fn refused(postgres: &Postgres, invitation: &Invitation, file: &Path) -> Error {
    let opened = Connection::open(&believing(postgres, "ana", file), &invitation.password).await;
    opened.err().expect("it is not believed")
}

#[tokio::test]
async fn over_a_network_the_database_is_believed_only_with_the_right_certificate() {
    let (ours, other) = (authority("Autoridad del centro"), authority("Otra autoridad"));
    let (own, key) = certificate(&ours, "localhost", |_| {});
    let mut postgres = Postgres::with_certificate(&own, &key);
    postgres.sql("postgres", &format!("create database {DATABASE}"));
    let folder = tempfile::tempdir().expect("a folder");
    let (ours_file, other_file) =
        (kept(folder.path(), "nuestra.pem", &ours), kept(folder.path(), "otra.pem", &other));
    let ana = member(&postgres, &ours_file).await;

    // The member's invitation says how to reach it, with the authority, and that is enough.
    let connection =
        Connection::open(&ana.address().expect("an address"), &ana.password).await.expect("let in");
    let seen = postgres.sql(
        DATABASE,
        "select usename, ssl, version from pg_stat_ssl join pg_stat_activity using (pid)
         where application_name = 'atalaya' and usename = 'ana'",
    );
    assert_eq!(seen, "ana|t|TLSv1.3");
    drop(connection);
    let wrong = Connection::open(&ana.address().expect("an address"), &Secret::new("otra")).await;
    assert_eq!(wrong.err().map(|error| error.code()), Some("teamRefused"));
    // Without TLS, which only this computer may be reached by, the database lets nobody in.
    let plain = Connection::open(&address(&postgres, "ana", ""), &ana.password).await;
    assert_eq!(plain.err().map(|error| error.code()), Some("teamRefused"));

    // Another authority, nobody's authority, a name that is not the one asked for, a day that is over.
    for file in [other_file.as_path(), &folder.path().join("ninguna.pem")] {
        let error = refused(&postgres, &ana, file).await;
        assert_eq!(error.code(), "teamCertificate", "{}: {error}", file.display());
    }
    let system = Connection::open(&address(&postgres, "ana", "?sslmode=verify-full"), &ana.password).await;
    assert_eq!(system.err().map(|error| error.code()), Some("teamCertificate"), "the system knows it not");
    let (another, key) = certificate(&ours, "otra.example", |_| {});
    postgres.show_certificate(&another, &key);
    let error = refused(&postgres, &ana, &ours_file).await;
    assert_eq!(error.code(), "teamCertificate", "{error}");
    let (over, key) = certificate(&ours, "localhost", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2019, 1, 1), date_time_ymd(2020, 1, 1));
    });
    postgres.show_certificate(&over, &key);
    let error = refused(&postgres, &ana, &ours_file).await;
    assert_eq!(error.code(), "teamCertificate", "{error}");
    assert!(!error.retryable(), "trying again does not make it another");
    // And again with a good one: what was refused was the certificate.
    let (again, key) = certificate(&ours, "localhost", |_| {});
    postgres.show_certificate(&again, &key);
    Connection::open(&believing(&postgres, "ana", &ours_file), &ana.password).await.expect("let in");
}

/// Somebody between a desk and the database, with a certificate of the same authority and name and a key of their own, who
/// hands on what either says. Gives their port; for one connection.
async fn between(postgres: &Postgres, authority: &Authority, file: &Path) -> u16 {
    let (theirs, key) = certificate(authority, "localhost", |_| {});
    let chain = vec![CertificateDer::from_pem_slice(theirs.as_bytes()).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("a key");
    let shown =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .expect("a certificate with its key");
    let believes = atalaya_ucontact::tls_with(Some(file)).expect("certificates");
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has a free port");
    let (port, database) = (listener.local_addr().expect("it is bound").port(), postgres.port());
    tokio::spawn(async move {
        let (mut desk, _) = listener.accept().await?;
        let mut asks_for_tls = [0; 8];
        desk.read_exact(&mut asks_for_tls).await?;
        desk.write_all(b"S").await?;
        let mut desk = TlsAcceptor::from(Arc::new(shown)).accept(desk).await?;
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, database)).await?;
        server.write_all(&asks_for_tls).await?;
        let mut yes = [0];
        server.read_exact(&mut yes).await?;
        let name = ServerName::try_from("localhost").expect("a name");
        let mut server = TlsConnector::from(Arc::new(believes)).connect(name, server).await?;
        tokio::io::copy_bidirectional(&mut desk, &mut server).await
    });
    port
}

#[tokio::test]
async fn who_stands_between_with_a_good_certificate_is_not_let_in_with_another_s_password() {
    let ours = authority("Autoridad del centro");
    let (own, key) = certificate(&ours, "localhost", |_| {});
    let postgres = Postgres::with_certificate(&own, &key);
    postgres.sql("postgres", &format!("create database {DATABASE}"));
    let folder = tempfile::tempdir().expect("a folder");
    let file = kept(folder.path(), "nuestra.pem", &ours);
    let ana = member(&postgres, &file).await;
    let port = between(&postgres, &ours, &file).await;
    let text = format!(
        "postgres://ana@localhost:{port}/{DATABASE}?sslmode=verify-full&sslrootcert={}",
        file.display()
    );
    let opened = Connection::open(&Address::parse(&text).expect("an address"), &ana.password).await;
    let error = opened.err().expect("the password is bound to the certificate the desk was shown");
    assert_eq!(error.code(), "teamRefused", "{error}");
    assert!(postgres.log().contains("channel binding check failed"), "{}", postgres.log());
}
