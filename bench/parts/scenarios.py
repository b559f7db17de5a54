# SPDX-License-Identifier: Apache-2.0
"""What is measured. Every function takes the bench and gives samples; it prints nothing."""

import json
import pwd
import subprocess
import time

from parts import contenders, kernel, reader

# Records that the kernel sends for an event, EOE included, and the threads and events of a run (1: as in a full run).
RECORDS = {"openat": 5, "syscall": 3, "exec": 7, "user": 1}
WORKLOADS = {"openat": (200_000, 1), "syscall": (200_000, 1), "exec": (6_000, 2), "user": (400_000, 1),
             "mix": (30_000, 2)}
BURST_EVENTS = 100_000
LATENCY_RATES = (500, 5_000)


class Bench:
    """Kernel, programs and contenders; collects what went wrong."""

    def __init__(self, guard, programs, work, uid, scale):
        self.guard = guard
        self.programs = programs
        self.work = work
        self.uid = uid
        self.scale = scale
        self.kauditd = kernel.find_kauditd()
        self.errors = []

    def generate(self, workload, events, threads=1, uid=None, options=()):
        # Without an environment: a locale would make it look for files.
        return subprocess.Popen(
            [f"{self.programs}/bench-generate", "--workload", workload, "--events", str(events), "--threads",
             str(threads), "--uid", str(uid or self.uid), "--mark", kernel.KEY, *options],
            stdout=subprocess.PIPE, text=True, env={}, start_new_session=True)

    def run(self, contender, workload, events, threads=1, uid=None, rate=0, lossless=True):
        """One contender, started fresh, under one workload: a sample as a dict. With a rate, latencies are taken."""
        generator = None
        try:
            contender.start(self.work)
            self.guard.add_rules(workload, uid or self.uid)
            time.sleep(0.3)
            pid = contender.process.pid
            lost = kernel.status()["lost"]
            cpu, kauditd = contenders.cpu_seconds(pid), self.kauditd_seconds()
            options = ["--rate", str(rate), "--stamp"] if rate else []
            generator = self.generate(workload, events, threads, uid, options)
            latencies = reader.latencies(contender.output, generator) if rate else None
            result = json.loads(generator.communicate()[0] or "{}")
            if generator.returncode:
                raise kernel.Error(f"bench-generate ended with {generator.returncode}")
            contender.settle()
            cpu, kauditd = contenders.cpu_seconds(pid) - cpu, self.kauditd_seconds() - kauditd
            resident, peak = contenders.memory_mib(pid)
            lost = kernel.status()["lost"] - lost
            self.guard.remove_rules()
            contender.stop()
            made = sum(result[kind] for kind in RECORDS)
            records = sum(result[kind] * RECORDS[kind] for kind in RECORDS)
            out, written, broken = contender.count(kernel.KEY)
            if result["errors"] or made != events:
                self.errors.append(f"{contender.name}, {workload}: {made} of {events} events could be made")
            if lossless:
                before = len(self.errors)
                self.check(contender.name, workload, (made, out), (records, written, result), broken, lost)
                if len(self.errors) > before and contender.messages():
                    self.errors[-1] += f"; it says: {contender.messages()}"
            millions = records / 1e6
            return {"cpu": cpu / millions, "kauditd": kauditd / millions, "rate": made / result["seconds"], "made": made,
                    "out": out, "share": out / made, "resident": resident, "peak": peak, "latencies": latencies,
                    "records": records, "lost": lost}
        finally:
            if generator is not None and generator.poll() is None:
                generator.kill()
                generator.wait()
            contender.stop()
            self.guard.remove_rules()
            contender.clean()

    def check(self, name, workload, events, records, broken, lost):
        made, out = events
        sent, written, result = records
        if made != out:
            self.errors.append(f"{name}, {workload}: {made} events made, {out} written")
        if written is not None:
            expected = sent - sum(result[kind] for kind in ("openat", "syscall", "exec"))  # EOE is not written
            if written != expected:
                self.errors.append(f"{name}, {workload}: {expected} records made, {written} written")
        if broken:
            self.errors.append(f"{name}, {workload}: {broken} events not complete")
        if lost:
            self.errors.append(f"{name}, {workload}: the kernel lost {lost} records")

    def kauditd_seconds(self):
        return contenders.cpu_seconds(self.kauditd) if self.kauditd else 0.0


def in_turn(repeat, cases, everyone, measure, tell):
    """Samples by case and contender; the contenders alternate inside each repetition."""
    samples = {}
    for repetition in range(repeat):
        for case in cases:
            for contender in everyone:
                tell(f"{repetition + 1}/{repeat} {case} {contender.name}")
                samples.setdefault(case, {}).setdefault(contender.name, []).append(measure(contender, case))
    return samples


def cpu(bench, everyone, repeat, workloads, tell):
    def measure(contender, workload):
        events, threads = WORKLOADS[workload]
        return bench.run(contender, workload, int(events * bench.scale), threads)
    return in_turn(repeat, workloads, everyone, measure, tell)


def burst(bench, everyone, repeat, tell):
    bench.guard.open_loop()
    try:
        return in_turn(repeat, ["burst"], everyone,
                       lambda contender, _: bench.run(contender, "openat", BURST_EVENTS, lossless=False), tell)["burst"]
    finally:
        bench.guard.closed_loop()


def latency(bench, everyone, repeat, tell):
    def measure(contender, rate):
        return bench.run(contender, "openat", rate * 2, rate=rate)
    return in_turn(repeat, LATENCY_RATES, everyone, measure, tell)


def unknown_uid(bench, everyone, repeat, tell):
    """The same workload as a user with a name (one that has no processes of its own) and as one without."""
    uids = {"known": known_uid(), "unknown": free_uid(4_000_000)}
    events = int(WORKLOADS["openat"][0] * bench.scale / 2)
    return in_turn(repeat, uids, everyone, lambda contender, case: bench.run(contender, "openat", events, uid=uids[case]),
                   tell)


def known_uid():
    for name in ("games", "news", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise kernel.Error("unknown-uid: neither games nor news nor nobody is a user here")


def free_uid(first):
    uid = first
    while True:
        try:
            pwd.getpwuid(uid)
            uid += 1
        except KeyError:
            return uid
