-- Schema 3: what a purge keeps of an entry.

-- `kept` is the body without its words: days, outcome, exemptions, regime; `purged` is the position of the register's
-- own entry that says so and holds a hash over all that it kept. Both are null while the body is there.
alter table entry add column kept text;
alter table entry add column purged integer;
create index entry_purged on entry (purged, position) where purged is not null;
