-- Schema 4: what the officers' own sheet said last. Nothing of it follows from entries, and nothing in it is anybody's words.

-- `seen` is size and time of change at the last look, `taken` those of the bytes that were read last; `position` is the chain's
-- after that, `again` when the same bytes are to be read once more.
create table sheet (
    id integer primary key check (id = 1),
    path text not null,
    seen text,
    taken text,
    read_at text,
    position integer not null,
    lines integer not null,
    held integer not null,
    again text
) strict;

-- A row by its case: a hash of what it says, who it says has the case, and whether something of it is to be settled.
create table sheet_row (
    reference text primary key,
    hash text not null,
    officer text,
    held integer not null
) strict;

-- What is amiss with it, by a name without the words, since when, and whether its owner was told.
create table sheet_oddity (
    name text primary key,
    since text not null,
    told integer not null
) strict;

-- A digest tells what was taken from the sheet after the one before it: where the chain was when a message was written.
alter table message add column position integer not null default 0;
create index message_digest on message (recipient, position) where refs <> '' and state in ('queued', 'sending', 'accepted');
create index entry_sheet on entry (position) where recorded_by >= 'sheet ' and recorded_by < 'sheet!';
