# SPDX-License-Identifier: Apache-2.0
"""Programs of the world as loads, like those with which research measures auditing: a build, a mail store, a shell
benchmark, a web server. Each runs as the audited user, in a folder of its own, made anew for each run. Rules: what
published rule sets ask for, here for this user alone."""

import os
import platform
import random
import re
import shutil
import socket
import subprocess
import time

from parts import kernel
from parts.loads import SECONDS, communicate

# Programs that are run, connections, files that could not be opened, files that are deleted and renamed.
CALLS = [["execve", "execveat"], ["connect", "accept", "accept4"], ["open", "openat", "openat2", "creat"],
         ["unlink", "unlinkat", "rename", "renameat", "renameat2", "rmdir"]]
ONLY_ON_X86 = {"open", "creat", "unlink", "rename", "rmdir"}
FAILED = "openat"


def rules():
    result = []
    for names in CALLS:
        here = [name for name in names if platform.machine() == "x86_64" or name not in ONLY_ON_X86]
        result.append(["-S", ",".join(here), *(["-F", "success=0"] if FAILED in names else [])])
    return result


class Program:
    """`name`, `uid`; `size`: 1 as in a full run. A subclass fills the folder and gives the command."""

    name = ""
    needs = ()

    def __init__(self, parent, uid, others, size):
        self.folder = os.path.join(parent, self.name)
        self.uid = uid
        self.others = others
        self.size = size
        self.rules = rules()
        self.begun = 0.0

    def prepare(self):
        """Not part of what is measured."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder, mode=0o700)
        self.fill()
        for folder, _, names in os.walk(self.folder):
            for name in [folder, *(os.path.join(folder, name) for name in names)]:
                os.chown(name, self.uid, self.uid)

    def spawn(self, command, uid=None, **more):
        # Few variables: a locale would make programs look for files.
        uid = self.uid if uid is None else uid
        return subprocess.Popen(command, cwd=self.folder, user=uid, group=uid, extra_groups=[], start_new_session=True,
                                env={"PATH": "/usr/bin:/bin"}, **more)

    def start(self):
        self.begun = time.monotonic()
        return self.spawn(self.command(), stdin=self.input(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def finish(self, process):
        communicate(process, self.name)
        return self.result(time.monotonic() - self.begun)

    def result(self, seconds, work=None):
        """`work`: how much of it was done, for one that runs a fixed time; 1 for one that does a fixed work."""
        return {"seconds": seconds, "work": work or 1.0, "made": None, "records": None, "written": None}

    def input(self):
        return subprocess.DEVNULL

    def fill(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError


class Build(Program):
    """As the kernel's is: make runs a compiler for each of many small files, writes beside and renames, archives the folders,
    and links."""

    name = "build"
    needs = ("make", "cc", "ar")
    FOLDERS = 4
    MAKEFILE = """\
