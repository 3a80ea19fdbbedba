//! A message as each of three receivers takes it.
//!
//! What comes from a server is text and nothing else in all of them: Teams is given runs of text, which know no marks;
//! Slack's three letters that mean something are written as it asks for, and its marks are kept apart.

use chrono::{DateTime, SecondsFormat};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

use crate::message::{Event, Level, Message};

/// Who takes the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "WebhookForm")]
pub enum Form {
    /// Microsoft Teams: a flow that begins with a request to a webhook.
    #[default]
    Teams,
    /// Slack: an incoming webhook.
    Slack,
    /// Anybody else: fields of our own, which stay as they are.
    Plain,
}

impl Message {
    /// The body of the request, as it goes.
    pub fn body(self, form: Form) -> Value {
        let message = self.tidy();
        match form {
            Form::Teams => teams(&message),
            Form::Slack => slack(&message),
            Form::Plain => plain(&message),
        }
    }

    /// Severity has a shape of its own, for those who do not tell the colours apart.
    fn sign(&self) -> &'static str {
        match (self.event, self.level) {
            (Event::Seen | Event::Over, _) => "✓ ",
            (_, Some(Level::Red)) => "▲ ",
            (_, Some(Level::Amber)) => "◆ ",
            (_, None) => "",
        }
    }
}

fn teams(message: &Message) -> Value {
    let colour = match (message.event, message.level) {
        (Event::Over, _) => "Good",
        (_, Some(Level::Red)) => "Attention",
        (_, Some(Level::Amber)) => "Warning",
        (_, None) => "Default",
    };
    let title = format!("{}{}", message.sign(), message.title);
    let block = |run: Value| json!({ "type": "RichTextBlock", "inlines": [run] });
    let mut body = vec![block(
        json!({ "type": "TextRun", "text": title, "weight": "Bolder", "size": "Medium", "color": colour }),
    )];
    if !message.text.is_empty() {
        body.push(block(json!({ "type": "TextRun", "text": message.text })));
    }
    if !message.details.is_empty() {
        body.push(block(
            json!({ "type": "TextRun", "text": message.details, "isSubtle": true, "size": "Small" }),
        ));
    }
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.2",
                "fallbackText": title,
                "body": body,
            },
        }],
    })
}

/// Slack's three letters that mean something.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn slack(message: &Message) -> Value {
    let title = format!("{}{}", message.sign(), message.title);
    let whole: Vec<&str> =
        [title.as_str(), &message.text].into_iter().filter(|text| !text.is_empty()).collect();
    // A mark inside of bold text would end it.
    let bold = escaped(&title.replace('*', "∗"));
    let text = [format!("*{bold}*"), escaped(&message.text)];
    let text: Vec<&String> = text.iter().filter(|text| !text.is_empty()).collect();
    let text = text.iter().map(|text| text.as_str()).collect::<Vec<_>>().join("\n");
    let mut blocks = vec![json!({
        "type": "section",
        "text": { "type": "mrkdwn", "text": text, "verbatim": true },
    })];
    if !message.details.is_empty() {
        let details = escaped(&message.details);
        blocks.push(json!({
            "type": "context",
            "elements": [{ "type": "mrkdwn", "text": details, "verbatim": true }],
        }));
    }
    json!({ "text": escaped(&whole.join(": ")), "blocks": blocks })
}

fn plain(message: &Message) -> Value {
    json!({
        "kind": "atalaya.alert",
        "version": 1,
        "event": message.event,
        "severity": message.level,
        "incident": message.incident,
        "centre": message.centre,
        "campaign": message.campaign,
        "agent": message.agent,
        "by": message.by,
        "figures": message.figures,
        "since": message.since_ms.and_then(moment),
        "at": moment(message.at_ms),
        "title": message.title,
        "text": message.text,
        "details": message.details,
    })
}

/// A moment as everybody reads it, of Greenwich.
fn moment(ms: i64) -> Option<String> {
    DateTime::from_timestamp_millis(ms).map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Figure;

    fn message() -> Message {
        Message {
            event: Event::Raised,
            level: Some(Level::Red),
            incident: Some(12),
            centre: Some("Río & Cía".into()),
            campaign: Some("Ventas <!channel>*1*<-".into()),
            agent: None,
            by: None,
            figures: vec![Figure { measure: "waiting".into(), value: 9.0, limit: 8.0, reason: None }],
            since_ms: Some(1_790_000_000_000),
            at_ms: 1_790_000_020_000,
            title: "Ventas <!channel>*1*: requiere atención".into(),
            text: "9 en cola, espera máxima 3:20".into(),
            details: "más de 8 · desde las 14:02\n· Río & Cía".into(),
        }
    }

    #[test]
    fn teams_takes_a_card_of_plain_runs() {
        insta::assert_json_snapshot!(message().body(Form::Teams));
    }

    #[test]
    fn slack_takes_text_and_blocks_that_mention_nobody() {
        let body = message().body(Form::Slack);
        insta::assert_json_snapshot!(body);
        assert!(!body.to_string().contains("<!channel>"));
    }

    #[test]
    fn everybody_else_takes_fields_that_stay_as_they_are() {
        insta::assert_json_snapshot!(message().body(Form::Plain));
        let over = Message { event: Event::Over, by: Some("Marta".into()), ..message() };
        insta::assert_json_snapshot!(over.body(Form::Plain));
    }

    #[test]
    fn a_message_of_nothing_is_short_and_whole() {
        let empty = || Message {
            event: Event::Test,
            level: None,
            incident: None,
            centre: None,
            campaign: None,
            since_ms: None,
            figures: Vec::new(),
            title: "Prueba".into(),
            text: String::new(),
            details: String::new(),
            ..message()
        };
        assert_eq!(
            empty().body(Form::Slack).to_string(),
            r#"{"blocks":[{"text":{"text":"*Prueba*","type":"mrkdwn","verbatim":true},"type":"section"}],"text":"Prueba"}"#
        );
        let card = empty().body(Form::Teams);
        assert_eq!(card["attachments"][0]["content"]["body"].as_array().map(Vec::len), Some(1));
        let long = Message { text: "á".repeat(5_000), ..message() };
        assert!(long.body(Form::Teams).to_string().len() < 3_000);
    }
}
