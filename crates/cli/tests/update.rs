//! A newer version over a channel with TLS, and everything that may go wrong: the real binary, an installer of tests, and
//! nothing ever installed that should not be.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use atalaya_clock::Clock;
use atalaya_store::{Migrations, Paths, Store};
use serde_json::{Value, json};

mod channel;

use channel::{Channel, Fault, KEY, name, package, pair, sign};

/// A computer with an older version, installed by a package.
struct Computer {
    home: tempfile::TempDir,
    tools: tempfile::TempDir,
}

impl Computer {
    fn new() -> Self {
        let computer = Self {
            home: tempfile::tempdir().expect("a folder"),
            tools: tempfile::tempdir().expect("a folder"),
        };
        computer.tool(
            "dpkg-query",
            "case \"$1\" in --search) echo \"atalaya: $2\";; *) cat \"$HERE/installed\";; esac",
        );
        computer.tool("pkexec", "exec \"$@\"");
        // Says what it was asked, and installs what the package says it is.
        computer.tool("apt-get", "echo \"$@\" >> \"$HERE/asked\"; for last; do :; done; head -n 1 \"$last\" | tr -d '\\n' > \"$HERE/installed\"");
        computer
    }

    fn tool(&self, name: &str, does: &str) {
        let path = self.tools.path().join(name);
        let text = format!("#!/bin/sh\nHERE={}\n{does}\n", self.tools.path().display());
        std::fs::write(&path, text).expect("it is written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("it may run");
    }

    fn paths(&self) -> Paths {
        Paths::below(self.home.path())
    }

    fn updates(&self) -> PathBuf {
        self.home.path().join("updates")
    }

    /// What the installer was asked, a line each.
    fn asked(&self) -> String {
        std::fs::read_to_string(self.tools.path().join("asked")).unwrap_or_default()
    }

    fn installed(&self) -> String {
        std::fs::read_to_string(self.tools.path().join("installed")).unwrap_or_default()
    }

    fn command(&self, channel: &Channel, version: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
        command
            .arg("update")
            .args(words)
            .arg("--json")
            .arg("--extra-ca")
            .arg(&channel.authority)
            .env("ATALAYA_HOME", self.home.path())
            .env("ATALAYA_UPDATE_KEYS", channel.public_keys())
            .env("ATALAYA_UPDATE_TOOLS", self.tools.path())
            .env("ATALAYA_PRETEND_VERSION", version)
            .env("ATALAYA_ADMIN_FILE", self.tools.path().join("atalaya.toml"))
            .env_remove("ATALAYA_LOG")
            .stdin(Stdio::null());
        command
    }

    /// Runs it as this version; gives its exit status and what it says.
    async fn said(&self, channel: &Channel, version: &str, words: &[&str]) -> (i32, Value) {
        said(self.command(channel, version, words)).await
    }

    /// Takes one step from 0.1.0, over the channel.
    async fn step(&self, channel: &Channel, step: &str) -> (i32, Value) {
        self.said(channel, "0.1.0", &[step, "--channel", &channel.url()]).await
    }

    /// What is refused is refused with this name, and leaves no package and no installer that was asked.
    async fn refused(&self, channel: &Channel, step: &str) -> String {
        let (status, said) = self.step(channel, step).await;
        assert_ne!(status, 0, "{said}");
        assert_eq!(self.asked(), "", "{said}");
        assert!(!self.updates().join(name("0.2.0")).exists(), "{said}");
        said["code"].as_str().unwrap_or_default().to_owned()
    }

    fn parts(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.updates()).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "part"))
            .collect()
    }
}

async fn said(mut command: Command) -> (i32, Value) {
    let output = tokio::task::spawn_blocking(move || command.output().expect("the binary runs"));
    let output = output.await.expect("the waiting does not panic");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {stderr}"));
    assert!(!stderr.contains("panicked"), "{stderr}");
    (output.status.code().unwrap_or(-1), said)
}

fn older() -> [Migrations; 1] {
    [Migrations { owner: "calls", steps: &["CREATE TABLE x (y TEXT) STRICT;"] }]
}

