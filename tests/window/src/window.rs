//! One window with everything it needs: display, message bus, driver, and a home of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::http::request;
use crate::process::{Running, bound_command};
use crate::wait::wait_until;
use crate::webdriver::{Element, Session};

/// How long the driver may take to answer at all.
const DRIVER_START: Duration = Duration::from_secs(20);

/// How long an element may take to appear.
const APPEAR: Duration = Duration::from_secs(15);

/// Whether a window is on the screen, and what its address ends with.
const SEEN: &str = "return [innerWidth > 0 && innerHeight > 0, location.search]";

/// What to open, and with what around it.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The program; by default `ATALAYA_BIN`, or the development build.
    pub application: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// More environment, after everything that is set for it.
    pub env: Vec<(String, String)>,
    /// Size of the display in pixels.
    pub size: (u32, u32),
    /// Its home; without it one that goes with the window. Give one to open a second window on the same data.
    pub home: Option<PathBuf>,
}

impl Default for Opening {
    fn default() -> Self {
        let program = format!("atalaya{}", std::env::consts::EXE_SUFFIX);
        let built = || target_folder().join("debug").join(program);
        Self {
            application: std::env::var_os("ATALAYA_BIN").map_or_else(built, PathBuf::from),
            args: Vec::new(),
            env: Vec::new(),
            size: (1440, 900),
            home: None,
        }
    }
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default()
}

/// Where Cargo builds.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from)
}

/// The open window. Fields are dropped in this order: page, driver, bus, display, home.
pub struct Window {
    session: Session,
    name: String,
    _driver: Running,
    _bus: Running,
    bus_address: String,
    _display: Running,
    display: String,
    home: Home,
}

