//! The simulated contact centre from outside: a plain HTTP client that knows nothing of ours.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use atalaya_simulator::{Config, Endpoint, Fault, Kind, RecordingCase, Simulator};
use reqwest::{Client, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};

fn small() -> Config {
    Config { campaigns: 4, agents: 20, calls_per_day: 600, moving: false, ..Config::default() }
}

async fn start(config: Config) -> Simulator {
    atalaya_simulator::start(config).await.expect("loopback has a free port")
}

/// A visitor with a session.
struct Visitor {
    http: Client,
    api: String,
    token: String,
}

impl Visitor {
    async fn of(simulator: &Simulator) -> Self {
        // The provider may have been installed by another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let mut visitor = Self { http, api: simulator.server_url(), token: String::new() };
        let login = [("user", simulator.user()), ("password", simulator.password())];
        let reply = visitor.post("auth/getUserToken", &login).send().await.expect("an answer");
        visitor.token = reply.json().await.expect("a quoted token");
        visitor
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.api))
            .header(header::AUTHORIZATION, format!("Basic {}", self.token))
            .form(form)
    }

    async fn text(&self, path: &str, form: &[(&str, &str)]) -> String {
        self.post(path, form).send().await.expect("an answer").text().await.expect("a text")
    }

    async fn value(&self, path: &str, form: &[(&str, &str)]) -> Value {
        serde_json::from_str(&self.text(path, form).await).expect("JSON")
    }

    async fn page(&self, offset: usize, limit: usize, filter: &Value) -> Vec<Value> {
        let (offset, limit, filter) = (offset.to_string(), limit.to_string(), filter.to_string());
        let form =
            [("lastrow", offset.as_str()), ("searchLimit", &limit), ("filter", &filter), ("random", "1")];
        match self.value("Cdr/getrecords", &form).await {
            Value::Array(rows) => rows,
            other => panic!("a list of rows, not {other}"),
        }
    }
}

fn days(from: &str, to: &str) -> Value {
    json!({ "calldatei": format!("{from} 00:00:00"), "calldatef": format!("{to} 23:59:59") })
}

fn url_of(simulator: &Simulator, case: &RecordingCase) -> String {
    let root = if case.host == "backup" { simulator.backup_url() } else { simulator.telephony_url() };
    let folder = if case.in_day_folder { format!("{}/", case.day) } else { String::new() };
    format!("{root}records/{folder}{}.{}", case.guid, case.format)
}

#[tokio::test]
async fn replies_have_the_vendor_s_manners() {
    let simulator = start(small()).await;
    let visitor = Visitor::of(&simulator).await;
    let reply = visitor.post("Supervisor/queuesummary", &[]).send().await.unwrap();
    assert_eq!(reply.headers()[header::CONTENT_TYPE], "text/plain");
    let text = reply.text().await.unwrap();
    assert!(text.contains("-\\u003e") && !text.contains("->"), "Gson escapes: {text}");
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(list.len(), 5);
    assert!(list[4].get("queue").is_none(), "the last element is of no queue");

    let name = list[0]["queue"].as_str().unwrap();
    let agents = visitor.value("Supervisor/campaignstatus", &[("queue", name)]).await;
    let people = agents.as_object().unwrap().values().filter(|value| value.get("location").is_some()).count();
    assert_eq!(people as u64, agents[name]["totalagents"].as_u64().unwrap());

    let wrong = [("user", simulator.user()), ("password", "no")];
    assert_eq!(visitor.text("auth/getUserToken", &wrong).await, "0");
    let stranger = Visitor { token: "c29tZWJvZHk6ZWxzZQ==".to_owned(), ..Visitor::of(&simulator).await };
    let reply = stranger.post("Supervisor/queuesummary", &[]).send().await.unwrap();
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(visitor.text("Cdr/getrecords", &[("filter", "not json")]).await, "0");
}

