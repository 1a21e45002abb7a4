//! The configuration file, read into what each room asks for.
//!
//! A key that is not known is an error, and so is an officer who is not: a misspelt setting must not be a
//! silent one. Every message is one line that names the file and the place in it.

mod file;
mod mail;
mod rules;
mod secret;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

pub use mail::{MailSettings, Transport};
pub use rules::{LivingSheet, Rules, Sources};
pub use watch::Watch;

use crate::calendar::{BankHoliday, Broken, Calendar, Proclamations, Reason, bank_holidays, proclamations};
use crate::clock::in_full;
use crate::exchange::Mapping;
use crate::files;
use crate::http::Url;
use crate::mail::Address;
use crate::reminders::ladder::working_days;
use crate::reminders::people::{Absence, Officer};
use crate::reminders::{Closures, Ladder, Ladders, People, Quiet, Upward};
use crate::statute::{Authority, AuthorityKind, SchoolDays};
use crate::wording::{self, Wording};
use secret::Secrets;

/// Where the configuration is looked for when none is named.
pub const SYSTEM_FILE: &str = "/etc/timeous/timeous.toml";

/// What is wrong with the configuration, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// The configuration, understood.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it was read from; none for the defaults.
    pub path: Option<PathBuf>,
    /// The register.
    pub register: PathBuf,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Where a newer list of bank holidays is looked for every day; none if it is not.
    pub feed: Option<Url>,
    /// Who watches the service itself, and how.
    pub watch: Watch,
    /// Everything that decides dates, mornings, recipients and words.
    pub rules: Rules,
    secrets: Secrets,
}

/// The file, why it cannot be read, and what to do.
fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let file = path.display();
    Error(match error.kind() {
        std::io::ErrorKind::PermissionDenied => format!(
            "{file} may not be read by you; have an administrator add you to its group (as shipped: adduser NAME \
             timeous), then log in again"
        ),
        std::io::ErrorKind::NotFound => {
            format!("there is no configuration {file}; check --config and TIMEOUS_CONFIG")
        }
        _ => format!("{file} cannot be read: {error}; check the file"),
    })
}

/// What the environment says, passed in so that nothing here reads it.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `$STATE_DIRECTORY`: where the register and the outbox lie if their paths are relative.
    pub state: Option<PathBuf>,
    /// `$CREDENTIALS_DIRECTORY`: where systemd puts secrets.
    pub credentials: Option<PathBuf>,
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// One line that names the file, the place and what to do.
    pub fn read(path: &Path, surroundings: &Surroundings) -> Result<Self, Error> {
        let text = files::text(path).map_err(|error| unreadable(path, &error))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Self::parse(&text, folder, surroundings)
            .map(|config| Self {
                path: Some(path.to_owned()),
                ..config
            })
            .map_err(|Error(words)| Error(format!("{}: {words}", path.display())))
    }

    /// The same with a calendar in which days that were adopted into the register count too.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn with_adopted(self, days: Vec<BankHoliday>, on: Option<NaiveDate>) -> Result<Self, Broken> {
        Ok(Self {
            rules: self.rules.with_adopted(days, on)?,
            ..self
        })
    }

    /// The defaults: a register and an outbox in the state folder or here, mail as files.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn defaults(surroundings: &Surroundings) -> Result<Self, Error> {
        Self::parse("", Path::new(""), surroundings)
    }

    /// Understands the text of a configuration file that lies in a folder.
    ///
    /// # Errors
    /// One line that says where and what.
    pub fn parse(text: &str, folder: &Path, surroundings: &Surroundings) -> Result<Self, Error> {
        let file: file::File = toml::from_str(text).map_err(|error| in_line(text, &error))?;
        let state = surroundings.state.as_deref().unwrap_or(folder);
        let people = people(&file.people)?;
        let mut secrets = Secrets::new(folder, surroundings);
        let from = Address::parse(&file.mail.from).map_err(|error| wrong("mail.from", error))?;
        let mail = MailSettings {
            transport: mail::transport(&file.mail, (folder, state), &mut secrets)?,
            from,
            sessions: mail::sessions(&file.mail)?,
        };
        let watch = watch::watch(&file.watch, &people, state, &mut secrets)?;
        let register = state.join(&file.register);
        let rules = rules(&file, folder, people, &mail.from)?;
        if let Some(sheet) = &rules.sheet
            && let Some(what) = forbidden(&sheet.path, &register, None)
        {
            return Err(Error(format!("sheet.path is {what}; give another name")));
        }
        if let Some(ics) = &watch.ics
            && let Some(what) = forbidden(ics, &register, rules.sheet.as_ref())
        {
            return Err(Error(format!("watch.ics is {what}; give another name")));
        }
        Ok(Self {
            path: None,
            register,
            feed: watch::feed(&file.calendar)?,
            watch,
            rules,
            mail,
            secrets,
        })
    }

    /// Why a file must not be written under a name: it is the register, one of the files that belong to it, or the
    /// officers' own sheet. Nothing if it may be.
    #[must_use]
    pub fn forbids_writing(&self, file: &Path) -> Option<&'static str> {
        forbidden(file, &self.register, self.rules.sheet.as_ref())
    }

    /// Whether every secret that the file names could be read. The service needs them; an officer who records an
    /// answer does not, and may not be able to read them.
    ///
    /// # Errors
    /// One line that says which could not be, and why.
    pub fn need_secrets(&self) -> Result<(), Error> {
        self.secrets_below("")
    }

    /// The same of the secret by which mail is sent.
    ///
    /// # Errors
    /// One line that says why it could not be read.
    pub fn need_mail_secret(&self) -> Result<(), Error> {
        self.secrets_below("mail.")
    }

    fn secrets_below(&self, key: &str) -> Result<(), Error> {
        self.secrets.all_read(key).map_err(|Error(words)| match &self.path {
            Some(path) => Error(format!("{}: {words}", path.display())),
            None => Error(words),
        })
    }
}

