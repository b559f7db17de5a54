# SPDX-License-Identifier: Apache-2.0
"""Who is measured: each started fresh, in a folder of its own, as the kernel's audit daemon."""

import os
import shutil
import signal
import subprocess
import time

from parts import kernel, outputs, processes

NICE = -4  # what auditd and nauditd give themselves; the floor gets the same
SETTLE_SECONDS = 90

NAUDITD = """\
node: none
kernel: {{enabled: keep, backlog_limit: keep, backlog_wait_time: keep}}
rules: {{files: [], drift: ignore}}
sinks:
  - {{name: log, type: file, format: {format}, path: {folder}/out.log, rotate: {{size: 0, keep: 0}}}}
daemon: {{control_socket: {folder}/control.sock, state_directory: {folder}/state, log_level: warning}}
"""


class Contender:
    """One receiver. `prepare`: folder -> command line; writes the configuration. `count`: how its output is read (see
    outputs.py). `share`: of the events that the others get; less for the slow, as figures are per record. `files`: what
    it writes, the one that counts first. `control`: whether it has nauditd's control socket."""

    def __init__(self, name, prepare, count, share=1.0, files=("out.log",), control=False):
        self.name = name
        self.prepare = prepare
        self.read = count
        self.share = share
        self.files = files
        self.control = control
        self.process = None
        self.plugins = []
        self.folder = None

    @property
    def key(self):
        """For the command line and as a folder."""
        return self.name.replace(" ", "-")

    @property
    def output(self):
        return os.path.join(self.folder, self.files[0])

    @property
    def socket(self):
        return os.path.join(self.folder, "control.sock") if self.control else None

    def start(self, work):
        self.folder = os.path.join(work, self.key)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o700)
        command = self.prepare(self.folder)
        with open(os.path.join(self.folder, "messages"), "wb") as messages:
            # A session of its own: Ctrl-C is for the benchmark, which then stops it in order.
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=messages, stderr=messages,
                                            start_new_session=True)
        os.setpriority(os.PRIO_PROCESS, self.process.pid, NICE)
        deadline = time.monotonic() + 20
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise kernel.Error(f"{self.name} did not become the audit daemon: {self.messages() or 'it says nothing'}")
            time.sleep(0.02)
        self.plugins = processes.children(self.process.pid)

    def is_ready(self):
        return (kernel.status()["pid"] == self.process.pid
                and all(os.path.exists(os.path.join(self.folder, name)) for name in self.files))

    def messages(self):
        with open(os.path.join(self.folder, "messages"), encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().strip().splitlines()[-3:])

    def pids(self):
        """All processes of the pipeline. A plugin that was started again took its CPU time with it."""
        if processes.children(self.process.pid) != self.plugins:
            raise kernel.Error(f"{self.name}: a plugin ended: {self.messages() or 'it says nothing'}")
        return [self.process.pid, *self.plugins]

    def cpu_seconds(self):
        try:
            return sum(processes.cpu_seconds(pid) for pid in self.pids())
        except OSError as error:
            raise kernel.Error(f"{self.name} ended: {self.messages() or error}") from error

    def memory_mib(self):
        """Resident and at its most."""
        each = [processes.memory_mib(pid) for pid in self.pids()]
        return tuple(sum(column) for column in zip(*each))

    def settle(self):
        """Waits until everything that was made has been written."""
        before, begun = None, time.monotonic()
        since = begun
        while time.monotonic() - since < 0.4:
            sizes = [os.path.getsize(os.path.join(self.folder, name)) for name in self.files]
            now = time.monotonic()
            if sizes != before or kernel.status()["backlog"]:
                before, since = sizes, now
            if now - begun > SETTLE_SECONDS:
                raise kernel.Error(f"{self.name} still writes {SETTLE_SECONDS} s after the last event")
            time.sleep(0.05)

    def stop(self):
        if self.process is None:
            return
        process, self.process = self.process, None
        plugins, self.plugins = self.plugins, []
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise kernel.Error(f"{self.name} did not stop within 30 s") from None
            finally:
                processes.end(plugins)
        if process.returncode:
            raise kernel.Error(f"{self.name} ended with {process.returncode}: {self.messages() or 'it says nothing'}")

    def count(self, mark):
        with open(self.output, "rb") as file:
            return self.read(file, mark.encode())

    def clean(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o600)


def nauditd(programs, form):
    def prepare(folder):
        write(f"{folder}/nauditd.yaml", NAUDITD.format(format=form, folder=folder))
        return [f"{programs}/nauditd", "--config", f"{folder}/nauditd.yaml"]
    return Contender(f"nauditd {form}", prepare, outputs.native if form == "json" else outputs.lines, control=True)


def floor(programs):
    return Contender("floor", lambda folder: [f"{programs}/bench-floor", f"{folder}/out.log"], outputs.lines)
