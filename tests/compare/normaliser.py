#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The nauditd authors
"""Compares our summary of each event with auparse's normaliser: `ausearch --format csv` of the same log.

Usage: normaliser.py NAUDITCTL AUSEARCH LOG_OR_FOLDER... [--show COLUMN]

Prints for each column how many values were compared, how many are equal, and why the others differ. Exit status: 0 if
each difference has one of the reasons that RULES lists; 1 if one has none, or ausearch finds an event that we do not.
"""

import argparse
import collections
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

COLUMNS = ["EVENT_KIND", "SESSION", "SUBJ_PRIME", "SUBJ_SEC", "SUBJ_KIND", "ACTION", "RESULT", "OBJ_PRIME", "OBJ_KIND", "HOW"]


def run(command):
    environment = dict(os.environ, TZ="UTC", LC_ALL="C")
    return subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL).stdout.decode("utf-8", "surrogateescape")


def theirs(ausearch, log):
    """Rows of the CSV by (time, serial), in order; rows that its unquoted commas have shifted are left out."""
    text = run([ausearch, "-if", str(log), "--format", "csv"]).replace("\0", "")
    rows = collections.defaultdict(list)
    for row in csv.DictReader(io.StringIO(text, newline="\n")):
        if row.get(None) or row.get("HOW") is None or not (row.get("SERIAL_NUM") or "").isdigit():
            continue
        month, day, year = row["DATE"].split("/")  # of the locale C
        century = "19" if int(year) > 69 else "20"
        when = "%s%s-%s-%sT%s" % (century, year, month, day, row["TIME"])
        rows[(row["NODE"], when, int(row["SERIAL_NUM"]))].append(row)
    return rows


def ours(nauditctl, log):
    events, malformed = collections.defaultdict(list), set()
    with tempfile.NamedTemporaryFile() as rejects:
        lines = run([nauditctl, "convert", "--format", "json", "--names", "local", "--rejects", rejects.name, str(log)]).splitlines()
        malformed.update(int(n) for n in re.findall(rb"audit\([0-9.]+:([0-9]+)\)", rejects.read()))
    for line in lines:
        event = json.loads(line)
        if event.get("incomplete_reason") != "malformed":
            events[(event.get("node", ""), event["time"][:19], event["serial"])].append(event)
    return events, malformed


def as_ours(text, event):
    """Their spelling of a value in ours: only the form changes, nothing is made equal."""
    match = re.fullmatch(r"{ saddr_fam=(\w+)(?: laddr=(\S+) lport=(\d+)| path=(.*?)| nlnk-fam.*)? }", text)
    if match:
        family, address, port, path = match.groups()
        if path is not None:
            abstract = any(one.get("saddr_abstract") for one in event["records"].get("sockaddr", []))
            return ("@" if abstract else "") + path
        if address is not None:
            return ("[%s]:%s" if ":" in address else "%s:%s") % (address, port)
        return family
    match = re.fullmatch(r"unknown\((\d+)\)", text)
    text = match[1] if match else text
    # Bytes that are not UTF-8 (docs/event-format.md).
    return re.sub("[\udc80-\udcff]", lambda one: chr(0x10FE00 + ord(one[0]) - 0xDC00), text)


def user(number, name):
    if number is None:
        return ""
    return name or str(number)


def first_part(thing):
    for key, value in thing.items():
        if key == "keys":
            return value[0] if len(value) == 1 else ",".join(value)
        if key not in ("kind", "relative", "created") and not key.endswith("_name"):
            return thing.get(key + "_name") or str(value)
    return ""


def our_row(event):
    subject, thing = event.get("subject", {}), event.get("object", {})
    auid = subject.get("auid")
    return {
        "EVENT_KIND": event["kind"],
        "SESSION": str(subject.get("session", "unset")),
        "SUBJ_PRIME": "system" if auid in (None, 4294967295) else user(auid, subject.get("auid_name")),
        "SUBJ_SEC": user(subject.get("uid"), subject.get("uid_name")),
        "SUBJ_KIND": subject.get("kind", ""),
        "ACTION": event["action"],
        "RESULT": {"success": "success", "failure": "failed"}.get(event.get("outcome"), ""),
        "OBJ_PRIME": first_part(thing),
        "OBJ_KIND": thing.get("kind", ""),
        "HOW": event.get("how", ""),
    }


class Difference:
    """One value that is not the same, and what there is to judge it by."""

    def __init__(self, column, row, theirs, ours, event):
        self.column, self.row, self.event, self.theirs, self.ours = column, row, event, theirs, ours
        self.subject = event.get("subject", {})
        self.object = event.get("object", {})
        self.records = event["records"]

    def is_call(self):
        return "syscall" in self.records or "uringop" in self.records


