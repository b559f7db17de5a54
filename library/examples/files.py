#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts which program was refused which file, from standard input: files.py < /var/log/audit/audit.log"""
import collections
import sys

import naudit

refused = collections.Counter()
for event in naudit.read(sys.stdin.buffer):
    if event.success is False and event.record("PATH"):
        program = event.get("exe") or event.get("comm")
        refused[program.interpreted if program else "?", event.object] += 1
for (program, path), times in sorted(refused.items()):
    print(times, program, path)
