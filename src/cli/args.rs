//! What may be typed.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::examples;
use super::typed::{When, date, name, number, regime, when, words, working_days};
use crate::case::{Kind, Outcome, Reference, Regime};
use crate::casework::verify::Head;
use crate::statute::{AuthorityKind, Step};
use crate::wording::letters::Letter;

/// Keeps the statutory clocks of freedom-of-information requests to Scottish public authorities.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = examples::ALL)]
pub(super) struct Args {
    /// The configuration; without one /etc/timeous/timeous.toml, else the defaults
    #[arg(long, global = true, value_name = "FILE", env = "TIMEOUS_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// The register, in place of the configuration's
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) register: Option<PathBuf>,
    /// Pretend it is this day (commands that only look, and demonstrations)
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    pub(super) today: Option<NaiveDate>,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Reckon the dates of a request, without a register
    Due(Due),
    /// Log a request that has arrived
    Log(Log),
    /// Record what happened in a case
    Record(Record),
    /// Correct an entry, or say that it never happened
    Correct(Correct),
    /// Tell the whole story of a case
    #[command(after_help = examples::SHOW)]
    Show {
        /// The authority's reference
        reference: Reference,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Say why each date is what it is, in words fit for a letter
    Explain(Explain),
    /// Write the dated paragraphs of a letter, to paste
    #[command(after_help = examples::LETTER)]
    Letter {
        /// The authority's reference
        reference: Reference,
        /// Which letter: ack, answer or review
        letter: Letter,
    },
    /// Show where everything stands
    Status(Status),
    /// Take a sheet of cases (CSV or XLSX) into the register
    ///
    /// Headings are found by their usual words, dates are read day first. Says which due dates in the sheet are not the
    /// law's, by how much and why. The same sheet again changes nothing. Try it with --dry-run first.
    Import(Import),
    /// Give the register to other programs: as a sheet, as JSON or as a calendar
    ///
    /// Without a file it goes to standard output. A file that is there is replaced, whole or not at all.
    Export(Export),
    /// Show which bank holidays count, and whether their sources agree
    #[command(after_help = examples::HOLIDAYS)]
    Holidays {
        #[command(subcommand)]
        command: HolidaysCommand,
    },
    /// Try the way out for mail, or look at what waits
    #[command(after_help = examples::MAIL)]
    Mail {
        #[command(subcommand)]
        command: MailCommand,
    },
    /// Look whether the register is what this program wrote
    ///
    /// Follows the chain of hashes over every entry, reckons every date again and holds it against what is stored.
    /// Exit 0 when all is well, 1 when something is wrong. Changes nothing; the service may run.
    #[command(after_help = examples::VERIFY)]
    Verify {
        /// A head that was noted elsewhere, as this command prints it
        #[arg(long, value_name = "POSITION:HASH")]
        head: Option<Head>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy the register as it is at this moment into a new file, and verify the copy
    ///
    /// The service and everybody else go on meanwhile. A copy that does not verify is not kept.
    #[command(after_help = examples::BACKUP)]
    Backup {
        /// Where to; it must not be there yet
        file: PathBuf,
    },
    /// Empty the words of cases closed before a day: subjects, notes, reasons, and mails about them
    ///
    /// Days, outcomes, exemptions and hashes stay, so that dates, statistics and the chain still hold. A case in which
    /// a duty or a window still runs is left as it is, and named.
    #[command(after_help = examples::PURGE)]
    Purge {
        /// The day; cases closed on it are left
        #[arg(long, value_name = "DATE", value_parser = date)]
        closed_before: NaiveDate,
        /// Say what would be emptied, and empty nothing
        #[arg(long)]
        dry_run: bool,
        /// On whose behalf you do it
        #[arg(long, value_name = "NAME", value_parser = name)]
        by: Option<String>,
    },
    /// Run the service
    #[command(after_help = examples::RUN)]
    Run {
        /// One round, then stop
        #[arg(long)]
        once: bool,
    },
    /// Make a throw-away register from published cases and show a morning's work
    #[command(after_help = examples::DEMO)]
    Demo,
    /// Write what makes a shell complete these commands
    #[command(after_help = examples::COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the man pages, one for each command
    #[command(after_help = examples::MAN)]
    Man {
        /// The folder to write them into; it is made if it is missing
        dir: PathBuf,
    },
}

#[derive(Debug, Parser)]
#[command(after_help = examples::DUE)]
pub(super) struct Due {
    /// The day the request was received (with :posted, the day it was posted)
    #[arg(value_name = "RECEIVED", value_parser = when)]
    pub(super) received: When,
    /// The law it is answered under
    #[arg(long, default_value = "foisa", value_parser = regime)]
    pub(super) regime: Regime,
    /// The kind of authority: ordinary, keeper (of a transferred record), school, administration or excluded (s.48)
    #[arg(long, default_value = "ordinary")]
    pub(super) authority: AuthorityKind,
    /// What happens; may be repeated
    #[arg(
        long = "event",
        value_name = "KIND=DATE[:received=DATE|:posted][:due=DATE][:outcome=O][:regime=R]",
        value_parser = super::due::event
    )]
    pub(super) events: Vec<crate::case::Fact>,
    /// With the reckoning, day by day
    #[arg(long)]
    pub(super) explain: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::LOG)]
