# SPDX-License-Identifier: Apache-2.0
"""Faults on the running daemon, on the live kernel, with every event counted.

    campaign.py BIN [--minutes N] [--rate EVENTS/S] [--seed N] [--memory-may-grow]

A program makes events that carry a number: opened, executed, made, removed and changed files. nauditd (of the folder BIN)
writes them to a log, to a file on a small disk, and with a spool to a server. Meanwhile it is killed, stopped and started,
reloaded, told to rotate, held still with a small socket; the disk is full, the server away or out of order; and somebody
meddles with the kernel's audit. For an hour, or --minutes; with --minutes 0 each fault comes once, in less than a minute.

At the end each number is in the log, was made while nothing was audited, or is missing, and what is missing has to be told:
the serials that are missing between the events of the log are the events of the told gaps, one by one. What one place has
and another has not was under way at a kill; at the server events may come twice, in a file none does. Memory and
descriptors, taken behind each fault, are printed and have to stay flat.

Prints a line for each fault and the balance; exits with 1 if it does not hold, with 77 where it cannot run. Needs root and
an idle audit system; leaves the kernel as it was, also when it is ended by a signal.
"""
import argparse
import contextlib
import ctypes
import json
import mmap
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
from balance import LogFiles, Resources, Stream  # noqa: E402 pylint: disable=wrong-import-position
from places import Collector, SmallDisk  # noqa: E402 pylint: disable=wrong-import-position

UID = 54321
FIELDS = ("mask", "enabled", "failure", "pid", "rate_limit", "backlog_limit", "lost", "backlog", "features",
          "backlog_wait_time", "backlog_wait_time_actual")
MASKS = {"enabled": 1, "failure": 2, "rate_limit": 8, "backlog_limit": 16, "backlog_wait_time": 32}
AUDIT_GET, AUDIT_SET = 1000, 1001
SKIPPED = 77
RULES = f"""rules:
  - {{key: soak, syscalls: [openat, execve, mkdir, unlink, chmod, truncate], arch: [b64], where: [uid = {UID}, success = 0]}}
"""
DISK_SIZE = "256m"
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def leave(why):
    must = os.environ.get("CI") in ("1", "true") or os.environ.get("NAUDIT_REQUIRE_KERNEL") in ("1", "true")
    print(f"the campaign {'cannot run, and has to' if must else 'is skipped'}: {why}", file=sys.stderr)
    sys.exit(1 if must else SKIPPED)


KEPT = []  # sockets


def ask(kind, body=b"", keep=False):
    with contextlib.ExitStack() as stack:
        link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
        KEPT.append(link) if keep else stack.enter_context(link)
        link.settimeout(30)
        flags = 1 if kind == AUDIT_GET else 5
        link.sendto(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body, (0, 0))
        while True:
            answer = link.recv(8970)
            what = struct.unpack_from("=H", answer, 4)[0]
            if what == 2:
                code = -struct.unpack_from("=i", answer, 16)[0]
                if code:
                    raise OSError(code, os.strerror(code))
                if kind != AUDIT_GET:
                    return b""
            elif what == kind:
                return answer[16:]


def kernel():
    body = ask(AUDIT_GET)
    return dict(zip(FIELDS, struct.unpack_from(f"={len(body) // 4}I", body)))


