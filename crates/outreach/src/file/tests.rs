use std::io::Write as _;

use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

fn never() -> CancellationToken {
    CancellationToken::new()
}

fn taken(name: &str, bytes: &[u8]) -> Result<Taken, Error> {
    read_bytes(name, bytes.to_vec(), &mut |_| {}, &never())
}

fn cells(taken: &Taken) -> Vec<String> {
    taken.sheet.rows(0..usize::MAX).map(|row| row.cells().collect::<Vec<_>>().join("|")).collect()
}

fn utf16(text: &str, mark: [u8; 2], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
}

#[test]
fn letters_and_what_parts_cells_are_found() {
    let text = "teléfono;nombre\n099;\"Zoë; Núñez\"\n";
    let latin: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    let marked = format!("\u{feff}{text}");
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (marked.into_bytes(), Encoding::Utf8Mark),
        (utf16(text, [0xff, 0xfe], u16::to_le_bytes), Encoding::Utf16Le),
        (utf16(text, [0xfe, 0xff], u16::to_be_bytes), Encoding::Utf16Be),
        (latin, Encoding::Windows1252),
    ] {
        let taken = taken("a.csv", &bytes).unwrap();
        assert_eq!((taken.encoding, taken.parted), (Some(encoding), Some(Parted::Semicolon)));
        assert_eq!(cells(&taken), ["teléfono|nombre", "099|Zoë; Núñez"], "{encoding:?}");
    }
    for (text, parted) in [
        ("a,b\n1,2", Parted::Comma),
        ("a\tb\n1\t2", Parted::Tab),
        ("a|b\n1|2", Parted::Bar),
        ("\n\na;b,c;d\n", Parted::Semicolon),
    ] {
        assert_eq!(taken("a.txt", text.as_bytes()).unwrap().parted, Some(parted), "{text:?}");
    }
    assert_eq!(taken("A.CSV", b"1").unwrap().kind, FileKind::Csv);
}

#[test]
fn what_is_no_table_is_said_for_what_it_is() {
    for (bytes, code) in [
        (&b""[..], "fileEmpty"),
        (b"\n \n;;\n", "fileEmpty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "fileNotText"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "fileOldSpreadsheet"),
        (b"PK\x03\x04and nothing more", "fileNotASpreadsheet"),
    ] {
        assert_eq!(taken("a", bytes).unwrap_err().code(), code);
    }
    let wide = vec![b';'; MOST_COLUMNS + 1];
    assert_eq!(taken("a", &[b"1".to_vec(), wide].concat()).unwrap_err().code(), "fileTooLarge");
    let tall = "1\n".repeat(MOST_ROWS + 1);
    assert_eq!(taken("a", tall.as_bytes()).unwrap_err().code(), "fileTooLarge");
    let open = taken("a.csv", b"a;b\n1;\"never closed\n2;c\n").unwrap();
    assert_eq!(open.hints, [FileHint::UnclosedQuote { line: 2 }]);
    let cancelled = never();
    cancelled.cancel();
    let many = "1\n".repeat(AT_ONCE * 2);
    let stopped = read_bytes("a", many.into_bytes(), &mut |_| {}, &cancelled);
    assert_eq!(stopped.unwrap_err().code(), "cancelled");
}

/// A spreadsheet of these parts, whatever they are.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Uno" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

fn book(sheet: &str, strings: &str) -> Vec<u8> {
    let sheet = format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{sheet}</worksheet>"#
    );
    packed(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", PACKAGE.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

const STRINGS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="2"><si><t>Teléfono</t></si><si><t>Nombre</t></si></sst>"#;

#[test]
fn a_spreadsheet_is_read_as_people_typed_it() {
    let sheet = r#"<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
        <row r="3"><c r="A3"><v>98344484.0</v></c><c r="B3" t="inlineStr"><is><t>Zoë</t></is></c></row>
        <row r="4"><c r="A4"><v>5.9898344484E10</v></c></row></sheetData>"#;
    let taken = taken("a.xlsx", &book(sheet, STRINGS)).unwrap();
    assert_eq!((taken.kind, taken.encoding), (FileKind::Xlsx, None));
    assert_eq!(cells(&taken), ["Teléfono|Nombre", "98344484|Zoë", "59898344484"]);
    assert_eq!(taken.sheet.row(1).unwrap().line, 3, "as the spreadsheet counts");
    assert_eq!((taken.sheet.numbers_in(0), taken.sheet.numbers_in(1)), (2, 0));
}

#[test]
fn a_hostile_spreadsheet_takes_no_memory() {
    let far = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#;
    assert_eq!(taken("a.xlsx", &book(far, STRINGS)).unwrap_err().code(), "fileTooLarge");
    // The last row alone is one row.
    let low = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>"#;
    let one = taken("a.xlsx", &book(low, STRINGS)).unwrap();
    assert_eq!((one.sheet.len(), one.sheet.row(0).unwrap().line), (1, 1_048_576));
    for count in ["99999999999", "18446744073709551615", "4000000000"] {
        let strings = STRINGS.replace("\"2\"", &format!("\"{count}\""));
        let refused = taken("a.xlsx", &book(far, &strings)).unwrap_err();
        assert_eq!(refused.code(), "fileNotASpreadsheet", "{count}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = taken("a", &bytes);
        let _ = taken("a", &[PACKED, &bytes].concat());
    }

    #[test]
    fn no_change_of_a_spreadsheet_makes_it_fall_over(at in 0_usize..4_000, byte in any::<u8>(), cut in 0_usize..4_000) {
        let mut bytes = book("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row></sheetData>", STRINGS);
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = taken("a", &bytes);
        bytes.truncate(cut);
        let _ = taken("a", &bytes);
    }

    #[test]
    fn what_a_spreadsheet_holds_is_bounded(sheet in "(<c r=\"[A-Z]{1,3}[0-9]{1,7}\"><v>[0-9.E]{0,6}</v></c>){0,6}") {
        let sheet = format!("<sheetData><row r=\"1\">{sheet}</row></sheetData>");
        if let Ok(taken) = taken("a", &book(&sheet, STRINGS)) {
            prop_assert!(taken.sheet.columns() <= MOST_COLUMNS && taken.sheet.len() <= 6);
        }
    }

    #[test]
    fn a_table_comes_back_as_it_was_written(
        rows in prop::collection::vec(prop::collection::vec("[a-zñ0-9;,|\" ]{0,8}", 3), 1..8),
        separator in prop::sample::select(vec![';', ',', '\t', '|']),
    ) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |cells: &Vec<String>| cells.iter().map(quoted).collect::<Vec<_>>().join(&separator.to_string());
        let mut text = format!("a{separator}b{separator}c\r\n");
        text.push_str(&rows.iter().map(line).collect::<Vec<_>>().join("\r\n"));
        let taken = taken("a.csv", text.as_bytes()).unwrap();
        let said: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        let read: Vec<Vec<String>> =
            taken.sheet.rows(1..usize::MAX).map(|row| row.cells().map(str::to_owned).collect()).collect();
        prop_assert_eq!(read, said);
    }
}
