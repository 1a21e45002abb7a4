"""Reads a sheet with Python's csv and prints its lines as JSON, a table of heading and cell each."""

import csv
import json
import sys

with open(sys.argv[1], newline="", encoding="utf-8-sig") as file:
    lines = list(csv.DictReader(file, strict=True))
for line in lines:
    for cell in line.values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
print(json.dumps(lines))
