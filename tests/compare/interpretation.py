#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""What `ausearch -i` says about each field of each record, against what the native event says.

Both read the same logs on the same machine, so that both know the same users. For every field of every record that
ausearch prints, the native event must have the same meaning: word for word, or different for one of the reasons in
REASONS, each of which is a decision of ours. Anything else is an error. Prints what was compared, what was equal, what
was different and why, and the records that only one of the two found.
"""
import argparse
import calendar
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LINE = re.compile(r"(?:node=(\S+) )?type=(\S+) msg=audit\((.*?)\.(\d{3}):(\d+)\) : ?(.*)")
SUFFIXES = ("_name", "_text", "_list")
# Members of a record that are no fields; a field that is called so has a number behind its name.
NO_FIELDS = ("claim", "edits", "enriched")
# Where ausearch prints names between commas and not between bars.
COMMAS = re.compile(r"(cap_|old_|new_)?p[aeip]|(cap_)?f[ip]|perm|perm_mask")


def type_numbers():
    rows = re.findall(r'\{(\d+), "(\w+)"\}', (ROOT / "tables/generated/record_types.inc").read_text())
    return {int(number): name for number, name in rows}


# --- What ausearch says -------------------------------------------------------------------------------------------

def seconds_of(date):
    for form in ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S"):
        try:
            return calendar.timegm(time.strptime(date, form))
        except ValueError:
            pass
    return None


def read_theirs(text, types):
    """{(seconds, milliseconds, serial, type): [the texts of the records]}"""
    records = collections.defaultdict(list)
    for line in text.split("\n"):
        match = LINE.match(line)
        if not match:
            continue
        kind = match[2]
        unknown = re.fullmatch(r"UNKNOWN\[(\d+)\]", kind)
        if unknown:
            kind = types.get(int(unknown[1]), f"UNKNOWN_{unknown[1]}")
        records[seconds_of(match[3]), int(match[4]), int(match[5]), kind].append(match[6])
    return records


def ausearch(program, log):
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C"}
    run = subprocess.run([program, "-i", "-if", log], stdin=subprocess.DEVNULL, capture_output=True, env=environment)
    return run.stdout.decode("utf-8", "surrogateescape")


# --- What we say --------------------------------------------------------------------------------------------------

def bytes_as_text(value):
    """The text of a JSON string, with bytes that were not UTF-8 as ausearch prints them."""
    raw = bytearray()
    for c in value:
        raw += bytes([ord(c) - 0x10FE00]) if 0x10FE80 <= ord(c) <= 0x10FEFF else c.encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "surrogateescape")


def shown(text):
    """ausearch's default escape mode: control characters in octal."""
    return re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\{ord(m[0]):03o}", text)


def sockaddr_text(saddr):
    family = saddr.get("saddr_family")
    if family is None:
        return None
    parts = [f"saddr_fam={family}"]
    if family == "local":
        parts.append("path=" + bytes_as_text(saddr.get("saddr_path", "")))
    elif family == "netlink":
        parts += ["nlnk-fam=16", f"nlnk-pid={saddr.get('saddr_pid')}"]
    else:
        names = {"saddr_address": "laddr", "saddr_cid": "cid", "saddr_port": "lport"}
        parts += [f"{name}={saddr[key]}" for key, name in names.items() if key in saddr]
    return "{ " + " ".join(parts) + " }"


class Field:
    def __init__(self, name, value, meaning, claim=False, again=False, other=False, brought=False):
        self.name, self.value, self.meaning = name, value, meaning
        self.claim = claim  # a program's, that the kernel has as well
        self.again = again  # not the first of its name
        self.other = other  # a value that is not of the field's type
        self.brought = brought  # the record itself has the meaning, behind its fields

    def text(self):
        """As ausearch would print it."""
        if self.meaning is not None:
            if isinstance(self.meaning, list):
                return ("," if COMMAS.fullmatch(self.name) else "|").join(self.meaning) or "none"
            return shown(bytes_as_text(self.meaning))
        if self.value is None:
            return "(null)"
        if self.name == "proctitle" and isinstance(self.value, list):
            return shown(bytes_as_text(" ".join(self.value)))
        return shown(bytes_as_text(str(self.value)))


def stands_in(record, name):
    return name in record or name + "_other" in record