impl Window {
    /// Opens it; `name` names its log and its pictures in `target/window/`.
    ///
    /// # Errors
    /// A sentence that says which part did not start, and where its log is.
    pub fn open(name: &str, opening: &Opening) -> Result<Self, String> {
        if !opening.application.is_file() {
            return Err(format!(
                "{} is not there: build it first with `cargo build -p atalaya`",
                opening.application.display()
            ));
        }
        let pictures = pictures();
        fs::create_dir_all(&pictures).map_err(|error| format!("{}: {error}", pictures.display()))?;
        let home = Home::new(opening.home.clone())?;
        let (screen, display) = start_display(opening.size)?;
        let (bus, address) = start_bus(&home.path)?;
        let log = pictures.join(format!("{name}.log"));
        let (port, native_port) = free_ports()?;
        let output = || File::create(&log).map_err(|error| format!("{}: {error}", log.display()));
        let file = output()?;
        let again = file.try_clone().map_err(|error| format!("{}: {error}", log.display()))?;
        let mut command = bound_command(driver_program());
        command
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .stdout(Stdio::from(file))
            .stderr(Stdio::from(again))
            .env("DISPLAY", &display)
            .env_remove("WAYLAND_DISPLAY")
            .env("GDK_BACKEND", "x11")
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("GSETTINGS_BACKEND", "memory")
            .env("HOME", &home.path)
            .env("ATALAYA_HOME", home.path.join("atalaya"))
            .env("ATALAYA_SECRETS", "memory")
            .envs(opening.env.iter().map(|(name, value)| (name, value)));
        for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            command.env(folder, home.path.join(folder));
        }
        let mut driver = Running::start("tauri-driver", &mut command)?;
        let see = |error: String| format!("{error}; see {}", log.display());
        wait_until("the driver answers", DRIVER_START, || match driver.ended()? {
            Some(ended) => Err(ended),
            None => Ok(request(port, "GET", "/status", None).ok()),
        })
        .map_err(see)?;
        let session =
            Session::open(port, &opening.application.display().to_string(), &opening.args).map_err(see)?;
        let name = name.to_owned();
        let bus_address = address;
        Ok(Self { session, name, _driver: driver, _bus: bus, bus_address, _display: screen, display, home })
    }

    /// Asks something of the window's message bus, as `dbus-send` does; what it answers, as text.
    ///
    /// # Errors
    /// What it said.
    pub fn bus(&self, destination: &str, path: &str, question: &[&str]) -> Result<String, String> {
        let output = Command::new("dbus-send")
            .args([
                &format!("--bus={}", self.bus_address),
                "--print-reply",
                &format!("--dest={destination}"),
                path,
            ])
            .args(question)
            .output()
            .map_err(|error| format!("dbus-send: {error}"))?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(said(&output.stdout)) } else { Err(said(&output.stderr)) }
    }

    /// The page, for anything not offered here.
    pub fn page(&self) -> &Session {
        &self.session
    }

    /// The X display it is on, as `DISPLAY` names it.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Where this window's program keeps its data.
    pub fn data_folder(&self) -> PathBuf {
        self.home.path.join("atalaya")
    }

    /// The element with this `data-testid`, waited for.
    ///
    /// # Errors
    /// It did not appear.
    pub fn get(&self, testid: &str) -> Result<Element, String> {
        self.wait_until(&format!("[data-testid={testid}]"), APPEAR, |page| page.find(&selector(testid)))
    }

    /// Whether the element is there now.
    ///
    /// # Errors
    /// What the driver said.
    pub fn has(&self, testid: &str) -> Result<bool, String> {
        Ok(self.session.find(&selector(testid))?.is_some())
    }

    /// What the element says, waited for; one that is replaced meanwhile is looked for again.
    ///
    /// # Errors
    /// It did not appear.
    pub fn text(&self, testid: &str) -> Result<String, String> {
        self.wait_until(&format!("the text of [data-testid={testid}]"), APPEAR, |page| {
            page.find(&selector(testid))?.map(|element| page.text(&element)).transpose()
        })
    }

    /// What each element with this `data-testid` says now.
    ///
    /// # Errors
    /// What the driver said.
    pub fn texts(&self, testid: &str) -> Result<Vec<String>, String> {
        let script = "return Array.from(document.querySelectorAll(arguments[0]), e => e.innerText)";
        let texts = self.session.execute(script, &[Value::from(selector(testid))])?;
        let texts = texts.as_array().into_iter().flatten();
        Ok(texts.map(|text| text.as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Clicks on it, once it can be clicked: what has just appeared, or moves, has no place yet, and what another took the
    /// place of is looked for again.
    ///
    /// # Errors
    /// It did not appear or could not be clicked.
    pub fn click(&self, testid: &str) -> Result<(), String> {
        let done = self.wait_until(&format!("a click on [data-testid={testid}]"), APPEAR, |page| {
            let Some(element) = page.find(&selector(testid))? else { return Ok(None) };
            match page.click(&element) {
                // Both are said before anything is done.
                Err(error) if error.contains("not interactable") || error.contains("stale element") => {
                    Err(error)
                }
                // Of anything else nobody knows whether it was a click already.
                done => Ok(Some(done)),
            }
        });
        done?
    }

    /// Closes the wallboard that is driven by its button, which is there only for a pointer that moves.
    ///
    /// # Errors
    /// There is none, or its button does not come.
    pub fn close_wall(&self) -> Result<(), String> {
        self.wait_until("the wallboard's button to close it", APPEAR, |page| {
            for x in [200, 240] {
                page.point(x, 200)?;
            }
            let Some(button) = page.find(&selector("wall-close"))? else { return Ok(None) };
            match page.click(&button) {
                Err(error) if error.contains("not interactable") => Err(error),
                // It may be gone before the driver has answered.
                _ => Ok(Some(())),
            }
        })
    }

    /// Puts text into a field in place of what is there.
    ///
    /// # Errors
    /// It did not appear or takes no text.
    pub fn fill(&self, testid: &str, text: &str) -> Result<(), String> {
        let field = self.get(testid)?;
        self.session.clear(&field)?;
        // The driver takes no empty text, and empties a field without telling the page, which then puts back what it knows.
        if text.is_empty() { self.session.changed(&field) } else { self.session.type_into(&field, text) }
    }

    /// Waits for the window whose address ends as wanted (`?…`, or nothing for the main one) and until it is on the
    /// screen; everything from here on is asked of it. A page is there before its window is: it has its elements then,
    /// but no size, and no text that could be read.
    ///
    /// # Errors
    /// There is none in time.
    pub fn go_to(&self, wanted: impl Fn(&str) -> bool) -> Result<(), String> {
        self.wait_until("the other window", APPEAR, |page| {
            Ok(page.windows()?.iter().find_map(|name| {
                let seen = page.switch_to(name).and_then(|()| page.execute(SEEN, &[])).ok()?;
                (seen[0].as_bool() == Some(true) && wanted(seen[1].as_str()?)).then_some(())
            }))
        })
    }

    /// Presses keys, wherever the focus is.
    ///
    /// # Errors
    /// What the driver said.
    pub fn press(&self, keys: &str) -> Result<(), String> {
        self.session.press(keys)
    }

    /// Looks at the page until `look` finds something; an error of one look is one more reason to look again, as
    /// elements come and go.
    ///
    /// # Errors
    /// `timeout` passed; the last error of a look is told with it.
    pub fn wait_until<T>(
        &self,
        what: &str,
        timeout: Duration,
        mut look: impl FnMut(&Session) -> Result<Option<T>, String>,
    ) -> Result<T, String> {
        let mut last = None;
        let found = wait_until(what, timeout, || match look(&self.session) {
            Ok(found) => Ok(found),
            Err(error) => {
                last = Some(error);
                Ok(None)
            }
        });
        found.map_err(|error| last.map_or(error.clone(), |last| format!("{error} (last: {last})")))
    }

    /// Waits until what the page holds now is drawn, with its own fonts: a picture shows the last drawn frame.
    ///
    /// # Errors
    /// Nothing is drawn, as while the window is hidden.
    pub fn settle(&self) -> Result<(), String> {
        let script = "const done = arguments[0], frame = f => requestAnimationFrame(f);
            document.fonts.ready.then(() => frame(() => frame(() => done(null))))";
        self.session.execute_async(script, &[]).map(drop)
    }

    /// Saves what the page looks like as `target/window/NAME.png`; returns the path.
    ///
    /// # Errors
    /// What the driver or the file system said.
    pub fn picture(&self, name: &str) -> Result<PathBuf, String> {
        self.settle()?;
        self.save(name)
    }

    fn save(&self, name: &str) -> Result<PathBuf, String> {
        let path = pictures().join(format!("{name}.png"));
        fs::write(&path, self.session.screenshot()?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }

    /// Tells the program to end, as the system does when a person logs out, and waits until it has.
    ///
    /// # Errors
    /// It is not there, or does not end.
    pub fn quit(self) -> Result<(), String> {
        self.end("-TERM")
    }

    /// Takes the terminal away that the program was started from, and waits until it has ended.
    ///
    /// # Errors
    /// It is not there, or does not end.
    pub fn hang_up(self) -> Result<(), String> {
        self.end("-HUP")
    }

    /// Kills the program as a crash or a power cut would: nothing of it runs any more.
    ///
    /// # Errors
    /// It is not there.
    pub fn kill(self) -> Result<(), String> {
        self.end("-KILL")
    }

    /// Whether the program has this in its environment, `NAME=value`.
    ///
    /// # Errors
    /// It is not there.
    pub fn begun_with(&self, variable: &str) -> Result<bool, String> {
        Ok(has_variable(self.program()?, variable))
    }

    /// The program's process. The page's own processes carry the same environment under another name.
    ///
    /// # Errors
    /// It is not there.
    pub fn program(&self) -> Result<u32, String> {
        let processes = fs::read_dir("/proc").map_err(|error| format!("/proc: {error}"))?;
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .find(|id| self.is_ours(*id))
            .ok_or_else(|| "the program's process is not there".to_owned())
    }

    fn is_ours(&self, id: u32) -> bool {
        let name = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        name.trim() == "atalaya"
            && has_variable(id, &format!("ATALAYA_HOME={}", self.data_folder().display()))
    }

    fn end(self, signal: &str) -> Result<(), String> {
        let id = self.program()?;
        Command::new("kill")
            .args([signal, &id.to_string()])
            .status()
            .map_err(|error| format!("kill: {error}"))?;
        wait_until("the program ended", APPEAR, || Ok((!self.is_ours(id)).then_some(())))
    }
}

fn has_variable(id: u32, variable: &str) -> bool {
    let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    environment.split(|byte| *byte == 0).any(|entry| entry == variable.as_bytes())
}

impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = pictures().join(format!("{}.log", self.name));
            let picture = self.save(&format!("{}-failed", self.name));
            let looked = picture.map_or_else(
                |error| format!("no picture of it ({error})"),
                |path| path.display().to_string(),
            );
            eprintln!("the window when this failed: {looked}; its log: {}", log.display());
        }
    }
}

fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

fn pictures() -> PathBuf {
    target_folder().join("window")
}

/// The driver as the set-up installed it, else whichever is found.
fn driver_program() -> PathBuf {
    let installed = target_folder().join("tools/bin/tauri-driver");
    if installed.is_file() { installed } else { PathBuf::from("tauri-driver") }
}

/// Two ports nobody has now: the driver cannot choose one by itself.
fn free_ports() -> Result<(u16, u16), String> {
    let open = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        Ok((listener, port))
    };
    let failed = |error: std::io::Error| format!("no free port: {error}");
    // Both held at once, so that they differ.
    let (first, port) = open().map_err(failed)?;
    let (second, native_port) = open().map_err(failed)?;
    drop((first, second));
    Ok((port, native_port))
}

/// A virtual display of this size under a number it picks itself, as `DISPLAY` names it; gone when the first is dropped.
///
/// # Errors
/// It did not start.
pub fn start_display((width, height): (u32, u32)) -> Result<(Running, String), String> {
    let mut command = bound_command("Xvfb");
    let screen = format!("{width}x{height}x24");
    command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]).stderr(Stdio::null());
    first_line("Xvfb", &mut command).map(|(screen, number)| (screen, format!(":{number}")))
}

/// A message bus of its own: nothing of the session around us is reached.
fn start_bus(home: &Path) -> Result<(Running, String), String> {
    let mut command = bound_command("dbus-daemon");
    command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).env("HOME", home);
    command.stderr(Stdio::null());
    first_line("dbus-daemon", &mut command)
}

/// Starts it; returns the first line it prints, which it does once it is ready.
fn first_line(name: &str, command: &mut Command) -> Result<(Running, String), String> {
    let mut running = Running::start(name, command.stdout(Stdio::piped()))?;
    let out = running.child().stdout.take().ok_or("no output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).map_err(|error| format!("{name}: {error}"))?;
    if line.trim().is_empty() {
        return Err(format!("{name} ended before it was ready"));
    }
    Ok((running, line.trim().to_owned()))
}

/// A folder for one window; removed with it unless it was given.
struct Home {
    path: PathBuf,
    ours: bool,
}

impl Home {
    fn new(given: Option<PathBuf>) -> Result<Self, String> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let ours = given.is_none();
        let path = given.unwrap_or_else(|| {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            std::env::temp_dir().join(format!("atalaya-window-{}-{number}", std::process::id()))
        });
        let home = Self { path, ours };
        for folder in ["atalaya", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            let folder = home.path.join(folder);
            private_folder(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        Ok(home)
    }
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

impl Drop for Home {
    fn drop(&mut self) {
        if self.ours {
            // Best effort: it is in the system's temporary folder.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
