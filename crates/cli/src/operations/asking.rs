//! Showing a person what will be sent, and asking.

use std::io::{BufRead, IsTerminal, Write as _};

use atalaya_ucontact::Operation;

use super::words;

/// Longest value shown whole, characters.
const LONGEST: usize = 400;

/// Whether somebody is there to ask.
pub fn possible() -> bool {
    std::io::stdin().is_terminal()
}

/// Shows what will happen and what goes out, and asks for a yes; anything else is a no. Given up, it leaves the terminal as
/// it is.
pub async fn agreed(operation: &Operation) -> bool {
    agreed_to(question(operation)).await
}

/// Asks that question, which says what will happen.
pub async fn agreed_to(question: String) -> bool {
    let (tell, told) = tokio::sync::oneshot::channel();
    // A thread of its own: one that waits for a line would hold up the end of the program.
    std::thread::spawn(move || {
        let mut out = std::io::stderr().lock();
        let asked = out.write_all(question.as_bytes()).and_then(|()| out.flush());
        drop(out);
        let _ = tell.send(asked.is_ok() && is_yes(&mut std::io::stdin().lock()));
    });
    told.await.unwrap_or(false)
}

/// A sentence, the fields, and the question.
fn question(operation: &Operation) -> String {
    use std::fmt::Write as _;
    let fields = operation.fields();
    let widest = fields.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = format!("{}\n", words::sentence(operation));
    for (name, value) in fields {
        let length = value.chars().count();
        let shown: String = value.chars().take(LONGEST).collect();
        let more = if length > LONGEST { format!("… ({length} characters)") } else { String::new() };
        // A text takes everything.
        let _ = writeln!(text, "  {name:widest$}  {}{more}", shown.replace('\n', "⏎"));
    }
    text.push_str("Send it? [y/N] ");
    text
}

/// Anything but a yes, the end of the input included, is a no.
fn is_yes(input: &mut impl BufRead) -> bool {
    let mut answer = String::new();
    input.read_line(&mut answer).is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use atalaya_ucontact::operations::{BaseRow, BaseRows, SendSms, UploadBase};

    use super::*;

    #[test]
    fn only_a_yes_is_one() {
        for yes in ["y\n", "Y\n", " yes \n", "YES"] {
            assert!(is_yes(&mut yes.as_bytes()), "{yes:?}");
        }
        for no in ["", "\n", "n\n", "yess\n", "sure\n", "\u{1b}[A\n"] {
            assert!(!is_yes(&mut no.as_bytes()), "{no:?}");
        }
        assert!(!is_yes(&mut &b"\xff\xfe\n"[..]));
    }

    #[test]
    fn what_goes_out_is_shown_and_a_file_is_not_poured_over_the_screen() {
        let (destination, message, campaign) =
            ("099".to_owned(), "one\ntwo".to_owned(), "Avisos->".to_owned());
        let sms = SendSms { destination, message, campaign, ..SendSms::default() };
        let asked = question(&Operation::SendSms(sms));
        assert!(asked.contains("  message      one⏎two\n") && asked.ends_with("Send it? [y/N] "), "{asked}");
        let mut rows = BaseRows::of("Ventas->");
        for _ in 0..1_000 {
            rows.push(&BaseRow { phone: "099".to_owned(), ..BaseRow::default() }).unwrap();
        }
        let asked = question(&Operation::UploadBase(UploadBase { rows, ..UploadBase::default() }));
        assert!(asked.len() < 1_000 && asked.contains("… (20000 characters)"), "{asked}");
    }
}