fn newer() -> [Migrations; 1] {
    [Migrations {
        owner: "calls",
        steps: &["CREATE TABLE x (y TEXT) STRICT;", "CREATE TABLE z (y TEXT) STRICT;"],
    }]
}

fn open(path: &Path, tables: &[Migrations]) -> Store {
    Store::open(path, tables, Clock::system()).expect("it opens")
}

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_again() {
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0")]);
    let computer = Computer::new();
    let database = computer.paths().database();
    open(&database, &older()).set_setting("note", &"before").expect("it is kept");

    let (status, said) = computer.step(&channel, "check").await;
    assert_eq!((status, &said["found"], &said["version"]), (0, &json!("newer"), &json!("0.2.0")), "{said}");
    assert_eq!((&said["running"], &said["bundle"]), (&json!("0.1.0"), &json!(KEY)));
    assert_eq!(said["notes"]["pt-BR"], "Mais rápido");
    assert!(!computer.updates().join(name("0.2.0")).exists());

    let (status, said) = computer.step(&channel, "download").await;
    assert_eq!((status, &said["wayBack"]), (0, &json!(true)), "{said}");
    let there = computer.updates().join(name("0.2.0"));
    assert_eq!(said["package"].as_str(), there.to_str());
    assert_eq!(std::fs::read(&there).expect("it is there"), package("0.2.0"));
    assert_eq!(std::fs::metadata(&there).expect("it is there").permissions().mode() & 0o777, 0o600);
    assert_eq!(computer.asked(), "", "nothing is installed that nobody asked for");
    channel.asked();

    let (status, said) = computer.step(&channel, "install").await;
    assert_eq!(
        (status, &said["outcome"], &said["installed"]),
        (0, &json!("done"), &json!("0.2.0")),
        "{said}"
    );
    let line = format!("install --yes --allow-downgrades --no-remove --quiet {}\n", there.display());
    assert_eq!(computer.asked(), line);
    let paths: Vec<String> = channel.asked().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/channel.json"], "what is here is not fetched again");

    // The newer version changes the data, and somebody goes on with it.
    open(&database, &newer()).set_setting("note", &"after").expect("it is kept");
    let (status, said) = computer.said(&channel, "0.2.0", &["check", "--channel", &channel.url()]).await;
    assert_eq!((status, &said["found"]), (0, &json!("newest")), "{said}");
    let (status, said) = computer.said(&channel, "0.2.0", &["back"]).await;
    assert_eq!(
        (status, &said["installed"], said["dataOf"].is_string()),
        (0, &json!("0.1.0"), true),
        "{said}"
    );
    assert_eq!(computer.installed(), "0.1.0");
    // The older one's first start.
    let version = "0.1.0".parse().expect("one");
    assert!(atalaya_update::back::arrive(&computer.paths(), &version).expect("it arrives"));
    let note = |path: &Path, tables: &[Migrations]| {
        open(path, tables).setting::<String>("note").expect("it is read")
    };
    assert_eq!(note(&database, &older()).as_deref(), Some("before"));
    assert_eq!(
        note(&computer.home.path().join("atalaya of 0.2.0.sqlite"), &newer()).as_deref(),
        Some("after")
    );
    let (status, said) = computer.said(&channel, "0.1.0", &["back"]).await;
    assert_eq!((status, &said["code"]), (1, &json!("updateNothingBefore")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_not_as_it_should_be_is_refused_and_never_installed() {
    let channel = Channel::start().await;
    let good = || channel.release("0.2.0");
    let computer = Computer::new();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut release = good();
        change(&mut release);
        channel.say(&[release]);
    };
    let bundle = |release: &mut Value, field: &str, value: Value| release["bundles"][KEY][field] = value;

    // What is signed by nobody known here, or for something else.
    let other = pair();
    let purpose = format!("atalaya-package {}", name("0.2.0"));
    for (what, signature) in [
        ("another key", sign(&other, &package("0.2.0"), &purpose)),
        (
            "another version",
            sign(&channel.keys[0], &package("0.2.0"), &format!("atalaya-package {}", name("0.1.0"))),
        ),
        ("another package", sign(&channel.keys[0], &package("0.1.9"), &purpose)),
        ("no signature at all", "none".to_owned()),
    ] {
        changed(&|release| bundle(release, "signature", json!(signature)));
        assert_eq!(computer.refused(&channel, "install").await, "updateSignature", "{what}");
        assert!(computer.parts().is_empty(), "{what}");
    }
    changed(&|release| bundle(release, "signature", json!("")));
    assert_eq!(computer.refused(&channel, "install").await, "updateUnreadable", "an empty signature");
    for (what, key, change) in [("a key of nobody", &other, ""), ("a percent put up", &channel.keys[0], "x")]
    {
        let signed = json!({ "form": 1, "issued": "2026-11-30T10:00:00Z", "releases": [good()] }).to_string();
        let signature = sign(key, format!("{signed}{change}").as_bytes(), "atalaya-channel");
        channel.put(
            "channel.json",
            json!({ "signed": signed, "signature": signature }).to_string(),
            Fault::None,
        );
        assert_eq!(computer.refused(&channel, "install").await, "updateSignature", "{what}");
    }
    channel.put("channel.json", "<html>", Fault::None);
    assert_eq!(computer.refused(&channel, "check").await, "updateSignature");
    channel.put("channel.json", vec![b' '; 1_000_000], Fault::None);
    assert_eq!(computer.refused(&channel, "check").await, "updateTooLarge");

    // What is longer than was said, and what lies or is sent elsewhere.
    changed(&|release| bundle(release, "size", json!(package("0.2.0").len() - 1)));
    assert_eq!(computer.refused(&channel, "install").await, "updateTooLarge");
    channel.say(&[good()]);
    channel.put(&name("0.2.0"), package("0.2.0"), Fault::More);
    assert_eq!(computer.refused(&channel, "install").await, "updateTooLarge");
    assert!(computer.parts().is_empty());
    for elsewhere in ["https://127.0.0.1:9/x", "http://localhost/x"] {
        changed(&|release| bundle(release, "url", json!(elsewhere)));
        assert_eq!(computer.refused(&channel, "install").await, "updateElsewhere", "{elsewhere}");
        channel.say(&[good()]);
        channel.put(&name("0.2.0"), package("0.2.0"), Fault::Redirect(elsewhere.into()));
        assert_eq!(computer.refused(&channel, "install").await, "updateElsewhere", "{elsewhere}");
    }
    channel.put(&name("0.2.0"), package("0.2.0"), Fault::Status(404));
    assert_eq!(computer.refused(&channel, "install").await, "updateStatus");

    // What is not newer, or not for this computer yet.
    channel.say(&[channel.release("0.0.9"), channel.release("0.1.0")]);
    assert_eq!(computer.refused(&channel, "install").await, "updateNothingNewer");
    for (change, waits) in [
        (json!({ "percent": 0 }), "staged"),
        (json!({ "notBefore": "2999-01-01T00:00:00Z" }), "notBefore"),
        (json!({ "bundles": {} }), "noPackage"),
    ] {
        changed(&|release| {
            for (name, value) in change.as_object().expect("one") {
                release[name] = value.clone();
            }
        });
        assert_eq!(computer.refused(&channel, "install").await, "updateNothingNewer", "{waits}");
        let (status, said) = computer.step(&channel, "check").await;
        assert_eq!((status, &said["found"], &said["waits"]), (0, &json!("later"), &json!(waits)), "{said}");
    }
    channel.say_at("2026-11-29T10:00:00Z", &[good()]);
    assert_eq!(
        computer.refused(&channel, "install").await,
        "updateWentBack",
        "what was said before is no news"
    );

    // After all of that the same computer takes what is good.
    channel.say_at("2026-11-30T11:00:00Z", &[good()]);
    channel.put(&name("0.2.0"), Vec::new(), Fault::Redirect("/there".into()));
    channel.put("there", package("0.2.0"), Fault::None);
    let (status, said) = computer.step(&channel, "install").await;
    assert_eq!((status, &said["outcome"], &said["wayBack"]), (0, &json!("done"), &json!(false)), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_is_cut_is_gone_on_from_and_what_came_is_never_installed_before_it_is_whole() {
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.2.0")]);
    let computer = Computer::new();
    let whole = package("0.2.0");
    channel.put(&name("0.2.0"), whole.clone(), Fault::Cut(100_000));
    assert_eq!(computer.refused(&channel, "install").await, "updateCut");
    let came =
        computer.parts().first().and_then(|part| std::fs::metadata(part).ok()).map_or(0, |part| part.len());
    assert!(came > 0 && came <= 100_000, "{came}");
    channel.put(&name("0.2.0"), whole.clone(), Fault::None);
    channel.asked();
    let (status, said) = computer.step(&channel, "install").await;
    assert_eq!((status, &said["outcome"]), (0, &json!("done")), "{said}");
    assert_eq!(channel.asked()[1].1, Some(format!("bytes={came}-")), "from where it was");
    assert!(computer.parts().is_empty());

    // Killed while it comes, as by a power cut; what is left is damaged by it besides.
    let computer = Computer::new();
    for (damage, fault) in
        [(false, Fault::None), (true, Fault::None), (false, Fault::WholeOnly), (false, Fault::OtherPiece)]
    {
        let _ = std::fs::remove_file(computer.updates().join(name("0.2.0")));
        channel.put(&name("0.2.0"), whole.clone(), Fault::Stall(200_000));
        let url = channel.url();
        let mut command = computer.command(&channel, "0.1.0", &["download", "--channel", &url]);
        let mut child = command.stdout(Stdio::null()).spawn().expect("it runs");
        let begun = || {
            computer
                .parts()
                .first()
                .is_some_and(|part| std::fs::metadata(part).is_ok_and(|part| part.len() > 0))
        };
        while !begun() {
            assert_eq!(child.try_wait().expect("it can be asked"), None, "it waits for the rest");
            tokio::task::yield_now().await;
        }
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
        assert!(!computer.updates().join(name("0.2.0")).exists());
        if damage {
            let part = computer.parts().remove(0);
            let length = std::fs::metadata(&part).expect("it is there").len();
            std::fs::write(&part, vec![0; length as usize]).expect("it is written");
        }
        channel.put(&name("0.2.0"), whole.clone(), fault.clone());
        let (mut status, mut said) = computer.step(&channel, "download").await;
        if fault == Fault::OtherPiece {
            assert_eq!((status, &said["code"]), (1, &json!("updateCut")), "{said}");
            (status, said) = computer.step(&channel, "download").await;
        }
        assert_eq!(status, 0, "{damage} {fault:?}: {said}");
        assert_eq!(std::fs::read(computer.updates().join(name("0.2.0"))).expect("it is there"), whole);
        assert!(computer.parts().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_nothing_of_the_package_is_left_on_it() {
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.2.0")]);
    let computer = Computer::new();
    let url = channel.url();
    let inner = computer.command(&channel, "0.1.0", &["install", "--channel", &url]);
    // No file may become longer than 64 KiB; the writing is told so, as by a disk that is full.
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"])
        .arg(inner.get_program())
        .args(inner.get_args());
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let (status, said) = said(command).await;
    assert_eq!((status, &said["code"]), (1, &json!("updateNoRoom")), "{said}");
    assert!(computer.parts().is_empty() && !computer.updates().join(name("0.2.0")).exists());
    assert_eq!(computer.asked(), "");
    let (status, said) = computer.step(&channel, "install").await;
    assert_eq!((status, &said["outcome"]), (0, &json!("done")), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_without_a_channel_and_who_looks_after_the_computer_has_the_last_word() {
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.2.0")]);
    let computer = Computer::new();
    let (status, said) = computer.said(&channel, "0.1.0", &["check"]).await;
    assert_eq!((status, &said["code"]), (2, &json!("updateOff")), "{said}");
    let plain = channel.url().replace("https", "http");
    let (status, said) = computer.said(&channel, "0.1.0", &["check", "--channel", &plain]).await;
    assert_eq!((status, &said["code"]), (2, &json!("updateAddress")), "{said}");
    assert!(channel.asked().is_empty());

    let settings = json!({ "updateChannel": channel.url() });
    open(&computer.paths().database(), &older()).set_setting("settings", &settings).expect("it is kept");
    let (status, said) = computer.said(&channel, "0.1.0", &["check"]).await;
    assert_eq!((status, &said["found"]), (0, &json!("newer")), "as it was chosen in the window: {said}");
    let given = computer.tools.path().join("atalaya.toml");
    channel.asked();
    for (text, code) in [("[update]\nchannel = \"\"\n", "updateOff"), ("[update", "updatePolicy")] {
        std::fs::write(&given, text).expect("it is written");
        let (_, said) = computer.step(&channel, "check").await;
        assert_eq!(said["code"], code, "{said}");
    }
    assert!(channel.asked().is_empty());
    std::fs::write(&given, format!("[update]\nchannel = \"{}\"\n", channel.url())).expect("it is written");
    let (status, said) =
        computer.said(&channel, "0.1.0", &["check", "--channel", "https://localhost:1/x"]).await;
    assert_eq!((status, &said["channel"]), (0, &json!(channel.url())), "{said}");

    // Whom this computer does not believe is not believed.
    let command = computer.command(&channel, "0.1.0", &["check"]);
    let mut stranger = Command::new(command.get_program());
    stranger.args(["update", "check", "--json"]);
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            stranger.env(name, value);
        }
    }
    let (_, said) = crate::said(stranger).await;
    assert_eq!(said["code"], "updateCertificate", "{said}");
    let mut keyless = computer.command(&channel, "0.1.0", &["check"]);
    keyless.env("ATALAYA_UPDATE_KEYS", "");
    let (_, said) = crate::said(keyless).await;
    assert_eq!(said["code"], "updateNoKeys", "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_installer_does_not_do_leaves_the_version_that_runs_and_its_way_back() {
    let channel = Channel::start().await;
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0"), channel.release("0.3.0")]);
    let computer = Computer::new();
    let url = channel.url();
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0")]);
    let (status, said) = computer.step(&channel, "install").await;
    assert_eq!(status, 0, "{said}");
    channel.say(&[channel.release("0.1.0"), channel.release("0.2.0"), channel.release("0.3.0")]);
    let install = ["install", "--channel", &url];
    for (does, status, code) in [
        ("echo 'E: no' >&2; exit 100", 1, "updateInstaller"),
        ("exit 0", 3, "updateUnknown"),
        ("kill -9 $$", 3, "updateUnknown"),
    ] {
        let before = std::fs::read_to_string(computer.updates().join("known.json")).expect("it is there");
        computer.tool("apt-get", does);
        let (ended, said) = computer.said(&channel, "0.2.0", &install).await;
        assert_eq!((ended, &said["code"]), (status, &json!(code)), "{does}: {said}");
        assert_eq!(computer.installed(), "0.2.0");
        if code == "updateInstaller" {
            assert!(said["why"].as_str().is_some_and(|why| why.contains("E: no")), "{said}");
            let after = std::fs::read_to_string(computer.updates().join("known.json")).expect("it is there");
            assert_eq!(before, after, "the way back from what runs still holds");
        }
    }
    let window = atalaya_update::Running::here(&computer.paths());
    let (status, said) = computer.said(&channel, "0.2.0", &install).await;
    assert_eq!((status, &said["code"]), (1, &json!("updateWindowOpen")), "{said}");
    drop(window);
    let folder = atalaya_update::Folder::open(&computer.paths()).expect("it is held");
    let (status, said) = computer.said(&channel, "0.2.0", &install).await;
    assert_eq!((status, &said["code"]), (1, &json!("updateUnderWay")), "{said}");
    drop(folder);
    computer.tool("dpkg-query", "exit 1");
    let (status, said) = computer.said(&channel, "0.2.0", &install).await;
    assert_eq!((status, &said["code"]), (1, &json!("updateNotPackaged")), "{said}");
}
