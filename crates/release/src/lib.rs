//! Signing a release: each package under the name it is known by, checksums of every file, and what the channel says.
//!
//! What is made is checked as the program checks it, with the same keys and the same code: what it would refuse is not
//! released. Left out on purpose: building packages, and any private key (it comes from the environment and goes nowhere).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use atalaya_update::{Bundle, Envelope, Keys, Manifest, Notes, Package, Purpose, Release, Version, Wanted};
use chrono::{DateTime, Utc};
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox};
use sha2::{Digest, Sha256};

/// The file of a channel.
pub const CHANNEL: &str = "channel.json";
/// The checksums of everything else.
pub const SUMS: &str = "SHA256SUMS";

/// Why there is no release.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No key to sign with.
    #[error(
        "no key to sign with: set ATALAYA_RELEASE_KEY to its text, or ATALAYA_RELEASE_KEY_FILE to its file"
    )]
    NoKey,
    /// A key that cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// Nobody would believe it.
    #[error("this key is none of those the program is built with ({0} there): nobody would take the release")]
    Stranger(usize),
    /// Fewer than two keys in the program.
    #[error(
        "the program is built with {0} public keys, and must be with two: packaging/update-keys.txt says how"
    )]
    Keys(usize),
    /// Nothing to release.
    #[error("there is no package to release")]
    Nothing,
    /// What changed is not told.
    #[error("what changed is not told in {0}")]
    Notes(PathBuf),
    /// What was made is not what the program takes.
    #[error("what was made would be refused: {0}")]
    Refused(#[from] atalaya_update::Error),
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// What is written could not be.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::File { path: path.to_owned(), source }
}

/// Makes a pair of keys: the private one into `file`, which must not be there, the public one beside it. Gives the line of
/// the public one. With no password the file alone is enough to sign.
///
/// # Errors
/// [`Error::Key`], [`Error::File`].
pub fn new_key(file: &Path, password: Option<String>) -> Result<String, Error> {
    let refused = |error: minisign::PError| Error::Key(error.to_string());
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)).map_err(refused)?,
        None => KeyPair::generate_unencrypted_keypair().map_err(refused)?,
    };
    let secret = pair.sk.to_box(None).map_err(refused)?.into_string();
    let private = || {
        use std::io::Write;
        let mut out = atalaya_export::Unfinished::begin_private(file)?;
        out.write_all(secret.as_bytes())?;
        out.finish()
    };
    private().map_err(at(file))?;
    let line = pair.pk.to_base64();
    let public = file.with_extension("pub");
    std::fs::write(&public, pair.pk.to_box().map_err(refused)?.into_string()).map_err(at(&public))?;
    Ok(line)
}

/// What signs.
#[derive(Debug)]
pub struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

impl Signer {
    /// The key of this text, as minisign's files have it.
    ///
    /// # Errors
    /// [`Error::NoKey`] for an empty one, [`Error::Key`].
    pub fn of(text: &str, password: Option<String>) -> Result<Self, Error> {
        if text.trim().is_empty() {
            return Err(Error::NoKey);
        }
        let refused = |error: minisign::PError| Error::Key(error.to_string());
        let boxed = || SecretKeyBox::from_string(text.trim()).map_err(refused);
        let secret = match password {
            Some(password) => boxed()?.into_secret_key(Some(password)).map_err(refused)?,
            None => boxed()?.into_unencrypted_secret_key().map_err(refused)?,
        };
        let public = PublicKey::from_secret_key(&secret).map_err(refused)?;
        Ok(Self { secret, public })
    }

    fn sign(&self, from: impl Read, purpose: &Purpose) -> Result<String, Error> {
        let signed = minisign::sign(Some(&self.public), &self.secret, from, Some(&purpose.to_string()), None);
        Ok(signed.map_err(|error| Error::Key(error.to_string()))?.into_string())
    }
}

/// What is to be released.
#[derive(Debug)]
pub struct Wish {
    /// Which version.
    pub version: Version,
    /// Its packages, as they were built.
    pub packages: BTreeMap<&'static str, PathBuf>,
    /// To how many of a hundred computers at first.
    pub percent: u8,
    /// Not before then.
    pub not_before: Option<DateTime<Utc>>,
    /// What changed.
    pub notes: Notes,
    /// Now.
    pub issued: DateTime<Utc>,
    /// The channel's file of before: its other releases stay in it.
    pub earlier: Option<PathBuf>,
}

