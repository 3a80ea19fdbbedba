//! `api/DispositionCall`: what is sent, and what its answers mean.
//!
//! The vendor documents three answers for "done": `1`, `"OK"`, and an object with `Result`. "No" is `0`, or a 400 with a
//! text for people.

use serde_json::Value;

use crate::endpoint::DISPOSITION_CALL;
use crate::error::{Error, ErrorKind};

/// A tipificación as it is sent; empty text is sent as such.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disposition {
    /// Campaign with its suffix.
    pub campaign: String,
    /// The agent's user name.
    pub agent: String,
    /// The other party's number.
    pub callerid: String,
    /// The call.
    pub guid: String,
    /// Levels 1 to 3; the first is required.
    pub levels: [String; 3],
    /// Further data, twice.
    pub data: [String; 2],
    /// Comment.
    pub comment: String,
    /// When to call again, `yyyy-MM-dd HH:mm:ss`; the server minds it when the combination's action is to reschedule.
    pub schedule: String,
    /// Another dialer to call again with.
    pub reschedule_campaign: String,
    /// Tag; empty is the server's own, of the levels.
    pub tag: String,
}

impl Disposition {
    /// Names and values, in the vendor's order: what is shown before it is sent is this.
    pub fn form(&self) -> [(&'static str, &str); 13] {
        [
            ("campaign", &self.campaign),
            ("agent", &self.agent),
            ("callerid", &self.callerid),
            ("guid", &self.guid),
            ("l1", &self.levels[0]),
            ("l2", &self.levels[1]),
            ("l3", &self.levels[2]),
            ("d1", &self.data[0]),
            ("d2", &self.data[1]),
            ("comment", &self.comment),
            ("schedule", &self.schedule),
            ("camptoreschedule", &self.reschedule_campaign),
            ("tag", &self.tag),
        ]
    }
}

/// Whether the answer of a 200 says that it was done.
pub(crate) fn read(body: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(body);
    let said = match serde_json::from_str::<Value>(text.trim()) {
        Ok(Value::Object(map)) => {
            let result = map.iter().find(|(name, _)| name.eq_ignore_ascii_case("result"));
            result.map_or(String::new(), |(_, value)| plain(value))
        }
        Ok(value) => plain(&value),
        Err(_) => text.trim().to_owned(),
    };
    match said.to_ascii_lowercase().as_str() {
        "1" | "ok" | "true" => Ok(()),
        // An empty 200 says neither yes nor no.
        "" => Err(Error::new(ErrorKind::Malformed, DISPOSITION_CALL.path)),
        _ if said.starts_with('<') => Err(Error::new(ErrorKind::NotClassic, DISPOSITION_CALL.path)),
        _ => Err(Error::new(ErrorKind::Refused, DISPOSITION_CALL.path).with_detail(&said)),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_answer_is_understood() {
        for yes in
            ["1", "\"1\"", "OK", "\"OK\"", "{\"Result\":\"ok\",\"txtcode\":\"venta\"}", " {\"result\": 1} "]
        {
            assert!(read(yes.as_bytes()).is_ok(), "{yes}");
        }
        for (no, code) in [
            ("0", "refused"),
            ("\"0\"", "refused"),
            ("{\"Result\":\"error\"}", "refused"),
            ("{}", "malformed"),
            ("", "malformed"),
            ("<html>", "notClassic"),
        ] {
            assert_eq!(read(no.as_bytes()).unwrap_err().code(), code, "{no}");
        }
    }

    #[test]
    fn the_form_is_the_vendors() {
        let names: Vec<&str> = Disposition::default().form().iter().map(|(name, _)| *name).collect();
        let vendors = "campaign agent callerid guid l1 l2 l3 d1 d2 comment schedule camptoreschedule tag";
        assert_eq!(names.join(" "), vendors);
    }
}
