//! A private PostgreSQL: a cluster in a folder of its own on loopback, which can be killed, stopped, and begun again.
//!
//! PostgreSQL refuses to run as root: then its programs run as the system's `postgres`, in a folder which is theirs. Left out on
//! purpose: what is in the database.

#![expect(clippy::expect_used, reason = "what a test stands on is there, or it cannot go on")]

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Who owns the cluster.
pub const OWNER: &str = "dueno";
/// The owner's password: of a cluster nobody else reaches, for as long as a test.
pub const OWNER_PASSWORD: &str = "clave-del-dueno";
const PATIENCE: Duration = Duration::from_secs(60);
/// What the server says of the children of one that was killed.
const STILL_THERE: &str = "pre-existing shared memory block";
const LOCKED: &str = "lock file \"postmaster.pid\" already exists";
/// What a disk is filled with.
const BALLAST: &str = "ballast";
const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";

/// A running server; it ends when dropped.
pub struct Postgres {
    server: Option<Child>,
    port: u16,
    options: Vec<String>,
    /// Taken away before the folder is.
    disk: Option<Disk>,
    folder: TempDir,
}

/// A disk in memory, at the server's folder.
struct Disk(PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: whatever of the server is left ends in a moment.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

impl Postgres {
    /// Begins one.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed, or does not start: with its own words.
    pub fn begin() -> Self {
        Self::with(&[])
    }

    /// Begins one with these settings, `name=value` each.
    ///
    /// # Panics
    /// As of [`Postgres::begin`].
    pub fn with(options: &[&str]) -> Self {
        let folder =
            tempfile::Builder::new().prefix("atalaya-pg-").tempdir_in("/tmp").expect("a folder in /tmp");
        Self::in_folder(folder, options)
    }

    /// Begins one that speaks TLS alone, with this certificate and its key, PEM both.
    ///
    /// # Panics
    /// As of [`Postgres::begin`].
    pub fn with_certificate(certificate: &str, key: &str) -> Self {
        let folder =
            tempfile::Builder::new().prefix("atalaya-pg-").tempdir_in("/tmp").expect("a folder in /tmp");
        let named = |name: &str| folder.path().join(name).display().to_string();
        write_private(&folder.path().join(CERTIFICATE), certificate);
        write_private(&folder.path().join(KEY), key);
        write_private(&folder.path().join("hba"), "hostssl all all all scram-sha-256\n");
        let options = [
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", named(CERTIFICATE)),
            format!("ssl_key_file={}", named(KEY)),
            format!("hba_file={}", named("hba")),
        ];
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        Self::in_folder(folder, &options)
    }

    /// Begins it anew with another certificate.
    ///
    /// # Panics
    /// When it does not start.
    pub fn show_certificate(&mut self, certificate: &str, key: &str) {
        self.kill();
        write_private(&self.folder.path().join(CERTIFICATE), certificate);
        write_private(&self.folder.path().join(KEY), key);
        hand_over(self.folder.path());
        self.start();
    }

    /// Begins one on a disk of its own of so many megabytes, which can be filled.
    ///
    /// # Panics
    /// As of [`Postgres::begin`]; and where no disk in memory can be made, which takes root on Linux.
    pub fn on_a_small_disk(megabytes: u32) -> Self {
        let folder =
            tempfile::Builder::new().prefix("atalaya-pg-").tempdir_in("/tmp").expect("a folder in /tmp");
        let made = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "atalaya-test"])
            .arg(folder.path())
            .output();
        let why = match &made {
            Ok(output) => String::from_utf8_lossy(&output.stderr).into_owned(),
            Err(error) => error.to_string(),
        };
        assert!(
            made.is_ok_and(|output| output.status.success()),
            "a disk that can be filled takes root on Linux, and the right to mount a tmpfs: {why}"
        );
        let disk = Disk(folder.path().to_owned());
        let mut postgres = Self::in_folder(folder, &[]);
        postgres.disk = Some(disk);
        postgres
    }

    /// Fills the disk to its last byte.
    ///
    /// # Panics
    /// Where the server has no small disk: the computer's own is not filled.
    pub fn fill_disk(&self) {
        assert!(self.disk.is_some(), "only a disk of its own is filled");
        let mut ballast = std::fs::File::create(self.folder.path().join(BALLAST)).expect("there is room yet");
        let block = [0u8; 4096];
        while std::io::Write::write_all(&mut ballast, &block).is_ok() {}
    }

    /// Makes room on it again.
    ///
    /// # Panics
    /// Where it was not filled.
    pub fn make_room(&self) {
        std::fs::remove_file(self.folder.path().join(BALLAST)).expect("it was filled");
    }

    /// Begins one in that folder, which goes with it.
    ///
    /// # Panics
    /// As of [`Postgres::begin`].
    pub fn in_folder(folder: TempDir, options: &[&str]) -> Self {
        let password = folder.path().join("password");
        std::fs::write(&password, OWNER_PASSWORD).expect("the folder can be written to");
        hand_over(folder.path());
        let data = folder.path().join("data");
        let made = program("initdb")
            .args(["--auth=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C", "--username", OWNER])
            .arg("--pwfile")
            .arg(&password)
            .arg("-D")
            .arg(&data)
            .output()
            .unwrap_or_else(|error| panic!("initdb ({error}): apt-get install postgresql"));
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = free_port();
        let options = options.iter().map(ToString::to_string).collect();
        let mut postgres = Self { server: None, port, options, disk: None, folder };
        postgres.start();
        postgres
    }

    /// Begins the server again, on the same port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&mut self) {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .expect("a log in its folder");
        let mut command = program("postgres");
        command.arg("-D").arg(self.folder.path().join("data"));
        for option in
            ["listen_addresses=127.0.0.1", "fsync=off", "max_connections=150", "shared_buffers=32MB"]
        {
            command.args(["-c", option]);
        }
        command.arg("-c").arg(format!("port={}", self.port));
        command.arg("-c").arg(format!("unix_socket_directories={}", self.folder.path().display()));
        for option in &self.options {
            command.args(["-c", option]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.server = Some(command.spawn().expect("postgres starts"));
        let begun = Instant::now();
        while !self.answers() {
            assert!(begun.elapsed() < PATIENCE, "postgres does not start: {}", self.log());
            if let Some(Ok(Some(status))) = self.server.as_mut().map(Child::try_wait) {
                // The children of one that was killed end a moment after it, and a new one does not begin beside them.
                let log = self.log();
                let last = log.lines().rev().take(4).collect::<Vec<_>>().join("\n");
                assert!(
                    last.contains(STILL_THERE) || last.contains(LOCKED),
                    "postgres ended ({status}): {log}"
                );
                self.server = Some(command.spawn().expect("postgres starts"));
            }
            std::thread::yield_now();
        }
    }

    fn answers(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
            && self.try_sql(OWNER, OWNER_PASSWORD, "postgres", "select 1").status.success()
    }

    /// Its port on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's process and those it has for each connection and for itself; none when it does not run. Linux only.
    pub fn processes(&self) -> Vec<u32> {
        let Some(server) = self.server.as_ref().map(Child::id) else { return Vec::new() };
        let children = std::fs::read_to_string(format!("/proc/{server}/task/{server}/children"));
        let children = children.unwrap_or_default();
        std::iter::once(server).chain(children.split_whitespace().filter_map(|id| id.parse().ok())).collect()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The address of a database of it, as that person.
    pub fn url(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Everything the server wrote into its log.
    pub fn log(&self) -> String {
        std::fs::read(self.folder.path().join("log"))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Runs SQL as the owner: what it answers, a row a line, columns with `|`.
    ///
    /// # Panics
    /// With the server's words when it refuses.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let output = self.try_sql(OWNER, OWNER_PASSWORD, database, sql);
        let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
        let _ = write!(said, " in: {sql}");
        assert!(output.status.success(), "{said}");
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Runs SQL as that person through psql.
    ///
    /// # Panics
    /// Where psql is not installed.
    pub fn try_sql(&self, user: &str, password: &str, database: &str, sql: &str) -> Output {
        Command::new("psql")
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-U",
                user,
                "-d",
                database,
            ])
            .arg("-p")
            .arg(self.port.to_string())
            .args(["-c", sql])
            .env("PGPASSWORD", password)
            .env("PGCONNECT_TIMEOUT", "10")
            .output()
            .expect("psql: apt-get install postgresql")
    }

    /// Runs a script as that person through psql, from its beginning to its end whatever fails in it.
    ///
    /// # Panics
    /// Where psql is not installed.
    pub fn script(&self, user: &str, password: &str, database: &str, script: &str) -> Output {
        use std::io::Write as _;
        let mut child = Command::new("psql")
            .args(["-X", "-q", "-A", "-t", "-h", "127.0.0.1", "-U", user, "-d", database, "-f", "-", "-p"])
            .arg(self.port.to_string())
            .env("PGPASSWORD", password)
            .env("PGCONNECT_TIMEOUT", "10")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("psql: apt-get install postgresql");
        let mut stdin = child.stdin.take().expect("piped");
        let script = script.to_owned();
        // Apart: it answers while it is told.
        let telling = std::thread::spawn(move || stdin.write_all(script.as_bytes()));
        let output = child.wait_with_output().expect("it ended");
        // One that is not let in reads nothing.
        let _ = telling.join();
        output
    }

    /// Everything in a database, as its owner's backup has it.
    ///
    /// # Panics
    /// When it cannot be had.
    pub fn dump(&self, database: &str) -> String {
        let output = Command::new("pg_dump")
            .args(["-h", "127.0.0.1", "-U", OWNER, "-d", database, "-p"])
            .arg(self.port.to_string())
            .env("PGPASSWORD", OWNER_PASSWORD)
            .output()
            .expect("pg_dump: apt-get install postgresql");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Kills the server and everything it began, at once.
    ///
    /// # Panics
    /// When it cannot be.
    pub fn kill(&mut self) {
        let Some(mut server) = self.server.take() else { return };
        // Its children notice that it is gone and end; the next start waits for them.
        server.kill().expect("a server that runs can be killed");
        server.wait().expect("it ended");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            // At once, and its children with it.
            let asked = Command::new("kill").arg("-QUIT").arg(server.id().to_string()).status();
            if asked.is_err() {
                let _ = server.kill();
            }
            let _ = server.wait();
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}

/// For its owner's eyes: PostgreSQL reads no key that others can.
fn write_private(path: &Path, text: &str) {
    // Whoever has it may have been given it: another takes its place.
    let _ = std::fs::remove_file(path);
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(path).and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.expect("its folder can be written to");
}

/// One of the server's programs, as whoever may run it.
fn program(name: &str) -> Command {
    let path = folder_of_programs().join(name);
    if !is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(path);
    command
}

/// The newest there is: Debian keeps each version's programs in a folder of its own.
fn folder_of_programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("initdb").exists())
        .max_by_key(|(version, _)| *version);
    newest.map_or_else(PathBuf::new, |(_, folder)| folder)
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|of| of.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Gives the folder to whoever runs the server.
#[cfg(unix)]
fn hand_over(folder: &Path) {
    if !is_root() {
        return;
    }
    let id = |option: &str| {
        let output = Command::new("id").args([option, "postgres"]).output().expect("id is there");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().expect("apt-get install postgresql")
    };
    let (user, group) = (id("-u"), id("-g"));
    let all = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in all.chain([folder.to_owned()]) {
        std::os::unix::fs::chown(&path, Some(user), Some(group)).expect("root may give away");
    }
}

#[cfg(not(unix))]
fn hand_over(_: &Path) {}
