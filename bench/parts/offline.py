# SPDX-License-Identifier: Apache-2.0
"""Programs that read a stored log, each run to its end: what it took of CPU, time and memory."""

import dataclasses
import hashlib
import os
import shutil
import subprocess
import sys
import time

LAUREL = """\
directory = "{folder}"
statusreport-period = 0
input = "stdin"
[auditlog]
file = "laurel.log"
size = 100000000000
generations = 1
"""


BUSY_LOOP = "for i in range(10_000_000): pass"


class Error(Exception):
    pass


@dataclasses.dataclass
class Sample:
    cpu: float   # seconds, user and system
    wall: float  # seconds
    peak: float  # MiB, the largest resident set; never below this script's own, some 15


def measure(command, stdin=None):
    """Output goes to /dev/null. An error of the program is ours."""
    start = time.monotonic()
    with open(stdin or os.devnull, "rb") as file:
        process = subprocess.Popen(command, stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        raise Error(f"{command[0]}: exit status {process.returncode}: {errors.decode(errors='replace').strip()[-500:]}")
    return Sample(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


def make_log(folder, records, rate):
    """Once; in a process of its own, so that this one stays small."""
    path = f"{folder}/audit.{records}.{rate}.log"
    if not os.path.exists(path):
        script = os.path.join(os.path.dirname(os.path.realpath(__file__)), "stored_log.py")
        with open(path, "wb") as file:
            subprocess.run([sys.executable, script, str(records), str(rate)], stdout=file, check=True)
    return path


class Programs:
    def __init__(self, nauditctl, peers):
        self.nauditctl = nauditctl
        path = f"{peers}/bin{os.pathsep}{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/sbin"
        self.laurel = shutil.which("laurel", path=path)
        self.ausearch = shutil.which("ausearch", path=path)

    def ours(self, logs, form, *more):
        logs = [logs] if isinstance(logs, str) else logs
        more = more or ("--jobs", "1")
        return lambda folder: measure([self.nauditctl, "convert", "--format", form, *more, *logs])

    def run_laurel(self, log):
        """It can only write to a file; what that costs is little beside the rest."""
        def run(folder):
            config = f"{folder}/laurel.toml"
            with open(config, "w", encoding="ascii") as file:
                file.write(LAUREL.format(folder=folder))
            sample = measure([self.laurel, "-c", config], log)
            os.remove(f"{folder}/laurel.log")
            return sample
        return run

    def run_ausearch(self, log, *form):
        return lambda folder: measure([self.ausearch, "--input", log, *form])

    def checksum(self, log, form, jobs):
        command = [self.nauditctl, "convert", "--format", form, "--jobs", str(jobs), log]
        digest = hashlib.sha256()
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            while piece := process.stdout.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()


def busy_loops(repeat):
    """How much longer two processes that only count take than one does: 1 where two cores are free, 2 where there is one."""
    def seconds(number):
        start = time.monotonic()
        loops = [subprocess.Popen([sys.executable, "-I", "-S", "-c", BUSY_LOOP]) for _ in range(number)]
        for loop in loops:
            loop.wait()
        return time.monotonic() - start
    return [seconds(2) / seconds(1) for _ in range(repeat)]
