//! An office with the real program: a folder with a configuration, a register and an outbox, the program run
//! as a child with a pretended wall clock (Debian's faketime; monotonic time is left alone).

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub use super::ran::Ran;

/// Officers, and mail as files unless an SMTP port is given. Without the weekly mail to those who have nothing to do,
/// which `tests/rounds` is about.
pub struct Office {
    folder: TempDir,
    surroundings: Vec<(String, String)>,
    without_rights: bool,
}

const PEOPLE: &str = r#"
[authority]
name = "Example Council"
contact = "foi@example.gov.uk"
[reminders]
assurance = "never"
[people]
team = "foi@example.gov.uk"
officers = [
  { id = "bjones", name = "B Jones", email = "bjones@example.gov.uk", cover = "cbrown" },
  { id = "cbrown", name = "C Brown", email = "cbrown@example.gov.uk" },
]
[mail]
from = "Timeous <foi@example.gov.uk>"
retry = { first = "1s", longest = "2s" }
"#;

impl Office {
    pub fn new() -> Office {
        Office::with("")
    }

    /// Mail goes to a server on this machine, in the clear.
    pub fn with_smtp(port: u16) -> Office {
        Office::with(&format!(
            "transport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n"
        ))
    }

    /// In memory where there is such a place, for tests that wait for the disk a thousand times and learn nothing of it.
    pub fn in_memory() -> Office {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Office::inside(folder.unwrap(), "")
    }

    /// Further lines of configuration, in the section of the mail.
    pub fn with(more: &str) -> Office {
        Office::inside(tempfile::tempdir().unwrap(), more)
    }

    fn inside(folder: TempDir, more: &str) -> Office {
        let office = Office {
            folder,
            surroundings: Vec::new(),
            without_rights: false,
        };
        office.configure(&format!("{PEOPLE}{more}"));
        office
    }

    pub fn configure(&self, text: &str) {
        std::fs::write(self.path("timeous.toml"), text).unwrap();
    }

    /// Sets a variable for every program run from now on; with no value it is taken away.
    pub fn surround(&mut self, name: &str, value: &str) {
        self.surroundings.push((name.to_owned(), value.to_owned()));
    }

    /// Writes a file that nobody else may read.
    pub fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// From now on every program runs as nobody, if the tests run as root, whom no permission keeps out.
    pub fn give_up_rights(&mut self) {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        self.without_rights = std::fs::metadata("/proc/self").unwrap().uid() == 0;
        std::fs::set_permissions(self.path(""), std::fs::Permissions::from_mode(0o777)).unwrap();
    }

    fn command(&self, at: Option<&str>, args: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_timeous");
        let mut command = Command::new(if self.without_rights { "setpriv" } else { program });
        if self.without_rights {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            // The pretended clock is the program's alone: who began as root has made what nobody may then open.
            command.args(["sh", "-c", "LD_PRELOAD=$PRETENDED exec \"$0\" \"$@\"", program]);
        }
        command.args(args);
        self.surrounded(command, at)
    }

