# SPDX-License-Identifier: Apache-2.0
"""nauditd killed and restarted again and again under load, on the live kernel, with the event socket kept by a service manager.

    restarts.py BIN [--kills N] [--restarts N] [--rate EVENTS/S] [--pause SECONDS] [--without-store] [--seed N]

A program makes events that carry a number. This one plays the service manager: it takes the descriptors that nauditd (of
the folder BIN) gives away by FDSTORE=1, and hands them to the next one as systemd does (LISTEN_FDS). At the end each number
is in the log, or is missing and told: the serials that are missing in the log are the events of the told gaps, one by one;
over an orderly restart nothing at all is missing. --without-store shows what it is without that: as ten orderly restarts
then lose some, only what was told is checked. Exits with 1 if it does not hold, with 77 where it cannot run. Needs root and
an idle audit system; leaves the kernel as it was.
"""
import argparse
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from balance import NUMBER
from campaign import RULES, Maker, kernel, kernel_set, leave, until

FIRST_FD = 3  # SD_LISTEN_FDS_START


class Store:
    """What sd_notify(3) says of FDSTORE, FDSTOREREMOVE and FDNAME."""

    def __init__(self, home):
        self.path, self.held, self.given, self.stopping = os.path.join(home, "notify"), {}, 0, 0
        self.link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.link.bind(self.path)
        self.link.setblocking(False)

    def take(self):
        while True:
            try:
                text, fds, _, _ = socket.recv_fds(self.link, 4096, 8)
            except BlockingIOError:
                return
            words = dict(line.split("=", 1) for line in text.decode().splitlines() if "=" in line)
            name = words.get("FDNAME")
            self.stopping += "STOPPING" in words
            if words.get("FDSTOREREMOVE") == "1":
                for fd in self.held.pop(name, []):
                    os.close(fd)
            if words.get("FDSTORE") == "1":
                self.held.setdefault(name, []).extend(fds)
                self.given += len(fds)
                fds = []
            for fd in fds:
                os.close(fd)

    def names(self):
        self.take()
        return [(name, fd) for name, fds in self.held.items() for fd in fds]

    def close(self):
        for _, fd in self.names():
            os.close(fd)
        self.held = {}
        self.link.close()


