//! From what was typed to an operation.

use atalaya_ucontact::Operation;
use atalaya_ucontact::operations::{
    AddMembers, AgentCall, AgentCallWithData, Alternatives, Blacklist, BlacklistChange, BlacklistNumber,
    BlacklistNumbers, Disposition, HangUp, Member, Parameters, RemoveContact, Respool, ScheduleCall, SendSms,
    Tag, Task, TaskMode, Unschedule, UploadBase, UploadSmsBase, is_number,
};

use super::files::{blacklist_of, name_of, rows_of, texts_of};
use super::words::{flaws, wrong};
use crate::args::{
    BlacklistArgs, BlacklistCommand, CallCommand, CallStart, DialerCommand, DialerTask, DialerUpload,
    DispositionArgs, Mode, QueueAdd, QueueCommand, Sending, SmsCommand, SmsUpload, TagArgs,
};
use crate::failure::Failure;

/// An operation and how it is sent.
#[derive(Debug)]
pub struct Wanted {
    /// What.
    pub operation: Operation,
    /// How.
    pub sending: Sending,
}

type Read = Result<Wanted, Failure>;

/// What cannot be right is wrong usage.
pub fn right(operation: &Operation) -> Result<(), Failure> {
    let found = operation.check();
    if found.is_empty() { Ok(()) } else { Err(Failure::usage(flaws(operation, &found))) }
}

fn wanted(operation: Operation, sending: Sending) -> Read {
    right(&operation)?;
    Ok(Wanted { operation, sending })
}

impl Wanted {
    /// `call`
    pub fn call(command: CallCommand) -> Read {
        match command {
            CallCommand::Start(args) => start(args),
            CallCommand::Hangup(args) => {
                wanted(Operation::HangUp(HangUp { phone: args.phone }), args.sending)
            }
        }
    }

    /// `queue`
    pub fn queue(command: QueueCommand) -> Read {
        let QueueCommand::Add(QueueAdd { campaign, members, penalty, paused, sending }) = command;
        let member = |typed: &String| match typed.rsplit_once('=') {
            Some((name, interface)) => {
                let (name, interface) = (name.to_owned(), interface.to_owned());
                Ok(Member { name, interface, penalty, paused })
            }
            None => Err(Failure::usage(format!("--member is not NAME=EXT: {typed}"))),
        };
        let members = members.iter().map(member).collect::<Result<_, _>>()?;
        wanted(Operation::AddMembers(AddMembers { campaign, members }), sending)
    }

    /// `blacklist`
    pub fn blacklist(command: BlacklistCommand) -> Read {
        let (change, args) = match command {
            BlacklistCommand::Add(args) => (BlacklistChange::Add, args),
            BlacklistCommand::Remove(args) => (BlacklistChange::Remove, args),
        };
        let BlacklistArgs { phone, campaign, name, company, job_title, file, sending } = args;
        let numbers = match file {
            Some(file) => BlacklistNumbers::Many(blacklist_of(&file)?),
            None => BlacklistNumbers::One(BlacklistNumber {
                phone: phone.unwrap_or_default(),
                campaign,
                username: String::new(),
                company,
                job_title,
                name,
            }),
        };
        wanted(Operation::Blacklist(Blacklist { change, numbers }), sending)
    }

    /// `dialer`
    pub fn dialer(command: DialerCommand) -> Read {
        match command {
            DialerCommand::Task(args) => task(args),
            DialerCommand::Schedule(args) => wanted(
                Operation::ScheduleCall(ScheduleCall {
                    calldate: args.at,
                    campaign: args.campaign,
                    destination: args.destination,
                    alternatives: Alternatives(args.alternatives),
                    agentphone: args.agent_phone,
                    data: parameters(&args.data)?,
                }),
                args.sending,
            ),
            DialerCommand::Respool(args) => wanted(
                Operation::Respool(Respool {
                    campaign: args.campaign,
                    destination: args.destination,
                    dialerbase: args.base,
                    data: parameters(&args.data)?,
                    alternatives: Alternatives(args.alternatives),
                    contact: args.contact,
                    retries: args.retries,
                    priority: args.priority,
                    agentphone: args.agent_phone,
                }),
                args.sending,
            ),
            DialerCommand::Remove(args) => {
                let contact = RemoveContact { campaign: args.campaign, number: args.phone };
                wanted(Operation::RemoveContact(contact), args.sending)
            }
            DialerCommand::Unschedule(args) => wanted(
                Operation::Unschedule(Unschedule {
                    campaign: args.campaign,
                    destination: args.destination,
                    from: args.from,
                    to: args.to,
                }),
                args.sending,
            ),
            DialerCommand::Upload(DialerUpload { file, campaign, timezone, sending }) => wanted(
                Operation::UploadBase(UploadBase {
                    filename: name_of(&file),
                    username: String::new(),
                    timezone,
                    rows: rows_of(&file, &campaign)?,
                }),
                sending,
            ),
        }
    }