#[tokio::test]
async fn pages_cut_calls_in_two_and_lose_none() {
    // In the middle of a week: of a weekend there are few recordings.
    let begins = chrono::NaiveDate::from_ymd_opt(2026, 3, 12).and_then(|day| day.and_hms_opt(10, 30, 0));
    let simulator = start(Config { begins, ..small() }).await;
    let visitor = Visitor::of(&simulator).await;
    // Several days: those that are over are worked out once.
    let cases = simulator.recordings();
    let mut dates: Vec<&str> = cases.iter().map(|case| &case.calldate[..10]).collect();
    dates.sort_unstable();
    dates.dedup();
    assert!(dates.len() > 3);
    let filter = days(dates[dates.len() - 4], dates[dates.len() - 1]);
    let read = async |limit: usize| {
        let (mut ids, mut cut) = (Vec::new(), 0);
        let mut last_guid = Value::Null;
        loop {
            let rows = visitor.page(ids.len(), limit, &filter).await;
            cut += usize::from(rows.first().is_some_and(|row| row["guid"] == last_guid));
            last_guid = rows.last().map_or(Value::Null, |row| row["guid"].clone());
            ids.extend(rows.iter().filter_map(|row| row["id"].as_i64()));
            if rows.len() < limit {
                return (ids, cut);
            }
        }
    };
    let (whole, _) = read(1_000).await;
    assert!(whole.windows(2).all(|pair| pair[0] > pair[1]), "newest first");
    let (paged, cut) = read(97).await;
    assert_eq!(paged, whole);
    assert!(cut > 0, "some page ends in the middle of a call");
}

#[tokio::test]
async fn filters_only_let_through_what_they_name() {
    let simulator = start(small()).await;
    let visitor = Visitor::of(&simulator).await;
    let day = &simulator.recordings()[0].calldate[..10];
    let all = visitor.page(0, 1_000, &days(day, day)).await;
    let of = |key: &str| all.iter().find_map(|row| row[key].as_str()).unwrap().to_owned();
    let (agent, campaign, source) = (of("peeraccount"), of("campaign"), of("src"));
    let with = |key: &str, value: &str| {
        let mut filter = days(day, day);
        filter[key] = json!(value);
        filter
    };
    for (key, value, column) in [("campaign", &campaign, "campaign"), ("source", &source, "src")] {
        let rows = visitor.page(0, 1_000, &with(key, value)).await;
        assert!(!rows.is_empty() && rows.len() < all.len());
        assert!(rows.iter().all(|row| row[column] == **value), "{key}");
    }
    let rows = visitor.page(0, 1_000, &with("agent", &agent)).await;
    let calls: BTreeSet<_> = rows.iter().map(|row| row["guid"].to_string()).collect();
    let rung: BTreeSet<_> =
        rows.iter().filter(|row| row["peeraccount"] == *agent).map(|row| row["guid"].to_string()).collect();
    assert_eq!(calls, rung, "the agent's phone rang in every call");
    let rows = visitor.page(0, 1_000, &with("exclude", &source)).await;
    assert!(rows.iter().all(|row| row["src"] != *source) && rows.len() < all.len());
}

