//! The configuration file as it is written, key by key.

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::path::PathBuf;

use chrono::{NaiveDate, Weekday};
use serde::Deserialize;

use crate::statute::{AuthorityKind, LettersSay};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) register: PathBuf,
    pub(super) authority: Authority,
    pub(super) calendar: Calendar,
    pub(super) policy: Policy,
    pub(super) reminders: Reminders,
    pub(super) people: People,
    pub(super) mail: Mail,
    pub(super) sheet: Option<Sheet>,
    pub(super) watch: Watch,
}

impl Default for File {
    fn default() -> Self {
        Self {
            register: "register.db".into(),
            authority: Authority::default(),
            calendar: Calendar::default(),
            policy: Policy::default(),
            reminders: Reminders::default(),
            people: People::default(),
            mail: Mail::default(),
            sheet: None,
            watch: Watch::default(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Authority {
    pub(super) name: String,
    pub(super) contact: Option<String>,
    pub(super) kind: AuthorityKind,
    pub(super) school_days: Option<PathBuf>,
}

/// A file of a school's days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchoolDays {
    pub(super) term: Vec<Term>,
    #[serde(default)]
    pub(super) closed: Vec<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            name: "this authority".to_owned(),
            contact: None,
            kind: AuthorityKind::Ordinary,
            school_days: None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Calendar {
    pub(super) bank_holidays: Option<PathBuf>,
    pub(super) proclamations: Option<PathBuf>,
    pub(super) closures: Vec<String>,
    pub(super) feed_check: bool,
    pub(super) feed_url: String,
}

impl Default for Calendar {
    fn default() -> Self {
        Self {
            bank_holidays: None,
            proclamations: None,
            closures: Vec::new(),
            feed_check: false,
            feed_url: "https://www.gov.uk/bank-holidays.json".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Policy {
    pub(super) letters_say: LettersSay,
    pub(super) department_days: u32,
    pub(super) waiting_days: u32,
    pub(super) soon: String,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            letters_say: LettersSay::Receipt,
            department_days: 10,
            waiting_days: 10,
            soon: "5wd".to_owned(),
        }
    }
}

/// The weekday on which whoever has nothing to do is told so.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Assurance {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Never,
}

impl Assurance {
    pub(super) fn weekday(self) -> Option<Weekday> {
        match self {
            Self::Mon => Some(Weekday::Mon),
            Self::Tue => Some(Weekday::Tue),
            Self::Wed => Some(Weekday::Wed),
            Self::Thu => Some(Weekday::Thu),
            Self::Fri => Some(Weekday::Fri),
            Self::Never => None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Reminders {
    pub(super) send_at: String,
    pub(super) send_until: String,
    pub(super) duty: Option<Vec<String>>,
    pub(super) appeal: Option<Vec<String>>,
    pub(super) windows: Option<Vec<String>>,
    pub(super) department: Option<Vec<String>>,
    pub(super) waiting: Option<Vec<String>>,
    pub(super) diary: Option<Vec<String>>,
    pub(super) other: Option<Vec<String>>,
    pub(super) step: BTreeMap<String, Vec<String>>,
    pub(super) manager_on: Vec<u16>,
    pub(super) manager_every: NonZeroU16,
    pub(super) assurance: Assurance,
}

impl Default for Reminders {
    fn default() -> Self {
        Self {
            send_at: "08:00".to_owned(),
            send_until: "17:30".to_owned(),
            duty: None,
            appeal: None,
            windows: None,
            department: None,
            waiting: None,
            diary: None,
            other: None,
            step: BTreeMap::new(),
            manager_on: vec![1, 5, 10],
            manager_every: NonZeroU16::MIN.saturating_add(4),
            assurance: Assurance::Mon,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct People {
    pub(super) team: Option<String>,
    pub(super) departments: Vec<Department>,
    pub(super) officers: Vec<Officer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Department {
    pub(super) id: String,
    #[expect(dead_code, reason = "a department's name is said once its deadline is kept")]
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Officer {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    #[serde(default)]
    pub(super) manager: Option<String>,
    #[serde(default)]
    pub(super) cover: Option<String>,
    #[serde(default)]
    pub(super) away: Vec<Absence>,
    #[serde(default)]
    pub(super) quiet: Vec<String>,
    #[serde(default)]
    pub(super) left: Option<NaiveDate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Absence {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    #[serde(default)]
    pub(super) cover: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) transport: TransportName,
    pub(super) folder: PathBuf,
    pub(super) templates: Option<PathBuf>,
    pub(super) retry: Retry,
    pub(super) smtp: Option<Smtp>,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            from: "Timeous <timeous@localhost>".to_owned(),
            transport: TransportName::File,
            folder: "outbox".into(),
            templates: None,
            retry: Retry::default(),
            smtp: None,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum TransportName {
    File,
    Smtp,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Retry {
    pub(super) first: String,
    pub(super) longest: String,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            first: "1m".to_owned(),
            longest: "1h".to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Smtp {
    pub(super) host: String,
    #[serde(default = "submission")]
    pub(super) port: u16,
    #[serde(default)]
    pub(super) tls: Tls,
    #[serde(default = "one")]
    pub(super) sessions: u8,
    #[serde(default)]
    pub(super) client_name: Option<String>,
    #[serde(default)]
    pub(super) ca: Option<PathBuf>,
    #[serde(default)]
    pub(super) auth: AuthName,
    #[serde(default)]
    pub(super) user: Option<String>,
    #[serde(default)]
    pub(super) secret: Option<Secret>,
    #[serde(default)]
    pub(super) oauth: Option<Oauth>,
}

fn one() -> u8 {
    1
}

/// The port for submission, RFC 6409.
fn submission() -> u16 {
    587
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tls {
    Implicit,
    #[default]
    Starttls,
    None,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AuthName {
    #[default]
    None,
    Plain,
    Login,
    Xoauth2,
}

/// Where tokens for `xoauth2` come from; the client's secret is `secret`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Oauth {
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) scope: String,
}

/// Where a secret is. Read by hand, because serde's complaint would repeat one that was written here by mistake.
#[derive(Debug, Deserialize)]
#[serde(try_from = "toml::Value")]
pub(super) enum Secret {
    File(PathBuf),
    Credential(String),
}

impl TryFrom<toml::Value> for Secret {
    type Error = &'static str;

    fn try_from(value: toml::Value) -> Result<Self, Self::Error> {
        let table = value.as_table().filter(|table| table.len() == 1);
        let named = |key| table.and_then(|table| table.get(key)?.as_str());
        match (named("file"), named("credential")) {
            (Some(file), _) => Ok(Self::File(file.into())),
            (_, Some(credential)) => Ok(Self::Credential(credential.to_owned())),
            _ => Err("write { file = \"NAME\" } or { credential = \"NAME\" }, never the secret itself"),
        }
    }
}

/// The officers' own sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sheet {
    pub(super) path: PathBuf,
    pub(super) owner: String,
    #[serde(default)]
    pub(super) map: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Watch {
    pub(super) admins: Vec<String>,
    pub(super) log_references: bool,
    pub(super) heartbeat: Option<Secret>,
    pub(super) ics: Option<PathBuf>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            admins: Vec::new(),
            log_references: true,
            heartbeat: None,
            ics: None,
        }
    }
}
