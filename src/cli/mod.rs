//! The command line: one file a command.
//!
//! A command gives back what it has to say and its exit code, and prints nothing itself. Errors are one line on
//! stderr: what is wrong, and what to do. Exit codes: 0 done; 1 something failed; 2 what was typed or fed in
//! cannot be; `status --check` has its own, 0 to 3.

mod args;
mod backup;
mod demo;
mod due;
mod examples;
mod export;
mod holidays;
mod import;
mod letter;
mod mail;
mod pages;
mod purge;
mod record;
mod run;
mod sheet;
mod show;
mod status;
mod typed;
mod verify;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use clap::Parser as _;

use crate::casework;
use crate::clock::{Clock, StoppedClock, SystemClock, london_instant};
use crate::config::{self, Config, Surroundings};
use crate::service;
use crate::store::{self, Sqlite, Store as _};
use crate::wording;
use args::{Args, Command, HolidaysCommand, MailCommand};

#[doc(hidden)]
pub use due::event;

/// What a command has to say.
#[derive(Debug, Default)]
struct Said {
    /// For stdout.
    text: String,
    /// For stderr, a line each.
    complaints: Vec<String>,
    /// The exit code.
    code: u8,
}

impl Said {
    fn well(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    fn json(value: &serde_json::Value) -> Self {
        Self::well(format!("{value:#}\n"))
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
enum Error {
    /// What was typed or fed in cannot be: exit 2.
    Typed(String),
    /// Something failed: exit 1.
    Failed(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Missing(_)
            | store::Error::NotARegister(_)
            | store::Error::NetworkFileSystem { .. }
            | store::Error::InTheWay(_) => Self::Typed(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<casework::Error> for Error {
    fn from(error: casework::Error) -> Self {
        match error {
            casework::Error::Refused(refusal) => Self::Typed(refusal.to_string()),
            casework::Error::Store(error) => error.into(),
            casework::Error::Wording(error) => Self::Failed(error.to_string()),
        }
    }
}

impl From<service::Error> for Error {
    fn from(error: service::Error) -> Self {
        match error {
            service::Error::Store(error) => error.into(),
            service::Error::Casework(error) => error.into(),
            ended @ service::Error::Ended(_) => Self::Failed(ended.to_string()),
            service::Error::System(words) => Self::Failed(words),
        }
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        Self::Typed(error.to_string())
    }
}

type Result<T = Said> = std::result::Result<T, Error>;

/// Reads the command line, runs the command, prints what it says.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return misread(&error),
    };
    let check = matches!(&args.command, Command::Status(status) if status.check);
    match dispatch(args) {
        Ok(said) => say(&said),
        Err(error) => {
            let (words, code) = match error {
                Error::Typed(words) => (words, 2),
                Error::Failed(words) => (words, 1),
            };
            complain(&words);
            // To a monitoring plugin, nothing readable is "unknown".
            ExitCode::from(if check { 3 } else { code })
        }
    }
}

/// Help goes to stdout as it is; a mistake is put on one line, with the help that answers it.
fn misread(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return say(&Said::well(error.render().to_string()));
    }
    use clap::error::ErrorKind::{DisplayHelpOnMissingArgumentOrSubcommand, MissingSubcommand};
    let words = error.to_string();
    let help = format!("{} --help", command_in(&words));
    if matches!(
        error.kind(),
        DisplayHelpOnMissingArgumentOrSubcommand | MissingSubcommand
    ) {
        complain(&format!("no command is given; {help} lists them"));
        return ExitCode::from(2);
    }
    let sentence: Vec<&str> = words
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .collect();
    let sentence = sentence
        .join(" ")
        .replace(" tip: ", "; ")
        .replace("the following required arguments were not provided:", "missing:");
    let sentence = sentence.trim_start_matches("error: ");
    // What the reader of a value has to say tells what to write in its place.
    match error.kind() {
        clap::error::ErrorKind::ValueValidation => complain(sentence),
        _ => complain(&format!("{sentence}; {help} shows what may be typed")),
    }
    ExitCode::from(2)
}

/// The command that a mistake's usage line is about: `timeous mail retry`.
fn command_in(words: &str) -> String {
    let usage = words.lines().find_map(|line| line.trim().strip_prefix("Usage: "));
    let named = usage.unwrap_or("timeous").split_whitespace();
    let named: Vec<_> = named
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-'))
        .collect();
    named.join(" ")
}

/// A reader that has gone (`timeous status | head`) is no failure.
fn say(said: &Said) -> ExitCode {
    for words in &said.complaints {
        complain(words);
    }
    match anstream::stdout().write_all(said.text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            complain(&format!("the answer could not be written: {error}"));
            ExitCode::FAILURE
        }
        _ => ExitCode::from(said.code),
    }
}

/// One line, whatever the words repeat of what was typed.
fn complain(words: &str) {
    // Where even this cannot be written, the exit code is all that is left to say.
    let _ = writeln!(std::io::stderr(), "timeous: {}", wording::one_line(words));
}

/// The configuration with the days adopted into its register, and the register.
fn with_register(config: Config, open: impl FnOnce(&Path) -> store::Result<Sqlite>) -> Result<(Config, Sqlite)> {
    let register = open(&config.register)?;
    Ok((with_adopted(config, &register)?, register))
}

/// The configuration with the days that were adopted into a register.
fn with_adopted(config: Config, register: &Sqlite) -> Result<Config> {
    let adopted = register.read(|snapshot| snapshot.adopted())?;
    if adopted.days.is_empty() {
        return Ok(config);
    }
    let adopting = config.with_adopted(adopted.days, adopted.on);
    adopting.map_err(|error| Error::Failed(error.to_string()))
}

/// What every command is given.
struct Context {
    config_path: Option<PathBuf>,
    register: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    /// A day was pretended with `--today`.
    pretended: bool,
}

impl Context {
    fn new(args: &Args) -> Self {
        let pretended = args.today.map(|day| {
            let morning = NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default();
            london_instant(day, morning)
        });
        Self {
            config_path: args.config.clone(),
            register: args.register.clone(),
            clock: match pretended {
                Some(at) => Arc::new(StoppedClock(at)),
                None => Arc::new(SystemClock::start()),
            },
            pretended: pretended.is_some(),
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The configuration: the named file, else the system's, else the defaults.
    fn config(&self) -> Result<Config> {
        let folder = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let surroundings = Surroundings {
            state: folder("STATE_DIRECTORY"),
            credentials: folder("CREDENTIALS_DIRECTORY"),
        };
        let system = Path::new(config::SYSTEM_FILE);
        let mut config = match &self.config_path {
            Some(path) => Config::read(path, &surroundings)?,
            // Where the folder is closed to whoever asks, the file may be there; the defaults would then make a
            // register of their own.
            None if system.try_exists().unwrap_or(true) => Config::read(system, &surroundings)?,
            None => Config::defaults(&surroundings)?,
        };
        if let Some(register) = &self.register {
            config.register.clone_from(register);
        }
        Ok(config)
    }

    /// The configuration with the days adopted into its register, for what needs no register. Where there is one
    /// and it cannot be read, that is said and its days are left out.
    fn in_force(&self) -> Result<(Config, Vec<String>)> {
        let config = self.config()?;
        match Sqlite::open_to_look(&config.register) {
            Ok(register) => Ok((with_adopted(config, &register)?, Vec::new())),
            Err(store::Error::Missing(_)) => Ok((config, Vec::new())),
            Err(error) => {
                let complaint = format!("{error}; days adopted into the register are not reckoned with");
                Ok((config, vec![complaint]))
            }
        }
    }

    /// The configuration, and the register, made if there is none.
    fn created(&self) -> Result<(Config, Sqlite)> {
        with_register(self.config()?, Sqlite::create)
    }

    /// The configuration, and the register if there is one.
    fn found(&self, open: impl FnOnce(&Path) -> store::Result<Sqlite>) -> Result<Option<(Config, Sqlite)>> {
        let config = self.config()?;
        match open(&config.register) {
            Err(store::Error::Missing(_)) => Ok(None),
            opened => with_register(config, |_| opened).map(Some),
        }
    }

    /// The configuration, and the register that must be there, to be read: a backup stays as it is.
    fn looked(&self) -> Result<(Config, Sqlite)> {
        with_register(self.config()?, Sqlite::open_to_look)
    }

    /// The configuration, and the register that must be there.
    fn opened(&self) -> Result<(Config, Sqlite)> {
        with_register(self.config()?, Sqlite::open)
    }

    /// A pretended day is for looking only: an entry must not say that it was made on it.
    fn refuse_pretended(&self, command: &str) -> Result<()> {
        if self.pretended {
            return Err(Error::Typed(format!(
                "--today is for commands that only look; {command} records the real day, leave --today out"
            )));
        }
        Ok(())
    }

    /// Who is at the keyboard: the user behind sudo, else the login.
    fn clerk(&self, by: Option<String>) -> casework::record::Clerk {
        let behind_sudo = std::env::var("SUDO_USER").ok().filter(|user| !user.is_empty());
        casework::record::Clerk {
            login: behind_sudo
                .or_else(|| whoami::username().ok())
                .unwrap_or_else(|| "unknown".to_owned()),
            by,
            now: self.now(),
        }
    }
}

fn dispatch(args: Args) -> Result {
    let context = Context::new(&args);
    match args.command {
        Command::Due(due) => due::due(&context, &due),
        Command::Log(log) => record::log(&context, log),
        Command::Record(fact) => record::record(&context, fact),
        Command::Correct(correct) => record::correct(&context, correct),
        Command::Show { reference, json } => show::show(&context, &reference, json),
        Command::Explain(explain) => show::explain(&context, &explain),
        Command::Letter { reference, letter } => letter::letter(&context, &reference, letter),
        Command::Status(wanted) => status::status(&context, &wanted),
        Command::Export(wanted) => export::export(&context, &wanted),
        Command::Import(import) => import::import(&context, &import),
        Command::Holidays { command } => match command {
            HolidaysCommand::List { year, json } => holidays::list(&context, year, json),
            HolidaysCommand::Check { file, json } => holidays::check(&context, file.as_deref(), json),
            HolidaysCommand::Update { file, url, dry_run } => {
                holidays::update(&context, file.as_deref(), url.as_deref(), dry_run)
            }
        },
        Command::Mail { command } => match command {
            MailCommand::Test { address } => mail::test(&context, &address),
            MailCommand::Queue => mail::queue(&context),
            MailCommand::Retry { id } => mail::retry(&context, id),
        },
        Command::Verify { head, json } => verify::verify(&context, head.as_ref(), json),
        Command::Backup { file } => backup::backup(&context, &file),
        Command::Purge {
            closed_before,
            dry_run,
            by,
        } => purge::purge(&context, closed_before, dry_run, by),
        Command::Run { once } => run::run(&context, once),
        Command::Demo => demo::demo(&context),
        Command::Completions { shell } => Ok(pages::completions(shell)),
        Command::Man { dir } => pages::man(&dir),
    }
}