#[tokio::test]
async fn recordings_lie_in_all_places_and_answer_ranges() {
    let simulator = start(small()).await;
    let http = Visitor::of(&simulator).await.http;
    let cases = simulator.recordings();
    let kinds: BTreeSet<Kind> = cases.iter().map(|case| case.kind).collect();
    assert_eq!(kinds, BTreeSet::from(Kind::ALL), "one of each kind");
    let places: BTreeSet<_> = cases.iter().map(|case| (case.host, case.in_day_folder)).collect();
    assert_eq!(places.len(), 4);
    let sound = [
        Kind::Mp3Narrow,
        Kind::Mp3Wide,
        Kind::Mp3Variable,
        Kind::Mp3Stereo,
        Kind::Gsm,
        Kind::Tone1kMp3,
        Kind::Tone3kMp3,
        Kind::Tone1kGsm,
    ];
    for case in cases.iter().filter(|case| sound.contains(&case.kind)) {
        let url = url_of(&simulator, case);
        let get = |range: &str| http.get(&url).header(header::RANGE, range.to_owned()).send();
        let whole = http.get(&url).send().await.unwrap();
        assert_eq!(whole.status(), StatusCode::OK, "{case:?}");
        let etag = whole.headers()[header::ETAG].clone();
        let bytes = whole.bytes().await.unwrap();
        let part = get("bytes=100-199").await.unwrap();
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()[header::CONTENT_RANGE], format!("bytes 100-199/{}", bytes.len()).as_str());
        assert_eq!(part.bytes().await.unwrap(), bytes.slice(100..200));
        let tail = get("bytes=-50").await.unwrap().bytes().await.unwrap();
        assert_eq!(tail, bytes.slice(bytes.len() - 50..));
        let beyond = get(&format!("bytes={}-", bytes.len())).await.unwrap();
        assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
        for (tag, status) in [
            (etag, StatusCode::PARTIAL_CONTENT),
            (header::HeaderValue::from_static("\"old\""), StatusCode::OK),
        ] {
            let request = http.get(&url).header(header::RANGE, "bytes=5-").header(header::IF_RANGE, tag);
            assert_eq!(request.send().await.unwrap().status(), status);
        }
    }
    for case in &cases {
        let status = http.get(url_of(&simulator, case)).send().await.unwrap().status();
        let nowhere = matches!(case.kind, Kind::Missing | Kind::ConvertOnly);
        assert_eq!(status == StatusCode::NOT_FOUND, nowhere, "{:?}: {status}", case.kind);
    }
}

#[tokio::test]
async fn converting_and_tagging_take_a_moment() {
    let moment = Duration::from_millis(150);
    let simulator = start(Config { tag_delay: moment, convert_delay: moment, ..small() }).await;
    let visitor = Visitor::of(&simulator).await;
    let case = simulator.recordings().into_iter().find(|case| case.kind == Kind::ConvertOnly).unwrap();
    let url = format!("{}records/{}/{}.mp3", simulator.telephony_url(), case.day, case.guid);
    let there = || async { visitor.http.get(&url).send().await.unwrap().status().is_success() };
    assert!(!there().await);
    let form = [("guid", case.guid.as_str()), ("folder", &case.day)];
    assert_eq!(visitor.text("Supervisor/convert", &form).await, "1");
    assert!(!there().await, "not at once");
    let form = [("phone", case.phone.as_str()), ("guid", &case.guid), ("data", "unlikely tag")];
    assert_eq!(visitor.text("Agents/TagRecord", &form).await, "");
    let mut filter = days(&case.calldate[..10], &case.calldate[..10]);
    filter["data"] = json!("unlikely tag");
    assert!(visitor.page(0, 10, &filter).await.is_empty(), "not at once");
    let both = async { while !there().await || visitor.page(0, 10, &filter).await.is_empty() {} };
    tokio::time::timeout(Duration::from_secs(20), both).await.expect("both appear");
    let missing = simulator.recordings().into_iter().find(|case| case.kind == Kind::Missing).unwrap();
    let form = [("guid", missing.guid.as_str()), ("folder", &missing.day)];
    assert_eq!(visitor.text("Supervisor/convert", &form).await, "0");
}

