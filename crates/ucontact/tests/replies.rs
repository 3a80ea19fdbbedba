//! Answers as servers really send them, and answers with one thing wrong in them: only what is wrong is lost.

use atalaya_ucontact::{
    AgentStatus, CallRecord, CampaignStatus, ErrorKind, QueueSummary, parse_campaign_agents, parse_campaigns,
    parse_queue_summary, parse_records,
};
use proptest::prelude::*;

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn records(name: &str) -> Vec<CallRecord> {
    let reply = parse_records(&fixture(&format!("{name}.getrecords")));
    reply.unwrap_or_else(|error| panic!("{name}: {error}")).value.records
}

#[test]
fn one_odd_text_costs_no_other() {
    let latin = records("latin1");
    assert_eq!((latin.len(), latin[1].agent.as_deref()), (2, Some("Ana")));
    assert_eq!(latin[0].agent.as_deref(), Some("N\u{fffd}\u{fffd}ez, Mar\u{fffd}a"));
    let raw = records("raw-control");
    assert_eq!((raw.len(), raw[0].clid.as_deref()), (2, Some("\"Ana \" <1>")));
    let surrogate = records("lone-surrogate");
    assert_eq!((surrogate.len(), surrogate[1].clid.as_deref()), (3, Some("\"Ana \u{fffd}\" <0990>")));
    let one = parse_campaign_agents(&fixture("name-cut-mid-letter.campaignstatus-one")).unwrap();
    let [ana, other @ ..] = one.value.agents.as_slice() else { panic!("{one:?}") };
    assert!(ana.name.as_deref().unwrap().contains('\u{fffd}'), "{ana:?}");
    assert!(one.value.campaign.is_some() && other.iter().all(|agent| agent.calls_taken.is_some()));
}

#[test]
fn a_field_that_is_none_is_unknown_and_the_last_of_two_counts() {
    let marked = parse_campaigns(&fixture("byte-order-mark.campaignstatus")).unwrap().value;
    assert_eq!((marked.len(), marked[0].service_level, marked[0].completed), (1, Some(75.0), Some(8)));
    let bare = parse_campaigns(&fixture("bare-nan.campaignstatus")).unwrap();
    assert_eq!((bare.value[0].service_level, bare.value[0].service_level2), (None, Some(80.0)));
    assert_eq!((bare.value[0].completed, bare.dropped_count), (Some(8), 2), "{:?}", bare.dropped);
    let twice = parse_queue_summary(&fixture("key-twice.queuesummary")).unwrap().value;
    assert_eq!((twice.len(), twice[0].callers, twice[0].available), (1, Some(1), Some(1)));
}

#[test]
fn an_answer_without_anything_asked_for_is_a_failure_in_words() {
    let error = parse_queue_summary(&fixture("error-in-200.queuesummary")).unwrap_err();
    assert_eq!(
        (error.kind, error.detail.as_deref()),
        (ErrorKind::ServerError, Some("java.lang.NullPointerException"))
    );
    for body in [r#"{"error":"x"}"#, r#"[{"error":"x"}]"#, r#"{"message":"x","code":1}"#] {
        let kinds = [
            parse_queue_summary(body.as_bytes()).unwrap_err().kind,
            parse_campaigns(body.as_bytes()).unwrap_err().kind,
            parse_campaign_agents(body.as_bytes()).unwrap_err().kind,
            parse_records(body.as_bytes()).unwrap_err().kind,
        ];
        assert_eq!(kinds, [ErrorKind::ServerError; 4], "{body}");
    }
    for body in ["[1,2]", r#"["a"]"#, "[null]"] {
        assert_eq!(parse_queue_summary(body.as_bytes()).unwrap_err().kind, ErrorKind::Malformed, "{body}");
        assert_eq!(parse_campaigns(body.as_bytes()).unwrap_err().kind, ErrorKind::Malformed, "{body}");
        assert_eq!(parse_records(body.as_bytes()).unwrap_err().kind, ErrorKind::Malformed, "{body}");
    }
    // Nothing there is something else.
    assert!(parse_queue_summary(b"[]").unwrap().value.is_empty());
    assert!(parse_campaigns(b"{}").unwrap().value.is_empty());
    assert!(parse_records(b"[]").unwrap().value.records.is_empty());
}

#[test]
fn moments_in_every_form_and_records_that_lack_something() {
    let dated = records("dates-with-fraction");
    let moments: Vec<_> =
        dated.iter().map(|record| (record.calldate.as_str(), record.finishtime.as_deref())).collect();
    assert_eq!(moments[0], ("2026-01-31 10:03:00", Some("2026-01-31 10:03:40")));
    assert_eq!(moments.len(), 3);
    let reply = parse_records(&fixture("no-id-or-guid.getrecords")).unwrap();
    let seen: Vec<_> =
        reply.value.records.iter().map(|record| (record.guid.as_str(), record.calldate.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("00000004-3f5a-4a53-9f0d-0b6f1e2a9c11", "2026-01-31 10:00:04"),
            ("1769853600.3", "2026-01-31 10:00:03"),
            ("00000002-3f5a-4a53-9f0d-0b6f1e2a9c11", "2026-01-31 10:00:02"),
            ("00000001-3f5a-4a53-9f0d-0b6f1e2a9c11", ""),
            ("1769853600.5", "2026-01-31 10:00:05"),
        ]
    );
    assert_eq!(
        reply.dropped,
        ["[1].guid: missing", "[2].id: missing", "[3].calldate: missing", "[4].guid: missing"]
    );
}

