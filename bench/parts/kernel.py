# SPDX-License-Identifier: Apache-2.0
"""The kernel's audit settings and rules: read, changed, and put back as they were.

Facts: struct audit_status and the AUDIT_* numbers of linux/audit.h. Settings go over netlink by ourselves, so that
putting them back needs no other program; rules go through nauditctl.
"""

import os
import signal
import socket
import struct
import subprocess
import sys

NETLINK_AUDIT = 9
AUDIT_GET, AUDIT_SET = 1000, 1001
NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 1, 4, 2
FIELDS = ("mask", "enabled", "failure", "pid", "rate_limit", "backlog_limit", "lost", "backlog", "features",
          "backlog_wait_time", "backlog_wait_time_actual")
MASKS = {"enabled": 1, "failure": 2, "rate_limit": 8, "backlog_limit": 16, "backlog_wait_time": 32, "lost": 64}
KEY = "naudit-bench"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Error(Exception):
    """Something the user must know, in one line."""


def request(kind, body=b"", wants_answer=False):
    """Sends one request; gives the body of the answer, if one is wanted, else waits for the acknowledgement."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, NETLINK_AUDIT) as link:
        link.settimeout(5)
        flags = NLM_F_REQUEST if wants_answer else NLM_F_REQUEST | NLM_F_ACK
        link.sendto(struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body, (0, 0))
        while True:
            answer = link.recv(8970)
            answer_kind = struct.unpack_from("=H", answer, 4)[0]
            if answer_kind == NLMSG_ERROR:
                # Zeroing `lost` is acknowledged with the old count, which is positive: no error.
                code = -struct.unpack_from("=i", answer, 16)[0]
                if code > 0:
                    raise Error(f"the kernel refused an audit request: {os.strerror(code)}")
                if not wants_answer:
                    return b""
            elif answer_kind == kind:
                return answer[16:]


def status():
    body = request(AUDIT_GET, wants_answer=True)
    return dict(zip(FIELDS, struct.unpack_from(f"={len(body) // 4}I", body)))


def change(**settings):
    values = dict.fromkeys(FIELDS, 0) | settings
    values["mask"] = sum(MASKS[name] for name in settings)
    request(AUDIT_SET, struct.pack(f"={len(FIELDS)}I", *(values[name] for name in FIELDS)))


def find_kauditd():
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/comm", encoding="ascii", errors="replace") as file:
                    if file.read().strip() == "kauditd":
                        return int(entry)
            except OSError:
                pass
    return None


def ignore_signals():
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def leave(caught, _):
    """Once: what is cleaned up on the way out must not be cut short by a second Ctrl-C."""
    ignore_signals()
    sys.exit(128 + caught)


class Guard:
    """The kernel for the time of the benchmark; puts it back when it is left, whatever the reason."""

    def __init__(self, nauditctl):
        self.nauditctl = nauditctl
        self.before = None

    def __enter__(self):
        self.before = status()
        if self.before["pid"]:
            raise Error(f"process {self.before['pid']} is the audit daemon here; stop it for the time of the benchmark")
        if self.before["enabled"] == 2:
            raise Error("the audit configuration is locked until the next boot")
        for number in SIGNALS:
            signal.signal(number, leave)
        try:
            change(enabled=1, failure=1, rate_limit=0)
            self.closed_loop()
        except BaseException:
            self.restore()
            raise
        return self

    def __exit__(self, *_):
        ignore_signals()
        try:
            self.remove_rules()
        finally:
            self.restore()

    def restore(self):
        names = ["failure", "rate_limit", "backlog_limit", "backlog_wait_time", "enabled"]
        change(**{name: self.before[name] for name in names})
        if self.before["lost"] == 0:
            change(lost=0)

    def closed_loop(self):
        """A full queue makes the audited program wait: nothing is lost. 15000 jiffies are 60 s at 250 Hz."""
        change(backlog_limit=8192, backlog_wait_time=15000)

    def open_loop(self):
        """A full queue loses records."""
        change(backlog_limit=8192, backlog_wait_time=0)

    def add_rules(self, rules, uid):
        """On the calls of this user alone."""
        for rule in rules:
            self.control("-a", "always,exit", "-F", "arch=b64", *rule, "-F", f"uid={uid}", "-k", KEY)

    def remove_rules(self):
        self.control("-D", "-k", KEY)

    def control(self, *arguments):
        done = subprocess.run([self.nauditctl, *arguments], capture_output=True, text=True, timeout=100, check=False)
        if done.returncode:
            raise Error(f"nauditctl {' '.join(arguments)}: {done.stderr.strip() or done.stdout.strip()}")