pub(super) struct Log {
    /// The authority's reference
    pub(super) reference: Reference,
    /// The day it was received (an e-mail: the day it was sent, a Sunday or a holiday included)
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "posted")]
    pub(super) received: Option<NaiveDate>,
    /// The day it was posted, where the day of arrival is not known
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) posted: Option<NaiveDate>,
    /// The law it is answered under
    #[arg(long, default_value = "foisa", value_parser = regime)]
    pub(super) regime: Regime,
    /// Who has it
    #[arg(long, value_name = "ID")]
    pub(super) officer: Option<String>,
    /// The department that must find the information
    #[arg(long, value_name = "ID")]
    pub(super) department: Option<String>,
    /// It is for a record transferred to the Keeper and not open, s.22(2)-(5)
    #[arg(long)]
    pub(super) keeper_record: bool,
    /// The day the first of several like requests came, where reg 6 of the Fees Regulations is relied on
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) first_received: Option<NaiveDate>,
    /// A few words for the officers. Name no applicant: no personal data is needed
    #[arg(long)]
    pub(super) subject: Option<String>,
    /// On whose behalf you record it
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) by: Option<String>,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::RECORD)]
pub(super) struct Record {
    /// The authority's reference
    pub(super) reference: Reference,
    /// What happened: responded, review-required, review-outcome, applied, decision ...
    #[arg(long_help = format!("What happened: {}", words(Kind::ALL)))]
    pub(super) kind: Kind,
    /// The day it was sent or done
    #[arg(long, value_name = "DATE", value_parser = date, required_unless_present = "posted")]
    pub(super) on: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) details: Details,
    /// On whose behalf you record it
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) by: Option<String>,
}

#[derive(Debug, Parser)]
pub(super) struct Details {
    /// The day it arrived, where that is another
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) received: Option<NaiveDate>,
    /// Sent by post on this day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) posted: Option<NaiveDate>,
    /// The date that the paper itself states
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) due: Option<NaiveDate>,
    /// How it came out: full, part, refused, not-held, upheld ...
    #[arg(long)]
    pub(super) outcome: Option<Outcome>,
    /// The exemptions relied on, separated by commas
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(super) exemptions: Vec<String>,
    /// Who has it now
    #[arg(long, value_name = "ID")]
    pub(super) officer: Option<String>,
    /// The department that was asked
    #[arg(long, value_name = "ID")]
    pub(super) department: Option<String>,
    /// The law, or the part of the request that is spoken of
    #[arg(long, value_parser = regime)]
    pub(super) regime: Option<Regime>,
    /// Anything worth keeping. Name no applicant
    #[arg(long)]
    pub(super) note: Option<String>,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::CORRECT)]
pub(super) struct Correct {
    /// The authority's reference
    pub(super) reference: Reference,
    /// The entry's number, as `timeous show` gives it
    #[arg(value_parser = number::<u32>)]
    pub(super) seq: u32,
    /// It never happened
    #[arg(long, conflicts_with_all = ["on", "received", "posted", "due", "outcome", "exemptions", "officer", "department", "regime", "note"])]
    pub(super) void: bool,
    /// The right day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) on: Option<NaiveDate>,
    #[command(flatten)]
    pub(super) details: Details,
    /// Why it was wrong
    #[arg(long, value_name = "TEXT")]
    pub(super) why: String,
    /// On whose behalf you record it
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) by: Option<String>,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::EXPLAIN)]
pub(super) struct Explain {
    /// The authority's reference
    pub(super) reference: Reference,
    /// Only this step
    #[arg(long)]
    pub(super) step: Option<Step>,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::STATUS)]
