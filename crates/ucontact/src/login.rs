//! What a login answers: a quoted token, or one of three older lists.
//!
//! Left out on purpose: the SIP password that one of the shapes holds in clear; it is never read into anything.

use serde_json::Value;

use crate::Secret;
use crate::lenient::scalar;

/// A session as the server gave it.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) token: Secret,
    /// Which shape it came in: `quotedToken`, `lastOfList`, `thirdOfList`, `phoneObject`.
    pub(crate) shape: &'static str,
    /// The supervisor's own phone, when they have one.
    pub(crate) phone: Option<Phone>,
}

/// What `AgentCall` wants of the supervisor's phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phone {
    pub(crate) extension: String,
    pub(crate) context: Option<String>,
}

/// How a login can be read.
#[derive(Debug)]
pub(crate) enum Answer {
    Accepted(Login),
    /// 200 `0`: wrong user or password.
    Denied,
    /// Something else: ask the older endpoint, or give up.
    Unusable,
}

/// A token is base64 of `user:uuid`: long, and of that alphabet.
fn token_like(text: &str) -> bool {
    text.len() >= 20
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_'))
}

fn is_zero(text: &str) -> bool {
    text.trim() == "0"
}

/// `getUserToken`: a quoted JSON string.
pub(crate) fn read_user_token(body: &[u8]) -> Answer {
    let text = scalar(body);
    if is_zero(&text) {
        return Answer::Denied;
    }
    if token_like(&text) {
        return Answer::Accepted(Login { token: Secret::new(text), shape: "quotedToken", phone: None });
    }
    Answer::Unusable
}

/// `UserLogin`: a list whose last element is the token, or whose third is, or that holds an object with `md5secret`.
pub(crate) fn read_user_login(body: &[u8]) -> Answer {
    if is_zero(&scalar(body)) {
        return Answer::Denied;
    }
    let Ok(Value::Array(list)) = serde_json::from_slice::<Value>(body) else { return Answer::Unusable };
    let token_at = |value: Option<&Value>| {
        value.and_then(Value::as_str).filter(|text| token_like(text)).map(Secret::new)
    };
    let phone = list.iter().find_map(phone_of);
    if let Some(token) = list.iter().find_map(|value| token_at(value.get("md5secret"))) {
        return Answer::Accepted(Login { token, shape: "phoneObject", phone });
    }
    if let Some(token) = token_at(list.last()) {
        return Answer::Accepted(Login { token, shape: "lastOfList", phone });
    }
    if let Some(token) = token_at(list.get(2)) {
        return Answer::Accepted(Login { token, shape: "thirdOfList", phone });
    }
    Answer::Unusable
}

fn phone_of(value: &Value) -> Option<Phone> {
    let text = |key: &str| match value.get(key) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    value.get("md5secret")?;
    Some(Phone { extension: text("callerid")?, context: text("context") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "c3VwZXI6MjdjN2M1YzktOTNjNC00NjIy";

    fn accepted(answer: Answer) -> (String, &'static str, Option<Phone>) {
        match answer {
            Answer::Accepted(login) => (login.token.expose().to_owned(), login.shape, login.phone),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_shape_gives_the_token() {
        let quoted = format!("\"{TOKEN}\"");
        assert_eq!(accepted(read_user_token(quoted.as_bytes())), (TOKEN.to_owned(), "quotedToken", None));
        for (list, shape) in [
            (format!("[1,{{\"a\":2}},\"{TOKEN}\"]"), "lastOfList"),
            (format!("[\"x\",null,\"{TOKEN}\",{{\"b\":1}},[]]"), "thirdOfList"),
        ] {
            let (token, read, phone) = accepted(read_user_login(list.as_bytes()));
            assert_eq!((token.as_str(), read, phone), (TOKEN, shape, None));
        }
        let list = format!(
            "[1,{{\"secret\":\"in clear\",\"md5secret\":\"{TOKEN}\",\"callerid\":1010,\"context\":\"agents\",\"host\":\"h\"}}]"
        );
        let (token, shape, phone) = accepted(read_user_login(list.as_bytes()));
        assert_eq!((token.as_str(), shape), (TOKEN, "phoneObject"));
        assert_eq!(phone, Some(Phone { extension: "1010".into(), context: Some("agents".into()) }));
    }

    #[test]
    fn a_zero_is_a_wrong_password_and_the_rest_is_unusable() {
        for body in ["0", "\"0\"", " 0 "] {
            assert!(matches!(read_user_token(body.as_bytes()), Answer::Denied), "{body}");
            assert!(matches!(read_user_login(body.as_bytes()), Answer::Denied), "{body}");
        }
        for body in ["", "\"\"", "{}", "<html>", "[1,2]", "\"short\""] {
            assert!(matches!(read_user_token(body.as_bytes()), Answer::Unusable), "{body}");
            assert!(matches!(read_user_login(body.as_bytes()), Answer::Unusable), "{body}");
        }
    }
}
