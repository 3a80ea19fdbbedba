//! Rows of a table somebody hands in as text: cells parted by commas, semicolons or tabs, quoted where they hold one.
//!
//! Left out on purpose: which bytes are which letters, and what the cells mean.

/// Rows of a text, each with the number of the line it begins in, from 1. What parts the cells is whichever of comma,
/// semicolon and tab the first line has most of outside quotes. Blank lines are none; blanks around a cell are not of it; a
/// quote that is never closed ends with the text.
pub fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.trim_start_matches('\u{feff}');
    let separator = separator(text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let (mut line, mut began) = (1, 1);
    let mut letters = text.chars().peekable();
    let ended = |row: &mut Vec<String>, cell: &mut String, began: usize, rows: &mut Vec<_>| {
        row.push(std::mem::take(cell).trim().to_owned());
        let row = std::mem::take(row);
        if row.iter().any(|cell| !cell.is_empty()) {
            rows.push((began, row));
        }
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            letter if !quoted && letter == separator => row.push(std::mem::take(&mut cell).trim().to_owned()),
            '\n' => {
                line += 1;
                if quoted {
                    cell.push('\n');
                } else {
                    ended(&mut row, &mut cell, began, &mut rows);
                    began = line;
                }
            }
            '\r' if letters.peek() == Some(&'\n') => {}
            letter => cell.push(letter),
        }
    }
    ended(&mut row, &mut cell, began, &mut rows);
    rows
}

fn separator(line: &str) -> char {
    let (mut quoted, mut counts) = (false, [0_usize; 3]);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => counts[0] += 1,
            ';' if !quoted => counts[1] += 1,
            '\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    let [comma, semicolon, tab] = counts;
    if semicolon > comma && semicolon >= tab {
        ';'
    } else if tab > comma {
        '\t'
    } else {
        ','
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        rows(text).into_iter().map(|(line, cells)| format!("{line}: {}", cells.join("|"))).collect()
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        assert_eq!(
            read("\u{feff}phone, name \r\n099,\"No, gracias\"\r\n\r\n098,\"a \"\"b\"\"\""),
            ["1: phone|name", "2: 099|No, gracias", "4: 098|a \"b\""]
        );
        assert_eq!(read("phone;name\n099;a,b"), ["1: phone|name", "2: 099|a,b"]);
        assert_eq!(read("phone\tname\n099\ta;b"), ["1: phone|name", "2: 099|a;b"]);
        assert_eq!(read("\"a;b\",c\nd,e"), ["1: a;b|c", "2: d|e"]);
        assert_eq!(read("a,b\n\"two\nlines\",c\nd,e"), ["1: a|b", "2: two\nlines|c", "4: d|e"]);
    }

    #[test]
    fn what_is_no_table_ends_too() {
        for text in ["", "\n\n", ",,\n", "\u{feff}"] {
            assert_eq!(read(text), [""; 0], "{text:?}");
        }
        assert_eq!(read("a,\"never closed\nb,c"), ["1: a|never closed\nb,c"]);
        assert_eq!(read("a\"b,c\"d"), ["1: a\"b|c\"d"]);
    }
}
