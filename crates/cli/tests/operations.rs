//! What changes something, as a script meets it: shown, refused as wrong usage, done, refused and unknown.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use atalaya_clock::Clock;
use atalaya_simulator::{Endpoint, Fault};
use atalaya_store::{AuditEntry, Outcome, Store};
use serde_json::{Value, json};

mod common;
#[path = "operations/each.rs"]
mod each;
#[path = "../../ucontact/tests/listener/mod.rs"]
mod listener;

use common::{Script, finished, sentence};
use each::EACH;
use listener::{Listener, Say, TOKENS};

const GUID: &str = "8cf8570e-60e7-44ed-b799-3baab211b04d";

/// The command alone: no server, no user, no password.
fn bare(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
    command
        .args(arguments)
        .env("ATALAYA_HOME", home)
        .env_remove("ATALAYA_PASSWORD")
        .env_remove("ATALAYA_LOG")
        .stdin(Stdio::null());
    command
}

/// The command of somebody who may sign in at a server.
fn command(listener: &Listener, home: &Path, arguments: &[&str]) -> Command {
    let mut command = bare(home, arguments);
    command.args(["--server", &listener.address, "--user", "supervisor"]).env("ATALAYA_PASSWORD", "x");
    command
}

async fn run(listener: &Listener, home: &Path, arguments: &[&str]) -> Output {
    finished(command(listener, home, arguments)).await
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The newest first.
fn trail(home: &Path) -> Vec<AuditEntry> {
    let store = Store::open(&home.join("atalaya.sqlite"), &[atalaya_calls::MIGRATIONS], Clock::system());
    store.expect("it opens").audit().recent(100).expect("it reads")
}

/// Words of a line; what stands in quotes is one.
fn words(line: &str) -> Vec<&str> {
    let quoted = line.split('\'').enumerate();
    let parts =
        quoted.flat_map(
            |(at, part)| {
                if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect::<Vec<_>>() }
            },
        );
    parts.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_shows_what_it_would_send_without_a_server_or_a_password() {
    let here = tempfile::tempdir().unwrap();
    let (home, file) = (here.path().join("none"), here.path().join("rows.csv"));
    for (rows, line, operation, fields) in EACH {
        std::fs::write(&file, rows).unwrap();
        let file = file.to_str().unwrap();
        let mut arguments: Vec<&str> =
            words(line).into_iter().map(|word| if word == "FILE" { file } else { word }).collect();
        arguments.push("--dry-run");
        let output = finished(bare(&home, &arguments)).await;
        assert_eq!(output.status.code(), Some(0), "{line}: {}", stderr(&output));
        // In the vendor's order.
        let wanted = format!("{{\"operation\":\"{operation}\",\"fields\":{fields}}}\n");
        assert_eq!(stdout(&output), wanted, "{line}");
    }
    assert!(!home.exists(), "it leaves nothing behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_is_what_is_sent_once() {
    let here = tempfile::tempdir().unwrap();
    let (home, file) = (here.path().join("home"), here.path().join("rows.csv"));
    let listener = Listener::start(|asked, _| match asked.path.as_str() {
        "Agents/AgentCall" | "Agents/AgentCallwithData" => Say::Body(format!("\"{GUID}\"")),
        "SMS/SendSMSv2" => Say::body("{\"id\":\"77\"}"),
        "auth/getUserToken" => Say::Body(format!("\"{}\"", TOKENS[0])),
        _ => Say::body("1"),
    })
    .await;
    for (done, (rows, line, operation, fields)) in EACH.iter().enumerate() {
        std::fs::write(&file, rows).unwrap();
        let file = file.to_str().unwrap();
        let line = line.replace(" --user supervisor", "");
        let mut arguments: Vec<&str> =
            words(&line).into_iter().map(|word| if word == "FILE" { file } else { word }).collect();
        arguments.extend(["--yes", "--json"]);
        let output = run(&listener, &home, &arguments).await;
        assert_eq!(output.status.code(), Some(0), "{line}: {}", stderr(&output));
        assert_eq!(output.stderr, b"");
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        let guid = if operation.starts_with("AgentCall") { json!(GUID) } else { Value::Null };
        let detail = if *operation == "SendSMSv2" { json!("77") } else { Value::Null };
        assert_eq!(told, json!({ "outcome": "done", "detail": detail, "guid": guid }), "{line}");
        let sent = listener.operations();
        assert_eq!(sent.len(), done + 1, "once: {line}");
        // Who is signed in is known by now, and nothing else has changed.
        let shown = fields.replace(r#"\"username\":\"\""#, r#"\"username\":\"supervisor\""#);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let sent: serde_json::Map<_, _> =
            sent[done].form.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
        assert_eq!(Value::Object(sent), shown, "{line}");
        let line = &trail(&home)[0];
        assert_eq!(
            (line.operation.as_str(), &line.outcome, line.user.as_str()),
            (*operation, &Outcome::Done, "supervisor")
        );
        assert!(!line.detail.to_string().contains("fileb64"));
    }
    let all = listener.all();
    let count = |path: &str| all.iter().filter(|asked| asked.path == path).count();
    assert_eq!((count("auth/getUserToken"), count("auth/EndSession")), (EACH.len(), EACH.len()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_right_is_wrong_usage_and_reaches_nobody() {
    let here = tempfile::tempdir().unwrap();
    let (home, file) = (here.path().join("home"), here.path().join("rows.csv"));
    let listener = Listener::start(|_, _| Say::body("1")).await;
    for (rows, line, said) in [
        (
            "",
            "call start --campaign C --agent ana --phone SIP/1001 --destination 099",
            "--phone is no extension",
        ),
        (
            "",
            "call start --campaign C --agent ana --phone 1001 --destination '09 9'",
            "--destination is no number",
        ),
        (
            "",
            "call start --campaign C --agent ana --phone 1001 --destination 099 --data {",
            "--data is no JSON",
        ),
        ("", "call start --campaign '' --agent ana --phone 1001 --destination 099", "--campaign is empty"),
        ("", "call start --campaign C --agent ana --destination 099", "--phone"),
        ("", "call hangup --phone ana", "--phone is no extension"),
        ("", "queue add --campaign C --member ana", "--member is not NAME=EXT"),
        ("", "queue add --campaign C --member ana=x1", "--member is no extension"),
        (
            "",
            "queue add --campaign C --member ana=1 --member eva=SIP/1",
            "number 2 of the list: --member names",
        ),
        ("", "queue add --campaign C --member ana=1 --penalty 1001", "--penalty is out of range"),
        ("", "queue add --campaign C", "--member"),
        ("", "blacklist add", "--phone"),
        ("", "blacklist add --phone x", "--phone is no number"),
        ("phone\n1\n", "blacklist add --phone 099 --file FILE", "cannot be used with"),
        ("name\nA\n", "blacklist add --file FILE", "has no header phone"),
        ("phone\n1\nx\n", "blacklist add --file FILE", "line 3: phone is no number"),
        ("phone\n", "blacklist add --file FILE", "--phone is empty"),
        ("", "blacklist add --file missing.csv", "missing.csv cannot be read"),
        ("", "dialer task --campaign C --destination 099 --mode often", "invalid value"),
        ("", "dialer task --campaign C --destination 099 --mode scheduled", "--at"),
        (
            "",
            "dialer task --campaign C --destination 099 --mode manual --at '2030-01-01 00:00:00'",
            "--at is of",
        ),
        (
            "",
            "dialer task --campaign C --destination 099 --mode scheduled --at '2030-02-30 00:00:00'",
            "--at is no date",
        ),
        ("", "dialer task --campaign C --destination 099 --mode manual --data a=b=c", "--data holds a sign"),
        (
            "",
            "dialer task --campaign C --destination 099 --mode manual --data 'a=1;b'",
            "--data holds a sign",
        ),
        ("", "dialer task --campaign C --destination 099 --mode manual --data a", "--data is not NAME=VALUE"),
        (
            "",
            "dialer task --campaign C --destination 099 --mode manual --alternative 1:2",
            "--alternative is no number",
        ),
        ("", "dialer schedule --campaign C --destination 099 --at tomorrow", "--at is no date"),
        (
            "",
            "dialer respool --campaign C --destination 099 --base b --contact 1 --priority 1",
            "--priority must be above 1",
        ),
        ("", "dialer respool --campaign C --destination 099 --base b --contact x", "invalid value"),
        ("", "dialer remove --campaign C --phone +", "--phone is no number"),
        (
            "",
            "dialer unschedule --campaign C --destination 099 --from '2030-01-02 00:00:00' --to '2030-01-01 00:00:00'",
            "--to is before --from",
        ),
        ("D;099;;\n", "dialer upload FILE --campaign C", "line 1: campaign is not that of --campaign"),
        ("phone,campaign\n099,D\n", "dialer upload FILE --campaign C", "line 2: campaign is not that"),
        (
            "C;099;a;\n\nC;x;;\n",
            "dialer upload FILE --campaign C",
            "line 1: data is not name=value:name=value; line 3: phone",
        ),
        ("phone,data\n099,a=1;b=2\n", "dialer upload FILE --campaign C", "line 2: data holds a sign"),
        ("phone,colour\n099,red\n", "dialer upload FILE --campaign C", "unknown column: colour"),
        ("phone,destination\n099,098\n", "dialer upload FILE --campaign C", "a column twice: destination"),
        ("phone,priority\n099,1\n", "dialer upload FILE --campaign C", "line 2: priority must be above 1"),
        ("phone\n", "dialer upload FILE --campaign C", "FILE is empty"),
        ("", "dialer upload FILE --campaign C", "FILE is empty"),
        ("C;099;one;two;5\n", "sms upload FILE --campaign C", "line 1: row has too few or too many columns"),
        ("phone,text\n099,a;b\n", "sms upload FILE --campaign C", "line 2: text holds a sign"),
        ("", "sms send --campaign C --destination 099 --message ''", "--message is empty"),
        ("", "tag ../x --phone 099 --text a", "GUID is no guid"),
        ("", "tag g-0000-01 --phone ana --text a", "--phone is no number"),
        ("", "tag g-0000-01 --phone 099 --text ''", "--text is empty"),
        ("", "disposition g-0000-01 --campaign C --agent a --callerid 099 --level1 ''", "--level1 is empty"),
        (
            "",
            "disposition g-0000-01 --campaign C --agent a --callerid x --level1 A",
            "--callerid is no number",
        ),
        (
            "",
            "disposition g-0000-01 --campaign C --agent a --callerid 099 --level1 A --schedule 1",
            "--schedule is no date",
        ),
    ] {
        std::fs::write(&file, rows).unwrap();
        let file = file.to_str().unwrap();
        let words: Vec<&str> =
            words(line).into_iter().map(|word| if word == "FILE" { file } else { word }).collect();
        for more in [["--yes", "--json"], ["--dry-run", "--json"]] {
            let output = run(&listener, &home, &[&words[..], &more].concat()).await;
            assert_eq!(output.status.code(), Some(2), "{line}: {}", stdout(&output));
            assert!(stderr(&output).contains(said), "{line}: {}", stderr(&output));
            assert_eq!(stdout(&output), "", "{line}");
        }
    }
    std::fs::write(&file, b"phone\n09\xf1\n").unwrap();
    let output =
        run(&listener, &home, &["dialer", "upload", file.to_str().unwrap(), "--campaign", "C", "--yes"])
            .await;
    assert!(output.status.code() == Some(2) && sentence(&output).contains("save it as UTF-8"));
    // Nobody to ask, and nobody who said yes.
    let output = run(&listener, &home, &["call", "hangup", "--phone", "1001", "--json"]).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(sentence(&output).contains("--yes"));
    assert_eq!(listener.all(), [], "not even a login");
    assert!(!home.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_status_and_the_trail_tell_done_refused_and_unknown() {
    let home = tempfile::tempdir().unwrap();
    let refused = "Wrong parameters: Empty campaign";
    let cases: Vec<(Say, i32, Value, &str)> = vec![
        (Say::body("1"), 0, json!({ "outcome": "done", "detail": null, "guid": null }), ""),
        (Say::body("0"), 1, json!({ "outcome": "refused", "detail": "refused", "guid": null }), "not done"),
        (
            Say::Status(400, refused.to_owned()),
            1,
            json!({ "outcome": "refused", "detail": refused, "guid": null }),
            refused,
        ),
        (
            Say::status(404),
            1,
            json!({ "outcome": "refused", "detail": "notClassic", "guid": null }),
            "the server has no Agents/HangupPhone",
        ),
        (
            Say::Cut,
            3,
            json!({ "outcome": "unknown", "detail": "unreachable", "guid": null }),
            "it may have been done",
        ),
        (
            Say::body(""),
            3,
            json!({ "outcome": "unknown", "detail": "malformed", "guid": null }),
            "nothing to look at",
        ),
        (
            Say::status(502),
            3,
            json!({ "outcome": "unknown", "detail": "serverError", "guid": null }),
            "was not sent again",
        ),
    ];
    for (say, status, wanted, said) in cases {
        let told = say.clone();
        let listener = Listener::start(move |_, _| told.clone()).await;
        let output =
            run(&listener, home.path(), &["call", "hangup", "--phone", "1001", "--yes", "--json"]).await;
        assert_eq!(output.status.code(), Some(status), "{say:?}: {}", stderr(&output));
        assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), wanted, "{say:?}");
        assert!(stderr(&output).contains(said), "{say:?}: {}", stderr(&output));
        assert_eq!(listener.operations().len(), 1, "{say:?}");
        assert_eq!(listener.all().last().unwrap().path, "auth/EndSession", "{say:?}");
        let line = &trail(home.path())[0];
        assert_eq!((line.operation.as_str(), line.target.as_str()), ("HangupPhone", "1001"));
        assert_eq!(line.outcome.name(), wanted["outcome"].as_str().unwrap(), "{say:?}");
    }
    // Without JSON, what was done is one line: the guid where there is one.
    let listener = Listener::start(|_, _| Say::body(GUID)).await;
    let start = "call start --campaign C --agent ana --phone 1001 --destination 099 --yes";
    let output = run(&listener, home.path(), &words(start)).await;
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), format!("{GUID}\n")));
    // What never reached a server was not done.
    let before = trail(home.path()).len();
    let mut nobody = bare(home.path(), &["call", "hangup", "--phone", "1001", "--yes", "--json"]);
    nobody.args(["--server", "http://127.0.0.1:9", "--user", "x"]).env("ATALAYA_PASSWORD", "x");
    let output = finished(nobody).await;
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told, json!({ "outcome": "refused", "detail": "unreachable", "guid": null }));
    assert_eq!(trail(home.path()).len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_context_comes_from_the_login_where_none_is_typed() {
    let home = tempfile::tempdir().unwrap();
    let login =
        json!([{ "md5secret": TOKENS[0], "callerid": "1009", "context": "supervisors", "secret": "s" }]);
    let listener = Listener::with_logins(move |asked, _| match asked.path.as_str() {
        "auth/getUserToken" => Say::status(404),
        "auth/UserLogin" => Say::Body(login.to_string()),
        _ => Say::body(GUID),
    })
    .await;
    let start = "call start --campaign C --agent ana --phone 1001 --destination 099 --yes";
    for (more, wanted) in [("", "supervisors"), ("--context agents", "agents"), ("--form f", "supervisors")] {
        let output = run(&listener, home.path(), &words(&format!("{start} {more}"))).await;
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let sent = listener.operations().pop().unwrap();
        assert!(sent.form.contains(&("context".to_owned(), wanted.to_owned())), "{sent:?}");
        // The login's own extension is nobody else's.
        assert!(sent.form.contains(&("phone".to_owned(), "1001".to_owned())));
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_while_it_is_sent_it_is_unknown() {
    let home = tempfile::tempdir().unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let tell = Mutex::new(tell);
    let listener = Listener::start(move |_, _| {
        tell.lock().expect("no holder panics").send(()).expect("the test listens");
        Say::Silence
    })
    .await;
    let mut command =
        command(&listener, home.path(), &["call", "hangup", "--phone", "1001", "--yes", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs");
    told.recv().await.expect("it is sent");
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(|| child.wait_with_output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let wanted = json!({ "outcome": "unknown", "detail": "sessionEnded", "guid": null });
    assert_eq!(serde_json::from_slice::<Value>(&output.stdout).unwrap(), wanted);
    assert_eq!(trail(home.path())[0].outcome, Outcome::Unknown("sessionEnded".to_owned()));
    assert_eq!(listener.operations().len(), 1);
    assert_eq!(listener.all().last().unwrap().path, "auth/EndSession");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_and_a_tipificacion_arrive_at_the_contact_centre() {
    let script = Script::still().await;
    let case = script.simulator.recordings().swap_remove(0);
    let campaign = script.simulator.inside().campaigns[0].name.clone();
    let told = script
        .json(&["tag", &case.guid, "--phone", &case.phone, "--text", "reclamo", "--yes", "--json"])
        .await;
    assert_eq!(told["outcome"], "done");
    let disposition = |level2: &str| {
        let line = [
            ["disposition", &case.guid, "--campaign", &campaign, "--agent", "ana", "--callerid", &case.phone],
            ["--level1", "Venta", "--level2", level2, "--yes", "--json", "--comment", "c"],
        ];
        line.concat().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let run = async |level2: &str| {
        let line = disposition(level2);
        script.run(&line.iter().map(String::as_str).collect::<Vec<_>>()).await
    };
    assert_eq!(run("Contado").await.status.code(), Some(0));
    let refused = run("Fiado").await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(sentence(&refused).contains("Disposition not found for level1: Venta"));
    script.simulator.faults().set(Endpoint::Disposition, Fault::Reset { after: 0 }, None);
    assert_eq!(run("Contado").await.status.code(), Some(3));
    let stats = script.simulator.stats();
    assert_eq!((stats.requests["tag"], stats.requests["disposition"], stats.dispositions), (1, 3, 2));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_for_a_computer_holds_for_scripts() {
    let here = tempfile::tempdir().unwrap();
    let (home, file) = (here.path().join("home"), here.path().join("atalaya.toml"));
    let listener = Listener::start(|asked, _| match asked.path.as_str() {
        "auth/getUserToken" => Say::Body(format!("\"{}\"", TOKENS[0])),
        _ => Say::body("1"),
    })
    .await;
    let hang_up = ["call", "hangup", "--phone", "1001", "--yes", "--json"];
    let decided = async |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mut command = command(&listener, &home, &hang_up);
        command.env("ATALAYA_ADMIN_FILE", &file);
        let output = finished(command).await;
        (output.status.code(), stdout(&output) + &stderr(&output))
    };
    let given =
        format!("only_these_servers = true\n[[server]]\nname = \"x\"\nurl = \"{}\"\n", listener.address);
    for (text, said) in [
        ("look_only = true\n", "lookOnly"),
        ("look_only = yes\n", "until it is mended nothing is changed"),
        (
            "only_these_servers = true\n[[server]]\nname = \"x\"\nurl = \"https://x.example\"\n",
            "whoever looks after it decided on",
        ),
    ] {
        let (status, told) = decided(text).await;
        assert!(status != Some(0) && told.contains(said), "{text}: {told}");
        assert_eq!(listener.operations().len(), 0, "{text}");
    }
    assert_eq!(decided(&given).await.0, Some(0));
    assert_eq!(listener.operations().len(), 1);
}
