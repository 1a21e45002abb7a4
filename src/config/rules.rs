//! What the settings come to: everything that decides dates, mornings, recipients and words.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use sha2::{Digest, Sha256};

use crate::calendar::period::{MonthEnd, months_after};
use crate::calendar::{BankHoliday, Broken, Calendar, Proclamations};
use crate::exchange::Mapping;
use crate::mail::Retry;
use crate::reminders::{Closures, Ladders, OpenDays, People, Quiet, Upward};
use crate::statute::{Authority, AuthorityKind, FORTY, SIX_MONTHS, SIXTY, TWENTY};
use crate::wording::Wording;

/// What the calendar in force is made of, besides what is compiled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// The list that the settings name.
    pub listed: Vec<BankHoliday>,
    /// The proclamations that the settings name.
    pub proclamations: Proclamations,
    /// What people adopted into the register.
    pub adopted: Vec<BankHoliday>,
}

/// The officers' own sheet, which is read and never written.
#[derive(Debug, Clone)]
pub struct LivingSheet {
    /// The file.
    pub path: PathBuf,
    /// The officer who is told what is amiss with it.
    pub owner: String,
    /// How it is to be read, where its own headings and words do not say it.
    pub map: Mapping,
}

/// Everything that decides dates, mornings, recipients and words, but for what happened.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Which days count.
    pub calendar: Calendar,
    /// What that is made of.
    pub sources: Sources,
    /// What the law needs to know of the authority.
    pub authority: Authority,
    /// The authority's closed days.
    pub closures: Closures,
    /// On which mornings what is told.
    pub ladders: Ladders,
    /// On which days overdue managers are told.
    pub upward: Upward,
    /// The weekday on which whoever has nothing to do is told so; never if none.
    pub assurance: Option<Weekday>,
    /// The officers who are told what concerns the service, the calendar and cases that nobody has; the team where
    /// there are none.
    pub admins: Vec<String>,
    /// Who is told.
    pub people: People,
    /// Departments that find information, by the name cases give them.
    pub departments: Vec<String>,
    /// The officers' own sheet, where they keep one.
    pub sheet: Option<LivingSheet>,
    /// When the morning's mail goes out, Europe/London.
    pub send_at: NaiveTime,
    /// Until when mail goes out on a working day.
    pub send_until: NaiveTime,
    /// How many working days count as soon.
    pub soon: u16,
    /// How long to wait before trying a mail again.
    pub retry: Retry,
    /// The words of the mails.
    pub wording: Arc<Wording>,
    /// The domain of the sender's address, for Message-IDs.
    pub mail_domain: String,
}

impl Rules {
    /// The mornings on which officers are at their desks.
    #[must_use]
    pub fn open_days(&self) -> OpenDays<'_> {
        OpenDays {
            calendar: &self.calendar,
            closures: &self.closures,
            quiet: Quiet::default(),
        }
    }

    /// The mornings on which the officer of a case reads what is told of it.
    #[must_use]
    pub fn days_of(&self, officer: Option<&str>) -> OpenDays<'_> {
        let officer = officer.and_then(|id| self.people.officer(id));
        OpenDays {
            quiet: officer.map(|officer| officer.quiet).unwrap_or_default(),
            ..self.open_days()
        }
    }

    /// The last day that counts as soon, seen from a day.
    #[must_use]
    pub fn soon_through(&self, today: NaiveDate) -> NaiveDate {
        self.calendar.nth_working_day_after(today, u32::from(self.soon))
    }

    /// The day in the week of another on which whoever has nothing to do is told so: the weekday of the settings, or
    /// the first open day after it in that week.
    #[must_use]
    pub fn assured_on(&self, day: NaiveDate) -> Option<NaiveDate> {
        let week = day.week(Weekday::Mon);
        let from = week.checked_first_day()? + Days::new(u64::from(self.assurance?.num_days_from_monday()));
        let mut days = from.iter_days().take_while(|day| *day <= week.last_day());
        days.find(|day| self.open_days().is_open(*day))
    }

    /// The last day of the longest course that can begin on a day: twenty working days to answer, forty to require a
    /// review, six months to apply to the Commissioner.
    #[must_use]
    pub fn longest_clock(&self, today: NaiveDate) -> NaiveDate {
        let reviewed = self.calendar.nth_working_day_after(today, TWENTY.count + FORTY.count);
        months_after(reviewed, SIX_MONTHS.count, MonthEnd::Clipped)
    }

    /// Of a school the last day of its listed terms, and how far they should reach, where a count that begins on a
    /// day could run past them.
    #[must_use]
    pub fn school_days_are_short(&self, today: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let school = self.authority.kind == AuthorityKind::School;
        let (_, last) = self.authority.school_days.as_ref().filter(|_| school)?.listed()?;
        let needed = self.calendar.nth_working_day_after(today, SIXTY);
        (last < needed).then_some((last, needed))
    }

    /// The same rules with a calendar in which days that were adopted into a register count too.
    ///
    /// # Errors
    /// Only if a compiled-in file is broken, which a test rules out.
    pub fn with_adopted(&self, days: Vec<BankHoliday>, on: Option<NaiveDate>) -> Result<Self, Broken> {
        let sources = Sources {
            adopted: days,
            ..self.sources.clone()
        };
        let more = [sources.listed.as_slice(), &sources.adopted].concat();
        Ok(Self {
            calendar: Calendar::in_force(&more, sources.proclamations.clone())?.complete_on(on),
            sources,
            ..self.clone()
        })
    }

    /// What tells these settings from others, as far as stored dates and mornings depend on them.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut settings = format!("{:?} {:?} {:?}", self.authority, self.closures, self.ladders);
        for officer in self.people.officers.iter().filter(|officer| !officer.quiet.is_empty()) {
            settings.push_str(&format!(" {:?} {:?}", officer.id, officer.quiet));
        }
        let hash = Sha256::digest(settings);
        hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
