//! Calibration files in a folder all can reach: ours is put there, the others' are taken.
//!
//! The folder may lie on another computer and be slow, full, or gone: whoever calls this must be allowed to wait.

use std::path::{Path, PathBuf};

use crate::calibration::read_file;
use crate::error::Error;
use crate::reviews::Reviews;
use crate::wire::{Calibration, CalibrationFile};

/// Larger than any file of ours, bytes.
const LARGEST: u64 = 1024 * 1024;
/// Files looked at in one folder.
const MOST_FILES: usize = 500;
/// Files of a shared folder end so.
const ENDING: &str = ".atalaya-review.json";

/// A name that sorts and that every file system takes.
fn file_name(id: &str, reviewer: &str) -> String {
    let safe: String = reviewer.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    format!("{id} {}{ENDING}", if safe.is_empty() { "invitation" } else { &safe })
}

impl Reviews {
    /// Puts what is ours into the shared folder and takes what lies there. A file that is none of ours, of another
    /// calibration, or half written is left for the next time.
    ///
    /// # Errors
    /// `reviewFile` when the folder cannot be read or written, `reviewGone`, or the store's.
    pub fn exchange(&self, id: &str, reviewer: &str) -> Result<Calibration, Error> {
        let calibration = self.calibration(id)?;
        let Some(folder) = calibration.folder.as_deref().map(PathBuf::from) else { return Ok(calibration) };
        let failed = |error: std::io::Error| Error::File(error.to_string());
        let mine = self.calibration_file(id, reviewer)?;
        let path = folder.join(file_name(id, &mine.reviewer));
        if !path.exists() {
            let part = folder.join(format!("{}.part", file_name(id, &mine.reviewer)));
            std::fs::write(&part, serde_json::to_vec_pretty(&mine)?).map_err(failed)?;
            std::fs::rename(&part, &path).map_err(failed)?;
        }
        for entry in std::fs::read_dir(&folder).map_err(failed)?.take(MOST_FILES) {
            let path = entry.map_err(failed)?.path();
            let ours =
                path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING));
            if let Some(file) = ours.then(|| read_bounded(&path)).flatten().filter(|file| file.id == id) {
                // Of another version of the card: said nowhere better than by the reviewer who is missing.
                let _ = self.take_calibration(&file);
            }
        }
        self.calibration(id)
    }
}

fn read_bounded(path: &Path) -> Option<CalibrationFile> {
    if std::fs::metadata(path).ok()?.len() > LARGEST {
        return None;
    }
    read_file(&std::fs::read_to_string(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::tests::judge;
    use crate::draw::tests::call;
    use crate::reviews::tests::reviews;
    use crate::wire::Value;

    #[test]
    fn a_shared_folder_carries_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        let (marta, pedro) = (reviews(), reviews());
        let begun = marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 2).unwrap();
        let id = begun.id.as_str();
        marta.set_calibration_folder(id, Some(&path)).unwrap();
        marta.exchange(id, "Marta").unwrap();
        std::fs::write(folder.path().join(format!("half{ENDING}")), "{\"format\": \"atal").unwrap();
        let invitation =
            std::fs::read_dir(folder.path()).unwrap().flatten().find_map(|entry| read_bounded(&entry.path()));
        pedro.take_calibration(&invitation.unwrap()).unwrap();
        pedro.set_calibration_folder(id, Some(&path)).unwrap();
        judge(&pedro, id, "Pedro", Value::No);
        pedro.exchange(id, "Pedro").unwrap();
        judge(&marta, id, "Marta", Value::Yes);
        let seen = marta.exchange(id, "Marta").unwrap();
        assert_eq!((seen.reviewers.len(), seen.open), (2, true));
        assert!(pedro.exchange(id, "Pedro").unwrap().open);
        marta.set_calibration_folder(id, Some("/nowhere/at/all")).unwrap();
        assert_eq!(marta.exchange(id, "Marta").unwrap_err().code(), "reviewFile");
    }
}