RULES = []


def rule(reason, *columns):
    def add(test):
        RULES.append((reason, columns, test))
        return test
    return add


NOTHING = ("", "?", "unset", "(null)", "(none)", "unknown")
# (their verb, our verb; None: any) -> why ours is another one on purpose.
VERBS = {
    ("opened-file", "changed-file-size-of"): "truncate and fallocate open nothing",
    ("opened-file", "created-memory-file"): "memfd_create opens no file that there was",
    ("triggered-audit-rule", None): "auparse has no verb for this call, we have one or the call's name",
    ("triggered-unknown-audit-rule", None): "auparse has no verb for this call, we have one or the call's name",
    ("did-unknown", None): "auparse has no verb for this record, we have one or the record's name",
    ("unknown", None): "auparse has no verb for this record, we have one or the record's name",
    ("make-device", None): "the mode tells which device, fifo or file was made",
    ("used-suspcious-link", "used-suspicious-link"): "a slip of the pen",
    ("removed-use-role-from", "removed-user-role-from"): "a slip of the pen",
    ("killed-list-of-pids", "killed-pid"): "it is one process",
    ("killed-pid", "killed-list-of-pids"): "it is several processes",
    ("killed-pid", "checked-existence-of"): "signal 0 kills nothing",
    ("killed-list-of-pids", "checked-existence-of"): "signal 0 kills nothing",
    ("set", "changed-audit-configuration"): "a setting is a change; its operation is in object.operation",
    ("loaded-firewall-rule-to", None): "op= tells rules, tables, chains and sets apart, and whether they came or went",
    ("saw-ipsec-event", None): "op= tells associations and policies, and whether they came or went",
    ("changed-system-time", "read-or-adjusted-system-time"): "adjtimex without a mode only reads",
    ("changed-system-time", "read-or-adjusted-clock"): "clock_adjtime without a mode only reads, and a0 is another clock",
    ("changed-system-time", "changed-clock"): "a0 is another clock",
    ("changed-system-time", "changed-kernel-time-zone"): "settimeofday without a time sets the zone",
    ("changed-configuration", "changed-system-time"): "hwclock's message says what was changed",
    ("opened-file", "read-symlink"): "readlink opens nothing",
    ("opened-file", "allocated-space-of"): "truncate and fallocate open nothing",
    ("mounted", "remounted"): "a flag says so",
    ("mounted", "moved-mount"): "a flag says so",
    ("mounted", "changed-mount-propagation-of"): "a flag says so",
    ("created-process", "created-thread"): "a flag says so",
    ("bpf-program", None): "the operation or the command tells what was done",
    ("changed-socket-promiscuous-mode", "changed-promiscuous-mode-on-device"): "it is the mode of a device",
    ("access-result", "checked-access"): "auparse has no verb there",
    ("mac-permission", "checked-mac-permission"): "auparse has no verb there",
    ("disconnected-from", None): "op= tells whether the listener came or went",
    ("connected-to", "started-listening-to-audit-events"): "op= tells whether the listener came or went",
    ("accessed-mac-policy-controlled-object", None): "a refusal is no access, nor is a status",
    ("accessed-policy-controlled-file", "was-denied"): "a refusal is no access",
    ("changed-audit-configuration", "updated-audit-rule"): "op= says what became of the rule",
    ("changed-audit-configuration", "dropped-audit-rule"): "op= says what became of the rule",
}


@rule("auparse says nothing", *(column for column in COLUMNS if column != "ACTION"))
def _(d):
    return d.theirs in NOTHING


@rule("a verb that says more (VERBS)", "ACTION")
def _(d):
    return (d.theirs, d.ours) in VERBS or (d.theirs, None) in VERBS


# The verbs of programs' own texts; each is in the table with its source.
OPERATIONS = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', (pathlib.Path(__file__).parents[2] / "interpret/programs/operations.cpp").read_text()))


@rule("op= (of a virtual machine's resource reason=) says what was done, not the record's type", "ACTION", "OBJ_KIND", "OBJ_PRIME")
def _(d):
    said = [part for part in d.event.get("claimed", []) if part in ("object.operation", "object.reason")]
    return bool(said) and d.event["action"] in OPERATIONS


@rule("a message is what was said", "OBJ_KIND", "OBJ_PRIME")
def _(d):
    return d.object.get("kind") == "message"


