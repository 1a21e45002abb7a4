//! What holds of every history, and what does not: properties over random histories, and the two named
//! counter-examples.

use chrono::NaiveDate;
use rstest::rstest;
use timeous::calendar::{BankHoliday, Calendar};
use timeous::case::Case;
use timeous::statute::{self, Actor, Authority, Deadline, Nature, Step};

use crate::oracle::dice::Dice;
use crate::oracle::entries;
use crate::oracle::story::Story;
use crate::support::{check, day, history, pick};

fn with_a_holiday(date: NaiveDate) -> Calendar {
    let holiday = BankHoliday {
        date,
        name: "A day to come".into(),
    };
    Calendar::with_additional(&[holiday]).unwrap()
}

fn of(told: &[timeous::case::Entry], calendar: &Calendar) -> Vec<Deadline> {
    statute::deadlines(&Case::fold(told).unwrap(), calendar, &Authority::default())
}

/// The duties whose day must not come earlier: to answer and to review, matched by their identity.
fn never_earlier(before: &[Deadline], after: &[Deadline], why: &str) -> usize {
    let mut compared = 0;
    for old in before {
        let duty = matches!(old.key.step, Step::Response | Step::ReviewOutcome);
        let Some(new) = after.iter().find(|new| duty && new.key == old.key) else {
            continue;
        };
        if let (Some(old_due), Some(new_due)) = (old.due, new.due) {
            assert!(new_due >= old_due, "{why}: {old:#?}\n{new:#?}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn an_added_bank_holiday_never_moves_a_duty_earlier() {
    let plain = Calendar::compiled_in().unwrap();
    let mut compared = 0;
    for round in 0..60 {
        let mut dice = Dice(round ^ 0x00A1_1DA4);
        let date = dice.after(day("2008-01-01"), 6_000);
        let more = with_a_holiday(date);
        let mut seed = round * 1_000;
        let mut stories = 0;
        while stories < 60 {
            seed += 1;
            let mut story = Story::draw(&mut Dice(seed));
            if story.pays_after_an_extension() {
                continue;
            }
            // Moved so that the day falls within it, as far as the facts allow.
            let to = date - chrono::Days::new(dice.roll(40));
            story.move_to(to);
            let told = entries(&story.told());
            stories += 1;
            let why = format!("seed {seed} from {to}, {date} added");
            compared += never_earlier(&of(&told, &plain), &of(&told, &more), &why);
        }
    }
    assert!(compared > 3_000, "{compared}");
}

/// The request received a little later, before anything else happened.
#[test]
fn a_later_receipt_of_any_request_never_moves_the_answer_earlier() {
    let calendar = Calendar::compiled_in().unwrap();
    let mut compared = 0;
    for seed in 0..12_000 {
        let mut dice = Dice(seed ^ 0x1A7E);
        let story = Story::draw(&mut Dice(seed));
        let told = entries(&story.told());
        let received = told[0].fact.on;
        let next = told[1..]
            .iter()
            .map(|entry| entry.fact.on)
            .min()
            .unwrap_or(day("2028-01-01"));
        let room = u64::try_from((next - received).num_days()).unwrap();
        let mut later = told.clone();
        later[0].fact.on = dice.after(received, room.min(12));
        later[0].fact.details.received = told[0].fact.details.received.map(|on| on.max(later[0].fact.on));
        let (before, after) = (of(&told, &calendar), of(&later, &calendar));
        let response = |one: &Deadline| one.key.step == Step::Response;
        let before: Vec<_> = before.into_iter().filter(response).collect();
        compared += never_earlier(&before, &after, &format!("seed {seed}"));
    }
    assert!(compared > 8_000, "{compared}");
}

/// The store looks for what applicants may still do by its day alone.
#[test]
fn an_applicant_has_rights_and_nothing_else() {
    let calendar = Calendar::compiled_in().unwrap();
    let mut seen = 0;
    for seed in 0..6_000 {
        let told = entries(&Story::draw(&mut Dice(seed)).told());
        for deadline in of(&told, &calendar) {
            if deadline.key.actor == Actor::Applicant {
                assert_eq!(deadline.nature, Nature::Right, "seed {seed}: {deadline:#?}");
                seen += 1;
            }
        }
    }
    assert!(seen > 4_000, "{seen}");
}

/// Of a review window both are false. Received a day later, or with a holiday more, the answer was in time, and
/// the forty run from the end of the twenty and not from receipt of the answer.
#[rstest]
#[case::late("2026-11-02", None, "2026-12-01", "2027-02-04")]
#[case::received_a_day_later("2026-11-03", None, "2026-12-02", "2027-02-02")]
#[case::a_holiday_more("2026-11-02", Some("2026-11-11"), "2026-12-02", "2027-02-02")]
fn a_window_can_come_earlier(
    #[case] received: &str,
    #[case] holiday: Option<&str>,
    #[case] answer_by: &str,
    #[case] review_by: &str,
) {
    let told = history(&format!("received {received}; responded 2026-12-02 posted"));
    let calendar = holiday.map_or_else(|| Calendar::compiled_in().unwrap(), |date| with_a_holiday(day(date)));
    let all = of(&told, &calendar);
    let due = |which| pick(&all, which).unwrap().due;
    assert_eq!(due("response"), Some(day(answer_by)));
    assert_eq!(due("review-window"), Some(day(review_by)));
}

/// An extension is to the day that the applicant was told, so a holiday before that day leaves fewer working days
/// of it; where a charge then stops the clock, fewer are left to run when it is paid.
#[test]
fn a_holiday_within_an_extension_that_a_charge_stops_can_move_the_answer_earlier() {
    let told = history(
        "received 2026-09-01 regime=eirs; extended 2026-09-15 due=2026-10-20; fees-notice 2026-09-25; \
         fee-paid 2026-10-14",
    );
    let due = |calendar: &Calendar| pick(&of(&told, calendar), "response").unwrap().due;
    assert_eq!(due(&Calendar::compiled_in().unwrap()), Some(day("2026-11-09")));
    assert_eq!(due(&with_a_holiday(day("2026-10-07"))), Some(day("2026-11-06")));
}

/// A holiday proclaimed on a day already counted moves the pause and the reset alike.
#[test]
fn a_holiday_within_a_pause_moves_nothing() {
    let told = history("received 2026-09-01; fees-notice 2026-09-15; fee-paid 2026-10-06");
    let due = |calendar: &Calendar| pick(&of(&told, calendar), "response").unwrap().due;
    assert_eq!(due(&with_a_holiday(day("2026-09-22"))), Some(day("2026-10-21")));
    assert_eq!(due(&with_a_holiday(day("2026-10-07"))), Some(day("2026-10-22")));
    check(
        "received 2026-09-01; fees-notice 2026-09-15; fee-paid 2026-10-06",
        "response",
        "due 2026-10-21",
    );
}
