//! Grant-aided and independent special schools: the Freedom of Information (Scotland) Act 2002 (Time for
//! Compliance) Regulations 2016, SSI 2016/346.

use chrono::NaiveDate;

use super::authority::{Authority, AuthorityKind, SchoolDays};

/// The first day the regulations were in force.
const FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2016, 12, 1);

/// The outer limit, in working days.
pub(super) const SIXTY: u32 = 60;

/// **SSI 2016/346**, RULE 4.2: for a request "received by" such a school from 1 December 2016, ss.10(1), 10(3)
/// and 21(1) read as whichever comes first of the twentieth working day leaving out working days that are not
/// school days at that school, and the sixtieth working day. The school's days, where that is the rule.
pub(super) fn school_days(authority: &Authority, received: NaiveDate) -> Option<&SchoolDays> {
    let school = authority.kind == AuthorityKind::School && FROM <= Some(received);
    authority.school_days.as_ref().filter(|_| school)
}