/// What lies beside a register and belongs to it, by what is added to its name.
const BESIDE: [&str; 6] = ["-wal", "-shm", "-journal", ".daemon", ".writer", ".timeous-part"];

/// See [`Config::forbids_writing`].
fn forbidden(file: &Path, register: &Path, sheet: Option<&LivingSheet>) -> Option<&'static str> {
    if one_file(file, register) {
        return Some("the register itself");
    }
    // Where its name is a link, they lie beside what that leads to.
    let register = register.canonicalize().unwrap_or_else(|_| register.to_owned());
    let beside = |ending: &str| {
        let mut name = register.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    if BESIDE.iter().any(|ending| one_file(file, &beside(ending))) {
        return Some("a file that belongs to the register");
    }
    let sheet = sheet.is_some_and(|sheet| one_file(file, &sheet.path));
    sheet.then_some("the officers' own sheet, which is never written")
}

/// Whether two names lead to one file, also one that is not there yet.
fn one_file(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
            Some(folder.join(path.file_name()?))
        })
    };
    one == other || whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// Everything that decides dates, mornings, recipients and words.
fn rules(file: &file::File, folder: &Path, people: People, from: &Address) -> Result<Rules, Error> {
    let (calendar, sources) = calendar(&file.calendar, folder)?;
    let wording = Wording::new(&wording::Settings {
        authority: file.authority.name.clone(),
        kind: file.authority.kind,
        contact: file.authority.contact.clone(),
        sheet: file
            .sheet
            .as_ref()
            .and_then(|sheet| Some(sheet.path.file_name()?.to_string_lossy().into_owned())),
        templates: file.mail.templates.as_ref().map(|templates| folder.join(templates)),
    });
    let rules = Rules {
        calendar,
        sources,
        authority: Authority {
            kind: file.authority.kind,
            letters_say: file.policy.letters_say,
            department_days: file.policy.department_days,
            waiting_days: file.policy.waiting_days,
            school_days: school_days(&file.authority, folder)?,
        },
        closures: Closures::parse(&file.calendar.closures).map_err(|error| wrong("calendar.closures", error))?,
        ladders: ladders(&file.reminders)?,
        assurance: file.reminders.assurance.weekday(),
        admins: file.watch.admins.clone(),
        upward: Upward::new(file.reminders.manager_on.clone(), file.reminders.manager_every)
            .map_err(|error| wrong("reminders.manager_on", error))?,
        sheet: file
            .sheet
            .as_ref()
            .map(|given| sheet(given, folder, &people))
            .transpose()?,
        people,
        departments: file.people.departments.iter().map(|one| one.id.clone()).collect(),
        send_at: time("reminders.send_at", &file.reminders.send_at)?,
        send_until: time("reminders.send_until", &file.reminders.send_until)?,
        soon: days("policy.soon", &file.policy.soon)?,
        retry: mail::retry(&file.mail.retry)?,
        wording: Arc::new(wording.map_err(|error| wrong("mail.templates", error))?),
        mail_domain: from.email.rsplit('@').next().unwrap_or("localhost").to_owned(),
    };
    match rules.send_until <= rules.send_at {
        true => Err(Error(
            "reminders.send_until must be later than reminders.send_at".to_owned(),
        )),
        false => Ok(rules),
    }
}

