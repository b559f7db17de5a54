# SPDX-License-Identifier: Apache-2.0
"""Reads a growing file as it is written, and tells how old each line is when it can be read."""

import ctypes
import os
import re
import select
import time

IN_MODIFY = 2
IN_NONBLOCK = os.O_NONBLOCK
STAMP = re.compile(rb"/stamp-(\d+)\.")
SECONDS = 150  # the longest that a generator may run
LIBC = ctypes.CDLL(None, use_errno=True)


def watch(path):
    descriptor = LIBC.inotify_init1(IN_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0 or LIBC.inotify_add_watch(descriptor, path.encode(), IN_MODIFY) < 0:
        raise OSError(ctypes.get_errno(), "inotify")
    return descriptor


def latencies(path, generator):
    """Milliseconds from the generator's stamp, taken before the system call, to the whole line being read; until the
    generator has ended and nothing more comes. The reader's own wake-up is part of it, for every contender alike."""
    found = []
    notices = watch(path)
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    os.lseek(file, 0, os.SEEK_END)
    rest = b""
    deadline = time.monotonic() + SECONDS
    try:
        while time.monotonic() < deadline:
            ready = select.select([notices], [], [], 0.7)[0]
            if not ready and generator.poll() is not None:
                return found
            if ready:
                os.read(notices, 65536)
            while True:
                data = os.read(file, 1 << 20)
                now = time.time_ns()
                if not data:
                    break
                whole, newline, tail = (rest + data).rpartition(b"\n")
                rest = tail
                if newline:
                    # An event may say its file's name more than once.
                    found += [(now - int(stamp)) / 1e6 for stamp in set(STAMP.findall(whole))]
        return found
    finally:
        os.close(file)
        os.close(notices)