    /// `sms`
    pub fn sms(command: SmsCommand) -> Read {
        match command {
            SmsCommand::Send(args) => wanted(
                Operation::SendSms(SendSms {
                    destination: args.destination,
                    message: args.message,
                    campaign: args.campaign,
                    agent: args.agent,
                    source: args.source,
                }),
                args.sending,
            ),
            SmsCommand::Upload(SmsUpload { file, campaign, sending }) => {
                let upload = UploadSmsBase { filename: name_of(&file), rows: texts_of(&file, &campaign)? };
                wanted(Operation::UploadSmsBase(upload), sending)
            }
        }
    }

    /// `tag`
    pub fn tag(args: TagArgs) -> Read {
        number("--phone", &args.phone)?;
        wanted(Operation::Tag(Tag { phone: args.phone, guid: args.guid, data: args.text }), args.sending)
    }

    /// `disposition`
    pub fn disposition(args: DispositionArgs) -> Read {
        number("--callerid", &args.callerid)?;
        wanted(
            Operation::Disposition(Disposition {
                campaign: args.campaign,
                agent: args.agent,
                callerid: args.callerid,
                guid: args.guid,
                levels: [args.level1, args.level2, args.level3],
                data: [args.d1, args.d2],
                comment: args.comment,
                schedule: args.schedule,
                reschedule_campaign: args.camptoreschedule,
                tag: args.tag,
            }),
            args.sending,
        )
    }
}

fn start(args: CallStart) -> Read {
    let call = AgentCall {
        callerid: args.callerid,
        agent: args.agent,
        phone: args.phone,
        tech: "SIP".to_owned(),
        context: args.context,
        outqueue: args.campaign,
        destination: args.destination,
    };
    let operation = match (args.data, args.form) {
        (None, None) => Operation::AgentCall(call),
        (data, form) => Operation::AgentCallWithData(AgentCallWithData {
            call,
            data: data.unwrap_or_default(),
            form: form.unwrap_or_default(),
        }),
    };
    wanted(operation, args.sending)
}

fn task(args: DialerTask) -> Read {
    let mode = match (args.mode, args.at) {
        (Mode::Scheduled, at) => TaskMode::Scheduled(at.unwrap_or_default()),
        (_, Some(_)) => return Err(Failure::usage("--at is of --mode scheduled alone")),
        (Mode::Priority, None) => TaskMode::Priority,
        (Mode::Manual, None) => TaskMode::Manual,
        (Mode::Dialer, None) => TaskMode::Dialer,
    };
    wanted(
        Operation::Task(Task {
            mode,
            campaign: args.campaign,
            destination: args.destination,
            alternatives: Alternatives(args.alternatives),
            agent: args.agent,
            data: parameters(&args.data)?,
            source: args.source,
        }),
        args.sending,
    )
}

fn parameters(typed: &[String]) -> Result<Parameters, Failure> {
    let pair = |typed: &String| match typed.split_once('=') {
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err(Failure::usage(format!("--data is not NAME=VALUE: {typed}"))),
    };
    typed.iter().map(pair).collect::<Result<_, _>>().map(Parameters)
}

/// The window sends what a call record holds, whatever that is; what somebody types is a number.
fn number(option: &str, typed: &str) -> Result<(), Failure> {
    if is_number(typed) { Ok(()) } else { Err(Failure::usage(format!("{option} {}", wrong("notANumber")))) }
}
