#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bench/run on this kernel, for some seconds: it measures, finds no error, and leaves the kernel as it was; and when it is
stopped in the middle too. Usage: run_test.py BUILD"""
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "bench"))
from parts import kernel  # noqa: E402

SKIPPED = 77
BUILD = pathlib.Path(sys.argv[1]).resolve()
SETTINGS = ("enabled", "failure", "pid", "rate_limit", "backlog_limit", "backlog_wait_time")


def leave(reason):
    required = any(os.environ.get(name) in ("1", "true") for name in ("CI", "NAUDIT_REQUIRE_KERNEL"))
    print(f"bench/run {'cannot run, and has to' if required else 'skipped'}: {reason}")
    sys.exit(1 if required else SKIPPED)


def state():
    now = kernel.status()
    listed = subprocess.run([BUILD / "bin/nauditctl", "-l"], capture_output=True, text=True, check=True).stdout
    return {name: now[name] for name in SETTINGS}, listed


def command(*more):
    return [sys.executable, ROOT / "bench/run", "--quick", "--no-build", "--build", BUILD, "--contender", "floor",
            "--contender", "nauditd-json", *more]


def measures():
    done = subprocess.run(command("--scenario", "cpu", "--workload", "syscall", "--scenario", "programs", "--program", "shell"),
                          capture_output=True, text=True, timeout=100, check=False)
    print(done.stdout, done.stderr)
    assert done.returncode == 0, f"exit code {done.returncode}"
    for row in ("| who | syscall | shell |", "| syscall | nauditd json |", "| shell | no auditing |", "| nauditd json | records |"):
        assert row in done.stdout, f"no row {row}"


def stops():
    process = subprocess.Popen(command("--scenario", "curve"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while kernel.status()["pid"] == 0 and time.monotonic() < deadline:  # until somebody is the audit daemon
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 128 + signal.SIGINT, process.returncode


def main():
    if os.geteuid() != 0:
        leave("it needs root")
    try:
        before = state()
    except (kernel.Error, OSError) as error:
        leave(f"the kernel does not tell its audit status: {error}")
    if before[0]["pid"]:
        leave("another audit daemon is registered")
    if before[0]["enabled"] == 2:
        leave("the audit configuration is locked until the next boot")
    for step in (measures, stops):
        step()
        assert state() == before, f"{step.__name__}: the kernel was {before} and is {state()}"


main()