    /// What the program finds around it.
    fn surrounded(&self, mut command: Command, at: Option<&str>) -> Command {
        command
            .current_dir(self.folder.path())
            .env("TIMEOUS_CONFIG", self.path("timeous.toml"))
            .env_remove("STATE_DIRECTORY")
            .env_remove("SUDO_USER")
            .env_remove("NOTIFY_SOCKET")
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        for (name, value) in &self.surroundings {
            match value.is_empty() {
                true => command.env_remove(name),
                false => command.env(name, value),
            };
        }
        if let Some(at) = at {
            let preload = if self.without_rights { "PRETENDED" } else { "LD_PRELOAD" };
            command
                .env(preload, faketime().unwrap())
                .env("FAKETIME", at)
                .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
        command
    }

    fn finish(mut command: Command) -> Ran {
        Office::ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn ended(child: Child) -> Ran {
        let id = child.id();
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_none() {
            sweep_up_after(id);
        }
        Ran {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the program now.
    pub fn run(&self, args: &[&str]) -> Ran {
        Office::finish(self.command(None, args))
    }

    /// Runs the program at a moment, `2022-03-04 08:00:00` UTC.
    pub fn run_at(&self, at: &str, args: &[&str]) -> Ran {
        Office::finish(self.command(Some(at), args))
    }

    /// Runs the program at a moment and kills it after a while, if it has not ended by then.
    pub fn killed_at(&self, at: &str, args: &[&str], after: Duration) -> Ran {
        let mut command = self.command(Some(at), args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        Office::ended(child)
    }

    /// Runs the program at a moment under strace, which is told what to do.
    pub fn traced_at(&self, at: &str, strace: &[&str], args: &[&str]) -> Ran {
        let mut command = Command::new("strace");
        command.args(strace).arg(env!("CARGO_BIN_EXE_timeous")).args(args);
        Office::finish(self.surrounded(command, Some(at)))
    }

    /// Runs a line as a shell reads it, at a moment; `timeous` is the program, wherever it lies.
    pub fn shell_at(&self, at: &str, line: &str) -> Ran {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_timeous"));
        let beside = program.parent().unwrap().to_str().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        let mut command = self.surrounded(command, Some(at));
        command.env("PATH", format!("{beside}:{path}"));
        Office::finish(command)
    }

    /// Starts the service at a moment; its clock runs on from there.
    pub fn service(&self, at: Option<&str>) -> Service {
        let at = at.map(|at| format!("@{at}"));
        self.started(self.command(at.as_deref(), &["run"]))
    }

    /// Starts it under a strace that is told what to do and stays in the background; the clock stands still.
    pub fn traced_service(&self, at: &str, strace: &[&str]) -> Service {
        let mut command = Command::new("strace");
        command.arg("-D").args(strace);
        command.args([env!("CARGO_BIN_EXE_timeous"), "run"]);
        self.started(self.surrounded(command, Some(at)))
    }

    fn started(&self, mut command: Command) -> Service {
        let socket = self.path("notify");
        let _ = std::fs::remove_file(&socket);
        let listener = UnixDatagram::bind(&socket).unwrap();
        listener.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        if self.without_rights {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o777)).unwrap();
        }
        let mut child = command
            .env("NOTIFY_SOCKET", &socket)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, log) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        Service { child, listener, log }
    }

    /// Every row of every table, so that "nothing changed" can be said with certainty.
    pub fn dump(&self) -> String {
        let register = rusqlite::Connection::open(self.path("register.db")).unwrap();
        let mut tables = register
            .prepare("select name from sqlite_schema where type = 'table' order by name")
            .unwrap();
        let names: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut text = String::new();
        for name in names {
            let mut rows = register
                .prepare(&format!("select * from {name} order by 1, 2"))
                .unwrap();
            let columns = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<_> = (0..columns).map(|i| format!("{:?}", row.get_ref(i).unwrap())).collect();
                text.push_str(&format!("{name}: {}\n", values.join(", ")));
            }
        }
        text
    }

    /// One number from the register.
    pub fn count(&self, sql: &str) -> i64 {
        let register = rusqlite::Connection::open(self.path("register.db")).unwrap();
        register.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The mails in the outbox folder, the oldest first.
    pub fn mails(&self) -> Vec<String> {
        let Ok(folder) = std::fs::read_dir(self.path("outbox")) else {
            return Vec::new();
        };
        // What is being written has another name until it is whole.
        let is_whole = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "eml");
        let paths = folder.map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> = paths.filter(is_whole).collect();
        paths.sort();
        paths
            .iter()
            .map(|path| std::fs::read_to_string(path).unwrap())
            .collect()
    }

    /// Holds the lock under which everybody writes, until dropped.
    pub fn writers_lock(&self) -> File {
        let file = File::options()
            .write(true)
            .open(self.path("register.db.writer"))
            .unwrap();
        file.lock().unwrap();
        file
    }
}

/// The running service.
pub struct Service {
    child: Child,
    listener: UnixDatagram,
    log: mpsc::Receiver<String>,
}

impl Service {
    /// Waits until it has told systemd this.
    pub fn wait_for(&self, words: &str) -> String {
        let mut buffer = [0; 4096];
        let mut seen = Vec::new();
        for _ in 0..200 {
            let read = match self.listener.recv(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.unwrap_or_else(|error| panic!("no {words} ({error}); it said {seen:?}")),
            };
            let message = String::from_utf8_lossy(&buffer[..read]).into_owned();
            if message.contains(words) {
                return message;
            }
            seen.push(message);
        }
        panic!("no {words}; it said {seen:?}");
    }

