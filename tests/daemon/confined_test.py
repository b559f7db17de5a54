#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole nauditd, without the kernel's records, under its own confinement: what holds for each thread, and that what it needs
works. confined_test.py BIN_DIRECTORY"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(sys.argv[1])
MINUTE = 60
SINKS = """
  - {name: log, type: file, path: %(folder)s/log/events.json, group: '0', rotate: {size: 1MiB, keep: 3, compress: zstd}}
  - {name: local, type: unix, path: %(folder)s/run/events.sock}
  - {name: web, type: https, url: 'http://127.0.0.1:9/', retry: {first: 10ms, most: 20ms}}
  - {name: far, type: tcp, address: 'localhost:9', spool: {keep_free: 0%%}, retry: {first: 10ms, most: 20ms}}"""
PROGRAM = """
  - {name: program, type: exec, command: [/bin/sh, -c, 'cat > %(folder)s/log/program']}"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nauditd:
    def __init__(self, folder, sinks, starter=()):
        self.folder, self.socket = folder, folder / "run/control.sock"
        os.chmod(folder, 0o711)
        for name in ("log", "run", "state"):
            (folder / name).mkdir(mode=0o711)
        self.config = folder / "nauditd.yaml"
        self.write(sinks)
        self.log = open(folder / "said", "w+")
        self.process = subprocess.Popen([*starter, BIN / "nauditd", "-c", self.config], stderr=self.log, stdout=self.log)
        self.wait_for(self.socket.exists, "nauditd has started")

    def write(self, sinks):
        self.config.write_text("node: confined\nkernel: {mode: none}\nrules: {files: []}\nsources: [{name: fleet, type: stream, listen: "
                               f"'127.0.0.1:{free_port()}'}}]\nsinks: {sinks % {'folder': self.folder}}\n"
                               f"daemon: {{control_socket: {self.socket}, state_directory: {self.folder}/state, nice: 0, oom_score_adjust: keep}}\n")

    def wait_for(self, condition, what):
        deadline = time.monotonic() + MINUTE
        while not condition():
            assert self.process.poll() is None and time.monotonic() < deadline, f"not so: {what} ({self.process.poll()})\n{self.told()}"
            time.sleep(0.02)  # between two looks

    def told(self):
        return (self.folder / "said").read_text()

    def ctl(self, *arguments, starter=()):
        return subprocess.run([*starter, BIN / "nauditctl", *arguments, "--socket", self.socket], capture_output=True, text=True, check=False)

    def status(self):
        return json.loads(self.ctl("status", "--json").stdout)

    def threads(self):
        """The name of each thread, and the fields of its status."""
        for status in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/status"):
            fields = dict(re.findall(r"^(\w+):\t(.*)$", status.read_text(), re.M))
            yield fields["Name"], fields

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(MINUTE) == 0, self.told()
        return [json.loads(line) for line in (self.folder / "log/events.json").read_text().splitlines()]


def check_threads(daemon, unfiltered=()):
    for name, fields in daemon.threads():
        if name in unfiltered or "Sanitizer" in name:
            continue
        assert fields["Seccomp"] == "2" and fields["NoNewPrivs"] == "1", (name, fields["Seccomp"], fields["NoNewPrivs"])
        assert int(fields["CapEff"], 16) & ~(1 << 30 | 1 << 37 | 1 << 2) == 0, (name, fields["CapEff"])


def every_thread_is_confined(folder):
    daemon = Nauditd(folder, SINKS)
    confinement = daemon.status()["confinement"]
    assert re.fullmatch("(landlock ABI [1-9][0-9]*, )?seccomp", confinement), (confinement, daemon.told())
    assert re.search(r"^ +confinement +.*seccomp$", daemon.ctl("status").stdout, re.M), daemon.ctl("status").stdout
    check_threads(daemon)
    daemon.wait_for(lambda: daemon.ctl("rotate").returncode == 0 and list((folder / "log").glob("events.json.*.zst")), "a file is packed")
    for _ in range(2):
        reload = daemon.ctl("reload")
        assert reload.returncode == 0, reload
    check_threads(daemon)
    # A first program takes a restart: the filter would end nauditd.
    daemon.write(SINKS + PROGRAM)
    reload = daemon.ctl("reload")
    assert reload.returncode == 1 and "takes a restart" in reload.stdout + reload.stderr, reload
    assert daemon.process.poll() is None, daemon.told()
    daemon.stop()
    assert "warning" not in daemon.told() or "seccomp" not in daemon.told(), daemon.told()


def a_program_of_a_sink_runs(folder):
    daemon = Nauditd(folder, SINKS + PROGRAM)
    check_threads(daemon)
    daemon.wait_for(lambda: (folder / "log/program").exists() and "daemon_start" in (folder / "log/program").read_text(), "the program gets events")
    assert daemon.ctl("reload").returncode == 0, daemon.told()
    daemon.stop()


READERS, ADMINS = 54321, 54322


def nobody(*groups):
    return ["setpriv", "--reuid=65534", "--regid=65534", f"--groups={','.join(str(one) for one in groups)}" if groups else "--clear-groups"]


def members_of_the_groups_do_what_they_may(folder):
    # A table of groups of its own, for this daemon alone.
    groups = folder / "group"
    groups.write_text(pathlib.Path("/etc/group").read_text() + f"naudit:x:{READERS}:\nnaudit-admin:x:{ADMINS}:\n")
    daemon = Nauditd(folder, SINKS, ["unshare", "--mount", "sh", "-c", f"mount --bind {groups} /etc/group && exec \"$@\"", "sh"])
    daemon.wait_for(lambda: daemon.ctl("status", "--json", starter=nobody(READERS)).stdout, "a member of naudit gets in")
    assert daemon.socket.stat().st_mode & 0o777 == 0o660, oct(daemon.socket.stat().st_mode)
    for command in (["status"], ["metrics"], ["sinks"], ["tail", "--help"]):
        done = daemon.ctl(*command, starter=nobody(READERS))
        assert done.returncode in (0, 3), (command, done)
    for command in ("rotate", "reload"):  # the file that the records are looked for in begins with the first
        refused = daemon.ctl(command, starter=nobody(READERS))
        assert refused.returncode == 1 and f"may not '{command}'" in refused.stderr + refused.stdout, refused
        assert "group 'naudit-admin'" in refused.stderr + refused.stdout, refused
        assert daemon.ctl(command, starter=nobody(ADMINS)).returncode == 0, command
    shut_out = daemon.ctl("status", starter=nobody())
    assert shut_out.returncode == 1 and "usermod -aG naudit" in shut_out.stderr, shut_out
    # Who asked is in the record.
    records = [event["records"][kind] for event in daemon.stop() for kind in ("daemon_config", "daemon_rotate") if kind in event["records"]]
    assert len(records) == 2 and all(record.get("uid", 65534) == 65534 and record["pid"] != daemon.process.pid for record in records), records


for case in (every_thread_is_confined, a_program_of_a_sink_runs, members_of_the_groups_do_what_they_may):
    with tempfile.TemporaryDirectory() as name:
        case(pathlib.Path(name))
    print(f"{case.__name__}: as it should be")
