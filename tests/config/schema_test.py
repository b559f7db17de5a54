#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/nauditd.schema.json accepts what is shipped, examples included, and refuses what the loader refuses."""
import copy
import json
import pathlib
import sys

import jsonschema
import yaml

root = pathlib.Path(sys.argv[1])
schema = json.loads((root / "docs/nauditd.schema.json").read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

shipped = (root / "config/nauditd.yaml").read_text()
examples = "\n".join(line[1:] if line.startswith("#  ") else line for line in shipped.split("\n"))
good = {
    "config/nauditd.yaml": yaml.safe_load(shipped),
    "its examples": yaml.safe_load(examples),
    "config/quickstart.yaml": yaml.safe_load((root / "config/quickstart.yaml").read_text()),
    "an empty section": {"kernel": None},
}
failures = []
for name, document in good.items():
    failures += [f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(document)]


def changed(path, value):
    document = copy.deepcopy(good["its examples"])
    *parents, last = path
    at = document
    for step in parents:
        at = at[step]
    at[last] = value
    return document


bad = [
    (["kernell"], {}),
    (["kernel", "failure"], "panic"),
    (["kernel", "backlog_limit"], 0),
    (["events", "timeout"], 5),
    (["sinks", 0, "rotate"], {"keeep": 1}),
    (["sinks", 0, "url"], "https://h/"),
    (["sinks", 1, "type"], "kafka"),
    (["sinks", 1, "rotate"], {"keep": 1}),
    (["sinks", 2, "queue"], {"size": "lots"}),
]
for path, value in bad:
    if validator.is_valid(changed(path, value)):
        failures.append(f"{path} = {value!r} is accepted")

print("\n".join(failures) or f"{len(good)} accepted, {len(bad)} refused, as it should be")
sys.exit(bool(failures))
