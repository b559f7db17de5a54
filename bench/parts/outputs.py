# SPDX-License-Identifier: Apache-2.0
"""Reads what a receiver has written. Each function takes the open file and the mark (a rule's key, or the account of a
user message) and gives our own events, their records (None where the format does not have them; EOE is not written), and
how many of the events are broken."""


def all_events(path, begin, end, is_json):
    """How many events, whosever, are in this part of nauditd's file: in JSON a line is one, else what has one stamp."""
    with open(path, "rb") as file:
        file.seek(begin)
        if is_json:
            return sum(1 for _ in within(file, end - begin))
        return len({line[line.find(b"("):line.find(b")")] for line in within(file, end - begin)})


def own_events(path, begin, end):
    """How many of them nauditd made itself: what it says of itself, a stall for example, is no record of the kernel's."""
    with open(path, "rb") as file:
        file.seek(begin)
        return sum(1 for line in within(file, end - begin) if b'"kind":"audit-daemon"' in line or line.startswith(b"type=DAEMON_"))


def within(file, size):
    for line in file:
        size -= len(line)
        if size < 0:
            return
        yield line


def native(file, mark):
    """nauditd's JSON, an event a line."""
    word = b'"%s"' % mark
    events = broken = 0
    for line in file:
        if word in line and b'"config_change"' not in line:
            events += 1
            broken += b'"complete":true' not in line
    return events, None, broken


def laurel(file, mark):
    """laurel's JSON, an event a line. A call of the system has a PROCTITLE at its end; it says nothing of what is missing."""
    key, account = b'"key":"%s"' % mark, b'\\"%s\\"' % mark
    events = broken = 0
    for line in file:
        if account in line and b'"USER_START"' in line:
            events += 1
        elif key in line and b'"CONFIG_CHANGE"' not in line:
            events += 1
            broken += b'"PROCTITLE"' not in line
    return events, None, broken


def lines(file, mark):
    """auditd's text, a record a line, raw or enriched. An event's SYSCALL comes before its other records."""
    word = b'"%s"' % mark
    events = records = 0
    ours = set()
    for line in file:
        kind, _, rest = line.partition(b" ")
        identity = rest[:rest.find(b")")]
        if kind in (b"type=SYSCALL", b"type=USER_START") and word in line:
            events += 1
            records += 1
            ours.add(identity)
        elif identity in ours:
            records += 1
    return events, records, 0
