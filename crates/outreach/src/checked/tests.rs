use std::collections::BTreeMap;

use atalaya_export::csv::Separator;
use proptest::prelude::*;

use super::*;
use crate::columns::guess;
use crate::file::read_bytes;
use crate::wire::Mapping;

fn taken(text: &str) -> Arc<Taken> {
    let read = read_bytes("a.csv", text.as_bytes().to_vec(), &mut |_| {}, &CancellationToken::new());
    Arc::new(read.unwrap())
}

fn request(kind: BaseKind, mapping: Mapping) -> BaseRequest {
    BaseRequest { file: 1, kind, campaign: "Recupero->".to_owned(), mapping, timezone: None }
}

fn checked_as(text: &str, request: BaseRequest, blacklisted: &Blacklisted) -> Checked {
    let never = CancellationToken::new();
    check(2, taken(text), request, 2_000_000, blacklisted, &mut |_, _| {}, &never).unwrap()
}

fn checked(text: &str, kind: BaseKind) -> Checked {
    let mapping = guess(&taken(text).sheet, kind);
    checked_as(text, request(kind, mapping), &Blacklisted::new())
}

const BASE: &str = "TELEFONO;nombre;saldo;TEL2;TEL3;Prioridad\n\
    098 344 484;Zoë Núñez;1200;099124484;;9999\n\
    099000111;O’Brien;;;;\n\
    09 900 x12;Ana;;;;\n\
    (098) 344-484;Zoë Núñez;;;;\n\
    091777333;\"Luis;vip=sí\";;;;\n\
    094555111;Inés;90;095222111;096333111;7\n\
    092111000;Caio;;;;\n\
    093222999;\"Ñandú\nS.A.\";;;;\n\
    ;Nadie;;;;\n\
    9.83E+07;Redondo;;;;\n\
    095000001;Uno;;;;1\n\
    095000002;Otro;;s/n;;\n";

#[test]
fn every_row_has_its_verdict_and_what_goes_out_is_the_vendors_format() {
    let mapping = guess(&taken(BASE).sheet, BaseKind::Calls);
    assert_eq!((mapping.header, mapping.phone, mapping.priority), (true, Some(0), Some(5)));
    let names: Vec<&str> = mapping.parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, &mapping.alternatives), (vec!["nombre", "saldo"], &vec![3, 4]));
    let blacklisted = Blacklisted::from([(numbers::key("092111000"), 77)]);
    let checked = checked_as(BASE, request(BaseKind::Calls, mapping), &blacklisted);
    let all = checked.rows(&RowsWanted::All, 0, 100);
    let codes: Vec<_> = all.rows.iter().map(|row| row.reason.as_ref().map(|reason| reason.code)).collect();
    assert_eq!(
        codes,
        [
            None,
            None,
            Some("notANumber"),
            Some("repeated"),
            Some("reserved"),
            None,
            Some("blacklisted"),
            Some("lineBreak"),
            Some("numberEmpty"),
            Some("rounded"),
            Some("priority"),
            Some("alternatives"),
        ]
    );
    let reason = |at: usize| all.rows[at].reason.clone().unwrap();
    assert_eq!((reason(3).row, reason(6).since_ms), (Some(2), Some(77)));
    assert_eq!(all.rows[8].row, 11, "a line break in a cell counts as the file's line");
    assert_eq!((all.rows[3].phone.as_str(), all.rows[3].written.as_str()), ("098344484", "(098) 344-484"));
    let summary = checked.summary();
    assert_eq!((summary.good, summary.bad, summary.bases), (3, 9, 1));
    assert_eq!(summary.reasons.iter().map(|count| count.rows).sum::<u32>(), summary.bad);
    assert_eq!(summary.hints, [ReasonCount { code: "tidied", rows: 1 }]);
    assert_eq!(
        summary.preview,
        "Recupero->;098344484;nombre=Zoë Núñez:saldo=1200;099124484;9999\n\
         Recupero->;099000111;nombre=O’Brien;\n\
         Recupero->;094555111;nombre=Inés:saldo=90;095222111:096333111;7\n"
    );
    let mut out = String::new();
    checked
        .bases(|rows| {
            out.push_str(rows.text());
            Ok::<_, ()>(())
        })
        .unwrap();
    assert_eq!(out, summary.preview);
    let bad = checked.rows(&RowsWanted::Bad, 2, 3);
    assert_eq!((bad.total, bad.rows.len(), bad.rows[0].row), (9, 3, 6));
    let one = checked.rows(&RowsWanted::BadFor { code: "repeated".to_owned() }, 0, 9);
    assert_eq!((one.total, one.rows[0].row), (1, 5));
}

#[test]
fn messages_are_made_of_a_text_and_counted() {
    let text = "Celular,Nombre,Monto\n099000111,Ana,10\n099000112,Beto,20\n";
    let mapping = Mapping {
        text: "Hola {nombre}, debe {3} pesos".to_owned(),
        ..guess(&taken(text).sheet, BaseKind::Messages)
    };
    let base = checked_as(text, request(BaseKind::Messages, mapping.clone()), &Blacklisted::new());
    assert_eq!(
        base.summary().preview,
        "Recupero->;099000111;Hola Ana, debe 10 pesos\nRecupero->;099000112;Hola Beto, debe 20 pesos\n"
    );
    assert_eq!(base.summary().parts, 2);
    let long = Mapping { text: format!("{{nombre}}{}", "x".repeat(158)), ..mapping.clone() };
    let long = checked_as(text, request(BaseKind::Messages, long), &Blacklisted::new());
    assert_eq!(
        (long.summary().parts, &long.summary().hints),
        (4, &vec![ReasonCount { code: "severalParts", rows: 2 }])
    );
    let longest = Mapping { text: format!("{{nombre}}{}", "x".repeat(2_000)), ..mapping.clone() };
    let longest = checked_as(text, request(BaseKind::Messages, longest), &Blacklisted::new());
    let row = &longest.rows(&RowsWanted::Bad, 0, 1).rows[0];
    assert_eq!(
        row.reason.as_ref().map(|reason| (reason.code, reason.parts)),
        Some(("textTooLong", Some(14)))
    );
    for (bad, what) in [("{apellido}", "text"), ("{9}", "text"), ("{", "text"), ("", "text")] {
        let request = request(BaseKind::Messages, Mapping { text: bad.to_owned(), ..mapping.clone() });
        let never = CancellationToken::new();
        let refused = check(2, taken(text), request, 2_000_000, &Blacklisted::new(), &mut |_, _| {}, &never);
        assert_eq!(refused.unwrap_err().params(), [("what", what.to_owned())], "{bad}");
    }
}

