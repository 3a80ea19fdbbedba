//! Sentences about operations: what will happen, what cannot be right, and where to look when nobody knows.

use std::borrow::Cow;

use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    AgentCall, BlacklistChange, BlacklistNumbers, Flaw, SendSms, SmsAlphabet, SmsLength, Task, TaskMode,
};

/// Most flaws said one by one.
const MOST: usize = 3;

/// What will happen, in one sentence.
pub fn sentence(operation: &Operation) -> String {
    match operation {
        Operation::AgentCall(call) => calling(call),
        Operation::AgentCallWithData(with) => calling(&with.call),
        Operation::HangUp(call) => {
            format!("This cuts the call extension {} is in, whoever it is with.", call.phone)
        }
        Operation::AddMembers(add) => {
            let names = add.members.iter().map(|member| member.name.as_str()).collect::<Vec<_>>().join(", ");
            format!(
                "This adds {names} to {}; the server offers no way to take them out again from here.",
                add.campaign
            )
        }
        Operation::Blacklist(list) => {
            let what = match &list.numbers {
                BlacklistNumbers::One(one) => one.phone.clone(),
                BlacklistNumbers::Many(many) => format!("{} numbers", many.len()),
            };
            match list.change {
                BlacklistChange::Add => format!("This puts {what} on the blacklist."),
                BlacklistChange::Remove => format!("This takes {what} off the blacklist."),
            }
        }
        Operation::Respool(spool) => format!(
            "This puts contact {} of the base {} back into {}, to be called at {}.",
            spool.contact, spool.dialerbase, spool.campaign, spool.destination
        ),
        Operation::ScheduleCall(call) => format!(
            "This schedules a call of {} to {} at {}, the server's time.",
            call.campaign, call.destination, call.calldate
        ),
        Operation::Task(task) => giving(task),
        Operation::RemoveContact(contact) => {
            format!("This takes {} out of the dialer of {}.", contact.number, contact.campaign)
        }
        Operation::Unschedule(call) => format!(
            "This takes back what {} has scheduled for {} from {} to {}.",
            call.campaign, call.destination, call.from, call.to
        ),
        Operation::UploadBase(base) => {
            format!("This gives {} rows to the dialer of {}.", base.rows.count(), base.rows.campaign())
        }
        Operation::UploadSmsBase(base) => {
            format!("This gives {} messages to {} to be sent.", base.rows.count(), base.rows.campaign())
        }
        Operation::SendSms(sms) => writing(sms),
        Operation::Tag(tag) => format!("This tags the call {}.", tag.guid),
        Operation::Disposition(disposition) => format!(
            "This writes the tipificación of the call {}, and the dialer's action of it is run.",
            disposition.guid
        ),
    }
}

fn calling(call: &AgentCall) -> String {
    format!(
        "This rings {} at extension {} and, once they answer, calls {} for {}.",
        call.agent, call.phone, call.destination, call.outqueue
    )
}

fn giving(task: &Task) -> String {
    let Task { campaign, destination, .. } = task;
    match &task.mode {
        TaskMode::Priority => {
            format!("This has the dialer of {campaign} call {destination} before everything else.")
        }
        TaskMode::Manual => format!("This calls {destination} for {campaign} at once."),
        TaskMode::Dialer => {
            format!("This has the dialer of {campaign} call {destination} when it is free.")
        }
        TaskMode::Scheduled(at) => {
            format!("This has the dialer of {campaign} call {destination} at {at}, the server's time.")
        }
    }
}

fn writing(sms: &SendSms) -> String {
    let length = SmsLength::of(&sms.message);
    let alphabet = match length.alphabet {
        SmsAlphabet::Gsm7 => "GSM-7",
        SmsAlphabet::Ucs2 => "UCS-2",
    };
    format!(
        "This sends a message of {} characters in {} to {} for {}: {}.",
        length.units,
        alphabet,
        sms.destination,
        sms.campaign,
        if length.parts == 1 { "one part".to_owned() } else { format!("{} parts", length.parts) }
    )
}

/// Where to look whether something happened whose answer never came.
pub fn where_to_look(operation: &Operation) -> &'static str {
    match operation {
        Operation::AddMembers(_) => "look with: floor --campaign NAME --agents",
        Operation::AgentCall(_) | Operation::AgentCallWithData(_) | Operation::Task(_) => {
            "look with: calls --from … --to … --destination NUMBER"
        }
        Operation::Tag(_) => "look with: calls --from … --to … --tag TEXT",
        Operation::Disposition(_) => "look with: calls --from … --to … --tag TEXT, for its tag",
        _ => "there is nothing to look at from here: ask who runs the server",
    }
}

/// What cannot be right, the first of it in words.
pub fn flaws(operation: &Operation, flaws: &[Flaw]) -> String {
    let said: Vec<String> = flaws.iter().take(MOST).map(|flaw| flaw_of(operation, flaw)).collect();
    let more = flaws.len().saturating_sub(MOST);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", said.join("; "))
}

fn flaw_of(operation: &Operation, flaw: &Flaw) -> String {
    let which = flaw.at.map(|at| format!("number {} of the list: ", at + 1)).unwrap_or_default();
    format!("{which}{} {}", option(operation, flaw.field), wrong(flaw.code))
}

/// The option a field comes from.
fn option(operation: &Operation, field: &'static str) -> Cow<'static, str> {
    let name = match (operation, field) {
        (Operation::Tag(_), "data") => "--text",
        (Operation::Tag(_) | Operation::Disposition(_), "guid") => "GUID",
        (Operation::RemoveContact(_), "number") => "--phone",
        (Operation::Task(_) | Operation::ScheduleCall(_), "calldate") => "--at",
        (_, "outqueue" | "queueName" | "campaign") => "--campaign",
        (_, "queuemember" | "membername" | "interface1") => "--member",
        (_, "dialerbase") => "--base",
        (_, "alternatives") => "--alternative",
        (_, "agentphone") => "--agent-phone",
        (_, "l1") => "--level1",
        (_, "l2") => "--level2",
        (_, "l3") => "--level3",
        (_, "job_title") => "--job-title",
        (_, "filename" | "fileb64") => "FILE",
        (_, field) => return format!("--{field}").into(),
    };
    name.into()
}

/// What is wrong with it.
pub fn wrong(code: &str) -> &'static str {
    match code {
        "empty" => "is empty",
        "tooLong" => "is too long",
        "tooMany" => "has too many",
        "control" => "holds a control character",
        "twice" => "names the same one twice",
        "notANumber" => "is no number: digits, a + before them perhaps, single hyphens between them",
        "notAnExtension" => "is no extension: digits alone",
        "notAnInterface" => "is no interface like SIP/1001",
        "notATech" => "is no kind of telephone like SIP",
        "notADate" => "is no date and time that exists, like 2030-01-31 15:00:00",
        "notAGuid" => "is no guid of a call",
        "notJson" => "is no JSON",
        "notAPriority" => "is no priority: a whole number above 1",
        "notParameters" => "is not name=value:name=value",
        "reserved" => "holds a sign that parts names and values: no : ; = / in it",
        "keptForSchedules" => "must be above 1: 1 is kept for what is scheduled",
        "outOfRange" => "is out of range",
        "order" => "is before --from",
        "otherCampaign" => "is not that of --campaign",
        "columns" => "has too few or too many columns",
        _ => "cannot be right",
    }
}
