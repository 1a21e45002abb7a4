-- A register as the program wrote it when the schema was at its first version and the law at its second, by a
-- configuration that withdrew 19 September 2022.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE about (
    id integer primary key check (id = 1),
    calendar text not null,
    law text not null,
    settings text not null,
    position integer not null,
    head text not null,
    demo integer not null
) strict;
INSERT INTO about VALUES(1,'9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2','6a640f2cbee3005c',5,'7fd537655132266d49a6e8eac24e013565ba0c8beb8b69ed3ee0def53a22c422',0);
CREATE TABLE calendar (
    version text primary key,
    announced_through text not null
) strict;
INSERT INTO calendar VALUES('9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2028-12-31');
CREATE TABLE entry (
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
INSERT INTO entry VALUES(1,'FOI-1',1,'received','2022-08-24','{"officer":"bjones","regime":"foisa"}','4ade315481ce6a116648ec384e577a6f85ddd0694c7cb404a4382147d635e069','0fd13a7d4e8d2255cba1c7f0917e2640dbcb62787cb7b4d51652b839824337aa','2022-08-24T12:00:00.000Z','clerk',NULL,NULL);
INSERT INTO entry VALUES(2,'FOI-5',1,'received','2022-08-25','{"officer":"dgrey","regime":"foisa"}','4436659402f68541fa6fb9371c37de17e55a1e7a8705860fddcdfdf74e33c224','6e8e053ddfc06139c773b7e484322974f7291c7da96f8f7a5893def3e488d658','2022-08-26T12:00:00.000Z','clerk',NULL,NULL);
INSERT INTO entry VALUES(3,'FOI-3',1,'received','2022-08-15','{"officer":"bjones","regime":"foisa"}','4ade315481ce6a116648ec384e577a6f85ddd0694c7cb404a4382147d635e069','96bc30765c03ea3e6a2caced53ccff7a6c856a8dc5c2f13293f72d33f2071abd','2022-08-26T12:05:00.000Z','clerk',NULL,NULL);
INSERT INTO entry VALUES(4,'FOI-3',2,'responded','2022-08-30','{"outcome":"full"}','7e9f7a53b05f05b7dcc492816abc3d25582282b3021fee23680d4cbcf5518b52','28822aeb373a08ea945bc0fa8d28f40f86d44984a95857286bb5eb23bc66d0ef','2022-08-30T12:05:00.000Z','clerk',NULL,NULL);
INSERT INTO entry VALUES(5,'FOI-6',1,'received','2022-08-26','{"regime":"foisa"}','0e12e10bbdf59e4690412f00a828d0948f2d3496e9968de8ac1c7d96c311d5c2','7fd537655132266d49a6e8eac24e013565ba0c8beb8b69ed3ee0def53a22c422','2022-08-31T12:00:00.000Z','clerk',NULL,NULL);
CREATE TABLE cases (
    reference text primary key,
    regime text not null,
    officer text,
    opened text not null,
    closed text,
    last_seq integer not null,
    set_aside text
) strict;
INSERT INTO cases VALUES('FOI-1','foisa','bjones','2022-08-24',NULL,1,NULL);
INSERT INTO cases VALUES('FOI-5','foisa','dgrey','2022-08-25',NULL,1,NULL);
INSERT INTO cases VALUES('FOI-3','foisa','bjones','2022-08-15',NULL,2,NULL);
INSERT INTO cases VALUES('FOI-6','foisa',NULL,'2022-08-26',NULL,1,NULL);
CREATE TABLE deadline (
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
INSERT INTO deadline VALUES(1,'FOI-1','foisa','response','authority',1,1,'duty','running',1,'2022-09-21','2022-09-21',NULL,NULL,'FOISA s.10(1)(a)',0,'bjones','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-09-14','5wd');
INSERT INTO deadline VALUES(2,'FOI-1','foisa','review-window','applicant',1,1,'right','pending',1,'2022-11-16','2022-11-16','2022-09-21',NULL,'FOISA s.20(5)(a)',0,'bjones','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-11-09','5wd');
INSERT INTO deadline VALUES(3,'FOI-5','foisa','response','authority',1,1,'duty','running',1,'2022-09-22','2022-09-22',NULL,NULL,'FOISA s.10(1)(a)',0,'dgrey','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-09-08','10wd');
INSERT INTO deadline VALUES(4,'FOI-5','foisa','review-window','applicant',1,1,'right','pending',1,'2022-11-17','2022-11-17','2022-09-22',NULL,'FOISA s.20(5)(a)',0,'dgrey','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-11-10','5wd');
INSERT INTO deadline VALUES(5,'FOI-3','foisa','response','authority',1,1,'duty','met',0,'2022-09-12','2022-09-12',NULL,'2022-08-30','FOISA s.10(1)(a)',0,'bjones','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb',NULL,NULL);
INSERT INTO deadline VALUES(6,'FOI-3','foisa','review-window','applicant',1,1,'right','running',1,'2022-11-07','2022-11-07',NULL,NULL,'FOISA s.20(5)(a)',0,'bjones','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-10-31','5wd');
INSERT INTO deadline VALUES(7,'FOI-6','foisa','response','authority',1,1,'duty','running',1,'2022-09-23','2022-09-23',NULL,NULL,'FOISA s.10(1)(a)',0,NULL,'9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-09-09','10wd');
INSERT INTO deadline VALUES(8,'FOI-6','foisa','review-window','applicant',1,1,'right','pending',1,'2022-11-18','2022-11-18','2022-09-23',NULL,'FOISA s.20(5)(a)',0,NULL,'9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2022-11-11','5wd');
CREATE TABLE deadline_was (
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
INSERT INTO deadline_was VALUES(1,5,'2022-09-12','2022-09-12','running','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2','2022-08-30T12:05:00.000Z','responded recorded');
INSERT INTO deadline_was VALUES(2,6,'2022-11-07','2022-11-07','pending','9b1d069e2cacfee49fce13002268faa0f4c7f18a963165430b4ac0be250fdefb','2','2022-08-30T12:05:00.000Z','responded recorded');
CREATE TABLE reminder (
    id integer primary key,
    deadline integer not null references deadline (id),
    work_to text not null,
    rung text not null,
    day text not null,
    reason text not null,
    state text not null,
    unique (deadline, work_to, rung, day)
) strict;
INSERT INTO reminder VALUES(1,1,'2022-09-21','10wd','','coming','told');
CREATE TABLE message (
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
INSERT INTO message VALUES(1,'bjones@example.gov.uk','B Jones','2022-09-07','b0f00e4068f8cb4f77ca9fc687ca9468@example.gov.uk','6301626a7888d36e350a04b5b3a07e15@example.gov.uk','FOI: 1 later; first FOI-1',replace('Good morning, B Jones. One case needs you.\n\nFOI-1 - answer due Wednesday 21 September: ten working days after today\n  On file: received on Wednesday 24 August, not answered.\n  An acknowledgement or a holding letter does not stop the clock; until\n  Wednesday 21 September you may still ask for clarification (s.1(3)) or give\n  a fees notice (s.9).\n  A refusal must name the exemption and why it applies (s.16); it, and a\n  notice that nothing is held (s.17), must tell of your review procedure and\n  of the rights to a review and to apply to the Commissioner (s.19).\n  To paste: "You may ask us to review this decision until Wednesday 16\n  November 2022".\n  When it has gone:  timeous record FOI-1 responded --on DATE\n\nClosing soon: nothing new of yours.\n\nTimeous for Example Council. Why these dates: timeous explain REF. Not yours?\nTell foi@example.gov.uk.','\n',char(10)),replace('<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n<title>FOI</title>\n</head>\n<body style="margin:0;padding:16px;font:16px/1.5 -apple-system,''Segoe UI'',Roboto,Helvetica,Arial,sans-serif">\n<div style="max-width:42em;margin:0 auto">\n<p style="margin:0 0 20px">Good morning, B Jones. One case needs you.</p>\n<div style="margin:0 0 24px;padding:2px 0 2px 14px;border-left:4px solid #1d70b8">\n<p style="margin:0 0 8px;font-weight:600;overflow-wrap:anywhere">FOI-1 &ndash; answer due Wednesday 21 September: ten working days after today</p>\n<p style="margin:0 0 8px">On file: received on Wednesday 24 August, not answered.</p>\n<p style="margin:0 0 8px">An acknowledgement or a holding letter does not stop the clock; until Wednesday 21 September you may still ask for clarification (s.1(3)) or give a fees notice (s.9).</p>\n<p style="margin:0 0 8px">A refusal must name the exemption and why it applies (s.16); it, and a notice that nothing is held (s.17), must tell of your review procedure and of the rights to a review and to apply to the Commissioner (s.19).</p>\n<p style="margin:0 0 8px">To paste: &quot;You may ask us to review this decision until Wednesday 16 November 2022&quot;.</p>\n<p style="margin:0 0 4px">When it has gone:</p>\n<pre style="margin:0 0 8px;font:14px/1.5 Menlo,Consolas,''DejaVu Sans Mono'',monospace;white-space:pre-wrap;overflow-wrap:anywhere">timeous record FOI-1 responded --on DATE</pre>\n</div>\n<p style="margin:0 0 24px">Closing soon: nothing new of yours.</p>\n<p style="margin:0;padding-top:8px;border-top:1px solid #888;font-size:14px">Timeous for Example Council. Why these dates: <code>timeous explain REF</code>. Not yours? Tell foi@example.gov.uk.</p>\n</div>\n</body>\n</html>','\n',char(10)),'accepted','2022-09-07T07:30:00.000Z','2022-09-07T07:30:00.895Z',1,0);
CREATE TABLE line (
    message integer not null references message (id),
    reminder integer not null references reminder (id),
    primary key (message, reminder)
) strict;
INSERT INTO line VALUES(1,1);
CREATE TABLE attempt (
    id integer primary key,
    message integer not null references message (id),
    at text not null,
    stage text,
    outcome text,
    reply text
) strict;
INSERT INTO attempt VALUES(1,1,'2022-09-07T07:30:00.000Z',NULL,'accepted','written to 20220907T073000Z-b0f00e4068f8.eml');
CREATE TABLE round (
    task text primary key,
    at text not null,
    ok integer not null,
    summary text not null
) strict;
INSERT INTO round VALUES('reconcile','2022-09-07T07:31:00.000Z',1,'nothing changed');
INSERT INTO round VALUES('dispatch','2022-09-07T07:31:00.000Z',1,'0 mails with 0 reminders');
INSERT INTO round VALUES('deliver','2022-09-07T07:30:00.000Z',1,'1 mails accepted');
CREATE INDEX cases_set_aside on cases (reference) where set_aside is not null;
CREATE INDEX deadline_open on deadline (actor, work_to, step, due) where open = 1;
CREATE INDEX deadline_officer on deadline (officer, actor, work_to) where open = 1;
CREATE INDEX deadline_case on deadline (reference) where open = 1;
CREATE INDEX deadline_step on deadline (step, reference) where open = 1;
CREATE INDEX deadline_next on deadline (next_on, reference) where next_on is not null;
CREATE INDEX deadline_was_of on deadline_was (deadline);
CREATE INDEX message_waiting on message (not_before, id) where state = 'queued';
CREATE INDEX message_sending on message (id) where state = 'sending';
CREATE INDEX message_dead on message (id) where state = 'dead';
CREATE INDEX message_refused on message (morning) where state = 'refused';
CREATE INDEX line_reminder on line (reminder);
CREATE INDEX attempt_of on attempt (message);
COMMIT;
pragma application_id = 1414090053;
pragma user_version = 1;