@rule("auparse has the record's op= in place of a verb", "ACTION")
def _(d):
    claims = [one.get("claim", one) for one in d.records.values() if isinstance(one, dict)]
    return any(one.get("op") == d.theirs for one in claims)


@rule("the headline of an event is the record that stands for itself, in whatever order they came", "EVENT_KIND", "ACTION", "OBJ_KIND", "OBJ_PRIME")
def _(d):
    return d.row["EVENT_KIND"] == "audit-rule" and d.event["kind"] != "audit-rule"


@rule("an access that AppArmor allowed and told is a decision", "EVENT_KIND")
def _(d):
    return "apparmor_audit" in d.records


@rule("the audit daemon need not be auditd", "SUBJ_KIND")
def _(d):
    return (d.theirs, d.ours) == ("auditd", "audit-daemon")


@rule("auparse has a fixed word there", "HOW")
def _(d):
    return d.theirs in ("init", "signal") and d.event["kind"] == "audit-daemon"


@rule("the signal is object.signal", "HOW")
def _(d):
    return d.theirs == d.object.get("signal") or "anom_abend" in d.records


@rule("how is the program; which script it runs is in script and subject.comm", "HOW")
def _(d):
    return d.theirs == d.subject.get("comm") and d.ours.startswith("/")


@rule("auid=? says nothing, auparse reads a 0", "SUBJ_PRIME")
def _(d):
    return d.theirs == "root" and "auid" not in d.subject


@rule("who a program says it acts for is the object; auparse has it in place of the one who acted", "SUBJ_PRIME", "SUBJ_SEC", "SUBJ_KIND")
def _(d):
    claimed = [part[7:] for part in d.event.get("claimed", []) if part.startswith("object.")]
    names = [str(d.object.get(part)) for part in claimed]
    return bool(claimed) and (d.row["SUBJ_PRIME"] in names or d.row["SUBJ_SEC"] in ("", None) or d.row["SUBJ_KIND"] == "unknown-acct")


@rule("a label is no user", "SUBJ_PRIME")
def _(d):
    contexts = [one.get("claim", one) for records in d.records.values() for one in (records if isinstance(records, list) else [records])]
    return d.theirs in [one.get("scontext") for one in contexts]


@rule("auparse leaves the numbers of TRUSTED_APP as they are", "SUBJ_PRIME", "SUBJ_SEC", "SUBJ_KIND")
def _(d):
    return "trusted_app" in d.records


@rule("a record was enriched with unknown-N: auditd could not tell, this machine may", "SUBJ_PRIME")
def _(d):
    return d.theirs.startswith("unknown-")


@rule("by the uid of the call, which auparse passes over for the auid of the record", "SUBJ_KIND")
def _(d):
    return d.event["kind"] in ("mac", "configuration") and "syscall" in d.records


@rule("the name that the record brings along; auparse does not see it, the byte before it being lost", "SUBJ_SEC")
def _(d):
    enriched = d.records.get("syscall", {}).get("enriched", "")
    return d.theirs == str(d.subject.get("uid")) and ' UID="%s"' % d.ours in enriched


@rule("an interpreted log has names where numbers belong", "SUBJ_SEC", "SUBJ_KIND", "SUBJ_PRIME")
def _(d):
    return "uid_other" in d.records.get("syscall", {})


@rule("nobody is named at all", "SUBJ_KIND")
def _(d):
    return (d.theirs, d.ours) == ("unknown-acct", "system")


@rule("who is not named is not known; what the kernel does on its own is the system's", "SUBJ_KIND")
def _(d):
    return (d.theirs, d.ours) == ("system", "unknown-acct") and "uid" not in d.subject


@rule("behind the label auditd has left a piece of an older record", "SUBJ_SEC")
def _(d):
    return d.event["kind"] == "audit-daemon" and d.ours == "" and any("claim" in one for one in d.records.values())


@rule("a uid of 0 is root's, whatever stands behind it", "SUBJ_KIND")
def _(d):
    return d.ours == "privileged-acct" and d.subject.get("uid") == 0


@rule("a login id: auparse has the session before", "SESSION")
def _(d):
    return "login" in d.records


@rule("refused for the record only: permissive, or a seccomp action that lets the call go on", "RESULT")
def _(d):
    return d.theirs == "failed" and (d.object.get("decision") in ("denied", "granted", "would-deny", "log", "allow") or "seccomp" in d.records)


@rule("a result that nobody can read is neither success nor failure", "RESULT")
def _(d):
    records = [one for records in d.records.values() for one in (records if isinstance(records, list) else [records])]
    said = [one.get("res", one.get("claim", {}).get("res")) for one in records]
    return d.ours == "" and not any(str(one).lower() in ("0", "no", "failed", "failure", "fail", "denied", "n") for one in said)


