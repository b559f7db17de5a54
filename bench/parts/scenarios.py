# SPDX-License-Identifier: Apache-2.0
"""What is measured. Every function takes the bench and gives samples; it prints nothing."""

import contextlib
import pwd

from parts import kernel
from parts.loads import Generated

# Events and threads of a full run.
WORKLOADS = {"openat": (200_000, 1), "syscall": (200_000, 1), "exec": (6_000, 2), "user": (400_000, 1),
             "mix": (30_000, 2)}
BURST_EVENTS = 100_000
LATENCY_RATES = (500, 5_000)
CURVE_RATES = (5_000, 10_000, 20_000, 30_000, 40_000, 60_000, 80_000, "max")
CURVE_SECONDS = 2
CURVE_REPEAT = 2
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
        return bench.run(contender, generated(bench, "openat", rate * 2, rate=rate, stamp=True), latencies=True)
    return bench.in_turn(repeat, LATENCY_RATES, everyone, measure)


def unknown_uid(bench, everyone, repeat):
    """The same workload as a user with a name and as one without."""
    uids = {"known": known_uid(), "unknown": free_uid(4_000_000)}

    def measure(contender, case):
        share = contender.share if case == "known" else UNKNOWN_SHARE.get(contender.name, contender.share)
        events = WORKLOADS["openat"][0] * bench.scale / 2 * share
        return bench.run(contender, generated(bench, "openat", events, uid=uids[case]))
    return bench.in_turn(repeat, uids, everyone, measure)


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
