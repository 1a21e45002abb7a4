//! What happened on one day, of which nobody noted the hour.

use super::super::Refusal;
use super::super::corrections::Live;
use super::super::entry::Kind;
use super::super::facts::Case;
use crate::clock::in_full;

/// Of so many facts of one day every order is tried, as far as may be; more have happened in the order of kinds.
const IN_ANY_ORDER: usize = 16;

/// After so many orders that came to nothing there is none: no list of impossible facts may keep the register waiting.
const DEAD_ENDS: u32 = 200;

impl Case {
    /// What happened on one day: in the order of kinds or, where it cannot have happened in that one, in the first
    /// order in which it can: a second demand for clarification goes out after the answer to the first has come. The
    /// order of recording says nothing, for what came in the post together is typed as it lies on the desk. A file
    /// that was closed before the day is opened before it is closed again.
    pub(super) fn one_day(&mut self, facts: &[Live]) -> Result<(), Refusal> {
        if let Some(one) = facts.first().filter(|one| one.fact.on < self.received.on) {
            return Err(Refusal::new(format!(
                "{} on {} cannot be: the request was received on {}; check both dates",
                one.fact.kind,
                in_full(one.fact.on),
                in_full(self.received.on)
            )));
        }
        // Mostly no two of them have to do with each other.
        if facts.iter().filter(|one| bears_on_others(one.fact.kind)).count() < 2 {
            return facts.iter().try_for_each(|one| self.apply(one));
        }
        let (mut order, others): (Vec<&Live>, Vec<&Live>) =
            facts.iter().partition(|one| one.fact.kind == Kind::Reopened);
        order.extend(others);
        let before = self.clone();
        if order.iter().try_for_each(|one| self.apply(one)).is_ok() {
            return Ok(());
        }
        *self = before;
        let (waiting, alone): (Vec<&Live>, Vec<&Live>) =
            order.into_iter().partition(|one| bears_on_others(one.fact.kind));
        alone.into_iter().try_for_each(|one| self.apply(one))?;
        if waiting.len() > IN_ANY_ORDER {
            return waiting.into_iter().try_for_each(|one| self.apply(one));
        }
        *self = self.after(&waiting, &mut { DEAD_ENDS })?;
        Ok(())
    }

    /// The case after all of these, in the first order in which they can have happened.
    fn after(&self, waiting: &[&Live], dead_ends: &mut u32) -> Result<Self, Refusal> {
        let (mut here, mut further) = (None, None);
        for (place, one) in waiting.iter().enumerate() {
            let mut next = self.clone();
            if let Err(refusal) = next.apply(one) {
                here.get_or_insert(refusal);
                continue;
            }
            let rest = [&waiting[..place], &waiting[place + 1..]].concat();
            match next.after(&rest, dead_ends) {
                Ok(case) => return Ok(case),
                Err(refusal) if *dead_ends == 0 => return Err(further.unwrap_or(refusal)),
                Err(refusal) => further.get_or_insert(refusal),
            };
        }
        *dead_ends = dead_ends.saturating_sub(1);
        // What stands in the way once all that is possible has happened, and not what only came too early.
        match further.or(here) {
            Some(refusal) => Err(refusal),
            None => Ok(self.clone()),
        }
    }
}

/// Whether a fact of this kind can follow only from some others, or others from it; or what follows hangs on its place
/// among them.
fn bears_on_others(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Received
            | Kind::Acknowledged
            | Kind::Transferred
            | Kind::AnsweredInPart
            | Kind::Withdrawn
            | Kind::Diary
            | Kind::Reassigned
            | Kind::RegimeChanged
            | Kind::Note
    )
}
