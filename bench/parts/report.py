# SPDX-License-Identifier: Apache-2.0
"""Samples into Markdown. Medians, (min-max) where there are several samples, ratios of medians of the same run."""

import math
import os
import platform
import statistics
import subprocess
import time

BUSY = 0.5


def median(samples, name):
    return statistics.median(sample[name] for sample in samples)


def spread(samples, name, form="{:.2f}"):
    text = form.format(median(samples, name))
    if len(samples) > 1:
        values = [sample[name] for sample in samples]
        text += f" ({form.format(min(values))}-{form.format(max(values))})"
    return text


def ratio(part, whole):
    return f"{part / whole:.2f}" if whole else "-"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def first_line(command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip().split("\n")[0]
    except OSError:
        return ""


def machine(root, load, auditd=True):
    """What the numbers depend on. `load`: the load average before anything was started."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = [f"* {time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores ({model}), {memory:.0f} GiB, "
             f"{platform.system()} {platform.release()}",
             f"* commit {first_line(['git', '-C', root, 'rev-parse', '--short', 'HEAD']) or 'unknown'}" + (
                 f", auditd {first_line(['dpkg-query', '-W', '-f', '${Version}', 'auditd']) or '(version unknown)'}"
                 if auditd else ""),
             f"* load average at the start: {load:.2f}"]
    if load > BUSY:
        facts.append(f"* **the machine was busy (load above {BUSY}): rates are low and ratios uncertain**")
    return "\n".join(facts)


def cpu(samples):
    rows = []
    for workload, by_name in samples.items():
        floor = by_name["floor"]
        for name, taken in by_name.items():
            rows.append([workload, name, spread(taken, "cpu"), ratio(median(taken, "cpu"), median(floor, "cpu")),
                         ratio(median(by_name["auditd"], "cpu"), median(taken, "cpu")) if "auditd" in by_name else "-",
                         spread(taken, "kauditd"), f"{sum(s['out'] for s in taken):,}/{sum(s['made'] for s in taken):,}"])
    return table(["workload", "who", "CPU s per M records", "times the floor", "auditd is times dearer",
                  "kauditd s per M records", "events written/made"], rows)


def rate(samples):
    rows = []
    for workload, by_name in samples.items():
        for name, taken in by_name.items():
            rows.append([workload, name, spread(taken, "rate", "{:,.0f}"),
                         ratio(median(taken, "rate"), median(by_name["floor"], "rate"))])
    return table(["workload", "who", "events/s of the audited program", "of the rate under the floor"], rows)


def burst(by_name):
    """The kernel counts about one lost for an event that it had no room for; what else is missing, the receiver lost."""
    rows = [[name, spread(taken, "share"), spread(taken, "lost", "{:,.0f}"), spread(taken, "rate", "{:,.0f}")]
            for name, taken in by_name.items()]
    return table(["who", "share that arrived", "the kernel's lost counter", "events/s"], rows)


def percentile(values, share):
    """The smallest value that so great a share of them does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latency(samples, errors):
    rows = []
    for speed, by_name in samples.items():
        for name, taken in by_name.items():
            values = [value for sample in taken for value in sample["latencies"]]
            made = sum(sample["made"] for sample in taken)
            if len(values) != made:
                errors.append(f"{name}, latency at {speed}/s: {made} events made, {len(values)} read")
            if values:
                rows.append([f"{speed:,}", name] + [f"{percentile(values, p):.2f}" for p in (0.5, 0.99, 0.999)])
    return table(["events/s", "who", "p50 ms", "p99 ms", "p99.9 ms"], rows)


def memory(samples):
    rows = [[name, f"{median(taken, 'records') / 1e6:.1f} M", spread(taken, "resident", "{:.1f}"),
             spread(taken, "peak", "{:.1f}")] for name, taken in samples["openat"].items()]
    return table(["who", "after records (openat)", "resident MiB", "peak MiB"], rows)


def unknown_uid(samples):
    rows = []
    for name in samples["known"]:
        known, unknown = samples["known"][name], samples["unknown"][name]
        rows.append([name, spread(known, "cpu"), spread(unknown, "cpu"),
                     ratio(median(unknown, "cpu"), median(known, "cpu"))])
    return table(["who", "known user: CPU s per M records", "unknown user", "ratio"], rows)


def replace(path, text, name="bench/run"):
    """Puts the text between the two markers of this name in the file."""
    begin_marker = f"<!-- {name}: begin -->"
    end_marker = f"<!-- {name}: end -->"
    with open(path, encoding="utf-8") as file:
        before, begin, rest = file.read().partition(begin_marker)
    _, end, after = rest.partition(end_marker)
    if not begin or not end:
        raise ValueError(f"{path} lacks the line {begin_marker} or, behind it, {end_marker}")
    # Beside it first: a full disk must not take the page.
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(f"{before}{begin_marker}\n\n{text}\n\n{end_marker}{after}")
    os.replace(path + ".new", path)
