//! A sound card made of a file: what is played arrives in it, at the speed of real time.

use std::fs;
use std::path::{Path, PathBuf};

use crate::window::repository;

/// The card: environment for the program that plays, and where what it plays arrives (16-bit stereo, 48 kHz).
pub struct SoundCard {
    /// For `Opening::env`.
    pub env: (String, String),
    /// Raw samples.
    pub captured: PathBuf,
}

/// Makes one in a folder.
///
/// # Errors
/// The folder takes no files.
pub fn sound_card(folder: &Path) -> Result<SoundCard, String> {
    let audio = repository().join("tests/audio");
    let (config, captured) = (folder.join("alsa.conf"), folder.join("captured.raw"));
    let said = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let template = audio.join("alsa.conf.template");
    let filled = fs::read_to_string(&template)
        .map_err(|error| said(&template, error))?
        .replace("@PACE@", &audio.join("pace.py").display().to_string())
        .replace("@OUT@", &captured.display().to_string());
    fs::write(&config, filled).map_err(|error| said(&config, error))?;
    Ok(SoundCard { env: ("ALSA_CONFIG_PATH".to_owned(), config.display().to_string()), captured })
}
