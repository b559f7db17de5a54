#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole daemon against kills, bad servers and bad disks: a stored log goes through nauditd (--replay) into a sink with a
spool and a server that is strict; each event that was accepted has to be stored there, in order, or to be counted as lost.

faults_test.py NAUDITD NAUDITCTL FAILING_SYNC.so; NAUDIT_DAEMON_KILLS=200: so many runs that are killed."""
import contextlib
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
from bulk_server import BulkServer  # noqa: E402

NAUDITD, NAUDITCTL, FAILING_SYNC = sys.argv[1:4]
KILLS = int(os.environ.get("NAUDIT_DAEMON_KILLS", "10"))
PATIENCE = 240

CONFIG = """\
daemon: {{state_directory: {folder}/state}}
sinks:
  - name: siem
    type: elasticsearch
    url: http://127.0.0.1:{port}/
    batch: {{events: {batch}}}
    timeout: 5s
    retry: {{first: 10ms, most: 20ms}}
    queue: {{size: 8MiB}}
    spool: {spool}
"""


def log_of(first, count):
    return "".join(f"type=USER_LOGIN msg=audit(17000{serial // 1000:05}.{serial % 1000:03}:{serial}): pid=1 uid=0 auid=0 ses=1 "
                   "msg='op=login res=success'\n" for serial in range(first, first + count))


class Case(unittest.TestCase):
    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="naudit-faults.")))
        self.server = BulkServer()
        (self.folder / "empty.log").touch()

    def serve(self):
        self.server.start()
        self.stack.callback(self.server.stop)

    def configure(self, spool="{keep_free: 0%, when_full: block}", batch=200):
        path = self.folder / "nauditd.yaml"
        path.write_text(CONFIG.format(folder=self.folder, port=self.server.port, spool=spool, batch=batch))
        path.chmod(0o600)

    def events(self, first, count):
        (self.folder / "audit.log").write_text(log_of(first, count))
        return self.folder / "audit.log"

    def start(self, log, **more):
        with open(self.folder / "messages", "ab") as messages:
            return subprocess.Popen([NAUDITD, "--config", self.folder / "nauditd.yaml", "--replay", log], stdout=subprocess.DEVNULL,
                                    stderr=messages, **more)

    def run_once(self, log, **more):
        """Its exit code and what it says."""
        (self.folder / "messages").write_bytes(b"")
        code = self.start(log, **more).wait(PATIENCE)
        return code, (self.folder / "messages").read_text()

    def spool(self, command):
        return subprocess.run([NAUDITCTL, "spool", *command, self.folder / "state/spool/siem"], capture_output=True, text=True,
                              check=False, timeout=PATIENCE)

    def waiting(self):
        """None: there is no spool yet."""
        found = re.search(r": (\d+) events wait", self.spool(["ls"]).stdout)
        return int(found[1]) if found else None

    def drain(self):
        """Further runs deliver what the ones before have left."""
        deadline = time.monotonic() + PATIENCE
        while self.waiting():
            self.assertLess(time.monotonic(), deadline, (self.folder / "messages").read_text()[-2000:])
            self.run_once(self.folder / "empty.log")

    def check(self, expected, in_order=True):
        self.assertEqual(self.server.problems, [])
        order = self.server.order
        self.assertEqual(sorted(order), expected)
        if in_order:
            self.assertEqual(order, expected)


class Kills(Case):
    def test_whenever_nauditd_is_killed_what_was_in_its_spool_is_delivered_in_order(self):
        """The next run goes on in the same spool with new events. What an earlier one had accepted is what the server has and
        what the spool has, and has no hole."""
        draw = random.Random(KILLS)  # the same ones each time
        self.serve()
        self.configure()
        faults = [None] * 6 + ["reset in mid-batch", "cut reply", "429", "a login page"]
        self.server.faults = lambda number: draw.choice(faults)
        expected, serial = [], 1
        for kill in range(KILLS):
            count = draw.randrange(1000, 4000)
            process = self.start(self.events(serial, count))
            before, wanted = self.server.stored(), draw.randrange(count)
            # A third of them by the clock, whatever the server has by then.
            by_clock = draw.random() < 0.3
            until = time.monotonic() + (draw.random() * 0.3 if by_clock else PATIENCE)
            while process.poll() is None and time.monotonic() < until and (by_clock or self.server.stored() - before < wanted):
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            code = process.wait(PATIENCE)
            with self.subTest(kill=kill):
                self.assertIn(code, (0, -signal.SIGKILL), (self.folder / "messages").read_text())
                kept = [int(one) for one in re.findall(r'"serial":(\d+)', self.spool(["cat"]).stdout)]
                # Events of a request under way may still be being stored by the server's thread: they are in the spool.
                last = max([serial - 1, *kept, *self.server.order])
                accepted = list(range(serial, last + 1))
                self.assertEqual(kept, sorted(kept))
                self.assertEqual(set(accepted) - set(kept) - set(self.server.order), set())
                expected += accepted
            serial += count  # what was not accepted when it was killed is the kernel's to count, not the spool's
        self.assertGreater(len(expected), KILLS * 100)
        self.server.faults = lambda number: None
        self.drain()
        self.check(expected)


class Servers(Case):
    def deliver(self, fault, share, count=2000):
        """Every `share`th request meets the fault."""
        self.serve()
        self.configure()
        self.server.faults = lambda number: fault if number % share == 1 else None
        code, said = self.run_once(self.events(1, count))
        self.drain()
        self.assertGreater(self.server.seen_faults.get(fault, 0), 0)
        return code, said

    def test_a_reset_in_the_middle_of_a_batch(self):
        self.deliver("reset in mid-batch", 2)
        self.check(list(range(1, 2001)))

    def test_a_reply_that_is_cut_has_stored_what_comes_again(self):
        self.deliver("cut reply", 2)
        self.check(list(range(1, 2001)))

    def test_a_connection_that_never_answers(self):
        self.deliver("half-open", 1000)
        self.check(list(range(1, 2001)))

    def test_a_storm_of_429(self):
        self.serve()
        self.configure()
        self.server.faults = lambda number: "429" if number <= 40 else None
        self.run_once(self.events(1, 2000))
        self.drain()
        self.assertEqual(self.server.seen_faults["429"], 40)
        self.check(list(range(1, 2001)))

    def test_a_login_page_is_no_delivery(self):
        self.deliver("a login page", 2)
        self.check(list(range(1, 2001)))

    def test_of_a_partial_failure_only_those_events_come_again(self):
        self.deliver("partial failure", 2)
        self.assertGreater(self.server.partial, 0)
        self.check(list(range(1, 2001)), in_order=False)

    def test_poison_is_lost_alone_and_told(self):
        self.server.poison = {7, 1000, 1999}
        self.serve()
        self.configure()
        code, said = self.run_once(self.events(1, 2000))
        self.assertEqual(self.waiting(), 0)
        self.assertIn("sink 'siem' has lost 3 events", said)
        self.assertEqual(code, 1)
        self.check([serial for serial in range(1, 2001) if serial not in self.server.poison])


class Disks(Case):
    def test_while_syncs_fail_nothing_is_taken_and_nothing_is_lost(self):
        self.serve()
        self.configure(spool="{keep_free: 0%, when_full: block, sync: batch}")
        flag = self.folder / "syncs-fail"
        flag.touch()
        environment = dict(os.environ, LD_PRELOAD=preloads(), NAUDIT_TEST_SYNCS_FAIL=str(flag))
        process = self.start(self.events(1, 20_000), env=environment)
        deadline = time.monotonic() + PATIENCE
        # It has tried, and says so by itself at each failure.
        while not (self.folder / "syncs-fail.seen").exists():
            self.assertIsNone(process.poll(), (self.folder / "messages").read_text())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        flag.unlink()
        self.assertEqual(process.wait(PATIENCE), 0, (self.folder / "messages").read_text())
        self.drain()
        self.check(list(range(1, 20_001)))

    @unittest.skipIf(os.geteuid() != 0, "mounts a file system of its own: root only")
    def test_on_a_full_disk_the_oldest_go_and_every_one_is_counted(self):
        state = self.folder / "state"
        state.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "none", state], check=True)
        self.stack.callback(subprocess.run, ["umount", "-l", state], check=True)
        self.server.start()
        self.server.stop()  # nobody listens at its port
        self.configure(spool="{keep_free: 0%, size: 16MiB, compress: false}")
        code, said = self.run_once(self.events(1, 20_000))
        lost = int(re.search(r"sink 'siem' has lost (\d+) events", said)[1])
        kept = self.waiting()
        self.assertEqual(code, 1)
        self.assertGreater(kept, 0)
        self.assertEqual(kept + lost, 20_000, said)
        self.assertEqual(self.spool(["verify"]).returncode, 0)
        self.serve()
        self.drain()
        self.assertEqual(self.server.problems, [])
        self.assertEqual(self.server.order, sorted(self.server.order))
        self.assertEqual(len(self.server.order), kept)


def preloads():
    """A sanitizer's own library has to come first."""
    others = os.environ.get("LD_PRELOAD", "")
    found = subprocess.run(["ldd", NAUDITD], capture_output=True, text=True, check=False).stdout
    sanitizer = re.findall(r"=> (/\S*lib[at]san\S*)", found)
    return ":".join([*sanitizer, *([others] if others else []), FAILING_SYNC])


unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
