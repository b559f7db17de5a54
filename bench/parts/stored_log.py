# SPDX-License-Identifier: Apache-2.0
"""Writes the log that bench/convert reads: auditd's ENRICHED text, as a busy host makes it. The same arguments give the
same bytes.

  stored_log.py RECORDS EVENTS_PER_SECOND > audit.log

Of ten events seven are openat, one execve, one another system call, one a session of PAM. Programs take turns in bursts
of a few events, as their time slices let them; EVENTS_PER_SECOND 0: all stamps are the same."""

import random
import sys

MARK = "\x1d"
SYSCALLS = {"openat": 257, "execve": 59, "connect": 42}
USERS = [(0, "root"), (1000, "jo"), (1001, "ann"), (33, "www-data"), (105, "postgres")]
PROGRAMS = [("cat", "/usr/bin/cat"), ("nginx", "/usr/sbin/nginx"), ("postgres", "/usr/lib/postgresql/15/bin/postgres"),
            ("python3", "/usr/bin/python3.11"), ("sshd", "/usr/sbin/sshd"), ("bash", "/usr/bin/bash"),
            ("systemd", "/usr/lib/systemd/systemd"), ("ls", "/usr/bin/ls"), ("cron", "/usr/sbin/cron")]
FOLDERS = ["/etc", "/usr/lib/x86_64-linux-gnu", "/home/jo/work/report", "/var/lib/postgresql/15/main/base/16384",
           "/var/www/site/templates", "/proc/sys/kernel"]


class Process:
    def __init__(self, draw, number):
        self.pid = 1000 + 7 * number
        self.ppid = 900 + number % 40
        self.uid, self.user = draw.choice(USERS)
        self.auid, self.auser = draw.choice([(4294967295, "unset"), (1000, "jo"), (self.uid, self.user)])
        self.comm, self.exe = draw.choice(PROGRAMS)
        self.tty, self.ses = draw.choice([("(none)", 4294967295), ("pts0", 3), ("pts4", 17)])
        self.cwd = draw.choice(FOLDERS)
        self.title = f"{self.comm}\0--config\0/etc/{self.comm}.conf".encode().hex().upper()


def syscall(stamp, process, name, exit_code, arguments, items):
    uid, user = process.uid, process.user
    a0, a1, a2, a3 = arguments
    return (f"type=SYSCALL msg=audit({stamp}): arch=c000003e syscall={SYSCALLS[name]} "
            f"success={'no' if exit_code < 0 else 'yes'} exit={exit_code} a0={a0:x} a1={a1:x} a2={a2:x} a3={a3:x} "
            f"items={items} ppid={process.ppid} pid={process.pid} auid={process.auid} uid={uid} gid={uid} euid={uid} "
            f"suid={uid} fsuid={uid} egid={uid} sgid={uid} fsgid={uid} tty={process.tty} ses={process.ses} "
            f'comm="{process.comm}" exe="{process.exe}" subj=unconfined key="access"{MARK}ARCH=x86_64 SYSCALL={name} '
            f'AUID="{process.auser}" UID="{user}" GID="{user}" EUID="{user}" SUID="{user}" FSUID="{user}" '
            f'EGID="{user}" SGID="{user}" FSGID="{user}"\n')


def path(stamp, item, name, inode, mode):
    return (f'type=PATH msg=audit({stamp}): item={item} name="{name}" inode={inode} dev=fe:01 mode={mode} ouid=0 ogid=0 '
            f'rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0{MARK}OUID="root" '
            'OGID="root"\n')


def event(draw, stamp, process):
    kind = draw.random()
    title = f"type=PROCTITLE msg=audit({stamp}): proctitle={process.title}\n"
    pointer = 0x7ffc00000000 | draw.getrandbits(28)
    if kind < 0.7:
        name = f"{draw.choice(FOLDERS)}/{draw.randrange(4000):04}.conf"
        call = syscall(stamp, process, "openat", draw.choice([3, 4, 5, 11, -2, -13]),
                       (0xffffff9c, pointer, draw.choice([0, 0x80000, 0x241]), 0), 1)
        return (call + f'type=CWD msg=audit({stamp}): cwd="{process.cwd}"\n'
                + path(stamp, 0, name, draw.getrandbits(20), "0100644") + title)
    if kind < 0.8:
        call = syscall(stamp, process, "execve", 0, (pointer, pointer + 64, pointer + 512, 8), 1)
        return (call + f'type=EXECVE msg=audit({stamp}): argc=3 a0="{process.comm}" a1="-c" a2="run-{draw.getrandbits(16)}"\n'
                + path(stamp, 0, process.exe, 131072 + process.pid, "0100755") + title)
    if kind < 0.9:
        return syscall(stamp, process, "connect", -115, (draw.randrange(20), pointer, 16, 0), 0) + title
    return (f"type=USER_START msg=audit({stamp}): pid={process.pid} uid={process.uid} auid={process.auid} "
            f"ses={process.ses} subj=unconfined msg='op=PAM:session_open grantors=pam_keyinit,pam_limits acct=\"root\" "
            f"exe=\"{process.exe}\" hostname=? addr=10.0.{draw.randrange(256)}.7 terminal=cron res=success'"
            f'{MARK}UID="{process.user}" AUID="{process.auser}"\n')


def write(records, rate, out):
    draw = random.Random(1)
    processes = [Process(draw, number) for number in range(60)]
    written = 0
    number = 0
    burst, process = 0, None
    while written < records:
        if burst == 0:
            burst, process = draw.randrange(1, 12), draw.choice(processes)
        burst -= 1
        millis = number * 1000 // rate if rate else 0
        text = event(draw, f"{1700000000 + millis // 1000}.{millis % 1000:03}:{number % 2**32}", process)
        out.write(text)
        number += 1
        written += text.count("\n")


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), sys.stdout)
