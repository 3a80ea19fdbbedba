//! Who may read what is kept on this computer.

use std::io;
use std::path::Path;

/// Makes a file or a folder that is there its owner's alone.
///
/// # Errors
/// The system's: it is not there, or somebody else's.
#[cfg(unix)]
pub fn owner_only(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = if std::fs::metadata(path)?.is_dir() { 0o700 } else { 0o600 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// Elsewhere the profile folder already belongs to its owner alone.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn owner_only(_path: &Path) -> io::Result<()> {
    Ok(())
}
