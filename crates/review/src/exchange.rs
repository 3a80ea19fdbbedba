//! Calibration files in a folder all can reach: ours is put there, the others' are taken.
//!
//! The folder may lie on another computer and be slow, full, or gone: whoever calls this must be allowed to wait.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::calibration::{MOST_PEOPLE, read_file};
use crate::error::Error;
use crate::reviews::Reviews;
use crate::wire::{Calibration, CalibrationFile};

/// Larger than any file of ours, bytes.
const LARGEST: u64 = 1024 * 1024;
/// Files of ours read in one folder, and files of any kind passed by.
const MOST_FILES: usize = 500;
const MOST_ENTRIES: usize = 100_000;
/// Files of a shared folder end so.
const ENDING: &str = ".atalaya-review.json";

/// A name that sorts and that every file system takes. People whose names come to the same are told apart by `turn`, from 1.
fn file_name(id: &str, reviewer: &str, turn: u32) -> String {
    let safe: String = reviewer.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
    let safe = if safe.is_empty() { "invitation" } else { &safe };
    if turn == 1 { format!("{id} {safe}{ENDING}") } else { format!("{id} {safe} {turn}{ENDING}") }
}

/// Whether a file that lies where ours would is somebody else's. One that cannot be read (yet) may be ours.
fn is_of_another(path: &Path, reviewer: &str) -> bool {
    read_bounded(path).is_some_and(|file| file.reviewer.trim() != reviewer)
}

/// The files of ours among others, so many at most; others' do not count, however many they are.
fn ours(paths: impl Iterator<Item = PathBuf>) -> impl Iterator<Item = PathBuf> {
    let named = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(ENDING))
    };
    paths.filter(named).take(MOST_FILES)
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
        let names = (1..=MOST_PEOPLE).map(|turn| file_name(id, &mine.reviewer, turn));
        let mut places = names.map(|name| (folder.join(&name), folder.join(name + ".part")));
        let free = places.find(|(path, _)| !is_of_another(path, &mine.reviewer));
        if let Some((path, part)) = free.filter(|(path, _)| !path.exists()) {
            let text = serde_json::to_vec_pretty(&mine)?;
            if let Err(error) = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, &path)) {
                // Nobody else takes it away, and in a shared folder everybody sees it.
                let _ = std::fs::remove_file(&part);
                return Err(failed(error));
            }
        }
        let entries = std::fs::read_dir(&folder).map_err(failed)?.take(MOST_ENTRIES);
        let paths = ours(entries.filter_map(|entry| Some(entry.ok()?.path())));
        for file in paths.filter_map(|path| read_bounded(&path)).filter(|file| file.id == id) {
            // Judged with another card: said nowhere better than by the reviewer who is missing.
            let _ = self.take_calibration(&file);
        }
        self.calibration(id)
    }
}

/// A file of ours, when it is a plain file of a sensible size: opening a pipe would wait for whoever writes into it.
fn read_bounded(path: &Path) -> Option<CalibrationFile> {
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    std::fs::File::open(path).ok()?.take(LARGEST + 1).read_to_string(&mut text).ok()?;
    if text.len() as u64 > LARGEST { None } else { read_file(&text).ok() }
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

    #[test]
    fn other_peoples_files_do_not_crowd_ours_out() {
        let others = (0..2 * MOST_FILES).map(|number| PathBuf::from(format!("{number}.txt")));
        let two = ["a", "b"].map(|name| PathBuf::from(format!("{name}{ENDING}")));
        assert_eq!(ours(others.chain(two.clone())).collect::<Vec<_>>(), two);
        let many = std::iter::repeat_n(two[0].clone(), 2 * MOST_FILES);
        assert_eq!(ours(many).count(), MOST_FILES);
    }

    /// Their names come to the same name of a file.
    #[test]
    fn people_with_like_names_do_not_keep_each_other_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        let people = ["Ana P.", "Ana P-", "Ana P!"];
        let sides = people.map(|_| reviews());
        let id = sides[0].begin_calibration(&call("Ana", 2, 1), "c", "March", 3).unwrap().id;
        let invitation = sides[0].calibration_file(&id, people[0]).unwrap();
        for (side, who) in sides.iter().zip(people) {
            side.take_calibration(&invitation).unwrap();
            side.set_calibration_folder(&id, Some(&path)).unwrap();
            judge(side, &id, who, Value::Yes);
            for _ in 0..2 {
                side.exchange(&id, who).unwrap();
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "once each");
        for (side, who) in sides.iter().zip(people) {
            assert!(side.exchange(&id, who).unwrap().open, "{who}");
        }
    }

    /// What only looks like a file of ours: a folder, a long file, a pipe nobody writes into.
    #[test]
    fn what_else_lies_in_the_folder_is_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display().to_string();
        let (marta, pedro) = (reviews(), reviews());
        let id = marta.begin_calibration(&call("Ana", 2, 1), "c", "March", 2).unwrap().id;
        pedro.take_calibration(&marta.calibration_file(&id, "Marta").unwrap()).unwrap();
        for (side, who) in [(&marta, "Marta"), (&pedro, "Pedro")] {
            side.set_calibration_folder(&id, Some(&path)).unwrap();
            judge(side, &id, who, Value::Yes);
        }
        pedro.exchange(&id, "Pedro").unwrap();
        std::fs::create_dir(folder.path().join(format!("folder{ENDING}"))).unwrap();
        std::fs::write(folder.path().join(format!("long{ENDING}")), vec![b' '; LARGEST as usize + 1])
            .unwrap();
        #[cfg(unix)]
        {
            let pipe = folder.path().join(format!("pipe{ENDING}"));
            assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
        }
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            tell.send(marta.exchange(&id, "Marta").unwrap()).unwrap();
        });
        let seen = told.recv_timeout(std::time::Duration::from_secs(30)).expect("it waits for nothing");
        assert_eq!((seen.reviewers.len(), seen.open), (2, true));
    }
}
