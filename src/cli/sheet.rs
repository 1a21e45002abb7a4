//! `timeous import FILE --meant`: the configuration's own sheet, taken as it is.

use std::path::Path;

use super::{Context, Error, Result, Said};
use crate::casework::sheet::{read, stamp, take};
use crate::wording::plural;

/// Takes the sheet that the service reads, however much of it changed at once.
pub(super) fn meant(context: &Context, file: &Path) -> Result {
    context.refuse_pretended("import")?;
    let name = file.display();
    let (config, mut register) = context.created()?;
    let living = config.rules.sheet.clone().ok_or_else(|| {
        Error::Typed(
            "--meant is for the sheet that [sheet] names, and the configuration names none; leave it out".to_owned(),
        )
    })?;
    let same =
        |one: &Path, other: &Path| matches!((one.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if !same(file, &living.path) {
        let words = format!(
            "{name} is not the sheet that [sheet] names ({}); give that one",
            living.path.display()
        );
        return Err(Error::Typed(words));
    }
    let unread = |trouble| Error::Typed(format!("{name} {trouble}; mend that first"));
    let seen = stamp(&living.path).map_err(unread)?;
    let reading = read(&living, &seen).map_err(unread)?;
    let reading = reading
        .ok_or_else(|| Error::Failed(format!("{name} is being written at this moment; try again in a minute")))?;
    let now = context.now();
    let taken = take(&mut register, &config.rules, &living, (&reading, &seen), now, true)?;
    let count = |count: usize, noun| plural(i64::try_from(count).unwrap_or(i64::MAX), noun);
    Ok(Said::well(format!(
        "{} read, {} recorded, {} to settle\n",
        count(taken.lines, "row"),
        if taken.recorded == 1 {
            "1 entry".to_owned()
        } else {
            format!("{} entries", taken.recorded)
        },
        count(taken.held, "thing"),
    )))
}
