-- Schema 2: what each calendar held, when everything was derived again, and what is told besides rungs.

-- A line a day, `2026-06-15 World Cup bank holiday`; empty where it was adopted before this was kept.
alter table calendar add column days text not null default '';

create table rederivation (
    id integer primary key,
    at text not null,
    from_calendar text not null,
    to_calendar text not null,
    from_law text not null,
    to_law text not null,
    why text not null,
    cases integer not null,
    moved integer not null
) strict;

-- `name` says what is told to whom and why, so that nothing is told twice; `message` is the mail it is in.
create table notice (
    id integer primary key,
    name text not null unique,
    officer text,
    body text not null,
    state text not null,
    message integer references message (id)
) strict;
create index notice_open on notice (id) where state in ('waiting', 'written');
create index notice_message on notice (message) where message is not null;

create index entry_own on entry (position) where reference is null;
