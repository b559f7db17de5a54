# SPDX-License-Identifier: Apache-2.0
"""Who is measured: each started fresh, in a folder of its own, as the kernel's audit daemon."""

import os
import shutil
import signal
import subprocess
import time

from parts import kernel

NICE = -4  # what auditd and nauditd give themselves; the floor gets the same

NAUDITD = """\
node: none
kernel: {{enabled: keep, backlog_limit: keep, backlog_wait_time: keep}}
rules: {{files: [], drift: ignore}}
sinks:
  - {{name: log, type: file, format: {format}, path: {folder}/out.log, rotate: {{size: 0, keep: 0}}}}
daemon: {{control_socket: {folder}/control.sock, state_directory: {folder}/state, log_level: warning}}
"""

AUDITD = """\
log_file = {folder}/out.log
log_format = RAW
flush = INCREMENTAL_ASYNC
freq = 50
q_depth = 2000
priority_boost = 4
name_format = NONE
num_logs = 0
max_log_file_action = IGNORE
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = {folder}/plugins
"""


def cpu_seconds(pid):
    """User and system time of all threads, those that ended included: utime + stime of /proc/PID/stat, but in
    nanoseconds instead of ticks. The process's own CPU clock, numbered as clock_getcpuclockid(3) does it."""
    return time.clock_gettime((~pid << 3) | 2)


def memory_mib(pid):
    """VmRSS and VmHWM."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        lines = dict(line.split(":", 1) for line in file)
    return tuple(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


class Contender:
    """One receiver: `name`, whether it writes JSON, and how it is started."""

    def __init__(self, name, is_json, prepare):
        self.name = name
        self.is_json = is_json
        self.prepare = prepare  # folder -> command line; writes the configuration
        self.process = None
        self.folder = None
        self.output = None

    def start(self, work):
        self.folder = os.path.join(work, self.name.replace(" ", "-"))
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o700)
        self.output = os.path.join(self.folder, "out.log")
        command = self.prepare(self.folder)
        with open(os.path.join(self.folder, "messages"), "wb") as messages:
            # A session of its own: Ctrl-C is for the benchmark, which then stops it in order.
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=messages, stderr=messages,
                                            start_new_session=True)
        os.setpriority(os.PRIO_PROCESS, self.process.pid, NICE)
        deadline = time.monotonic() + 20
        while kernel.status()["pid"] != self.process.pid or not os.path.exists(self.output):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise kernel.Error(f"{self.name} did not become the audit daemon: {self.messages() or 'it says nothing'}")
            time.sleep(0.02)

    def messages(self):
        with open(os.path.join(self.folder, "messages"), encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().strip().splitlines()[-3:])

    def settle(self):
        """Waits until everything that was made has been written."""
        size, since = -1, time.monotonic()
        while time.monotonic() - since < 0.4:
            now = os.path.getsize(self.output)
            if now != size or kernel.status()["backlog"]:
                size, since = now, time.monotonic()
            time.sleep(0.05)

    def stop(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise kernel.Error(f"{self.name} did not stop within 30 s") from None
        if process.returncode:
            raise kernel.Error(f"{self.name} ended with {process.returncode}: {self.messages() or 'it says nothing'}")

    def count(self, mark):
        """Our own events in the output, their records (none for JSON; EOE is not written), and events that are broken."""
        events = records = broken = 0
        word = f'"{mark}"'.encode()  # a rule's key, or the account of a user message
        ours = set()
        with open(self.output, "rb") as file:
            if self.is_json:
                for line in file:
                    if word in line and b'"config_change"' not in line:
                        events += 1
                        broken += b'"complete":true' not in line
                return events, None, broken
            for line in file:
                kind, _, rest = line.partition(b" ")
                identity = rest[:rest.find(b")")]
                # An event's SYSCALL comes before its other records.
                if kind in (b"type=SYSCALL", b"type=USER_START") and word in line:
                    events += 1
                    records += 1
                    ours.add(identity)
                elif identity in ours:
                    records += 1
        return events, records, broken

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    os.chmod(path, 0o600)


def nauditd(programs, form):
    def prepare(folder):
        write(f"{folder}/nauditd.yaml", NAUDITD.format(format=form, folder=folder))
        return [f"{programs}/nauditd", "--config", f"{folder}/nauditd.yaml"]
    return Contender(f"nauditd {form}", form == "json", prepare)


def floor(programs):
    return Contender("floor", False, lambda folder: [f"{programs}/bench-floor", f"{folder}/out.log"])


def auditd(program):
    def prepare(folder):
        os.mkdir(f"{folder}/plugins", mode=0o700)
        write(f"{folder}/auditd.conf", AUDITD.format(folder=folder))
        return [program, "-n", "-s", "nochange", "-c", folder]
    return Contender("auditd", False, prepare)


def find_auditd(root):
    """Debian's auditd: unpacked by tools/fetch-peers, or installed. None where neither can be had."""
    peers = os.environ.get("NAUDIT_PEERS")
    if peers and os.access(f"{peers}/bin/auditd", os.X_OK):
        return f"{peers}/bin/auditd"
    found = shutil.which("auditd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found:
        return found
    fetched = subprocess.run([f"{root}/tools/fetch-peers"], stdout=subprocess.PIPE, text=True, check=False)
    return f"{fetched.stdout.strip()}/bin/auditd" if fetched.returncode == 0 else None
