# SPDX-License-Identifier: Apache-2.0
"""What /proc tells of a receiver's processes, and how they are ended."""

import os
import signal
import time


def cpu_seconds(pid):
    """User and system time of all threads, those that ended included: utime + stime of /proc/PID/stat, but in
    nanoseconds instead of ticks. The process's own CPU clock, numbered as clock_getcpuclockid(3) does it."""
    return time.clock_gettime((~pid << 3) | 2)


def memory_mib(pid):
    """VmRSS and VmHWM."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        lines = dict(line.split(":", 1) for line in file)
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def children(pid):
    """Those that live now, of any of its threads."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    except FileNotFoundError:
        pass
    return sorted(found)


def is_running(pid):
    """Not ended; one that nobody has waited for has ended too."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def end(pids, seconds=10):
    """Waits for processes that are about to end and are not our children; kills what has not by then."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    late = [pid for pid in pids if is_running(pid)]
    for pid in late:
        os.kill(pid, signal.SIGKILL)
    return late


def end_group(process):
    """Kills a session that we started, its leader's children included, and waits for the leader. A process that waits in
    a full audit queue ends only when that wait does (backlog_wait_time, a minute here)."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(90)
