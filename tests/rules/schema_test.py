#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/rules.schema.json accepts every example that we ship or print, and refuses what the loader refuses; every key
of a rule stands in it and in docs/rules.md."""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

root = pathlib.Path(sys.argv[1])
schema = json.loads((root / "docs/rules.schema.json").read_text())
validator_class = jsonschema.validators.validator_for(schema)
validator_class.check_schema(schema)
validator = validator_class(schema)
page = (root / "docs/rules.md").read_text()
failures = []

good = {str(path.relative_to(root)): path.read_text() for path in sorted((root / "config/rules.d").glob("*.yaml"))}
good["config/quickstart.rules.yaml"] = (root / "config/quickstart.rules.yaml").read_text()
for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page, re.S), 1):
    good[f"docs/rules.md, example {number}"] = block
good["an empty file"] = ""
good["no rules"] = "rules:"
good["words and numbers"] = """
include: [a.yaml, 'b/*.yaml']
kernel: {enabled: locked, failure: silent, backlog_limit: 8192, backlog_wait_time: 0, rate_limit: 0}
rules:
  - {key: a, syscalls: 59, arch: b64, where: 'auid>=1000'}
  - {key: [a, b], tags: T1059, syscalls: [open, 2], arch: [b64, b32], exe: /a, where: ['a1 & 3', 'exit = -EACCES']}
  - {types: 1307, list: exclude, action: never}
  - {filesystem: tracefs, action: never}
  - {watch: [/a, /b], permissions: [read, write, execute, attributes]}
  - {path: /a, dir: [/b], permissions: read}
  - {io_uring: openat}
"""
for name, text in good.items():
    failures += [f"{name}: {error.json_path}: {error.message}" for error in validator.iter_errors(yaml.safe_load(text))]

bad = [
    "rulez: []",
    "rules: [{syscals: open}]",
    "rules: [{watch: /a, permissions: wa}]",
    "rules: [{watch: /a, permissions: [wrote]}]",
    "rules: [{where: auid}]",
    "rules: [{where: [{auid: 3}]}]",
    "rules: [{list: entry}]",
    "rules: [{action: possible}]",
    "rules: [{syscalls: {open: close}}]",
    "rules: [{watch: relative}]",
    "rules: [{exe: relative}]",
    "rules: [open]",
    "rules: {}",
    "kernel: {failure: panic}",
    "kernel: {backlog_limit: -1}",
]
for text in bad:
    if validator.is_valid(yaml.safe_load(text)):
        failures.append(f"accepted: {text}")

# No key of the reader is forgotten.
reader = (root / "rules/yaml/entry.cpp").read_text()
keys = set(re.findall(r'\{"(\w+)", ', reader))
if len(keys) < 16:
    failures.append("the keys in rules/yaml/entry.cpp are not found any more")
known = set(schema["definitions"]["rule"]["properties"])
failures += [f"{key} differs between rules/yaml/entry.cpp and the schema" for key in sorted(keys ^ known)]
failures += [f"docs/rules.md does not tell of {key}" for key in sorted(keys) if f"`{key}`" not in page]

print("\n".join(failures) or f"{len(good)} accepted, {len(bad)} refused, as it should be")
sys.exit(bool(failures))
