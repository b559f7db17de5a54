# SPDX-License-Identifier: Apache-2.0
"""One contender under one load: a sample, as a dict. What went wrong is collected, and the rest goes on."""

import contextlib
import subprocess
import time

from parts import kernel, own_metrics, processes, reader

TROUBLE = (kernel.Error, OSError, ValueError, KeyError, subprocess.SubprocessError)
FAILURES = 3  # so often may a contender fail as a whole until it is left out


class Bench:
    """Kernel, programs and contenders. `uid`: the user who is audited; `scale`: of the events of a full run."""

    def __init__(self, guard, programs, work, uid, scale, tell):
        self.guard = guard
        self.programs = programs
        self.work = work
        self.uid = uid
        self.scale = scale
        self.tell = tell
        self.kauditd = kernel.find_kauditd()
        self.errors = []
        self.failures = {}
        self.per_record = {}  # samples of what was measured in the closed loop, by workload and contender
        self.told = []  # what nauditd says of itself beside what was seen: own_metrics.Comparison

    def in_turn(self, repeat, cases, everyone, measure):
        """Samples by case and contender; the contenders alternate inside each repetition. A case without any sample of a
        contender lacks it."""
        samples = {case: {} for case in cases}
        for repetition in range(repeat):
            for case in cases:
                for contender in everyone:
                    self.tell(f"{repetition + 1}/{repeat} {case} {contender.name}")
                    sample = self.attempt(contender, case, measure)
                    if sample is not None:
                        samples[case].setdefault(contender.name, []).append(sample)
        return samples

    def attempt(self, contender, case, measure):
        failed = self.failures.get(contender.name, 0)
        if failed >= FAILURES:
            return None
        try:
            return measure(contender, case)
        except TROUBLE as error:
            self.failures[contender.name] = failed + 1
            self.errors.append(f"{contender.name}, {case}: {error}")
            if failed + 1 == FAILURES:
                self.errors.append(f"{contender.name} failed {FAILURES} times and is left out from here on")
            return None

    def run(self, contender, load, lossless=True, latencies=False):
        """The contender started fresh, under this load."""
        with contextlib.ExitStack() as at_end:
            at_end.callback(contender.clean)
            at_end.callback(self.guard.remove_rules)
            at_end.callback(contender.stop)
            load.prepare()
            contender.start(self.work)
            self.guard.add_rules(load.rules, load.uid)
            time.sleep(0.3)
            own = own_metrics.Reader(self.programs, contender)
            own.begin()
            before = self.clocks(contender)
            process = load.start()
            at_end.callback(processes.end_group, process)
            late = reader.latencies(contender.output, process) if latencies else None
            result = load.finish(process)
            contender.settle()
            after = self.clocks(contender)
            resident, peak = contender.memory_mib()
            own.end()
            self.guard.remove_rules()
            if not lossless:
                own.after_rules()
            messages = contender.messages()
            contender.stop()
            out, written, broken = contender.count(kernel.KEY)
            sample = {name: after[name] - before[name] for name in after}
            sample |= result | {"out": out, "out_records": written, "resident": resident, "peak": peak, "latencies": late}
            self.finish(sample)
            wrong = own.compare(sample, lossless) + (check(sample, broken) if lossless else [])
            self.told += own.comparison(load.name)
            if wrong:
                self.errors.append(f"{contender.name}, {load.name}: {'; '.join(wrong)}"
                                   + (f"; it says: {messages}" if messages else ""))
            return sample

    def alone(self, load):
        """The load with auditing off and nobody to receive anything."""
        with contextlib.ExitStack() as at_end:
            load.prepare()
            kernel.change(enabled=0)
            at_end.callback(kernel.change, enabled=1)
            process = load.start()
            at_end.callback(processes.end_group, process)
            return load.finish(process)

    @staticmethod
    def finish(sample):
        """Figures per record and second, where the load knows what it made."""
        if sample["records"] is not None:
            sample["rate"] = sample["made"] / sample["seconds"]
            sample["share"] = sample["out"] / sample["made"]
            sample["cpu"] = sample["cpu_s"] / sample["records"] * 1e6
            sample["kauditd"] = sample["kauditd_s"] / sample["records"] * 1e6

    def clocks(self, contender):
        kauditd = processes.cpu_seconds(self.kauditd) if self.kauditd else 0.0
        return {"cpu_s": contender.cpu_seconds(), "kauditd_s": kauditd, "lost": kernel.status()["lost"]}


def check(sample, broken):
    """Of a load under which nothing may be lost."""
    wrong = []
    if sample["made"] not in (None, sample["out"]):
        wrong.append(f"{sample['made']} events made, {sample['out']} written")
    if sample["written"] is not None and sample["out_records"] not in (None, sample["written"]):
        wrong.append(f"{sample['written']} records made, {sample['out_records']} written")
    if broken:
        wrong.append(f"{broken} events not complete")
    if sample["lost"]:
        wrong.append(f"the kernel lost {sample['lost']} records")
    return wrong
