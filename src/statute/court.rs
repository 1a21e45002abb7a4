//! The Court of Session: an appeal on a point of law, s.56 and the Rules of the Court.

use chrono::NaiveDate;

use super::deadline::{Actor, Caution, Deadline, From, Nature, Provision, State, Step};
use super::part4::{key, pick};
use super::{Parts, receipt};
use crate::calendar::period::Period;
use crate::case::{Act, Appeal, Regime};
use crate::clock::in_full;

/// Forty-two days, rule 41.26 of the Rules of the Court of Session.
pub(super) const FORTY_TWO_DAYS: Period = Period::days_after(42);

static RCS_41_26: Provision = Provision {
    cite: "FOISA s.56; Rules of the Court of Session r.41.26(1)(b)(i)",
    words: "within 42 days after the date on which the decision appealed against was intimated to the appellant",
    quoted: true,
};

static REG_17_RCS_41_26: Provision = Provision {
    cite: "EIRs reg 17 with FOISA s.56; Rules of the Court of Session r.41.26(1)(b)(i)",
    words: RCS_41_26.words,
    quoted: true,
};

/// **s.56 and r.41.26**, RULE 9.6: an appeal to the Court of Session on a point of law, "within 42 days after
/// the date on which the decision appealed against was intimated to the appellant". Calendar days; the day of
/// intimation is not counted. Of a decision a right of the authority and of the applicant, each from intimation to
/// itself (only the authority's is recorded, so it stands for both); of an information or enforcement notice the
/// authority's; of a finding that an application is frivolous the applicant's. The court's closing days are not
/// section 73 days, so that the time then runs to the next day the court is open (r.1.3(7)) is said and not
/// reckoned; an appeal lodged on the next working day is arguable.
pub(super) fn court_window(parts: &Parts<'_>, act: &Act, appeals: &[Appeal], actor: Actor) -> Deadline {
    let received = receipt::by_authority(act, Regime::Foisa);
    let mut window = Deadline::reckoned(
        parts.calendar,
        key(Step::CourtWindow, actor, parts.main_regime(), act.seq),
        Nature::Right,
        pick(parts.main_regime(), &RCS_41_26, &REG_17_RCS_41_26),
        From::act(act, received.on),
        FORTY_TWO_DAYS,
    );
    let last = window.span.through;
    if !parts.calendar.is_working_day(last) {
        window.cautions.push(Caution::note(
            None,
            format!(
                "if the court's office is closed on {}, the time runs to the next day it is open (r.1.3(7)); ask the \
                 court, and do not rely on it",
                in_full(last)
            ),
        ));
    }
    let mine = |appeal: &&Appeal| appeal.by_authority == (actor == Actor::Authority);
    let lodged = appeals.iter().find(mine).map(|appeal| appeal.act.on);
    let mut window = window.settled(lodged);
    if window.state == State::Late && lodged.is_some_and(|day| day <= last_to_lodge(parts, act)) {
        window.state = State::Arguable;
    }
    window
}

/// **r.1.3(7)**, RULE 9.6: the last day an appeal can be lodged as of right: the forty-second or, where the court's
/// office may be closed on it, the next working day.
fn last_to_lodge(parts: &Parts<'_>, act: &Act) -> NaiveDate {
    let intimated = receipt::by_authority(act, Regime::Foisa).on;
    let last = parts.calendar.reckon(intimated, FORTY_TWO_DAYS).through;
    let eve = last.pred_opt().unwrap_or(last);
    parts.calendar.nth_working_day_after(eve, 1)
}

/// **r.2.1**, RULE 9.6: whether an appeal was lodged in time. One that was not is no appeal until the court excuses
/// that, as no late act moves anything.
pub(super) fn is_in_time(parts: &Parts<'_>, act: &Act, appeal: &Appeal) -> bool {
    appeal.act.on <= last_to_lodge(parts, act)
}
