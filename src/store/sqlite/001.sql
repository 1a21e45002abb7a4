-- The register, schema 1. Dates are TEXT (YYYY-MM-DD), instants TEXT (UTC, milliseconds), flags 0 or 1.

create table about (
    id integer primary key check (id = 1),
    calendar text not null,
    law text not null,
    settings text not null,
    position integer not null,
    head text not null,
    demo integer not null
) strict;

create table calendar (
    version text primary key,
    announced_through text not null
) strict;

-- What happened. Nothing here is ever updated but `body`, which a purge empties, and nothing is deleted.
create table entry (
    position integer primary key,
    reference text,
    seq integer not null,
    kind text not null,
    on_day text not null,
    body text,
    body_hash text not null,
    hash text not null,
    recorded_at text not null,
    recorded_by text not null,
    by_name text,
    supersedes integer,
    unique (reference, seq)
) strict;

create table cases (
    reference text primary key,
    regime text not null,
    officer text,
    opened text not null,
    closed text,
    last_seq integer not null,
    set_aside text
) strict;
create index cases_set_aside on cases (reference) where set_aside is not null;

-- What follows from the entries, as far as queries ask for it; the rest is reckoned again when it is wanted.
create table deadline (
    id integer primary key,
    reference text not null references cases (reference),
    regime text not null,
    step text not null,
    actor text not null,
    from_seq integer not null,
    occurrence integer not null,
    nature text not null,
    state text not null,
    open integer not null,
    due text,
    work_to text,
    opens_after text,
    acted_on text,
    provision text not null,
    provisional integer not null,
    officer text,
    calendar text not null,
    next_on text,
    next_rung text,
    unique (reference, regime, step, actor, from_seq)
) strict;
create index deadline_open on deadline (actor, work_to, step, due) where open = 1;
create index deadline_officer on deadline (officer, actor, work_to) where open = 1;
create index deadline_case on deadline (reference) where open = 1;
create index deadline_step on deadline (step, reference) where open = 1;
create index deadline_next on deadline (next_on, reference) where next_on is not null;

create table deadline_was (
    id integer primary key,
    deadline integer not null references deadline (id),
    due text,
    work_to text,
    state text not null,
    calendar text not null,
    law text not null,
    until text not null,
    why text not null
) strict;
create index deadline_was_of on deadline_was (deadline);

-- `day` is '' where the rung is told once; for a rung told every morning it is that morning.
create table reminder (
    id integer primary key,
    deadline integer not null references deadline (id),
    work_to text not null,
    rung text not null,
    day text not null,
    reason text not null,
    state text not null,
    unique (deadline, work_to, rung, day)
) strict;

create table message (
    id integer primary key,
    recipient text not null,
    name text not null,
    morning text not null,
    message_id text not null,
    refs text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    state text not null,
    created_at text not null,
    not_before text not null,
    attempts integer not null,
    maybe_duplicate integer not null
) strict;
create index message_waiting on message (not_before, id) where state = 'queued';
create index message_sending on message (id) where state = 'sending';
create index message_dead on message (id) where state = 'dead';
create index message_refused on message (morning) where state = 'refused';

create table line (
    message integer not null references message (id),
    reminder integer not null references reminder (id),
    primary key (message, reminder)
) strict;
create index line_reminder on line (reminder);

create table attempt (
    id integer primary key,
    message integer not null references message (id),
    at text not null,
    stage text,
    outcome text,
    reply text
) strict;
create index attempt_of on attempt (message);

create table round (
    task text primary key,
    at text not null,
    ok integer not null,
    summary text not null
) strict;