def fields_of(record, outer=()):
    """The fields of one record in the order of the log: [Field]. A claim stands where msg= stood."""
    fields = []
    saddr = {name: value for name, value in record.items() if name.startswith("saddr_")}
    for name, value in record.items():
        if name in ("enriched", "seresult", "seperms", "text") or name == "edits" and isinstance(value, list):
            continue
        if name == "claim" and isinstance(value, dict):
            fields += fields_of(value, record)
            continue
        if name.startswith("saddr_") and "saddr" in record:
            continue
        if any(name.endswith(suffix) and name[: -len(suffix)] in record for suffix in SUFFIXES):
            continue
        again = re.fullmatch(r"(.+)_\d+", name)
        plain, other = name, False
        if again and (stands_in(record, again[1].lower()) or again[1].lower() in NO_FIELDS):
            plain = again[1]
        elif name.endswith("_other") and name.removesuffix("_other") not in record:
            plain, other = name.removesuffix("_other"), True
        meaning = next((record[name + suffix] for suffix in SUFFIXES if name + suffix in record), None)
        if name == "saddr" and saddr:
            meaning = sockaddr_text(saddr)
        brought = f' {plain.upper()}="{meaning}"' in record.get("enriched", "")
        fields.append(Field(plain, value, meaning, stands_in(outer, plain), plain != name and not other, other, brought))
    return fields


def missing_places(record):
    """{argument: (the last one that is missing from there on, the first piece that is missing; None: all of it)}"""
    places = {}
    for text in record.get("missing", []):
        match = re.fullmatch(r"a(\d+)(?:\[(\d+)\](?:\.\.)?|\.\.a(\d+))?", text)
        if not match:
            sys.exit(f"missing: what is '{text}'?")
        places.setdefault(int(match[1]), (int(match[3] or match[1]), int(match[2]) if match[2] else None))
    return places


def arguments_of(record):
    """{argument: its text; None: it is missing}. A null stands for a run of them, as `missing` has it."""
    places, arguments, at = missing_places(record), {}, 0
    for argument in record["argv"]:
        last = places.get(at, (at, None))[0] if argument is None else at
        arguments.update({index: argument for index in range(at, last + 1)})
        at = last + 1
    return arguments


def execve_fields(record):
    return [Field("argc", record["argc"], None)] + [Field(f"a{i}", value, None) for i, value in arguments_of(record).items()]


class Records(collections.defaultdict):
    """{key: [(record, fields)]}, and how many lines of each key stood in `raw`."""

    def __init__(self):
        super().__init__(list)
        self.raw = collections.Counter()


def read_ours(text):
    records = Records()
    for line in text.split("\n"):
        if not line:
            continue
        event = json.loads(line)
        stamp = re.fullmatch(r"(\d+)\.(\d+):(\d+)", event["id"])
        for raw in event.get("raw", []):
            kind = re.match(r"(?:node=\S+ )?type=(\S+) ", raw)
            if kind:
                records.raw[int(stamp[1]), int(stamp[2]), int(stamp[3]), kind[1]] += 1
        for kind, value in event["records"].items():
            for record in value if isinstance(value, list) else [value]:
                fields = execve_fields(record) if kind == "execve" else fields_of(record)
                records[int(stamp[1]), int(stamp[2]), int(stamp[3]), kind.upper()].append((record, fields))
    return records


def nauditctl(program, log):
    run = subprocess.run([program, "convert", "--format", "json", "--names", "local", log], stdin=subprocess.DEVNULL, capture_output=True)
    if run.returncode not in (0, 3):  # 3: some lines are no records
        sys.exit(f"{program} convert {log}: exit status {run.returncode}: {run.stderr.decode(errors='replace')}")
    return run.stdout.decode("utf-8")


# --- The comparison -----------------------------------------------------------------------------------------------

