//! `timeous letter`: the dated paragraphs of a letter, to paste.

use super::{Context, Error, Result, Said};
use crate::case::Reference;
use crate::casework::overview::story;
use crate::clock::london_day;
use crate::statute::Deadline;
use crate::wording;
use crate::wording::letters::{Letter, Matter};

pub(super) fn letter(context: &Context, reference: &Reference, letter: Letter) -> Result {
    let (config, register) = context.looked()?;
    let rules = &config.rules;
    let story = story(&register, rules, reference)?;
    let deadlines: Vec<Deadline> = story.deadlines.into_iter().map(|(deadline, _)| deadline).collect();
    let matter = Matter {
        case: &story.case,
        deadlines: &deadlines,
        calendar: &rules.calendar,
        authority: rules.authority.kind,
        today: london_day(context.now()),
    };
    match rules.wording.letter(letter, &matter) {
        Ok(text) => Ok(Said::well(text)),
        Err(why @ wording::Error::Letter(_)) => Err(Error::Typed(why.to_string())),
        Err(why) => Err(Error::Failed(why.to_string())),
    }
}
