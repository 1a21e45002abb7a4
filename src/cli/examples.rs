//! The examples under the help of each command, and in its man page. `tests/help.rs` runs every one of them as it stands,
//! in an office where these cases are.
//!
//! A line indented by two begins with `timeous` and is typed as it stands; one indented by six says something of the
//! line above, and names the exit codes where another than 0 is well.

pub(super) const ALL: &str = "\
Examples:
  timeous due 2026-11-02 --explain
  timeous log FOI-2026-0402 --received 2026-11-27 --officer bjones
  timeous record FOI-2026-0401 responded --on 2026-11-27 --outcome part
  timeous status";

pub(super) const DUE: &str = "\
Examples:
  timeous due 2026-11-02
  timeous due 2026-11-02:posted --explain
  timeous due 2026-11-02 --event responded=2026-11-05
  timeous due 2026-11-02 --event clarification-sought=2026-11-09";

pub(super) const LOG: &str = "\
Examples:
  timeous log FOI-2026-0402 --received 2026-11-27 --officer bjones
  timeous log EIR-2026-0045 --posted 2026-11-24 --regime eirs
  timeous log FOI-2026-0403 --received 2026-11-26 --subject \"Gritting routes\"";

pub(super) const RECORD: &str = "\
Examples:
  timeous record FOI-2026-0401 responded --on 2026-11-27 --outcome part
  timeous record FOI-2026-0401 clarification-sought --on 2026-11-26
  timeous record FOI-2026-0401 diary --on 2026-11-27 --due 2026-12-04
  timeous record FOI-2026-0388 reassigned --on 2026-11-27 --officer cbrown
  timeous record FOI-2026-0290 review-outcome --on 2026-11-27 --outcome upheld";

pub(super) const CORRECT: &str = "\
Examples:
  timeous correct FOI-2026-0401 1 --on 2026-11-03 --why \"the stamp says the 3rd\"
  timeous correct FOI-2026-0290 3 --void --why \"it was another case's letter\"";

pub(super) const SHOW: &str = "\
Examples:
  timeous show FOI-2026-0388
  timeous show FOI-2026-0388 --json";

pub(super) const EXPLAIN: &str = "\
Examples:
  timeous explain FOI-2026-0401
  timeous explain FOI-2026-0290 --step review-outcome";

pub(super) const LETTER: &str = "\
Examples:
  timeous letter FOI-2026-0401 ack
  timeous letter FOI-2026-0401 answer
  timeous letter FOI-2026-0290 review";

pub(super) const STATUS: &str = "\
Examples:
  timeous status
  timeous status --officer bjones --within 10wd
  timeous status --check
      for a monitor: one line, and exit 0, 1, 2 or 3 as above";

pub(super) const IMPORT: &str = "\
Examples:
  timeous import cases.csv --dry-run
  timeous import cases.csv --wrong-due wrong-dates.csv";

pub(super) const EXPORT: &str = "\
Examples:
  timeous export -o cases.csv
  timeous export --format ics --officer bjones -o bjones.ics
  timeous export --format json";

pub(super) const HOLIDAYS: &str = "\
Examples:
  timeous holidays list 2026
  timeous holidays check";

pub(super) const HOLIDAYS_LIST: &str = "\
Examples:
  timeous holidays list
  timeous holidays list 2022 --json";

pub(super) const HOLIDAYS_CHECK: &str = "\
Examples:
  timeous holidays check
  timeous holidays check bank-holidays.json";

pub(super) const HOLIDAYS_UPDATE: &str = "\
Examples:
  timeous holidays update bank-holidays.json --dry-run
  timeous holidays update bank-holidays.json";

pub(super) const MAIL: &str = "\
Examples:
  timeous mail test b.jones@example.gov.uk
  timeous mail queue";

pub(super) const MAIL_TEST: &str = "\
Examples:
  timeous mail test b.jones@example.gov.uk";

pub(super) const MAIL_QUEUE: &str = "\
Examples:
  timeous mail queue";

pub(super) const MAIL_RETRY: &str = "\
Examples:
  timeous mail retry 1";

pub(super) const VERIFY: &str = "\
Examples:
  timeous verify
  timeous verify --head POSITION:HASH
  timeous --register register-2026-10-31.db verify";

pub(super) const BACKUP: &str = "\
Examples:
  timeous backup register-2026-11-27.db";

pub(super) const PURGE: &str = "\
Examples:
  timeous purge --closed-before 2021-01-01 --dry-run
  timeous purge --closed-before 2021-01-01 --by \"M Green\"";

pub(super) const RUN: &str = "\
Examples:
  timeous run --once
      one round by hand, where the service does not run; systemd runs it without --once";

pub(super) const DEMO: &str = "\
Examples:
  timeous demo
  timeous --today 2018-04-13 demo";

pub(super) const COMPLETIONS: &str = "\
Examples:
  timeous completions bash > timeous.bash
  timeous completions zsh > _timeous
  timeous completions fish > timeous.fish";

pub(super) const MAN: &str = "\
Examples:
  timeous man man1
      then: man --local-file man1/timeous-record.1";
