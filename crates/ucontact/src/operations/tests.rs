//! Every operation: the names and values the vendor documents, and what is refused before it leaves.

use super::*;
use crate::endpoint::ENDPOINTS;

fn text(text: &str) -> String {
    text.to_owned()
}

/// One good one of each, whose every field says something.
pub(crate) fn good() -> Vec<Operation> {
    let data = Parameters(vec![(text("Par1"), text("Val1")), (text("Par2"), text("Val2"))]);
    let alternatives = Alternatives(vec![text("099124484"), text("099121212")]);
    let call = AgentCall {
        callerid: text("29000000"),
        agent: text("agente1"),
        phone: text("1001"),
        tech: text("SIP"),
        context: text("agentes"),
        outqueue: text("Ventas->"),
        destination: text("098344484"),
    };
    let number = BlacklistNumber {
        phone: text("12341234"),
        campaign: text("Ventas->"),
        username: text("supervisor"),
        company: text("Company name"),
        job_title: text("Developer"),
        name: text("Name"),
    };
    let black = |change, numbers| Operation::Blacklist(Blacklist { change, numbers });
    let one = BlacklistNumbers::One(number.clone());
    let many = BlacklistNumbers::Many(vec![number.clone(), number]);
    let task = |mode| {
        Operation::Task(Task {
            mode,
            campaign: text("nombreCampaña->"),
            destination: text("12-345-678"),
            alternatives: Alternatives::default(),
            agent: text("Agente1"),
            data: Parameters(vec![(text("idcustomer"), text("7"))]),
            source: text("source"),
        })
    };
    let mut rows = BaseRows::of("Ventas->");
    let row = BaseRow { phone: text("098344484"), data: data.clone(), ..BaseRow::default() };
    rows.push(&row).unwrap();
    let mut texts = SmsRows::of("Avisos->");
    texts.push(&SmsRow { phone: text("098344484"), text: text("Hola"), priority: Some(2) }).unwrap();
    let upload = UploadBase { filename: text("a.csv"), username: text("supervisor"), timezone: None, rows };
    vec![
        Operation::AgentCall(call.clone()),
        Operation::AgentCallWithData(AgentCallWithData { call, data: text("{\"a\":1}"), form: text("f") }),
        Operation::HangUp(HangUp { phone: text("1001") }),
        Operation::AddMembers(AddMembers {
            campaign: text("Ventas<-"),
            members: vec![
                Member { name: text("ana"), interface: text("1001"), penalty: 0, paused: false },
                Member { name: text("eva"), interface: text("PJSIP/eva"), penalty: 2, paused: true },
            ],
        }),
        black(BlacklistChange::Add, one.clone()),
        black(BlacklistChange::Remove, one),
        black(BlacklistChange::Add, many.clone()),
        black(BlacklistChange::Remove, many),
        Operation::Respool(Respool {
            campaign: text("Ventas->"),
            destination: text("098344484"),
            dialerbase: text("basetest"),
            data: data.clone(),
            alternatives: Alternatives(vec![text("098124484")]),
            contact: 222,
            retries: 0,
            priority: 9999,
            agentphone: text("1001"),
        }),
        Operation::ScheduleCall(ScheduleCall {
            calldate: text("2030-10-11 15:00:00"),
            campaign: text("Ventas->"),
            destination: text("098344484"),
            alternatives,
            agentphone: text("1001"),
            data,
        }),
        task(TaskMode::Priority),
        task(TaskMode::Manual),
        task(TaskMode::Dialer),
        task(TaskMode::Scheduled(text("2030-10-11 15:00:00"))),
        Operation::RemoveContact(RemoveContact { campaign: text("Ventas->"), number: text("098344484") }),
        Operation::Unschedule(Unschedule {
            campaign: text("Ventas->"),
            destination: text("098344484"),
            from: text("2030-10-11 00:00:00"),
            to: text("2030-10-11 23:59:59"),
        }),
        Operation::UploadBase(upload.clone()),
        Operation::UploadBase(UploadBase { timezone: Some(text("America/Montevideo")), ..upload }),
        Operation::UploadSmsBase(UploadSmsBase { filename: text("b.csv"), rows: texts }),
        Operation::SendSms(SendSms {
            destination: text("098344484"),
            message: text("Hola"),
            campaign: text("Avisos->"),
            agent: text("agente1"),
            source: text("29000000"),
        }),
        Operation::Tag(Tag { phone: text("098344484"), guid: text("g-0000-01"), data: text("reclamo") }),
        Operation::Disposition(Disposition {
            campaign: text("Ventas->"),
            agent: text("agente1"),
            callerid: text("098344484"),
            guid: text("g-0000-01"),
            levels: ["Venta", "Contado", ""].map(str::to_owned),
            data: ["d", ""].map(str::to_owned),
            comment: text("c"),
            schedule: text("2030-10-11 15:00:00"),
            reschedule_campaign: text("Otra->"),
            tag: text("t"),
        }),
    ]
}

