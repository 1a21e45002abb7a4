//! `timeous purge`: the words of cases that were closed long ago.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::{Context, Result, Said};
use crate::casework::purge as work;
use crate::clock::in_full;
use crate::wording::{one_line, plural};

pub(super) fn purge(context: &Context, before: NaiveDate, dry_run: bool, by: Option<String>) -> Result {
    if !dry_run {
        context.refuse_pretended("purge")?;
    }
    let (config, mut register) = context.opened()?;
    let clerk = context.clerk(by);
    let purged = match dry_run {
        true => work::preview(&register, &config.rules, before, &clerk)?,
        false => work::purge(&mut register, &config.rules, before, &clerk)?,
    };
    let mut text = String::new();
    for reference in &purged.cases {
        let _ = writeln!(text, "{}", one_line(reference));
    }
    for (reference, why) in &purged.left {
        let _ = writeln!(text, "left as it is: {}: {}", one_line(reference), one_line(why));
    }
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let entries = match purged.entries {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    let _ = writeln!(
        text,
        "{} closed before {}: the words of {entries} {}{}",
        plural(count(purged.cases.len()), "case"),
        in_full(before),
        if dry_run { "would be emptied" } else { "were emptied" },
        match dry_run {
            true => String::new(),
            false => format!(", and those of {}", plural(i64::from(purged.mails), "mail")),
        }
    );
    match purged.mails_left {
        0 => {}
        1 => text
            .push_str("note: 1 mail about them keeps its words, because it speaks of other cases too or still waits\n"),
        n => {
            let _ = writeln!(
                text,
                "note: {n} mails about them keep their words, because they speak of other cases too or still wait"
            );
        }
    }
    if !dry_run && !purged.cases.is_empty() && !register.forget_what_was_erased()? {
        text.push_str(
            "note: the log beside the register may hold those words until everybody who reads it now has done\n",
        );
    }
    Ok(Said::well(text))
}
