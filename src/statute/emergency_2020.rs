//! The law of 7 April to 26 May 2020: Coronavirus (Scotland) Act 2020 sch 6 paras 3 to 5, repealed by the
//! Coronavirus (Scotland) (No.2) Act 2020 sch 4 para 11. FOISA only; the Regulations were never touched.

use chrono::NaiveDate;

/// The first day the longer time was law.
const FROM: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 4, 7);

/// The last day it was.
const TO: Option<NaiveDate> = NaiveDate::from_ymd_opt(2020, 5, 26);

/// How many working days more there were: sixty for twenty, seventy for the Keeper's thirty.
const MORE: u32 = 40;

/// **Sch 6 para 3**, RULES 12.1 to 12.3: how many working days there are to answer, by the day the answer was
/// given. Sixty where it was given between 7 April and 26 May 2020; twenty where it was still to come on 27 May,
/// "so some were late at once". Not retrospective: a time that had ended before 7 April stayed ended.
pub(super) fn working_days(ordinary: u32, ordinary_end: NaiveDate, answered: Option<NaiveDate>) -> u32 {
    let given = answered.is_some_and(|day| FROM <= Some(day) && Some(day) <= TO);
    let still_ran = FROM <= Some(ordinary_end);
    if given && still_ran { ordinary + MORE } else { ordinary }
}