/// The officers' own sheet; one that is not there now may be tomorrow.
fn sheet(given: &file::Sheet, folder: &Path, people: &People) -> Result<LivingSheet, Error> {
    if people.officer(&given.owner).is_none() {
        let why = format!(
            "{:?} is not among the officers; add them to people.officers",
            given.owner
        );
        return Err(wrong("sheet.owner", why));
    }
    if given.path.file_name().is_none() {
        return Err(wrong(
            "sheet.path",
            format!("{:?} names no file", given.path.display().to_string()),
        ));
    }
    let map = match &given.map {
        None => Mapping::default(),
        Some(map) => {
            let path = folder.join(map);
            let named = |why: String| wrong("sheet.map", format!("{}: {why}", path.display()));
            let text = files::text(&path).map_err(|error| named(error.to_string()))?;
            Mapping::parse(&text).map_err(|error| named(error.to_string()))?
        }
    };
    Ok(LivingSheet {
        path: folder.join(&given.path),
        owner: given.owner.clone(),
        map,
    })
}

fn wrong(key: &str, why: impl std::fmt::Display) -> Error {
    Error(format!("{key}: {why}"))
}

/// TOML's complaint on one line, with the line it is about.
fn in_line(text: &str, error: &toml::de::Error) -> Error {
    let words = error.message().replace('\n', " ");
    Error(match error.span() {
        Some(span) => {
            let line = text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
            format!("line {line}: {words}")
        }
        None => words,
    })
}

fn calendar(calendar: &file::Calendar, folder: &Path) -> Result<(Calendar, Sources), Error> {
    let read =
        |key: &str, path: &Path| files::text(path).map_err(|error| wrong(key, format!("{}: {error}", path.display())));
    let more = match &calendar.bank_holidays {
        None => Vec::new(),
        Some(path) => {
            let (key, path) = ("calendar.bank_holidays", folder.join(path));
            bank_holidays::parse(&read(key, &path)?)
                .map_err(|error| wrong(key, format!("{} {error}", path.display())))?
        }
    };
    let later = match &calendar.proclamations {
        None => Proclamations::default(),
        Some(path) => {
            let (key, path) = ("calendar.proclamations", folder.join(path));
            proclamations::parse(&read(key, &path)?)
                .map_err(|error| wrong(key, format!("{}: {error}", path.display())))?
        }
    };
    let in_force = Calendar::in_force(&more, later.clone()).map_err(|error| wrong("calendar", error))?;
    let unexplained = |day: &&BankHoliday| in_force.reason(day.date) == Some(&Reason::Listed);
    if let Some(day) = more.iter().find(unexplained) {
        let why = format!(
            "gives {}, {:?}, as a bank holiday, and neither the 1971 Act nor a proclamation on record does; a local \
             holiday is a working day in law (FOISA s.73) and belongs to calendar.closures, and what was proclaimed \
             belongs to calendar.proclamations",
            in_full(day.date),
            day.name
        );
        return Err(wrong("calendar.bank_holidays", why));
    }
    let sources = Sources {
        listed: more,
        proclamations: later,
        adopted: Vec::new(),
    };
    Ok((in_force, sources))
}