#[test]
fn nothing_of_a_text_reaches_a_terminal_raw() {
    for record in records("terminal-escapes") {
        let texts = [record.src, record.dst, record.agent, record.campaign, record.disposition, record.clid];
        for text in texts.into_iter().flatten() {
            assert!(
                !text.contains(|c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)),
                "{text:?}"
            );
        }
    }
}

#[test]
fn reasons_of_breaks_are_texts_for_people() {
    let one = parse_campaign_agents(&fixture("pause-reasons.campaignstatus-one")).unwrap();
    let reasons: Vec<_> = one.value.agents.iter().map(|agent| agent.paused_reason.as_deref()).collect();
    let bano = Some("Baño");
    assert_eq!(
        reasons,
        [
            None,
            None,
            Some("Baño, piso 2"),
            Some("Baño, piso 2"),
            bano,
            Some("Almuerzo"),
            bano,
            bano,
            Some("3"),
            None,
            None,
            None,
            None,
            None,
            Some("Reunión [equipo]"),
            Some("<b>"),
        ]
    );
}

/// What may be wrong with one value.
fn wrong() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::sample::select(vec![
            "NaN",
            "-Infinity",
            "undefined",
            "None",
            "null",
            "true",
            "\"x\"",
            "\"\"",
            "[1,[2]]",
            "{\"a\":{}}",
            "1e999",
            "01",
            "-1",
            "\"\\ud83d\"",
            "\"\\q\"",
            "\"\\u12\"",
            "\"a\\u0000b\"",
            "99999999999999999999",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        // A text of any bytes but those that end it.
        prop::collection::vec(
            any::<u8>().prop_filter("ends the text", |byte| !matches!(byte, b'"' | b'\\')),
            0..12
        )
        .prop_map(|bytes| [b"\"".as_slice(), &bytes, b"\""].concat()),
    ]
}

