//! A system of its own in a folder, entered with nothing of this one's but the kernel and the network.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::Log;
use crate::tool;

/// Who opens the window in there: nobody of this system's.
pub const PERSON: &str = "1000";
pub const HOME: &str = "/srv/person";
/// Where that person's sockets are, there.
pub const RUNTIME: &str = "/run/person";
const MIRROR: &str = "http://deb.debian.org/debian";

/// Mounts and enters; what is mounted goes with it. `$1` the folder, `$2` whether `/usr` can be written, `$3` who.
const ENTER: &str = r#"set -e
root=$1 usr=$2 who=$3
shift 3
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for name in null zero full random urandom tty; do : > "$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
mkdir -m 1777 "$root/dev/shm"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
if [ "$usr" = read ]; then mount --bind "$root/usr" "$root/usr"; mount -o remount,ro,bind "$root/usr"; fi
exec chroot --userspec="$who" "$root" "$@"
"#;

fn folder() -> PathBuf {
    atalaya_window::target_folder().join("roots")
}

/// The bare system, made once.
///
/// # Errors
/// It cannot be fetched.
pub fn bare(log: &Log, suite: &str) -> Result<(), String> {
    let (done, begun) = (folder().join(suite), folder().join(format!("{suite}-begun")));
    if done.is_dir() {
        return Ok(());
    }
    let _ = std::fs::remove_dir_all(&begun);
    std::fs::create_dir_all(folder()).map_err(|error| format!("{}: {error}", folder().display()))?;
    log.run(tool::command("debootstrap").args(["--variant=minbase", suite]).arg(&begun).arg(MIRROR))
        .map_err(|error| format!("{suite} could not be fetched from {MIRROR}: {error}"))?;
    std::fs::rename(&begun, &done).map_err(|error| format!("{}: {error}", begun.display()))
}

/// One system.
pub struct Root {
    folder: PathBuf,
}

impl Root {
    /// As bare as it was made.
    ///
    /// # Errors
    /// It cannot be copied.
    pub fn fresh(log: &Log, suite: &str) -> Result<Self, String> {
        let root = Self { folder: folder().join(format!("{suite}-tried")) };
        let _ = std::fs::remove_dir_all(&root.folder);
        log.run(tool::command("cp").args(["-a"]).arg(folder().join(suite)).arg(&root.folder))?;
        // Where names of the network are asked is this system's matter.
        std::fs::copy("/etc/resolv.conf", root.path("/etc/resolv.conf"))
            .map_err(|error| format!("resolv.conf: {error}"))?;
        Ok(root)
    }

    /// As it was left.
    ///
    /// # Errors
    /// It is not there.
    pub fn kept(suite: &str) -> Result<Self, String> {
        let root = Self { folder: folder().join(format!("{suite}-tried")) };
        if root.folder.is_dir() { Ok(root) } else { Err(format!("{} is not there", root.folder.display())) }
    }

    /// A place in there, as it is called here.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }

    /// An administrator's command.
    pub fn writable(&self, words: &[&str]) -> Command {
        self.enter("write", "0:0", &[("HOME", "/root"), ("DEBIAN_FRONTEND", "noninteractive")], words)
    }

    /// A person's, in an environment of its own; `/usr` can only be read.
    pub fn inside(&self, environment: &[(&str, &str)], words: &[&str]) -> Command {
        let mut all = vec![("HOME", HOME), ("XDG_RUNTIME_DIR", RUNTIME)];
        all.extend(environment);
        self.enter("read", &format!("{PERSON}:{PERSON}"), &all, words)
    }

    fn enter(&self, usr: &str, who: &str, environment: &[(&str, &str)], words: &[&str]) -> Command {
        // In a world of processes of its own, that ends with the first.
        let mut command = atalaya_window::bound_command("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "--", "sh", "-c", ENTER, "enter"]);
        command.arg(&self.folder).args([
            usr,
            who,
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG=C.UTF-8",
        ]);
        command.args(environment.iter().map(|(name, value)| format!("{name}={value}"))).args(words);
        command.stdin(std::process::Stdio::null());
        command
    }
}
