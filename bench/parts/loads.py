# SPDX-License-Identifier: Apache-2.0
"""Who makes the events: bench-generate, which knows what it made. Programs of the world are in programs.py; both kinds have
`name`, `uid`, `rules`, prepare(), start() and finish(). What finish() gives as `made`, `records` and `written` is None where
nobody knows."""

import json
import subprocess

from parts import kernel

# Records that the kernel sends for an event, EOE included.
RECORDS = {"openat": 5, "syscall": 3, "exec": 7, "user": 1}
MATCHES = {"openat": ["-S", "openat", "-F", "success=0"], "syscall": ["-S", "getppid"], "exec": ["-S", "execve"]}
SECONDS = 150  # no load may take longer


def communicate(process, name):
    """What it printed, once it has ended well."""
    try:
        text = process.communicate(timeout=SECONDS)[0]
    except subprocess.TimeoutExpired:
        raise kernel.Error(f"{name} had not ended after {SECONDS} s") from None
    if process.returncode:
        raise kernel.Error(f"{name} ended with {process.returncode}")
    return text


class Generated:
    """Events of bench-generate: flat out, or `rate` of them a second; `stamp`: with the time in the name of the file."""

    def __init__(self, program, workload, events, uid, threads=1, rate=0, stamp=False):
        self.program = program
        self.name = workload
        self.events = int(events)
        self.uid = uid
        self.threads = threads
        self.rate = rate
        self.stamp = stamp
        wanted = ["openat", "syscall", "exec"] if workload == "mix" else [workload]
        self.rules = [MATCHES[name] for name in wanted if name in MATCHES]

    def prepare(self):
        """Nothing: it touches no file."""

    def start(self):
        # Without an environment: a locale would make it look for files.
        return subprocess.Popen(
            [self.program, "--workload", self.name, "--events", str(self.events), "--threads", str(self.threads), "--uid",
             str(self.uid), "--mark", kernel.KEY, "--rate", str(self.rate), *(["--stamp"] if self.stamp else [])],
            stdout=subprocess.PIPE, text=True, env={}, start_new_session=True)

    def finish(self, process):
        result = json.loads(communicate(process, "bench-generate"))
        made = sum(result[kind] for kind in RECORDS)
        if result["errors"] or made != self.events:
            raise kernel.Error(f"{made} of {self.events} events could be made")
        records = sum(result[kind] * RECORDS[kind] for kind in RECORDS)
        return {"seconds": result["seconds"], "made": made, "records": records,
                "written": records - made + result["user"]}  # EOE is not written, and a user message has none