pub(super) struct Status {
    /// Only this officer's cases
    #[arg(long, value_name = "ID")]
    pub(super) officer: Option<String>,
    /// How far ahead, in working days: 10wd
    #[arg(long, value_name = "Nwd", value_parser = working_days)]
    pub(super) within: Option<u16>,
    /// Only this step
    #[arg(long)]
    pub(super) step: Option<Step>,
    /// Everything that is open
    #[arg(long)]
    pub(super) all: bool,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    /// For a monitor: one line, and exit 0 all well, 1 something soon, 2 overdue or nobody watches, 3 unreadable
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::IMPORT)]
pub(super) struct Import {
    /// The sheet, CSV or XLSX, one case a line; docs/import.md says what is understood
    pub(super) file: PathBuf,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Of the configuration's own sheet: take it as it is, however much of it changed at once
    #[arg(long, conflicts_with_all = ["dry_run", "map", "confirm", "wrong_due", "by"])]
    pub(super) meant: bool,
    /// How an odd sheet is to be read: which heading means what (TOML; docs/import.md)
    #[arg(long, value_name = "FILE")]
    pub(super) map: Option<PathBuf>,
    /// A case that really is still open, though by the sheet nothing has happened in it for long; may be repeated
    #[arg(long, value_name = "REF")]
    pub(super) confirm: Vec<Reference>,
    /// Write the due dates that are not the law's into this file too, as CSV to keep
    #[arg(long, value_name = "FILE")]
    pub(super) wrong_due: Option<PathBuf>,
    /// On whose behalf you record it; without it, the sheet's name is kept
    #[arg(long, value_name = "NAME", value_parser = name)]
    pub(super) by: Option<String>,
}

#[derive(Debug, Parser)]
#[command(after_help = examples::EXPORT)]
pub(super) struct Export {
    /// In which form
    #[arg(long, value_enum, default_value_t = ExportForm::Csv)]
    pub(super) format: ExportForm,
    /// Into this file; one that is there is replaced
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Only this officer's cases
    #[arg(long, value_name = "ID")]
    pub(super) officer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum ExportForm {
    /// A sheet, a line a case: the columns that import takes, and where the answer stands and what comes next
    Csv,
    /// The calendar they rest on, and every case as `show --json` has it, without its mails
    Json,
    /// iCalendar: a day a deadline, under the same UID wherever it moves
    Ics,
}

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Send one mail now, and say what the server answers
    #[command(after_help = examples::MAIL_TEST)]
    Test {
        /// To whom
        address: String,
    },
    /// List what waits or was refused, with every attempt and the server's words
    #[command(after_help = examples::MAIL_QUEUE)]
    Queue,
    /// Try a mail again now, or write again to a mailbox that refused one
    #[command(after_help = examples::MAIL_RETRY)]
    Retry {
        /// Its number, as `timeous mail queue` lists it
        #[arg(value_parser = number::<i64>)]
        id: i64,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum HolidaysCommand {
    /// List each day that is left out, with its reason in law
    #[command(after_help = examples::HOLIDAYS_LIST)]
    List {
        /// Of this year; without one, of this year and of those to come that are announced
        #[arg(value_parser = clap::value_parser!(i32).range(2004..=2104))]
        year: Option<i32>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Hold the calendar, or a list, against the Act, custom and the proclamations on record
    ///
    /// Exit 0 when all agree, 1 when something must be looked at, 2 for a file that cannot be used.
    #[command(after_help = examples::HOLIDAYS_CHECK)]
    Check {
        /// A list in GOV.UK's form; without one, the calendar in force
        file: Option<PathBuf>,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Add the days of a newer list to the calendar, if each of them is explained
    ///
    /// A list only adds: a past day that it lacks is kept. A day that nobody explains, or one to come that has
    /// vanished, is refused until the proclamation is recorded.
    #[command(after_help = examples::HOLIDAYS_UPDATE)]
    Update {
        /// A list in GOV.UK's form
        #[arg(required_unless_present = "url", conflicts_with = "url")]
        file: Option<PathBuf>,
        /// Where the list is published, over https: GOV.UK has it at www.gov.uk/bank-holidays.json
        #[arg(long)]
        url: Option<String>,
        /// Say what would be added, and add nothing
        #[arg(long)]
        dry_run: bool,
    },
}
