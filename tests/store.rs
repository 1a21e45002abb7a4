//! The register: what every engine must do ([`conformance`]), and what the one on SQLite must do besides
//! ([`on_sqlite`]).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy excuses only the #[test] functions themselves, not their helpers"
)]

#[path = "store/conformance.rs"]
mod conformance;
#[path = "store/on_sqlite.rs"]
mod on_sqlite;
#[path = "store/rows.rs"]
mod rows;

use timeous::store::Sqlite;

/// A fresh register that can be opened as often as a test wants.
trait Place: Sync {
    type Engine: timeous::store::Store;

    fn open(&self) -> Self::Engine;
}

/// A register in a folder that goes when the test ends.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn register(&self) -> std::path::PathBuf {
        self.0.path().join("register.db")
    }
}

impl Place for Folder {
    type Engine = Sqlite;

    fn open(&self) -> Sqlite {
        Sqlite::create(&self.register()).unwrap()
    }
}

/// Holds an engine to every test of the suite.
macro_rules! conforms {
    ($engine:ident, $fresh:expr, [$($test:ident,)+]) => {
        mod $engine {
            use super::*;
            $(#[test]
            fn $test() {
                conformance::$test(&$fresh);
            })+
        }
    };
}

conforms!(
    sqlite,
    Folder::new(),
    [
        a_new_register_is_empty_and_knows_it,
        entries_come_back_exactly_as_they_were_appended,
        every_link_of_the_chain_follows_from_the_one_before,
        the_whole_chain_is_read_in_its_order,
        references_come_in_pages_wherever_they_stand,
        words_are_emptied_once_and_what_was_kept_is_read_in_their_place,
        a_mail_is_emptied_when_no_case_in_it_has_words_left,
        a_number_is_given_once_in_a_case,
        nothing_of_a_failed_transaction_is_kept,
        nothing_of_a_transaction_that_panicked_is_kept_and_the_next_one_works,
        a_part_is_undone_by_itself_and_parts_nest,
        a_case_is_stored_under_its_reference,
        a_deadline_keeps_its_number_under_its_key,
        former_dates_come_back_the_oldest_first,
        cases_are_due_when_a_morning_has_come_and_urgent_ones_when_the_day_is_theirs,
        open_cases_come_in_pages,
        cases_are_in_view_while_something_is_owed_runs_or_has_lately_changed,
        a_reminder_stands_once_and_again_only_when_it_was_given_back,
        a_message_goes_from_waiting_to_sending_to_its_end,
        a_message_that_must_wait_is_not_taken_before_its_time,
        messages_are_taken_in_the_order_of_their_times,
        a_message_is_settled_only_while_it_is_being_sent,
        a_message_is_withdrawn_only_while_it_waits,
        what_was_being_sent_is_rescued_as_a_possible_duplicate,
        a_doubtful_message_is_neither_stale_nor_withdrawn_for_its_deadline,
        a_mailbox_counts_as_refused_for_its_morning,
        put_off_is_what_the_recipients_server_would_not_take_yet,
        whoever_has_an_open_case_holds_it,
        a_refused_message_counts_until_somebody_is_told,
        a_listing_obeys_each_filter_and_puts_the_most_urgent_first,
        counts_change_on_the_day_and_not_before,
        a_task_leaves_its_last_result,
        the_last_entry_says_when_it_was_recorded,
        the_register_knows_what_its_dates_rest_on,
        a_message_is_hurried_while_it_waits_and_forgiven_once_refused,
        a_calendar_is_kept_with_its_days,
        the_registers_own_entries_are_links_of_the_chain,
        every_derivation_is_on_record_the_latest_first,
        a_notice_is_left_once_and_goes_from_waiting_to_told,
        what_a_sheet_said_is_kept_until_another_takes_its_place,
        a_sheets_entries_are_news_until_a_digest_has_them,
        a_reader_does_not_see_what_is_not_committed,
        two_takers_never_get_one_message,
        eight_writers_at_once_leave_one_unbroken_chain,
    ]
);