    /// Waits until it has logged a line with these words.
    pub fn wait_for_log(&self, words: &str) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        while Instant::now() < end {
            match self.log.recv_timeout(Duration::from_millis(200)) {
                Ok(line) if line.contains(words) => return line,
                _ => {}
            }
        }
        panic!("nothing was logged with {words:?}");
    }

    /// What it logs from here on, to a line with these words.
    pub fn log_until(&self, words: &str) -> Vec<String> {
        let end = Instant::now() + Duration::from_secs(20);
        let mut lines = Vec::new();
        while Instant::now() < end {
            if let Ok(line) = self.log.recv_timeout(Duration::from_millis(200)) {
                lines.push(line);
                if lines.last().is_some_and(|line| line.contains(words)) {
                    return lines;
                }
            }
        }
        panic!("nothing was logged with {words:?}: {lines:?}");
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("/bin/kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success());
    }

    /// Whether it has ended by itself, and with which code; with none if it was killed.
    pub fn has_ended(&mut self) -> Option<Option<i32>> {
        let ended = self.child.try_wait().unwrap()?;
        sweep_up_after(self.child.id());
        Some(ended.code())
    }

    /// Kills it outright.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        sweep_up_after(self.child.id());
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> Option<i32> {
        self.signal("TERM");
        self.wait_for("STOPPING=1");
        self.child.wait().unwrap().code()
    }

    /// Waits for it to end by itself.
    pub fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let log: Vec<_> = self.log.iter().collect();
        (code, log.join("\n"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes away what faketime leaves in shared memory where its process was killed.
fn sweep_up_after(process: u32) {
    for name in ["faketime_shm_", "sem.faketime_sem_"] {
        let _ = std::fs::remove_file(format!("/dev/shm/{name}{process}"));
    }
}

/// Debian's faketime for programs with threads.
pub fn faketime() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?;
    libraries
        .filter_map(|entry| Some(entry.ok()?.path().join("faketime/libfaketimeMT.so.1")))
        .find(|path| path.exists())
}

/// Whether the wall clock can be pretended. `tests/run` installs what that takes and then insists; a plain
/// `cargo test` on a bare machine says what is missing and goes on.
pub fn can_pretend() -> bool {
    let can = faketime().is_some();
    let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
    assert!(can || !required, "faketime is not installed; tests/run installs it");
    if !can {
        println!("skipped: faketime is not installed; tests/run installs it");
    }
    can
}

/// Whether a program's system calls can be watched and interrupted, and the wall clock pretended meanwhile.
pub fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    let required = std::env::var_os("TIMEOUS_REQUIRE_TOOLS").is_some();
    assert!(
        can || !required,
        "strace is missing or not allowed; tests/run installs it"
    );
    if !can {
        println!("skipped: strace is missing or not allowed; tests/run installs it");
    }
    can && can_pretend()
}

/// The plain text of a mail as its reader sees it, with every run of white space made one space.
pub fn plain_text(mail: &str) -> String {
    let part = mail.split("Content-Type: text/plain").nth(1).unwrap();
    let (_, body) = part.split_once("\r\n\r\n").unwrap();
    let body = body.split("\r\n--").next().unwrap();
    let mut bytes = Vec::new();
    let mut rest = body.replace("=\r\n", "").into_bytes().into_iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'=' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes)
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// A header of a mail, unfolded, its encoded words (RFC 2047, base64 or Q) decoded.
pub fn header(mail: &str, name: &str) -> Option<String> {
    let head = mail.split("\r\n\r\n").next()?.replace("\r\n ", " ");
    let line = head
        .lines()
        .find(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase())))?;
    let value = line.split_once(':')?.1.trim();
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, encoded)) = rest.split_once("=?utf-8?") {
        if !before.trim().is_empty() || text.is_empty() {
            text.push_str(before);
        }
        let (kind, encoded) = encoded.split_once('?')?;
        let (word, after) = encoded.split_once("?=")?;
        let bytes = match kind {
            "b" | "B" => base64::Engine::decode(&base64::engine::general_purpose::STANDARD, word).ok()?,
            _ => return None,
        };
        text.push_str(&String::from_utf8(bytes).ok()?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}
