//! Whether two copies are equal: one figure over everything that is shared.

use std::collections::HashSet;
use std::fmt::Write as _;

use atalaya_review::copies;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::team::Teamwork;

impl Teamwork {
    /// SHA-256 over what the log says of everything, and over the rows of everything the log speaks of, in small hexadecimal
    /// letters. Equal on all copies that have read as far and in which nothing waits.
    ///
    /// # Errors
    /// The store's.
    pub fn fingerprint(&self) -> Result<String, Error> {
        let mut hash = Sha256::new();
        self.store.with(|connection| {
            let mut shared = HashSet::new();
            let mut line = |text: &str| {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            };
            let mut statement = connection.prepare_cached(
                "SELECT kind, thing, body FROM settled WHERE account = ?1 ORDER BY kind, thing",
            )?;
            let mut rows = statement.query([&self.account])?;
            while let Some(row) = rows.next()? {
                let (kind, thing): (String, String) = (row.get(0)?, row.get(1)?);
                line(row.get_ref(2)?.as_str()?);
                shared.insert((kind, thing));
            }
            copies::rows(connection, &self.account, |kind, identity, text| {
                if shared.contains(&(kind.to_owned(), identity.to_owned())) {
                    line(text);
                }
            })
        })?;
        let mut text = String::new();
        for byte in hash.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        Ok(text)
    }
}