class Process:
    """A child, as subprocess has it; started by hand, since LISTEN_PID is its own."""

    def __init__(self, pid):
        self.pid, self.code = pid, None

    def poll(self):
        if self.code is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, seconds=60):
        until(lambda: self.poll() is not None, seconds)
        return self.code

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Daemon:
    def __init__(self, bin_folder, home, store):
        self.bin, self.home, self.process, self.store, self.ready_after = bin_folder, home, None, store, []

    def configure(self):
        for name, text in (("rules.yaml", RULES), ("nauditd.yaml", """rules: {files: [rules.yaml]}
sinks:
  - {name: log, type: file, path: events.json, rotate: {size: 0}, queue: {size: 256MiB}}
daemon: {control_socket: control.sock, state_directory: state, oom_score_adjust: keep}
""")):
            with open(os.open(os.path.join(self.home, name), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(text)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def messages(self):
        with open(os.path.join(self.home, "messages"), errors="replace") as file:
            return file.read()

    def launch(self):
        program = os.path.join(self.bin, "nauditd")
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LISTEN_", "NOTIFY_", "WATCHDOG_"))}
        handed = self.store.names() if self.store else []
        if self.store:
            environment["NOTIFY_SOCKET"] = self.store.path
        if handed:
            environment |= {"LISTEN_FDS": str(len(handed)), "LISTEN_FDNAMES": ":".join(name for name, _ in handed)}
        pid = os.fork()
        if pid:
            return Process(pid)
        try:
            log = os.open(os.path.join(self.home, "messages"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            # First out of the way of those that they become.
            high = [os.dup2(fd, 100 + i) for i, (_, fd) in enumerate(handed)]
            for i, fd in enumerate(high):
                os.dup2(fd, FIRST_FD + i)
            os.closerange(FIRST_FD + len(high), 256)
            if handed:
                environment["LISTEN_PID"] = str(os.getpid())
            os.execve(program, [program, "--config", self.home + "/nauditd.yaml"], environment)
        finally:
            os._exit(99)

    def start(self):
        begun = time.monotonic()
        self.process = self.launch()
        if not until(lambda: kernel()["pid"] == self.process.pid or self.process.poll() is not None, 60) or \
                self.process.poll() is not None:
            raise RuntimeError("nauditd does not start: " + self.messages()[-1000:])
        self.ready_after.append(time.monotonic() - begun)


def serials_of(log):
    serials, numbers, told, starts, split, torn, unqueued = set(), {}, 0, [], 0, 0, 0
    with open(log, errors="replace") as lines:
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                torn += 1
                continue
            records = event["records"]
            error = records.get("daemon_err", {})
            if error.get("op") == "lost" and error.get("cause") == "gap":
                told += error["events"]
            if error.get("op") == "lost" and error.get("cause") == "kernel":
                unqueued += error["records"]
            if error.get("op") == "gap-late":
                told -= error["events"]
            if "daemon_start" in records:
                starts.append(records["daemon_start"].get("previous"))
            if any(name.startswith("daemon_") for name in records):
                continue
            serials.add(event["serial"])
            split += not event.get("complete", True) or bool(event.get("late"))
            number = NUMBER.search(line)
            if number:
                numbers[int(number[1])] = numbers.get(int(number[1]), 0) + 1
    return serials, numbers, told, starts, split, torn, unqueued


def run(daemon, store, rounds, rate, pause):
    daemon.configure()
    daemon.start()
    maker, problems, stops, missing_at = Maker(rate), [], [], {}

    def check(is_so, what):
        print(f"  {'yes' if is_so else 'NO '}  {what}", flush=True)
        if not is_so:
            problems.append(what)

    try:
        time.sleep(1)
        for is_kill in rounds:
            if is_kill:
                daemon.kill()
            else:
                begun = time.monotonic()
                daemon.process.send_signal(signal.SIGTERM)
                if daemon.process.wait() != 0:
                    check(False, "an orderly stop")
                stops.append(time.monotonic() - begun)
            time.sleep(pause)
            daemon.start()
            time.sleep(random.uniform(0.2, 0.6))
    finally:
        maker.end()
    time.sleep(4)  # a gap is told behind events.timeout
    daemon.process.send_signal(signal.SIGTERM)
    check(daemon.process.wait() == 0, "the last stop")
    made = maker.made()
    serials, numbers, told, starts, split, torn, unqueued = serials_of(os.path.join(daemon.home, "events.json"))
    in_log = sum(1 for number in numbers if number < made)
    holes = max(serials) - min(serials) + 1 - len(serials) if serials else 0
    kills, orderly = rounds.count(True), rounds.count(False)
    print(f"kills {kills}, restarts {orderly}: made {made}, in the log {in_log}, missing {made - in_log}, serials missing "
          f"{holes}, told {told}, split in two {split}, records that the kernel lost {unqueued}, torn lines {torn}", flush=True)
    begun = sorted(daemon.ready_after)
    print(f"from the start to registered, ms: median {begun[len(begun) // 2] * 1e3:.0f}, longest {begun[-1] * 1e3:.0f}" +
          (f"; a stop: longest {max(stops) * 1e3:.0f}" if stops else ""))
    check(in_log > 0, "events are in the log")
    check(starts.count("killed") == kills, "each start behind a kill says so")
    check(max(numbers.values(), default=0) == 1 or split > 0, "nothing is there twice")
    if store:
        check(holes == told, "each serial that is missing was told, and no other")
        if not kills:
            check(made == in_log and not holes, "nothing is missing")
        held = store.names()
        check(store.given == len(rounds) + 1 and len(held) == 1, "the store holds one socket, of the last one")
    else:
        check(holes - orderly <= told <= holes, "each serial that is missing was told, and no other")
    check(made - in_log <= told + unqueued, "what is missing was told")
    return problems


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("bin")
    arguments.add_argument("--kills", type=int, default=8)
    arguments.add_argument("--restarts", type=int, default=8)
    arguments.add_argument("--rate", type=int, default=1000)
    arguments.add_argument("--pause", type=float, default=0.1)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--without-store", action="store_true")
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
    problems = []
    for rounds in ([False] * chosen.restarts, [True] * chosen.kills):
        if not rounds:
            continue
        home = tempfile.mkdtemp(prefix="naudit-restarts-")
        store = None if chosen.without_store else Store(home)
        daemon = Daemon(os.path.realpath(chosen.bin), home, store)
        found = ["it did not come to its end"]
        try:
            found = run(daemon, store, rounds, chosen.rate, chosen.pause)
        finally:
            if daemon.process and daemon.process.poll() is None:
                daemon.process.kill()
                daemon.process.wait()
            if store:
                store.close()
            os.symlink(os.path.join(daemon.bin, "nauditctl"), home + "/auditctl")
            subprocess.run([home + "/auditctl", "-D", "-k", "soak"], capture_output=True)
            kernel_set(**{name: before[name] for name in ("failure", "rate_limit", "backlog_limit", "backlog_wait_time")})
            kernel_set(enabled=before["enabled"])
            problems += found
            if found:
                print(daemon.messages()[-4000:])
            shutil.rmtree(home, ignore_errors=True)
    print("\n".join(f"does not hold: {problem}" for problem in problems) or "all of it holds")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