/// The fields of an element, and each one's value as it is written.
type Fields = Vec<(&'static str, Vec<u8>)>;

/// An element, its fields as they are written.
fn written(fields: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let fields: Vec<Vec<u8>> =
        fields.iter().map(|(name, value)| [format!("\"{name}\":").as_bytes(), value].concat()).collect();
    [b"{".as_slice(), &fields.join(b",".as_slice()), b"}"].concat()
}

fn text(text: &str) -> Vec<u8> {
    format!("\"{text}\"").into_bytes()
}

/// Five elements of a kind, the third with one of its fields made wrong, twice there, or gone; perhaps something foreign
/// among them, and in another order.
fn mutated(fields: fn(usize) -> Fields) -> impl Strategy<Value = (Vec<Vec<u8>>, &'static str)> {
    let names: Vec<&'static str> = fields(0).into_iter().map(|(name, _)| name).collect();
    let foreign = prop::option::of(prop::sample::select(vec!["null", "7", "\"x\"", "[]", "{}", "NaN"]));
    (prop::sample::select(names), wrong(), 0..3_u8, foreign, any::<bool>()).prop_map(
        move |(field, value, how, foreign, turned)| {
            let mut elements: Vec<Vec<u8>> = (0..5).map(|index| written(&fields(index))).collect();
            let mut third = fields(2);
            match how {
                0 => third
                    .iter_mut()
                    .filter(|(name, _)| *name == field)
                    .for_each(|(_, old)| old.clone_from(&value)),
                1 => third.push((field, value)),
                _ => third.retain(|(name, _)| *name != field),
            }
            elements[2] = written(&third);
            elements.extend(foreign.map(|text| text.as_bytes().to_vec()));
            if turned {
                elements.reverse();
            }
            (elements, field)
        },
    )
}

fn list(elements: &[Vec<u8>]) -> Vec<u8> {
    [b"[".as_slice(), &elements.join(b",".as_slice()), b"]"].concat()
}

fn keyed(elements: &[Vec<u8>]) -> Vec<u8> {
    let entries: Vec<Vec<u8>> = elements
        .iter()
        .enumerate()
        .map(|(index, element)| [format!("\"k{index}\":").as_bytes(), element].concat())
        .collect();
    [b"{".as_slice(), &entries.join(b",".as_slice()), b"}"].concat()
}

fn queue(index: usize) -> Fields {
    vec![
        ("queue", text(&format!("C{index}<-"))),
        ("loggedIn", b"4".to_vec()),
        ("available", text("2")),
        ("callers", index.to_string().into_bytes()),
        ("holdTime", b"12".to_vec()),
        ("longestHoldTime", b"45".to_vec()),
        ("dateReceived", text("Jan 31, 2026 9:10:00 AM")),
    ]
}

fn campaign(index: usize) -> Fields {
    vec![
        ("campaign", text(&format!("C{index}<-"))),
        ("availables", index.to_string().into_bytes()),
        ("completed", text("8")),
        ("servicelevel", text("75,5")),
        ("talked", text("00:02:00-120")),
        ("strategy", text("rrmemory")),
        ("wrapup", b"0".to_vec()),
    ]
}

fn agent(index: usize) -> Fields {
    vec![
        ("location", text(&format!("SIP/{index}"))),
        ("name", text("Lucía")),
        ("status", b"1".to_vec()),
        ("paused", b"true".to_vec()),
        ("pausedreason", text("[\\\"Baño\\\"]")),
        ("callsTaken", index.to_string().into_bytes()),
        ("server", text("0:10:12")),
    ]
}

fn record(index: usize) -> Fields {
    vec![
        ("id", index.to_string().into_bytes()),
        ("calldate", text("2026-01-31 10:00:00")),
        ("guid", text(&format!("guid-000{index}"))),
        ("peeraccount", text("Ana")),
        ("duration", b"60".to_vec()),
        ("campaign", text("Ventas<-")),
        ("finishtime", text("2026-01-31 10:01:00")),
    ]
}

proptest! {
    #[test]
    fn one_queue_made_wrong_costs_no_other((elements, field) in mutated(queue)) {
        let plain: Vec<QueueSummary> =
            parse_queue_summary(&list(&(0..5).map(|index| written(&queue(index))).collect::<Vec<_>>())).unwrap().value;
        for body in [list(&elements), keyed(&elements)] {
            let read = parse_queue_summary(&body).unwrap().value;
            for one in plain.iter().filter(|one| one.callers != Some(2)) {
                prop_assert!(read.contains(one), "{}", String::from_utf8_lossy(&body));
            }
            let third = read.iter().find(|one| one.queue == "C2<-");
            prop_assert!(field == "queue" || third.is_some());
            if let Some(third) = third.filter(|_| field != "loggedIn") {
                prop_assert_eq!(third.logged_in, Some(4));
            }
        }
    }

    #[test]
    fn one_campaign_made_wrong_costs_no_other((elements, field) in mutated(campaign)) {
        let plain: Vec<CampaignStatus> =
            parse_campaigns(&list(&(0..5).map(|index| written(&campaign(index))).collect::<Vec<_>>())).unwrap().value;
        for body in [list(&elements), keyed(&elements)] {
            let read = parse_campaigns(&body).unwrap().value;
            for one in plain.iter().filter(|one| one.availables != Some(2)) {
                prop_assert!(read.contains(one), "{}", String::from_utf8_lossy(&body));
            }
            let third = read.iter().find(|one| one.campaign == "C2<-");
            prop_assert!(field == "campaign" || third.is_some());
            if let Some(third) = third.filter(|_| field != "completed") {
                prop_assert_eq!(third.completed, Some(8));
            }
        }
    }

    #[test]
    fn one_agent_made_wrong_costs_no_other((elements, field) in mutated(agent)) {
        let read = |body: &[u8]| parse_campaign_agents(body).unwrap().value.agents;
        let plain: Vec<AgentStatus> = read(&list(&(0..5).map(|index| written(&agent(index))).collect::<Vec<_>>()));
        for body in [list(&elements), keyed(&elements)] {
            let read = read(&body);
            for one in plain.iter().filter(|one| one.calls_taken != Some(2)) {
                prop_assert!(read.contains(one), "{}", String::from_utf8_lossy(&body));
            }
            let third = read.iter().find(|one| &*one.location == "SIP/2");
            prop_assert!(field == "location" || third.is_some());
            if let Some(third) = third.filter(|_| field != "pausedreason") {
                prop_assert_eq!(third.paused_reason.as_deref(), Some("Baño"));
            }
        }
    }

    #[test]
    fn one_record_made_wrong_costs_no_other((elements, field) in mutated(record)) {
        let read = |body: &[u8]| parse_records(body).unwrap().value.records;
        let plain: Vec<CallRecord> = read(&list(&(0..5).map(|index| written(&record(index))).collect::<Vec<_>>()));
        for body in [list(&elements), keyed(&elements)] {
            let read = read(&body);
            for one in plain.iter().filter(|one| one.id != 2) {
                prop_assert!(read.contains(one), "{}", String::from_utf8_lossy(&body));
            }
            let third = read.iter().find(|one| one.guid == "guid-0002");
            prop_assert!(field == "guid" || third.is_some());
            if let Some(third) = third.filter(|_| field != "duration") {
                prop_assert_eq!(third.duration_secs, Some(60));
            }
        }
    }
}
