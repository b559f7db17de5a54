# SPDX-License-Identifier: Apache-2.0
"""Faults on the running daemon, on the live kernel, with every event counted.

    campaign.py BIN [--minutes N] [--rate EVENTS/S] [--seed N]

A program makes events that carry a number. Meanwhile nauditd (of the folder BIN) is killed, stopped and started, held still
with a small socket, and somebody meddles with the kernel's audit. At the end each number is in the log, was made while
nothing was audited, or is missing, and what is missing has to be told: the serials that are missing between the events of the
log are the events of the told gaps, one by one. Without --minutes each fault comes once, in less than a minute; with it they
come in turn for that long. Prints a line for each fault and the balance; exits with 1 if it does not hold, with 77 where it
cannot run. Needs root and an idle audit system; leaves the kernel as it was.
"""
import argparse
import contextlib
import ctypes
import json
import mmap
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

UID = 54321
FIELDS = ("mask", "enabled", "failure", "pid", "rate_limit", "backlog_limit", "lost", "backlog", "features",
          "backlog_wait_time", "backlog_wait_time_actual")
MASKS = {"enabled": 1, "failure": 2, "rate_limit": 8, "backlog_limit": 16, "backlog_wait_time": 32}
AUDIT_GET, AUDIT_SET = 1000, 1001
SKIPPED = 77
RULES = f"""rules:
  - {{key: soak, syscalls: [openat], arch: [b64], where: [uid = {UID}, success = 0]}}
"""
NUMBER = re.compile(r'"/nonexistent/soak\.(\d+)"')


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
    """A process of an ordinary user that opens files that are not there, each with the next number."""

    def __init__(self, rate):
        self.made_so_far = mmap.mmap(-1, 8)
        self.pid = os.fork()
        if self.pid == 0:
            self.make(rate)

    def make(self, rate):
        libc = ctypes.CDLL(None)
        os.setresgid(UID, UID, UID)
        os.setresuid(UID, UID, UID)
        libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        start, number = time.monotonic(), 0
        while True:
            ahead = start + number / rate - time.monotonic()
            if ahead > 0.001:
                time.sleep(ahead)
            try:
                os.open(f"/nonexistent/soak.{number}", os.O_RDONLY)
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
        self.bin, self.home, self.process = bin_folder, home, None

    def configure(self, kernel_options=""):
        for name, text in (("rules.yaml", RULES), ("nauditd.yaml", f"""kernel: {{{kernel_options}}}
rules: {{files: [rules.yaml]}}
sinks:
  - {{name: log, type: file, path: events.json, rotate: {{size: 0}}, queue: {{size: 256MiB}}}}
daemon: {{control_socket: control.sock, state_directory: state, oom_score_adjust: keep}}
""")):
            path = os.path.join(self.home, name)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)

    def start(self, is_daemon=True):
        with open(os.path.join(self.home, "messages"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(self.bin, "nauditd"), "--config", self.home + "/nauditd.yaml"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if not until(lambda: (not is_daemon or kernel()["pid"] == self.process.pid) and self.status(), 60):
            raise RuntimeError("nauditd does not start: " + self.messages()[-1000:])

    def status(self):
        done = subprocess.run([os.path.join(self.bin, "nauditctl"), "status", "--json", "--socket",
                               self.home + "/control.sock"], capture_output=True, text=True)
        return json.loads(done.stdout) if done.stdout else None

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
        os.symlink(os.path.join(bin_folder, "nauditctl"), os.path.join(home, "auditctl"))

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
        self.daemon.kill()
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

    FAULTS = (kill, orderly_restart, switch_off, hold_still, change_limits, kill, delete_rules, kill, exclude_ends,
              give_way, orderly_restart)

    def run(self, seconds):
        self.daemon.configure()
        self.daemon.start()
        maker = self.maker = Maker(self.rate)
        try:
            time.sleep(0.5)
            end = time.monotonic() + seconds
            turn = 0
            while turn < len(self.FAULTS) or time.monotonic() < end:
                fault = self.FAULTS[turn] if turn < len(self.FAULTS) else random.choice(self.FAULTS)
                made = maker.made()
                print(f"{fault.__name__} behind {made} events", flush=True)
                fault(self)
                time.sleep(random.uniform(0.3, 1.5))
                turn += 1
        finally:
            maker.end()
        # A gap is told behind events.timeout.
        time.sleep(3.5)
        self.check(self.daemon.stop() == 0, "the last stop")
        self.balance(maker.made())

    def balance(self, made):
        numbers, serials, told, unqueued, wrong, starts, killed = {}, set(), 0, 0, 0, 0, 0
        with open(os.path.join(self.home, "events.json"), errors="replace") as log:
            for line in log:
                try:
                    event = json.loads(line)
                except ValueError:
                    wrong += 1
                    continue
                records = event["records"]
                if not any(name.startswith("daemon_") for name in records):
                    serials.add(event["serial"])
                starts += "daemon_start" in records
                killed += records.get("daemon_start", {}).get("previous") == "killed"
                error = records.get("daemon_err", {})
                if error.get("op") == "lost" and error.get("cause") == "gap":
                    told += error["events"]
                # What does not fit into the kernel's queue gets no serial; the kernel counts its records.
                if error.get("op") == "lost" and error.get("cause") == "kernel":
                    unqueued += error["records"]
                number = NUMBER.search(line)
                if number:
                    numbers[int(number[1])] = numbers.get(int(number[1]), 0) + 1
        in_log = sum(1 for number in numbers if number < made)
        silent = {number for first, last in self.silent for number in range(first, last + 1)} - numbers.keys()
        missing = made - in_log - sum(1 for number in silent if number < made)
        holes = max(serials) - min(serials) + 1 - len(serials) if serials else 0
        print(f"made {made}, in the log {in_log}, not audited {made - in_log - missing}, missing {missing}, serials missing {holes}, told {told}, "
              f"records that the kernel lost {unqueued}, orderly restarts {self.orderly}, torn lines {wrong}", flush=True)
        self.check(serials and in_log > 0, "events are in the log")
        self.check(holes - self.orderly <= told <= holes, "each serial that is missing was told, and no other")
        self.check(missing <= told + unqueued, "what is missing was told")
        self.check(max(numbers.values(), default=0) == 1, "nothing is there twice")
        self.check(starts - killed - self.orderly == 1, "each start behind a kill says so")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("bin")
    arguments.add_argument("--minutes", type=float, default=0)
    arguments.add_argument("--rate", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=1)
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
    campaign = Campaign(os.path.realpath(chosen.bin), home, chosen.rate)
    try:
        campaign.run(chosen.minutes * 60)
    finally:
        process = campaign.daemon.process
        if process and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            campaign.daemon.kill()
        subprocess.run([os.path.join(home, "auditctl"), "-D", "-k", "soak"], capture_output=True)
        subprocess.run([os.path.join(home, "auditctl"), "-d", "always,exclude", "-F", "msgtype=EOE"], capture_output=True)
        kernel_set(**{name: before[name] for name in ("failure", "rate_limit", "backlog_limit", "backlog_wait_time")})
        kernel_set(enabled=before["enabled"])
        if campaign.problems:
            print(campaign.daemon.messages()[-4000:])
        shutil.rmtree(home, ignore_errors=True)
    print("\n".join(f"does not hold: {problem}" for problem in campaign.problems) or "all of it holds")
    return 1 if campaign.problems else 0


if __name__ == "__main__":
    sys.exit(main())
