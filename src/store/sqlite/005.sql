-- Schema 5: the words of a message apart from its state, which changes three times while they stay; else each change
-- would write all of them anew.
create table words (
    message integer primary key references message (id),
    body_text text not null,
    body_html text not null
) strict;
insert into words (message, body_text, body_html) select id, body_text, body_html from message;
alter table message drop column body_text;
alter table message drop column body_html;
