//! Many questions in one psql, each for itself: what it answered, or the code with which it was refused.

use std::fmt::Write as _;

use atalaya_postgres::Postgres;
use uuid::Uuid;

use super::common::DATABASE;

/// What came of one question.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// Everything it said, in one line.
    pub said: String,
    /// SQLSTATE of the last thing that was refused.
    pub refused: Option<String>,
}

/// Asks all of them, each in a transaction that is not kept.
pub fn ask(postgres: &Postgres, user: &str, password: &str, questions: &[String]) -> Vec<Answer> {
    let mark = Uuid::new_v4().to_string();
    let mut script = String::new();
    for question in questions {
        // Once something was refused nothing more is, in a transaction: the first refusal is the one.
        let each: Vec<&str> = question.split("; ").collect();
        script.push_str("begin;\n");
        for statement in each {
            let _ = writeln!(script, "{statement};\n\\if :ERROR\n\\echo {mark} refused :SQLSTATE\n\\endif");
        }
        let _ = writeln!(script, "rollback;\n\\echo {mark} next");
    }
    let output = postgres.script(user, password, DATABASE, &script);
    let text = String::from_utf8(output.stdout).expect("text");
    let (mut answers, mut said, mut refused) = (Vec::new(), Vec::new(), None);
    for line in text.lines() {
        match line.strip_prefix(&mark).map(str::trim) {
            None => said.extend((!line.is_empty()).then_some(line)),
            Some("next") => {
                let said = std::mem::take(&mut said).join(" ");
                answers.push(Answer { said, refused: refused.take() });
            }
            Some(word) => {
                let code = word.trim_start_matches("refused ").to_owned();
                refused.get_or_insert(code);
            }
        }
    }
    let why = String::from_utf8_lossy(&output.stderr);
    assert_eq!(answers.len(), questions.len(), "{user}: {why}");
    answers
}
