#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""What laurel makes of logs, against our format of that name: byte for byte, or different for one of the reasons in
REASONS, each of which is a loss or an error of laurel's. Anything else is an error. Prints how much was equal, and what
was different and why."""
import argparse
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

REASONS = {
    "record": "laurel could not read a record, and leaves it out",
    "stamp": "laurel reads a time stamp that is none of the kernel's",
    "digits": "laurel takes a number, or a word of such letters, for text in hexadecimal digits",
    "twice": "laurel writes a key twice",
    "arguments": "arguments are missing, and laurel glues the rest together or leaves their places out",
    "title": "laurel loses the borders of empty words in a command line",
    "words": "laurel leaves out words that belong to no field",
    "line": "laurel takes two records in one line for one",
    "event": "laurel makes two events of one, or one of two",
    "machine": "laurel asks the machine that it runs on about a process of a stored log",
    "failed": "laurel takes an exec that failed for one",
    "forgotten": "laurel forgets a process of a stored log that does not run on its machine",
    "stale": "laurel goes on with what a process was, though a record shows another program, or its end",
    "address": "laurel leaves an address as it is that is shorter than its buffer, or drops what makes it abstract",
    "names": "laurel asks the machine that it runs on where the record has names, writes both, or drops some",
}

CONFIG = """directory = "{folder}"
statusreport-period = 0
[auditlog]
file = "-"
[enrich]
script = false
container = false
execve-env = []
pid = {pid}
[transform]
execve-argv = [ "array", "string" ]
[translate]
universal = {translate}
user-db = {translate}
"""


class Members(dict):
    """A JSON object with its members in their order, those that stand there twice too."""


def members(pairs):
    out = Members(pairs)
    out.pairs = pairs
    return out


def parse(line):
    return json.loads(line, object_pairs_hook=members)


def run_laurel(program, data, pid, translate):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config.toml"
        config.write_text(CONFIG.format(folder=folder, pid=str(pid).lower(), translate=str(translate).lower()))
        done = subprocess.run([program, "--config", config], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"laurel ended with {done.returncode}: {done.stderr[-500:]!r}")
    rejected = collections.Counter()
    text = done.stderr.decode(errors="replace")
    for line in re.findall(r"processing msg: (.*)", text):
        for kind, event_id in re.findall(r"(?:type=(\w+) )?[^=]*=?audit\(([^)]*)\)", line):
            rejected[event_id, kind if kind and not kind.isdigit() else None] += 1
    return done.stdout.decode(errors="surrogateescape").splitlines(), rejected


def run_ours(program, data, pid, translate):
    options = ["execve_argv=[array, string]", f"pid={pid}", "script=false", f"universal={translate}", f"user_db={translate}"]
    command = [program, "convert", "--input-format", "log", "--format", "laurel", "--names", "local"]
    for option in options:
        command += ["--option", option.lower()]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"nauditctl ended with {done.returncode}: {done.stderr[-500:]!r}")
    return done.stdout.decode().splitlines()


def by_id(lines):
    out = collections.defaultdict(list)
    for line in lines:
        out[line[7:line.index('"', 7)]].append(line)
    return out


def percent(data):
    """As laurel writes these bytes."""
    out = ""
    for character in data.decode(errors="surrogateescape"):
        plain = 32 <= ord(character) < 0xD800 and ord(character) != 127 and character not in "%+"
        out += character if plain else "".join(f"%{byte:02x}" for byte in character.encode(errors="surrogateescape"))
    return out


def words_of_title(raw):
    """The right ones, of the hexadecimal digits."""
    data = bytes.fromhex(raw)
    words = data.split(b"\0")
    return [percent(word) for word in (words[:-1] if words[-1] == b"" else words)]


class Comparison:
    """Of one log."""

    def __init__(self, data, theirs, rejected, ours):
        self.data = data.decode("latin-1")
        self.theirs, self.rejected, self.ours = by_id(theirs), rejected, by_id(ours)
        self.reasons = collections.Counter()
        self.errors = []
        self.equal = 0
        self.failed, self.programs = set(), collections.defaultdict(set)
        for lines in self.ours.values():
            for line in lines:
                self.note_call(parse(line))

    def note_call(self, event):
        call = event.get("SYSCALL")
        if not call:
            return
        if call.get("success") == "no":
            self.failed.add(event["ID"])
        self.programs[call.get("pid")].add(call.get("exe"))
        if call.get("syscall") == 231:
            self.programs[call.get("pid")].add("its end")

    def run(self):
        for event_id in sorted({**self.theirs, **self.ours}):
            theirs, ours = self.theirs.get(event_id, []), self.ours.get(event_id, [])
            if theirs == ours:
                self.equal += 1
                continue
            reasons = set()
            if self.explain(event_id, theirs, ours, reasons) and reasons:
                self.reasons.update(reasons)
            else:
                self.errors.append((event_id, theirs, ours))

    def explain(self, event_id, theirs, ours, reasons):
        if not ours:
            reasons.add("stamp")
            return not re.fullmatch(r"\d+\.\d{3}:\d+", self.spelling(event_id))
        if len(theirs) == len(ours) and sorted(map(self.types, theirs)) == sorted(map(self.types, ours)):
            return all(self.same_event(event_id, parse(a), parse(b), reasons) for a, b in zip(theirs, ours))
        # Record by record, wherever it stands.
        left, right = self.records(theirs), self.records(ours)
        for kind in {**left, **right}:
            missing = len(right[kind]) - len(left[kind])
            was_rejected = self.rejected[event_id, kind] + self.rejected[event_id, None] > 0 or self.is_short(kind, right)
            if any("msg" in one and one["msg"].startswith("audit(") for records in left.values() for one in records):
                reasons.add("line")
                return True
            if missing > 0 and not was_rejected and not self.is_merged(kind, left[kind], missing):
                return False
            if was_rejected:
                reasons.add("record")
                continue
            if missing == 0:
                for a, b in zip(left[kind], right[kind]):
                    if not self.same_record(event_id, kind, a, b, reasons):
                        return False
            elif missing < 0:
                return False
        if "record" not in reasons:
            reasons.add("event")
        return True

    def spelling(self, event_id):
        serial = event_id.rpartition(":")[2]
        found = [one for one in re.findall(r"audit\(([\d.]+:\d+)\)", self.data) if one.rpartition(":")[2] == serial]
        return next((one for one in found if one != event_id), event_id)

    @staticmethod
    def is_short(kind, records):
        """laurel fails with a call of fewer than three fields."""
        return kind == "SYSCALL" and any(len([key for key in one if not key.isupper()]) < 3 for one in records[kind])

    @staticmethod
    def is_merged(kind, left, missing):
        """Two calls in one object, each key as often."""
        return kind in ("SYSCALL", "CWD") and len(left) == 1 and missing == 1 and any(
            count > 1 for count in collections.Counter(key for key, _ in left[0].pairs).values())

    @staticmethod
    def types(line):
        return [(key, len(value) if isinstance(value, list) else 1) for key, value in parse(line).pairs]

    @staticmethod
    def records(lines):
        out = collections.defaultdict(list)
        for line in lines:
            for key, value in parse(line).pairs:
                if key not in ("ID", "NODE"):
                    out[key] += value if isinstance(value, list) else [value]
        return out

    def same_event(self, event_id, theirs, ours, reasons):
        for (key, a), (other, b) in zip(theirs.pairs, ours.pairs):
            if key != other:
                return False
            if key in ("ID", "NODE"):
                if a != b:
                    return False
            elif isinstance(a, list):
                if not all(self.same_record(event_id, key, one, two, reasons) for one, two in zip(a, b)):
                    return False
            elif not self.same_record(event_id, key, a, b, reasons):
                return False
        return True

    def same_record(self, event_id, kind, theirs, ours, reasons):
        a, b = list(theirs.pairs), list(ours.pairs)
        a = self.without_processes(a, b, reasons)
        if self.appended(event_id).strip():
            a = self.with_names(a, b, reasons)
        a = self.renamed(a, reasons)
        names = {key for key, _ in a}
        for key, value in list(b):
            if key in ("PID", "PPID", "OPID") and key not in names and value.get("EVENT_ID", value.get("ID")) in self.ours:
                reasons.add("forgotten")
                b.remove((key, value))
            elif key.isupper() and key not in names and isinstance(value, str) and f" {key}=" in self.appended(event_id):
                reasons.add("names")
                b.remove((key, value))
        if any(key == "text" and key not in names for key, _ in b):
            reasons.add("words")
            b = [pair for pair in b if pair[0] != "text"]
        if kind == "SOCKADDR" and a != b:
            return self.same_address(a, b, reasons)
        if len(a) != len(b) or sorted(key for key, _ in a) != sorted(key for key, _ in b):
            return False
        if [key for key, _ in a] != [key for key, _ in b]:
            return False
        return all(one == two or self.same_value(event_id, kind, key, one, two, reasons)
                   for (key, one), (_, two) in zip(a, b))

    def appended(self, event_id):
        return " " + " ".join(re.findall(rf"audit\({re.escape(event_id)}\)[^\n]*\x1d([^\n]*)", self.data)).replace("\x1d", " ")

    @staticmethod
    def renamed(pairs, reasons):
        seen, out = collections.Counter(), []
        for key, value in pairs:
            seen[key] += 1
            if seen[key] > 1:
                reasons.add("twice")
                key = f"{key}_{seen[key]}"
            out.append((key, value))
        return out

    def without_processes(self, a, b, reasons):
        ours, theirs, out = dict(b), dict(a), []
        for key, value in a:
            if key not in ("PID", "PPID", "OPID") or value == ours.get(key):
                out.append((key, value))
                continue
            source = value.get("EVENT_ID", value.get("ID"))
            pid = theirs.get(key.lower())
            if source is None:
                reasons.add("machine")
            elif source in self.failed:
                reasons.add("failed")
            elif len(self.programs[pid]) > 1:
                reasons.add("stale")
            else:
                out.append((key, value))
                continue
            if key in ours:
                out.append((key, ours[key]))
        return out

    @staticmethod
    def with_names(a, b, reasons):
        """Where a record came with names, they are the ones."""
        ours, out = dict(b), []
        counts = collections.Counter(key for key, _ in a)
        for key, value in a:
            is_name = key.isupper() and key.endswith(("UID", "GID", "ARCH", "SYSCALL"))
            if is_name and key in ours and isinstance(value, str) and value != ours[key] and counts[key] == 1:
                reasons.add("names")
                value = ours[key]
            out.append((key, value))
        return out

    @staticmethod
    def same_address(a, b, reasons):
        theirs, ours = dict(a), dict(b)
        if "saddr" in theirs and "SADDR" in ours and isinstance(ours["SADDR"], dict):
            reasons.add("address")
            return True
        one, two = theirs.get("SADDR"), ours.get("SADDR")
        if isinstance(one, dict) and isinstance(two, dict) and "path" in one:
            reasons.add("address")
            return two["path"] == "%00" + one["path"]
        return False

    def same_value(self, event_id, kind, key, theirs, ours, reasons):
        if kind == "EXECVE" and key in ("ARGV", "ARGV_STR"):
            reasons.add("arguments")
            words = ours if isinstance(ours, list) else [ours]
            return None in words or any("…" in word for word in words) or self.lacks_arguments(event_id)
        if kind == "PROCTITLE" and key == "ARGV":
            reasons.add("title")
            titles = re.findall(rf"audit\({re.escape(event_id)}\): proctitle=([0-9A-F]+)", self.data)
            return any(ours == words_of_title(title) for title in titles)
        if key.isupper() and theirs == "unknown(-1)" and ours == "unset":
            reasons.add("names")
            return True
        if isinstance(theirs, str) and isinstance(ours, str) and re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", ours):
            reasons.add("digits")
            return theirs == percent(bytes.fromhex(ours))
        return False

    def lacks_arguments(self, event_id):
        """Not every number up to argc is there."""
        text = "".join(re.findall(rf"audit\({re.escape(event_id)}\): (argc=.*)", self.data))
        count = re.match(r"argc=(\d+)", text)
        return bool(count) and int(count[1]) != len(set(re.findall(r" a(\d+)[=\[]", text)))


def logs_of(paths):
    """Several in one, so that fewer programs start, as long as time goes on and no event is in two of them."""
    logs = []
    for path in map(pathlib.Path, paths):
        for one in path.rglob("*") if path.is_dir() else [path]:
            if one.is_file() and b"msg=audit(" in (data := one.read_bytes()):
                stamps = [float(stamp) for stamp in re.findall(rb"audit\((\d+(?:\.\d+)?):", data)]
                logs.append((min(stamps), max(stamps), str(one), data + (b"" if data.endswith(b"\n") else b"\n")))
    names, text, end = [], b"", 0.0
    for first, last, name, data in sorted(logs):
        if names and (first <= end or len(text) + len(data) > 500_000):
            yield names, text
            names, text = [], b""
        names, text, end = [*names, name], text + data, last
    if names:
        yield names, text


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--laurel", required=True)
    arguments.add_argument("--nauditctl", required=True)
    arguments.add_argument("paths", nargs="+", help="logs, and folders of them")
    arguments.add_argument("--plain", action="store_true", help="not a second time with translations, which takes its time")
    options = arguments.parse_args()
    equal, reasons, errors = 0, collections.Counter(), 0
    for names, data in logs_of(options.paths):
        for translate in (False,) if options.plain else (False, True):
            theirs, rejected = run_laurel(options.laurel, data, True, translate)
            comparison = Comparison(data, theirs, rejected, run_ours(options.nauditctl, data, True, translate))
            comparison.run()
            equal += comparison.equal
            reasons += comparison.reasons
            errors += len(comparison.errors)
            for event_id, one, two in comparison.errors[:3]:
                print(f"{' '.join(names)}{' (translated)' if translate else ''}: {event_id}")
                for name, lines in (("laurel", one), ("ours", two)):
                    for line in lines or ["nothing"]:
                        print(f"  {name:6} {line}")
    print(f"{equal} events are equal, {errors} differ without a known reason")
    for reason, count in sorted(reasons.items()):
        print(f"  {count:5} {REASONS[reason]}")
    return 1 if errors or not equal else 0


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C.UTF-8"
    sys.exit(main())
