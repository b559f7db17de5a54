#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/quickstart on the live kernel, as root without a login id: what somebody does shows within seconds, nothing of its own
rules comes before, and the kernel is left as it was however it ends.

quickstart_test.py SOURCE BIN            77: there is no kernel audit for us here."""
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SOURCE, BIN = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
PATIENCE = 60  # seconds, on a busy machine; a quiet one takes two


def nauditctl(option):
    return subprocess.run([BIN / "nauditctl", option], capture_output=True, text=True, check=True).stdout


def kernel():
    """Rules and settings; what only counts is left out."""
    settings = [line for line in nauditctl("-s").splitlines() if line.split()[0] in (
        "enabled", "failure", "pid", "rate_limit", "backlog_limit", "backlog_wait_time")]
    return nauditctl("-l"), settings


def cannot_run():
    if os.geteuid() != 0:
        return "not root"
    status = subprocess.run([BIN / "nauditctl", "-s"], capture_output=True, text=True)
    if status.returncode != 0:
        return status.stderr
    return "" if "\npid 0\n" in status.stdout else "another audit daemon is registered"


class Quickstart:
    """Running, in a folder of its own, with its lines as they come."""

    def __init__(self, folder):
        # As a terminal starts it: SIGINT is not ignored, and the process group is its own.
        self.process = subprocess.Popen(
            [SOURCE / "tools/quickstart", "--bin", BIN], cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=dict(os.environ, TMPDIR=folder), start_new_session=True,
            restore_signals=True)
        self.lines, self.fresh, self.ended = [], queue.Queue(), False
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        with self.process.stdout:
            for line in self.process.stdout:
                self.fresh.put(line)
        self.fresh.put(None)  # everybody who writes there has ended

    def wait_while(self, command, *parts):
        """The same, of somebody who does it again every second: the stream may only begin."""
        for _ in range(PATIENCE):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if line := self.wait_for(*parts, patience=1):
                return line
        return None

    def wait_for(self, *parts, patience=PATIENCE):
        """The next line with all of these; None if it has not come."""
        end = time.monotonic() + patience
        while not self.ended and (left := end - time.monotonic()) > 0:
            try:
                line = self.fresh.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                self.ended = True
                break
            self.lines.append(line)
            if all(part in line for part in parts):
                return line
        return None

    def wait_for_end(self):
        while self.wait_for("\n"):
            pass


class Test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="naudit-quickstart-test-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.before = kernel()
        self.run_ = Quickstart(self.folder)
        self.addCleanup(self.end)

    def end(self):
        """Whatever a test has left: the session ends with the script, and puts back."""
        if self.run_.process.poll() is None:
            self.run_.process.kill()
        self.run_.process.wait()
        self.run_.wait_for_end()

    def told(self):
        return "".join(self.run_.lines)

    def test_what_somebody_does_shows_and_ctrl_c_leaves_nothing(self):
        self.assertIsNotNone(self.run_.wait_for("opened /etc/shadow for reading", "[key secrets]"), self.told())
        # Nothing but what is to be read before: no rules, no settings.
        self.assertLessEqual(len(self.run_.lines), 4, self.told())
        self.assertEqual([], [line for line in self.run_.lines if "rule" in line or "configuration" in line])
        for command, parts in [(["cat", "/etc/shadow"], ("opened /etc/shadow", "/usr/bin/cat", "success")),
                               (["whoami"], ("executed /usr/bin/whoami", "[key tools]")),
                               (["setpriv", "--reuid=1234", "--clear-groups", "ls", "/root"], ("opened /root", "denied"))]:
            self.assertIsNotNone(self.run_.wait_while(command, *parts), self.told())
        os.killpg(self.run_.process.pid, signal.SIGINT)  # Ctrl-C
        self.assertIsNotNone(self.run_.wait_for("settings and rules are as they were"), self.told())
        self.run_.wait_for_end()
        self.assertEqual(0, self.run_.process.wait(), self.told())
        self.assertIn("Where to go next:", self.told())
        self.assertEqual(self.before, kernel())

    def test_a_kill_leaves_the_kernel_as_it_was(self):
        for number in (signal.SIGKILL, signal.SIGHUP):
            with self.subTest(number):
                if number != signal.SIGKILL:
                    self.run_ = Quickstart(self.folder)
                self.assertIsNotNone(self.run_.wait_for("[key secrets]"), self.told())
                self.assertNotEqual(self.before, kernel())
                self.run_.process.send_signal(number)
                self.assertIsNotNone(self.run_.wait_for("settings and rules are as they were"), self.told())
                self.run_.wait_for_end()
                self.run_.process.wait()
                self.assertEqual(self.before, kernel())


if reason := cannot_run():
    print(f"not run: {reason}")
    sys.exit(1 if os.environ.get("CI") or os.environ.get("NAUDIT_REQUIRE_KERNEL") else 77)
unittest.main(argv=sys.argv[:1], verbosity=2)
