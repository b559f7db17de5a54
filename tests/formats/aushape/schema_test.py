#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""aushape's own schemas, asked by python3-jsonschema and xmllint about what nauditctl convert makes of logs.

Usage: schema_test.py NAUDITCTL XMLLINT SCHEMAS FOLDER...

SCHEMAS holds aushape.schema.json and aushape.xsd; of each folder all files are converted, with several choices of options.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import jsonschema

OPTIONS = [[], ["text=true", "norm=true"], ["norm=true", "max_event_size=1KiB", "fold=5", "events_per_doc=all"]]


def convert(nauditctl, form, options, logs):
    command = [nauditctl, "convert", "--format", form, "--names", "none", *(word for one in options for word in ("--option", one)), *logs]
    run = subprocess.run(command, capture_output=True, env=dict(os.environ, TZ="CET-1CEST,M3.5.0,M10.5.0/3"), stdin=subprocess.DEVNULL)
    if run.returncode not in (0, 3):
        sys.exit("%s: %d: %s" % (command[:8], run.returncode, run.stderr.decode("utf-8", "replace")))
    return run.stdout


def events_of(text, options):
    if any(one.startswith("events_per_doc") for one in options):
        return json.loads(text)
    return [json.loads(line) for line in text.splitlines()]


def names_of(schema):
    """What the documents' own table says has to be what the schemas say."""
    fields = set(schema["definitions"]["generic_fields"]["properties"])
    return fields, set(schema["items"]["properties"]["data"]["properties"])


def main():
    nauditctl, xmllint, schemas, *folders = sys.argv[1:]
    schema = json.loads(pathlib.Path(schemas, "aushape.schema.json").read_text())
    validator = jsonschema.Draft4Validator(schema)
    source = (pathlib.Path(__file__).parents[3] / "formats/aushape/schema.cpp").read_text()
    tables = [set(re.findall(r'"([^"]+)"', one)) for one in re.findall(r"to_array<std::string_view>\(\{(.*?)\}\)", source, re.S)]
    if tables != list(names_of(schema)):
        sys.exit("formats/aushape/schema.cpp has not the names of the schema")
    wrong, count = 0, 0
    for folder in folders:
        logs = sorted(str(path) for path in pathlib.Path(folder).rglob("*") if path.is_file() and (path.suffix == ".txt" or "logs" in path.parts))
        assert logs, folder
        large = sum(os.path.getsize(path) for path in logs) > 2_000_000
        for options in OPTIONS[:1] if large else OPTIONS:
            events = events_of(convert(nauditctl, "aushape-json", options, logs), options)
            count += len(events)
            for error in list(validator.iter_errors(events))[:5]:
                wrong += 1
                print(folder, options, list(error.absolute_path), error.message[:300])
            check = subprocess.run(
                [xmllint, "--noout", "--huge", "--nonet", "--schema", os.path.join(schemas, "aushape.xsd"), "-"],
                input=convert(nauditctl, "aushape-xml", options, logs), capture_output=True)
            if check.returncode != 0:
                wrong += 1
                print(folder, options, check.stderr.decode("utf-8", "replace")[:1000])
    print("%d events, %d wrong" % (count, wrong))
    sys.exit(1 if wrong or not count else 0)


if __name__ == "__main__":
    main()
