"""Reads calendars with Debian's python3-icalendar, a reader that knows nothing of Timeous, and prints what it found as
JSON. Several are merged as RFC 5546 has it: of two events with one UID the higher SEQUENCE holds, then the later
DTSTAMP; with --live, those that are cancelled are left out of the end."""

import datetime
import json
import re
import sys

import icalendar
from icalendar.parser import Contentlines


def seconds(trigger):
    assert isinstance(trigger, datetime.timedelta), trigger
    return int(trigger.total_seconds())


def texts(data, name):
    """The texts of a property in their order, by the letter of RFC 5545, 3.3.11: version 4 of the library takes an escaped
    backslash before an n for a line break, and is believed only where there is no backslash."""
    lines = [line for line in Contentlines.from_ical(data) if line.startswith(name + ":")]
    values = [line[len(name) + 1 :] for line in lines]
    return [re.sub(r"\\(.)", lambda escape: escape[1].replace("n", "\n").replace("N", "\n"), value) for value in values]


def event(found):
    for needed in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS"):
        assert needed in found, needed
        assert not isinstance(found[needed], list), needed + " stands twice"
    start, end = found["DTSTART"].dt, found["DTEND"].dt
    assert type(start) is datetime.date and type(end) is datetime.date, "not a day"
    alarms = [part for part in found.subcomponents if part.name == "VALARM"]
    return {
        "uid": str(found["UID"]),
        "sequence": int(found["SEQUENCE"]),
        "stamp": found["DTSTAMP"].dt.isoformat(),
        "modified": found["LAST-MODIFIED"].dt.isoformat(),
        "start": start.isoformat(),
        "days": (end - start).days,
        "summary": str(found["SUMMARY"]),
        "description": str(found["DESCRIPTION"]),
        "status": str(found["STATUS"]),
        "class": str(found["CLASS"]),
        "alarms": [seconds(alarm["TRIGGER"].dt) for alarm in alarms],
    }


def main():
    files = [name for name in sys.argv[1:] if name != "--live"]
    held = {}
    for name in files:
        with open(name, "rb") as file:
            data = file.read()
        calendar = icalendar.Calendar.from_ical(data)
        assert str(calendar["VERSION"]) == "2.0" and str(calendar["METHOD"]) == "PUBLISH"
        assert not calendar.errors, calendar.errors
        seen = set()
        parts = calendar.walk("VEVENT")
        summaries = texts(data, "SUMMARY")
        assert len(parts) == len(summaries)
        for part, summary in zip(parts, summaries):
            assert not part.errors, part.errors
            one = event(part)
            assert one["summary"] == summary or "\\" in summary, summary
            one["summary"] = summary
            assert one["uid"] not in seen, "one UID twice in a calendar"
            seen.add(one["uid"])
            known = held.get(one["uid"])
            order = lambda entry: (entry["sequence"], entry["stamp"])
            if known is None or order(one) >= order(known):
                held[one["uid"]] = one
    events = list(held.values())
    if "--live" in sys.argv:
        events = [one for one in events if one["status"] != "CANCELLED"]
    print(json.dumps({"name": str(calendar["X-WR-CALNAME"]), "events": events}))


main()