/// A school's days, which a school must give and nobody else can use.
fn school_days(authority: &file::Authority, folder: &Path) -> Result<Option<SchoolDays>, Error> {
    let Some(path) = &authority.school_days else {
        return match authority.kind {
            AuthorityKind::School => Err(Error(
                "authority.kind is \"school\" but authority.school_days names no file of its school days".to_owned(),
            )),
            _ => Ok(None),
        };
    };
    let path = folder.join(path);
    let text =
        files::text(&path).map_err(|error| wrong("authority.school_days", format!("{}: {error}", path.display())))?;
    let days: file::SchoolDays = toml::from_str(&text).map_err(|error| {
        let Error(words) = in_line(&text, &error);
        wrong("authority.school_days", format!("{}: {words}", path.display()))
    })?;
    if days.term.is_empty() {
        let why = format!(
            "{}: lists no term; give each a [[term]] with from and to",
            path.display()
        );
        return Err(wrong("authority.school_days", why));
    }
    if let Some(term) = days.term.iter().find(|term| term.to < term.from) {
        let why = format!("{}: the term from {} ends before it begins", path.display(), term.from);
        return Err(wrong("authority.school_days", why));
    }
    Ok(Some(SchoolDays {
        terms: days.term.iter().map(|term| (term.from, term.to)).collect(),
        closed: days.closed,
    }))
}

fn ladders(given: &file::Reminders) -> Result<Ladders, Error> {
    let mut ladders = Ladders::default();
    let own = [
        ("duty", &given.duty, &mut ladders.duty),
        ("appeal", &given.appeal, &mut ladders.appeal),
        ("windows", &given.windows, &mut ladders.windows),
        ("department", &given.department, &mut ladders.department),
        ("waiting", &given.waiting, &mut ladders.waiting),
        ("diary", &given.diary, &mut ladders.diary),
        ("other", &given.other, &mut ladders.other),
    ];
    for (name, given, ladder) in own {
        if let Some(rungs) = given {
            *ladder = Ladder::parse(rungs).map_err(|error| wrong(&format!("reminders.{name}"), error))?;
        }
    }
    for (step, rungs) in &given.step {
        let key = format!("reminders.step.{step}");
        let step = step.parse().map_err(|error| wrong(&key, error))?;
        ladders
            .step
            .insert(step, Ladder::parse(rungs).map_err(|error| wrong(&key, error))?);
    }
    Ok(ladders)
}

fn people(given: &file::People) -> Result<People, Error> {
    let mut officers: Vec<Officer> = Vec::new();
    for one in &given.officers {
        if officers.iter().any(|officer| officer.id == one.id) {
            return Err(wrong("people.officers", format!("{:?} stands twice", one.id)));
        }
        officers.push(officer(one)?);
    }
    let people = People {
        officers,
        team: given
            .team
            .as_deref()
            .map(|team| mailbox("people.team", team))
            .transpose()?,
    };
    for officer in &people.officers {
        let named = officer.away.iter().filter_map(|absence| absence.cover.as_ref());
        for id in named.chain(&officer.cover).chain(&officer.manager) {
            if people.officer(id).is_none() {
                let why = format!("{:?} names {id:?}, who is not among the officers; add them", officer.id);
                return Err(wrong("people.officers", why));
            }
        }
    }
    Ok(people)
}

fn officer(one: &file::Officer) -> Result<Officer, Error> {
    let away = one.away.iter().map(|absence| {
        if absence.to < absence.from {
            let why = format!(
                "{:?} is back on {} before leaving on {}",
                one.id, absence.to, absence.from
            );
            return Err(wrong("people.officers", why));
        }
        Ok(Absence {
            from: absence.from,
            to: absence.to,
            cover: absence.cover.clone(),
        })
    });
    Ok(Officer {
        id: one.id.clone(),
        name: one.name.clone(),
        email: mailbox("people.officers", &one.email)?,
        cover: one.cover.clone(),
        manager: one.manager.clone(),
        away: away.collect::<Result<_, _>>()?,
        quiet: Quiet::parse(&one.quiet)
            .map_err(|error| wrong("people.officers", format!("{:?}: quiet: {error}", one.id)))?,
        left: one.left,
    })
}

fn mailbox(key: &str, text: &str) -> Result<String, Error> {
    Address::parse(text)
        .map(|address| address.email)
        .map_err(|error| wrong(key, format!("{text:?}: {error}")))
}

fn time(key: &str, text: &str) -> Result<NaiveTime, Error> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| wrong(key, format!("{text:?} is not a time such as 08:00")))
}

fn days(key: &str, text: &str) -> Result<u16, Error> {
    working_days(text).ok_or_else(|| wrong(key, format!("{text:?} is not a number of working days such as 5wd")))
}

#[cfg(test)]
mod tests;