#[test]
fn the_vendors_own_rows_are_understood() {
    let text = "Recupero->;098344484;a=1:b=2;099124484:098111222;9999;1001\nRecupero->;099000111;;;;\n";
    let base = checked(text, BaseKind::Calls);
    assert_eq!(
        base.summary().preview,
        "Recupero->;098344484;a=1:b=2;099124484:098111222;9999;1001\nRecupero->;099000111;;\n"
    );
    let other = checked(&text.replace("Recupero->", "Otra->"), BaseKind::Calls);
    assert_eq!(other.summary().reasons, [ReasonCount { code: "otherCampaign", rows: 2 }]);
}

#[test]
fn columns_are_guessed_in_three_languages_and_without_names() {
    let guessed = |text: &str| guess(&taken(text).sheet, BaseKind::Calls);
    for text in [
        "Nombre;Teléfono\nAna;099000111\n",
        "Nome;Telefone\nAna;099000111\n",
        "Name;Phone number\nAna;099000111\n",
    ] {
        let mapping = guessed(text);
        assert_eq!((mapping.header, mapping.phone, mapping.parameters.len()), (true, Some(1), 1), "{text}");
    }
    let bare = guessed("Ana;099000111\nBeto;099000112\n");
    assert_eq!((bare.header, bare.phone, bare.parameters.len()), (false, Some(1), 0));
    let unnamed = guessed("Quien;Donde\nAna;099000111\nBeto;099000112\n");
    assert_eq!((unnamed.header, unnamed.phone), (true, Some(1)), "by what is in it");
    let more = guessed("phone;alternativo;interno;campaign\n099000111;098000111;1001;x\n");
    assert_eq!((more.alternatives, more.agentphone, more.campaign), (vec![1], Some(2), Some(3)));
}

#[test]
fn rows_left_out_are_saved_as_they_were_with_their_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("malas.csv");
    let base = checked(BASE, BaseKind::Calls);
    let words = BTreeMap::from([
        ("title".to_owned(), "Motivo".to_owned()),
        ("repeated".to_owned(), "repetida".to_owned()),
    ]);
    let never = CancellationToken::new();
    let saved = save_bad(&base, &path, Separator::Semicolon, &words, &never).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(saved, base.summary().bad);
    assert!(text.starts_with("\u{feff}TELEFONO;nombre;saldo;TEL2;TEL3;Prioridad;Motivo\r\n"), "{text}");
    assert!(text.contains("(098) 344-484;Zoë Núñez;;;;;repetida (2)\r\n"), "{text}");
    // It is taken in again.
    let again = checked(&text, BaseKind::Calls);
    let rows = again.rows(&RowsWanted::All, 0, 100).rows;
    let repeated = rows.iter().find(|row| row.phone == "098344484").unwrap();
    assert_eq!(repeated.reason, None, "what it repeated is not in this file");
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    let other = folder.path().join("other.csv");
    assert!(save_bad(&base, &other, Separator::Comma, &words, &cancelled).is_err() && !other.exists());
}

proptest! {
    #[test]
    fn what_is_shown_and_sent_is_the_same_and_nothing_is_lost(
        rows in prop::collection::vec(("[0-9 .x-]{0,12}", "[a-z;:=\" \n]{0,8}", "[0-9:/a]{0,9}", "[0-9]{0,3}"), 1..20)
    ) {
        let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
        let mut text = "phone;name;alternatives;priority\n".to_owned();
        for (phone, name, others, priority) in &rows {
            let cells = [phone, name, others, priority].map(|cell| quoted(cell));
            text.push_str(&cells.join(";"));
            text.push('\n');
        }
        let base = checked(&text, BaseKind::Calls);
        let summary = base.summary();
        let all = base.rows(&RowsWanted::All, 0, MOST_AT_ONCE);
        prop_assert_eq!(summary.good + summary.bad, all.total);
        prop_assert_eq!(summary.reasons.iter().map(|count| count.rows).sum::<u32>(), summary.bad);
        let mut out = String::new();
        base.bases(|rows| { out.push_str(rows.text()); Ok::<_, ()>(()) }).unwrap();
        let shown: Vec<String> = all.rows.iter().filter(|row| row.reason.is_none()).map(|row| {
            let line = format!("Recupero->;{};{};{};{}", row.phone, row.parameters, row.alternatives, row.priority);
            if row.priority.is_empty() { line.trim_end_matches(';').to_owned() } else { line }
        }).collect();
        let sent: Vec<String> = out.lines().map(|line| line.trim_end_matches(';').to_owned()).collect();
        let shown: Vec<String> = shown.iter().map(|line| line.trim_end_matches(';').to_owned()).collect();
        prop_assert_eq!(shown, sent);
    }
}