@rule("an object manager is decided_by, and the subject is whom it refused", "SUBJ_SEC", "SUBJ_KIND", "HOW")
def _(d):
    return "decided_by" in d.event


@rule("a notice is no decision", "EVENT_KIND")
def _(d):
    return d.event["action"].endswith("-notice")


@rule("a call is about its object, not about the rule that it met: the key is in keys", "OBJ_PRIME", "OBJ_KIND")
def _(d):
    return d.row["OBJ_KIND"] == "admin-defined-rule"


@rule("of a session the object is the account; the terminal is in subject.terminal", "OBJ_PRIME")
def _(d):
    return d.ours != "" and d.theirs == d.subject.get("terminal")


@rule("the record has no account: terminal, host and address are the subject's", "OBJ_PRIME")
def _(d):
    return d.ours == "" and d.theirs in (d.subject.get("terminal"), d.subject.get("address"), d.subject.get("host"))


@rule("a setting is called by its name; auparse has its value, its key or its operation", "OBJ_PRIME")
def _(d):
    numbers = [str(one.get(d.object.get("name"))) for one in d.records.get("config_change", [])]
    return d.theirs in (str(d.object.get("new")), d.object.get("operation"), *numbers)


@rule("a virtual machine is called by its name; the resource is object.resource", "OBJ_PRIME")
def _(d):
    return d.theirs == d.object.get("resource")


@rule("of a rename it is the new name; the old one is object.old_path", "OBJ_PRIME")
def _(d):
    return d.theirs == d.object.get("old_path")


@rule("relative to another directory than the caller's: auparse takes the caller's", "OBJ_PRIME")
def _(d):
    return "relative" in d.object


@rule("of a mount it is the mount point; what is mounted there is object.source", "OBJ_PRIME", "OBJ_KIND")
def _(d):
    return d.event["action"] == "mounted" and d.row["OBJ_PRIME"] == d.object.get("source")


@rule("a process is called by its name; the program is how", "OBJ_PRIME")
def _(d):
    return d.object.get("kind") == "process" and d.theirs == d.event.get("how")


@rule("how is the program, not the call", "HOW")
def _(d):
    return d.theirs == d.records.get("syscall", {}).get("syscall_name")


@rule("of an exec it is the file that was called, not its interpreter or loader", "OBJ_PRIME")
def _(d):
    paths = d.records.get("path", [])
    return d.event["action"] == "executed" and d.theirs in [one.get("name") for one in paths[1:]]


@rule("a family that auparse does not know, or an address that is cut", "OBJ_PRIME")
def _(d):
    return d.theirs == "unknown-family(0)" or d.theirs.endswith(("(unsupported) }", "len too short }"))


@rule("the scope of an address is the number of an interface where it was logged", "OBJ_PRIME")
def _(d):
    return "%" in d.theirs and d.theirs.split("%")[0] == d.ours.split("%")[0]


@rule("an account or group is called by its name, else by its number's, and a group's number is a group's", "OBJ_PRIME")
def _(d):
    return any(part in d.object for part in ("gid", "id")) or d.theirs in (d.object.get("group"),)


@rule("the path that a record names; auparse has made one of what is none", "OBJ_PRIME")
def _(d):
    return "inode" in d.object and "path" not in d.object


@rule("of a listener it is what it did; which group it joined is in records", "OBJ_PRIME")
def _(d):
    return "event_listener" in d.records


@rule("of a rule with several keys all of them, not the first", "OBJ_PRIME")
def _(d):
    return d.theirs in d.object.get("keys", [])


@rule("an address that cannot be read stays as it stands", "OBJ_PRIME")
def _(d):
    return d.theirs == "malformed-host(%s)" % d.ours


@rule("no syscall in the record's arch", "OBJ_PRIME")
def _(d):
    return d.theirs.startswith("unknown-syscall(")


@rule("control characters are JSON's escapes", "OBJ_PRIME")
def _(d):
    return re.sub(r"[\x00-\x1f]|\\\d{3}", "", d.theirs) == re.sub(r"[\x00-\x1f]", "", d.ours)


@rule("a kind that auparse has no word for, or a more exact one by mode or class", "OBJ_KIND")
def _(d):
    exact = {
        "file": ("kernel-module", "directory", "symlink", "socket", "fifo", "character-device", "block-device", "process"),
        "process": ("bpf",),
        "socket": ("device",),
        "mac-config": ("security-policy", "process", "socket", "device"),
        "file-system": ("directory",),
        "system": ("audit-config",),
        "service": ("system",),
        "account": ("group",),
    }
    return d.ours in exact.get(d.theirs, ())