#[test]
fn every_form_is_the_vendors() {
    let lines: Vec<String> = good()
        .iter()
        .map(|operation| {
            assert_eq!(operation.check(), [], "{operation:?}");
            let fields: Vec<String> =
                operation.fields().iter().map(|(name, value)| format!("  {name} = {value}")).collect();
            let (name, path) = (operation.name(), operation.endpoint().path);
            format!("{name} ({path}) about {}\n{}", operation.target(), fields.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n\n"));
}

#[test]
fn every_operation_has_an_endpoint_of_the_list_that_is_never_repeated() {
    let mut paths: Vec<&str> = good().iter().map(|operation| operation.endpoint().path).collect();
    paths.push(SEND_SMS.path);
    paths.dedup();
    for path in &paths {
        assert!(ENDPOINTS.iter().any(|endpoint| endpoint.path == *path && !endpoint.repeatable), "{path}");
    }
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), 20, "eighteen, the tag and the tipificación");
}

#[test]
fn the_trail_keeps_what_is_sent_and_never_a_file() {
    for operation in good() {
        let kept = operation.summary();
        let kept = kept.as_object().unwrap();
        assert!(!kept.is_empty() && !kept.contains_key("fileb64"), "{operation:?}");
        let upload = matches!(operation, Operation::UploadBase(_) | Operation::UploadSmsBase(_));
        assert_eq!(kept.contains_key("sha256"), upload);
        for (name, value) in operation.fields() {
            if !upload && name != "guid" && !value.is_empty() {
                assert_eq!(kept[name], value.as_str(), "{operation:?}");
            }
        }
    }
}

/// What is wrong, as `field code`, `field[at] code` of one in a list.
fn flaws(operation: &Operation) -> Vec<String> {
    let place = |flaw: &Flaw| flaw.at.map(|at| format!("[{at}]")).unwrap_or_default();
    operation.check().iter().map(|flaw| format!("{}{} {}", flaw.field, place(flaw), flaw.code)).collect()
}

/// The good one of a kind, with something changed.
macro_rules! with {
    ($kind:ident, $($($field:ident).+ = $value:expr),+ $(,)?) => {{
        let found = good().into_iter().find_map(|one| match one {
            Operation::$kind(one) => Some(one),
            _ => None,
        });
        let mut one = found.unwrap();
        $(one.$($field).+ = $value;)+
        Operation::$kind(one)
    }};
}

#[test]
fn what_cannot_be_right_is_refused() {
    let parameters = |name: &str, value: &str| Parameters(vec![(text(name), text(value))]);
    let member = |name: &str, interface: &str, penalty| Member {
        name: text(name),
        interface: text(interface),
        penalty,
        paused: false,
    };
    let numbers = |phones: &[&str]| {
        let number = |phone: &&str| BlacklistNumber { phone: text(phone), ..BlacklistNumber::default() };
        BlacklistNumbers::Many(phones.iter().map(number).collect())
    };
    let cases: Vec<(Operation, &[&str])> = vec![
        (with!(AgentCall, callerid = text(""), context = text("")), &[]),
        (with!(AgentCall, destination = text("*551001")), &[]),
        (with!(AgentCall, outqueue = text(" ")), &["outqueue empty"]),
        (with!(AgentCall, agent = text("")), &["agent empty"]),
        (with!(AgentCall, phone = text("SIP/1001")), &["phone notAnExtension"]),
        (with!(AgentCall, phone = text("")), &["phone empty"]),
        (with!(AgentCall, tech = text("S/P")), &["tech notATech"]),
        (with!(AgentCall, destination = text("098 344")), &["destination notANumber"]),
        (with!(AgentCall, callerid = text("anonymous")), &["callerid notANumber"]),
        (with!(AgentCall, agent = text("a\nb")), &["agent control"]),
        (with!(AgentCall, agent = "a".repeat(201)), &["agent tooLong"]),
        (with!(AgentCallWithData, data = text("{")), &["data notJson"]),
        (with!(AgentCallWithData, data = text("")), &[]),
        (with!(AgentCallWithData, call.destination = text("")), &["destination empty"]),
        (with!(HangUp, phone = text("ana")), &["phone notAnExtension"]),
        (with!(AddMembers, members = vec![]), &["queuemember empty"]),
        (with!(AddMembers, campaign = text("")), &["queueName empty"]),
        (
            with!(
                AddMembers,
                members =
                    vec![member("ana", "1001", 0), member("", "10 01", 1_001), member("eva", "SIP/1001", 0)]
            ),
            &[
                "membername[1] empty",
                "interface1[1] notAnExtension",
                "penalty[1] outOfRange",
                "interface1[2] twice",
            ],
        ),
        (with!(AddMembers, members = vec![member("ana", "SIP/", 0)]), &["interface1[0] notAnInterface"]),
        (with!(Blacklist, numbers = numbers(&[])), &["phone empty"]),
        (with!(Blacklist, numbers = numbers(&["099", "x"])), &["phone[1] notANumber"]),
        (with!(Blacklist, numbers = numbers(&vec!["1"; 10_001])), &["phone tooMany"]),
        (with!(Respool, priority = 1), &["priority keptForSchedules"]),
        (with!(Respool, priority = 0), &["priority keptForSchedules"]),
        (with!(Respool, priority = 1_000_001), &["priority outOfRange"]),
        (with!(Respool, retries = 1_001), &["retries outOfRange"]),
        (with!(Respool, dialerbase = text("")), &["dialerbase empty"]),
        (with!(Respool, data = parameters("a", "b:c")), &["data reserved"]),
        (with!(Respool, alternatives = Alternatives(vec![text("1;2")])), &["alternatives notANumber"]),
        (with!(Respool, agentphone = text("ana")), &["agentphone notAnExtension"]),
        (with!(ScheduleCall, calldate = text("2030-02-30 10:00:00")), &["calldate notADate"]),
        (with!(ScheduleCall, calldate = text("")), &["calldate empty"]),
        (with!(Task, mode = TaskMode::Scheduled(text("tomorrow"))), &["calldate notADate"]),
        (with!(Task, destination = text("12--3")), &["destination notANumber"]),
        (with!(RemoveContact, number = text("")), &["number empty"]),
        (with!(Unschedule, to = text("2030-10-10 23:59:59")), &["to order"]),
        (with!(Unschedule, from = text("x")), &["from notADate"]),
        (with!(UploadBase, rows = BaseRows::of("Ventas->")), &["fileb64 empty"]),
        (with!(UploadBase, filename = text("../a")), &["filename reserved"]),
        (with!(UploadBase, timezone = Some(text(""))), &["timezone empty"]),
        (with!(UploadSmsBase, rows = SmsRows::of("a;b")), &["campaign reserved", "fileb64 empty"]),
        (with!(SendSms, message = text(" ")), &["message empty"]),
        (with!(SendSms, message = "a".repeat(1_530)), &[]),
        (with!(SendSms, message = "a".repeat(1_531)), &["message tooLong"]),
        (with!(SendSms, message = text("a\u{0}")), &["message control"]),
        (with!(Tag, data = text("")), &["data empty"]),
        (with!(Tag, guid = text("../x")), &["guid notAGuid"]),
        (with!(Tag, phone = text("anonymous")), &[]),
        (with!(Disposition, levels = ["", "a", ""].map(str::to_owned)), &["l1 empty"]),
        (with!(Disposition, schedule = text("2030-10-11")), &["schedule notADate"]),
        (with!(Disposition, schedule = text(""), comment = text("a\nb")), &[]),
    ];
    for (operation, wanted) in cases {
        assert_eq!(flaws(&operation), wanted, "{operation:?}");
    }
}

/// What is kept before it is sent comes back as it went; what is made of files and calls is no JSON, in neither direction.
mod kept {
    use proptest::prelude::*;

    use super::*;

    fn came_back(operation: &Operation) -> Operation {
        let kept = serde_json::to_string(operation).expect("JSON");
        serde_json::from_str(&kept).expect("it reads back")
    }

    #[test]
    fn every_operation_comes_back_as_it_was_kept() {
        let mut count = 0;
        for operation in good() {
            let of_a_file_or_a_call = matches!(
                operation,
                Operation::UploadBase(_)
                    | Operation::UploadSmsBase(_)
                    | Operation::Tag(_)
                    | Operation::Disposition(_)
            );
            if of_a_file_or_a_call {
                assert!(serde_json::to_string(&operation).is_err(), "{operation:?}");
            } else {
                assert_eq!(came_back(&operation), operation);
                count += 1;
            }
        }
        assert!(count >= 11, "{count}");
    }

    proptest! {
        #[test]
        fn whatever_is_in_it(
            texts in prop::collection::vec(".{0,12}", 8),
            pairs in prop::collection::vec((".{0,6}", ".{0,6}"), 0..4),
            count in any::<u32>(),
            which in 0_u8..4,
        ) {
            let next = |at: usize| texts[at].clone();
            let (data, alternatives) = (Parameters(pairs), Alternatives(texts[..3].to_vec()));
            let mode = match which {
                0 => TaskMode::Priority,
                1 => TaskMode::Manual,
                2 => TaskMode::Dialer,
                _ => TaskMode::Scheduled(next(0)),
            };
            let number = BlacklistNumber { phone: next(1), job_title: next(2), ..BlacklistNumber::default() };
            let member = Member { name: next(4), interface: next(5), penalty: count, paused: which == 1 };
            for operation in [
                Operation::Task(Task {
                    mode,
                    campaign: next(3),
                    destination: next(4),
                    alternatives: alternatives.clone(),
                    agent: next(5),
                    data: data.clone(),
                    source: next(6),
                }),
                Operation::Respool(Respool {
                    contact: u64::from(count),
                    retries: count,
                    data: data.clone(),
                    alternatives,
                    ..Respool::default()
                }),
                Operation::Blacklist(Blacklist {
                    change: if which == 0 { BlacklistChange::Add } else { BlacklistChange::Remove },
                    numbers: if which < 2 {
                        BlacklistNumbers::One(number)
                    } else {
                        BlacklistNumbers::Many(vec![number.clone(), number])
                    },
                }),
                Operation::AddMembers(AddMembers { campaign: next(7), members: vec![member] }),
            ] {
                prop_assert_eq!(came_back(&operation), operation);
            }
        }
    }
}
