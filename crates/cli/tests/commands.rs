//! The command line as a script meets it: the real binary, a contact centre on a socket, exit statuses and JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use atalaya_simulator::{Config, Endpoint, Fault, Filters, Kind, LoginShape, OddFile};
use serde_json::Value;

mod common;

use common::{Script, finished, sentence, still};

#[tokio::test(flavor = "multi_thread")]
async fn floor_shows_every_campaign_and_every_agent_once() {
    for login in
        [LoginShape::QuotedToken, LoginShape::LegacyLast, LoginShape::LegacyThird, LoginShape::LegacyPhone]
    {
        let script = Script::of(Config { login, ..still() }).await;
        let report = script.json(&["floor", "--agents", "--json"]).await;
        let inside = script.simulator.inside();
        let campaigns: BTreeMap<&str, &Value> = report["campaigns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| (line["name"].as_str().unwrap(), line))
            .collect();
        assert_eq!((campaigns.len(), report["campaigns"].as_array().unwrap().len()), (12, 12));
        for is in &inside.campaigns {
            let line = campaigns[is.name.as_str()];
            assert_eq!(line["answered"], is.answered, "{}", is.name);
            assert_eq!(line["waiting"], is.waiting);
            assert_eq!(line["totalAgents"], is.members);
            assert_eq!(line["direction"], if is.name.ends_with("->") { "outbound" } else { "inbound" });
        }
        let agents = report["agents"].as_array().unwrap();
        let places: BTreeSet<_> = agents.iter().map(|line| line["location"].as_str().unwrap()).collect();
        assert_eq!((places.len(), agents.len()), (120, 120));
        for is in &inside.agents {
            let line = agents.iter().find(|line| line["location"] == is.location.as_str()).unwrap();
            assert_eq!(line["callsTaken"], is.calls_taken());
            let secs = line["stateSecs"].as_u64().unwrap();
            assert!(secs.abs_diff(is.state_secs) <= 3, "{secs} s for {is:?}");
            if is.status == 5 {
                assert_eq!(line["state"], "offline");
            }
        }
        script.assert_signed_out();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_says_why_there_is_none() {
    let script = Script::still().await;
    let report = script.json(&["floor", "--forecast", "--after", "0", "--json"]).await;
    let campaigns = report["campaigns"].as_array().unwrap();
    assert_eq!((report["at"].as_str().map(str::len), campaigns.len()), (Some(20), 12));
    for line in campaigns {
        let outbound = line["name"].as_str().unwrap().ends_with("->");
        assert_eq!(line["reason"], if outbound { "outbound" } else { "watchedTooShort" }, "{line}");
        assert_eq!(line["outlook"], Value::Null);
    }
    let name = campaigns[0]["name"].as_str().unwrap();
    let plain = script.run(&["floor", "--forecast", "--after", "0", "--campaign", name]).await;
    let table = String::from_utf8(plain.stdout).unwrap();
    assert_eq!((table.lines().count(), table.contains(name)), (2, true), "{table}");
    let nowhere = script.run(&["floor", "--forecast", "--campaign", "nowhere"]).await;
    assert_eq!(nowhere.status.code(), Some(1));
    let both = script.run(&["floor", "--forecast", "--agents"]).await;
    assert_eq!(both.status.code(), Some(2));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_scripts_rely_on_are_there() {
    let script = Script::still().await;
    let report = script.json(&["floor", "--agents", "--json"]).await;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let expected = |names: &str| names.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    assert_eq!(keys(&report), expected("at readAt campaigns agents"));
    assert_eq!(
        keys(&report["campaigns"][0]),
        expected(
            "name direction waiting longestWaitSecs available loggedIn busy paused wrapUp answered abandoned \
             abandonRate serviceLevel serviceLevel2 serviceLevelThresholdSecs totalAgents"
        )
    );
    assert_eq!(
        keys(&report["agents"][0]),
        expected("name location state stateSecs pauseReason inCallHere callsTaken lastCallAt campaigns")
    );
    let day = &script.simulator.recordings()[0].calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let report = script.json(&["calls", "--from", &from, "--to", &to, "--json"]).await;
    assert_eq!(keys(&report), expected("calls"));
    assert_eq!(
        keys(&report["calls"][0]),
        expected(
            "guid startedAt lengthSecs talkSecs campaign direction agent answered source destination rating legs"
        )
    );
    assert_eq!(keys(&report["calls"][0]["legs"][0]), expected("id calldate agent disposition durationSecs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn floor_of_one_campaign_and_of_none() {
    let script = Script::still().await;
    let name = script.simulator.inside().campaigns[0].name.clone();
    let report = script.json(&["floor", "--campaign", &name, "--json"]).await;
    assert_eq!(report["campaigns"].as_array().unwrap().len(), 1);
    assert_eq!(report["campaigns"][0]["name"], name.as_str());
    let output = script.run(&["floor", "--campaign", "Nothing", "--json"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(sentence(&output).contains("Nothing"));
    let table = script.run(&["floor", "--agents"]).await;
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains(&name) && table.lines().count() > 130, "{table}");
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_come_once_whatever_the_page_size_and_as_a_spreadsheet_too() {
    let script = Script::still().await;
    let day = &script.simulator.recordings()[0].calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let range = ["calls", "--from", &from, "--to", &to];
    let ask = |more: &[&str]| [&range, more].concat().iter().map(ToString::to_string).collect::<Vec<_>>();
    let whole = ask(&["--json", "--page-size", "1000"]);
    let whole = script.json(&whole.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let calls = whole["calls"].as_array().unwrap();
    assert!(calls.len() > 50);
    let guids: BTreeSet<_> = calls.iter().map(|call| call["guid"].as_str().unwrap()).collect();
    assert_eq!(guids.len(), calls.len());
    let paged = ask(&["--json", "--page-size", "13"]);
    assert_eq!(script.json(&paged.iter().map(String::as_str).collect::<Vec<_>>()).await, whole);
    let file = script.home.path().join("calls.csv");
    let csv = ask(&["--csv", file.to_str().unwrap()]);
    let output = script.run(&csv.iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(output.status.code(), Some(0));
    let written = std::fs::read_to_string(&file).unwrap();
    assert_eq!(written.lines().count(), calls.len() + 1);
    assert!(guids.iter().all(|guid| written.contains(guid)));
    // For a spreadsheet, as the language of the computer has it; the same rows.
    let languages = [("es_UY.UTF-8", ';'), ("pt_BR.UTF-8", ';'), ("en_US.UTF-8", ',')];
    // Windows asks nobody's environment for it, but the person's own choice, which is no test's to change.
    for (language, sign) in languages.into_iter().filter(|_| cfg!(not(windows))) {
        let ask = ask(&["--excel", "--csv", file.to_str().unwrap()]);
        let mut command = script.command(&ask.iter().map(String::as_str).collect::<Vec<_>>());
        command.env("LC_ALL", language).env("LANG", language).env_remove("LANGUAGE");
        assert_eq!(finished(command).await.status.code(), Some(0));
        let sheet = std::fs::read_to_string(&file).unwrap();
        let head = format!("\u{feff}guid{sign}startedAt{sign}lengthSecs{sign}");
        assert!(
            sheet.starts_with(&head) && sheet.lines().count() == calls.len() + 1,
            "{language}: {sheet:.80}"
        );
    }
    let output = script.run(&ask(&["--excel"]).iter().map(String::as_str).collect::<Vec<_>>()).await;
    assert_eq!(output.status.code(), Some(2), "it says how a CSV is written");
    let output = script.run(&["calls", "--from", "yesterday", "--to", &to]).await;
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_may_have_answered_is_not_called_unanswered() {
    let script = Script::of(Config { filters: Filters::Rows, ..still() }).await;
    let last =
        chrono::NaiveDate::parse_from_str(&script.simulator.recordings()[0].calldate[..10], "%Y-%m-%d");
    let last = last.expect("a day");
    let (from, to) = (format!("{} 00:00:00", last - chrono::Days::new(3)), format!("{last} 23:59:59"));
    let file = script.home.path().join("calls.csv");
    let output = file.to_str().expect("a path");
    let output =
        script.run(&["calls", "--from", &from, "--to", &to, "--min-duration", "10", "--csv", output]).await;
    assert_eq!(output.status.code(), Some(0));
    let csv = std::fs::read_to_string(file).expect("it is written");
    let said = |word: &str| csv.lines().filter(|line| line.contains(&format!(",{word},"))).count();
    assert!(said("yes") > 0 && said("no") > 0 && said("unknown") > 0, "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_come_from_every_place_as_they_are() {
    let script = Script::still().await;
    let folder = script.home.path();
    let mut seen = BTreeSet::new();
    for case in script.simulator.recordings() {
        if !seen.insert((case.host, case.in_day_folder, case.format)) || !playable(case.kind) {
            continue;
        }
        let file = folder.join(format!("{}.{}", case.guid, case.format));
        let output = script.recording(&case, &["--trace"], &file).await;
        assert_eq!(output.status.code(), Some(0), "{case:?}: {}", String::from_utf8_lossy(&output.stderr));
        let trace = String::from_utf8(output.stderr).unwrap();
        let found: Vec<_> = trace.lines().filter(|line| line.contains(" found ")).collect();
        assert_eq!(found.len(), 1, "{trace}");
        assert!(
            found[0].starts_with(case.host) && found[0].contains(&format!(".{}", case.format)),
            "{trace}"
        );
        let bytes = std::fs::read(&file).unwrap();
        let secs = match case.format {
            "gsm" => bytes.len() as f64 / 33.0 * 0.02,
            _ => f64::from(case.seconds),
        };
        assert!((secs - f64::from(case.seconds)).abs() < 0.1);
    }
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_heard_is_told_as_json() {
    let script = Script::still().await;
    let case = script.simulator.recordings().into_iter().find(|case| case.kind == Kind::Mp3Stereo).unwrap();
    let file = script.home.path().join("sound.json");
    let output = script.recording(&case, &["--sound"], &file).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let figures = &report["figures"];
    assert!((figures["measuredSecs"].as_f64().unwrap() - f64::from(case.seconds)).abs() < 0.5, "{figures}");
    assert_eq!(
        (figures["whole"].as_bool(), figures["sides"].as_array().map(Vec::len)),
        (Some(true), Some(2))
    );
    script.assert_signed_out();
}

const OGG: &[u8] = b"OggS\0\x02 and so on, and so on, and so on";

fn playable(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::ConvertOnly | Kind::Missing | Kind::Empty | Kind::Html | Kind::Truncated | Kind::TooShort
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wav_is_decoded_and_a_conversion_only_made_when_asked() {
    let script = Script::still().await;
    let tone = script.case(Kind::Tone1kGsm);
    let wav = script.home.path().join("tone.wav");
    assert_eq!(script.recording(&tone, &[], &wav).await.status.code(), Some(0));
    let bytes = std::fs::read(&wav).unwrap();
    assert_eq!(&bytes[..4], b"RIFF");
    let samples = (bytes.len() - 44) / 2;
    assert!(samples.abs_diff(5 * 8_000) <= 160, "five seconds at 8 kHz: {samples} samples");

    let case = script.case(Kind::ConvertOnly);
    let file = script.home.path().join("converted.mp3");
    let output = script.recording(&case, &[], &file).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(sentence(&output).contains("--convert"));
    assert!(!file.exists());
    assert_eq!(script.simulator.stats().converts, 0);
    assert_eq!(script.recording(&case, &["--convert"], &file).await.status.code(), Some(0));
    assert_eq!(script.simulator.stats().converts, 1);
    let (bytes, exact) = (std::fs::metadata(&file).unwrap().len(), u64::from(case.seconds) * 2_000);
    assert!(bytes.abs_diff(exact) <= 144, "within a frame: {bytes} of {exact}");
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_one_sentence_and_a_status() {
    let script = Script::still().await;
    let file = script.home.path().join("none.mp3");
    for kind in [Kind::Missing, Kind::Empty, Kind::Html, Kind::Truncated, Kind::TooShort] {
        let output = script.recording(&script.case(kind), &[], &file).await;
        assert_eq!(output.status.code(), Some(1), "{kind:?}");
        assert!(sentence(&output).len() > 20);
        assert!(!file.exists(), "nothing half done is left of {kind:?}");
    }
    // What there is, is kept under a name that says so.
    let part = script.home.path().join("none.incomplete.mp3");
    assert!(std::fs::metadata(&part).unwrap().len() > 1_000);
    let output = script.recording(&script.case(Kind::Truncated), &[], &file).await;
    assert!(sentence(&output).contains("none.incomplete.mp3"), "{}", sentence(&output));
    let foreign = script.case(Kind::Mp3Wide);
    script.simulator.faults().file(&foreign.guid, OddFile::Holds(OGG.into()));
    let output = script.recording(&foreign, &[], &file).await;
    let said = sentence(&output);
    assert_eq!((output.status.code(), file.exists()), (Some(1), false));
    assert!(said.contains("an Ogg file") && said.contains("none.ogg"), "{said}");
    assert_eq!(std::fs::read(script.home.path().join("none.ogg")).unwrap(), OGG);
    script.assert_signed_out();
    let mut wrong = script.command(&["floor"]);
    wrong.env("ATALAYA_PASSWORD", "not this one");
    let output = finished(wrong).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(sentence(&output).to_lowercase().contains("password"));
    assert!(!sentence(&output).contains("not this one"));
    assert_eq!(script.simulator.stats().logins_refused, 1);
    let mut none = script.command(&["floor"]);
    none.env_remove("ATALAYA_PASSWORD");
    assert_eq!(finished(none).await.status.code(), Some(2));
    for usage in
        [&["recording", "x"][..], &["floor", "--nonsense"], &["recording", "x", "--day", "1/2", "-o", "y"]]
    {
        assert_eq!(script.run(usage).await.status.code(), Some(2), "{usage:?}");
    }
    script.simulator.faults().set(Endpoint::CampaignStatus, Fault::Html, None);
    let output = script.run(&["floor"]).await;
    assert_eq!(output.status.code(), Some(1));
    sentence(&output);
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_checks_everything_and_says_it_all() {
    let script = Script::still().await;
    let output = script.run(&["doctor", "--json"]).await;
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON, whatever is out of order");
    let checks: BTreeMap<&str, bool> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| (check["name"].as_str().unwrap(), check["ok"].as_bool().unwrap()))
        .collect();
    for name in ["connection", "login", "campaigns", "telephony host", "backup host", "clock difference"] {
        assert_eq!(checks.get(name), Some(&true), "{name}: {report}");
    }
    // Whether this machine has a sound device and a secret store is its own affair; the status says what was found.
    assert!(checks.contains_key("audio device") && checks.contains_key("secret store"));
    let all_good = checks.values().all(|ok| *ok);
    assert_eq!(output.status.code(), Some(i32::from(!all_good)));
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn watching_goes_on_and_an_interruption_signs_out() {
    let script = Script::of(Config { moving: true, ..still() }).await;
    let mut child = script
        .command(&["floor", "--watch", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let two = tokio::task::spawn_blocking(move || (lines.next(), lines.next())).await.unwrap();
    for line in [two.0, two.1] {
        let report: Value = serde_json::from_str(&line.unwrap().unwrap()).unwrap();
        assert_eq!(report["campaigns"].as_array().unwrap().len(), 12);
    }
    if cfg!(unix) {
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    } else {
        child.kill().unwrap();
    }
    tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    if cfg!(unix) {
        script.assert_signed_out();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulator_runs_alone() {
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"))
        .args(["simulate", "--campaigns", "3", "--agents", "9", "--seed", "7"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said: BTreeMap<String, String> =
        tokio::task::spawn_blocking(move || lines.take(5).map(|line| line.unwrap()).collect::<Vec<_>>())
            .await
            .unwrap()
            .iter()
            .filter_map(|line| line.split_once(' '))
            .map(|(key, value)| (key.to_owned(), value.trim().to_owned()))
            .collect();
    let mut floor = Command::new(env!("CARGO_BIN_EXE_atalaya-cli"));
    floor
        .args(["--server", &said["server"], "--user", &said["user"], "floor", "--agents", "--json"])
        .env("ATALAYA_HOME", home.path())
        .env("ATALAYA_PASSWORD", &said["password"]);
    let output = finished(floor).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["campaigns"].as_array().unwrap().len(), 3);
    assert_eq!(report["agents"].as_array().unwrap().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn marked_secrets_come_out_nowhere_with_trace_logging_on() {
    const PASSWORD: &str = "marked+password/4711=";
    let login = LoginShape::LegacyPhone;
    let script = Script::of(Config { password: PASSWORD.to_owned(), login, ..still() }).await;
    let case = script.case(Kind::ConvertOnly);
    let day = &case.calldate[..10];
    let (from, to) = (format!("{day} 00:00:00"), format!("{day} 23:59:59"));
    let file = script.home.path().join("one.mp3");
    let commands: [&[&str]; 4] = [
        &["floor", "--agents", "--json"],
        &["calls", "--from", &from, "--to", &to, "--json"],
        &["recording", &case.guid, "--day", day, "--convert", "--trace", "-o", file.to_str().unwrap()],
        &["doctor"],
    ];
    let mut everything = Vec::new();
    for arguments in commands {
        let mut command = script.command(arguments);
        command.env("ATALAYA_LOG", "trace");
        let output = finished(command).await;
        assert!(String::from_utf8_lossy(&output.stderr).contains("TRACE"), "the log was really on");
        everything.push((format!("{arguments:?}"), [output.stdout, output.stderr].concat()));
    }
    for entry in std::fs::read_dir(script.home.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            everything.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    assert!(everything.len() > commands.len() + 1, "the store and the recording are there");
    // Every token is base64 of "supervisor:…".
    for secret in [PASSWORD, "marked%2Bpassword", "c3VwZXJ2aXNvcj", "sip-secret-in-clear"] {
        for (place, bytes) in &everything {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {place}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_this_computer_goes_through_a_proxy() {
    let script = Script::still().await;
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = format!("http://{}", proxy.local_addr().expect("it has one"));
    let mut command = script.command(&["floor", "--json"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, &address);
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    proxy.set_nonblocking(true).expect("it can be asked without waiting");
    assert!(proxy.accept().is_err(), "the login went to the proxy");
    script.assert_signed_out();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_kept_has_no_colour_codes() {
    let script = Script::still().await;
    let mut command = script.command(&["floor"]);
    command.env("ATALAYA_LOG", "info").env_remove("NO_COLOR");
    let log = String::from_utf8(finished(command).await.stderr).unwrap();
    assert!(log.contains("signed out") && !log.contains('\u{1b}'), "{log}");
}
