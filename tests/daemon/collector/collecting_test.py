#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A whole nauditd that takes nothing of its own kernel, and a client of auditd's protocol: what was answered is in the sinks, and
in a spool after a kill -9. collecting_test.py BIN_DIRECTORY"""
import json
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

BIN = pathlib.Path(sys.argv[1])
MINUTE = 60


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def message(sequence, text, kind=0):
    return struct.pack("<IBBIHI", 0xFF0000FE, 0, 0, kind, len(text), sequence) + text.encode()


class Nauditd:
    def __init__(self, folder, sinks):
        self.folder, self.port = folder, free_port()
        self.config = folder / "nauditd.yaml"
        self.config.write_text(f"""
node: collector
kernel: {{mode: none}}
rules: {{files: []}}
sources: [{{name: fleet, type: auditd, listen: "127.0.0.1:{self.port}"}}]
sinks:
{sinks}
daemon: {{control_socket: {folder}/control.sock, state_directory: {folder}/state, nice: 0, oom_score_adjust: keep}}
""")
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen([BIN / "nauditd", "-c", self.config], stderr=self.log, stdout=self.log)
        self.wait_for(lambda: (folder / "control.sock").exists(), "nauditd has started")

    def wait_for(self, condition, what):
        deadline = time.monotonic() + MINUTE
        while not condition():
            assert self.process.poll() is None and time.monotonic() < deadline, f"not so: {what}\n{self.told()}"
            time.sleep(0.02)  # between two looks

    def told(self):
        return (self.folder / "log").read_text()

    def status(self):
        command = [BIN / "nauditctl", "status", "--json", "--socket", self.folder / "control.sock"]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), MINUTE)
        self.sequence = 0

    def read(self):
        reply = b""
        while len(reply) < 16 and (more := self.socket.recv(16 - len(reply))):
            reply += more
        return struct.unpack("<IBBIHI", reply)[3:] if reply else None

    def deliver(self, text):
        self.sequence += 1
        self.socket.sendall(message(self.sequence, text))
        assert self.read() == (0x40000000, 0, self.sequence), text


def login(serial):
    return f"node=web1 type=USER_LOGIN msg=audit(1700000000.001:{serial}): pid=1 uid=0 auid=0 ses=1 msg='op=login res=success'\n"


def delivers_and_ends_in_order(folder):
    daemon = Nauditd(folder, f"  - {{name: log, type: file, path: {folder}/events.json}}")
    client = Client(daemon.port)
    client.deliver("node=web1 type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 success=yes exit=0 uid=4242 comm=\"ls\"")
    client.deliver("node=web1 type=PROCTITLE msg=audit(1.000:1): proctitle=6C73")
    client.deliver(login(2))
    status = daemon.status()
    assert (status["mode"], status["registration"]) == ("none", "collecting"), status
    assert status["sources"][0]["acknowledged"] == 3 and status["sources"][0]["clients"] == 1, status
    client.deliver("node=web1 type=SYSCALL msg=audit(1.000:3): arch=c000003e syscall=59 success=yes")
    daemon.process.send_signal(signal.SIGTERM)
    assert client.read() == (0x40000001, 0, 0), "the client is told that the server ends"
    assert daemon.process.wait(MINUTE) == 0, daemon.told()
    events = [json.loads(line) for line in (folder / "events.json").read_text().splitlines()]
    ours = [event for event in events if event["node"] == "web1"]
    assert [event["id"] for event in ours] == ["1.000:1", "1700000000.001:2", "1.000:3"], ours
    assert [event["complete"] for event in ours] == [True, True, False], ours
    assert ours[0]["records"]["syscall"]["uid"] == 4242 and len(ours[0]["records"]) == 2, ours[0]
    told = {kind for event in events if event["node"] == "collector" for kind in event["records"]}
    assert {"daemon_start", "daemon_accept", "daemon_close", "daemon_end"} <= told, told


def keeps_what_it_answered(folder):
    daemon = Nauditd(folder, f"  - {{name: siem, type: tcp, address: 127.0.0.1:{free_port()}, format: raw, spool: {{keep_free: 0%}}}}")
    client = Client(daemon.port)
    for serial in range(1, 201):
        client.deliver(login(serial))
    daemon.process.kill()
    daemon.process.wait(MINUTE)
    command = [BIN / "nauditctl", "spool", "cat", folder / "state/spool/siem"]
    kept = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for serial in range(1, 201):
        assert f"001:{serial})" in kept, f"{serial} was answered and is gone"


for case in (delivers_and_ends_in_order, keeps_what_it_answered):
    with tempfile.TemporaryDirectory() as name:
        case(pathlib.Path(name))
    print(f"{case.__name__}: as it should be")
