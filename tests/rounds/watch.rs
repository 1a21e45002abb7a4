//! What those who watch the service are told of the calendar.

use timeous::calendar::BankHoliday;
use timeous::casework::feed::judge;
use timeous::casework::notices::watch_horizon;

use crate::office::{Office, day, usual, words_of};

fn watched() -> Office {
    Office::with(&format!("{}\n[watch]\nadmins = [\"mgreen\"]\n", usual()))
}

#[test]
fn once_a_month_that_clocks_may_run_past_the_announced_holidays() {
    let mut office = watched();
    let mut told = Vec::new();
    for morning in ["2028-07-03", "2028-07-04", "2028-07-31", "2028-08-01", "2028-08-02"] {
        office.at(&format!("{morning} 08:00"));
        watch_horizon(&mut office.store, &office.config.rules, office.now).unwrap();
        office.round();
        if told.is_empty() {
            insta::assert_snapshot!(words_of(&office, "horizon"));
        }
        told.extend(
            office
                .tell(&format!("{morning} 08:01"))
                .iter()
                .map(|mail| format!("{morning} {mail}")),
        );
    }
    assert_eq!(
        told,
        ["2028-07-03 m.green: about horizon", "2028-08-01 m.green: about horizon"]
    );
}

#[test]
fn once_that_the_published_list_says_something_else() {
    let mut office = watched();
    // One day that nothing explains, and the list knows of no other.
    let list = [BankHoliday {
        date: day("2026-11-18"),
        name: "A day out of the blue".to_owned(),
    }];
    let source = ("https://holidays.example/list.json", &list[..]);
    for _ in 0..2 {
        judge(&mut office.store, &office.config.rules, source, office.now).unwrap();
    }
    office.at("2026-11-03 08:00").round();
    insta::assert_snapshot!(words_of(&office, "proposal"));
    assert_eq!(office.tell("2026-11-03 08:01"), ["m.green: about proposal"]);
    assert_eq!(office.tell("2026-11-04 08:00"), Vec::<String>::new());
}
