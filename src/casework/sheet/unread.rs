//! A file that cannot be read: on record at once, and told to its owner when that has lasted.

use chrono::{DateTime, Utc};

use super::super::Result;
use super::{FILE, LASTS, Trouble, file_name, known, leave};
use crate::clock::{in_full, london_day, london_time};
use crate::config::LivingSheet;
use crate::reminders::notice::{self, SheetMatter};
use crate::store::{Round, SheetOddity, SheetState, Store, Task, Write};
use crate::wording::sheet as words;

/// Puts on record that the file cannot be read, and tells its owner once that has lasted.
///
/// # Errors
/// The register's failure.
pub fn unread(store: &mut impl Store, sheet: &LivingSheet, trouble: &Trouble, now: DateTime<Utc>) -> Result<()> {
    let state = known(store, sheet)?;
    let name = format!("{FILE}{}", trouble.name());
    let oddities = store.read(|snapshot| snapshot.sheet_oddities())?;
    let one = oddities.into_iter().find(|one| one.name == name);
    let one = one.unwrap_or(SheetOddity {
        name,
        since: now,
        told: false,
    });
    let lasts = (now - one.since).abs() >= LASTS && !one.told;
    if !lasts && one.since != now && (state.seen.is_none() || matches!(trouble, Trouble::NotASheet(_))) {
        return Ok(());
    }
    store.write(|tx| {
        if !matches!(trouble, Trouble::NotASheet(_)) {
            tx.save_sheet(&SheetState {
                seen: None,
                ..state.clone()
            })?;
        }
        tx.save_sheet_oddity(&SheetOddity {
            told: one.told || lasts,
            ..one.clone()
        })?;
        if lasts {
            tell_unread(tx, sheet, (trouble, &one), now)?;
        }
        Ok(())
    })
}

fn tell_unread(
    tx: &mut dyn Write,
    sheet: &LivingSheet,
    (trouble, one): (&Trouble, &SheetOddity),
    now: DateTime<Utc>,
) -> Result<()> {
    let (file, since) = (file_name(&sheet.path), hour(one.since));
    let remedy = match trouble {
        Trouble::Missing => format!(
            "Was it moved or renamed? Put it back as {}, or tell whoever runs Timeous where it is now.",
            sheet.path.display()
        ),
        Trouble::Unreadable(_) | Trouble::Silent => {
            "Tell whoever looks after that folder, and whoever runs Timeous.".to_owned()
        }
        Trouble::NotASheet(_) => "Open it, and see that its first row still has the headings it always had, above all \
                                  the one of the references and the one of the dates of receipt; then save it."
            .to_owned(),
    };
    let oddity = notice::SheetOddity {
        names: vec![one.name.clone()],
        reference: None,
        said: words::unread(&file, &since, &trouble.to_string()),
    };
    leave(tx, sheet, SheetMatter::Unread { remedy }, vec![oddity], now)?;
    let round = Round {
        at: now,
        ok: false,
        summary: format!("{file} could not be read since {since}: it {trouble}"),
    };
    Ok(tx.save_round(Task::Sheet, &round)?)
}

/// `Thursday 5 November 2026, 09:12`.
fn hour(at: DateTime<Utc>) -> String {
    format!("{}, {}", in_full(london_day(at)), london_time(at).format("%H:%M"))
}