# A difference -> why it is what we want. Where ausearch is wrong, its name ends in "bug".
REASONS = {
    "strerror": "an error is told by its name; ausearch adds the C library's sentence",
    "no name": "a number without a name has no meaning; ausearch says so in as many words",
    "no number": "a word where a number is expected stays a word; ausearch reads a number out of it",
    "quotes": "a value does not have its quotes",
    "key": "several keys are one field",
    "more": "a meaning where ausearch has none",
    "more bits": "no bit is left out, be it that it has no name; ausearch leaves it out",
    "twice": "a field that stands twice in a record has its meaning the first time",
    "lost mark": "the byte before the enriched part is lost, and so is where the last field ends",
    "brought": "the name that the record brings along; ausearch does not see it where the byte before it is lost",
    "untold": "a record was enriched with unknown-N: auditd could not tell, this machine may",
    "same id": "several events have one id, and are one event to us",
    "raw": "a record that fits no place of the event is in 'raw' only",
    "left out": "an argument whose number the kernel left out is an empty one; ausearch does not have it",
    "missing": "an argument that the records do not hold is told to be missing; ausearch says nothing",
    "glued": "an argument ends where a piece of it is missing; ausearch glues what is left",
    "unexpected": "of a piece that stands twice it is the first, and the other one is told; ausearch glues them as they come",
    "family": "an address that is too short, or of a family that ausearch does not know, is told as far as it goes",
    "scope": "the interface of a link-local address is a member of its own",
    "kill": "kill-thread and kill-process, as later versions of ausearch have it",
    "claim": "a program's field has the name that was looked up for it, not that of the kernel's field",
    "group": "the id of a record about groups is a group's",
    "octal bug": "openat2's flags are octal digits (kernel/auditsc.c); ausearch reads them as hexadecimal",
    "spelling bug": "SIGPWR, and no tilde before the name of a bit",
    "fingerprint bug": "fp of a program is the fingerprint of a key; ausearch reads capabilities",
    "account": "an account of the machine on which ausearch's stored output was made",
    "newer": "a name that ausearch 3.0.9 does not have yet, or that the kernel's headers have for it",
}
IDS = re.compile(r"(old-|new-)?(auid|uid|euid|suid|fsuid|ouid|iuid|sauid|obj_uid|inode_uid|oauid|id|"
                 r"gid|egid|sgid|fsgid|ogid|igid|obj_gid|inode_gid|new_gid)")
NUMBERS = ("syscall", "sig")  # and IDS: where ausearch reads a number out of any word
LISTS = re.compile(r"a[0-3]|flags|oflag|per|resolve")


def reason_of(kind, field, theirs, stored):
    """The name of the reason why field differs from what ausearch prints, or printed elsewhere (`stored`); None: there is
    none."""
    value, mine, name = str(field.value), field.text(), field.name
    if re.fullmatch(r"[A-Z]+", mine) and theirs.startswith(mine + "("):
        return "strerror"
    if field.meaning is None and re.fullmatch(r"unknown[a-z-]*\(.*\)|UNKNOWN|undefined protocol|\(null\)\(Unknown error \d+\)",
                                              theirs):
        return "no name"
    if theirs == f'"{mine}"' and name != "proctitle":
        return "quotes"
    if name == "key" and theirs.split(" key=") == mine.split("\\001"):
        return "key"
    if "AUID=" in theirs or "ARCH=" in theirs or "AUID=" in value or "ARCH=" in value:
        return "lost mark"
    if field.meaning is not None and (theirs == value or kind == "TRUSTED_APP"):
        return "more"
    if name == "saddr" and ("unknown-family" in theirs or "unsupported" in theirs or "too short" in theirs
                            or theirs.startswith("malformed-host") or mine.replace("saddr_fam", "fam") == theirs):
        return "family"
    if name == "saddr" and re.sub("%[^ ]+", "", theirs) == mine:
        return "scope"
    if field.again:
        return "twice"
    if COMMAS.fullmatch(name) and field.meaning is None and not kind.startswith(("BPRM_", "CAPSET", "PATH")):
        return "fingerprint bug"
    if name == "code" and theirs == "kill" and mine.startswith("kill-"):
        return "kill"
    if theirs == "I" + mine[2:] and mine.startswith("SIG") or theirs.replace("~", "") == mine:
        return "spelling bug"
    if name == "oflag" and kind == "OPENAT2":
        return "octal bug"
    if field.claim and IDS.fullmatch(name):
        return "claim"
    if name == "id" and kind == "GRP_CHAUTHTOK":
        return "group"
    if field.other and not IDS.fullmatch(name) and name not in NUMBERS:
        return None  # ausearch reads no number out of these
    if field.meaning is None and not re.fullmatch(r"-?\d+|(0x)?[0-9a-fA-F]+", value):
        return "no number"
    if LISTS.fullmatch(name) and field.meaning is not None and re.fullmatch(r"[A-Z_0-9|x~]*", theirs):
        # All of theirs and more, bits without a name included.
        if set(theirs.removeprefix("0x").replace("~", "").split("|")) - {value} <= set(mine.split("|")):
            return "more bits"
        return None
    if stored and IDS.fullmatch(name) and field.meaning is None and re.fullmatch(r"[a-z_][a-z0-9_-]*", theirs):
        return "account"
    if IDS.fullmatch(name) and field.meaning is not None and theirs == f"unknown-{value}":
        return "untold"
    if field.brought and theirs == f"unknown({value})":
        return "brought"
    if IDS.fullmatch(name) and field.meaning is not None and theirs == f"unknown({value})":
        return None  # both know the users of one machine
    if theirs in (f"0x{value}", value) or theirs.startswith(("unknown", "(null)(Unknown error")):
        return "newer"
    return None


