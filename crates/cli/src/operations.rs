//! Everything that changes something: said and asked first, written into the trail and among what was sent from here, sent
//! once, and told apart in three outcomes.
//!
//! Left out on purpose: doing any of it again.

pub mod asking;
mod files;
mod wanted;
mod words;

use atalaya_calls::{Cache, Calls, Sent, Tasks};
use atalaya_outreach::Outreach;
use atalaya_store::{Outcome, Store};
use atalaya_ucontact::{Answer, Client, Operation};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::args::{Common, Sending};
use crate::connect::{self, Keeping, interrupted, sign_in};
use crate::decided;
use crate::failure::Failure;

pub use wanted::Wanted;
use wanted::right;

/// `--dry-run`
#[derive(serde::Serialize)]
struct Shown<'a> {
    operation: &'a str,
    fields: InOrder,
}

/// `--json`
#[derive(serde::Serialize)]
struct Told<'a> {
    outcome: &'a str,
    /// The server's words, or the code of why; of what was done the message's id or the server's text, if any.
    detail: Option<&'a str>,
    /// Of the call that began.
    guid: Option<&'a str>,
}

impl Told<'_> {
    fn print(&self) -> Result<(), Failure> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// Fields in the order they go out.
struct InOrder(Vec<(&'static str, String)>);

impl Serialize for InOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Runs it.
pub async fn run(common: &Common, wanted: Result<Wanted, Failure>) -> Result<(), Failure> {
    let Wanted { mut operation, sending } = wanted?;
    if sending.dry_run {
        complete(&mut operation, connect::known_user(common), None);
        let shown = Shown { operation: operation.name(), fields: InOrder(operation.fields()) };
        println!("{}", serde_json::to_string(&shown)?);
        return Ok(());
    }
    if !sending.yes && !asking::possible() {
        let sentence =
            "nobody is there to ask: give --yes to send it, or --dry-run to see what would be sent";
        return Err(Failure::usage(sentence));
    }
    let sent = match sign_in(common, Keeping::Trail).await {
        Ok((client, store)) => {
            let sent = send(&client, store, &mut operation, sending).await;
            connect::end(&client).await;
            sent
        }
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(sent) => report(&operation, &sent, sending),
        // Of wrong usage there is nothing to tell a script but that.
        Err(failure) if sending.json && failure.status == 1 => {
            Told { outcome: "refused", detail: Some(failure.code), guid: None }.print()?;
            Err(failure)
        }
        Err(failure) => Err(failure),
    }
}

/// What the login knows, where nothing else was typed.
fn complete(operation: &mut Operation, user: Option<String>, known_context: Option<String>) {
    use atalaya_ucontact::operations::BlacklistNumbers;
    let user = user.unwrap_or_default();
    let context = |context: &mut String| {
        if let (true, Some(known)) = (context.is_empty(), known_context) {
            *context = known;
        }
    };
    match operation {
        Operation::AgentCall(call) => context(&mut call.context),
        Operation::AgentCallWithData(call) => context(&mut call.call.context),
        Operation::UploadBase(upload) => upload.username = user,
        Operation::Blacklist(list) => match &mut list.numbers {
            BlacklistNumbers::One(one) => one.username = user,
            BlacklistNumbers::Many(many) => many.iter_mut().for_each(|one| one.username.clone_from(&user)),
        },
        _ => {}
    }
}

/// Asks, where it is to be asked, and sends.
async fn send(
    client: &Client,
    store: Store,
    operation: &mut Operation,
    sending: Sending,
) -> Result<Sent, Failure> {
    let context = client.own_phone().and_then(|(_, context)| context);
    complete(operation, Some(client.user().to_owned()), context);
    right(operation)?;
    if !sending.yes {
        let agreed = tokio::select! {
            agreed = asking::agreed(operation) => agreed,
            () = interrupted() => false,
        };
        if !agreed {
            return Err(Failure::of("declined", "nothing was sent"));
        }
    }
    let tasks = Tasks::default();
    let writes = decided::writes(client, &store, &tasks);
    // No recording is heard here.
    let calls = Calls::new(client.clone(), store.clone(), Cache::nowhere(), writes);
    let outreach = Outreach::new(client.clone(), calls, store);
    let sent = outreach.perform(operation.clone(), None, |_| ());
    tokio::pin!(sent);
    tokio::select! {
        biased;
        sent = &mut sent => Ok(sent?),
        () = interrupted() => {
            // It may be done by now: its answer is given a moment, and is unknown after that.
            tasks.cancel();
            Ok(sent.await?)
        }
    }
}

/// Says what became of it.
fn report(operation: &Operation, sent: &Sent, sending: Sending) -> Result<(), Failure> {
    let answer = sent.answer.clone().unwrap_or_default();
    let Answer { guid, id, text, .. } = answer;
    if sending.json {
        let detail = sent.outcome.why().or(id.as_deref()).or(text.as_deref());
        Told { outcome: sent.outcome.name(), detail, guid: guid.as_deref() }.print()?;
    }
    let why = sent.error.as_ref().map(|error| match error.status {
        Some(404) => format!("the server has no {}: it is older than that, or another product", error.what),
        _ => error.to_string(),
    });
    match &sent.outcome {
        Outcome::Done => {
            if !sending.json {
                println!("{}", guid.or(id).unwrap_or_else(|| "done".to_owned()));
            }
            Ok(())
        }
        Outcome::Refused(words) => {
            let code = sent.error.as_ref().map_or("refused", atalaya_ucontact::Error::code);
            Err(Failure::of(code, format!("not done: {}", why.as_ref().unwrap_or(words))))
        }
        Outcome::Unknown(code) => {
            let why = why.unwrap_or_else(|| format!("it was given up before the answer came ({code})"));
            let look = words::where_to_look(operation);
            Err(Failure::unknown(
                "unknown",
                format!("it may have been done, and was not sent again: {why}; {look}"),
            ))
        }
    }
}
