//! A package on its way here: beside its name until it is whole and whose it should be, taken up again where it was cut.
//!
//! What lies under a package's name was checked when it was given that name, and is checked again before it is installed.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{StatusCode, header};

use crate::channel::{Channel, failed};
use crate::error::Error;
use crate::folder::Folder;
use crate::keys::Keys;
use crate::wanted::Wanted;

/// All that a package is given.
const WHOLE: Duration = Duration::from_secs(60 * 60);

/// How far it is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Here by now.
    pub came: u64,
    /// All of it.
    pub of: u64,
}

impl Channel {
    /// Fetches a package, or takes the one that is there; gives where it lies, whole and checked.
    ///
    /// # Errors
    /// Those of the way (what has come is kept, to go on from), [`Error::NoRoom`], and those of [`Wanted::check`]: then
    /// nothing of it is kept.
    pub async fn fetch(
        &self,
        wanted: &Wanted,
        folder: &Folder,
        progress: impl Fn(Progress),
    ) -> Result<PathBuf, Error> {
        let there = folder.package(&wanted.file_name());
        if there.exists() && checked(wanted, &there, &self.keys).await.is_ok() {
            progress(Progress { came: wanted.package.size, of: wanted.package.size });
            return Ok(there);
        }
        let part = folder.part(&wanted.file_name(), &wanted.package.signature);
        let resumed = self.pieces(wanted, &part, &progress).await?;
        let whole = checked(wanted, &part, &self.keys).await;
        let whole = match whole {
            // What was there before may have been of something else: once more, from the beginning.
            Err(Error::Signature(_) | Error::TooLarge { .. }) if resumed => {
                remove(&part)?;
                self.pieces(wanted, &part, &progress).await?;
                checked(wanted, &part, &self.keys).await
            }
            whole => whole,
        };
        if let Err(error) = whole {
            // A part that ended early is gone on from; anything else is nobody's.
            if !matches!(error, Error::Truncated { .. }) {
                remove(&part)?;
            }
            return Err(error);
        }
        std::fs::rename(&part, &there).map_err(|error| Error::disk(&there, error))?;
        folder.settle_names();
        Ok(there)
    }

    /// Brings a part to its whole length; whether some of it was there before.
    async fn pieces(
        &self,
        wanted: &Wanted,
        part: &Path,
        progress: &impl Fn(Progress),
    ) -> Result<bool, Error> {
        let size = wanted.package.size;
        let mut have = std::fs::metadata(part).map_or(0, |there| there.len());
        if have > size {
            remove(part)?;
            have = 0;
        }
        if have == size {
            return Ok(true);
        }
        let mut request = self.client.get(self.place(&wanted.package.url)?).timeout(WHOLE);
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let mut answer = request.send().await.map_err(|error| failed(&error))?;
        let begins = match answer.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if begins_at(answer.headers()) == Some(have) => have,
            // It has not so much of it: what is here is of something else.
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT => {
                remove(part)?;
                return Err(Error::Cut);
            }
            status => return Err(Error::Status(status.as_u16())),
        };
        if answer.content_length().is_some_and(|rest| begins + rest > size) {
            return Err(Error::TooLarge { said: size });
        }
        let mut file = opened(part, begins)?;
        let mut came = begins;
        progress(Progress { came, of: size });
        let ended = loop {
            match answer.chunk().await {
                Ok(Some(piece)) if came + piece.len() as u64 > size => {
                    drop(file);
                    remove(part)?;
                    return Err(Error::TooLarge { said: size });
                }
                Ok(Some(piece)) => {
                    if let Err(error) = file.write_all(&piece) {
                        drop(file);
                        // Room is what is missing: what came of it takes none.
                        remove(part)?;
                        return Err(Error::disk(part, error));
                    }
                    came += piece.len() as u64;
                    progress(Progress { came, of: size });
                }
                Ok(None) => break Ok(begins > 0),
                Err(error) => break Err(failed(&error)),
            }
        };
        let path = part.to_owned();
        let kept =
            tokio::task::spawn_blocking(move || file.sync_all().map_err(|error| Error::disk(&path, error)));
        kept.await.map_err(|_| Error::Cut)??;
        if ended.is_ok() && came < size {
            return Err(Error::Truncated { came, said: size });
        }
        ended
    }
}

async fn checked(wanted: &Wanted, path: &Path, keys: &Keys) -> Result<(), Error> {
    let (wanted, path, keys) = (wanted.clone(), path.to_owned(), keys.clone());
    tokio::task::spawn_blocking(move || wanted.check(&path, &keys)).await.map_err(|_| Error::Cut)?
}

fn opened(part: &Path, begins: u64) -> Result<File, Error> {
    let open = || {
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(part)?;
        atalaya_store::owner_only(part)?;
        file.set_len(begins)?;
        file.seek(SeekFrom::Start(begins))?;
        Ok(file)
    };
    open().map_err(|error| Error::disk(part, error))
}

fn remove(part: &Path) -> Result<(), Error> {
    match std::fs::remove_file(part) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::disk(part, error)),
        _ => Ok(()),
    }
}

/// Where a piece begins, as `Content-Range: bytes 5-9/10` says.
fn begins_at(headers: &header::HeaderMap) -> Option<u64> {
    let range = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.trim().parse().ok()
}