def spelling(name, text):
    """How a field is called in the record: old kernels had two words for the fields of LOGIN."""
    if name.startswith("old-"):
        return "old[- ]" + re.escape(name[4:])
    return f"new {name}" if f" new {name}=" in text else re.escape(name)


def split(text, fields):
    """Cuts ausearch's line at the names that we know the record to have: [(field, its text or None)]"""
    found = []
    at = 0
    for index, field in enumerate(fields):
        pattern = re.compile(r"(?:^|[ '(,])" + spelling(field.name, text) + "=")
        start = pattern.search(text, at) or pattern.search(text)  # a program's words may stand before the kernel's last
        if not start:
            found.append((field, None))
            continue
        begin = start.end()
        expected = shown(field.text())
        end = begin + len(expected)
        if not (text.startswith(expected, begin) and (end == len(text) or text[end] in " ',)")):
            ends = [m.start() for other in fields[index + 1:index + 2]
                    if (m := re.compile(r"[ '(,]+" + spelling(other.name, text) + "=").search(text, begin))]
            end = ends[0] if ends else len(text)
        found.append((field, text[begin:end].rstrip(" ")))
        at = end
    return found


def is_equal(field, mine, theirs):
    if field.meaning is None and re.fullmatch("a[0-3]", field.name) and theirs == f"0x{mine}":
        return True  # the same number
    return theirs == mine or theirs.rstrip("') ") == mine.rstrip("') ")


def execve_texts(texts):
    """What ausearch prints for the arguments of an exec, of all its records and pieces: {number: text}"""
    arguments = {}
    for text in texts:
        parts = re.split(r"(?:^| )(a\d+(?:\[\d+\])?|argc|a\d+_len)=", text)
        for name, value in zip(parts[1::2], parts[2::2]):
            match = re.fullmatch(r"a(\d+)(?:\[(\d+)\])?", name)
            if match:
                arguments.setdefault(int(match[1]), {}).setdefault(int(match[2] or 0), value)
    return {number: "".join(pieces[i].rstrip(" ") if i < len(pieces) - 1 else pieces[i] for i in sorted(pieces)).rstrip(" ")
            for number, pieces in arguments.items()}


def execve_reason(record, index, mine, theirs):
    """As reason_of(), of an argument; None in `mine` and `theirs`: it is not there."""
    places = missing_places(record)
    piece = places[index][1] if index in places else None
    whole = any(first <= index <= last and cut is None for first, (last, cut) in places.items())
    if mine is None:
        if whole:
            return "missing" if theirs is None else None
        return "glued" if piece == 0 else None
    if mine == "" and theirs is None and not whole and piece is None:
        return "left out"
    if any(re.fullmatch(rf"a{index}(\[\d+\].*)?", place) for place in record.get("unexpected", [])):
        return "unexpected"
    if piece and theirs is not None and theirs.startswith(mine):
        return "glued"
    return None