#[tokio::test]
async fn every_fault_does_what_it_says() {
    let simulator = start(small()).await;
    let visitor = Visitor::of(&simulator).await;
    let case = simulator.recordings().into_iter().find(|case| case.kind == Kind::Mp3Narrow).unwrap();
    let url = url_of(&simulator, &case);
    let endpoint = if case.host == "backup" { Endpoint::Backup } else { Endpoint::Telephony };
    let good = visitor.http.get(&url).send().await.unwrap().bytes().await.unwrap();
    let ask = |fault: Fault| {
        simulator.faults().set(endpoint, fault, Some(1));
        visitor.http.get(&url).header(header::RANGE, "bytes=0-").send()
    };
    let busy =
        ask(Fault::Status { code: 429, retry_after: Some(7), text: "later".to_owned() }).await.unwrap();
    assert_eq!((busy.status().as_u16(), &busy.headers()[header::RETRY_AFTER]), (429, &"7".parse().unwrap()));
    assert_eq!(busy.text().await.unwrap(), "later");
    assert!(ask(Fault::Html).await.unwrap().text().await.unwrap().starts_with("<!doctype"));
    assert_eq!(ask(Fault::Zero).await.unwrap().text().await.unwrap(), "0");
    assert!(ask(Fault::Garbage).await.unwrap().bytes().await.unwrap() != good);
    assert_eq!(ask(Fault::ExpiredToken).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let moved = ask(Fault::Redirect { to: "http://127.0.0.1:9/".to_owned() }).await.unwrap();
    assert_eq!(moved.headers()[header::LOCATION], "http://127.0.0.1:9/");
    let whole = ask(Fault::IgnoreRange).await.unwrap();
    assert_eq!(whole.status(), StatusCode::OK);
    let odd = ask(Fault::WrongRange).await.unwrap();
    assert_eq!(odd.headers()[header::CONTENT_RANGE], "bytes 999-1999/123456");
    let (first, second) = (ask(Fault::ChangedEtag).await.unwrap(), ask(Fault::ChangedEtag).await.unwrap());
    assert_ne!(first.headers()[header::ETAG], second.headers()[header::ETAG]);
    assert!(ask(Fault::Reset { after: 500 }).await.unwrap().bytes().await.is_err());
    assert!(ask(Fault::WrongLength { by: 10 }).await.unwrap().bytes().await.is_err());
    let short = ask(Fault::Truncate { after: 500 }).await.unwrap().bytes().await.unwrap();
    assert_eq!(short, good.slice(..500));
    let slow = ask(Fault::Dribble { bytes: 4_000, millis: 1 }).await.unwrap().bytes().await.unwrap();
    assert_eq!(slow, good);
    let hang = ask(Fault::Hang);
    assert!(tokio::time::timeout(Duration::from_millis(300), hang).await.is_err());
    let begun = std::time::Instant::now();
    assert_eq!(ask(Fault::Slow { millis: 200 }).await.unwrap().bytes().await.unwrap(), good);
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(visitor.http.get(&url).send().await.unwrap().bytes().await.unwrap(), good, "all used up");
}

#[tokio::test]
async fn an_answer_that_is_cut_off_has_not_even_a_head_and_nothing_is_done_twice() {
    let simulator = start(small()).await;
    let visitor = Visitor::of(&simulator).await;
    // As large as a base gets, in base64.
    let message = "x".repeat(4 << 20);
    let form = [("destination", "099000001"), ("message", &message), ("campaign", "Ventas->")];
    for (fault, done) in [(Fault::NeverArrives, 0), (Fault::AnswerLost, 1)] {
        simulator.faults().set(Endpoint::SendSms, fault, Some(1));
        let error = visitor.post("SMS/SendSMS", &form).send().await.unwrap_err();
        assert!(!error.is_body() && !error.is_decode(), "before the head: {error:?}");
        assert_eq!(simulator.executed(Endpoint::SendSms), done);
    }
    assert_eq!(visitor.text("SMS/SendSMS", &form).await, "OK");
    assert_eq!((simulator.sms().len(), simulator.stats().requests["sendSms"]), (2, 3));
    assert_eq!(simulator.sms()[1].message.len(), message.len());
}

#[tokio::test]
async fn the_control_routes_switch_it_from_outside() {
    let simulator = start(small()).await;
    let visitor = &Visitor::of(&simulator).await;
    let control = |path: &str, body: Value| {
        visitor.http.post(format!("{}control/{path}", simulator.telephony_url())).json(&body).send()
    };
    let fault = json!({ "endpoint": "queueSummary", "fault": "status", "code": 503, "times": 1 });
    assert_eq!(control("fault", fault).await.unwrap().status(), StatusCode::NO_CONTENT);
    let status = |path| async move { visitor.post(path, &[]).send().await.unwrap().status().as_u16() };
    assert_eq!(status("Supervisor/queuesummary").await, 503);
    assert_eq!(status("Supervisor/queuesummary").await, 200);
    control("expire", json!({})).await.unwrap();
    assert_eq!(status("Supervisor/queuesummary").await, 401);
    let stats: Value = visitor
        .http
        .get(format!("{}control/stats", simulator.telephony_url()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(stats["requests"]["queueSummary"], 3);
    assert_eq!(control("dry", json!({ "campaign": "Nobody<-", "callers": 3 })).await.unwrap().status(), 404);
    assert_eq!(control("dry", json!({ "campaign": "Soporte<-", "callers": 3 })).await.unwrap().status(), 204);
    let told = visitor.http.get(format!("{}control/told", simulator.telephony_url())).send().await.unwrap();
    let told: Value = told.json().await.unwrap();
    assert_eq!(told["dialers"]["Ventas->"]["baseRows"], 0);
    assert_eq!(told["calls"], json!([]));
}

#[tokio::test]
async fn shut_doors_refuse_and_open_again_on_the_same_port() {
    let simulator = start(small()).await;
    let visitor = Visitor::of(&simulator).await;
    simulator.down();
    let refused = visitor.post("Supervisor/queuesummary", &[]).send().await.unwrap_err();
    assert!(refused.is_connect() || refused.is_request());
    simulator.up();
    let back = async { while visitor.post("Supervisor/queuesummary", &[]).send().await.is_err() {} };
    tokio::time::timeout(Duration::from_secs(10), back).await.expect("open again");
}

/// What every operation that reads answers, head and body, with its name.
async fn readings(simulator: &Simulator) -> Vec<(String, String, Vec<u8>)> {
    let visitor = Visitor::of(simulator).await;
    let mut readings = Vec::new();
    let mut keep = async |name: String, request: RequestBuilder| {
        let reply = request.send().await.expect("an answer");
        let head = format!("{} {:?}", reply.status(), reply.headers());
        // Where a body breaks off it does so every time.
        let body = reply.bytes().await.unwrap_or_default();
        readings.push((name, head, body.to_vec()));
    };
    keep("queuesummary".to_owned(), visitor.post("Supervisor/queuesummary", &[])).await;
    keep("campaignstatus".to_owned(), visitor.post("Supervisor/campaignstatus", &[("queue", "")])).await;
    let campaigns: Vec<String> = simulator.inside().campaigns.into_iter().map(|one| one.name).collect();
    for name in &campaigns {
        let form = [("queue", name.as_str())];
        keep(format!("campaignstatus of {name}"), visitor.post("Supervisor/campaignstatus", &form)).await;
    }
    let cases = simulator.recordings();
    let month = days("2026-02-20", "2026-03-12");
    for (key, value) in
        [("agent", ""), ("campaign", &campaigns[0]), ("source", &cases[0].phone), ("cont", "3")]
    {
        let mut filter = month.clone();
        filter[key] = json!(value);
        let filter = filter.to_string();
        let form = [("lastrow", "0"), ("searchLimit", "900"), ("filter", &filter), ("random", "1")];
        keep(format!("getrecords with {key} {value}"), visitor.post("Cdr/getrecords", &form)).await;
    }
    let list = format!("{}control/recordings", simulator.telephony_url());
    keep("list of recordings".to_owned(), visitor.http.get(list)).await;
    for case in &cases {
        let name = format!("recording {:?} at {} {}", case.kind, case.host, case.in_day_folder);
        keep(name, visitor.http.get(url_of(simulator, case))).await;
    }
    readings
}

#[tokio::test]
async fn the_same_seed_and_beginning_give_the_same_bytes() {
    let begins = |day| chrono::NaiveDate::from_ymd_opt(2026, 3, day)?.and_hms_opt(9, 45, 0);
    let after_steps = async |config: Config| {
        let simulator = start(config).await;
        for _ in 0..3 {
            simulator.advance(Duration::from_secs(500));
            simulator.inside();
        }
        readings(&simulator).await
    };
    let config = Config { begins: begins(10), ..small() };
    let (one, other) = (after_steps(config.clone()).await, after_steps(config.clone()).await);
    assert_eq!(one.len(), other.len());
    for ((name, head, body), other) in one.iter().zip(&other) {
        assert_eq!((name, head), (&other.0, &other.1));
        assert!(*body == other.2, "{name} answers something else");
        assert!(head.contains("Tue, 10 Mar 2026 10:10:00 GMT"), "{name} is of another time: {head}");
    }
    let another_day = after_steps(Config { begins: begins(11), ..config }).await;
    // The campaigns' figures and a recording's sound have no date in them.
    let dated = |name: &str| name != "campaignstatus" && !name.starts_with("recording");
    for (one, other) in one.iter().zip(&another_day).filter(|(one, _)| dated(&one.0)) {
        assert!(one.1 != other.1 && one.2 != other.2, "{} knows no day", one.0);
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_world_and_time_moves_it() {
    let (one, other) = (start(small()).await, start(small()).await);
    let different = start(Config { seed: 2, ..small() }).await;
    assert_eq!(one.inside(), other.inside());
    assert_ne!(one.inside(), different.inside());
    let before = one.inside();
    one.advance(Duration::from_secs(1_800));
    other.advance(Duration::from_secs(1_800));
    assert_eq!(one.inside(), other.inside());
    let after = one.inside();
    let answered =
        |inside: &atalaya_simulator::Inside| inside.campaigns.iter().map(|c| c.answered).sum::<u32>();
    assert!(answered(&after) > answered(&before), "calls were taken");
    for (was, is) in before.campaigns.iter().zip(&after.campaigns) {
        assert!(is.answered >= was.answered && is.abandoned >= was.abandoned, "counters only grow");
        assert!(is.answered_within <= is.answered);
    }
    let states: HashMap<i64, usize> = after.agents.iter().fold(HashMap::new(), |mut states, agent| {
        *states.entry(agent.status).or_default() += 1;
        states
    });
    assert!(states.keys().all(|status| [1, 2, 5, 6, 8, 9].contains(status)), "{states:?}");
    assert!(states.len() >= 3, "people do different things: {states:?}");
    one.reset_counters();
    assert_eq!(answered(&one.inside()), 0);
}

#[tokio::test]
async fn it_serves_two_hundred_campaigns_and_five_thousand_agents() {
    let simulator = start(Config { campaigns: 200, agents: 5_000, moving: true, ..Config::default() }).await;
    let visitor = Visitor::of(&simulator).await;
    let campaigns = visitor.value("Supervisor/campaignstatus", &[("queue", "")]).await;
    let campaigns = campaigns.as_object().unwrap();
    assert_eq!(campaigns.len(), 200);
    let mut people = BTreeSet::new();
    for name in campaigns.keys() {
        let reply = visitor.value("Supervisor/campaignstatus", &[("queue", name)]).await;
        people.extend(reply.as_object().unwrap().keys().filter(|key| !campaigns.contains_key(*key)).cloned());
    }
    assert_eq!(people.len(), 5_000);
}

#[tokio::test]
async fn a_token_taken_from_the_answer_as_it_is_written_is_taken() {
    for strict in [false, true] {
        let simulator = start(Config { strict_tokens: strict, ..small() }).await;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().build().expect("a client");
        let login = [("user", simulator.user()), ("password", simulator.password())];
        let url = |path: &str| format!("{}{path}", simulator.server_url());
        let answer = http.post(url("auth/getUserToken")).form(&login).send().await.expect("it answers");
        let written = answer.text().await.expect("a text");
        let read: String = serde_json::from_str(&written).expect("a JSON text");
        let raw = written.trim_start_matches('"').to_owned();
        for (scheme, token, is_read) in [
            ("Basic", &read, true),
            ("basic", &read, true),
            ("Basic", &raw, false),
            ("Basic", &format!("{read}'"), false),
        ] {
            let asked = http
                .post(url("Supervisor/queuesummary"))
                .header(header::AUTHORIZATION, format!("{scheme} {token}"))
                .send()
                .await
                .expect("it answers");
            let taken = if is_read || !strict { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            assert_eq!(asked.status(), taken, "{scheme} {token}, strict: {strict}");
        }
    }
}
