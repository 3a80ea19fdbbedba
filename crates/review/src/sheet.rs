//! The sheet an agent is given: one HTML file that needs nothing else, to print or to send. All text is escaped; private
//! notes are not in it.

use std::fmt::Write as _;

use crate::wire::{Answer, Kind, Note, Question, Review, SheetWords, Value};

const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;color:#1a1f27;max-width:760px;margin:32px auto;padding:0 24px}\
h1{font-size:20px;margin:0 0 12px}h2{font-size:15px;margin:24px 0 6px}dl{display:grid;grid-template-columns:max-content 1fr;\
gap:2px 16px;margin:0}dt{color:#56606e}dd{margin:0}table{border-collapse:collapse;width:100%}td,th{text-align:left;\
vertical-align:top;padding:6px 8px;border-bottom:1px solid #e4e7ec}th{color:#56606e;font-weight:600}.n{text-align:right;\
white-space:nowrap;font-variant-numeric:tabular-nums}.total{font-size:28px;font-weight:650}.bad{color:#b93229}\
small{color:#56606e;display:block}.sign{margin-top:48px;display:grid;grid-template-columns:1fr 1fr;gap:32px}\
.sign div{border-top:1px solid #56606e;padding-top:4px;color:#56606e}@media print{body{margin:0}}";

/// Text as text, in an element or an attribute.
fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' => out.push(' '),
            letter => out.push(letter),
        }
    }
    out.replace('\n', "<br>")
}

fn clock(secs: f64) -> String {
    let secs = secs as u64;
    format!("{}:{:02}", secs / 60, secs % 60)
}

fn percent(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.0} %"))
}

fn answered(question: &Question, answer: Option<&Answer>, word: &impl Fn(&str) -> String) -> String {
    match (answer.and_then(|answer| answer.value), &question.kind) {
        (Some(Value::Yes), _) => word("yes"),
        (Some(Value::No), _) => word("no"),
        (Some(Value::NotApplicable), _) => word("notApplicable"),
        (Some(Value::Scale { value }), Kind::Scale { high, .. }) => format!("{value} / {high}"),
        (Some(Value::Choice { index }), Kind::Choice { options }) => {
            options.get(index as usize).map(|option| safe(&option.label)).unwrap_or_default()
        }
        _ => "–".to_owned(),
    }
}

/// The sheet of a finished review with the notes that may be shared; words that are missing are left empty.
pub fn sheet(review: &Review, notes: &[Note], words: &SheetWords) -> String {
    let word = |name: &str| safe(words.words.get(name).map_or("", String::as_str));
    let call = &review.call;
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{} · {}</title><style>{STYLE}</style></head><body>\n\
         <h1>{}</h1>\n<dl>",
        safe(&words.language),
        word("title"),
        safe(call.agent.as_deref().unwrap_or("–")),
        word("title")
    );
    let campaign = call.campaign.trim_end_matches("->").trim_end_matches("<-");
    for (name, value) in [
        ("agent", call.agent.as_deref().unwrap_or("–")),
        ("campaign", campaign),
        ("call", call.started_at.as_str()),
        ("reviewer", review.reviewer.as_str()),
    ] {
        let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", word(name), safe(value));
    }
    let _ = write!(
        out,
        "</dl>\n<h2>{}</h2>\n<p class=\"total\">{}{}</p>\n",
        word("score"),
        percent(review.scored.percent),
        review.scored.band.as_deref().map(|band| format!(" · {}", safe(band))).unwrap_or_default()
    );
    if !review.scored.fatal.is_empty() {
        let _ = writeln!(out, "<p class=\"bad\">{}</p>", word("fatal"));
    }
    if !review.comment.trim().is_empty() {
        let _ = writeln!(out, "<p>{}</p>", safe(review.comment.trim()));
    }
    for section in &review.card.sections {
        let _ = write!(
            out,
            "<h2>{}</h2>\n<table><tr><th>{}</th><th>{}</th><th class=\"n\">%</th></tr>\n",
            safe(&section.title),
            word("question"),
            word("answer")
        );
        for question in &section.questions {
            let answer = review.answers.get(&question.id);
            let item = review.scored.items.iter().find(|item| item.id == question.id);
            let comment = answer.map_or("", |answer| answer.comment.trim());
            let small =
                if comment.is_empty() { String::new() } else { format!("<small>{}</small>", safe(comment)) };
            let fatal = if review.scored.fatal.contains(&question.id) { " class=\"bad\"" } else { "" };
            let _ = writeln!(
                out,
                "<tr{fatal}><td>{}{small}</td><td>{}</td><td class=\"n\">{}</td></tr>",
                safe(&question.text),
                answered(question, answer, &word),
                percent(item.and_then(|item| item.percent))
            );
        }
        out.push_str("</table>\n");
    }
    let shared: Vec<&Note> = notes.iter().filter(|note| note.shared).collect();
    if !shared.is_empty() {
        let _ = write!(out, "<h2>{}</h2>\n<table>", word("notes"));
        for note in shared {
            let _ = writeln!(
                out,
                "<tr><td class=\"n\">{}</td><td>{}</td></tr>",
                clock(note.at_secs),
                safe(&note.text)
            );
        }
        out.push_str("</table>\n");
    }
    let day = review.acknowledged.as_deref().unwrap_or_default();
    let _ = write!(
        out,
        "<div class=\"sign\"><div>{} {}</div><div>{}</div></div>\n</body></html>\n",
        word("acknowledged"),
        safe(day),
        word("signature")
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::tests::call;
    use crate::reviews::tests::{all, reviews};

    #[test]
    fn a_sheet_holds_what_may_be_shared_and_all_text_is_text() {
        let reviews = reviews();
        let mut hostile = call("<script>alert(1)</script>", 2, 1);
        hostile.guid = "g-000001".into();
        let review = reviews.open(&hostile, "c", None, "Marta \"M\" O'Hara", "").unwrap();
        let mut given = all(Value::No);
        given.get_mut("greeting").unwrap().comment = "<img src=x onerror=alert(1)> & more".into();
        reviews.change(review.id, given, "line one\nline two <b>").unwrap();
        let review = reviews.finish(review.id).unwrap();
        reviews.add_note(&hostile, 75.2, "heard <i>here</i>", true, "Marta").unwrap();
        reviews.add_note(&hostile, 80.0, "between us", false, "Marta").unwrap();
        let words = SheetWords {
            language: "es".into(),
            words: [("title", "Devolución"), ("no", "No"), ("yes", "Sí")]
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        };
        let page = sheet(&review, &reviews.notes(&hostile.guid).unwrap(), &words);
        for there in [
            "Devolución",
            "80 %",
            "1:15",
            "heard &lt;i&gt;here&lt;/i&gt;",
            "line one<br>line two",
            "fair",
            "5 / 5",
        ] {
            assert!(page.contains(there), "{there} in {page}");
        }
        for never in ["<script", "<img", "<b>", "<i>", "between us", "O'Hara", "http:", "https:"] {
            assert!(!page.contains(never), "{never} in {page}");
        }
    }
}