class Comparison:
    def __init__(self, stored):
        self.stored = stored  # theirs was made on another machine
        self.counts = collections.Counter()
        self.intended = collections.defaultdict(list)
        self.wrong = []
        self.only_theirs, self.only_ours = collections.Counter(), collections.Counter()

    def add(self, log, theirs, ours):
        for key, texts in theirs.items():
            mine = list(ours.get(key, []))
            if key[3] == "EOE":  # the mark of an event's end
                continue
            if key[3] == "EXECVE" and mine:
                self.compare_execve(log, key, mine[0][0], texts)
                continue
            for text in texts:
                if not mine and ours.raw[key]:
                    self.intended["raw"].append((log, key[3], "(record)", "", "in raw", text))
                    continue
                if not mine:
                    self.only_theirs[key[3]] += 1
                    self.wrong.append((log, key, "(record)", "", "not found by us: " + text[:80]))
                    continue
                best = min(mine, key=lambda record: self.badness(key[3], record, text))
                mine.remove(best)
                self.counts["records"] += 1
                self.compare(log, key, best, text)
        for key, records in ours.items():
            missing = len(records) - len(theirs.get(key, []))
            if missing > 0 and key[3] != "EXECVE":
                self.only_ours[key[3]] += missing

    def compare_execve(self, log, key, record, texts):
        self.counts["records"] += len(texts)
        if sum("argc=" in text for text in texts) > 1:
            argv = " ".join(argument or "" for argument in record["argv"])
            self.intended["same id"].append((log, key[3], "argv", "", argv, " ".join(texts)))
            return
        theirs, ours = execve_texts(texts), arguments_of(record)
        for index in sorted({*theirs, *ours, *missing_places(record)}):
            self.counts["fields"] += 1
            mine, value = ours.get(index), theirs.get(index)
            mine = mine if mine is None else shown(bytes_as_text(mine)).rstrip(" ")
            if mine is not None and value == mine:
                self.counts["equal"] += 1
                continue
            reason = execve_reason(record, index, mine, value)
            told = "not there" if value is None else value
            if reason:
                self.intended[reason].append((log, key[3], f"a{index}", "", mine or "", told))
            else:
                self.wrong.append((log, key, f"a{index}", mine, told))

    def badness(self, kind, record, text):
        return sum(1 for field, value in split(text, record[1]) if value != field.text())

    def compare(self, log, key, record, text):
        for field, value in split(text, record[1]):
            if value is None and re.fullmatch("[A-Z]+", field.name):
                self.intended["lost mark"].append((log, key[3], field.name, str(field.value), field.text(), text))
                continue
            if value is None:
                self.wrong.append((log, key, field.name, field.text(), "not in: " + text[:200]))
                continue
            self.counts["fields"] += 1
            mine = field.text()
            if is_equal(field, mine, value):
                self.counts["equal"] += 1
                self.counts["with a meaning"] += field.meaning is not None
                continue
            reason = reason_of(key[3], field, value, self.stored)
            if reason:
                self.intended[reason].append((log, key[3], field.name, str(field.value), mine, value))
            else:
                self.wrong.append((log, key, field.name, f"{field.value} -> {mine}", value))

    def report(self, details):
        print(f"{self.counts['records']} records, {self.counts['fields']} fields compared: {self.counts['equal']} equal "
              f"({self.counts['with a meaning']} of them with a meaning of their own), "
              f"{sum(map(len, self.intended.values()))} different on purpose, {len(self.wrong)} wrong")
        for reason, cases in sorted(self.intended.items()):
            print(f"  {len(cases)}: {REASONS[reason]}; for example {cases[0][2]}: '{cases[0][4]}', ausearch: '{cases[0][5]}'")
        for what, found in (("Records that only ausearch found", self.only_theirs),
                            ("Records that only we found", self.only_ours)):
            if found:
                print(f"{what}: " + ", ".join(f"{count} {kind}" for kind, count in sorted(found.items())))
        for log, key, name, mine, value in self.wrong[:details]:
            print(f"wrong: {log}: {key[3]} {key[2]}: {name}: {mine!r}, ausearch: {value!r}")
        return 1 if self.wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ausearch", default="ausearch")
    parser.add_argument("--nauditctl", default="nauditctl")
    parser.add_argument("--golden", help="folder with LOG.i for each log: the stored output of ausearch instead")
    parser.add_argument("--details", type=int, default=40, help="how many errors to show")
    parser.add_argument("logs", nargs="+", help="files, or folders with files at any depth")
    options = parser.parse_args()

    types = type_numbers()
    comparison = Comparison(stored=options.golden is not None)
    for argument in map(pathlib.Path, options.logs):
        for log in sorted(p for p in argument.rglob("*") if p.is_file()) if argument.is_dir() else [argument]:
            if options.golden:
                stored = pathlib.Path(options.golden, str(log.relative_to(argument)) + ".i")
                if not stored.exists():
                    continue
                theirs = stored.read_bytes().decode("utf-8", "surrogateescape")
            else:
                theirs = ausearch(options.ausearch, log)
            comparison.add(log.name, read_theirs(theirs, types), read_ours(nauditctl(options.nauditctl, log)))
    if comparison.counts["fields"] == 0:
        sys.exit("nothing was compared: no record of these logs was found by both")
    return comparison.report(options.details)


if __name__ == "__main__":
    sys.exit(main())