/// What changed in a version: a file for each language, `VERSION.es.txt` and so on. None may be empty.
///
/// # Errors
/// [`Error::Notes`].
pub fn notes(folder: &Path, version: &Version) -> Result<Notes, Error> {
    let read = |language: &str| {
        let path = folder.join(format!("{version}.{language}.txt"));
        let text = std::fs::read_to_string(&path).unwrap_or_default().trim().to_owned();
        if text.is_empty() { Err(Error::Notes(path)) } else { Ok(text) }
    };
    Ok(Notes { es: read("es")?, en: read("en")?, pt_br: read("pt-BR")? })
}

/// Signs everything into `folder`, and checks it as the program will. `keys` are the text of those the program is built
/// with. Only the last file makes it a release: the channel's.
///
/// # Errors
/// Any: then there is no channel's file.
pub fn release(wish: &Wish, signer: &Signer, keys: &str, folder: &Path) -> Result<Manifest, Error> {
    let channel = folder.join(CHANNEL);
    let _ = std::fs::remove_file(&channel);
    let built_in = Keys::read(keys).map_err(|_| Error::Keys(0))?;
    if built_in.count() != 2 {
        return Err(Error::Keys(built_in.count()));
    }
    if wish.packages.is_empty() {
        return Err(Error::Nothing);
    }
    let probe = signer.sign(&b"probe"[..], &Purpose::Manifest)?;
    built_in
        .check_text(b"probe", &probe, &Purpose::Manifest)
        .map_err(|_| Error::Stranger(built_in.count()))?;
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    let mut bundles = BTreeMap::new();
    for (key, built) in &wish.packages {
        let Some(bundle) = Bundle::named(key) else { return Err(Error::Nothing) };
        let name = bundle.file_name(&wish.version);
        let there = folder.join(&name);
        std::fs::copy(built, &there).map_err(at(built))?;
        let size = std::fs::metadata(&there).map_err(at(&there))?.len();
        let signature =
            signer.sign(File::open(&there).map_err(at(&there))?, &Purpose::Package(name.clone()))?;
        let beside = folder.join(format!("{name}.minisig"));
        std::fs::write(&beside, &signature).map_err(at(&beside))?;
        let package = Package { url: name, signature, size };
        Wanted { version: wish.version.clone(), bundle, package: package.clone() }
            .check(&there, &built_in)?;
        bundles.insert((*key).to_owned(), package);
    }
    let mut releases = match &wish.earlier {
        Some(earlier) => Manifest::read(&std::fs::read(earlier).map_err(at(earlier))?, &built_in)?.releases,
        None => Vec::new(),
    };
    releases.retain(|release| release.version != wish.version);
    releases.insert(
        0,
        Release {
            version: wish.version.clone(),
            percent: wish.percent,
            not_before: wish.not_before,
            notes: wish.notes.clone(),
            bundles,
        },
    );
    let manifest = Manifest { form: 1, issued: wish.issued, releases };
    manifest.check()?;
    let signed = serde_json::to_string_pretty(&manifest)?;
    let signature = signer.sign(signed.as_bytes(), &Purpose::Manifest)?;
    sums(folder)?;
    let bytes = serde_json::to_vec_pretty(&Envelope { signed, signature })?;
    let read = Manifest::read(&bytes, &built_in)?;
    atalaya_export::write_whole(&channel, &bytes)
        .map_err(|error| Error::File { path: channel, source: std::io::Error::other(error.to_string()) })?;
    Ok(read)
}

/// Checksums as `sha256sum -c` reads them.
fn sums(folder: &Path) -> Result<(), Error> {
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at(folder))?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == SUMS || name == CHANNEL || !entry.path().is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).map_err(at(&entry.path()))?;
        let digits: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        lines.push(format!("{name}\0{digits}"));
    }
    lines.sort();
    let text: String = lines
        .iter()
        .filter_map(|line| line.split_once('\0'))
        .map(|(name, digits)| format!("{digits}  {name}\n"))
        .collect();
    let path = folder.join(SUMS);
    std::fs::write(&path, text).map_err(at(&path))
}
