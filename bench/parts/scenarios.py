# SPDX-License-Identifier: Apache-2.0
"""What is measured. Every function takes the bench and gives samples; it prints nothing."""

import contextlib
import os
import pwd
import shutil
import statistics
import tempfile
import types

from parts import kernel, programs
from parts.loads import Generated
from parts.report import ALONE

# Events and threads of a full run.
WORKLOADS = {"openat": (200_000, 1), "syscall": (200_000, 1), "exec": (6_000, 2), "user": (300_000, 1),
             "mix": (30_000, 2)}
BURST_EVENTS = 100_000
LATENCY_RATES = (500, 5_000)
CURVE_RATES = (5_000, 10_000, 20_000, 30_000, 40_000, 60_000, 80_000, "max")
CURVE_SECONDS = 1.2
LATENCY_SECONDS = 2
CURVE_REPEAT = 2
MEMORY = "/dev/shm"
UNLIKE = 0.005
UNKNOWN_SHARE = {"auditd enriched": 0.05}  # asks for the name again and again


def generated(bench, workload, events, **more):
    return Generated(f"{bench.programs}/bench-generate", workload, events, **{"uid": bench.uid} | more)


@contextlib.contextmanager
def open_loop(bench):
    """A full queue loses records."""
    bench.guard.open_loop()
    try:
        yield
    finally:
        bench.guard.closed_loop()


def cpu(bench, everyone, repeat, workloads):
    def measure(contender, workload):
        events, threads = WORKLOADS[workload]
        return bench.run(contender, generated(bench, workload, events * bench.scale * contender.share, threads=threads))
    return bench.in_turn(repeat, workloads, everyone, measure)


def burst(bench, everyone, repeat):
    def measure(contender, _):
        return bench.run(contender, generated(bench, "openat", BURST_EVENTS), lossless=False)
    with open_loop(bench):
        return bench.in_turn(repeat, ["burst"], everyone, measure)["burst"]


def curve(bench, everyone, repeat):
    """Rates that rise until a contender has lost more than half at two of them."""
    seconds = CURVE_SECONDS * bench.scale
    rates = CURVE_RATES if bench.scale == 1 else CURVE_RATES[1::2]
    poor = {}

    def measure(contender, rate):
        if rate == rates[0]:
            poor[contender.name] = 0
        if poor.get(contender.name, 0) >= 2:
            return None
        load = (generated(bench, "openat", BURST_EVENTS) if rate == "max" else
                generated(bench, "openat", rate * seconds, rate=rate))
        sample = bench.run(contender, load, lossless=False)
        poor[contender.name] = poor.get(contender.name, 0) + (sample["share"] < 0.5)
        return sample
    with open_loop(bench):
        return bench.in_turn(min(repeat, CURVE_REPEAT), rates, everyone, measure)


def latency(bench, everyone, repeat):
    def measure(contender, rate):
        return bench.run(contender, generated(bench, "openat", rate * LATENCY_SECONDS * bench.scale, rate=rate, stamp=True), latencies=True)
    return bench.in_turn(repeat, LATENCY_RATES, everyone, measure)


def unknown_uid(bench, everyone, repeat):
    """The same workload as a user with a name and as one without."""
    uids = {"known": known_uid(), "unknown": free_uid(4_000_000)}

    def measure(contender, case):
        share = contender.share if case == "known" else UNKNOWN_SHARE.get(contender.name, contender.share)
        events = WORKLOADS["openat"][0] * bench.scale / 2 * share
        return bench.run(contender, generated(bench, "openat", events, uid=uids[case]))
    return bench.in_turn(repeat, uids, everyone, measure)


def research(bench, everyone, repeat, names, others):
    """Programs of the world with auditing off, and under each contender. In memory: what a disk takes changes from run to
    run by more than what auditing costs."""
    alone = types.SimpleNamespace(name=ALONE)
    folder = tempfile.mkdtemp(prefix="naudit-load.", dir=MEMORY if os.path.isdir(MEMORY) else None)
    os.chmod(folder, 0o711)

    def measure(contender, name):
        # A whole repetition of the fixed work for all: what is compared is the program's time.
        load = programs.ALL[name](folder, bench.uid, others, bench.scale)
        return bench.alone(load) if contender is alone else bench.run(contender, load)
    try:
        samples = bench.in_turn(repeat, names, [alone, *everyone], measure)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for name, by_name in samples.items():
        count_records(by_name)
        bench.errors += unlike(name, by_name)
    return samples


def count_records(by_name):
    """Nobody outside knows how many records a program makes, and JSON does not tell: from who writes a line for each, the floor
    first. Every event has an EOE besides, as none is without a system call."""
    per_event = [(sample["out_records"] + sample["out"]) / sample["out"]
                 for taken in by_name.values() for sample in taken if sample.get("out_records")]
    for taken in by_name.values():
        for sample in taken:
            if per_event and "out" in sample:
                sample["records"] = sample["out"] * per_event[0]
                sample["cpu"] = sample["cpu_s"] / sample["records"] * 1e6


def unlike(name, by_name):
    """Who has other events than the rest, though the program did the same (a retry here and there is the program's own), or
    fewer than the requests, each of which has a connection."""
    few = [f"{who}, {name}: {sample['work']:.0f} requests, {sample['out']} events written"
           for who, taken in by_name.items() if who != ALONE for sample in taken if sample["out"] < sample["work"]]
    counts = {who: statistics.median(sample["out"] for sample in taken)
              for who, taken in by_name.items() if who != ALONE and taken[0]["work"] == 1}
    usual = statistics.median(counts.values()) if counts else 0
    return few + [f"{who}, {name}: {count:.0f} events written, {usual:.0f} by most"
                  for who, count in counts.items() if abs(count - usual) > usual * UNLIKE]


def known_uid():
    """Of a user who has no processes of its own."""
    for name in ("games", "news", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise kernel.Error("neither games nor news nor nobody is a user here")


def free_uid(first):
    uid = first
    while True:
        try:
            pwd.getpwuid(uid)
            uid += 1
        except KeyError:
            return uid