def kernel_set(**settings):
    values = dict.fromkeys(FIELDS, 0) | settings | {"mask": sum(MASKS[name] for name in settings)}
    ask(AUDIT_SET, struct.pack(f"={len(FIELDS)}I", *(values[name] for name in FIELDS)))


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Maker:
    """A process of an ordinary user that asks for files that are not there, each with the next number."""

    def __init__(self, rate):
        self.made_so_far = mmap.mmap(-1, 8)
        self.pid = os.fork()
        if self.pid == 0:
            self.make(rate)

    def make(self, rate):
        libc = ctypes.CDLL(None)
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
        os.closerange(3, 1024)  # the collector's port is its own
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        calls = [lambda path: os.open(path, os.O_RDONLY)] * 5 + [
            lambda path: os.execv(path, [path, "a", "b c"]), os.mkdir, os.unlink, lambda path: os.chmod(path, 0o600),
            lambda path: os.truncate(path, 0)]
        start, number = time.monotonic(), 0
        while True:
            ahead = start + number / rate - time.monotonic()
            if ahead > 0.001:
                time.sleep(ahead)
            try:
                calls[number % len(calls)](f"/nonexistent/soak.{number}")
            except OSError:
                pass
            number += 1
            self.made_so_far[:8] = struct.pack("=Q", number)

    def made(self):
        return struct.unpack("=Q", self.made_so_far[:8])[0]

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Daemon:
    def __init__(self, bin_folder, home):
        self.bin, self.home, self.process, self.began, self.server, self.has_extra = bin_folder, home, None, 0, "", False

    def configure(self, kernel_options=""):
        for name, text in (("rules.yaml", RULES), ("nauditd.yaml", f"""kernel: {{{kernel_options}}}
rules: {{files: [rules.yaml]}}
sinks:
  - {{name: log, type: file, path: log/events.json, rotate: {{size: 0, keep: 100000}}, queue: {{size: 256MiB}}}}
  - {{name: disk, type: file, path: disk/events.json, rotate: {{size: 0, keep: 100000}}, queue: {{size: 256MiB}}}}
  - {{name: collector, type: https, url: "{self.server}", spool: true, batch: {{time: 200ms}}, retry: {{first: 100ms, most: 1s}}}}
{'  - {name: extra, type: "null"}' if self.has_extra else ''}
daemon: {{control_socket: control.sock, state_directory: state, oom_score_adjust: keep}}
""")):
            path = os.path.join(self.home, name)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)

    def start(self, is_daemon=True):
        with open(os.path.join(self.home, "messages"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(self.bin, "nauditd"), "--config", self.home + "/nauditd.yaml"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.began = time.monotonic()
        if not until(lambda: (not is_daemon or kernel()["pid"] == self.process.pid) and self.status(), 60):
            raise RuntimeError("nauditd does not start: " + self.messages()[-1000:])

    def status(self):
        done = subprocess.run([os.path.join(self.bin, "nauditctl"), "status", "--json", "--socket",
                               self.home + "/control.sock"], capture_output=True, text=True)
        return json.loads(done.stdout) if done.stdout else None

    def order(self, *words):
        subprocess.run([os.path.join(self.bin, "nauditctl"), *words, "--socket", self.home + "/control.sock"],
                       stdout=subprocess.DEVNULL, check=True)

    def sink(self, name):
        return next((sink for sink in (self.status() or {}).get("sinks", []) if sink["name"] == name), {})

    def has_delivered(self, *names):
        """Nothing waits: neither in memory nor in a spool."""
        sinks = [self.sink(name) for name in names]
        return all(sink and not sink["queue_events"] and not sink["spool_events"] for sink in sinks)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def messages(self):
        with open(os.path.join(self.home, "messages"), errors="replace") as file:
            return file.read()


class Campaign:
    def __init__(self, bin_folder, home, rate):
        self.daemon = Daemon(bin_folder, home)
        self.rate, self.home, self.problems, self.orderly = rate, home, [], 0
        self.maker, self.silent = None, []  # ranges of numbers that were made while nothing was audited
        self.under_way = []  # … that may have been in nauditd's memory when it was killed
        os.mkdir(os.path.join(home, "log"), 0o700)
        self.disk = SmallDisk(os.path.join(home, "disk"), DISK_SIZE)
        self.collector = Collector(os.path.join(home, "collected.json"))
        self.daemon.server = f"http://127.0.0.1:{self.collector.port}/in"
        self.log, self.small, self.collected = Stream("log"), Stream("disk"), Stream("collector", may_repeat=True)
        self.files = [LogFiles(self.log, os.path.join(home, "log/events.json")),
                      LogFiles(self.small, os.path.join(home, "disk/events.json"))]
        self.resources, self.begun = Resources(), time.monotonic()
        self.outages, self.memory_may_grow = ["away", "503", "break"], False

    def check(self, is_so, what):
        if not is_so:
            self.problems.append(what)
        print(f"  {'yes' if is_so else 'NO '}  {what}", flush=True)

    def auditctl(self, *words):
        subprocess.run([os.path.join(self.home, "auditctl"), *words], capture_output=True, check=True)

    def said(self, text, seconds=20):
        return until(lambda: text in self.daemon.messages(), seconds)

    def restart(self, options=""):
        self.check(self.daemon.stop() == 0, "an orderly stop")
        self.orderly += 1
        self.daemon.configure(options)
        time.sleep(0.1)
        self.daemon.start()

    # The faults. Each begins and ends with a daemon that runs.

    def kill(self):
        begin = max(0, self.maker.made() - self.rate)
        self.daemon.kill()
        self.under_way.append((begin, self.maker.made()))
        time.sleep(0.1)
        self.daemon.start()

    def orderly_restart(self):
        self.restart()

    def hold_still(self):
        """A socket of 64 KiB is full at once, and the kernel gives up sending."""
        self.restart("receive_buffer: 64KiB")
        self.daemon.process.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        self.daemon.process.send_signal(signal.SIGCONT)
        time.sleep(0.5)
        self.restart()

    def reload(self):
        before = self.daemon.messages().count("the configuration was reloaded")
        self.daemon.has_extra = not self.daemon.has_extra
        self.daemon.configure()
        self.daemon.process.send_signal(signal.SIGHUP)
        self.check(until(lambda: self.daemon.messages().count("the configuration was reloaded") > before), "a reload")
        self.check(bool(self.daemon.sink("extra")) == self.daemon.has_extra, "with the sinks that are configured now")

    def rotate(self):
        self.daemon.order("rotate")
        self.check(until(lambda: all(files.rotated() for files in self.files)), "both files are rotated")
        for files in self.files:
            files.take_rotated()

    def fill_disk(self):
        self.disk.fill()
        self.check(until(lambda: "disk full" in self.daemon.sink("disk").get("state", "")), "a full disk is told")
        time.sleep(random.uniform(0.2, 2))
        self.disk.empty()
        self.check(until(lambda: self.daemon.has_delivered("disk")), "and what waited is written when there is room")

    def lose_server(self):
        how = self.outages.pop(0)
        self.outages.append(how)
        refused = self.collector.refused
        self.collector.mode = how
        if how == "away":
            self.collector.stop()
        self.check(until(lambda: self.daemon.sink("collector").get("state", "ok") != "ok"),
                   f"a server that is out of order ({how}) is told")
        time.sleep(random.uniform(0.2, 2))
        self.check(how == "away" or self.collector.refused > refused, "and asked")
        self.collector.mode = "ok"
        if how == "away":
            self.collector.start()
        self.check(until(lambda: self.daemon.sink("collector").get("state") == "ok"), "and that it is back")

    def switch_off(self):
        before, made = self.daemon.messages().count("auditing is switched on again"), self.maker.made()
        kernel_set(enabled=0)
        self.check(until(lambda: kernel()["enabled"] == 1), "auditing that was switched off is on again")
        self.silent.append((made, self.maker.made()))
        self.check(until(lambda: self.daemon.messages().count("auditing is switched on again") > before),
                   "and both is said")

    def change_limits(self):
        before = self.daemon.messages().count("as configured again")
        kernel_set(backlog_limit=77, rate_limit=0)
        self.check(until(lambda: kernel()["backlog_limit"] == 8192), "a limit that somebody changed is put right")
        self.check(until(lambda: self.daemon.messages().count("as configured again") > before), "and both is said")

    def delete_rules(self):
        before, made = self.daemon.messages().count("somebody changed the rules"), self.maker.made()
        added = self.daemon.messages().count("rules: 1 added")
        self.auditctl("-D")
        self.check(until(lambda: self.daemon.messages().count("somebody changed the rules") > before),
                   "rules that were deleted are noticed")
        # The status says that none are missing until that is noticed, too: nothing is audited up to this.
        self.check(until(lambda: self.daemon.messages().count("rules: 1 added") > added), "and put right")
        self.silent.append((made, self.maker.made()))

    def exclude_ends(self):
        incomplete = self.daemon.status()["events"]["incomplete"]
        self.auditctl("-a", "always,exclude", "-F", "msgtype=EOE")
        self.check(until(lambda: self.daemon.status()["events"]["eoe_missing"] == 1), "EOE that is excluded is noticed")
        self.auditctl("-d", "always,exclude", "-F", "msgtype=EOE")
        self.check(until(lambda: self.daemon.status()["events"]["eoe_missing"] == 0), "and that it is back")
        self.check(self.daemon.status()["events"]["incomplete"] == incomplete, "and every event was complete")

    def give_way(self):
        """Somebody else is the audit daemon, and goes."""
        self.check(self.daemon.stop() == 0, "an orderly stop")
        self.orderly += 1
        other = os.fork()
        if other == 0:
            ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
            os.closerange(3, 1024)
            ask(AUDIT_SET, struct.pack(f"={len(FIELDS)}I", 4, 0, 0, os.getpid(), *([0] * (len(FIELDS) - 4))), keep=True)
            signal.pause()
        until(lambda: kernel()["pid"] == other)
        self.daemon.configure("mode: auto")
        self.daemon.start(is_daemon=False)
        self.check(self.daemon.status()["mode"] == "observe", "mode auto observes beside another daemon")
        os.kill(other, signal.SIGKILL)
        os.waitpid(other, 0)
        self.check(until(lambda: kernel()["pid"] == self.daemon.process.pid), "and takes over when that goes")
        self.check(until(lambda: (self.daemon.status()["rules"] or {}).get("wanted") == 1), "with its rules")
        self.restart()

    FAULTS = (kill, orderly_restart, reload, switch_off, fill_disk, hold_still, change_limits, lose_server, kill, rotate,
              delete_rules, lose_server, kill, exclude_ends, lose_server, give_way, reload, orderly_restart)
    # More often than the others, so that lives last.
    WITHOUT_END = (reload, rotate, fill_disk, lose_server, switch_off, change_limits, delete_rules, exclude_ends)

    def next_fault(self, turn):
        if turn < len(self.FAULTS):
            return self.FAULTS[turn]
        if turn % 10 == 0:
            return Campaign.rotate  # or the disk would be full by itself
        return random.choice(self.WITHOUT_END if random.random() < 0.8 else self.FAULTS)

    def rest(self):
        """What waits is delivered; then the daemon's memory says something."""
        time.sleep(random.uniform(0.3, 1.5))
        if until(lambda: self.daemon.has_delivered("disk", "log"), 5) and time.monotonic() > self.daemon.began + 2:
            self.resources.take(time.monotonic() - self.begun, self.daemon.process.pid, self.maker.made())

    def run(self, seconds):
        self.daemon.configure()
        self.daemon.start()
        maker = self.maker = Maker(self.rate)
        try:
            time.sleep(0.5)
            end = time.monotonic() + seconds
            turn = 0
            while turn < len(self.FAULTS) or time.monotonic() < end:
                fault = self.next_fault(turn)
                print(f"{time.monotonic() - self.begun:6.0f} s  {fault.__name__} behind {maker.made()} events", flush=True)
                fault(self)
                self.rest()
                turn += 1
        finally:
            maker.end()
        # A gap is told behind events.timeout.
        time.sleep(3.5)
        self.check(until(lambda: self.daemon.has_delivered("log", "disk", "collector"), 60), "all sinks have delivered")
        self.check(self.daemon.stop() == 0, "the last stop")
        for files in self.files:
            files.take_all()
        self.collector.stop()
        self.collected.add_file(self.collector.path)
        self.balance(maker.made())
        self.report_resources()

    def balance(self, made):
        log, others = self.log, (self.small, self.collected)
        silent = {number for first, last in self.silent for number in range(first, last + 1) if number < made}
        print(f"made {made}; orderly restarts {self.orderly}, kills {len(self.under_way)}, requests {self.collector.requests}, "
              f"not answered with 200 {self.collector.refused}", flush=True)
        columns = "place", "lines", "numbers", "not audited", "missing", "serials missing", "told", "lost by the kernel", "dropped", "repeats", "torn"
        print("  ".join(f"{column:>9}" for column in columns))
        for place in (log, *others):
            values = (place.name, place.lines, len(place.numbers), len(silent - place.numbers), self.missing(place, made, silent),
                      place.holes(), place.told, place.unqueued, place.dropped, place.repeats + len(place.twice), place.torn)
            print("  ".join(f"{value:>{max(9, len(column))}}" for value, column in zip(values, columns)), flush=True)
        self.check(log.serials and log.numbers, "events are in the log")
        self.check(log.holes() - self.orderly <= log.told <= log.holes(), "each serial that is missing was told, and no other")
        self.check(log.starts - log.killed - self.orderly == 1, "each start behind a kill says so")
        under_way = {number for first, last in self.under_way for number in range(first, last + 1)}
        for place in (log, *others):
            # What a kill takes from one place's memory, and not from the log's, nobody can tell: it is below.
            taken = len((log.numbers - place.numbers) & under_way)
            self.check(self.missing(place, made, silent) - taken <= place.told + place.unqueued,
                       f"{place.name}: what is missing was told")
            self.check(not place.twice, f"{place.name}: nothing is there twice")
            self.check(place.dropped == 0, f"{place.name}: no sink had to leave anything out")
            self.check((log.numbers ^ place.numbers) <= under_way,
                       f"{place.name}: it differs from the log by what was under way at a kill")
        self.check(self.collected.torn == 0, "collector: each line is whole")

    @staticmethod
    def missing(place, made, silent):
        return sum(1 for number in range(made) if number not in place.numbers and number not in silent)

    def report_resources(self):
        resources = self.resources
        resources.print()
        print(f"memory grows by {resources.slope() / (1 << 20):.1f} MiB an hour, all lives together", flush=True)
        if self.memory_may_grow:
            print("  (not judged: a sanitizer keeps what was freed)")
        else:
            self.check(resources.is_memory_flat(), "memory is flat")
        self.check(resources.are_descriptors_flat(), "descriptors are flat")


class Kernel:
    """Its audit as it was, for the end."""

    def __init__(self, home, bin_folder):
        self.before, self.auditctl = kernel(), os.path.join(home, "auditctl")
        os.symlink(os.path.join(bin_folder, "nauditctl"), self.auditctl)

    def restore(self):
        subprocess.run([self.auditctl, "-D", "-k", "soak"], capture_output=True, check=False)
        subprocess.run([self.auditctl, "-d", "always,exclude", "-F", "msgtype=EOE"], capture_output=True, check=False)
        kernel_set(**{name: self.before[name] for name in ("failure", "rate_limit", "backlog_limit", "backlog_wait_time")})
        kernel_set(enabled=self.before["enabled"])


def campaign_in(home, chosen):
    campaign = Campaign(os.path.realpath(chosen.bin), home, chosen.rate)
    campaign.memory_may_grow = chosen.memory_may_grow
    try:
        campaign.run(chosen.minutes * 60)
    finally:
        process = campaign.daemon.process
        if process and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            campaign.daemon.kill()
        if campaign.problems:
            print(campaign.daemon.messages()[-4000:])
    print("\n".join(f"does not hold: {problem}" for problem in campaign.problems) or "all of it holds")
    return 1 if campaign.problems else 0


def leave_by_signal(number, _):
    sys.exit(128 + number)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("bin")
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--rate", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--memory-may-grow", action="store_true", help="it is not judged: with sanitizers")
    chosen = arguments.parse_args()
    if os.geteuid() != 0:
        leave("it needs root")
    try:
        before = kernel()
    except OSError as error:
        leave(f"no audit: {error}")
    if before["enabled"] == 2 or (before["pid"] and os.path.exists(f"/proc/{before['pid']}")):
        leave("the kernel's audit is in use")
    random.seed(chosen.seed)
    home = tempfile.mkdtemp(prefix="naudit-soak-")
    saved = Kernel(home, os.path.realpath(chosen.bin))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave_by_signal)
    # The campaign has a process of its own: however it ends, this one puts the kernel back.
    parent, campaign = os.getpid(), os.fork()
    if campaign == 0:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
        sys.exit(campaign_in(home, chosen))
    ended = False
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(campaign, 0)[1])
        ended = True
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if not ended:
            os.kill(campaign, signal.SIGTERM)
            os.waitpid(campaign, 0)
        saved.restore()
        shutil.rmtree(home, ignore_errors=True)
    return code if code >= 0 else 1


if __name__ == "__main__":
    sys.exit(main())
