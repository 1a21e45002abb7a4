//! `timeous backup`: a copy of the register that verifies.

use std::path::Path;

use super::verify::things;
use super::{Context, Error, Result, Said};
use crate::casework::verify::verify;
use crate::wording::{one_line, plural};

pub(super) fn backup(context: &Context, file: &Path) -> Result {
    let (config, register) = context.looked()?;
    let name = file.display();
    if let Some(what) = config.forbids_writing(file) {
        return Err(Error::Typed(format!("{name} is {what}; give another name")));
    }
    let verdict = register.backup(file, |copy| -> Result<_> {
        let verdict = verify(copy, &config.rules, None, context.now())?;
        if verdict.is_whole() {
            return Ok(verdict);
        }
        let first = verdict.findings.iter().find(|finding| finding.broken);
        let first = first.map(|first| format!(", the first of {}: {}", first.place, first.what));
        Err(Error::Failed(format!(
            "the register is not as this program left it ({}{}), and no backup of it is kept; timeous verify names \
             them all, and earlier backups stay as they are",
            things(&verdict),
            one_line(&first.unwrap_or_default()),
        )))
    })?;
    let mut notes = String::new();
    if let Some(why) = &verdict.not_compared {
        notes = format!("note: {why}\n");
    }
    if !verdict.is_well() {
        notes.push_str("note: something in it is to be settled; timeous verify names it\n");
    }
    Ok(Said::well(format!(
        "{name}: entries 1 to {} of {}, verified\n{notes}head {} (note it elsewhere; after a restore, verify --head holds \
         the register against it)\n",
        verdict.entries,
        plural(i64::from(verdict.cases), "case"),
        verdict.head,
    )))
}
