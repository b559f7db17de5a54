# SPDX-License-Identifier: Apache-2.0
"""What has come out of a sink, event by event, and whether memory and descriptors stay flat."""
import json
import os
import re
import statistics

NUMBER = re.compile(r'"/nonexistent/soak\.(\d+)"')
MIB = 1 << 20


class Stream:
    """The events of one sink. Lines may be given piece by piece, so that files can be removed that have been read."""

    def __init__(self, name, may_repeat=False):
        self.name, self.may_repeat = name, may_repeat
        self.numbers, self.twice, self.ids = set(), set(), set()
        self.first, self.last, self.serials = None, None, set()
        self.lines = self.told = self.unqueued = self.dropped = self.torn = self.repeats = self.starts = self.killed = 0

    def add(self, line):
        self.lines += 1
        try:
            event = json.loads(line)
        except ValueError:
            self.torn += 1
            return
        if self.may_repeat:
            known = hash((event["id"], event.get("node")))
            if known in self.ids:
                self.repeats += 1
                return
            self.ids.add(known)
        records = event["records"]
        if not any(name.startswith("daemon_") for name in records):
            self.serials.add(event["serial"])
        self.starts += "daemon_start" in records
        self.killed += records.get("daemon_start", {}).get("previous") == "killed"
        error = records.get("daemon_err", {})
        if error.get("op") == "lost" and error.get("cause") == "gap":
            self.told += error["events"]
        # What does not fit into the kernel's queue gets no serial; the kernel counts its records.
        elif error.get("op") == "lost" and error.get("cause") == "kernel":
            self.unqueued += error["records"]
        elif error.get("op") == "lost":
            self.dropped += error["events"]
        number = NUMBER.search(line)
        if number:
            number = int(number[1])
            (self.twice if number in self.numbers else self.numbers).add(number)

    def add_file(self, path):
        with open(path, errors="replace") as file:
            for line in file:
                self.add(line)

    def holes(self):
        return max(self.serials) - min(self.serials) + 1 - len(self.serials) if self.serials else 0


class LogFiles:
    """The files of a sink `file` that rotates on request: reads what was rotated away, and removes it."""

    def __init__(self, stream, path):
        self.stream, self.path = stream, path

    def rotated(self):
        folder, name = os.path.split(self.path)
        if not os.path.isdir(folder):
            return []
        numbers = [int(entry[len(name) + 1:]) for entry in os.listdir(folder) if re.fullmatch(re.escape(name) + r"\.\d+", entry)]
        return [f"{self.path}.{number}" for number in sorted(numbers, reverse=True)]  # the oldest first

    def take_rotated(self):
        for path in self.rotated():
            self.stream.add_file(path)
            os.remove(path)

    def take_all(self):
        self.take_rotated()
        self.stream.add_file(self.path)


class Resources:
    """Memory and descriptors of the daemon at rest, over all of its lives."""

    LEAST = 8  # samples that say something

    def __init__(self):
        self.samples = []  # (second, life, bytes, descriptors, events made)

    def take(self, second, pid, made):
        with open(f"/proc/{pid}/statm") as file:
            memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.samples.append((second, pid, memory, len(os.listdir(f"/proc/{pid}/fd")), made))

    def print(self):
        print("  second      life   RSS MiB  descriptors    events made")
        step = max(1, len(self.samples) // 60)
        for second, life, memory, descriptors, made in self.samples[::step]:
            print(f"{second:8.0f}  {life:8}  {memory / MIB:8.1f}  {descriptors:11}  {made:13}")

    @staticmethod
    def growth(values):
        """From the median of the first quarter to that of the last."""
        quarter = max(1, len(values) // 4)
        return statistics.median(values[-quarter:]) - statistics.median(values[:quarter])

    def groups(self):
        """All of it, and each life that is long enough."""
        lives = {}
        for sample in self.samples:
            lives.setdefault(sample[1], []).append(sample)
        return [group for group in (self.samples, *lives.values()) if len(group) >= self.LEAST]

    def slope(self):
        """Least squares: bytes an hour."""
        if len(self.samples) < 2:
            return 0
        return statistics.linear_regression([s[0] for s in self.samples], [s[2] for s in self.samples]).slope * 3600

    def is_memory_flat(self):
        return all(self.growth([s[2] for s in group]) <= max(16 * MIB, group[0][2] / 4) for group in self.groups())

    def are_descriptors_flat(self):
        return all(self.growth([s[3] for s in group]) <= 3 for group in self.groups())