parts := $(addsuffix /built-in.a,$(wildcard part*))
program: main.c $(parts)
\tcc -O1 -Iinclude -o $@ $^
.SECONDEXPANSION:
%/built-in.a: $$(subst .c,.o,$$(wildcard $$*/*.c))
\trm -f $@
\tar rcs $@ $^
%.o: %.c
\tcc -O1 -Iinclude -MMD -MF $*.d.tmp -c $< -o $@.tmp
\tmv -f $*.d.tmp $*.d
\tmv -f $@.tmp $@
"""

    def fill(self):
        os.mkdir(f"{self.folder}/include")
        for i in range(10):
            text = "".join(f"static inline int h{i}_{j}(int x) {{ return x * {j + 1} + {i}; }}\n" for j in range(40))
            put(f"{self.folder}/include/h{i}.h", f"#pragma once\n#include <stdint.h>\n{text}")
        names = []
        for i in range(round(140 * self.size)):
            folder = f"{self.folder}/part{i % self.FOLDERS}"
            os.makedirs(folder, exist_ok=True)
            includes = ["<stdio.h>", "<string.h>", f'"h{i % 10}.h"', f'"h{(i + 3) % 10}.h"']
            put(f"{folder}/f{i}.c", "".join(f"#include {name}\n" for name in includes) +
                f"int f{i}(int x) {{ int s = 0; for (int i = 0; i < x; ++i) s += h{i % 10}_{i % 40}(i); return s; }}\n")
            names.append(f"f{i}")
        calls = "".join(f"  s += {name}(s);\n" for name in names)
        put(f"{self.folder}/main.c", "".join(f"int {name}(int);\n" for name in names)
            + f"int main(void) {{\n  int s = 1;\n{calls}  return s == 42;\n}}\n")
        put(f"{self.folder}/Makefile", self.MAKEFILE)

    def command(self):
        return ["make", "--silent", "--no-builtin-rules", f"--jobs={os.cpu_count()}"]


class Mail(Program):
    """postmark, with its own defaults for sizes and the mix of transactions, and a fixed seed."""

    name = "mail"
    needs = ("postmark",)

    def fill(self):
        os.mkdir(f"{self.folder}/store")
        put(f"{self.folder}/orders", f"set location {self.folder}/store\nset number {round(4000 * self.size)}\n"
            f"set transactions {round(40000 * self.size)}\nset subdirectories 10\nset seed 42\nrun\nquit\n")

    def input(self):
        return open(f"{self.folder}/orders", "rb")

    def command(self):
        return [self.others.postmark]


class Shell(Program):
    """The pipeline of UnixBench's shell scripts: sort, od, grep, tee, wc and rm over a small file, again and again."""

    name = "shell"
    needs = ("sort", "od", "grep", "tee", "wc")
    SCRIPT = """\
i=0
while [ $i -lt {rounds} ]; do
  sort > sort.$$ < source
  od sort.$$ | sort -n -k 1 > od.$$
  grep the sort.$$ | tee grep.$$ | wc > wc.$$
  rm sort.$$ grep.$$ od.$$ wc.$$
  i=$((i + 1))
done
"""

    def fill(self):
        draw = random.Random(1)
        words = ["the", "quick", "brown", "fox", "and", "another", "lazy", "dog"]
        put(f"{self.folder}/source", "".join(" ".join(draw.choices(words, k=6)) + "\n" for _ in range(60)))
        put(f"{self.folder}/script", self.SCRIPT.format(rounds=round(350 * self.size)))

    def command(self):
        return ["/bin/sh", "script"]


class Web(Program):
    """nginx with one worker sends a file of 4 KiB, a connection for each request; every tenth request is for a file that
    is not there. wrk asks, as a user who is not audited, for a fixed time."""

    name = "web"
    needs = ("nginx", "wrk")
    ASKER = 65534
    CONFIG = """\
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log stderr emerg;
events {{ worker_connections 512; }}
http {{
  access_log {folder}/access.log; keepalive_timeout 0; sendfile on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port} backlog=512; root {folder}/pages; }}
}}
"""
    ASKS = """\
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", n % 10 == 0 and "/missing" or "/page.html", {["Connection"] = "close"})
end
"""

    def fill(self):
        os.mkdir(f"{self.folder}/pages")
        put(f"{self.folder}/pages/page.html", "<p>" + "x" * 4089 + "</p>")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        put(f"{self.folder}/nginx.conf", self.CONFIG.format(folder=self.folder, port=self.port))
        # wrk's user cannot look into this folder.
        self.asks = f"{os.path.dirname(self.folder)}/asks.lua"
        put(self.asks, self.ASKS)

    def start(self):
        server = self.spawn([self.others.nginx, "-e", "stderr", "-p", self.folder, "-c", f"{self.folder}/nginx.conf"],
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while not self.listens():
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise kernel.Error(f"nginx does not listen: {server.communicate()[1].strip()[-300:]}")
            time.sleep(0.02)
        return server

    def listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def finish(self, process):
        command = [self.others.wrk, "-t", "1", "-c", "8", "-d", f"{max(1, round(2 * self.size))}s", "-s", self.asks,
                   f"http://127.0.0.1:{self.port}/"]
        done = subprocess.run(command, cwd="/", user=self.ASKER, group=self.ASKER, extra_groups=[], env={}, check=False,
                              capture_output=True, text=True, timeout=SECONDS)
        found = re.search(r"(\d+) requests in ([\d.]+)(s|m)", done.stdout)
        if done.returncode or not found or "Socket errors" in done.stdout:
            raise kernel.Error(f"wrk: exit status {done.returncode}: {(done.stderr or done.stdout).strip()[-300:]}")
        process.terminate()
        process.communicate(timeout=30)
        return self.result(float(found[2]), float(found[1]))


ALL = {one.name: one for one in (Build, Mail, Shell, Web)}


def put(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def missing(load, others):
    """What it needs and is not here."""
    return [name for name in load.needs if not (getattr(others, name, None) or shutil.which(name))]