@rule("the record's type has no name here, so that there is nothing to say", "OBJ_KIND")
def _(d):
    return all(one.startswith("unknown_") for one in d.records)


@rule("two calls under one id: a log that was edited, or put together", "HOW", "SUBJ_PRIME", "SUBJ_KIND")
def _(d):
    return len(d.event.get("raw", [])) > 1 and sum("type=SYSCALL" in line for line in d.event["raw"]) > 1


class Comparison:
    """Of all logs."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.counts, self.reasons = collections.Counter(), collections.Counter()
        self.missing, self.unexplained, self.alone = [], [], collections.Counter()

    def add(self, log):
        """What ausearch finds in the log itself we must find; values are compared for all that it reads in our raw text."""
        our_events, malformed = ours(self.arguments.nauditctl, log)
        self.counts["our events"] += sum(map(len, our_events.values()))
        for key, rows in theirs(self.arguments.ausearch, log).items():
            self.counts["their events"] += len(rows)
            if key not in our_events and key[2] not in malformed:
                self.missing.append("%s: an event is missing: %s %s:%d" % (log.name, *key))
        with tempfile.NamedTemporaryFile(suffix=".log") as raw:
            raw.write(subprocess.run([self.arguments.nauditctl, "convert", "--format", "raw", str(log)], capture_output=True).stdout)
            raw.flush()
            rows_of_raw = theirs(self.arguments.ausearch, raw.name)
        for key, events in our_events.items():
            if key not in rows_of_raw:
                self.add_ours_alone(log, events)
        for key, rows in rows_of_raw.items():
            for row, event in zip(rows, our_events.get(key, [])):
                self.compare(log, row, event)

    def add_ours_alone(self, log, events):
        """ausearch takes these records for malformed, or does not know them; each still says what happened."""
        for event in events:
            types = [one for one in event["records"] if not one.startswith("unknown_")]
            self.counts["ours alone"] += 1
            self.alone.update(types[:1] or ["unknown"])
            if types and event["complete"] and event["action"] == "triggered-audit-rule" and "syscall_name" in event["records"].get("syscall", {}):
                self.missing.append("%s:%d: nothing says what happened" % (log.name, event["serial"]))

    def compare(self, log, row, event):
        self.counts["compared"] += 1
        our = our_row(event)
        for column in COLUMNS:
            theirs, mine = as_ours(row[column] or "", event), our[column]
            if theirs == mine:
                self.counts[column, "equal"] += 1
                continue
            difference = Difference(column, row, theirs, mine, event)
            reason = next((r for r, columns, test in RULES if column in columns and test(difference)), None)
            self.counts[column, "explained" if reason else "unexplained"] += 1
            line = "%s:%d %s: theirs %r, ours %r" % (log.name, event["serial"], column, theirs, mine)
            if reason:
                self.reasons[column, reason] += 1
                if self.arguments.show == column:
                    print(line + ": " + reason)
            else:
                self.unexplained.append(line)

    def report(self):
        counts = self.counts
        print("events: ausearch finds %d in the logs, we find %d; missing %d" % (counts["their events"], counts["our events"], len(self.missing)))
        print("events compared: %d" % counts["compared"])
        print("events that only we find: %d (%s)" % (counts["ours alone"], ", ".join("%s %d" % one for one in self.alone.most_common())))
        for column in COLUMNS:
            numbers = [counts[column, what] for what in ("equal", "explained", "unexplained")]
            print("%-10s equal %d, different for a reason %d, unexplained %d" % (column, *numbers))
        for (column, reason), count in sorted(self.reasons.items()):
            print("  %-10s %5d  %s" % (column, count, reason))
        for line in self.missing + self.unexplained:
            print(line)
        if counts["compared"] == 0:
            print("nothing was compared")
        return 1 if self.missing or self.unexplained or counts["compared"] == 0 else 0


def logs_in(folder):
    """All files; of our own fixtures not what they become."""
    # What stands beside records is what a format made of them.
    return [p for p in folder.rglob("*") if p.is_file() and not (p.suffix != ".txt" and p.with_suffix(".txt").exists())]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("nauditctl")
    parser.add_argument("ausearch")
    parser.add_argument("logs", nargs="+", type=pathlib.Path)
    parser.add_argument("--show")
    arguments = parser.parse_args()
    comparison = Comparison(arguments)
    for place in arguments.logs:
        for log in sorted(logs_in(place)) if place.is_dir() else [place]:
            comparison.add(log)
    return comparison.report()


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main())
