//! Names as numbers: campaigns, interfaces, people, reasons. A name is written once, in the same transaction as the first
//! row that has it.

use std::collections::HashMap;

use rusqlite::Connection;

/// Both ways.
#[derive(Debug, Default)]
pub(crate) struct Words {
    numbers: HashMap<String, i64>,
    /// By number, from 1.
    texts: Vec<String>,
    /// So many of them are in the file.
    kept: usize,
}

impl Words {
    /// Reads those in the file that are not here yet.
    pub(crate) fn read(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare_cached("SELECT id, text FROM word WHERE id > ?1 ORDER BY id")?;
        let mut rows = statement.query([self.texts.len() as i64])?;
        while let Some(row) = rows.next()? {
            let (id, text): (i64, String) = (row.get(0)?, row.get(1)?);
            self.numbers.insert(text.clone(), id);
            // Numbers follow each other; should one be missing, its place stays nobody's.
            self.texts.resize(usize::try_from(id - 1).unwrap_or_default(), String::new());
            self.texts.push(text);
        }
        self.kept = self.texts.len();
        Ok(())
    }

    /// The number of a text, new when it has none.
    pub(crate) fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.texts.push(text.to_owned());
        let number = self.texts.len() as i64;
        self.numbers.insert(text.to_owned(), number);
        number
    }

    /// The number of a text that has one.
    pub(crate) fn known(&self, text: &str) -> Option<i64> {
        self.numbers.get(text).copied()
    }

    pub(crate) fn text(&self, number: i64) -> Option<&str> {
        self.texts.get(usize::try_from(number.checked_sub(1)?).ok()?).map(String::as_str)
    }

    /// Writes those that are not in the file yet.
    pub(crate) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        let mut insert =
            connection.prepare_cached("INSERT OR IGNORE INTO word (id, text) VALUES (?1, ?2)")?;
        for (place, text) in self.texts.iter().enumerate().skip(self.kept) {
            insert.execute((place as i64 + 1, text))?;
        }
        Ok(())
    }

    /// What was written is in the file: its transaction is done.
    pub(crate) fn written(&mut self) {
        self.kept = self.texts.len();
    }
}
